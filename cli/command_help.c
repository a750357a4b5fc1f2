/* What bamboo says of itself: help, version, paths. */
#include <stdlib.h>
#include <string.h>

#include "cli/help.h"
#include "cli/session.h"

int help_command(const struct invocation *invocation)
{
    const char *topic = operand(invocation, 0);
    const struct command *command = topic ? command_find(topic) : NULL;
    if (!topic) {
        help_print_all();
    } else if (command) {
        help_print_command(command);
    } else if (strcmp(topic, "exit-codes") == 0) {
        help_print_exit_codes();
    } else {
        const char *nearest = command_nearest(topic);
        complain("help: there is no command '%s'%s%s%s", topic, nearest ? "; did you mean '" : "",
                 nearest ? nearest : "", nearest ? "'?" : "");
        return EXIT_USAGE;
    }
    return EXIT_FINISHED;
}

int version_command(const struct invocation *invocation)
{
    const char *version = bamboo_version();
    struct bamboo_map_builder map;
    if (!option_given(invocation, OPTION_JSON)) {
        printf("bamboo %s\n", version);
        return EXIT_FINISHED;
    }
    char number[32];
    snprintf(number, sizeof number, "%.*s", (int)strcspn(version, " "), version);
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_text(&map, "version", number);
    bamboo_map_builder_set_text(&map, "text", version);
    return print_document(&map);
}

int paths_command(const struct invocation *invocation)
{
    struct store_place place;
    struct bamboo_map_builder map;
    if (!store_place_find(invocation, &place)) return EXIT_USAGE;
    bool exists = store_exists(&place);
    if (!option_given(invocation, OPTION_JSON)) {
        printf("store  %s\n       from %s%s\n", place.url, place.reason,
               exists ? "" : "; it is made by the first run");
        return EXIT_FINISHED;
    }
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_text(&map, "store", place.url);
    bamboo_map_builder_set_text(&map, "from", place.reason);
    bamboo_map_builder_set_take(&map, "exists", bamboo_bool(exists));
    return print_document(&map);
}
