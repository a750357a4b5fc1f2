/* repeat: a converge where the rounds begin, the body, and a check that goes on or back:
 *
 *     -> <name> -> body -> <name>_check -> (exit)
 *           ^------ [<name>_wait] <-'
 *
 * The check has a flow out even where the loop never ends, so that the graph stays sound. */
#include "compiler/graph_builder.h"

/* Waits between the rounds, if the loop says `every`. */
static struct graph_flow *build_wait(struct graph_builder *builder, struct graph_flow *back,
                                     const struct ast_statement *statement, const char *name)
{
    if (statement->as.repeat.every_ms == 0) return back;
    const struct bamboo_component *sleep = compilation_component(builder->compilation, "sleep");
    if (sleep == NULL) {
        diagnostics_add(builder->compilation->diagnostics, DIAGNOSTIC_UNKNOWN_COMPONENT,
                        span_first_line(builder, statement->span),
                        "'every' needs the component 'sleep', which is not there");
        return back;
    }
    const char *base = compilation_format(builder->compilation, "%s_wait", name);
    struct graph_node *wait = NULL;
    back = build_node(builder, back, NODE_KIND_ACTIVITY,
                      graph_derive_name(builder->compilation, builder->pipeline, base, false),
                      statement, &wait);
    if (wait == NULL) return NULL;
    wait->flags = NODE_FLAG_DERIVED_NAME;
    wait->component = sleep;
    return back;
}

struct graph_flow *build_repeat(struct graph_builder *builder, struct graph_flow *position,
                                const struct ast_statement *statement)
{
    uint16_t flags = 0;
    const char *name = build_name(builder, statement, "repeat", &flags);
    struct graph_node *head = NULL;
    position = build_node(builder, position, NODE_KIND_CONVERGE, name, statement, &head);
    if (head == NULL) return NULL;
    head->flags = flags;

    position = build_block(builder, position, statement->as.repeat.block);
    if (position == NULL) return NULL;

    const char *base = compilation_format(builder->compilation, "%s_check", name);
    struct graph_node *check = NULL;
    struct graph_flow *leave = build_node(
        builder, position, NODE_KIND_EXCLUSIVE,
        graph_derive_name(builder->compilation, builder->pipeline, base, false), statement, &check);
    if (check == NULL) return NULL;
    check->flags = NODE_FLAG_DERIVED_NAME;
    check->span = span_last_byte(statement->as.repeat.block->span);
    if (statement->as.repeat.count > 0)
        check->variable =
            graph_add_variable(builder->compilation, builder->pipeline,
                               compilation_format(builder->compilation, "%s.count", name));
    struct graph_flow *back = graph_add_flow(builder->compilation, builder->pipeline, check);
    build_connect(build_wait(builder, back, statement, name), head);
    return leave;
}
