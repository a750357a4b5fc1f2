#include "base/value_codec.h"

#include <assert.h>
#include <math.h>

#include "base/apart.h"
#include "base/limits.h"
#include "base/value.h"
#include "base/value_layout.h"

static_assert(BAMBOO_TYPE_COUNT == 10, "a new type needs an encoding");

/* Most values are their type and a number: the value itself, or how much follows. */
static inline void encode_head(struct byte_writer *writer, enum bamboo_type type, uint64_t number)
{
    uint8_t *to = writer_begin(writer, 1 + VARINT_SIZE_MAX);
    if (!to) return;
    *to++ = (uint8_t)type;
    writer_end(writer, put_varint(to, number));
}

static APART void encode_items(struct byte_writer *writer, const struct bamboo_list *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        value_encode(writer, list->items[i]);
}

static APART void encode_entries(struct byte_writer *writer, const struct bamboo_map *map)
{
    for (uint32_t i = 0; i < map->count; i++) {
        writer_sized(writer, map->entries[i].key->bytes, map->entries[i].key->size);
        value_encode(writer, map->entries[i].value);
    }
}

void value_encode(struct byte_writer *writer, struct bamboo_value value)
{
    switch (value.type) {
    case BAMBOO_MISSING:
    case BAMBOO_NULL:
    case BAMBOO_TYPE_COUNT: writer_u8(writer, (uint8_t)value.type); break;
    case BAMBOO_BOOL: encode_head(writer, value.type, value.as.boolean); break;
    case BAMBOO_INTEGER:
    case BAMBOO_DURATION: encode_head(writer, value.type, zigzag(value.as.integer)); break;
    case BAMBOO_FLOAT:
        writer_u8(writer, (uint8_t)value.type);
        writer_double(writer, value.as.number);
        break;
    case BAMBOO_BIG_INTEGER:
    case BAMBOO_STRING:
        encode_head(writer, value.type, value.as.string->size);
        writer_raw(writer, value.as.string->bytes, value.as.string->size);
        break;
    case BAMBOO_LIST:
        encode_head(writer, value.type, value.as.list->count);
        if (value.as.list->count > 0) encode_items(writer, value.as.list);
        break;
    case BAMBOO_MAP:
        encode_head(writer, value.type, value.as.map->count);
        if (value.as.map->count > 0) encode_entries(writer, value.as.map);
        break;
    }
}

/* --- decoding --- */

/* Everything but memory is the artifact's fault. */
static enum bamboo_status blame_artifact(enum bamboo_status status, struct bamboo_error *error)
{
    if (status == BAMBOO_OK || status == BAMBOO_E_MEMORY || status == BAMBOO_E_ARTIFACT)
        return status;
    return fail(error, BAMBOO_E_ARTIFACT, "an encoded value is not valid: %s",
                error ? error->message : "");
}

static enum bamboo_status malformed(struct bamboo_error *error, const char *how)
{
    return fail(error, BAMBOO_E_ARTIFACT, "an encoded value %s", how);
}

static enum bamboo_status decode(struct byte_reader *reader, unsigned depth,
                                 struct bamboo_value *out, struct bamboo_error *error);

static enum bamboo_status decode_string(struct byte_reader *reader, struct bamboo_value *out,
                                        struct bamboo_error *error)
{
    size_t size;
    const uint8_t *bytes = reader_sized(reader, &size);
    if (!bytes) return malformed(error, "ends inside a string");
    return blame_artifact(bamboo_string_create((const char *)bytes, size, out, error), error);
}

static enum bamboo_status decode_big_integer(struct byte_reader *reader, struct bamboo_value *out,
                                             struct bamboo_error *error)
{
    size_t size;
    const uint8_t *bytes = reader_sized(reader, &size);
    if (!bytes) return malformed(error, "ends inside a number");
    enum bamboo_status status = value_integer_from_digits((const char *)bytes, size, out, error);
    if (status == BAMBOO_OK && out->type != BAMBOO_BIG_INTEGER)
        return malformed(error, "has a small number as a large one");
    return blame_artifact(status, error);
}

static enum bamboo_status decode_list(struct byte_reader *reader, unsigned depth,
                                      struct bamboo_value *out, struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    uint64_t count = reader_bounded(reader, VALUE_COUNT_MAX);
    for (uint64_t i = 0; i < count && !builder.failed; i++) {
        struct bamboo_value item = bamboo_missing();
        if ((status = decode(reader, depth + 1, &item, error)) != BAMBOO_OK) goto done;
        bamboo_list_builder_append_take(&builder, item);
    }
    if (reader->failed)
        status = malformed(error, "has a list without a valid count");
    else
        status = blame_artifact(bamboo_list_builder_finish(&builder, out, error), error);
done:
    bamboo_list_builder_release(&builder);
    return status;
}

static enum bamboo_status decode_entry(struct byte_reader *reader, unsigned depth,
                                       struct bamboo_map_builder *builder,
                                       struct bamboo_error *error)
{
    struct bamboo_value key = bamboo_missing();
    struct bamboo_value value = bamboo_missing();
    enum bamboo_status status = decode_string(reader, &key, error);
    if (status != BAMBOO_OK) return status;
    uint32_t count = builder->map ? builder->map->count : 0;
    if ((status = decode(reader, depth + 1, &value, error)) == BAMBOO_OK) {
        bamboo_map_builder_put_take(builder, key, value);
        if (!builder->failed && builder->map && builder->map->count == count)
            status = malformed(error, "has a map with the same key twice");
    }
    bamboo_value_release(key);
    return status;
}

static enum bamboo_status decode_map(struct byte_reader *reader, unsigned depth,
                                     struct bamboo_value *out, struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    struct bamboo_map_builder builder;
    bamboo_map_builder_init(&builder);
    uint64_t count = reader_bounded(reader, VALUE_COUNT_MAX);
    for (uint64_t i = 0; i < count && !builder.failed && !status; i++)
        status = decode_entry(reader, depth, &builder, error);
    if (status) goto done;
    if (reader->failed)
        status = malformed(error, "has a map without a valid count");
    else
        status = blame_artifact(bamboo_map_builder_finish(&builder, out, error), error);
done:
    bamboo_map_builder_release(&builder);
    return status;
}

static enum bamboo_status decode_bool(struct byte_reader *reader, struct bamboo_value *out,
                                      struct bamboo_error *error)
{
    uint8_t byte = reader_u8(reader);
    if (byte > 1) return malformed(error, "has a bool that is neither true nor false");
    *out = bamboo_bool(byte == 1);
    return BAMBOO_OK;
}

static enum bamboo_status decode_float(struct byte_reader *reader, struct bamboo_value *out,
                                       struct bamboo_error *error)
{
    double number = reader_double(reader);
    if (!isfinite(number)) return malformed(error, "has a float that is not finite");
    *out = bamboo_float(number);
    return BAMBOO_OK;
}

static enum bamboo_status decode_unboxed(struct byte_reader *reader, enum bamboo_type type,
                                         struct bamboo_value *out, struct bamboo_error *error)
{
    if (type == BAMBOO_BOOL) return decode_bool(reader, out, error);
    if (type == BAMBOO_FLOAT) return decode_float(reader, out, error);
    if (type == BAMBOO_INTEGER)
        *out = bamboo_integer(reader_signed(reader));
    else if (type == BAMBOO_DURATION)
        *out = bamboo_duration(reader_signed(reader));
    else
        *out = type == BAMBOO_NULL ? bamboo_null() : bamboo_missing();
    return BAMBOO_OK;
}

static enum bamboo_status decode(struct byte_reader *reader, unsigned depth,
                                 struct bamboo_value *out, struct bamboo_error *error)
{
    uint8_t type = reader_u8(reader);
    struct bamboo_value value = bamboo_missing();
    enum bamboo_status status;
    if (reader->failed) return malformed(error, "ends too early");
    if (type >= BAMBOO_TYPE_COUNT) return malformed(error, "has an unknown type");
    if (depth > VALUE_DEPTH_MAX) return malformed(error, "is nested too deeply");
    if (type == BAMBOO_STRING)
        status = decode_string(reader, &value, error);
    else if (type == BAMBOO_BIG_INTEGER)
        status = decode_big_integer(reader, &value, error);
    else if (type == BAMBOO_LIST)
        status = decode_list(reader, depth, &value, error);
    else if (type == BAMBOO_MAP)
        status = decode_map(reader, depth, &value, error);
    else
        status = decode_unboxed(reader, type, &value, error);
    if (status) return status;
    if (reader->failed) {
        bamboo_value_release(value);
        return malformed(error, "ends too early or has a malformed number");
    }
    *out = value;
    return BAMBOO_OK;
}

/* `depth` is the number of lists and maps around a value: a scalar may stand inside the deepest. */
enum bamboo_status value_decode(struct byte_reader *reader, struct bamboo_value *out,
                                struct bamboo_error *error)
{
    return decode(reader, 0, out, error);
}
