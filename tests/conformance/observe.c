#include "tests/conformance/observe.h"

#include <string.h>

/* The maps of a record that is being made, by the ids of nodes. */
struct record {
    struct bamboo_map_builder states, inputs, outputs;
};

static struct bamboo_value entry_of(struct bamboo_value map, const char *key)
{
    return map.type == BAMBOO_MAP ? bamboo_map_get(map, key) : bamboo_missing();
}

/* The id of a node is the last part of its path: ids are unique over the whole tree. */
static const char *last_part(const char *path)
{
    const char *last = strrchr(path, '/');
    return last ? last + 1 : path;
}

static void set(struct bamboo_map_builder *map, const char *key, struct bamboo_value value)
{
    if (value.type != BAMBOO_MISSING)
        bamboo_map_builder_set_take(map, key, bamboo_value_retain(value));
}

/* What show leaves out is zero, or false. */
static struct bamboo_value value_or(struct bamboo_value value, struct bamboo_value absent)
{
    return value.type == BAMBOO_MISSING ? absent : value;
}

static void set_state(struct bamboo_map_builder *states, const char *id, struct bamboo_value shown)
{
    static const char *const COUNTS[] = {"loop", "inner_loop", "retry"};
    static const char *const FLAGS[] = {"skip", "error_ignored"};
    struct bamboo_map_builder map;
    struct bamboo_value value;
    bamboo_map_builder_init(&map);
    set(&map, "state", entry_of(shown, "state"));
    for (size_t i = 0; i < sizeof COUNTS / sizeof *COUNTS; i++)
        set(&map, COUNTS[i], value_or(entry_of(shown, COUNTS[i]), bamboo_integer(0)));
    for (size_t i = 0; i < sizeof FLAGS / sizeof *FLAGS; i++)
        set(&map, FLAGS[i], value_or(entry_of(shown, FLAGS[i]), bamboo_bool(false)));
    if (bamboo_map_builder_finish(&map, &value, NULL) == BAMBOO_OK)
        bamboo_map_builder_set_take(states, id, value);
    else
        states->failed = BAMBOO_E_MEMORY;
}

static void add_node(struct record *record, struct bamboo_value shown)
{
    struct bamboo_value path = entry_of(shown, "node");
    if (path.type != BAMBOO_STRING || entry_of(shown, "state").type == BAMBOO_MISSING) return;
    const char *id = last_part(bamboo_string_bytes(path, NULL));
    set_state(&record->states, id, shown);
    set(&record->inputs, id, entry_of(shown, "inputs"));
    set(&record->outputs, id, entry_of(shown, "outputs"));
}

/* A map by paths as one by ids. */
static void add_by_id(struct bamboo_map_builder *map, struct bamboo_value by_path)
{
    size_t count = by_path.type == BAMBOO_MAP ? bamboo_map_count(by_path) : 0;
    for (size_t i = 0; i < count; i++)
        set(map, last_part(bamboo_string_bytes(bamboo_map_key_at(by_path, i), NULL)),
            bamboo_map_value_at(by_path, i));
}

static void finish_into(struct bamboo_map_builder *out, const char *key,
                        struct bamboo_map_builder *map)
{
    struct bamboo_value value;
    if (bamboo_map_builder_finish(map, &value, NULL) == BAMBOO_OK)
        bamboo_map_builder_set_take(out, key, value);
    else
        out->failed = BAMBOO_E_MEMORY;
}

static enum bamboo_status make_record(struct bamboo_value shown, struct bamboo_value history,
                                      struct bamboo_value *out, struct bamboo_error *error)
{
    struct record record;
    struct bamboo_map_builder map, contexts, rows;
    struct bamboo_value nodes = entry_of(shown, "nodes");
    bamboo_map_builder_init(&record.states);
    bamboo_map_builder_init(&record.inputs);
    bamboo_map_builder_init(&record.outputs);
    bamboo_map_builder_init(&contexts);
    bamboo_map_builder_init(&rows);
    bamboo_map_builder_init(&map);
    for (size_t i = 0; nodes.type == BAMBOO_LIST && i < bamboo_list_count(nodes); i++)
        add_node(&record, bamboo_list_at(nodes, i));
    add_by_id(&contexts, entry_of(shown, "contexts"));
    add_by_id(&rows, history);
    finish_into(&map, "states", &record.states);
    finish_into(&map, "inputs", &record.inputs);
    finish_into(&map, "outputs", &record.outputs);
    finish_into(&map, "context", &contexts);
    finish_into(&map, "history", &rows);
    return bamboo_map_builder_finish(&map, out, error);
}

enum bamboo_status observe(struct session *session, struct bamboo_value *out,
                           struct bamboo_error *error)
{
    struct bamboo_value shown = bamboo_missing();
    enum bamboo_status status = bamboo_show(session->engine, session->run, &shown, error);
    if (status == BAMBOO_OK) status = make_record(shown, bamboo_missing(), out, error);
    bamboo_value_release(shown);
    return status;
}
