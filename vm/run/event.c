#include "vm/run/event.h"

#include "base/apart.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/value_codec.h"

static const char *const EVENT_NAMES[] = {
#define EVENT(name, text, fields, meaning) [EVENT_##name] = text,
#include "vm/run/events.def"
#undef EVENT
};

const char *event_type_name(enum event_type type)
{
    return EVENT_NAMES[type];
}

static APART void encode_lists(struct byte_writer *writer, const struct event *event,
                               uint32_t fields)
{
    if (fields & FIELD_FLOWS) {
        writer_varint(writer, event->flow_count);
        for (uint32_t i = 0; i < event->flow_count; i++)
            writer_varint(writer, event->flows[i]);
    }
    if (event->flags & EVENT_ASSIGNMENTS) {
        writer_varint(writer, event->assignment_count);
        for (uint32_t i = 0; i < event->assignment_count; i++) {
            writer_varint(writer, event->assignments[i].variable);
            value_encode(writer, event->assignments[i].value);
        }
    }
}

/* Of few events. */
static APART uint8_t *encode_place(uint8_t *to, const struct event *event)
{
    to = put_varint(to, event->scope);
    return put_varint(to, event->node);
}

static APART uint8_t *encode_more_numbers(uint8_t *to, const struct event *event, uint32_t fields)
{
    if (fields & FIELD_PC) to = put_varint(to, event->pc);
    if (fields & FIELD_TIMER) to = put_varint(to, event->timer);
    if (fields & FIELD_TARGET) {
        to = put_varint(to, event->target_scope);
        to = put_varint(to, event->target_node);
        to = put_varint(to, event->mode);
        *to++ = event->skip_token_check;
    }
    return to;
}

/* The type, the flags, the time and the numbers of the type's fields. */
#define HEAD_SIZE_MAX ((size_t)12 * VARINT_SIZE_MAX)
static inline uint8_t *encode_head(uint8_t *to, const struct event *event, uint32_t fields,
                                   int64_t before)
{
    *to++ = (uint8_t)event->type;
    to = put_varint(to, event->flags);
    to = put_signed(to, event->time - before);
    if (fields & FIELD_TOKEN) to = put_varint(to, event->token);
    if (fields & FIELD_PLACE) to = encode_place(to, event);
    if (fields & FIELD_FLOW) to = put_varint(to, event->flow);
    if (fields & (FIELD_PC | FIELD_TIMER | FIELD_TARGET))
        to = encode_more_numbers(to, event, fields);
    return to;
}

/* What comes behind the outputs, of few events. */
static APART void encode_rest(struct byte_writer *writer, const struct event *event,
                              uint32_t fields)
{
    if (event->flags & EVENT_OPTIONS) value_encode(writer, event->options);
    if (event->flags & EVENT_DEADLINE) writer_signed(writer, event->deadline - event->time);
    if (event->flags & EVENT_WAKE) writer_signed(writer, event->wake_at - event->time);
    if (fields & FIELD_ACTOR) {
        value_encode(writer, event->actor);
        value_encode(writer, event->reason);
    }
}

void event_encode(struct byte_writer *writer, const struct event *event, int64_t before)
{
    uint32_t fields = event_type_fields(event->type);
    uint8_t *to = writer_begin(writer, HEAD_SIZE_MAX);
    if (!to) return;
    writer_end(writer, encode_head(to, event, fields, before));
    if ((fields & FIELD_FLOWS) || (event->flags & EVENT_ASSIGNMENTS))
        encode_lists(writer, event, fields);
    if ((fields & FIELD_INPUTS) || (event->flags & EVENT_INPUTS))
        value_encode(writer, event->inputs);
    if (event->flags & EVENT_OUTPUTS) value_encode(writer, event->outputs);
    if ((fields & FIELD_ACTOR) || (event->flags & (EVENT_OPTIONS | EVENT_DEADLINE | EVENT_WAKE)))
        encode_rest(writer, event, fields);
}

/* An array of `count` elements, each of which takes at least one byte of what is left. */
static enum bamboo_status list_allocate(const struct byte_reader *reader, uint64_t count,
                                        size_t element_size, void **out, struct bamboo_error *error)
{
    if (count > (size_t)(reader->end - reader->next))
        return fail(error, BAMBOO_E_STORE, "a list in an event is longer than the event");
    *out = memory_allocate_zeroed(count ? count : 1, element_size);
    return *out ? BAMBOO_OK : fail_memory(error);
}

static enum bamboo_status decode_lists(struct byte_reader *reader, struct event *event,
                                       uint32_t fields, struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    if (fields & FIELD_FLOWS) {
        uint64_t count = reader_varint(reader);
        status = list_allocate(reader, count, sizeof *event->flows, (void **)&event->flows, error);
        if (status != BAMBOO_OK) return status;
        for (; event->flow_count < count; event->flow_count++)
            event->flows[event->flow_count] = (uint32_t)reader_bounded(reader, UINT32_MAX);
    }
    if (!(event->flags & EVENT_ASSIGNMENTS)) return BAMBOO_OK;
    uint64_t count = reader_varint(reader);
    status = list_allocate(reader, count, sizeof *event->assignments, (void **)&event->assignments,
                           error);
    if (status != BAMBOO_OK) return status;
    for (; event->assignment_count < count; event->assignment_count++) {
        struct assignment *assignment = &event->assignments[event->assignment_count];
        assignment->variable = (uint32_t)reader_bounded(reader, UINT32_MAX);
        if ((status = value_decode(reader, &assignment->value, error)) != BAMBOO_OK) return status;
    }
    return BAMBOO_OK;
}

/* A time as its distance from another one. */
static int64_t read_time(struct byte_reader *reader, int64_t from)
{
    int64_t time;
    if (__builtin_add_overflow(from, reader_signed(reader), &time)) reader->failed = true;
    return reader->failed ? 0 : time;
}

static enum bamboo_status decode_values(struct byte_reader *reader, struct event *event,
                                        uint32_t fields, struct bamboo_error *error)
{
    enum bamboo_status status;
    if ((fields & FIELD_INPUTS) || (event->flags & EVENT_INPUTS))
        if ((status = value_decode(reader, &event->inputs, error)) != BAMBOO_OK) return status;
    if (event->flags & EVENT_OUTPUTS)
        if ((status = value_decode(reader, &event->outputs, error)) != BAMBOO_OK) return status;
    if (event->flags & EVENT_OPTIONS)
        if ((status = value_decode(reader, &event->options, error)) != BAMBOO_OK) return status;
    if (event->flags & EVENT_DEADLINE) event->deadline = read_time(reader, event->time);
    if (event->flags & EVENT_WAKE) event->wake_at = read_time(reader, event->time);
    if (!(fields & FIELD_ACTOR)) return BAMBOO_OK;
    if ((status = value_decode(reader, &event->actor, error)) != BAMBOO_OK) return status;
    return value_decode(reader, &event->reason, error);
}

enum bamboo_status event_decode(struct byte_reader *reader, int64_t before, struct event *out,
                                struct bamboo_error *error)
{
    *out = (struct event){0};
    uint8_t type = reader_u8(reader);
    if (reader->failed || type >= EVENT_TYPE_COUNT)
        return fail(error, BAMBOO_E_STORE, "an event of unknown type %u", type);
    out->type = (enum event_type)type;
    uint32_t fields = event_type_fields(out->type);
    out->flags = (uint32_t)reader_bounded(reader, EVENT_FLAGS_ALL);
    out->time = read_time(reader, before);
    if (fields & FIELD_TOKEN) out->token = (uint32_t)reader_bounded(reader, UINT32_MAX);
    if (fields & FIELD_PLACE) {
        out->scope = (uint32_t)reader_bounded(reader, UINT32_MAX);
        out->node = (uint32_t)reader_bounded(reader, UINT32_MAX);
    }
    if (fields & FIELD_FLOW) out->flow = (uint32_t)reader_bounded(reader, UINT32_MAX);
    if (fields & FIELD_PC) out->pc = (uint32_t)reader_bounded(reader, OPERAND_MAX);
    if (fields & FIELD_TIMER) out->timer = (uint32_t)reader_bounded(reader, UINT32_MAX);
    if (fields & FIELD_TARGET) {
        out->target_scope = (uint32_t)reader_bounded(reader, UINT32_MAX);
        out->target_node = (uint32_t)reader_bounded(reader, UINT32_MAX);
        out->mode = (uint32_t)reader_bounded(reader, UINT32_MAX);
        out->skip_token_check = reader_u8(reader) != 0;
    }
    enum bamboo_status status = decode_lists(reader, out, fields, error);
    if (status == BAMBOO_OK) status = decode_values(reader, out, fields, error);
    if (status == BAMBOO_E_MEMORY) return status;
    if (status != BAMBOO_OK || reader->failed)
        return fail(error, BAMBOO_E_STORE, "'%s' is damaged", event_type_name(out->type));
    return BAMBOO_OK;
}

void event_release(struct event *event)
{
    for (uint32_t i = 0; i < event->assignment_count; i++)
        bamboo_value_release(event->assignments[i].value);
    memory_free(event->assignments);
    memory_free(event->flows);
    bamboo_value_release(event->inputs);
    bamboo_value_release(event->outputs);
    bamboo_value_release(event->options);
    bamboo_value_release(event->actor);
    bamboo_value_release(event->reason);
    *event = (struct event){0};
}
