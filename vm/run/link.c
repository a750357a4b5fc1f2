#include "vm/run/link.h"

#include <string.h>

#include "base/diagnostics.h"
#include "base/memory.h"
#include "bytecode/branches.h"
#include "template/template.h"

static const char *component_code_at(const void *context, size_t index)
{
    return ((const struct bamboo_component_set *)context)->items[index]->code;
}

static enum bamboo_status link_components(struct linked_program *linked,
                                          const struct bamboo_component_set *components,
                                          struct bamboo_error *error)
{
    const struct program *program = linked->program;
    for (uint32_t i = 0; i < program->component_count; i++) {
        const char *code = program_name(program, program->components[i].name);
        for (size_t c = 0; c < components->count; c++)
            if (strcmp(components->items[c]->code, code) == 0)
                linked->components[i] = components->items[c];
        const struct bamboo_component *found = linked->components[i];
        linked->has_hooks |= found && (found->finish || found->fail);
        if (found) continue;
        const char *nearest = nearest_name(code, components->count, component_code_at, components);
        return fail(
            error, BAMBOO_E_COMPONENT,
            "the flow needs the component '%s', which this bamboo does not have%s%s%s; load "
            "the plugin that has it with --plugin",
            code, nearest ? " (it has '" : "", nearest ? nearest : "", nearest ? "')" : "");
    }
    return BAMBOO_OK;
}

/* A name that begins with a dot is a method: every type's method of that name is linked. */
static bool link_function(struct linked_function *linked, const char *name,
                          const struct function_set *functions)
{
    bool method = name[0] == '.', found = false;
    linked->name = method ? name + 1 : name;
    for (size_t i = 0; i < functions->count; i++) {
        const struct function *function = &functions->items[i];
        if (strcmp(function->name, linked->name) != 0 ||
            method != (function->receiver != BAMBOO_MISSING))
            continue;
        found = true;
        if (method)
            linked->methods[function->receiver] = function;
        else
            linked->plain = function;
    }
    return found;
}

static enum bamboo_status link_functions(struct linked_program *linked,
                                         const struct function_set *functions,
                                         struct bamboo_error *error)
{
    const struct program *program = linked->program;
    for (uint32_t i = 0; i < program->function_count; i++) {
        const char *name = program_name(program, program->functions[i].name);
        if (!link_function(&linked->functions[i], name, functions))
            return fail(error, BAMBOO_E_COMPONENT,
                        "the flow needs the function '%s', which this bamboo does not have", name);
    }
    return BAMBOO_OK;
}

/* A component computes a variable or is executed by a node, never both. */
static enum bamboo_status check_kinds(const struct linked_program *linked,
                                      struct bamboo_error *error)
{
    const struct program *program = linked->program;
    for (uint32_t i = 0; i < program->variable_count; i++) {
        const struct image_variable *row = &program->variables[i];
        if (row->kind == VARIABLE_KIND_LAZY &&
            linked->components[row->component]->kind != BAMBOO_KIND_VARIABLE)
            return fail(error, BAMBOO_E_COMPONENT,
                        "variable '%s' needs a component of kind variable, which '%s' is not",
                        program_name(program, row->name), linked->components[row->component]->code);
    }
    for (uint32_t i = 0; i < program->node_count; i++) {
        const struct image_node *row = &program->nodes[i];
        bool executes = row->kind == NODE_KIND_ACTIVITY || row->kind == NODE_KIND_END;
        if (executes && row->companion != IMAGE_NONE &&
            linked->components[row->companion]->kind == BAMBOO_KIND_VARIABLE)
            return fail(error, BAMBOO_E_COMPONENT,
                        "node '%s' cannot execute '%s', which computes a variable",
                        program_name(program, row->name), linked->components[row->companion]->code);
    }
    return BAMBOO_OK;
}

/* Tables of names, for pipelines with a context: templates name variables at run time. */
static enum bamboo_status link_contexts(struct linked_program *linked,
                                        const struct function_set *functions,
                                        struct bamboo_error *error)
{
    const struct program *program = linked->program;
    for (uint32_t i = 0; i < program->pipeline_count; i++) {
        const struct image_pipeline *pipeline = &program->pipelines[i];
        if (!(pipeline->flags & PIPELINE_FLAG_CONTEXT)) continue;
        if (!linked->templates) {
            enum bamboo_status status = template_cache_create(functions, &linked->templates, error);
            if (status != BAMBOO_OK) return status;
        }
        for (uint32_t v = 0; v < pipeline->variable_count; v++) {
            const struct image_variable *row = &program->variables[pipeline->first_variable + v];
            if (!name_table_set(&linked->variables[i], linked->arena,
                                program_name(program, row->name), v))
                return fail_memory(error);
        }
    }
    return BAMBOO_OK;
}

uint32_t linked_variable(const struct linked_program *linked, uint32_t pipeline, const char *key)
{
    return name_table_find(&linked->variables[pipeline], key);
}

enum bamboo_status linked_branches(struct linked_program *linked, uint32_t pipeline,
                                   const uint32_t **out, struct bamboo_error *error)
{
    const struct program *program = linked->program;
    enum bamboo_status status = BAMBOO_OK;
    if (!linked->branches)
        linked->branches = memory_allocate_zeroed(program->pipeline_count, sizeof(uint32_t *));
    if (!linked->branches) return fail_memory(error);
    uint32_t **branches = &linked->branches[pipeline];
    if (!*branches) status = branches_find(program, &program->pipelines[pipeline], branches, error);
    *out = *branches;
    return status;
}

enum bamboo_status link_program(struct program *program,
                                const struct bamboo_component_set *components,
                                const struct function_set *functions, struct linked_program **out,
                                struct bamboo_error *error)
{
    struct linked_program *linked = memory_allocate_zeroed(1, sizeof *linked);
    if (!linked) return fail_memory(error);
    linked->owners = 1;
    linked->program = program_retain(program);
    linked->components =
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): it is an array of pointers */
        memory_allocate_zeroed(program->component_count + (size_t)1, sizeof *linked->components);
    linked->functions =
        memory_allocate_zeroed(program->function_count + (size_t)1, sizeof *linked->functions);
    linked->arena = arena_create();
    if (linked->arena)
        linked->variables = arena_allocate_array(linked->arena, program->pipeline_count + (size_t)1,
                                                 sizeof *linked->variables);
    if (!linked->components || !linked->functions || !linked->variables) {
        linked_program_release(linked);
        return fail_memory(error);
    }
    enum bamboo_status status = link_components(linked, components, error);
    if (status == BAMBOO_OK) status = link_functions(linked, functions, error);
    if (status == BAMBOO_OK) status = check_kinds(linked, error);
    if (status == BAMBOO_OK) status = link_contexts(linked, functions, error);
    if (status != BAMBOO_OK) {
        linked_program_release(linked);
        return status;
    }
    *out = linked;
    return BAMBOO_OK;
}

struct linked_program *linked_program_retain(struct linked_program *linked)
{
    linked->owners++;
    return linked;
}

void linked_program_release(struct linked_program *linked)
{
    if (!linked || --linked->owners > 0) return;
    memory_free(linked->components);
    memory_free(linked->functions);
    for (uint32_t i = 0; linked->branches && i < linked->program->pipeline_count; i++)
        memory_free(linked->branches[i]);
    memory_free(linked->branches);
    template_cache_destroy(linked->templates);
    arena_destroy(linked->arena);
    program_release(linked->program);
    memory_free(linked);
}
