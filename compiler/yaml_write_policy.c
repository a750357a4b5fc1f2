/* Policies of a flow as YAML. */
#include "base/iso_time.h"
#include "compiler/yaml_writer.h"
#include "grammar/write.h"

static void set(struct yaml_writer *writer, struct yaml_node *map, const char *key,
                struct yaml_node *value)
{
    yaml_set(&writer->builder, map, key, value);
}

static void set_yes(struct yaml_writer *writer, struct yaml_node *map, const char *key, bool value)
{
    if (value) set(writer, map, key, yaml_make_bool(&writer->builder, true));
}

static struct yaml_node *timeout(struct yaml_writer *writer, const struct ast_policies *policies)
{
    struct yaml_node *after = yaml_write_duration(writer, policies->timeout_ms);
    if (!policies->timeout_skips) return after;
    struct yaml_node *map = yaml_make(&writer->builder, YAML_MAP);
    set(writer, map, "after", after);
    set(writer, map, "then", yaml_make_word(&writer->builder, "skip"));
    return map;
}

static struct yaml_node *retry(struct yaml_writer *writer, const struct ast_policies *policies)
{
    struct yaml_node *times = yaml_write_integer(writer, policies->retry_count);
    if (policies->retry_delay_ms == 0 && !policies->retry_pattern.bytes) return times;
    struct yaml_node *map = yaml_make(&writer->builder, YAML_MAP);
    set(writer, map, "times", times);
    if (policies->retry_delay_ms > 0)
        set(writer, map, policies->retry_backoff ? "backoff" : "every",
            yaml_write_duration(writer, policies->retry_delay_ms));
    if (policies->retry_delay_max_ms > 0)
        set(writer, map, "max", yaml_write_duration(writer, policies->retry_delay_max_ms));
    if (policies->retry_pattern.bytes)
        set(writer, map, "on", yaml_write_string(writer, policies->retry_pattern.bytes));
    return map;
}

static struct yaml_node *loop(struct yaml_writer *writer, const struct ast_policies *policies)
{
    struct yaml_node *times = yaml_write_integer(writer, policies->loop_count);
    bool is_only = !policies->loop_into.bytes && !policies->loop_fail_skip &&
                   !policies->loop_no_retry && !policies->loop_no_skip;
    if (is_only) return times;
    struct yaml_node *map = yaml_make(&writer->builder, YAML_MAP);
    set(writer, map, "times", times);
    if (policies->loop_into.bytes)
        set(writer, map, "into",
            writer->has_context && policies->loop_into.quoted
                ? yaml_write_key(writer, policies->loop_into.bytes)
                : yaml_write_name(writer, policies->loop_into.bytes));
    set_yes(writer, map, "fail_skip", policies->loop_fail_skip);
    set_yes(writer, map, "no_retry", policies->loop_no_retry);
    set_yes(writer, map, "no_skip", policies->loop_no_skip);
    return map;
}

static struct yaml_node *timer(struct yaml_writer *writer, const struct ast_timer *timer)
{
    struct yaml_node *map = yaml_make(&writer->builder, YAML_MAP);
    struct text at = {0};
    switch (timer->kind) {
    case TIMER_AT:
        iso_time_append(&at, timer->time_ms);
        set(writer, map, "at", yaml_write_string(writer, text_string(&at)));
        if (at.failed) writer->builder.out_of_memory = true;
        text_release(&at);
        break;
    case TIMER_AFTER: set(writer, map, "after", yaml_write_duration(writer, timer->time_ms)); break;
    case TIMER_EVERY:
        set(writer, map, "every", yaml_write_duration(writer, timer->time_ms));
        if (timer->count > 0) set(writer, map, "times", yaml_write_integer(writer, timer->count));
        break;
    }
    set(writer, map, "do", yaml_write_block(writer, timer->block));
    return map;
}

static struct yaml_node *timers(struct yaml_writer *writer, const struct ast_timer *first)
{
    struct yaml_node *list = yaml_make(&writer->builder, YAML_LIST);
    for (const struct ast_timer *one = first; one; one = one->next)
        yaml_append(&writer->builder, list, timer(writer, one));
    return list;
}

void yaml_write_policies(struct yaml_writer *writer, struct yaml_node *map,
                         const struct ast_policies *policies)
{
    if (policies->title.bytes)
        set(writer, map, "title", yaml_write_string(writer, policies->title.bytes));
    if (policies->timeout_ms > 0) set(writer, map, "timeout", timeout(writer, policies));
    if (policies->retry_count > 0) set(writer, map, "retry", retry(writer, policies));
    if (policies->ignore_failure)
        set(writer, map, "on_fail", yaml_make_word(&writer->builder, "ignore"));
    if (policies->on_fail) set(writer, map, "on_fail", yaml_write_block(writer, policies->on_fail));
    set_yes(writer, map, "once", policies->once);
    if (policies->loop_count > 0) set(writer, map, "loop", loop(writer, policies));
    set_yes(writer, map, "no_retry", policies->no_retry);
    set_yes(writer, map, "no_skip", policies->no_skip);
    if (policies->undo) {
        struct yaml_node *undo = yaml_make(&writer->builder, YAML_MAP);
        yaml_write_call(writer, undo, policies->undo);
        set(writer, map, "undo", undo);
    }
    if (policies->timers) set(writer, map, "timers", timers(writer, policies->timers));
}
