/* Out of memory at every place, in turn: the answer is right or says so, and nothing leaks. */
#include "tests/unit/base/support.h"

#ifdef BAMBOO_DEBUG

#include "base/memory.h"
#include "template/rule.h"
#include "tests/unit/template/render.h"

static int countdown; /* 0: no allocation fails */

bool memory_fault(void)
{
    return countdown > 0 && --countdown == 0;
}

static const char NAMES[] =
    "{\"a\": 12345678901234567890, \"l\": [3, 1, 2], \"d\": {\"k\": \"v\\n\"},"
    " \"s\": \"Hello, World\"}";

static const struct disturbed {
    const char *promise, *template, *result;
} TEMPLATES[] = {
    {"names and texts", "[\"${a}\", \"x ${s} ${zz}\"]",
     "[12345678901234567890, \"x Hello, World ${zz}\"]"},
    {"arithmetic", "\"${a * a % 7 + 2.5} ${a // 10 | h}\"", "\"3.5 1234567890123456789\""},
    {"comprehensions", "\"${[x * 2 for x in sorted(l) if x > 1]}\"", "\"[4, 6]\""},
    {"maps and sets", "\"${dict(d, z=set(l))} ${sorted(d.items())}\"",
     "\"{'k': 'v\\\\n', 'z': {1, 2, 3}} [('k', 'v\\\\n')]\""},
    {"methods", "\"${s.split(', ')[1].upper()} ${','.join(str(x) for x in l)} ${s.swapcase()}\"",
     "\"WORLD 3,1,2 hELLO, wORLD\""},
    {"formats", "\"${'%s|%5.1f|%r' % (s, 2, d)} ${[l, (1,)]}\"",
     "\"Hello, World|  2.0|{'k': 'v\\\\n'} [[3, 1, 2], (1,)]\""},
    {"lambdas", "\"${max(l, key=lambda x, y=1: -x)} ${s[::2]}\"", "\"1 Hlo ol\""},
};

static enum bamboo_status render_once(const struct disturbed *row, struct bamboo_value template,
                                      struct bamboo_value context, bool *is_right)
{
    struct template_cache *cache = NULL;
    struct bamboo_value result = bamboo_missing();
    enum bamboo_status status = template_cache_create(stdlib_functions(), &cache, NULL);
    if (status == BAMBOO_OK) status = render(cache, template, context, &result, NULL);
    countdown = 0;
    *is_right = false;
    if (status == BAMBOO_OK) {
        struct bamboo_value expected = value_of(row->result);
        *is_right = bamboo_value_equal(result, expected);
        bamboo_value_release(expected);
    }
    bamboo_value_release(result);
    template_cache_destroy(cache);
    return status;
}

static void renders_or_says_so(void **state)
{
    const struct disturbed *row = *state;
    struct bamboo_value template = value_of(row->template), context = value_of(NAMES);
    enum bamboo_status status = BAMBOO_E_MEMORY;
    bool is_right = false;
    for (int nth = 1; status != BAMBOO_OK; nth++) {
        countdown = nth;
        status = render_once(row, template, context, &is_right);
        assert_true(status == BAMBOO_OK || status == BAMBOO_E_MEMORY);
    }
    assert_true(is_right);
    bamboo_value_release(context);
    bamboo_value_release(template);
}

static void a_condition_is_tested_or_says_so(void **state)
{
    (void)state;
    static const char TEXT[] =
        "${d['k']} == '${s}' or ('${s}' in ('a', \"Hello, World\") and l == l)";
    struct bamboo_value context = value_of(NAMES);
    const struct template_names names = {find_in_map, &context};
    enum bamboo_status status = BAMBOO_E_MEMORY;
    bool result = false;
    for (int nth = 1; status == BAMBOO_E_MEMORY; nth++) {
        struct template_cache *cache = NULL;
        countdown = nth;
        status = template_cache_create(stdlib_functions(), &cache, NULL);
        if (status == BAMBOO_OK)
            status = rule_evaluate(cache, TEXT, sizeof TEXT - 1, &names, bamboo_missing(), &result,
                                   NULL);
        countdown = 0;
        template_cache_destroy(cache);
    }
    assert_int_equal(status, BAMBOO_OK);
    assert_true(result);
    bamboo_value_release(context);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {cmocka_unit_test(a_condition_is_tested_or_says_so)};
    return cmocka_run_group_tests(TESTS, NULL, NULL) + RUN_ROWS(TEMPLATES, renders_or_says_so);
}

#else

int main(void)
{
    return 0; /* only a debug build can make an allocation fail */
}

#endif
