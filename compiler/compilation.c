#include "compiler/compilation.h"

#include <stdarg.h>
#include <string.h>

#include "include/bamboo_value.h"

static void name_components(struct compilation *compilation)
{
    const struct bamboo_component_set *set = compilation->options->components;
    for (size_t i = 0; set != NULL && i < set->count; i++)
        compilation_name(compilation, &compilation->components, set->items[i]->code, i);
}

static void name_functions(struct compilation *compilation)
{
    const struct function_set *set = compilation->options->functions;
    if (set == NULL) return;
    /* Backwards, so that the first method of a name is the one in the table. */
    for (size_t i = set->count; i-- > 0;) {
        const struct function *function = &set->items[i];
        struct name_table *table =
            function->receiver == BAMBOO_MISSING ? &compilation->functions : &compilation->methods;
        compilation_name(compilation, table, function->name, i);
    }
}

enum bamboo_status compilation_init(struct compilation *compilation,
                                    const struct compile_options *options,
                                    struct diagnostics *diagnostics, struct bamboo_error *error)
{
    *compilation = (struct compilation){.options = options, .diagnostics = diagnostics};
    compilation->arena = arena_create();
    if (compilation->arena == NULL) return fail_memory(error);
    name_components(compilation);
    name_functions(compilation);
    if (!compilation->out_of_memory) return BAMBOO_OK;
    compilation_release(compilation);
    return fail_memory(error);
}

void compilation_release(struct compilation *compilation)
{
    /* What is in the arena cannot tell pointers any more. */
    for (uint32_t i = 0; i < diagnostics_source_count(compilation->diagnostics); i++)
        diagnostics_set_pointers(compilation->diagnostics, i, NULL, NULL);
    arena_destroy(compilation->arena);
    compilation->arena = NULL;
}

void *compilation_allocate(struct compilation *compilation, size_t count, size_t element_size)
{
    void *memory = arena_allocate_array(compilation->arena, count, element_size);
    if (memory == NULL) compilation->out_of_memory = true;
    return memory;
}

char *compilation_format(struct compilation *compilation, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_format_arguments(compilation->arena, format, arguments);
    va_end(arguments);
    if (text == NULL) compilation->out_of_memory = true;
    return text;
}

bool compilation_grow(struct compilation *compilation, void **array, size_t *capacity, size_t count,
                      size_t element_size)
{
    if (count < *capacity) return true;
    size_t larger = *capacity != 0 ? *capacity * 2 : 8;
    void *memory = compilation_allocate(compilation, larger, element_size);
    if (memory == NULL) return false;
    if (count > 0) memcpy(memory, *array, count * element_size);
    *array = memory;
    *capacity = larger;
    return true;
}

void compilation_name(struct compilation *compilation, struct name_table *table, const char *name,
                      size_t value)
{
    if (!name_table_set(table, compilation->arena, name, (uint32_t)value))
        compilation->out_of_memory = true;
}

enum bamboo_status compilation_status(const struct compilation *compilation, const char *name,
                                      struct bamboo_error *error)
{
    if (compilation->out_of_memory || diagnostics_failed(compilation->diagnostics))
        return fail_memory(error);
    size_t count = diagnostics_error_count(compilation->diagnostics);
    if (count == 0) return BAMBOO_OK;
    return fail(error, BAMBOO_E_SOURCE, "%s does not compile: %zu error%s", name, count,
                count == 1 ? "" : "s");
}

const struct bamboo_component *compilation_component(const struct compilation *compilation,
                                                     const char *code)
{
    uint32_t index = name_table_find(&compilation->components, code);
    return index == NAME_TABLE_NONE ? NULL : compilation->options->components->items[index];
}

const struct function *compilation_function(const struct compilation *compilation, const char *name)
{
    uint32_t index = name_table_find(&compilation->functions, name);
    return index == NAME_TABLE_NONE ? NULL : &compilation->options->functions->items[index];
}

const struct function *compilation_method(const struct compilation *compilation, const char *name)
{
    uint32_t index = name_table_find(&compilation->methods, name);
    return index == NAME_TABLE_NONE ? NULL : &compilation->options->functions->items[index];
}

const struct function *compilation_method_next(const struct compilation *compilation,
                                               const struct function *method)
{
    const struct function_set *set = compilation->options->functions;
    for (const struct function *next = method + 1; next < set->items + set->count; next++)
        if (next->receiver != BAMBOO_MISSING && strcmp(next->name, method->name) == 0) return next;
    return NULL;
}
