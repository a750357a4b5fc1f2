/* The filters of mako. */
#ifndef TEMPLATE_FILTER_H
#define TEMPLATE_FILTER_H

#include "base/text.h"
#include "template/tree.h"

/* What goes through the filters of a piece. */
struct filtered {
    struct text text;
    bool is_text;    /* false: what is no text yet, of a piece with `| n` */
    bool is_escaped; /* by `h`, which escapes nothing twice */
};

/* Applies the filter. Errors: EVALUATION (it wants a text), LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status filter_apply(struct evaluation *evaluation, enum filter filter,
                                           struct filtered *filtered);

#endif
