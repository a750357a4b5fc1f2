/* What the files of the engine share: its parts, and how something that happened to a run is
 * followed up. */
#ifndef VM_ENGINE_ENGINE_STATE_H
#define VM_ENGINE_ENGINE_STATE_H

#include <stdatomic.h>

#include "base/trace.h"
#include "include/bamboo.h"
#include "vm/engine/commit_thread.h"
#include "vm/engine/load.h"
#include "vm/engine/log_buffer.h"
#include "vm/engine/program_path.h"
#include "vm/engine/scheduler.h"

/* An effect that is to be performed. */
struct queued_effect {
    struct owned_run *run; /* NULL: not wanted any more */
    struct effect effect;
};
struct effect_queue {
    struct queued_effect *items;
    size_t first, count, capacity; /* items[first .. count) are to be performed */
};

/* What one run has in a batch. */
struct batch_item {
    struct owned_run *run;
    struct run_outbox outbox;
    struct store_summary summary;
    struct byte_writer snapshot;
    uint64_t snapshot_sequence;
    int64_t created; /* when */
    bool creates, releases;
};
struct batch_reply {
    struct owned_run *run; /* NULL: has ended; the answer stands */
    uint64_t mail;         /* 0: not wanted any more */
    enum bamboo_status status;
    struct text text;
};
struct reply_list {
    struct batch_reply *items;
    size_t count, capacity;
};
/* What is being committed, or, once it is durable, told to observers. */
struct batch {
    struct batch_item *items;
    size_t count, capacity;
    struct reply_list replies;
    struct log_buffer logs;
    struct store_write *writes;
    size_t write_count, write_capacity;
    bool is_durable; /* its effects are accepted, observers are to be told */
};

/* When a run that is not in memory is wanted at the latest. */
struct idle_deadline {
    int64_t time;
    uint64_t number;
};
struct idle_deadlines {
    struct idle_deadline *items; /* a heap, the soonest first */
    size_t count, capacity;
};

/* Mail of a run that is not in memory. */
struct absent_run {
    uint64_t run, mail;
};
struct absent_runs {
    struct absent_run *items;
    size_t count, capacity;
};

/* Mail that was answered since its run could not be read. It must not be done later, while the
 * answer is on its way. */
struct refused_mail {
    uint64_t mail;
    bool is_open; /* by the last look */
};
struct refused_mails {
    struct refused_mail *items;
    size_t count, capacity;
};

struct execution;

struct engine {
    struct store *store; /* borrowed */
    struct run_library library;
    char *actor;
    bool handles_signals;
    int64_t lease_ms;
    struct trace trace;
    struct host *host;
    struct interpreter *machine;
    struct commit_thread *commits;

    struct run_set runs;
    struct scheduler scheduler;
    struct run_queue dirty;   /* to be looked at for the next batch */
    struct run_queue fresh;   /* new ones that have not had their turn yet */
    uint64_t events_pending;  /* recorded since the last batch was taken */
    size_t idle_kept_max;     /* idle runs that stay in memory */
    int64_t idle_deadline_ms; /* with a deadline nearer than this a run is not idle */
    struct idle_deadlines deadlines;
    struct absent_runs absent; /* while mail is read */
    struct refused_mails refused;

    struct effect_queue effects;
    struct execution *executions; /* all that are under way */
    size_t process_count, process_count_max;
    struct program_paths program_paths;
    bool output_stopped; /* children wait until their output is durable */

    struct batch batch;        /* under way, or empty */
    struct log_buffer logs;    /* for the next batch */
    struct reply_list replies; /* the same */
    size_t commit_count;

    struct linked_program **programs; /* used lately, to be shared by runs that are claimed */
    size_t program_count;

    uint64_t number; /* of this engine in the store; 0: has not joined */
    int64_t renew_at_ns, renewed_ns;
    int64_t watch_at_ns; /* when mail is to be watched for; until then it is looked for often */
    bool watches_mail;
    bool mail_arrived;  /* perhaps */
    int64_t look_at_ns; /* for mail, and for runs without an owner */

    bamboo_observer observer;
    void *observer_context;

    atomic_bool stopped;         /* engine_stop() */
    int signals;                 /* that arrived in this engine_loop() */
    bool is_settling;            /* the observer may be at work */
    bool is_draining;            /* after a signal: nothing new is started */
    bool is_broken;              /* `failure` ended everything */
    struct bamboo_error failure; /* why it is broken, or why a run was parked */
    bool has_parked;             /* since it was last told */
    bool has_parked_work;        /* executions and effects of parked runs are to be ended */
    bool has_lost;               /* a run, since the loop began */
    struct bamboo_error loss;    /* which, and why */
};

/* The run was touched: it is scheduled anew and looked at for the next batch. */
void engine_touch(struct engine *engine, struct owned_run *owned);
/* The same for a new run, but for the batch: it is for one only with what the run does in its first
 * turn, so that it is one row, or with engine_take_fresh(). */
void engine_touch_fresh(struct engine *engine, struct owned_run *owned);
/* New runs are looked at for the next batch, too, as they are. */
void engine_take_fresh(struct engine *engine);
/* Takes the next run out of the queue of dirty ones; NULL if there is none. */
struct owned_run *engine_take_dirty(struct engine *engine);
/* The run cannot go on by our fault: nothing is done with it any more, and it is left as the
 * journal has it. Out of memory ends all. */
void engine_park(struct engine *engine, struct owned_run *owned, const struct bamboo_error *error);
/* Nothing works any more: the first error is kept and told by all that follows. */
void engine_break(struct engine *engine, const struct bamboo_error *error);
/* BAMBOO_OK, or why the engine is broken. */
MUST_CHECK enum bamboo_status engine_check(const struct engine *engine, struct bamboo_error *error);

#endif
