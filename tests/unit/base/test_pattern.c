#include "base/pattern.h"

#include "tests/unit/base/support.h"

struct match {
    const char *promise;
    const char *pattern;
    const char *found_in; /* texts it occurs in, between '|'; NULL: none */
    const char *not_in;
};

static const struct match MATCHES[] = {
    {"characters stand for themselves", "b c", "b c|ab cd", "bc||b  c"},
    {"a pattern may occur anywhere", "lock", "lock|the lock|locked|block it", "loc k"},
    {"an empty pattern occurs everywhere", "", "|a", NULL},
    {"a dot is one character, whatever it is", "^.$", "a|\xC3\xA4|\xF0\x9F\x8E\x8B|\n", "|ab"},
    {"^ and $ are the ends of the text", "^ab$", "ab", "ab\n|cab|abc"},
    {"^ and $ stand anywhere", "(^|,)b($|,)", "b|a,b|b,c|a,b,c", "ab|bc"},
    {"a star is any number", "^ab*c$", "ac|abc|abbbbc", "a|abb"},
    {"a plus is one or more", "^ab+c$", "abc|abbbbc", "ac"},
    {"a question mark is one or none", "^ab?c$", "ac|abc", "abbc"},
    {"a choice", "^(cat|dog|)s$", "cats|dogs|s", "cat|birds"},
    {"a choice reaches to the group's ends", "^a(b|cd)e$", "abe|acde", "abde|ab"},
    {"a number of times", "^a{3}$", "aaa", "aa|aaaa"},
    {"at least", "^(ab){2,}$", "abab|ababab", "ab|"},
    {"from, to", "^a{1,3}$", "a|aa|aaa", "|aaaa"},
    {"to", "^a{,2}$", "|a|aa", "aaa"},
    {"no times", "^ab{0}c$", "ac", "abc"},
    {"no times, or any", "^ab{0,}c$", "ac|abbc", "a"},
    {"repetitions of repetitions", "^(a{2}){2}$", "aaaa", "aa|aaa|aaaaa"},
    {"a group that may be empty ends", "^(a*)*$", "|a|aaaa", "b"},
    {"optional groups in each other", "^(a(b(c)?)?)?$", "|a|ab|abc", "b|ac"},
    {"a set", "^[abc]$", "a|b|c", "d|ab|"},
    {"a range", "^[a-cx]$", "a|b|c|x", "d|-"},
    {"what is not in a set", "^[^a-c]$", "d|\xC3\xA4|\n", "a|b|c|"},
    {"a ] at the beginning means itself", "^[]a]$", "]|a", "["},
    {"a ] at the beginning of what is not", "^[^]a]$", "b", "]|a"},
    {"a - at the end means itself", "^[a-]$", "a|-", "b"},
    {"a ^ behind the beginning means itself", "^[a^]$", "a|^", "b"},
    {"a \\ in a set means itself", "^[\\.]$", "\\|.", "d"},
    {"classes", "^[[:digit:][:upper:]_]+$", "A1_", "a|-"},
    {"not a class", "^[^[:space:]]+$", "abc", "a b"},
    {"characters beyond ASCII in sets", "^[\xC3\xA0-\xC3\xBC]$", "\xC3\xA4", "a|\xC3\xBF"},
    {"a repeated character beyond ASCII", "^\xC3\xA4{2}$", "\xC3\xA4\xC3\xA4", "\xC3\xA4"},
    {"signs are quoted", "^\\^\\$\\.\\*\\+\\?\\(\\)\\[\\{$", "^$.*+?()[{", "a"},
    {"digits", "^\\d+$", "0123456789", "a|\xD9\xA0"},
    {"not digits", "^\\D$", "a", "0"},
    {"words", "^\\w+$", "aZ_9", "-|a b"},
    {"white space", "^a\\s+\\S$", "a \t\nb", "ab"},
    {"newlines and tabs", "\\n\\t\\r", "\n\t\r", "ntr"},
    {"a realistic one", "(connection|read) (timed out|refused)|code (1|2[0-9])$",
     "the connection refused|exit code 27|read timed out!", "exit code 3|connection reset"},
};

static void occurs_where_promised(void **state)
{
    const struct match *row = *state;
    struct bamboo_error error = {0};
    struct pattern *pattern;
    assert_int_equal(pattern_compile(row->pattern, strlen(row->pattern), &pattern, &error), 0);
    for (int wanted = 0; wanted < 2; wanted++) {
        const char *text = wanted ? row->found_in : row->not_in;
        while (text) {
            bool found = !wanted;
            size_t size = strcspn(text, "|");
            assert_int_equal(pattern_occurs(pattern, text, size, &found, &error), BAMBOO_OK);
            if (found != wanted) fail_msg("in '%.*s': %d", (int)size, text, found);
            text = text[size] ? text + size + 1 : NULL;
        }
    }
    pattern_destroy(pattern);
}

struct refusal {
    const char *promise;
    const char *pattern;
    const char *message;
};

static const struct refusal REFUSALS[] = {
    {"a group that is not closed", "a(b", "a '(' has no ')'; write \\( for the character itself"},
    {"a group that is not opened", "ab)", "a ')' has no '('; write \\) for the character itself"},
    {"a set that is not closed", "[ab", "a '[' has no ']'; write \\[ for the character itself"},
    {"an empty set is not closed", "[]", "a '[' has no ']'; write \\[ for the character itself"},
    {"a range downwards", "[z-a]", "a range in a set goes downwards: write [a-z], not [z-a]"},
    {"an unknown class", "[[:digits:]]",
     "[: stands before the name of a class of characters, as in [[:digit:]]"},
    {"collating elements", "[[.a.]]", "[. and [= are not supported in a set"},
    {"nothing to repeat", "*a",
     "a '*', '+', '?' or '{' has nothing before it to repeat; write \\* for the character itself"},
    {"nothing to repeat in a group", "(+)",
     "a '*', '+', '?' or '{' has nothing before it to repeat; write \\* for the character itself"},
    {"a brace without numbers", "a{}",
     "a '{' stands before numbers, as in {2}, {2,} or {2,5}; write \\{ for the character itself"},
    {"a brace with a comma only", "a{,}",
     "a '{' stands before numbers, as in {2}, {2,} or {2,5}; write \\{ for the character itself"},
    {"numbers downwards", "a{3,2}", "a repetition's second number is smaller than its first"},
    {"too many times", "a{99999999999}", "a pattern repeats a part at most 1000 times"},
    {"a \\ at the end", "a\\", "the pattern ends with a '\\'; write \\\\ for the character itself"},
    {"references back", "(a)\\1", "a pattern cannot refer back to a group, as \\1 would"},
    {"unknown escapes", "\\q",
     "a '\\' stands before d, w, s, D, W, S, n, t, r or a sign that is meant itself"},
    {"options of groups", "(?:a)", "a group has no options, as (?...) would"},
    {"bytes that are not UTF-8", "a\xFF", "the pattern is not UTF-8"},
    {"repetitions that multiply", "((a{100}){100}){100}",
     "the pattern is too large: its repetitions make more than 2048 states"},
};

static void is_refused_with_a_reason(void **state)
{
    const struct refusal *row = *state;
    struct bamboo_error error = {0};
    struct pattern *pattern = NULL;
    assert_int_not_equal(pattern_compile(row->pattern, strlen(row->pattern), &pattern, &error), 0);
    assert_string_equal(error.message, row->message);
    assert_null(pattern);
}

static void limits_hold(void **state)
{
    (void)state;
    struct pattern *pattern;
    char text[1100];
    memset(text, '(', sizeof text);
    assert_int_equal(pattern_compile(text, 1000, &pattern, NULL), BAMBOO_E_LIMIT);
    assert_int_equal(pattern_compile(text, 1025, &pattern, NULL), BAMBOO_E_LIMIT);
    memset(text + 64, ')', 64);
    assert_int_equal(pattern_compile(text, 128, &pattern, NULL), BAMBOO_OK);
    pattern_destroy(pattern);
    memset(text, 'a', sizeof text);
    assert_int_equal(pattern_compile(text, 1024, &pattern, NULL), BAMBOO_OK);
    pattern_destroy(pattern);
}

static void no_pattern_takes_more_than_linear_time(void **state)
{
    (void)state;
    static const char EVIL[] = "(a*)*(a|a)*(a?){30}a{30}b";
    size_t size = 100000;
    char *text = malloc(size);
    struct pattern *pattern;
    bool found = true;
    assert_non_null(text);
    memset(text, 'a', size);
    assert_int_equal(pattern_compile(EVIL, strlen(EVIL), &pattern, NULL), BAMBOO_OK);
    assert_int_equal(pattern_occurs(pattern, text, size, &found, NULL), BAMBOO_OK);
    assert_false(found);
    pattern_destroy(pattern);
    assert_int_equal(pattern_compile("(a?){300}b", 10, &pattern, NULL), BAMBOO_OK);
    assert_int_equal(pattern_occurs(pattern, text, size, &found, NULL), BAMBOO_E_LIMIT);
    assert_int_equal(pattern_occurs(pattern, text, 200, &found, NULL), BAMBOO_OK);
    pattern_destroy(pattern);
    free(text);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(no_pattern_takes_more_than_linear_time),
    };
    int failed = RUN_ROWS(MATCHES, occurs_where_promised);
    failed += RUN_ROWS(REFUSALS, is_refused_with_a_reason);
    return failed + cmocka_run_group_tests_name("limits", TESTS, NULL, NULL);
}
