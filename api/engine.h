/* What stands behind struct bamboo_engine: a store, and what executes runs on it. */
#ifndef API_ENGINE_H
#define API_ENGINE_H

#include "api/library.h"
#include "vm/engine/engine.h"

struct bamboo_engine {
    const struct bamboo_library *library; /* borrowed */
    struct store *store;
    struct engine *engine; /* NULL: opened read-only */
    char *actor;
};

/* The engine, for a function that changes something. Errors: USAGE (opened read-only). */
MUST_CHECK enum bamboo_status engine_for_change(struct bamboo_engine *engine, struct engine **out,
                                                struct bamboo_error *error);
/* Finds a run; what this engine has just started is made durable before. *out is to be released.
 * Errors: NOT_FOUND, STORE. */
MUST_CHECK enum bamboo_status engine_find_run(struct bamboo_engine *engine, const char *reference,
                                              struct store_run *out, struct bamboo_error *error);
/* Sets what every list of runs says of one: id, flow, state. */
void engine_describe_row(const struct store_run *row, struct bamboo_map_builder *map);
/* What programs of this engine's runs are linked with. */
struct run_library engine_run_library(const struct bamboo_engine *engine);

#endif
