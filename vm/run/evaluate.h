/* One expression over a context: `bamboo eval`. */
#ifndef VM_RUN_EVALUATE_H
#define VM_RUN_EVALUATE_H

#include "vm/run/run.h"

/* Evaluates a program of kind EXPRESSION; its variables get the values that the map `context` has
 * under their names. Errors: EVALUATION, LIMIT, USAGE (not an expression), MEMORY. */
MUST_CHECK enum bamboo_status run_evaluate(struct interpreter *machine,
                                           struct linked_program *linked,
                                           struct bamboo_value context, struct bamboo_value *out,
                                           struct bamboo_error *error);

#endif
