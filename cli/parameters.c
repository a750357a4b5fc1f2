#include "cli/parameters.h"

#include <stdlib.h>
#include <string.h>

#include "cli/exit_code.h"
#include "cli/look.h"
#include "cli/memory.h"

const char *split_assignment(const char *text, const char *option, char **name)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text) {
        complain("%s '%s': wants NAME=VALUE", option, text);
        return NULL;
    }
    *name = copy_text(text, (size_t)(equals - text));
    if (!*name) complain("out of memory");
    return *name ? equals + 1 : NULL;
}

/* JSON has no durations: their text is read as on the command line. */
static bool is_duration(struct bamboo_value description, const char *name)
{
    struct bamboo_value parameters = map_at(description, "parameters");
    for (size_t i = 0; i < bamboo_list_count(parameters); i++) {
        struct bamboo_value parameter = bamboo_list_at(parameters, i);
        if (strcmp(map_text(parameter, "name"), name) == 0)
            return strcmp(map_text(parameter, "type"), "duration") == 0;
    }
    return false;
}

static int add_from_map(const struct bamboo_flow *flow, struct bamboo_value map,
                        struct bamboo_map_builder *builder)
{
    struct bamboo_value description;
    struct bamboo_error error;
    int code = EXIT_FINISHED;
    if (bamboo_flow_describe(flow, &description, &error) != BAMBOO_OK)
        return complain_error(&error);
    for (size_t i = 0; i < bamboo_map_count(map) && code == EXIT_FINISHED; i++) {
        struct bamboo_value key = bamboo_map_key_at(map, i);
        struct bamboo_value value = bamboo_value_retain(bamboo_map_value_at(map, i));
        const char *name = bamboo_string_bytes(key, NULL);
        if (value.type == BAMBOO_STRING && is_duration(description, name)) {
            struct bamboo_value text = value;
            value = bamboo_missing();
            if (bamboo_flow_parameter(flow, name, bamboo_string_bytes(text, NULL), &value,
                                      &error) != BAMBOO_OK)
                code = complain_error(&error);
            bamboo_value_release(text);
        }
        if (code == EXIT_FINISHED) bamboo_map_builder_put_take(builder, key, value);
    }
    bamboo_value_release(description);
    return code;
}

static int add_from_file(const char *path, const struct bamboo_flow *flow,
                         struct bamboo_map_builder *builder)
{
    struct bamboo_value map;
    struct bamboo_error error;
    int code = EXIT_FINISHED;
    if (bamboo_json_read(path, &map, &error) != BAMBOO_OK) return complain_error(&error);
    if (map.type == BAMBOO_MAP) {
        code = add_from_map(flow, map, builder);
    } else {
        complain("%s: parameters are a JSON map, such as {\"version\": \"1.2\"}", path);
        code = EXIT_USAGE;
    }
    bamboo_value_release(map);
    return code;
}

static int add_from_option(const char *text, const struct bamboo_flow *flow,
                           struct bamboo_map_builder *builder)
{
    char *name;
    struct bamboo_value value;
    struct bamboo_error error;
    const char *rest = split_assignment(text, "-p", &name);
    if (!rest) return EXIT_USAGE;
    int code = EXIT_FINISHED;
    if (bamboo_flow_parameter(flow, name, rest, &value, &error) == BAMBOO_OK) {
        bamboo_map_builder_set_take(builder, name, value);
    } else {
        complain("%s", error.message);
        code = EXIT_USAGE; /* also for a name that there is not */
    }
    free(name);
    return code;
}

int read_json_option(const struct invocation *invocation, enum option_id option,
                     struct bamboo_value *out)
{
    const char *text = option_text(invocation, option);
    struct bamboo_error error;
    *out = bamboo_missing();
    if (!text) return EXIT_FINISHED;
    if (*text == '@')
        return bamboo_json_read(text + 1, out, &error) == BAMBOO_OK ? EXIT_FINISHED
                                                                    : complain_error(&error);
    if (bamboo_json_parse(text, strlen(text), out, &error) == BAMBOO_OK) return EXIT_FINISHED;
    complain("--%s: %s", option_info(option)->name, error.message);
    return EXIT_USAGE;
}

int read_map_option(const struct invocation *invocation, enum option_id option,
                    struct bamboo_value *out)
{
    int code = read_json_option(invocation, option, out);
    if (code != EXIT_FINISHED || !option_text(invocation, option) || out->type == BAMBOO_MAP)
        return code;
    complain("--%s wants a JSON map, such as {\"x\": 1}", option_info(option)->name);
    return EXIT_USAGE;
}

int parameters_read(const struct invocation *invocation, const struct bamboo_flow *flow,
                    struct bamboo_value *out)
{
    struct bamboo_map_builder builder;
    struct bamboo_error error;
    const char *text;
    size_t cursor = 0;
    int code = EXIT_FINISHED;
    bamboo_map_builder_init(&builder);
    while (code == EXIT_FINISHED && (text = option_next(invocation, OPTION_PARAMETERS, &cursor)))
        code = add_from_file(text, flow, &builder);
    cursor = 0;
    while (code == EXIT_FINISHED && (text = option_next(invocation, OPTION_PARAMETER, &cursor)))
        code = add_from_option(text, flow, &builder);
    if (code != EXIT_FINISHED) {
        bamboo_map_builder_release(&builder);
        return code;
    }
    if (bamboo_map_builder_finish(&builder, out, &error) != BAMBOO_OK)
        return complain_error(&error);
    return EXIT_FINISHED;
}
