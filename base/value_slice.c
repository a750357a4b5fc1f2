/* container[from:to:step], as Python has it. */
#include "base/utf8.h"
#include "base/value_layout.h"
#include "base/value_operators.h"

/* What a slice takes: `count` elements, the first at `start`, each `step` after the one before. */
struct slice {
    int64_t start;
    int64_t step;
    size_t count;
};

static enum bamboo_status read_bound(struct bamboo_value bound, int64_t otherwise, int64_t *out,
                                     struct bamboo_error *error)
{
    bool is_left_out = bound.type == BAMBOO_MISSING || bound.type == BAMBOO_NULL;
    if (!is_left_out && bound.type != BAMBOO_INTEGER)
        return fail(error, BAMBOO_E_EVALUATION, "a bound of a slice must be an int, not %s",
                    value_type_phrase(bound.type));
    *out = is_left_out ? otherwise : bound.as.integer;
    return BAMBOO_OK;
}

/* Negative bounds count from the end, and all end up from `low` to `high`. */
static int64_t clamp(int64_t bound, int64_t size, int64_t low, int64_t high)
{
    if (bound < 0) bound += size;
    if (bound < low) return low;
    return bound > high ? high : bound;
}

static enum bamboo_status read_slice(const struct bamboo_value bounds[3], size_t container_count,
                                     struct slice *slice, struct bamboo_error *error)
{
    enum bamboo_status status;
    int64_t from = 0;
    int64_t to = 0;
    int64_t size = (int64_t)container_count;
    if ((status = read_bound(bounds[2], 1, &slice->step, error)) != BAMBOO_OK) return status;
    if (slice->step == 0)
        return fail(error, BAMBOO_E_EVALUATION, "the step of a slice must not be 0");
    bool down = slice->step < 0;
    if (slice->step == INT64_MIN) slice->step = -INT64_MAX;
    /* Going down, the place before the first element is where a slice ends at most. */
    int64_t low = down ? -1 : 0;
    int64_t high = down ? size - 1 : size;
    status = read_bound(bounds[0], down ? INT64_MAX : 0, &from, error);
    if (status == BAMBOO_OK)
        status = read_bound(bounds[1], down ? INT64_MIN : INT64_MAX, &to, error);
    if (status) return status;
    from = clamp(from, size, low, high);
    to = clamp(to, size, low, high);
    int64_t distance = down ? from - to : to - from;
    int64_t stride = down ? -slice->step : slice->step;
    slice->start = from;
    slice->count = distance > 0 ? (size_t)((distance - 1) / stride + 1) : 0;
    return BAMBOO_OK;
}

static enum bamboo_status slice_list(const struct bamboo_list *list, const struct slice *slice,
                                     struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    int64_t at = slice->start;
    for (size_t i = 0; i < slice->count && !builder.failed; i++) {
        bamboo_list_builder_append_take(&builder, bamboo_value_retain(list->items[at]));
        if (i + 1 < slice->count) at += slice->step;
    }
    return bamboo_list_builder_finish(&builder, out, error);
}

static enum bamboo_status slice_ascii(const char *bytes, const struct slice *slice,
                                      struct bamboo_value *out, struct bamboo_error *error)
{
    char *room = NULL;
    enum bamboo_status status = value_string_reserve(slice->count, out, &room, error);
    int64_t at = slice->start;
    for (size_t i = 0; !status && room && i < slice->count; i++) {
        room[i] = bytes[at];
        if (i + 1 < slice->count) at += slice->step;
    }
    return status;
}

/* Moves a byte offset by `step` characters, over characters that exist. */
static size_t move(const char *bytes, size_t at, int64_t step)
{
    for (; step != 0; step += step < 0 ? 1 : -1) {
        do
            at = step < 0 ? at - 1 : at + 1;
        while (((unsigned char)bytes[at] & 0xC0u) == 0x80u);
    }
    return at;
}

static enum bamboo_status slice_unicode(struct bamboo_string *string, const struct slice *slice,
                                        struct bamboo_value *out, struct bamboo_error *error)
{
    struct text text = {0};
    size_t at = utf8_offset(string->bytes, string->size, (size_t)slice->start);
    for (size_t i = 0; i < slice->count; i++) {
        text_append(&text, string->bytes + at, move(string->bytes, at, 1) - at);
        if (i + 1 < slice->count) at = move(string->bytes, at, slice->step);
    }
    enum bamboo_status status = value_from_text(&text, out, error);
    text_release(&text);
    return status;
}

enum bamboo_status value_slice(struct bamboo_value container, const struct bamboo_value bounds[3],
                               struct bamboo_value *out, struct bamboo_error *error)
{
    struct slice slice = {.step = 1};
    bool is_list = container.type == BAMBOO_LIST;
    if (!is_list && container.type != BAMBOO_STRING)
        return fail(error, BAMBOO_E_EVALUATION, "cannot slice %s",
                    value_type_phrase(container.type));
    size_t count = is_list ? container.as.list->count : value_string_count(container);
    enum bamboo_status status = read_slice(bounds, count, &slice, error);
    if (status) return status;
    if (is_list) return slice_list(container.as.list, &slice, out, error);
    if (slice.count == 0) return value_from_string("", out, error);
    if (count == container.as.string->size)
        return slice_ascii(container.as.string->bytes, &slice, out, error);
    return slice_unicode(container.as.string, &slice, out, error);
}
