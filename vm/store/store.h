/* A store keeps artifacts, journals, snapshots, logs and mailboxes of runs, and survives power
 * loss. It moves bytes and never looks inside an event.
 *
 * Threads: one thread may be in store_commit() or another function marked [writes] while another is
 * in functions marked [reads]; no two writes and no two reads at the same time. Functions return
 * BAMBOO_OK, or fill *error and change nothing.
 *
 * Times are milliseconds since 1970 of the store's clock (for SQLite, this machine's). */
#ifndef VM_STORE_STORE_H
#define VM_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"

#define RUN_ID_SIZE 17 /* 16 hexadecimal digits and a NUL */

enum store_durability {
    STORE_DURABILITY_NONE, /* survives nothing that is not lucky */
    STORE_DURABILITY_OS,   /* survives a killed process */
    STORE_DURABILITY_FULL, /* survives power loss */
};

struct store_options {
    enum store_durability durability;
    int64_t timeout_ms; /* how long to wait for another process's lock */
    bool read_only;     /* fails rather than creating or migrating */
};

struct store;

/* Opens the store at `url` ("sqlite:PATH", "PATH", "memory:"); creates it with its folder if it is
 * missing; migrates an older schema. Errors: USAGE (unknown scheme), STORE (locked, read-only,
 * damaged, newer schema, no space; the sentence names the path and what to do), MEMORY. */
MUST_CHECK enum bamboo_status store_open(const char *url, const struct store_options *options,
                                         struct store **out, struct bamboo_error *error);
/* What was committed stays. NULL is accepted. */
void store_close(struct store *store);

/* The time by the store's clock. */
int64_t store_now(const struct store *store);

/* What `ps` shows of a run without reading its journal. */
struct store_summary {
    uint32_t state;                    /* enum run_state; the store keeps it as a number */
    bool ended;                        /* nothing can happen any more: FINISHED or REVOKED */
    uint32_t running, failed, waiting; /* counts of nodes */
    int64_t wake_at;  /* next deadline, 0: none: somebody has to own the run by then */
    int64_t finished; /* 0: not yet */
};

struct store_run {
    uint64_t number;
    char id[RUN_ID_SIZE];
    char *name; /* the root pipeline's; owned by whoever holds the struct: store_run_release() */
    uint8_t digest[DIGEST_SIZE];
    int64_t created;
    uint64_t sequence; /* of the last event */
    uint64_t owner;    /* engine number; 0: nobody */
    bool owner_alive;
    uint64_t fence; /* grows with every claim; each write carries it */
    struct store_summary summary;
};
void store_run_release(struct store_run *run);

/* --- One commit --- */

enum store_write_kind {
    STORE_CREATE_RUN, /* a new run, owned by `engine` (nobody, if that is 0 or was forgotten), with
                       * its first events, if `last` is not 0; fills *number and *fence */
    STORE_APPEND,     /* events; `first` must be the run's last sequence + 1, the fence the run's */
    STORE_SNAPSHOT,   /* replaces the run's snapshot; the fence must be the run's */
    STORE_LOG,        /* output of a node */
    STORE_REPLY,      /* answers a mail; the first answer stays, and one with a fence that is not
                       * the run's is passed over: the new owner answers */
    STORE_RELEASE,    /* the owner gives the run up */
};

/* One write of a batch; which fields count depends on the kind. Everything is borrowed until
 * store_commit() returns. */
struct store_write {
    enum store_write_kind kind;
    uint64_t *number;      /* all but REPLY: the run; read, or filled by CREATE_RUN */
    uint64_t *fence;       /* the same; REPLY: or NULL, see STORE_REPLY */
    const char *id, *name; /* CREATE_RUN */
    const uint8_t *digest; /* CREATE_RUN: of the image */
    const void *image;     /* CREATE_RUN: stored if the digest is new */
    size_t image_size;
    uint64_t engine; /* CREATE_RUN */
    int64_t time;    /* CREATE_RUN: created; LOG: when */
    uint64_t first,
        last; /* CREATE_RUN (first is 1), APPEND: sequence numbers; SNAPSHOT: last is in it
               */
    const struct store_summary *summary; /* CREATE_RUN, APPEND */
    const void *bytes;                   /* CREATE_RUN, APPEND, SNAPSHOT, LOG, REPLY (text) */
    size_t size;
    const char *node; /* LOG: path */
    uint64_t attempt; /* LOG */
    uint32_t stream;  /* LOG: enum bamboo_stream */
    uint64_t mail;    /* REPLY */
    uint32_t status;  /* REPLY: enum bamboo_status */
};

/* [writes] All or nothing, in order, as durable as the store was opened. Errors: OWNERSHIP (a fence
 * or sequence does not match: another process owns the run; *refused, if not NULL, is the index of
 * that write), STORE (disk full, I/O, locked), MEMORY. */
MUST_CHECK enum bamboo_status store_commit(struct store *store, const struct store_write *writes,
                                           size_t count, size_t *refused,
                                           struct bamboo_error *error);

/* --- Ownership --- */

/* [writes] Registers this process as an engine, alive until `lease_ms` after its last renewal, and
 * as long as the process lives (a dead one on this machine is noticed at once). Ends with
 * store_engine_leave(), which gives up all its runs. */
MUST_CHECK enum bamboo_status store_engine_join(struct store *store, int64_t lease_ms,
                                                uint64_t *engine, struct bamboo_error *error);
/* [writes] Errors: OWNERSHIP if the lease had run out and somebody took a run over meanwhile. */
MUST_CHECK enum bamboo_status store_engine_renew(struct store *store, uint64_t engine,
                                                 struct bamboo_error *error);
MUST_CHECK enum bamboo_status store_engine_leave(struct store *store, uint64_t engine,
                                                 struct bamboo_error *error);

/* [writes] Makes `engine` the owner of a run that has no living owner, with a new fence. *out is as
 * store_find_run() gives it. Errors: OWNERSHIP (alive owner: the sentence says which process; or
 * `engine` itself was forgotten), NOT_FOUND, STORE. */
MUST_CHECK enum bamboo_status store_claim(struct store *store, const char *id, uint64_t engine,
                                          struct store_run *out, struct bamboo_error *error);
/* [writes] Claims up to `limit` runs that have not ended and have no living owner, those with mail
 * or a due deadline or something running first; calls `claimed` for each (borrowed). */
MUST_CHECK enum bamboo_status store_claim_some(struct store *store, uint64_t engine, size_t limit,
                                               void (*claimed)(void *context,
                                                               const struct store_run *run),
                                               void *context, struct bamboo_error *error);

/* --- Mailboxes --- */

struct store_mail {
    uint64_t mail;
    uint64_t run;        /* its number */
    const void *program; /* control program */
    size_t size;
    const char *actor; /* who asks */
    int64_t time;
};

/* [writes] Puts a control program into the mailbox of the run with this id; durable when it returns
 * (as the store was opened), then wakes the owner. Errors: NOT_FOUND, STORE. */
MUST_CHECK enum bamboo_status store_submit(struct store *store, const char *id, const void *program,
                                           size_t size, const char *actor, uint64_t *mail,
                                           struct bamboo_error *error);
/* [reads] Unanswered mail of all runs that `engine` owns, oldest first. */
MUST_CHECK enum bamboo_status store_read_mail(struct store *store, uint64_t engine,
                                              enum bamboo_status (*each)(void *context,
                                                                         const struct store_mail *,
                                                                         struct bamboo_error *),
                                              void *context, struct bamboo_error *error);
/* [reads] The answer to a mail: *answered, and then status and text (memory_free). */
MUST_CHECK enum bamboo_status store_read_reply(struct store *store, uint64_t mail, bool *answered,
                                               enum bamboo_status *status, char **text,
                                               struct bamboo_error *error);
/* A file that is touched whenever mail or a run is added by any process, to be watched; NULL if the
 * store has none. Lives as long as the store. */
const char *store_wake_path(const struct store *store);

/* --- Reading --- */

/* [reads] A run by its id, a unique prefix of it, or "@last" (created last). *out is to be
 * released. Errors: NOT_FOUND (none, or several: the sentence lists up to 5 of them), STORE. */
MUST_CHECK enum bamboo_status store_find_run(struct store *store, const char *reference,
                                             struct store_run *out, struct bamboo_error *error);
/* [reads] The run with this number. *out is to be released. Errors: NOT_FOUND, STORE. */
MUST_CHECK enum bamboo_status store_find_number(struct store *store, uint64_t number,
                                                struct store_run *out, struct bamboo_error *error);
/* [reads] Runs, newest first, at most `limit` (0: all), ended ones only if `with_ended`. */
MUST_CHECK enum bamboo_status store_list_runs(struct store *store, bool with_ended, size_t limit,
                                              enum bamboo_status (*each)(void *context,
                                                                         const struct store_run *,
                                                                         struct bamboo_error *),
                                              void *context, struct bamboo_error *error);
/* [reads] An image; *bytes is the caller's (memory_free). Errors: NOT_FOUND, STORE (its digest is
 * not what it should be), MEMORY. */
MUST_CHECK enum bamboo_status store_read_artifact(struct store *store,
                                                  const uint8_t digest[DIGEST_SIZE], void **bytes,
                                                  size_t *size, struct bamboo_error *error);
/* [reads] The latest snapshot; *bytes NULL and *sequence 0 if there is none. (memory_free) */
MUST_CHECK enum bamboo_status store_read_snapshot(struct store *store, uint64_t run,
                                                  uint64_t *sequence, void **bytes, size_t *size,
                                                  struct bamboo_error *error);
/* [reads] Batches of events with sequence numbers above `after`, in order. */
MUST_CHECK enum bamboo_status store_read_events(
    struct store *store, uint64_t run, uint64_t after,
    enum bamboo_status (*each)(void *context, uint64_t first, uint64_t last, const void *bytes,
                               size_t size, struct bamboo_error *),
    void *context, struct bamboo_error *error);

/* A batch of events of some run. Batches were committed in the order of their numbers, of which one
 * may be given again when the newest batch was removed with its run. */
struct store_batch {
    uint64_t number;
    uint64_t run;
    const char *id; /* the run's */
    uint64_t first, last;
    const void *bytes;
    size_t size;
};
/* [reads] Up to `limit` batches of all runs, from that with the number `from` on (it too). */
MUST_CHECK enum bamboo_status store_read_journal(
    struct store *store, uint64_t from, size_t limit,
    enum bamboo_status (*each)(void *context, const struct store_batch *, struct bamboo_error *),
    void *context, struct bamboo_error *error);

struct store_log {
    uint64_t number; /* grows */
    const char *node;
    uint64_t attempt;
    uint32_t stream;
    int64_t time;
    const char *bytes;
    size_t size;
};
/* [reads] Log pieces with numbers above `after`, of one node (path) or all (NULL). */
MUST_CHECK enum bamboo_status store_read_logs(
    struct store *store, uint64_t run, const char *node, uint64_t after,
    enum bamboo_status (*each)(void *context, const struct store_log *, struct bamboo_error *),
    void *context, struct bamboo_error *error);

/* --- Removing --- */

/* [writes] Removes an ended run with its journal and logs, and artifacts that no run uses. Errors:
 * REFUSED (not ended, and not `force`; or a living owner), NOT_FOUND, STORE.
 *
 * Like everything here it is not waited for: after a power loss a removed run may be there again,
 * as a whole. */
MUST_CHECK enum bamboo_status store_remove_run(struct store *store, const char *id, bool force,
                                               struct bamboo_error *error);
/* [writes] Its first step: nobody sees the run any more; what it leaves is swept. Errors: the same.
 */
MUST_CHECK enum bamboo_status store_forget_run(struct store *store, const char *id, bool force,
                                               struct bamboo_error *error);
/* [writes] Sweeps up to `limit` rows of forgotten runs in one short transaction, so that others who
 * write wait only for that. *done: none is left. */
MUST_CHECK enum bamboo_status store_sweep(struct store *store, uint64_t limit, bool *done,
                                          struct bamboo_error *error);
/* [writes] Gives up to `limit` free pages back to the file system. *done: there are no more to
 * give. */
MUST_CHECK enum bamboo_status store_shrink(struct store *store, uint64_t limit, bool *done,
                                           struct bamboo_error *error);

struct store_size {
    int64_t bytes, free_bytes; /* of the store; the free ones are used again */
    bool shrinks;              /* store_shrink() can give them back */
};
/* [reads] 0 for a store without a file. */
MUST_CHECK enum bamboo_status store_measure(struct store *store, struct store_size *out,
                                            struct bamboo_error *error);

/* --- Checking --- */

/* [reads] Until store_thaw(), everything that is read is as of one moment, whatever others write.
 */
MUST_CHECK enum bamboo_status store_freeze(struct store *store, struct bamboo_error *error);
/* Returns `status`, or why it failed if that is OK. */
MUST_CHECK enum bamboo_status store_thaw(struct store *store, enum bamboo_status status,
                                         struct bamboo_error *error);

/* Something that is not as it should be. Borrowed. */
struct store_problem {
    const char *table;    /* which rows: "run", "event", ...; "file": the file itself */
    const char *run;      /* id; "": of no run that is there */
    uint64_t event;       /* its number; 0: none */
    const char *sentence; /* what is wrong, without the run and the event */
};
struct store_finder {
    void (*found)(void *context, const struct store_problem *problem);
    void *context;
};
/* How many rows were looked at. */
struct store_counts {
    uint64_t runs, batches, events, snapshots, artifacts, logs, mails, engines;
};
/* [reads] Looks at every row: sums, digests, that the events of each run are there without a gap
 * and under fences that only grow, that rows belong to something. Problems are told, not errors. */
MUST_CHECK enum bamboo_status store_check(struct store *store, const struct store_finder *finder,
                                          struct store_counts *counts, struct bamboo_error *error);

#endif
