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

#define UNCLEAR "where it is not clear how the shell reads it"

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
    {"command substitution in double quotes does", "echo \"$(ls ", NULL},
    {"its end is known", "echo \"$(ls (a) ')' # )\n)", "inside the shell's double quotes"},
    {"its quotes are its own", "echo \"$(ls \"", "inside the shell's double quotes"},
    {"and close in it", "echo \"$(ls \"a\" ", NULL},
    {"a case in it hides its end", "echo $(case a in a) ls ", UNCLEAR},
    {"a word that begins so does not", "echo $(caselist a ", NULL},
    {"nor does one that ends so", "echo $(lowercase a ", NULL},
    {"a case elsewhere is only words", "case a in a) ls ", NULL},
    {"backquotes in double quotes refuse", "echo \"`ls \"", "inside the shell's backquotes"},
    {"backquotes are closed by the next", "echo `ls \\` '` ", NULL},
    {"parameters refuse", "echo ${a:-", "inside the shell's ${ }"},
    {"quotes in a parameter are quotes", "echo ${a:-'}'} ", NULL},
    {"shells differ about them in double quotes", "echo \"${a:-'}'}\"", UNCLEAR},
    {"a parameter ends", "echo \"${a#b}\" ", NULL},
    {"arithmetic refuses", "echo $((1 + ", "inside the shell's arithmetic"},
    {"arithmetic ends", "echo $(((1 << 2) + 16#f))\n", NULL},
    {"arithmetic of bash refuses", "((a = ", "inside the shell's arithmetic"},
    {"arithmetic of bash ends", "for ((i = 0; i < 3; i++)); do ls ", NULL},
    {"quotes in arithmetic are not clear", "echo $((\"1\")) ", UNCLEAR},
    {"a comment in what looks like it hides its end", "echo \"$((ls # ))\n", UNCLEAR},
    {"a subshell in a substitution is none", "echo $( (ls ", NULL},
    {"old arithmetic is not clear", "echo $[", UNCLEAR},
    {"a dollar refuses", "echo $", "behind a $ of the shell"},
    {"two dollars are a parameter", "echo $$", NULL},
    {"an escaped dollar is none", "echo \\$", NULL},
    {"a subscript refuses", "a[1+", "inside the shell's [ ]"},
    {"a subscript ends", "a[1]=", NULL},
    {"a test has none", "[ ", NULL},
    {"a backslash closes $'' for sh only", "echo $'a\\' ", UNCLEAR},
    {"$'' ends", "cut -d$'\\t' ", NULL},
    {"a comment begins behind a joined line", "echo a \\\n#", "in a comment of the shell"},
    {"... and behind a redirection", "echo >#", "in a comment of the shell"},
    {"a joined line hides no substitution", "echo \"$\\\n(ls ", NULL},
    {"a here-document's word may be escaped", "cat <<\\E\n",
     "in a here-document of the shell, or behind one"},
    {"a line of the document's word may go on", "cat <<E \\\n", NULL},
    {"what is too deep is not clear",
     "$($($($($($($($($($($($($($($($($($($($($($($($($($($($($($($($(ls ", UNCLEAR},
};

static void quoting_is_read_as_promised(void **state)
{
    const struct quoting_case *expected = *state;
    struct shell_reader reader = {0};
    /* In pieces of a byte: what is read does not depend on where the text is cut. */
    for (const char *at = expected->before; *at; at++)
        shell_read(&reader, at, 1);
    const struct shell_refusal *refusal = shell_refusal(&reader);
    if (expected->refused_because == NULL) {
        assert_null(refusal);
    } else {
        assert_non_null(refusal);
        assert_string_equal(refusal->where, expected->refused_because);
        assert_true(strlen(refusal->help) > 0);
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
