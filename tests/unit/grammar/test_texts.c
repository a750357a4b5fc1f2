/* Texts and templates: escapes, indentation, splices. */
#include "tests/unit/grammar/support.h"

static const struct row ROWS[] = {
    {"the empty text", SOURCE_EXPRESSION, "[\"\", r\"\", \"\"\"\"\"\"]", "(list \"\" \"\" \"\")\n"},
    {"escapes", SOURCE_EXPRESSION, "\"\\n \\t \\r \\\\ \\\" \\$ \\u00e9 \\u{1F600} \\u{9}\"",
     "\"\\n \\t \\r \\\\ \\\" $ é 😀 \\t\"\n"},
    {"a dollar sign alone", SOURCE_EXPRESSION, "\"$ $$ $5 ${a}$\"",
     "(text \"$ $$ $5 \" a \"$\")\n"},
    {"an escaped splice", SOURCE_EXPRESSION, "\"\\${a} $b\"", "\"${a} $b\"\n"},
    {"a hash in a text", SOURCE_EXPRESSION, "\"a # b\"", "\"a # b\"\n"},
    {"a raw text", SOURCE_EXPRESSION, "r\"\\d+\\.${x}\"", "\"\\\\d+\\\\.${x}\"\n"},
    {"a text of lines loses the first newline", SOURCE_EXPRESSION,
     "\"\"\"\n"
     "abc\n"
     "def\n"
     "\"\"\"",
     "\"abc\\ndef\\n\"\n"},
    {"a text of lines keeps its last newline only if there is one", SOURCE_EXPRESSION,
     "\"\"\"\n"
     "abc\n"
     "def\"\"\"",
     "\"abc\\ndef\"\n"},
    {"common indentation is taken away", SOURCE_EXPRESSION,
     "\"\"\"\n"
     "    a\n"
     "      b\n"
     "    c\n"
     "  \"\"\"",
     "\"a\\n  b\\nc\\n\"\n"},
    {"the closing quotes do not count for indentation", SOURCE_EXPRESSION,
     "\"\"\"\n"
     "        a\n"
     "        b\n"
     "    \"\"\"",
     "\"a\\nb\\n\"\n"},
    {"blank lines do not count and become empty", SOURCE_EXPRESSION,
     "\"\"\"\n"
     "    a\n"
     "  \n"
     "\n"
     "      b\n"
     "    \"\"\"",
     "\"a\\n\\n\\n  b\\n\"\n"},
    {"tabs are characters like others", SOURCE_EXPRESSION,
     "\"\"\"\n"
     "\t\ta\n"
     "\t b\n"
     "\"\"\"",
     "\"\\ta\\n b\\n\"\n"},
    {"a line that begins with a splice counts", SOURCE_EXPRESSION,
     "\"\"\"\n"
     "    ${a}\n"
     "      b\n"
     "    \"\"\"",
     "(text a \"\\n  b\\n\")\n"},
    {"lines inside a splice do not count", SOURCE_EXPRESSION,
     "\"\"\"\n"
     "    a ${f(\n"
     "1)} b\n"
     "    c\n"
     "\"\"\"",
     "(text \"a \" (call f 1) \" b\\nc\\n\")\n"},
    {"escapes come after indentation", SOURCE_EXPRESSION,
     "\"\"\"\n"
     "    \\ta\n"
     "    \\n\n"
     "    \"\"\"",
     "\"\\ta\\n\\n\\n\"\n"},
    {"text behind the opening quotes stays as it is", SOURCE_EXPRESSION,
     "\"\"\"  a\n"
     "    b\n"
     "    c\"\"\"",
     "\"  a\\nb\\nc\"\n"},
    {"quotes inside a text of lines", SOURCE_EXPRESSION,
     "\"\"\"\n"
     "a \"b\" \"\"c\"\" \\\"\"\"d\n"
     "\"\"\"",
     "\"a \\\"b\\\" \\\"\\\"c\\\"\\\" \\\"\\\"\\\"d\\n\"\n"},
    {"a carriage return before a newline in a text", SOURCE_EXPRESSION,
     "\"\"\"\r\n"
     "  a\r\n"
     "  b\r\n"
     "\"\"\"",
     "\"a\\nb\\n\"\n"},
    {"a raw text of lines", SOURCE_EXPRESSION,
     "r\"\"\"\n"
     "    a\\n ${b} \"c\"\n"
     "      d\n"
     "    \"\"\"",
     "\"a\\\\n ${b} \\\"c\\\"\\n  d\\n\"\n"},
    {"a shell command", SOURCE_EXPRESSION,
     "\"\"\"\n"
     "    for h in ${hosts}; do\n"
     "        scp ${file} \"$h\":\n"
     "    done\n"
     "\"\"\"",
     "(text \"for h in \" hosts \"; do\\n    scp \" file \" \\\"$h\\\":\\ndone\\n\")\n"},
    {"an unknown escape", SOURCE_EXPRESSION, "\"a\\qb\\x41\\0\"",
     "\"ab41\"\n"
     "1:3-5 E0104 this is not one of \\n \\t \\r \\\\ \\\" \\$ \\uXXXX \\u{X...} | a backslash "
     "itself is \\\\; r\"...\" takes text as it is\n"
     "1:6-8 E0104 this is not one of \\n \\t \\r \\\\ \\\" \\$ \\uXXXX \\u{X...} | a backslash "
     "itself is \\\\; r\"...\" takes text as it is\n"
     "1:10-12 E0104 this is not one of \\n \\t \\r \\\\ \\\" \\$ \\uXXXX \\u{X...} | a backslash "
     "itself is \\\\; r\"...\" takes text as it is\n"},
    {"a malformed code point", SOURCE_EXPRESSION,
     "\"\\u12 \\u{} \\u{110000} \\ud800 \\u{1234567} \\u{12\"",
     "\"12 {}   {1234567} {12\"\n"
     "1:2-4 E0104 this is not one of \\n \\t \\r \\\\ \\\" \\$ \\uXXXX \\u{X...} | a backslash "
     "itself is \\\\; r\"...\" takes text as it is\n"
     "1:7-9 E0104 this is not one of \\n \\t \\r \\\\ \\\" \\$ \\uXXXX \\u{X...} | a backslash "
     "itself is \\\\; r\"...\" takes text as it is\n"
     "1:12-22 E0104 this is not one of \\n \\t \\r \\\\ \\\" \\$ \\uXXXX \\u{X...} | a backslash "
     "itself is \\\\; r\"...\" takes text as it is\n"
     "1:23-29 E0104 this is not one of \\n \\t \\r \\\\ \\\" \\$ \\uXXXX \\u{X...} | a backslash "
     "itself is \\\\; r\"...\" takes text as it is\n"
     "1:30-32 E0104 this is not one of \\n \\t \\r \\\\ \\\" \\$ \\uXXXX \\u{X...} | a backslash "
     "itself is \\\\; r\"...\" takes text as it is\n"
     "1:42-44 E0104 this is not one of \\n \\t \\r \\\\ \\\" \\$ \\uXXXX \\u{X...} | a backslash "
     "itself is \\\\; r\"...\" takes text as it is\n"},
    {"an escape in front of the newline", SOURCE_EXPRESSION, "\"abc\\",
     "\"abc\"\n"
     "1:1-2 E0103 this text is not closed by \"\n"
     "1:5-6 E0104 this is not one of \\n \\t \\r \\\\ \\\" \\$ \\uXXXX \\u{X...} | a backslash "
     "itself is \\\\; r\"...\" takes text as it is\n"},
    {"a backslash at the end of a line joins it with the next", SOURCE_EXPRESSION,
     "\"\"\"\n"
     "  a \\\n"
     "    b\n"
     "  c\"\"\"",
     "\"a   b\\nc\"\n"},
    {"an escape of a letter that is not ASCII", SOURCE_EXPRESSION, "\"\\ä\"",
     "\"\"\n"
     "1:2-4 E0104 this is not one of \\n \\t \\r \\\\ \\\" \\$ \\uXXXX \\u{X...} | a backslash "
     "itself is \\\\; r\"...\" takes text as it is\n"},
    {"a template without splices", SOURCE_TEMPLATE, "a \"b\" \\n c", "\"a \\\"b\\\" \\\\n c\"\n"},
    {"a template with splices", SOURCE_TEMPLATE,
     "a ${b} c ${\"}\"}\n"
     "d${1}",
     "(text \"a \" b \" c \" \"}\" \"\\nd\" 1)\n"},
    {"a splice that is all of a template", SOURCE_TEMPLATE, "${a.b}", "(text (field a b))\n"},
    {"an empty template", SOURCE_TEMPLATE, "", "\"\"\n"},
    {"a dollar sign at the end of a template", SOURCE_TEMPLATE, "a$", "\"a$\"\n"},
    {"newlines inside the splice of a template", SOURCE_TEMPLATE,
     "${a +\n"
     "b}",
     "(text (+ a b))\n"},
    {"an unclosed splice of a template", SOURCE_TEMPLATE, "a ${b + ",
     "(text \"a \" <error>)\n"
     "1:3-5 E0107 this ${ is not closed by a }\n"},
    {"a mistake in a template", SOURCE_TEMPLATE, "a ${b c} d ${} e",
     "(text \"a \" <error> \" d \" <error> \" e\")\n"
     "1:7-8 E0201 expected '}', found 'c'\n"
     "1:14-15 E0201 expected a value, found '}'\n"},
    {"a map in a template", SOURCE_TEMPLATE, "${ {a: 1} }", "(text (map \"a\" 1))\n"},
};

int main(void)
{
    return run_rows(ROWS, sizeof ROWS / sizeof ROWS[0]);
}
