/* Instructions on values that are too large to be inlined (the small ones: execute_value.h). */
#include "vm/run/execute_value.h"

enum step variable_not_set(struct interpreter *machine, uint32_t variable)
{
    const struct program *program = machine->linked->program;
    uint32_t first =
        machine->run ? scope_pipeline(machine->run, machine->at.scope)->first_variable : 0;
    fail(&machine->error, BAMBOO_E_EVALUATION, "'%s' was not set; `%s ?? default` allows for that",
         program_name(program, program->variables[first + variable].name),
         program_name(program, program->variables[first + variable].name));
    return STEP_FAILED;
}

enum step execute_MAKE_LIST(struct interpreter *machine, uint32_t operand)
{
    if (operand == 0) return push(machine, value_empty_list());
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    for (uint32_t i = machine->depth - operand; i < machine->depth; i++)
        bamboo_list_builder_append_take(&builder, machine->stack[i]);
    machine->depth -= operand;
    struct bamboo_value list;
    if (bamboo_list_builder_finish(&builder, &list, &machine->error) != BAMBOO_OK)
        return STEP_FAILED;
    return push_made(machine, list);
}

enum step make_map(struct interpreter *machine, uint32_t operand)
{
    struct bamboo_map_builder builder;
    bamboo_map_builder_init(&builder);
    bool keys_are_text = true;
    for (uint32_t i = machine->depth - 2 * operand; i < machine->depth; i += 2) {
        keys_are_text = keys_are_text && machine->stack[i].type == BAMBOO_STRING;
        if (keys_are_text && machine->stack[i + 1].type != BAMBOO_MISSING)
            bamboo_map_builder_put_take(&builder, machine->stack[i], machine->stack[i + 1]);
        else
            bamboo_value_release(machine->stack[i + 1]);
        bamboo_value_release(machine->stack[i]);
    }
    machine->depth -= 2 * operand;
    if (!keys_are_text) {
        bamboo_map_builder_release(&builder);
        fail(&machine->error, BAMBOO_E_EVALUATION, "the keys of a map are strings");
        return STEP_FAILED;
    }
    struct bamboo_value map;
    if (bamboo_map_builder_finish(&builder, &map, &machine->error) != BAMBOO_OK) return STEP_FAILED;
    return push_made(machine, map);
}

/* The scratch text as a value in place of the top `count` values. */
static enum step replace_by_scratch(struct interpreter *machine, uint32_t count,
                                    enum bamboo_status status)
{
    struct bamboo_value value = bamboo_missing();
    if (status == BAMBOO_OK) status = value_from_text(&machine->scratch, &value, &machine->error);
    return replace(machine, count, status, value);
}

enum step execute_MAKE_TEXT(struct interpreter *machine, uint32_t operand)
{
    enum bamboo_status status = BAMBOO_OK;
    text_clear(&machine->scratch);
    for (uint32_t i = machine->depth - operand; i < machine->depth && status == BAMBOO_OK; i++) {
        if (machine->stack[i].type == BAMBOO_MISSING)
            status = fail(&machine->error, BAMBOO_E_EVALUATION,
                          "a value in this text was not set; `x ?? default` allows for that");
        else
            value_append_text(&machine->scratch, machine->stack[i]);
        if (machine->scratch.size > VALUE_SIZE_MAX)
            status = fail(&machine->error, BAMBOO_E_LIMIT, "a text is longer than %u MiB",
                          VALUE_SIZE_MAX >> 20);
    }
    return replace_by_scratch(machine, operand, status);
}

enum step execute_SHELL_WORD(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    text_clear(&machine->scratch);
    enum bamboo_status status =
        value_append_shell(&machine->scratch, machine->stack[machine->depth - 1], &machine->error);
    return replace_by_scratch(machine, 1, status);
}

static enum step field_fails(struct interpreter *machine, uint32_t operand, enum bamboo_type type)
{
    const char *key = bamboo_string_bytes(constant(machine, operand), NULL);
    if (type == BAMBOO_MAP)
        fail(&machine->error, BAMBOO_E_EVALUATION, "there is no '%s' in this map", key);
    else
        fail(&machine->error, BAMBOO_E_EVALUATION, "cannot read '.%s' of a value of type %s", key,
             bamboo_type_name(type));
    return replace(machine, 1, BAMBOO_E_EVALUATION, bamboo_missing());
}

enum step execute_FIELD(struct interpreter *machine, uint32_t operand)
{
    struct bamboo_value object = machine->stack[machine->depth - 1];
    struct bamboo_value value = bamboo_missing();
    if (object.type == BAMBOO_MAP) value = bamboo_map_find(object, constant(machine, operand));
    if (value.type == BAMBOO_MISSING) return field_fails(machine, operand, object.type);
    machine->stack[machine->depth - 1] = bamboo_value_retain(value);
    bamboo_value_release(object);
    return STEP_NEXT;
}

enum step execute_TRY_FIELD(struct interpreter *machine, uint32_t operand)
{
    struct bamboo_value object = machine->stack[machine->depth - 1];
    struct bamboo_value value = bamboo_missing();
    if (object.type == BAMBOO_MAP)
        value = bamboo_map_find(object, constant(machine, operand));
    else if (object.type > BAMBOO_NULL)
        return field_fails(machine, operand, object.type);
    machine->stack[machine->depth - 1] = bamboo_value_retain(value);
    bamboo_value_release(object);
    return STEP_NEXT;
}

enum step execute_TRY_INDEX(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    const struct bamboo_value *operands = &machine->stack[machine->depth - 2];
    struct bamboo_value result = bamboo_missing();
    if (operands[0].type == BAMBOO_MAP && operands[1].type == BAMBOO_STRING) {
        result = bamboo_value_retain(bamboo_map_find(operands[0], operands[1]));
    } else if (operands[0].type == BAMBOO_LIST && operands[1].type == BAMBOO_INTEGER) {
        int64_t count = (int64_t)bamboo_list_count(operands[0]);
        int64_t index = operands[1].as.integer;
        if (index < 0) index += count;
        if (index >= 0 && index < count)
            result = bamboo_value_retain(bamboo_list_at(operands[0], (size_t)index));
    } else if (operands[0].type > BAMBOO_NULL) {
        return execute_INDEX(machine, operand);
    }
    return replace(machine, 2, BAMBOO_OK, result);
}

enum step execute_SLICE(struct interpreter *machine, uint32_t operand)
{
    (void)operand;
    const struct bamboo_value *operands = &machine->stack[machine->depth - 4];
    struct bamboo_value result = bamboo_missing();
    enum bamboo_status status = value_slice(operands[0], &operands[1], &result, &machine->error);
    return replace(machine, 4, status, result);
}

/* The function that a call means: the plain one, or the method of the first argument's type. NULL,
 * with the reason in the machine's error, if there is none that takes these arguments. */
static const struct function *called_function(struct interpreter *machine,
                                              const struct linked_function *linked, uint32_t count)
{
    const struct bamboo_value *arguments = &machine->stack[machine->depth - count];
    for (uint32_t i = 0; i < count; i++) {
        if (arguments[i].type != BAMBOO_MISSING) continue;
        fail(&machine->error, BAMBOO_E_EVALUATION,
             "an argument of %s() was not set; `x ?? default` allows for that", linked->name);
        return NULL;
    }
    const struct function *function = linked->plain;
    uint32_t given = count;
    if (!function && count > 0) {
        function = linked->methods[arguments[0].type];
        given = count - 1;
    }
    if (!function) {
        fail(&machine->error, BAMBOO_E_EVALUATION, "a value of type %s has no method %s",
             bamboo_type_name(count ? arguments[0].type : BAMBOO_MISSING), linked->name);
        return NULL;
    }
    if (given < function->argument_min || given > function->argument_max) {
        fail(&machine->error, BAMBOO_E_EVALUATION, "%s() does not take %u arguments: %s",
             function->name, given, function->signature);
        return NULL;
    }
    return function;
}

enum step execute_CALL(struct interpreter *machine, uint32_t operand)
{
    uint32_t count = operand & 0xFF;
    const struct function *function =
        called_function(machine, &machine->linked->functions[operand >> 8], count);
    struct bamboo_value result = bamboo_missing();
    enum bamboo_status status = BAMBOO_E_EVALUATION;
    charge(machine, (size_t)CALL_STEPS * STEP_BYTES);
    for (uint32_t i = 0; i < count; i++)
        charge_operand(machine, machine->stack[machine->depth - count + i]);
    if (function)
        status = function->body(&machine->stack[machine->depth - count], count, &result,
                                &machine->error);
    return replace(machine, count, status, result);
}

enum step execute_BEGIN_ITERATION(struct interpreter *machine, uint32_t operand)
{
    struct bamboo_value value = machine_pop(machine), list;
    charge_operand(machine, value);
    enum bamboo_status status = value_elements(value, &list, &machine->error);
    bamboo_value_release(value);
    if (status != BAMBOO_OK) return STEP_FAILED;
    bamboo_value_release(machine->locals[operand]);
    machine->locals[operand] = list;
    bamboo_value_release(machine->locals[operand + 1]);
    machine->locals[operand + 1] = bamboo_integer(0);
    use_locals(machine, operand + 3); /* with the element that ITERATE puts there */
    return STEP_NEXT;
}

enum step execute_ITERATE(struct interpreter *machine, uint32_t operand)
{
    struct bamboo_value *locals = &machine->locals[operand];
    if (locals[0].type != BAMBOO_LIST || locals[1].type != BAMBOO_INTEGER) {
        fail(&machine->error, BAMBOO_E_EVALUATION, "an iteration that was not begun");
        return STEP_FAILED;
    }
    size_t position = (size_t)locals[1].as.integer;
    if (position >= bamboo_list_count(locals[0])) return push(machine, bamboo_bool(false));
    bamboo_value_release(locals[2]);
    locals[2] = bamboo_value_retain(bamboo_list_at(locals[0], position));
    locals[1].as.integer++;
    return push(machine, bamboo_bool(true));
}

enum step execute_APPEND_LOCAL(struct interpreter *machine, uint32_t operand)
{
    struct bamboo_value value = machine_pop(machine);
    if (machine->locals[operand].type != BAMBOO_LIST) {
        bamboo_value_release(value);
        fail(&machine->error, BAMBOO_E_EVALUATION, "a local that is not a list");
        return STEP_FAILED;
    }
    if (sizeof value > machine->memory_left) {
        bamboo_value_release(value);
        fail(&machine->error, BAMBOO_E_LIMIT, "the evaluation makes more than %u MiB of values",
             EVALUATION_MEMORY_MAX >> 20);
        return STEP_FAILED;
    }
    machine->memory_left -= sizeof value;
    return value_list_append_take(&machine->locals[operand], value, &machine->error) == BAMBOO_OK
               ? STEP_NEXT
               : STEP_FAILED;
}
