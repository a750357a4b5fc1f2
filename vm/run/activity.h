/* One execution of a node, as its component sees it. The machine has one for the pure component
 * that it calls, whose inputs and data it lends; the engine embeds one in what it keeps for an
 * external one. */
#ifndef VM_RUN_ACTIVITY_H
#define VM_RUN_ACTIVITY_H

#include "base/text.h"
#include "include/bamboo_component.h"

/* What the activity's surroundings do for it. `log` and `spawn` may be NULL: then logging is
 * dropped and spawning is refused. */
struct activity_services {
    void (*log)(struct bamboo_activity *activity, enum bamboo_stream stream, const char *bytes,
                size_t size);
    enum bamboo_status (*spawn)(struct bamboo_activity *activity, const struct bamboo_spawn *spawn,
                                struct bamboo_error *error);
    /* The node's path, for an activity that does not have it: few components ask. Borrowed. */
    const char *(*node)(const struct bamboo_activity *activity);
};

struct bamboo_activity {
    const struct bamboo_component *component;
    const struct activity_services *services;
    struct bamboo_value inputs;   /* owned, but for the machine's */
    struct bamboo_value run_data; /* the same */
    struct bamboo_value outputs;  /* owned map, grows by bamboo_activity_set_output_take() */
    struct text failure;          /* why it failed; empty: not said */
    enum bamboo_status failed;    /* it fails whatever it answers: an output cannot be kept, and
                                     `failure` says why; or there is no memory */
    int64_t now_ms;
    int64_t wake_at_ms; /* 0: not said */
    const char *run;    /* borrowed */
    const char *node;   /* borrowed path; NULL: its services tell it */
    uint64_t attempt;
};

/* Something that the component leaves (`what`) cannot be kept: the execution fails, whatever the
 * component answers. The first reason stays, but for a lack of memory. */
void activity_lose(struct bamboo_activity *activity, const char *what,
                   const struct bamboo_error *why);

/* Why it failed, in words; "": not said. Borrowed until the activity's next call. */
const char *activity_failure(const struct bamboo_activity *activity);

/* Ends the activity's values; the struct may be used again. */
void activity_release(struct bamboo_activity *activity);

#endif
