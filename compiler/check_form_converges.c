/* The converge of each gateway, inner gateways first. A gateway is matched by what its branches
 * meet first: what stands on the way is stepped over, an inner gateway to its converge, or behind
 * it if that is all its own. Forks have to meet in one converge gateway that no other fork meets
 * in; exclusive gateways may share one, or lead to the end or back, outside of forks.
 *
 * This is bamboo-engine's way of matching, which decides what is accepted; only the recursion has
 * become a stack, since gateways may be nested deeply. */
#include <stdlib.h>

#include "compiler/graph_form.h"

struct gateway {
    uint32_t *targets; /* by branch: what it meets; FORM_NONE: something behind, or nothing */
    uint32_t target_count;
    uint32_t match;          /* its converge, or FORM_NONE */
    bool shares;             /* others may meet there too */
    uint32_t stack_position; /* FORM_NONE: not open */
    /* The outermost gateway whose block this node (of any kind) lies in; and is there another? */
    uint32_t block;
    bool in_other_blocks;
};

struct converge {
    uint32_t fork;       /* that meets here, or FORM_NONE */
    bool is_met;         /* some gateway meets here */
    uint32_t forward_in; /* branches of gateways that come here, not back here */
};

struct open_gateway {
    uint32_t node;
    uint32_t branch;     /* that is looked at */
    bool is_begun;       /* it was seen that the branch belongs to this block */
    uint32_t fork_count; /* forks among the open ones, this one included */
};

struct matching {
    struct form *form;
    struct gateway *gateways;   /* by node */
    struct converge *converges; /* by node */
    uint32_t *distances;        /* by node: the longest way from the start */
    struct open_gateway *stack;
    uint32_t depth;
    uint32_t block; /* the outermost gateway */
    bool failed;
};

static const struct graph_node *node_of(const struct matching *matching, uint32_t index)
{
    return matching->form->nodes[index];
}

static bool is_converge(const struct matching *matching, uint32_t index)
{
    return index != FORM_NONE && node_of(matching, index)->kind == NODE_KIND_CONVERGE;
}

static bool is_open_kind(const struct matching *matching, uint32_t index)
{
    return index != FORM_NONE && form_is_gateway(node_of(matching, index));
}

static bool is_end(const struct matching *matching, uint32_t index)
{
    return index != FORM_NONE && node_of(matching, index) == matching->form->pipeline->end;
}

/* --- Mistakes --- */

static struct diagnostic *report(struct matching *matching, uint32_t gateway, const char *message)
{
    const struct graph_node *node = node_of(matching, gateway);
    matching->failed = true;
    return diagnostics_add(matching->form->checker->diagnostics, DIAGNOSTIC_CONVERGE, node->span,
                           "%s " FORM_NAME " %s", form_kind_word(node), node->name, message);
}

static void report_two_targets(struct matching *matching, uint32_t gateway, uint32_t first,
                               uint32_t second, const char *help)
{
    struct text message = {0};
    text_append_format(
        &message, "has branches that do not meet: one gets to " FORM_NAME ", another to " FORM_NAME,
        node_of(matching, first)->name, node_of(matching, second)->name);
    if (message.failed) matching->form->checker->compilation->out_of_memory = true;
    struct diagnostic *diagnostic = report(matching, gateway, text_string(&message));
    diagnostic_help(matching->form->checker->diagnostics, diagnostic, "%s", help);
    text_release(&message);
}

static void report_leaving(struct matching *matching, uint32_t gateway, const char *where)
{
    struct text message = {0};
    text_append_format(&message, "stands in a branch of a fork, and one of its branches leads %s",
                       where);
    if (message.failed) matching->form->checker->compilation->out_of_memory = true;
    struct diagnostic *diagnostic = report(matching, gateway, text_string(&message));
    diagnostic_help(matching->form->checker->diagnostics, diagnostic,
                    "lead all its branches to the converge gateway of the fork");
    text_release(&message);
}

/* A branch of a fork that meets no converge gateway, but `target`. */
static void report_lost_branch(struct matching *matching, uint32_t fork, uint32_t target)
{
    struct diagnostic *diagnostic = report(
        matching, fork,
        is_end(matching, target) ? "has a branch that gets to the end without meeting the others"
                                 : "has a branch that leads back, or round for ever");
    diagnostic_help(matching->form->checker->diagnostics, diagnostic,
                    "lead all its branches to one converge gateway, which no other fork uses");
}

/* --- Following a branch --- */

static bool is_in_earlier_block(const struct matching *matching, uint32_t node)
{
    const struct gateway *known = &matching->gateways[node];
    return known->block != FORM_NONE && (known->block != matching->block || known->in_other_blocks);
}

static void put_into_block(struct matching *matching, uint32_t node)
{
    struct gateway *known = &matching->gateways[node];
    if (known->block == FORM_NONE)
        known->block = matching->block;
    else if (known->block != matching->block)
        known->in_other_blocks = true;
}

/* May `gateway` meet in this converge too, although others do? */
static bool may_share(const struct matching *matching, uint32_t gateway, uint32_t converge)
{
    uint32_t fork = matching->converges[converge].fork;
    return !form_is_fork(node_of(matching, gateway)) || fork == FORM_NONE || fork == gateway;
}

/* An inner gateway is matched: the branch goes on where it meets. */
static void step_over(const struct matching *matching, uint32_t gateway, uint32_t *target,
                      const struct gateway *inner)
{
    if (inner->match == FORM_NONE) {
        *target = matching->form->pipeline->end->index;
        return;
    }
    *target = inner->match;
    if (!inner->shares || !may_share(matching, gateway, inner->match))
        *target = matching->gateways[inner->match].targets[0];
}

static void open_inner(struct matching *matching, uint32_t node)
{
    struct gateway *gateway = &matching->gateways[node];
    uint32_t forks = matching->depth > 0 ? matching->stack[matching->depth - 1].fork_count : 0;
    gateway->stack_position = matching->depth;
    matching->stack[matching->depth++] = (struct open_gateway){
        .node = node, .fork_count = forks + (form_is_fork(node_of(matching, node)) ? 1 : 0)};
}

/* The branch leads back to a gateway that is open. */
static void lead_back(struct matching *matching, uint32_t gateway, uint32_t *target)
{
    uint32_t position = matching->gateways[*target].stack_position;
    uint32_t forks = matching->stack[matching->depth - 1].fork_count;
    if (position > 0) forks -= matching->stack[position - 1].fork_count;
    if (forks > 0 && form_is_fork(node_of(matching, gateway)))
        report_lost_branch(matching, gateway, FORM_NONE);
    else if (forks > 0)
        report_leaving(matching, gateway, "back out of it");
    *target = FORM_NONE;
}

/* Goes on with the branch of the innermost open gateway; true if the branch is done. */
static bool follow_branch(struct matching *matching, struct open_gateway *open)
{
    uint32_t *target = &matching->gateways[open->node].targets[open->branch];
    if (!open->is_begun && *target != FORM_NONE) {
        if (is_in_earlier_block(matching, *target)) {
            *target = FORM_NONE;
            return true;
        }
        put_into_block(matching, *target);
    }
    open->is_begun = true;
    uint32_t steps = 0;
    while (is_open_kind(matching, *target) && *target != open->node && !matching->failed) {
        if (steps++ > matching->form->count) *target = FORM_NONE; /* round for ever */
        if (*target == FORM_NONE) break;
        const struct gateway *inner = &matching->gateways[*target];
        if (inner->stack_position != FORM_NONE) {
            lead_back(matching, open->node, target);
        } else if (inner->match != FORM_NONE) {
            step_over(matching, open->node, target, inner);
        } else {
            open_inner(matching, *target);
            return false;
        }
    }
    if (is_converge(matching, *target) &&
        matching->distances[*target] < matching->distances[open->node])
        *target = FORM_NONE;
    return true;
}

/* --- Where all branches are known --- */

/* What the branches of an exclusive gateway meet; `forward` gets how many get to the converge. */
static uint32_t exclusive_meets(struct matching *matching, uint32_t node, bool in_fork,
                                uint32_t *forward)
{
    const struct gateway *gateway = &matching->gateways[node];
    uint32_t converge = FORM_NONE;
    *forward = gateway->target_count;
    for (uint32_t i = 0; i < gateway->target_count && !matching->failed; i++) {
        uint32_t target = gateway->targets[i];
        if (is_converge(matching, target)) {
            if (converge == FORM_NONE) converge = target;
            if (converge != target)
                report_two_targets(matching, node, converge, target,
                                   "all branches have to meet the same converge gateway first");
        } else if (is_end(matching, target)) {
            if (in_fork) report_leaving(matching, node, "to the end");
        } else {
            (*forward)--; /* back, or to itself */
        }
    }
    return converge;
}

static uint32_t fork_meets(struct matching *matching, uint32_t node)
{
    const struct gateway *gateway = &matching->gateways[node];
    uint32_t converge = gateway->targets[0];
    for (uint32_t i = 0; i < gateway->target_count && !matching->failed; i++) {
        uint32_t target = gateway->targets[i];
        if (!is_converge(matching, target))
            report_lost_branch(matching, node, target);
        else if (target != converge)
            report_two_targets(matching, node, converge, target,
                               "lead all branches to one converge gateway");
    }
    return converge;
}

static void match_fork(struct matching *matching, uint32_t node)
{
    struct gateway *gateway = &matching->gateways[node];
    gateway->match = fork_meets(matching, node);
    gateway->shares = false;
    if (matching->failed) return;
    const struct graph_node *converge = node_of(matching, gateway->match);
    uint32_t entering = matching->form->entering[gateway->match];
    struct text message = {0};
    if (entering > gateway->target_count) {
        gateway->shares = true;
        uint32_t other = matching->converges[gateway->match].fork;
        if (other != FORM_NONE)
            text_append_format(&message, "meets in " FORM_NAME ", as fork " FORM_NAME " does",
                               converge->name, node_of(matching, other)->name);
    } else if (entering < gateway->target_count) {
        text_append_format(
            &message, "has %u branches, but only %u flows lead to its converge gateway " FORM_NAME,
            gateway->target_count, entering, converge->name);
    }
    if (message.failed) matching->form->checker->compilation->out_of_memory = true;
    if (message.size > 0)
        diagnostic_help(matching->form->checker->diagnostics,
                        report(matching, node, text_string(&message)),
                        "give each fork a converge gateway of its own, for all its branches");
    text_release(&message);
    matching->converges[gateway->match].fork = node;
}

static void match_exclusive(struct matching *matching, uint32_t node, bool in_fork)
{
    struct gateway *gateway = &matching->gateways[node];
    uint32_t forward = 0;
    gateway->match = exclusive_meets(matching, node, in_fork, &forward);
    gateway->shares = false;
    if (gateway->match == FORM_NONE) return;
    const struct converge *converge = &matching->converges[gateway->match];
    gateway->shares = converge->forward_in > forward || converge->is_met;
}

/* All branches of the innermost open gateway are followed: it is closed, and its own one goes on.
 */
static void close_inner(struct matching *matching)
{
    uint32_t node = matching->stack[--matching->depth].node;
    bool in_fork = matching->depth > 0 && matching->stack[matching->depth - 1].fork_count > 0;
    struct gateway *gateway = &matching->gateways[node];
    gateway->stack_position = FORM_NONE;
    if (form_is_fork(node_of(matching, node)))
        match_fork(matching, node);
    else
        match_exclusive(matching, node, in_fork);
    if (matching->failed) return;
    if (gateway->match != FORM_NONE) matching->converges[gateway->match].is_met = true;
    put_into_block(matching, node);
    if (matching->depth == 0) return;
    struct open_gateway *outer = &matching->stack[matching->depth - 1];
    uint32_t *target = &matching->gateways[outer->node].targets[outer->branch];
    step_over(matching, outer->node, target, gateway);
}

static void match_block(struct matching *matching, uint32_t outermost)
{
    if (matching->gateways[outermost].match != FORM_NONE) return;
    matching->block = outermost;
    open_inner(matching, outermost);
    while (matching->depth > 0 && !matching->failed) {
        struct open_gateway *open = &matching->stack[matching->depth - 1];
        if (open->branch == matching->gateways[open->node].target_count) {
            close_inner(matching);
        } else if (follow_branch(matching, open)) {
            open->branch++;
            open->is_begun = false;
        }
    }
}

/* --- What is known beforehand --- */

static void measure_distances(struct matching *matching)
{
    const struct form *form = matching->form;
    for (uint32_t i = 0; i < form->reached; i++) {
        const struct graph_node *node = form->nodes[form->order[i]];
        for (const struct graph_flow *flow = node->flows; flow != NULL; flow = flow->next) {
            uint32_t target = flow->target->index;
            if (form->positions[target] <= i) continue; /* back */
            uint32_t distance = matching->distances[node->index] + 1;
            if (distance > matching->distances[target]) matching->distances[target] = distance;
        }
    }
}

/* The first gateway, converge or end on a way; FORM_NONE if it turns round for ever. Ways are
 * remembered in `behind` (by node), so that each is gone once. */
static uint32_t first_meeting(const struct form *form, uint32_t *behind, uint32_t node)
{
    uint32_t at = node, steps = 0;
    while (!form_is_gateway(form->nodes[at]) && form->nodes[at]->kind != NODE_KIND_CONVERGE &&
           form->nodes[at] != form->pipeline->end) {
        if (behind[at] != FORM_NONE) {
            at = behind[at];
            break;
        }
        if (steps++ > form->count) return FORM_NONE;
        at = form->nodes[at]->flows->target->index;
    }
    for (uint32_t on_way = node; on_way != at && behind[on_way] == FORM_NONE;
         on_way = form->nodes[on_way]->flows->target->index) {
        if (form_is_gateway(form->nodes[on_way]) || form->nodes[on_way]->kind == NODE_KIND_CONVERGE)
            break;
        behind[on_way] = at;
    }
    return at;
}

static bool find_targets(struct matching *matching, uint32_t *behind, const struct graph_node *node)
{
    struct gateway *gateway = &matching->gateways[node->index];
    gateway->targets = compilation_allocate(matching->form->checker->compilation,
                                            node->flow_count + 1, sizeof *gateway->targets);
    if (gateway->targets == NULL) return false;
    for (const struct graph_flow *flow = node->flows; flow != NULL; flow = flow->next) {
        uint32_t target = first_meeting(matching->form, behind, flow->target->index);
        gateway->targets[gateway->target_count++] = target;
        if (is_converge(matching, target) &&
            matching->distances[target] > matching->distances[node->index])
            matching->converges[target].forward_in++;
    }
    return true;
}

static bool begin_matching(struct matching *matching)
{
    struct form *form = matching->form;
    struct compilation *compilation = form->checker->compilation;
    uint32_t *behind = compilation_allocate(compilation, form->count, sizeof *behind);
    matching->gateways = compilation_allocate(compilation, form->count, sizeof(struct gateway));
    matching->converges = compilation_allocate(compilation, form->count, sizeof(struct converge));
    matching->distances = compilation_allocate(compilation, form->count, sizeof(uint32_t));
    matching->stack =
        compilation_allocate(compilation, form->count + 1, sizeof(struct open_gateway));
    if (behind == NULL || matching->gateways == NULL || matching->converges == NULL ||
        matching->distances == NULL || matching->stack == NULL)
        return false;
    measure_distances(matching);
    for (uint32_t i = 0; i < form->count; i++) {
        struct gateway *gateway = &matching->gateways[i];
        gateway->match = gateway->stack_position = gateway->block = FORM_NONE;
        matching->converges[i].fork = behind[i] = FORM_NONE;
    }
    bool is_done = true;
    for (uint32_t i = 0; i < form->count && is_done; i++)
        if (form_is_gateway(form->nodes[i]) || form->nodes[i]->kind == NODE_KIND_CONVERGE)
            is_done = find_targets(matching, behind, form->nodes[i]);
    return is_done;
}

/* --- All gateways, the nearest to the start first --- */

struct by_distance {
    uint32_t node, distance;
};

static int compare_distances(const void *left, const void *right)
{
    const struct by_distance *first = left, *second = right;
    if (first->distance != second->distance) return first->distance < second->distance ? -1 : 1;
    return first->node < second->node ? -1 : first->node > second->node;
}

bool form_match_converges(struct form *form)
{
    struct matching matching = {.form = form};
    struct by_distance *sorted =
        compilation_allocate(form->checker->compilation, form->count + 1, sizeof *sorted);
    uint32_t count = 0;
    if (sorted == NULL || !begin_matching(&matching)) return false;
    for (uint32_t i = 0; i < form->count; i++)
        if (form_is_gateway(form->nodes[i]))
            sorted[count++] = (struct by_distance){i, matching.distances[i]};
    qsort(sorted, count, sizeof *sorted, compare_distances);
    for (uint32_t i = 0; i < count && !matching.failed; i++)
        match_block(&matching, sorted[i].node);
    for (uint32_t i = 0; i < form->count && !matching.failed; i++) {
        form->meets[i] = matching.gateways[i].match;
        if (form_is_fork(form->nodes[i])) form->nodes[i]->converge = form->nodes[form->meets[i]];
    }
    return !matching.failed && !form->checker->compilation->out_of_memory;
}
