/* The components of generated flows: external ones write into the ledger what they do. */
#include "base/function.h"
#include "base/value.h"
#include "tests/simulate/world.h"

static enum bamboo_outcome succeed(struct bamboo_activity *activity)
{
    (void)activity;
    return BAMBOO_SUCCESS;
}

static enum bamboo_outcome check(struct bamboo_activity *activity)
{
    if (value_is_true(bamboo_activity_input(activity, "ok"))) return BAMBOO_SUCCESS;
    return bamboo_activity_fail(activity, "not ok");
}

static enum bamboo_outcome wait(struct bamboo_activity *activity)
{
    (void)activity;
    return BAMBOO_PENDING;
}

/* Goes on outside for a while, or forever. */
static enum bamboo_outcome begin(struct bamboo_activity *activity)
{
    check_deed(the_world, activity);
    return BAMBOO_PENDING;
}

static enum bamboo_outcome act(struct bamboo_activity *activity)
{
    check_deed(the_world, activity);
    return draw(the_world, 5) ? BAMBOO_SUCCESS : bamboo_activity_fail(activity, "as it happens");
}

static enum bamboo_outcome look_again(struct bamboo_activity *activity, struct bamboo_value data)
{
    (void)data;
    switch (draw(the_world, 6)) {
    case 0: return bamboo_activity_fail(activity, "as it happens");
    case 1:
    case 2: return BAMBOO_PENDING;
    default: return BAMBOO_SUCCESS;
    }
}

static enum bamboo_outcome take(struct bamboo_activity *activity, struct bamboo_value data)
{
    bamboo_activity_set_output_take(activity, "data", bamboo_value_retain(data));
    return BAMBOO_SUCCESS;
}

/* Done with the second call. */
static enum bamboo_outcome count(struct bamboo_activity *activity, struct bamboo_value data)
{
    (void)data;
    bool again = bamboo_activity_output(activity, "once").type != BAMBOO_MISSING;
    bamboo_activity_set_output_take(activity, "once", bamboo_bool(true));
    return again ? BAMBOO_SUCCESS : BAMBOO_PENDING;
}

static int64_t interval(uint64_t calls)
{
    return (int64_t)calls * 100;
}

static enum bamboo_outcome undo(struct bamboo_activity *activity)
{
    return draw(the_world, 5) ? BAMBOO_SUCCESS : bamboo_activity_fail(activity, "stuck");
}

#define ANY \
    .abi_version = BAMBOO_COMPONENT_ABI, .summary = "", .documentation = "", \
    .accepts_any_input = true, .any_output = true
#define OUTSIDE .effect = BAMBOO_EFFECT_EXTERNAL
static const struct bamboo_component ECHO = {ANY, .code = "echo", .execute = succeed};
static const struct bamboo_component CHECK = {ANY, .code = "check", .execute = check};
static const struct bamboo_component WORK = {ANY,
                                             OUTSIDE,
                                             .code = "work",
                                             .kind = BAMBOO_KIND_POLL,
                                             .execute = begin,
                                             .schedule = look_again,
                                             .interval = interval};
static const struct bamboo_component CALLED = {ANY, .code = "called", .kind = BAMBOO_KIND_CALLBACK,
                                               .execute = wait, .schedule = take};
static const struct bamboo_component COUNTED = {
    ANY, .code = "counted", .kind = BAMBOO_KIND_MULTI_CALLBACK, .execute = wait, .schedule = count};
static const struct bamboo_component CALLED_OUTSIDE = {ANY,
                                                       OUTSIDE,
                                                       .code = "called_outside",
                                                       .kind = BAMBOO_KIND_MULTI_CALLBACK,
                                                       .execute = begin,
                                                       .schedule = count};
static const struct bamboo_component POLLED = {ANY,
                                               .code = "polled",
                                               .kind = BAMBOO_KIND_POLL,
                                               .execute = wait,
                                               .schedule = count,
                                               .interval = interval};
static const struct bamboo_component SLEEP = {ANY,
                                              .code = "sleep",
                                              .kind = BAMBOO_KIND_POLL,
                                              .execute = wait,
                                              .schedule = count,
                                              .interval = interval};
static const struct bamboo_component UNDOABLE = {ANY, .code = "undoable", .execute = succeed,
                                                 .rollback = succeed};
static const struct bamboo_component UNDOABLE_OUTSIDE = {ANY, OUTSIDE, .code = "undoable_outside",
                                                         .execute = act, .rollback = undo};
#undef ANY
#undef OUTSIDE

static const struct bamboo_component *const ITEMS[] = {
    &ECHO,           &CHECK,  &WORK,  &CALLED,   &COUNTED,
    &CALLED_OUTSIDE, &POLLED, &SLEEP, &UNDOABLE, &UNDOABLE_OUTSIDE};
const struct bamboo_component_set SIMULATED_COMPONENTS = {ITEMS, sizeof ITEMS / sizeof *ITEMS};
const struct function_set SIMULATED_FUNCTIONS = {NULL, 0};
