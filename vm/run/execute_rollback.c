/* Rollback (docs/rollback.md): the operations, and the steps of a token that takes back what it
 * did. */
#include "vm/run/execute_rollback.h"

#include <string.h>

#include "vm/run/activity.h"
#include "vm/run/execute.h"
#include "vm/run/operation.h"
#include "vm/run/path.h"
#include "vm/run/rollback.h"

/* --- The operations --- */

static enum bamboo_status read_mode(struct interpreter *machine, struct bamboo_value mode,
                                    enum rollback_mode *out)
{
    *out = ROLLBACK_TOKEN;
    if (mode.type == BAMBOO_MISSING || mode.type == BAMBOO_NULL) return BAMBOO_OK;
    const char *name = mode.type == BAMBOO_STRING ? bamboo_string_bytes(mode, NULL) : "";
    if (strcmp(name, "any") == 0)
        *out = ROLLBACK_ANY;
    else if (strcmp(name, "token") != 0)
        return fail(&machine->error, BAMBOO_E_PARAMETER,
                    "the mode of a rollback is 'token' or 'any', not '%.80s'", name);
    return BAMBOO_OK;
}

/* What the data of an operation ask for: {from?, mode?, skip_token_check?}. */
static enum bamboo_status read_request(struct interpreter *machine,
                                       const struct operation *operation,
                                       struct rollback_request *out)
{
    *out = (struct rollback_request){
        .scope = operation->scope, .node = operation->node, .from_node = IMAGE_NONE};
    struct bamboo_value from = operation_field(operation, "from");
    if (operation->data.type != BAMBOO_MAP && operation->data.type != BAMBOO_NULL)
        return fail(&machine->error, BAMBOO_E_PARAMETER, "the data of a rollback are a map, not %s",
                    bamboo_type_name(operation->data.type));
    enum bamboo_status status = read_mode(machine, operation_field(operation, "mode"), &out->mode);
    if (status != BAMBOO_OK) return status;
    out->skip_token_check = value_is_true(operation_field(operation, "skip_token_check"));
    if (out->skip_token_check && out->mode != ROLLBACK_ANY)
        return fail(&machine->error, BAMBOO_E_PARAMETER,
                    "only a rollback of mode 'any' can do without the check of tokens");
    if (from.type == BAMBOO_MISSING || from.type == BAMBOO_NULL) return BAMBOO_OK;
    if (from.type != BAMBOO_STRING)
        return fail(&machine->error, BAMBOO_E_PARAMETER, "`from` names a node, it is not %s",
                    bamboo_type_name(from.type));
    return run_find_node(machine->run, bamboo_string_bytes(from, NULL), &out->from_scope,
                         &out->from_node, &machine->error);
}

/* The event that begins a rollback; external work that is given up is cancelled. */
static enum bamboo_status begin(struct interpreter *machine, const struct rollback_request *request,
                                struct event *event)
{
    struct rollback_view view;
    enum bamboo_status status =
        rollback_view_create(machine->run, request->scope, &view, &machine->error);
    if (status != BAMBOO_OK) return status;
    status = may_roll_back(&view, request, &event->token, &machine->error);
    event->type = request->mode == ROLLBACK_ANY ? EVENT_JUMPED_BACK : EVENT_ROLLBACK_STARTED;
    event->scope = request->scope;
    event->node = request->node;
    return status == BAMBOO_OK
               ? run_cancel_work(machine->run, &machine->run->tokens[event->token], &machine->error)
               : status;
}

typedef enum bamboo_status (*rollback_prepare)(struct interpreter *,
                                               const struct operation *operation, struct event *);

static enum step operate(struct interpreter *machine, rollback_prepare prepare, const char *reply)
{
    struct operation operation = {0};
    struct event event = {0};
    enum bamboo_status status = operation_pop(machine, &operation);
    if (status == BAMBOO_OK) status = prepare(machine, &operation, &event);
    if (status == BAMBOO_OK) status = record_control(machine, &event, operation.reason);
    if (status == BAMBOO_OK) answer_node(machine, &operation, reply);
    operation_release(&operation);
    return status == BAMBOO_OK ? STEP_NEXT : STEP_FAILED;
}

static enum bamboo_status prepare_rollback(struct interpreter *machine,
                                           const struct operation *operation, struct event *event)
{
    struct rollback_request request;
    enum bamboo_status status = read_request(machine, operation, &request);
    return status == BAMBOO_OK ? begin(machine, &request, event) : status;
}

enum step execute_ROLL_BACK(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return operate(machine, prepare_rollback, "is where the run goes back to");
}

static enum bamboo_status prepare_reservation(struct interpreter *machine,
                                              const struct operation *operation,
                                              struct event *event)
{
    struct rollback_request request;
    struct rollback_view view;
    enum bamboo_status status = read_request(machine, operation, &request);
    if (status == BAMBOO_OK)
        status = rollback_view_create(machine->run, request.scope, &view, &machine->error);
    if (status != BAMBOO_OK) return status;
    status = may_reserve_rollback(&view, &request, &machine->error);
    *event = (struct event){.type = EVENT_ROLLBACK_RESERVED,
                            .scope = request.from_scope,
                            .node = request.from_node,
                            .target_scope = request.scope,
                            .target_node = request.node,
                            .mode = request.mode,
                            .skip_token_check = request.skip_token_check};
    return status;
}

enum step execute_RESERVE_ROLLBACK(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return operate(machine, prepare_reservation,
                   "is where the run goes back to when the running node has finished");
}

static enum bamboo_status prepare_cancellation(struct interpreter *machine,
                                               const struct operation *operation,
                                               struct event *event)
{
    *event = (struct event){
        .type = EVENT_ROLLBACK_CANCELLED, .scope = operation->scope, .node = operation->node};
    return find_reservation(machine->run, &event->scope, &event->node, &machine->error);
}

enum step execute_CANCEL_ROLLBACK(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return operate(machine, prepare_cancellation, ": the reserved rollback is cancelled");
}

/* --- A reserved rollback is due --- */

enum bamboo_status rollback_when_finished(struct interpreter *machine)
{
    struct run *run = machine->run;
    uint32_t scope = machine->at.scope, node = machine->at.node;
    const struct node_record *record = machine->at.record;
    const struct node_extra *extra = record->extra;
    if (!extra || extra->reservation.mode == ROLLBACK_NONE ||
        run_state_is_ended((enum run_state)run->state) || record->flags & RECORD_LOOPING)
        return BAMBOO_OK;
    struct rollback_request request = {.scope = extra->reservation.scope,
                                       .node = extra->reservation.node,
                                       .from_scope = scope,
                                       .from_node = node,
                                       .mode = (enum rollback_mode)extra->reservation.mode,
                                       .skip_token_check = extra->reservation.skip_token_check,
                                       .is_reserved = true};
    struct event event = {.actor = bamboo_value_retain(extra->reservation.actor)};
    struct bamboo_value why = bamboo_missing();
    enum bamboo_status status = begin(machine, &request, &event);
    if (status == BAMBOO_E_REFUSED) {
        event.type = EVENT_ROLLBACK_CANCELLED;
        event.scope = scope;
        event.node = node;
    }
    if (status == BAMBOO_OK || status == BAMBOO_E_REFUSED)
        status = value_from_string(status == BAMBOO_OK ? "it was reserved" : machine->error.message,
                                   &why, &machine->error);
    event.reason = why;
    if (status == BAMBOO_OK) status = run_record(run, &event, machine->now_ms, &machine->error);
    bamboo_value_release(event.actor);
    bamboo_value_release(why);
    return status;
}

/* --- Taking back --- */

enum step undo_answered(struct interpreter *machine, enum bamboo_outcome outcome,
                        const char *failure)
{
    if (outcome == BAMBOO_SUCCESS) {
        machine_event(machine, EVENT_UNDO_FINISHED);
        return interpreter_record(machine);
    }
    struct bamboo_value why, outputs;
    const char *text = failure && *failure ? failure
                       : outcome == BAMBOO_PENDING
                           ? "its undo answered that it is not done, but it has to be at once"
                           : "its undo failed without saying why";
    enum bamboo_status status = value_from_string(text, &why, &machine->error);
    if (status == BAMBOO_OK)
        status = value_map_with_take(machine->at.record->outputs, "ex_data", why, &outputs,
                                     &machine->error);
    if (status != BAMBOO_OK) return STEP_FAILED;
    machine_leave_take(machine, outputs);
    machine_event(machine, EVENT_UNDO_FAILED);
    return interpreter_record(machine);
}

enum step undo_call(struct interpreter *machine)
{
    const struct node_record *record = machine->at.record;
    const struct bamboo_component *component =
        machine->linked->components[machine->at.row->companion];
    if (component->effect == BAMBOO_EFFECT_PURE) return call_pure_rollback(machine, component);
    struct effect effect = {.kind = EFFECT_ROLLBACK,
                            .scope = machine->at.scope,
                            .node = machine->at.node,
                            .version = record->version,
                            .component = component,
                            .inputs = bamboo_value_retain(record->inputs),
                            .outputs = bamboo_value_retain(record->outputs)};
    return run_emit_take(machine->run, &effect, &machine->error) == BAMBOO_OK ? STEP_SLEEP
                                                                              : STEP_FAILED;
}

enum step rollback_step(struct interpreter *machine)
{
    struct run *run = machine->run;
    struct event *event = machine_event(machine, EVENT_ROLLED_BACK);
    if (place_is_suspended(run, machine->at.scope, machine->at.record)) {
        event->type = EVENT_TOKEN_SUSPENDED;
        return interpreter_record(machine);
    }
    if (machine->budget > 0) machine->budget--;
    if (rollback_next(run, machine->at.scope, machine->at.node, &event->scope, &event->node,
                      &machine->error) != BAMBOO_OK)
        return STEP_FAILED;
    if (event->node != IMAGE_NONE) event->type = EVENT_UNDO_STARTED;
    enum step step = interpreter_record(machine);
    if (step != STEP_MOVED || run->tokens[machine->token].state != TOKEN_WORKING) return step;
    interpreter_load(machine, machine->token);
    return undo_call(machine);
}

/* --- Attached nodes --- */

enum step execute_DETACH(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    if (node_settle(machine, true) != BAMBOO_OK) return STEP_FAILED;
    machine_event(machine, EVENT_NODE_DETACHED);
    return interpreter_record(machine);
}
