/* Prints the pages of docs/ about what flows can use, as Markdown: `describe_stdlib functions` is
 * docs/functions.md, `describe_stdlib components` is docs/components.md. Only the descriptors of
 * the components are read; what their functions call need not be there:
 *
 *     cc -I. tools/describe_stdlib.c stdlib/components.c stdlib/component_*.c \
 *         -static -Wl,--unresolved-symbols=ignore-all -o describe_stdlib
 */
#include <stdio.h>
#include <string.h>

#include "stdlib/components.h"

struct function_row {
    enum bamboo_type receiver;
    const char *signature;
    const char *result;
    const char *documentation;
};

static const struct function_row FUNCTIONS[] = {
#define FUNCTION(name, minimum, maximum, result, signature, documentation) \
    {BAMBOO_MISSING, signature, result, documentation},
#define METHOD(type, name, minimum, maximum, result, signature, documentation) \
    {BAMBOO_##type, signature, result, documentation},
#include "stdlib/functions.def"
#undef FUNCTION
#undef METHOD
};

struct section {
    enum bamboo_type receiver;
    const char *title;
    const char *text;
};

static const struct section SECTIONS[] = {
    {BAMBOO_MISSING, "Functions", "An argument with a `?` may be left out."},
    {BAMBOO_STRING, "Methods of strings",
     "`text.upper()`. Positions and widths are counted in characters."},
    {BAMBOO_LIST, "Methods of lists", "`hosts.index(\"web-1\")`."},
    {BAMBOO_MAP, "Methods of maps", "`data.get(\"by\", \"nobody\")`."},
};

static const char *const KINDS[] = {
    [BAMBOO_KIND_PLAIN] = "runs once",
    [BAMBOO_KIND_POLL] = "waits, and looks again from time to time",
    [BAMBOO_KIND_CALLBACK] = "waits for a callback",
    [BAMBOO_KIND_MULTI_CALLBACK] = "waits for callbacks",
    [BAMBOO_KIND_VARIABLE] = "computes a variable",
};

static const char *const EFFECTS[] = {
    [BAMBOO_EFFECT_PURE] = "touches nothing outside: it runs inside the machine, and may run again "
                           "after a crash",
    [BAMBOO_EFFECT_EXTERNAL] = "touches the world: it starts once the journal is durable; after a "
                               "crash it is started again with the same attempt, or fails as "
                               "`interrupted` where the flow says `once`",
};

/* A cell of a table, where a '|' would end it. */
static void print_cell(const char *text, bool is_code)
{
    fputs(is_code ? "| `" : "| ", stdout);
    for (; *text; text++) {
        if (*text == '|') putchar('\\');
        putchar(*text);
    }
    fputs(is_code ? "` " : " ", stdout);
}

static void print_functions(void)
{
    puts(
        "# Functions and methods\n\n"
        "Made from `stdlib/functions.def` by `tools/describe_stdlib.c`; change that, not this.\n\n"
        "What an expression may call. All of them are pure, and bounded in time and memory; where\n"
        "the name is one of Python's, they do what Python does. A wrong argument fails the\n"
        "evaluation, and with it the node, with a sentence.");
    for (size_t s = 0; s < sizeof SECTIONS / sizeof *SECTIONS; s++) {
        printf("\n## %s\n\n%s\n\n", SECTIONS[s].title, SECTIONS[s].text);
        puts("| signature | result | meaning |\n|---|---|---|");
        for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++) {
            if (FUNCTIONS[i].receiver != SECTIONS[s].receiver) continue;
            print_cell(FUNCTIONS[i].signature, true);
            print_cell(FUNCTIONS[i].result, false);
            print_cell(FUNCTIONS[i].documentation, false);
            puts("|");
        }
    }
}

static void print_inputs(const struct bamboo_component *component)
{
    if (component->input_count > 0)
        puts("\n| input | type | default | meaning |\n|---|---|---|---|");
    for (size_t i = 0; i < component->input_count; i++) {
        const struct bamboo_input *input = &component->inputs[i];
        print_cell(input->name, true);
        print_cell(input->type, false);
        if (input->default_json)
            print_cell(input->default_json, true);
        else
            print_cell(input->required ? "required" : "", false);
        print_cell(input->documentation, false);
        puts("|");
    }
    if (component->variadic_input)
        printf("\nArguments without a name are collected in `%s`.\n", component->variadic_input);
    if (component->accepts_any_input)
        puts(component->input_count > 0 ? "\nOther inputs may have any name."
                                        : "\nInputs may have any name.");
}

static void print_outputs(const struct bamboo_component *component)
{
    if (component->any_output) puts("\nOutputs may have any name.");
    if (component->output_count > 0) puts("\n| output | type | meaning |\n|---|---|---|");
    for (size_t i = 0; i < component->output_count; i++) {
        print_cell(component->outputs[i].name, true);
        print_cell(component->outputs[i].type, false);
        print_cell(component->outputs[i].documentation, false);
        puts("|");
    }
}

static void print_components(void)
{
    const struct bamboo_component_set *set = stdlib_components();
    puts(
        "# Components\n\n"
        "Made from the descriptors in `stdlib/component_*.c` by `tools/describe_stdlib.c`; change\n"
        "those, not this. `bamboo components` prints the same, with those of plugins.\n\n"
        "What a flow can do. The inputs in the order of the table may be given without their\n"
        "names. Each node has output `ex_data` too: why it failed.\n\n"
        "| component | does |\n|---|---|");
    for (size_t i = 0; i < set->count; i++) {
        const char *code = set->items[i]->code;
        printf("| [%s](#%s) | %s |\n", code, code, set->items[i]->summary);
    }
    for (size_t i = 0; i < set->count; i++) {
        const struct bamboo_component *component = set->items[i];
        printf("\n## %s\n\n%s\n\nIt %s, and %s.\n", component->code, component->documentation,
               KINDS[component->kind], EFFECTS[component->effect]);
        print_inputs(component);
        print_outputs(component);
    }
}

int main(int count, char **arguments)
{
    const char *page = count == 2 ? arguments[1] : "";
    if (strcmp(page, "functions") == 0) {
        print_functions();
    } else if (strcmp(page, "components") == 0) {
        print_components();
    } else {
        fputs("usage: describe_stdlib functions|components\n", stderr);
        return 2;
    }
    return 0;
}
