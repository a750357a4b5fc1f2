#include "vm/run/hook.h"

#include "vm/run/activity.h"
#include "vm/run/outbox.h"

/* A pure component's activity, while it is told. */
struct told {
    struct bamboo_activity activity; /* first: the component gets this */
    struct run *run;
    uint32_t scope, node;
};

static void log_from_hook(struct bamboo_activity *activity, enum bamboo_stream stream,
                          const char *bytes, size_t size)
{
    struct told *told = (struct told *)activity;
    struct effect effect = {.kind = EFFECT_LOG,
                            .scope = told->scope,
                            .node = told->node,
                            .version = activity->attempt,
                            .stream = stream};
    enum bamboo_status status = value_from_bytes(bytes, size, &effect.data, NULL);
    if (status == BAMBOO_OK) status = run_emit_take(told->run, &effect, NULL);
    if (status == BAMBOO_E_MEMORY) activity->failed = status;
}

static const struct activity_services HOOK_SERVICES = {.log = log_from_hook};

static enum bamboo_status tell_pure(struct run *run, const struct bamboo_component *component,
                                    void (*hook)(struct bamboo_activity *),
                                    const struct event_place *at, struct bamboo_error *error)
{
    const struct node_record *record = at->record;
    struct text path = {0};
    run_append_path(run, at->scope, at->node, &path);
    struct told told = {.activity = {.component = component,
                                     .services = &HOOK_SERVICES,
                                     .inputs = bamboo_value_retain(record->inputs),
                                     .run_data = bamboo_value_retain(run->data),
                                     .outputs = bamboo_value_retain(record->outputs),
                                     .now_ms = run->time,
                                     .run = run->id,
                                     .node = text_string(&path),
                                     .attempt = record->version},
                        .run = run,
                        .scope = at->scope,
                        .node = at->node};
    hook(&told.activity);
    bool failed = told.activity.failed == BAMBOO_E_MEMORY || path.failed;
    activity_release(&told.activity);
    text_release(&path);
    return failed ? fail_memory(error) : BAMBOO_OK;
}

enum bamboo_status hook_tell(struct run *run, const struct event_place *at,
                             struct bamboo_error *error)
{
    const struct bamboo_component *component = node_component(run, at->row);
    const struct node_record *record = at->record;
    bool finished = record->state == NODE_FINISHED;
    if (!component || (!finished && record->state != NODE_FAILED)) return BAMBOO_OK;
    void (*hook)(struct bamboo_activity *) = finished ? component->finish : component->fail;
    if (!hook) return BAMBOO_OK;
    if (component->effect == BAMBOO_EFFECT_PURE) return tell_pure(run, component, hook, at, error);
    struct effect effect = {.kind = finished ? EFFECT_TELL_FINISHED : EFFECT_TELL_FAILED,
                            .scope = at->scope,
                            .node = at->node,
                            .version = record->version,
                            .component = component,
                            .inputs = bamboo_value_retain(record->inputs),
                            .outputs = bamboo_value_retain(record->outputs)};
    return run_emit_take(run, &effect, error);
}
