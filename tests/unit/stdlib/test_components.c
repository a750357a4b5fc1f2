/* What the pure components do; processes are tested with the engine. */
#include "tests/unit/base/support.h"

#include "stdlib/components.h"
#include "vm/run/activity.h"

static struct bamboo_activity activity_of(const char *code, const char *inputs)
{
    const struct bamboo_component_set *set = stdlib_components();
    struct bamboo_activity activity = {.now_ms = 1000, .run = "run", .node = "node"};
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->items[i]->code, code) == 0) activity.component = set->items[i];
    assert_non_null(activity.component);
    activity.inputs = value_of(inputs);
    return activity;
}

static void assert_output(const struct bamboo_activity *activity, const char *name,
                          const char *expected)
{
    assert_value(bamboo_activity_output(activity, name), expected);
}

static void set_gives_its_inputs(void **state)
{
    (void)state;
    struct bamboo_activity activity = activity_of("set", "{\"a\": 1, \"b\": [2]}");
    assert_int_equal(activity.component->execute(&activity), BAMBOO_SUCCESS);
    assert_output(&activity, "b", "[2]");
    activity_release(&activity);
}

static void fail_fails_with_its_message(void **state)
{
    (void)state;
    struct bamboo_activity activity = activity_of("fail", "{\"message\": \"no\"}");
    assert_int_equal(activity.component->execute(&activity), BAMBOO_FAILURE);
    assert_string_equal(text_string(&activity.failure), "no");
    activity_release(&activity);
}

static void callback_gives_what_it_got(void **state)
{
    (void)state;
    struct bamboo_activity activity = activity_of("callback", "{}");
    struct bamboo_value data = value_of("{\"ok\": true}");
    assert_int_equal(activity.component->execute(&activity), BAMBOO_PENDING);
    assert_int_equal(activity.component->schedule(&activity, data), BAMBOO_SUCCESS);
    assert_output(&activity, "data", "{\"ok\": true}");
    bamboo_value_release(data);
    activity_release(&activity);
}

static void multi_callback_waits_for_all(void **state)
{
    (void)state;
    struct bamboo_activity activity = activity_of("multi_callback", "{\"count\": 2}");
    assert_int_equal(activity.component->execute(&activity), BAMBOO_PENDING);
    assert_int_equal(activity.component->schedule(&activity, bamboo_integer(1)), BAMBOO_PENDING);
    assert_int_equal(activity.component->schedule(&activity, bamboo_integer(2)), BAMBOO_SUCCESS);
    assert_output(&activity, "data", "[1, 2]");
    activity_release(&activity);
}

static void multi_callback_refuses_less_than_one(void **state)
{
    (void)state;
    struct bamboo_activity activity = activity_of("multi_callback", "{\"count\": 0}");
    assert_int_equal(activity.component->execute(&activity), BAMBOO_FAILURE);
    activity_release(&activity);
}

struct until_case {
    const char *promise, *until;
    int64_t milliseconds; /* 0: refused */
};

static const struct until_case TIMES[] = {
    {"a time of UTC", "2026-12-01T10:00:00Z", INT64_C(1796119200000)},
    {"a time with an offset", "2026-12-01T12:00:00+02:00", INT64_C(1796119200000)},
    {"an offset to the west", "2026-12-01T04:30:00-05:30", INT64_C(1796119200000)},
    {"a fraction of a second", "2026-12-01T10:00:00.250Z", INT64_C(1796119200250)},
    {"a day that is not", "2026-02-30T10:00:00Z", 0},
    {"a time without its zone is one of UTC", "2026-12-01T10:00:00", INT64_C(1796119200000)},
    {"no time", "tomorrow", 0},
    {"something behind it", "2026-12-01T10:00:00Z x", 0},
    {"a space for the T", "2026-12-01 10:00:00Z", INT64_C(1796119200000)},
    {"small letters", "2026-12-01t10:00:00z", 0},
    {"digits beyond milliseconds", "2026-12-01T10:00:00.2509999Z", INT64_C(1796119200250)},
    {"the day that leap years have", "2028-02-29T00:00:00Z", INT64_C(1835395200000)},
    {"an hour that is not", "2026-12-01T24:00:00Z", 0},
    {"a month that is not", "2026-13-01T10:00:00Z", 0},
    {"signs between the digits", "2026-+1-01T10:00:00Z", 0},
    {"spaces between the digits", "2026- 1-01T10:00:00Z", 0},
    {"too few digits", "2026-1-01T10:00:00Z", 0},
    {"a fraction without digits", "2026-12-01T10:00:00.Z", 0},
    {"an offset of two days", "2026-12-01T10:00:00+48:00", 0},
    {"an offset without minutes", "2026-12-01T10:00:00+02", INT64_C(1796112000000)},
    {"only its beginning", "2026-12", 0},
    {"nothing", "", 0},
};

static void sleep_reads_until(void **state)
{
    const struct until_case *expected = *state;
    struct text inputs = {0};
    text_append_format(&inputs, "{\"until\": \"%s\"}", expected->until);
    struct bamboo_activity activity = activity_of("sleep", text_string(&inputs));
    enum bamboo_outcome outcome = activity.component->execute(&activity);
    assert_int_equal(outcome, expected->milliseconds ? BAMBOO_PENDING : BAMBOO_FAILURE);
    assert_int_equal(activity.wake_at_ms, expected->milliseconds);
    activity_release(&activity);
    text_release(&inputs);
}

static void sleep_wakes_when_its_time_has_come(void **state)
{
    (void)state;
    struct bamboo_activity activity = activity_of("sleep", "{}");
    struct bamboo_map_builder inputs;
    bamboo_map_builder_init(&inputs);
    bamboo_map_builder_set_take(&inputs, "duration", bamboo_duration(500));
    bamboo_value_release(activity.inputs);
    assert_int_equal(bamboo_map_builder_finish(&inputs, &activity.inputs, NULL), BAMBOO_OK);
    assert_int_equal(activity.component->execute(&activity), BAMBOO_PENDING);
    assert_int_equal(activity.wake_at_ms, 1500);
    activity.now_ms = 1400; /* the clock went back */
    assert_int_equal(activity.component->schedule(&activity, bamboo_missing()), BAMBOO_PENDING);
    activity.now_ms = 1500;
    assert_int_equal(activity.component->schedule(&activity, bamboo_missing()), BAMBOO_SUCCESS);
    activity_release(&activity);
}

static void every_descriptor_is_complete(void **state)
{
    (void)state;
    const struct bamboo_component_set *set = stdlib_components();
    for (size_t i = 0; i < set->count; i++) {
        const struct bamboo_component *component = set->items[i];
        assert_int_equal(component->abi_version, BAMBOO_COMPONENT_ABI);
        assert_non_null(component->summary);
        assert_true(strlen(component->documentation) > 40);
        assert_non_null(component->execute);
        assert_true(component->kind == BAMBOO_KIND_PLAIN || component->schedule != NULL);
        for (size_t n = 0; n < component->input_count; n++) {
            assert_non_null(component->inputs[n].type);
            assert_non_null(component->inputs[n].documentation);
        }
        for (size_t n = 0; n < component->output_count; n++)
            assert_non_null(component->outputs[n].documentation);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_gives_its_inputs),
        cmocka_unit_test(fail_fails_with_its_message),
        cmocka_unit_test(callback_gives_what_it_got),
        cmocka_unit_test(multi_callback_waits_for_all),
        cmocka_unit_test(multi_callback_refuses_less_than_one),
        cmocka_unit_test(sleep_wakes_when_its_time_has_come),
        cmocka_unit_test(every_descriptor_is_complete),
    };
    return run_rows("sleep until", TIMES, sizeof TIMES / sizeof *TIMES, sizeof *TIMES,
                    sleep_reads_until) +
           cmocka_run_group_tests_name("components", tests, NULL, NULL);
}
