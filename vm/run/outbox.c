#include "vm/run/outbox.h"

#include "base/memory.h"

enum bamboo_status run_emit_take(struct run *run, const struct effect *effect,
                                 struct bamboo_error *error)
{
    struct run_outbox *outbox = &run->outbox;
    if (!memory_grow((void **)&outbox->effects, &outbox->effect_capacity, outbox->effect_count + 1,
                     sizeof *outbox->effects)) {
        struct effect dropped = *effect;
        effect_release(&dropped);
        return fail_memory(error);
    }
    outbox->effects[outbox->effect_count++] = *effect;
    return BAMBOO_OK;
}

enum bamboo_status run_cancel_work(struct run *run, const struct token *token,
                                   struct bamboo_error *error)
{
    if (token->state != TOKEN_WORKING && token->state != TOKEN_POLL &&
        token->state != TOKEN_CALLBACK)
        return BAMBOO_OK;
    const struct node_record *record = token_record(run, token);
    const struct image_node *node = node_of(run, token->node);
    struct effect effect = {.kind = EFFECT_CANCEL,
                            .scope = token->scope,
                            .node = token->node,
                            .version = record->version,
                            .component = run->linked->components[node->companion],
                            .inputs = bamboo_value_retain(record->inputs),
                            .outputs = bamboo_value_retain(record->outputs)};
    return run_emit_take(run, &effect, error);
}
