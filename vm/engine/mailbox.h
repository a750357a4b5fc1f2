/* Control programs for runs: from other processes through the store, or from this one. Each is
 * executed at a safepoint, between two advances of its run. */
#ifndef VM_ENGINE_MAILBOX_H
#define VM_ENGINE_MAILBOX_H

#include "vm/engine/engine_state.h"

/* Executes a control program (an image) on a run. *reply: one sentence. Errors: REFUSED, NOT_FOUND,
 * PARAMETER, USAGE, ARTIFACT (nothing changed); others: the run was parked. */
MUST_CHECK enum bamboo_status mailbox_operate(struct engine *engine, struct owned_run *owned,
                                              const void *image, size_t size, const char *actor,
                                              struct text *reply, struct bamboo_error *error);
/* Does what the mail of our runs asks for; the answers go with the next batch, beside the events.
 * Breaks the engine if the store fails. */
void mailbox_read(struct engine *engine);

void mailbox_release(struct engine *engine);

#endif
