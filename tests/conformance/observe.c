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

/* A run executes its root pipeline once: of the root's record only state and data are its own. */
static void add_root(struct record *record, const char *root, struct bamboo_value shown)
{
    static const struct {
        const char *run, *node;
    } STATES[] = {{"running", "RUNNING"},
                  {"suspended", "SUSPENDED"},
                  {"finished", "FINISHED"},
                  {"revoked", "REVOKED"}};
    struct bamboo_map_builder map;
    struct bamboo_value value, state = entry_of(shown, "state");
    bamboo_map_builder_init(&map);
    for (size_t i = 0; state.type == BAMBOO_STRING && i < sizeof STATES / sizeof *STATES; i++)
        if (strcmp(bamboo_string_bytes(state, NULL), STATES[i].run) == 0)
            bamboo_map_builder_set_text(&map, "state", STATES[i].node);
    bamboo_map_builder_set_integer(&map, "loop", 1);
    bamboo_map_builder_set_integer(&map, "inner_loop", 1);
    if (bamboo_map_builder_finish(&map, &value, NULL) == BAMBOO_OK) {
        set_state(&record->states, root, value);
        bamboo_value_release(value);
    }
    set(&record->inputs, root, entry_of(shown, "parameters"));
    set(&record->outputs, root, entry_of(shown, "outputs"));
}

/* The contexts of pipelines, which stand under the paths of their subprocesses, the root's under
 * "". */
static void add_contexts(struct bamboo_map_builder *map, const char *root,
                         struct bamboo_value contexts)
{
    size_t count = contexts.type == BAMBOO_MAP ? bamboo_map_count(contexts) : 0;
    for (size_t i = 0; i < count; i++) {
        const char *path = bamboo_string_bytes(bamboo_map_key_at(contexts, i), NULL);
        set(map, *path ? last_part(path) : root, bamboo_map_value_at(contexts, i));
    }
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

/* --- History: a list for each node that has one --- */

struct history {
    struct bamboo_map_builder nodes;
    const char *id; /* of the node whose rows are collected, NULL: all ids are */
    struct bamboo_list_builder rows;
};

static void note_node(void *context, struct bamboo_value row)
{
    struct history *history = context;
    struct bamboo_value path = entry_of(row, "node");
    if (path.type == BAMBOO_STRING)
        bamboo_map_builder_set_take(&history->nodes, last_part(bamboo_string_bytes(path, NULL)),
                                    bamboo_null());
}

static void collect_row(void *context, struct bamboo_value row)
{
    struct history *history = context;
    struct bamboo_value path = entry_of(row, "node");
    if (path.type == BAMBOO_STRING &&
        strcmp(last_part(bamboo_string_bytes(path, NULL)), history->id) == 0)
        bamboo_list_builder_append_take(&history->rows, bamboo_value_retain(row));
}

static int64_t loop_of(struct bamboo_value row)
{
    struct bamboo_value loop = entry_of(row, "loop");
    return loop.type == BAMBOO_INTEGER ? loop.as.integer : 0;
}

/* Records have rows in the order of loops, and of a loop in the order of time. */
static enum bamboo_status in_order(struct bamboo_value rows, struct bamboo_value *out,
                                   struct bamboo_error *error)
{
    struct bamboo_list_builder sorted;
    size_t count = bamboo_list_count(rows);
    int64_t last = 0;
    for (size_t i = 0; i < count; i++)
        if (loop_of(bamboo_list_at(rows, i)) > last) last = loop_of(bamboo_list_at(rows, i));
    bamboo_list_builder_init(&sorted);
    for (int64_t loop = 0; loop <= last; loop++)
        for (size_t i = 0; i < count; i++)
            if (loop_of(bamboo_list_at(rows, i)) == loop)
                bamboo_list_builder_append_take(&sorted,
                                                bamboo_value_retain(bamboo_list_at(rows, i)));
    return bamboo_list_builder_finish(&sorted, out, error);
}

static enum bamboo_status collect_rows(struct session *session, const char *id,
                                       struct bamboo_value *out, struct bamboo_error *error)
{
    struct history history = {.id = id};
    struct bamboo_value rows;
    bamboo_list_builder_init(&history.rows);
    enum bamboo_status status =
        bamboo_history(session->engine, session->run, collect_row, &history, error);
    if (status != BAMBOO_OK) {
        bamboo_list_builder_release(&history.rows);
        return status;
    }
    status = bamboo_list_builder_finish(&history.rows, &rows, error);
    if (status != BAMBOO_OK) return status;
    status = in_order(rows, out, error);
    bamboo_value_release(rows);
    return status;
}

static enum bamboo_status read_history(struct session *session, struct bamboo_value *out,
                                       struct bamboo_error *error)
{
    struct history history = {.id = NULL};
    struct bamboo_map_builder map;
    struct bamboo_value nodes;
    bamboo_map_builder_init(&history.nodes);
    enum bamboo_status status =
        bamboo_history(session->engine, session->run, note_node, &history, error);
    if (status != BAMBOO_OK) {
        bamboo_map_builder_release(&history.nodes);
        return status;
    }
    status = bamboo_map_builder_finish(&history.nodes, &nodes, error);
    if (status != BAMBOO_OK) return status;
    bamboo_map_builder_init(&map);
    for (size_t i = 0; i < bamboo_map_count(nodes) && status == BAMBOO_OK; i++) {
        const char *id = bamboo_string_bytes(bamboo_map_key_at(nodes, i), NULL);
        struct bamboo_value rows;
        status = collect_rows(session, id, &rows, error);
        if (status == BAMBOO_OK) bamboo_map_builder_set_take(&map, id, rows);
    }
    bamboo_value_release(nodes);
    if (status == BAMBOO_OK) return bamboo_map_builder_finish(&map, out, error);
    bamboo_map_builder_release(&map);
    return status;
}

/* --- All of it --- */

static enum bamboo_status make_record(const char *root, struct bamboo_value shown,
                                      struct bamboo_value history, struct bamboo_value *out,
                                      struct bamboo_error *error)
{
    struct record record;
    struct bamboo_map_builder map, contexts;
    struct bamboo_value nodes = entry_of(shown, "nodes");
    bamboo_map_builder_init(&record.states);
    bamboo_map_builder_init(&record.inputs);
    bamboo_map_builder_init(&record.outputs);
    bamboo_map_builder_init(&contexts);
    bamboo_map_builder_init(&map);
    add_root(&record, root, shown);
    for (size_t i = 0; nodes.type == BAMBOO_LIST && i < bamboo_list_count(nodes); i++)
        add_node(&record, bamboo_list_at(nodes, i));
    add_contexts(&contexts, root, entry_of(shown, "contexts"));
    finish_into(&map, "states", &record.states);
    finish_into(&map, "inputs", &record.inputs);
    finish_into(&map, "outputs", &record.outputs);
    finish_into(&map, "context", &contexts);
    set(&map, "history", history);
    return bamboo_map_builder_finish(&map, out, error);
}

enum bamboo_status observe(struct session *session, const char *root, struct bamboo_value *out,
                           struct bamboo_error *error)
{
    struct bamboo_value shown = bamboo_missing(), history = bamboo_missing();
    enum bamboo_status status = bamboo_show(session->engine, session->run, &shown, error);
    if (status == BAMBOO_OK) status = read_history(session, &history, error);
    if (status == BAMBOO_OK) status = make_record(root, shown, history, out, error);
    bamboo_value_release(history);
    bamboo_value_release(shown);
    return status;
}
