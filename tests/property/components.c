#include "tests/property/components.h"

#include "base/value.h"

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

static enum bamboo_outcome begin(struct bamboo_activity *activity)
{
    (void)activity;
    return BAMBOO_PENDING;
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

/* Some rollbacks fail, the first time. */
static enum bamboo_outcome undo(struct bamboo_activity *activity)
{
    return bamboo_activity_attempt(activity) % 5 == 0 ? bamboo_activity_fail(activity, "stuck")
                                                      : BAMBOO_SUCCESS;
}

#define ANY \
    .abi_version = BAMBOO_COMPONENT_ABI, .summary = "", .documentation = "", \
    .accepts_any_input = true, .any_output = true
static const struct bamboo_component ECHO = {ANY, .code = "echo", .execute = succeed};
static const struct bamboo_component CHECK = {ANY, .code = "check", .execute = check};
static const struct bamboo_component WORK = {ANY, .code = "work", .effect = BAMBOO_EFFECT_EXTERNAL,
                                             .execute = begin};
static const struct bamboo_component CALLED = {ANY, .code = "called", .kind = BAMBOO_KIND_CALLBACK,
                                               .execute = begin, .schedule = take};
static const struct bamboo_component COUNTED = {ANY, .code = "counted",
                                                .kind = BAMBOO_KIND_MULTI_CALLBACK,
                                                .execute = begin, .schedule = count};
static const struct bamboo_component CALLED_OUTSIDE = {ANY,
                                                       .code = "called_outside",
                                                       .kind = BAMBOO_KIND_MULTI_CALLBACK,
                                                       .effect = BAMBOO_EFFECT_EXTERNAL,
                                                       .execute = begin,
                                                       .schedule = count};
static const struct bamboo_component POLLED = {ANY,
                                               .code = "polled",
                                               .kind = BAMBOO_KIND_POLL,
                                               .execute = begin,
                                               .schedule = count,
                                               .interval = interval};
static const struct bamboo_component SLEEP = {ANY,
                                              .code = "sleep",
                                              .kind = BAMBOO_KIND_POLL,
                                              .execute = begin,
                                              .schedule = count,
                                              .interval = interval};
static const struct bamboo_component UNDOABLE = {ANY, .code = "undoable", .execute = succeed,
                                                 .rollback = undo};
static const struct bamboo_component UNDOABLE_OUTSIDE = {ANY, .code = "undoable_outside",
                                                         .effect = BAMBOO_EFFECT_EXTERNAL,
                                                         .execute = begin, .rollback = undo};
#undef ANY

static const struct bamboo_component *const ITEMS[] = {
    &ECHO,           &CHECK,  &WORK,  &CALLED,   &COUNTED,
    &CALLED_OUTSIDE, &POLLED, &SLEEP, &UNDOABLE, &UNDOABLE_OUTSIDE};
const struct bamboo_component_set PROPERTY_COMPONENTS = {ITEMS, sizeof ITEMS / sizeof *ITEMS};
const struct function_set PROPERTY_FUNCTIONS = {NULL, 0};
