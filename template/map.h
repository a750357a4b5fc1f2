/* Maps and sets of objects: any hashable key, in order of insertion. */
#ifndef TEMPLATE_MAP_H
#define TEMPLATE_MAP_H

#include "template/object.h"

/* An empty map or set (`kind`). Errors: LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status object_map(struct evaluation *evaluation, enum object_kind kind,
                                         struct object *out);

/* Sets the value of a key; a key that is there keeps its place. Errors: EVALUATION (a list, map or
 * set cannot be a key), LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status map_set(struct evaluation *evaluation, struct map_object *map,
                                      struct object key, struct object value);

/* *out is the entry of a key, or NULL. Errors: EVALUATION (such a key cannot be), LIMIT. */
MUST_CHECK enum bamboo_status map_find(struct evaluation *evaluation, struct map_object *map,
                                       struct object key, struct map_entry **out);

/* Takes an entry away. */
void map_remove(struct map_object *map, struct map_entry *entry);

/* The first entry from index *at on, or NULL; *at becomes the index behind it. */
struct map_entry *map_next(struct map_object *map, size_t *at);

#endif
