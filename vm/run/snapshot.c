/* A run as bytes, so that recovery takes time in its live state and not in its history. Only what
 * is state is written; the transient parts are made again (run_index). What is read back is checked
 * against the program: the disk may lie. */
#include <assert.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/value_codec.h"
#include "vm/run/node_timer.h"

#define SNAPSHOT_FORMAT 3
/* A snapshot pays when what it replaces is larger by this factor, and not tiny. */
#define SNAPSHOT_EVENT_BYTES_MIN (64u << 10)
#define SNAPSHOT_FACTOR          4

bool run_wants_snapshot(const struct run *run)
{
    return run->unsnapshotted > SNAPSHOT_EVENT_BYTES_MIN &&
           run->unsnapshotted > SNAPSHOT_FACTOR * run->snapshot_size;
}

/* --- Writing --- */

/* Indices that may be none (UINT32_MAX) as x + 1, so that none is 0. */
static void write_optional(struct byte_writer *out, uint32_t index)
{
    writer_varint(out, (uint32_t)(index + 1));
}

static void write_extra(struct byte_writer *out, const struct node_extra *extra)
{
    writer_u8(out, extra != NULL);
    if (!extra) return;
    value_encode(out, extra->replaced_inputs);
    writer_varint(out, extra->callback_count);
    for (size_t i = 0; i < extra->callback_count; i++)
        value_encode(out, extra->callbacks[i]);
    writer_varint(out, extra->timer_count);
    for (uint32_t i = 0; i < extra->timer_count; i++) {
        writer_varint(out, extra->timers[i].fired);
        writer_signed(out, extra->timers[i].next);
    }
    const struct reservation *reservation = &extra->reservation;
    writer_u8(out, reservation->mode);
    if (reservation->mode == ROLLBACK_NONE) return;
    writer_u8(out, reservation->skip_token_check);
    writer_varint(out, reservation->scope);
    writer_varint(out, reservation->node);
    value_encode(out, reservation->actor);
}

static void write_record(struct byte_writer *out, const struct node_record *record)
{
    writer_u8(out, record->state);
    writer_u8(out, record->flags);
    writer_varint(out, record->automatic_retries);
    write_optional(out, record->token);
    writer_varint(out, record->loop);
    writer_varint(out, record->inner_loop);
    writer_varint(out, record->retry);
    writer_varint(out, record->schedules);
    writer_varint(out, record->child);
    writer_varint(out, record->version);
    writer_signed(out, record->started);
    writer_signed(out, record->archived);
    writer_signed(out, record->deadline);
    value_encode(out, record->inputs);
    value_encode(out, record->outputs);
    write_extra(out, record->extra);
}

static void write_scope(struct byte_writer *out, const struct run *run, uint32_t index)
{
    const struct scope *scope = &run->scopes[index];
    const struct image_pipeline *pipeline = scope_pipeline(run, index);
    writer_varint(out, scope_pipeline_index(run, index));
    write_optional(out, scope->parent);
    writer_varint(out, scope->parent == SCOPE_NONE ? 0 : scope->parent_node);
    writer_varint(out, scope->return_pc);
    for (uint32_t i = 0; i < pipeline->variable_count; i++)
        value_encode(out, scope->variables[i]);
    for (uint32_t i = 0; i < pipeline->node_count; i++) {
        const struct node_record *record = &scope->records[i];
        /* A run of untouched nodes is a zero and their count. */
        uint32_t untouched = 0;
        while (i + untouched < pipeline->node_count && record[untouched].state == NODE_NONE &&
               record[untouched].token == TOKEN_NONE && record[untouched].loop == 0 &&
               record[untouched].child == 0 && !record[untouched].extra)
            untouched++;
        writer_varint(out, untouched);
        i += untouched;
        if (i < pipeline->node_count) write_record(out, &scope->records[i]);
    }
}

static void write_token(struct byte_writer *out, const struct token *token)
{
    writer_u8(out, token->state);
    if (token->state == TOKEN_DEAD) {
        write_optional(out, token->next);
        return;
    }
    writer_varint(out, token->scope);
    writer_varint(out, token->node);
    writer_varint(out, token->pc);
    write_optional(out, token->parent);
    writer_varint(out, token->children);
    write_optional(out, token->destination);
    writer_varint(out, token->destination_scope);
    writer_signed(out, token->wake_at);
    write_optional(out, token->back_node);
    if (token->back_node != IMAGE_NONE) writer_varint(out, token->back_scope);
}

void run_snapshot(struct run *run, struct byte_writer *out)
{
    size_t before = out->size;
    writer_u8(out, SNAPSHOT_FORMAT);
    writer_u8(out, run->state);
    writer_varint(out, run->sequence);
    writer_varint(out, run->versions);
    writer_signed(out, run->time);
    writer_signed(out, run->created);
    writer_signed(out, run->finished);
    value_encode(out, run->parameters);
    value_encode(out, run->outputs);
    value_encode(out, run->options);
    writer_varint(out, run->scope_count);
    for (uint32_t i = 0; i < run->scope_count; i++)
        write_scope(out, run, i);
    writer_varint(out, run->token_count);
    for (size_t i = 0; i < run->token_count; i++)
        write_token(out, &run->tokens[i]);
    write_optional(out, run->free_token);
    run->snapshot_size = out->size - before;
    run->unsnapshotted = 0;
}

/* --- Reading --- */

/* What write_optional() wrote. */
static uint32_t read_optional(struct byte_reader *reader)
{
    return (uint32_t)reader_bounded(reader, UINT32_MAX) - 1;
}

static uint32_t read_u32(struct byte_reader *reader)
{
    return (uint32_t)reader_bounded(reader, UINT32_MAX);
}

static enum bamboo_status read_timers(struct byte_reader *reader, struct node_extra *extra,
                                      struct bamboo_error *error)
{
    uint64_t count = reader_bounded(reader, (uint64_t)(reader->end - reader->next));
    if (count == 0) return BAMBOO_OK;
    extra->timers = memory_allocate_zeroed(count, sizeof *extra->timers);
    if (!extra->timers) return fail_memory(error);
    for (; extra->timer_count < count; extra->timer_count++) {
        extra->timers[extra->timer_count].fired = read_u32(reader);
        extra->timers[extra->timer_count].next = reader_signed(reader);
    }
    return BAMBOO_OK;
}

static enum bamboo_status read_reservation(struct byte_reader *reader,
                                           struct reservation *reservation,
                                           struct bamboo_error *error)
{
    reservation->mode = (uint8_t)reader_bounded(reader, ROLLBACK_MODE_COUNT - 1);
    if (reservation->mode == ROLLBACK_NONE) return BAMBOO_OK;
    reservation->skip_token_check = reader_u8(reader) != 0;
    reservation->scope = read_u32(reader);
    reservation->node = read_u32(reader);
    return value_decode(reader, &reservation->actor, error);
}

static enum bamboo_status read_extra(struct byte_reader *reader, struct node_record *record,
                                     struct bamboo_error *error)
{
    if (reader_u8(reader) == 0) return BAMBOO_OK;
    struct node_extra *extra = record_extra(record);
    if (!extra) return fail_memory(error);
    enum bamboo_status status = value_decode(reader, &extra->replaced_inputs, error);
    uint64_t count = reader_bounded(reader, (uint64_t)(reader->end - reader->next));
    for (uint64_t i = 0; i < count && status == BAMBOO_OK; i++) {
        if (!memory_grow((void **)&extra->callbacks, &extra->callback_capacity, i + 1,
                         sizeof *extra->callbacks))
            return fail_memory(error);
        status = value_decode(reader, &extra->callbacks[i], error);
        if (status == BAMBOO_OK) extra->callback_count++;
    }
    if (status == BAMBOO_OK) status = read_timers(reader, extra, error);
    return status == BAMBOO_OK ? read_reservation(reader, &extra->reservation, error) : status;
}

static enum bamboo_status read_record(struct byte_reader *reader, struct node_record *record,
                                      struct bamboo_error *error)
{
    record->state = (uint8_t)reader_u8(reader);
    if (record->state >= NODE_STATE_COUNT) reader->failed = true;
    if (reader->failed) return fail(error, BAMBOO_E_STORE, "a node's record is damaged");
    record->flags = reader_u8(reader);
    record->automatic_retries = (uint16_t)reader_bounded(reader, UINT16_MAX);
    record->token = read_optional(reader);
    record->loop = read_u32(reader);
    record->inner_loop = read_u32(reader);
    record->retry = read_u32(reader);
    record->schedules = read_u32(reader);
    record->child = read_u32(reader);
    record->version = reader_varint(reader);
    record->started = reader_signed(reader);
    record->archived = reader_signed(reader);
    record->deadline = reader_signed(reader);
    enum bamboo_status status = value_decode(reader, &record->inputs, error);
    if (status == BAMBOO_OK) status = value_decode(reader, &record->outputs, error);
    return status == BAMBOO_OK ? read_extra(reader, record, error) : status;
}

static enum bamboo_status read_scope(struct byte_reader *reader, struct run *run,
                                     struct bamboo_error *error)
{
    const struct program *program = run->linked->program;
    uint32_t pipeline = read_u32(reader), parent = read_optional(reader);
    uint32_t parent_node = read_u32(reader), return_pc = read_u32(reader), index;
    bool root = run->scope_count == 0;
    if (reader->failed || pipeline >= program->pipeline_count || root != (parent == SCOPE_NONE) ||
        (!root && (parent >= run->scope_count || parent_node >= program->node_count ||
                   return_pc >= program->code_count)))
        return fail(error, BAMBOO_E_STORE, "a scope is damaged");
    enum bamboo_status status =
        scope_create(run, pipeline, parent, root ? IMAGE_NONE : parent_node, &index, error);
    if (status != BAMBOO_OK) return status;
    struct scope *scope = &run->scopes[index];
    scope->return_pc = return_pc;
    const struct image_pipeline *row = scope_pipeline(run, index);
    for (uint32_t i = 0; i < row->variable_count && status == BAMBOO_OK; i++)
        status = value_decode(reader, &scope->variables[i], error);
    for (uint32_t i = 0; i < row->node_count && status == BAMBOO_OK; i++) {
        i += (uint32_t)reader_bounded(reader, row->node_count - i);
        if (i == row->node_count) break;
        const struct node_record *record = &scope->records[i];
        status = read_record(reader, &scope->records[i], error);
        run->has_reserved |= record->extra && record->extra->reservation.mode != ROLLBACK_NONE;
    }
    return status;
}

static enum bamboo_status read_token(struct byte_reader *reader, struct run *run,
                                     struct bamboo_error *error)
{
    uint32_t index;
    enum bamboo_status status = token_create(run, &index, error);
    if (status != BAMBOO_OK) return status;
    struct token *token = &run->tokens[index];
    token->state = reader_u8(reader);
    if (token->state == TOKEN_DEAD) {
        token->next = read_optional(reader);
        return BAMBOO_OK;
    }
    token->scope = read_u32(reader);
    token->node = read_u32(reader);
    token->pc = read_u32(reader);
    token->parent = read_optional(reader);
    token->children = read_u32(reader);
    token->destination = read_optional(reader);
    token->destination_scope = read_u32(reader);
    token->wake_at = reader_signed(reader);
    token->back_node = read_optional(reader);
    if (token->back_node != IMAGE_NONE) token->back_scope = read_u32(reader);
    return BAMBOO_OK;
}

static bool node_in_scope(const struct run *run, uint32_t scope, uint32_t node)
{
    const struct image_pipeline *pipeline = scope_pipeline(run, scope);
    return node >= pipeline->first_node && node - pipeline->first_node < pipeline->node_count;
}

/* Are the timers of a record those of its node, and has its reservation a target? */
static bool extra_fits(const struct run *run, uint32_t scope, uint32_t index)
{
    const struct node_extra *extra = run->scopes[scope].records[index].extra;
    uint32_t node = scope_pipeline(run, scope)->first_node + index;
    if (!extra) return true;
    if (extra->timer_count > 0 && (!node_timer_row(run, node, extra->timer_count - 1) ||
                                   node_timer_row(run, node, extra->timer_count)))
        return false;
    const struct reservation *reservation = &extra->reservation;
    return reservation->mode == ROLLBACK_NONE ||
           (reservation->scope < run->scope_count &&
            node_in_scope(run, reservation->scope, reservation->node));
}

static bool token_fits(const struct run *run, const struct token *token)
{
    if (token->state == TOKEN_DEAD)
        return token->next == TOKEN_NONE || token->next < run->token_count;
    if (token->state >= TOKEN_STATE_COUNT || token->scope >= run->scope_count ||
        token->pc >= run->linked->program->code_count ||
        (token->parent != TOKEN_NONE && token->parent >= run->token_count))
        return false;
    if (token->back_node != IMAGE_NONE &&
        (token->back_scope >= run->scope_count ||
         !node_in_scope(run, token->back_scope, token->back_node)))
        return false;
    if (!node_in_scope(run, token->scope, token->node)) return false;
    bool is_at_work = token->state == TOKEN_WORKING || token->state == TOKEN_POLL ||
                      token->state == TOKEN_CALLBACK;
    return !is_at_work || node_component(run, node_of(run, token->node));
}

/* Is the scope of a subprocess the one that it entered? So scopes are a tree, and walks end. */
static bool child_fits(const struct run *run, uint32_t scope, uint32_t index)
{
    uint32_t child = run->scopes[scope].records[index].child;
    if (child == 0) return true;
    return child <= run->scope_count && run->scopes[child - 1].parent == scope &&
           run->scopes[child - 1].parent_node == scope_pipeline(run, scope)->first_node + index;
}

static bool records_fit(const struct run *run, uint32_t scope)
{
    for (uint32_t i = 0; i < scope_pipeline(run, scope)->node_count; i++) {
        const struct node_record *record = &run->scopes[scope].records[i];
        if ((record->token != TOKEN_NONE && record->token >= run->token_count) ||
            !child_fits(run, scope, i) || !extra_fits(run, scope, i))
            return false;
    }
    return true;
}

/* Do all indices point at something? Then damage cannot make the machine read beyond its arrays. */
static bool indices_fit(const struct run *run)
{
    for (size_t i = 0; i < run->token_count; i++)
        if (!token_fits(run, &run->tokens[i])) return false;
    for (uint32_t s = 0; s < run->scope_count; s++) {
        const struct scope *scope = &run->scopes[s];
        if (scope->parent != SCOPE_NONE && !node_in_scope(run, scope->parent, scope->parent_node))
            return false;
        if (!records_fit(run, s)) return false;
    }
    return run->free_token == TOKEN_NONE || run->free_token < run->token_count;
}

static enum bamboo_status read_all(struct byte_reader *reader, struct run *run,
                                   struct bamboo_error *error)
{
    if (reader_u8(reader) != SNAPSHOT_FORMAT)
        return fail(error, BAMBOO_E_STORE, "the snapshot is of another format");
    run->state = reader_u8(reader);
    run->sequence = reader_varint(reader);
    run->versions = reader_varint(reader);
    run->time = reader_signed(reader);
    run->created = reader_signed(reader);
    run->finished = reader_signed(reader);
    enum bamboo_status status = value_decode(reader, &run->parameters, error);
    if (status == BAMBOO_OK) status = value_decode(reader, &run->outputs, error);
    struct bamboo_value options;
    if (status == BAMBOO_OK) status = value_decode(reader, &options, error);
    if (status == BAMBOO_OK) run_set_options_take(run, options);
    uint64_t count = reader_varint(reader);
    for (uint64_t i = 0; i < count && status == BAMBOO_OK && !reader->failed; i++)
        status = read_scope(reader, run, error);
    count = reader_varint(reader);
    for (uint64_t i = 0; i < count && status == BAMBOO_OK && !reader->failed; i++)
        status = read_token(reader, run, error);
    run->free_token = read_optional(reader);
    if (status == BAMBOO_OK && (reader->failed || !reader_at_end(reader) ||
                                run->state >= RUN_STATE_COUNT || !indices_fit(run)))
        return fail(error, BAMBOO_E_STORE, "the snapshot is damaged");
    return status;
}

enum bamboo_status run_restore(struct linked_program *program, const char *id, const void *snapshot,
                               size_t size, struct run **out, struct bamboo_error *error)
{
    struct run *run = NULL;
    if (program->program->kind != IMAGE_FLOW)
        return fail(error, BAMBOO_E_USAGE, "this artifact is not a flow");
    enum bamboo_status status = run_allocate(program, id, &run, error);
    if (status == BAMBOO_OK && snapshot) {
        struct byte_reader reader = reader_of(snapshot, size);
        status = read_all(&reader, run, error);
        run->snapshot_size = size;
        run->outbox.first = run->sequence + 1;
    }
    if (status != BAMBOO_OK) {
        run_destroy(run);
        return status == BAMBOO_E_ARTIFACT
                   ? fail(error, BAMBOO_E_STORE, "the snapshot of run %s is damaged", id)
                   : status;
    }
    *out = run;
    return BAMBOO_OK;
}
