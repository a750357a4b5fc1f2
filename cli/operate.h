/* Applying a control operation and carrying the run on. */
#ifndef CLI_OPERATE_H
#define CLI_OPERATE_H

#include <string.h>

#include "cli/look.h"
#include "cli/session.h"

/* Applies `operation` (a name of include/bamboo.h) to the run and node of the invocation, prints
 * the answer, and follows the run if this process had to take it over. `data` is borrowed. Returns
 * an exit code. */
int operate(const struct invocation *invocation, const char *operation, struct bamboo_value data);

#endif
