#include "template/subscript.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "template/arguments.h"
#include "template/iterate.h"
#include "template/map.h"

/* The part of a text between two characters, as a text. */
static enum bamboo_status part_of_text(struct evaluation *evaluation,
                                       const struct text_object *text, size_t from, size_t to,
                                       struct object *out)
{
    size_t start = utf8_offset(text->bytes, text->size, from);
    size_t end = utf8_offset(text->bytes, text->size, to);
    enum bamboo_status status = evaluation_pay(evaluation, 1 + end / STEP_BYTES);
    if (status != BAMBOO_OK) return status;
    return object_borrow_text(evaluation, text->bytes + start, end - start, out);
}

static enum bamboo_status map_index(struct evaluation *evaluation, struct map_object *map,
                                    struct object key, struct object *out)
{
    struct map_entry *entry = NULL;
    enum bamboo_status status = map_find(evaluation, map, key, &entry);
    if (status != BAMBOO_OK) return status;
    if (!entry) return evaluation_refuse(evaluation, "the map has no such key");
    *out = entry->value;
    return BAMBOO_OK;
}

static enum bamboo_status element(struct evaluation *evaluation, struct object container,
                                  int64_t index, struct object *out)
{
    int64_t count = object_length(container);
    if (index < 0) index += count;
    if (index < 0 || index >= count)
        return evaluation_refuse(evaluation, "the index is out of range");
    if (container.kind == OBJECT_TEXT)
        return part_of_text(evaluation, container.as.text, (size_t)index, (size_t)index + 1, out);
    if (container.kind == OBJECT_RANGE)
        *out = object_integer(container.as.range->start + index * container.as.range->step);
    else
        *out = container.as.list->items[index];
    return BAMBOO_OK;
}

static bool is_sequence(struct object object)
{
    return object.kind == OBJECT_TEXT || object.kind == OBJECT_LIST ||
           object.kind == OBJECT_TUPLE || object.kind == OBJECT_RANGE;
}

enum bamboo_status object_index(struct evaluation *evaluation, struct object container,
                                struct object index, struct object *out)
{
    int64_t at = 0;
    if (container.kind == OBJECT_MAP) return map_index(evaluation, container.as.map, index, out);
    if (!is_sequence(container))
        return evaluation_refuse(evaluation, "a %s has no elements to take",
                                 object_type(container));
    if (index.kind == OBJECT_NONE || index.kind == OBJECT_BIG)
        return evaluation_refuse(evaluation, "the index is out of range");
    enum bamboo_status status = argument_integer(evaluation, &index, 0, &at);
    if (status == BAMBOO_OK) status = element(evaluation, container, at, out);
    return status;
}

/* --- slices --- */

struct slice {
    int64_t from, to, step;
};

static int64_t clamp(int64_t bound, int64_t lowest, int64_t highest)
{
    return bound < lowest ? lowest : (bound > highest ? highest : bound);
}

/* A bound that counts from the end counts from the beginning; what is beyond is cut. */
static int64_t place(int64_t bound, int64_t count, bool is_forward)
{
    if (bound < 0) bound = bound < -count ? -1 : bound + count;
    return is_forward ? clamp(bound, 0, count) : clamp(bound, -1, count - 1);
}

static enum bamboo_status read_slice(struct evaluation *evaluation, const struct object bounds[3],
                                     int64_t count, struct slice *out)
{
    int64_t from = 0, to = 0;
    enum bamboo_status status = argument_integer(evaluation, &bounds[2], 1, &out->step);
    if (status == BAMBOO_OK && out->step == 0)
        status = evaluation_refuse(evaluation, "the step of a slice is 0");
    bool is_forward = out->step > 0;
    if (status == BAMBOO_OK) status = argument_integer(evaluation, &bounds[0], 0, &from);
    if (status == BAMBOO_OK) status = argument_integer(evaluation, &bounds[1], 0, &to);
    if (status != BAMBOO_OK) return status;
    bool has_from = bounds[0].kind != OBJECT_NONE, has_to = bounds[1].kind != OBJECT_NONE;
    out->from = has_from ? place(from, count, is_forward) : (is_forward ? 0 : count - 1);
    out->to = has_to ? place(to, count, is_forward) : (is_forward ? count : -1);
    if (out->step > count) out->step = count + 1; /* one element, as with any larger step */
    if (out->step < -count) out->step = -count - 1;
    return BAMBOO_OK;
}

static bool is_inside(int64_t at, const struct slice *slice)
{
    return slice->step > 0 ? at < slice->to : at > slice->to;
}

static enum bamboo_status slice_list(struct evaluation *evaluation, struct object list,
                                     const struct slice *slice, struct object *out)
{
    struct object part = object_none();
    enum bamboo_status status = object_list(evaluation, list.kind, 0, &part);
    for (int64_t at = slice->from; status == BAMBOO_OK && is_inside(at, slice); at += slice->step)
        status = list_append(evaluation, part.as.list, list.as.list->items[at]);
    *out = part;
    return status;
}

/* Characters that are not neighbours. */
static enum bamboo_status slice_characters(struct evaluation *evaluation,
                                           const struct text_object *text,
                                           const struct slice *slice, struct object *out)
{
    struct list_object *characters = NULL;
    struct object object = {.kind = OBJECT_TEXT, .as = {.text = text}};
    enum bamboo_status status = object_items(evaluation, object, &characters);
    char *bytes = evaluation_allocate(evaluation, text->size + 1, 1);
    size_t size = 0;
    if (status != BAMBOO_OK || !bytes) return evaluation->status;
    for (int64_t at = slice->from; is_inside(at, slice); at += slice->step) {
        const struct text_object *character = characters->items[at].as.text;
        for (size_t i = 0; i < character->size; i++)
            bytes[size++] = character->bytes[i];
    }
    return object_borrow_text(evaluation, bytes, size, out);
}

/* A part of a range is a range. */
static enum bamboo_status slice_range(struct evaluation *evaluation,
                                      const struct range_object *range, int64_t step,
                                      const struct slice *slice, struct object *out)
{
    int64_t from, to;
    bool is_large = __builtin_mul_overflow(slice->from, range->step, &from) ||
                    __builtin_mul_overflow(slice->to, range->step, &to) ||
                    __builtin_mul_overflow(step, range->step, &step) ||
                    __builtin_add_overflow(from, range->start, &from) ||
                    __builtin_add_overflow(to, range->start, &to);
    if (is_large) return evaluation_refuse_size(evaluation, "a range");
    return object_range(evaluation, from, to, step, out);
}

enum bamboo_status object_slice(struct evaluation *evaluation, struct object container,
                                const struct object bounds[3], struct object *out)
{
    struct slice slice;
    int64_t step = 1;
    if (!is_sequence(container))
        return evaluation_refuse(evaluation, "a %s has no parts", object_type(container));
    enum bamboo_status status = read_slice(evaluation, bounds, object_length(container), &slice);
    if (status == BAMBOO_OK) status = argument_integer(evaluation, &bounds[2], 1, &step);
    if (status != BAMBOO_OK) return status;
    if (container.kind == OBJECT_RANGE)
        return slice_range(evaluation, container.as.range, step, &slice, out);
    if (container.kind != OBJECT_TEXT) return slice_list(evaluation, container, &slice, out);
    if (slice.step != 1) return slice_characters(evaluation, container.as.text, &slice, out);
    size_t from = (size_t)slice.from, to = slice.to > slice.from ? (size_t)slice.to : from;
    return part_of_text(evaluation, container.as.text, from, to, out);
}
