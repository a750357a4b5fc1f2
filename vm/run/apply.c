#include "vm/run/apply.h"

#include <assert.h>

#include "base/memory.h"
#include "vm/run/loop.h"

/* --- Changes that several events share --- */

static void value_replace(struct bamboo_value *place, struct bamboo_value value)
{
    struct bamboo_value old = *place;
    *place = bamboo_value_retain(value);
    bamboo_value_release(old);
}

static void record_become(struct node_record *record, enum node_state state)
{
    assert(node_state_may_become((enum node_state)record->state, state));
    record->state = (uint8_t)state;
}

/* An execution of the token's node begins. Rules: semantics section 3, point 4 and 5. */
static void enter_node(struct run *run, uint32_t token, const struct event *event)
{
    struct node_record *record = token_record(run, &run->tokens[token]);
    if (record->state == NODE_FINISHED) { /* re-entry */
        bool is_round = record->flags & RECORD_LOOPING;
        record->loop++;
        record->inner_loop++;
        record->automatic_retries = 0;
        if (!is_round) record->retry = 0;
        /* With a context what a retry gave stays for later rounds (semantics section 9). */
        if (is_round || scope_has_context(run, run->tokens[token].scope))
            record_drop_callbacks(record);
        else
            record_drop_extra(record);
    } else if (record->loop == 0) {
        record->loop = record->inner_loop = 1;
    } else if (record->inner_loop == 0) { /* a new round of its subprocess */
        record->inner_loop = 1;
    }
    record->flags = 0;
    record->schedules = 0;
    record_become(record, NODE_RUNNING);
    record->token = token;
    record->version = ++run->versions;
    record->started = event->time;
    record->archived = 0;
    record->deadline = 0;
    value_replace(&record->inputs, bamboo_missing());
    value_replace(&record->outputs, bamboo_missing());
}

/* The callback that was dealt with goes. */
static void drop_callback(struct node_record *record)
{
    struct node_extra *extra = record->extra;
    if (!extra || extra->callback_count == 0) return;
    bamboo_value_release(extra->callbacks[0]);
    extra->callback_count--;
    for (size_t i = 0; i < extra->callback_count; i++)
        extra->callbacks[i] = extra->callbacks[i + 1];
}

/* What the flags of an event of a token bring: entering, data, variables, timeout. */
static enum bamboo_status apply_token_data(struct run *run, const struct event *event,
                                           struct bamboo_error *error)
{
    if (event->flags & EVENT_ENTERS) enter_node(run, event->token, event);
    struct token *token = &run->tokens[event->token];
    struct node_record *record = token_record(run, token);
    token->busy = false;
    if (event->flags & EVENT_INPUTS) value_replace(&record->inputs, event->inputs);
    if (event->flags & EVENT_OUTPUTS) value_replace(&record->outputs, event->outputs);
    if (event->flags & EVENT_CONSUMES) drop_callback(record);
    struct scope *scope = &run->scopes[token->scope];
    for (uint32_t i = 0; i < event->assignment_count; i++)
        value_replace(&scope->variables[event->assignments[i].variable],
                      event->assignments[i].value);
    if (!(event->flags & EVENT_DEADLINE)) return BAMBOO_OK;
    record->deadline = event->deadline;
    return timer_add(run,
                     (struct timer){.time = event->deadline,
                                    .version = record->version,
                                    .token = TOKEN_NONE,
                                    .scope = token->scope,
                                    .node = token->node},
                     error);
}

static void token_make_ready(struct run *run, uint32_t token)
{
    run->tokens[token].state = TOKEN_READY;
    run->tokens[token].wake_at = 0;
    token_enqueue(run, token);
}

static void token_move(struct run *run, uint32_t token, uint32_t node)
{
    run->tokens[token].node = node;
    run->tokens[token].pc = node_of(run, node)->entry;
    token_make_ready(run, token);
}

/* The node's execution is over. */
static void close_record(struct node_record *record, enum node_state state, int64_t time)
{
    record_become(record, state);
    record->archived = time;
    record->deadline = 0;
}

static enum bamboo_status token_sleep_until(struct run *run, uint32_t token, enum token_state state,
                                            int64_t time, struct bamboo_error *error)
{
    struct token *sleeper = &run->tokens[token];
    sleeper->state = (uint8_t)state;
    sleeper->wake_at = time;
    return timer_add(
        run,
        (struct timer){
            .time = time, .token = token, .scope = sleeper->scope, .node = sleeper->node},
        error);
}

static uint32_t flow_target(const struct run *run, uint32_t node, uint32_t flow)
{
    return run->linked->program->flows[node_of(run, node)->first_flow + flow].target;
}

/* The node is done: the token goes along a flow, or stays for the next round of a loop. */
static void token_leave(struct run *run, uint32_t token, const struct event *event)
{
    uint32_t node = run->tokens[token].node;
    struct node_record *record = token_record(run, &run->tokens[token]);
    record->token = TOKEN_NONE;
    if (event->flags & EVENT_LOOPS) record->flags |= RECORD_LOOPING;
    token_move(run, token, event->flags & EVENT_LOOPS ? node : flow_target(run, node, event->flow));
}

/* A token of a finished or revoked run has nothing to do any more. */
static void free_all_tokens(struct run *run)
{
    for (uint32_t i = 0; i < run->token_count; i++)
        if (run->tokens[i].state != TOKEN_DEAD) token_free(run, i);
}

/* --- One function for each event --- */

/* Variables of a context that the caller of the run presets. */
static void scope_preset(struct run *run, uint32_t scope, struct bamboo_value presets)
{
    const struct program *program = run->linked->program;
    const struct image_pipeline *pipeline = scope_pipeline(run, scope);
    if (presets.type != BAMBOO_MAP || !(pipeline->flags & PIPELINE_FLAG_CONTEXT)) return;
    for (uint32_t i = 0; i < pipeline->variable_count; i++) {
        struct bamboo_value value = bamboo_map_find(
            presets, program->constants[program->variables[pipeline->first_variable + i].name]);
        if (value.type != BAMBOO_MISSING) value_replace(&run->scopes[scope].variables[i], value);
    }
}

static enum bamboo_status apply_run_created(struct run *run, const struct event *event,
                                            struct bamboo_error *error)
{
    uint32_t scope, token;
    enum bamboo_status status = scope_create(run, 0, SCOPE_NONE, IMAGE_NONE, &scope, error);
    if (status == BAMBOO_OK) status = token_create(run, &token, error);
    if (status != BAMBOO_OK) return status;
    const struct image_pipeline *pipeline = scope_pipeline(run, scope);
    const struct program *program = run->linked->program;
    for (uint32_t i = 0; i < pipeline->parameter_count; i++) {
        const struct image_variable *variable = &program->variables[pipeline->first_variable + i];
        value_replace(&run->scopes[scope].variables[i],
                      bamboo_map_find(event->inputs, program->constants[variable->name]));
    }
    run->state = RUN_RUNNING;
    run->created = event->time;
    value_replace(&run->parameters, event->inputs);
    if (event->flags & EVENT_OPTIONS) value_replace(&run->options, event->options);
    scope_preset(run, scope, run_option(run, "context"));
    scope_preset(run, scope, event->inputs);
    run->tokens[token].scope = scope;
    token_move(run, token, run_start_node(run, event->options));
    return BAMBOO_OK;
}

static enum bamboo_status apply_node_started(struct run *run, const struct event *event,
                                             struct bamboo_error *error)
{
    (void)error;
    struct token *token = &run->tokens[event->token];
    token->state = TOKEN_WORKING;
    token->pc = node_of(run, token->node)->entry + event->pc;
    return BAMBOO_OK;
}

static enum bamboo_status apply_node_waiting(struct run *run, const struct event *event,
                                             struct bamboo_error *error)
{
    struct token *token = &run->tokens[event->token];
    token->pc = node_of(run, token->node)->entry + event->pc;
    if (!(event->flags & EVENT_ENTERS)) token_record(run, token)->schedules++;
    if (event->flags & EVENT_WAKE)
        return token_sleep_until(run, event->token, TOKEN_POLL, event->wake_at, error);
    token->state = TOKEN_CALLBACK;
    token->wake_at = 0;
    return BAMBOO_OK;
}

static enum bamboo_status apply_node_finished(struct run *run, const struct event *event,
                                              struct bamboo_error *error)
{
    (void)error;
    struct token *token = &run->tokens[event->token];
    struct node_record *record = token_record(run, token);
    close_record(record, NODE_FINISHED, event->time);
    if (event->flags & EVENT_IGNORED) record->flags |= RECORD_ERROR_IGNORED;
    token_leave(run, event->token, event);
    return BAMBOO_OK;
}

static enum bamboo_status apply_node_failed(struct run *run, const struct event *event,
                                            struct bamboo_error *error)
{
    struct token *token = &run->tokens[event->token];
    struct node_record *record = token_record(run, token);
    close_record(record, NODE_FAILED, event->time);
    record->token = event->token; /* which the rerun limit stops before it is entered */
    if (event->flags & EVENT_TIMED_OUT) record->flags |= RECORD_TIMED_OUT;
    if (event->flags & EVENT_WAKE)
        return token_sleep_until(run, event->token, TOKEN_RETRY, event->wake_at, error);
    token->state = TOKEN_FAILED;
    token->wake_at = 0;
    return BAMBOO_OK;
}

static enum bamboo_status fork_child(struct run *run, uint32_t parent, uint32_t target,
                                     uint32_t converge, struct bamboo_error *error)
{
    uint32_t child;
    enum bamboo_status status = token_create(run, &child, error);
    if (status != BAMBOO_OK) return status;
    struct token *token = &run->tokens[child];
    token->parent = parent;
    token->scope = token->destination_scope = run->tokens[parent].scope;
    token->destination = converge;
    token_move(run, child, target);
    return BAMBOO_OK;
}

/* The token's gateway is done: children go along its flows, the token waits at the converge. */
static enum bamboo_status fork_token(struct run *run, uint32_t token, const struct event *event,
                                     struct bamboo_error *error)
{
    uint32_t gateway = run->tokens[token].node;
    const struct image_node *node = node_of(run, gateway);
    uint32_t count = event->flow_count ? event->flow_count : node->flow_count;
    struct node_record *record = token_record(run, &run->tokens[token]);
    close_record(record, NODE_FINISHED, event->time);
    record->token = TOKEN_NONE;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t flow = event->flow_count ? event->flows[i] : i;
        enum bamboo_status status =
            fork_child(run, token, flow_target(run, gateway, flow), node->companion, error);
        if (status != BAMBOO_OK) return status;
    }
    struct token *parent = &run->tokens[token];
    parent->children = count;
    parent->node = node->companion;
    parent->pc = node_of(run, node->companion)->entry;
    parent->state = TOKEN_CHILDREN;
    return BAMBOO_OK;
}

static enum bamboo_status apply_tokens_forked(struct run *run, const struct event *event,
                                              struct bamboo_error *error)
{
    return fork_token(run, event->token, event, error);
}

static enum bamboo_status apply_gateway_skipped(struct run *run, const struct event *event,
                                                struct bamboo_error *error)
{
    struct node_record *record = record_of(run, event->scope, event->node);
    uint32_t token = record->token;
    enum bamboo_status status = fork_token(run, token, event, error);
    record_of(run, event->scope, event->node)->flags |= RECORD_SKIPPED;
    return status;
}

static enum bamboo_status apply_token_joined(struct run *run, const struct event *event,
                                             struct bamboo_error *error)
{
    (void)error;
    uint32_t parent = run->tokens[event->token].parent;
    token_free(run, event->token);
    if (--run->tokens[parent].children == 0) token_make_ready(run, parent);
    return BAMBOO_OK;
}

/* Parameters get the arguments, other variables are forgotten, and inner_loop counts anew. */
static void scope_begin(struct run *run, uint32_t scope, struct bamboo_value arguments)
{
    const struct program *program = run->linked->program;
    const struct image_pipeline *pipeline = scope_pipeline(run, scope);
    bool has_context = pipeline->flags & PIPELINE_FLAG_CONTEXT;
    for (uint32_t i = 0; i < pipeline->variable_count; i++) {
        struct bamboo_value value = bamboo_missing();
        if (has_context || i < pipeline->parameter_count)
            value = bamboo_map_find(
                arguments,
                program->constants[program->variables[pipeline->first_variable + i].name]);
        /* What a context has it keeps for the next round (semantics section 4). */
        if (value.type == BAMBOO_MISSING && has_context) continue;
        value_replace(&run->scopes[scope].variables[i], value);
    }
    for (uint32_t i = 0; i < pipeline->node_count; i++)
        run->scopes[scope].records[i].inner_loop = 0;
}

static enum bamboo_status apply_subprocess_entered(struct run *run, const struct event *event,
                                                   struct bamboo_error *error)
{
    struct token *token = &run->tokens[event->token];
    uint32_t scope = token->scope, node = token->node;
    uint32_t child = record_of(run, scope, node)->child;
    if (child == 0) {
        uint32_t pipeline = node_of(run, node)->companion;
        enum bamboo_status status = scope_create(run, pipeline, scope, node, &child, error);
        if (status != BAMBOO_OK) return status;
        scope_preset(run, child, run_option(run, "subprocess_context"));
        record_of(run, scope, node)->child = ++child;
    }
    run->scopes[child - 1].return_pc = node_of(run, node)->entry + event->pc;
    scope_begin(run, child - 1, event->inputs);
    token->scope = child - 1;
    token_move(run, event->token, scope_pipeline(run, child - 1)->start_node);
    return BAMBOO_OK;
}

static enum bamboo_status apply_pipeline_finished(struct run *run, const struct event *event,
                                                  struct bamboo_error *error)
{
    (void)error;
    struct token *token = &run->tokens[event->token];
    struct node_record *record = token_record(run, token);
    close_record(record, NODE_FINISHED, event->time);
    record->token = TOKEN_NONE;
    const struct scope *scope = &run->scopes[token->scope];
    if (scope->parent == SCOPE_NONE) {
        run->state = RUN_FINISHED;
        run->finished = event->time;
        value_replace(&run->outputs, event->outputs);
        free_all_tokens(run);
        return BAMBOO_OK;
    }
    token->node = scope->parent_node;
    token->scope = scope->parent;
    struct node_record *parent = token_record(run, token);
    value_replace(&parent->outputs, event->outputs);
    token->pc = scope->return_pc;
    token_make_ready(run, event->token);
    return BAMBOO_OK;
}

static enum bamboo_status apply_token_suspended(struct run *run, const struct event *event,
                                                struct bamboo_error *error)
{
    (void)error;
    struct token *token = &run->tokens[event->token];
    token->state = TOKEN_SUSPENDED;
    token_record(run, token)->token = event->token;
    return BAMBOO_OK;
}

static enum bamboo_status apply_run_paused(struct run *run, const struct event *event,
                                           struct bamboo_error *error)
{
    (void)event, (void)error;
    run->state = RUN_SUSPENDED;
    return BAMBOO_OK;
}

/* Tokens that nothing stops any more go on. */
static void wake_suspended(struct run *run)
{
    for (uint32_t i = 0; i < run->token_count; i++)
        if (run->tokens[i].state == TOKEN_SUSPENDED &&
            !place_is_suspended(run, run->tokens[i].scope, run->tokens[i].node))
            token_make_ready(run, i);
}

static enum bamboo_status apply_run_resumed(struct run *run, const struct event *event,
                                            struct bamboo_error *error)
{
    (void)event, (void)error;
    run->state = RUN_RUNNING;
    wake_suspended(run);
    return BAMBOO_OK;
}

static enum bamboo_status apply_subprocess_paused(struct run *run, const struct event *event,
                                                  struct bamboo_error *error)
{
    (void)error;
    record_become(record_of(run, event->scope, event->node), NODE_SUSPENDED);
    return BAMBOO_OK;
}

static enum bamboo_status apply_subprocess_resumed(struct run *run, const struct event *event,
                                                   struct bamboo_error *error)
{
    (void)error;
    record_become(record_of(run, event->scope, event->node), NODE_RUNNING);
    wake_suspended(run);
    return BAMBOO_OK;
}

static enum bamboo_status apply_run_revoked(struct run *run, const struct event *event,
                                            struct bamboo_error *error)
{
    (void)error;
    run->state = RUN_REVOKED;
    run->finished = event->time;
    for (size_t i = 0; i < run->scope_count; i++) {
        const struct image_pipeline *pipeline = scope_pipeline(run, (uint32_t)i);
        for (uint32_t n = 0; n < pipeline->node_count; n++) {
            struct node_record *record = &run->scopes[i].records[n];
            if (record->state == NODE_RUNNING || record->state == NODE_SUSPENDED)
                close_record(record, NODE_REVOKED, event->time);
            record->token = TOKEN_NONE;
        }
    }
    free_all_tokens(run);
    return BAMBOO_OK;
}

static enum bamboo_status apply_node_paused(struct run *run, const struct event *event,
                                            struct bamboo_error *error)
{
    (void)error;
    record_become(record_of(run, event->scope, event->node), NODE_SUSPENDED);
    return BAMBOO_OK;
}

static enum bamboo_status apply_node_resumed(struct run *run, const struct event *event,
                                             struct bamboo_error *error)
{
    (void)error;
    struct node_record *record = record_of(run, event->scope, event->node);
    record_become(record, NODE_READY);
    uint32_t token = record->token;
    if (token != TOKEN_NONE && run->tokens[token].state == TOKEN_SUSPENDED)
        token_make_ready(run, token);
    return BAMBOO_OK;
}

/* A loop begins again with its first round: what was collected of this visit goes. */
static bool restart_loop(struct run *run, const struct event *event)
{
    const struct image_policy *loop = node_loop(run->linked->program, node_of(run, event->node));
    struct node_record *record = record_of(run, event->scope, event->node);
    if (!loop || record->inner_loop == 0) return true;
    uint32_t rounds = record->inner_loop;
    record->loop -= rounds - 1;
    record->inner_loop = 1;
    if (loop->loop_variable == IMAGE_NONE) return true;
    struct bamboo_value *list = &run->scopes[event->scope].variables[loop->loop_variable];
    if (list->type != BAMBOO_LIST) return true;
    size_t count = bamboo_list_count(*list);
    struct bamboo_list_builder builder;
    struct bamboo_value kept;
    bamboo_list_builder_init(&builder);
    for (size_t i = 0; i + rounds < count; i++)
        bamboo_list_builder_append_take(&builder, bamboo_value_retain(bamboo_list_at(*list, i)));
    if (bamboo_list_builder_finish(&builder, &kept, NULL) != BAMBOO_OK) return false;
    bamboo_value_release(*list);
    *list = kept;
    return true;
}

static enum bamboo_status apply_node_retried(struct run *run, const struct event *event,
                                             struct bamboo_error *error)
{
    struct node_record *record = record_of(run, event->scope, event->node);
    record_become(record, NODE_READY);
    record->retry++;
    if (!(event->flags & EVENT_AUTOMATIC) && !restart_loop(run, event)) return fail_memory(error);
    if (event->flags & EVENT_AUTOMATIC)
        record->automatic_retries++;
    else
        record->automatic_retries = 0;
    if (event->flags & EVENT_INPUTS) {
        struct node_extra *extra = record_extra(record);
        if (!extra) return fail_memory(error);
        value_replace(&extra->replaced_inputs, event->inputs);
    }
    run->tokens[record->token].pc = node_of(run, event->node)->entry;
    token_make_ready(run, record->token);
    return BAMBOO_OK;
}

static enum bamboo_status apply_node_skipped(struct run *run, const struct event *event,
                                             struct bamboo_error *error)
{
    (void)error;
    struct node_record *record = record_of(run, event->scope, event->node);
    uint32_t token = record->token;
    close_record(record, NODE_FINISHED, event->time);
    record->flags |= RECORD_SKIPPED;
    token_leave(run, token, event);
    return BAMBOO_OK;
}

static enum bamboo_status apply_node_force_failed(struct run *run, const struct event *event,
                                                  struct bamboo_error *error)
{
    (void)error;
    struct node_record *record = record_of(run, event->scope, event->node);
    close_record(record, NODE_FAILED, event->time);
    record->version = ++run->versions; /* a late result of the old one is dropped */
    value_replace(&record->outputs, event->outputs);
    struct token *token = &run->tokens[record->token];
    token->state = TOKEN_FAILED;
    token->busy = false;
    token->wake_at = 0;
    return BAMBOO_OK;
}

static enum bamboo_status apply_node_called_back(struct run *run, const struct event *event,
                                                 struct bamboo_error *error)
{
    struct node_extra *extra = record_extra(record_of(run, event->scope, event->node));
    if (!extra || !memory_grow((void **)&extra->callbacks, &extra->callback_capacity,
                               extra->callback_count + 1, sizeof *extra->callbacks))
        return fail_memory(error);
    extra->callbacks[extra->callback_count++] = bamboo_value_retain(event->inputs);
    return BAMBOO_OK;
}

typedef enum bamboo_status (*apply_function)(struct run *, const struct event *,
                                             struct bamboo_error *);

static const apply_function APPLY[] = {
    [EVENT_RUN_CREATED] = apply_run_created,
    [EVENT_NODE_STARTED] = apply_node_started,
    [EVENT_NODE_WAITING] = apply_node_waiting,
    [EVENT_NODE_FINISHED] = apply_node_finished,
    [EVENT_NODE_FAILED] = apply_node_failed,
    [EVENT_TOKENS_FORKED] = apply_tokens_forked,
    [EVENT_TOKEN_JOINED] = apply_token_joined,
    [EVENT_SUBPROCESS_ENTERED] = apply_subprocess_entered,
    [EVENT_PIPELINE_FINISHED] = apply_pipeline_finished,
    [EVENT_TOKEN_SUSPENDED] = apply_token_suspended,
    [EVENT_RUN_PAUSED] = apply_run_paused,
    [EVENT_RUN_RESUMED] = apply_run_resumed,
    [EVENT_RUN_REVOKED] = apply_run_revoked,
    [EVENT_NODE_PAUSED] = apply_node_paused,
    [EVENT_NODE_RESUMED] = apply_node_resumed,
    [EVENT_NODE_RETRIED] = apply_node_retried,
    [EVENT_NODE_SKIPPED] = apply_node_skipped,
    [EVENT_NODE_FORCE_FAILED] = apply_node_force_failed,
    [EVENT_NODE_CALLED_BACK] = apply_node_called_back,
    [EVENT_SUBPROCESS_PAUSED] = apply_subprocess_paused,
    [EVENT_SUBPROCESS_RESUMED] = apply_subprocess_resumed,
    [EVENT_GATEWAY_SKIPPED] = apply_gateway_skipped,
};
static_assert(sizeof APPLY / sizeof *APPLY == EVENT_TYPE_COUNT, "each event is applied");

enum bamboo_status run_apply(struct run *run, const struct event *event, struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    if (event_type_fields(event->type) & FIELD_TOKEN) status = apply_token_data(run, event, error);
    if (status == BAMBOO_OK) status = APPLY[event->type](run, event, error);
    run->time = event->time;
    run->sequence++;
    assert(status != BAMBOO_OK || run_is_consistent(run));
    return status;
}

enum bamboo_status run_record(struct run *run, struct event *event, int64_t now_ms,
                              struct bamboo_error *error)
{
    event->time = now_ms;
    assert(event_fits(run, event));
    size_t before = run->outbox.events.size;
    event_encode(&run->outbox.events, event, run->time);
    if (run->outbox.events.failed) return fail_memory(error);
    run->unsnapshotted += run->outbox.events.size - before;
    enum bamboo_status status = run_apply(run, event, error);
    run->outbox.last = run->sequence;
    return status;
}

enum bamboo_status run_emit_take(struct run *run, const struct effect *effect,
                                 struct bamboo_error *error)
{
    struct run_outbox *outbox = &run->outbox;
    if (!memory_grow((void **)&outbox->effects, &outbox->effect_capacity, outbox->effect_count + 1,
                     sizeof *outbox->effects)) {
        struct effect dropped = *effect;
        effect_release(&dropped);
        return fail_memory(error);
    }
    outbox->effects[outbox->effect_count++] = *effect;
    return BAMBOO_OK;
}
