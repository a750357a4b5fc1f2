/* A token that goes back, one step at a time. */
#ifndef VM_RUN_EXECUTE_ROLLBACK_H
#define VM_RUN_EXECUTE_ROLLBACK_H

#include "vm/run/interpreter.h"

/* The machine's token, between two undos: begins the next one, or ends the rollback. */
enum step rollback_step(struct interpreter *machine);

/* The machine's token waits for the undo of its node: calls it, or asks for it as an effect. */
enum step undo_call(struct interpreter *machine);

/* What an undo came to. */
enum step undo_answered(struct interpreter *machine, enum bamboo_outcome outcome,
                        const char *failure);

/* The machine's node has finished: a rollback that was reserved for that begins now, or is
 * cancelled if it may not. */
MUST_CHECK enum bamboo_status rollback_when_finished(struct interpreter *machine);

#endif
