#include "compiler/arguments.h"

#include <stdio.h>
#include <string.h>

#include "base/duration.h"
#include "base/limits.h"

size_t signature_input_count(const struct signature *signature)
{
    return signature->component != NULL ? signature->component->input_count
                                        : signature->pipeline->parameter_count;
}

struct signature_input signature_input(const struct signature *signature, size_t index)
{
    if (signature->component != NULL) {
        const struct bamboo_input *input = &signature->component->inputs[index];
        return (struct signature_input){.name = input->name,
                                        .type = type_parse(input->type),
                                        .required = input->required,
                                        .is_shell = input->syntax == BAMBOO_SYNTAX_SHELL,
                                        .default_json = input->default_json};
    }
    /* Parameters are the first symbols of a pipeline. */
    const struct graph_variable *variable = signature->pipeline->symbols[index]->variable;
    return (struct signature_input){.name = variable->name,
                                    .type = variable->type,
                                    .required = variable->parameter->default_value == NULL};
}

/* Any variable of a callee's context may be given. */
static bool context_has(const struct signature *signature, const struct ast_name *name)
{
    char key[NAME_SIZE_MAX + 4];
    if (signature->pipeline == NULL || signature->pipeline->tree->context == NULL) return false;
    if (name->quoted) return graph_context_variable(signature->pipeline, name->bytes) != NULL;
    snprintf(key, sizeof key, "${%s}", name->bytes);
    return graph_context_variable(signature->pipeline, key) != NULL;
}

static size_t find_input(const struct signature *signature, const char *name)
{
    if (signature->pipeline != NULL) {
        uint32_t index = name_table_find(&signature->pipeline->names, name);
        return index < signature->pipeline->parameter_count ? index : SIZE_MAX;
    }
    for (size_t i = 0; i < signature->component->input_count; i++)
        if (strcmp(signature->component->inputs[i].name, name) == 0) return i;
    return SIZE_MAX;
}

struct argument_target argument_target(const struct signature *signature,
                                       const struct ast_argument *argument, size_t *position)
{
    const struct bamboo_component *component = signature->component;
    if (argument->name.bytes != NULL) {
        size_t input = find_input(signature, argument->name.bytes);
        if (input != SIZE_MAX) return (struct argument_target){ARGUMENT_INPUT, input};
        bool accepted = (component != NULL && component->accepts_any_input) ||
                        context_has(signature, &argument->name);
        return (struct argument_target){accepted ? ARGUMENT_EXTRA : ARGUMENT_UNKNOWN, 0};
    }
    if (component != NULL && component->variadic_input != NULL) {
        size_t input = find_input(signature, component->variadic_input);
        if (input != SIZE_MAX) return (struct argument_target){ARGUMENT_VARIADIC, input};
    }
    /* A component may get more inputs, so that only its first one has a place of its own. */
    size_t input = (*position)++;
    size_t count =
        component != NULL && component->input_count > 0 ? 1 : signature_input_count(signature);
    if (input < count) return (struct argument_target){ARGUMENT_INPUT, input};
    return (struct argument_target){ARGUMENT_SURPLUS, 0};
}

enum bamboo_status signature_default(const struct signature_input *input, struct bamboo_value *out,
                                     struct bamboo_error *error)
{
    const char *json = input->default_json;
    enum bamboo_status status = bamboo_json_parse(json, strlen(json), out, error);
    if (status == BAMBOO_E_MEMORY) return status;
    if (status != BAMBOO_OK)
        return fail(error, BAMBOO_E_INTERNAL, "the default of input '%s' is not JSON: %s",
                    input->name, json);
    bool is_duration = out->type == BAMBOO_STRING && (input->type & TYPE_OF(DURATION)) &&
                       !(input->type & TYPE_OF(STRING));
    if (!is_duration) return BAMBOO_OK;
    size_t size = 0;
    const char *bytes = bamboo_string_bytes(*out, &size);
    int64_t milliseconds = 0;
    status = duration_parse(bytes, size, &milliseconds, error);
    bamboo_value_release(*out);
    *out = bamboo_duration(milliseconds);
    return status;
}
