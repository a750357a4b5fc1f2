#include <inttypes.h>
#include <string.h>

#include "base/iso_time.h"
#include "grammar/flow_writer.h"

/* Where the next policy begins: behind the brace, on a line of its own if there are several. */
static void begin_policy(struct flow_writer *writer, bool *is_first)
{
    if (!*is_first && writer->lines.is_flat) writer->lines.is_too_wide = true;
    if (!*is_first) writer_new_line(&writer->lines);
    *is_first = false;
}

static void write_retry(struct flow_writer *writer, const struct ast_policies *policies)
{
    struct source_writer *lines = &writer->lines;
    writer_format(lines, "retry %" PRId64, policies->retry_count);
    if (policies->retry_delay_ms > 0)
        writer_duration(lines, policies->retry_backoff ? " backoff " : " every ",
                        policies->retry_delay_ms);
    if (policies->retry_delay_max_ms > 0)
        writer_duration(lines, " max ", policies->retry_delay_max_ms);
    if (!policies->retry_pattern.bytes) return;
    const char *pattern = policies->retry_pattern.bytes;
    writer_string(lines, " on ");
    write_text_literal(writer, pattern, strlen(pattern), TEXT_ON_ONE_LINE);
}

static void write_loop(struct flow_writer *writer, const struct ast_policies *policies)
{
    struct source_writer *lines = &writer->lines;
    writer_format(lines, "loop %" PRId64, policies->loop_count);
    if (policies->loop_into.bytes) {
        writer_string(lines, " into ");
        if (writer->has_context && policies->loop_into.quoted)
            write_key(writer, policies->loop_into.bytes);
        else
            write_id(writer, policies->loop_into.bytes);
    }
    if (policies->loop_fail_skip) writer_string(lines, " fail skip");
    if (policies->loop_no_retry) writer_string(lines, " no retry");
    if (policies->loop_no_skip) writer_string(lines, " no skip");
}

static void write_timer(struct flow_writer *writer, const struct ast_timer *timer)
{
    struct source_writer *lines = &writer->lines;
    switch (timer->kind) {
    case TIMER_AT:
        writer_string(lines, "at ");
        iso_time_append(lines->out, timer->time_ms);
        break;
    case TIMER_AFTER: writer_duration(lines, "after ", timer->time_ms); break;
    case TIMER_EVERY:
        writer_duration(lines, "every ", timer->time_ms);
        if (timer->count > 0) writer_format(lines, " up to %" PRId64 " times", timer->count);
        break;
    }
    writer_string(lines, " ");
    write_statements(writer, timer->block);
}

static void write_failures(struct flow_writer *writer, const struct ast_policies *policies,
                           bool *is_first)
{
    struct source_writer *lines = &writer->lines;
    if (policies->timeout_ms > 0) {
        begin_policy(writer, is_first);
        writer_duration(lines, "timeout ", policies->timeout_ms);
        if (policies->timeout_skips) writer_string(lines, " then skip");
    }
    if (policies->retry_count > 0) {
        begin_policy(writer, is_first);
        write_retry(writer, policies);
    }
    if (policies->ignore_failure) {
        begin_policy(writer, is_first);
        writer_string(lines, "on fail ignore");
    }
    if (policies->on_fail) {
        begin_policy(writer, is_first);
        writer_string(lines, "on fail ");
        write_statements(writer, policies->on_fail);
    }
}

static void write_word(struct flow_writer *writer, bool is_given, const char *word, bool *is_first)
{
    if (!is_given) return;
    begin_policy(writer, is_first);
    writer_string(&writer->lines, word);
}

static void write_all(struct flow_writer *writer, const struct ast_policies *policies)
{
    bool is_first = true;
    if (policies->title.bytes) {
        begin_policy(writer, &is_first);
        writer_string(&writer->lines, "title ");
        write_text_literal(writer, policies->title.bytes, strlen(policies->title.bytes),
                           TEXT_ON_ONE_LINE);
    }
    write_failures(writer, policies, &is_first);
    write_word(writer, policies->once, "once", &is_first);
    if (policies->loop_count > 0) {
        begin_policy(writer, &is_first);
        write_loop(writer, policies);
    }
    write_word(writer, policies->no_retry, "no retry", &is_first);
    write_word(writer, policies->no_skip, "no skip", &is_first);
    if (policies->undo) {
        begin_policy(writer, &is_first);
        writer_string(&writer->lines, "undo ");
        write_callee(writer, policies->undo, false);
    }
    for (const struct ast_timer *timer = policies->timers; timer; timer = timer->next) {
        begin_policy(writer, &is_first);
        write_timer(writer, timer);
    }
}

static bool are_any(const struct ast_policies *policies)
{
    return policies->title.bytes || policies->timeout_ms > 0 || policies->retry_count > 0 ||
           policies->ignore_failure || policies->on_fail || policies->once ||
           policies->loop_count > 0 || policies->no_retry || policies->no_skip || policies->undo ||
           policies->timers;
}

void write_policies(struct flow_writer *writer, const struct ast_policies *policies)
{
    struct source_writer *lines = &writer->lines;
    if (!are_any(policies)) return;
    bool has_block = policies->on_fail || policies->timers;
    struct attempt attempt = writer_attempt(lines);
    if (has_block) lines->is_too_wide = true;
    do {
        writer_string(lines, lines->is_flat ? " { " : " {");
        if (!lines->is_flat) {
            lines->level++;
            writer_new_line(lines);
        }
        if (!(lines->is_flat && has_block)) write_all(writer, policies);
        if (!lines->is_flat) {
            lines->level--;
            writer_new_line(lines);
        }
        writer_string(lines, lines->is_flat ? " }" : "}");
    } while (writer_again(lines, &attempt));
}
