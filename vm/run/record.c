#include "vm/run/record.h"

#include <assert.h>

void event_locate(const struct run *run, const struct event *event, uint32_t *scope, uint32_t *node)
{
    uint32_t fields = event_type_fields(event->type);
    *scope = SCOPE_NONE;
    *node = IMAGE_NONE;
    if (fields & FIELD_PLACE) {
        *scope = event->scope;
        *node = event->node;
    } else if (fields & FIELD_TOKEN) {
        *scope = run->tokens[event->token].scope;
        *node = run->tokens[event->token].node;
    }
}

enum bamboo_status run_record(struct run *run, struct event *event, int64_t now_ms,
                              struct bamboo_error *error)
{
    struct event_place at;
    bool found = event_find_place(run, event, &at);
    assert(found);
    (void)found;
    return run_record_at(run, event, &at, now_ms, error);
}
