#include "cli/session.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/characters.h"
#include "cli/exit_code.h"
#include "cli/look.h"
#include "cli/memory.h"
#include "cli/slices.h"

#define LOCAL_STORE ".bamboo/bamboo.db"

/* --- Where the store is --- */

/* Looks for .bamboo/bamboo.db here and in each folder above. */
static bool find_local(char url[STORE_URL_SIZE])
{
    char path[STORE_URL_SIZE];
    if (!getcwd(path, sizeof path - sizeof LOCAL_STORE)) return false;
    for (;;) {
        char *end = path + strlen(path);
        if (end > path && end[-1] == '/') end--;
        memcpy(end, "/" LOCAL_STORE, sizeof "/" LOCAL_STORE);
        if (access(path, F_OK) == 0) {
            memcpy(url, path, strlen(path) + 1);
            return true;
        }
        *end = '\0';
        char *slash = strrchr(path, '/');
        if (!slash) return false;
        *slash = '\0';
    }
}

static bool set_url(struct store_place *place, const char *reason, const char *first,
                    const char *rest)
{
    int size = snprintf(place->url, sizeof place->url, "%s%s", first, rest);
    place->reason = reason;
    if (size > 0 && (size_t)size < sizeof place->url) return true;
    complain("%s: the path of the store is too long or empty", reason);
    return false;
}

/* Does the command take the store as its operand? */
static bool takes_store(const struct invocation *invocation)
{
    return invocation->command && strcmp(invocation->command->operands, "[STORE]") == 0;
}

bool store_place_find(const struct invocation *invocation, struct store_place *out)
{
    if (takes_store(invocation) && operand(invocation, 0))
        return set_url(out, "the operand", operand(invocation, 0), "");
    const char *option = option_text(invocation, OPTION_STORE);
    const char *variable = getenv("BAMBOO_STORE");
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (option) return set_url(out, "--store", option, "");
    if (variable && *variable) return set_url(out, "$BAMBOO_STORE", variable, "");
    if (find_local(out->url)) {
        out->reason = LOCAL_STORE " of this or a parent folder";
        return true;
    }
    /* The specification of XDG wants relative paths to be ignored. */
    if (data && *data == '/') return set_url(out, "$XDG_DATA_HOME", data, "/bamboo/bamboo.db");
    if (home && *home)
        return set_url(out, "the home folder", home, "/.local/share/bamboo/bamboo.db");
    complain("there is no place for the store: set $HOME or $BAMBOO_STORE, or give --store");
    return false;
}

bool store_exists(const struct store_place *place)
{
    static const char SCHEME[] = "sqlite:";
    const char *path = place->url;
    if (strncmp(path, SCHEME, sizeof SCHEME - 1) == 0) path += sizeof SCHEME - 1;
    return access(path, F_OK) == 0 || errno != ENOENT || strchr(path, ':') != NULL;
}

/* --- Pens --- */

enum color_choice color_choice(const struct invocation *invocation)
{
    return (enum color_choice)option_choice(invocation, OPTION_COLOR, COLOR_AUTO);
}

struct pen standard_output(const struct invocation *invocation)
{
    return pen_create(stdout, color_choice(invocation));
}

struct pen standard_error(const struct invocation *invocation)
{
    return pen_create(stderr, color_choice(invocation));
}

/* --- Library and engine --- */

int session_open_library(struct session *session, const struct invocation *invocation)
{
    const char **plugins = NULL, *plugin;
    size_t capacity = 0, count = 0, cursor = 0;
    struct bamboo_error error = {.status = BAMBOO_OK};
    *session = (struct session){.invocation = invocation};
    while ((plugin = option_next(invocation, OPTION_PLUGIN, &cursor))) {
        if (!grow((void **)&plugins, &capacity, count + 1, sizeof *plugins)) {
            complain("out of memory");
            free(plugins);
            return EXIT_INTERNAL;
        }
        plugins[count++] = plugin;
    }
    enum bamboo_status status = bamboo_library_create(plugins, count, &session->library, &error);
    free(plugins);
    return status == BAMBOO_OK ? EXIT_FINISHED : complain_error(&error);
}

/* The lease that $BAMBOO_LEASE asks for; 0: the usual. Returns an exit code. */
static int read_lease(int64_t *lease_ms)
{
    const char *text = getenv("BAMBOO_LEASE");
    struct bamboo_error error;
    *lease_ms = 0;
    if (!text || !*text) return EXIT_FINISHED;
    if (bamboo_duration_parse(text, lease_ms, &error) == BAMBOO_OK && *lease_ms > 0)
        return EXIT_FINISHED;
    complain("$BAMBOO_LEASE: '%s' is no duration such as 10s", text);
    return EXIT_USAGE;
}

int session_open(struct session *session, const struct invocation *invocation, enum session_use use)
{
    struct bamboo_error error;
    struct store_place place;
    int durability = option_choice(invocation, OPTION_DURABILITY, BAMBOO_DURABILITY_FULL);
    int64_t lease_ms;
    if (!store_place_find(invocation, &place)) return EXIT_USAGE;
    if (read_lease(&lease_ms) != EXIT_FINISHED) return EXIT_USAGE;
    if (!session->library) {
        int code = session_open_library(session, invocation);
        if (code != EXIT_FINISHED) return code;
    }
    if (use == SESSION_LOOKS && !store_exists(&place)) {
        complain("no run: there is no store at %s yet (%s)", place.url, place.reason);
        return EXIT_NOT_FOUND;
    }
    /* Activities are at work then, and the run is worth more than who reads of it (`| head`): that
     * something could not be written is told at the end. */
    if (use == SESSION_EXECUTES) {
        signal(SIGPIPE, SIG_IGN);
        use_short_slices();
    }
    struct bamboo_engine_options options = {
        .store = place.url,
        .durability = (enum bamboo_durability)durability,
        .read_only = use == SESSION_LOOKS,
        .handle_signals = use == SESSION_EXECUTES,
        .lease_ms = lease_ms,
    };
    enum bamboo_status status =
        bamboo_engine_open(session->library, &options, &session->engine, &error);
    return status == BAMBOO_OK ? EXIT_FINISHED : complain_error(&error);
}

void session_close(struct session *session)
{
    bamboo_engine_close(session->engine);
    bamboo_library_destroy(session->library);
    *session = (struct session){0};
}

/* --- Runs and flows --- */

int session_find_run(const struct session *session, const char *reference,
                     char run[BAMBOO_RUN_ID_SIZE])
{
    struct bamboo_value shown;
    struct bamboo_error error;
    if (bamboo_show(session->engine, reference, &shown, &error) != BAMBOO_OK)
        return complain_error(&error);
    snprintf(run, BAMBOO_RUN_ID_SIZE, "%s", map_text(shown, "id"));
    bamboo_value_release(shown);
    return EXIT_FINISHED;
}

int session_tell_report(const char *path, const struct bamboo_report *report,
                        enum bamboo_status status, const struct bamboo_error *error)
{
    write_text(stderr, report->text);
    if (status == BAMBOO_OK) return EXIT_FINISHED;
    if (status != BAMBOO_E_SOURCE) return complain_error(error);
    complain("%s does not compile: %zu error%s", strcmp(path, "-") == 0 ? "standard input" : path,
             report->errors, report->errors == 1 ? "" : "s");
    return EXIT_USAGE;
}

int session_read_flow(struct session *session, const char *path, struct bamboo_flow **out)
{
    struct pen pen = standard_error(session->invocation);
    struct bamboo_report report = {.color = pen.color,
                                   .tolerate_cycles =
                                       option_given(session->invocation, OPTION_CYCLES),
                                   .no_debug = option_given(session->invocation, OPTION_STRIP)};
    struct bamboo_error error = {.status = BAMBOO_OK};
    enum bamboo_status status = bamboo_flow_read(session->library, path, &report, out, &error);
    int code = session_tell_report(path, &report, status, &error);
    bamboo_report_release(&report);
    return code;
}
