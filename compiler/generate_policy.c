/* Policies of calls. Equal ones share a row. */
#include <inttypes.h>
#include <string.h>

#include "compiler/generator.h"

static void set_words(uint32_t *low, uint32_t *high, int64_t value)
{
    *low = (uint32_t)((uint64_t)value & UINT32_MAX);
    *high = (uint32_t)((uint64_t)value >> 32);
}

/* The node's timers, which lie together; returns the first. */
static uint32_t add_timers(struct generator *generator, const struct graph_node *node,
                           uint32_t *count)
{
    static const uint32_t KINDS[] = {[TIMER_AT] = TIMER_KIND_AT,
                                     [TIMER_AFTER] = TIMER_KIND_AFTER,
                                     [TIMER_EVERY] = TIMER_KIND_EVERY};
    uint32_t first = 0;
    *count = 0;
    for (const struct graph_timer *timer = node->timers; timer != NULL; timer = timer->next) {
        struct image_timer row = {.kind = KINDS[timer->tree->kind],
                                  .count = (uint32_t)timer->tree->count,
                                  .node = timer->action->index};
        /* Before 1970 is long ago, like all that has passed. */
        int64_t time_ms = timer->tree->time_ms < 0 ? 0 : timer->tree->time_ms;
        set_words(&row.time_low, &row.time_high, time_ms);
        uint32_t index = image_add(generator->writer, SECTION_TIMERS, &row, sizeof row);
        if ((*count)++ == 0) first = index;
    }
    return first;
}

static uint32_t add_policy(struct generator *generator, const struct graph_node *node,
                           const struct ast_policies *policies)
{
    struct image_policy row = {
        .timeout_action = policies->timeout_skips ? TIMEOUT_SKIP : TIMEOUT_FAIL,
        .retry_count = (uint32_t)policies->retry_count,
        .retry_backoff = policies->retry_backoff,
        .retry_pattern = IMAGE_NONE,
        .loop_count = (uint32_t)policies->loop_count,
        .loop_variable = node->loop_into != NULL ? node->loop_into->index : IMAGE_NONE,
        .undo = node->undo != NULL ? node->undo->index : IMAGE_NONE};
    if (policies->loop_fail_skip) row.loop_flags |= LOOP_FLAG_FAIL_SKIP;
    if (policies->loop_no_retry) row.loop_flags |= LOOP_FLAG_NO_RETRY;
    if (policies->loop_no_skip) row.loop_flags |= LOOP_FLAG_NO_SKIP;
    row.first_timer = add_timers(generator, node, &row.timer_count);
    set_words(&row.timeout_low, &row.timeout_high, policies->timeout_ms);
    set_words(&row.retry_delay_low, &row.retry_delay_high, policies->retry_delay_ms);
    set_words(&row.retry_delay_max_low, &row.retry_delay_max_high, policies->retry_delay_max_ms);
    if (policies->retry_pattern.bytes != NULL)
        row.retry_pattern = image_name(generator->writer, policies->retry_pattern.bytes,
                                       strlen(policies->retry_pattern.bytes));
    return image_add(generator->writer, SECTION_POLICIES, &row, sizeof row);
}

uint32_t generate_policy(struct generator *generator, const struct graph_node *node)
{
    if (node->statement == NULL || node->statement->kind != STATEMENT_CALL) return IMAGE_NONE;
    if (node->flags & NODE_FLAG_ATTACHED) return IMAGE_NONE;
    const struct ast_policies *policies = &node->statement->as.call.policies;
    bool is_shared = policies->loop_count == 0 && node->undo == NULL && node->timers == NULL;
    if (policies->timeout_ms == 0 && policies->retry_count == 0 && is_shared) return IMAGE_NONE;
    /* What names a node or a variable is the node's own. */
    if (!is_shared) return add_policy(generator, node, policies);
    const char *pattern = policies->retry_pattern.bytes;
    const char *key = compilation_format(
        generator->compilation, "%" PRId64 " %d %" PRId64 " %" PRId64 " %" PRId64 " %d %s",
        policies->timeout_ms, policies->timeout_skips, policies->retry_count,
        policies->retry_delay_ms, policies->retry_delay_max_ms, policies->retry_backoff,
        pattern != NULL ? pattern : "");
    if (key == NULL) return IMAGE_NONE;
    uint32_t index = name_table_find(&generator->policies, key);
    if (index != NAME_TABLE_NONE) return index;
    index = add_policy(generator, node, policies);
    compilation_name(generator->compilation, &generator->policies, key, index);
    return index;
}
