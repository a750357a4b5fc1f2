/* Components of generated flows that do nothing outside: the same for all tests. */
#ifndef TESTS_GENERATE_COMPONENTS_H
#define TESTS_GENERATE_COMPONENTS_H

#include "base/value.h"
#include "include/bamboo_component.h"

static inline enum bamboo_outcome succeed(struct bamboo_activity *activity)
{
    (void)activity;
    return BAMBOO_SUCCESS;
}

static inline enum bamboo_outcome check(struct bamboo_activity *activity)
{
    if (value_is_true(bamboo_activity_input(activity, "ok"))) return BAMBOO_SUCCESS;
    return bamboo_activity_fail(activity, "not ok");
}

static inline enum bamboo_outcome wait_for_more(struct bamboo_activity *activity)
{
    (void)activity;
    return BAMBOO_PENDING;
}

static inline enum bamboo_outcome take(struct bamboo_activity *activity, struct bamboo_value data)
{
    bamboo_activity_set_output_take(activity, "data", bamboo_value_retain(data));
    return BAMBOO_SUCCESS;
}

/* Done with the second call. */
static inline enum bamboo_outcome count(struct bamboo_activity *activity, struct bamboo_value data)
{
    (void)data;
    bool again = bamboo_activity_output(activity, "once").type != BAMBOO_MISSING;
    bamboo_activity_set_output_take(activity, "once", bamboo_bool(true));
    return again ? BAMBOO_SUCCESS : BAMBOO_PENDING;
}

static inline int64_t interval(uint64_t calls)
{
    return (int64_t)calls * 100;
}

#define ANY \
    .abi_version = BAMBOO_COMPONENT_ABI, .summary = "", .documentation = "", \
    .accepts_any_input = true, .any_output = true
#define OUTSIDE .effect = BAMBOO_EFFECT_EXTERNAL

static const struct bamboo_component ECHO = {ANY, .code = "echo", .execute = succeed};
static const struct bamboo_component CHECK = {ANY, .code = "check", .execute = check};
static const struct bamboo_component CALLED = {ANY, .code = "called", .kind = BAMBOO_KIND_CALLBACK,
                                               .execute = wait_for_more, .schedule = take};
static const struct bamboo_component COUNTED = {ANY, .code = "counted",
                                                .kind = BAMBOO_KIND_MULTI_CALLBACK,
                                                .execute = wait_for_more, .schedule = count};
static const struct bamboo_component POLLED = {ANY,
                                               .code = "polled",
                                               .kind = BAMBOO_KIND_POLL,
                                               .execute = wait_for_more,
                                               .schedule = count,
                                               .interval = interval};
static inline void listen(struct bamboo_activity *activity)
{
    (void)activity;
}

/* Its ends are told. */
static const struct bamboo_component HOOKED = {
    ANY, .code = "hooked", .execute = succeed, .enter = listen, .finish = listen, .fail = listen};
/* What the compiler makes of `repeat ... every`. */
static const struct bamboo_component SLEEP = {ANY,
                                              .code = "sleep",
                                              .kind = BAMBOO_KIND_POLL,
                                              .execute = wait_for_more,
                                              .schedule = count,
                                              .interval = interval};

#endif
