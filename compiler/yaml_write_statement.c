/* Statements of a flow as YAML. */
#include <string.h>

#include "base/name_table.h"
#include "compiler/yaml_writer.h"
#include "grammar/write.h"

static struct yaml_node *new_map(struct yaml_writer *writer)
{
    return yaml_make(&writer->builder, YAML_MAP);
}

static void set(struct yaml_writer *writer, struct yaml_node *map, const char *key,
                struct yaml_node *value)
{
    yaml_set(&writer->builder, map, key, value);
}

static void set_optional_name(struct yaml_writer *writer, struct yaml_node *map, const char *key,
                              struct ast_name name)
{
    if (name.bytes) set(writer, map, key, yaml_write_name(writer, name.bytes));
}

/* --- Calls --- */

static const struct ast_pipeline *find_pipeline(const struct yaml_writer *writer, const char *name)
{
    const struct ast_pipeline *pipeline = writer->file->pipelines;
    while (pipeline && strcmp(pipeline->name.bytes, name) != 0)
        pipeline = pipeline->next;
    return pipeline;
}

static const struct bamboo_component *find_component(const struct yaml_writer *writer,
                                                     const char *code)
{
    const struct bamboo_component_set *set = writer->options->components;
    if (find_pipeline(writer, code)) return NULL;
    for (size_t i = 0; set && i < set->count; i++)
        if (strcmp(set->items[i]->code, code) == 0) return set->items[i];
    return NULL;
}

static bool is_function(const struct yaml_writer *writer, const char *name)
{
    const struct function_set *set = writer->options->functions;
    if (find_pipeline(writer, name)) return false;
    for (size_t i = 0; set && i < set->count; i++)
        if (set->items[i].receiver == BAMBOO_MISSING && strcmp(set->items[i].name, name) == 0)
            return true;
    return false;
}

static const struct bamboo_input *find_input(const struct bamboo_component *component,
                                             const char *name)
{
    for (size_t i = 0; component && i < component->input_count; i++)
        if (strcmp(component->inputs[i].name, name) == 0) return &component->inputs[i];
    return NULL;
}

/* The input that a positional argument fills, if no other argument does. */
static const struct bamboo_input *positional_input(const struct bamboo_component *component,
                                                   const struct ast_statement *call, size_t index)
{
    if (!component || component->variadic_input || index >= component->input_count) return NULL;
    const struct bamboo_input *input = &component->inputs[index];
    for (const struct ast_argument *argument = call->as.call.arguments; argument;
         argument = argument->next)
        if (argument->name.bytes && strcmp(argument->name.bytes, input->name) == 0) return NULL;
    return input;
}

/* The key of an argument. The variables of a context are matched exactly where it is said so. */
static const char *argument_key(struct yaml_writer *writer, const struct ast_pipeline *callee,
                                struct ast_name name)
{
    if (name.quoted && callee && callee->context) return yaml_key_text(writer, name.bytes);
    bool may_be_exact = !callee && writer->file->imports && name.quoted;
    return yaml_name_text(writer, name.bytes, may_be_exact);
}

static void write_arguments(struct yaml_writer *writer, struct yaml_node *map,
                            const struct ast_statement *call)
{
    const struct ast_pipeline *callee = find_pipeline(writer, call->as.call.callee.bytes);
    const struct bamboo_component *component = find_component(writer, call->as.call.callee.bytes);
    struct yaml_node *args = yaml_make(&writer->builder, YAML_LIST), *with = new_map(writer);
    size_t index = 0;
    for (const struct ast_argument *argument = call->as.call.arguments; argument;
         argument = argument->next) {
        bool is_named = argument->name.bytes != NULL;
        const struct bamboo_input *input = is_named ? find_input(component, argument->name.bytes)
                                                    : positional_input(component, call, index++);
        bool is_shell = input && input->syntax == BAMBOO_SYNTAX_SHELL;
        struct yaml_node *value = yaml_write_value(writer, argument->value, is_shell);
        if (is_named)
            set(writer, with, argument_key(writer, callee, argument->name), value);
        else if (input && !args->first)
            set(writer, with, input->name, value);
        else
            yaml_append(&writer->builder, args, value);
    }
    if (args->first) set(writer, map, "args", args);
    if (with->first) set(writer, map, "with", with);
}

void yaml_write_call(struct yaml_writer *writer, struct yaml_node *map,
                     const struct ast_statement *call)
{
    set(writer, map, "use", yaml_write_name(writer, call->as.call.callee.bytes));
    write_arguments(writer, map, call);
    yaml_write_policies(writer, map, &call->as.call.policies);
}

static void write_call(struct yaml_writer *writer, struct yaml_node *map,
                       const struct ast_statement *call)
{
    const char *name = call->name.bytes;
    bool is_plain = name && strcmp(name, "set") != 0 && strcmp(name, "end") != 0;
    if (!is_plain) {
        yaml_write_call(writer, map, call);
        set_optional_name(writer, map, "id", call->name);
        return;
    }
    struct yaml_node *inner = new_map(writer);
    yaml_write_call(writer, inner, call);
    set(writer, map, yaml_name_text(writer, name, false), inner);
}

/* --- Branches --- */

static struct yaml_node *write_parallel_branch(struct yaml_writer *writer,
                                               const struct ast_branch *branch)
{
    struct yaml_node *block = yaml_write_block(writer, branch->block);
    bool is_alone = block->first && !block->first->next;
    if (!branch->flow.bytes) return is_alone ? block->first : block;
    struct yaml_node *map = new_map(writer);
    set(writer, map, "do", block);
    set_optional_name(writer, map, "as", branch->flow);
    return map;
}

static struct yaml_node *write_case(struct yaml_writer *writer, const struct ast_branch *branch)
{
    struct yaml_node *map = new_map(writer);
    if (branch->condition)
        set(writer, map, "when", yaml_write_expression(writer, branch->condition));
    set(writer, map, branch->condition ? "then" : "default",
        yaml_write_block(writer, branch->block));
    set_optional_name(writer, map, "as", branch->flow);
    return map;
}

static void write_gateway(struct yaml_writer *writer, struct yaml_node *map, const char *word,
                          const struct ast_statement *gateway)
{
    bool is_parallel = gateway->kind == STATEMENT_PARALLEL;
    struct yaml_node *list = yaml_make(&writer->builder, YAML_LIST);
    list->has_lines = true;
    for (const struct ast_branch *branch = gateway->as.branches; branch; branch = branch->next)
        yaml_append(&writer->builder, list,
                    is_parallel ? write_parallel_branch(writer, branch)
                                : write_case(writer, branch));
    set(writer, map, word, yaml_write_optional_name(writer, gateway->name));
    set(writer, map, is_parallel ? "branches" : "cases", list);
    set_optional_name(writer, map, "converge", gateway->converge);
}

static void write_arm(struct yaml_writer *writer, struct yaml_node *map,
                      const struct ast_branch *arm)
{
    set(writer, map, "if", yaml_write_expression(writer, arm->condition));
    set(writer, map, "then", yaml_write_block(writer, arm->block));
}

static void write_if(struct yaml_writer *writer, struct yaml_node *map,
                     const struct ast_statement *statement)
{
    const struct ast_branch *first = statement->as.branches;
    struct yaml_node *arms = yaml_make(&writer->builder, YAML_LIST);
    write_arm(writer, map, first);
    const struct ast_branch *last = NULL;
    for (const struct ast_branch *arm = first->next; arm; arm = arm->next) {
        if (!arm->condition) {
            last = arm;
            continue;
        }
        struct yaml_node *element = new_map(writer);
        write_arm(writer, element, arm);
        yaml_append(&writer->builder, arms, element);
    }
    if (arms->first) set(writer, map, "else_if", arms);
    if (last) set(writer, map, "else", yaml_write_block(writer, last->block));
}

static void write_repeat(struct yaml_writer *writer, struct yaml_node *map,
                         const struct ast_statement *repeat)
{
    set(writer, map, "repeat", yaml_write_optional_name(writer, repeat->name));
    if (repeat->as.repeat.count > 0)
        set(writer, map, "up_to", yaml_write_integer(writer, repeat->as.repeat.count));
    if (repeat->as.repeat.forever)
        set(writer, map, "forever", yaml_make_bool(&writer->builder, true));
    if (repeat->as.repeat.every_ms > 0)
        set(writer, map, "every", yaml_write_duration(writer, repeat->as.repeat.every_ms));
    set(writer, map, "do", yaml_write_block(writer, repeat->as.repeat.block));
    if (repeat->as.repeat.condition)
        set(writer, map, repeat->as.repeat.is_while ? "while" : "until",
            yaml_write_expression(writer, repeat->as.repeat.condition));
}

/* --- All --- */

static void write_control(struct yaml_writer *writer, struct yaml_node *map, const char *word,
                          const struct ast_statement *statement)
{
    set(writer, map, word,
        statement->as.value ? yaml_write_value(writer, statement->as.value, false)
                            : yaml_make_word(&writer->builder, "null"));
}

/* The name of `start` or `end`: `start: parallel` in a graph is a gateway named start. */
static struct yaml_node *event_name(struct yaml_writer *writer, struct ast_name name)
{
    bool is_gateway =
        name.bytes && (strcmp(name.bytes, "parallel") == 0 || strcmp(name.bytes, "converge") == 0);
    if (!is_gateway) return yaml_write_optional_name(writer, name);
    return yaml_write_string(writer, yaml_name_text(writer, name.bytes, true));
}

static void write_end(struct yaml_writer *writer, struct yaml_node *map,
                      const struct ast_statement *end)
{
    if (!end->as.call.callee.bytes) {
        set(writer, map, "end", event_name(writer, end->name));
        return;
    }
    struct yaml_node *inner = new_map(writer);
    set_optional_name(writer, inner, "id", end->name);
    yaml_write_call(writer, inner, end);
    set(writer, map, "end", inner);
}

static void write_statement(struct yaml_writer *writer, struct yaml_node *map,
                            const struct ast_statement *statement)
{
    switch (statement->kind) {
    case STATEMENT_CALL: write_call(writer, map, statement); break;
    case STATEMENT_PARALLEL: write_gateway(writer, map, "parallel", statement); break;
    case STATEMENT_INCLUSIVE: write_gateway(writer, map, "inclusive", statement); break;
    case STATEMENT_EXCLUSIVE: write_gateway(writer, map, "exclusive", statement); break;
    case STATEMENT_IF: write_if(writer, map, statement); break;
    case STATEMENT_REPEAT: write_repeat(writer, map, statement); break;
    case STATEMENT_PAUSE: write_control(writer, map, "pause", statement); break;
    case STATEMENT_FAIL: write_control(writer, map, "fail", statement); break;
    case STATEMENT_REVOKE: write_control(writer, map, "revoke", statement); break;
    case STATEMENT_START: set(writer, map, "start", event_name(writer, statement->name)); break;
    case STATEMENT_END: write_end(writer, map, statement); break;
    case STATEMENT_ASSIGN:
    case STATEMENT_GATEWAY:
    case STATEMENT_ERROR:
    case STATEMENT_KIND_COUNT: break; /* set() and graphs write these; mistakes are not written */
    }
}

/* Is it an assignment? One of a function's value looks like a call of a component. */
static bool is_set(const struct yaml_writer *writer, const struct ast_statement *statement)
{
    if (statement->kind == STATEMENT_ASSIGN) return true;
    return statement->kind == STATEMENT_CALL && statement->name.bytes &&
           is_function(writer, statement->as.call.callee.bytes);
}

static struct yaml_node *set_value(struct yaml_writer *writer,
                                   const struct ast_statement *statement)
{
    if (statement->kind != STATEMENT_ASSIGN) {
        struct text call = {0};
        write_call_line(statement, &call);
        struct yaml_node *node = yaml_write_splice(writer, &call);
        text_release(&call);
        return node;
    }
    const struct ast_expression *value = statement->as.value;
    if (value->kind != EXPRESSION_CALL) return yaml_write_value(writer, value, false);
    struct text expression = {0};
    text_append_character(&expression, '(');
    write_expression_line(value, &expression);
    text_append_character(&expression, ')');
    struct yaml_node *node = yaml_write_splice(writer, &expression);
    text_release(&expression);
    return node;
}

/* One `set` for all assignments from here on to different names; returns the last of them. */
static const struct ast_statement *write_sets(struct yaml_writer *writer, struct yaml_node *map,
                                              const struct ast_statement *statement)
{
    struct yaml_node *names = new_map(writer);
    struct name_table seen = {0};
    for (const struct ast_statement *next = statement; next; next = next->next) {
        if (!is_set(writer, next) || name_table_find(&seen, next->name.bytes) != NAME_TABLE_NONE)
            break;
        if (!name_table_set(&seen, writer->builder.arena, next->name.bytes, 0))
            writer->builder.out_of_memory = true;
        set(writer, names, yaml_name_text(writer, next->name.bytes, next->name.quoted),
            set_value(writer, next));
        statement = next;
    }
    set(writer, map, "set", names);
    return statement;
}

struct yaml_node *yaml_write_block(struct yaml_writer *writer, const struct ast_block *block)
{
    struct yaml_node *list = yaml_make(&writer->builder, YAML_LIST);
    list->has_lines = true;
    for (const struct ast_statement *statement = block->statements; statement;
         statement = statement->next) {
        struct yaml_node *map = new_map(writer);
        map->has_lines = true;
        yaml_append(&writer->builder, list, map);
        if (is_set(writer, statement))
            statement = write_sets(writer, map, statement);
        else
            write_statement(writer, map, statement);
    }
    return list;
}
