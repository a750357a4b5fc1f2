/* unique(): comparing all with all would take quadratic time, so each element is written in a form
 * that is the same for equal values, and a map tells which forms were there. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/number.h"
#include "stdlib/function_bodies.h"

/* A longer form is replaced by its digest. */
#define FORM_SIZE_MAX 64

static void append_form(struct text *text, struct bamboo_value value);

/* 1 and 1.0 are equal. */
static void append_number(struct text *text, double number)
{
    bool is_integer = number >= -9223372036854775808.0 && number < 9223372036854775808.0 &&
                      trunc(number) == number;
    if (is_integer)
        text_append_format(text, "%" PRId64, (int64_t)number);
    else
        number_append(text, number);
}

static void append_string(struct text *text, struct bamboo_value string)
{
    size_t size;
    const char *bytes = bamboo_string_bytes(string, &size);
    json_append_string(text, bytes, size);
}

static int compare_keys(const void *left, const void *right)
{
    size_t left_size, right_size;
    const char *left_bytes = bamboo_string_bytes(*(const struct bamboo_value *)left, &left_size);
    const char *right_bytes = bamboo_string_bytes(*(const struct bamboo_value *)right, &right_size);
    size_t size = left_size < right_size ? left_size : right_size;
    int order = memcmp(left_bytes, right_bytes, size);
    return order != 0 ? order : (left_size > right_size) - (left_size < right_size);
}

/* Maps are equal in any order, so the keys are sorted. */
static void append_map(struct text *text, struct bamboo_value map)
{
    size_t count = bamboo_map_count(map);
    struct bamboo_value *keys = memory_allocate_zeroed(count + 1, sizeof *keys);
    if (!keys) {
        text->failed = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        keys[i] = bamboo_map_key_at(map, i);
    qsort(keys, count, sizeof *keys, compare_keys);
    text_append_character(text, '{');
    for (size_t i = 0; i < count; i++) {
        append_string(text, keys[i]);
        append_form(text, bamboo_map_find(map, keys[i]));
    }
    text_append_character(text, '}');
    memory_free(keys);
}

/* Values may use the C stack: VALUE_DEPTH_MAX. */
static void append_form(struct text *text, struct bamboo_value value)
{
    switch (value.type) {
    case BAMBOO_BOOL: text_append_string(text, value.as.boolean ? "true" : "false"); break;
    case BAMBOO_INTEGER: text_append_format(text, "%" PRId64, value.as.integer); break;
    case BAMBOO_FLOAT: append_number(text, value.as.number); break;
    case BAMBOO_DURATION: text_append_format(text, "%" PRId64 "ms", value.as.integer); break;
    case BAMBOO_BIG_INTEGER: value_append_text(text, value); break;
    case BAMBOO_STRING: append_string(text, value); break;
    case BAMBOO_LIST:
        text_append_character(text, '[');
        for (size_t i = 0; i < bamboo_list_count(value); i++) {
            append_form(text, bamboo_list_at(value, i));
            text_append_character(text, ',');
        }
        text_append_character(text, ']');
        break;
    case BAMBOO_MAP: append_map(text, value); break;
    case BAMBOO_MISSING:
    case BAMBOO_NULL:
    case BAMBOO_TYPE_COUNT:
    default: text_append_string(text, "null"); break;
    }
}

static enum bamboo_status form_of(struct bamboo_value value, struct text *scratch,
                                  struct bamboo_value *out, struct bamboo_error *error)
{
    uint8_t digest[DIGEST_SIZE];
    char hexadecimal[DIGEST_TEXT_SIZE];
    text_clear(scratch);
    append_form(scratch, value);
    if (scratch->failed || scratch->size <= FORM_SIZE_MAX)
        return value_from_text(scratch, out, error);
    digest_compute(scratch->bytes, scratch->size, digest);
    digest_print(digest, hexadecimal);
    return value_from_string(hexadecimal, out, error);
}

/* A map from forms to the place of the first element that has it. */
static enum bamboo_status first_places(struct bamboo_value list, struct bamboo_value *out,
                                       struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    struct text scratch = {0};
    struct bamboo_map_builder forms;
    bamboo_map_builder_init(&forms);
    /* Backwards, so that the first one is what stays. */
    for (size_t i = bamboo_list_count(list); i > 0 && status == BAMBOO_OK; i--) {
        struct bamboo_value form;
        status = form_of(bamboo_list_at(list, i - 1), &scratch, &form, error);
        if (status != BAMBOO_OK) break;
        bamboo_map_builder_put_take(&forms, form, bamboo_integer((int64_t)i - 1));
        bamboo_value_release(form);
    }
    text_release(&scratch);
    if (status == BAMBOO_OK) return bamboo_map_builder_finish(&forms, out, error);
    bamboo_map_builder_release(&forms);
    return status;
}

BODY(function_unique)
{
    (void)count;
    if (arguments[0].type != BAMBOO_LIST)
        return refuse_type(error, "unique", "a list", arguments[0]);
    struct bamboo_value places;
    size_t total = bamboo_list_count(arguments[0]);
    enum bamboo_status status = first_places(arguments[0], &places, error);
    if (status != BAMBOO_OK) return status;
    bool *is_first = memory_allocate_zeroed(total + 1, sizeof *is_first);
    for (size_t i = 0; is_first && i < bamboo_map_count(places); i++)
        is_first[bamboo_map_value_at(places, i).as.integer] = true;
    bamboo_value_release(places);
    if (!is_first) return fail_memory(error);
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    for (size_t i = 0; i < total; i++)
        if (is_first[i])
            bamboo_list_builder_append_take(&builder,
                                            bamboo_value_retain(bamboo_list_at(arguments[0], i)));
    memory_free(is_first);
    return bamboo_list_builder_finish(&builder, out, error);
}
