/* What a run asks the engine to do, once it is durable. */
#ifndef VM_RUN_OUTBOX_H
#define VM_RUN_OUTBOX_H

#include "vm/run/state.h"

/* Adds an effect to the outbox; takes its values, also when it fails. */
MUST_CHECK enum bamboo_status run_emit_take(struct run *run, const struct effect *effect,
                                            struct bamboo_error *error);

/* If the token's component has something going on outside: asks for its end. */
MUST_CHECK enum bamboo_status run_cancel_work(struct run *run, const struct token *token,
                                              struct bamboo_error *error);

#endif
