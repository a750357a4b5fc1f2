#include "template/set.h"

#include "template/iterate.h"

enum bamboo_status map_merge(struct evaluation *evaluation, struct map_object *map,
                             struct map_object *from)
{
    enum bamboo_status status = BAMBOO_OK;
    size_t at = 0;
    if (map == from) return BAMBOO_OK;
    for (const struct map_entry *entry; status == BAMBOO_OK && (entry = map_next(from, &at));)
        status = map_set(evaluation, map, entry->key, entry->value);
    return status;
}

static enum bamboo_status merge_both(struct evaluation *evaluation, enum object_kind kind,
                                     struct map_object *left, struct map_object *right,
                                     struct object *out)
{
    enum bamboo_status status = object_map(evaluation, kind, out);
    if (status == BAMBOO_OK) status = map_merge(evaluation, out->as.map, left);
    if (status == BAMBOO_OK) status = map_merge(evaluation, out->as.map, right);
    return status;
}

enum bamboo_status map_union(struct evaluation *evaluation, struct map_object *left,
                             struct map_object *right, struct object *out)
{
    return merge_both(evaluation, OBJECT_MAP, left, right, out);
}

enum bamboo_status set_union(struct evaluation *evaluation, struct map_object *left,
                             struct map_object *right, struct object *out)
{
    return merge_both(evaluation, OBJECT_SET, left, right, out);
}

/* Adds to `set` the elements of `from` that are in `other`, or that are not. */
static enum bamboo_status add_those(struct evaluation *evaluation, struct map_object *set,
                                    struct map_object *from, struct map_object *other, bool are_in)
{
    enum bamboo_status status = BAMBOO_OK;
    size_t at = 0;
    for (const struct map_entry *entry; status == BAMBOO_OK && (entry = map_next(from, &at));) {
        struct map_entry *found = NULL;
        status = map_find(evaluation, other, entry->key, &found);
        if (status == BAMBOO_OK && (found != NULL) == are_in)
            status = map_set(evaluation, set, entry->key, object_none());
    }
    return status;
}

enum bamboo_status set_intersection(struct evaluation *evaluation, struct map_object *left,
                                    struct map_object *right, struct object *out)
{
    enum bamboo_status status = object_map(evaluation, OBJECT_SET, out);
    if (status == BAMBOO_OK) status = add_those(evaluation, out->as.map, left, right, true);
    return status;
}

enum bamboo_status set_difference(struct evaluation *evaluation, struct map_object *left,
                                  struct map_object *right, struct object *out)
{
    enum bamboo_status status = object_map(evaluation, OBJECT_SET, out);
    if (status == BAMBOO_OK) status = add_those(evaluation, out->as.map, left, right, false);
    return status;
}

enum bamboo_status set_symmetric_difference(struct evaluation *evaluation, struct map_object *left,
                                            struct map_object *right, struct object *out)
{
    enum bamboo_status status = set_difference(evaluation, left, right, out);
    if (status == BAMBOO_OK) status = add_those(evaluation, out->as.map, right, left, false);
    return status;
}

enum bamboo_status set_of(struct evaluation *evaluation, struct object object, struct object *out)
{
    struct list_object *items = NULL;
    struct object set = object_none();
    enum bamboo_status status = object_map(evaluation, OBJECT_SET, &set);
    if (status == BAMBOO_OK) status = object_items(evaluation, object, &items);
    for (size_t i = 0; status == BAMBOO_OK && i < items->count; i++)
        status = map_set(evaluation, set.as.map, items->items[i], object_none());
    *out = set;
    return status;
}
