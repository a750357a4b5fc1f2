/* The components of generated flows: external ones write into the ledger what they do. */
#include "base/function.h"
#include "tests/generate/components.h"
#include "tests/simulate/world.h"

/* Goes on outside for a while. */
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

static enum bamboo_outcome undo(struct bamboo_activity *activity)
{
    return draw(the_world, 5) ? BAMBOO_SUCCESS : bamboo_activity_fail(activity, "stuck");
}

static const struct bamboo_component WORK = {ANY,
                                             OUTSIDE,
                                             .code = "work",
                                             .kind = BAMBOO_KIND_POLL,
                                             .execute = begin,
                                             .schedule = look_again,
                                             .interval = interval};
static const struct bamboo_component CALLED_OUTSIDE = {ANY,
                                                       OUTSIDE,
                                                       .code = "called_outside",
                                                       .kind = BAMBOO_KIND_MULTI_CALLBACK,
                                                       .execute = begin,
                                                       .schedule = count};
static const struct bamboo_component UNDOABLE = {ANY, .code = "undoable", .execute = succeed,
                                                 .rollback = succeed};
static const struct bamboo_component UNDOABLE_OUTSIDE = {ANY, OUTSIDE, .code = "undoable_outside",
                                                         .execute = act, .rollback = undo};

static const struct bamboo_component *const ITEMS[] = {
    &ECHO,   &CHECK, &WORK,     &CALLED,           &COUNTED, &CALLED_OUTSIDE,
    &POLLED, &SLEEP, &UNDOABLE, &UNDOABLE_OUTSIDE, &HOOKED};
const struct bamboo_component_set SIMULATED_COMPONENTS = {ITEMS, sizeof ITEMS / sizeof *ITEMS};
const struct function_set SIMULATED_FUNCTIONS = {NULL, 0};
