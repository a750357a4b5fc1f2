/* The check behind the body of a loop. The rounds are counted in a variable of its own,
 * "<name>.count", which is null whenever the loop is not running. Not meeting a condition within
 * the bound is a failure: a bound that is used up must not pass for success. */
#include <inttypes.h>

#include "compiler/generator.h"

struct repeat_check {
    struct generator *generator;
    const struct graph_node *node;
    const struct ast_statement *statement;
    const struct graph_flow *leave, *back;
};

static void emit_leave(const struct repeat_check *check, const struct graph_flow *flow)
{
    generate_emit(check->generator, OP_LEAVE, flow->index);
}

/* Goes on behind the loop, and makes it ready for another time. */
static void emit_exit(const struct repeat_check *check)
{
    if (check->node->variable != NULL) {
        generate_null(check->generator);
        generate_emit(check->generator, OP_ASSIGN, check->node->variable->index);
    }
    emit_leave(check, check->leave);
}

/* The rounds so far, this one included. */
static void emit_rounds(const struct repeat_check *check)
{
    struct generator *generator = check->generator;
    generate_emit(generator, OP_TRY_VARIABLE, check->node->variable->index);
    generate_emit(generator, OP_DUPLICATE, 0);
    generate_emit(generator, OP_IS_PRESENT, 0);
    uint32_t have = generate_jump(generator, OP_JUMP_TRUE);
    generate_emit(generator, OP_POP, 0);
    generate_integer(generator, 0);
    generate_land(generator, have);
    generate_integer(generator, 1);
    generate_emit(generator, OP_ADD, 0);
}

static void emit_exhausted(const struct repeat_check *check)
{
    struct generator *generator = check->generator;
    const struct ast_statement *statement = check->statement;
    const struct graph_node *head = check->back->target;
    if (head->kind == NODE_KIND_ACTIVITY) head = head->flows->target; /* past the wait */
    const char *text = compilation_format(
        generator->compilation, "repeat %s: the condition was not met in %" PRId64 " round%s",
        head->name, statement->as.repeat.count, statement->as.repeat.count == 1 ? "" : "s");
    if (text == NULL) return;
    generate_text(generator, text);
    generate_emit(generator, OP_FAIL, 0);
}

/* The loop has a bound: counts, and goes back while there are rounds left. */
static void emit_bounded(const struct repeat_check *check)
{
    struct generator *generator = check->generator;
    emit_rounds(check);
    generate_emit(generator, OP_DUPLICATE, 0);
    generate_integer(generator, check->statement->as.repeat.count);
    generate_emit(generator, OP_LESS, 0);
    uint32_t again = generate_jump(generator, OP_JUMP_TRUE);
    generate_emit(generator, OP_POP, 0);
    if (check->statement->as.repeat.condition != NULL)
        emit_exhausted(check);
    else
        emit_exit(check);
    generate_land(generator, again);
    generator->depth = 1; /* the rounds */
    generate_emit(generator, OP_ASSIGN, check->node->variable->index);
    emit_leave(check, check->back);
}

void generate_repeat_check(struct generator *generator, const struct graph_node *node)
{
    const struct ast_statement *statement = node->statement;
    const struct repeat_check check = {.generator = generator,
                                       .node = node,
                                       .statement = statement,
                                       .leave = node->flows,
                                       .back = node->flows->next};
    if (statement->as.repeat.condition != NULL) {
        generate_expression(generator, statement->as.repeat.condition);
        generate_place(generator, node->span);
        uint32_t again =
            generate_jump(generator, statement->as.repeat.is_while ? OP_JUMP_TRUE : OP_JUMP_FALSE);
        emit_exit(&check);
        generate_land(generator, again);
    }
    if (node->variable != NULL)
        emit_bounded(&check);
    else
        emit_leave(&check, check.back);
}
