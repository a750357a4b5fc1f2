#include "grammar/policy.h"

#include <assert.h>
#include <string.h>

#include "base/iso_time.h"
#include "grammar/literal.h"
#include "grammar/name.h"
#include "grammar/text_literal.h"

static_assert(sizeof(struct ast_policies) <= PARSER_SCRATCH_SIZE, "scratch memory is too small");

struct ast_policies *policies_none(struct parser *parser)
{
    return parser_allocate(parser, sizeof(struct ast_policies));
}

/* Notes where a policy is given; false if it was given before, which is reported. */
static bool is_first(struct parser *parser, struct span *given, struct span span)
{
    if (given->size == 0) {
        *given = span;
        return true;
    }
    struct diagnostic *diagnostic = diagnostics_add(parser->diagnostics, DIAGNOSTIC_POLICY_ORDER,
                                                    span, "this policy is given twice");
    diagnostic_relate(parser->diagnostics, diagnostic, *given, "the first time");
    return false;
}

void policies_timeout(struct parser *parser, struct ast_policies *policies, struct span span,
                      struct span duration, bool skips)
{
    int64_t milliseconds = literal_milliseconds(parser, duration);
    if (!is_first(parser, &policies->timeout_span, span)) return;
    policies->timeout_ms = milliseconds;
    policies->timeout_skips = skips;
}

void policies_retry(struct parser *parser, struct ast_policies *policies, struct span span,
                    struct span count, struct retry_delay delay, struct ast_name pattern)
{
    int64_t times = literal_count(parser, count);
    if (!is_first(parser, &policies->retry_span, span)) return;
    policies->retry_count = times;
    policies->retry_delay_ms = delay.first_ms;
    policies->retry_delay_max_ms = delay.longest_ms;
    policies->retry_backoff = delay.backs_off;
    policies->retry_pattern = pattern;
}

void policies_on_fail(struct parser *parser, struct ast_policies *policies, struct span span,
                      struct ast_block *block)
{
    if (!is_first(parser, &policies->on_fail_span, span)) return;
    policies->ignore_failure = !block;
    policies->on_fail = block;
}

void policies_title(struct parser *parser, struct ast_policies *policies, struct span span,
                    const struct ast_expression *text)
{
    struct ast_name title = text_constant(parser, text, "the title of a node");
    if (policies->title.bytes)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_POLICY_ORDER, span,
                        "this policy is given twice");
    else
        policies->title = title;
    if (text->kind == EXPRESSION_LITERAL && !*title.bytes)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_SYNTAX, title.span,
                        "the title of a node is not empty");
}

void policies_once(struct parser *parser, struct ast_policies *policies, struct span span)
{
    if (is_first(parser, &policies->once_span, span)) policies->once = true;
}

void policies_no_retry(struct parser *parser, struct ast_policies *policies, struct span span)
{
    if (is_first(parser, &policies->no_retry_span, span)) policies->no_retry = true;
}

void policies_no_skip(struct parser *parser, struct ast_policies *policies, struct span span)
{
    if (is_first(parser, &policies->no_skip_span, span)) policies->no_skip = true;
}

struct retry_delay policy_every(struct parser *parser, struct span duration)
{
    return (struct retry_delay){.first_ms = literal_milliseconds(parser, duration)};
}

struct retry_delay policy_backoff(struct parser *parser, struct span first, struct span longest)
{
    struct retry_delay delay = {.first_ms = literal_milliseconds(parser, first), .backs_off = true};
    if (longest.size == 0) return delay;
    delay.longest_ms = literal_milliseconds(parser, longest);
    if (delay.longest_ms < delay.first_ms)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_INVALID_DURATION, longest,
                        "the longest delay is shorter than the first one");
    return delay;
}

/* --- Loops --- */

void policies_loop(struct parser *parser, struct ast_policies *policies, struct span span,
                   struct span count)
{
    int64_t times = literal_count(parser, count);
    if (!is_first(parser, &policies->loop_span, span)) return;
    if (times > UINT32_MAX)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_TOO_LARGE, count,
                        "a node is executed at most %u times", UINT32_MAX);
    else
        policies->loop_count = times;
}

void policies_loop_into(struct parser *parser, struct ast_policies *policies, struct span name)
{
    if (policies->loop_into.bytes)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_POLICY_ORDER, name,
                        "the rounds of a loop go into one variable");
    policies->loop_into = parser_name(parser, name);
}

void policies_loop_fail_skip(struct ast_policies *policies)
{
    policies->loop_fail_skip = true;
}

void policies_loop_no_retry(struct ast_policies *policies)
{
    policies->loop_no_retry = true;
}

void policies_loop_no_skip(struct ast_policies *policies)
{
    policies->loop_no_skip = true;
}

/* --- Undo and timers --- */

void policies_undo(struct parser *parser, struct ast_policies *policies, struct span span,
                   struct ast_expression *call)
{
    if (policies->undo) {
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_POLICY_ORDER, span,
                        "this policy is given twice");
        return;
    }
    if (ast_is_plain_call(call))
        policies->undo = ast_call_statement(parser, call->span, ast_no_name(), call, NULL);
    else if (call->kind != EXPRESSION_ERROR)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_SYNTAX, call->span,
                        "behind 'undo' stands the call of a component");
}

static void add_timer(struct parser *parser, struct ast_policies *policies, struct ast_timer timer)
{
    struct ast_timer **last = &policies->timers;
    while (*last)
        last = &(*last)->next;
    *last = parser_allocate(parser, sizeof timer);
    **last = timer;
}

void policies_at(struct parser *parser, struct ast_policies *policies, struct span span,
                 struct span time, struct ast_block *block)
{
    char text[64];
    struct ast_timer timer = {.kind = TIMER_AT, .block = block, .span = span};
    const char *wrong = "it is too long";
    if (time.size < sizeof text) {
        memcpy(text, parser_bytes(parser, time), time.size);
        text[time.size] = '\0';
        wrong = iso_time_parse(text, &timer.time_ms);
    }
    if (wrong)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_INVALID_DURATION, time,
                        "this is not a time: %s", wrong);
    add_timer(parser, policies, timer);
}

void policies_after(struct parser *parser, struct ast_policies *policies, struct span span,
                    struct span duration, struct ast_block *block)
{
    add_timer(parser, policies,
              (struct ast_timer){.kind = TIMER_AFTER,
                                 .time_ms = literal_milliseconds(parser, duration),
                                 .block = block,
                                 .span = span});
}

void policies_every(struct parser *parser, struct ast_policies *policies, struct span span,
                    struct span duration, struct repeat_bound bound, struct ast_block *block)
{
    int64_t interval = literal_milliseconds(parser, duration);
    if (interval == 0)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_INVALID_DURATION, duration,
                        "a timer that repeats needs an interval");
    if (bound.count > UINT32_MAX)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_TOO_LARGE, bound.count_span,
                        "a timer fires at most %u times", UINT32_MAX);
    add_timer(parser, policies,
              (struct ast_timer){.kind = TIMER_EVERY,
                                 .time_ms = interval,
                                 .count = bound.count,
                                 .block = block,
                                 .span = span});
}
