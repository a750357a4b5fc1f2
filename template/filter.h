/* The filters of mako. */
#ifndef TEMPLATE_FILTER_H
#define TEMPLATE_FILTER_H

#include "base/text.h"
#include "template/tree.h"

/* Appends `size` bytes of text after the filter. Errors: LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status filter_append(struct evaluation *evaluation, enum filter filter,
                                            const char *bytes, size_t size, struct text *out);

#endif
