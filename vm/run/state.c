#include "vm/run/state.h"

#include <assert.h>
#include <string.h>

#include "base/diagnostics.h"
#include "base/limits.h"
#include "base/memory.h"

enum bamboo_status run_allocate(struct linked_program *linked, const char *id, struct run **out,
                                struct bamboo_error *error)
{
    struct run *run = memory_allocate_zeroed(1, sizeof *run);
    if (!run) return fail_memory(error);
    run->linked = linked_program_retain(linked);
    strncpy(run->id, id, sizeof run->id - 1);
    run->free_token = run->queue_first = run->queue_last = run->current = TOKEN_NONE;
    run->rerun_limit = -1;
    run->outbox.first = 1;
    *out = run;
    return BAMBOO_OK;
}

void run_set_options_take(struct run *run, struct bamboo_value options)
{
    run->options = options;
    run->data = run_option(run, "data");
    struct bamboo_value limit = run_option(run, "rerun_limit");
    if (limit.type == BAMBOO_INTEGER) run->rerun_limit = limit.as.integer;
}

void record_drop_callbacks(struct node_record *record)
{
    struct node_extra *extra = record->extra;
    while (extra && extra->callback_count > 0)
        bamboo_value_release(extra->callbacks[--extra->callback_count]);
}

void record_drop_reservation(struct node_record *record)
{
    if (!record->extra) return;
    bamboo_value_release(record->extra->reservation.actor);
    record->extra->reservation = (struct reservation){0};
}

void record_drop_timers(struct node_record *record)
{
    memory_free(record->extra->timers);
    record->extra->timers = NULL;
    record->extra->timer_count = 0;
}

void record_drop_extra(struct node_record *record)
{
    struct node_extra *extra = record->extra;
    if (!extra) return;
    bamboo_value_release(extra->replaced_inputs);
    for (size_t i = 0; i < extra->callback_count; i++)
        bamboo_value_release(extra->callbacks[i]);
    memory_free(extra->callbacks);
    memory_free(extra->timers);
    bamboo_value_release(extra->reservation.actor);
    memory_free(extra);
    record->extra = NULL;
}

void record_release(struct node_record *record)
{
    bamboo_value_release(record->inputs);
    bamboo_value_release(record->outputs);
    record_drop_extra(record);
}

struct node_extra *record_extra(struct node_record *record)
{
    if (!record->extra) record->extra = memory_allocate_zeroed(1, sizeof *record->extra);
    return record->extra;
}

static void scope_release(struct scope *scope)
{
    for (uint32_t i = 0; scope->records && i < scope->pipeline->node_count; i++)
        record_release(&scope->records[i]);
    for (uint32_t i = 0; scope->variables && i < scope->pipeline->variable_count; i++)
        bamboo_value_release(scope->variables[i]);
    memory_free(scope->records);
    memory_free(scope->variables);
}

void run_destroy(struct run *run)
{
    if (!run) return;
    for (size_t i = 0; i < run->scope_count; i++)
        scope_release(&run->scopes[i]);
    memory_free(run->scopes);
    memory_free(run->tokens);
    memory_free(run->timers);
    bamboo_value_release(run->parameters);
    bamboo_value_release(run->outputs);
    bamboo_value_release(run->options);
    run_outbox_release(&run->outbox);
    linked_program_release(run->linked);
    memory_free(run);
}

enum bamboo_status scope_create(struct run *run, uint32_t pipeline, uint32_t parent,
                                uint32_t parent_node, uint32_t *out, struct bamboo_error *error)
{
    if (!memory_grow((void **)&run->scopes, &run->scope_capacity, run->scope_count + 1,
                     sizeof *run->scopes))
        return fail_memory(error);
    const struct image_pipeline *row = &run->linked->program->pipelines[pipeline];
    struct scope scope = {.pipeline = row,
                          .parent = parent,
                          .parent_node = parent_node,
                          .depth = parent == SCOPE_NONE ? 0 : run->scopes[parent].depth + 1};
    scope.records = memory_allocate_zeroed(row->node_count, sizeof *scope.records);
    scope.variables = memory_allocate_zeroed(row->variable_count ? row->variable_count : 1,
                                             sizeof *scope.variables);
    if (!scope.records || !scope.variables) {
        scope_release(&scope);
        return fail_memory(error);
    }
    for (uint32_t i = 0; i < row->node_count; i++)
        scope.records[i].token = TOKEN_NONE;
    *out = (uint32_t)run->scope_count;
    run->scopes[run->scope_count++] = scope;
    return BAMBOO_OK;
}

enum bamboo_status token_create(struct run *run, uint32_t *out, struct bamboo_error *error)
{
    uint32_t token = run->free_token;
    if (token != TOKEN_NONE) {
        run->free_token = run->tokens[token].next;
    } else {
        if (!memory_grow((void **)&run->tokens, &run->token_capacity, run->token_count + 1,
                         sizeof *run->tokens))
            return fail_memory(error);
        token = (uint32_t)run->token_count++;
    }
    run->tokens[token] = (struct token){.state = TOKEN_READY,
                                        .parent = TOKEN_NONE,
                                        .destination = IMAGE_NONE,
                                        .back_node = IMAGE_NONE,
                                        .next = TOKEN_NONE};
    *out = token;
    return BAMBOO_OK;
}

static void token_dequeue_one(struct run *run, uint32_t token)
{
    uint32_t before = TOKEN_NONE, at = run->queue_first;
    for (; at != token; at = run->tokens[at].next)
        before = at;
    uint32_t next = run->tokens[token].next;
    if (before == TOKEN_NONE)
        run->queue_first = next;
    else
        run->tokens[before].next = next;
    if (run->queue_last == token) run->queue_last = before;
}

void token_free(struct run *run, uint32_t token)
{
    assert(run->tokens[token].state != TOKEN_DEAD);
    if (run->tokens[token].queued) token_dequeue_one(run, token);
    run->tokens[token] = (struct token){.state = TOKEN_DEAD, .next = run->free_token};
    run->free_token = token;
}

void token_free_all(struct run *run)
{
    run->queue_first = run->queue_last = TOKEN_NONE;
    for (uint32_t i = 0; i < run->token_count; i++) {
        run->tokens[i].queued = false;
        if (run->tokens[i].state != TOKEN_DEAD) token_free(run, i);
    }
}

void token_append(struct run *run, uint32_t token)
{
    struct token *queued = &run->tokens[token];
    assert(queued->state == TOKEN_READY);
    queued->queued = true;
    queued->next = TOKEN_NONE;
    if (run->queue_first == TOKEN_NONE)
        run->queue_first = token;
    else
        run->tokens[run->queue_last].next = token;
    run->queue_last = token;
}

uint32_t token_dequeue(struct run *run)
{
    while (run->queue_first != TOKEN_NONE) {
        uint32_t token = run->queue_first;
        struct token *first = &run->tokens[token];
        run->queue_first = first->next;
        first->queued = false;
        first->next = TOKEN_NONE;
        if (first->state == TOKEN_READY) return token;
    }
    return TOKEN_NONE;
}

bool scope_is_suspended(const struct run *run, uint32_t scope)
{
    for (const struct scope *at = &run->scopes[scope]; at->parent != SCOPE_NONE;
         at = &run->scopes[at->parent])
        if (record_of(run, at->parent, at->parent_node)->state == NODE_SUSPENDED) return true;
    return false;
}

uint32_t pipeline_find_node(const struct program *program, const struct image_pipeline *pipeline,
                            const char *name)
{
    for (uint32_t i = 0; i < pipeline->node_count; i++)
        if (strcmp(program_name(program, program->nodes[pipeline->first_node + i].name), name) == 0)
            return pipeline->first_node + i;
    return IMAGE_NONE;
}

uint32_t run_start_node(const struct run *run, struct bamboo_value options)
{
    const struct program *program = run->linked->program;
    struct bamboo_value start =
        options.type == BAMBOO_MAP ? bamboo_map_get(options, "start") : bamboo_missing();
    if (start.type != BAMBOO_STRING) return program->pipelines[0].start_node;
    return pipeline_find_node(program, &program->pipelines[0], bamboo_string_bytes(start, NULL));
}

bool timer_counts(const struct run *run, const struct timer *timer)
{
    if (timer->token == TOKEN_NONE) {
        const struct node_record *record = record_of(run, timer->scope, timer->node);
        if (record->state != NODE_RUNNING || record->version != timer->version) return false;
        if (timer->event == 0) return record->deadline == timer->time;
        /* What it would begin is held by a pause: so is the timer itself. */
        return !place_is_suspended(run, timer->scope, record) && record->extra &&
               timer->event <= record->extra->timer_count &&
               record->extra->timers[timer->event - 1].next == timer->time;
    }
    const struct token *token = &run->tokens[timer->token];
    return (token->state == TOKEN_POLL || token->state == TOKEN_RETRY) && !token->busy &&
           token->wake_at == timer->time && token->scope == timer->scope &&
           token->node == timer->node;
}

static void timer_sift_up(struct run *run, size_t child)
{
    struct timer timer = run->timers[child];
    while (child > 0 && run->timers[(child - 1) / 2].time > timer.time) {
        run->timers[child] = run->timers[(child - 1) / 2];
        child = (child - 1) / 2;
    }
    run->timers[child] = timer;
}

/* Throws out what does not count any more, so that the heap is as large as what is alive. */
static void timers_compact(struct run *run)
{
    size_t count = run->timer_count;
    run->timer_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!timer_counts(run, &run->timers[i])) continue;
        run->timers[run->timer_count] = run->timers[i];
        timer_sift_up(run, run->timer_count++);
    }
}

enum bamboo_status timer_add(struct run *run, struct timer timer, struct bamboo_error *error)
{
    if (run->replaying) return BAMBOO_OK;
    if (run->timer_count == run->timer_capacity) timers_compact(run);
    /* Half of the capacity stays free after a compaction, so that it pays. */
    if (!memory_grow((void **)&run->timers, &run->timer_capacity, 2 * run->timer_count + 1,
                     sizeof *run->timers))
        return fail_memory(error);
    run->timers[run->timer_count] = timer;
    timer_sift_up(run, run->timer_count++);
    return BAMBOO_OK;
}

void timer_remove_first(struct run *run)
{
    assert(run->timer_count > 0);
    struct timer last = run->timers[--run->timer_count];
    size_t parent = 0;
    for (;;) {
        size_t child = 2 * parent + 1;
        if (child >= run->timer_count) break;
        if (child + 1 < run->timer_count && run->timers[child + 1].time < run->timers[child].time)
            child++;
        if (run->timers[child].time >= last.time) break;
        run->timers[parent] = run->timers[child];
        parent = child;
    }
    if (run->timer_count) run->timers[parent] = last;
}

bool timer_first(struct run *run, struct timer *out)
{
    while (run->timer_count && !timer_counts(run, &run->timers[0]))
        timer_remove_first(run);
    if (!run->timer_count) return false;
    *out = run->timers[0];
    return true;
}
