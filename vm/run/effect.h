/* What a run asks the engine to do once the events recorded with it are durable. */
#ifndef VM_RUN_EFFECT_H
#define VM_RUN_EFFECT_H

#include "include/bamboo_component.h"

enum effect_kind {
    EFFECT_EXECUTE,  /* call the external component's execute with `inputs` */
    EFFECT_SCHEDULE, /* call its schedule with `data` (missing for a poll); `outputs` so far */
    EFFECT_CANCEL,   /* end the work of this version of the node; its result is not wanted */
    EFFECT_ROLLBACK, /* call its rollback: `inputs` and `outputs` are those of what it takes back */
    EFFECT_TELL_FINISHED, /* call its hook `finish` */
    EFFECT_TELL_FAILED,   /* call its hook `fail` */
    EFFECT_LOG,           /* add `data` (a string) to the node's log, in stream `stream` */
};

struct effect {
    enum effect_kind kind;
    uint32_t scope,
        node;         /* which node: index of the scope in the run, absolute index of the node */
    uint64_t version; /* which execution: the attempt */
    const struct bamboo_component *component;
    struct bamboo_value inputs, outputs, data; /* owned: effect_release() */
    enum bamboo_stream stream;
};

void effect_release(struct effect *effect);

#endif
