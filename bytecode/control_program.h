/* Control programs: what `bamboo retry RUN build` puts into a run's mailbox. */
#ifndef BYTECODE_CONTROL_PROGRAM_H
#define BYTECODE_CONTROL_PROGRAM_H

#include "base/error.h"
#include "bytecode/instruction.h"
#include "include/bamboo_value.h"

/* Assembles the image of a control program that does one operation, OP_PAUSE_RUN to
 * OP_CALLBACK_NODE or OP_ROLL_BACK to OP_CANCEL_ROLLBACK; *image is the caller's (memory_free).
 * `path` names the node ("deploy/build"), and is not looked at by operations on the run; `data`
 * (borrowed) is what RETRY_NODE, CALLBACK_NODE, ROLL_BACK, ... take, else null (or missing, which
 * becomes null); `reason` may be NULL. Errors: USAGE (not a control operation, a path that is
 * missing, a text that is not UTF-8), LIMIT, MEMORY.
 */
MUST_CHECK enum bamboo_status control_program_build(enum opcode operation, const char *path,
                                                    struct bamboo_value data, const char *reason,
                                                    uint8_t **image, size_t *size,
                                                    struct bamboo_error *error);

#endif
