/* From the tree to its source: what is written is read back as the same tree, and writing it again
 * changes nothing. */
#include "tests/unit/grammar/support.h"

#include <glob.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "grammar/write.h"

struct written {
    struct text tree;
    struct text source;
};

/* The tree of a source and what is written for it; the source has no mistakes. */
static struct written write_source(const char *name, const char *bytes, size_t size)
{
    struct written written = {{0}, {0}};
    struct bamboo_error error;
    struct ast_file *file = NULL;
    struct diagnostics *diagnostics = diagnostics_create();
    struct arena *arena = arena_create();
    uint32_t source = diagnostics_add_source(diagnostics, name, bytes, size);
    assert_int_equal(parse_file(diagnostics, source, arena, &file, &error), BAMBOO_OK);
    if (diagnostics_error_count(diagnostics) > 0) {
        struct text report = {0};
        diagnostics_print(diagnostics, false, &report);
        fail_msg("%s\n%.*s", text_string(&report), (int)size, bytes);
    }
    ast_print_file(file, &written.tree);
    write_flow(file, &written.source);
    arena_destroy(arena);
    diagnostics_destroy(diagnostics);
    return written;
}

static void release(struct written *written)
{
    text_release(&written->tree);
    text_release(&written->source);
}

static void check_round_trip(const char *name, const char *bytes, size_t size)
{
    struct written first = write_source(name, bytes, size);
    struct written second = write_source(name, first.source.bytes, first.source.size);
    assert_string_equal(text_string(&first.tree), text_string(&second.tree));
    assert_string_equal(text_string(&first.source), text_string(&second.source));
    release(&first);
    release(&second);
}

static void check_files(const char *pattern)
{
    glob_t files;
    assert_int_equal(glob(pattern, 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        char *bytes = NULL;
        size_t size = 0;
        struct bamboo_error error;
        assert_int_equal(file_read(files.gl_pathv[i], SOURCE_SIZE_MAX, &bytes, &size, &error),
                         BAMBOO_OK);
        check_round_trip(files.gl_pathv[i], bytes, size);
        memory_free(bytes);
    }
    globfree(&files);
}

static void examples_are_read_back_as_they_were(void **state)
{
    (void)state;
    check_files("examples/*.bamboo");
}

static void flows_of_the_language_tests_are_read_back_as_they_were(void **state)
{
    (void)state;
    check_files("tests/language/right/*.bamboo");
}

/* Everything that graphs, contexts and policies have, as the writer lays it out. */
static void every_form_is_written_as_it_stands(void **state)
{
    (void)state;
    char *bytes = NULL;
    size_t size = 0;
    struct bamboo_error error;
    assert_int_equal(
        file_read("tests/unit/grammar/forms.bamboo", SOURCE_SIZE_MAX, &bytes, &size, &error),
        BAMBOO_OK);
    struct written written = write_source("forms.bamboo", bytes, size);
    assert_string_equal(text_string(&written.source), bytes);
    release(&written);
    memory_free(bytes);
}

/* --- What is written --- */

struct write_row {
    const char *promise;
    const char *body;     /* of a pipeline */
    const char *expected; /* NULL: the same */
};

static const struct write_row ROWS[] = {
    {"operators have as few parentheses as they can",
     "    a = ((x + (y * z)) - (w - v)) * 2 if (not (a in b)) and (c or d) else ((e))\n",
     "    a = (x + y * z - (w - v)) * 2 if not a in b and (c or d) else e\n"},
    {"a sign and a negation keep their operands",
     "    a = -(x + y) // (-z) + (not b) - (a ?? b).c[1:][::2][0]\n",
     "    a = -(x + y) // -z + (not b) - (a ?? b).c[1:][::2][0]\n"},
    {"a comparison in a comparison keeps its parentheses", "    a = (x < y) == (z in w)\n", NULL},
    {"numbers keep their methods", "    a = (1).b + (2.5).c() + [30s]\n", NULL},
    {"the smallest integer", "    a = -9223372036854775808\n", NULL},
    {"a function's call in parentheses stays an assignment", "    a = (len(b))\n    c = len(b)\n",
     NULL},
    {"texts", "    a = \"a\\tb \\\"c\\\" $d \\${e} ${f[\"g\"]}$\\u{7}\"\n    b = \"\\\\d+\"\n",
     "    a = \"a\\tb \\\"c\\\" $d \\${e} ${f[\"g\"]}$\\u{7}\"\n    b = r\"\\d+\"\n"},
    {"a splice that is a text", "    a = \"b${\"c\"}d${\"\"}\"\n", NULL},
    {"maps and lists", "    a = {in: 1, \"b c\": [], (d): {}, \"${e}\": [x for x in y if x],}\n",
     "    a = {in: 1, \"b c\": [], (d): {}, \"${e}\": [x for x in y if x]}\n"},
    {"a text of several lines", "    a = \"one\\n  two\\n\\n  \\nthree \\\"\\\"\\\"${x}\\n\"\n",
     "    a = \"\"\"\n        one\n          two\n\n        \\u{20} \n        three \"\"\\\"${x}\n"
     "    \"\"\"\n"},
    {"a text of indented lines without an end", "    a = \" b\\n c\\\"\"\n",
     "    a = \"\"\"\n        \\u{20}b\n         c\\\"\"\"\"\n"},
    {"lines that are too long are broken",
     "    a = shell(\"a long command that needs some place for itself\", cwd: \"and a folder that "
     "is "
     "long\", stdin: 12)\n",
     "    a = shell(\n        \"a long command that needs some place for itself\",\n"
     "        cwd: \"and a folder that is long\",\n        stdin: 12\n    )\n"},
    {"a policy", "    a = shell(\"b\") {\n        once\n    }\n",
     "    a = shell(\"b\") { once }\n"},
    {"policies in their order",
     "    a = shell(\"b\") {\n        no skip\n        no retry\n        on fail ignore\n"
     "        retry 3 backoff 1s max 2m on \"x\\\"\"\n        timeout 60m then skip\n"
     "        title \"B \\\"b\\\"\"\n    }\n",
     "    a = shell(\"b\") {\n        title \"B \\\"b\\\"\"\n        timeout 1h then skip\n"
     "        retry 3 backoff 1s max 2m on \"x\\\"\"\n        on fail ignore\n        no retry\n"
     "        no skip\n    }\n"},
    {"blocks",
     "    start s\n    parallel p { a()\n    { b()\n c = 1 }\n {} }\n    if x { end } else if y { "
     "pause } else { fail \"z\" }\n    repeat r up to 5 times every 1s { d() } until d_1.e\n    "
     "revoke\n    end e\n",
     "    start s\n\n    parallel p {\n        a()\n        {\n            b()\n            c = 1\n"
     "        }\n        { }\n    }\n\n    if x {\n        end\n    } else if y {\n        pause\n"
     "    } else {\n        fail \"z\"\n    }\n\n    repeat r up to 5 times every 1s {\n"
     "        d()\n    } until d_1.e\n\n    revoke\n    end e\n"},
    {"cases",
     "    exclusive {\n        when x {\n            a()\n        }\n        default { }\n    }\n",
     NULL},
};

static void body_is_written_as_promised(void **state)
{
    const struct write_row *row = *state;
    struct text source = {0}, expected = {0};
    text_append_format(&source, "pipeline p {\n%s}\n", row->body);
    text_append_format(&expected, "pipeline p {\n%s}\n", row->expected ? row->expected : row->body);
    struct written written = write_source("test.bamboo", source.bytes, source.size);
    assert_string_equal(text_string(&written.source), text_string(&expected));
    check_round_trip("test.bamboo", source.bytes, source.size);
    release(&written);
    text_release(&source);
    text_release(&expected);
}

#define ROW_COUNT (sizeof ROWS / sizeof ROWS[0])

int main(void)
{
    static struct CMUnitTest tests[ROW_COUNT + 3] = {
        cmocka_unit_test(every_form_is_written_as_it_stands),
        cmocka_unit_test(examples_are_read_back_as_they_were),
        cmocka_unit_test(flows_of_the_language_tests_are_read_back_as_they_were),
    };
    for (size_t i = 0; i < ROW_COUNT; i++)
        tests[i + 3] = (struct CMUnitTest){.name = ROWS[i].promise,
                                           .test_func = body_is_written_as_promised,
                                           .initial_state = (void *)(uintptr_t)&ROWS[i]};
    return _cmocka_run_group_tests("write", tests, ROW_COUNT + 3, NULL, NULL);
}
