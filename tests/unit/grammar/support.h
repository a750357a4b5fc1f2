/* What the tests of grammar/ share: a source goes in, its tree and its diagnostics come out as one
 * text, so that a test is a row of a table. */
#ifndef TESTS_UNIT_GRAMMAR_SUPPORT_H
#define TESTS_UNIT_GRAMMAR_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "grammar/ast_print.h"
#include "grammar/parse.h"

#include <cmocka.h> /* last: its macro fail() is not ours */

enum source_kind { SOURCE_FILE, SOURCE_EXPRESSION, SOURCE_TEMPLATE };

struct row {
    const char *promise;
    enum source_kind kind;
    const char *source;
    const char
        *expected; /* the tree, then a line a diagnostic: LINE:COLUMN-END CODE message | help */
};

static inline const char *text_of(struct bamboo_value map, const char *key)
{
    struct bamboo_value value = bamboo_map_get(map, key);
    return value.type == BAMBOO_STRING ? bamboo_string_bytes(value, NULL) : NULL;
}

static inline long long number_of(struct bamboo_value map, const char *key)
{
    return (long long)bamboo_map_get(map, key).as.integer;
}

static inline void append_diagnostics(const struct diagnostics *diagnostics, struct text *out)
{
    struct bamboo_value list;
    assert_int_equal(diagnostics_to_value(diagnostics, &list, NULL), BAMBOO_OK);
    for (size_t i = 0; i < bamboo_list_count(list); i++) {
        struct bamboo_value diagnostic = bamboo_list_at(list, i);
        struct bamboo_value related = bamboo_map_get(diagnostic, "related");
        const char *help = text_of(diagnostic, "help");
        text_append_format(out, "%lld:%lld-%lld %s %s", number_of(diagnostic, "line"),
                           number_of(diagnostic, "column"), number_of(diagnostic, "end_column"),
                           text_of(diagnostic, "code"), text_of(diagnostic, "message"));
        if (help) text_append_format(out, " | %s", help);
        if (related.type == BAMBOO_MAP)
            text_append_format(out, " | %lld:%lld %s", number_of(related, "line"),
                               number_of(related, "column"), text_of(related, "message"));
        text_append_character(out, '\n');
    }
    bamboo_value_release(list);
}

/* Parses `size` bytes and appends what the row expects. Returns the status. */
static inline enum bamboo_status append_parsed(enum source_kind kind, const char *source,
                                               size_t size, struct text *out)
{
    struct bamboo_error error = {0};
    struct diagnostics *diagnostics = diagnostics_create();
    struct arena *arena = arena_create();
    enum bamboo_status status = BAMBOO_E_MEMORY;
    struct ast_expression *expression = NULL;
    struct ast_file *file = NULL;
    if (diagnostics && arena) {
        uint32_t index = diagnostics_add_source(diagnostics, "test.bamboo", source, size);
        if (diagnostics_failed(diagnostics))
            status = BAMBOO_E_MEMORY;
        else if (kind == SOURCE_FILE)
            status = parse_file(diagnostics, index, arena, &file, &error);
        else if (kind == SOURCE_EXPRESSION)
            status = parse_expression(diagnostics, index, arena, &expression, &error);
        else
            status = parse_template(diagnostics, index, arena, &expression, &error);
    }
    if (file) ast_print_file(file, out);
    if (expression) ast_print_expression(expression, out);
    if (expression) text_append_character(out, '\n');
    if (status == BAMBOO_OK) append_diagnostics(diagnostics, out);
    arena_destroy(arena);
    diagnostics_destroy(diagnostics);
    return status;
}

static inline void source_is_parsed_as_promised(void **state)
{
    const struct row *row = *state;
    struct text out = {0};
    assert_int_equal(append_parsed(row->kind, row->source, strlen(row->source), &out), BAMBOO_OK);
    assert_string_equal(text_string(&out), row->expected);
    text_release(&out);
}

#define ROW_COUNT_MAX 200

/* A test a row. */
static inline int run_rows(const struct row *rows, size_t count)
{
    static struct CMUnitTest tests[ROW_COUNT_MAX];
    assert_true(count <= ROW_COUNT_MAX);
    for (size_t i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].promise,
                                       .test_func = source_is_parsed_as_promised,
                                       .initial_state = (void *)(uintptr_t)&rows[i]};
    return _cmocka_run_group_tests("rows", tests, count, NULL, NULL);
}

#endif
