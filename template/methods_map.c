/* Methods of maps, sets and numbers. */
#include <math.h>
#include <string.h>

#include "template/compare.h"
#include "template/integer.h"
#include "template/iterate.h"
#include "template/map.h"
#include "template/method_bodies.h"
#include "template/set.h"

/* --- maps --- */

METHOD_BODY(MAP, clear)
{
    (void)evaluation, (void)arguments;
    *receiver.as.map = (struct map_object){.entries = NULL};
    *out = object_none();
    return BAMBOO_OK;
}

METHOD_BODY(MAP, copy)
{
    (void)arguments;
    enum bamboo_status status = object_map(evaluation, OBJECT_MAP, out);
    return status == BAMBOO_OK ? map_merge(evaluation, out->as.map, receiver.as.map) : status;
}

METHOD_BODY(MAP, get)
{
    struct map_entry *entry = NULL;
    enum bamboo_status status = map_find(evaluation, receiver.as.map, arguments->items[0], &entry);
    *out = arguments->count > 1 ? arguments->items[1] : object_none();
    if (entry) *out = entry->value;
    return status;
}

static enum bamboo_status view(struct evaluation *evaluation, struct object map,
                               enum view_kind kind, struct object *out)
{
    struct view_object *view = evaluation_allocate(evaluation, 1, sizeof *view);
    if (!view) return evaluation->status;
    *view = (struct view_object){.kind = kind, .map = map.as.map};
    *out = (struct object){.kind = OBJECT_VIEW, .as = {.view = view}};
    return BAMBOO_OK;
}

METHOD_BODY(MAP, items)
{
    (void)arguments;
    return view(evaluation, receiver, VIEW_ITEMS, out);
}

METHOD_BODY(MAP, keys)
{
    (void)arguments;
    return view(evaluation, receiver, VIEW_KEYS, out);
}

METHOD_BODY(MAP, values)
{
    (void)arguments;
    return view(evaluation, receiver, VIEW_VALUES, out);
}

METHOD_BODY(MAP, pop)
{
    struct map_entry *entry = NULL;
    enum bamboo_status status = map_find(evaluation, receiver.as.map, arguments->items[0], &entry);
    if (status != BAMBOO_OK) return status;
    if (!entry && arguments->count < 2)
        return evaluation_refuse(evaluation, "the map has no such key");
    *out = entry ? entry->value : arguments->items[1];
    if (entry) map_remove(receiver.as.map, entry);
    return BAMBOO_OK;
}

METHOD_BODY(MAP, popitem)
{
    (void)arguments;
    struct map_entry *last = NULL;
    size_t at = 0;
    for (struct map_entry *entry; (entry = map_next(receiver.as.map, &at));)
        last = entry;
    if (!last) return evaluation_refuse(evaluation, "the map is empty");
    enum bamboo_status status = object_pair(evaluation, last->key, last->value, out);
    map_remove(receiver.as.map, last);
    return status == BAMBOO_OK ? evaluation_pay(evaluation, at) : status;
}

METHOD_BODY(MAP, setdefault)
{
    struct map_entry *entry = NULL;
    enum bamboo_status status = map_find(evaluation, receiver.as.map, arguments->items[0], &entry);
    if (status != BAMBOO_OK) return status;
    *out = entry ? entry->value : (arguments->count > 1 ? arguments->items[1] : object_none());
    return entry ? BAMBOO_OK : map_set(evaluation, receiver.as.map, arguments->items[0], *out);
}

/* The entries of a map, or pairs. */
static enum bamboo_status update(struct evaluation *evaluation, struct map_object *map,
                                 struct object from)
{
    struct list_object *items = NULL, *pair = NULL;
    if (from.kind == OBJECT_MAP) return map_merge(evaluation, map, from.as.map);
    enum bamboo_status status = object_items(evaluation, from, &items);
    for (size_t i = 0; status == BAMBOO_OK && i < items->count; i++) {
        status = object_items(evaluation, items->items[i], &pair);
        if (status == BAMBOO_OK && pair->count != 2)
            status = evaluation_refuse(evaluation, "update() wants pairs");
        if (status == BAMBOO_OK) status = map_set(evaluation, map, pair->items[0], pair->items[1]);
    }
    return status;
}

METHOD_BODY(MAP, update)
{
    enum bamboo_status status = BAMBOO_OK;
    if (arguments->count > 0) status = update(evaluation, receiver.as.map, arguments->items[0]);
    for (size_t i = 0; status == BAMBOO_OK && i < arguments->keyword_count; i++) {
        const struct keyword_argument *each = &arguments->keywords[i];
        struct object key = object_none();
        status = object_borrow_text(evaluation, each->name, strlen(each->name), &key);
        if (status == BAMBOO_OK) status = map_set(evaluation, receiver.as.map, key, each->value);
    }
    *out = object_none();
    return status;
}

/* --- sets --- */

METHOD_BODY(SET, add)
{
    *out = object_none();
    return map_set(evaluation, receiver.as.map, arguments->items[0], object_none());
}

METHOD_BODY(SET, clear)
{
    return object_MAP_clear(evaluation, receiver, arguments, out);
}

METHOD_BODY(SET, copy)
{
    (void)arguments;
    enum bamboo_status status = object_map(evaluation, OBJECT_SET, out);
    return status == BAMBOO_OK ? map_merge(evaluation, out->as.map, receiver.as.map) : status;
}

METHOD_BODY(SET, update)
{
    struct object other = object_none();
    enum bamboo_status status = set_of(evaluation, arguments->items[0], &other);
    *out = object_none();
    return status == BAMBOO_OK ? map_merge(evaluation, receiver.as.map, other.as.map) : status;
}

METHOD_BODY(SET, discard)
{
    struct map_entry *entry = NULL;
    enum bamboo_status status = map_find(evaluation, receiver.as.map, arguments->items[0], &entry);
    if (entry) map_remove(receiver.as.map, entry);
    *out = object_none();
    return status;
}

METHOD_BODY(SET, remove)
{
    size_t count = receiver.as.map->count;
    enum bamboo_status status = object_SET_discard(evaluation, receiver, arguments, out);
    if (status == BAMBOO_OK && receiver.as.map->count == count)
        return evaluation_refuse(evaluation, "the element is not there");
    return status;
}

typedef enum bamboo_status (*set_operation)(struct evaluation *, struct map_object *,
                                            struct map_object *, struct object *);

/* With any object that can be gone through. */
static enum bamboo_status combine(struct evaluation *evaluation, struct object receiver,
                                  const struct arguments *arguments, set_operation operation,
                                  struct object *out)
{
    struct object other = object_none();
    enum bamboo_status status = set_of(evaluation, arguments->items[0], &other);
    if (status != BAMBOO_OK) return status;
    return operation(evaluation, receiver.as.map, other.as.map, out);
}

METHOD_BODY(SET, union)
{
    return combine(evaluation, receiver, arguments, set_union, out);
}

METHOD_BODY(SET, intersection)
{
    return combine(evaluation, receiver, arguments, set_intersection, out);
}

METHOD_BODY(SET, difference)
{
    return combine(evaluation, receiver, arguments, set_difference, out);
}

METHOD_BODY(SET, symmetric_difference)
{
    return combine(evaluation, receiver, arguments, set_symmetric_difference, out);
}

METHOD_BODY(SET, isdisjoint)
{
    enum bamboo_status status = combine(evaluation, receiver, arguments, set_intersection, out);
    if (status == BAMBOO_OK) *out = object_bool(out->as.map->count == 0);
    return status;
}

METHOD_BODY(SET, issubset)
{
    struct object other = object_none();
    bool is_in = false;
    enum bamboo_status status = set_of(evaluation, arguments->items[0], &other);
    if (status == BAMBOO_OK)
        status = set_contains(evaluation, other.as.map, receiver.as.map, &is_in);
    *out = object_bool(is_in);
    return status;
}

METHOD_BODY(SET, issuperset)
{
    struct object other = object_none();
    bool is_in = false;
    enum bamboo_status status = set_of(evaluation, arguments->items[0], &other);
    if (status == BAMBOO_OK)
        status = set_contains(evaluation, receiver.as.map, other.as.map, &is_in);
    *out = object_bool(is_in);
    return status;
}

/* --- numbers --- */

METHOD_BODY(INTEGER, bit_length)
{
    (void)arguments;
    struct text bits = {0};
    enum bamboo_status status = integer_append(evaluation, &bits, receiver, 2);
    bool is_zero = receiver.kind != OBJECT_BIG && object_small(receiver) == 0;
    if (bits.failed) status = evaluation->status = fail_memory(evaluation->error);
    *out =
        object_integer(is_zero ? 0 : (int64_t)bits.size - (integer_is_negative(receiver) ? 1 : 0));
    text_release(&bits);
    return status;
}

METHOD_BODY(FLOAT, is_integer)
{
    (void)evaluation, (void)arguments;
    double number = receiver.as.number;
    *out = object_bool(isfinite(number) && !(trunc(number) < number) && !(trunc(number) > number));
    return BAMBOO_OK;
}
