/* Makes the first allocation fail, then the second, the third, ... until parsing gets through. Each
 * failure must be an error MEMORY, without a leak. */
#include "tests/unit/grammar/support.h"

#include "base/memory.h"

#define NO_FAULT UINT32_MAX

static unsigned allocations_left = NO_FAULT; /* before one fails */
static bool fails_for_good;                  /* or only that one */
static bool has_failed;

bool memory_fault(void)
{
    if (allocations_left == NO_FAULT) return false;
    if (allocations_left > 0) {
        allocations_left--;
        return false;
    }
    has_failed = true;
    if (!fails_for_good) allocations_left = NO_FAULT;
    return true;
}

static const char FLOW[] =
    "bamboo 1\n"
    "import \"lib.bamboo\"\n"
    "pipeline p(a: list = [1, 2.5, \"x\"], b = {c: 30s}) -> d {\n"
    "    build = shell(\"make ${a[1:2]} ${f(\"${b.c}\")}\", cwd: \"/\") {\n"
    "        retry 3 backoff 1s max 1m on \"time\"\n"
    "        on fail { log(\"\"\"\n"
    "            failed ${build.x?.y ?? 1}\n"
    "        \"\"\") }\n"
    "    }\n"
    "    if a and not b { d = [x for x in a if x > 1] } else if c { pause \"w\" }\n"
    "    repeat r up to 3 times { inclusive g { when a { } default { end } } } until -a < 2\n"
    "    x = = 1\n"
    "    y = \"\\q\" + 1y\n"
    "    parallel { a = b if c else d\n { } }\n"
    "}\n";

/* Enough allocations for all of it; far more would be a loop. */
#define ALLOCATION_COUNT_MAX 5000

static void memory_may_be_out_at_any_place(void **state)
{
    fails_for_good = *(const bool *)*state;
    for (unsigned i = 0; i < ALLOCATION_COUNT_MAX; i++) {
        struct diagnostics *diagnostics = diagnostics_create();
        struct arena *arena = arena_create();
        struct ast_file *file = NULL;
        assert_true(diagnostics && arena);
        uint32_t index = diagnostics_add_source(diagnostics, "test", FLOW, sizeof FLOW - 1);
        has_failed = false;
        allocations_left = i;
        enum bamboo_status status = parse_file(diagnostics, index, arena, &file, NULL);
        allocations_left = NO_FAULT;
        arena_destroy(arena);
        diagnostics_destroy(diagnostics);
        if (!has_failed) {
            assert_int_equal(status, BAMBOO_OK);
            return;
        }
        assert_int_equal(status, BAMBOO_E_MEMORY);
    }
    assert_true(false);
}

static const struct {
    const char *name;
    enum source_kind kind;
    const char *source;
} VALUES[] = {
    {"an expression", SOURCE_EXPRESSION, "f(a, \"b${c}\", [1.5, {d: 2}]) if e.g(1) else h[1]"},
    {"a template", SOURCE_TEMPLATE, "a ${b} c ${d.e(\"f\")}"},
};

static void values_say_that_memory_is_out(void **state)
{
    (void)state;
    for (size_t value = 0; value < sizeof VALUES / sizeof VALUES[0]; value++)
        for (unsigned i = 0; i < ALLOCATION_COUNT_MAX; i++) {
            struct text out = {0};
            has_failed = false;
            fails_for_good = true;
            allocations_left = i;
            enum bamboo_status status = append_parsed(VALUES[value].kind, VALUES[value].source,
                                                      strlen(VALUES[value].source), &out);
            allocations_left = NO_FAULT;
            bool has_text = !out.failed;
            text_release(&out);
            if (!has_failed) break;
            assert_true(status == BAMBOO_E_MEMORY || !has_text);
        }
}

int main(void)
{
    static const bool ONCE = false;
    static const bool FOR_GOOD = true;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(memory_may_be_out_at_any_place, (void *)(uintptr_t)&ONCE),
        cmocka_unit_test_prestate(memory_may_be_out_at_any_place, (void *)(uintptr_t)&FOR_GOOD),
        cmocka_unit_test(values_say_that_memory_is_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
