/* A run from outside: made, restored, recovered, emptied, counted. */
#include "vm/run/index.h"
#include "vm/run/run.h"

#include <assert.h>
#include <string.h>

#include "base/diagnostics.h"
#include "base/memory.h"
#include "bytecode/start_node.h"
#include "vm/run/execute_rollback.h"

const char *run_state_name(enum run_state state)
{
    static const char *const NAMES[] = {
#define RUN_STATE(name, text, ended, meaning) [RUN_##name] = text,
#include "vm/run/run_states.def"
#undef RUN_STATE
    };
    return NAMES[state];
}

/* The parameters of a pipeline, for nearest_name(). */
struct parameter_names {
    const struct program *program;
    const struct image_pipeline *pipeline;
};

static const char *parameter_name(const void *context, size_t index)
{
    const struct parameter_names *names = context;
    const struct program *program = names->program;
    return program_name(program, program->variables[names->pipeline->first_variable + index].name);
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

static enum bamboo_status check_names(const struct program *program,
                                      const struct image_pipeline *pipeline,
                                      struct bamboo_value arguments, struct bamboo_error *error)
{
    struct parameter_names names = {program, pipeline};
    for (size_t i = 0; i < bamboo_map_count(arguments); i++) {
        struct bamboo_value key = bamboo_map_key_at(arguments, i);
        if (pipeline_has_parameter(program, pipeline, key)) continue;
        const char *name = bamboo_string_bytes(key, NULL);
        const char *nearest = nearest_name(name, pipeline->parameter_count, parameter_name, &names);
        return fail(error, BAMBOO_E_PARAMETER, "'%s' has no parameter '%s'%s%s%s",
                    program_name(program, pipeline->name), name, nearest ? "; did you mean '" : "",
                    nearest ? nearest : "", nearest ? "'?" : "");
    }
    return BAMBOO_OK;
}

enum bamboo_status arguments_check(const struct program *program,
                                   const struct image_pipeline *pipeline,
                                   struct bamboo_value arguments, struct bamboo_error *error)
{
    const char *name = program_name(program, pipeline->name);
    if (arguments.type != BAMBOO_MAP)
        return fail(error, BAMBOO_E_PARAMETER, "the parameters of '%s' are not a map", name);
    enum bamboo_status status = check_names(program, pipeline, arguments, error);
    if (status != BAMBOO_OK) return status; /* a slip of the pen, before what is missing for it */
    for (uint32_t i = 0; i < pipeline->parameter_count; i++) {
        const struct image_variable *variable = &program->variables[pipeline->first_variable + i];
        const char *parameter = program_name(program, variable->name);
        const char *type = program_name(program, variable->type);
        struct bamboo_value value = bamboo_map_find(arguments, program->constants[variable->name]);
        if (value.type == BAMBOO_MISSING && variable->flags & VARIABLE_FLAG_REQUIRED)
            return fail(error, BAMBOO_E_PARAMETER, "'%s' needs the parameter '%s' (%s)", name,
                        parameter, type);
        if (value.type != BAMBOO_MISSING && !value_has_type(value, type))
            return fail(error, BAMBOO_E_PARAMETER,
                        "the parameter '%s' of '%s' wants a value of type %s, not %s", parameter,
                        name, type, bamboo_type_name(value.type));
    }
    return BAMBOO_OK;
}

/* Parameters of a pipeline with a context, by their keys. */
static enum bamboo_status context_parameters(const struct linked_program *linked,
                                             struct bamboo_value parameters,
                                             struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_map_builder builder;
    struct text key = {0};
    bamboo_map_builder_init(&builder);
    for (size_t i = 0; i < bamboo_map_count(parameters); i++) {
        const char *name = bamboo_string_bytes(bamboo_map_key_at(parameters, i), NULL);
        text_clear(&key);
        text_append_format(&key, "${%s}", name);
        bool is_short = linked_variable(linked, 0, text_string(&key)) != IMAGE_NONE;
        if (!is_short && linked_variable(linked, 0, name) == IMAGE_NONE) {
            bamboo_map_builder_release(&builder);
            text_release(&key);
            return fail(error, BAMBOO_E_PARAMETER,
                        "'%s' has no variable '%s' in its context; new ones are given as context",
                        program_name(linked->program, linked->program->pipelines[0].name), name);
        }
        bamboo_map_builder_set_take(&builder, is_short ? text_string(&key) : name,
                                    bamboo_value_retain(bamboo_map_value_at(parameters, i)));
    }
    text_release(&key);
    return bamboo_map_builder_finish(&builder, out, error);
}

/* What a run is given beside its parameters. */
struct option_rule {
    const char *name;
    enum bamboo_type type;
};
static const struct option_rule OPTION_RULES[] = {
    {"data", BAMBOO_MAP},     {"context", BAMBOO_MAP},         {"subprocess_context", BAMBOO_MAP},
    {"start", BAMBOO_STRING}, {"rerun_limit", BAMBOO_INTEGER},
};

static enum bamboo_status check_option(const char *name, struct bamboo_value value,
                                       struct bamboo_error *error)
{
    for (size_t i = 0; i < sizeof OPTION_RULES / sizeof *OPTION_RULES; i++) {
        if (strcmp(OPTION_RULES[i].name, name) != 0) continue;
        if (value.type == OPTION_RULES[i].type) return BAMBOO_OK;
        return fail(error, BAMBOO_E_USAGE, "the option '%s' of a run is %s, not %s", name,
                    bamboo_type_name(value.type), bamboo_type_name(OPTION_RULES[i].type));
    }
    return fail(error, BAMBOO_E_USAGE, "a run has no option '%s'", name);
}

static enum bamboo_status check_options(const struct program *program, struct bamboo_value options,
                                        struct bamboo_error *error)
{
    if (options.type != BAMBOO_MAP) return BAMBOO_OK;
    for (size_t i = 0; i < bamboo_map_count(options); i++) {
        enum bamboo_status status =
            check_option(bamboo_string_bytes(bamboo_map_key_at(options, i), NULL),
                         bamboo_map_value_at(options, i), error);
        if (status != BAMBOO_OK) return status;
    }
    if (bamboo_map_get(options, "context").type != BAMBOO_MISSING &&
        !(program->pipelines[0].flags & PIPELINE_FLAG_CONTEXT))
        return fail(error, BAMBOO_E_USAGE,
                    "'%s' has no context; what it is given from outside are its parameters",
                    program_name(program, program->pipelines[0].name));
    struct bamboo_value limit = bamboo_map_get(options, "rerun_limit");
    if (limit.type == BAMBOO_INTEGER && (limit.as.integer < 0 || limit.as.integer > UINT32_MAX))
        return fail(error, BAMBOO_E_USAGE, "the rerun limit %lld is not a number from 0 on",
                    (long long)limit.as.integer);
    struct bamboo_value start = bamboo_map_get(options, "start");
    if (start.type != BAMBOO_STRING) return BAMBOO_OK;
    return start_node_check(program, bamboo_string_bytes(start, NULL), error);
}

static enum bamboo_status check_parameters(const struct linked_program *linked,
                                           struct bamboo_value given, struct bamboo_value *out,
                                           struct bamboo_error *error)
{
    const struct image_pipeline *root = &linked->program->pipelines[0];
    if (root->flags & PIPELINE_FLAG_CONTEXT && given.type == BAMBOO_MAP)
        return context_parameters(linked, given, out, error);
    *out = bamboo_value_retain(given);
    enum bamboo_status status = arguments_check(linked->program, root, given, error);
    if (status != BAMBOO_OK) bamboo_value_release(given);
    return status;
}

enum bamboo_status run_create(struct linked_program *program, const char *id,
                              struct bamboo_value parameters, struct bamboo_value options,
                              int64_t now_ms, struct run **out, struct bamboo_error *error)
{
    struct run *run = NULL;
    if (program->program->kind != IMAGE_FLOW)
        return fail(error, BAMBOO_E_USAGE, "this artifact is not a flow");
    struct event event = {.type = EVENT_RUN_CREATED, .options = options};
    if (options.type == BAMBOO_MAP) event.flags |= EVENT_OPTIONS;
    enum bamboo_status status = check_options(program->program, options, error);
    if (status == BAMBOO_OK) status = check_parameters(program, parameters, &event.inputs, error);
    if (status != BAMBOO_OK) return status;
    status = run_allocate(program, id, &run, error);
    if (status == BAMBOO_OK) status = run_record(run, &event, now_ms, error);
    bamboo_value_release(event.inputs);
    if (status != BAMBOO_OK) {
        run_destroy(run);
        return status;
    }
    *out = run;
    return BAMBOO_OK;
}

enum bamboo_status run_replay(struct run *run, const void *events, size_t size,
                              struct bamboo_error *error)
{
    const struct replay_listener nobody = {0};
    return run_replay_each(run, events, size, &nobody, error);
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

/* An undo that was under way. */
static enum bamboo_status undo_again(struct interpreter *machine, uint32_t token,
                                     struct bamboo_error *error)
{
    const struct run *run = machine->run;
    bool is_once = node_of(run, run->tokens[token].node)->flags & NODE_FLAG_ONCE;
    interpreter_take(machine, token);
    return run_token(machine,
                     is_once ? undo_answered(machine, BAMBOO_FAILURE, "interrupted")
                             : undo_call(machine),
                     error);
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
                 token_record(run, token)->state == NODE_ROLLING_BACK)
            status = undo_again(machine, i, error);
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
    run_assert_consistent(run);
    *out = run->outbox;
    out->last = run->sequence;
    run->unsnapshotted += out->events.size;
    run->outbox = (struct run_outbox){.first = run->sequence + 1};
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

struct bamboo_value run_data(const struct run *run)
{
    return run->data;
}

const char *run_id(const struct run *run)
{
    return run->id;
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
