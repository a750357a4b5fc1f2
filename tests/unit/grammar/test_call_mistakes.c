/* What is said about wrong calls, texts and policies. */
#include "tests/unit/grammar/support.h"

static const struct row ROWS[] = {
    {"a missing parenthesis before policies", SOURCE_FILE,
     "pipeline p {\n"
     "a = shell(\"make\" {\n"
     "    timeout 20m\n"
     "}\n"
     "b = = 1\n"
     "}\n",
     "PIPELINE p\n"
     "  ERROR a\n"
     "  ERROR b\n"
     "2:18-19 E0201 expected ',' or ')', found '{'\n"
     "5:5-6 E0201 expected a value, found '='\n"},
    {"a missing parenthesis at the end of a line", SOURCE_FILE,
     "pipeline p {\n"
     "a = shell(\"make\"\n"
     "b = = 1\n"
     "shell(\"x\"\n"
     "\n"
     "}\n",
     "PIPELINE p\n"
     "  ERROR a\n"
     "  ERROR\n"
     "3:1-2 E0201 expected ',' or ')', found 'b' | 2:10 this '(' is open\n"
     "4:10-10 E0201 expected ',' or ')', found the end of the line\n"},
    {"a missing comma between lines", SOURCE_FILE,
     "pipeline p {\n"
     "a = shell(\n"
     "    \"make\"\n"
     "    cwd: \"x\"\n"
     ")\n"
     "b = = 1\n"
     "}\n",
     "PIPELINE p\n"
     "  ERROR a\n"
     "  ERROR b\n"
     "4:5-8 E0201 expected ',' or ')', found 'cwd' | 2:10 this '(' is open\n"
     "6:5-6 E0201 expected a value, found '='\n"},
    {"a mistake in a call of several lines", SOURCE_FILE,
     "pipeline p {\n"
     "a = shell(\n"
     "    command: ,\n"
     "    cwd: \"x\",\n"
     "    env: {A: = 1}\n"
     ")\n"
     "b = = 1\n"
     "}\n",
     "PIPELINE p\n"
     "  ERROR a\n"
     "  ERROR b\n"
     "3:14-15 E0201 expected a value, found ','\n"
     "7:5-6 E0201 expected a value, found '='\n"},
    {"an equals sign for an input", SOURCE_FILE,
     "pipeline p {\n"
     "a = shell(command = \"make\", cwd: \"x\")\n"
     "}\n",
     "PIPELINE p\n"
     "  ERROR a\n"
     "2:19-20 E0201 expected ':', ',' or ')', found '=' | an input is named with ':', as in "
     "f(name: value)\n"},
    {"equals signs for inputs on several lines", SOURCE_FILE,
     "pipeline p {\n"
     "  a = shell(\n"
     "      command = \"make\",\n"
     "      cwd = \"x\"\n"
     "  )\n"
     "  b = = 1\n"
     "}\n",
     "PIPELINE p\n"
     "  ERROR a\n"
     "  ERROR b\n"
     "3:15-16 E0201 expected ':', ',' or ')', found '=' | an input is named with ':', as in "
     "f(name: value) | 2:12 this '(' is open\n"
     "6:7-8 E0201 expected a value, found '='\n"},
    {"a list that is not closed", SOURCE_FILE,
     "pipeline p {\n"
     "a = [1, 2\n"
     "b = = 1\n"
     "}\n",
     "PIPELINE p\n"
     "  ERROR a\n"
     "3:1-2 E0201 expected ',' or ']', found 'b' | 2:5 this '[' is open\n"},
    {"a map that is not closed", SOURCE_FILE,
     "pipeline p {\n"
     "a = {x: 1\n"
     "b = 1\n"
     "}\n",
     "PIPELINE p\n"
     "  ERROR a\n"
     "3:1-2 E0201 expected ',' or '}', found 'b' | 2:5 this '{' is open\n"},
    {"a map without its colon", SOURCE_FILE,
     "pipeline p {\n"
     "a = {x 1}\n"
     "b = {\n"
     "    x = 1\n"
     "}\n"
     "c = = 1\n"
     "}\n",
     "PIPELINE p\n"
     "  ERROR a\n"
     "  ERROR b\n"
     "  ERROR c\n"
     "2:8-9 E0201 expected ':', found '1'\n"
     "4:7-8 E0201 expected ':', found '='\n"
     "6:5-6 E0201 expected a value, found '='\n"},
    {"brackets of two kinds", SOURCE_FILE,
     "pipeline p {\n"
     "a = f([1, 2)]\n"
     "b = = 1\n"
     "}\n",
     "PIPELINE p\n"
     "  ERROR a\n"
     "  ERROR b\n"
     "2:12-13 E0201 expected ',' or ']', found ')'\n"
     "3:5-6 E0201 expected a value, found '='\n"},
    {"a stray bracket", SOURCE_FILE,
     "pipeline p {\n"
     "a = 1)\n"
     "b = 2]\n"
     "c = = 1\n"
     "}\n",
     "PIPELINE p\n"
     "  ERROR a\n"
     "  ERROR b\n"
     "  ERROR c\n"
     "2:6-7 E0201 expected the end of the line, found ')'\n"
     "3:6-7 E0201 expected the end of the line, found ']'\n"
     "4:5-6 E0201 expected a value, found '='\n"},
    {"an unclosed text in a call", SOURCE_FILE,
     "pipeline p {\n"
     "a = shell(\"make)\n"
     "b = = 1\n"
     "c = shell(\"x,\n"
     "  cwd: \"y\")\n"
     "d = = 2\n"
     "}\n",
     "PIPELINE p\n"
     "  ERROR a\n"
     "  ERROR b\n"
     "  ERROR c\n"
     "  ERROR d\n"
     "2:11-12 E0103 this text is not closed by \" | a text of several lines stands between \"\"\" "
     "and \"\"\"\n"
     "3:5-6 E0201 expected a value, found '='\n"
     "4:11-12 E0103 this text is not closed by \" | a text of several lines stands between \"\"\" "
     "and \"\"\"\n"
     "6:5-6 E0201 expected a value, found '='\n"},
    {"an unclosed splice in a call", SOURCE_FILE,
     "pipeline p {\n"
     "a = shell(\"make ${x\")\n"
     "b = = 1\n"
     "c = shell(\"${f(\"x)}\")\n"
     "d = = 2\n"
     "}\n",
     "PIPELINE p\n"
     "  ERROR a\n"
     "  ERROR b\n"
     "  ERROR c\n"
     "  ERROR d\n"
     "2:20-21 E0201 expected '}', found a text\n"
     "3:5-6 E0201 expected a value, found '='\n"
     "4:12-14 E0107 this ${ is not closed by a }\n"
     "5:5-6 E0201 expected a value, found '='\n"},
    {"an unclosed text of lines", SOURCE_FILE,
     "pipeline p {\n"
     "a = shell(\"\"\"\n"
     "    make\n"
     "b = 1\n"
     "}\n",
     "PIPELINE p\n"
     "  ERROR a\n"
     "2:11-14 E0103 this text is not closed by \"\"\"\n"},
    {"wrong characters", SOURCE_FILE,
     "pipeline p {\n"
     "a = 1; b = 2\n"
     "c = 'x'\n"
     "d = a ? b : c\n"
     "e = “x”\n"
     "f += 1\n"
     "g := 2\n"
     "h = $x\n"
     "i = `ls`\n"
     "j = x => y\n"
     "k = @\n"
     "}\n",
     "PIPELINE p\n"
     "  ERROR a\n"
     "  ERROR c\n"
     "  ERROR d\n"
     "  ERROR e\n"
     "  ERROR\n"
     "  ASSIGN g = 2\n"
     "  ERROR h\n"
     "  ASSIGN i = ls\n"
     "  ERROR j\n"
     "  ERROR k\n"
     "2:6-7 E0102 ';' has no place here | a statement ends with its line\n"
     "3:5-8 E0102 a text does not stand between single quotes | write double quotes\n"
     "4:7-8 E0102 '?' has no place here | write 'x if condition else y', 'x?.name' or 'x ?\? "
     "default'\n"
     "5:5-6 E0102 the character U+201C has no place here | write \"\n"
     "6:3-5 E0102 '+=' has no place here | write 'x = x + ...'\n"
     "7:3-5 E0102 ':=' has no place here | write '='\n"
     "8:5-6 E0102 '$' has no place here | a value goes into a text as \"${name}\"; elsewhere its "
     "name is enough\n"
     "10:7-9 E0102 '=>' has no place here | write '->' before outputs, ':' in maps\n"
     "11:5-6 E0102 '@' has no place here\n"},
    {"an unknown policy", SOURCE_FILE,
     "pipeline p {\n"
     "a() { timout 10m }\n"
     "b() {\n"
     "    retries 3\n"
     "    once\n"
     "}\n"
     "}\n",
     "PIPELINE p\n"
     "  CALL = a\n"
     "  CALL = b\n"
     "    once\n"
     "2:7-13 E0201 expected a policy (timeout, retry, on fail, once, no retry, no skip, loop, "
     "undo, at, after, every) or '}', "
     "found 'timout' | did you mean 'timeout'?\n"
     "4:5-12 E0201 expected a policy (timeout, retry, on fail, once, no retry, no skip, loop, "
     "undo, at, after, every) or '}', "
     "found 'retries'\n"},
    {"a policy twice", SOURCE_FILE,
     "pipeline p {\n"
     "a() {\n"
     "    timeout 1m\n"
     "    once\n"
     "    timeout 2m\n"
     "    on fail ignore\n"
     "    on fail { b = 1 }\n"
     "}\n"
     "}\n",
     "PIPELINE p\n"
     "  CALL = a\n"
     "    timeout 1m\n"
     "    on fail ignore\n"
     "    once\n"
     "5:5-15 E0204 this policy is given twice | 3:5 the first time\n"
     "7:5-22 E0204 this policy is given twice | 6:5 the first time\n"},
    {"wrong durations and counts", SOURCE_FILE,
     "pipeline p {\n"
     "a() { timeout 10 }\n"
     "b() { timeout 0s }\n"
     "c() { timeout 5x }\n"
     "d() { retry 0 }\n"
     "h() { retry 1000000001 }\n"
     "e() { retry many }\n"
     "f() { retry 2 every 10 }\n"
     "g() { retry 2 backoff 5m max 1m }\n"
     "}\n",
     "PIPELINE p\n"
     "  CALL = a\n"
     "  CALL = b\n"
     "    timeout 1ms\n"
     "  CALL = c\n"
     "    timeout 1ms\n"
     "  CALL = d\n"
     "    retry 1\n"
     "  CALL = h\n"
     "    retry 1\n"
     "  CALL = e\n"
     "  CALL = f\n"
     "  CALL = g\n"
     "    retry 2 backoff 5m max 1m\n"
     "2:15-17 E0201 expected a duration, found '10' | a duration has a unit: 500ms, 10s, 5m, "
     "1h30m\n"
     "3:15-17 E0106 a duration above zero is wanted here\n"
     "4:15-17 E0106 '5x' is not a duration: the unit is unknown; use whole numbers with w, d, h, "
     "m, s or ms, largest first, such as '1h30m'\n"
     "5:13-14 E0105 at least once: write 1 or more\n"
     "6:13-23 E0105 at most 1000000000 times\n"
     "7:13-17 E0201 expected a number, found 'many'\n"
     "8:21-23 E0201 expected a duration, found '10' | a duration has a unit: 500ms, 10s, 5m, "
     "1h30m\n"
     "9:30-32 E0106 the longest delay is shorter than the first one\n"},
    {"wrong policies", SOURCE_FILE,
     "pipeline p {\n"
     "a() { timeout 1m then stop }\n"
     "b() { on fail }\n"
     "c() { on error ignore }\n"
     "d() { no }\n"
     "e() { retry 2 evry 3s }\n"
     "f() { retry 2 on \"a${b}\" }\n"
     "g() { loop 3 times }\n"
     "h() { once twice }\n"
     "i() { x = 1 }\n"
     "}\n",
     "PIPELINE p\n"
     "  CALL = a\n"
     "  CALL = b\n"
     "  CALL = c\n"
     "  CALL = d\n"
     "  CALL = e\n"
     "  CALL = f\n"
     "    retry 2 on \"\"\n"
     "  CALL = g\n"
     "    loop 3\n"
     "  CALL = h\n"
     "    once\n"
     "  CALL = i\n"
     "2:23-27 E0201 expected 'fail' or 'skip', found 'stop'\n"
     "3:15-16 E0201 expected 'ignore' or '{', found '}'\n"
     "4:10-15 E0201 expected 'fail', found 'error'\n"
     "5:10-11 E0201 expected 'skip' or 'retry', found '}'\n"
     "6:15-19 E0201 expected 'every', 'backoff', 'on' or the end of the line, found 'evry' | did "
     "you mean 'every'?\n"
     "7:18-25 E0403 the pattern of a retry is a text without ${ }\n"
     "8:14-19 E0201 expected 'fail', 'no', 'into' or the end of the line, found 'times'\n"
     "9:12-17 E0201 expected the end of the line, found 'twice'\n"
     "10:7-8 E0201 expected a policy (timeout, retry, on fail, once, no retry, no skip, loop, "
     "undo, at, after, every) or '}', found 'x'\n"},
    {"policies without braces", SOURCE_FILE,
     "pipeline p {\n"
     "a = shell(\"make\")\n"
     "timeout 10m\n"
     "retry 3\n"
     "once\n"
     "b() timeout 3m\n"
     "}\n",
     "PIPELINE p\n"
     "  CALL a = shell\n"
     "    argument \"make\"\n"
     "  ERROR\n"
     "  ERROR\n"
     "  ERROR\n"
     "  ERROR\n"
     "3:9-12 E0201 expected '(' or '=', found '10m' | a policy stands in braces behind its call: "
     "name = f(...) { timeout 10m }\n"
     "4:7-8 E0201 expected '(' or '=', found '3' | a policy stands in braces behind its call: name "
     "= f(...) { timeout 10m }\n"
     "5:1-5 E0201 this is no statement: only a call of a component or pipeline can stand alone | "
     "to keep a value: name = ...\n"
     "6:5-12 E0201 expected '(', '=' or '{', found 'timeout'\n"},
    {"policies behind something else", SOURCE_FILE,
     "pipeline p {\n"
     "a = 1 + 2 { once }\n"
     "b = x.f() { once }\n"
     "c = (f()) { once }\n"
     "x.f() { once }\n"
     "}\n",
     "PIPELINE p\n"
     "  ASSIGN a = (+ 1 2)\n"
     "  ASSIGN b = (method f x)\n"
     "  ASSIGN c = (call f)\n"
     "  ERROR\n"
     "2:11-19 E0204 policies stand only behind the call of a component or pipeline\n"
     "3:11-19 E0204 policies stand only behind the call of a component or pipeline\n"
     "4:11-19 E0204 policies stand only behind the call of a component or pipeline\n"
     "5:1-6 E0201 this is no statement: only a call of a component or pipeline can stand alone | "
     "to keep a value: name = ...\n"},
    {"policies on the next line", SOURCE_FILE,
     "pipeline p {\n"
     "a = shell(\"x\")\n"
     "{ once }\n"
     "b = = 1\n"
     "}\n",
     "PIPELINE p\n"
     "  CALL a = shell\n"
     "    argument \"x\"\n"
     "  ERROR\n"
     "  ERROR b\n"
     "3:1-2 E0201 expected a statement or '}', found '{' | a block alone is a branch and stands in "
     "'parallel' only\n"
     "4:5-6 E0201 expected a value, found '='\n"},
    {"mistakes inside a block of a policy", SOURCE_FILE,
     "pipeline p {\n"
     "a() { on fail {\n"
     "    b = = 1\n"
     "    c = 2\n"
     "} }\n"
     "d = = 3\n"
     "}\n",
     "PIPELINE p\n"
     "  CALL = a\n"
     "    on fail\n"
     "      ERROR b\n"
     "      ASSIGN c = 2\n"
     "  ERROR d\n"
     "3:9-10 E0201 expected a value, found '='\n"
     "6:5-6 E0201 expected a value, found '='\n"},
};

int main(void)
{
    return run_rows(ROWS, sizeof ROWS / sizeof ROWS[0]);
}
