/* Instructions on the context of a pipeline (context.h). */
#include "vm/run/context.h"
#include "vm/run/execute.h"

static enum step step_of(enum bamboo_status status)
{
    return status == BAMBOO_OK ? STEP_NEXT : STEP_FAILED;
}

static struct bamboo_value *top(struct interpreter *machine)
{
    return &machine->stack[machine->depth - 1];
}

/* The value on top of the stack gives way to `value`, which is taken. */
static void replace_top(struct interpreter *machine, struct bamboo_value value)
{
    bamboo_value_release(*top(machine));
    *top(machine) = value;
}

enum step execute_RENDER(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    struct bamboo_value rendered;
    enum bamboo_status status = context_render(machine, *top(machine), &rendered);
    if (status == BAMBOO_OK) replace_top(machine, rendered);
    return step_of(status);
}

/* "the condition "${x} > 1": ..." */
static enum bamboo_status blame_condition(struct interpreter *machine, struct bamboo_value text)
{
    if (machine->error.status == BAMBOO_E_MEMORY) return BAMBOO_E_MEMORY;
    struct bamboo_error cause = machine->error;
    return fail(&machine->error, cause.status, "the condition \"%.200s\": %s",
                bamboo_string_bytes(text, NULL), cause.message);
}

enum step execute_TEST_RULE(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    struct bamboo_value text = *top(machine);
    bool holds = false;
    if (text.type != BAMBOO_STRING) {
        fail(&machine->error, BAMBOO_E_EVALUATION, "a condition is a text, not %s",
             bamboo_type_name(text.type));
        return STEP_FAILED;
    }
    if (context_test(machine, text, &holds) != BAMBOO_OK) {
        (void)blame_condition(machine, text);
        return STEP_FAILED;
    }
    replace_top(machine, bamboo_bool(holds));
    return STEP_NEXT;
}

enum step execute_LOAD_CONTEXT(struct interpreter *machine, uint32_t operand)
{
    struct bamboo_value key = machine->linked->program->constants[operand], value;
    enum bamboo_status status = context_get(machine, bamboo_string_bytes(key, NULL), &value);
    if (status != BAMBOO_OK) return STEP_FAILED;
    if (value.type == BAMBOO_MISSING) value = key;
    machine->stack[machine->depth++] = bamboo_value_retain(value);
    return STEP_NEXT;
}

enum step execute_PRE_RENDER(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    const struct image_pipeline *pipeline = machine->pipeline;
    for (uint32_t i = 0; i < pipeline->variable_count; i++) {
        const struct image_variable *row = scope_variable(machine->run, machine->at.scope, i);
        if (!(row->flags & VARIABLE_FLAG_PRERENDERED)) continue;
        struct bamboo_value value;
        const char *key = program_name(machine->linked->program, row->name);
        if (context_get(machine, key, &value) != BAMBOO_OK) return STEP_FAILED;
        if (value.type != BAMBOO_MISSING &&
            machine_assign_take(machine, i, bamboo_value_retain(value)) != BAMBOO_OK)
            return STEP_FAILED;
    }
    return STEP_NEXT;
}

/* The entries of both maps, of the second over those of the first. */
static enum bamboo_status merge(struct interpreter *machine, struct bamboo_value first,
                                struct bamboo_value second, struct bamboo_value *out)
{
    const struct bamboo_value maps[] = {first, second};
    struct bamboo_map_builder builder;
    bamboo_map_builder_init(&builder);
    for (size_t m = 0; m < 2; m++)
        for (size_t i = 0; maps[m].type == BAMBOO_MAP && i < bamboo_map_count(maps[m]); i++)
            bamboo_map_builder_put_take(&builder, bamboo_map_key_at(maps[m], i),
                                        bamboo_value_retain(bamboo_map_value_at(maps[m], i)));
    return bamboo_map_builder_finish(&builder, out, &machine->error);
}

/* What a retry gave replaces all inputs, and is rendered as they are. */
static struct bamboo_value replaced_inputs(const struct interpreter *machine)
{
    const struct node_extra *extra = machine->at.record->extra;
    return extra ? extra->replaced_inputs : bamboo_missing();
}

/* The node fails before its component was called: its inputs are shown as they are written. A
 * subprocess that was not entered has none. */
static enum step hydration_failed(struct interpreter *machine, struct bamboo_value templates,
                                  struct bamboo_value plain)
{
    struct bamboo_error cause = machine->error;
    if (cause.status == BAMBOO_E_MEMORY) return STEP_FAILED;
    machine->inputs_failed = true;
    if (machine->at.row->kind == NODE_KIND_SUBPROCESS) {
        fail(&machine->error, cause.status, "context hydrate failed(%s)", cause.message);
        return STEP_FAILED;
    }
    if (merge(machine, templates, plain, &machine->event.inputs) != BAMBOO_OK) return STEP_FAILED;
    machine->pending |= EVENT_INPUTS;
    fail(&machine->error, cause.status, "inputs hydrate failed(%s)", cause.message);
    return STEP_FAILED;
}

enum step execute_RENDER_INPUTS(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    struct bamboo_value plain = machine->stack[machine->depth - 1];
    struct bamboo_value templates = machine->stack[machine->depth - 2];
    struct bamboo_value replaced = replaced_inputs(machine), rendered, inputs;
    if (replaced.type == BAMBOO_MAP) {
        templates = replaced;
        plain = bamboo_null();
    }
    if (context_render_inputs(machine, templates, &rendered) != BAMBOO_OK)
        return hydration_failed(machine, templates, plain);
    enum bamboo_status status = merge(machine, rendered, plain, &inputs);
    bamboo_value_release(rendered);
    if (status != BAMBOO_OK) return STEP_FAILED;
    bamboo_value_release(machine_pop(machine));
    replace_top(machine, inputs);
    return STEP_NEXT;
}
