/* Control operations (operations.def): each asks legal.h, then records one event. The same
 * instructions serve flows (`pause "why"`) and operators (control programs). */
#include <string.h>

#include "base/memory.h"
#include "vm/run/component_input.h"
#include "vm/run/execute.h"
#include "vm/run/legal.h"
#include "vm/run/loop.h"
#include "vm/run/execute_rollback.h"
#include "vm/run/operation.h"
#include "vm/run/path.h"

void operation_release(struct operation *operation)
{
    bamboo_value_release(operation->path);
    bamboo_value_release(operation->data);
    bamboo_value_release(operation->reason);
}

static enum step step_of(enum bamboo_status status)
{
    return status == BAMBOO_OK ? STEP_NEXT : STEP_FAILED;
}

enum bamboo_status record_control(struct interpreter *machine, struct event *event,
                                  struct bamboo_value reason)
{
    enum bamboo_status status =
        value_from_string(machine->actor ? machine->actor : "flow", &event->actor, &machine->error);
    if (status != BAMBOO_OK) return status;
    event->reason = reason.type == BAMBOO_STRING ? reason : bamboo_null();
    status = run_record(machine->run, event, machine->now_ms, &machine->error);
    bamboo_value_release(event->actor);
    return status;
}

static void answer(struct interpreter *machine, const char *what)
{
    if (machine->reply) text_append_string(machine->reply, what);
}

void answer_node(struct interpreter *machine, const struct operation *operation, const char *what)
{
    if (machine->reply)
        text_append_format(machine->reply, "'%s' %s", bamboo_string_bytes(operation->path, NULL),
                           what);
}

/* --- Of a run --- */

static enum step operate_run(struct interpreter *machine, enum event_type type,
                             enum bamboo_status legal, const char *reply)
{
    struct bamboo_value reason = machine_pop(machine);
    struct event event = {.type = type};
    enum bamboo_status status = legal;
    if (status == BAMBOO_OK) status = record_control(machine, &event, reason);
    bamboo_value_release(reason);
    if (status == BAMBOO_OK) answer(machine, reply);
    return step_of(status);
}

enum step execute_PAUSE_RUN(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return operate_run(machine, EVENT_RUN_PAUSED, may_pause_run(machine->run, &machine->error),
                       "the run is suspended: tokens stop before their next node");
}

enum step execute_RESUME_RUN(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return operate_run(machine, EVENT_RUN_RESUMED, may_resume_run(machine->run, &machine->error),
                       "the run goes on");
}

enum step execute_REVOKE_RUN(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    struct run *run = machine->run;
    enum bamboo_status status = may_revoke_run(run, &machine->error);
    for (uint32_t i = 0; i < run->token_count && status == BAMBOO_OK; i++)
        status = run_cancel_work(run, &run->tokens[i], &machine->error);
    enum step step = operate_run(machine, EVENT_RUN_REVOKED, status, "the run is revoked");
    /* A flow that revokes its run has no token left to go on with. */
    return step == STEP_NEXT && !machine->actor ? STEP_SLEEP : step;
}

/* --- Of a node --- */

enum bamboo_status operation_pop(struct interpreter *machine, struct operation *out)
{
    out->reason = machine_pop(machine);
    out->data = machine_pop(machine);
    out->path = machine_pop(machine);
    if (out->path.type != BAMBOO_STRING)
        return fail(&machine->error, BAMBOO_E_USAGE, "the operation names no node");
    return run_find_node(machine->run, bamboo_string_bytes(out->path, NULL), &out->scope,
                         &out->node, &machine->error);
}

typedef enum bamboo_status (*legal_function)(const struct run *, uint32_t scope, uint32_t node,
                                             struct bamboo_error *);
/* Fills in what the event of an operation needs; may emit effects. */
typedef enum bamboo_status (*prepare_function)(struct interpreter *, struct operation *,
                                               struct event *);

static enum step operate_node(struct interpreter *machine, enum event_type type,
                              legal_function legal, prepare_function prepare, const char *reply)
{
    struct operation operation = {0};
    enum bamboo_status status = operation_pop(machine, &operation);
    if (status == BAMBOO_OK)
        status = legal(machine->run, operation.scope, operation.node, &machine->error);
    struct event event = {.type = type, .scope = operation.scope, .node = operation.node};
    if (status == BAMBOO_OK && prepare) status = prepare(machine, &operation, &event);
    if (status == BAMBOO_OK) status = record_control(machine, &event, operation.reason);
    if (status == BAMBOO_OK) answer_node(machine, &operation, reply);
    bamboo_value_release(event.outputs);
    operation_release(&operation);
    return step_of(status);
}

/* A subprocess is suspended as a whole, from inside. */
static enum bamboo_status prepare_pause(struct interpreter *machine, struct operation *operation,
                                        struct event *event)
{
    if (node_of(machine->run, operation->node)->kind == NODE_KIND_SUBPROCESS)
        event->type = EVENT_SUBPROCESS_PAUSED;
    return BAMBOO_OK;
}

/* A node can be paused before a token has entered the subprocess around it: then the scopes on the
 * way to it are made. */
static enum bamboo_status open_subprocesses(struct interpreter *machine)
{
    const struct program *program = machine->run->linked->program;
    struct bamboo_value path = machine->stack[machine->depth - 3];
    uint32_t scope, node;
    const char *rest;
    enum bamboo_status status = BAMBOO_OK;
    if (path.type != BAMBOO_STRING || run_state_is_ended((enum run_state)machine->run->state))
        return BAMBOO_OK;
    while (status == BAMBOO_OK &&
           run_find_closed(machine->run, bamboo_string_bytes(path, NULL), &scope, &node, &rest)) {
        uint32_t target = program_find_path(
            program, &program->pipelines[node_of(machine->run, node)->companion], rest);
        bool may_be_paused =
            target != IMAGE_NONE && program->nodes[target].kind != NODE_KIND_SUBPROCESS;
        if (!may_be_paused) break; /* what follows says why */
        struct event event = {.type = EVENT_SUBPROCESS_OPENED, .scope = scope, .node = node};
        status = record_control(machine, &event, machine->stack[machine->depth - 1]);
    }
    return status;
}

enum step execute_PAUSE_NODE(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    if (open_subprocesses(machine) != BAMBOO_OK) return STEP_FAILED;
    return operate_node(machine, EVENT_NODE_PAUSED, may_pause_node, prepare_pause,
                        "is paused: tokens will stop before it, or inside it");
}

static enum bamboo_status prepare_resume(struct interpreter *machine, struct operation *operation,
                                         struct event *event)
{
    if (node_of(machine->run, operation->node)->kind == NODE_KIND_SUBPROCESS)
        event->type = EVENT_SUBPROCESS_RESUMED;
    return BAMBOO_OK;
}

enum step execute_RESUME_NODE(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return operate_node(machine, EVENT_NODE_RESUMED, may_resume_node, prepare_resume, "goes on");
}

static enum bamboo_status prepare_retry(struct interpreter *machine, struct operation *operation,
                                        struct event *event)
{
    if (operation->data.type == BAMBOO_NULL) return BAMBOO_OK;
    if (operation->data.type != BAMBOO_MAP)
        return fail(&machine->error, BAMBOO_E_PARAMETER, "inputs to replace are a map");
    const struct image_node *node = node_of(machine->run, operation->node);
    bool templates = scope_has_context(machine->run, operation->scope);
    bool has_inputs =
        node->kind == NODE_KIND_ACTIVITY || (node->kind == NODE_KIND_SUBPROCESS && templates);
    if (!has_inputs)
        return fail(&machine->error, BAMBOO_E_REFUSED, "only an activity has inputs to replace");
    if (record_of(machine->run, operation->scope, operation->node)->state == NODE_ROLL_BACK_FAILED)
        return fail(&machine->error, BAMBOO_E_REFUSED, "an undo has no inputs to replace");
    event->flags |= EVENT_INPUTS;
    event->inputs = operation->data;
    if (node->kind != NODE_KIND_ACTIVITY) return BAMBOO_OK;
    return component_inputs_check(machine->run->linked->components[node->companion],
                                  operation->data, templates, &machine->error);
}

enum step execute_RETRY_NODE(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return operate_node(machine, EVENT_NODE_RETRIED, may_retry_node, prepare_retry,
                        "is executed again");
}

/* The flow of a gateway by its name, or by the name of the node that it leads to. */
static enum bamboo_status find_way(struct interpreter *machine, const struct image_node *node,
                                   struct bamboo_value to, uint32_t *out)
{
    const struct program *program = machine->run->linked->program;
    if (to.type != BAMBOO_STRING)
        return fail(&machine->error, BAMBOO_E_PARAMETER, "a way is named by a text, not %s",
                    bamboo_type_name(to.type));
    const char *name = bamboo_string_bytes(to, NULL);
    for (uint32_t i = 0; i < node->flow_count; i++) {
        const struct image_flow *flow = &program->flows[node->first_flow + i];
        if (strcmp(program_name(program, flow->name), name) != 0 &&
            strcmp(program_name(program, node_of(machine->run, flow->target)->name), name) != 0)
            continue;
        *out = i;
        return BAMBOO_OK;
    }
    return fail(&machine->error, BAMBOO_E_REFUSED, "no flow leads from '%s' to '%.200s'",
                program_name(program, node->name), name);
}

/* A skipped conditional parallel gateway forks along the ways that it is told. */
static enum bamboo_status find_ways(struct interpreter *machine, const struct image_node *node,
                                    struct bamboo_value to, struct event *event)
{
    size_t count = to.type == BAMBOO_LIST ? bamboo_list_count(to) : 1;
    if (count == 0 || count > node->flow_count)
        return fail(&machine->error, BAMBOO_E_REFUSED, "%zu ways are not some of the gateway's %u",
                    count, node->flow_count);
    if (!memory_grow((void **)&machine->flows, &machine->flow_capacity, count,
                     sizeof *machine->flows))
        return fail_memory(&machine->error);
    event->type = EVENT_GATEWAY_SKIPPED;
    event->flows = machine->flows;
    enum bamboo_status status = BAMBOO_OK;
    for (size_t i = 0; i < count && status == BAMBOO_OK; i++) {
        struct bamboo_value way = to.type == BAMBOO_LIST ? bamboo_list_at(to, i) : to;
        status = find_way(machine, node, way, &machine->flows[i]);
        for (size_t k = 0; k < i && status == BAMBOO_OK; k++)
            if (machine->flows[k] == machine->flows[i])
                status = fail(&machine->error, BAMBOO_E_REFUSED, "a way is named twice");
        if (status == BAMBOO_OK) event->flow_count++;
    }
    return status;
}

struct bamboo_value operation_field(const struct operation *operation, const char *name)
{
    return operation->data.type == BAMBOO_MAP ? bamboo_map_get(operation->data, name)
                                              : bamboo_missing();
}

static enum bamboo_status check_converge(struct interpreter *machine, const struct image_node *node,
                                         struct bamboo_value converge)
{
    const struct program *program = machine->run->linked->program;
    const char *name = program_name(program, node_of(machine->run, node->companion)->name);
    if (converge.type != BAMBOO_STRING || strcmp(bamboo_string_bytes(converge, NULL), name) == 0)
        return BAMBOO_OK;
    return fail(&machine->error, BAMBOO_E_REFUSED, "the ways of '%s' meet at '%s', not at '%.200s'",
                program_name(program, node->name), name, bamboo_string_bytes(converge, NULL));
}

/* `loop`: only this round of a loop is skipped, the next one follows. */
static enum bamboo_status prepare_loop_skip(struct interpreter *machine,
                                            const struct image_node *node, struct event *event)
{
    const struct program *program = machine->run->linked->program;
    const struct node_record *record = record_of(machine->run, event->scope, event->node);
    const struct image_policy *loop = node_loop(program, node);
    if (!loop)
        return fail(&machine->error, BAMBOO_E_REFUSED, "'%s' is no loop",
                    program_name(program, node->name));
    if (loop->loop_flags & LOOP_FLAG_NO_SKIP)
        return fail(&machine->error, BAMBOO_E_REFUSED,
                    "the author of the flow does not let rounds of '%s' be skipped",
                    program_name(program, node->name));
    if (record->inner_loop < loop->loop_count) event->flags |= EVENT_LOOPS;
    return BAMBOO_OK;
}

/* A gateway needs to be told where to go: {"to": flow or node}, of a conditional parallel one a
 * list of them. */
static enum bamboo_status prepare_skip(struct interpreter *machine, struct operation *operation,
                                       struct event *event)
{
    const struct program *program = machine->run->linked->program;
    const struct image_node *node = node_of(machine->run, operation->node);
    struct bamboo_value to = operation_field(operation, "to");
    bool is_gateway = node->kind == NODE_KIND_EXCLUSIVE || node->kind == NODE_KIND_INCLUSIVE;
    if (is_gateway && to.type == BAMBOO_MISSING)
        return fail(&machine->error, BAMBOO_E_REFUSED,
                    "'%s' is a gateway: say which way to go on (--to FLOW_OR_NODE)",
                    program_name(program, node->name));
    if (!is_gateway && to.type != BAMBOO_MISSING)
        return fail(&machine->error, BAMBOO_E_REFUSED,
                    "'%s' is of kind %s: only a gateway is told which way to go on",
                    program_name(program, node->name), node_kind_name(node->kind));
    if (node->kind == NODE_KIND_INCLUSIVE) {
        enum bamboo_status status =
            check_converge(machine, node, operation_field(operation, "converge"));
        return status == BAMBOO_OK ? find_ways(machine, node, to, event) : status;
    }
    if (is_gateway) return find_way(machine, node, to, &event->flow);
    if (value_is_true(operation_field(operation, "loop")))
        return prepare_loop_skip(machine, node, event);
    return BAMBOO_OK;
}

enum step execute_SKIP_NODE(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return operate_node(machine, EVENT_NODE_SKIPPED, may_skip_node, prepare_skip, "is skipped");
}

enum step execute_RETRY_SUBPROCESS(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return operate_node(machine, EVENT_NODE_RETRIED, may_retry_subprocess, prepare_retry,
                        "begins again");
}

enum step execute_SKIP_EXCLUSIVE(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return operate_node(machine, EVENT_NODE_SKIPPED, may_skip_exclusive, prepare_skip,
                        "is skipped");
}

enum step execute_SKIP_INCLUSIVE(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return operate_node(machine, EVENT_NODE_SKIPPED, may_skip_inclusive, prepare_skip,
                        "is skipped");
}

/* Outputs keep what was there, plus ex_data and _forced_failed; the work outside is cancelled. */
static enum bamboo_status prepare_fail(struct interpreter *machine, struct operation *operation,
                                       struct event *event)
{
    struct run *run = machine->run;
    const struct node_record *record = record_of(run, operation->scope, operation->node);
    enum bamboo_status status = run_cancel_work(run, &run->tokens[record->token], &machine->error);
    if (status != BAMBOO_OK) return status;
    struct bamboo_value why = bamboo_value_retain(operation->reason), partial;
    if (why.type != BAMBOO_STRING)
        status = value_from_string("an operator made it fail", &why, &machine->error);
    if (status == BAMBOO_OK)
        status = value_map_with_take(record->outputs, "ex_data", why, &partial, &machine->error);
    if (status != BAMBOO_OK) return status;
    event->flags |= EVENT_OUTPUTS;
    status = value_map_with_take(partial, "_forced_failed", bamboo_bool(true), &event->outputs,
                                 &machine->error);
    bamboo_value_release(partial);
    return status;
}

enum step execute_FAIL_NODE(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return operate_node(machine, EVENT_NODE_FORCE_FAILED, may_fail_node, prepare_fail,
                        "is FAILED: retry or skip it");
}

static enum bamboo_status prepare_callback(struct interpreter *machine, struct operation *operation,
                                           struct event *event)
{
    const struct node_record *record = record_of(machine->run, operation->scope, operation->node);
    struct bamboo_value data = operation->data;
    struct bamboo_value version = bamboo_missing();
    if (data.type == BAMBOO_MAP) {
        version = bamboo_map_get(data, "version");
        data = bamboo_map_get(data, "data");
    }
    if (version.type == BAMBOO_INTEGER && (uint64_t)version.as.integer != record->version)
        return fail(&machine->error, BAMBOO_E_REFUSED,
                    "version %lld is not the one that waits (%llu)", (long long)version.as.integer,
                    (unsigned long long)record->version);
    event->flags |= EVENT_INPUTS;
    event->inputs = data.type == BAMBOO_MISSING ? bamboo_null() : data;
    machine->called_back = true;
    machine->called_scope = operation->scope;
    machine->called_node = operation->node;
    return BAMBOO_OK;
}

enum step execute_CALLBACK_NODE(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return operate_node(machine, EVENT_NODE_CALLED_BACK, may_call_back_node, prepare_callback,
                        "got the callback");
}

enum step execute_HALT(struct interpreter *machine, uint32_t operand)
{
    (void)machine, (void)operand;
    return STEP_DONE;
}

/* --- Control programs --- */

/* The callback is journalled; now the component gets it, unless it is at work on an earlier one. */
static enum bamboo_status schedule_called(struct interpreter *machine, struct bamboo_error *error)
{
    struct run *run = machine->run;
    const struct node_record *record = record_of(run, machine->called_scope, machine->called_node);
    uint32_t token = record->token;
    if (run->tokens[token].busy) return BAMBOO_OK;
    struct bamboo_value data = bamboo_value_retain(record->extra->callbacks[0]);
    interpreter_take(machine, token);
    enum bamboo_status status = run_token(machine, component_schedule(machine, data), error);
    bamboo_value_release(data);
    return status;
}

enum bamboo_status run_operate(struct interpreter *machine, struct run *run,
                               const struct program *control, const char *actor, int64_t now_ms,
                               struct text *reply, struct bamboo_error *error)
{
    if (control->kind != IMAGE_CONTROL)
        return fail(error, BAMBOO_E_USAGE, "this is not a control program");
    interpreter_attach(machine, run, now_ms, 0);
    struct linked_program linked = {.program = (struct program *)(uintptr_t)control};
    machine->linked = &linked;
    machine->pc = 0;
    machine->actor = actor;
    machine->reply = reply;
    enum step step = interpret(machine);
    interpreter_reset(machine);
    machine->linked = run->linked;
    machine->actor = NULL;
    machine->reply = NULL;
    if (step == STEP_DONE)
        return machine->called_back ? schedule_called(machine, error) : BAMBOO_OK;
    if (error) *error = machine->error;
    return machine->error.status;
}
