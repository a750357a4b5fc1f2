/* A run that this engine owns, and the set of them. Kept small: there may be many that only wait.
 */
#ifndef VM_ENGINE_OWNED_RUN_H
#define VM_ENGINE_OWNED_RUN_H

#include "vm/run/run.h"

/* What keeps a run, as of its last batch: this decides whether the loop goes on. */
enum run_standing {
    STANDING_MOVING, /* something runs, can run, or has a timer */
    STANDING_QUIET,  /* suspended, or waits for a callback: somebody outside can move it */
    STANDING_STUCK,  /* only failed nodes keep it */
    STANDING_ENDED,
    STANDING_COUNT
};

struct owned_run {
    struct run *run;
    struct linked_program *linked;
    struct run *shadow;     /* as durable as the journal; only with an observer, or NULL */
    uint64_t number, fence; /* of the store; the commit's while in_batch */
    uint64_t last_mail;     /* mail up to here is dealt with */
    uint64_t sequence;      /* when it was last looked at, to count events */
    int64_t deadline;       /* in the scheduler's heap; 0: not there */
    struct owned_run *next_runnable, *next_dirty;
    struct owned_run *previous, *next; /* all runs of the set, or the gone ones */
    struct owned_run *next_in_bucket;
    struct owned_run *newer_idle, *older_idle; /* while is_idle */
    int64_t idle_since_ns;
    uint32_t heap_index;
    uint32_t work_count; /* executions, started or about to be */
    uint8_t standing;    /* enum run_standing */
    bool is_created;     /* the store knows it, and `number` */
    bool is_runnable;    /* is in the queue of runnable runs */
    bool is_dirty;       /* is in the queue of runs to be looked at for the next batch, */
    bool is_fresh;       /* or else in that of new runs */
    bool in_batch;       /* the commit under way refers to it */
    bool is_parked;      /* could not go on by our fault: nothing is done with it any more */
    bool is_idle;        /* only waits, and all of it is durable: is in the list of idle runs */
    bool is_gone;        /* not ours any more */
};

struct run_queue {
    struct owned_run *first, *last;
};

struct run_set {
    struct owned_run *first; /* all that are owned */
    struct owned_run *gone;  /* to be freed when nothing refers to them */
    struct owned_run *oldest_idle, *newest_idle;
    size_t count, idle_count;
    size_t standings[STANDING_COUNT]; /* how many of each; those that are away count, too */
    size_t away_count;                /* runs that are ours, but not in memory (idle.h) */
    uint64_t away_last;               /* the highest number that a run away ever had */
    struct owned_run **buckets;       /* by number */
    size_t bucket_count;
    size_t indexed;
};

/* Adds a run; takes `run`, and keeps a reference to `linked`. It stands as MOVING. Errors: MEMORY
 * (then `run` is destroyed). */
MUST_CHECK enum bamboo_status run_set_add_take(struct run_set *set, struct run *run,
                                               struct linked_program *linked,
                                               struct owned_run **out, struct bamboo_error *error);
/* Lets it be found by its number. Errors: MEMORY. */
MUST_CHECK enum bamboo_status run_set_index(struct run_set *set, struct owned_run *owned,
                                            struct bamboo_error *error);
/* The run with this number, or NULL. */
struct owned_run *run_set_find(const struct run_set *set, uint64_t number);
void run_set_stand(struct run_set *set, struct owned_run *owned, enum run_standing standing);
/* Puts it into the list of idle runs, as the newest; takes it out of there, if it is in it. */
void run_set_idle(struct run_set *set, struct owned_run *owned, int64_t now_ns);
void run_set_busy(struct run_set *set, struct owned_run *owned);
/* An idle run, to which nothing else refers, leaves memory, but stays ours. */
void run_set_send_away(struct run_set *set, struct owned_run *owned);
/* A run that was added and indexed is one that was away; it stands as it did. */
void run_set_is_back(struct run_set *set, struct owned_run *owned, enum run_standing standing);
/* Takes it out; it is freed by a later run_set_sweep(). */
void run_set_remove(struct run_set *set, struct owned_run *owned);
/* Frees runs that are gone and that no queue, batch or execution refers to. */
void run_set_sweep(struct run_set *set);
/* Frees all; nothing refers to them any more. */
void run_set_release(struct run_set *set);

#endif
