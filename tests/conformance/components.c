/* The components of the recorded cases (README.md), as a plugin: they use the public component ABI
 * and nothing else, so that the cases test the ABI too. All are pure. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../include/bamboo_component.h"

/* --- What they have in common --- */

/* "echo": copies every input, `_loop` and `_inner_loop` too, to the outputs. */
static enum bamboo_outcome echo(struct bamboo_activity *activity)
{
    struct bamboo_value inputs = bamboo_activity_inputs(activity);
    size_t count = inputs.type == BAMBOO_MAP ? bamboo_map_count(inputs) : 0;
    for (size_t i = 0; i < count; i++)
        bamboo_activity_set_output_take(activity,
                                        bamboo_string_bytes(bamboo_map_key_at(inputs, i), NULL),
                                        bamboo_value_retain(bamboo_map_value_at(inputs, i)));
    return BAMBOO_SUCCESS;
}

/* A poll: the next schedule is due at once. */
static enum bamboo_outcome echo_and_poll(struct bamboo_activity *activity)
{
    echo(activity);
    return BAMBOO_PENDING;
}

static enum bamboo_outcome do_nothing(struct bamboo_activity *activity)
{
    (void)activity;
    return BAMBOO_SUCCESS;
}

static enum bamboo_outcome wait_for_schedule(struct bamboo_activity *activity)
{
    (void)activity;
    return BAMBOO_PENDING;
}

static int64_t at_once(uint64_t count)
{
    (void)count;
    return 0;
}

static bool is_true(struct bamboo_value value)
{
    switch (value.type) {
    case BAMBOO_BOOL: return value.as.boolean;
    case BAMBOO_BIG_INTEGER: return true;
    case BAMBOO_INTEGER: return value.as.integer != 0;
    case BAMBOO_STRING: return *bamboo_string_bytes(value, NULL) != '\0';
    case BAMBOO_MISSING:
    case BAMBOO_NULL:
    case BAMBOO_FLOAT:
    case BAMBOO_DURATION:
    case BAMBOO_LIST:
    case BAMBOO_MAP:
    case BAMBOO_TYPE_COUNT: break;
    }
    return false;
}

/* Reads `value` as an integer, as Python's int() does; absent is `absent`. False if it is none. */
static bool to_integer(struct bamboo_value value, int64_t absent, int64_t *out)
{
    *out = absent;
    if (value.type == BAMBOO_MISSING) return true;
    if (value.type == BAMBOO_BOOL) {
        *out = value.as.boolean;
        return true;
    }
    if (value.type == BAMBOO_INTEGER) {
        *out = value.as.integer;
        return true;
    }
    if (value.type == BAMBOO_FLOAT && fabs(value.as.number) < 9e18) {
        *out = (int64_t)value.as.number;
        return true;
    }
    if (value.type != BAMBOO_STRING) return false;
    char *end = NULL;
    const char *text = bamboo_string_bytes(value, NULL);
    errno = 0;
    *out = strtoll(text, &end, 10);
    return errno == 0 && end != text && end[strspn(end, " \t\n")] == '\0';
}

/* Fails if `bit` is 0, and raises if it is no integer. */
static enum bamboo_outcome test_bit(struct bamboo_activity *activity, struct bamboo_value value)
{
    int64_t bit;
    if (!to_integer(value, 0, &bit)) return bamboo_activity_fail(activity, "bit is not an integer");
    return bit == 0 ? BAMBOO_FAILURE : BAMBOO_SUCCESS;
}

static enum bamboo_outcome test_input(struct bamboo_activity *activity)
{
    return test_bit(activity, bamboo_activity_input(activity, "bit"));
}

static enum bamboo_outcome test_called_back(struct bamboo_activity *activity,
                                            struct bamboo_value data)
{
    bool is_empty = data.type != BAMBOO_MAP || bamboo_map_count(data) == 0;
    return is_empty ? BAMBOO_SUCCESS : test_bit(activity, bamboo_map_get(data, "bit"));
}

/* Counts in the output `name`: *out is what it was before, or `absent`. */
static bool count_output(struct bamboo_activity *activity, const char *name, int64_t absent,
                         int64_t *out)
{
    if (!to_integer(bamboo_activity_output(activity, name), absent, out)) return false;
    bamboo_activity_set_output_take(activity, name, bamboo_integer(*out + 1));
    return true;
}

static enum bamboo_outcome fail_count(struct bamboo_activity *activity, const char *name)
{
    return bamboo_activity_fail(activity, "the output %s is not an integer", name);
}

/* Output `loop` = input `_loop`, then echo. */
static enum bamboo_outcome echo_loop(struct bamboo_activity *activity)
{
    bamboo_activity_set_output_take(activity, "loop",
                                    bamboo_value_retain(bamboo_activity_input(activity, "_loop")));
    return echo(activity);
}

/* --- What each of them does --- */

static enum bamboo_outcome finish_poll(struct bamboo_activity *activity, struct bamboo_value data)
{
    (void)activity;
    (void)data;
    return BAMBOO_SUCCESS;
}

static enum bamboo_outcome schedule_to_five(struct bamboo_activity *activity,
                                            struct bamboo_value data)
{
    (void)data;
    int64_t before;
    struct bamboo_value count = bamboo_activity_output(activity, "count");
    if (to_integer(count, 0, &before) && before == 5) return BAMBOO_SUCCESS;
    return count_output(activity, "count", 0, &before) ? BAMBOO_PENDING
                                                       : fail_count(activity, "count");
}

static enum bamboo_outcome schedule_to_two(struct bamboo_activity *activity,
                                           struct bamboo_value data)
{
    (void)data;
    int64_t before;
    struct bamboo_value count = bamboo_activity_output(activity, "count");
    if (to_integer(count, 0, &before) && before == 2) return echo_loop(activity);
    return count_output(activity, "count", 0, &before) ? BAMBOO_PENDING
                                                       : fail_count(activity, "count");
}

static enum bamboo_outcome fail_at_second(struct bamboo_activity *activity)
{
    int64_t loop;
    if (!to_integer(bamboo_activity_input(activity, "_loop"), 1, &loop))
        return bamboo_activity_fail(activity, "the input _loop is not an integer");
    if (loop == 1 && !is_true(bamboo_activity_input(activity, "can_go"))) return BAMBOO_FAILURE;
    return echo_loop(activity);
}

static enum bamboo_outcome count_callbacks(struct bamboo_activity *activity,
                                           struct bamboo_value data)
{
    enum bamboo_outcome outcome = test_called_back(activity, data);
    if (outcome != BAMBOO_SUCCESS) return outcome;
    int64_t before;
    if (!count_output(activity, "_scheduled_times", 0, &before))
        return fail_count(activity, "_scheduled_times");
    return before + 1 >= 5 ? BAMBOO_SUCCESS : BAMBOO_PENDING;
}

/* --- Lazy variables --- */

static enum bamboo_outcome upper_case(struct bamboo_activity *activity)
{
    size_t size = 0;
    struct bamboo_value value = bamboo_activity_input(activity, "value"), printed;
    if (value.type == BAMBOO_STRING)
        printed = bamboo_value_retain(value);
    else if (bamboo_json_print(value, 0, &printed, NULL) != BAMBOO_OK)
        return bamboo_activity_fail(activity, "this has no text");
    const char *text = bamboo_string_bytes(printed, &size);
    char *capitals = malloc(size + 1);
    for (size_t i = 0; capitals && i < size; i++)
        capitals[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 'a' + 'A' : text[i]);
    if (capitals) bamboo_activity_set_output_text(activity, "value", capitals, size);
    bool is_there = capitals != NULL;
    free(capitals);
    bamboo_value_release(printed);
    return is_there ? BAMBOO_SUCCESS : bamboo_activity_fail_memory(activity);
}

static enum bamboo_outcome raise_error(struct bamboo_activity *activity)
{
    return bamboo_activity_fail(activity, "this variable has no value");
}

/* --- Lists --- */

#define COMPONENT(symbol, name, what, kind_, execute_, schedule_, interval_) \
    static const struct bamboo_component symbol = {.abi_version = BAMBOO_COMPONENT_ABI, \
                                                   .code = name, \
                                                   .summary = what, \
                                                   .documentation = "A component of the cases.", \
                                                   .kind = BAMBOO_KIND_##kind_, \
                                                   .effect = BAMBOO_EFFECT_PURE, \
                                                   .accepts_any_input = true, \
                                                   .any_output = true, \
                                                   .execute = execute_, \
                                                   .schedule = schedule_, \
                                                   .interval = interval_};
#include "components.def"
#undef COMPONENT

static const struct bamboo_component *const COMPONENTS[] = {
#define COMPONENT(symbol, name, what, kind, execute, schedule, interval) &symbol,
#include "components.def"
#undef COMPONENT
};
static const struct bamboo_component_set SET = {COMPONENTS, sizeof COMPONENTS / sizeof *COMPONENTS};

BAMBOO_API const struct bamboo_component_set *bamboo_plugin_components(void);

const struct bamboo_component_set *bamboo_plugin_components(void)
{
    return &SET;
}
