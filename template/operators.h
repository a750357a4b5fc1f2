/* What the operators of expressions do, as in Python. Errors: EVALUATION (wrong types, division by
 * zero), LIMIT (a result too large, before its memory is taken), MEMORY. */
#ifndef TEMPLATE_OPERATORS_H
#define TEMPLATE_OPERATORS_H

#include "template/object.h"
#include "template/tree.h"

/* A binary sign on two objects. */
MUST_CHECK enum bamboo_status object_binary(struct evaluation *evaluation, enum binary sign,
                                            struct object left, struct object right,
                                            struct object *out);

MUST_CHECK enum bamboo_status object_unary(struct evaluation *evaluation, enum unary sign,
                                           struct object operand, struct object *out);

MUST_CHECK enum bamboo_status object_compare(struct evaluation *evaluation, enum comparison sign,
                                             struct object left, struct object right, bool *out);

#endif
