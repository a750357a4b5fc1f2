/* What a run is made of. Only apply.c changes it (beside the parts marked transient, which are no
 * state: they are derived when a run is restored). The rules that always hold stand in
 * consistency.c. */
#ifndef VM_RUN_STATE_H
#define VM_RUN_STATE_H

#include "base/value.h"
#include "vm/run/event.h"
#include "vm/run/node_state.h"
#include "vm/run/run.h"

#define TOKEN_NONE UINT32_MAX
#define SCOPE_NONE UINT32_MAX
#define SCOPE_ROOT 0u

enum token_state {
#define TOKEN_STATE(name, waits_for, meaning) TOKEN_##name,
#include "vm/run/token_states.def"
#undef TOKEN_STATE
    TOKEN_STATE_COUNT
};

enum record_flag {
    RECORD_SKIPPED = 1,
    RECORD_ERROR_IGNORED = 2,
    RECORD_TIMED_OUT = 4,
    RECORD_LOOPING = 8, /* FINISHED, but its token is there for the next round */
};

enum rollback_mode {
    ROLLBACK_NONE,
    ROLLBACK_TOKEN, /* back along the way of one token, taking back what it did */
    ROLLBACK_ANY,   /* a jump, which forgets */
    ROLLBACK_MODE_COUNT
};

/* A rollback that begins when the node has finished. */
struct reservation {
    uint8_t mode; /* enum rollback_mode; NONE: nothing is reserved */
    bool skip_token_check;
    uint32_t scope, node;      /* where to */
    struct bamboo_value actor; /* who wanted it */
};

/* A timer of a node that is at work. */
struct node_timer {
    uint32_t fired; /* how often it has begun its action */
    int64_t next;   /* 0: it does not fire any more */
};

/* What only few nodes have. */
struct node_extra {
    struct bamboo_value replaced_inputs; /* a map that overrides inputs, from retry; or missing */
    struct bamboo_value *callbacks;      /* arrived, not dealt with, oldest first */
    size_t callback_count, callback_capacity;
    struct node_timer *timers; /* those of the node's policy, while it is at work */
    uint32_t timer_count;
    struct reservation reservation;
};

/* A node of a scope. All zero: no token has reached it. */
struct node_record {
    uint8_t state; /* enum node_state */
    uint8_t flags; /* enum record_flag */
    uint16_t automatic_retries;
    uint32_t token; /* that is at this node, or TOKEN_NONE; counts only while not FINISHED */
    uint32_t loop, inner_loop, retry;
    uint32_t schedules; /* how often schedule was called in this execution */
    uint32_t child;     /* of a subprocess: its scope + 1, 0: not entered yet */
    uint64_t version;   /* of this execution; 0: none */
    int64_t started, archived;
    int64_t deadline; /* of its timeout, 0: none */
    struct bamboo_value inputs, outputs;
    struct node_extra *extra; /* or NULL */
};

/* A pipeline at work: the root, or what a subprocess node entered. Kept for the next round. */
struct scope {
    const struct image_pipeline *pipeline;
    uint32_t parent;      /* scope, or SCOPE_NONE */
    uint32_t parent_node; /* the subprocess node */
    uint32_t depth;
    uint32_t return_pc;          /* where the token goes on in the parent */
    struct node_record *records; /* by node - first_node */
    struct bamboo_value *variables;
};

struct token {
    uint8_t state; /* enum token_state */
    bool queued;   /* transient: is in the queue of runnable tokens */
    bool busy;     /* transient: an effect SCHEDULE is on its way */
    uint32_t scope, node, pc;
    uint32_t parent;                         /* or TOKEN_NONE */
    uint32_t children;                       /* that have not reached the converge yet */
    uint32_t destination, destination_scope; /* the converge where it ends, or IMAGE_NONE */
    uint32_t back_scope, back_node;          /* where a rollback takes it to, or IMAGE_NONE */
    uint32_t next;   /* in the list of free places; transient: in the queue */
    int64_t wake_at; /* in states POLL and RETRY */
};

/* Transient: a deadline of a token (its wake_at) or of a node (its timeout). Entries whose token or
 * record has moved on are dropped when they come up. */
struct timer {
    int64_t time;
    uint64_t version;
    uint32_t token; /* TOKEN_NONE: of a node */
    uint32_t event; /* of a node: 0: its timeout, else one of its timers, counted from 1 */
    uint32_t scope, node;
};

/* Where an event happens, found once: where its token is before it, or the place that it names. Of
 * an event of the run as a whole `scope` is SCOPE_NONE and the pointers are NULL. */
struct event_place {
    uint32_t scope, node;
    const struct image_node *row;
    struct node_record *record;
};

struct run {
    struct linked_program *linked;
    char id[17];
    uint8_t state; /* enum run_state */
    uint64_t sequence;
    uint64_t versions; /* the last version that was given */
    int64_t time;      /* of the last event */
    int64_t created, finished;
    struct bamboo_value parameters, outputs;
    struct bamboo_value options; /* what else it was given (run_create()), a map or missing */
    struct bamboo_value data;    /* transient: the option, borrowed from them */
    int64_t rerun_limit;         /* transient: the option, -1: what each pipeline says */
    struct scope *scopes;
    size_t scope_count, scope_capacity;
    struct token *tokens;
    size_t token_count, token_capacity;
    uint32_t free_token;
    /* Transient. */
    bool replaying;    /* queue and timers are made afterwards, by run_index() */
    bool has_reserved; /* a rollback, for the end of some node: it may have been done since */
    uint32_t queue_first, queue_last;
    uint32_t current;     /* the token that is being run: not to be queued */
    struct timer *timers; /* a binary heap */
    size_t timer_count, timer_capacity;
    struct run_outbox outbox;
    uint64_t looked_at;   /* the event at which run_assert_consistent() looked last */
    size_t unsnapshotted; /* bytes of events since the last snapshot, without the outbox's */
    size_t snapshot_size; /* of the last snapshot */
};

static inline const struct image_pipeline *scope_pipeline(const struct run *run, uint32_t scope)
{
    return run->scopes[scope].pipeline;
}
static inline uint32_t scope_pipeline_index(const struct run *run, uint32_t scope)
{
    return (uint32_t)(run->scopes[scope].pipeline - run->linked->program->pipelines);
}
static inline struct node_record *record_of(const struct run *run, uint32_t scope, uint32_t node)
{
    return &run->scopes[scope].records[node - run->scopes[scope].pipeline->first_node];
}
static inline const struct image_node *node_of(const struct run *run, uint32_t node)
{
    return &run->linked->program->nodes[node];
}
/* The component that the node executes, or NULL. */
static inline const struct bamboo_component *node_component(const struct run *run,
                                                            const struct image_node *node)
{
    bool executes = node->kind == NODE_KIND_ACTIVITY || node->kind == NODE_KIND_END;
    return executes && node->companion != IMAGE_NONE ? run->linked->components[node->companion]
                                                     : NULL;
}
static inline struct node_record *token_record(const struct run *run, const struct token *token)
{
    return record_of(run, token->scope, token->node);
}

static inline const struct image_variable *scope_variable(const struct run *run, uint32_t scope,
                                                          uint32_t variable)
{
    return &run->linked->program->variables[scope_pipeline(run, scope)->first_variable + variable];
}
/* The value of a variable, or of a plain one that nothing has set its first value; else missing.
 * Borrowed. */
static inline struct bamboo_value variable_value(const struct run *run, uint32_t scope,
                                                 uint32_t variable)
{
    struct bamboo_value value = run->scopes[scope].variables[variable];
    const struct image_variable *row = scope_variable(run, scope, variable);
    if (value.type == BAMBOO_MISSING && row->kind == VARIABLE_KIND_PLAIN)
        return run->linked->program->constants[row->value];
    return value;
}
/* Does the pipeline keep its data as bamboo-engine does? */
static inline bool scope_has_context(const struct run *run, uint32_t scope)
{
    return scope_pipeline(run, scope)->flags & PIPELINE_FLAG_CONTEXT;
}
/* Are the data of a node that is entered those of the execution before, until it leaves others?
 * With a context those of activities and ends begin anew, those of gateways and subprocesses do
 * not. */
static inline bool node_keeps_data(const struct run *run, uint32_t scope,
                                   const struct image_node *node)
{
    return node->kind != NODE_KIND_ACTIVITY && node->kind != NODE_KIND_END &&
           scope_has_context(run, scope);
}
/* One of the run's options; missing if it was not given. */
static inline struct bamboo_value run_option(const struct run *run, const char *name)
{
    return run->options.type == BAMBOO_MAP ? bamboo_map_get(run->options, name) : bamboo_missing();
}

/* Gives the run its options; takes them. */
void run_set_options_take(struct run *run, struct bamboo_value options);

/* Is a subprocess suspended that this scope is in? */
bool scope_is_suspended(const struct run *run, uint32_t scope);
/* Is a token at this place to stop: is the run, a subprocess around it or the node suspended? */
static inline bool place_is_suspended(const struct run *run, uint32_t scope,
                                      const struct node_record *record)
{
    return run->state == RUN_SUSPENDED || record->state == NODE_SUSPENDED ||
           (scope != SCOPE_ROOT && scope_is_suspended(run, scope));
}

/* A node of a pipeline by its name, IMAGE_NONE if there is none. */
uint32_t pipeline_find_node(const struct program *program, const struct image_pipeline *pipeline,
                            const char *name);

/* Where a run with these options begins. */
uint32_t run_start_node(const struct run *run, struct bamboo_value options);

/* An empty run without scopes: what run_create() and run_restore() begin with. */
MUST_CHECK enum bamboo_status run_allocate(struct linked_program *linked, const char *id,
                                           struct run **out, struct bamboo_error *error);

/* A new scope; *out is its index. */
MUST_CHECK enum bamboo_status scope_create(struct run *run, uint32_t pipeline, uint32_t parent,
                                           uint32_t parent_node, uint32_t *out,
                                           struct bamboo_error *error);

/* A new token in state READY (not queued); *out is its index. Pointers to tokens end. */
MUST_CHECK enum bamboo_status token_create(struct run *run, uint32_t *out,
                                           struct bamboo_error *error);
/* The token dies, and leaves the queue; its place may be used again. */
void token_free(struct run *run, uint32_t token);
/* The same for all. */
void token_free_all(struct run *run);

/* Puts a READY token at the end of the queue. */
void token_append(struct run *run, uint32_t token);
/* The same, unless it is there or is the one being run. */
static inline void token_enqueue(struct run *run, uint32_t token)
{
    if (!run->tokens[token].queued && run->current != token && !run->replaying)
        token_append(run, token);
}
/* The next READY token, taken out of the queue; TOKEN_NONE if there is none. */
uint32_t token_dequeue(struct run *run);

/* Adds a timer. */
MUST_CHECK enum bamboo_status timer_add(struct run *run, struct timer timer,
                                        struct bamboo_error *error);
/* The first timer that still counts, dropping those that do not; false if there is none. */
bool timer_first(struct run *run, struct timer *out);
void timer_remove_first(struct run *run);
/* Would firing it still mean something? */
bool timer_counts(const struct run *run, const struct timer *timer);

/* The extra part of a record, made if it is missing; NULL if there is no memory. */
struct node_extra *record_extra(struct node_record *record);
/* Frees callbacks that were not dealt with; what a retry gave stays. */
void record_drop_callbacks(struct node_record *record);
/* Forgets a reserved rollback. */
void record_drop_reservation(struct node_record *record);
/* Frees the timers. */
void record_drop_timers(struct node_record *record);
/* Frees the extra part. */
void record_drop_extra(struct node_record *record);
/* Frees everything that a record owns. */
void record_release(struct node_record *record);

/* Asserts that run_fault() finds nothing; looks at a large run only now and then. */
void run_assert_consistent(struct run *run);

#endif
