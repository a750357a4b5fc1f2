/* What the names of an expression mean, decided once, when it has been parsed. */
#ifndef TEMPLATE_BINDING_H
#define TEMPLATE_BINDING_H

#include "template/tree.h"

/* Fills piece->names, marks the names that are not taken from outside, and sets *is_allowed: may
 * the piece be evaluated at all? It may not if it touches what begins with two underscores,
 * attributes that begin with one or lead to the machine, or names that the renderer keeps for
 * itself. Errors: LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status piece_bind(struct evaluation *evaluation, struct piece *piece,
                                         bool *is_allowed);

#endif
