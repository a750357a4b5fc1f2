/* What a flow may use: the standard components and those of plugins. A plugin is checked here,
 * once, so that nobody behind this door has to ask whether a descriptor makes sense. */
#include "api/library.h"

#include <dlfcn.h>
#include <string.h>

#include "base/diagnostics.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/value.h"
#include "grammar/parse.h"
#include "stdlib/components.h"
#include "stdlib/functions.h"

static const char *const KINDS[] = {
    [BAMBOO_KIND_PLAIN] = "plain",       [BAMBOO_KIND_POLL] = "poll",
    [BAMBOO_KIND_CALLBACK] = "callback", [BAMBOO_KIND_MULTI_CALLBACK] = "multi_callback",
    [BAMBOO_KIND_VARIABLE] = "variable",
};

static const char *const EFFECTS[] = {
    [BAMBOO_EFFECT_PURE] = "pure",
    [BAMBOO_EFFECT_EXTERNAL] = "external",
};

/* --- Plugins --- */

static const struct bamboo_component *find_component(const struct bamboo_library *library,
                                                     const char *code)
{
    for (size_t i = 0; i < library->components.count; i++)
        if (strcmp(library->components.items[i]->code, code) == 0)
            return library->components.items[i];
    return NULL;
}

static bool is_function_name(const struct bamboo_library *library, const char *name)
{
    for (size_t i = 0; i < library->functions.count; i++)
        if (library->functions.items[i].receiver == BAMBOO_MISSING &&
            strcmp(library->functions.items[i].name, name) == 0)
            return true;
    return false;
}

static bool is_name(const char *text)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    static const char CHARACTERS[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    return *text != '\0' && strchr(LETTERS, *text) && text[strspn(text, CHARACTERS)] == '\0' &&
           !is_keyword(text, strlen(text));
}

/* What is wrong with the inputs and outputs of a descriptor; NULL: nothing. */
static const char *fault_of_fields(const struct bamboo_component *component)
{
    if ((component->input_count && !component->inputs) ||
        (component->output_count && !component->outputs))
        return "counts inputs or outputs that it does not have";
    bool variadic_found = component->variadic_input == NULL;
    for (size_t i = 0; i < component->input_count; i++) {
        const struct bamboo_input *input = &component->inputs[i];
        if (!input->name || !is_name(input->name) || !input->type)
            return "has an input without a proper name or type";
        if (component->variadic_input && strcmp(input->name, component->variadic_input) == 0)
            variadic_found = true;
    }
    for (size_t i = 0; i < component->output_count; i++)
        if (!component->outputs[i].name || !component->outputs[i].type)
            return "has an output without a name or type";
    return variadic_found ? NULL : "names a variadic input that it does not have";
}

/* What is wrong with a descriptor of a plugin; NULL: nothing. */
static const char *fault_of_component(const struct bamboo_library *library,
                                      const struct bamboo_component *component)
{
    if (!component->code || !is_name(component->code))
        return "has no code that could be a name in a flow";
    if (find_component(library, component->code)) return "is there already";
    if (is_function_name(library, component->code))
        return "has the name of a function of expressions";
    if (!component->execute) return "has no execute function";
    if ((unsigned)component->kind > BAMBOO_KIND_VARIABLE ||
        (unsigned)component->effect > BAMBOO_EFFECT_EXTERNAL)
        return "has an unknown kind or effect class";
    if (component->kind == BAMBOO_KIND_VARIABLE)
        return component->effect == BAMBOO_EFFECT_PURE
                   ? fault_of_fields(component)
                   : "is a variable, but not pure: it is computed at each use";
    if (component->kind != BAMBOO_KIND_PLAIN && !component->schedule)
        return "has no schedule function, which its kind needs";
    return fault_of_fields(component);
}

static enum bamboo_status add_components(struct bamboo_library *library, const char *plugin,
                                         const struct bamboo_component_set *set,
                                         struct bamboo_error *error)
{
    size_t count = library->components.count;
    if (set->count > SIZE_MAX / sizeof(void *) - count)
        return fail(error, BAMBOO_E_COMPONENT, "plugin %s: claims to have %zu components", plugin,
                    set->count);
    const struct bamboo_component **storage =
        memory_resize(library->storage, (count + set->count + 1) * sizeof(void *));
    if (!storage) return fail_memory(error);
    library->storage = storage;
    library->components.items = storage;
    for (size_t i = 0; i < set->count; i++) {
        const struct bamboo_component *component = set->items[i];
        if (!component)
            return fail(error, BAMBOO_E_COMPONENT, "plugin %s: a component is NULL", plugin);
        if (component->abi_version != BAMBOO_COMPONENT_ABI)
            return fail(error, BAMBOO_E_COMPONENT,
                        "plugin %s: was built for version %u of the component ABI, this bamboo has "
                        "version %u; build it against this bamboo's headers",
                        plugin, component->abi_version, (unsigned)BAMBOO_COMPONENT_ABI);
        const char *fault = fault_of_component(library, component);
        if (fault)
            return fail(error, BAMBOO_E_COMPONENT, "plugin %s: component '%s' %s", plugin,
                        component->code ? component->code : "", fault);
        storage[library->components.count++] = component;
    }
    return BAMBOO_OK;
}

/* dlopen() looks for a name without a slash where the system has its libraries, not here. */
static void *open_plugin(const char *path)
{
    if (strchr(path, '/')) return dlopen(path, RTLD_NOW | RTLD_LOCAL);
    struct text here = {0};
    text_append_format(&here, "./%s", path);
    void *plugin = here.failed ? NULL : dlopen(text_string(&here), RTLD_NOW | RTLD_LOCAL);
    text_release(&here);
    return plugin;
}

static enum bamboo_status load_plugin(struct bamboo_library *library, const char *path,
                                      struct bamboo_error *error)
{
    void *plugin = open_plugin(path);
    if (!plugin) {
        const char *reason = dlerror();
        return fail(error, BAMBOO_E_COMPONENT, "plugin %s: cannot be loaded: %s", path,
                    reason ? reason : "no reason is known");
    }
    library->plugins[library->plugin_count++] = plugin;
    void *symbol = dlsym(plugin, BAMBOO_PLUGIN_SYMBOL);
    if (!symbol)
        return fail(error, BAMBOO_E_COMPONENT, "plugin %s: has no function %s", path,
                    BAMBOO_PLUGIN_SYMBOL);
    /* POSIX says that this pointer can be called; C does not know how to say it. */
    bamboo_plugin_function function;
    memcpy(&function, &symbol, sizeof function);
    const struct bamboo_component_set *set = function();
    if (!set || (set->count && !set->items))
        return fail(error, BAMBOO_E_COMPONENT, "plugin %s: %s() gives no components", path,
                    BAMBOO_PLUGIN_SYMBOL);
    return add_components(library, path, set, error);
}

enum bamboo_status bamboo_library_create(const char *const *plugins, size_t plugin_count,
                                         struct bamboo_library **out, struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    const struct bamboo_component_set *standard = stdlib_components();
    struct bamboo_library *library = memory_allocate_zeroed(1, sizeof *library);
    if (!library) return fail_memory(error);
    library->functions = *stdlib_functions();
    library->plugins = memory_allocate_zeroed(plugin_count + 1, sizeof(void *));
    library->storage = memory_allocate_zeroed(standard->count, sizeof(void *));
    if (!library->plugins || !library->storage) {
        status = fail_memory(error);
        goto done;
    }
    memcpy(library->storage, standard->items, standard->count * sizeof(void *));
    library->components = (struct bamboo_component_set){library->storage, standard->count};
    for (size_t i = 0; i < plugin_count && status == BAMBOO_OK; i++)
        status = load_plugin(library, plugins[i], error);
done:
    if (status == BAMBOO_OK)
        *out = library;
    else
        bamboo_library_destroy(library);
    return status;
}

void bamboo_library_destroy(struct bamboo_library *library)
{
    if (!library) return;
    for (size_t i = library->plugins ? library->plugin_count : 0; i > 0; i--)
        dlclose(library->plugins[i - 1]);
    memory_free(library->plugins);
    memory_free(library->storage);
    memory_free(library);
}

/* --- What there is --- */

/* The default of an input is a part of its descriptor: text that is not JSON is shown as it is. */
static void set_default(struct bamboo_map_builder *map, const char *json)
{
    struct bamboo_value value;
    if (!json) return;
    enum bamboo_status status = bamboo_json_parse(json, strlen(json), &value, NULL);
    if (status == BAMBOO_OK)
        bamboo_map_builder_set_take(map, "default", value);
    else if (status == BAMBOO_E_MEMORY)
        map->failed = status;
    else
        bamboo_map_builder_set_text(map, "default", json);
}

static void append_map_take(struct bamboo_list_builder *list, struct bamboo_map_builder *map)
{
    struct bamboo_value value;
    if (bamboo_map_builder_finish(map, &value, NULL) == BAMBOO_OK)
        bamboo_list_builder_append_take(list, value);
    else
        list->failed = BAMBOO_E_MEMORY;
}

static void set_list_take(struct bamboo_map_builder *map, const char *key,
                          struct bamboo_list_builder *list)
{
    struct bamboo_value value;
    if (bamboo_list_builder_finish(list, &value, NULL) == BAMBOO_OK)
        bamboo_map_builder_set_take(map, key, value);
    else
        map->failed = BAMBOO_E_MEMORY;
}

static void set_inputs(struct bamboo_map_builder *map, const struct bamboo_component *component)
{
    struct bamboo_list_builder inputs;
    bamboo_list_builder_init(&inputs);
    for (size_t i = 0; i < component->input_count; i++) {
        const struct bamboo_input *input = &component->inputs[i];
        struct bamboo_map_builder row;
        bamboo_map_builder_init(&row);
        bamboo_map_builder_set_text(&row, "name", input->name);
        bamboo_map_builder_set_text(&row, "type", input->type);
        bamboo_map_builder_set_take(&row, "required", bamboo_bool(input->required));
        set_default(&row, input->default_json);
        bamboo_map_builder_set_text(&row, "documentation", input->documentation);
        append_map_take(&inputs, &row);
    }
    set_list_take(map, "inputs", &inputs);
}

static void set_outputs(struct bamboo_map_builder *map, const struct bamboo_component *component)
{
    struct bamboo_list_builder outputs;
    bamboo_list_builder_init(&outputs);
    for (size_t i = 0; i < component->output_count; i++) {
        const struct bamboo_output *output = &component->outputs[i];
        struct bamboo_map_builder row;
        bamboo_map_builder_init(&row);
        bamboo_map_builder_set_text(&row, "name", output->name);
        bamboo_map_builder_set_text(&row, "type", output->type);
        bamboo_map_builder_set_text(&row, "documentation", output->documentation);
        append_map_take(&outputs, &row);
    }
    set_list_take(map, "outputs", &outputs);
}

static void describe_component(const struct bamboo_component *component,
                               struct bamboo_map_builder *map)
{
    bamboo_map_builder_set_text(map, "code", component->code);
    bamboo_map_builder_set_text(map, "summary", component->summary);
    bamboo_map_builder_set_text(map, "documentation", component->documentation);
    bamboo_map_builder_set_text(map, "kind", KINDS[component->kind]);
    bamboo_map_builder_set_text(map, "effect", EFFECTS[component->effect]);
    set_inputs(map, component);
    if (component->variadic_input)
        bamboo_map_builder_set_text(map, "variadic_input", component->variadic_input);
    bamboo_map_builder_set_take(map, "any_input", bamboo_bool(component->accepts_any_input));
    set_outputs(map, component);
    bamboo_map_builder_set_take(map, "any_output", bamboo_bool(component->any_output));
}

static const char *code_at(const void *context, size_t index)
{
    return ((const struct bamboo_component_set *)context)->items[index]->code;
}

const struct bamboo_component *library_component(const struct bamboo_library *library,
                                                 const char *code, struct bamboo_error *error)
{
    const struct bamboo_component_set *set = &library->components;
    const struct bamboo_component *component = find_component(library, code);
    if (component) return component;
    const char *nearest = nearest_name(code, set->count, code_at, set);
    fail(error, BAMBOO_E_NOT_FOUND, "there is no component '%s'%s%s%s", code,
         nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    return NULL;
}

enum bamboo_status bamboo_library_components(const struct bamboo_library *library, const char *code,
                                             struct bamboo_value *out, struct bamboo_error *error)
{
    const struct bamboo_component_set *set = &library->components;
    if (code && !library_component(library, code, error)) return BAMBOO_E_NOT_FOUND;
    struct bamboo_list_builder list;
    bamboo_list_builder_init(&list);
    for (size_t i = 0; i < set->count; i++) {
        if (code && strcmp(set->items[i]->code, code) != 0) continue;
        struct bamboo_map_builder map;
        bamboo_map_builder_init(&map);
        describe_component(set->items[i], &map);
        append_map_take(&list, &map);
    }
    return bamboo_list_builder_finish(&list, out, error);
}
