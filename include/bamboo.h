/* bamboo: compile flows, run them durably, operate and look at them. The command line uses nothing
 * else; `docs/embedding.md` has a complete program.
 *
 * Three things: a LIBRARY knows components; a FLOW is compiled with it; an ENGINE executes runs of
 * flows on a store. What queries give are values (maps and lists), exactly what `--json` prints.
 *
 * Threads: a library does not change and may be used by all; an engine, the flows that it runs and
 * their values belong to one, but for bamboo_engine_stop(). Several engines, of one process or of
 * many, may share a store.
 *
 * Versions: a program links with libbamboo.so.0. The number becomes another when a program that was
 * compiled with an older header could not go on with the library. */
#ifndef BAMBOO_H
#define BAMBOO_H

#include "bamboo_component.h"
#include "bamboo_error.h"
#include "bamboo_value.h"
#include "bamboo_version.h"

#ifdef __cplusplus
extern "C" {
#endif

/* "0.1.0", and what it was built with. Constant storage. */
BAMBOO_API const char *bamboo_version(void);

/* The one of `count` names that `name` is probably a slip of; NULL if none is near enough. For
 * programs that read names from people. */
BAMBOO_API const char *bamboo_nearest_name(const char *name, const char *const *names,
                                           size_t count);

/* Writes a file ("-": standard output) so that it has the old content or the new one at any time; a
 * device or a pipe is written to. For converted flows. Errors: IO, MEMORY. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_file_write(const char *path,
                                                                  const void *bytes, size_t size,
                                                                  struct bamboo_error *error);

/* bamboo_json_parse() of a file ("-": standard input). Errors: IO, LIMIT, MEMORY, PARAMETER (with
 * file, line and column). */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_json_read(const char *path,
                                                                 struct bamboo_value *out,
                                                                 struct bamboo_error *error);

/* --- Library --- */

struct bamboo_library;

/* The standard components and those of `plugins` (paths of shared objects). The library outlives
 * all that is made with it. Errors: COMPONENT (cannot be loaded, another ABI, a code that is there
 * already; the sentence names the plugin), MEMORY. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_library_create(const char *const *plugins,
                                                                      size_t plugin_count,
                                                                      struct bamboo_library **out,
                                                                      struct bamboo_error *error);
/* Unloads the plugins. NULL is accepted. */
BAMBOO_API void bamboo_library_destroy(struct bamboo_library *library);

/* What components there are, or the one with this code: a list of maps {code, summary,
 * documentation, kind, effect, inputs: [{name, type, required, default, documentation}], outputs}.
 * Errors: NOT_FOUND (with the nearest code), MEMORY. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_library_components(
    const struct bamboo_library *library, const char *code, struct bamboo_value *out,
    struct bamboo_error *error);

/* Reads the text of an input of a component as its declared type wants it, as
 * bamboo_flow_parameter() does. Errors: NOT_FOUND (no such component), PARAMETER (no such input,
 * with the nearest; another type), MEMORY, LIMIT. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_component_input(
    const struct bamboo_library *library, const char *code, const char *name, const char *text,
    struct bamboo_value *out, struct bamboo_error *error);

/* --- Flows --- */

struct bamboo_flow;

/* What a compilation has to say: the same diagnostics for people and for programs. Zero it before
 * the first use; release it after the last. */
struct bamboo_report {
    bool color; /* set by the caller: colours in `text` */
    /* Set by the caller: graphs and trees may have cycles, as if they said so. */
    bool tolerate_cycles;
    /* Set by the caller: the artifact has neither sources nor lines. It is small, and what fails in
     * its runs is told without its place. */
    bool no_debug;
    size_t errors, warnings;
    struct bamboo_value text; /* a string: file:line:column, source line, caret, for each */
    struct bamboo_value list; /* a list of maps: code, message, help, file, line, column, ... */
};
/* Releases the values; what the caller set stays. NULL is accepted. */
BAMBOO_API void bamboo_report_release(struct bamboo_report *report);

/* Compiles a source text; `name` stands in messages, imports are read relative to it. Errors:
 * SOURCE (the report says what), MEMORY, LIMIT. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_flow_compile(
    const struct bamboo_library *library, const char *name, const char *text, size_t size,
    struct bamboo_report *report, struct bamboo_flow **out, struct bamboo_error *error);

/* Reads a file ("-": standard input), a source or an artifact, and compiles or loads it. Errors:
 * IO, ARTIFACT, COMPONENT (it uses one that this library does not have), USAGE (an artifact, and
 * the report wants no_debug), and those of compiling. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_flow_read(
    const struct bamboo_library *library, const char *path, struct bamboo_report *report,
    struct bamboo_flow **out, struct bamboo_error *error);
/* Runs that were started with it go on. NULL is accepted. */
BAMBOO_API void bamboo_flow_release(struct bamboo_flow *flow);

/* The artifact's bytes; valid while the flow lives. */
BAMBOO_API const void *bamboo_flow_image(const struct bamboo_flow *flow, size_t *size);

/* Writes the artifact to a file as bamboo_file_write() does, for bamboo_flow_read(): as it is or,
 * smaller, compressed, which makes no difference but a few microseconds when it is read. Errors:
 * IO, MEMORY. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_flow_write(const struct bamboo_flow *flow,
                                                                  const char *path, bool compressed,
                                                                  struct bamboo_error *error);

/* The listing of `bamboo disasm`, a string. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_flow_disassemble(
    const struct bamboo_flow *flow, struct bamboo_value *out, struct bamboo_error *error);

/* {name, digest, parameters: [{name, type, required}], outputs: [..], nodes: count}. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_flow_describe(const struct bamboo_flow *flow,
                                                                     struct bamboo_value *out,
                                                                     struct bamboo_error *error);

/* The names of the nodes where a run of the flow may begin (bamboo_start_options.start): a list. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_flow_start_nodes(
    const struct bamboo_flow *flow, struct bamboo_value *out, struct bamboo_error *error);

/* Reads the text of a parameter as its declared type wants it ("no" for a string is "no", for a
 * bool false, "30s" a duration, JSON for lists and maps). Errors: PARAMETER, NOT_FOUND (with the
 * nearest name). */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_flow_parameter(
    const struct bamboo_flow *flow, const char *name, const char *text, struct bamboo_value *out,
    struct bamboo_error *error);

/* How a flow is written: as .bamboo text, as YAML, or as the other one of these (YAML if it is
 * text, else text). */
enum bamboo_form { BAMBOO_FORM_TEXT, BAMBOO_FORM_YAML, BAMBOO_FORM_OTHER };

/* Reads a flow in any form, a tree of bamboo-engine included, and writes it in another: *out is a
 * string that compiles to the same. Comments and layout are not kept, imports are not read. Errors:
 * SOURCE (the report says what), MEMORY, LIMIT. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_convert(const struct bamboo_library *library,
                                                               const char *name, const char *text,
                                                               size_t size, enum bamboo_form form,
                                                               struct bamboo_report *report,
                                                               struct bamboo_value *out,
                                                               struct bamboo_error *error);

/* The same for a file ("-": standard input). Errors: IO, and those of bamboo_convert(). */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_convert_file(
    const struct bamboo_library *library, const char *path, enum bamboo_form form,
    struct bamboo_report *report, struct bamboo_value *out, struct bamboo_error *error);

/* What a text is evaluated as. The last three are bamboo-engine's languages, as trees have them. */
enum bamboo_language {
    BAMBOO_EXPRESSION,    /* an expression of flows */
    BAMBOO_INTERPOLATION, /* a text of flows with ${...} */
    BAMBOO_TEMPLATE,      /* a text with ${...}, of which stays what cannot be evaluated */
    BAMBOO_RULE,          /* a condition: a bool */
    BAMBOO_RENDERED_RULE  /* a condition that is rendered as a template first */
};

/* Evaluates a text over the map `context`. Errors: SOURCE (see report; in flows' own languages
 * only), EVALUATION, LIMIT, MEMORY. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_evaluate(
    const struct bamboo_library *library, const char *text, enum bamboo_language language,
    struct bamboo_value context, struct bamboo_report *report, struct bamboo_value *out,
    struct bamboo_error *error);

/* Renders a value whose texts are templates of bamboo-engine: lists and the values of maps deeply.
 * A text that is exactly one ${name} gives the value of that name. Errors: LIMIT, MEMORY. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_render(const struct bamboo_library *library,
                                                              struct bamboo_value value,
                                                              struct bamboo_value context,
                                                              struct bamboo_value *out,
                                                              struct bamboo_error *error);

/* --- Engine --- */

struct bamboo_engine;

#define BAMBOO_RUN_ID_SIZE 17 /* 16 hexadecimal digits and a NUL */

enum bamboo_durability {
    BAMBOO_DURABILITY_FULL, /* a finished step survives power loss */
    BAMBOO_DURABILITY_OS,   /* a finished step survives a killed process */
    BAMBOO_DURABILITY_NONE, /* for tests and throw-away runs */
};

/* Zero is a good value of all but `store`. */
struct bamboo_engine_options {
    const char *store; /* "sqlite:PATH", a path, or "memory:" */
    enum bamboo_durability durability;
    int64_t lock_timeout_ms; /* how long to wait for another process's lock; 0: 10 seconds */
    bool read_only;
    /* SIGINT, SIGTERM and SIGHUP end bamboo_engine_loop() gracefully, a second one at once. SIGHUP
     * does not if the program was started with it ignored (nohup). */
    bool handle_signals;
    int64_t lease_ms;  /* its runs are others' when it was silent for so long; 0: 10 seconds */
    const char *actor; /* who operates: stands in the journal; NULL: user@host */
};

/* Opens the store; takes part in it as an engine only when it first owns a run. `library` is
 * borrowed. Errors: STORE, USAGE, MEMORY. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_engine_open(
    const struct bamboo_library *library, const struct bamboo_engine_options *options,
    struct bamboo_engine **out, struct bamboo_error *error);

/* Kills the processes of activities, makes what was recorded durable, gives up all runs (they can
 * be continued), closes the store. NULL is accepted. */
BAMBOO_API void bamboo_engine_close(struct bamboo_engine *engine);

/* What a run may be given beside its parameters. All zero: nothing. Values are borrowed. */
struct bamboo_start_options {
    struct bamboo_value data; /* a map that every component can see (bamboo_activity_run_data()) */
    /* Maps of variables by their full key ("${x}"), for pipelines that keep their data as
     * bamboo-engine does: of the root, and of every subprocess. */
    struct bamboo_value context, subprocess_context;
    const char *start;   /* the node where the run begins, instead of the start event; or NULL */
    int64_t rerun_limit; /* how often a node may be executed again; 0: what the flow says */
};

/* Creates a run, owned by this engine. It is durable when bamboo_engine_flush() returns, and moves
 * in bamboo_engine_loop(). `parameters` is a map; `options` may be NULL. Errors: PARAMETER,
 * COMPONENT, USAGE (the start node is not one to start from: says why), STORE, MEMORY. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_start(
    struct bamboo_engine *engine, const struct bamboo_flow *flow, struct bamboo_value parameters,
    const struct bamboo_start_options *options, char id[BAMBOO_RUN_ID_SIZE],
    struct bamboo_error *error);

/* Waits until all that this engine has acknowledged so far is durable. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_engine_flush(struct bamboo_engine *engine,
                                                                    struct bamboo_error *error);

/* Makes this engine the owner of a run that no living process owns, and recovers it. Errors:
 * OWNERSHIP (the sentence says who), NOT_FOUND, REFUSED (it has ended), STORE, COMPONENT. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_claim(struct bamboo_engine *engine,
                                                             const char *run,
                                                             struct bamboo_error *error);

enum bamboo_until {
    BAMBOO_UNTIL_SETTLED, /* no owned run can move, except by somebody outside: all have ended,
                             failed, are suspended, or wait for a callback without a timer */
    BAMBOO_UNTIL_ENDED,   /* all owned runs have ended, or only failed nodes keep them */
    BAMBOO_UNTIL_STOPPED, /* bamboo_engine_stop() or a signal; claims runs without an owner */
};

/* Executes the runs that this engine owns. Errors: INTERRUPTED (a signal), STORE (a commit failed:
 * what was not acknowledged did not happen; the runs can be continued), OWNERSHIP, MEMORY. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_engine_loop(struct bamboo_engine *engine,
                                                                   enum bamboo_until until,
                                                                   struct bamboo_error *error);

/* One turn: does what can be done now, waits at most `timeout_ms` for something to do (0: not at
 * all). *busy says whether more can be done at once. For programs with a loop of their own. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_engine_step(struct bamboo_engine *engine,
                                                                   int64_t timeout_ms, bool *busy,
                                                                   struct bamboo_error *error);

/* Ends bamboo_engine_loop() soon. May be called from another thread or a signal handler. */
BAMBOO_API void bamboo_engine_stop(struct bamboo_engine *engine);

/* Called for every event of the runs that this engine owns, once it is durable, with a map {run,
 * sequence, time, type, node?, state?, ...}, for output of activities, {run, node, type: "log",
 * stream, text}, and once, {type: "stopping", waits}, when a signal asks the loop to end. The map
 * is borrowed. There may be events until the engine is closed, for that makes durable what is left:
 * a context that ends earlier is taken away first (NULL, NULL). */
typedef void (*bamboo_observer)(void *context, struct bamboo_value event);
BAMBOO_API void bamboo_engine_observe(struct bamboo_engine *engine, bamboo_observer observer,
                                      void *context);

/* --- Operating --- */

/* One control operation. `operation` is its name: pause, resume, revoke (of a run, or, with `node`,
 * pause and resume of a node); retry, skip, fail, callback, rollback, reserve_rollback,
 * cancel_rollback (of a node). Data of the rollbacks, whose node is the one to go back to, are
 * {from?, mode?: "token" or "any", skip_token_check?}. */
struct bamboo_operation {
    const char *operation;
    const char *run;  /* id, unique prefix, or "@last" */
    const char *node; /* path, or NULL */
    struct bamboo_value
        data; /* retry: map of inputs to replace; callback: {data, version?}; else missing */
    const char *reason; /* or NULL */
};

/* Applies an operation: through the living process that owns the run, else by claiming the run (it
 * is then owned by this engine, *claimed is true: go on with bamboo_engine_loop()). *reply is a
 * string: what was done. Errors: REFUSED (the sentence says why; nothing changed), PARAMETER (the
 * data are not what it takes), NOT_FOUND, USAGE, STORE, OWNERSHIP (the owner does not answer). */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_operate(
    struct bamboo_engine *engine, const struct bamboo_operation *operation,
    struct bamboo_value *reply, bool *claimed, struct bamboo_error *error);

/* --- Looking --- */

/* Runs, newest first: a list of maps {id, flow, state, running, failed, waiting, created, finished,
 * owner_alive, events}. Times are milliseconds since 1970. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_list_runs(struct bamboo_engine *engine,
                                                                 bool with_ended,
                                                                 struct bamboo_value *out,
                                                                 struct bamboo_error *error);

/* How one run stands, without its nodes, of which there may be many: {id, flow, state, settled,
 * created, finished, outputs, owner_alive}, as bamboo_show() gives them. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_result(struct bamboo_engine *engine,
                                                              const char *run,
                                                              struct bamboo_value *out,
                                                              struct bamboo_error *error);

/* One run in full: {id, flow, state, settled: "finished"|"failed"|"revoked"|"suspended"|"waiting"|
 * "moving", created, finished, parameters, outputs, nodes: [{node, title?, label?, kind,
 * component?, state, loop, retry, skip, error_ignored, started, archived, inputs, outputs,
 * waits_for?, remedies? (of a failed one: which of retry and skip are allowed)}], contexts: {path
 * of a subprocess, "" for the root: {key: value}}, ...}. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_show(struct bamboo_engine *engine,
                                                            const char *run,
                                                            struct bamboo_value *out,
                                                            struct bamboo_error *error);

/* Where a run may go back to now: a list of {node, mode: "token" or "any", skip_token_check?},
 * which are what an operation `rollback` takes. `from` is the path of the node where the way back
 * begins, or NULL: where its token is. Errors: NOT_FOUND, STORE. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_rollback_targets(
    struct bamboo_engine *engine, const char *run, const char *from, struct bamboo_value *out,
    struct bamboo_error *error);

/* The path of a node of a run ("rollout/push"), by its path, or by a name or title that no other
 * node of the run has. *out is a string, the caller's. Errors: NOT_FOUND (naming the nearest),
 * USAGE (several nodes are called so), STORE, MEMORY. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_node_path(struct bamboo_engine *engine,
                                                                 const char *run, const char *node,
                                                                 struct bamboo_value *out,
                                                                 struct bamboo_error *error);

/* Which operations on a run are possible now, and why the others are not: a list of maps
 * {operation, node?, allowed, why?, data?, meaning}, by the same rules that refuse them. With
 * `node` NULL: all operations of the run, and of its nodes those that are allowed; else all of that
 * node. Errors: NOT_FOUND, STORE, MEMORY. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_can(struct bamboo_engine *engine,
                                                           const char *run, const char *node,
                                                           struct bamboo_value *out,
                                                           struct bamboo_error *error);

/* The journal of a run from sequence number `after` + 1 on, as the observer gets it. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_events(struct bamboo_engine *engine,
                                                              const char *run, uint64_t after,
                                                              bamboo_observer observer,
                                                              void *context,
                                                              struct bamboo_error *error);

/* The events of all runs of the store as one stream, in the order in which they became durable,
 * whoever executes the runs: those of a run in its order, each once. A run whose events cannot be
 * told (a plugin is missing, its rows are damaged) is a last event {run, sequence, type:
 * "run-unreadable", why}; other runs go on. A stream keeps some bytes of each run that is not
 * over in memory, and of the latest the whole. */
struct bamboo_event_stream;

/* A stream from the first event on; *out is the caller's (bamboo_event_stream_close), the engine
 * has to live as long. Errors: MEMORY. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_event_stream_open(
    struct bamboo_engine *engine, struct bamboo_event_stream **out, struct bamboo_error *error);
/* Tells the events that have not been told yet, and returns; to follow, it is called again. Events
 * of runs that were removed are left out. Errors: STORE, MEMORY. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_event_stream_read(
    struct bamboo_event_stream *stream, bamboo_observer observer, void *context,
    struct bamboo_error *error);
/* NULL is accepted. */
BAMBOO_API void bamboo_event_stream_close(struct bamboo_event_stream *stream);

/* The executions of nodes that re-entry, retry or skip have put behind them, in the order in which
 * that happened: maps {node, state, superseded_by, version, loop, inner_loop, retry, skip, started,
 * archived, inputs, outputs}. Read from the whole journal. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_history(struct bamboo_engine *engine,
                                                               const char *run,
                                                               bamboo_observer observer,
                                                               void *context,
                                                               struct bamboo_error *error);

/* Output of nodes with piece numbers above `after`, of one node (path) or all (NULL): maps {number,
 * node, attempt, stream, time, text}. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_logs(struct bamboo_engine *engine,
                                                            const char *run, const char *node,
                                                            uint64_t after,
                                                            bamboo_observer observer, void *context,
                                                            struct bamboo_error *error);

/* --- Looking after a store --- */

/* Removes an ended run; with `force` any that no living process owns. Errors: REFUSED, NOT_FOUND.
 */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_remove(struct bamboo_engine *engine,
                                                              const char *run, bool force,
                                                              struct bamboo_error *error);

/* Which ended runs bamboo_collect() leaves. Zero: none. */
struct bamboo_retention {
    int64_t older_than_ms; /* those that ended less than this ago */
    uint64_t keep;         /* as many of those that were started last */
    bool dry_run;          /* all: it only tells what it would remove */
};

/* Removes ended runs with their journals, output, snapshots, mail, and artifacts that no run uses,
 * and gives the space back to the file system; in short transactions with pauses, so that engines
 * at work wait for none of it. The observer, unless it is NULL, gets each removed run, a map {id,
 * flow, state, events, finished}. *out: {removed, bytes_before, bytes_after, bytes_free}. Errors:
 * USAGE (opened read-only), STORE, MEMORY. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_collect(
    struct bamboo_engine *engine, const struct bamboo_retention *retention,
    bamboo_observer observer, void *context, struct bamboo_value *out, struct bamboo_error *error);

/* Reads a duration as flows write it: "30d", "1h30m". Errors: PARAMETER. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_duration_parse(const char *text,
                                                                      int64_t *milliseconds,
                                                                      struct bamboo_error *error);

/* Checks everything that a store keeps: the file, each row's checksum, that no event is missing and
 * none was written by who was not the owner, artifacts, mail, output; then replays the journal of
 * each run and compares it with the snapshot and the run's row, and looks whether the rules of
 * states hold. The observer, unless it is NULL, gets each problem, a map {table, run?, event?,
 * problem}, and each run that could not be replayed because a component is missing, {run,
 * unchecked: why}. *out: {problems, unchecked, runs, events, batches, snapshots, artifacts, logs,
 * mails, engines}. Others may go on writing meanwhile. Errors: STORE (it cannot be read at all),
 * MEMORY. */
BAMBOO_MUST_CHECK BAMBOO_API enum bamboo_status bamboo_check_store(struct bamboo_engine *engine,
                                                                   bamboo_observer observer,
                                                                   void *context,
                                                                   struct bamboo_value *out,
                                                                   struct bamboo_error *error);

#ifdef __cplusplus
}
#endif

#endif
