/* What is said about wrong expressions. */
#include "tests/unit/grammar/support.h"

static const struct row ROWS[] = {
    {"nothing", SOURCE_EXPRESSION, "",
     "<error>\n"
     "1:1-1 E0201 expected a value, found the end\n"},
    {"only a comment", SOURCE_EXPRESSION, "# nothing",
     "<error>\n"
     "1:10-10 E0201 expected a value, found the end\n"},
    {"an operand is missing", SOURCE_EXPRESSION, "1 +",
     "<error>\n"
     "1:4-4 E0201 expected a value, found the end\n"},
    {"an operator is missing", SOURCE_EXPRESSION, "1 2",
     "<error>\n"
     "1:3-4 E0201 expected the end, found '2'\n"},
    {"a parenthesis is missing", SOURCE_EXPRESSION, "(1 + 2",
     "<error>\n"
     "1:7-7 E0201 expected ')', found the end\n"},
    {"a bracket too many", SOURCE_EXPRESSION, "1 + 2)",
     "<error>\n"
     "1:6-7 E0201 expected the end, found ')'\n"},
    {"brackets of two kinds", SOURCE_EXPRESSION, "[1, 2)",
     "<error>\n"
     "1:6-7 E0201 expected ',' or ']', found ')'\n"},
    {"a chain of comparisons", SOURCE_EXPRESSION, "1 < 2 < 3",
     "(< (< 1 2) 3)\n"
     "1:7-8 E0201 comparisons do not form a chain | write 'a < b and b < c'\n"},
    {"not behind a tighter operator", SOURCE_EXPRESSION,
     "[1 + not a, - not b, a == not b, a == (not b), not not c, a and not b]",
     "(list (+ 1 (not a)) (- (not b)) (== a (not b)) (== a (not b)) (not (not c)) (and a (not "
     "b)))\n"
     "1:6-9 E0201 'not' cannot stand behind this operator | write (not ...)\n"
     "1:15-18 E0201 'not' cannot stand behind this operator | write (not ...)\n"
     "1:27-30 E0201 'not' cannot stand behind this operator | write (not ...)\n"},
    {"not an optional method", SOURCE_EXPRESSION, "a?.b()",
     "(method b a)\n"
     "1:1-5 E0201 a method is called with '.', not with '?.'\n"},
    {"only names are called", SOURCE_EXPRESSION, "(a)(1)",
     "<error>\n"
     "1:1-4 E0201 only a name can be called: function(...), value.method(...)\n"},
    {"names for the arguments of a function", SOURCE_EXPRESSION, "len(value: 1) + x.get(key: 2)",
     "(+ (call len 1) (method get x 2))\n"
     "1:5-10 E0201 only the inputs of a component or pipeline have names | a component is called "
     "in a statement of its own: name = len(...)\n"
     "1:23-26 E0201 only the inputs of a component or pipeline have names | a method takes its "
     "arguments by their order\n"},
    {"minus twice", SOURCE_EXPRESSION, "--9223372036854775808", "(- -9223372036854775808)\n"},
    {"hexadecimal digits too many", SOURCE_EXPRESSION, "1 + 0xfffffffffffffffff",
     "(+ 1 <error>)\n"
     "1:5-24 E0105 an integer lies between -9223372036854775808 and 9223372036854775807\n"},
    {"underscores in numbers", SOURCE_EXPRESSION, "[1__0, 1_, 0x, 0x_1, 1_.5]",
     "(list <error> <error> <error> <error> <error>)\n"
     "1:2-6 E0105 _ stands between digits only, one at a time\n"
     "1:8-10 E0105 _ stands between digits only, one at a time\n"
     "1:12-14 E0105 after 0x stand hexadecimal digits, with single _ between them\n"
     "1:16-20 E0105 after 0x stand hexadecimal digits, with single _ between them\n"
     "1:22-26 E0105 _ stands between digits only, one at a time\n"},
    {"a zero before a number", SOURCE_EXPRESSION, "[007, 00, 01.5]",
     "(list <error> <error> <error>)\n"
     "1:2-5 E0105 a number does not begin with 0\n"
     "1:7-9 E0105 a number does not begin with 0\n"
     "1:11-15 E0105 a number does not begin with 0\n"},
    {"a float too large", SOURCE_EXPRESSION, "1e999",
     "<error>\n"
     "1:1-6 E0105 this number is too large for a float\n"},
    {"durations that are none", SOURCE_EXPRESSION, "[3y, 1.5h, 5m1h, 99999999999999999999s]",
     "(list <error> <error> <error> <error>)\n"
     "1:2-4 E0106 '3y' is not a duration: the unit is unknown; use whole numbers with w, d, h, m, "
     "s or ms, largest first, such as '1h30m'\n"
     "1:6-10 E0106 '1.5h' is not a duration: a unit is missing; use whole numbers with w, d, h, m, "
     "s or ms, largest first, such as '1h30m'\n"
     "1:12-16 E0106 '5m1h' is not a duration: the units are out of order; use whole numbers with "
     "w, d, h, m, s or ms, largest first, such as '1h30m'\n"
     "1:18-39 E0106 '99999999999999999999s' is not a duration: it is too long; use whole numbers "
     "with w, d, h, m, s or ms, largest first, such as '1h30m'\n"},
    {"words of other languages", SOURCE_EXPRESSION, "[True, False, None]",
     "(list true false null)\n"
     "1:2-6 E0201 'True' is not a word here | write 'true'\n"
     "1:8-13 E0201 'False' is not a word here | write 'false'\n"
     "1:15-19 E0201 'None' is not a word here | write 'null'\n"},
    {"operators of other languages", SOURCE_EXPRESSION, "!a && b || c <> d === e",
     "(or (and (not a) b) (== (!= c d) e))\n"
     "1:1-2 E0102 '!' has no place here | write 'not'\n"
     "1:4-6 E0102 '&&' has no place here | write 'and'\n"
     "1:9-11 E0102 '||' has no place here | write 'or'\n"
     "1:14-16 E0102 '<>' has no place here | write '!='\n"
     "1:19-22 E0102 '===' has no place here | write '=='\n"
     "1:19-22 E0201 comparisons do not form a chain | write 'a < b and b < c'\n"},
    {"single quotes", SOURCE_EXPRESSION, "'abc'",
     "<error>\n"
     "1:1-6 E0102 a text does not stand between single quotes | write double quotes\n"},
    {"a semicolon", SOURCE_EXPRESSION, "a; b",
     "<error>\n"
     "1:2-3 E0102 ';' has no place here | a statement ends with its line\n"},
    {"a question mark", SOURCE_EXPRESSION, "a ? b : c",
     "<error>\n"
     "1:3-4 E0102 '?' has no place here | write 'x if condition else y', 'x?.name' or 'x ?\? "
     "default'\n"},
    {"a power", SOURCE_EXPRESSION, "2 ** 3",
     "<error>\n"
     "1:3-5 E0102 '**' has no place here | there is no power operator\n"},
    {"typographic quotes", SOURCE_EXPRESSION, "“abc”",
     "<error>\n"
     "1:1-2 E0102 the character U+201C has no place here | write \"\n"},
    {"a blank that is no space", SOURCE_EXPRESSION, "a + b",
     "<error>\n"
     "1:2-3 E0102 the character U+00A0 has no place here | write a space\n"},
    {"a dash", SOURCE_EXPRESSION, "a – b",
     "<error>\n"
     "1:3-4 E0102 the character U+2013 has no place here | write -\n"},
    {"a control character", SOURCE_EXPRESSION, "a\001b",
     "<error>\n"
     "1:2-3 E0102 the character U+0001 has no place here\n"},
    {"a keyword as a name", SOURCE_EXPRESSION, "if + 1",
     "<error>\n"
     "1:1-3 E0201 expected a value, found 'if'\n"},
    {"a word that begins a body", SOURCE_EXPRESSION, "graph + 1",
     "<error>\n"
     "1:1-6 E0201 expected a value, found 'graph'\n"},
    {"an unclosed text", SOURCE_EXPRESSION, "\"abc",
     "\"abc\"\n"
     "1:1-2 E0103 this text is not closed by \"\n"},
    {"an unclosed text before a newline", SOURCE_EXPRESSION,
     "[\"abc\n"
     ", 1]",
     "(list \"abc\" 1)\n"
     "1:2-3 E0103 this text is not closed by \" | a text of several lines stands between \"\"\" "
     "and \"\"\"\n"},
    {"an unclosed text of lines", SOURCE_EXPRESSION, "\"\"\"abc\n",
     "\"abc\\n\"\n"
     "1:1-4 E0103 this text is not closed by \"\"\"\n"},
    {"an unclosed raw text", SOURCE_EXPRESSION, "r\"abc",
     "\"abc\"\n"
     "1:1-3 E0103 this text is not closed by \"\n"},
    {"an unclosed splice", SOURCE_EXPRESSION, "\"a ${b",
     "(text \"a \" b)\n"
     "1:4-6 E0107 this ${ is not closed by a }\n"},
    {"an unclosed splice of one line", SOURCE_EXPRESSION,
     "\"a ${b\n"
     "}\"",
     "<error>\n"
     "1:4-6 E0107 this ${ is not closed by a }\n"},
    {"an unclosed splice with a text behind it", SOURCE_EXPRESSION, "\"a ${b + \"c\"",
     "(text \"a \" (+ b \"c\"))\n"
     "1:4-6 E0107 this ${ is not closed by a }\n"},
    {"mistakes in several splices", SOURCE_EXPRESSION, "\"${1 +} ${} ${a b} ${c}\"",
     "(text <error> \" \" <error> \" \" <error> \" \" c)\n"
     "1:7-8 E0201 expected a value, found '}'\n"
     "1:11-12 E0201 expected a value, found '}'\n"
     "1:17-18 E0201 expected '}', found 'b'\n"},
};

int main(void)
{
    return run_rows(ROWS, sizeof ROWS / sizeof ROWS[0]);
}
