/* Nodes and the flows that leave them. */
#include <string.h>

#include "bytecode/verify.h"

enum companion {
    COMPANION_NONE,
    COMPANION_CONVERGE,
    COMPANION_COMPONENT,
    COMPANION_HANDLER, /* a component or none */
    COMPANION_PIPELINE
};

/* What a node of a kind has. */
struct kind_rule {
    uint32_t flow_min, flow_max; /* without the other flow */
    bool may_have_other;         /* a default flow, or one on failure */
    bool may_have_policy;        /* and what only something that executes can obey */
    enum companion companion;
};

static const struct kind_rule KIND_RULES[] = {
    [NODE_KIND_START] = {1, 1, false, false, COMPANION_NONE},
    [NODE_KIND_END] = {0, 0, false, false, COMPANION_HANDLER},
    [NODE_KIND_ACTIVITY] = {1, 1, true, true, COMPANION_COMPONENT},
    [NODE_KIND_ASSIGN] = {1, 1, false, false, COMPANION_NONE},
    [NODE_KIND_SUBPROCESS] = {1, 1, true, true, COMPANION_PIPELINE},
    [NODE_KIND_EXCLUSIVE] = {0, UINT32_MAX, true, false, COMPANION_NONE},
    [NODE_KIND_PARALLEL] = {1, UINT32_MAX, false, false, COMPANION_CONVERGE},
    [NODE_KIND_INCLUSIVE] = {0, UINT32_MAX, true, false, COMPANION_CONVERGE},
    [NODE_KIND_CONVERGE] = {1, 1, false, false, COMPANION_NONE},
    [NODE_KIND_CONTROL] = {1, 1, false, false, COMPANION_NONE},
};
static_assert(sizeof KIND_RULES / sizeof *KIND_RULES == NODE_KIND_COUNT, "a rule for each kind");

struct node_check {
    const struct verifier *verifier;
    const struct program *program;
    const struct image_pipeline *pipeline;
    uint32_t next_flow; /* the first flow that no node before has */
};

/* Rule 20. */
static enum bamboo_status check_row(const struct node_check *check, uint32_t node)
{
    const struct image_node *row = &check->program->nodes[node];
    size_t size;
    if (!is_string_constant(check->program, row->name))
        return refuse_node(check->verifier, node, "its name is constant %u, which is no string",
                           row->name);
    const char *name = bamboo_string_bytes(check->program->constants[row->name], &size);
    if (size == 0 || memchr(name, '\0', size))
        return refuse_node(check->verifier, node, "its name is empty or has a NUL inside");
    if (row->kind >= NODE_KIND_COUNT)
        return refuse_node(check->verifier, node, "it is of the unknown kind %u", row->kind);
    if (row->kind == NODE_KIND_START && node != check->pipeline->start_node)
        return refuse_node(check->verifier, node, "it is a second start of its pipeline");
    if (row->kind == NODE_KIND_END && node != check->pipeline->end_node)
        return refuse_node(check->verifier, node, "it is a second end of its pipeline");
    if (row->flags & NODE_FLAG_ATTACHED && row->kind != NODE_KIND_ACTIVITY)
        return refuse_node(check->verifier, node, "only an activity can be attached");
    return BAMBOO_OK;
}

static bool is_attached(const struct node_check *check, uint32_t node)
{
    return is_in_range(node, check->pipeline->first_node, check->pipeline->node_count) &&
           check->program->nodes[node].flags & NODE_FLAG_ATTACHED;
}

/* Rule 25: what a policy points at belongs to the node's pipeline. */
static enum bamboo_status check_policy_places(const struct node_check *check, uint32_t node)
{
    const struct program *program = check->program;
    const struct image_policy *policy = &program->policies[program->nodes[node].policy];
    if (policy->loop_variable != IMAGE_NONE &&
        policy->loop_variable >= check->pipeline->variable_count)
        return refuse_node(check->verifier, node,
                           "its loop collects into variable %u, which is "
                           "not there",
                           policy->loop_variable);
    if (policy->undo != IMAGE_NONE && !is_attached(check, policy->undo))
        return refuse_node(check->verifier, node, "node %u, which undoes it, is not attached",
                           policy->undo);
    for (uint32_t i = 0; i < policy->timer_count; i++)
        if (!is_attached(check, program->timers[policy->first_timer + i].node))
            return refuse_node(check->verifier, node, "what timer %u does is no attached node",
                               policy->first_timer + i);
    return BAMBOO_OK;
}

/* Rule 21. */
static enum bamboo_status check_policy(const struct node_check *check, uint32_t node)
{
    const struct image_node *row = &check->program->nodes[node];
    bool may_have = KIND_RULES[row->kind].may_have_policy;
    if (row->flags & ~(unsigned)NODE_FLAGS_ALL)
        return refuse_node(check->verifier, node, "it has unknown flags (0x%x)", row->flags);
    if (!may_have && row->flags & (NODE_FLAG_ONCE | NODE_FLAG_IGNORE_ERROR))
        return refuse_node(check->verifier, node, "its flags are for nodes that execute something");
    if (row->policy == IMAGE_NONE) return BAMBOO_OK;
    if (!may_have)
        return refuse_node(check->verifier, node, "a policy is for nodes that execute something");
    if (row->policy >= check->program->policy_count)
        return refuse_node(check->verifier, node, "it has policy %u, which is not there",
                           row->policy);
    return check_policy_places(check, node);
}

/* Rule 22. */
static enum bamboo_status check_companion(const struct node_check *check, uint32_t node)
{
    const struct program *program = check->program;
    const struct image_node *row = &program->nodes[node];
    const char *wanted = "none";
    bool is_right = false;
    switch (KIND_RULES[row->kind].companion) {
    case COMPANION_NONE: is_right = row->companion == IMAGE_NONE; break;
    case COMPANION_CONVERGE:
        wanted = "a converge of its pipeline";
        is_right =
            is_in_range(row->companion, check->pipeline->first_node, check->pipeline->node_count) &&
            program->nodes[row->companion].kind == NODE_KIND_CONVERGE;
        break;
    case COMPANION_COMPONENT:
        wanted = "a component";
        is_right = row->companion < program->component_count;
        break;
    case COMPANION_HANDLER:
        wanted = "a component or none";
        is_right = row->companion == IMAGE_NONE || row->companion < program->component_count;
        break;
    case COMPANION_PIPELINE:
        wanted = "a pipeline";
        is_right = row->companion < program->pipeline_count;
        break;
    }
    if (is_right) return BAMBOO_OK;
    return refuse_node(check->verifier, node, "its companion is not what a node of kind %s has: %s",
                       node_kind_name(row->kind), wanted);
}

/* Rule 23: flows in the order of the nodes that they leave, the other flow last. */
static enum bamboo_status check_flow_range(struct node_check *check, uint32_t node)
{
    const struct program *program = check->program;
    const struct image_node *row = &program->nodes[node];
    const struct kind_rule *rule = &KIND_RULES[row->kind];
    bool is_attached_node = row->flags & NODE_FLAG_ATTACHED;
    if (is_attached_node && row->flow_count > 0)
        return refuse_node(check->verifier, node, "it is attached, so that no flow leaves it");
    uint32_t first = row->flow_count ? check->next_flow : 0;
    bool has_other = row->other_flow != IMAGE_NONE;
    uint32_t count = row->flow_count - has_other;
    if (row->first_flow != first || row->flow_count > program->flow_count - check->next_flow)
        return refuse_node(check->verifier, node, "its flows are not those behind the node before");
    if (has_other && (!rule->may_have_other || row->flow_count == 0 ||
                      row->other_flow != row->first_flow + row->flow_count - 1))
        return refuse_node(check->verifier, node, "flow %u cannot be its other flow",
                           row->other_flow);
    if (!is_attached_node &&
        (row->flow_count < has_other + rule->flow_min || count > rule->flow_max ||
         (row->flow_count == 0 && row->kind != NODE_KIND_END)))
        return refuse_node(check->verifier, node,
                           "%u flows leave it, which a node of kind %s cannot have",
                           row->flow_count, node_kind_name(row->kind));
    check->next_flow += row->flow_count;
    return BAMBOO_OK;
}

/* Rule 24. */
static enum bamboo_status check_flows(const struct node_check *check, uint32_t node)
{
    const struct program *program = check->program;
    const struct image_node *row = &program->nodes[node];
    for (uint32_t i = row->first_flow; i - row->first_flow < row->flow_count; i++) {
        const struct image_flow *flow = &program->flows[i];
        if (flow->name != IMAGE_NONE && !is_string_constant(program, flow->name))
            return refuse_node(check->verifier, node, "the name of flow %u is no string", i);
        if (flow->source != node)
            return refuse_node(check->verifier, node, "flow %u leaves node %u instead", i,
                               flow->source);
        if (!is_in_range(flow->target, check->pipeline->first_node, check->pipeline->node_count))
            return refuse_node(check->verifier, node,
                               "flow %u leads to node %u, outside the "
                               "pipeline",
                               i, flow->target);
        if (flow->target == check->pipeline->start_node)
            return refuse_node(check->verifier, node, "flow %u leads to the start", i);
        if (program->nodes[flow->target].flags & NODE_FLAG_ATTACHED)
            return refuse_node(check->verifier, node, "flow %u leads to an attached node", i);
    }
    return BAMBOO_OK;
}

static enum bamboo_status check_node(struct node_check *check, uint32_t node)
{
    enum bamboo_status status = check_row(check, node);
    if (status == BAMBOO_OK) status = check_policy(check, node);
    if (status == BAMBOO_OK) status = check_flow_range(check, node);
    if (status == BAMBOO_OK) status = check_flows(check, node);
    return status;
}

/* Companions may lie behind the node, so that their kinds are looked at when all are known. */
static enum bamboo_status check_pipeline(struct node_check *check)
{
    enum bamboo_status status = BAMBOO_OK;
    uint32_t first = check->pipeline->first_node;
    uint32_t end = first + check->pipeline->node_count;
    for (uint32_t node = first; node < end && status == BAMBOO_OK; node++)
        status = check_node(check, node);
    for (uint32_t node = first; node < end && status == BAMBOO_OK; node++)
        status = check_companion(check, node);
    return status;
}

enum bamboo_status verify_nodes(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    struct node_check check = {.verifier = verifier, .program = program};
    enum bamboo_status status = BAMBOO_OK;
    for (uint32_t i = 0; i < program->pipeline_count && status == BAMBOO_OK; i++) {
        check.pipeline = &program->pipelines[i];
        status = check_pipeline(&check);
    }
    if (status == BAMBOO_OK && check.next_flow != program->flow_count)
        return refuse(verifier, "there are flows that leave no node");
    return status;
}
