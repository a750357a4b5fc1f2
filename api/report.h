/* What a compilation has to say, on its way out of the library. */
#ifndef API_REPORT_H
#define API_REPORT_H

#include "base/diagnostics.h"
#include "include/bamboo.h"

/* Ends a compilation that came to `status`: if its source was read to the end (OK, SOURCE), the
 * report (NULL: none) says what the diagnostics say; what it held before is released. Returns
 * `status`, or MEMORY. */
MUST_CHECK enum bamboo_status report_finish(struct bamboo_report *report,
                                            const struct diagnostics *diagnostics,
                                            enum bamboo_status status, struct bamboo_error *error);

#endif
