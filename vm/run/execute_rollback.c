/* Rollback (semantics section 7): going back, and taking back what was done. */
#include "vm/run/execute.h"

static enum step refuse(struct interpreter *machine)
{
    fail(&machine->error, BAMBOO_E_REFUSED, "this bamboo cannot roll back");
    return STEP_FAILED;
}

enum step execute_DETACH(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    struct event event = {.type = EVENT_NODE_DETACHED};
    if (node_settle(machine, true) != BAMBOO_OK) return STEP_FAILED;
    return interpreter_record(machine, &event);
}

enum step execute_ROLL_BACK(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return refuse(machine);
}

enum step execute_RESERVE_ROLLBACK(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return refuse(machine);
}

enum step execute_CANCEL_ROLLBACK(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return refuse(machine);
}
