#include "grammar/ast_build.h"
#include "grammar/name.h"

#include <assert.h>
#include <string.h>

/* A tail that is a call keeps its arguments as they were written. */
struct call_expression {
    struct ast_expression expression; /* first */
    struct ast_argument *arguments;
    struct span first_name; /* size 0: no argument has a name */
};
static_assert(sizeof(struct call_expression) <= PARSER_SCRATCH_SIZE, "scratch memory is too small");

/* Nothing is linked once memory is out, since all new nodes are the same scratch then. */
#define LIST(name) \
    struct name##_list name##_list_append(const struct parser *parser, struct name##_list list, \
                                          struct ast_##name *element) \
    { \
        if (parser->out_of_memory) return list; \
        if (list.last) \
            list.last->next = element; \
        else \
            list.first = element; \
        list.last = element; \
        list.count++; \
        return list; \
    }
#include "grammar/ast_lists.def"
#undef LIST

static struct ast_expression *expression(struct parser *parser, enum ast_expression_kind kind,
                                         struct span span)
{
    struct ast_expression *result = parser_allocate(parser, sizeof *result);
    result->kind = kind;
    result->span = span;
    result->depth = 1;
    return result;
}

/* Notes that `part` (or NULL) is inside `whole`. */
static void contain(struct parser *parser, struct ast_expression *whole,
                    const struct ast_expression *part)
{
    if (!part || part->depth < whole->depth) return;
    whole->depth = part->depth + 1;
    if (whole->depth > SOURCE_DEPTH_MAX)
        parser_too_deep(parser, (struct span){part->span.source, part->span.offset, 1});
}

static void contain_all(struct parser *parser, struct ast_expression *whole,
                        const struct ast_expression *first)
{
    for (const struct ast_expression *part = first; part; part = part->next)
        contain(parser, whole, part);
}

struct ast_expression *ast_error(struct parser *parser, struct span span)
{
    return expression(parser, EXPRESSION_ERROR, span);
}

static void release_value(void *object)
{
    bamboo_value_release(*(struct bamboo_value *)object);
}

struct ast_expression *ast_literal(struct parser *parser, struct span span,
                                   struct bamboo_value value)
{
    struct ast_expression *result = expression(parser, EXPRESSION_LITERAL, span);
    result->as.literal = value;
    if (parser->out_of_memory)
        bamboo_value_release(value);
    else if ((value.type == BAMBOO_STRING || value.type == BAMBOO_BIG_INTEGER) &&
             !arena_on_destroy(parser->arena, release_value, &result->as.literal))
        parser_out_of_memory(parser);
    return result;
}

struct ast_expression *ast_name_expression(struct parser *parser, struct span span)
{
    struct ast_expression *result = expression(parser, EXPRESSION_NAME, span);
    result->as.name = parser_name(parser, span);
    return result;
}

struct ast_expression *ast_key(struct parser *parser, struct span span)
{
    struct bamboo_value key;
    struct ast_name name = parser_name(parser, span);
    if (bamboo_string_create(name.bytes, strlen(name.bytes), &key, NULL) != BAMBOO_OK) {
        parser_out_of_memory(parser);
        return ast_error(parser, span);
    }
    return ast_literal(parser, span, key);
}

struct ast_expression *ast_text(struct parser *parser, struct span span,
                                struct expression_list parts)
{
    struct ast_expression *result = expression(parser, EXPRESSION_TEXT, span);
    result->as.text.parts = parts.first;
    contain_all(parser, result, parts.first);
    return result;
}

struct ast_expression *ast_list(struct parser *parser, struct span span,
                                struct expression_list elements)
{
    struct ast_expression *result = expression(parser, EXPRESSION_LIST, span);
    result->as.list.elements = elements.first;
    result->as.list.count = elements.count;
    contain_all(parser, result, elements.first);
    return result;
}

struct ast_expression *ast_map(struct parser *parser, struct span span,
                               struct expression_list entries)
{
    struct ast_expression *result = expression(parser, EXPRESSION_MAP, span);
    result->as.map.entries = entries.first;
    result->as.map.count = entries.count / 2;
    contain_all(parser, result, entries.first);
    return result;
}

/* `not` binds its operand more loosely than this operator: a + not b. */
static void check_not(struct parser *parser, enum ast_operator operator,
                      const struct ast_expression * operand)
{
    bool is_not = operand->kind == EXPRESSION_UNARY &&
                  operand->as.operation.operator== OPERATOR_NOT &&
                  operand->span.offset == operand->as.operation.operator_span.offset;
    if (!is_not || operator<= OPERATOR_NOT) return;
    struct diagnostic *diagnostic =
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_SYNTAX, operand->as.operation.operator_span,
                        "'not' cannot stand behind this operator");
    diagnostic_help(parser->diagnostics, diagnostic, "write (not ...)");
}

struct ast_expression *ast_unary(struct parser *parser, struct span span,
                                 enum ast_operator operator, struct span operator_span,
                                 struct ast_expression *operand)
{
    struct ast_expression *result = expression(parser, EXPRESSION_UNARY, span);
    result->as.operation.operator= operator;
    result->as.operation.operator_span = operator_span;
    result->as.operation.left = operand;
    contain(parser, result, operand);
    check_not(parser, operator, operand);
    return result;
}

static bool is_comparison(enum ast_operator operator)
{
    return operator>= OPERATOR_EQUAL && operator<= OPERATOR_NOT_IN;
}

/* a < b < c; parentheses around a < b would begin before a. */
static bool is_chain(enum ast_operator operator, const struct ast_expression * left)
{
    return is_comparison(operator) && left->kind == EXPRESSION_BINARY &&
           is_comparison(left->as.operation.operator) &&
           left->span.offset == left->as.operation.left->span.offset;
}

struct ast_expression *ast_binary(struct parser *parser, enum ast_operator operator,
                                  struct span operator_span, struct ast_expression *left,
                                  struct ast_expression *right)
{
    struct ast_expression *result =
        expression(parser, EXPRESSION_BINARY, span_join(left->span, right->span));
    result->as.operation.operator= operator;
    result->as.operation.operator_span = operator_span;
    result->as.operation.left = left;
    result->as.operation.right = right;
    contain(parser, result, left);
    contain(parser, result, right);
    check_not(parser, operator, right);
    if (is_chain(operator, left)) {
        struct diagnostic *diagnostic =
            diagnostics_add(parser->diagnostics, DIAGNOSTIC_SYNTAX, operator_span,
                            "comparisons do not form a chain");
        diagnostic_help(parser->diagnostics, diagnostic, "write 'a < b and b < c'");
    }
    return result;
}

struct ast_expression *ast_conditional(struct parser *parser, struct span span,
                                       struct ast_expression *then,
                                       struct ast_expression *condition,
                                       struct ast_expression *otherwise)
{
    struct ast_expression *result = expression(parser, EXPRESSION_CONDITIONAL, span);
    result->as.conditional.condition = condition;
    result->as.conditional.then = then;
    result->as.conditional.otherwise = otherwise;
    contain(parser, result, then);
    contain(parser, result, condition);
    contain(parser, result, otherwise);
    return result;
}

struct ast_expression *ast_comprehension(struct parser *parser, struct span span,
                                         struct ast_expression *element, struct span variable,
                                         struct ast_expression *iterable,
                                         struct ast_expression *condition)
{
    struct ast_expression *result = expression(parser, EXPRESSION_COMPREHENSION, span);
    result->as.comprehension.element = element;
    result->as.comprehension.variable = parser_name(parser, variable);
    result->as.comprehension.iterable = iterable;
    result->as.comprehension.condition = condition;
    contain(parser, result, element);
    contain(parser, result, iterable);
    contain(parser, result, condition);
    return result;
}

struct ast_expression *ast_field(struct parser *parser, struct span name, bool is_optional)
{
    struct ast_expression *tail = expression(parser, EXPRESSION_FIELD, name);
    tail->as.field.name = parser_name(parser, name);
    tail->as.field.optional = is_optional;
    return tail;
}

struct ast_expression *ast_index(struct parser *parser, struct ast_expression *index)
{
    struct ast_expression *tail = expression(parser, EXPRESSION_INDEX, index->span);
    tail->as.index.index = index;
    contain(parser, tail, index);
    return tail;
}

struct ast_expression *ast_slice(struct parser *parser, struct ast_expression *from,
                                 struct ast_expression *to, struct ast_expression *step)
{
    struct ast_expression *tail =
        expression(parser, EXPRESSION_SLICE, (struct span){parser->source, 0, 0});
    tail->as.slice.from = from;
    tail->as.slice.to = to;
    tail->as.slice.step = step;
    contain(parser, tail, from);
    contain(parser, tail, to);
    contain(parser, tail, step);
    return tail;
}

struct ast_argument *ast_argument(struct parser *parser, struct span span, struct span name,
                                  struct ast_expression *value)
{
    struct ast_argument *argument = parser_allocate(parser, sizeof *argument);
    if (name.size > 0) argument->name = parser_name(parser, name);
    argument->value = value;
    argument->span = span;
    return argument;
}

struct ast_expression *ast_call(struct parser *parser, struct argument_list arguments)
{
    struct call_expression *call = parser_allocate(parser, sizeof *call);
    struct ast_expression *tail = &call->expression;
    struct expression_list values = {NULL, NULL, 0};
    tail->kind = EXPRESSION_CALL;
    tail->depth = 1;
    call->arguments = arguments.first;
    for (struct ast_argument *argument = arguments.first; argument; argument = argument->next) {
        values = expression_list_append(parser, values, argument->value);
        if (call->first_name.size == 0) call->first_name = argument->name.span;
    }
    tail->as.call.arguments = values.first;
    tail->as.call.argument_count = values.count;
    contain_all(parser, tail, values.first);
    return tail;
}

struct ast_argument *ast_call_arguments(const struct ast_expression *call)
{
    return ((const struct call_expression *)call)->arguments;
}

static void remember_named_call(struct parser *parser, struct ast_expression *call)
{
    struct span name = ((struct call_expression *)call)->first_name;
    if (name.size == 0 || parser->out_of_memory) return;
    struct named_call *named = parser_allocate(parser, sizeof *named);
    named->call = call;
    named->name = name;
    named->next = parser->named_calls;
    if (!parser->out_of_memory) parser->named_calls = named;
}

/* Gives a call what is called: a NAME becomes a function, a FIELD a method. */
static void attach_call(struct parser *parser, const struct ast_expression *object,
                        struct ast_expression *call)
{
    bool is_name =
        object->kind == EXPRESSION_NAME && object->span.offset == object->as.name.span.offset;
    bool is_method = object->kind == EXPRESSION_FIELD &&
                     span_end(object->span) == span_end(object->as.field.name.span);
    if (is_name) {
        call->as.call.name = object->as.name;
    } else if (is_method) {
        call->kind = EXPRESSION_METHOD;
        call->as.call.object = object->as.field.object;
        call->as.call.name = object->as.field.name;
        contain(parser, call, object->as.field.object);
        if (object->as.field.optional)
            diagnostics_add(parser->diagnostics, DIAGNOSTIC_SYNTAX, object->span,
                            "a method is called with '.', not with '?.'");
    } else {
        call->kind = EXPRESSION_ERROR;
        if (object->kind != EXPRESSION_ERROR)
            diagnostics_add(parser->diagnostics, DIAGNOSTIC_SYNTAX, object->span,
                            "only a name can be called: function(...), value.method(...)");
        return;
    }
    remember_named_call(parser, call);
}

struct ast_expression *ast_attach(struct parser *parser, struct span span,
                                  struct ast_expression *object, struct ast_expression *tail)
{
    tail->span = span;
    if (tail->kind == EXPRESSION_CALL) {
        attach_call(parser, object, tail);
        return tail;
    }
    if (tail->kind == EXPRESSION_FIELD)
        tail->as.field.object = object;
    else if (tail->kind == EXPRESSION_INDEX)
        tail->as.index.object = object;
    else
        tail->as.slice.object = object;
    contain(parser, tail, object);
    return tail;
}

bool ast_is_plain_call(const struct ast_expression *expression)
{
    return expression->kind == EXPRESSION_CALL &&
           expression->span.offset == expression->as.call.name.span.offset;
}
