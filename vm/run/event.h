/* One journal record: it takes a run from one consistent state to the next. Encoded as its type,
 * its flags, the time since the event before, the fields of its type, and what the flags announce.
 */
#ifndef VM_RUN_EVENT_H
#define VM_RUN_EVENT_H

#include "base/bytes.h"
#include "base/error.h"
#include "include/bamboo_value.h"

enum event_type {
#define EVENT(name, text, fields, meaning) EVENT_##name,
#include "vm/run/events.def"
#undef EVENT
    EVENT_TYPE_COUNT
};

enum event_field {
    FIELD_TOKEN = 1,  /* the token it happens to; scope and node are the token's */
    FIELD_PLACE = 2,  /* scope and node */
    FIELD_FLOW = 4,   /* which flow of the node, counted from its first */
    FIELD_FLOWS = 8,  /* several of them; none in the list: all */
    FIELD_ACTOR = 16, /* who, and the reason */
    FIELD_INPUTS = 32,
    FIELD_TARGET = 256, /* where a rollback goes, and how */
    FIELD_TIMER = 128,  /* which timer of the node */
    FIELD_PC = 64,      /* where the token goes on, counted from the node's entry */
    /* No field, but what happens with it. */
    BEGINS_WORK = 2048, /* if it enters the node, that is at work from then on */
    ENDS_WORK = 512,    /* the node is not at work any more: what its timers began ends, too */
    ENDS_NODE = 1024,   /* the execution has ended: the component's hooks are told */
};

enum event_flag {
    EVENT_ENTERS = 1,       /* the node is entered with this event too */
    EVENT_INPUTS = 2,       /* inputs follow */
    EVENT_OUTPUTS = 4,      /* outputs follow: they replace those of the record */
    EVENT_DEADLINE = 8,     /* the node's timeout follows */
    EVENT_WAKE = 16,        /* the time of a poll or an automatic retry follows */
    EVENT_ASSIGNMENTS = 32, /* variables follow */
    EVENT_IGNORED = 64,     /* finished although it failed */
    EVENT_TIMED_OUT = 128,
    EVENT_CONSUMES = 256,  /* the oldest callback is dealt with */
    EVENT_AUTOMATIC = 512, /* by policy, not by an operator */
    EVENT_OPTIONS = 1024,  /* of a new run: what else it was given follows, a map */
    EVENT_LOOPS = 2048,    /* the token stays at the node for its next round */
    EVENT_FLAGS_ALL = 4095
};

struct assignment {
    uint32_t variable;
    struct bamboo_value value;
};

/* Values and arrays are borrowed when an event is made, owned when it was decoded
 * (event_release). */
struct event {
    enum event_type type;
    uint32_t flags;
    uint32_t token;
    uint32_t scope, node;
    uint32_t flow;
    uint32_t timer;
    uint32_t target_scope, target_node;
    uint32_t mode;         /* enum rollback_mode */
    bool skip_token_check; /* of mode `any` */
    uint32_t pc;           /* from the node's entry */
    int64_t time;
    int64_t deadline;
    int64_t wake_at;
    struct bamboo_value inputs, outputs;
    struct bamboo_value options; /* see run_create() */
    struct assignment *assignments;
    uint32_t assignment_count;
    uint32_t *flows;
    uint32_t flow_count;
    struct bamboo_value actor, reason; /* strings; reason may be null */
};

/* "node-finished", ... Constant storage. */
const char *event_type_name(enum event_type type);

/* The fields of a type. */
static inline uint32_t event_type_fields(enum event_type type)
{
    static const uint16_t FIELDS[] = {
#define EVENT(name, text, fields, meaning) [EVENT_##name] = fields,
#include "vm/run/events.def"
#undef EVENT
    };
    return FIELDS[type];
}

/* `before` is the time of the event before. A failure sticks in the writer. */
void event_encode(struct byte_writer *writer, const struct event *event, int64_t before);

/* Reads one event from untrusted bytes; it is to be released, also after a failure. Errors: STORE
 * (malformed), MEMORY. */
MUST_CHECK enum bamboo_status event_decode(struct byte_reader *reader, int64_t before,
                                           struct event *out, struct bamboo_error *error);
void event_release(struct event *event);

#endif
