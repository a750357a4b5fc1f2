#include "tests/unit/base/support.h"

#include <stdio.h>

#include "base/diagnostics.h"
#include "base/limits.h"

/* The span of `part` where it first occurs in `source`. */
static struct span span_of(const char *source, const char *part)
{
    const char *found = strstr(source, part);
    assert_non_null(found);
    return (struct span){0, (uint32_t)(found - source), (uint32_t)strlen(part)};
}

struct printing {
    const char *promise;
    const char *source;
    const char *part;
    const char *help;
    const char *printed; /* after "flow.bamboo:" */
};

#define FIFTY  "12345678901234567890123456789012345678901234567890"
#define TILDES "~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~"
#define SPACES "                                                  "

static const struct printing PRINTINGS[] = {
    {"the format is that of the header", "x\ny\n    b = shell(comand: \"make\")\n", "comand",
     "did you mean 'command'?",
     "3:15: error: wrong [E0302]\n"
     "    3 |     b = shell(comand: \"make\")\n"
     "      |               ^~~~~~ did you mean 'command'?\n"},
    {"without help there is none", "abc", "b", NULL,
     "1:2: error: wrong [E0302]\n"
     "    1 | abc\n"
     "      |  ^\n"},
    {"tabs are expanded", "\ta\tbc = d", "bc", NULL,
     "1:4: error: wrong [E0302]\n"
     "    1 |     a   bc = d\n"
     "      |         ^~\n"},
    {"wide characters take two columns", "\xe4\xb8\xad\xe6\x96\x87 = x\xcc\x81y", "y", NULL,
     "1:8: error: wrong [E0302]\n"
     "    1 | \xe4\xb8\xad\xe6\x96\x87 = x\xcc\x81y\n"
     "      |         ^\n"},
    {"a wide character is underlined whole",
     "a\xe4\xb8\xad"
     "b",
     "\xe4\xb8\xad", NULL,
     "1:2: error: wrong [E0302]\n"
     "    1 | a\xe4\xb8\xad"
     "b\n"
     "      |  ^~\n"},
    {"what cannot be shown becomes a question mark", "a\033[1m\xff b", "b", NULL,
     "1:8: error: wrong [E0302]\n"
     "    1 | a?[1m? b\n"
     "      |        ^\n"},
    {"a span over lines ends with the first", "one\ntwo", "ne\ntw", "join them",
     "1:2: error: wrong [E0302]\n"
     "    1 | one\n"
     "      |  ^~ join them\n"},
    {"the end of a file has a place", "one\n", "", NULL,
     "1:1: error: wrong [E0302]\n"
     "    1 | one\n"
     "      | ^\n"},
    {"an empty line has no space behind it", "\n", "\n", NULL,
     "1:1: error: wrong [E0302]\n"
     "    1 |\n"
     "      | ^\n"},
    {"a long line is cut behind the span", "ab" FIFTY FIFTY FIFTY, "b", NULL,
     "1:2: error: wrong [E0302]\n"
     "    1 | ab" FIFTY FIFTY "12345...\n"
     "      |  ^\n"},
    {"a long line is cut before the span", FIFTY FIFTY FIFTY "ab", "b", NULL,
     "1:152: error: wrong [E0302]\n"
     "    1 | ...67890" FIFTY FIFTY "ab\n"
     "      | " SPACES SPACES "         ^\n"},
    {"a long line is cut on both sides", FIFTY FIFTY "ab" FIFTY FIFTY, "ab", NULL,
     "1:101: error: wrong [E0302]\n"
     "    1 | ...4567890123456789012345678901234567890ab" FIFTY "123456789012345...\n"
     "      |                                         ^~\n"},
    {"a long span is cut with its line", FIFTY FIFTY FIFTY, FIFTY FIFTY FIFTY, NULL,
     "1:1: error: wrong [E0302]\n"
     "    1 | " FIFTY FIFTY "1234567...\n"
     "      | ^" TILDES TILDES "~~~~~~~~~\n"},
};

static void diagnostic_is_printed_as_promised(void **state)
{
    const struct printing *row = *state;
    struct text text = {0};
    struct diagnostics *diagnostics = diagnostics_create();
    assert_non_null(diagnostics);
    diagnostics_add_source(diagnostics, "flow.bamboo", row->source, strlen(row->source));
    struct diagnostic *added = diagnostics_add(diagnostics, DIAGNOSTIC_UNKNOWN_INPUT,
                                               span_of(row->source, row->part), "%s", "wrong");
    if (row->help) diagnostic_help(diagnostics, added, "%s", row->help);
    diagnostics_print(diagnostics, false, &text);
    assert_memory_equal(text_string(&text), "flow.bamboo:", 12);
    assert_string_equal(text_string(&text) + 12, row->printed);
    text_release(&text);
    diagnostics_destroy(diagnostics);
}

/* Two sources, "b.bamboo" with index 0 and "a.bamboo" with 1. */
static struct diagnostics *two_sources(void)
{
    struct diagnostics *diagnostics = diagnostics_create();
    assert_non_null(diagnostics);
    assert_int_equal(diagnostics_add_source(diagnostics, "b.bamboo", "one two", 7), 0);
    assert_int_equal(diagnostics_add_source(diagnostics, "a.bamboo", "three", 5), 1);
    return diagnostics;
}

static void diagnostics_come_in_the_order_of_their_places(void **state)
{
    (void)state;
    struct diagnostics *diagnostics = two_sources();
    struct text messages = {0};
    diagnostics_add(diagnostics, DIAGNOSTIC_SYNTAX, (struct span){1, 0, 5}, "4");
    diagnostics_add(diagnostics, DIAGNOSTIC_SYNTAX, (struct span){0, 4, 3}, "2");
    diagnostics_add(diagnostics, DIAGNOSTIC_IMPORT, (struct span){0, 4, 3}, "3");
    diagnostics_add(diagnostics, DIAGNOSTIC_UNUSED, (struct span){0, 0, 3}, "1");
    assert_int_equal(diagnostics_count(diagnostics), 4);
    assert_int_equal(diagnostics_error_count(diagnostics), 3);
    assert_int_equal(diagnostics_warning_count(diagnostics), 1);
    for (size_t i = 0; i < 4; i++)
        text_append_string(&messages, diagnostics_at(diagnostics, i)->message);
    assert_string_equal(text_string(&messages), "1234");
    text_release(&messages);
    diagnostics_destroy(diagnostics);
}

static void a_mistake_is_told_once(void **state)
{
    (void)state;
    struct diagnostics *diagnostics = two_sources();
    struct diagnostic *first =
        diagnostics_add(diagnostics, DIAGNOSTIC_SYNTAX, (struct span){0, 4, 3}, "first");
    struct diagnostic *second =
        diagnostics_add(diagnostics, DIAGNOSTIC_SYNTAX, (struct span){0, 4, 3}, "second");
    diagnostic_help(diagnostics, second, "no help");
    diagnostic_relate(diagnostics, second, (struct span){0, 0, 1}, "no relation");
    assert_int_equal(diagnostics_count(diagnostics), 1);
    assert_string_equal(first->message, "first");
    assert_null(first->help);
    assert_null(first->related_message);
    diagnostics_destroy(diagnostics);
}

static void there_is_an_end_to_them(void **state)
{
    (void)state;
    struct diagnostics *diagnostics = two_sources();
    for (uint32_t i = 0; i < 2 * DIAGNOSTIC_COUNT_MAX; i++)
        diagnostics_add(diagnostics, DIAGNOSTIC_UNUSED, (struct span){0, i, 1}, "warning");
    assert_int_equal(diagnostics_warning_count(diagnostics), DIAGNOSTIC_COUNT_MAX);
    for (uint32_t i = 0; i < 2 * DIAGNOSTIC_COUNT_MAX; i++)
        diagnostics_add(diagnostics, DIAGNOSTIC_SYNTAX, (struct span){0, i, 1}, "error");
    assert_int_equal(diagnostics_error_count(diagnostics), DIAGNOSTIC_COUNT_MAX);
    assert_false(diagnostics_failed(diagnostics));
    diagnostics_destroy(diagnostics);
}

static void a_related_place_is_a_note(void **state)
{
    (void)state;
    struct text text = {0};
    struct diagnostics *diagnostics = two_sources();
    struct diagnostic *added =
        diagnostics_add(diagnostics, DIAGNOSTIC_DUPLICATE_NAME, (struct span){0, 4, 3}, "twice");
    diagnostic_relate(diagnostics, added, (struct span){1, 0, 5}, "the first is %s", "here");
    diagnostics_add(diagnostics, DIAGNOSTIC_UNUSED, (struct span){1, 0, 1}, "unused");
    diagnostics_print(diagnostics, false, &text);
    assert_string_equal(text_string(&text), "b.bamboo:1:5: error: twice [E0306]\n"
                                            "    1 | one two\n"
                                            "      |     ^~~\n"
                                            "a.bamboo:1:1: note: the first is here\n"
                                            "    1 | three\n"
                                            "      | ^~~~~\n"
                                            "a.bamboo:1:1: warning: unused [W0601]\n"
                                            "    1 | three\n"
                                            "      | ^\n");
    text_release(&text);
    diagnostics_destroy(diagnostics);
}

static void colors_end_where_they_began(void **state)
{
    (void)state;
    struct text text = {0};
    struct diagnostics *diagnostics = two_sources();
    diagnostics_add(diagnostics, DIAGNOSTIC_SYNTAX, (struct span){0, 0, 3}, "wrong");
    diagnostics_print(diagnostics, true, &text);
    assert_non_null(strstr(text_string(&text), "\033[1;31merror:\033[0m wrong"));
    assert_memory_equal(text_string(&text) + text.size - 5, "\033[0m\n", 5);
    text_release(&text);
    diagnostics_destroy(diagnostics);
}

static void messages_are_one_line_that_can_be_shown(void **state)
{
    (void)state;
    struct diagnostics *diagnostics = two_sources();
    struct diagnostic *added =
        diagnostics_add(diagnostics, DIAGNOSTIC_SYNTAX, (struct span){0, 0, 3}, "a\nb\tc\033d\xff");
    assert_string_equal(added->message, "a b c?d?");
    diagnostics_destroy(diagnostics);
}

static void programs_get_a_list_of_maps(void **state)
{
    (void)state;
    struct diagnostics *diagnostics = two_sources();
    struct bamboo_value list;
    struct diagnostic *added =
        diagnostics_add(diagnostics, DIAGNOSTIC_DUPLICATE_NAME, (struct span){0, 4, 3}, "twice");
    diagnostic_relate(diagnostics, added, (struct span){1, 0, 5}, "here");
    diagnostic_help(diagnostics, added, "rename it");
    diagnostics_add(diagnostics, DIAGNOSTIC_UNUSED, (struct span){1, 0, 1}, "unused");
    assert_int_equal(diagnostics_to_value(diagnostics, &list, NULL), BAMBOO_OK);
    assert_value(list,
                 "[{\"code\": \"E0306\", \"severity\": \"error\","
                 " \"title\": \"a name that is defined twice\", \"message\": \"twice\","
                 " \"help\": \"rename it\", \"file\": \"b.bamboo\", \"line\": 1, \"column\": 5,"
                 " \"end_line\": 1, \"end_column\": 8, \"related\": {\"message\": \"here\","
                 " \"file\": \"a.bamboo\", \"line\": 1, \"column\": 1, \"end_line\": 1,"
                 " \"end_column\": 6}},"
                 " {\"code\": \"W0601\", \"severity\": \"warning\","
                 " \"title\": \"something that is never used\", \"message\": \"unused\","
                 " \"help\": null, \"file\": \"a.bamboo\", \"line\": 1, \"column\": 1,"
                 " \"end_line\": 1, \"end_column\": 2, \"related\": null}]");
    bamboo_value_release(list);
    diagnostics_destroy(diagnostics);
}

static void an_index_that_was_never_given_is_an_empty_source(void **state)
{
    (void)state;
    struct text text = {0};
    struct diagnostics *diagnostics = two_sources();
    assert_int_equal(diagnostics_source_count(diagnostics), 2);
    assert_string_equal(diagnostics_source(diagnostics, 1)->name, "a.bamboo");
    assert_int_equal(diagnostics_source(diagnostics, 7)->size, 0);
    diagnostics_add(diagnostics, DIAGNOSTIC_SYNTAX, (struct span){7, 5, 3}, "wrong");
    diagnostics_print(diagnostics, false, &text);
    assert_string_equal(text_string(&text), ":1:1: error: wrong [E0201]\n"
                                            "    1 |\n"
                                            "      | ^\n");
    text_release(&text);
    diagnostics_destroy(diagnostics);
    diagnostics_destroy(NULL);
}

static void codes_are_unique_and_in_order(void **state)
{
    (void)state;
    for (unsigned code = 1; code < DIAGNOSTIC_CODE_COUNT; code++) {
        const char *before = diagnostic_info((enum diagnostic_code)(code - 1))->code;
        const struct diagnostic_info *info = diagnostic_info((enum diagnostic_code)code);
        assert_true(strcmp(before + 1, info->code + 1) < 0);
        assert_int_equal(info->code[0], info->severity == SEVERITY_ERROR ? 'E' : 'W');
    }
}

/* --- names --- */

static const char *const NAMES[] = {"command", "timeout", "stdout", "stderr", "x", "exit_code"};

static const char *name_at(const void *context, size_t index)
{
    return ((const char *const *)context)[index];
}

struct slip {
    const char *promise;
    const char *name;
    const char *nearest; /* or NULL */
};

static const struct slip SLIPS[] = {
    {"a letter left out", "comand", "command"},
    {"a letter too many", "commmand", "command"},
    {"two letters swapped", "tiemout", "timeout"},
    {"another letter", "stdaut", "stdout"},
    {"capitals", "STDERR", "stderr"},
    {"the nearest of several", "stderr2", "stderr"},
    {"a word apart", "exitcode", "exit_code"},
    {"nothing near", "password", NULL},
    {"one letter is near to none", "y", NULL},
    {"an empty name", "", NULL},
    {"a very long name", FIFTY FIFTY, NULL},
};

static void slip_is_mended_as_promised(void **state)
{
    const struct slip *row = *state;
    const char *nearest = nearest_name(row->name, sizeof NAMES / sizeof NAMES[0], name_at, NAMES);
    if (row->nearest)
        assert_string_equal(nearest, row->nearest);
    else
        assert_null(nearest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(diagnostics_come_in_the_order_of_their_places),
        cmocka_unit_test(a_mistake_is_told_once),
        cmocka_unit_test(there_is_an_end_to_them),
        cmocka_unit_test(a_related_place_is_a_note),
        cmocka_unit_test(colors_end_where_they_began),
        cmocka_unit_test(messages_are_one_line_that_can_be_shown),
        cmocka_unit_test(programs_get_a_list_of_maps),
        cmocka_unit_test(an_index_that_was_never_given_is_an_empty_source),
        cmocka_unit_test(codes_are_unique_and_in_order),
    };
    return RUN_ROWS(PRINTINGS, diagnostic_is_printed_as_promised) +
           RUN_ROWS(SLIPS, slip_is_mended_as_promised) + cmocka_run_group_tests(tests, NULL, NULL);
}
