/* The bytes of an artifact (.bbc). This header and docs/artifact.md are its normative description.
 *
 * Little-endian; every row is made of 32-bit words and aligned to 4, sections to 8, so that a
 * mapped file is used in place. An index that is not there is IMAGE_NONE. A name is the index of a
 * constant that is a string. */
#ifndef BYTECODE_IMAGE_LAYOUT_H
#define BYTECODE_IMAGE_LAYOUT_H

#include <assert.h>
#include <stdint.h>

/* The \r\n catches conversions of text mode, \x1a stops a DOS `type`, the high bit a 7-bit wire. */
#define IMAGE_MAGIC \
    "\x89" \
    "BBC\r\n\x1a\n"
#define IMAGE_MAGIC_SIZE 8
#define IMAGE_FORMAT     3
#define IMAGE_NONE       UINT32_MAX

enum image_kind {
    IMAGE_FLOW,       /* pipelines: something to run */
    IMAGE_CONTROL,    /* code only, from instruction 0 to HALT: a control program */
    IMAGE_EXPRESSION, /* code only: one value is left for END_PIPELINE to pop (`bamboo eval`) */
    IMAGE_KIND_COUNT,
    IMAGE_COMPRESSED = IMAGE_KIND_COUNT /* in the header of a file that holds another, compressed */
};

enum image_section {
#define SECTION(name, row, meaning) SECTION_##name,
#include "bytecode/sections.def"
#undef SECTION
    SECTION_COUNT
};

struct image_header {
    uint8_t magic[IMAGE_MAGIC_SIZE];
    uint32_t format;
    uint32_t kind; /* enum image_kind */
    uint32_t size; /* bytes of the whole image */
    uint32_t section_count;
    uint8_t checksum[32]; /* SHA-256 of the image with these 32 bytes zero */
    /* Bytes of each section. Where it lies follows: behind the one before, at a multiple of 8. */
    uint32_t section_sizes[SECTION_COUNT];
};

#define SECTION_ALIGNMENT 8

struct image_pipeline {
    uint32_t name;
    uint32_t first_node, node_count;
    uint32_t first_variable, variable_count;
    uint32_t parameter_count; /* the first variables */
    uint32_t first_output, output_count;
    uint32_t start_node;  /* absolute index of a node of kind START */
    uint32_t end_node;    /* absolute index of a node of kind END */
    uint32_t rerun_limit; /* 0: none */
    uint32_t flags;       /* enum image_pipeline_flags */
    uint32_t first_copy, copy_count;
};

enum image_pipeline_flags {
    /* Data as bamboo-engine keeps them: variables live in a context and are rendered; inputs and
     * outputs tell _loop, _inner_loop and _result. */
    PIPELINE_FLAG_CONTEXT = 1,
    PIPELINE_FLAGS_ALL = 1
};

enum image_node_kind {
#define NODE_KIND(name, text, meaning) NODE_KIND_##name,
#include "bytecode/node_kinds.def"
#undef NODE_KIND
    NODE_KIND_COUNT
};

enum image_node_flags {
    NODE_FLAG_ONCE = 1,          /* interrupted: FAILED instead of started again */
    NODE_FLAG_NO_RETRY = 2,      /* an operator may not retry it */
    NODE_FLAG_NO_SKIP = 4,       /* an operator may not skip it */
    NODE_FLAG_IGNORE_ERROR = 8,  /* a failure counts as finished */
    NODE_FLAG_DERIVED_NAME = 16, /* the author did not name it */
    NODE_FLAG_ATTACHED = 32, /* no flow leads to it: what undoes another, or what a timer does */
    NODE_FLAGS_ALL = 63
};

struct image_node {
    uint32_t name;
    uint32_t entry;      /* index of its first instruction, an ENTER of itself */
    uint32_t first_flow; /* flows that leave it */
    uint32_t flow_count;
    uint32_t
        other_flow; /* absolute: a gateway's default flow, an activity's flow on failure; or none */
    uint32_t companion; /* absolute: a fork's converge; an activity's component reference; a
                           subprocess' pipeline; else none */
    uint32_t policy;    /* or none */
    uint16_t kind;      /* enum image_node_kind */
    uint16_t flags;     /* enum image_node_flags */
};

struct image_flow {
    uint32_t name;           /* or none */
    uint32_t source, target; /* absolute indices of nodes */
};

enum image_variable_kind {
    VARIABLE_KIND_SLOT,   /* has a value once something has set it */
    VARIABLE_KIND_PLAIN,  /* `value`, until something sets it */
    VARIABLE_KIND_SPLICE, /* `value` is rendered at each use, until something sets it */
    VARIABLE_KIND_LAZY,   /* the same, and handed to a component of kind variable */
    VARIABLE_KIND_COUNT
};

enum image_variable_flags {
    VARIABLE_FLAG_REQUIRED = 1,    /* a parameter without a default */
    VARIABLE_FLAG_PRERENDERED = 2, /* PRE_RENDER sets it */
    VARIABLE_FLAGS_ALL = 3
};

struct image_variable {
    uint32_t name;      /* of a context: the full key, "${x}" */
    uint32_t type;      /* a string constant: "string", "any", ... */
    uint32_t value;     /* a constant, for all kinds but SLOT; else none */
    uint32_t component; /* a component reference, of LAZY; else none */
    uint16_t kind;      /* enum image_variable_kind */
    uint16_t flags;     /* enum image_variable_flags */
};

/* When `node` has been executed, its output `key` goes into `variable`. Rows ascend by node. */
struct image_copy {
    uint32_t node; /* absolute */
    uint32_t key;
    uint32_t variable; /* of the node's pipeline, counted from its first */
};

enum image_timer_kind {
    TIMER_KIND_AT,    /* at a time, milliseconds since 1970 */
    TIMER_KIND_AFTER, /* so long after the node was entered */
    TIMER_KIND_EVERY, /* again and again */
    TIMER_KIND_COUNT
};

/* What happens while a node is at work. */
struct image_timer {
    uint32_t kind; /* enum image_timer_kind */
    uint32_t time_low, time_high;
    uint32_t count; /* of EVERY: how often; 0: without a bound */
    uint32_t node;  /* absolute: an attached node */
};

/* What people call a node, beside its name. Rows ascend by node. */
struct image_title {
    uint32_t node; /* absolute */
    uint32_t title;
};

struct image_output {
    uint32_t name;
};

struct image_reference {
    uint32_t name;
};

enum image_timeout_action { TIMEOUT_FAIL, TIMEOUT_SKIP, TIMEOUT_ACTION_COUNT };

/* Times in milliseconds; 64-bit values in two words, low first. */
struct image_policy {
    uint32_t timeout_low, timeout_high; /* 0: none */
    uint32_t timeout_action;            /* enum image_timeout_action */
    uint32_t retry_count;               /* automatic retries, 0: none */
    uint32_t retry_delay_low, retry_delay_high;
    uint32_t retry_delay_max_low, retry_delay_max_high; /* 0: no limit */
    uint32_t retry_backoff;                             /* 1: the delay doubles each time */
    uint32_t retry_pattern; /* a POSIX extended regular expression that the error's text must match;
                               or none */
    uint32_t loop_count;    /* how often the node is executed at each visit; 0: once */
    uint32_t loop_flags;    /* enum image_loop_flags */
    uint32_t loop_variable; /* of the pipeline: the list that collects the rounds; or none */
    uint32_t undo;          /* absolute: the attached node that undoes this one; or none */
    uint32_t first_timer, timer_count;
};

enum image_loop_flags {
    LOOP_FLAG_FAIL_SKIP = 1, /* a round that fails counts as done */
    LOOP_FLAG_NO_RETRY = 2,  /* an operator may not retry a single round */
    LOOP_FLAG_NO_SKIP = 4,   /* an operator may not skip a single round */
    LOOP_FLAGS_ALL = 7
};

struct image_line {
    uint32_t pc; /* ascending: holds from here to the next row's pc */
    uint32_t source;
    uint32_t offset; /* bytes into the source */
    uint32_t size;
};

struct image_source {
    uint32_t name; /* a path as given to the compiler */
    uint32_t text; /* a string constant with the whole text, or none */
    uint8_t digest[32];
};

static_assert(sizeof(struct image_header) == 56 + 4 * SECTION_COUNT, "no padding");
static_assert(sizeof(struct image_node) == 32, "no padding");
static_assert(sizeof(struct image_source) == 40, "no padding");
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "images are used in place");

#endif
