/* The names that templates refer to. */
#include "tests/unit/base/support.h"

#include "base/text.h"
#include "tests/unit/template/render.h"

static struct template_cache *cache;

static enum bamboo_status gather(void *context, const char *name, size_t size,
                                 struct bamboo_error *error)
{
    (void)error;
    text_append(context, name, size);
    text_append_character(context, ' ');
    return BAMBOO_OK;
}

/* Names in any order; each is followed by a blank. */
static const struct row {
    const char *promise, *template, *names;
} ROWS[] = {
    {"a name", "\"${a}\"", "a "},
    {"no piece has no names", "\"a $a {a} ${} #{a}\"", ""},
    {"a name in a value", "{\"k\": [\"${a}\", 1, null]}", "a "},
    {"a key is no template", "{\"${a}\": 1}", ""},
    {"an operand", "\"${a + 1}\"", "a "},
    {"an attribute is no name", "\"${a.b}\"", "a "},
    {"a name twice counts once in its piece", "\"${a + a}\"", "a "},
    {"a function is one too", "\"${len(a)}\"", "len a "},
    {"the name of an argument is none", "\"${sorted(a, reverse=b)}\"", "sorted a b "},
    {"a comprehension binds its names", "\"${[x + y for x, y in a if x]}\"", "a "},
    {"in the whole piece", "\"${[x for x in a] + [x]}\"", "a "},
    {"a generator binds too", "\"${sum(x for x in a)}\"", "sum a "},
    {"a lambda binds its names", "\"${(lambda x, y=b: x + y + c)(1)}\"", "b c "},
    {"a lambda binds in its body only", "\"${(lambda x: x)(x)}\"", "x "},
    {"a filter is no name", "\"${a | h}\"", "a "},
    {"what does not parse has none", "\"${a +} ${ a } ${a b}\"", ""},
    {"what is not allowed has none", "\"${a.__class__}\"", ""},
};

static void holds(void **state)
{
    const struct row *row = *state;
    struct text names = {0};
    struct bamboo_value template = value_of(row->template);
    assert_int_equal(template_references(cache, template, gather, &names, NULL), BAMBOO_OK);
    assert_int_equal(names.size, strlen(row->names));
    for (const char *at = row->names; *at; at = strchr(at, ' ') + 1) {
        char name[32] = "";
        memcpy(name, at, (size_t)(strchr(at, ' ') + 1 - at));
        if (!strstr(text_string(&names), name)) fail_msg("%s: %s", name, text_string(&names));
    }
    text_release(&names);
    bamboo_value_release(template);
}

static enum bamboo_status refuse(void *context, const char *name, size_t size,
                                 struct bamboo_error *error)
{
    ++*(int *)context;
    return fail(error, BAMBOO_E_REFUSED, "%.*s", (int)size, name);
}

static void a_refusal_ends_the_walk(void **state)
{
    (void)state;
    int visits = 0;
    struct bamboo_error error;
    struct bamboo_value template = value_of("[\"${a} ${b}\", \"${c}\"]");
    assert_int_equal(template_references(cache, template, refuse, &visits, &error),
                     BAMBOO_E_REFUSED);
    assert_int_equal(visits, 1);
    assert_string_equal(error.message, "a");
    bamboo_value_release(template);
}

int main(void)
{
    static const struct CMUnitTest TESTS[] = {cmocka_unit_test(a_refusal_ends_the_walk)};
    if (template_cache_create(stdlib_functions(), &cache, NULL) != BAMBOO_OK) return 1;
    int failed = cmocka_run_group_tests(TESTS, NULL, NULL);
    failed += RUN_ROWS(ROWS, holds);
    template_cache_destroy(cache);
    return failed;
}
