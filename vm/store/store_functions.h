/* What an implementation of a store provides: one function for each of store.h, under the same
 * contract. */
#ifndef VM_STORE_STORE_FUNCTIONS_H
#define VM_STORE_STORE_FUNCTIONS_H

#include <pthread.h>

#include "vm/store/store.h"

struct store_functions {
    void (*close)(struct store *store);
    const char *(*wake_path)(const struct store *store);
    enum bamboo_status (*commit)(struct store *store, const struct store_write *writes,
                                 size_t count, size_t *refused, struct bamboo_error *error);
    enum bamboo_status (*engine_join)(struct store *store, int64_t lease_ms, uint64_t *engine,
                                      struct bamboo_error *error);
    enum bamboo_status (*engine_renew)(struct store *store, uint64_t engine,
                                       struct bamboo_error *error);
    enum bamboo_status (*engine_leave)(struct store *store, uint64_t engine,
                                       struct bamboo_error *error);
    enum bamboo_status (*claim)(struct store *store, const char *id, uint64_t engine,
                                struct store_run *out, struct bamboo_error *error);
    enum bamboo_status (*claim_some)(struct store *store, uint64_t engine, size_t limit,
                                     void (*claimed)(void *context, const struct store_run *run),
                                     void *context, struct bamboo_error *error);
    enum bamboo_status (*submit)(struct store *store, const char *id, const void *program,
                                 size_t size, const char *actor, uint64_t *mail,
                                 struct bamboo_error *error);
    enum bamboo_status (*read_mail)(struct store *store, uint64_t engine,
                                    enum bamboo_status (*each)(void *context,
                                                               const struct store_mail *,
                                                               struct bamboo_error *),
                                    void *context, struct bamboo_error *error);
    enum bamboo_status (*read_reply)(struct store *store, uint64_t mail, bool *answered,
                                     enum bamboo_status *status, char **text,
                                     struct bamboo_error *error);
    enum bamboo_status (*find_run)(struct store *store, const char *reference,
                                   struct store_run *out, struct bamboo_error *error);
    enum bamboo_status (*find_number)(struct store *store, uint64_t number, struct store_run *out,
                                      struct bamboo_error *error);
    enum bamboo_status (*list_runs)(struct store *store, bool with_ended, size_t limit,
                                    enum bamboo_status (*each)(void *context,
                                                               const struct store_run *,
                                                               struct bamboo_error *),
                                    void *context, struct bamboo_error *error);
    enum bamboo_status (*read_artifact)(struct store *store, const uint8_t digest[DIGEST_SIZE],
                                        void **bytes, size_t *size, struct bamboo_error *error);
    enum bamboo_status (*read_snapshot)(struct store *store, uint64_t run, uint64_t *sequence,
                                        void **bytes, size_t *size, struct bamboo_error *error);
    enum bamboo_status (*read_events)(struct store *store, uint64_t run, uint64_t after,
                                      enum bamboo_status (*each)(void *context, uint64_t first,
                                                                 uint64_t last, const void *bytes,
                                                                 size_t size,
                                                                 struct bamboo_error *),
                                      void *context, struct bamboo_error *error);
    enum bamboo_status (*read_journal)(struct store *store, uint64_t from, size_t limit,
                                       enum bamboo_status (*each)(void *context,
                                                                  const struct store_batch *,
                                                                  struct bamboo_error *),
                                       void *context, struct bamboo_error *error);
    enum bamboo_status (*read_logs)(
        struct store *store, uint64_t run, const char *node, uint64_t after,
        enum bamboo_status (*each)(void *context, const struct store_log *, struct bamboo_error *),
        void *context, struct bamboo_error *error);
    enum bamboo_status (*forget_run)(struct store *store, const char *id, bool force,
                                     struct bamboo_error *error);
    enum bamboo_status (*sweep)(struct store *store, uint64_t limit, bool *done,
                                struct bamboo_error *error);
    enum bamboo_status (*shrink)(struct store *store, uint64_t limit, bool *done,
                                 struct bamboo_error *error);
    enum bamboo_status (*measure)(struct store *store, struct store_size *out,
                                  struct bamboo_error *error);
    enum bamboo_status (*freeze)(struct store *store, struct bamboo_error *error);
    enum bamboo_status (*thaw)(struct store *store, enum bamboo_status status,
                               struct bamboo_error *error);
    enum bamboo_status (*check)(struct store *store, const struct store_finder *finder,
                                struct store_counts *counts, struct bamboo_error *error);
};

/* The time of a store in milliseconds since 1970; tests and simulation put another one in. */
struct store_clock {
    int64_t (*now)(void *context);
    void *context;
};

/* The clock of a store that is given no other. */
int64_t store_wall_clock(void *context);

/* The first member of every implementation's store. */
struct store {
    const struct store_functions *functions;
    struct store_clock clock;
    pthread_mutex_t *lock; /* held during each call; NULL: the implementation needs none */
};

#endif
