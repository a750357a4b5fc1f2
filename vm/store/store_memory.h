/* The store in memory, for tests, simulation and runs that need not survive. It belongs to whoever
 * opened it and ends with that; a lock makes every call one step. Its engines are all of this
 * process, so that only their leases say whether they are alive.
 *
 * Every function takes the memory that it needs before it changes anything. */
#ifndef VM_STORE_STORE_MEMORY_H
#define VM_STORE_STORE_MEMORY_H

#include "vm/store/store_functions.h"

/* Objects of one type, each allocated alone: they stay where they are while the list grows. Runs,
 * mail and engines begin with their numbers and lie in that order. */
struct object_list {
    void **items;
    size_t count, capacity;
};

struct memory_artifact {
    uint8_t digest[DIGEST_SIZE];
    size_t size;
    uint8_t bytes[];
};

/* A batch of events; a snapshot has the last of its events only. */
struct memory_batch {
    uint64_t number; /* of all runs' batches together */
    uint64_t first, last;
    size_t size;
    uint8_t bytes[];
};

struct memory_log {
    uint64_t number, attempt;
    uint32_t stream;
    int64_t time;
    size_t size;
    char *node;
    char bytes[];
};

struct memory_run {
    struct store_run row;          /* its owner_alive is not kept up to date */
    struct memory_batch *snapshot; /* or NULL */
    struct object_list batches, logs;
};

struct memory_mail {
    uint64_t number, run;
    int64_t time;
    char *actor;
    bool answered;
    enum bamboo_status status;
    char *reply; /* once answered */
    size_t size;
    uint8_t program[];
};

struct memory_engine {
    uint64_t number;
    int64_t lease_ms, alive_until;
};

struct memory_store {
    struct store store; /* first */
    pthread_mutex_t lock;
    struct object_list runs, artifacts, mail, engines;
    struct object_list runs_by_id; /* the same runs */
    struct object_list open_mail;  /* those that are not answered */
    /* Numbers that were given. */
    uint64_t last_run, last_mail, last_engine, last_log, last_batch;
};

/* store_open() of "memory:". */
MUST_CHECK enum bamboo_status memory_store_open(struct store **out, struct bamboo_error *error);

static inline struct memory_store *memory_of(struct store *store)
{
    return (struct memory_store *)(void *)store;
}

static inline int64_t memory_now(const struct memory_store *memory)
{
    return memory->store.clock.now(memory->store.clock.context);
}

/* Room for one more, so that list_add() cannot fail. */
MUST_CHECK bool list_reserve(struct object_list *list);
void list_add(struct object_list *list, void *object);
void list_insert(struct object_list *list, size_t index, void *object);
/* Takes an object out, without freeing it. */
void list_remove(struct object_list *list, size_t index);
/* The index of the first object whose number is at least `number`. */
size_t list_place(const struct object_list *list, uint64_t number);
/* The object with this number, or NULL. */
void *list_find(const struct object_list *list, uint64_t number);

/* The index among the runs by id of the first that is not before `id`, which may be a prefix. */
size_t memory_place_of_id(const struct memory_store *memory, const char *id);
/* NULL if there is none. */
struct memory_run *memory_run_with_id(const struct memory_store *memory, const char *id);
struct memory_artifact *memory_artifact_with(const struct memory_store *memory,
                                             const uint8_t digest[DIGEST_SIZE]);

/* Is this engine's lease still running? */
bool memory_engine_is_alive(const struct memory_store *memory, uint64_t engine);

/* The row of a run as it is now; the name is borrowed. */
struct store_run memory_look(const struct memory_store *memory, const struct memory_run *run);
/* The same with a name of its own: *out is to be released. */
MUST_CHECK enum bamboo_status memory_copy_run(const struct memory_store *memory,
                                              const struct memory_run *run, struct store_run *out,
                                              struct bamboo_error *error);

void memory_run_destroy(struct memory_run *run);
void memory_mail_destroy(struct memory_mail *mail);
void memory_log_destroy(struct memory_log *log);

/* The functions of store_functions.h. */
MUST_CHECK enum bamboo_status memory_commit(struct store *store, const struct store_write *writes,
                                            size_t count, size_t *refused,
                                            struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_engine_join(struct store *store, int64_t lease_ms,
                                                 uint64_t *engine, struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_engine_renew(struct store *store, uint64_t engine,
                                                  struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_engine_leave(struct store *store, uint64_t engine,
                                                  struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_claim(struct store *store, const char *id, uint64_t engine,
                                           struct store_run *out, struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_claim_some(struct store *store, uint64_t engine, size_t limit,
                                                void (*claimed)(void *context,
                                                                const struct store_run *run),
                                                void *context, struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_submit(struct store *store, const char *id,
                                            const void *program, size_t size, const char *actor,
                                            uint64_t *mail, struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_read_mail(struct store *store, uint64_t engine,
                                               enum bamboo_status (*each)(void *context,
                                                                          const struct store_mail *,
                                                                          struct bamboo_error *),
                                               void *context, struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_read_reply(struct store *store, uint64_t mail, bool *answered,
                                                enum bamboo_status *status, char **text,
                                                struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_find_run(struct store *store, const char *reference,
                                              struct store_run *out, struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_find_number(struct store *store, uint64_t number,
                                                 struct store_run *out, struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_list_runs(struct store *store, bool with_ended, size_t limit,
                                               enum bamboo_status (*each)(void *context,
                                                                          const struct store_run *,
                                                                          struct bamboo_error *),
                                               void *context, struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_read_artifact(struct store *store,
                                                   const uint8_t digest[DIGEST_SIZE], void **bytes,
                                                   size_t *size, struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_read_snapshot(struct store *store, uint64_t run,
                                                   uint64_t *sequence, void **bytes, size_t *size,
                                                   struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_read_events(
    struct store *store, uint64_t run, uint64_t after,
    enum bamboo_status (*each)(void *context, uint64_t first, uint64_t last, const void *bytes,
                               size_t size, struct bamboo_error *),
    void *context, struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_read_journal(
    struct store *store, uint64_t from, size_t limit,
    enum bamboo_status (*each)(void *context, const struct store_batch *, struct bamboo_error *),
    void *context, struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_read_logs(
    struct store *store, uint64_t run, const char *node, uint64_t after,
    enum bamboo_status (*each)(void *context, const struct store_log *, struct bamboo_error *),
    void *context, struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_forget_run(struct store *store, const char *id, bool force,
                                                struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_sweep(struct store *store, uint64_t limit, bool *done,
                                           struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_shrink(struct store *store, uint64_t limit, bool *done,
                                            struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_measure(struct store *store, struct store_size *out,
                                             struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_freeze(struct store *store, struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_thaw(struct store *store, enum bamboo_status status,
                                          struct bamboo_error *error);
MUST_CHECK enum bamboo_status memory_check(struct store *store, const struct store_finder *finder,
                                           struct store_counts *counts, struct bamboo_error *error);

#endif
