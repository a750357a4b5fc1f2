/* Instructions on values: small, and inlined into the interpreter's switch. Included by
 * drive.c only. Each is named after its row in bytecode/instructions.def. */
#ifndef VM_RUN_EXECUTE_VALUE_H
#define VM_RUN_EXECUTE_VALUE_H

#include <assert.h>
#include <string.h>

#include "base/value_operators.h"
#include "vm/run/interpreter.h"

static inline enum step push(struct interpreter *machine, struct bamboo_value value)
{
    assert(machine->depth < STACK_DEPTH_MAX);
    machine->stack[machine->depth++] = value;
    return STEP_NEXT;
}

/* Pushes a value that this evaluation made, and charges for it. */
static inline enum step push_made(struct interpreter *machine, struct bamboo_value value)
{
    if (value.type >= BAMBOO_STRING) {
        size_t size = value_size(value);
        if (size > machine->memory_left) {
            value_release(value);
            fail(&machine->error, BAMBOO_E_LIMIT, "the evaluation makes more than %u MiB of values",
                 EVALUATION_MEMORY_MAX >> 20);
            return STEP_FAILED;
        }
        machine->memory_left -= size;
    }
    return push(machine, value);
}

/* Charges for work that one instruction does on `size` bytes, so that the limit of steps bounds
 * time. */
static inline void charge(struct interpreter *machine, size_t size)
{
    size_t steps = size / STEP_BYTES;
    machine->steps_left =
        steps < (size_t)machine->steps_left ? machine->steps_left - (int32_t)steps : 0;
}

static inline void charge_operand(struct interpreter *machine, struct bamboo_value operand)
{
    if (operand.type >= BAMBOO_STRING) charge(machine, value_size(operand));
}

static inline struct bamboo_value constant(const struct interpreter *machine, uint32_t index)
{
    return machine->linked->program->constants[index];
}

static inline enum step execute_CONSTANT(struct interpreter *machine, uint32_t operand)
{
    return push(machine, value_retain(constant(machine, operand)));
}

static inline struct bamboo_value variable(struct interpreter *machine, uint32_t index)
{
    charge(machine, machine->event.assignment_count * sizeof(struct assignment));
    for (size_t i = machine->event.assignment_count; i > 0; i--)
        if (machine->event.assignments[i - 1].variable == index)
            return machine->event.assignments[i - 1].value;
    return machine->variables[index];
}

static inline enum step execute_TRY_VARIABLE(struct interpreter *machine, uint32_t operand)
{
    return push(machine, value_retain(variable(machine, operand)));
}

enum step variable_not_set(struct interpreter *machine, uint32_t variable);

static inline enum step execute_LOAD_VARIABLE(struct interpreter *machine, uint32_t operand)
{
    struct bamboo_value value = variable(machine, operand);
    if (value.type == BAMBOO_MISSING) return variable_not_set(machine, operand);
    return push(machine, value_retain(value));
}

/* A node that was executed without outputs has none, not missing ones. */
static inline struct bamboo_value outputs_of(const struct interpreter *machine, uint32_t node)
{
    const struct node_record *record = record_of(machine->run, machine->at.scope, node);
    if (record->outputs.type == BAMBOO_MISSING &&
        (record->state == NODE_FINISHED || record->state == NODE_ROLLING_BACK))
        return value_empty_map();
    return record->outputs;
}

static inline enum step execute_TRY_OUTPUTS(struct interpreter *machine, uint32_t operand)
{
    return push(machine, value_retain(outputs_of(machine, operand)));
}

static inline enum step execute_LOAD_OUTPUTS(struct interpreter *machine, uint32_t operand)
{
    struct bamboo_value outputs = outputs_of(machine, operand);
    if (outputs.type != BAMBOO_MISSING) return push(machine, value_retain(outputs));
    const struct program *program = machine->linked->program;
    fail(&machine->error, BAMBOO_E_EVALUATION, "node '%s' has no outputs yet",
         program_name(program, program->nodes[operand].name));
    return STEP_FAILED;
}

static inline enum step execute_LOAD_LOCAL(struct interpreter *machine, uint32_t operand)
{
    return push(machine, value_retain(machine->locals[operand]));
}

/* Locals below `end` may have a value from now on. */
static inline void use_locals(struct interpreter *machine, uint32_t end)
{
    if (machine->locals_used < end) machine->locals_used = end;
}

static inline enum step execute_STORE_LOCAL(struct interpreter *machine, uint32_t operand)
{
    use_locals(machine, operand + 1);
    value_release(machine->locals[operand]);
    machine->locals[operand] = machine_pop(machine);
    return STEP_NEXT;
}

static inline enum step execute_POP(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    value_release(machine_pop(machine));
    return STEP_NEXT;
}

static inline enum step execute_DUPLICATE(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return push(machine, value_retain(machine->stack[machine->depth - 1]));
}

/* Replaces the top `count` values by the result of an operation on them. */
static inline enum step replace(struct interpreter *machine, uint32_t count,
                                enum bamboo_status status, struct bamboo_value result)
{
    for (uint32_t i = 0; i < count; i++)
        value_release(machine_pop(machine));
    return status == BAMBOO_OK ? push_made(machine, result) : STEP_FAILED;
}

static inline enum step binary(struct interpreter *machine, value_operator operator)
{
    const struct bamboo_value *operands = &machine->stack[machine->depth - 2];
    struct bamboo_value result = bamboo_missing();
    charge_operand(machine, operands[0]);
    charge_operand(machine, operands[1]);
    enum bamboo_status status = operator(operands[0], operands[1], &result, &machine->error);
    return replace(machine, 2, status, result);
}

#define BINARY(name, operator) \
    static inline enum step execute_##name(struct interpreter *machine, uint32_t operand) \
    { \
        (void)operand; \
        return binary(machine, operator); \
    }
BINARY(ADD, value_add)
BINARY(SUBTRACT, value_subtract)
BINARY(MULTIPLY, value_multiply)
BINARY(DIVIDE, value_divide)
BINARY(FLOOR_DIVIDE, value_floor_divide)
BINARY(MODULO, value_modulo)
BINARY(IN, value_in)
BINARY(INDEX, value_index)
#undef BINARY

static inline enum step execute_NOT_IN(struct interpreter *machine, uint32_t operand)
{
    enum step step = execute_IN(machine, operand);
    if (step == STEP_NEXT) machine->stack[machine->depth - 1].as.boolean ^= true;
    return step;
}

static inline enum step equality(struct interpreter *machine, bool wanted)
{
    const struct bamboo_value *operands = &machine->stack[machine->depth - 2];
    charge_operand(machine, operands[0]);
    bool equal = bamboo_value_equal(operands[0], operands[1]);
    return replace(machine, 2, BAMBOO_OK, bamboo_bool(equal == wanted));
}

static inline enum step execute_EQUAL(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return equality(machine, true);
}

static inline enum step execute_NOT_EQUAL(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return equality(machine, false);
}

/* `holds`: which of less (1), equal (2) and greater (4) make it true. */
static inline enum step order(struct interpreter *machine, unsigned holds)
{
    const struct bamboo_value *operands = &machine->stack[machine->depth - 2];
    int order = 0;
    charge_operand(machine, operands[0]);
    enum bamboo_status status = value_order(operands[0], operands[1], &order, &machine->error);
    unsigned found = order < 0 ? 1 : order == 0 ? 2 : 4;
    return replace(machine, 2, status, bamboo_bool((holds & found) != 0));
}

#define ORDER(name, holds) \
    static inline enum step execute_##name(struct interpreter *machine, uint32_t operand) \
    { \
        (void)operand; \
        return order(machine, holds); \
    }
ORDER(LESS, 1)
ORDER(LESS_EQUAL, 3)
ORDER(GREATER, 4)
ORDER(GREATER_EQUAL, 6)
#undef ORDER

static inline enum step execute_NEGATE(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    struct bamboo_value result = bamboo_missing();
    enum bamboo_status status =
        value_negate(machine->stack[machine->depth - 1], &result, &machine->error);
    return replace(machine, 1, status, result);
}

/* Replaces the top value by a truth. */
static inline enum step replace_truth(struct interpreter *machine, bool truth)
{
    value_release(machine_pop(machine));
    return push(machine, bamboo_bool(truth));
}

static inline enum step execute_NOT(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return replace_truth(machine, !value_is_true(machine->stack[machine->depth - 1]));
}

static inline enum step execute_TO_BOOL(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return replace_truth(machine, value_is_true(machine->stack[machine->depth - 1]));
}

static inline enum step execute_IS_PRESENT(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return replace_truth(machine, machine->stack[machine->depth - 1].type > BAMBOO_NULL);
}

static inline enum step execute_IS_SET(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    return replace_truth(machine, machine->stack[machine->depth - 1].type != BAMBOO_MISSING);
}

/* The machine's `pc` is behind this instruction. */
static inline enum step execute_JUMP(struct interpreter *machine, uint32_t operand)
{
    machine->pc = operand;
    return STEP_NEXT;
}

static inline enum step jump_if(struct interpreter *machine, uint32_t target, bool wanted)
{
    struct bamboo_value value = machine_pop(machine);
    if (value_is_true(value) == wanted) machine->pc = target;
    value_release(value);
    return STEP_NEXT;
}

static inline enum step execute_JUMP_FALSE(struct interpreter *machine, uint32_t operand)
{
    return jump_if(machine, operand, false);
}

static inline enum step execute_JUMP_TRUE(struct interpreter *machine, uint32_t operand)
{
    return jump_if(machine, operand, true);
}

enum step make_map(struct interpreter *machine, uint32_t operand);

static inline enum step execute_MAKE_MAP(struct interpreter *machine, uint32_t operand)
{
    return operand == 0 ? push(machine, value_empty_map()) : make_map(machine, operand);
}

/* The larger ones are functions of execute_value.c. */
enum step execute_MAKE_LIST(struct interpreter *machine, uint32_t operand);
enum step execute_MAKE_TEXT(struct interpreter *machine, uint32_t operand);
enum step execute_SHELL_WORD(struct interpreter *machine, uint32_t operand);
enum step execute_FIELD(struct interpreter *machine, uint32_t operand);
enum step execute_TRY_FIELD(struct interpreter *machine, uint32_t operand);
enum step execute_TRY_INDEX(struct interpreter *machine, uint32_t operand);
enum step execute_SLICE(struct interpreter *machine, uint32_t operand);
enum step execute_CALL(struct interpreter *machine, uint32_t operand);
enum step execute_BEGIN_ITERATION(struct interpreter *machine, uint32_t operand);
enum step execute_ITERATE(struct interpreter *machine, uint32_t operand);
enum step execute_APPEND_LOCAL(struct interpreter *machine, uint32_t operand);

#endif
