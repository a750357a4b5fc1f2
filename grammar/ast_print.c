#include "grammar/ast_print.h"

#include "base/json.h"
#include "base/value.h"

/* --- Expressions --- */

static const char *operator_text(enum ast_operator operator)
{
    static const char *const TEXTS[] = {
#define OPERATOR(name, text, opcode, operands) [OPERATOR_##name] = text,
#include "grammar/operators.def"
#undef OPERATOR
    };
    return TEXTS[operator];
}

static void print_literal(struct text *out, struct bamboo_value value)
{
    size_t size = 0;
    if (value.type != BAMBOO_STRING) {
        value_append_text(out, value);
        return;
    }
    const char *bytes = bamboo_string_bytes(value, &size);
    json_append_string(out, bytes, size);
}

/* " expression", or " -" for none. */
static void print_part(struct text *out, const struct ast_expression *expression)
{
    text_append_character(out, ' ');
    if (expression)
        ast_print_expression(expression, out);
    else
        text_append_character(out, '-');
}

static void print_all(struct text *out, const struct ast_expression *first)
{
    for (const struct ast_expression *part = first; part; part = part->next)
        print_part(out, part);
}

static void print_call(struct text *out, const struct ast_expression *call)
{
    bool is_method = call->kind == EXPRESSION_METHOD;
    text_append_format(out, is_method ? "(method %s" : "(call %s", call->as.call.name.bytes);
    if (is_method) print_part(out, call->as.call.object);
    print_all(out, call->as.call.arguments);
}

static void print_operation(struct text *out, const struct ast_expression *operation)
{
    text_append_format(out, "(%s", operator_text(operation->as.operation.operator));
    print_part(out, operation->as.operation.left);
    if (operation->as.operation.right) print_part(out, operation->as.operation.right);
}

static void print_slice(struct text *out, const struct ast_expression *slice)
{
    text_append_string(out, "(slice");
    print_part(out, slice->as.slice.object);
    print_part(out, slice->as.slice.from);
    print_part(out, slice->as.slice.to);
    print_part(out, slice->as.slice.step);
}

static void print_comprehension(struct text *out, const struct ast_expression *comprehension)
{
    text_append_string(out, "(for");
    print_part(out, comprehension->as.comprehension.element);
    text_append_format(out, " %s", comprehension->as.comprehension.variable.bytes);
    print_part(out, comprehension->as.comprehension.iterable);
    if (comprehension->as.comprehension.condition)
        print_part(out, comprehension->as.comprehension.condition);
}

/* Everything with an opening parenthesis, without the closing one. */
static void print_compound(struct text *out, const struct ast_expression *expression)
{
    switch (expression->kind) {
    case EXPRESSION_TEXT:
        text_append_string(out, "(text");
        print_all(out, expression->as.text.parts);
        break;
    case EXPRESSION_FIELD:
        text_append_string(out, expression->as.field.optional ? "(maybe" : "(field");
        print_part(out, expression->as.field.object);
        text_append_format(out, " %s", expression->as.field.name.bytes);
        break;
    case EXPRESSION_INDEX:
        text_append_string(out, "(index");
        print_part(out, expression->as.index.object);
        print_part(out, expression->as.index.index);
        break;
    case EXPRESSION_SLICE: print_slice(out, expression); break;
    case EXPRESSION_CALL:
    case EXPRESSION_METHOD: print_call(out, expression); break;
    case EXPRESSION_UNARY:
    case EXPRESSION_BINARY: print_operation(out, expression); break;
    case EXPRESSION_CONDITIONAL:
        text_append_string(out, "(if");
        print_part(out, expression->as.conditional.condition);
        print_part(out, expression->as.conditional.then);
        print_part(out, expression->as.conditional.otherwise);
        break;
    case EXPRESSION_LIST:
        text_append_string(out, "(list");
        print_all(out, expression->as.list.elements);
        break;
    case EXPRESSION_MAP:
        text_append_string(out, "(map");
        print_all(out, expression->as.map.entries);
        break;
    case EXPRESSION_COMPREHENSION: print_comprehension(out, expression); break;
    case EXPRESSION_TEMPLATE:
        text_append_string(out, "(template ");
        print_literal(out, expression->as.literal);
        break;
    case EXPRESSION_RULE:
        text_append_string(out, "(rule ");
        print_literal(out, expression->as.literal);
        break;
    case EXPRESSION_ERROR:
    case EXPRESSION_LITERAL:
    case EXPRESSION_NAME:
    case EXPRESSION_KIND_COUNT: break; /* not compound */
    }
}

void ast_print_expression(const struct ast_expression *expression, struct text *out)
{
    if (expression->kind == EXPRESSION_ERROR) {
        text_append_string(out, "<error>");
    } else if (expression->kind == EXPRESSION_LITERAL) {
        print_literal(out, expression->as.literal);
    } else if (expression->kind == EXPRESSION_NAME) {
        text_append_string(out, expression->as.name.bytes);
    } else {
        print_compound(out, expression);
        text_append_character(out, ')');
    }
}
