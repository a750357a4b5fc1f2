/* The machine at work: what an execution of code needs while it does not wait. Nothing of it
 * survives a block; the verifier proves that the operand stack is empty there. */
#ifndef VM_RUN_INTERPRETER_H
#define VM_RUN_INTERPRETER_H

#include <assert.h>

#include "base/limits.h"
#include "vm/run/activity.h"
#include "vm/run/record.h"

/* What an instruction comes to. */
enum step {
    STEP_NEXT,   /* on with the next instruction */
    STEP_MOVED,  /* the token is at another place: go on with it there, if it can run */
    STEP_SLEEP,  /* the token waits, or is no more */
    STEP_DONE,   /* the end of a control program or an expression */
    STEP_FAILED, /* `error` says why: an evaluation's error fails the node, others end the call */
};

/* A splice or lazy variable of a context. */
struct computed_variable {
    uint32_t scope, variable;
    bool is_ready;             /* false: it is being computed */
    struct bamboo_value value; /* owned */
};

struct interpreter {
    /* First: a pure component that is being called gets this. */
    struct bamboo_activity activity;

    struct run *run;
    const struct linked_program *linked; /* whose code runs */
    uint32_t token;
    struct event_place at; /* where it is, since interpreter_load() */
    const struct image_pipeline *pipeline;
    uint32_t pc; /* of the next instruction */
    int64_t now_ms;
    uint32_t budget;

    struct bamboo_value stack[STACK_DEPTH_MAX];
    uint32_t depth;
    struct bamboo_value locals[LOCAL_COUNT_MAX];
    uint32_t locals_used;           /* those behind are missing */
    struct bamboo_value *variables; /* of the scope, or of an expression */
    int32_t steps_left;             /* below 0: the evaluation takes too many */
    size_t memory_left;

    /* This execution of the node, as far as it is not recorded. */
    uint32_t pending;   /* what the next event brings: EVENT_ENTERS, CONSUMES, INPUTS, OUTPUTS */
    bool inputs_failed; /* they could not be rendered: FAILURE_INPUTS */
    /* That is being made: machine_event(). Inputs and outputs are owned, and missing unless they
     * are pending; so are the values of the assignments. */
    struct event event;
    size_t assignment_capacity;
    /* Variables of the context that were computed for this execution (context.c). */
    struct computed_variable *computed;
    size_t computed_count, computed_capacity;
    unsigned computing; /* variables inside each other */

    /* Control programs: who operates, and what is answered. */
    const char *actor; /* NULL: the flow itself */
    struct text *reply;
    bool called_back; /* a callback arrived for this node: schedule it after the program */
    uint32_t called_scope, called_node;

    uint32_t *flows; /* that a gateway chose */
    size_t flow_capacity;
    struct text scratch; /* texts in the making */
    struct text path;    /* of the node, if its component asks */
    struct text key;     /* of a variable of the context */
    struct bamboo_error error;
};

/* Does the token's pipeline keep its data as bamboo-engine does? */
static inline bool machine_has_context(const struct interpreter *machine)
{
    return machine->pipeline->flags & PIPELINE_FLAG_CONTEXT;
}

/* Takes the top of the operand stack. */
static inline struct bamboo_value machine_pop(struct interpreter *machine)
{
    assert(machine->depth > 0);
    return value_read(&machine->stack[--machine->depth]);
}

/* The execution leaves these outputs, instead of those that it has left before. */
static inline void machine_leave_take(struct interpreter *machine, struct bamboo_value outputs)
{
    value_release(machine->event.outputs);
    machine->event.outputs = outputs;
    machine->pending |= EVENT_OUTPUTS;
}

/* Runs code from `pc` until it does not simply go on. */
enum step interpret(struct interpreter *machine);

/* Makes `run` the one that the machine works on, at this time, for about `budget` nodes. */
void interpreter_attach(struct interpreter *machine, struct run *run, int64_t now_ms,
                        uint32_t budget);

/* Makes this token the one that is being run, until run_token() ends. */
void interpreter_take(struct interpreter *machine, uint32_t token);

/* Operands, locals and what else an evaluation leaves where it was given up, or its node ends. */
void interpreter_forget_evaluation(struct interpreter *machine);

/* Forgets what was not recorded: after an event, before another token. */
static inline void interpreter_reset(struct interpreter *machine)
{
    if (machine->depth | machine->locals_used | machine->event.assignment_count |
        machine->computed_count)
        interpreter_forget_evaluation(machine);
    value_release(machine->event.inputs);
    value_release(machine->event.outputs);
    machine->event.inputs = bamboo_missing();
    machine->event.outputs = bamboo_missing();
    machine->pending = 0;
    machine->inputs_failed = false;
    machine->steps_left = EVALUATION_STEPS_MAX;
    machine->memory_left = EVALUATION_MEMORY_MAX;
}

/* Points the machine at a token. */
static inline void interpreter_load(struct interpreter *machine, uint32_t token)
{
    const struct token *loaded = &machine->run->tokens[token];
    const struct scope *scope = &machine->run->scopes[loaded->scope];
    machine->token = token;
    machine->at.scope = loaded->scope;
    machine->at.node = loaded->node;
    machine->at.row = node_of(machine->run, loaded->node);
    machine->at.record = &scope->records[loaded->node - scope->pipeline->first_node];
    machine->pipeline = scope->pipeline;
    machine->pc = loaded->pc;
    machine->variables = scope->variables;
}

/* A new event of the machine's token, for interpreter_record(). A time of it counts with its flag
 * only. */
static inline struct event *machine_event(struct interpreter *machine, enum event_type type)
{
    struct event *event = &machine->event;
    event->type = type;
    event->flags = event->flow = event->pc = event->flow_count = 0;
    return event;
}

/* Records the machine's event, with what is pending (entering, inputs, outputs, variables), and
 * resets. STEP_MOVED, or STEP_FAILED. */
enum step interpreter_record(struct interpreter *machine);

/* A variable gets a value with the machine's next event. Takes `value`, also on failure. */
MUST_CHECK enum bamboo_status machine_assign_take(struct interpreter *machine, uint32_t variable,
                                                  struct bamboo_value value);

/* The pc of the next instruction, counted from the entry of the token's node. */
uint32_t interpreter_relative_pc(const struct interpreter *machine);

enum failure_cause {
    FAILURE_ORDINARY,
    FAILURE_TIMEOUT,
    FAILURE_INPUTS,      /* they could not be rendered from the context: no component was called */
    FAILURE_RERUN_LIMIT, /* the node is not even entered */
    FAILURE_INTERRUPTED, /* of a `once` node by a crash: no policy applies, an operator decides */
};

/* Makes the execution of the machine's token fail: sets ex_data (unless `why` is NULL or empty) and
 * does what the node's policies
 * say. */
enum step node_fail(struct interpreter *machine, const char *why, enum failure_cause cause);

/* Do these arguments (a map) fit the parameters of a pipeline? Errors: PARAMETER, naming the one
 * that does not. */
MUST_CHECK enum bamboo_status arguments_check(const struct program *program,
                                              const struct image_pipeline *pipeline,
                                              struct bamboo_value arguments,
                                              struct bamboo_error *error);

/* The node's execution is over: variables get what they want of its outputs, its loop the round. */
MUST_CHECK enum bamboo_status node_settle(struct interpreter *machine, bool success);

/* What a component answered (execute or schedule): goes on, waits or fails. */
enum step component_answered(struct interpreter *machine, enum bamboo_outcome outcome,
                             const char *failure, int64_t wake_at_ms);

/* What the machine does for the pure component that it calls. */
extern const struct activity_services PURE_SERVICES;

/* Calls rollback of a pure component for the machine's node. */
enum step call_pure_rollback(struct interpreter *machine, const struct bamboo_component *component);

/* Calls schedule of a waiting pure component, or asks for it as an effect. `data` is borrowed. */
enum step component_schedule(struct interpreter *machine, struct bamboo_value data);

/* Runs the machine's token on, from an answer or its place, until it waits or the budget is used.
 */
MUST_CHECK enum bamboo_status run_token(struct interpreter *machine, enum step step,
                                        struct bamboo_error *error);

#endif
