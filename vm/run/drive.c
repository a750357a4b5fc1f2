/* The loop, and what drives it: a token, an answer, a timer. */
#include <assert.h>

#include "base/duration.h"
#include "base/memory.h"
#include "base/span.h"
#include "vm/run/context.h"
#include "vm/run/execute.h"
#include "vm/run/execute_value.h"
#include "vm/run/execute_rollback.h"
#include "vm/run/node_timer.h"
#include "vm/run/rollback.h"

enum bamboo_status interpreter_create(struct interpreter **out, struct bamboo_error *error)
{
    *out = memory_allocate_zeroed(1, sizeof **out);
    return *out ? BAMBOO_OK : fail_memory(error);
}

void interpreter_destroy(struct interpreter *machine)
{
    if (!machine) return;
    interpreter_reset(machine);
    memory_free(machine->event.assignments);
    memory_free(machine->flows);
    memory_free(machine->computed);
    text_release(&machine->key);
    text_release(&machine->scratch);
    text_release(&machine->path);
    text_release(&machine->activity.failure);
    memory_free(machine);
}

void interpreter_forget_evaluation(struct interpreter *machine)
{
    while (machine->depth > 0)
        value_release(machine_pop(machine));
    while (machine->locals_used > 0) {
        value_release(machine->locals[--machine->locals_used]);
        machine->locals[machine->locals_used] = bamboo_missing();
    }
    while (machine->event.assignment_count > 0)
        value_release(machine->event.assignments[--machine->event.assignment_count].value);
    if (machine->computed_count > 0) context_forget(machine);
}

uint32_t interpreter_relative_pc(const struct interpreter *machine)
{
    return machine->pc - machine->at.row->entry;
}

enum step interpreter_record(struct interpreter *machine)
{
    struct event *event = &machine->event;
    event->token = machine->token;
    event->flags |= machine->pending;
    if (event->assignment_count > 0) event->flags |= EVENT_ASSIGNMENTS;
    enum bamboo_status status =
        run_record_at(machine->run, event, &machine->at, machine->now_ms, &machine->error);
    interpreter_reset(machine);
    if (status == BAMBOO_OK && event->type == EVENT_NODE_FINISHED && machine->at.record->extra)
        status = rollback_when_finished(machine);
    return status == BAMBOO_OK ? STEP_MOVED : STEP_FAILED;
}

/* The token is at another place: can it run there, now? */
static inline bool token_goes_on(const struct interpreter *machine)
{
    return machine->run->tokens[machine->token].state == TOKEN_READY && machine->budget > 0;
}

/* Is it to take back what it did, instead of running code? */
static inline bool machine_takes_back(const struct interpreter *machine)
{
    return token_takes_back(machine->run, &machine->run->tokens[machine->token]);
}

/* Direct-threaded: each instruction ends with its own jump to the next, through a table of places,
 * so that the processor learns what follows what. Labels as values are an extension of the
 * compilers.
 */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
/* NOLINTNEXTLINE(readability-function-size): the places are made from the list of instructions */
enum step interpret(struct interpreter *machine)
{
    static const void *const PLACES[OPCODE_COUNT] = {
#define INSTRUCTION(name, kind, pops, pushes, flow, places, meaning) [OP_##name] = &&place_##name,
#include "bytecode/instructions.def"
#undef INSTRUCTION
    };
    const uint32_t *code = machine->linked->program->code;
    enum step step;
    uint32_t word;
    /* In bounds, and an opcode: the program is verified. */
#define NEXT_INSTRUCTION \
    if (--machine->steps_left < 0) goto too_many; \
    word = code[machine->pc++]; \
    goto *PLACES[instruction_opcode(word)]

    NEXT_INSTRUCTION;
#define INSTRUCTION(name, kind, pops, pushes, flow, places, meaning) \
    place_##name : step = execute_##name(machine, instruction_operand(word)); \
    if (step != STEP_NEXT) goto stopped; \
    NEXT_INSTRUCTION;
#include "bytecode/instructions.def"
#undef INSTRUCTION
stopped:
    if (step != STEP_MOVED || !token_goes_on(machine) || machine_takes_back(machine)) return step;
    interpreter_load(machine, machine->token);
    NEXT_INSTRUCTION;
#undef NEXT_INSTRUCTION
too_many:
    fail(&machine->error, BAMBOO_E_LIMIT, "the evaluation takes more than %u steps",
         EVALUATION_STEPS_MAX);
    return STEP_FAILED;
}
#pragma GCC diagnostic pop

/* Is this the flow's fault, so that the node fails, or ours, so that the call does? */
static bool fails_the_node(enum bamboo_status status)
{
    return status == BAMBOO_E_EVALUATION || status == BAMBOO_E_LIMIT ||
           status == BAMBOO_E_PARAMETER || status == BAMBOO_E_USAGE || status == BAMBOO_E_REFUSED ||
           status == BAMBOO_E_NOT_FOUND;
}

/* "flow.bamboo:12:5: division by zero", as far as the debug section knows the place. */
static void describe_failure(struct interpreter *machine, struct text *out)
{
    const struct program *program = machine->linked->program;
    const struct image_line *line = program_line(program, machine->pc - 1);
    /* What bamboo-engine tells has no place in it. */
    if (line && !machine_has_context(machine)) {
        const struct image_source *source = &program->sources[line->source];
        text_append_string(out, program_name(program, source->name));
        if (source->text != IMAGE_NONE) {
            size_t size;
            const char *bytes = bamboo_string_bytes(program->constants[source->text], &size);
            struct source text = {.name = "", .bytes = bytes, .size = size};
            struct place place = source_place(&text, line->offset);
            text_append_format(out, ":%u:%u", place.line, place.column);
        }
        text_append_string(out, ": ");
    }
    text_append_string(out, machine->error.message);
}

/* node_fail() for a reason that was put together; releases it. */
static enum step fail_for(struct interpreter *machine, struct text *why, enum failure_cause cause)
{
    enum step step = why->failed ? STEP_FAILED : node_fail(machine, text_string(why), cause);
    if (why->failed) fail_memory(&machine->error);
    text_release(why);
    return step;
}

static enum step fail_evaluation(struct interpreter *machine)
{
    struct text why = {0};
    describe_failure(machine, &why);
    return fail_for(machine, &why, machine->inputs_failed ? FAILURE_INPUTS : FAILURE_ORDINARY);
}

enum bamboo_status run_token(struct interpreter *machine, enum step step,
                             struct bamboo_error *error)
{
    struct run *run = machine->run;
    bool failing = false;
    while (step == STEP_NEXT || step == STEP_MOVED || (step == STEP_FAILED && !failing)) {
        if (step == STEP_NEXT) {
            step = machine_takes_back(machine) ? rollback_step(machine) : interpret(machine);
        } else if (step == STEP_FAILED) {
            failing = true; /* failing to fail is not the flow's fault */
            if (machine_takes_back(machine) || !fails_the_node(machine->error.status)) break;
            step = fail_evaluation(machine);
        } else {
            failing = false;
            if (!token_goes_on(machine)) break;
            interpreter_load(machine, machine->token);
            step = STEP_NEXT;
        }
    }
    interpreter_reset(machine);
    run->current = TOKEN_NONE;
    if (step == STEP_FAILED) {
        if (error) *error = machine->error;
        return machine->error.status;
    }
    if (run->tokens[machine->token].state == TOKEN_READY) token_enqueue(run, machine->token);
    return BAMBOO_OK;
}

void interpreter_attach(struct interpreter *machine, struct run *run, int64_t now_ms,
                        uint32_t budget)
{
    machine->run = run;
    machine->linked = run->linked;
    /* Time in a run does not go back, whatever the clock does. */
    machine->now_ms = now_ms > run->time ? now_ms : run->time;
    machine->budget = budget;
    machine->actor = NULL;
    machine->reply = NULL;
    machine->called_back = false;
    machine->activity.services = &PURE_SERVICES;
    machine->activity.run = run->id;
    machine->activity.run_data = run->data;
    machine->activity.now_ms = machine->now_ms;
    interpreter_reset(machine);
}

void interpreter_take(struct interpreter *machine, uint32_t token)
{
    machine->run->current = token;
    interpreter_load(machine, token);
}

bool run_is_runnable(const struct run *run)
{
    for (uint32_t token = run->queue_first; token != TOKEN_NONE; token = run->tokens[token].next)
        if (run->tokens[token].state == TOKEN_READY) return true;
    return false;
}

/* A subprocess that was paused when all inside it was done holds the token that comes back. */
static bool is_held(const struct run *run, const struct token *token)
{
    const struct image_node *node = node_of(run, token->node);
    return node->kind == NODE_KIND_SUBPROCESS && token->pc != node->entry &&
           token_record(run, token)->state == NODE_SUSPENDED;
}

enum bamboo_status run_advance(struct interpreter *machine, struct run *run, int64_t now_ms,
                               uint32_t budget, struct bamboo_error *error)
{

    interpreter_attach(machine, run, now_ms, budget);
    enum bamboo_status status = BAMBOO_OK;
    while (status == BAMBOO_OK && machine->budget > 0) {
        uint32_t token = token_dequeue(run);
        if (token == TOKEN_NONE) break;
        interpreter_take(machine, token);
        enum step step = STEP_NEXT;
        if (is_held(run, &run->tokens[token])) {
            machine_event(machine, EVENT_TOKEN_SUSPENDED);
            step = interpreter_record(machine);
        }
        status = run_token(machine, step, error);
    }
    return status;
}

static bool goes_back(const struct node_record *record)
{
    return record->state == NODE_ROLLING_BACK && record->token != TOKEN_NONE;
}

bool run_awaits(const struct run *run, uint32_t scope, uint32_t node, uint64_t version)
{
    const struct node_record *record = record_of(run, scope, node);
    return !run_state_is_ended((enum run_state)run->state) && record->version == version &&
           (record->state == NODE_RUNNING || goes_back(record));
}

enum bamboo_status run_complete(struct interpreter *machine, struct run *run,
                                const struct run_result *result, int64_t now_ms,
                                struct bamboo_error *error)
{
    const struct node_record *record = record_of(run, result->scope, result->node);
    if (!run_awaits(run, result->scope, result->node, result->version))
        return BAMBOO_OK;                        /* late: a newer decision stands */
    interpreter_attach(machine, run, now_ms, 0); /* the next node is run_advance()'s */
    interpreter_take(machine, record->token);
    if (goes_back(record))
        return run_token(machine, undo_answered(machine, result->outcome, result->failure), error);
    if (run->tokens[record->token].state == TOKEN_CALLBACK) machine->pending |= EVENT_CONSUMES;
    machine_leave_take(machine, value_retain(result->outputs));
    return run_token(
        machine, component_answered(machine, result->outcome, result->failure, result->wake_at_ms),
        error);
}

int64_t run_next_deadline(const struct run *run)
{
    /* The heap's first entry may not count any more; then the engine comes too early, once. */
    return run->timer_count ? run->timers[0].time : 0;
}

/* "timed out after 10m". */
static enum step fail_timed_out(struct interpreter *machine)
{
    struct run *run = machine->run;
    const struct token *token = &run->tokens[machine->token];
    if (run_cancel_work(run, token, &machine->error) != BAMBOO_OK) return STEP_FAILED;
    const struct image_policy *policy =
        &machine->linked->program->policies[machine->at.row->policy];
    struct text why = {0};
    text_append_string(&why, "timed out after ");
    duration_append(&why, (int64_t)image_u64(policy->timeout_low, policy->timeout_high));
    return fail_for(machine, &why, FAILURE_TIMEOUT);
}

/* An automatic retry is due. */
static enum step retry_by_policy(struct interpreter *machine)
{
    struct run *run = machine->run;
    const struct token *token = &run->tokens[machine->token];
    struct bamboo_value actor;
    if (value_from_string("policy", &actor, &machine->error) != BAMBOO_OK) return STEP_FAILED;
    struct event event = {.type = EVENT_NODE_RETRIED,
                          .flags = EVENT_AUTOMATIC,
                          .scope = token->scope,
                          .node = token->node,
                          .actor = actor,
                          .reason = bamboo_null()};
    enum bamboo_status status = run_record(run, &event, machine->now_ms, &machine->error);
    value_release(actor);
    return status == BAMBOO_OK ? STEP_MOVED : STEP_FAILED;
}

/* A timer of a node is due. */
static enum bamboo_status node_timer_fire(struct run *run, const struct timer *timer, int64_t now,
                                          struct bamboo_error *error)
{
    struct event event = {.type = EVENT_TIMER_FIRED,
                          .scope = timer->scope,
                          .node = timer->node,
                          .timer = timer->event - 1};
    return run_record(run, &event, now, error);
}

static enum bamboo_status fire(struct interpreter *machine, const struct timer *timer,
                               struct bamboo_error *error)
{
    struct run *run = machine->run;
    machine->budget = 1;
    if (timer->token == TOKEN_NONE && timer->event > 0)
        return node_timer_fire(run, timer, machine->now_ms, error);
    if (timer->token == TOKEN_NONE) {
        interpreter_take(machine, record_of(run, timer->scope, timer->node)->token);
        return run_token(machine, fail_timed_out(machine), error);
    }
    interpreter_take(machine, timer->token);
    if (run->tokens[timer->token].state == TOKEN_RETRY)
        return run_token(machine, retry_by_policy(machine), error);
    return run_token(machine, component_schedule(machine, bamboo_missing()), error);
}

enum bamboo_status run_fire_timers(struct interpreter *machine, struct run *run, int64_t now_ms,
                                   struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    struct timer timer;
    interpreter_attach(machine, run, now_ms, 1);
    while (status == BAMBOO_OK && timer_first(run, &timer) && timer.time <= now_ms) {
        timer_remove_first(run);
        status = fire(machine, &timer, error);
    }
    return status;
}
