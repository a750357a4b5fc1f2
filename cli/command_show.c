#include <stdlib.h>
#include <string.h>

#include "cli/characters.h"
#include "cli/clock.h"
#include "cli/command.h"
#include "cli/look.h"
#include "cli/result.h"
#include "cli/session.h"

#define NAME_COLUMNS   30
#define VALUE_COLUMNS  60
#define OUTPUT_COLUMNS 90

/* --- Data --- */

/* A value as JSON, cut to what fits on a line. */
/* False if there is no memory for it. */
static bool print_value(const struct pen *pen, struct bamboo_value value)
{
    struct bamboo_value text;
    size_t size;
    if (bamboo_json_print(value, 0, &text, NULL) != BAMBOO_OK) return false;
    const char *bytes = bamboo_string_bytes(text, &size);
    print_fitted(pen->file, bytes, size, VALUE_COLUMNS);
    bamboo_value_release(text);
    return true;
}

static void print_entry(const struct pen *pen, struct bamboo_value map, size_t index)
{
    size_t size;
    const char *name = bamboo_string_bytes(bamboo_map_key_at(map, index), &size);
    fputs("  ", pen->file);
    print_escaped(pen->file, name, size, false);
    fputs(" = ", pen->file);
    if (!print_value(pen, bamboo_map_value_at(map, index))) output_lacks(pen->file);
    putc('\n', pen->file);
}

/* Is there an entry of this key? */
static bool has_key(struct bamboo_value map, struct bamboo_value key)
{
    return map.type == BAMBOO_MAP && bamboo_map_find(map, key).type != BAMBOO_MISSING;
}

/* What stands under another title already is left out. */
static void print_map(const struct pen *pen, const char *title, struct bamboo_value map,
                      struct bamboo_value told, struct bamboo_value told_too)
{
    size_t count = map.type == BAMBOO_MAP ? bamboo_map_count(map) : 0;
    bool has_title = false;
    for (size_t i = 0; i < count; i++) {
        struct bamboo_value key = bamboo_map_key_at(map, i);
        if (has_key(told, key) || has_key(told_too, key)) continue;
        if (!has_title) pen_print(pen, STYLE_BOLD, "%s\n", title);
        has_title = true;
        print_entry(pen, map, i);
    }
}

/* "exit_code: 0, stdout: "two\n"": what is worth a look. Outputs that the engine adds begin with an
 * underscore. */
static bool append_data(FILE *text, struct bamboo_value data)
{
    struct pen pen = {.file = text};
    bool is_complete = true;
    const char *separator = "";
    size_t count = data.type == BAMBOO_MAP ? bamboo_map_count(data) : 0;
    for (size_t i = 0; i < count; i++) {
        struct bamboo_value value = bamboo_map_value_at(data, i);
        const char *name = bamboo_string_bytes(bamboo_map_key_at(data, i), NULL);
        bool is_empty = value.type == BAMBOO_STRING && *bamboo_string_bytes(value, NULL) == '\0';
        if (*name == '_' || is_empty) continue;
        fprintf(text, "%s%s: ", separator, name);
        is_complete &= print_value(&pen, value);
        separator = ", ";
    }
    return is_complete && !ferror(text);
}

/* What the node gave; of one that waits for somebody, what it asks. */
static void print_node_data(const struct pen *pen, struct bamboo_value node, int indent)
{
    bool asks = look_of_node(node) == LOOK_WAITING;
    char *bytes = NULL;
    size_t size = 0;
    FILE *text = open_memstream(&bytes, &size);
    if (!text) {
        output_lacks(pen->file);
        return;
    }
    bool is_complete = append_data(text, map_at(node, asks ? "inputs" : "outputs"));
    if (fclose(text) != 0 || !is_complete) output_lacks(pen->file);
    if (is_complete && size > 0) {
        fprintf(pen->file, "%*s%s", indent + 2, "", pen_on(pen, STYLE_DIM));
        print_fitted(pen->file, bytes, size, OUTPUT_COLUMNS);
        fprintf(pen->file, "%s\n", pen_off(pen, STYLE_DIM));
    }
    free(bytes);
}

/* --- Nodes --- */

/* "2nd execution, 1 retry, until 12:03:04, waits for a callback". */
static void print_remarks(const struct pen *pen, struct bamboo_value node)
{
    int64_t loop = map_integer(node, "loop"), retry = map_integer(node, "retry");
    int64_t wake_at = map_integer(node, "wake_at");
    const char *waits_for = map_text(node, "waits_for");
    char time[CLOCK_TEXT_SIZE];
    if (loop > 1) fprintf(pen->file, "  round %lld", (long long)loop);
    if (retry > 0) fprintf(pen->file, "  retry %lld", (long long)retry);
    if (map_flag(node, "timed_out")) fputs("  timed out", pen->file);
    if (*waits_for) fprintf(pen->file, "  waits for %s", waits_for);
    if (wake_at && *waits_for) fprintf(pen->file, " at %s", clock_time(wake_at, time));
}

static void print_node(const struct pen *pen, struct bamboo_value node)
{
    enum look look = look_of_node(node);
    const char *callee = map_text(node, "component");
    int64_t started = map_integer(node, "started"), archived = map_integer(node, "archived");
    int64_t depth = map_integer(node, "depth");
    int indent = 2 + 2 * (int)(depth < 20 ? depth : 20);
    char elapsed[CLOCK_TEXT_SIZE] = "";
    if (started) clock_elapsed((archived ? archived : clock_now()) - started, elapsed);
    if (!*callee) callee = map_text(node, "pipeline");
    fprintf(pen->file, "%*s%s%s%s ", indent, "", pen_on(pen, look_style(look)),
            look_symbol(pen, look), pen_off(pen, look_style(look)));
    print_column(pen->file, path_name(node_label(node)),
                 (size_t)(NAME_COLUMNS - indent > 8 ? NAME_COLUMNS - indent : 8));
    fprintf(pen->file, " %s%-*s%s %8s  ", pen_on(pen, look_style(look)), LOOK_COLUMNS,
            look_word(look), pen_off(pen, look_style(look)), elapsed);
    print_fitted(pen->file, callee, strlen(callee), 20);
    print_remarks(pen, node);
    putc('\n', pen->file);
    print_node_data(pen, node, indent);
}

static bool is_shown(struct bamboo_value node)
{
    /* What has not been reached is shown in the root only, so that the way ahead is seen. */
    bool reached = *map_text(node, "state") != '\0';
    return node_is_interesting(node) && (reached || map_integer(node, "depth") == 0);
}

static void print_nodes(const struct pen *pen, struct bamboo_value shown)
{
    struct bamboo_value nodes = map_at(shown, "nodes");
    size_t count = nodes.type == BAMBOO_LIST ? bamboo_list_count(nodes) : 0;
    pen_print(pen, STYLE_BOLD, "nodes\n");
    for (size_t i = 0; i < count; i++)
        if (is_shown(bamboo_list_at(nodes, i))) print_node(pen, bamboo_list_at(nodes, i));
}

/* --- The run --- */

static void print_head(const struct pen *pen, struct bamboo_value shown)
{
    enum look look = look_of_settled(map_text(shown, "settled"));
    const char *flow = map_text(shown, "flow");
    int64_t created = map_integer(shown, "created"), finished = map_integer(shown, "finished");
    char date[CLOCK_TEXT_SIZE], elapsed[CLOCK_TEXT_SIZE];
    bool is_alone = !finished && !map_flag(shown, "owner_alive");
    fputs("run      ", pen->file);
    pen_print(pen, STYLE_BOLD, "%s", map_text(shown, "id"));
    fputs("\nflow     ", pen->file);
    print_escaped(pen->file, flow, strlen(flow), false);
    fprintf(pen->file, "\nstate    %s%s %s%s%s\n", pen_on(pen, look_style(look)),
            look_symbol(pen, look), look_word(look), pen_off(pen, look_style(look)),
            is_alone ? ", no process carries it on" : "");
    fprintf(pen->file, "created  %s\n", clock_date(created, date));
    fprintf(pen->file, "time     %s%s\n",
            clock_elapsed((finished ? finished : clock_now()) - created, elapsed),
            finished ? "" : " so far");
}

static void print_data(const struct pen *pen, struct bamboo_value shown)
{
    struct bamboo_value parameters = map_at(shown, "parameters"), nothing = bamboo_missing();
    struct bamboo_value outputs = map_at(shown, "outputs");
    print_map(pen, "parameters", parameters, nothing, nothing);
    print_nodes(pen, shown);
    print_map(pen, "variables", map_at(shown, "variables"), parameters, outputs);
    print_map(pen, "outputs", outputs, nothing, nothing);
}

int show_command(const struct invocation *invocation)
{
    struct session session = {0};
    struct bamboo_value shown;
    struct bamboo_error error;
    struct pen pen = standard_output(invocation);
    int code = session_open(&session, invocation, SESSION_LOOKS);
    if (code == EXIT_FINISHED &&
        bamboo_show(session.engine, operand(invocation, 0), &shown, &error) != BAMBOO_OK)
        code = complain_error(&error);
    else if (code == EXIT_FINISHED) {
        if (option_given(invocation, OPTION_JSON)) {
            code = print_json(stdout, shown, 2);
        } else {
            print_head(&pen, shown);
            print_data(&pen, shown);
            result_print_hints(&session, &pen, shown);
        }
        bamboo_value_release(shown);
    }
    session_close(&session);
    return code;
}
