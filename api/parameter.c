/* Parameters as text: what stands on a command line is read as the declared type wants it. */
#include <string.h>

#include "api/library.h"
#include "base/diagnostics.h"
#include "base/duration.h"
#include "base/value.h"
#include "vm/run/component_input.h"

/* Reads `text` as one type. *fits is false if it is no text of that type. Errors: MEMORY, LIMIT. */
typedef enum bamboo_status (*type_reader)(const char *text, bool *fits, struct bamboo_value *out,
                                          struct bamboo_error *error);

static enum bamboo_status read_bool(const char *text, bool *fits, struct bamboo_value *out,
                                    struct bamboo_error *error)
{
    static const char *const WORDS[][2] = {
        {"false", "true"}, {"no", "yes"}, {"off", "on"}, {"0", "1"}};
    (void)error;
    *fits = false;
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        for (unsigned truth = 0; truth < 2; truth++)
            if (strcmp(text, WORDS[i][truth]) == 0) {
                *fits = true;
                *out = bamboo_bool(truth == 1);
            }
    return BAMBOO_OK;
}

static enum bamboo_status read_duration(const char *text, bool *fits, struct bamboo_value *out,
                                        struct bamboo_error *error)
{
    int64_t milliseconds = 0;
    (void)error;
    *fits = duration_parse(text, strlen(text), &milliseconds, NULL) == BAMBOO_OK;
    *out = bamboo_duration(milliseconds);
    return BAMBOO_OK;
}

static enum bamboo_status read_string(const char *text, bool *fits, struct bamboo_value *out,
                                      struct bamboo_error *error)
{
    *fits = true;
    return bamboo_string_create(text, strlen(text), out, error);
}

/* Numbers, lists and maps are JSON, which must be of the wanted type. */
static enum bamboo_status read_json(const char *text, bool *fits, struct bamboo_value *out,
                                    struct bamboo_error *error)
{
    enum bamboo_status status = bamboo_json_parse(text, strlen(text), out, error);
    *fits = status == BAMBOO_OK;
    return status == BAMBOO_E_PARAMETER ? BAMBOO_OK : status;
}

/* In the order in which alternatives ("duration|string") are tried: strings take everything. */
static const struct type_name {
    const char *name;
    type_reader read;
    const char *example;
} TYPES[] = {
    {"null", read_json, "null"},
    {"int", read_json, "42"},
    {"float", read_json, "1.5"},
    {"bool", read_bool, "true or false"},
    {"duration", read_duration, "90s or 1h30m"},
    {"list", read_json, "[\"a\", \"b\"]"},
    {"map", read_json, "{\"key\": 1}"},
    {"any", read_json, "JSON, or any text"},
    {"string", read_string, "any text"},
    {"any", read_string, "any text"},
};

/* Is `name` one of the alternatives of `declared`? */
static bool type_has(const char *declared, const char *name)
{
    size_t size = strlen(name);
    for (const char *at = declared; at; at = strchr(at, '|')) {
        if (*at == '|') at++;
        if (strncmp(at, name, size) == 0 && (at[size] == '\0' || at[size] == '|')) return true;
    }
    return false;
}

static const char *parameter_name_at(const void *context, size_t index)
{
    const struct program *program = context;
    return program_name(program,
                        program->variables[program->pipelines[0].first_variable + index].name);
}

/* Every variable of a context may be given. */
static uint32_t parameter_count(const struct program *program)
{
    const struct image_pipeline *root = &program->pipelines[0];
    return root->flags & PIPELINE_FLAG_CONTEXT ? root->variable_count : root->parameter_count;
}

/* Is it the parameter's name, or, of a context, what stands in the key "${name}"? */
static bool is_named(const struct program *program, uint32_t index, const char *name)
{
    const char *key = parameter_name_at(program, index);
    size_t size = strlen(name);
    if (strcmp(key, name) == 0) return true;
    return program->pipelines[0].flags & PIPELINE_FLAG_CONTEXT && strlen(key) == size + 3 &&
           strncmp(key, "${", 2) == 0 && strncmp(key + 2, name, size) == 0;
}

static const struct image_variable *find_parameter(const struct program *program, const char *name)
{
    for (uint32_t i = 0; i < parameter_count(program); i++)
        if (is_named(program, i, name))
            return &program->variables[program->pipelines[0].first_variable + i];
    return NULL;
}

static enum bamboo_status fail_unknown(const struct bamboo_flow *flow, const char *name,
                                       struct bamboo_error *error)
{
    const struct program *program = flow->linked->program;
    uint32_t count = parameter_count(program);
    const char *nearest = nearest_name(name, count, parameter_name_at, program);
    struct text known = {0};
    if (nearest)
        text_append_format(&known, "did you mean '%s'?", nearest);
    else if (count == 0)
        text_append_string(&known, "it has none");
    else
        text_append_string(&known, "it has ");
    for (uint32_t i = 0; i < count && !nearest; i++)
        text_append_format(&known, "%s%s", i ? ", " : "", parameter_name_at(program, i));
    enum bamboo_status status =
        fail(error, BAMBOO_E_NOT_FOUND, "pipeline %s has no parameter '%s'; %s", flow->name, name,
             text_string(&known));
    text_release(&known);
    return status;
}

/* Reads a text as one of the types that `declared` names; what it belongs to is `role` `name`. */
static enum bamboo_status read_declared(const char *declared, const char *role, const char *name,
                                        const char *text, struct bamboo_value *out,
                                        struct bamboo_error *error)
{
    const char *example = "";
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++) {
        struct bamboo_value value = bamboo_missing();
        bool fits = false;
        if (!type_has(declared, TYPES[i].name)) continue;
        enum bamboo_status status = TYPES[i].read(text, &fits, &value, error);
        if (status != BAMBOO_OK) return status;
        if (fits && value_has_type(value, TYPES[i].name)) {
            *out = value;
            return BAMBOO_OK;
        }
        if (fits) bamboo_value_release(value);
        example = TYPES[i].example;
    }
    return fail(error, BAMBOO_E_PARAMETER, "%s '%s' wants %s, such as %s, and not '%s'", role, name,
                declared, example, text);
}

enum bamboo_status bamboo_flow_parameter(const struct bamboo_flow *flow, const char *name,
                                         const char *text, struct bamboo_value *out,
                                         struct bamboo_error *error)
{
    const struct program *program = flow->linked->program;
    const struct image_variable *parameter = find_parameter(program, name);
    if (!parameter) return fail_unknown(flow, name, error);
    return read_declared(program_name(program, parameter->type), "parameter", name, text, out,
                         error);
}

enum bamboo_status bamboo_component_input(const struct bamboo_library *library, const char *code,
                                          const char *name, const char *text,
                                          struct bamboo_value *out, struct bamboo_error *error)
{
    const struct bamboo_component *component = library_component(library, code, error);
    if (!component) return BAMBOO_E_NOT_FOUND;
    const struct bamboo_input *input = component_input_find(component, name);
    if (input) return read_declared(input->type, "input", name, text, out, error);
    if (component->accepts_any_input) return read_declared("any", "input", name, text, out, error);
    return component_input_refuse(component, name, error);
}
