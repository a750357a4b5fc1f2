#include "vm/run/evaluate.h"

#include "base/memory.h"
#include "vm/run/interpreter.h"

enum bamboo_status run_evaluate(struct interpreter *machine, struct linked_program *linked,
                                struct bamboo_value context, struct bamboo_value *out,
                                struct bamboo_error *error)
{
    const struct program *program = linked->program;
    if (program->kind != IMAGE_EXPRESSION)
        return fail(error, BAMBOO_E_USAGE, "this artifact is not an expression");
    struct bamboo_value *variables =
        memory_allocate_zeroed(program->variable_count + (size_t)1, sizeof *variables);
    if (!variables) return fail_memory(error);
    for (uint32_t i = 0; i < program->variable_count && context.type == BAMBOO_MAP; i++)
        variables[i] = bamboo_map_find(context, program->constants[program->variables[i].name]);
    interpreter_reset(machine);
    machine->run = NULL;
    machine->linked = linked;
    machine->variables = variables;
    machine->pc = 0;
    interpreter_reset(machine);
    enum step step = interpret(machine);
    enum bamboo_status status = BAMBOO_OK;
    if (step == STEP_DONE) {
        *out = machine_pop(machine);
    } else {
        status = machine->error.status;
        if (error) *error = machine->error;
    }
    interpreter_reset(machine);
    machine->linked = NULL;
    machine->variables = NULL;
    memory_free(variables);
    return status;
}
