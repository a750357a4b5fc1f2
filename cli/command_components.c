#include <string.h>

#include "cli/characters.h"
#include "cli/command.h"
#include "cli/look.h"
#include "cli/session.h"

#define CODE_COLUMNS 16

static void print_text(const char *text)
{
    print_escaped(stdout, text, strlen(text), true);
}

static void print_summary(const struct pen *pen, struct bamboo_value component)
{
    fputs(pen_on(pen, STYLE_BOLD), stdout);
    print_column(stdout, map_text(component, "code"), CODE_COLUMNS);
    printf("%s ", pen_off(pen, STYLE_BOLD));
    print_text(map_text(component, "summary"));
    putchar('\n');
}

/* "  command: string, required" and its sentence below. */
static void print_field(const struct pen *pen, struct bamboo_value field)
{
    struct bamboo_value otherwise = map_at(field, "default");
    printf("  %s", pen_on(pen, STYLE_CYAN));
    print_text(map_text(field, "name"));
    printf("%s: ", pen_off(pen, STYLE_CYAN));
    print_text(map_text(field, "type"));
    if (map_flag(field, "required")) fputs(", required", stdout);
    if (otherwise.type != BAMBOO_MISSING) {
        fputs(" = ", stdout);
        print_json(stdout, otherwise, 0);
    } else {
        putchar('\n');
    }
    if (*map_text(field, "documentation")) {
        fputs("      ", stdout);
        print_text(map_text(field, "documentation"));
        putchar('\n');
    }
}

static void print_fields(const struct pen *pen, const char *title, struct bamboo_value fields,
                         bool any)
{
    size_t count = bamboo_list_count(fields);
    if (count == 0 && !any) return;
    printf("\n%s%s%s\n", pen_on(pen, STYLE_BOLD), title, pen_off(pen, STYLE_BOLD));
    for (size_t i = 0; i < count; i++)
        print_field(pen, bamboo_list_at(fields, i));
    if (any) puts("  and any others");
}

static void print_component(const struct pen *pen, struct bamboo_value component)
{
    print_summary(pen, component);
    putchar('\n');
    print_text(map_text(component, "documentation"));
    printf("\n\nkind: %s, effect: %s\n", map_text(component, "kind"),
           map_text(component, "effect"));
    print_fields(pen, "inputs", map_at(component, "inputs"), map_flag(component, "any_input"));
    print_fields(pen, "outputs", map_at(component, "outputs"), map_flag(component, "any_output"));
}

static int print_components(const struct invocation *invocation, struct bamboo_value components)
{
    struct pen pen = standard_output(invocation);
    if (option_given(invocation, OPTION_JSON)) return print_rows_document("components", components);
    for (size_t i = 0; i < bamboo_list_count(components); i++) {
        if (operand(invocation, 0))
            print_component(&pen, bamboo_list_at(components, i));
        else
            print_summary(&pen, bamboo_list_at(components, i));
    }
    return EXIT_FINISHED;
}

int components_command(const struct invocation *invocation)
{
    struct session session = {0};
    struct bamboo_value components = bamboo_missing();
    struct bamboo_error error;
    int code = session_open_library(&session, invocation);
    if (code == EXIT_FINISHED) {
        if (bamboo_library_components(session.library, operand(invocation, 0), &components,
                                      &error) == BAMBOO_OK) {
            code = print_components(invocation, components);
        } else {
            complain("%s", error.message);
            fputs("  `bamboo components` lists them\n", stderr);
            code = bamboo_status_exit(error.status);
        }
    }
    bamboo_value_release(components);
    session_close(&session);
    return code;
}
