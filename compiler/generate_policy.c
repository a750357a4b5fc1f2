/* Policies of calls. Equal ones share a row. */
#include <inttypes.h>
#include <string.h>

#include "compiler/generator.h"

static void set_words(uint32_t *low, uint32_t *high, int64_t value)
{
    *low = (uint32_t)((uint64_t)value & UINT32_MAX);
    *high = (uint32_t)((uint64_t)value >> 32);
}

static uint32_t add_policy(struct generator *generator, const struct ast_policies *policies)
{
    struct image_policy row = {.timeout_action =
                                   policies->timeout_skips ? TIMEOUT_SKIP : TIMEOUT_FAIL,
                               .retry_count = (uint32_t)policies->retry_count,
                               .retry_backoff = policies->retry_backoff,
                               .retry_pattern = IMAGE_NONE};
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
    const struct ast_policies *policies = &node->statement->as.call.policies;
    if (policies->timeout_ms == 0 && policies->retry_count == 0) return IMAGE_NONE;
    const char *pattern = policies->retry_pattern.bytes;
    const char *key = compilation_format(
        generator->compilation, "%" PRId64 " %d %" PRId64 " %" PRId64 " %" PRId64 " %d %s",
        policies->timeout_ms, policies->timeout_skips, policies->retry_count,
        policies->retry_delay_ms, policies->retry_delay_max_ms, policies->retry_backoff,
        pattern != NULL ? pattern : "");
    if (key == NULL) return IMAGE_NONE;
    uint32_t index = name_table_find(&generator->policies, key);
    if (index != NAME_TABLE_NONE) return index;
    index = add_policy(generator, policies);
    compilation_name(generator->compilation, &generator->policies, key, index);
    return index;
}
