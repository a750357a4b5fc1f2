/* Data never becomes code: where in a shell command a value may stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "compiler/shell_quoting.h"

struct quoting_case {
    const char *promise, *before, *refused_because;
};

static const struct quoting_case CASES[] = {
    {"a value may be a word", "echo ", NULL},
    {"a value may be a part of a word", "tar cf x-", NULL},
    {"a value may stand behind closed quotes", "echo \"a\" 'b' ", NULL},
    {"double quotes refuse", "echo \"a ", "inside the shell's double quotes"},
    {"an escaped quote does not close", "echo \"a\\\" ", "inside the shell's double quotes"},
    {"single quotes refuse", "echo 'a ", "inside the shell's single quotes"},
    {"a backslash means nothing in single quotes", "echo 'a\\' ", NULL},
    {"backquotes refuse", "echo `ls ", "inside the shell's backquotes"},
    {"comments refuse", "true # ", "in a comment of the shell"},
    {"a comment ends with its line", "true # it's\necho ", NULL},
    {"a # in a word is no comment", "echo a#b ", NULL},
    {"the line of a here-document's word does not refuse", "cat <<EOF > ", NULL},
    {"a here-document refuses", "cat <<EOF\n", "in a here-document of the shell, or behind one"},
    {"a here-string does not refuse", "cat <<<a\n", NULL},
    {"a backslash refuses", "echo \\", "behind a backslash of the shell"},
    {"an escaped backslash does not", "echo \\\\", NULL},
    {"command substitution takes words", "echo $(ls ", NULL},
};

static void quoting_is_read_as_promised(void **state)
{
    const struct quoting_case *expected = *state;
    struct shell_reader reader = {0};
    /* In pieces of a byte: what is read does not depend on where the text is cut. */
    for (const char *at = expected->before; *at; at++)
        shell_read(&reader, at, 1);
    const char *refusal = shell_refusal(&reader);
    if (expected->refused_because == NULL) {
        assert_null(refusal);
    } else {
        assert_non_null(refusal);
        assert_string_equal(refusal, expected->refused_because);
    }
}

int main(void)
{
    enum { COUNT = sizeof CASES / sizeof *CASES };
    struct CMUnitTest tests[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){.name = CASES[i].promise,
                                       .test_func = quoting_is_read_as_promised,
                                       .initial_state = (void *)(uintptr_t)&CASES[i]};
    return cmocka_run_group_tests_name("shell quoting", tests, NULL, NULL);
}
