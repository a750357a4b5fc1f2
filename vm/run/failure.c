/* What happens when an execution fails: the node's policies, in this order: automatic retry, then
 * `timeout then skip`, `on fail ignore`, `on fail { }`, else FAILED, for an operator. */
#include <string.h>

#include "base/pattern.h"
#include "vm/run/context.h"
#include "vm/run/loop.h"

/* The outputs that the failed execution leaves, with ex_data. */
static enum bamboo_status failure_outputs(struct interpreter *machine, const char *why,
                                          struct bamboo_value *out)
{
    struct bamboo_value before = machine->event.outputs;
    if (!(machine->pending & EVENT_OUTPUTS) &&
        (!(machine->pending & EVENT_ENTERS) ||
         node_keeps_data(machine->run, machine->at.scope, machine->at.row)))
        before = machine->at.record->outputs;
    if (!why || !*why) {
        *out = bamboo_value_retain(before);
        return BAMBOO_OK;
    }
    struct bamboo_value text;
    enum bamboo_status status = value_from_string(why, &text, &machine->error);
    if (status != BAMBOO_OK) return status;
    return value_map_with_take(before, "ex_data", text, out, &machine->error);
}

/* With a context, outputs of an activity tell about the round, or that it was made to fail. */
static enum bamboo_status mark_failure(struct interpreter *machine, enum failure_cause cause,
                                       struct bamboo_value *outputs)
{
    if (!machine_has_context(machine) || cause == FAILURE_RERUN_LIMIT ||
        machine->at.row->kind != NODE_KIND_ACTIVITY)
        return BAMBOO_OK;
    struct bamboo_value marked;
    enum bamboo_status status =
        cause == FAILURE_ORDINARY || cause == FAILURE_INPUTS
            ? context_mark(machine, *outputs, bamboo_bool(false), &marked)
            : value_map_with_take(*outputs, "_forced_failed", bamboo_bool(true), &marked,
                                  &machine->error);
    if (status != BAMBOO_OK) return status;
    bamboo_value_release(*outputs);
    *outputs = marked;
    return BAMBOO_OK;
}

/* Does the error's text match the policy's `on "pattern"`? A pattern that does not compile, or
 * takes too long, matches nothing: the compiler has checked it. */
static enum bamboo_status pattern_matches(const struct program *program,
                                          const struct image_policy *policy, const char *why,
                                          bool *out, struct bamboo_error *error)
{
    *out = policy->retry_pattern == IMAGE_NONE;
    if (*out) return BAMBOO_OK;
    struct pattern *pattern;
    const char *bytes = program_name(program, policy->retry_pattern);
    enum bamboo_status status = pattern_compile(bytes, strlen(bytes), &pattern, error);
    if (status != BAMBOO_OK) return status == BAMBOO_E_MEMORY ? status : BAMBOO_OK;
    bool found = false;
    *out = pattern_occurs(pattern, why, strlen(why), &found, NULL) == BAMBOO_OK && found;
    pattern_destroy(pattern);
    return BAMBOO_OK;
}

/* Is it to be tried once more, by its policy? */
static enum bamboo_status decide_retry(struct interpreter *machine,
                                       const struct image_policy *policy, uint32_t retries,
                                       const char *why, bool *out)
{
    *out = false;
    if (!policy || retries >= policy->retry_count) return BAMBOO_OK;
    return pattern_matches(machine->linked->program, policy, why ? why : "", out, &machine->error);
}

static int64_t retry_delay(const struct image_policy *policy, uint32_t retries)
{
    int64_t delay = (int64_t)image_u64(policy->retry_delay_low, policy->retry_delay_high);
    int64_t limit = (int64_t)image_u64(policy->retry_delay_max_low, policy->retry_delay_max_high);
    for (uint32_t i = 0; policy->retry_backoff && i < retries && delay < INT64_MAX / 4; i++)
        delay *= 2;
    return limit > 0 && delay > limit ? limit : delay;
}

static enum step record_failure(struct interpreter *machine, struct bamboo_value outputs)
{
    machine_leave_take(machine, outputs);
    return interpreter_record(machine);
}

/* Of an ordinary failure variables get the outputs too; when something outside made the node fail,
 * or its component was not called, they get nothing. */
static enum step settle_and_record(struct interpreter *machine, struct bamboo_value outputs)
{
    struct event *event = &machine->event;
    machine_leave_take(machine, outputs);
    if (node_settle(machine, false) != BAMBOO_OK) return STEP_FAILED;
    const struct image_policy *loop = machine_loop(machine);
    if (event->type == EVENT_NODE_FINISHED && loop && loop_goes_on(machine, loop))
        event->flags |= EVENT_LOOPS;
    return interpreter_record(machine);
}

/* After a timeout of a node with `then skip`: what an operator would do. */
static enum step skip_after_timeout(struct interpreter *machine, uint32_t scope, uint32_t node)
{
    struct bamboo_value actor = bamboo_missing(), reason = bamboo_missing();
    enum bamboo_status status = value_from_string("policy", &actor, &machine->error);
    if (status == BAMBOO_OK)
        status = value_from_string("timeout then skip", &reason, &machine->error);
    struct event event = {.type = EVENT_NODE_SKIPPED,
                          .flags = EVENT_AUTOMATIC,
                          .scope = scope,
                          .node = node,
                          .actor = actor,
                          .reason = reason};
    if (status == BAMBOO_OK)
        status = run_record(machine->run, &event, machine->now_ms, &machine->error);
    bamboo_value_release(actor);
    bamboo_value_release(reason);
    return status == BAMBOO_OK ? STEP_MOVED : STEP_FAILED;
}

/* No retry is left: with a policy for it the node counts as finished. To ignore is to ignore what a
 * component did; where inputs failed, none was called. */
static void settle_failure(const struct image_node *node, const struct image_policy *policy,
                           enum failure_cause cause, struct event *event)
{
    bool loops = policy && policy->loop_count > 0;
    if (node->flags & NODE_FLAG_ATTACHED) return; /* no flow leaves it */
    bool ignored = cause != FAILURE_INPUTS && (node->flags & NODE_FLAG_IGNORE_ERROR ||
                                               (loops && policy->loop_flags & LOOP_FLAG_FAIL_SKIP));
    bool has_handler = node->kind != NODE_KIND_EXCLUSIVE && node->kind != NODE_KIND_INCLUSIVE &&
                       node->other_flow != IMAGE_NONE;
    if (!ignored && !has_handler) return;
    event->type = EVENT_NODE_FINISHED;
    event->flags |= EVENT_IGNORED;
    event->flow = has_handler ? node->other_flow - node->first_flow : 0;
}

enum step node_fail(struct interpreter *machine, const char *why, enum failure_cause cause)
{
    const struct event_place at = machine->at; /* after the event the token may be elsewhere */
    const struct image_node *node = at.row;
    const struct node_record *record = at.record;
    /* At a re-entry the record still counts the retries of the round before. */
    bool again = machine->pending & EVENT_ENTERS && record->state == NODE_FINISHED;
    uint32_t retries = again ? 0 : record->automatic_retries;
    struct bamboo_value outputs;
    if (failure_outputs(machine, why, &outputs) != BAMBOO_OK) return STEP_FAILED;
    if (mark_failure(machine, cause, &outputs) != BAMBOO_OK) {
        bamboo_value_release(outputs);
        return STEP_FAILED;
    }

    struct event *event = machine_event(machine, EVENT_NODE_FAILED);
    if (cause == FAILURE_TIMEOUT) event->flags |= EVENT_TIMED_OUT;
    const struct program *program = machine->linked->program;
    const struct image_policy *policy =
        node->policy == IMAGE_NONE ? NULL : &program->policies[node->policy];
    if (cause == FAILURE_INTERRUPTED || cause == FAILURE_RERUN_LIMIT)
        return record_failure(machine, outputs);
    bool will_retry;
    if (decide_retry(machine, policy, retries, why, &will_retry) != BAMBOO_OK) {
        bamboo_value_release(outputs);
        return STEP_FAILED;
    }
    if (will_retry) {
        event->flags |= EVENT_WAKE;
        event->wake_at = machine->now_ms + retry_delay(policy, retries);
        return record_failure(machine, outputs);
    }
    bool skips = cause == FAILURE_TIMEOUT && policy && policy->timeout_action == TIMEOUT_SKIP;
    if (!skips) settle_failure(node, policy, cause, event);
    if (cause == FAILURE_ORDINARY) return settle_and_record(machine, outputs);
    enum step step = record_failure(machine, outputs);
    if (step == STEP_MOVED && skips) return skip_after_timeout(machine, at.scope, at.node);
    return step;
}
