/* A run from outside: made, restored, recovered, emptied, counted. */
#include "vm/run/run.h"

#include <assert.h>

#include "base/memory.h"
#include "vm/run/interpreter.h"

struct run_state_info {
    const char *name;
    bool ended;
};

static const struct run_state_info RUN_STATES[] = {
#define RUN_STATE(name, text, ended, meaning) [RUN_##name] = {text, ended},
#include "vm/run/run_states.def"
#undef RUN_STATE
};

const char *run_state_name(enum run_state state)
{
    return RUN_STATES[state].name;
}

bool run_state_is_ended(enum run_state state)
{
    return RUN_STATES[state].ended;
}

static bool pipeline_has_parameter(const struct program *program,
                                   const struct image_pipeline *pipeline, struct bamboo_value key)
{
    for (uint32_t i = 0; i < pipeline->parameter_count; i++) {
        const struct image_variable *variable = &program->variables[pipeline->first_variable + i];
        if (bamboo_value_equal(program->constants[variable->name], key)) return true;
    }
    return false;
}

enum bamboo_status arguments_check(const struct program *program,
                                   const struct image_pipeline *pipeline,
                                   struct bamboo_value arguments, struct bamboo_error *error)
{
    const char *name = program_name(program, pipeline->name);
    if (arguments.type != BAMBOO_MAP)
        return fail(error, BAMBOO_E_PARAMETER, "the parameters of '%s' are not a map", name);
    for (uint32_t i = 0; i < pipeline->parameter_count; i++) {
        const struct image_variable *variable = &program->variables[pipeline->first_variable + i];
        const char *parameter = program_name(program, variable->name);
        const char *type = program_name(program, variable->type);
        struct bamboo_value value = bamboo_map_find(arguments, program->constants[variable->name]);
        if (value.type == BAMBOO_MISSING && variable->required)
            return fail(error, BAMBOO_E_PARAMETER, "'%s' needs the parameter '%s' (%s)", name,
                        parameter, type);
        if (value.type != BAMBOO_MISSING && !value_has_type(value, type))
            return fail(error, BAMBOO_E_PARAMETER, "the parameter '%s' of '%s' is %s, not %s",
                        parameter, name, bamboo_type_name(value.type), type);
    }
    for (size_t i = 0; i < bamboo_map_count(arguments); i++)
        if (!pipeline_has_parameter(program, pipeline, bamboo_map_key_at(arguments, i)))
            return fail(error, BAMBOO_E_PARAMETER, "'%s' has no parameter '%s'", name,
                        bamboo_string_bytes(bamboo_map_key_at(arguments, i), NULL));
    return BAMBOO_OK;
}

enum bamboo_status run_create(struct linked_program *program, const char *id,
                              struct bamboo_value parameters, int64_t now_ms, struct run **out,
                              struct bamboo_error *error)
{
    enum bamboo_status status;
    struct run *run = NULL;
    if (program->program->kind != IMAGE_FLOW)
        return fail(error, BAMBOO_E_USAGE, "this artifact is not a flow");
    if ((status = arguments_check(program->program, &program->program->pipelines[0], parameters,
                                  error)) != BAMBOO_OK)
        return status;
    if ((status = run_allocate(program, id, &run, error)) != BAMBOO_OK) return status;
    struct event event = {.type = EVENT_RUN_CREATED, .inputs = parameters};
    if ((status = run_record(run, &event, now_ms, error)) != BAMBOO_OK) {
        run_destroy(run);
        return status;
    }
    *out = run;
    return BAMBOO_OK;
}

enum bamboo_status run_replay(struct run *run, const void *events, size_t size,
                              struct bamboo_error *error)
{
    return run_replay_each(run, events, size, NULL, NULL, error);
}

/* --- Recovery --- */

static enum bamboo_status interrupt_once(struct interpreter *machine, uint32_t token,
                                         struct bamboo_error *error)
{
    interpreter_take(machine, token);
    return run_token(machine, node_fail(machine, "interrupted", FAILURE_INTERRUPTED), error);
}

static enum bamboo_status start_again(struct run *run, const struct token *token,
                                      struct bamboo_error *error)
{
    const struct node_record *record = token_record(run, token);
    uint32_t component = node_of(run, token->node)->companion;
    struct effect effect = {.kind = EFFECT_EXECUTE,
                            .scope = token->scope,
                            .node = token->node,
                            .version = record->version,
                            .component = run->linked->components[component],
                            .inputs = bamboo_value_retain(record->inputs)};
    return run_emit_take(run, &effect, error);
}

/* A callback that was journalled, but whose handling was not. */
static enum bamboo_status schedule_again(struct interpreter *machine, uint32_t token,
                                         struct bamboo_error *error)
{
    const struct node_record *record = token_record(machine->run, &machine->run->tokens[token]);
    if (!record->extra || record->extra->callback_count == 0) return BAMBOO_OK;
    struct bamboo_value data = bamboo_value_retain(record->extra->callbacks[0]);
    interpreter_take(machine, token);
    enum bamboo_status status = run_token(machine, component_schedule(machine, data), error);
    bamboo_value_release(data);
    return status;
}

enum bamboo_status run_recover(struct interpreter *machine, struct run *run, int64_t now_ms,
                               struct bamboo_error *error)
{
    enum bamboo_status status = run_index(run, error);
    interpreter_attach(machine, run, now_ms, 1);
    size_t count = run->token_count;
    for (uint32_t i = 0; i < count && status == BAMBOO_OK; i++) {
        const struct token *token = &run->tokens[i];
        if (token->state == TOKEN_CALLBACK)
            status = schedule_again(machine, i, error);
        else if (token->state == TOKEN_WORKING &&
                 (node_of(run, token->node)->flags & NODE_FLAG_ONCE))
            status = interrupt_once(machine, i, error);
        else if (token->state == TOKEN_WORKING)
            status = start_again(run, token, error);
    }
    return status;
}

/* --- Outbox --- */

bool run_has_outbox(const struct run *run)
{
    return run->outbox.events.size > 0 || run->outbox.effect_count > 0;
}

void run_take_outbox(struct run *run, struct run_outbox *out)
{
    *out = run->outbox;
    run->outbox = (struct run_outbox){.first = run->sequence + 1, .last = run->sequence};
}

void run_outbox_release(struct run_outbox *outbox)
{
    for (size_t i = 0; i < outbox->effect_count; i++)
        effect_release(&outbox->effects[i]);
    memory_free(outbox->effects);
    writer_release(&outbox->events);
    *outbox = (struct run_outbox){0};
}

void effect_release(struct effect *effect)
{
    bamboo_value_release(effect->inputs);
    bamboo_value_release(effect->outputs);
    bamboo_value_release(effect->data);
    *effect = (struct effect){0};
}

/* --- Questions --- */

uint64_t run_sequence(const struct run *run)
{
    return run->sequence;
}

const char *run_id(const struct run *run)
{
    return run->id;
}

const struct program *run_program(const struct run *run)
{
    return run->linked->program;
}

static void count_token(const struct token *token, struct run_summary *out)
{
    switch ((enum token_state)token->state) {
    case TOKEN_WORKING: out->running++; break;
    case TOKEN_FAILED: out->failed++; break;
    case TOKEN_CALLBACK: out->waiting++; break;
    case TOKEN_POLL:
    case TOKEN_RETRY:
        if (token->busy)
            out->running++;
        else
            out->timed++;
        break;
    case TOKEN_DEAD:
    case TOKEN_READY:
    case TOKEN_CHILDREN:
    case TOKEN_SUSPENDED:
    case TOKEN_STATE_COUNT: break;
    }
}

void run_summarize(const struct run *run, struct run_summary *out)
{
    *out = (struct run_summary){.state = (enum run_state)run->state,
                                .ended = run_state_is_ended((enum run_state)run->state),
                                .created = run->created,
                                .finished = run->finished};
    for (size_t i = 0; i < run->token_count; i++)
        count_token(&run->tokens[i], out);
    for (size_t i = 0; i < run->timer_count; i++) {
        const struct timer *timer = &run->timers[i];
        if (!timer_counts(run, timer)) continue;
        if (timer->token == TOKEN_NONE) out->timed++;
        if (out->wake_at == 0 || timer->time < out->wake_at) out->wake_at = timer->time;
    }
}
