#include "template/object.h"

#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"

const char *object_type(struct object object)
{
    static const char *const NAMES[] = {
#define OBJECT(name, spelling) spelling,
#include "template/objects.def"
#undef OBJECT
    };
    return NAMES[object.kind];
}

enum bamboo_status object_borrow_text(struct evaluation *evaluation, const char *bytes, size_t size,
                                      struct object *out)
{
    if (size > VALUE_SIZE_MAX) return evaluation_refuse_size(evaluation, "a text");
    struct text_object *text = evaluation_allocate(evaluation, 1, sizeof *text);
    if (!text) return evaluation->status;
    *text = (struct text_object){.bytes = bytes, .size = size, .count = utf8_count(bytes, size)};
    *out = (struct object){.kind = OBJECT_TEXT, .as = {.text = text}};
    return evaluation_pay(evaluation, 1 + size / STEP_BYTES);
}

enum bamboo_status object_copy_text(struct evaluation *evaluation, const char *bytes, size_t size,
                                    struct object *out)
{
    if (size > VALUE_SIZE_MAX) return evaluation_refuse_size(evaluation, "a text");
    char *copy = evaluation_allocate(evaluation, size + 1, 1);
    if (!copy) return evaluation->status;
    if (size > 0) memcpy(copy, bytes, size);
    return object_borrow_text(evaluation, copy, size, out);
}

enum bamboo_status object_list(struct evaluation *evaluation, enum object_kind kind,
                               size_t capacity, struct object *out)
{
    if (capacity > VALUE_COUNT_MAX) return evaluation_refuse_size(evaluation, "a list");
    struct list_object *list = evaluation_allocate(evaluation, 1, sizeof *list);
    if (!list) return evaluation->status;
    if (capacity > 0) {
        list->items = evaluation_allocate(evaluation, capacity, sizeof *list->items);
        if (!list->items) return evaluation->status;
        list->capacity = capacity;
    }
    *out = (struct object){.kind = kind, .as = {.list = list}};
    return evaluation_pay(evaluation, 1);
}

enum bamboo_status list_append(struct evaluation *evaluation, struct list_object *list,
                               struct object item)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity > 0 ? list->capacity * 2 : 4;
        if (list->count >= VALUE_COUNT_MAX) return evaluation_refuse_size(evaluation, "a list");
        struct object *items = evaluation_allocate(evaluation, capacity, sizeof *items);
        if (!items) return evaluation->status;
        if (list->count > 0) memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = item;
    return evaluation_pay(evaluation, 1);
}

enum bamboo_status object_pair(struct evaluation *evaluation, struct object first,
                               struct object second, struct object *out)
{
    enum bamboo_status status = object_list(evaluation, OBJECT_TUPLE, 2, out);
    if (status != BAMBOO_OK) return status;
    out->as.list->items[0] = first;
    out->as.list->items[1] = second;
    out->as.list->count = 2;
    return BAMBOO_OK;
}

enum bamboo_status object_iterator(struct evaluation *evaluation, struct list_object *items,
                                   struct object *out)
{
    struct iterator_object *iterator = evaluation_allocate(evaluation, 1, sizeof *iterator);
    if (!iterator) return evaluation->status;
    iterator->items = items;
    *out = (struct object){.kind = OBJECT_ITERATOR, .as = {.iterator = iterator}};
    return BAMBOO_OK;
}

/* --- truth and length --- */

int64_t object_length(struct object object)
{
    switch (object.kind) {
    case OBJECT_TEXT: return (int64_t)object.as.text->count;
    case OBJECT_LIST:
    case OBJECT_TUPLE: return (int64_t)object.as.list->count;
    case OBJECT_MAP:
    case OBJECT_SET: return (int64_t)object.as.map->count;
    case OBJECT_RANGE: return object.as.range->count;
    case OBJECT_VIEW: return (int64_t)object.as.view->map->count;
    case OBJECT_UNDEFINED:
    case OBJECT_NONE:
    case OBJECT_BOOL:
    case OBJECT_INTEGER:
    case OBJECT_BIG:
    case OBJECT_FLOAT:
    case OBJECT_ITERATOR:
    case OBJECT_BUILTIN:
    case OBJECT_METHOD:
    case OBJECT_LAMBDA:
    case OBJECT_KIND_COUNT: break;
    }
    return -1;
}

bool object_is_true(struct object object)
{
    switch (object.kind) {
    case OBJECT_UNDEFINED:
    case OBJECT_NONE: return false;
    case OBJECT_BOOL: return object.as.boolean;
    case OBJECT_INTEGER: return object.as.integer != 0;
    case OBJECT_FLOAT: return !(object.as.number <= 0 && object.as.number >= 0); /* NaN is true */
    case OBJECT_TEXT:
    case OBJECT_LIST:
    case OBJECT_TUPLE:
    case OBJECT_MAP:
    case OBJECT_SET:
    case OBJECT_RANGE:
    case OBJECT_VIEW: return object_length(object) > 0;
    case OBJECT_BIG:
    case OBJECT_ITERATOR:
    case OBJECT_BUILTIN:
    case OBJECT_METHOD:
    case OBJECT_LAMBDA:
    case OBJECT_KIND_COUNT: break;
    }
    return true;
}
