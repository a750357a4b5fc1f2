#include <string.h>

#include "base/value.h"
#include "grammar/flow_writer.h"
#include "grammar/word.h"

/* How tightly an expression holds together: the rows of the table of operators in the reference. */
enum precedence {
    PRECEDENCE_CONDITIONAL,
    PRECEDENCE_COALESCE,
    PRECEDENCE_OR,
    PRECEDENCE_AND,
    PRECEDENCE_NOT,
    PRECEDENCE_COMPARISON,
    PRECEDENCE_SUM,
    PRECEDENCE_PRODUCT,
    PRECEDENCE_SIGN,
    PRECEDENCE_POSTFIX,
};

static void write_at(struct flow_writer *writer, const struct ast_expression *expression,
                     enum precedence least);

static const struct {
    const char *text;
    enum precedence precedence;
} OPERATORS[] = {
    [OPERATOR_OR] = {"or", PRECEDENCE_OR},
    [OPERATOR_AND] = {"and", PRECEDENCE_AND},
    [OPERATOR_COALESCE] = {"??", PRECEDENCE_COALESCE},
    [OPERATOR_NOT] = {"not ", PRECEDENCE_NOT},
    [OPERATOR_EQUAL] = {"==", PRECEDENCE_COMPARISON},
    [OPERATOR_NOT_EQUAL] = {"!=", PRECEDENCE_COMPARISON},
    [OPERATOR_LESS] = {"<", PRECEDENCE_COMPARISON},
    [OPERATOR_LESS_EQUAL] = {"<=", PRECEDENCE_COMPARISON},
    [OPERATOR_GREATER] = {">", PRECEDENCE_COMPARISON},
    [OPERATOR_GREATER_EQUAL] = {">=", PRECEDENCE_COMPARISON},
    [OPERATOR_IN] = {"in", PRECEDENCE_COMPARISON},
    [OPERATOR_NOT_IN] = {"not in", PRECEDENCE_COMPARISON},
    [OPERATOR_ADD] = {"+", PRECEDENCE_SUM},
    [OPERATOR_SUBTRACT] = {"-", PRECEDENCE_SUM},
    [OPERATOR_MULTIPLY] = {"*", PRECEDENCE_PRODUCT},
    [OPERATOR_DIVIDE] = {"/", PRECEDENCE_PRODUCT},
    [OPERATOR_FLOOR_DIVIDE] = {"//", PRECEDENCE_PRODUCT},
    [OPERATOR_MODULO] = {"%", PRECEDENCE_PRODUCT},
    [OPERATOR_NEGATE] = {"-", PRECEDENCE_SIGN},
    [OPERATOR_PLUS] = {"+", PRECEDENCE_SIGN},
};

static bool is_number(struct bamboo_value value)
{
    return value.type == BAMBOO_INTEGER || value.type == BAMBOO_BIG_INTEGER ||
           value.type == BAMBOO_FLOAT || value.type == BAMBOO_DURATION;
}

static bool is_negative(struct bamboo_value value)
{
    if (value.type == BAMBOO_BIG_INTEGER) return *bamboo_string_bytes(value, NULL) == '-';
    return value.type == BAMBOO_FLOAT ? value.as.number < 0
                                      : is_number(value) && value.as.integer < 0;
}

static enum precedence precedence_of(const struct ast_expression *expression)
{
    switch (expression->kind) {
    case EXPRESSION_CONDITIONAL: return PRECEDENCE_CONDITIONAL;
    case EXPRESSION_UNARY:
    case EXPRESSION_BINARY: return OPERATORS[expression->as.operation.operator].precedence;
    case EXPRESSION_LITERAL: /* 1.x would be read as a fraction */
        if (is_negative(expression->as.literal)) return PRECEDENCE_SIGN;
        return is_number(expression->as.literal) ? PRECEDENCE_SIGN : PRECEDENCE_POSTFIX;
    case EXPRESSION_ERROR:
    case EXPRESSION_NAME:
    case EXPRESSION_TEXT:
    case EXPRESSION_FIELD:
    case EXPRESSION_INDEX:
    case EXPRESSION_SLICE:
    case EXPRESSION_CALL:
    case EXPRESSION_METHOD:
    case EXPRESSION_LIST:
    case EXPRESSION_MAP:
    case EXPRESSION_COMPREHENSION:
    case EXPRESSION_TEMPLATE:
    case EXPRESSION_RULE:
    case EXPRESSION_KIND_COUNT: break;
    }
    return PRECEDENCE_POSTFIX;
}

/* --- Literals, lists and maps --- */

static enum text_place place_of(const struct flow_writer *writer)
{
    return writer->splice_depth > 0 ? TEXT_ON_ONE_LINE : TEXT_ANYWHERE;
}

static void write_key_text(struct flow_writer *writer, struct bamboo_value key)
{
    size_t size = 0;
    const char *bytes = bamboo_string_bytes(key, &size);
    if (strlen(bytes) == size && text_is_word(bytes, false))
        writer_string(&writer->lines, bytes);
    else
        write_text_literal(writer, bytes, size, TEXT_ON_ONE_LINE);
}

static void write_value(struct flow_writer *writer, struct bamboo_value value);

static void write_value_list(struct flow_writer *writer, struct bamboo_value list)
{
    struct source_writer *lines = &writer->lines;
    struct attempt attempt = writer_attempt(lines);
    do {
        writer_open(lines, "[");
        for (size_t i = 0; i < bamboo_list_count(list); i++) {
            if (i > 0) writer_separate(lines);
            write_value(writer, bamboo_list_at(list, i));
        }
        writer_close(lines, "]");
    } while (writer_again(lines, &attempt));
}

static void write_value_map(struct flow_writer *writer, struct bamboo_value map)
{
    struct source_writer *lines = &writer->lines;
    struct attempt attempt = writer_attempt(lines);
    do {
        writer_open(lines, "{");
        for (size_t i = 0; i < bamboo_map_count(map); i++) {
            if (i > 0) writer_separate(lines);
            write_key_text(writer, bamboo_map_key_at(map, i));
            writer_string(lines, ": ");
            write_value(writer, bamboo_map_value_at(map, i));
        }
        writer_close(lines, "}");
    } while (writer_again(lines, &attempt));
}

static void write_value(struct flow_writer *writer, struct bamboo_value value)
{
    size_t size = 0;
    if (value.type == BAMBOO_STRING) {
        const char *bytes = bamboo_string_bytes(value, &size);
        write_text_literal(writer, bytes, size, place_of(writer));
    } else if (value.type == BAMBOO_LIST) {
        write_value_list(writer, value);
    } else if (value.type == BAMBOO_MAP) {
        write_value_map(writer, value);
    } else {
        value_append_text(writer->lines.out, value);
    }
}

static void write_list(struct flow_writer *writer, const char *open,
                       const struct ast_expression *first, const char *close)
{
    struct source_writer *lines = &writer->lines;
    if (!first) {
        writer_format(lines, "%s%s", open, close);
        return;
    }
    struct attempt attempt = writer_attempt(lines);
    do {
        writer_open(lines, open);
        for (const struct ast_expression *element = first; element; element = element->next) {
            if (element != first) writer_separate(lines);
            write_expression(writer, element);
        }
        writer_close(lines, close);
    } while (writer_again(lines, &attempt));
}

static void write_map_key(struct flow_writer *writer, const struct ast_expression *key)
{
    bool is_text = key->kind == EXPRESSION_LITERAL && key->as.literal.type == BAMBOO_STRING;
    if (is_text) {
        write_key_text(writer, key->as.literal);
    } else if (key->kind == EXPRESSION_TEXT) {
        write_text_parts(writer, key, TEXT_ON_ONE_LINE);
    } else {
        writer_string(&writer->lines, "(");
        write_expression(writer, key);
        writer_string(&writer->lines, ")");
    }
}

static void write_map(struct flow_writer *writer, const struct ast_expression *first)
{
    struct source_writer *lines = &writer->lines;
    if (!first) {
        writer_string(lines, "{}");
        return;
    }
    struct attempt attempt = writer_attempt(lines);
    do {
        writer_open(lines, "{");
        for (const struct ast_expression *key = first; key; key = key->next->next) {
            if (key != first) writer_separate(lines);
            write_map_key(writer, key);
            writer_string(lines, ": ");
            write_expression(writer, key->next);
        }
        writer_close(lines, "}");
    } while (writer_again(lines, &attempt));
}

/* --- The others --- */

static void write_operation(struct flow_writer *writer, const struct ast_expression *operation)
{
    enum ast_operator operator= operation->as.operation.operator;
    const char *text = OPERATORS[operator].text;
    enum precedence precedence = OPERATORS[operator].precedence;
    if (operation->kind == EXPRESSION_UNARY) {
        writer_string(&writer->lines, text);
        write_at(writer, operation->as.operation.left, precedence);
        return;
    }
    bool chains = precedence != PRECEDENCE_COMPARISON;
    write_at(writer, operation->as.operation.left, chains ? precedence : precedence + 1);
    writer_format(&writer->lines, " %s ", text);
    write_at(writer, operation->as.operation.right, precedence + 1);
}

static void write_conditional(struct flow_writer *writer, const struct ast_expression *expression)
{
    write_at(writer, expression->as.conditional.then, PRECEDENCE_COALESCE);
    writer_string(&writer->lines, " if ");
    write_at(writer, expression->as.conditional.condition, PRECEDENCE_COALESCE);
    writer_string(&writer->lines, " else ");
    write_at(writer, expression->as.conditional.otherwise, PRECEDENCE_CONDITIONAL);
}

/* Behind a dot words of the language are names, too. */
static void write_member(struct flow_writer *writer, struct ast_name name)
{
    if (!name.quoted && text_is_word(name.bytes, false))
        writer_string(&writer->lines, name.bytes);
    else
        write_name(writer, name);
}

static void write_bound(struct flow_writer *writer, const char *before,
                        const struct ast_expression *bound)
{
    writer_string(&writer->lines, before);
    if (bound) write_expression(writer, bound);
}

static void write_slice(struct flow_writer *writer, const struct ast_expression *slice)
{
    write_at(writer, slice->as.slice.object, PRECEDENCE_POSTFIX);
    write_bound(writer, "[", slice->as.slice.from);
    write_bound(writer, ":", slice->as.slice.to);
    if (slice->as.slice.step) write_bound(writer, ":", slice->as.slice.step);
    writer_string(&writer->lines, "]");
}

static void write_call(struct flow_writer *writer, const struct ast_expression *call)
{
    if (call->kind == EXPRESSION_METHOD) {
        write_at(writer, call->as.call.object, PRECEDENCE_POSTFIX);
        writer_string(&writer->lines, ".");
        write_member(writer, call->as.call.name);
    } else {
        write_name(writer, call->as.call.name);
    }
    write_list(writer, "(", call->as.call.arguments, ")");
}

static void write_comprehension(struct flow_writer *writer, const struct ast_expression *expression)
{
    struct source_writer *lines = &writer->lines;
    writer_string(lines, "[");
    write_expression(writer, expression->as.comprehension.element);
    writer_string(lines, " for ");
    write_name(writer, expression->as.comprehension.variable);
    writer_string(lines, " in ");
    write_at(writer, expression->as.comprehension.iterable, PRECEDENCE_COALESCE);
    if (expression->as.comprehension.condition) {
        writer_string(lines, " if ");
        write_at(writer, expression->as.comprehension.condition, PRECEDENCE_COALESCE);
    }
    writer_string(lines, "]");
}

static void write_prefixed(struct flow_writer *writer, char prefix, struct bamboo_value value)
{
    size_t size = 0;
    const char *bytes = bamboo_string_bytes(value, &size);
    write_prefixed_text(writer, prefix, bytes, size);
}

static void write_kind(struct flow_writer *writer, const struct ast_expression *expression)
{
    switch (expression->kind) {
    case EXPRESSION_LITERAL: write_value(writer, expression->as.literal); break;
    case EXPRESSION_NAME: write_name(writer, expression->as.name); break;
    case EXPRESSION_TEXT: write_text_parts(writer, expression, place_of(writer)); break;
    case EXPRESSION_FIELD:
        write_at(writer, expression->as.field.object, PRECEDENCE_POSTFIX);
        writer_string(&writer->lines, expression->as.field.optional ? "?." : ".");
        write_member(writer, expression->as.field.name);
        break;
    case EXPRESSION_INDEX:
        write_at(writer, expression->as.index.object, PRECEDENCE_POSTFIX);
        write_bound(writer, "[", expression->as.index.index);
        writer_string(&writer->lines, "]");
        break;
    case EXPRESSION_SLICE: write_slice(writer, expression); break;
    case EXPRESSION_CALL:
    case EXPRESSION_METHOD: write_call(writer, expression); break;
    case EXPRESSION_UNARY:
    case EXPRESSION_BINARY: write_operation(writer, expression); break;
    case EXPRESSION_CONDITIONAL: write_conditional(writer, expression); break;
    case EXPRESSION_LIST: write_list(writer, "[", expression->as.list.elements, "]"); break;
    case EXPRESSION_MAP: write_map(writer, expression->as.map.entries); break;
    case EXPRESSION_COMPREHENSION: write_comprehension(writer, expression); break;
    case EXPRESSION_TEMPLATE: write_prefixed(writer, 't', expression->as.literal); break;
    case EXPRESSION_RULE: write_prefixed(writer, 'b', expression->as.literal); break;
    case EXPRESSION_ERROR:
    case EXPRESSION_KIND_COUNT: break; /* a tree with mistakes is not written */
    }
}

/* In parentheses if it holds together less tightly than its place wants. */
static void write_at(struct flow_writer *writer, const struct ast_expression *expression,
                     enum precedence least)
{
    bool is_enclosed = precedence_of(expression) < least;
    if (is_enclosed) writer_string(&writer->lines, "(");
    write_kind(writer, expression);
    if (is_enclosed) writer_string(&writer->lines, ")");
}

void write_expression(struct flow_writer *writer, const struct ast_expression *expression)
{
    write_at(writer, expression, PRECEDENCE_CONDITIONAL);
}

void write_assigned(struct flow_writer *writer, const struct ast_expression *expression)
{
    bool is_call = expression->kind == EXPRESSION_CALL;
    if (is_call) writer_string(&writer->lines, "(");
    write_expression(writer, expression);
    if (is_call) writer_string(&writer->lines, ")");
}

void write_spliced(struct flow_writer *writer, const struct ast_expression *expression)
{
    bool was_flat = writer->lines.is_flat;
    writer->splice_depth++;
    writer->lines.is_flat = true;
    write_expression(writer, expression);
    writer->lines.is_flat = was_flat;
    writer->splice_depth--;
}

/* --- Arguments --- */

/* The name of an argument: that of a variable of a context may be written without its ${ }. How it
 * was written matters only for a pipeline with a context, which may be one that is imported. */
static void write_argument_name(struct flow_writer *writer, struct ast_name name,
                                const struct ast_pipeline *callee)
{
    bool is_key = name.quoted && callee && callee->context;
    name.quoted = name.quoted && !callee && writer->file && writer->file->imports;
    if (is_key)
        write_key(writer, name.bytes);
    else
        write_member(writer, name);
    writer_string(&writer->lines, ": ");
}

void write_arguments(struct flow_writer *writer, const struct ast_argument *arguments,
                     const struct ast_pipeline *callee)
{
    struct source_writer *lines = &writer->lines;
    if (!arguments) {
        writer_string(lines, "()");
        return;
    }
    struct attempt attempt = writer_attempt(lines);
    do {
        writer_open(lines, "(");
        for (const struct ast_argument *argument = arguments; argument; argument = argument->next) {
            if (argument != arguments) writer_separate(lines);
            if (argument->name.bytes) write_argument_name(writer, argument->name, callee);
            write_expression(writer, argument->value);
        }
        writer_close(lines, ")");
    } while (writer_again(lines, &attempt));
}
