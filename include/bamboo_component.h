/* The component ABI: how an activity is taught to do something. The components of stdlib/ and those
 * of plugins (shared objects given by --plugin) use exactly this.
 *
 * A component is a constant descriptor. An execution of a node is a struct bamboo_activity, which
 * the engine makes and ends; its functions may be called only from within the component's functions
 * and from callbacks that the engine calls for this activity, on the engine's thread. */
#ifndef BAMBOO_COMPONENT_H
#define BAMBOO_COMPONENT_H

#include "bamboo_value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Raised when an older plugin could not work; a plugin of another version is refused. */
#define BAMBOO_COMPONENT_ABI 2

struct bamboo_activity;

/* What `execute` and `schedule` answer. */
enum bamboo_outcome {
    BAMBOO_SUCCESS, /* the node is finished */
    BAMBOO_FAILURE, /* the node has failed; bamboo_activity_fail() says why */
    BAMBOO_PENDING, /* not done yet: goes on as the component's kind says */
};

/* What BAMBOO_PENDING means for the node. */
enum bamboo_component_kind {
    BAMBOO_KIND_PLAIN,          /* something started by execute (a process) completes it */
    BAMBOO_KIND_POLL,           /* schedule is called after an interval, until it is not pending */
    BAMBOO_KIND_CALLBACK,       /* schedule is called once, by the first callback */
    BAMBOO_KIND_MULTI_CALLBACK, /* schedule is called by each callback, until it is not pending */
    BAMBOO_KIND_VARIABLE, /* no activity: computes a lazy variable at each use. execute gets the
                             rendered value as input `value` and sets output `value`; it must be
                             of effect class PURE and be done at once */
};

/* What doing it twice would mean. */
enum bamboo_effect_class {
    /* A function of its inputs and the clock: runs inside the virtual machine, may run again
     * after a crash, does not wait for the disk, must not block, and may use no service but
     * logging and wake_at. */
    BAMBOO_EFFECT_PURE,
    /* Touches the world: starts only after the journal says so durably. After a crash it is
     * started again with the same attempt, or fails as `interrupted` where the author wrote `once`.
     */
    BAMBOO_EFFECT_EXTERNAL,
};

/* How text with ${...} in it is treated when it is given for an input. */
enum bamboo_input_syntax {
    BAMBOO_SYNTAX_PLAIN,
    BAMBOO_SYNTAX_SHELL, /* a shell command: every interpolated value is quoted as a word */
};

struct bamboo_input {
    const char *name;
    const char *type; /* "string", "int", "float", "bool", "duration", "list", "map", "any",
                         or alternatives: "duration|string" */
    bool required;
    const char *default_json; /* the value when it is not given, as JSON; NULL: none */
    enum bamboo_input_syntax syntax;
    const char *documentation; /* a sentence */
};

struct bamboo_output {
    const char *name;
    const char *type;
    const char *documentation;
};

struct bamboo_component {
    uint32_t abi_version; /* BAMBOO_COMPONENT_ABI */
    const char *code;     /* the name that flows use */
    const char *summary;  /* one line */
    const char *documentation;
    enum bamboo_component_kind kind;
    enum bamboo_effect_class effect;
    /* Positional arguments fill the inputs in this order. With `variadic_input` set, it is the
     * name of a list input that takes all positional arguments (exec("make", "dist")). */
    const struct bamboo_input *inputs;
    size_t input_count;
    const char *variadic_input;
    bool accepts_any_input; /* unknown input names are allowed (set, test components) */
    const struct bamboo_output *outputs;
    size_t output_count;
    bool any_output; /* may set outputs that are not declared; reading them compiles */

    /* Starts the work. Required. */
    enum bamboo_outcome (*execute)(struct bamboo_activity *activity);
    /* Goes on with it: `data` is the callback's data (missing for a poll). Required for all kinds
     * but plain. May be called in another process than execute: keep state in outputs. */
    enum bamboo_outcome (*schedule)(struct bamboo_activity *activity, struct bamboo_value data);
    /* Milliseconds (at least one) before the count-th call of schedule (from 1). NULL: what
     * bamboo_activity_wake_at() said, else one second. Poll only. */
    int64_t (*interval)(uint64_t count);
    /* The node is no longer wanted (timeout, force fail, revoke): end external work that the engine
     * does not know (it kills spawned processes by itself). There may be none: perhaps execute was
     * not called yet. May be NULL. */
    void (*cancel)(struct bamboo_activity *activity);
    /* Takes back what a finished execution did, whose inputs and outputs it sees. Done at once, or
     * by a process that it spawns; a failure stops the rollback, for an operator. May be NULL:
     * there is nothing to take back. */
    enum bamboo_outcome (*rollback)(struct bamboo_activity *activity);

    /* Hooks, what bamboo-engine's node hooks are: told, not asked. May be NULL. `enter` before
     * execute is called, `finish` and `fail` when the node has come to that end, whoever decided
     * it. They see the inputs and outputs, may log, and must not block. They may be told twice
     * when the machine crashed in between; an external component perhaps not of its end. */
    void (*enter)(struct bamboo_activity *activity);
    void (*finish)(struct bamboo_activity *activity);
    void (*fail)(struct bamboo_activity *activity);
};

/* A set of components: what a compiler or an engine knows. Borrowed, constant. */
struct bamboo_component_set {
    const struct bamboo_component *const *items;
    size_t count;
};

/* A plugin defines this function under this name; its result lives as long as the plugin. */
typedef const struct bamboo_component_set *(*bamboo_plugin_function)(void);
#define BAMBOO_PLUGIN_SYMBOL "bamboo_plugin_components"

/* --- What a component may ask of its activity --- */

/* All inputs as a map, and one by name (missing if absent). Borrowed. */
BAMBOO_API struct bamboo_value bamboo_activity_inputs(const struct bamboo_activity *activity);
BAMBOO_API struct bamboo_value bamboo_activity_input(const struct bamboo_activity *activity,
                                                     const char *name);

/* The data that the run was given for all components (bamboo_start(): `data`), a map; missing if
 * there are none. Borrowed. */
BAMBOO_API struct bamboo_value bamboo_activity_run_data(const struct bamboo_activity *activity);

/* Outputs so far, with those of earlier calls of this execution. Borrowed. */
BAMBOO_API struct bamboo_value bamboo_activity_output(const struct bamboo_activity *activity,
                                                      const char *name);

/* Sets an output; takes `value`. If it cannot be kept, that sticks, whatever the component answers:
 * the node fails, or without memory what bamboo_activity_fail_memory() says. */
BAMBOO_API void bamboo_activity_set_output_take(struct bamboo_activity *activity, const char *name,
                                                struct bamboo_value value);
BAMBOO_API void bamboo_activity_set_output_text(struct bamboo_activity *activity, const char *name,
                                                const char *bytes, size_t size);

/* Says why the node fails, as printf does; returns BAMBOO_FAILURE. The text becomes output
 * `ex_data`. */
BAMBOO_FORMAT(2, 3)
BAMBOO_API enum bamboo_outcome bamboo_activity_fail(struct bamboo_activity *activity,
                                                    const char *format, ...);

/* There is no memory to go on; returns BAMBOO_FAILURE. That is no failure of a pure component's
 * node: the engine stops, and who goes on with the run later calls the component again. What an
 * external one does may be done already: its node fails. */
BAMBOO_API enum bamboo_outcome bamboo_activity_fail_memory(struct bamboo_activity *activity);

/* Wall-clock time in milliseconds since 1970, as the run sees it. */
BAMBOO_API int64_t bamboo_activity_now(const struct bamboo_activity *activity);

/* When schedule should be called next: milliseconds since 1970. Poll only. The time is kept over
 * restarts. */
BAMBOO_API void bamboo_activity_wake_at(struct bamboo_activity *activity, int64_t time_ms);

/* Which execution this is: the run's id, the node's path ("rollout/push"), and the attempt, which
 * is the same when an interrupted execution is started again. Borrowed. */
BAMBOO_API const char *bamboo_activity_run(const struct bamboo_activity *activity);
BAMBOO_API const char *bamboo_activity_node(const struct bamboo_activity *activity);
BAMBOO_API uint64_t bamboo_activity_attempt(const struct bamboo_activity *activity);

enum bamboo_stream {
    BAMBOO_STREAM_OUTPUT, /* standard output */
    BAMBOO_STREAM_ERROR,  /* standard error */
    BAMBOO_STREAM_LOG,    /* messages of components */
};

/* Adds to the node's log in the store (`bamboo logs`). Bytes are copied. */
BAMBOO_API void bamboo_activity_log(struct bamboo_activity *activity, enum bamboo_stream stream,
                                    const char *bytes, size_t size);

struct bamboo_process_result;

/* A child process: argv and environment are borrowed for the call. Its output goes to the node's
 * log as it comes, and up to capture_size bytes of each stream into the result. */
struct bamboo_spawn {
    const char *const *argv; /* NULL-terminated; argv[0] is looked up in PATH */
    const char *const
        *environment;      /* NULL-terminated "NAME=value" beside the engine's own, or NULL */
    const char *directory; /* or NULL: the engine's */
    const char *input;     /* bytes for standard input, or NULL: /dev/null */
    size_t input_size;
    size_t capture_size;
    int64_t timeout_ms; /* after this the process group is killed; 0: no limit */
    /* Called once, when the process has ended and its output is read. */
    enum bamboo_outcome (*on_exit)(struct bamboo_activity *activity,
                                   const struct bamboo_process_result *result);
};

struct bamboo_process_result {
    int exit_code;  /* of a process that was not killed by a signal; else 128 + signal */
    int signal;     /* 0: none */
    bool timed_out; /* it was killed because of timeout_ms */
    const char *output;
    size_t output_size;
    bool output_truncated; /* there was more than capture_size */
    const char *error;
    size_t error_size;
    bool error_truncated;
    int unread; /* an errno: something of what it printed could not be read; 0: all was */
};

/* Starts a process in a group of its own; the engine kills the group on timeout, cancel, force
 * fail and revoke. Only for effect class EXTERNAL, once at a time; execute then returns
 * BAMBOO_PENDING. Errors: IO (cannot be started: the message says why), MEMORY. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_activity_spawn(
    struct bamboo_activity *activity, const struct bamboo_spawn *spawn, struct bamboo_error *error);

#ifdef __cplusplus
}
#endif

#endif
