/* What a compilation has to say, on its way out of the library. */
#ifndef API_REPORT_H
#define API_REPORT_H

#include "base/diagnostics.h"
#include "include/bamboo.h"

/* Fills the report (NULL: nothing) with what the diagnostics say; what it held before is released.
 * Errors: MEMORY. */
MUST_CHECK enum bamboo_status report_fill(struct bamboo_report *report,
                                          const struct diagnostics *diagnostics,
                                          struct bamboo_error *error);

#endif
