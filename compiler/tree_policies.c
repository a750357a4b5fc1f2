/* What stands beside an activity of a tree: failures, loops, timeouts and timer events. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/iso_time.h"
#include "compiler/tree_reader.h"

#define NUMBER_KIND (DOCUMENT_KIND(INTEGER) | DOCUMENT_KIND(STRING))

static struct diagnostic *report_value(struct tree_reader *reader, const struct document_node *node,
                                       const char *message)
{
    return diagnostics_add(reader->diagnostics, DIAGNOSTIC_DOCUMENT_TYPE, node->span, "%s",
                           message);
}

/* A count, as a number or as a text of one; 0 if it is neither, which is told. */
static int64_t read_count(struct tree_reader *reader, const struct document_node *node,
                          int64_t largest, const char *what)
{
    char *end = NULL;
    errno = 0;
    long long count = strtoll(node->text, &end, 10);
    bool is_number = node->size > 0 && end == node->text + node->size && errno == 0;
    if (is_number && count >= 1 && count <= largest) return count;
    diagnostics_add(reader->diagnostics, DIAGNOSTIC_DOCUMENT_TYPE, node->span,
                    "%s has to be a whole number from 1 to %lld", what, (long long)largest);
    return 0;
}

/* --- Titles --- */

void tree_read_title(struct tree_reader *reader, const struct document_node *node,
                     struct ast_policies *policies)
{
    const struct document_node *name = document_get(reader->document, node, "name");
    bool is_text = name != NULL && name->kind == DOCUMENT_STRING && name->size > 0 &&
                   strlen(name->text) == name->size;
    if (is_text && strcmp(name->text, node->key->text) != 0)
        policies->title = (struct ast_name){name->text, name->span, false};
}

/* --- Loops --- */

static void read_loop(struct tree_reader *reader, const struct document_node *node,
                      struct ast_policies *policies)
{
    const struct document_node *loop =
        tree_get(reader, node, "loop_config", DOCUMENT_KIND(MAP), false);
    if (loop == NULL || !tree_get_bool(reader, loop, "enable", false)) return;
    const struct document_node *times = tree_get(reader, loop, "loop_times", NUMBER_KIND, true);
    if (times == NULL) return;
    policies->loop_count = read_count(reader, times, INT32_MAX, "\"loop_times\"");
    policies->loop_span = times->span;
    policies->loop_fail_skip = tree_get_bool(reader, loop, "fail_skip", false);
    policies->loop_no_retry = !tree_get_bool(reader, loop, "retryable", false);
    policies->loop_no_skip = !tree_get_bool(reader, loop, "skippable", false);
    const struct document_node *into = tree_get_name(reader, loop, "outputs_key", false);
    policies->loop_into = (struct ast_name){"outputs", loop->key->span, true};
    if (into != NULL) policies->loop_into = tree_name(into);
    tree_declare(reader, policies->loop_into);
}

/* --- Timeouts --- */

static const char *const FAIL_ACTIONS[] = {"forced_fail", "bamboo_engine_forced_fail"};
static const char *const SKIP_ACTIONS[] = {"forced_fail_and_skip",
                                           "bamboo_engine_forced_fail_and_skip"};

/* Is it one of bamboo-engine's own actions? */
static bool is_timeout_action(const struct document_node *action, bool *skips)
{
    for (size_t i = 0; i < 2; i++) {
        *skips = document_is_text(action, SKIP_ACTIONS[i]);
        if (*skips || document_is_text(action, FAIL_ACTIONS[i])) return true;
    }
    return false;
}

static void read_timeout(struct tree_reader *reader, const struct document_node *node,
                         struct ast_policies *policies)
{
    const struct document_node *timeout =
        tree_get(reader, node, "timeout_config", DOCUMENT_KIND(MAP), false);
    if (timeout == NULL || !tree_get_bool(reader, timeout, "enable", false)) return;
    const struct document_node *seconds =
        tree_get(reader, timeout, "seconds", NUMBER_KIND,
                 document_get(reader->document, timeout, "timeout") == NULL);
    if (seconds == NULL) seconds = tree_get(reader, timeout, "timeout", NUMBER_KIND, false);
    const struct document_node *action =
        tree_get(reader, timeout, "action", DOCUMENT_KIND(STRING), true);
    if (seconds == NULL || action == NULL) return;
    if (!is_timeout_action(action, &policies->timeout_skips)) {
        diagnostic_help(reader->diagnostics,
                        report_value(reader, action, "this is not an action of a timeout"),
                        "forced_fail or forced_fail_and_skip");
        return;
    }
    policies->timeout_ms =
        1000 * read_count(reader, seconds, INT32_MAX, "the seconds of a timeout");
    policies->timeout_span = seconds->span;
}

/* --- Timer events --- */

static const char *const TIMER_TYPES[] = {
    [TIMER_AT] = "time_date", [TIMER_AFTER] = "time_duration", [TIMER_EVERY] = "time_cycle"};

static bool read_timer_type(struct tree_reader *reader, const struct document_node *type,
                            enum ast_timer_kind *kind)
{
    for (size_t i = 0; i < sizeof TIMER_TYPES / sizeof *TIMER_TYPES; i++) {
        if (!document_is_text(type, TIMER_TYPES[i])) continue;
        *kind = (enum ast_timer_kind)i;
        return true;
    }
    diagnostic_help(reader->diagnostics,
                    report_value(reader, type, "this is not a type of a timer event"),
                    "time_date, time_duration or time_cycle");
    return false;
}

static bool read_timer_time(struct tree_reader *reader, const struct document_node *defined,
                            struct ast_timer *timer)
{
    const char *wrong = NULL;
    switch (timer->kind) {
    case TIMER_AT: wrong = iso_time_parse(defined->text, &timer->time_ms); break;
    case TIMER_AFTER: wrong = iso_duration_parse(defined->text, &timer->time_ms); break;
    case TIMER_EVERY: wrong = iso_cycle_parse(defined->text, &timer->count, &timer->time_ms); break;
    }
    if (wrong == NULL && strlen(defined->text) == defined->size) return true;
    report_value(reader, defined, wrong != NULL ? wrong : "a time has no NUL in it");
    return false;
}

/* The call of the timer's action, alone in a block. */
static struct ast_block *action_block(struct tree_reader *reader,
                                      const struct document_node *action)
{
    struct ast_block *block = compilation_allocate(reader->compilation, 1, sizeof *block);
    struct ast_statement *call = compilation_allocate(reader->compilation, 1, sizeof *call);
    if (block == NULL || call == NULL) return NULL;
    *call = (struct ast_statement){.kind = STATEMENT_CALL, .span = action->span};
    call->as.call.callee = tree_name(action);
    block->statements = call;
    block->span = action->span;
    return block;
}

static struct ast_timer *read_timer(struct tree_reader *reader, const struct document_node *event,
                                    struct ast_policies *policies)
{
    if (!tree_is(reader, event, DOCUMENT_KIND(MAP), "a timer event") ||
        !tree_get_bool(reader, event, "enable", false))
        return NULL;
    const struct document_node *type =
        tree_get(reader, event, "timer_type", DOCUMENT_KIND(STRING), true);
    const struct document_node *defined =
        tree_get(reader, event, "defined", DOCUMENT_KIND(STRING), true);
    const struct document_node *action = tree_get_name(reader, event, "action", true);
    struct ast_timer *timer = compilation_allocate(reader->compilation, 1, sizeof *timer);
    if (type == NULL || defined == NULL || action == NULL || timer == NULL) return NULL;
    if (!read_timer_type(reader, type, &timer->kind) || !read_timer_time(reader, defined, timer))
        return NULL;
    timer->span = tree_place(event);
    bool skips = false;
    if (!is_timeout_action(action, &skips)) {
        timer->block = action_block(reader, action);
        return timer->block != NULL ? timer : NULL;
    }
    if (timer->kind != TIMER_AFTER || policies->timeout_ms != 0) {
        report_value(reader, action, "this action fits one timer of the type time_duration only");
        return NULL;
    }
    policies->timeout_ms = timer->time_ms;
    policies->timeout_skips = skips;
    policies->timeout_span = defined->span;
    return NULL;
}

static void read_timers(struct tree_reader *reader, const struct document_node *node,
                        struct ast_policies *policies)
{
    const struct document_node *events =
        tree_get(reader, node, "events", DOCUMENT_KIND(MAP), false);
    const struct document_node *timers =
        tree_get(reader, events, "timer_events", DOCUMENT_KIND(LIST), false);
    struct ast_timer **link = &policies->timers;
    for (const struct document_node *event = timers != NULL ? timers->first : NULL; event != NULL;
         event = event->next) {
        *link = read_timer(reader, event, policies);
        if (*link != NULL) link = &(*link)->next;
    }
}

/* --- All of them --- */

void tree_read_policies(struct tree_reader *reader, const struct document_node *node,
                        struct ast_policies *policies)
{
    const struct document_node *ignorable = document_get(reader->document, node, "error_ignorable");
    if (tree_get_bool(reader, node, "error_ignorable", false)) {
        policies->ignore_failure = true;
        policies->on_fail_span = ignorable->span;
    }
    if (!tree_get_bool(reader, node, "retryable", true)) {
        policies->no_retry = true;
        policies->no_retry_span = document_get(reader->document, node, "retryable")->span;
    }
    if (!tree_get_bool(reader, node, "skippable", true)) {
        policies->no_skip = true;
        policies->no_skip_span = document_get(reader->document, node, "skippable")->span;
    }
    const struct document_node *timeout = document_get(reader->document, node, "timeout");
    if (timeout != NULL && timeout->kind != DOCUMENT_NULL) {
        struct diagnostic *diagnostic = diagnostics_add(
            reader->diagnostics, DIAGNOSTIC_NO_EFFECT, tree_place(timeout),
            "bamboo-engine does not look at \"timeout\", so nothing ends this node");
        diagnostic_help(reader->diagnostics, diagnostic,
                        "use \"timeout_config\": {\"enable\": true, \"seconds\": ...}");
    }
    read_loop(reader, node, policies);
    read_timeout(reader, node, policies);
    read_timers(reader, node, policies);
}
