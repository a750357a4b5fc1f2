/* Timers of a flow as YAML: [{at: time, do: [call]}, {after: 10m, do: [call]},
 * {every: 30s, times: 5, do: [call]}]. */
#include <string.h>

#include "base/iso_time.h"
#include "compiler/yaml_reader.h"

static void read_at(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_timer *timer = into;
    timer->kind = TIMER_AT;
    struct ast_name text = yaml_text(reader, value, "a time");
    const char *wrong = text.bytes ? iso_time_parse(text.bytes, &timer->time_ms) : NULL;
    if (wrong) yaml_report(reader, DIAGNOSTIC_DOCUMENT_TYPE, value, "%s", wrong);
}

static void read_after(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_timer *timer = into;
    timer->kind = TIMER_AFTER;
    timer->time_ms = yaml_duration(reader, value);
}

static void read_every(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_timer *timer = into;
    timer->kind = TIMER_EVERY;
    timer->time_ms = yaml_duration(reader, value);
}

static void read_times(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_timer *timer = into;
    timer->count = yaml_count(reader, value);
}

static void read_block(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_timer *timer = into;
    timer->block = yaml_block(reader, value);
}

static const struct yaml_key KEYS[] = {{"at", read_at},
                                       {"after", read_after},
                                       {"every", read_every},
                                       {"times", read_times},
                                       {"do", read_block}};

static void check_timer(struct yaml_reader *reader, const struct document_node *node,
                        struct ast_timer *timer)
{
    const struct document_node *times = document_get(reader->document, node, "times");
    size_t kinds = 0;
    for (size_t i = 0; i < 3; i++)
        if (document_get(reader->document, node, KEYS[i].name)) kinds++;
    if (kinds != 1)
        yaml_report(reader, kinds == 0 ? DIAGNOSTIC_MISSING_KEY : DIAGNOSTIC_SYNTAX, node,
                    "a timer has one of the keys at, after and every");
    if (times && timer->kind != TIMER_EVERY)
        yaml_report(reader, DIAGNOSTIC_SYNTAX, times->key, "'times' goes with 'every' only");
    if (timer->block) return;
    yaml_report(reader, DIAGNOSTIC_MISSING_KEY, node, "the key 'do' is missing");
    timer->block = yaml_allocate(reader, sizeof *timer->block);
    timer->block->span = node->span;
}

void yaml_read_timers(struct yaml_reader *reader, const struct document_node *list, void *into)
{
    struct ast_statement *call = into;
    struct ast_timer **end = &call->as.call.policies.timers;
    if (!yaml_expect_list(reader, list, "the value of timers")) return;
    for (const struct document_node *node = list->first; node; node = node->next) {
        struct ast_timer *timer = yaml_allocate(reader, sizeof *timer);
        timer->span = node->span;
        yaml_read_map(reader, node, "a timer", KEYS, sizeof KEYS / sizeof KEYS[0], timer);
        if (node->kind == DOCUMENT_MAP) check_timer(reader, node, timer);
        if (reader->out_of_memory) return;
        if (!timer->block) continue;
        *end = timer;
        end = &timer->next;
    }
}
