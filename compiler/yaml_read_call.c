/* Calls of a flow as YAML, and their policies. */
#include <string.h>

#include "compiler/yaml_reader.h"

bool yaml_is_call(const struct document *document, const struct document_node *node)
{
    return node->kind == DOCUMENT_MAP && document_get(document, node, "use") != NULL;
}

/* --- Arguments --- */

/* What is called, as far as it is known here: a component or a pipeline of this file. */
struct callee {
    const struct bamboo_component *component;
    const struct ast_pipeline *pipeline;
};

static struct callee find_callee(const struct yaml_reader *reader, const char *name)
{
    struct callee callee = {NULL, NULL};
    const struct bamboo_component_set *set = reader->options->components;
    uint32_t index = name ? name_table_find(&reader->pipelines, name) : NAME_TABLE_NONE;
    if (index != NAME_TABLE_NONE) callee.pipeline = reader->heads[index];
    for (size_t i = 0; name && !callee.pipeline && set && i < set->count; i++)
        if (strcmp(set->items[i]->code, name) == 0) callee.component = set->items[i];
    return callee;
}

static struct yaml_place input_place(const struct bamboo_input *input)
{
    return (struct yaml_place){type_parse(input->type), input->syntax == BAMBOO_SYNTAX_SHELL};
}

static struct yaml_place parameter_place(const struct ast_parameter *parameter)
{
    type_set type = parameter->type.bytes ? type_parse(parameter->type.bytes) : TYPE_ANY;
    return (struct yaml_place){type != 0 ? type : TYPE_ANY, false};
}

static struct yaml_place named_place(const struct callee *callee, const char *name)
{
    for (size_t i = 0; callee->component && i < callee->component->input_count; i++)
        if (strcmp(callee->component->inputs[i].name, name) == 0)
            return input_place(&callee->component->inputs[i]);
    const struct ast_parameter *parameter = callee->pipeline ? callee->pipeline->parameters : NULL;
    for (; parameter; parameter = parameter->next)
        if (parameter->name.bytes && strcmp(parameter->name.bytes, name) == 0)
            return parameter_place(parameter);
    return (struct yaml_place){TYPE_ANY, false};
}

static struct yaml_place positional_place(const struct callee *callee, size_t index)
{
    const struct bamboo_component *component = callee->component;
    if (component && !component->variadic_input && index < component->input_count)
        return input_place(&component->inputs[index]);
    const struct ast_parameter *parameter = callee->pipeline ? callee->pipeline->parameters : NULL;
    for (; parameter && index > 0; index--)
        parameter = parameter->next;
    return parameter ? parameter_place(parameter) : (struct yaml_place){TYPE_ANY, false};
}

static struct ast_argument *new_argument(struct yaml_reader *reader,
                                         const struct document_node *node)
{
    struct ast_argument *argument = yaml_allocate(reader, sizeof *argument);
    argument->span = node->span;
    return argument;
}

static void read_arguments(struct yaml_reader *reader, const struct document_node *map,
                           const struct callee *callee, struct ast_argument **end)
{
    const struct document_node *args = document_get(reader->document, map, "args");
    const struct document_node *with = document_get(reader->document, map, "with");
    size_t index = 0;
    if (args && !yaml_expect_list(reader, args, "the value of args")) args = NULL;
    if (with && !yaml_expect_map(reader, with, "the value of with")) with = NULL;
    for (const struct document_node *node = args ? args->first : NULL; node; node = node->next) {
        struct ast_argument *argument = new_argument(reader, node);
        argument->value = yaml_value(reader, node, positional_place(callee, index++));
        if (reader->out_of_memory) return;
        *end = argument;
        end = &argument->next;
    }
    for (const struct document_node *node = with ? with->first : NULL; node; node = node->next) {
        struct ast_argument *argument = new_argument(reader, node);
        argument->name = yaml_name(reader, node->key);
        argument->value = yaml_value(reader, node, named_place(callee, node->key->text));
        if (reader->out_of_memory) return;
        *end = argument;
        end = &argument->next;
    }
}

/* --- Policies --- */

static struct ast_policies *policies_of(void *into)
{
    struct ast_statement *call = into;
    return &call->as.call.policies;
}

static void read_timeout_after(struct yaml_reader *reader, const struct document_node *value,
                               void *into)
{
    struct ast_policies *policies = into;
    policies->timeout_ms = yaml_duration(reader, value);
}

static void read_timeout_then(struct yaml_reader *reader, const struct document_node *value,
                              void *into)
{
    struct ast_policies *policies = into;
    policies->timeout_skips = document_is_text(value, "skip");
    if (policies->timeout_skips || document_is_text(value, "fail")) return;
    yaml_report(reader, DIAGNOSTIC_SYNTAX, value, "'fail' or 'skip' is wanted here");
}

static void require(struct yaml_reader *reader, const struct document_node *map, const char *key)
{
    if (map->kind == DOCUMENT_MAP && !document_get(reader->document, map, key))
        yaml_report(reader, DIAGNOSTIC_MISSING_KEY, map, "the key '%s' is missing", key);
}

/* timeout: 10m, or {after: 10m, then: skip} */
static void read_timeout(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    static const struct yaml_key KEYS[] = {{"after", read_timeout_after},
                                           {"then", read_timeout_then}};
    struct ast_policies *policies = policies_of(into);
    policies->timeout_span = value->span;
    if (value->kind != DOCUMENT_MAP) {
        policies->timeout_ms = yaml_duration(reader, value);
        return;
    }
    yaml_read_map(reader, value, "a timeout", KEYS, 2, policies);
    require(reader, value, "after");
}

static void read_retry_times(struct yaml_reader *reader, const struct document_node *value,
                             void *into)
{
    struct ast_policies *policies = into;
    policies->retry_count = yaml_count(reader, value);
}

static void read_retry_delay(struct yaml_reader *reader, const struct document_node *value,
                             void *into)
{
    struct ast_policies *policies = into;
    if (policies->retry_delay_ms > 0)
        yaml_report(reader, DIAGNOSTIC_SYNTAX, value->key,
                    "a retry has 'every' or 'backoff', not both");
    policies->retry_delay_ms = yaml_duration(reader, value);
    policies->retry_backoff = strcmp(value->key->text, "backoff") == 0;
}

static void read_retry_max(struct yaml_reader *reader, const struct document_node *value,
                           void *into)
{
    struct ast_policies *policies = into;
    policies->retry_delay_max_ms = yaml_duration(reader, value);
}

static void read_retry_pattern(struct yaml_reader *reader, const struct document_node *value,
                               void *into)
{
    struct ast_policies *policies = into;
    policies->retry_pattern = yaml_text(reader, value, "the pattern of a retry");
}

static void check_retry(struct yaml_reader *reader, const struct document_node *value,
                        const struct ast_policies *policies)
{
    const struct document_node *longest = document_get(reader->document, value, "max");
    if (!longest) return;
    if (!policies->retry_backoff)
        yaml_report(reader, DIAGNOSTIC_SYNTAX, longest->key, "'max' goes with 'backoff' only");
    else if (policies->retry_delay_max_ms < policies->retry_delay_ms)
        yaml_report(reader, DIAGNOSTIC_INVALID_DURATION, longest,
                    "the longest delay is shorter than the first one");
}

/* retry: 3, or {times: 3, every: 30s, on: pattern} */
static void read_retry(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    static const struct yaml_key KEYS[] = {{"times", read_retry_times},
                                           {"every", read_retry_delay},
                                           {"backoff", read_retry_delay},
                                           {"max", read_retry_max},
                                           {"on", read_retry_pattern}};
    struct ast_policies *policies = policies_of(into);
    policies->retry_span = value->span;
    if (value->kind != DOCUMENT_MAP) {
        policies->retry_count = yaml_count(reader, value);
        return;
    }
    yaml_read_map(reader, value, "a retry", KEYS, 5, policies);
    require(reader, value, "times");
    check_retry(reader, value, policies);
}

/* on_fail: ignore, or [statements] */
static void read_on_fail(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_policies *policies = policies_of(into);
    policies->on_fail_span = value->span;
    policies->ignore_failure = document_is_text(value, "ignore");
    if (value->kind == DOCUMENT_LIST)
        policies->on_fail = yaml_block(reader, value);
    else if (!policies->ignore_failure)
        yaml_report(reader, DIAGNOSTIC_DOCUMENT_TYPE, value,
                    "'ignore' or a list of statements is wanted here");
}

static void read_title(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_policies *policies = policies_of(into);
    if (value->kind != DOCUMENT_STRING || value->size == 0 || strlen(value->text) != value->size)
        yaml_report(reader, DIAGNOSTIC_DOCUMENT_TYPE, value, "a title is a text that is not empty");
    else
        policies->title = (struct ast_name){value->text, value->span, false};
}

static void read_once(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_policies *policies = policies_of(into);
    policies->once = yaml_bool(reader, value);
    if (policies->once) policies->once_span = value->span;
}

static void read_no_retry(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_policies *policies = policies_of(into);
    policies->no_retry = yaml_bool(reader, value);
    if (policies->no_retry) policies->no_retry_span = value->span;
}

static void read_no_skip(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_policies *policies = policies_of(into);
    policies->no_skip = yaml_bool(reader, value);
    if (policies->no_skip) policies->no_skip_span = value->span;
}

/* --- Loops --- */

static void read_loop_times(struct yaml_reader *reader, const struct document_node *value,
                            void *into)
{
    struct ast_policies *policies = into;
    policies->loop_count = yaml_count(reader, value);
}

static void read_loop_into(struct yaml_reader *reader, const struct document_node *value,
                           void *into)
{
    struct ast_policies *policies = into;
    policies->loop_into = yaml_name(reader, value);
}

static void read_loop_fail_skip(struct yaml_reader *reader, const struct document_node *value,
                                void *into)
{
    struct ast_policies *policies = into;
    policies->loop_fail_skip = yaml_bool(reader, value);
}

static void read_loop_no_retry(struct yaml_reader *reader, const struct document_node *value,
                               void *into)
{
    struct ast_policies *policies = into;
    policies->loop_no_retry = yaml_bool(reader, value);
}

static void read_loop_no_skip(struct yaml_reader *reader, const struct document_node *value,
                              void *into)
{
    struct ast_policies *policies = into;
    policies->loop_no_skip = yaml_bool(reader, value);
}

/* loop: 3, or {times: 3, into: name, fail_skip: true, no_retry: true, no_skip: true} */
static void read_loop(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    static const struct yaml_key KEYS[] = {{"times", read_loop_times},
                                           {"into", read_loop_into},
                                           {"fail_skip", read_loop_fail_skip},
                                           {"no_retry", read_loop_no_retry},
                                           {"no_skip", read_loop_no_skip}};
    struct ast_policies *policies = policies_of(into);
    policies->loop_span = value->span;
    if (value->kind != DOCUMENT_MAP) {
        policies->loop_count = yaml_count(reader, value);
        return;
    }
    yaml_read_map(reader, value, "a loop", KEYS, 5, policies);
    require(reader, value, "times");
}

/* --- Undo and the whole call --- */

static void read_callee(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_statement *call = into;
    call->as.call.callee = yaml_name(reader, value);
}

static void read_id(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_statement *call = into;
    if (call->name.bytes)
        yaml_report(reader, DIAGNOSTIC_SYNTAX, value->key, "this node has a name already");
    else
        call->name = yaml_name(reader, value);
}

/* undo: {use: component, args: [...], with: {...}} */
static void read_undo(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    static const struct yaml_key KEYS[] = {{"use", read_callee}, {"args", NULL}, {"with", NULL}};
    struct ast_statement *undo = yaml_new_statement(reader, value, STATEMENT_CALL);
    yaml_read_map(reader, value, "an undo", KEYS, 3, undo);
    require(reader, value, "use");
    if (!undo->as.call.callee.bytes) return;
    struct callee callee = find_callee(reader, undo->as.call.callee.bytes);
    read_arguments(reader, value, &callee, &undo->as.call.arguments);
    if (!reader->out_of_memory) policies_of(into)->undo = undo;
}

void yaml_call(struct yaml_reader *reader, const struct document_node *map,
               struct ast_statement *call)
{
    static const struct yaml_key KEYS[] = {
        {"use", read_callee},
        {"id", read_id},
        {"args", NULL},
        {"with", NULL},
        {"title", read_title},
        {"timeout", read_timeout},
        {"retry", read_retry},
        {"on_fail", read_on_fail},
        {"once", read_once},
        {"loop", read_loop},
        {"no_retry", read_no_retry},
        {"no_skip", read_no_skip},
        {"undo", read_undo},
        {"timers", yaml_read_timers},
    };
    size_t given = 0;
    yaml_read_map(reader, map, "a call", KEYS, sizeof KEYS / sizeof KEYS[0], call);
    for (size_t i = 4; i < sizeof KEYS / sizeof KEYS[0]; i++)
        if (document_get(reader->document, map, KEYS[i].name)) given++;
    if (given > 0) call->as.call.policies.span = map->span;
    if (!call->as.call.callee.bytes) {
        call->kind = STATEMENT_ERROR;
        return;
    }
    struct callee callee = find_callee(reader, call->as.call.callee.bytes);
    read_arguments(reader, map, &callee, &call->as.call.arguments);
}
