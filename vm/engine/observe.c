#include "vm/engine/observe.h"

#include "base/value.h"

static enum bamboo_status tell(void *context, struct bamboo_value event, struct bamboo_error *error)
{
    (void)error;
    const struct engine *engine = context;
    engine->observer(engine->observer_context, event);
    return BAMBOO_OK;
}

void observe_events(struct engine *engine, struct owned_run *owned, const struct run_outbox *outbox)
{
    struct bamboo_error error;
    enum bamboo_status status = BAMBOO_OK;
    if (!engine->observer) {
        run_destroy(owned->shadow); /* it would fall behind */
        owned->shadow = NULL;
        return;
    }
    if (outbox->events.size == 0) return;
    if (!owned->shadow)
        status =
            outbox->first == 1
                ? run_restore(owned->linked, run_id(owned->run), NULL, 0, &owned->shadow, &error)
                : load_run(engine->store, owned->linked, run_id(owned->run), owned->number,
                           outbox->first, &owned->shadow, &error);
    struct replay_listener listener = {.event = tell, .context = engine};
    if (status == BAMBOO_OK)
        status = run_replay_each(owned->shadow, outbox->events.bytes, outbox->events.size,
                                 &listener, &error);
    if (status != BAMBOO_OK) engine_break(engine, &error);
}

/* {run, node, attempt, type: "log", stream, time, text}. */
static enum bamboo_status describe_log(const struct log_buffer *logs, const struct log_piece *piece,
                                       struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_value text;
    enum bamboo_status status =
        value_from_bytes(log_piece_bytes(logs, piece), piece->size, &text, error);
    if (status != BAMBOO_OK) return status;
    struct bamboo_map_builder map;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_text(&map, "run", run_id(piece->run->run));
    bamboo_map_builder_set_text(&map, "node", log_piece_node(logs, piece));
    bamboo_map_builder_set_integer(&map, "attempt", (int64_t)piece->attempt);
    bamboo_map_builder_set_text(&map, "type", "log");
    bamboo_map_builder_set_text(&map, "stream", log_stream_name(piece->stream));
    bamboo_map_builder_set_integer(&map, "time", piece->time);
    bamboo_map_builder_set_take(&map, "text", text);
    return bamboo_map_builder_finish(&map, out, error);
}

void observe_logs(struct engine *engine, const struct log_buffer *logs)
{
    for (size_t i = 0; engine->observer && i < logs->count; i++) {
        struct bamboo_error error;
        struct bamboo_value map;
        if (!logs->pieces[i].run) continue;
        if (describe_log(logs, &logs->pieces[i], &map, &error) != BAMBOO_OK) {
            engine_break(engine, &error);
            return;
        }
        engine->observer(engine->observer_context, map);
        bamboo_value_release(map);
    }
}

void observe_stopping(struct engine *engine)
{
    struct bamboo_map_builder map;
    struct bamboo_value event;
    if (!engine->observer) return;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_text(&map, "type", "stopping");
    bamboo_map_builder_set_take(&map, "waits", bamboo_bool(engine->executions != NULL));
    if (bamboo_map_builder_finish(&map, &event, NULL) != BAMBOO_OK)
        return; /* it stops all the same */
    engine->observer(engine->observer_context, event);
    bamboo_value_release(event);
}
