/* Instructions that begin, execute and finish nodes. */
#include <assert.h>
#include <stdio.h>

#include "base/apart.h"
#include "base/memory.h"
#include "vm/run/activity.h"
#include "vm/run/context.h"
#include "vm/run/execute.h"
#include "vm/run/execute_rollback.h"
#include "vm/run/loop.h"

/* An event about the token that makes it stop here. */
static enum step stop_token(struct interpreter *machine, enum event_type type)
{
    machine_event(machine, type);
    enum step step = interpreter_record(machine);
    return step == STEP_MOVED ? STEP_SLEEP : step;
}

/* How often the machine's node may be executed; 0: no limit. */
static uint32_t rerun_limit(const struct interpreter *machine)
{
    const struct run *run = machine->run;
    return run->rerun_limit >= 0 ? (uint32_t)run->rerun_limit : machine->pipeline->rerun_limit;
}

/* Was it executed as often? Then it fails. */
static bool is_over_limit(const struct interpreter *machine)
{
    uint32_t limit = rerun_limit(machine);
    return limit > 0 && machine->at.record->loop > limit &&
           machine->at.row->kind != NODE_KIND_SUBPROCESS &&
           !(machine->at.row->flags & NODE_FLAG_ATTACHED);
}

static APART enum step fail_over_limit(struct interpreter *machine)
{
    char why[80];
    snprintf(why, sizeof why, "node execution exceed rerun limit %u", rerun_limit(machine));
    return node_fail(machine, why, FAILURE_RERUN_LIMIT);
}

enum step execute_ENTER(struct interpreter *machine, uint32_t operand)
{
    (void)operand; /* the token's node: verified */
    const struct token *token = &machine->run->tokens[machine->token];
    if (token->destination == token->node && token->destination_scope == token->scope)
        return stop_token(machine, EVENT_TOKEN_JOINED);
    if (place_is_suspended(machine->run, machine->at.scope, machine->at.record))
        return stop_token(machine, EVENT_TOKEN_SUSPENDED);
    if (machine->budget > 0) machine->budget--;
    if (machine->at.record->state == NODE_FINISHED && is_over_limit(machine))
        return fail_over_limit(machine);
    machine->pending |= EVENT_ENTERS;
    return STEP_NEXT;
}

enum bamboo_status machine_assign_take(struct interpreter *machine, uint32_t variable,
                                       struct bamboo_value value)
{
    if (!memory_grow((void **)&machine->event.assignments, &machine->assignment_capacity,
                     machine->event.assignment_count + 1, sizeof *machine->event.assignments)) {
        value_release(value);
        return fail_memory(&machine->error);
    }
    machine->event.assignments[machine->event.assignment_count++] =
        (struct assignment){variable, value};
    return BAMBOO_OK;
}

enum step execute_ASSIGN(struct interpreter *machine, uint32_t operand)
{
    struct bamboo_value value = machine_pop(machine);
    return machine_assign_take(machine, operand, value) == BAMBOO_OK ? STEP_NEXT : STEP_FAILED;
}

/* What the execution has left. Borrowed. */
static inline struct bamboo_value left_outputs(const struct interpreter *machine)
{
    return machine->pending & (EVENT_OUTPUTS | EVENT_ENTERS) ? machine->event.outputs
                                                             : machine->at.record->outputs;
}

enum bamboo_status node_settle(struct interpreter *machine, bool success)
{
    enum image_node_kind kind = (enum image_node_kind)machine->at.row->kind;
    if (kind != NODE_KIND_ACTIVITY && kind != NODE_KIND_SUBPROCESS) return BAMBOO_OK;
    struct bamboo_value outputs = left_outputs(machine);
    const struct image_policy *loop = machine_loop(machine);
    enum bamboo_status status = BAMBOO_OK;
    if (outputs.type == BAMBOO_MAP) status = context_copy_outputs(machine, outputs);
    return status == BAMBOO_OK && loop ? loop_collect(machine, loop, success, outputs) : status;
}

enum step execute_LEAVE(struct interpreter *machine, uint32_t operand)
{
    const struct image_policy *loop = machine_loop(machine);
    if ((loop || left_outputs(machine).type == BAMBOO_MAP) &&
        node_settle(machine, true) != BAMBOO_OK)
        return STEP_FAILED;
    struct event *event = machine_event(machine, EVENT_NODE_FINISHED);
    event->flow = operand - machine->at.row->first_flow;
    if (loop && loop_goes_on(machine, loop)) event->flags |= EVENT_LOOPS;
    return interpreter_record(machine);
}

/* --- Components --- */

/* The deadline of the node's timeout, if it has one and begins with this event. */
static void set_deadline(const struct interpreter *machine, struct event *event)
{
    uint32_t index = machine->at.row->policy;
    if (index == IMAGE_NONE || !(machine->pending & EVENT_ENTERS)) return;
    const struct image_policy *policy = &machine->linked->program->policies[index];
    int64_t timeout = (int64_t)image_u64(policy->timeout_low, policy->timeout_high);
    if (timeout == 0) return;
    event->flags |= EVENT_DEADLINE;
    event->deadline = machine->now_ms + timeout;
}

/* An operator's replacements stand above what the flow computes. */
static enum bamboo_status merge_replaced(struct interpreter *machine, struct bamboo_value replaced,
                                         struct bamboo_value *inputs)
{
    for (size_t i = 0; i < bamboo_map_count(replaced); i++) {
        struct bamboo_value merged;
        enum bamboo_status status = value_map_with_take(
            *inputs, bamboo_string_bytes(bamboo_map_key_at(replaced, i), NULL),
            value_retain(bamboo_map_value_at(replaced, i)), &merged, &machine->error);
        if (status != BAMBOO_OK) return status;
        value_release(*inputs);
        *inputs = merged;
    }
    return BAMBOO_OK;
}

static enum bamboo_status mark_inputs(struct interpreter *machine, struct bamboo_value *inputs)
{
    struct bamboo_value marked;
    enum bamboo_status status = context_mark(machine, *inputs, bamboo_missing(), &marked);
    if (status != BAMBOO_OK) return status;
    value_release(*inputs);
    *inputs = marked;
    return BAMBOO_OK;
}

/* Have the inputs something beside what the flow computes? */
static inline bool completes_inputs(const struct interpreter *machine)
{
    return machine_has_context(machine) || machine->at.record->extra;
}

static APART enum bamboo_status complete_inputs(struct interpreter *machine)
{
    struct bamboo_value *inputs = &machine->event.inputs;
    /* RENDER_INPUTS has seen to replacements. */
    if (machine_has_context(machine)) return mark_inputs(machine, inputs);
    const struct node_extra *extra = machine->at.record->extra;
    return extra->replaced_inputs.type == BAMBOO_MAP
               ? merge_replaced(machine, extra->replaced_inputs, inputs)
               : BAMBOO_OK;
}

static void log_from_pure(struct bamboo_activity *activity, enum bamboo_stream stream,
                          const char *bytes, size_t size)
{
    struct interpreter *machine = (struct interpreter *)activity;
    struct effect effect = {.kind = EFFECT_LOG,
                            .scope = machine->at.scope,
                            .node = machine->at.node,
                            .version = activity->attempt,
                            .stream = stream};
    enum bamboo_status status = value_from_bytes(bytes, size, &effect.data, &machine->error);
    if (status == BAMBOO_OK) status = run_emit_take(machine->run, &effect, &machine->error);
    if (status == BAMBOO_E_MEMORY) activity->failed = status;
}

static const char *node_of_pure(const struct bamboo_activity *activity)
{
    struct interpreter *machine = (struct interpreter *)(uintptr_t)activity;
    text_clear(&machine->path);
    run_append_path(machine->run, machine->at.scope, machine->at.node, &machine->path);
    return text_string(&machine->path);
}

const struct activity_services PURE_SERVICES = {.log = log_from_pure, .node = node_of_pure};

/* What the node's pure component is called with: lent to it, but for the outputs, which
 * pure_answered() takes. What is the run's is there since interpreter_attach(). */
static inline struct bamboo_activity *lend_activity(struct interpreter *machine,
                                                    const struct bamboo_component *component,
                                                    struct bamboo_value inputs,
                                                    struct bamboo_value outputs)
{
    struct bamboo_activity *activity = &machine->activity;
    activity->component = component;
    activity->inputs = inputs;
    activity->outputs = value_retain(outputs);
    text_clear(&activity->failure);
    activity->failed = BAMBOO_OK;
    activity->wake_at_ms = 0;
    activity->attempt =
        machine->pending & EVENT_ENTERS ? machine->run->versions + 1 : machine->at.record->version;
    return activity;
}

/* The pure component has answered: what it left goes on. */
static APART enum step pure_answered(struct interpreter *machine, enum bamboo_outcome outcome)
{
    struct bamboo_activity *activity = &machine->activity;
    if (activity->outputs.type != BAMBOO_MISSING) machine_leave_take(machine, activity->outputs);
    if (activity->failed == BAMBOO_E_MEMORY) {
        fail_memory(&machine->error);
        return STEP_FAILED;
    }
    if (activity->failed != BAMBOO_OK) outcome = BAMBOO_FAILURE;
    return component_answered(machine, outcome, text_string(&activity->failure),
                              activity->wake_at_ms);
}

enum step call_pure_rollback(struct interpreter *machine, const struct bamboo_component *component)
{
    const struct node_record *record = machine->at.record;
    struct bamboo_activity *activity =
        lend_activity(machine, component, record->inputs, record->outputs);
    enum bamboo_outcome outcome = component->rollback(activity);
    value_release(activity->outputs); /* an undo leaves none */
    if (activity->failed == BAMBOO_E_MEMORY) {
        fail_memory(&machine->error);
        return STEP_FAILED;
    }
    if (activity->failed != BAMBOO_OK) outcome = BAMBOO_FAILURE;
    return undo_answered(machine, outcome, text_string(&activity->failure));
}

static APART enum step start_external(struct interpreter *machine,
                                      const struct bamboo_component *component)
{
    struct run *run = machine->run;
    struct event *event = machine_event(machine, EVENT_NODE_STARTED);
    event->pc = interpreter_relative_pc(machine);
    set_deadline(machine, event);
    struct bamboo_value inputs = value_retain(machine->event.inputs);
    enum step step = interpreter_record(machine);
    if (step != STEP_MOVED) {
        value_release(inputs);
        return step;
    }
    struct effect effect = {.kind = EFFECT_EXECUTE,
                            .scope = machine->at.scope,
                            .node = machine->at.node,
                            .version = machine->at.record->version,
                            .component = component,
                            .inputs = inputs};
    if (run_emit_take(run, &effect, &machine->error) != BAMBOO_OK) return STEP_FAILED;
    return STEP_SLEEP;
}

static APART enum step fail_inputs(struct interpreter *machine, const char *component)
{
    fail(&machine->error, BAMBOO_E_EVALUATION, "the inputs of %s are not a map", component);
    return STEP_FAILED;
}

enum step execute_EXECUTE(struct interpreter *machine, uint32_t operand)
{
    const struct bamboo_component *component = machine->linked->components[operand];
    machine->event.inputs = machine_pop(machine);
    if (machine->event.inputs.type != BAMBOO_MAP) return fail_inputs(machine, component->code);
    if (completes_inputs(machine) && complete_inputs(machine) != BAMBOO_OK) return STEP_FAILED;
    machine->pending |= EVENT_INPUTS;
    if (component->effect == BAMBOO_EFFECT_EXTERNAL) return start_external(machine, component);
    struct bamboo_activity *activity =
        lend_activity(machine, component, value_read(&machine->event.inputs), bamboo_missing());
    if (component->enter) component->enter(activity);
    enum bamboo_outcome outcome = component->execute(activity);
    if (outcome == BAMBOO_SUCCESS && activity->outputs.type == BAMBOO_MISSING &&
        activity->failed == BAMBOO_OK && !machine_has_context(machine))
        return STEP_NEXT;
    return pure_answered(machine, outcome);
}

/* Later than now, whatever the component says: what is due already would be asked again and again
 * before anything else could happen. */
static int64_t next_schedule(const struct interpreter *machine,
                             const struct bamboo_component *component, int64_t wake_at_ms)
{
    int64_t soonest = machine->now_ms + 1;
    if (wake_at_ms > 0) return wake_at_ms < soonest ? soonest : wake_at_ms;
    if (!component->interval) return machine->now_ms + 1000;
    uint32_t before = machine->pending & EVENT_ENTERS ? 0 : machine->at.record->schedules + 1;
    int64_t interval = component->interval(before + 1);
    if (interval < 1) return soonest;
    return machine->now_ms + (interval < POLICY_TIME_MAX ? interval : POLICY_TIME_MAX);
}

/* The component is not done: the node waits for a timer or a callback. */
static enum step wait_for_schedule(struct interpreter *machine,
                                   const struct bamboo_component *component, int64_t wake_at_ms)
{
    struct event *event = machine_event(machine, EVENT_NODE_WAITING);
    event->pc = interpreter_relative_pc(machine);
    set_deadline(machine, event);
    if (component->kind == BAMBOO_KIND_POLL) {
        event->flags |= EVENT_WAKE;
        event->wake_at = next_schedule(machine, component, wake_at_ms);
    }
    enum step step = interpreter_record(machine);
    if (step != STEP_MOVED) return step;
    const struct node_extra *extra = machine->at.record->extra;
    if (component->kind != BAMBOO_KIND_POLL && extra && extra->callback_count > 0)
        return component_schedule(machine, extra->callbacks[0]);
    return STEP_SLEEP;
}

/* With a context, what a call left tells about its round. */
static enum bamboo_status mark_outputs(struct interpreter *machine)
{
    struct bamboo_value marked;
    if (!machine_has_context(machine)) return BAMBOO_OK;
    enum bamboo_status status =
        context_mark(machine, machine->event.outputs, bamboo_bool(true), &marked);
    if (status != BAMBOO_OK) return status;
    machine_leave_take(machine, marked);
    return BAMBOO_OK;
}

enum step component_answered(struct interpreter *machine, enum bamboo_outcome outcome,
                             const char *failure, int64_t wake_at_ms)
{
    const struct bamboo_component *component =
        machine->linked->components[machine->at.row->companion];
    if (outcome != BAMBOO_FAILURE && mark_outputs(machine) != BAMBOO_OK) return STEP_FAILED;
    switch (outcome) {
    case BAMBOO_SUCCESS: return STEP_NEXT;
    case BAMBOO_PENDING:
        if (component->kind == BAMBOO_KIND_PLAIN)
            return node_fail(
                machine, "the component answered that it is not done, but nothing will complete it",
                FAILURE_ORDINARY);
        return wait_for_schedule(machine, component, wake_at_ms);
    case BAMBOO_FAILURE: break;
    }
    bool is_said = (failure && *failure) || machine_has_context(machine);
    return node_fail(machine, is_said ? failure : "the component failed without saying why",
                     FAILURE_ORDINARY);
}

enum step component_schedule(struct interpreter *machine, struct bamboo_value data)
{
    const struct node_record *record = machine->at.record;
    const struct bamboo_component *component =
        machine->linked->components[machine->at.row->companion];
    if (component->kind != BAMBOO_KIND_POLL) machine->pending |= EVENT_CONSUMES;
    if (component->effect == BAMBOO_EFFECT_PURE) {
        struct bamboo_activity *activity =
            lend_activity(machine, component, record->inputs, record->outputs);
        return pure_answered(machine, component->schedule(activity, data));
    }
    machine->run->tokens[machine->token].busy = true;
    struct effect effect = {.kind = EFFECT_SCHEDULE,
                            .scope = machine->at.scope,
                            .node = machine->at.node,
                            .version = record->version,
                            .component = component,
                            .inputs = value_retain(record->inputs),
                            .outputs = value_retain(record->outputs),
                            .data = value_retain(data)};
    return run_emit_take(machine->run, &effect, &machine->error) == BAMBOO_OK ? STEP_SLEEP
                                                                              : STEP_FAILED;
}

/* --- Subprocesses and ends --- */

enum step execute_CALL_PIPELINE(struct interpreter *machine, uint32_t operand)
{
    const struct program *program = machine->linked->program;
    struct bamboo_value arguments = machine_pop(machine);
    if (!(program->pipelines[operand].flags & PIPELINE_FLAG_CONTEXT) &&
        arguments_check(program, &program->pipelines[operand], arguments, &machine->error) !=
            BAMBOO_OK) {
        value_release(arguments);
        return STEP_FAILED;
    }
    machine->event.inputs = arguments;
    machine->pending |= EVENT_INPUTS;
    machine_event(machine, EVENT_SUBPROCESS_ENTERED)->pc = interpreter_relative_pc(machine);
    return interpreter_record(machine);
}

/* Outputs of a subprocess tell about the round of its node. */
static enum bamboo_status mark_subprocess(struct interpreter *machine, struct bamboo_value *outputs)
{
    const struct scope *scope = &machine->run->scopes[machine->at.scope];
    if (scope->parent == SCOPE_NONE || !scope_has_context(machine->run, scope->parent))
        return BAMBOO_OK;
    const struct node_record *record = record_of(machine->run, scope->parent, scope->parent_node);
    const struct {
        const char *key;
        uint32_t value;
    } marks[] = {{"_loop", record->loop}, {"_inner_loop", record->inner_loop}};
    for (size_t i = 0; i < 2; i++) {
        struct bamboo_value marked;
        enum bamboo_status status = value_map_with_take(
            *outputs, marks[i].key, bamboo_integer(marks[i].value), &marked, &machine->error);
        if (status != BAMBOO_OK) return status;
        value_release(*outputs);
        *outputs = marked;
    }
    return BAMBOO_OK;
}

enum step execute_END_PIPELINE(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    if (!machine->run) /* an expression: its value stays on the stack */
        return STEP_DONE;
    struct bamboo_value outputs = machine_pop(machine);
    if (outputs.type != BAMBOO_MAP) {
        value_release(outputs);
        fail(&machine->error, BAMBOO_E_EVALUATION, "the outputs of the pipeline are not a map");
        return STEP_FAILED;
    }
    if (mark_subprocess(machine, &outputs) != BAMBOO_OK) {
        value_release(outputs);
        return STEP_FAILED;
    }
    machine_leave_take(machine, outputs); /* instead of those of the end's handler */
    machine_event(machine, EVENT_PIPELINE_FINISHED);
    return interpreter_record(machine);
}

enum step execute_FAIL(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    struct bamboo_value why = machine_pop(machine);
    text_clear(&machine->scratch);
    if (why.type != BAMBOO_MISSING) value_append_text(&machine->scratch, why);
    value_release(why);
    if (machine->scratch.failed) {
        fail_memory(&machine->error);
        return STEP_FAILED;
    }
    return node_fail(machine, text_string(&machine->scratch), FAILURE_ORDINARY);
}
