#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/characters.h"
#include "cli/command.h"
#include "cli/look.h"
#include "cli/session.h"

#define OLDER_THAN_DEFAULT "30d"

struct removals {
    bool as_json, dry_run;
    struct bamboo_list_builder list;
};

/* Reads the options. Without any, runs of the last 30 days stay; with --keep alone, only those. */
static int read_retention(const struct invocation *invocation, struct bamboo_retention *out)
{
    const char *older = option_text(invocation, OPTION_OLDER_THAN);
    const char *keep = option_text(invocation, OPTION_KEEP);
    struct bamboo_error error;
    *out = (struct bamboo_retention){.dry_run = option_given(invocation, OPTION_DRY_RUN)};
    if (!older && !keep) older = OLDER_THAN_DEFAULT;
    if (older && bamboo_duration_parse(older, &out->older_than_ms, &error) != BAMBOO_OK) {
        complain("--older-than: %s", error.message);
        return EXIT_USAGE;
    }
    if (out->older_than_ms < 0) {
        complain("--older-than: %s is less than nothing", older);
        return EXIT_USAGE;
    }
    if (!keep) return EXIT_FINISHED;
    char *end = NULL;
    errno = 0;
    out->keep = strtoull(keep, &end, 10);
    if (errno == 0 && *keep >= '0' && *keep <= '9' && *end == '\0') return EXIT_FINISHED;
    complain("--keep: '%s' is no number of runs", keep);
    return EXIT_USAGE;
}

static void take_removal(void *context, struct bamboo_value run)
{
    struct removals *removals = context;
    if (removals->as_json) {
        bamboo_list_builder_append_take(&removals->list, bamboo_value_retain(run));
        return;
    }
    printf("%s %s  %s  ", removals->dry_run ? "would remove" : "removed", map_text(run, "id"),
           look_word(look_of_run(run)));
    print_escaped(stdout, map_text(run, "flow"), strlen(map_text(run, "flow")), false);
    putchar('\n');
}

static void print_sum(const struct removals *removals, struct bamboo_value sum)
{
    int64_t removed = map_integer(sum, "removed");
    int64_t before = map_integer(sum, "bytes_before"), after = map_integer(sum, "bytes_after");
    printf("%lld run%s%s removed", (long long)removed, removed == 1 ? "" : "s",
           removals->dry_run ? " would be" : "");
    if (!removals->dry_run)
        printf("; the store has %lld KiB, %lld KiB less than before, and %lld KiB free in it",
               (long long)(after / 1024), (long long)((before - after) / 1024),
               (long long)(map_integer(sum, "bytes_free") / 1024));
    putchar('\n');
}

static int print_json_sum(struct removals *removals, struct bamboo_value sum)
{
    static const char *const SIZES[] = {"bytes_before", "bytes_after", "bytes_free"};
    struct bamboo_value list;
    struct bamboo_error error;
    struct bamboo_map_builder map;
    if (bamboo_list_builder_finish(&removals->list, &list, &error) != BAMBOO_OK)
        return complain_error(&error);
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_integer(&map, "version", 1);
    bamboo_map_builder_set_take(&map, "dry_run", bamboo_bool(removals->dry_run));
    bamboo_map_builder_set_take(&map, "removed", list);
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++)
        bamboo_map_builder_set_integer(&map, SIZES[i], map_integer(sum, SIZES[i]));
    return print_document(&map);
}

static int collect(struct session *session, const struct bamboo_retention *retention)
{
    struct removals removals = {.as_json = option_given(session->invocation, OPTION_JSON),
                                .dry_run = retention->dry_run};
    struct bamboo_value sum;
    struct bamboo_error error;
    int code = EXIT_FINISHED;
    bamboo_list_builder_init(&removals.list);
    if (bamboo_collect(session->engine, retention, take_removal, &removals, &sum, &error) !=
        BAMBOO_OK) {
        bamboo_list_builder_release(&removals.list);
        return complain_error(&error);
    }
    if (removals.as_json)
        code = print_json_sum(&removals, sum);
    else
        print_sum(&removals, sum);
    bamboo_list_builder_release(&removals.list);
    bamboo_value_release(sum);
    return code;
}

int gc_command(const struct invocation *invocation)
{
    struct session session = {0};
    struct bamboo_retention retention;
    struct store_place place;
    int code = read_retention(invocation, &retention);
    if (code != EXIT_FINISHED) return code;
    if (!store_place_find(invocation, &place)) return EXIT_USAGE;
    if (!store_exists(&place)) {
        complain("there is no store at %s yet (%s)", place.url, place.reason);
        return EXIT_NOT_FOUND;
    }
    code = session_open(&session, invocation, SESSION_WRITES);
    if (code == EXIT_FINISHED) code = collect(&session, &retention);
    session_close(&session);
    return code;
}
