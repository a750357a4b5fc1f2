/* Events of tokens: how they move. */
#include "base/apart.h"
#include "vm/run/apply_shared.h"
#include "vm/run/node_timer.h"

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

enum bamboo_status apply_RUN_CREATED(struct run *run, const struct event *event,
                                     const struct event_place *at, struct bamboo_error *error)
{
    (void)at;
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
    if (event->flags & EVENT_OPTIONS)
        run_set_options_take(run, bamboo_value_retain(event->options));
    scope_preset(run, scope, run_option(run, "context"));
    scope_preset(run, scope, event->inputs);
    run->tokens[token].scope = scope;
    token_move(run, token, run_start_node(run, event->options));
    return BAMBOO_OK;
}

enum bamboo_status apply_NODE_STARTED(struct run *run, const struct event *event,
                                      const struct event_place *at, struct bamboo_error *error)
{
    (void)error;
    struct token *token = &run->tokens[event->token];
    token->state = TOKEN_WORKING;
    token->pc = at->row->entry + event->pc;
    return BAMBOO_OK;
}

enum bamboo_status apply_NODE_WAITING(struct run *run, const struct event *event,
                                      const struct event_place *at, struct bamboo_error *error)
{
    struct token *token = &run->tokens[event->token];
    token->pc = at->row->entry + event->pc;
    if (!(event->flags & EVENT_ENTERS)) at->record->schedules++;
    if (event->flags & EVENT_WAKE)
        return token_sleep_until(run, event->token, TOKEN_POLL, event->wake_at, error);
    token->state = TOKEN_CALLBACK;
    token->wake_at = 0;
    return BAMBOO_OK;
}

static inline void node_finish(struct run *run, const struct event *event,
                               const struct event_place *at)
{
    close_record(at->record, NODE_FINISHED, event->time);
    if (event->flags & EVENT_IGNORED) at->record->flags |= RECORD_ERROR_IGNORED;
    token_leave(run, event->token, event, at);
}

static APART enum bamboo_status stop_and_finish(struct run *run, const struct event *event,
                                                const struct event_place *at,
                                                struct bamboo_error *error)
{
    enum bamboo_status status = node_timers_stop(run, at, event->time, error);
    node_finish(run, event, at);
    return status;
}

enum bamboo_status apply_NODE_FINISHED(struct run *run, const struct event *event,
                                       const struct event_place *at, struct bamboo_error *error)
{
    if (node_has_timers(at->record)) return stop_and_finish(run, event, at, error);
    node_finish(run, event, at);
    return BAMBOO_OK;
}

enum bamboo_status apply_NODE_FAILED(struct run *run, const struct event *event,
                                     const struct event_place *at, struct bamboo_error *error)
{
    struct node_record *record = at->record;
    enum bamboo_status status = node_timers_stop(run, at, event->time, error);
    close_record(record, NODE_FAILED, event->time);
    record->token = event->token; /* which the rerun limit stops before it is entered */
    if (event->flags & EVENT_TIMED_OUT) record->flags |= RECORD_TIMED_OUT;
    if (status == BAMBOO_OK && (event->flags & EVENT_WAKE))
        return token_sleep_until(run, event->token, TOKEN_RETRY, event->wake_at, error);
    token_fail(run, event->token);
    return status;
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
                                     const struct event_place *at, struct bamboo_error *error)
{
    const struct image_node *node = at->row;
    uint32_t count = event->flow_count ? event->flow_count : node->flow_count;
    close_record(at->record, NODE_FINISHED, event->time);
    at->record->token = TOKEN_NONE;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t flow = event->flow_count ? event->flows[i] : i;
        enum bamboo_status status =
            fork_child(run, token, flow_target(run, node, flow), node->companion, error);
        if (status != BAMBOO_OK) return status;
    }
    struct token *parent = &run->tokens[token];
    parent->children = count;
    parent->node = node->companion;
    parent->pc = node_of(run, node->companion)->entry;
    parent->state = TOKEN_CHILDREN;
    return BAMBOO_OK;
}

enum bamboo_status apply_TOKENS_FORKED(struct run *run, const struct event *event,
                                       const struct event_place *at, struct bamboo_error *error)
{
    return fork_token(run, event->token, event, at, error);
}

enum bamboo_status apply_GATEWAY_SKIPPED(struct run *run, const struct event *event,
                                         const struct event_place *at, struct bamboo_error *error)
{
    enum bamboo_status status = fork_token(run, at->record->token, event, at, error);
    at->record->flags |= RECORD_SKIPPED;
    return status;
}

enum bamboo_status apply_TOKEN_JOINED(struct run *run, const struct event *event,
                                      const struct event_place *at, struct bamboo_error *error)
{
    (void)at, (void)error;
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
        /* What a context has it keeps for the next round. */
        if (value.type == BAMBOO_MISSING && has_context) continue;
        value_replace(&run->scopes[scope].variables[i], value);
    }
    for (uint32_t i = 0; i < pipeline->node_count; i++) {
        struct node_record *record = &run->scopes[scope].records[i];
        if (record->version > 0) record->inner_loop = 0; /* else it is only paused ahead */
    }
}

/* The scope of a subprocess, made when it is first needed. */
static enum bamboo_status open_subprocess(struct run *run, const struct event_place *at,
                                          struct bamboo_error *error)
{
    uint32_t child;
    if (at->record->child != 0) return BAMBOO_OK;
    enum bamboo_status status =
        scope_create(run, at->row->companion, at->scope, at->node, &child, error);
    if (status != BAMBOO_OK) return status;
    scope_preset(run, child, run_option(run, "subprocess_context"));
    at->record->child = child + 1;
    return BAMBOO_OK;
}

enum bamboo_status apply_SUBPROCESS_OPENED(struct run *run, const struct event *event,
                                           const struct event_place *at, struct bamboo_error *error)
{
    (void)event;
    return open_subprocess(run, at, error);
}

enum bamboo_status apply_SUBPROCESS_ENTERED(struct run *run, const struct event *event,
                                            const struct event_place *at,
                                            struct bamboo_error *error)
{
    enum bamboo_status status = open_subprocess(run, at, error);
    if (status != BAMBOO_OK) return status;
    uint32_t child = at->record->child - 1;
    run->scopes[child].return_pc = at->row->entry + event->pc;
    scope_begin(run, child, event->inputs);
    run->tokens[event->token].scope = child;
    token_move(run, event->token, scope_pipeline(run, child)->start_node);
    return BAMBOO_OK;
}

enum bamboo_status apply_PIPELINE_FINISHED(struct run *run, const struct event *event,
                                           const struct event_place *at, struct bamboo_error *error)
{
    (void)error;
    struct token *token = &run->tokens[event->token];
    struct node_record *record = at->record;
    close_record(record, NODE_FINISHED, event->time);
    record->token = TOKEN_NONE;
    const struct scope *scope = &run->scopes[token->scope];
    if (scope->parent == SCOPE_NONE) {
        run->state = RUN_FINISHED;
        run->finished = event->time;
        value_replace(&run->outputs, event->outputs);
        token_free_all(run);
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

enum bamboo_status apply_TOKEN_SUSPENDED(struct run *run, const struct event *event,
                                         const struct event_place *at, struct bamboo_error *error)
{
    (void)error;
    struct token *token = &run->tokens[event->token];
    token->state = TOKEN_SUSPENDED;
    at->record->token = event->token;
    return BAMBOO_OK;
}
