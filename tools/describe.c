/* Prints the tables of the project (its .def files) as Markdown: `describe instructions` is
 * docs/instructions.md, `describe errors` is docs/errors.md, `describe TABLE` any single one. A
 * test compares the pages with what is checked in. Needs nothing but the lists:
 *
 *     cc -I. tools/describe.c -o describe
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define COLUMN_COUNT_MAX 7

/* As many cells as there are columns. */
struct row {
    const char *cells[COLUMN_COUNT_MAX];
};

struct table {
    const char *name; /* what is asked for */
    const char *title;
    const char *introduction;
    bool numbered; /* the order is the encoding: a first column says the number */
    struct row columns;
    const struct row *rows;
    size_t count;
};

static const struct row INSTRUCTIONS[] = {
#define INSTRUCTION(name, operand, pops, pushes, flow, places, meaning) \
    {{"`" #name "`", #operand, #pops, #pushes, #flow, #places, meaning}},
#include "bytecode/instructions.def"
#undef INSTRUCTION
};

static const struct row OPERANDS[] = {
#define OPERAND(name, pops, meaning) {{#name, #pops, meaning}},
#include "bytecode/operands.def"
#undef OPERAND
};

static const struct row FLOWS[] = {
    {{"NEXT", "goes on with the next instruction"}},
    {{"JUMP", "goes on with the next instruction or at its target"}},
    {{"BLOCK", "may put the token to sleep; the operand stack is empty after its pops"}},
    {{"STOP", "never goes on with the next instruction; the operand stack is empty after its pops, "
              "except for JUMP, which goes on at its target"}},
};

static const struct row PLACES[] = {
#define PLACES(name, bits, meaning) {{#name, meaning}},
#include "bytecode/places.def"
#undef PLACES
};

static const struct row NODES[] = {
#define NODE_KIND(name, text, meaning) {{#name, text, meaning}},
#include "bytecode/node_kinds.def"
#undef NODE_KIND
};

static const struct row SECTIONS[] = {
#define SECTION(name, row, meaning) {{#name, "`" #row "`", meaning}},
#include "bytecode/sections.def"
#undef SECTION
};

static const struct row STATUSES[] = {
#define ERROR(name, exit_status, meaning) {{#name, #exit_status, meaning}},
#include "include/bamboo_errors.def"
#undef ERROR
};

static const struct row DIAGNOSTICS[] = {
#define DIAGNOSTIC(name, code, severity, title) {{code, #severity, title}},
#include "base/diagnostics.def"
#undef DIAGNOSTIC
};

static const struct row CHANNELS[] = {
#define CHANNEL(name, meaning) {{#name, meaning}},
#include "base/trace.def"
#undef CHANNEL
};

static const struct row EVENTS[] = {
#define EVENT(name, text, fields, meaning) {{text, meaning}},
#include "vm/run/events.def"
#undef EVENT
};

static const struct row NODE_STATES[] = {
#define TO(name)                                 #name " "
#define NODE_STATE(name, text, targets, meaning) {{#name, "" targets, meaning}},
#include "vm/run/node_states.def"
#undef NODE_STATE
#undef TO
};

static const struct row RUN_STATES[] = {
#define RUN_STATE(name, text, ended, meaning) {{text, meaning}},
#include "vm/run/run_states.def"
#undef RUN_STATE
};

static const struct row TOKEN_STATES[] = {
#define TOKEN_STATE(name, waits_for, meaning) {{#name, waits_for, meaning}},
#include "vm/run/token_states.def"
#undef TOKEN_STATE
};

static const struct row OPERATORS[] = {
#define OPERATOR(name, text, opcode, operands) {{"`" text "`", #operands, #opcode}},
#include "grammar/operators.def"
#undef OPERATOR
};

static const struct row KEYWORDS[] = {
#define KEYWORD(token, text, kind) {{"`" text "`", #kind}},
#include "grammar/keywords.def"
#undef KEYWORD
};

static const struct row FUNCTIONS[] = {
#define FUNCTION(name, minimum, maximum, result, signature, documentation) \
    {{"`" signature "`", "", result, documentation}},
#define METHOD(type, name, minimum, maximum, result, signature, documentation) \
    {{"`" signature "`", #type, result, documentation}},
#include "stdlib/functions.def"
#undef FUNCTION
#undef METHOD
};

#define ROWS(rows) rows, sizeof(rows) / sizeof *(rows)

static const struct table TABLES[] = {
    {"opcodes",
     "Instructions",
     "",
     true,
     {{"name", "operand", "pops", "pushes", "flow", "places", "meaning"}},
     ROWS(INSTRUCTIONS)},
    {"operands",
     "Operands",
     "`pops` is for instructions whose pops are `BY_OPERAND`: how many values go.\n\n",
     false,
     {{"operand", "pops", "meaning"}},
     ROWS(OPERANDS)},
    {"flows", "Where an instruction goes on", "", false, {{"flow", "meaning"}}, ROWS(FLOWS)},
    {"places", "Where an instruction may stand", "", false, {{"places", "meaning"}}, ROWS(PLACES)},
    {"nodes", "Kinds of nodes", "", true, {{"name", "shown as", "meaning"}}, ROWS(NODES)},
    {"sections", "Sections of an artifact", "", true, {{"name", "row", "meaning"}}, ROWS(SECTIONS)},
    {"statuses",
     "Statuses",
     "What functions of the library return, and the exit status of the command.\n\n",
     true,
     {{"name", "exit status", "meaning"}},
     ROWS(STATUSES)},
    {"diagnostics",
     "Diagnostics",
     "What can be wrong with a source.\n\n",
     false,
     {{"code", "severity", "meaning"}},
     ROWS(DIAGNOSTICS)},
    {"traces", "Channels of BAMBOO_TRACE", "", false, {{"channel", "shows"}}, ROWS(CHANNELS)},
    {"events", "Events of a journal", "", true, {{"event", "meaning"}}, ROWS(EVENTS)},
    {"node-states",
     "States of a node",
     "",
     true,
     {{"state", "may become", "meaning"}},
     ROWS(NODE_STATES)},
    {"run-states", "States of a run", "", true, {{"state", "meaning"}}, ROWS(RUN_STATES)},
    {"token-states",
     "States of a token",
     "",
     true,
     {{"state", "waits for", "meaning"}},
     ROWS(TOKEN_STATES)},
    {"operators",
     "Operators",
     "",
     false,
     {{"operator", "operands", "instruction"}},
     ROWS(OPERATORS)},
    {"keywords", "Keywords", "", false, {{"word", "kind"}}, ROWS(KEYWORDS)},
    {"functions",
     "Functions and methods",
     "",
     false,
     {{"signature", "method of", "result", "meaning"}},
     ROWS(FUNCTIONS)},
};
#define TABLE_COUNT (sizeof TABLES / sizeof *TABLES)

/* Tables that make a page of docs/ together. */
struct page {
    const char *name;
    const char *text;
    const char *tables[6];
};

static const struct page PAGES[] = {
    {"instructions",
     "# Instructions\n\n"
     "Made from `bytecode/*.def` by `tools/describe.c`; change those, not this.\n\n"
     "An instruction is a 32-bit word: the opcode in the low 8 bits, the operand in the high 24.\n"
     "Values are popped from and pushed on the operand stack of one evaluation, which is empty\n"
     "wherever a token can sleep or leave its node.\n\n",
     {"opcodes", "operands", "flows", "places", "nodes"}},
    {"errors",
     "# Errors\n\n"
     "Made from `include/bamboo_errors.def` and `base/diagnostics.def` by `tools/describe.c`;\n"
     "change those, not this.\n\n",
     {"statuses", "diagnostics"}},
};
#define PAGE_COUNT (sizeof PAGES / sizeof *PAGES)

static void print_cell(const char *text)
{
    fputs("| ", stdout);
    for (; *text; text++) {
        if (*text == '|') putchar('\\');
        putchar(*text);
    }
    putchar(' ');
}

static void print_row(const struct row *row, size_t column_count)
{
    for (size_t i = 0; i < column_count; i++)
        print_cell(row->cells[i]);
    puts("|");
}

static void print_table(const struct table *table)
{
    size_t columns = 0;
    while (columns < COLUMN_COUNT_MAX && table->columns.cells[columns])
        columns++;
    printf("## %s\n\n%s", table->title, table->introduction);
    if (table->numbered) print_cell("number");
    print_row(&table->columns, columns);
    for (size_t i = 0; i < columns + table->numbered; i++)
        fputs("|---", stdout);
    puts("|");
    for (size_t i = 0; i < table->count; i++) {
        if (table->numbered) printf("| %zu ", i);
        print_row(&table->rows[i], columns);
    }
}

static const struct table *find_table(const char *name)
{
    for (size_t i = 0; i < TABLE_COUNT; i++)
        if (strcmp(TABLES[i].name, name) == 0) return &TABLES[i];
    return NULL;
}

static bool print_page(const char *name)
{
    for (size_t i = 0; i < PAGE_COUNT; i++) {
        if (strcmp(PAGES[i].name, name) != 0) continue;
        fputs(PAGES[i].text, stdout);
        for (size_t t = 0; PAGES[i].tables[t]; t++) {
            if (t > 0) putchar('\n');
            print_table(find_table(PAGES[i].tables[t]));
        }
        return true;
    }
    return false;
}

static int usage(void)
{
    fputs("usage: describe PAGE | TABLE\npages:", stderr);
    for (size_t i = 0; i < PAGE_COUNT; i++)
        fprintf(stderr, " %s", PAGES[i].name);
    fputs("\ntables:", stderr);
    for (size_t i = 0; i < TABLE_COUNT; i++)
        fprintf(stderr, " %s", TABLES[i].name);
    fputs("\n", stderr);
    return 2;
}

int main(int count, char **arguments)
{
    if (count != 2) return usage();
    if (print_page(arguments[1])) return 0;
    const struct table *table = find_table(arguments[1]);
    if (!table) return usage();
    print_table(table);
    return 0;
}
