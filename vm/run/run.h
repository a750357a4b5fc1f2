/* A run: one execution of a program. A state machine without I/O, clock or thread: inputs are the
 * functions below and the time they are given; the results are events (bytes for the journal) and
 * effects, collected in the run's outbox.
 *
 * The journal is the run: only applying an event changes state, so that a run restored from a
 * snapshot and the events after it is equal to the one that made them.
 *
 * After a function fails with MEMORY, LIMIT or INTERNAL the run is not to be used any more: restore
 * it from the store. REFUSED, PARAMETER and NOT_FOUND change nothing. */
#ifndef VM_RUN_RUN_H
#define VM_RUN_RUN_H

#include "base/bytes.h"
#include "base/text.h"
#include "vm/run/effect.h"
#include "vm/run/link.h"

struct run;
struct interpreter;

/* The working memory of evaluations; one serves all runs of a thread. */
MUST_CHECK enum bamboo_status interpreter_create(struct interpreter **out,
                                                 struct bamboo_error *error);
void interpreter_destroy(struct interpreter *machine);

/* States of a run. Order is the encoding. */
enum run_state {
#define RUN_STATE(name, text, ended, meaning) RUN_##name,
#include "vm/run/run_states.def"
#undef RUN_STATE
    RUN_STATE_COUNT
};
const char *run_state_name(enum run_state state);
static inline bool run_state_is_ended(enum run_state state)
{
    static const bool ENDED[] = {
#define RUN_STATE(name, text, ended, meaning) [RUN_##name] = ended,
#include "vm/run/run_states.def"
#undef RUN_STATE
    };
    return ENDED[state];
}

/* A new run of the program's first pipeline. `parameters` is a map; of a pipeline with a context
 * they are variables of it, by name ("x" or "${x}"). `options` is a map or missing:
 *   data                a map that every component can see (bamboo-engine: root pipeline data)
 *   context             a map: variables of the root's context, by key, known to it or not
 *   subprocess_context  the same for every subprocess
 *   start               the name of the node where the run begins, instead of its start event
 *   rerun_limit         how often a node may be executed again, instead of what the flow says
 * Errors: PARAMETER (missing, unknown, wrong type; names it), USAGE (options), MEMORY. */
MUST_CHECK enum bamboo_status run_create(struct linked_program *program, const char *id,
                                         struct bamboo_value parameters,
                                         struct bamboo_value options, int64_t now_ms,
                                         struct run **out, struct bamboo_error *error);

/* A run as its snapshot says (NULL: as it was before its first event); run_replay() then brings it
 * up to date. Errors: STORE (a damaged snapshot), MEMORY. */
MUST_CHECK enum bamboo_status run_restore(struct linked_program *program, const char *id,
                                          const void *snapshot, size_t size, struct run **out,
                                          struct bamboo_error *error);
/* Applies events from the journal. Errors: STORE (an event that does not fit: names it), MEMORY. */
MUST_CHECK enum bamboo_status run_replay(struct run *run, const void *events, size_t size,
                                         struct bamboo_error *error);
/* The same for one who names the run and the event: the error says only what is wrong with the
 * event after run_sequence(). */
MUST_CHECK enum bamboo_status run_check_events(struct run *run, const void *events, size_t size,
                                               struct bamboo_error *error);
void run_destroy(struct run *run);

/* After a takeover, once, before anything else: what was in flight is started again (the effects
 * are in the outbox) or fails as `interrupted`. */
MUST_CHECK enum bamboo_status run_recover(struct interpreter *machine, struct run *run,
                                          int64_t now_ms, struct bamboo_error *error);

/* Lets tokens run until none can, or about `budget` nodes were entered. */
MUST_CHECK enum bamboo_status run_advance(struct interpreter *machine, struct run *run,
                                          int64_t now_ms, uint32_t budget,
                                          struct bamboo_error *error);
/* Can a token run right now? */
bool run_is_runnable(const struct run *run);

/* Does this execution of a node wait for what an effect comes to? Else it was left meanwhile. */
bool run_awaits(const struct run *run, uint32_t scope, uint32_t node, uint64_t version);

/* What an effect EXECUTE or SCHEDULE came to. A version that is no longer the node's is ignored. */
struct run_result {
    uint32_t scope, node;
    uint64_t version;
    enum bamboo_outcome outcome;
    struct bamboo_value outputs; /* all outputs so far; borrowed */
    const char *failure;         /* why, for BAMBOO_FAILURE; NULL: not said */
    int64_t wake_at_ms;          /* for PENDING of a poll; 0: the component's interval */
};
MUST_CHECK enum bamboo_status run_complete(struct interpreter *machine, struct run *run,
                                           const struct run_result *result, int64_t now_ms,
                                           struct bamboo_error *error);

/* The earliest deadline, 0 if there is none; at or after it call run_fire_timers(). */
int64_t run_next_deadline(const struct run *run);
MUST_CHECK enum bamboo_status run_fire_timers(struct interpreter *machine, struct run *run,
                                              int64_t now_ms, struct bamboo_error *error);

/* Executes a control program (an image of kind CONTROL, already loaded). `actor` is who asks.
 * `reply` gets one sentence: what was done. Errors: REFUSED, NOT_FOUND, PARAMETER with the reason:
 * nothing changed. */
MUST_CHECK enum bamboo_status run_operate(struct interpreter *machine, struct run *run,
                                          const struct program *control, const char *actor,
                                          int64_t now_ms, struct text *reply,
                                          struct bamboo_error *error);

/* What has been recorded since the outbox was last taken. */
struct run_outbox {
    struct byte_writer events; /* encoded, one after the other */
    uint64_t first, last;      /* their sequence numbers; last, once it is taken, < first: none */
    struct effect *effects;    /* to be performed once the events are durable, in order */
    size_t effect_count, effect_capacity;
};
/* Moves the outbox to *out (released by run_outbox_release()); the run's is empty afterwards. */
void run_take_outbox(struct run *run, struct run_outbox *out);
bool run_has_outbox(const struct run *run);
void run_outbox_release(struct run_outbox *outbox);

/* Is a snapshot worth its price (events since the last outweigh it)? */
bool run_wants_snapshot(const struct run *run);
/* Appends the whole state, which includes the event with number run_sequence(). */
void run_snapshot(struct run *run, struct byte_writer *out);
uint64_t run_sequence(const struct run *run);

/* Counts and state, for `ps` and exit codes. */
struct run_summary {
    enum run_state state;
    bool ended;
    uint32_t running; /* nodes with external work in flight */
    uint32_t failed;  /* nodes that failed and wait for an operator */
    uint32_t waiting; /* nodes that wait for a callback */
    uint32_t timed;   /* timers that will fire: polls, sleeps, automatic retries, timeouts */
    int64_t wake_at;
    int64_t created, finished;
};
void run_summarize(const struct run *run, struct run_summary *out);

/* Which of the rules that hold between any two events is broken, as a sentence; NULL: none. */
const char *run_fault(const struct run *run);

const char *run_id(const struct run *run);
/* The run's option `data`: a map, or missing. Borrowed. */
struct bamboo_value run_data(const struct run *run);

/* Appends a node's path ("rollout/push"). */
void run_append_path(const struct run *run, uint32_t scope, uint32_t node, struct text *out);
/* Sets "node", its path, and "label": the same with titles, where the flow has any, for people. */
void run_describe_path(const struct run *run, uint32_t scope, uint32_t node,
                       struct bamboo_map_builder *map);

/* The path of the node that is meant by a path, a name or a title. Errors: as run_find_node() says,
 * MEMORY. */
MUST_CHECK enum bamboo_status run_node_path(const struct run *run, const char *node,
                                            struct bamboo_value *out, struct bamboo_error *error);

/* The state tree, with times, data and what each waiting token waits for, as `show --json` prints
 * it: {id, flow, state, created, finished, parameters, outputs, nodes: [...], tokens: [...]}. */
MUST_CHECK enum bamboo_status run_describe(const struct run *run, struct bamboo_value *out,
                                           struct bamboo_error *error);

/* The outputs of a finished run, found at the end of its last batch of events; missing if there are
 * none. Errors: STORE, MEMORY. */
MUST_CHECK enum bamboo_status run_read_outputs(const void *events, size_t size,
                                               struct bamboo_value *out,
                                               struct bamboo_error *error);

/* Where the run may go back to now: a list of {node, mode: "token" or "any", skip_token_check?},
 * what an operation ROLL_BACK would be given. `from` is the path of the node where the way back
 * begins; NULL: where the token is. Errors: NOT_FOUND, MEMORY. */
MUST_CHECK enum bamboo_status run_rollback_targets(const struct run *run, const char *from,
                                                   struct bamboo_value *out,
                                                   struct bamboo_error *error);

/* Who is told what a replay meets; functions may be NULL. Maps are borrowed. */
struct replay_listener {
    /* Each event, after it was applied: {sequence, type, time, node?, state?, ...}. */
    enum bamboo_status (*event)(void *context, struct bamboo_value event,
                                struct bamboo_error *error);
    /* An execution of a node that re-entry, retry or skip puts behind it, as it was: {node, state,
     * superseded_by, version, loop, inner_loop, retry, skip, started, archived, inputs, outputs}.
     */
    enum bamboo_status (*superseded)(void *context, struct bamboo_value row,
                                     struct bamboo_error *error);
    void *context;
};

/* Applies events from the journal one by one and tells the listener. For `events`, `watch` and
 * `history`. */
MUST_CHECK enum bamboo_status run_replay_each(struct run *run, const void *events, size_t size,
                                              const struct replay_listener *listener,
                                              struct bamboo_error *error);

#endif
