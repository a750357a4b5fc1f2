#include "vm/run/loop.h"

#include "base/memory.h"
#include "vm/run/context.h"

bool loop_goes_on(const struct interpreter *machine, const struct image_policy *loop)
{
    return machine_rounds(machine).inner_loop < loop->loop_count;
}

/* What a round leaves: of bamboo-engine the output `outputs`, of the language all outputs. */
static struct bamboo_value round_outputs(const struct interpreter *machine,
                                         struct bamboo_value outputs)
{
    if (!machine_has_context(machine)) return outputs;
    return outputs.type == BAMBOO_MAP ? bamboo_map_get(outputs, "outputs") : bamboo_missing();
}

static enum bamboo_status describe_round(struct interpreter *machine, bool success,
                                         struct bamboo_value outputs, struct bamboo_value *out)
{
    struct bamboo_value kept = round_outputs(machine, outputs);
    struct bamboo_map_builder map;
    bamboo_map_builder_init(&map);
    for (size_t i = 0; kept.type == BAMBOO_MAP && i < bamboo_map_count(kept); i++)
        bamboo_map_builder_put_take(&map, bamboo_map_key_at(kept, i),
                                    bamboo_value_retain(bamboo_map_value_at(kept, i)));
    bamboo_map_builder_set_take(&map, "result", bamboo_bool(success));
    bamboo_map_builder_set_integer(&map, "inner_loop", machine_rounds(machine).inner_loop);
    return bamboo_map_builder_finish(&map, out, &machine->error);
}

/* `*map` with `round` in place of the entries that are the very value `kept`. */
static enum bamboo_status replace_entries(struct interpreter *machine, struct bamboo_value *map,
                                          struct bamboo_value kept, struct bamboo_value round)
{
    size_t count = map->type == BAMBOO_MAP ? bamboo_map_count(*map) : 0;
    for (size_t i = 0; i < count; i++) {
        struct bamboo_value entry = bamboo_map_value_at(*map, i), replaced;
        if (entry.type != BAMBOO_MAP || entry.as.map != kept.as.map) continue;
        const char *key = bamboo_string_bytes(bamboo_map_key_at(*map, i), NULL);
        enum bamboo_status status =
            value_map_with_take(*map, key, bamboo_value_retain(round), &replaced, &machine->error);
        if (status != BAMBOO_OK) return status;
        bamboo_value_release(*map);
        *map = replaced;
    }
    return BAMBOO_OK;
}

/* bamboo-engine writes the round into the output `outputs` itself: of a component that was done at
 * once it stands in the node's data, in inputs too that the component has only handed on. */
static enum bamboo_status write_round(struct interpreter *machine, struct bamboo_value outputs,
                                      struct bamboo_value round)
{
    uint32_t needed = EVENT_ENTERS | EVENT_OUTPUTS;
    if ((machine->pending & needed) != needed || !machine_has_context(machine)) return BAMBOO_OK;
    struct bamboo_value kept = bamboo_value_retain(round_outputs(machine, outputs));
    enum bamboo_status status = BAMBOO_OK;
    if (kept.type == BAMBOO_MAP) {
        status = replace_entries(machine, &machine->event.outputs, kept, round);
        if (status == BAMBOO_OK && (machine->pending & EVENT_INPUTS))
            status = replace_entries(machine, &machine->event.inputs, kept, round);
    }
    bamboo_value_release(kept);
    return status;
}

enum bamboo_status loop_collect(struct interpreter *machine, const struct image_policy *loop,
                                bool success, struct bamboo_value outputs)
{
    if (loop->loop_variable == IMAGE_NONE) return BAMBOO_OK;
    struct bamboo_value list =
        bamboo_value_retain(variable_value(machine->run, machine->at.scope, loop->loop_variable));
    if (list.type != BAMBOO_LIST) {
        bamboo_value_release(list);
        list = value_empty_list();
    }
    struct bamboo_value round = bamboo_missing();
    enum bamboo_status status = describe_round(machine, success, outputs, &round);
    if (status == BAMBOO_OK) {
        status = write_round(machine, outputs, round);
        if (status == BAMBOO_OK)
            status = value_list_append_take(&list, round, &machine->error);
        else
            bamboo_value_release(round);
    }
    if (status == BAMBOO_OK) return machine_assign_take(machine, loop->loop_variable, list);
    bamboo_value_release(list);
    return status;
}
