/* Lists, maps, texts and comprehensions. Long ones are made in pieces, so that their length does
 * not depend on the operand stack's. */
#include "base/value.h"
#include "compiler/fold.h"
#include "compiler/generator.h"
#include "compiler/shell_command.h"

/* Values on the stack before a piece is made of them. */
#define PIECE_COUNT 64
/* Locals of a comprehension: container, position, element (BEGIN_ITERATION), result. */
#define LOCAL_ELEMENT 2
#define LOCAL_RESULT  3
#define LOCAL_COUNT   4

static bool is_constant(const struct ast_expression *expression);

static bool are_constant(const struct ast_expression *expressions)
{
    for (const struct ast_expression *each = expressions; each != NULL; each = each->next)
        if (!is_constant(each)) return false;
    return true;
}

static bool keys_are_texts(const struct ast_expression *entries)
{
    for (const struct ast_expression *key = entries; key != NULL; key = key->next->next)
        if (key->kind != EXPRESSION_LITERAL || key->as.literal.type != BAMBOO_STRING) return false;
    return true;
}

static bool is_constant(const struct ast_expression *expression)
{
    struct bamboo_value value = bamboo_missing();
    if (expression->kind == EXPRESSION_LITERAL) return true;
    if (expression->kind == EXPRESSION_LIST) return are_constant(expression->as.list.elements);
    if (expression->kind == EXPRESSION_MAP)
        return keys_are_texts(expression->as.map.entries) &&
               are_constant(expression->as.map.entries);
    return fold_expression(expression, &value, NULL) == FOLD_VALUE;
}

static enum bamboo_status constant_list(const struct ast_expression *elements,
                                        struct bamboo_value *out, struct bamboo_error *error);
static enum bamboo_status constant_map(const struct ast_expression *entries,
                                       struct bamboo_value *out, struct bamboo_error *error);

/* The value of an expression for which is_constant() holds; *out is the caller's. */
static enum bamboo_status constant_value(const struct ast_expression *expression,
                                         struct bamboo_value *out, struct bamboo_error *error)
{
    if (expression->kind == EXPRESSION_LIST)
        return constant_list(expression->as.list.elements, out, error);
    if (expression->kind == EXPRESSION_MAP)
        return constant_map(expression->as.map.entries, out, error);
    if (expression->kind == EXPRESSION_LITERAL)
        *out = bamboo_value_retain(expression->as.literal);
    else
        (void)fold_expression(expression, out, error);
    return BAMBOO_OK;
}

static enum bamboo_status constant_list(const struct ast_expression *elements,
                                        struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    for (const struct ast_expression *each = elements; each != NULL; each = each->next) {
        struct bamboo_value value = bamboo_missing();
        enum bamboo_status status = constant_value(each, &value, error);
        if (status != BAMBOO_OK) {
            bamboo_list_builder_release(&builder);
            return status;
        }
        bamboo_list_builder_append_take(&builder, value);
    }
    return bamboo_list_builder_finish(&builder, out, error);
}

static enum bamboo_status constant_map(const struct ast_expression *entries,
                                       struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_map_builder builder;
    bamboo_map_builder_init(&builder);
    for (const struct ast_expression *key = entries; key != NULL; key = key->next->next) {
        struct bamboo_value value = bamboo_missing();
        enum bamboo_status status = constant_value(key->next, &value, error);
        if (status != BAMBOO_OK) {
            bamboo_map_builder_release(&builder);
            return status;
        }
        bamboo_map_builder_put_take(&builder, key->as.literal, value);
    }
    return bamboo_map_builder_finish(&builder, out, error);
}

/* Emits what was built, or remembers why it was not. */
static void emit_built(struct generator *generator, enum bamboo_status status,
                       struct bamboo_value value)
{
    if (status == BAMBOO_OK)
        generate_constant(generator, value);
    else
        generate_fail(generator, status);
    bamboo_value_release(value);
}

/* Makes a piece of `count` values (or pairs) and puts it behind the pieces before it. */
static void make_piece(struct generator *generator, enum opcode make, uint32_t count, bool is_first)
{
    generate_emit(generator, make, count);
    if (!is_first) generate_emit(generator, OP_ADD, 0);
}

void generate_list(struct generator *generator, const struct ast_expression *elements)
{
    if (elements != NULL && are_constant(elements)) {
        struct bamboo_value value = bamboo_missing();
        enum bamboo_status status = constant_list(elements, &value, generator->error);
        emit_built(generator, status, value);
        return;
    }
    uint32_t count = 0;
    bool is_first = true;
    for (const struct ast_expression *each = elements; each != NULL; each = each->next) {
        generate_expression(generator, each);
        if (++count < PIECE_COUNT || each->next == NULL) continue;
        make_piece(generator, OP_MAKE_LIST, count, is_first);
        is_first = false;
        count = 0;
    }
    make_piece(generator, OP_MAKE_LIST, count, is_first);
}

void generate_map(struct generator *generator, const struct ast_expression *expression)
{
    const struct ast_expression *entries = expression->as.map.entries;
    if (entries != NULL && is_constant(expression)) {
        struct bamboo_value value = bamboo_missing();
        enum bamboo_status status = constant_map(entries, &value, generator->error);
        emit_built(generator, status, value);
        return;
    }
    uint32_t count = 0;
    bool is_first = true;
    for (const struct ast_expression *key = entries; key != NULL; key = key->next->next) {
        generate_expression(generator, key);
        generate_expression(generator, key->next);
        if (++count < PIECE_COUNT || key->next->next == NULL) continue;
        make_piece(generator, OP_MAKE_MAP, count, is_first);
        is_first = false;
        count = 0;
    }
    make_piece(generator, OP_MAKE_MAP, count, is_first);
}

/* What is spliced into a shell command is quoted; raw(x) is x as it is. */
static void generate_splice(struct generator *generator, const struct ast_expression *splice)
{
    if (splice->kind == EXPRESSION_LITERAL && splice->as.literal.type == BAMBOO_STRING) {
        generate_expression(generator, splice);
    } else if (shell_is_raw(splice)) {
        generate_expression(generator, splice->as.call.arguments);
    } else {
        generate_expression(generator, splice);
        generate_place(generator, splice->span);
        generate_emit(generator, OP_SHELL_WORD, 0);
    }
}

void generate_text_parts(struct generator *generator, const struct ast_expression *expression,
                         bool is_shell)
{
    uint32_t count = 0;
    for (const struct ast_expression *part = expression->as.text.parts; part != NULL;
         part = part->next) {
        if (is_shell)
            generate_splice(generator, part);
        else
            generate_expression(generator, part);
        if (++count < PIECE_COUNT) continue;
        generate_emit(generator, OP_MAKE_TEXT, count);
        count = 1;
    }
    generate_place(generator, expression->span);
    generate_emit(generator, OP_MAKE_TEXT, count);
}

void generate_shell_command(struct generator *generator, const struct ast_expression *expression)
{
    if (expression->kind == EXPRESSION_TEXT) {
        generate_text_parts(generator, expression, true);
    } else if (expression->kind == EXPRESSION_CONDITIONAL) {
        generate_expression(generator, expression->as.conditional.condition);
        uint32_t otherwise = generate_jump(generator, OP_JUMP_FALSE);
        generate_shell_command(generator, expression->as.conditional.then);
        uint32_t end = generate_jump(generator, OP_JUMP);
        generator->depth--;
        generate_land(generator, otherwise);
        generate_shell_command(generator, expression->as.conditional.otherwise);
        generate_land(generator, end);
    } else if (shell_is_raw(expression)) {
        generate_expression(generator, expression->as.call.arguments);
    } else {
        generate_expression(generator, expression);
    }
}

void generate_comprehension(struct generator *generator, const struct ast_expression *expression)
{
    /* The iterable is evaluated first: comprehensions inside of it use the same locals. */
    generate_expression(generator, expression->as.comprehension.iterable);
    uint32_t first = generator->next_local;
    generate_place(generator, expression->span);
    generate_emit(generator, OP_BEGIN_ITERATION, first);
    generate_emit(generator, OP_MAKE_LIST, 0);
    generate_emit(generator, OP_STORE_LOCAL, first + LOCAL_RESULT);
    const struct generator_local local = {expression->as.comprehension.variable.bytes,
                                          first + LOCAL_ELEMENT, generator->locals};
    generator->locals = &local;
    generator->next_local += LOCAL_COUNT;

    uint32_t loop = generate_emit(generator, OP_ITERATE, first);
    uint32_t end = generate_jump(generator, OP_JUMP_FALSE);
    if (expression->as.comprehension.condition != NULL) {
        generate_expression(generator, expression->as.comprehension.condition);
        generate_emit(generator, OP_JUMP_FALSE, loop);
    }
    generate_expression(generator, expression->as.comprehension.element);
    generate_emit(generator, OP_APPEND_LOCAL, first + LOCAL_RESULT);
    generate_emit(generator, OP_JUMP, loop);
    generate_land(generator, end);
    generate_emit(generator, OP_LOAD_LOCAL, first + LOCAL_RESULT);

    generator->locals = local.outer;
    generator->next_local = first;
}
