/* Inside the checks of graphs that are not made of blocks: what their files share. While a form is
 * checked, graph_node.index counts the nodes of its pipeline. */
#ifndef COMPILER_GRAPH_FORM_H
#define COMPILER_GRAPH_FORM_H

#include "compiler/checker.h"

#define FORM_NONE UINT32_MAX

struct form {
    struct checker *checker;
    struct graph_pipeline *pipeline;
    bool tolerates_cycles;
    uint32_t count;            /* nodes, without attached ones */
    struct graph_node **nodes; /* by index */
    uint32_t *entering;        /* by index: flows that lead there */
    uint32_t *order;           /* indices of reached nodes; each stands behind those that lead to
                                * it, but for ways back */
    uint32_t reached;          /* how many */
    uint32_t *positions;       /* by index: in `order`; FORM_NONE: not reached */
    uint32_t *meets;           /* by index: of a gateway its converge, or FORM_NONE */
};

static inline bool form_is_fork(const struct graph_node *node)
{
    return node->kind == NODE_KIND_PARALLEL || node->kind == NODE_KIND_INCLUSIVE;
}
static inline bool form_is_gateway(const struct graph_node *node)
{
    return node->kind == NODE_KIND_EXCLUSIVE || form_is_fork(node);
}

/* How a message calls a node: "activity", "parallel gateway". */
const char *form_kind_word(const struct graph_node *node);

/* A name in a message: long ones are cut. */
#define FORM_NAME "'%.80s'"

/* Orders the nodes; reports cycles unless they are tolerated (check_form_cycles.c). False: memory
 * is out, or there is a cycle. */
bool form_order(struct form *form);

/* Finds the converge of each gateway, and reports gateways whose branches do not meet as they must
 * (check_form_converges.c). False: something was reported, or memory is out. */
bool form_match_converges(struct form *form);

/* Reports nodes that are reached in two streams, or in none (check_form_streams.c). */
void form_check_streams(struct form *form);

#endif
