/* A run as values, for people and programs: `show --json` and the observers of events. */
#include "base/memory.h"
#include "base/text.h"
#include "vm/run/history.h"
#include "vm/run/legal.h"
#include "vm/run/record.h"
#include "vm/run/state.h"

struct token_state_info {
    const char *waits_for;
};

static const struct token_state_info TOKEN_STATES[] = {
#define TOKEN_STATE(name, waits_for, meaning) [TOKEN_##name] = {waits_for},
#include "vm/run/token_states.def"
#undef TOKEN_STATE
};

static void set_value(struct bamboo_map_builder *map, const char *key, struct bamboo_value value)
{
    if (value.type != BAMBOO_MISSING)
        bamboo_map_builder_set_take(map, key, bamboo_value_retain(value));
}

static void set_flag(struct bamboo_map_builder *map, const char *key, bool flag)
{
    if (flag) bamboo_map_builder_set_take(map, key, bamboo_bool(true));
}

static void set_time(struct bamboo_map_builder *map, const char *key, int64_t time)
{
    if (time != 0) bamboo_map_builder_set_integer(map, key, time);
}

static void set_path(const struct run *run, struct bamboo_map_builder *map, const char *key,
                     uint32_t scope, uint32_t node)
{
    struct text path = {0};
    run_append_path(run, scope, node, &path);
    bamboo_map_builder_set_text(map, key, text_string(&path));
    text_release(&path);
}

/* What a node is, apart from what happened to it. */
static void describe_node(const struct run *run, uint32_t scope, uint32_t node,
                          struct bamboo_map_builder *map)
{
    const struct program *program = run->linked->program;
    const struct image_node *row = node_of(run, node);
    run_describe_path(run, scope, node, map);
    uint32_t title = program_title(program, node);
    if (title != IMAGE_NONE) set_value(map, "title", program->constants[title]);
    bamboo_map_builder_set_text(map, "kind", node_kind_name(row->kind));
    if (row->kind == NODE_KIND_ACTIVITY)
        bamboo_map_builder_set_text(map, "component",
                                    run->linked->components[row->companion]->code);
    if (row->kind == NODE_KIND_SUBPROCESS)
        bamboo_map_builder_set_text(map, "pipeline",
                                    program_name(program, program->pipelines[row->companion].name));
    set_flag(map, "derived", row->flags & NODE_FLAG_DERIVED_NAME);
}

/* Timers that will fire, and a rollback that waits for the node's end. */
static void describe_extra(const struct run *run, const struct node_record *record,
                           struct bamboo_map_builder *map)
{
    const struct node_extra *extra = record->extra;
    int64_t first = 0;
    for (uint32_t i = 0; extra && i < extra->timer_count; i++)
        if (extra->timers[i].next != 0 && (first == 0 || extra->timers[i].next < first))
            first = extra->timers[i].next;
    set_time(map, "next_timer", first);
    if (extra && extra->reservation.mode != ROLLBACK_NONE)
        set_path(run, map, "rollback_to", extra->reservation.scope, extra->reservation.node);
}

static void append_text(struct bamboo_list_builder *list, const char *text)
{
    struct bamboo_value value;
    if (value_from_string(text, &value, NULL) == BAMBOO_OK)
        bamboo_list_builder_append_take(list, value);
    else
        list->failed = BAMBOO_E_MEMORY;
}

/* What an operator can do about a failed node, by the rules that would refuse it. */
static void describe_remedies(const struct run *run, uint32_t scope, uint32_t node,
                              struct bamboo_map_builder *map)
{
    static const char *const WAITS_FOR[2][2] = {
        {"an operator: revoke", "an operator: skip"},
        {"an operator: retry", "an operator: retry or skip"},
    };
    bool may_retry = may_retry_node(run, scope, node, NULL) == BAMBOO_OK;
    bool may_skip = may_skip_node(run, scope, node, NULL) == BAMBOO_OK;
    struct bamboo_list_builder list;
    struct bamboo_value remedies;
    bamboo_list_builder_init(&list);
    if (may_retry) append_text(&list, "retry");
    if (may_skip) append_text(&list, "skip");
    if (bamboo_list_builder_finish(&list, &remedies, NULL) == BAMBOO_OK)
        bamboo_map_builder_set_take(map, "remedies", remedies);
    else
        map->failed = BAMBOO_E_MEMORY;
    bamboo_map_builder_set_text(map, "waits_for", WAITS_FOR[may_retry][may_skip]);
}

static void describe_token(const struct run *run, uint32_t scope, uint32_t node,
                           struct bamboo_map_builder *map)
{
    const struct node_record *record = record_of(run, scope, node);
    const struct token *token = &run->tokens[record->token];
    const char *waits_for = TOKEN_STATES[token->state].waits_for;
    bool failed = record->state == NODE_FAILED || record->state == NODE_ROLL_BACK_FAILED;
    if (failed && token->state == TOKEN_FAILED)
        describe_remedies(run, scope, node, map);
    else if (*waits_for)
        bamboo_map_builder_set_text(map, "waits_for", waits_for);
    set_time(map, "wake_at", token->wake_at);
}

static void describe_record(const struct run *run, uint32_t scope, uint32_t node,
                            struct bamboo_map_builder *map)
{
    const struct node_record *record = record_of(run, scope, node);
    if (record->state != NODE_NONE)
        bamboo_map_builder_set_text(map, "state", node_state_name((enum node_state)record->state));
    if (record->token != TOKEN_NONE) describe_token(run, scope, node, map);
    if (record->loop == 0) return;
    if (record->version) bamboo_map_builder_set_integer(map, "version", (int64_t)record->version);
    bamboo_map_builder_set_integer(map, "loop", record->loop);
    bamboo_map_builder_set_integer(map, "inner_loop", record->inner_loop);
    bamboo_map_builder_set_integer(map, "retry", record->retry);
    set_flag(map, "skip", record->flags & RECORD_SKIPPED);
    set_flag(map, "error_ignored", record->flags & RECORD_ERROR_IGNORED);
    set_flag(map, "timed_out", record->flags & RECORD_TIMED_OUT);
    set_time(map, "started", record->started);
    set_time(map, "archived", record->archived);
    set_time(map, "deadline", record->deadline);
    describe_extra(run, record, map);
    set_value(map, "inputs", record->inputs);
    set_value(map, "outputs", record->outputs);
}

/* --- show --- */

static void append_map(struct bamboo_list_builder *list, struct bamboo_map_builder *map)
{
    struct bamboo_value value;
    if (bamboo_map_builder_finish(map, &value, NULL) == BAMBOO_OK)
        bamboo_list_builder_append_take(list, value);
    else
        list->failed = BAMBOO_E_MEMORY;
}

/* The nodes of a scope in order, those of a subprocess behind it. Depth: SCOPE_DEPTH_MAX. */
static void describe_scope(const struct run *run, uint32_t scope, struct bamboo_list_builder *list)
{
    const struct image_pipeline *pipeline = scope_pipeline(run, scope);
    for (uint32_t i = 0; i < pipeline->node_count; i++) {
        const struct node_record *record = &run->scopes[scope].records[i];
        struct bamboo_map_builder map;
        bamboo_map_builder_init(&map);
        describe_node(run, scope, pipeline->first_node + i, &map);
        bamboo_map_builder_set_integer(&map, "depth", run->scopes[scope].depth);
        describe_record(run, scope, pipeline->first_node + i, &map);
        append_map(list, &map);
        if (record->child) describe_scope(run, record->child - 1, list);
    }
}

static void describe_variables(const struct run *run, struct bamboo_map_builder *map)
{
    const struct program *program = run->linked->program;
    const struct image_pipeline *pipeline = scope_pipeline(run, SCOPE_ROOT);
    for (uint32_t i = 0; i < pipeline->variable_count; i++)
        set_value(map, program_name(program, program->variables[pipeline->first_variable + i].name),
                  run->scopes[SCOPE_ROOT].variables[i]);
}

/* What the caller of the run has given for the root's context, or for those of subprocesses. */
static void set_presets(const struct run *run, const char *option, struct bamboo_map_builder *map)
{
    struct bamboo_value presets = run_option(run, option);
    for (size_t i = 0; presets.type == BAMBOO_MAP && i < bamboo_map_count(presets); i++)
        bamboo_map_builder_put_take(map, bamboo_map_key_at(presets, i),
                                    bamboo_value_retain(bamboo_map_value_at(presets, i)));
}

/* What a context knows now without computing anything: plain variables, those that were set, and
 * what the caller of the run has given. */
static void describe_context(const struct run *run, uint32_t scope, struct bamboo_map_builder *map)
{
    const struct program *program = run->linked->program;
    const struct image_pipeline *pipeline = scope_pipeline(run, scope);
    set_presets(run, scope == SCOPE_ROOT ? "context" : "subprocess_context", map);
    for (uint32_t i = 0; i < pipeline->variable_count; i++)
        set_value(map, program_name(program, program->variables[pipeline->first_variable + i].name),
                  variable_value(run, scope, i));
}

static void add_context(struct bamboo_map_builder *contexts, const struct text *path,
                        struct bamboo_map_builder *map)
{
    struct bamboo_value context;
    if (bamboo_map_builder_finish(map, &context, NULL) == BAMBOO_OK && !path->failed)
        bamboo_map_builder_set_take(contexts, text_string(path), context);
    else
        contexts->failed = BAMBOO_E_MEMORY;
}

/* Of a subprocess that was not entered yet, and those inside it: what is given, and their plain
 * variables. Depth:
 * SCOPE_DEPTH_MAX. A pipeline that several nodes call is told once. */
static void describe_context_ahead(const struct run *run, uint32_t node, const struct text *path,
                                   bool *is_told, struct bamboo_map_builder *contexts)
{
    const struct program *program = run->linked->program;
    uint32_t index = node_of(run, node)->companion;
    const struct image_pipeline *pipeline = &program->pipelines[index];
    if (is_told[index] || !(pipeline->flags & PIPELINE_FLAG_CONTEXT)) return;
    is_told[index] = true;
    struct bamboo_map_builder map;
    bamboo_map_builder_init(&map);
    set_presets(run, "subprocess_context", &map);
    for (uint32_t i = 0; i < pipeline->variable_count; i++) {
        const struct image_variable *row = &program->variables[pipeline->first_variable + i];
        if (row->kind == VARIABLE_KIND_PLAIN)
            set_value(&map, program_name(program, row->name), program->constants[row->value]);
    }
    add_context(contexts, path, &map);
    for (uint32_t i = 0; i < pipeline->node_count; i++) {
        uint32_t inner = pipeline->first_node + i;
        if (node_of(run, inner)->kind != NODE_KIND_SUBPROCESS) continue;
        struct text inner_path = {0};
        text_append_format(&inner_path, "%s/%s", text_string(path),
                           program_name(program, node_of(run, inner)->name));
        describe_context_ahead(run, inner, &inner_path, is_told, contexts);
        text_release(&inner_path);
    }
}

static void describe_subprocesses_ahead(const struct run *run, uint32_t scope, bool *is_told,
                                        struct bamboo_map_builder *contexts)
{
    const struct image_pipeline *pipeline = scope_pipeline(run, scope);
    for (uint32_t i = 0; i < pipeline->node_count; i++) {
        uint32_t node = pipeline->first_node + i;
        struct text path = {0};
        if (node_of(run, node)->kind != NODE_KIND_SUBPROCESS ||
            run->scopes[scope].records[i].child != 0)
            continue;
        run_append_path(run, scope, node, &path);
        describe_context_ahead(run, node, &path, is_told, contexts);
        text_release(&path);
    }
}

static void describe_scope_context(const struct run *run, uint32_t scope,
                                   struct bamboo_map_builder *contexts)
{
    struct bamboo_map_builder map;
    struct text path = {0};
    if (!scope_has_context(run, scope)) return;
    bamboo_map_builder_init(&map);
    describe_context(run, scope, &map);
    if (scope != SCOPE_ROOT)
        run_append_path(run, run->scopes[scope].parent, run->scopes[scope].parent_node, &path);
    add_context(contexts, &path, &map);
    text_release(&path);
}

/* The contexts of pipelines that have one, by the path of their subprocess, the root's under "". */
static enum bamboo_status describe_contexts(const struct run *run, struct bamboo_value *out,
                                            struct bamboo_error *error)
{
    struct bamboo_map_builder contexts;
    bool *is_told = memory_allocate_zeroed(run->linked->program->pipeline_count, sizeof *is_told);
    if (!is_told) return fail_memory(error);
    bamboo_map_builder_init(&contexts);
    for (uint32_t i = 0; i < run->scope_count; i++)
        describe_scope_context(run, i, &contexts);
    for (uint32_t i = 0; i < run->scope_count; i++)
        describe_subprocesses_ahead(run, i, is_told, &contexts);
    memory_free(is_told);
    return bamboo_map_builder_finish(&contexts, out, error);
}

static enum bamboo_status add_contexts(const struct run *run, struct bamboo_map_builder *map,
                                       struct bamboo_error *error)
{
    struct bamboo_value contexts = bamboo_missing();
    enum bamboo_status status = describe_contexts(run, &contexts, error);
    if (status == BAMBOO_OK && bamboo_map_count(contexts) > 0)
        bamboo_map_builder_set_take(map, "contexts", contexts);
    else if (status == BAMBOO_OK)
        bamboo_value_release(contexts);
    return status;
}

enum bamboo_status run_describe(const struct run *run, struct bamboo_value *out,
                                struct bamboo_error *error)
{
    const struct program *program = run->linked->program;
    struct bamboo_value nodes = bamboo_missing(), variables = bamboo_missing();
    struct bamboo_list_builder list;
    struct bamboo_map_builder map;
    bamboo_list_builder_init(&list);
    bamboo_map_builder_init(&map);
    if (run->scope_count > 0) {
        describe_scope(run, SCOPE_ROOT, &list);
        describe_variables(run, &map);
    }
    enum bamboo_status status = bamboo_map_builder_finish(&map, &variables, error);
    if (status != BAMBOO_OK) {
        bamboo_list_builder_release(&list);
        return status;
    }
    status = bamboo_list_builder_finish(&list, &nodes, error);
    if (status != BAMBOO_OK) {
        bamboo_value_release(variables);
        return status;
    }
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_text(&map, "id", run->id);
    bamboo_map_builder_set_text(&map, "flow", program_name(program, program->pipelines[0].name));
    bamboo_map_builder_set_text(&map, "state", run_state_name((enum run_state)run->state));
    bamboo_map_builder_set_integer(&map, "events", (int64_t)run->sequence);
    set_time(&map, "created", run->created);
    set_time(&map, "finished", run->finished);
    set_value(&map, "parameters", run->parameters);
    bamboo_map_builder_set_take(&map, "variables", variables);
    set_value(&map, "outputs", run->outputs);
    set_value(&map, "options", run->options);
    bamboo_map_builder_set_take(&map, "nodes", nodes);
    status = add_contexts(run, &map, error);
    if (status == BAMBOO_OK) return bamboo_map_builder_finish(&map, out, error);
    bamboo_map_builder_release(&map);
    return status;
}

/* --- Events --- */

static void describe_event_flags(const struct run *run, const struct event *event,
                                 struct bamboo_map_builder *map)
{
    set_flag(map, "enters", event->flags & EVENT_ENTERS);
    set_flag(map, "automatic", event->flags & EVENT_AUTOMATIC);
    set_flag(map, "timed_out", event->flags & EVENT_TIMED_OUT);
    if (event->flags & EVENT_WAKE) set_time(map, "wake_at", event->wake_at);
    if (event->flags & EVENT_DEADLINE) set_time(map, "deadline", event->deadline);
    if (event_type_fields(event->type) & FIELD_ACTOR) {
        set_value(map, "actor", event->actor);
        if (event->reason.type == BAMBOO_STRING) set_value(map, "reason", event->reason);
    }
    if (event_type_fields(event->type) & FIELD_INPUTS) set_value(map, "parameters", event->inputs);
    if (event->type == EVENT_NODE_RETRIED && (event->flags & EVENT_INPUTS))
        set_value(map, "replaced", event->inputs);
    if (event->type == EVENT_NODE_CALLED_BACK) set_value(map, "data", event->inputs);
    if (event_type_fields(event->type) & FIELD_TIMER)
        bamboo_map_builder_set_integer(map, "timer", event->timer + (int64_t)1);
    if (event_type_fields(event->type) & FIELD_TARGET)
        set_path(run, map, "rollback_to", event->target_scope, event->target_node);
}

/* Entries of most events. */
#define EVENT_ENTRIES 24

/* The event as a map, once it was applied; `scope` and `node` are where it happened, if anywhere.
 */
static enum bamboo_status describe_event(const struct run *run, const struct event *event,
                                         uint32_t scope, uint32_t node, struct bamboo_value *out,
                                         struct bamboo_error *error)
{
    struct bamboo_map_builder map;
    bamboo_map_builder_init(&map);
    value_map_builder_reserve(&map, EVENT_ENTRIES);
    bamboo_map_builder_set_text(&map, "run", run->id);
    bamboo_map_builder_set_integer(&map, "sequence", (int64_t)run->sequence);
    bamboo_map_builder_set_integer(&map, "time", event->time);
    bamboo_map_builder_set_text(&map, "type", event_type_name(event->type));
    if (scope == SCOPE_NONE) {
        bamboo_map_builder_set_text(&map, "state", run_state_name((enum run_state)run->state));
    } else {
        describe_node(run, scope, node, &map);
        bamboo_map_builder_set_integer(&map, "depth", run->scopes[scope].depth);
        describe_record(run, scope, node, &map);
    }
    if (event->type == EVENT_PIPELINE_FINISHED && run->state == RUN_FINISHED)
        bamboo_map_builder_set_text(&map, "run_state", run_state_name(RUN_FINISHED));
    describe_event_flags(run, event, &map);
    return bamboo_map_builder_finish(&map, out, error);
}

static enum bamboo_status replay_event(struct run *run, struct byte_reader *reader,
                                       const struct replay_listener *listener,
                                       struct bamboo_error *error)
{
    struct event event;
    struct event_place at;
    enum bamboo_status status = event_decode(reader, run->time, &event, error);
    if (status == BAMBOO_OK &&
        !(event_find_place(run, &event, &at) && event_fits(run, &event, &at)))
        status = fail(error, BAMBOO_E_STORE, "'%s' does not fit what came before it",
                      event_type_name(event.type));
    uint32_t scope, node;
    if (status == BAMBOO_OK) {
        event_locate(run, &event, &scope, &node);
        if (listener->superseded) status = history_tell(run, &event, listener, error);
    }
    if (status == BAMBOO_OK) status = run_apply(run, &event, &at, error);
    struct bamboo_value description = bamboo_missing();
    if (status == BAMBOO_OK && listener->event)
        status = describe_event(run, &event, scope, node, &description, error);
    if (status == BAMBOO_OK && listener->event)
        status = listener->event(listener->context, description, error);
    bamboo_value_release(description);
    event_release(&event);
    return status;
}

static enum bamboo_status replay_events(struct run *run, const void *events, size_t size,
                                        const struct replay_listener *listener,
                                        struct bamboo_error *error)
{
    struct byte_reader reader = reader_of(events, size);
    enum bamboo_status status = BAMBOO_OK;
    run->replaying = true;
    while (status == BAMBOO_OK && !reader_at_end(&reader))
        status = replay_event(run, &reader, listener, error);
    run->replaying = false;
    run->unsnapshotted += size;
    run->outbox.first = run->sequence + 1;
    return status;
}

enum bamboo_status run_check_events(struct run *run, const void *events, size_t size,
                                    struct bamboo_error *error)
{
    const struct replay_listener nobody = {0};
    return replay_events(run, events, size, &nobody, error);
}

enum bamboo_status run_replay_each(struct run *run, const void *events, size_t size,
                                   const struct replay_listener *listener,
                                   struct bamboo_error *error)
{
    struct bamboo_error why;
    enum bamboo_status status = replay_events(run, events, size, listener, &why);
    if (status == BAMBOO_E_STORE)
        return fail(error, status, "event %llu of run %s: %s",
                    (unsigned long long)run->sequence + 1, run->id, why.message);
    if (status != BAMBOO_OK && error) *error = why;
    return status;
}

/* Nothing comes after the end event of the root. */
enum bamboo_status run_read_outputs(const void *events, size_t size, struct bamboo_value *out,
                                    struct bamboo_error *error)
{
    struct byte_reader reader = reader_of(events, size);
    struct bamboo_value outputs = bamboo_missing();
    enum bamboo_status status = BAMBOO_OK;
    while (status == BAMBOO_OK && !reader_at_end(&reader)) {
        struct event event;
        status = event_decode(&reader, 0, &event, error); /* times do not matter here */
        bamboo_value_release(outputs);
        outputs = event.type == EVENT_PIPELINE_FINISHED ? bamboo_value_retain(event.outputs)
                                                        : bamboo_missing();
        event_release(&event);
    }
    if (status == BAMBOO_OK)
        *out = outputs;
    else
        bamboo_value_release(outputs);
    return status;
}
