/* Reading names, fields and elements. In a chain that is tried (on the left of ??, or from a ?. on)
 * what is not there gives missing; check_assigned.c allows exactly these chains to read what may
 * not be set. */
#include <string.h>

#include "compiler/generator.h"

void generate_read(struct generator *generator, const char *name, bool is_tried)
{
    const struct generator_local *local = generator->locals;
    while (local != NULL && strcmp(local->name, name) != 0)
        local = local->outer;
    if (local != NULL) {
        generate_emit(generator, OP_LOAD_LOCAL, local->local);
        return;
    }
    const struct symbol *symbol = graph_symbol(generator->pipeline, name);
    if (symbol == NULL) return; /* a checked graph has none */
    if (symbol->variable != NULL)
        generate_emit(generator, is_tried ? OP_TRY_VARIABLE : OP_LOAD_VARIABLE,
                      symbol->variable->index);
    else if (symbol->node != NULL)
        generate_emit(generator, is_tried ? OP_TRY_OUTPUTS : OP_LOAD_OUTPUTS, symbol->node->index);
}

/* Generates one link of a chain and what it hangs on; returns whether the link is tried. */
static bool generate_link(struct generator *generator, const struct ast_expression *expression,
                          bool is_tried)
{
    switch (expression->kind) {
    case EXPRESSION_NAME:
        generate_place(generator, expression->span);
        generate_read(generator, expression->as.name.bytes, is_tried);
        return is_tried;
    case EXPRESSION_FIELD: {
        const char *name = expression->as.field.name.bytes;
        is_tried |= expression->as.field.optional;
        is_tried |= generate_link(generator, expression->as.field.object, is_tried);
        generate_place(generator, expression->span);
        generate_emit(generator, is_tried ? OP_TRY_FIELD : OP_FIELD,
                      image_name(generator->writer, name, strlen(name)));
        return is_tried;
    }
    case EXPRESSION_INDEX:
        is_tried |= generate_link(generator, expression->as.index.object, is_tried);
        generate_expression(generator, expression->as.index.index);
        generate_place(generator, expression->span);
        generate_emit(generator, is_tried ? OP_TRY_INDEX : OP_INDEX, 0);
        return is_tried;
    case EXPRESSION_ERROR:
    case EXPRESSION_LITERAL:
    case EXPRESSION_TEMPLATE:
    case EXPRESSION_RULE:
    case EXPRESSION_TEXT:
    case EXPRESSION_SLICE:
    case EXPRESSION_CALL:
    case EXPRESSION_METHOD:
    case EXPRESSION_UNARY:
    case EXPRESSION_BINARY:
    case EXPRESSION_CONDITIONAL:
    case EXPRESSION_LIST:
    case EXPRESSION_MAP:
    case EXPRESSION_COMPREHENSION:
    case EXPRESSION_KIND_COUNT: break;
    }
    generate_expression(generator, expression);
    return false;
}

void generate_access(struct generator *generator, const struct ast_expression *expression,
                     bool is_tried)
{
    bool may_miss = generate_link(generator, expression, is_tried);
    if (is_tried || !may_miss) return;
    /* x?.y is null where there is nothing: missing stays inside of expressions. */
    generate_emit(generator, OP_DUPLICATE, 0);
    generate_emit(generator, OP_IS_SET, 0);
    uint32_t end = generate_jump(generator, OP_JUMP_TRUE);
    generate_emit(generator, OP_POP, 0);
    generate_null(generator);
    generate_land(generator, end);
}
