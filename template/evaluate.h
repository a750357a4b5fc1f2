/* The walk over an expression that gives its object. */
#ifndef TEMPLATE_EVALUATE_H
#define TEMPLATE_EVALUATE_H

#include "template/tree.h"

/* Evaluates the expression of a piece; evaluation->names and ->functions are set. Errors:
 * EVALUATION (whatever raises in Python, or is not known here), LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status piece_evaluate(struct evaluation *evaluation,
                                             const struct piece *piece, struct object *out);

#endif
