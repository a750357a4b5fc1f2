#include "template/iterate.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "template/integer.h"
#include "template/map.h"

enum bamboo_status text_character(struct evaluation *evaluation, const struct text_object *text,
                                  size_t *at, struct object *out)
{
    uint32_t code_point;
    size_t size = utf8_decode(text->bytes + *at, text->size - *at, &code_point);
    enum bamboo_status status = object_borrow_text(evaluation, text->bytes + *at, size, out);
    *at += size;
    return status;
}

static enum bamboo_status text_items(struct evaluation *evaluation, const struct text_object *text,
                                     struct list_object *list)
{
    enum bamboo_status status = BAMBOO_OK;
    for (size_t at = 0; status == BAMBOO_OK && at < text->size;) {
        struct object character = object_none();
        status = text_character(evaluation, text, &at, &character);
        if (status == BAMBOO_OK) status = list_append(evaluation, list, character);
    }
    return status;
}

static enum bamboo_status map_items(struct evaluation *evaluation, struct map_object *map,
                                    enum view_kind kind, struct list_object *list)
{
    enum bamboo_status status = BAMBOO_OK;
    size_t at = 0;
    for (const struct map_entry *entry; status == BAMBOO_OK && (entry = map_next(map, &at));) {
        struct object item = kind == VIEW_VALUES ? entry->value : entry->key;
        if (kind == VIEW_ITEMS) status = object_pair(evaluation, entry->key, entry->value, &item);
        if (status == BAMBOO_OK) status = list_append(evaluation, list, item);
    }
    return status;
}

/* Slots of the table in which Python keeps a set of `count` elements. */
static size_t set_table_size(size_t count)
{
    size_t size = 8, filled = 0;
    while (filled <= count) {
        filled = ((size - 1) * 3 + 4) / 5; /* so many, and the table grows */
        if (filled > count) break;
        size_t wanted = filled > 50000 ? filled * 2 : filled * 4;
        while (size <= wanted)
            size *= 2;
    }
    return size;
}

static int by_value(const void *left, const void *right)
{
    return integer_compare(*(const struct object *)left, *(const struct object *)right);
}

/* Python's sets are ordered by hash. An integer is its own hash, so small ones come in order; other
 * orders cannot be told, and nobody can rely on them. */
static void order_like_a_set(struct list_object *list)
{
    int64_t size = (int64_t)set_table_size(list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct object item = list->items[i];
        bool is_small = item.kind == OBJECT_BOOL || item.kind == OBJECT_INTEGER;
        if (!is_small || object_small(item) < 0 || object_small(item) >= size) return;
    }
    qsort(list->items, list->count, sizeof *list->items, by_value);
}

static enum bamboo_status range_items(struct evaluation *evaluation,
                                      const struct range_object *range, struct list_object *list)
{
    if (range->count > VALUE_COUNT_MAX) return evaluation_refuse_size(evaluation, "a list");
    enum bamboo_status status = BAMBOO_OK;
    for (int64_t i = 0; status == BAMBOO_OK && i < range->count; i++)
        status = list_append(evaluation, list, object_integer(range->start + i * range->step));
    return status;
}

static enum bamboo_status rest_of_iterator(struct evaluation *evaluation,
                                           struct iterator_object *iterator,
                                           struct list_object *list)
{
    bool found = true;
    while (found) {
        struct object item = object_none();
        enum bamboo_status status = iterator_next(evaluation, iterator, &found, &item);
        if (status == BAMBOO_OK && found) status = list_append(evaluation, list, item);
        if (status != BAMBOO_OK) return status;
    }
    return BAMBOO_OK;
}

static enum bamboo_status fill(struct evaluation *evaluation, struct object object,
                               struct list_object *list)
{
    enum bamboo_status status;
    switch (object.kind) {
    case OBJECT_TEXT: return text_items(evaluation, object.as.text, list);
    case OBJECT_MAP: return map_items(evaluation, object.as.map, VIEW_KEYS, list);
    case OBJECT_SET:
        status = map_items(evaluation, object.as.map, VIEW_KEYS, list);
        if (status == BAMBOO_OK && list->count > 1) order_like_a_set(list);
        return status;
    case OBJECT_VIEW: return map_items(evaluation, object.as.view->map, object.as.view->kind, list);
    case OBJECT_RANGE: return range_items(evaluation, object.as.range, list);
    case OBJECT_ITERATOR: return rest_of_iterator(evaluation, object.as.iterator, list);
    case OBJECT_LIST:
    case OBJECT_TUPLE:
    case OBJECT_UNDEFINED:
    case OBJECT_NONE:
    case OBJECT_BOOL:
    case OBJECT_INTEGER:
    case OBJECT_BIG:
    case OBJECT_FLOAT:
    case OBJECT_BUILTIN:
    case OBJECT_METHOD:
    case OBJECT_LAMBDA:
    case OBJECT_KIND_COUNT: break;
    }
    return evaluation_refuse(evaluation, "there is no going through %s", object_type(object));
}

enum bamboo_status object_items(struct evaluation *evaluation, struct object object,
                                struct list_object **out)
{
    if (object.kind == OBJECT_LIST || object.kind == OBJECT_TUPLE) {
        *out = object.as.list;
        return BAMBOO_OK;
    }
    struct object list = object_none();
    enum bamboo_status status = object_list(evaluation, OBJECT_LIST, 0, &list);
    if (status != BAMBOO_OK) return status;
    *out = list.as.list;
    return fill(evaluation, object, list.as.list);
}

enum bamboo_status iterator_next(struct evaluation *evaluation, struct iterator_object *iterator,
                                 bool *found, struct object *out)
{
    *found = iterator->next < iterator->items->count;
    if (*found) {
        *out = iterator->items->items[iterator->next++];
        return evaluation_pay(evaluation, 1);
    }
    if (iterator->failed == BAMBOO_OK) return BAMBOO_OK;
    return evaluation_refuse(evaluation, "the next element cannot be computed");
}

enum bamboo_status object_range(struct evaluation *evaluation, int64_t start, int64_t stop,
                                int64_t step, struct object *out)
{
    struct range_object *range = evaluation_allocate(evaluation, 1, sizeof *range);
    if (!range) return evaluation->status;
    int64_t distance;
    if (__builtin_sub_overflow(stop, start, &distance) || step == INT64_MIN)
        return evaluation_refuse_size(evaluation, "a range");
    int64_t count = 0;
    if (step > 0 && distance > 0) count = (distance - 1) / step + 1;
    if (step < 0 && distance < 0) count = (-(distance + 1)) / -step + 1;
    *range = (struct range_object){.start = start, .step = step, .count = count, .stop = stop};
    *out = (struct object){.kind = OBJECT_RANGE, .as = {.range = range}};
    return BAMBOO_OK;
}
