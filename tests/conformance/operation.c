#include "tests/conformance/operation.h"

#include <stdio.h>
#include <string.h>

/* Subprocesses in subprocesses: more than any case has. */
#define DEPTH_MAX 20
#define PATH_SIZE 1024

static struct bamboo_value entry_of(struct bamboo_value map, const char *key)
{
    return map.type == BAMBOO_MAP ? bamboo_map_get(map, key) : bamboo_missing();
}

static const char *text_of(struct bamboo_value map, const char *key)
{
    struct bamboo_value value = entry_of(map, key);
    return value.type == BAMBOO_STRING ? bamboo_string_bytes(value, NULL) : NULL;
}

/* --- Where a node is: cases say its id, the API wants its path --- */

static bool is_node(struct bamboo_value pipeline, const char *id)
{
    static const char *const EVENTS[] = {"start_event", "end_event"};
    for (size_t i = 0; i < sizeof EVENTS / sizeof *EVENTS; i++) {
        const char *event = text_of(entry_of(pipeline, EVENTS[i]), "id");
        if (event && strcmp(event, id) == 0) return true;
    }
    return entry_of(entry_of(pipeline, "activities"), id).type != BAMBOO_MISSING ||
           entry_of(entry_of(pipeline, "gateways"), id).type != BAMBOO_MISSING;
}

/* Appends "sub/node" to `path`. */
static bool find_path(struct bamboo_value pipeline, const char *id, int depth, char *path)
{
    size_t length = strlen(path);
    if (is_node(pipeline, id)) {
        snprintf(path + length, PATH_SIZE - length, "%s", id);
        return true;
    }
    struct bamboo_value activities = entry_of(pipeline, "activities");
    size_t count = activities.type == BAMBOO_MAP ? bamboo_map_count(activities) : 0;
    for (size_t i = 0; i < count && depth < DEPTH_MAX; i++) {
        struct bamboo_value inner = entry_of(bamboo_map_value_at(activities, i), "pipeline");
        const char *key = bamboo_string_bytes(bamboo_map_key_at(activities, i), NULL);
        if (inner.type != BAMBOO_MAP) continue;
        snprintf(path + length, PATH_SIZE - length, "%s/", key);
        if (find_path(inner, id, depth + 1, path)) return true;
        path[length] = '\0';
    }
    return false;
}

/* A node that is in no pipeline keeps its id, so that the engine refuses it. */
static void set_path(struct bamboo_value pipeline, const char *id, char path[PATH_SIZE])
{
    *path = '\0';
    if (!find_path(pipeline, id, 0, path)) snprintf(path, PATH_SIZE, "%s", id);
}

/* --- The version of its first execution --- */

struct search {
    const char *path;
    int64_t version; /* 0: not found yet */
};

static void look_at_event(void *context, struct bamboo_value event)
{
    struct search *search = context;
    const char *path = text_of(event, "node");
    struct bamboo_value version = bamboo_map_get(event, "version");
    if (search->version == 0 && path && version.type == BAMBOO_INTEGER &&
        strcmp(path, search->path) == 0)
        search->version = version.as.integer;
}

static enum bamboo_status find_first_version(struct session *session, const char *path,
                                             int64_t *version, struct bamboo_error *error)
{
    struct search search = {.path = path};
    enum bamboo_status status =
        bamboo_events(session->engine, session->run, 0, look_at_event, &search, error);
    *version = search.version;
    return status;
}

/* --- Data --- */

/* {data, version?} */
static enum bamboo_status make_callback(struct session *session, struct bamboo_value step,
                                        const char *path, struct bamboo_value *out,
                                        struct bamboo_error *error)
{
    struct bamboo_map_builder map;
    int64_t version = 0;
    enum bamboo_status status = BAMBOO_OK;
    if (text_of(step, "version")) status = find_first_version(session, path, &version, error);
    if (status != BAMBOO_OK) return status;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_take(&map, "data", bamboo_value_retain(entry_of(step, "data")));
    if (version) bamboo_map_builder_set_integer(&map, "version", version);
    return bamboo_map_builder_finish(&map, out, error);
}

/* {loop: true} for one round of a loop, else nothing. */
static enum bamboo_status make_skip(struct bamboo_value step, struct bamboo_value *out,
                                    struct bamboo_error *error)
{
    struct bamboo_value loop = entry_of(step, "loop_skip");
    struct bamboo_map_builder map;
    if (loop.type == BAMBOO_MISSING) return BAMBOO_OK;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_take(&map, "loop", bamboo_value_retain(loop));
    return bamboo_map_builder_finish(&map, out, error);
}

/* {to: flow} or {to: [flows], converge} */
static enum bamboo_status make_ways(struct bamboo_value step, struct bamboo_value *out,
                                    struct bamboo_error *error)
{
    struct bamboo_value flow = entry_of(step, "flow");
    struct bamboo_map_builder map;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_take(
        &map, "to",
        bamboo_value_retain(flow.type == BAMBOO_MISSING ? entry_of(step, "flows") : flow));
    if (text_of(step, "converge"))
        bamboo_map_builder_set_take(&map, "converge",
                                    bamboo_value_retain(entry_of(step, "converge")));
    return bamboo_map_builder_finish(&map, out, error);
}

/* {from, mode, skip_token_check?}; the operation's node is the target. */
static enum bamboo_status make_rollback(struct bamboo_value pipeline, struct bamboo_value step,
                                        struct bamboo_value *out, struct bamboo_error *error)
{
    char from[PATH_SIZE];
    const char *mode = text_of(step, "mode");
    struct bamboo_value skip = entry_of(entry_of(step, "options"), "skip_check_token");
    struct bamboo_map_builder map;
    set_path(pipeline, text_of(step, "start"), from);
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_text(&map, "from", from);
    bamboo_map_builder_set_text(&map, "mode", mode && strcmp(mode, "ANY") == 0 ? "any" : "token");
    if (skip.type == BAMBOO_BOOL) bamboo_map_builder_set_take(&map, "skip_token_check", skip);
    return bamboo_map_builder_finish(&map, out, error);
}

/* --- Operations --- */

static enum bamboo_status give(struct session *session, const struct bamboo_operation *operation,
                               struct bamboo_error *error)
{
    struct bamboo_value reply = bamboo_missing();
    bool claimed;
    enum bamboo_status status = bamboo_operate(session->engine, operation, &reply, &claimed, error);
    bamboo_value_release(reply);
    return status;
}

enum step_data {
    DATA_NONE,
    DATA_INPUTS,   /* `data`, if it is there */
    DATA_CALLBACK, /* `data` and `version` */
    DATA_SKIP,     /* `loop_skip`, if it is there */
    DATA_WAYS,     /* `flow`, or `flows` and `converge` */
    DATA_ROLLBACK, /* `start`, `mode` and `options` */
};

struct step_info {
    const char *name;      /* `do` */
    const char *operation; /* of the API */
    const char *node_key;  /* of the step: the node that it is about */
    enum step_data data;
    const char *reason_key;
};
static const struct step_info STEPS[] = {
#define STEP(name, operation, node, data, reason) {#name, operation, node, DATA_##data, reason},
#include "tests/conformance/steps.def"
#undef STEP
};

static const struct step_info *find_step(const char *name)
{
    for (size_t i = 0; name && i < sizeof STEPS / sizeof *STEPS; i++)
        if (strcmp(STEPS[i].name, name) == 0) return &STEPS[i];
    return NULL;
}

static enum bamboo_status fail_unknown(struct bamboo_error *error, const char *name)
{
    *error = (struct bamboo_error){.status = BAMBOO_E_INTERNAL};
    snprintf(error->message, sizeof error->message, "the runner knows no step '%s'",
             name ? name : "");
    return error->status;
}

enum bamboo_status operate(struct session *session, struct bamboo_value content,
                           struct bamboo_value step, struct bamboo_error *error)
{
    const struct step_info *info = find_step(text_of(step, "do"));
    if (!info) return fail_unknown(error, text_of(step, "do"));
    char path[PATH_SIZE];
    struct bamboo_value data = bamboo_missing();
    enum bamboo_status status = BAMBOO_OK;
    const char *node = text_of(step, info->node_key);
    if (node) set_path(entry_of(content, "pipeline"), node, path);
    struct bamboo_operation operation = {
        .operation = info->operation,
        .run = session->run,
        .node = node ? path : NULL,
        .reason = info->reason_key ? text_of(step, info->reason_key) : NULL};
    switch (info->data) {
    case DATA_NONE: break;
    case DATA_INPUTS: data = bamboo_value_retain(entry_of(step, "data")); break;
    case DATA_CALLBACK: status = make_callback(session, step, path, &data, error); break;
    case DATA_SKIP: status = make_skip(step, &data, error); break;
    case DATA_WAYS: status = make_ways(step, &data, error); break;
    case DATA_ROLLBACK:
        status = make_rollback(entry_of(content, "pipeline"), step, &data, error);
        break;
    }
    operation.data = data;
    if (status == BAMBOO_OK) status = give(session, &operation, error);
    bamboo_value_release(data);
    return status;
}
