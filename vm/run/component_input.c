#include "vm/run/component_input.h"

#include <string.h>

#include "base/diagnostics.h"
#include "base/value.h"

const struct bamboo_input *component_input_find(const struct bamboo_component *component,
                                                const char *name)
{
    for (size_t i = 0; i < component->input_count; i++)
        if (strcmp(component->inputs[i].name, name) == 0) return &component->inputs[i];
    return NULL;
}

static const char *input_name_at(const void *context, size_t index)
{
    const struct bamboo_component *component = context;
    return component->inputs[index].name;
}

enum bamboo_status component_input_refuse(const struct bamboo_component *component,
                                          const char *name, struct bamboo_error *error)
{
    const char *nearest = nearest_name(name, component->input_count, input_name_at, component);
    return fail(error, BAMBOO_E_PARAMETER, "component '%s' has no input '%.200s'%s%s%s",
                component->code, name, nearest ? "; did you mean '" : "", nearest ? nearest : "",
                nearest ? "'?" : "");
}

enum bamboo_status component_inputs_check(const struct bamboo_component *component,
                                          struct bamboo_value inputs, bool templates,
                                          struct bamboo_error *error)
{
    for (size_t i = 0; i < bamboo_map_count(inputs); i++) {
        const char *name = bamboo_string_bytes(bamboo_map_key_at(inputs, i), NULL);
        struct bamboo_value value = bamboo_map_value_at(inputs, i);
        const struct bamboo_input *input = component_input_find(component, name);
        if (!input && !component->accepts_any_input)
            return component_input_refuse(component, name, error);
        bool is_open = value.type == BAMBOO_NULL || (templates && value.type == BAMBOO_STRING);
        if (input && !is_open && !value_has_type(value, input->type))
            return fail(error, BAMBOO_E_PARAMETER, "input %s wants a value of type %s, not %s",
                        name, input->type, value_type_phrase(value.type));
    }
    return BAMBOO_OK;
}
