/* What is said about wrong files and heads of pipelines. */
#include "tests/unit/grammar/support.h"

static const struct row ROWS[] = {
    {"an edition of the future", SOURCE_FILE,
     "bamboo 2\n"
     "pipeline p { }",
     "EDITION 2\n"
     "PIPELINE p\n"
     "1:8-9 E0202 this bamboo knows edition 1 only | write 'bamboo 1', or use a newer bamboo\n"},
    {"an edition that is not first", SOURCE_FILE,
     "pipeline p { }\n"
     "bamboo 1\n",
     "PIPELINE p\n"
     "2:1-9 E0202 the edition is the first line of a file, and only that\n"},
    {"an edition twice", SOURCE_FILE,
     "bamboo 1\n"
     "bamboo 1\n"
     "pipeline p { }",
     "EDITION 1\n"
     "PIPELINE p\n"
     "2:1-9 E0202 the edition is the first line of a file, and only that\n"},
    {"an edition that is no number", SOURCE_FILE,
     "bamboo one\n"
     "pipeline p { a = 1 }",
     "PIPELINE p\n"
     "  ASSIGN a = 1\n"
     "1:8-11 E0201 expected a number, found 'one'\n"},
    {"an import that is not constant", SOURCE_FILE,
     "import \"a${b}.bamboo\"\n"
     "import 3\n"
     "import \"a\\u0000b\"\n"
     "pipeline p { }",
     "IMPORT \"\"\n"
     "IMPORT \"a\"\n"
     "PIPELINE p\n"
     "1:8-22 E0403 the path of an import is a text without ${ }\n"
     "2:8-9 E0201 expected a text, found '3'\n"
     "3:8-18 E0102 the path of an import has no NUL in it\n"},
    {"a word that begins nothing", SOURCE_FILE,
     "pipline p { a = 1 }\n"
     "pipeline q { b = 1 }",
     "PIPELINE q\n"
     "  ASSIGN b = 1\n"
     "1:1-8 E0201 expected 'pipeline', 'import' or the end of the file, found 'pipline' | did you "
     "mean 'pipeline'?\n"},
    {"a statement outside of pipelines", SOURCE_FILE,
     "a = 1\n"
     "pipeline q { b = 1 }\n"
     "c = f(\"}\")\n",
     "PIPELINE q\n"
     "  ASSIGN b = 1\n"
     "1:1-2 E0201 expected 'pipeline', 'import' or the end of the file, found 'a'\n"
     "3:1-2 E0201 expected 'pipeline', 'import' or the end of the file, found 'c'\n"},
    {"a pipeline without a name", SOURCE_FILE,
     "pipeline { a = 1 = 2 }\n"
     "pipeline q { b = 1 }",
     "PIPELINE q\n"
     "  ASSIGN b = 1\n"
     "1:10-11 E0201 expected a name, found '{'\n"
     "1:18-19 E0201 expected the end of the line, found '='\n"},
    {"a keyword as the name of a pipeline", SOURCE_FILE, "pipeline if { a = 1 }",
     "1:10-12 E0201 expected a name, found 'if'\n"},
    {"mistakes in a head do not hide those in the body", SOURCE_FILE,
     "pipeline p(a: int = , b) -> x {\n"
     "    c = = 1\n"
     "}\n",
     "PIPELINE p <broken>\n"
     "  ERROR c\n"
     "1:21-22 E0201 expected a value, found ','\n"
     "2:9-10 E0201 expected a value, found '='\n"},
    {"a map in a wrong head is no body", SOURCE_FILE,
     "pipeline p(a: map = = {x: 1}) {\n"
     "    c = = 1\n"
     "}\n",
     "PIPELINE p <broken>\n"
     "  ERROR c\n"
     "1:21-22 E0201 expected a value, found '='\n"
     "2:9-10 E0201 expected a value, found '='\n"},
    {"a keyword as a parameter", SOURCE_FILE, "pipeline p(if: int, in) { }",
     "PIPELINE p <broken>\n"
     "1:12-14 E0203 'if' is a word of the language and cannot be a name\n"
     "1:21-23 E0201 expected a name or ')', found 'in'\n"},
    {"the arrow without outputs", SOURCE_FILE, "pipeline p -> { a = 1 }",
     "PIPELINE p <broken>\n"
     "  ASSIGN a = 1\n"
     "1:15-16 E0201 expected a name, found '{'\n"},
    {"a missing brace before the next pipeline", SOURCE_FILE,
     "pipeline p {\n"
     "    if a {\n"
     "        b = 1\n"
     "}\n"
     "pipeline q { c = 1 }\n",
     "PIPELINE p\n"
     "  IF\n"
     "    when a\n"
     "      ASSIGN b = 1\n"
     "PIPELINE q\n"
     "  ASSIGN c = 1\n"
     "5:1-9 E0201 expected '}' before 'pipeline' | 1:12 this '{' is not closed\n"},
    {"a missing brace at the end", SOURCE_FILE,
     "pipeline p {\n"
     "    a = 1\n",
     "PIPELINE p\n"
     "  ASSIGN a = 1\n"
     "3:1-1 E0201 expected '}' before the end of the file | 1:12 this '{' is not closed\n"},
    {"a missing parenthesis and brace at the end", SOURCE_FILE,
     "pipeline p {\n"
     "    a = f(1\n",
     "PIPELINE p\n"
     "  ERROR a\n"
     "3:1-1 E0201 expected ')' before the end of the file | 2:10 this '(' is not closed\n"},
    {"a missing parenthesis in a head", SOURCE_FILE,
     "pipeline p(a {\n"
     " b = 1\n"
     "}\n"
     "pipeline q { c = = 1 }",
     "PIPELINE q\n"
     "  ERROR c\n"
     "1:14-15 E0201 expected ':', '=', ',' or ')', found '{'\n"
     "4:18-19 E0201 expected a value, found '='\n"},
    {"a brace too many", SOURCE_FILE,
     "pipeline p {\n"
     "    if a { }\n"
     "    }\n"
     "    b = 1\n"
     "}\n"
     "pipeline q { c = = 1 }",
     "PIPELINE p\n"
     "  IF\n"
     "    when a\n"
     "PIPELINE q\n"
     "  ERROR c\n"
     "4:5-6 E0201 expected 'pipeline', 'import' or the end of the file, found 'b'\n"
     "6:18-19 E0201 expected a value, found '='\n"},
    {"a pipeline inside an unclosed text of lines", SOURCE_FILE,
     "{\"\"\"${\n"
     "pipeline",
     "1:5-7 E0107 this ${ is not closed by a }\n"},
    {"a map inside an unclosed text", SOURCE_FILE,
     "{\"\"\"${{\n"
     "\"\n",
     "1:5-7 E0107 this ${ is not closed by a }\n"
     "2:1-2 E0103 this text is not closed by \" | a text of several lines stands between \"\"\" "
     "and \"\"\"\n"},
    {"a statement behind the brace", SOURCE_FILE, "pipeline p { a = 1 } b = 2\n",
     "PIPELINE p\n"
     "  ASSIGN a = 1\n"
     "1:22-23 E0201 expected 'pipeline', 'import' or the end of the file, found 'b'\n"},
};

int main(void)
{
    return run_rows(ROWS, sizeof ROWS / sizeof ROWS[0]);
}
