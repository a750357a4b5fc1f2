/* Sets and maps made of two others. Errors of all: LIMIT, MEMORY. */
#ifndef TEMPLATE_SET_H
#define TEMPLATE_SET_H

#include "template/map.h"

MUST_CHECK enum bamboo_status set_union(struct evaluation *evaluation, struct map_object *left,
                                        struct map_object *right, struct object *out);
MUST_CHECK enum bamboo_status set_intersection(struct evaluation *evaluation,
                                               struct map_object *left, struct map_object *right,
                                               struct object *out);
MUST_CHECK enum bamboo_status set_difference(struct evaluation *evaluation, struct map_object *left,
                                             struct map_object *right, struct object *out);
MUST_CHECK enum bamboo_status set_symmetric_difference(struct evaluation *evaluation,
                                                       struct map_object *left,
                                                       struct map_object *right,
                                                       struct object *out);

/* A map with the entries of both; `right` wins. */
MUST_CHECK enum bamboo_status map_union(struct evaluation *evaluation, struct map_object *left,
                                        struct map_object *right, struct object *out);

/* Sets the entries of `from` in `map`, which may be the same. */
MUST_CHECK enum bamboo_status map_merge(struct evaluation *evaluation, struct map_object *map,
                                        struct map_object *from);

/* A set of what going through an object meets. Errors: EVALUATION too. */
MUST_CHECK enum bamboo_status set_of(struct evaluation *evaluation, struct object object,
                                     struct object *out);

#endif
