/* Statements of a flow as YAML: each is a map with one key that says what it is. */
#include <string.h>

#include "base/limits.h"
#include "compiler/yaml_reader.h"
#include "grammar/ast_build.h"

/* A kind of statements: the key that makes a map one, and all keys that the map may have. */
struct verb {
    const char *name;
    struct ast_statement *(*read)(struct yaml_reader *reader, const struct document_node *value,
                                  const struct verb *verb);
    enum ast_statement_kind kind;
};

struct ast_statement *yaml_new_statement(struct yaml_reader *reader,
                                         const struct document_node *node,
                                         enum ast_statement_kind kind)
{
    struct ast_statement *statement = yaml_allocate(reader, sizeof *statement);
    statement->kind = kind;
    statement->span = node->span;
    return statement;
}

/* --- Blocks --- */

struct ast_block *yaml_block(struct yaml_reader *reader, const struct document_node *list)
{
    struct ast_block *block = yaml_allocate(reader, sizeof *block);
    block->span = list->span;
    if (list->kind == DOCUMENT_NULL || !yaml_expect_list(reader, list, "a block")) return block;
    if (reader->depth == SOURCE_DEPTH_MAX) {
        yaml_report(reader, DIAGNOSTIC_TOO_DEEP, list, "blocks are nested more than %d levels deep",
                    SOURCE_DEPTH_MAX);
        return block;
    }
    reader->depth++;
    struct ast_statement **end = &block->statements;
    for (const struct document_node *child = list->first; child; child = child->next) {
        struct ast_statement *statement = yaml_statement(reader, child);
        if (reader->out_of_memory) break;
        *end = statement;
        while (*end) /* `set` makes several */
            end = &(*end)->next;
    }
    reader->depth--;
    return block;
}

/* --- Branches --- */

static void read_branch_flow(struct yaml_reader *reader, const struct document_node *value,
                             void *into)
{
    struct ast_branch *branch = into;
    branch->flow = yaml_optional_name(reader, value);
}

static void read_branch_block(struct yaml_reader *reader, const struct document_node *value,
                              void *into)
{
    struct ast_branch *branch = into;
    branch->block = yaml_block(reader, value);
}

static void read_branch_condition(struct yaml_reader *reader, const struct document_node *value,
                                  void *into)
{
    struct ast_branch *branch = into;
    branch->condition = yaml_expression(reader, value);
}

static struct ast_branch *new_branch(struct yaml_reader *reader, const struct document_node *node)
{
    struct ast_branch *branch = yaml_allocate(reader, sizeof *branch);
    branch->span = node->span;
    return branch;
}

/* A branch needs its block: what is there to do. */
static void finish_branch(struct yaml_reader *reader, const struct document_node *node,
                          struct ast_branch *branch, const char *key)
{
    if (branch->block) return;
    if (node->kind == DOCUMENT_MAP)
        yaml_report(reader, DIAGNOSTIC_MISSING_KEY, node, "the key '%s' is missing", key);
    branch->block = yaml_allocate(reader, sizeof *branch->block);
    branch->block->span = node->span;
}

/* [statements], {do: [statements], as: flow}, or a statement alone. */
static struct ast_branch *read_parallel_branch(struct yaml_reader *reader,
                                               const struct document_node *node)
{
    static const struct yaml_key KEYS[] = {{"do", read_branch_block}, {"as", read_branch_flow}};
    struct ast_branch *branch = new_branch(reader, node);
    const struct document_node *block = document_get(reader->document, node, "do");
    if (node->kind != DOCUMENT_MAP) {
        branch->block = yaml_block(reader, node);
    } else if (block && block->kind != DOCUMENT_MAP) {
        yaml_read_map(reader, node, "a branch", KEYS, 2, branch);
        finish_branch(reader, node, branch, "do");
    } else {
        branch->block = yaml_allocate(reader, sizeof *branch->block);
        branch->block->span = node->span;
        branch->block->statements = yaml_statement(reader, node);
    }
    return branch;
}

/* {when: condition, then: [statements], as: flow} or {default: [statements], as: flow} */
static struct ast_branch *read_case(struct yaml_reader *reader, const struct document_node *node)
{
    static const struct yaml_key KEYS[] = {{"when", read_branch_condition},
                                           {"then", read_branch_block},
                                           {"default", read_branch_block},
                                           {"as", read_branch_flow}};
    const struct document *document = reader->document;
    struct ast_branch *branch = new_branch(reader, node);
    yaml_read_map(reader, node, "a case", KEYS, 4, branch);
    const struct document_node *otherwise = document_get(document, node, "default");
    if (otherwise && (branch->condition || document_get(document, node, "then")))
        yaml_report(reader, DIAGNOSTIC_SYNTAX, otherwise->key,
                    "a case has 'when' and 'then', or 'default'");
    else if (node->kind == DOCUMENT_MAP && !otherwise && !branch->condition)
        yaml_report(reader, DIAGNOSTIC_MISSING_KEY, node, "the key 'when' is missing");
    finish_branch(reader, node, branch, "then");
    return branch;
}

/* {if: condition, then: [statements]} of `else_if`. */
static struct ast_branch *read_arm(struct yaml_reader *reader, const struct document_node *node)
{
    static const struct yaml_key KEYS[] = {{"if", read_branch_condition},
                                           {"then", read_branch_block}};
    struct ast_branch *branch = new_branch(reader, node);
    yaml_read_map(reader, node, "an arm of else_if", KEYS, 2, branch);
    if (!branch->condition) {
        if (node->kind == DOCUMENT_MAP)
            yaml_report(reader, DIAGNOSTIC_MISSING_KEY, node, "the key 'if' is missing");
        branch->condition = yaml_error(reader, node);
    }
    finish_branch(reader, node, branch, "then");
    return branch;
}

/* All of a list; returns where the next one goes. */
static struct ast_branch **read_branches(struct yaml_reader *reader,
                                         const struct document_node *list, const char *what,
                                         struct ast_branch *(*read)(struct yaml_reader *,
                                                                    const struct document_node *),
                                         struct ast_branch **end)
{
    if (!yaml_expect_list(reader, list, what)) return end;
    for (const struct document_node *child = list->first; child; child = child->next) {
        struct ast_branch *branch = read(reader, child);
        if (reader->out_of_memory) break;
        *end = branch;
        end = &branch->next;
    }
    return end;
}

static void read_converge(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_statement *statement = into;
    statement->converge = yaml_optional_name(reader, value);
}

static struct ast_statement *read_gateway(struct yaml_reader *reader,
                                          const struct document_node *value,
                                          const struct verb *verb)
{
    bool is_parallel = verb->kind == STATEMENT_PARALLEL;
    const char *list_key = is_parallel ? "branches" : "cases";
    const struct yaml_key keys[] = {
        {verb->name, NULL}, {list_key, NULL}, {"converge", read_converge}};
    struct ast_statement *statement = yaml_new_statement(reader, value->parent, verb->kind);
    yaml_read_map(reader, value->parent, "this statement", keys, 3, statement);
    statement->name = yaml_optional_name(reader, value);
    const struct document_node *list = document_get(reader->document, value->parent, list_key);
    if (list)
        read_branches(reader, list, is_parallel ? "the value of branches" : "the value of cases",
                      is_parallel ? read_parallel_branch : read_case, &statement->as.branches);
    else
        yaml_report(reader, DIAGNOSTIC_MISSING_KEY, value->parent, "the key '%s' is missing",
                    list_key);
    return statement;
}

static struct ast_statement *read_if(struct yaml_reader *reader, const struct document_node *value,
                                     const struct verb *verb)
{
    static const struct yaml_key KEYS[] = {
        {"if", NULL}, {"then", NULL}, {"else_if", NULL}, {"else", NULL}};
    const struct document *document = reader->document;
    const struct document_node *map = value->parent;
    struct ast_statement *statement = yaml_new_statement(reader, map, verb->kind);
    yaml_read_map(reader, map, "this statement", KEYS, 4, statement);
    struct ast_branch *first = new_branch(reader, map);
    struct ast_branch **end = &first->next;
    first->condition = yaml_expression(reader, value);
    const struct document_node *then = document_get(document, map, "then");
    if (then) first->block = yaml_block(reader, then);
    finish_branch(reader, map, first, "then");
    if (reader->out_of_memory) return statement;
    statement->as.branches = first;
    const struct document_node *arms = document_get(document, map, "else_if");
    if (arms) end = read_branches(reader, arms, "the value of else_if", read_arm, end);
    const struct document_node *otherwise = document_get(document, map, "else");
    if (!otherwise || reader->out_of_memory) return statement;
    struct ast_branch *last = new_branch(reader, otherwise);
    last->block = yaml_block(reader, otherwise);
    if (!reader->out_of_memory) *end = last;
    return statement;
}

/* --- Repeat --- */

static void read_repeat_block(struct yaml_reader *reader, const struct document_node *value,
                              void *into)
{
    struct ast_statement *repeat = into;
    repeat->as.repeat.block = yaml_block(reader, value);
}

static void read_up_to(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_statement *repeat = into;
    repeat->as.repeat.count = yaml_count(reader, value);
    repeat->as.repeat.count_span = value->span;
}

static void read_forever(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_statement *repeat = into;
    repeat->as.repeat.forever = yaml_bool(reader, value);
}

static void read_every(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_statement *repeat = into;
    repeat->as.repeat.every_ms = yaml_duration(reader, value);
}

static void read_end_of_repeat(struct yaml_reader *reader, const struct document_node *value,
                               void *into)
{
    struct ast_statement *repeat = into;
    if (repeat->as.repeat.condition) {
        yaml_report(reader, DIAGNOSTIC_SYNTAX, value->key,
                    "a repeat has 'until' or 'while', not both");
        return;
    }
    repeat->as.repeat.is_while = strcmp(value->key->text, "while") == 0;
    repeat->as.repeat.condition = yaml_expression(reader, value);
}

static struct ast_statement *read_repeat(struct yaml_reader *reader,
                                         const struct document_node *value, const struct verb *verb)
{
    static const struct yaml_key KEYS[] = {
        {"repeat", NULL},
        {"do", read_repeat_block},
        {"up_to", read_up_to},
        {"forever", read_forever},
        {"every", read_every},
        {"until", read_end_of_repeat},
        {"while", read_end_of_repeat},
    };
    struct ast_statement *repeat = yaml_new_statement(reader, value->parent, verb->kind);
    yaml_read_map(reader, value->parent, "this statement", KEYS, 7, repeat);
    repeat->name = yaml_optional_name(reader, value);
    if (repeat->as.repeat.count > 0 && repeat->as.repeat.forever)
        yaml_report(reader, DIAGNOSTIC_SYNTAX, value->key,
                    "a repeat has 'up_to' or 'forever', not both");
    if (repeat->as.repeat.block) return repeat;
    yaml_report(reader, DIAGNOSTIC_MISSING_KEY, value->parent, "the key 'do' is missing");
    repeat->as.repeat.block = yaml_allocate(reader, sizeof(struct ast_block));
    repeat->as.repeat.block->span = value->span;
    return repeat;
}

/* --- The others --- */

/* pause, fail, revoke: only the text that says why. */
static struct ast_statement *read_control(struct yaml_reader *reader,
                                          const struct document_node *value,
                                          const struct verb *verb)
{
    static const struct yaml_place WHY = {TYPE_OF(STRING), false};
    const struct yaml_key keys[] = {{verb->name, NULL}};
    struct ast_statement *statement = yaml_new_statement(reader, value->parent, verb->kind);
    yaml_read_map(reader, value->parent, "this statement", keys, 1, statement);
    bool has_text = value->kind != DOCUMENT_NULL;
    if (has_text)
        statement->as.value = yaml_value(reader, value, WHY);
    else if (verb->kind == STATEMENT_FAIL)
        yaml_report(reader, DIAGNOSTIC_DOCUMENT_TYPE, value, "'fail' wants a text that says why");
    if (!has_text && verb->kind == STATEMENT_FAIL) statement->as.value = yaml_error(reader, value);
    return statement;
}

/* start: name, end: name */
static struct ast_statement *read_event(struct yaml_reader *reader,
                                        const struct document_node *value, const struct verb *verb)
{
    const struct yaml_key keys[] = {{verb->name, NULL}};
    struct ast_statement *statement = yaml_new_statement(reader, value->parent, verb->kind);
    yaml_read_map(reader, value->parent, "this statement", keys, 1, statement);
    statement->name =
        verb->kind == STATEMENT_END ? yaml_optional_name(reader, value) : yaml_name(reader, value);
    return statement;
}

/* name = value: of a function, as the parser does, a call. */
static struct ast_statement *assignment(struct yaml_reader *reader,
                                        const struct document_node *entry)
{
    struct ast_expression *value = yaml_any_value(reader, entry);
    bool is_call = value->kind == EXPRESSION_CALL && ast_is_plain_call(value);
    struct ast_statement *statement =
        yaml_new_statement(reader, entry, is_call ? STATEMENT_CALL : STATEMENT_ASSIGN);
    statement->name = yaml_name(reader, entry->key);
    if (reader->out_of_memory) return statement;
    if (!is_call) {
        statement->as.value = value;
        return statement;
    }
    statement->as.call.callee = value->as.call.name;
    statement->as.call.arguments = ast_call_arguments(value);
    for (struct ast_argument *argument = statement->as.call.arguments; argument;
         argument = argument->next)
        argument->value->next = NULL;
    return statement;
}

/* set: {name: value, ...} */
static struct ast_statement *read_set(struct yaml_reader *reader, const struct document_node *value,
                                      const struct verb *verb)
{
    const struct yaml_key keys[] = {{verb->name, NULL}};
    struct ast_statement *first = NULL, **end = &first;
    yaml_read_map(reader, value->parent, "this statement", keys, 1, NULL);
    if (!yaml_expect_map(reader, value, "the value of set")) return NULL;
    for (const struct document_node *entry = value->first; entry; entry = entry->next) {
        struct ast_statement *statement = assignment(reader, entry);
        if (reader->out_of_memory) break;
        if (!statement->name.bytes) continue; /* that it is none was told */
        *end = statement;
        end = &statement->next;
    }
    return first;
}

/* {use: ..., id: name}: a call, without a name of its own for a map around it. */
static struct ast_statement *read_use(struct yaml_reader *reader, const struct document_node *value,
                                      const struct verb *verb)
{
    struct ast_statement *statement = yaml_new_statement(reader, value->parent, verb->kind);
    yaml_call(reader, value->parent, statement);
    return statement;
}

static const struct verb VERBS[] = {
    {"use", read_use, STATEMENT_CALL},
    {"set", read_set, STATEMENT_ASSIGN},
    {"parallel", read_gateway, STATEMENT_PARALLEL},
    {"inclusive", read_gateway, STATEMENT_INCLUSIVE},
    {"exclusive", read_gateway, STATEMENT_EXCLUSIVE},
    {"if", read_if, STATEMENT_IF},
    {"repeat", read_repeat, STATEMENT_REPEAT},
    {"pause", read_control, STATEMENT_PAUSE},
    {"fail", read_control, STATEMENT_FAIL},
    {"revoke", read_control, STATEMENT_REVOKE},
    {"start", read_event, STATEMENT_START},
    {"end", read_event, STATEMENT_END},
};
#define VERB_COUNT (sizeof VERBS / sizeof VERBS[0])

static const char *verb_at(const void *context, size_t index)
{
    (void)context;
    return VERBS[index].name;
}

static void report_no_statement(struct yaml_reader *reader, const struct document_node *node)
{
    const struct document_node *first = node->first;
    if (!first) {
        yaml_report(reader, DIAGNOSTIC_SYNTAX, node, "a statement has at least one key");
        return;
    }
    struct diagnostic *diagnostic =
        yaml_report(reader, DIAGNOSTIC_UNKNOWN_KEY, first->key,
                    node->count == 1 && first->kind == DOCUMENT_MAP
                        ? "'%.80s' has no key 'use' that says what it executes"
                        : "no statement begins with '%.80s'",
                    first->key->text);
    const char *nearest = nearest_name(first->key->text, VERB_COUNT, verb_at, NULL);
    if (nearest)
        yaml_help(reader, diagnostic, "did you mean '%s'?", nearest);
    else
        yaml_help(reader, diagnostic, "write: name: {use: component, with: {input: value}}");
}

/* name: {use: ...}; `end` calls its handler when it is reached. */
static struct ast_statement *read_named_call(struct yaml_reader *reader,
                                             const struct document_node *entry)
{
    bool is_end = strcmp(entry->key->text, "end") == 0;
    struct ast_statement *statement =
        yaml_new_statement(reader, entry->parent, is_end ? STATEMENT_END : STATEMENT_CALL);
    if (!is_end) statement->name = yaml_name(reader, entry->key);
    yaml_call(reader, entry, statement);
    return statement;
}

struct ast_statement *yaml_statement(struct yaml_reader *reader, const struct document_node *node)
{
    const struct document *document = reader->document;
    if (!yaml_expect_map(reader, node, "a statement")) return NULL;
    const struct document_node *only = node->count == 1 ? node->first : NULL;
    if (only && strcmp(only->key->text, "set") != 0 && yaml_is_call(document, only))
        return read_named_call(reader, only);
    for (size_t i = 0; i < VERB_COUNT; i++) {
        const struct document_node *value = document_get(document, node, VERBS[i].name);
        if (value) return VERBS[i].read(reader, value, &VERBS[i]);
    }
    report_no_statement(reader, node);
    return NULL;
}
