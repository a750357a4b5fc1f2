#include <string.h>

#include "cli/characters.h"
#include "cli/clock.h"
#include "cli/command.h"
#include "cli/look.h"
#include "cli/session.h"

#define FLOW_COLUMNS 24

static void print_run(const struct pen *pen, struct bamboo_value run)
{
    char age[CLOCK_TEXT_SIZE], spent[CLOCK_TEXT_SIZE];
    enum look look = look_of_run(run);
    int64_t created = map_integer(run, "created"), finished = map_integer(run, "finished");
    printf("%s  ", map_text(run, "id"));
    print_column(stdout, map_text(run, "flow"), FLOW_COLUMNS);
    printf("  %s%s %-*s%s  %8s  %8s", pen_on(pen, look_style(look)), look_symbol(pen, look),
           LOOK_COLUMNS, look_word(look), pen_off(pen, look_style(look)),
           clock_elapsed((finished ? finished : clock_now()) - created, spent),
           clock_elapsed(clock_now() - created, age));
    int64_t failed = map_integer(run, "failed"), waiting = map_integer(run, "waiting");
    if (failed) printf("  %lld failed", (long long)failed);
    if (waiting) printf("%s%lld waiting", failed ? ", " : "  ", (long long)waiting);
    putchar('\n');
}

static int print_runs(const struct pen *pen, struct bamboo_value runs)
{
    size_t count = bamboo_list_count(runs);
    if (count > 0)
        pen_print(pen, STYLE_BOLD, "%-16s  %-*s  %-*s  %8s  %8s\n", "RUN", FLOW_COLUMNS, "FLOW",
                  LOOK_COLUMNS + 2, "STATE", "TIME", "AGE");
    for (size_t i = 0; i < count; i++)
        print_run(pen, bamboo_list_at(runs, i));
    return EXIT_FINISHED;
}

/* Where there is no store yet there is no run, which is no mistake. */
static int list_runs(struct session *session, struct bamboo_value *out)
{
    const struct invocation *invocation = session->invocation;
    struct bamboo_list_builder none;
    struct store_place place;
    struct bamboo_error error;
    enum bamboo_status status;
    if (!store_place_find(invocation, &place)) return EXIT_USAGE;
    if (store_exists(&place)) {
        int code = session_open(session, invocation, SESSION_LOOKS);
        if (code != EXIT_FINISHED) return code;
        status =
            bamboo_list_runs(session->engine, option_given(invocation, OPTION_ALL), out, &error);
    } else {
        bamboo_list_builder_init(&none);
        status = bamboo_list_builder_finish(&none, out, &error);
    }
    return status == BAMBOO_OK ? EXIT_FINISHED : complain_error(&error);
}

int ps_command(const struct invocation *invocation)
{
    struct session session = {.invocation = invocation};
    struct pen pen = standard_output(invocation);
    struct bamboo_value runs = bamboo_missing();
    int code = list_runs(&session, &runs);
    if (code == EXIT_FINISHED)
        code = option_given(invocation, OPTION_JSON) ? print_rows_document("runs", runs)
                                                     : print_runs(&pen, runs);
    bamboo_value_release(runs);
    session_close(&session);
    return code;
}
