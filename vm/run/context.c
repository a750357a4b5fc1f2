#include "vm/run/context.h"

#include <string.h>

#include "base/memory.h"
#include "template/rule.h"
#include "vm/run/activity.h"

/* Splice variables that refer to each other, one inside the other: they are computed recursively.
 */
#define COMPUTING_DEPTH_MAX 200

void context_forget(struct interpreter *machine)
{
    while (machine->computed_count > 0)
        bamboo_value_release(machine->computed[--machine->computed_count].value);
    machine->computing = 0;
}

/* --- Variables --- */

static const char *variable_name(const struct interpreter *machine, uint32_t variable)
{
    const struct image_variable *row = scope_variable(machine->run, machine->at.scope, variable);
    return program_name(machine->linked->program, row->name);
}

static struct computed_variable *find_computed(const struct interpreter *machine, uint32_t variable)
{
    for (size_t i = 0; i < machine->computed_count; i++) {
        struct computed_variable *computed = &machine->computed[i];
        if (computed->scope == machine->at.scope && computed->variable == variable) return computed;
    }
    return NULL;
}

/* What the caller of the run has given beside the variables that the flow declares. */
static struct bamboo_value preset(const struct interpreter *machine, const char *key)
{
    bool is_root = machine->at.scope == SCOPE_ROOT;
    struct bamboo_value presets =
        run_option(machine->run, is_root ? "context" : "subprocess_context");
    return presets.type == BAMBOO_MAP ? bamboo_map_get(presets, key) : bamboo_missing();
}

/* A lazy variable: its component gets the rendered value as input `value`, and answers with output
 * `value`. */
static enum bamboo_status compute_lazy(struct interpreter *machine, uint32_t variable,
                                       struct bamboo_value rendered, struct bamboo_value *out)
{
    const struct image_variable *row = scope_variable(machine->run, machine->at.scope, variable);
    const struct bamboo_component *component = machine->linked->components[row->component];
    struct bamboo_activity activity = {.component = component,
                                       .run_data = bamboo_value_retain(machine->run->data),
                                       .now_ms = machine->now_ms,
                                       .run = machine->run->id,
                                       .node = variable_name(machine, variable)};
    enum bamboo_status status =
        value_map_with_take(bamboo_missing(), "value", bamboo_value_retain(rendered),
                            &activity.inputs, &machine->error);
    enum bamboo_outcome outcome = BAMBOO_FAILURE;
    if (status == BAMBOO_OK) outcome = component->execute(&activity);
    if (activity.failed == BAMBOO_E_MEMORY) status = fail_memory(&machine->error);
    if (status == BAMBOO_OK && (outcome != BAMBOO_SUCCESS || activity.failed != BAMBOO_OK))
        status = fail(&machine->error, BAMBOO_E_EVALUATION, "variable '%s' (%s): %s",
                      variable_name(machine, variable), component->code,
                      activity.failure.size ? text_string(&activity.failure) : "it failed");
    else if (status == BAMBOO_OK)
        *out = bamboo_value_retain(bamboo_activity_output(&activity, "value"));
    activity_release(&activity);
    return status;
}

static enum bamboo_status compute(struct interpreter *machine, uint32_t variable,
                                  struct bamboo_value *out)
{
    const struct image_variable *row = scope_variable(machine->run, machine->at.scope, variable);
    struct bamboo_value template = machine->linked->program->constants[row->value];
    if (machine->computing >= COMPUTING_DEPTH_MAX)
        return fail(&machine->error, BAMBOO_E_LIMIT,
                    "more than %u variables refer to each other, '%s' is one of them",
                    COMPUTING_DEPTH_MAX, variable_name(machine, variable));
    machine->computing++;
    enum bamboo_status status = context_render(machine, template, out);
    machine->computing--;
    if (status != BAMBOO_OK || row->kind != VARIABLE_KIND_LAZY) return status;
    struct bamboo_value rendered = *out;
    *out = bamboo_missing();
    status = compute_lazy(machine, variable, rendered, out);
    bamboo_value_release(rendered);
    return status;
}

/* Computes a splice or lazy variable, once for an execution. */
static enum bamboo_status get_computed(struct interpreter *machine, uint32_t variable,
                                       struct bamboo_value *out)
{
    const struct computed_variable *known = find_computed(machine, variable);
    if (known && !known->is_ready)
        return fail(&machine->error, BAMBOO_E_EVALUATION, "variable '%s' refers to itself",
                    variable_name(machine, variable));
    if (known) {
        *out = known->value;
        return BAMBOO_OK;
    }
    size_t place = machine->computed_count;
    if (!memory_grow((void **)&machine->computed, &machine->computed_capacity, place + 1,
                     sizeof *machine->computed))
        return fail_memory(&machine->error);
    machine->computed[machine->computed_count++] = (struct computed_variable){
        .scope = machine->at.scope, .variable = variable, .value = bamboo_missing()};
    struct bamboo_value value = bamboo_missing();
    enum bamboo_status status = compute(machine, variable, &value);
    /* The array may have moved. */
    machine->computed[place].is_ready = status == BAMBOO_OK;
    machine->computed[place].value = value;
    *out = value;
    return status;
}

static enum bamboo_status get_variable(struct interpreter *machine, uint32_t variable,
                                       struct bamboo_value *out)
{
    for (size_t i = machine->event.assignment_count; i > 0; i--) {
        if (machine->event.assignments[i - 1].variable != variable) continue;
        *out = machine->event.assignments[i - 1].value;
        return BAMBOO_OK;
    }
    *out = variable_value(machine->run, machine->at.scope, variable);
    if (out->type != BAMBOO_MISSING) return BAMBOO_OK;
    const struct image_variable *row = scope_variable(machine->run, machine->at.scope, variable);
    if (row->kind == VARIABLE_KIND_SPLICE || row->kind == VARIABLE_KIND_LAZY)
        return get_computed(machine, variable, out);
    return BAMBOO_OK;
}

enum bamboo_status context_get(struct interpreter *machine, const char *key,
                               struct bamboo_value *out)
{
    uint32_t pipeline = scope_pipeline_index(machine->run, machine->at.scope);
    uint32_t variable = linked_variable(machine->linked, pipeline, key);
    *out = bamboo_missing();
    if (variable != IMAGE_NONE) {
        enum bamboo_status status = get_variable(machine, variable, out);
        if (status != BAMBOO_OK || out->type != BAMBOO_MISSING) return status;
    }
    *out = preset(machine, key);
    return BAMBOO_OK;
}

/* --- Rendering --- */

/* The key of the context under which a name of a template stands. */
static enum bamboo_status context_get_name(struct interpreter *machine, const char *name,
                                           size_t size, struct bamboo_value *out)
{
    text_clear(&machine->key);
    text_append_string(&machine->key, "${");
    text_append(&machine->key, name, size);
    text_append_string(&machine->key, "}");
    if (machine->key.failed) return fail_memory(&machine->error);
    return context_get(machine, text_string(&machine->key), out);
}

static enum bamboo_status compute_reference(void *context, const char *name, size_t size,
                                            struct bamboo_error *error)
{
    struct interpreter *machine = context;
    struct bamboo_value ignored;
    enum bamboo_status status = context_get_name(machine, name, size, &ignored);
    if (status != BAMBOO_OK) *error = machine->error;
    return status;
}

/* All references were computed beforehand, and their keys had place: so this does not fail. */
static bool find_name(void *context, const char *name, size_t size, struct bamboo_value *out)
{
    struct interpreter *machine = context;
    return context_get_name(machine, name, size, out) == BAMBOO_OK && out->type != BAMBOO_MISSING;
}

static enum bamboo_status compute_references(struct interpreter *machine, struct bamboo_value value)
{
    struct bamboo_error error = {0};
    enum bamboo_status status =
        template_references(machine->linked->templates, value, compute_reference, machine, &error);
    if (status != BAMBOO_OK) machine->error = error;
    return status;
}

enum bamboo_status context_render(struct interpreter *machine, struct bamboo_value value,
                                  struct bamboo_value *out)
{
    struct template_names names = {find_name, machine};
    enum bamboo_status status = compute_references(machine, value);
    return status == BAMBOO_OK
               ? template_render(machine->linked->templates, value, &names, out, &machine->error)
               : status;
}

enum bamboo_status context_test(struct interpreter *machine, struct bamboo_value condition,
                                bool *out)
{
    struct template_names names = {find_name, machine};
    size_t size;
    const char *text = bamboo_string_bytes(condition, &size);
    enum bamboo_status status = compute_references(machine, condition);
    return status == BAMBOO_OK ? rule_evaluate(machine->linked->templates, text, size, &names,
                                               bamboo_missing(), out, &machine->error)
                               : status;
}

/* --- Inputs and outputs of nodes --- */

struct rounds machine_rounds(const struct interpreter *machine)
{
    const struct node_record *record = machine->at.record;
    struct rounds rounds = {record->loop, record->inner_loop};
    if (!(machine->pending & EVENT_ENTERS)) return rounds;
    if (record->state == NODE_FINISHED) {
        rounds.loop++;
        rounds.inner_loop++;
    } else if (record->loop == 0) {
        rounds.loop = rounds.inner_loop = 1;
    } else if (record->inner_loop == 0) {
        rounds.inner_loop = 1;
    }
    return rounds;
}

enum bamboo_status context_mark(struct interpreter *machine, struct bamboo_value map,
                                struct bamboo_value result, struct bamboo_value *out)
{
    struct rounds rounds = machine_rounds(machine);
    struct bamboo_map_builder builder;
    bamboo_map_builder_init(&builder);
    for (size_t i = 0; map.type == BAMBOO_MAP && i < bamboo_map_count(map); i++)
        bamboo_map_builder_put_take(&builder, bamboo_map_key_at(map, i),
                                    bamboo_value_retain(bamboo_map_value_at(map, i)));
    if (result.type != BAMBOO_MISSING) bamboo_map_builder_set_take(&builder, "_result", result);
    bamboo_map_builder_set_integer(&builder, "_loop", rounds.loop);
    bamboo_map_builder_set_integer(&builder, "_inner_loop", rounds.inner_loop);
    return bamboo_map_builder_finish(&builder, out, &machine->error);
}

/* The copies of a node's outputs: a row and their number. */
static const struct image_copy *copies_of(const struct interpreter *machine, uint32_t node,
                                          uint32_t *count)
{
    const struct image_pipeline *pipeline = machine->pipeline;
    const struct image_copy *rows = &machine->linked->program->copies[pipeline->first_copy];
    uint32_t low = 0, high = pipeline->copy_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (rows[middle].node < node)
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < pipeline->copy_count && rows[low + *count].node == node)
        (*count)++;
    return rows + low;
}

static const struct image_copy *machine_copies(const struct interpreter *machine, uint32_t *count)
{
    return copies_of(machine, machine->at.node, count);
}

static enum bamboo_status announce_rounds(struct interpreter *machine)
{
    struct rounds rounds = machine_rounds(machine);
    uint32_t count;
    bool is_subprocess = machine->at.row->kind == NODE_KIND_SUBPROCESS;
    const struct image_copy *rows = machine_copies(machine, &count);
    enum bamboo_status status = BAMBOO_OK;
    for (uint32_t i = 0; i < count && status == BAMBOO_OK; i++) {
        const char *key = program_name(machine->linked->program, rows[i].key);
        if (strcmp(key, "_loop") == 0)
            status = machine_assign_take(machine, rows[i].variable, bamboo_integer(rounds.loop));
        else if (strcmp(key, "_inner_loop") == 0 && !is_subprocess)
            status =
                machine_assign_take(machine, rows[i].variable, bamboo_integer(rounds.inner_loop));
    }
    return status;
}

enum bamboo_status context_render_inputs(struct interpreter *machine, struct bamboo_value inputs,
                                         struct bamboo_value *out)
{
    size_t assigned = machine->event.assignment_count;
    enum bamboo_status status = announce_rounds(machine);
    if (status == BAMBOO_OK) status = context_render(machine, inputs, out);
    while (machine->event.assignment_count > assigned)
        bamboo_value_release(machine->event.assignments[--machine->event.assignment_count].value);
    context_forget(machine); /* it was computed from them */
    return status;
}

enum bamboo_status context_copy_outputs(struct interpreter *machine, struct bamboo_value outputs)
{
    uint32_t count;
    const struct image_copy *rows = machine_copies(machine, &count);
    enum bamboo_status status = BAMBOO_OK;
    for (uint32_t i = 0; i < count && status == BAMBOO_OK; i++) {
        struct bamboo_value value =
            bamboo_map_find(outputs, machine->linked->program->constants[rows[i].key]);
        if (value.type != BAMBOO_MISSING)
            status = machine_assign_take(machine, rows[i].variable, bamboo_value_retain(value));
    }
    return status;
}
