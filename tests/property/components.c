#include "tests/property/components.h"

#include "tests/generate/components.h"

/* Some rollbacks fail, the first time. */
static enum bamboo_outcome undo(struct bamboo_activity *activity)
{
    return bamboo_activity_attempt(activity) % 5 == 0 ? bamboo_activity_fail(activity, "stuck")
                                                      : BAMBOO_SUCCESS;
}

/* Whoever tests answers what is outside. */
static const struct bamboo_component WORK = {ANY, OUTSIDE, .code = "work",
                                             .execute = wait_for_more};
static const struct bamboo_component CALLED_OUTSIDE = {ANY,
                                                       OUTSIDE,
                                                       .code = "called_outside",
                                                       .kind = BAMBOO_KIND_MULTI_CALLBACK,
                                                       .execute = wait_for_more,
                                                       .schedule = count};
static const struct bamboo_component UNDOABLE = {ANY, .code = "undoable", .execute = succeed,
                                                 .rollback = undo};
static const struct bamboo_component UNDOABLE_OUTSIDE = {
    ANY, OUTSIDE, .code = "undoable_outside", .execute = wait_for_more, .rollback = undo};

static const struct bamboo_component *const ITEMS[] = {
    &ECHO,   &CHECK, &WORK,     &CALLED,           &COUNTED, &CALLED_OUTSIDE,
    &POLLED, &SLEEP, &UNDOABLE, &UNDOABLE_OUTSIDE, &HOOKED};
const struct bamboo_component_set PROPERTY_COMPONENTS = {ITEMS, sizeof ITEMS / sizeof *ITEMS};
const struct function_set PROPERTY_FUNCTIONS = {NULL, 0};
