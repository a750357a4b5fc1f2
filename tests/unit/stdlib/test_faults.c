/* Out of memory at every place, in turn: a function says so or gives the right answer, and nothing
 * leaks. One case of Python's for each kind of call. A pure component says so too, as what it is:
 * no failure of its node. */
#include "tests/unit/base/support.h"

#ifdef BAMBOO_DEBUG

#include "base/memory.h"
#include "stdlib/components.h"
#include "stdlib/functions.h"
#include "vm/run/activity.h"

static int countdown; /* 0: no allocation fails */

bool memory_fault(void)
{
    return countdown > 0 && --countdown == 0;
}

struct disturbed_case {
    const char *promise; /* the name of the function */
    const char *arguments, *result;
};

static const struct disturbed_case CASES[] = {
    {"str", "[[1, \"a\"]]", "\"[1, \\\"a\\\"]\""},
    {"json", "[{\"a\": [1.5]}, 2]", "\"{\\n  \\\"a\\\": [\\n    1.5\\n  ]\\n}\""},
    {"parse_json", "[\"{\\\"a\\\": [1, \\\"b\\\"]}\"]", "{\"a\": [1, \"b\"]}"},
    {"list", "[\"ab\"]", "[\"a\", \"b\"]"},
    {"range", "[5]", "[0, 1, 2, 3, 4]"},
    {"sorted", "[[3, 1, 2]]", "[1, 2, 3]"},
    {"reversed", "[[1, 2]]", "[2, 1]"},
    {"unique", "[[{\"b\": 1, \"a\": [2.5, \"x\"]}, 1, {\"a\": [2.5, \"x\"], \"b\": 1.0}]]",
     "[{\"b\": 1, \"a\": [2.5, \"x\"]}, 1]"},
    {"unique", "[[\"a text that is so long that its digest stands for it in the table\", \"b\"]]",
     "[\"a text that is so long that its digest stands for it in the table\", \"b\"]"},
    {"enumerate", "[[\"a\", \"b\"]]", "[[0, \"a\"], [1, \"b\"]]"},
    {"zip", "[[1, 2], [3, 4]]", "[[1, 3], [2, 4]]"},
    {"join", "[[1, \"a\"], \", \"]", "\"1, a\""},
    {"keys", "[{\"a\": 1}]", "[\"a\"]"},
    {"items", "[{\"a\": 1, \"b\": 2}]", "[[\"a\", 1], [\"b\", 2]]"},
    {"matches", "[\"exit code 27\", \"code (1|2[0-9]){1,2}$\"]", "true"},
    {"basename", "[\"/a/b\"]", "\"b\""},
    {"shell_quote", "[[\"a b\", \"c\"]]", "\"'a b' 'c'\""},
    {"sha256", "[\"\"]", "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""},
    {".upper", "[\"a\\u00e4\"]", "\"A\\u00c4\""},
    {".strip", "[\"xaxx\", \"x\"]", "\"a\""},
    {".split", "[\"a,b\", \",\"]", "[\"a\", \"b\"]"},
    {".rsplit", "[\"a,b,c\", \",\", 1]", "[\"a,b\", \"c\"]"},
    {".rsplit", "[\" a b \"]", "[\"a\", \"b\"]"},
    {".splitlines", "[\"a\\nb\"]", "[\"a\", \"b\"]"},
    {".partition", "[\"a=b\", \"=\"]", "[\"a\", \"=\", \"b\"]"},
    {".rfind", "[\"abab\", \"ab\"]", "2"},
    {".replace", "[\"aXb\", \"X\", \"--\"]", "\"a--b\""},
    {".center", "[\"a\", 70, \"\\u00b7\"]", NULL},
    {".format", "[\"{:>5}|{:.1f}\", [1], 2.5]", NULL},
};

static const struct function *find(const char *name)
{
    const struct function_set *set = stdlib_functions();
    bool is_method = *name == '.';
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->items[i].name, name + is_method) == 0 &&
            (set->items[i].receiver == BAMBOO_STRING || !is_method) &&
            (set->items[i].receiver == BAMBOO_MISSING) == !is_method)
            return &set->items[i];
    fail_msg("there is no function %s", name);
    return NULL;
}

static void says_so_or_is_right(void **state)
{
    const struct disturbed_case *row = *state;
    struct bamboo_value list = value_of(row->arguments), arguments[8], result;
    const struct function *function = find(row->promise);
    enum bamboo_status status = BAMBOO_E_MEMORY;
    int faults = 0;
    for (size_t i = 0; i < bamboo_list_count(list); i++)
        arguments[i] = bamboo_list_at(list, i);
    for (int fault = 1; status != BAMBOO_OK; fault++) {
        struct bamboo_error error = {0};
        countdown = fault;
        status = function->body(arguments, bamboo_list_count(list), &result, &error);
        countdown = 0;
        faults += status == BAMBOO_E_MEMORY;
        if (status != BAMBOO_OK && status != BAMBOO_E_MEMORY)
            fail_msg("fault %d: %s", fault, error.message);
        assert_true(fault < 1000);
    }
    assert_true(faults > 0); /* each of them allocates */
    if (row->result) assert_value(result, row->result);
    bamboo_value_release(result);
    bamboo_value_release(list);
}

/* --- Pure components --- */

struct disturbed_component {
    const char *promise; /* its code */
    const char *inputs;
    enum bamboo_outcome outcome; /* at last */
};

static const struct disturbed_component COMPONENTS[] = {
    {"set", "{\"a\": 1, \"b\": [2]}", BAMBOO_SUCCESS},
    {"log", "{\"message\": [1, \"a\"]}", BAMBOO_SUCCESS},
    {"fail", "{\"message\": {\"a\": 1}}", BAMBOO_FAILURE},
    {"callback", "{}", BAMBOO_SUCCESS},
    {"multi_callback", "{\"count\": 3}", BAMBOO_SUCCESS},
    {"sleep", "{\"duration\": \"1s\"}", BAMBOO_SUCCESS},
    {"noop", "{}", BAMBOO_SUCCESS},
};

static const struct bamboo_component *component_of(const char *code)
{
    const struct bamboo_component_set *set = stdlib_components();
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->items[i]->code, code) == 0) return set->items[i];
    fail_msg("there is no component %s", code);
    return NULL;
}

/* Calls it until it is done, or has no memory. */
static enum bamboo_outcome call(struct bamboo_activity *activity, struct bamboo_value data)
{
    enum bamboo_outcome outcome = activity->component->execute(activity);
    while (outcome == BAMBOO_PENDING && activity->failed == BAMBOO_OK) {
        activity->now_ms += 500;
        outcome = activity->component->schedule(activity, data);
    }
    return outcome;
}

static void says_that_there_is_no_memory(void **state)
{
    const struct disturbed_component *row = *state;
    struct bamboo_value data = value_of("{\"n\": 1}");
    for (int fault = 1, disturbed = 1; disturbed; fault++) {
        struct bamboo_activity activity = {.component = component_of(row->promise),
                                           .inputs = value_of(row->inputs),
                                           .run = "run",
                                           .node = "node"};
        countdown = fault;
        enum bamboo_outcome outcome = call(&activity, data);
        disturbed = countdown == 0;
        countdown = 0;
        if (disturbed) assert_int_equal(activity.failed, BAMBOO_E_MEMORY);
        if (!disturbed) assert_int_equal(outcome, row->outcome);
        activity_release(&activity);
    }
    bamboo_value_release(data);
}

int main(void)
{
    return RUN_ROWS(CASES, says_so_or_is_right) +
           RUN_ROWS(COMPONENTS, says_that_there_is_no_memory);
}

#else

static void memory_may_run_out(void **state)
{
    (void)state;
    skip(); /* only a debug build asks whether to fail */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(memory_may_run_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
