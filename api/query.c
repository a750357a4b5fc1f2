/* Looking at runs: everything is read from the store, so that it works while another process
 * executes them. A run is loaded as its owner would load it, but never recovered. */
#include "api/engine.h"
#include "base/memory.h"
#include "base/value.h"
#include "vm/engine/log_buffer.h"
#include "vm/run/index.h"
#include "vm/run/can.h"
#include "vm/run/state.h"

/* --- Lists --- */

static enum bamboo_status add_run(void *context, const struct store_run *row,
                                  struct bamboo_error *error)
{
    struct bamboo_list_builder *list = context;
    struct bamboo_value value;
    struct bamboo_map_builder map;
    bamboo_map_builder_init(&map);
    engine_describe_row(row, &map);
    bamboo_map_builder_set_integer(&map, "running", row->summary.running);
    bamboo_map_builder_set_integer(&map, "failed", row->summary.failed);
    bamboo_map_builder_set_integer(&map, "waiting", row->summary.waiting);
    bamboo_map_builder_set_integer(&map, "created", row->created);
    if (row->summary.finished)
        bamboo_map_builder_set_integer(&map, "finished", row->summary.finished);
    bamboo_map_builder_set_take(&map, "owner_alive", bamboo_bool(row->owner_alive));
    bamboo_map_builder_set_integer(&map, "events", (int64_t)row->sequence);
    enum bamboo_status status = bamboo_map_builder_finish(&map, &value, error);
    if (status == BAMBOO_OK) bamboo_list_builder_append_take(list, value);
    return status;
}

enum bamboo_status bamboo_list_runs(struct bamboo_engine *engine, bool with_ended,
                                    struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_list_builder list;
    enum bamboo_status status = bamboo_engine_flush(engine, error);
    if (status != BAMBOO_OK) return status;
    bamboo_list_builder_init(&list);
    status = store_list_runs(engine->store, with_ended, 0, add_run, &list, error);
    if (status == BAMBOO_OK) return bamboo_list_builder_finish(&list, out, error);
    bamboo_list_builder_release(&list);
    return status;
}

/* --- One run --- */

/* A run of the store, with what is needed to look at it. */
struct looked_at {
    struct store_run row;
    struct linked_program *linked;
};

static enum bamboo_status look_at(struct bamboo_engine *engine, const char *reference,
                                  struct looked_at *out, struct bamboo_error *error)
{
    struct run_library library = engine_run_library(engine);
    enum bamboo_status status = engine_find_run(engine, reference, &out->row, error);
    return status == BAMBOO_OK ? load_program(engine->store, &library, out->row.digest, out->row.id,
                                              &out->linked, error)
                               : status;
}

static void look_away(struct looked_at *looked)
{
    store_run_release(&looked->row);
    linked_program_release(looked->linked);
}

/* What one who waits for the run wants to know. Without a living owner nothing moves by itself. */
static const char *settled_name(const struct run *run, const struct store_run *row)
{
    struct run_summary summary;
    run_summarize(run, &summary);
    if (summary.ended) return run_state_name(summary.state);
    bool can_move = summary.running || summary.timed || run_is_runnable(run);
    if (can_move && row->owner_alive) return "moving";
    if (summary.state == RUN_SUSPENDED) return "suspended";
    if (summary.failed && !can_move) return "failed";
    return "waiting";
}

/* Adds an entry to a map that the caller owns. Takes `value`. */
static enum bamboo_status add_entry_take(struct bamboo_value *map, const char *key,
                                         struct bamboo_value value, struct bamboo_error *error)
{
    struct bamboo_value extended;
    enum bamboo_status status = value_map_with_take(*map, key, value, &extended, error);
    if (status != BAMBOO_OK) return status;
    bamboo_value_release(*map);
    *map = extended;
    return BAMBOO_OK;
}

static enum bamboo_status describe(const struct run *run, const struct store_run *row,
                                   struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_value map = bamboo_missing(), settled;
    enum bamboo_status status = value_from_string(settled_name(run, row), &settled, error);
    if (status != BAMBOO_OK) return status;
    status = run_describe(run, &map, error);
    if (status == BAMBOO_OK)
        status = add_entry_take(&map, "settled", settled, error);
    else
        bamboo_value_release(settled);
    if (status == BAMBOO_OK)
        status = add_entry_take(&map, "owner_alive", bamboo_bool(row->owner_alive), error);
    if (status == BAMBOO_OK)
        *out = map;
    else
        bamboo_value_release(map);
    return status;
}

/* The run as it is now. Both results are to be released, also after a failure. */
static enum bamboo_status load_now(struct bamboo_engine *engine, const char *reference,
                                   struct looked_at *looked, struct run **out,
                                   struct bamboo_error *error)
{
    enum bamboo_status status = look_at(engine, reference, looked, error);
    if (status == BAMBOO_OK)
        status = load_run(engine->store, looked->linked, looked->row.id, looked->row.number, 0, out,
                          error);
    return status == BAMBOO_OK ? run_index(*out, error) /* its timers and tokens count */ : status;
}

enum bamboo_status bamboo_rollback_targets(struct bamboo_engine *engine, const char *run,
                                           const char *from, struct bamboo_value *out,
                                           struct bamboo_error *error)
{
    struct looked_at looked = {0};
    struct run *loaded = NULL;
    enum bamboo_status status = load_now(engine, run, &looked, &loaded, error);
    if (status == BAMBOO_OK) status = run_rollback_targets(loaded, from, out, error);
    run_destroy(loaded);
    look_away(&looked);
    return status;
}

/* `settled`: what settled_name() says. */
static enum bamboo_status describe_result(const struct store_run *row, const char *settled,
                                          struct bamboo_value outputs, struct bamboo_value *out,
                                          struct bamboo_error *error)
{
    struct bamboo_map_builder map;
    bamboo_map_builder_init(&map);
    engine_describe_row(row, &map);
    bamboo_map_builder_set_text(&map, "settled", settled);
    bamboo_map_builder_set_integer(&map, "created", row->created);
    if (row->summary.finished)
        bamboo_map_builder_set_integer(&map, "finished", row->summary.finished);
    if (outputs.type != BAMBOO_MISSING)
        bamboo_map_builder_set_take(&map, "outputs", bamboo_value_retain(outputs));
    bamboo_map_builder_set_take(&map, "owner_alive", bamboo_bool(row->owner_alive));
    return bamboo_map_builder_finish(&map, out, error);
}

static enum bamboo_status result_of_moving(struct bamboo_engine *engine, const char *run,
                                           struct bamboo_value *out, struct bamboo_error *error)
{
    struct looked_at looked = {0};
    struct run *loaded = NULL;
    enum bamboo_status status = load_now(engine, run, &looked, &loaded, error);
    if (status == BAMBOO_OK)
        status = describe_result(&looked.row, settled_name(loaded, &looked.row), bamboo_missing(),
                                 out, error);
    run_destroy(loaded);
    look_away(&looked);
    return status;
}

static enum bamboo_status read_outputs(void *context, uint64_t first, uint64_t last,
                                       const void *bytes, size_t size, struct bamboo_error *error)
{
    struct bamboo_value *outputs = context;
    (void)first, (void)last;
    bamboo_value_release(*outputs);
    *outputs = bamboo_missing();
    return run_read_outputs(bytes, size, outputs, error);
}

/* Nothing is replayed: the row knows the state, the last batch of events the outputs. */
static enum bamboo_status result_of_ended(struct bamboo_engine *engine, const struct store_run *row,
                                          struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_value outputs = bamboo_missing();
    enum bamboo_status status = BAMBOO_OK;
    const char *settled = run_state_name((enum run_state)row->summary.state);
    if (row->summary.state == RUN_FINISHED)
        status = store_read_events(engine->store, row->number, row->sequence - 1, read_outputs,
                                   &outputs, error);
    if (status == BAMBOO_OK) status = describe_result(row, settled, outputs, out, error);
    bamboo_value_release(outputs);
    return status;
}

enum bamboo_status bamboo_result(struct bamboo_engine *engine, const char *run,
                                 struct bamboo_value *out, struct bamboo_error *error)
{
    struct store_run row = {0};
    enum bamboo_status status = engine_find_run(engine, run, &row, error);
    if (status == BAMBOO_OK)
        status = run_state_is_ended((enum run_state)row.summary.state)
                     ? result_of_ended(engine, &row, out, error)
                     : result_of_moving(engine, row.id, out, error);
    store_run_release(&row);
    return status;
}

enum bamboo_status bamboo_show(struct bamboo_engine *engine, const char *run,
                               struct bamboo_value *out, struct bamboo_error *error)
{
    struct looked_at looked = {0};
    struct run *loaded = NULL;
    enum bamboo_status status = load_now(engine, run, &looked, &loaded, error);
    if (status == BAMBOO_OK) status = describe(loaded, &looked.row, out, error);
    run_destroy(loaded);
    look_away(&looked);
    return status;
}

enum bamboo_status bamboo_node_path(struct bamboo_engine *engine, const char *run, const char *node,
                                    struct bamboo_value *out, struct bamboo_error *error)
{
    struct looked_at looked = {0};
    struct run *loaded = NULL;
    enum bamboo_status status = load_now(engine, run, &looked, &loaded, error);
    if (status == BAMBOO_OK) status = run_node_path(loaded, node, out, error);
    run_destroy(loaded);
    look_away(&looked);
    return status;
}

enum bamboo_status bamboo_can(struct bamboo_engine *engine, const char *run, const char *node,
                              struct bamboo_value *out, struct bamboo_error *error)
{
    struct looked_at looked = {0};
    struct run *loaded = NULL;
    enum bamboo_status status = look_at(engine, run, &looked, error);
    if (status == BAMBOO_OK)
        status = load_run(engine->store, looked.linked, looked.row.id, looked.row.number, 0,
                          &loaded, error);
    if (status == BAMBOO_OK) status = run_can(loaded, node, out, error);
    run_destroy(loaded);
    look_away(&looked);
    return status;
}

/* --- Events --- */

struct telling {
    struct run *run;
    uint64_t after;
    bool of_history; /* superseded executions instead of events */
    bamboo_observer observer;
    void *context;
};

static enum bamboo_status tell_event(void *context, struct bamboo_value event,
                                     struct bamboo_error *error)
{
    const struct telling *telling = context;
    (void)error;
    if (run_sequence(telling->run) > telling->after) telling->observer(telling->context, event);
    return BAMBOO_OK;
}

static enum bamboo_status tell_superseded(void *context, struct bamboo_value row,
                                          struct bamboo_error *error)
{
    const struct telling *telling = context;
    (void)error;
    telling->observer(telling->context, row);
    return BAMBOO_OK;
}

static enum bamboo_status tell_batch(void *context, uint64_t first, uint64_t last,
                                     const void *bytes, size_t size, struct bamboo_error *error)
{
    struct telling *telling = context;
    (void)first;
    bool tells_events = !telling->of_history && last > telling->after;
    struct replay_listener listener = {.event = tells_events ? tell_event : NULL,
                                       .superseded = telling->of_history ? tell_superseded : NULL,
                                       .context = telling};
    return run_replay_each(telling->run, bytes, size, &listener, error);
}

static enum bamboo_status tell_events(struct bamboo_engine *engine, const struct looked_at *looked,
                                      struct telling *telling, struct bamboo_error *error)
{
    uint64_t sequence = 0;
    void *snapshot = NULL;
    size_t size = 0;
    enum bamboo_status status =
        store_read_snapshot(engine->store, looked->row.number, &sequence, &snapshot, &size, error);
    if (status != BAMBOO_OK) return status;
    bool usable = snapshot && sequence <= telling->after && !telling->of_history;
    status = run_restore(looked->linked, looked->row.id, usable ? snapshot : NULL,
                         usable ? size : 0, &telling->run, error);
    memory_free(snapshot);
    if (status == BAMBOO_OK)
        status = store_read_events(engine->store, looked->row.number, usable ? sequence : 0,
                                   tell_batch, telling, error);
    run_destroy(telling->run);
    return status;
}

enum bamboo_status bamboo_events(struct bamboo_engine *engine, const char *run, uint64_t after,
                                 bamboo_observer observer, void *context,
                                 struct bamboo_error *error)
{
    struct looked_at looked = {0};
    struct telling telling = {.after = after, .observer = observer, .context = context};
    enum bamboo_status status = look_at(engine, run, &looked, error);
    if (status == BAMBOO_OK && looked.row.sequence > after)
        status = tell_events(engine, &looked, &telling, error);
    look_away(&looked);
    return status;
}

enum bamboo_status bamboo_history(struct bamboo_engine *engine, const char *run,
                                  bamboo_observer observer, void *context,
                                  struct bamboo_error *error)
{
    struct looked_at looked = {0};
    struct telling telling = {.of_history = true, .observer = observer, .context = context};
    enum bamboo_status status = look_at(engine, run, &looked, error);
    if (status == BAMBOO_OK) status = tell_events(engine, &looked, &telling, error);
    look_away(&looked);
    return status;
}

/* --- Logs --- */

static enum bamboo_status tell_log(void *context, const struct store_log *log,
                                   struct bamboo_error *error)
{
    const struct telling *telling = context;
    struct bamboo_value text, map_value;
    enum bamboo_status status = value_from_bytes(log->bytes, log->size, &text, error);
    if (status != BAMBOO_OK) return status;
    struct bamboo_map_builder map;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_integer(&map, "number", (int64_t)log->number);
    bamboo_map_builder_set_text(&map, "node", log->node);
    bamboo_map_builder_set_integer(&map, "attempt", (int64_t)log->attempt);
    bamboo_map_builder_set_text(&map, "stream", log_stream_name(log->stream));
    bamboo_map_builder_set_integer(&map, "time", log->time);
    bamboo_map_builder_set_take(&map, "text", text);
    status = bamboo_map_builder_finish(&map, &map_value, error);
    if (status != BAMBOO_OK) return status;
    telling->observer(telling->context, map_value);
    bamboo_value_release(map_value);
    return BAMBOO_OK;
}

enum bamboo_status bamboo_logs(struct bamboo_engine *engine, const char *run, const char *node,
                               uint64_t after, bamboo_observer observer, void *context,
                               struct bamboo_error *error)
{
    struct store_run row = {0};
    struct telling telling = {.observer = observer, .context = context};
    enum bamboo_status status = engine_find_run(engine, run, &row, error);
    if (status == BAMBOO_OK)
        status = store_read_logs(engine->store, row.number, node, after, tell_log, &telling, error);
    store_run_release(&row);
    return status;
}
