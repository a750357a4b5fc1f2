/* No text eats the machine: what would be too large or take too long stays as it is written. */
#include "tests/unit/base/support.h"

#include <time.h>

#include "base/text.h"
#include "tests/unit/template/render.h"

/* Of the processor, generous: a sanitized build on a slow machine. */
#define SECONDS_MAX 20

static struct template_cache *cache;

static const struct greedy {
    const char *promise, *piece;
} GREEDY[] = {
    {"a repeated text", "${'a' * 10**9}"},
    {"a repeated list", "${[0] * 10**12}"},
    {"a repetition beyond 64 bits", "${'a' * 2**70}"},
    {"a long range", "${[x for x in range(10**9)]}"},
    {"a sum over a long range", "${sum(range(10**9))}"},
    {"loops in loops", "${[x for x in range(10000) for y in range(10000)]}"},
    {"lists in a list", "${[[0] * 1000 for x in range(100000)]}"},
    {"a high power", "${10 ** 10 ** 10}"},
    {"a far shift", "${1 << 10**18}"},
    {"a product of large numbers", "${[10**4000 * 10**4000 for x in range(100)]}"},
    {"a large number as text", "${10**5000}"},
    {"a text as a large number", "${int('9' * 5000)}"},
    {"a wide format", "${'%1000000000d' % 1}"},
    {"a precise format", "${'%.1000000000f' % 1}"},
    {"a filled text", "${'a'.ljust(10**12)}"},
    {"a replaced text", "${('a' * 1000000).replace('a', 'b' * 1000)}"},
    {"a function that calls itself", "${(lambda f: f(f))(lambda f: f(f))}"},
    {"a list that grows while it is gone through", "${[l.append(x) for x in l]}"},
    {"a list in itself", "${[l.append(l), l]}"},
    {"a map in itself", "${[d.update(k=d), d == d, d]}"},
    {"a text in a million parts", "${('a,' * 10**6).split(',')}"},
    {"a text in a million words", "${('a ' * 10**6).split()}"},
    {"capitals over and over", "${[('a' * 10**6).title() for x in range(10**6)]}"},
    {"filters that make it longer", "${'\xc3\xa9' * 10**6 | entity, u, u, u}"},
    {"a wide format of a large number", "${'%1000000000d' % 10**30}"},
    {"numbers one after the other", "${[10**4000 for x in range(100000)]}"},
};

static void stays(void **state)
{
    const struct greedy *row = *state;
    struct bamboo_value template, context = value_of("{\"l\": [1, 2], \"d\": {\"k\": 1}}");
    struct bamboo_value result = bamboo_missing();
    struct timespec before, after;
    assert_int_equal(bamboo_string_create(row->piece, strlen(row->piece), &template, NULL),
                     BAMBOO_OK);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    assert_int_equal(render(cache, template, context, &result, NULL), BAMBOO_OK);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    assert_string_equal(bamboo_string_bytes(result, NULL), row->piece);
    assert_true(after.tv_sec - before.tv_sec < SECONDS_MAX);
    bamboo_value_release(result);
    bamboo_value_release(context);
    bamboo_value_release(template);
}

/* `open` and `close` so many times around a 1. */
static void render_nested(const char *open, const char *close, int levels,
                          struct bamboo_value *template, struct bamboo_value *result)
{
    struct text text = {0};
    struct bamboo_value context = value_of("{}");
    text_append_string(&text, "${");
    for (int i = 0; i < levels; i++)
        text_append_string(&text, open);
    text_append_string(&text, "1");
    for (int i = 0; i < levels; i++)
        text_append_string(&text, close);
    text_append_string(&text, "}");
    assert_int_equal(value_from_text(&text, template, NULL), BAMBOO_OK);
    assert_int_equal(render(cache, *template, context, result, NULL), BAMBOO_OK);
    text_release(&text);
    bamboo_value_release(context);
}

static const struct nest {
    const char *promise, *open, *close;
    int levels;
    bool is_too_deep;
} NESTS[] = {
    {"parentheses at the limit", "(", ")", 200, false},
    {"parentheses one beyond", "(", ")", 201, true},
    {"lists at the limit", "[", "]", 200, false},
    {"calls at the limit", "str(", ")", 200, false},
    {"many signs", "-", "", 900, false},
    {"too many signs", "-", "", 100000, true},
    {"many sums", "1+", "", 900, false},
    {"too many sums", "1+", "", 100000, true},
    {"too many conditions", "1 if 1 else ", "", 100000, true},
    {"too many lambdas", "lambda: ", "", 100000, true},
};

static void nests(void **state)
{
    const struct nest *row = *state;
    struct bamboo_value template = bamboo_missing(), result = bamboo_missing();
    render_nested(row->open, row->close, row->levels, &template, &result);
    assert_int_equal(bamboo_value_equal(template, result), row->is_too_deep);
    bamboo_value_release(template);
    bamboo_value_release(result);
}

/* The budget is one for the whole value: what comes behind a piece that used it up stays. */
static void a_value_has_one_budget(void **state)
{
    (void)state;
    struct text text = {0};
    struct bamboo_value context = value_of("{\"l\": [1, 2, 3, 4]}"), result = bamboo_missing();
    text_append_string(&text, "[\"${1 + 1}\", \"${[x");
    for (int i = 0; i < 14; i++)
        text_append_string(&text, " for x in l");
    text_append_string(&text, " if 0]}\", \"${1 + 1}\"]");
    struct bamboo_value template = value_of(text_string(&text));
    assert_int_equal(render(cache, template, context, &result, NULL), BAMBOO_OK);
    assert_value(bamboo_list_at(result, 0), "\"2\"");
    assert_value(bamboo_list_at(result, 2), "\"${1 + 1}\"");
    text_release(&text);
    bamboo_value_release(result);
    bamboo_value_release(context);
    bamboo_value_release(template);
}

static void a_rendered_text_is_bounded(void **state)
{
    (void)state;
    struct text text = {0};
    struct bamboo_value template = bamboo_missing(), result = bamboo_missing();
    struct bamboo_value context = value_of("{}");
    for (int i = 0; i < 20; i++)
        text_append_string(&text, "${'a' * 1000000}");
    assert_int_equal(value_from_text(&text, &template, NULL), BAMBOO_OK);
    assert_int_equal(render(cache, template, context, &result, NULL), BAMBOO_E_LIMIT);
    text_release(&text);
    bamboo_value_release(template);
    bamboo_value_release(context);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(a_value_has_one_budget),
        cmocka_unit_test(a_rendered_text_is_bounded),
    };
    if (template_cache_create(stdlib_functions(), &cache, NULL) != BAMBOO_OK) return 1;
    int failed = cmocka_run_group_tests(TESTS, NULL, NULL);
    failed += RUN_ROWS(GREEDY, stays);
    failed += RUN_ROWS(NESTS, nests);
    template_cache_destroy(cache);
    return failed;
}
