#include "cli/result.h"

#include <string.h>

#include "cli/characters.h"
#include "cli/clock.h"
#include "cli/exit_code.h"
#include "cli/look.h"
#include "cli/tail.h"

static const struct settled_code {
    const char *settled;
    int code;
} SETTLED_CODES[] = {
    {"finished", EXIT_FINISHED}, {"failed", EXIT_FAILED},   {"revoked", EXIT_REVOKED},
    {"suspended", EXIT_WAITING}, {"waiting", EXIT_WAITING}, {"moving", EXIT_WAITING},
};

static int settled_code(const char *settled)
{
    for (size_t i = 0; i < sizeof SETTLED_CODES / sizeof SETTLED_CODES[0]; i++)
        if (strcmp(SETTLED_CODES[i].settled, settled) == 0) return SETTLED_CODES[i].code;
    return EXIT_INTERNAL;
}

/* --- For people --- */

/* The output of one execution of a node. */
struct execution_output {
    int64_t attempt;
    struct tail tail;
};

static void add_to_tail(void *context, struct bamboo_value log)
{
    struct execution_output *output = context;
    if (map_integer(log, "attempt") == output->attempt)
        tail_add(&output->tail, map_at(log, "text"));
}

/* The picture of a terminal has no room for the output of a failed node: it is shown at the end. */
static void print_output_of(const struct session *session, const struct pen *pen, const char *run,
                            struct bamboo_value node)
{
    struct execution_output output = {.attempt = map_integer(node, "version")};
    struct bamboo_error error;
    if (bamboo_logs(session->engine, run, map_text(node, "node"), 0, add_to_tail, &output,
                    &error) == BAMBOO_OK)
        tail_print(&output.tail, pen);
    tail_release(&output.tail);
}

static void print_hint(const struct pen *pen, const char *command, const char *run,
                       const char *node, const char *rest)
{
    fprintf(pen->file, "    bamboo %s %s ", command, run);
    print_shell_word(pen->file, node);
    fprintf(pen->file, "%s\n", rest);
}

static void print_name(const struct pen *pen, enum look look, struct bamboo_value node)
{
    const char *label = node_label(node);
    fprintf(pen->file, "  %s%s %s%s ", pen_on(pen, look_style(look)), look_symbol(pen, look),
            look_word(look), pen_off(pen, look_style(look)));
    print_escaped(pen->file, label, strlen(label), false);
}

/* Only what would not be refused. */
static void print_remedies(const struct pen *pen, const char *run, struct bamboo_value node)
{
    struct bamboo_value remedies = map_at(node, "remedies");
    const char *path = map_text(node, "node"), *kind = map_text(node, "kind");
    bool has_ways = strcmp(kind, "exclusive") == 0 || strcmp(kind, "inclusive") == 0;
    size_t count = remedies.type == BAMBOO_LIST ? bamboo_list_count(remedies) : 0;
    for (size_t i = 0; i < count; i++) {
        const char *remedy = bamboo_string_bytes(bamboo_list_at(remedies, i), NULL);
        bool needs_way = has_ways && strcmp(remedy, "skip") == 0;
        print_hint(pen, remedy, run, path, needs_way ? " --to FLOW_OR_NODE" : "");
    }
    if (count == 0) fprintf(pen->file, "    bamboo revoke %s\n", run);
}

static void print_failed_node(const struct session *session, const struct pen *pen, const char *run,
                              struct bamboo_value node, bool with_output)
{
    const char *why = map_text(map_at(node, "outputs"), "ex_data");
    print_name(pen, LOOK_FAILED, node);
    fputs(*why ? ": " : "", pen->file);
    print_escaped(pen->file, why, strlen(why), false);
    putc('\n', pen->file);
    if (with_output) print_output_of(session, pen, run, node);
    print_remedies(pen, run, node);
}

/* What keeps the run from going on, and what an operator can do. */
static void print_obstacles(const struct session *session, const struct pen *pen,
                            struct bamboo_value shown, bool with_output)
{
    struct bamboo_value nodes = map_at(shown, "nodes");
    const char *run = map_text(shown, "id");
    size_t count = nodes.type == BAMBOO_LIST ? bamboo_list_count(nodes) : 0;
    for (size_t i = 0; i < count; i++) {
        struct bamboo_value node = bamboo_list_at(nodes, i);
        enum look look = look_of_node(node);
        const char *path = map_text(node, "node");
        if (look == LOOK_FAILED) {
            print_failed_node(session, pen, run, node, with_output);
        } else if (look == LOOK_WAITING && strcmp(map_text(node, "kind"), "activity") == 0) {
            /* Not the subprocess around it. */
            print_name(pen, look, node);
            fputs(" for a callback\n", pen->file);
            print_hint(pen, "callback", run, path, " --data '{}'");
        } else if (look == LOOK_SUSPENDED && strcmp(map_text(shown, "state"), "suspended") != 0) {
            print_name(pen, look, node);
            putc('\n', pen->file);
            print_hint(pen, "resume", run, path, "");
        }
    }
    if (strcmp(map_text(shown, "state"), "suspended") == 0)
        fprintf(pen->file, "    bamboo resume %s\n", run);
}

static void print_continue(const struct pen *pen, struct bamboo_value shown)
{
    fprintf(pen->file, "    bamboo continue %s\n", map_text(shown, "id"));
}

/* Would something move if only a process carried the run on? */
static bool is_abandoned(struct bamboo_value shown)
{
    struct bamboo_value nodes = map_at(shown, "nodes");
    size_t count = nodes.type == BAMBOO_LIST ? bamboo_list_count(nodes) : 0, waiting = 0;
    if (map_flag(shown, "owner_alive") || strcmp(map_text(shown, "settled"), "waiting") != 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct bamboo_value node = bamboo_list_at(nodes, i);
        enum look look = look_of_node(node);
        bool moves = look == LOOK_RUNNING || look == LOOK_SLEEPING || look == LOOK_RETRYING;
        if (moves && strcmp(map_text(node, "kind"), "activity") == 0) return true;
        if (look == LOOK_WAITING || look == LOOK_SUSPENDED) waiting++;
    }
    return waiting == 0;
}

void result_print_hints(const struct session *session, const struct pen *pen,
                        struct bamboo_value shown)
{
    print_obstacles(session, pen, shown, false);
    if (is_abandoned(shown)) print_continue(pen, shown);
}

static void print_head(const struct pen *pen, struct bamboo_value shown)
{
    enum look look = look_of_settled(map_text(shown, "settled"));
    const char *flow = map_text(shown, "flow");
    char elapsed[CLOCK_TEXT_SIZE];
    int64_t finished = map_integer(shown, "finished");
    int64_t spent = (finished ? finished : clock_now()) - map_integer(shown, "created");
    pen_print(pen, look_style(look), "%s %s", look_symbol(pen, look), look_word(look));
    fputs(" ", pen->file);
    print_escaped(pen->file, flow, strlen(flow), false);
    fprintf(pen->file, " %s, %s\n", map_text(shown, "id"), clock_elapsed(spent, elapsed));
}

static void print_outputs(struct bamboo_value shown)
{
    struct bamboo_value outputs = map_at(shown, "outputs");
    size_t count = outputs.type == BAMBOO_MAP ? bamboo_map_count(outputs) : 0;
    for (size_t i = 0; i < count; i++) {
        size_t size;
        const char *name = bamboo_string_bytes(bamboo_map_key_at(outputs, i), &size);
        print_escaped(stdout, name, size, false);
        fputs(" = ", stdout);
        print_json(stdout, bamboo_map_value_at(outputs, i), 0);
    }
}

/* --- For programs --- */

static void set_copy(struct bamboo_map_builder *map, struct bamboo_value shown, const char *key)
{
    struct bamboo_value value = map_at(shown, key);
    if (value.type != BAMBOO_MISSING)
        bamboo_map_builder_set_take(map, key, bamboo_value_retain(value));
}

static int print_result_json(struct bamboo_value shown, unsigned indent)
{
    static const char *const KEYS[] = {"id",      "flow",     "state",  "settled",
                                       "created", "finished", "outputs"};
    struct bamboo_map_builder map;
    struct bamboo_value value;
    struct bamboo_error error;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_text(&map, "type", "result");
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++)
        set_copy(&map, shown, KEYS[i]);
    if (bamboo_map_builder_finish(&map, &value, &error) != BAMBOO_OK) return complain_error(&error);
    int code = print_json(stdout, value, indent);
    bamboo_value_release(value);
    return code;
}

/* With its nodes only where they tell something: a run may have thousands. */
static enum bamboo_status look_at_run(const struct session *session, const char *run,
                                      bool tells_people, struct bamboo_value *out,
                                      struct bamboo_error *error)
{
    enum bamboo_status status = bamboo_result(session->engine, run, out, error);
    if (status != BAMBOO_OK || !tells_people || strcmp(map_text(*out, "settled"), "finished") == 0)
        return status;
    bamboo_value_release(*out);
    return bamboo_show(session->engine, run, out, error);
}

int result_print(const struct session *session, const char *run, enum progress progress)
{
    bool tells_people = progress != PROGRESS_NONE && progress != PROGRESS_JSON;
    struct bamboo_value shown;
    struct bamboo_error error;
    struct pen pen = standard_error(session->invocation);
    if (look_at_run(session, run, tells_people, &shown, &error) != BAMBOO_OK)
        return complain_error(&error);
    int code = settled_code(map_text(shown, "settled")), printed = EXIT_FINISHED;
    if (tells_people) {
        print_head(&pen, shown);
        print_obstacles(session, &pen, shown, progress == PROGRESS_TTY);
        if (is_abandoned(shown)) print_continue(&pen, shown);
    }
    if (progress == PROGRESS_JSON)
        printed = print_result_json(shown, 0);
    else if (option_given(session->invocation, OPTION_JSON))
        printed = print_result_json(shown, 2);
    else
        print_outputs(shown);
    bamboo_value_release(shown);
    return printed == EXIT_FINISHED ? code : printed;
}

int run_to_result(struct session *session, const char *run, enum bamboo_until until,
                  struct follower *follower)
{
    struct bamboo_error error;
    enum progress progress = follower_progress(follower);
    enum bamboo_status status = bamboo_engine_loop(session->engine, until, &error);
    follower_close(follower);
    if (status == BAMBOO_OK) return result_print(session, run, progress);
    if (status == BAMBOO_E_INTERRUPTED) {
        complain("interrupted: run %s has stopped where it is; go on with: bamboo continue %s", run,
                 run);
        return EXIT_INTERRUPTED;
    }
    int code = complain_error(&error);
    if (status == BAMBOO_E_OWNERSHIP) return code;
    /* The run itself may not have come to the disk, and the store may not be readable now. */
    fprintf(
        stderr,
        "  what was recorded is kept; if `bamboo ps` lists the run, go on with: bamboo continue "
        "%s\n",
        run);
    return code;
}
