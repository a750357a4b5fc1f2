/* Runs from the store: its artifact, its snapshot, and the events after it. */
#ifndef VM_ENGINE_LOAD_H
#define VM_ENGINE_LOAD_H

#include "vm/run/run.h"
#include "vm/store/store.h"

/* What programs are linked with. Borrowed. */
struct run_library {
    const struct bamboo_component_set *components;
    const struct function_set *functions;
};

/* The program with this digest; *out is the caller's (linked_program_release). Errors: COMPONENT
 * (the library lacks something), ARTIFACT (it is not sound: the sentence begins with `name`),
 * STORE, MEMORY. */
MUST_CHECK enum bamboo_status load_program(struct store *store, const struct run_library *library,
                                           const uint8_t digest[DIGEST_SIZE], const char *name,
                                           struct linked_program **out, struct bamboo_error *error);

/* The run as the store has it; or, with `before` above 0, as it was before the event of that
 * number, which began a batch. *out is the caller's (run_destroy). Errors: STORE, MEMORY. */
MUST_CHECK enum bamboo_status load_run(struct store *store, struct linked_program *linked,
                                       const char *id, uint64_t number, uint64_t before,
                                       struct run **out, struct bamboo_error *error);

#endif
