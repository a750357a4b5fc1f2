/* Data as bamboo-engine keeps them (docs/compatibility.md): variables live in the context of their
 * pipeline, texts with ${...} are rendered with it, and inputs and outputs tell about their round.
 * For pipelines with PIPELINE_FLAG_CONTEXT.
 *
 * All work on the machine's token and scope; a failure stands in machine->error. */
#ifndef VM_RUN_CONTEXT_H
#define VM_RUN_CONTEXT_H

#include "vm/run/interpreter.h"

/* The value of a variable by its full key ("${x}"): computed, if it is a splice or lazy one;
 * missing if nothing is known under that key. Borrowed, until the machine is reset. Errors:
 * EVALUATION (a variable refers to itself, or its component fails), LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status context_get(struct interpreter *machine, const char *key,
                                          struct bamboo_value *out);

/* `value` with its templates rendered. First all variables that they refer to are computed, so that
 * one that fails makes the whole fail. */
MUST_CHECK enum bamboo_status context_render(struct interpreter *machine, struct bamboo_value value,
                                             struct bamboo_value *out);

/* Renders a condition (a string) and tests it. Errors: EVALUATION (it is none, or its values cannot
 * be compared), and those of rendering. */
MUST_CHECK enum bamboo_status context_test(struct interpreter *machine,
                                           struct bamboo_value condition, bool *out);

/* Which round of its node the machine's execution is. */
struct rounds {
    uint32_t loop, inner_loop;
};
struct rounds machine_rounds(const struct interpreter *machine);

/* `map` with _loop and _inner_loop, and _result if `result` is not missing. Takes nothing. */
MUST_CHECK enum bamboo_status context_mark(struct interpreter *machine, struct bamboo_value map,
                                           struct bamboo_value result, struct bamboo_value *out);

/* Renders the inputs of the machine's node. Variables that will get its _loop or _inner_loop (of a
 * subprocess, _loop) seem to have them already, to these inputs alone. */
MUST_CHECK enum bamboo_status context_render_inputs(struct interpreter *machine,
                                                    struct bamboo_value inputs,
                                                    struct bamboo_value *out);

/* The node's execution has ended with `outputs` (a map): those that variables want are
 * assigned. */
MUST_CHECK enum bamboo_status context_copy_outputs(struct interpreter *machine,
                                                   struct bamboo_value outputs);

/* Forgets what was computed. */
void context_forget(struct interpreter *machine);

#endif
