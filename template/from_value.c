#include "template/from_value.h"

#include "base/value.h"
#include "template/integer.h"
#include "template/map.h"

static enum bamboo_status list_from_value(struct evaluation *evaluation, struct bamboo_value value,
                                          struct object *out)
{
    size_t count = bamboo_list_count(value);
    enum bamboo_status status = object_list(evaluation, OBJECT_LIST, count, out);
    for (size_t i = 0; status == BAMBOO_OK && i < count; i++) {
        struct object item = object_none();
        status = object_from_value(evaluation, bamboo_list_at(value, i), &item);
        if (status == BAMBOO_OK) status = list_append(evaluation, out->as.list, item);
    }
    return status;
}

static enum bamboo_status map_from_value(struct evaluation *evaluation, struct bamboo_value value,
                                         struct object *out)
{
    size_t count = bamboo_map_count(value);
    enum bamboo_status status = object_map(evaluation, OBJECT_MAP, out);
    for (size_t i = 0; status == BAMBOO_OK && i < count; i++) {
        struct object key = object_none(), item = object_none();
        status = object_from_value(evaluation, bamboo_map_key_at(value, i), &key);
        if (status == BAMBOO_OK)
            status = object_from_value(evaluation, bamboo_map_value_at(value, i), &item);
        if (status == BAMBOO_OK) status = map_set(evaluation, out->as.map, key, item);
    }
    return status;
}

static enum bamboo_status duration_as_text(struct evaluation *evaluation, int64_t milliseconds,
                                           struct object *out)
{
    struct text text = {0};
    value_append_text(&text, bamboo_duration(milliseconds));
    enum bamboo_status status =
        text.failed ? (evaluation->status = fail_memory(evaluation->error))
                    : object_copy_text(evaluation, text_string(&text), text.size, out);
    text_release(&text);
    return status;
}

static enum bamboo_status text_from_value(struct evaluation *evaluation, struct bamboo_value value,
                                          struct object *out)
{
    size_t size;
    const char *bytes = bamboo_string_bytes(value, &size);
    return object_borrow_text(evaluation, bytes, size, out);
}

static enum bamboo_status big_from_value(struct evaluation *evaluation, struct bamboo_value value,
                                         struct object *out)
{
    size_t size;
    const char *digits = bamboo_string_bytes(value, &size);
    bool is_negative = digits[0] == '-';
    return integer_from_digits(evaluation, digits + is_negative, size - is_negative, 10,
                               is_negative, out);
}

enum bamboo_status object_from_value(struct evaluation *evaluation, struct bamboo_value value,
                                     struct object *out)
{
    *out = object_none();
    switch (value.type) {
    case BAMBOO_MISSING:
    case BAMBOO_TYPE_COUNT:
    case BAMBOO_NULL: return BAMBOO_OK;
    case BAMBOO_BOOL: *out = object_bool(value.as.boolean); return BAMBOO_OK;
    case BAMBOO_INTEGER: *out = object_integer(value.as.integer); return BAMBOO_OK;
    case BAMBOO_FLOAT: *out = object_float(value.as.number); return BAMBOO_OK;
    case BAMBOO_DURATION: return duration_as_text(evaluation, value.as.integer, out);
    case BAMBOO_BIG_INTEGER: return big_from_value(evaluation, value, out);
    case BAMBOO_STRING: return text_from_value(evaluation, value, out);
    case BAMBOO_LIST: return list_from_value(evaluation, value, out);
    case BAMBOO_MAP: return map_from_value(evaluation, value, out);
    }
    return BAMBOO_OK;
}
