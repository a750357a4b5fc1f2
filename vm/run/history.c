#include "vm/run/history.h"

#include "vm/run/record.h"
#include "vm/run/node_timer.h"
#include "vm/run/rollback.h"

struct telling {
    const struct run *run;
    const struct event *event;
    const struct replay_listener *listener;
};

static void set_map(struct bamboo_map_builder *map, const char *key, struct bamboo_value value)
{
    if (value.type == BAMBOO_MISSING) value = value_empty_map();
    bamboo_map_builder_set_take(map, key, bamboo_value_retain(value));
}

static void set_flag(struct bamboo_map_builder *map, const char *key, bool flag)
{
    if (flag) bamboo_map_builder_set_take(map, key, bamboo_bool(true));
}

static void describe_times(const struct node_record *record, struct bamboo_map_builder *map)
{
    if (record->started != 0) bamboo_map_builder_set_integer(map, "started", record->started);
    if (record->archived != 0) bamboo_map_builder_set_integer(map, "archived", record->archived);
}

/* An execution as it was when it was superseded. */
static enum bamboo_status tell(void *context, uint32_t scope, uint32_t node,
                               struct bamboo_error *error)
{
    const struct telling *telling = context;
    const struct node_record *record = record_of(telling->run, scope, node);
    struct bamboo_map_builder map;
    struct bamboo_value row;
    bamboo_map_builder_init(&map);
    run_describe_path(telling->run, scope, node, &map);
    bamboo_map_builder_set_text(&map, "state", node_state_name((enum node_state)record->state));
    bamboo_map_builder_set_text(&map, "superseded_by", event_type_name(telling->event->type));
    bamboo_map_builder_set_integer(&map, "version", (int64_t)record->version);
    bamboo_map_builder_set_integer(&map, "loop", record->loop);
    bamboo_map_builder_set_integer(&map, "inner_loop", record->inner_loop);
    bamboo_map_builder_set_integer(&map, "retry", record->retry);
    bamboo_map_builder_set_take(&map, "skip", bamboo_bool(record->flags & RECORD_SKIPPED));
    set_flag(&map, "error_ignored", record->flags & RECORD_ERROR_IGNORED);
    set_flag(&map, "timed_out", record->flags & RECORD_TIMED_OUT);
    describe_times(record, &map);
    set_map(&map, "inputs", record->inputs);
    set_map(&map, "outputs", record->outputs);
    enum bamboo_status status = bamboo_map_builder_finish(&map, &row, error);
    if (status != BAMBOO_OK) return status;
    status = telling->listener->superseded(telling->listener->context, row, error);
    bamboo_value_release(row);
    return status;
}

enum bamboo_status history_tell(const struct run *run, const struct event *event,
                                const struct replay_listener *listener, struct bamboo_error *error)
{
    struct telling telling = {run, event, listener};
    uint32_t scope, node;
    event_locate(run, event, &scope, &node);
    if (scope == SCOPE_NONE) return BAMBOO_OK;
    enum node_state state = (enum node_state)record_of(run, scope, node)->state;
    if (event->type == EVENT_ROLLED_BACK || event->type == EVENT_JUMPED_BACK)
        return rollback_each(run, scope, node, tell, &telling, error); /* what it forgets */
    bool supersedes = event->flags & EVENT_ENTERS && state == NODE_FINISHED;
    if (event->type == EVENT_NODE_RETRIED || event->type == EVENT_NODE_SKIPPED ||
        event->type == EVENT_GATEWAY_SKIPPED)
        supersedes = state == NODE_FAILED; /* not of an undo */
    if (event->type == EVENT_TIMER_FIRED) {
        node = node_timer_row(run, node, event->timer)->node;
        supersedes = record_of(run, scope, node)->state == NODE_FAILED;
    }
    return supersedes ? tell(&telling, scope, node, error) : BAMBOO_OK;
}
