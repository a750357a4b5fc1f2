/* Functions and methods give what Python gives where the name is Python's. */
#include "tests/unit/base/support.h"

#include "stdlib/functions.h"

/* Arguments are a JSON list; the receiver of a method is the first. A result that begins with '!'
 * is a part of the refusal. */
struct function_case {
    const char *promise, *name, *arguments, *result;
};

static const struct function_case CASES[] = {
    {"len counts characters", "len", "[\"a\\u00e9\\u4e16\"]", "3"},
    {"len counts elements", "len", "[[1, 2]]", "2"},
    {"len refuses a number", "len", "[1]", "!len() wants a string, a list or a map"},
    {"str writes numbers", "str", "[1.5]", "\"1.5\""},
    {"int cuts a fraction", "int", "[-1.9]", "-1"},
    {"int reads a text", "int", "[\" 42\\n\"]", "42"},
    {"int refuses other texts", "int", "[\"4x\"]", "!not a whole number"},
    {"int refuses what does not fit", "int", "[\"9223372036854775808\"]", "!64 bits"},
    {"float reads a text", "float", "[\"3.7\"]", "3.7"},
    {"bool of an empty list is false", "bool", "[[]]", "false"},
    {"type names it", "type", "[{}]", "\"map\""},
    {"json writes", "json", "[{\"a\": [1, null]}]", "\"{\\\"a\\\": [1, null]}\""},
    {"parse_json reads", "parse_json", "[\"[1, {\\\"b\\\": true}]\"]", "[1, {\"b\": true}]"},
    {"parse_json refuses what is none", "parse_json", "[\"[1\"]", "!not JSON"},
    {"abs", "abs", "[-3]", "3"},
    {"abs of the smallest number is refused", "abs", "[-9223372036854775808]", "!64 bits"},
    {"round goes to the even one", "round", "[2.5]", "2"},
    {"round keeps digits", "round", "[3.14159, 2]", "3.14"},
    {"min of a list", "min", "[[3, 1, 2]]", "1"},
    {"max of values", "max", "[3, 1, 2]", "3"},
    {"min of nothing is refused", "min", "[[]]", "!empty list"},
    {"sum adds up", "sum", "[[1, 2.5]]", "3.5"},
    {"sum refuses texts", "sum", "[[\"a\"]]", "!sum() wants"},
    {"list of a text has its characters", "list", "[\"a\\u4e16\"]", "[\"a\", \"\\u4e16\"]"},
    {"range counts", "range", "[3]", "[0, 1, 2]"},
    {"range goes backwards", "range", "[5, 0, -2]", "[5, 3, 1]"},
    {"range of nothing is empty", "range", "[3, 1]", "[]"},
    {"range refuses step 0", "range", "[0, 1, 0]", "!step that is not 0"},
    {"range refuses a huge list at once", "range", "[9223372036854775807]", "!more than"},
    {"sorted is stable and ascending", "sorted", "[[3, 1, 2]]", "[1, 2, 3]"},
    {"sorted goes down", "sorted", "[[3, 1, 2], true]", "[3, 2, 1]"},
    {"sorted refuses what has no order", "sorted", "[[1, \"a\"]]", "!"},
    {"reversed", "reversed", "[[1, 2]]", "[2, 1]"},
    {"unique keeps the first order", "unique", "[[2, 1, 2, \"1\"]]", "[2, 1, \"1\"]"},
    {"enumerate counts", "enumerate", "[[\"a\"], 1]", "[[1, \"a\"]]"},
    {"zip stops with the shortest", "zip", "[[1, 2], [\"a\"]]", "[[1, \"a\"]]"},
    {"any", "any", "[[0, 1]]", "true"},
    {"all of nothing is true", "all", "[[]]", "true"},
    {"join takes any values", "join", "[[1, \"a\"], \"-\"]", "\"1-a\""},
    {"keys are in order of insertion", "keys", "[{\"b\": 1, \"a\": 2}]", "[\"b\", \"a\"]"},
    {"items", "items", "[{\"b\": 1}]", "[[\"b\", 1]]"},
    {"matches searches", "matches", "[\"abc\", \"b.\"]", "true"},
    {"matches refuses a bad pattern", "matches", "[\"abc\", \"(\"]", "!not a regular expression"},
    {"basename", "basename", "[\"/a/b.c\"]", "\"b.c\""},
    {"basename ignores slashes at the end", "basename", "[\"/a/b/\"]", "\"b\""},
    {"dirname", "dirname", "[\"/a/b\"]", "\"/a\""},
    {"dirname of a bare name is the folder itself", "dirname", "[\"a\"]", "\".\""},
    {"dirname of the root is the root", "dirname", "[\"/a\"]", "\"/\""},
    {"shell_quote quotes a list as words", "shell_quote", "[[\"a b\", \"c\"]]", "\"'a b' 'c'\""},
    {"sha256", "sha256", "[\"\"]",
     "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""},
    {"upper", ".upper", "[\"aB\\u00e9\"]", "\"AB\\u00c9\""},
    {"capitalize", ".capitalize", "[\"hELLO\"]", "\"Hello\""},
    {"title", ".title", "[\"hello wORLD\"]", "\"Hello World\""},
    {"strip takes white space", ".strip", "[\" \\ta \\n\"]", "\"a\""},
    {"strip takes characters", ".strip", "[\"xxaxx\", \"x\"]", "\"a\""},
    {"lstrip", ".lstrip", "[\" a \"]", "\"a \""},
    {"rstrip of wide characters", ".rstrip", "[\"a\\u4e16\\u4e16\", \"\\u4e16\"]", "\"a\""},
    {"split at white space", ".split", "[\" a  b \"]", "[\"a\", \"b\"]"},
    {"split at a separator", ".split", "[\"a,,b\", \",\"]", "[\"a\", \"\", \"b\"]"},
    {"split stops", ".split", "[\"a,b,c\", \",\", 1]", "[\"a\", \"b,c\"]"},
    {"split at white space stops", ".split", "[\"a b  c \", null, 1]", "[\"a\", \"b  c \"]"},
    {"split of nothing", ".split", "[\"\", \",\"]", "[\"\"]"},
    {"rsplit counts from the end", ".rsplit", "[\"a,b,c\", \",\", 1]", "[\"a,b\", \"c\"]"},
    {"splitlines knows all line ends", ".splitlines", "[\"a\\r\\nb\\n\\nc\"]",
     "[\"a\", \"b\", \"\", \"c\"]"},
    {"partition", ".partition", "[\"a=b=c\", \"=\"]", "[\"a\", \"=\", \"b=c\"]"},
    {"startswith", ".startswith", "[\"0.1\", \"0.\"]", "true"},
    {"startswith one of a list", ".startswith", "[\"abc\", [\"x\", \"a\"]]", "true"},
    {"endswith", ".endswith", "[\"abc\", \"b\"]", "false"},
    {"removeprefix", ".removeprefix", "[\"v1\", \"v\"]", "\"1\""},
    {"removesuffix that is not there", ".removesuffix", "[\"v1\", \"v\"]", "\"v1\""},
    {"replace all", ".replace", "[\"aXbX\", \"X\", \"--\"]", "\"a--b--\""},
    {"replace some", ".replace", "[\"aXbX\", \"X\", \"\", 1]", "\"abX\""},
    {"find counts characters", ".find", "[\"\\u4e16b\", \"b\"]", "1"},
    {"find what is not there", ".find", "[\"a\", \"b\"]", "-1"},
    {"rfind", ".rfind", "[\"abab\", \"ab\"]", "2"},
    {"count without overlaps", ".count", "[\"aaa\", \"aa\"]", "1"},
    {"join of strings", ".join", "[\", \", [\"a\", \"b\"]]", "\"a, b\""},
    {"join refuses other values", ".join", "[\", \", [1]]", "!list of strings"},
    {"zfill knows the sign", ".zfill", "[\"-5\", 4]", "\"-005\""},
    {"ljust", ".ljust", "[\"a\", 3, \".\"]", "\"a..\""},
    {"rjust", ".rjust", "[\"a\", 3]", "\"  a\""},
    {"center", ".center", "[\"ab\", 5]", "\"  ab \""},
    {"a huge width is refused at once", ".ljust", "[\"a\", 100000000000]", "!more than 16 MiB"},
    {"isdigit", ".isdigit", "[\"123\"]", "true"},
    {"isdigit of nothing is false", ".isdigit", "[\"\"]", "false"},
    {"isalpha", ".isalpha", "[\"a1\"]", "false"},
    {"format fills in", ".format", "[\"{} of {}\", 1, \"x\"]", "\"1 of x\""},
    {"format takes numbers and specifications", ".format",
     "[\"{1:>5.1f}|{0:<4}|{{}}\", \"a\", 2.25]", "\"  2.2|a   |{}\""},
    {"format pads with zeros", ".format", "[\"{:04d}\", 7]", "\"0007\""},
    {"format without a value is refused", ".format", "[\"{}\"]", "!no value number 0"},
    {"format without its brace is refused", ".format", "[\"{\"]", "!without its"},
    {"index of a list", ".index", "[[1, 2], 2]", "1"},
    {"index that is not there is refused", ".index", "[[1, 2], 3]", "!not in the list"},
    {"count of a list", ".count", "[[1, 2, 1.0], 1]", "2"},
    {"get gives the default", ".get", "[{\"a\": 1}, \"b\", 5]", "5"},
    {"get without a default gives null", ".get", "[{\"a\": 1}, \"b\"]", "null"},
};

static const struct function *find(const char *name, enum bamboo_type receiver)
{
    const struct function_set *set = stdlib_functions();
    bool method = *name == '.';
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->items[i].name, name + method) == 0 &&
            set->items[i].receiver == (method ? receiver : BAMBOO_MISSING))
            return &set->items[i];
    fail_msg("there is no function %s", name);
    return NULL;
}

static void function_gives_what_is_promised(void **state)
{
    const struct function_case *expected = *state;
    struct bamboo_value list = value_of(expected->arguments), arguments[8];
    struct bamboo_value result = bamboo_missing();
    struct bamboo_error error = {0};
    size_t count = bamboo_list_count(list);
    for (size_t i = 0; i < count; i++)
        arguments[i] = bamboo_list_at(list, i);
    const struct function *function = find(expected->name, arguments[0].type);
    size_t given = count - (function->receiver != BAMBOO_MISSING);
    assert_true(given >= function->argument_min && given <= function->argument_max);
    enum bamboo_status status = function->body(arguments, count, &result, &error);
    if (expected->result[0] == '!') {
        assert_int_not_equal(status, BAMBOO_OK);
        if (!strstr(error.message, expected->result + 1))
            fail_msg("'%s' does not say '%s'", error.message, expected->result + 1);
    } else {
        if (status != BAMBOO_OK) fail_msg("%s", error.message);
        assert_value(result, expected->result);
        bamboo_value_release(result);
    }
    bamboo_value_release(list);
}

static void every_function_has_a_case(void **state)
{
    (void)state;
    static const char *const PLAIN[] = {"seconds", "duration", "values", "lower"};
    const struct function_set *set = stdlib_functions();
    for (size_t i = 0; i < set->count; i++) {
        bool tested = false;
        for (size_t c = 0; c < sizeof CASES / sizeof *CASES; c++)
            tested = tested ||
                     strcmp(CASES[c].name + (CASES[c].name[0] == '.'), set->items[i].name) == 0;
        for (size_t p = 0; p < sizeof PLAIN / sizeof *PLAIN; p++)
            tested = tested || strcmp(PLAIN[p], set->items[i].name) == 0;
        if (!tested && strcmp(set->items[i].name, "isspace") != 0)
            fail_msg("%s() has no case", set->items[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_function_has_a_case)};
    return run_rows("functions", CASES, sizeof CASES / sizeof *CASES, sizeof *CASES,
                    function_gives_what_is_promised) +
           cmocka_run_group_tests_name("the table", tests, NULL, NULL);
}
