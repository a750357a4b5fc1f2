/* Gateways: which of a node's flows tokens follow. Joining is done by the tokens' destinations. */
#include "base/memory.h"
#include "vm/run/execute.h"

/* Pops a truth for each of the node's first `count` flows; those that are true go into
 * machine->flows. */
static enum step choose(struct interpreter *machine, uint32_t count, uint32_t *chosen)
{
    *chosen = 0;
    if (!memory_grow((void **)&machine->flows, &machine->flow_capacity, count + 1,
                     sizeof *machine->flows)) {
        fail_memory(&machine->error);
        return STEP_FAILED;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct bamboo_value truth = machine->stack[machine->depth - count + i];
        if (value_is_true(truth)) machine->flows[(*chosen)++] = i;
        bamboo_value_release(truth);
    }
    machine->depth -= count;
    return STEP_NEXT;
}

/* With no condition true the default flow is chosen, if there is one. */
static enum step choose_default(struct interpreter *machine, uint32_t *chosen)
{
    const struct image_node *node = machine->at.row;
    if (*chosen > 0) return STEP_NEXT;
    if (node->other_flow == IMAGE_NONE) {
        fail(&machine->error, BAMBOO_E_EVALUATION, "all conditions of branches are not meet");
        return STEP_FAILED;
    }
    machine->flows[(*chosen)++] = node->other_flow - node->first_flow;
    return STEP_NEXT;
}

enum step execute_CHOOSE_ONLY(struct interpreter *machine, uint32_t operand)
{
    uint32_t chosen;
    enum step step = choose(machine, operand, &chosen);
    if (step == STEP_NEXT) step = choose_default(machine, &chosen);
    if (step != STEP_NEXT) return step;
    if (chosen > 1) {
        fail(&machine->error, BAMBOO_E_EVALUATION,
             "%u conditions hold (branches %u and %u are the first), but exactly one may", chosen,
             machine->flows[0] + 1, machine->flows[1] + 1);
        return STEP_FAILED;
    }
    machine_event(machine, EVENT_NODE_FINISHED)->flow = machine->flows[0];
    return interpreter_record(machine);
}

enum step execute_FORK(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    machine_event(machine, EVENT_TOKENS_FORKED); /* no list: all flows */
    return interpreter_record(machine);
}

enum step execute_FORK_WHEN(struct interpreter *machine, uint32_t operand)
{
    uint32_t chosen;
    enum step step = choose(machine, operand, &chosen);
    if (step == STEP_NEXT) step = choose_default(machine, &chosen);
    if (step != STEP_NEXT) return step;
    struct event *event = machine_event(machine, EVENT_TOKENS_FORKED);
    event->flows = machine->flows;
    event->flow_count = chosen;
    return interpreter_record(machine);
}
