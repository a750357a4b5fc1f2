/* A program: a verified image. There is no other way to make one than program_load(), so whoever
 * holds a struct program may use every index in it without a check. Constant, counted (retain and
 * release on one thread).
 *
 * What is verified (docs/artifact.md lists it as numbered rules): header, checksum, section bounds;
 * names and constants; nodes, flows, pipelines refer to what exists and agree with each other;
 * start and end; every instruction's opcode and operand; jumps stay within the node; the same stack
 * depth on every way to an instruction, never below 0 nor above STACK_DEPTH_MAX; an empty stack
 * wherever a token can block or leave; no way falls off the code; every fork's branches all reach
 * its converge before the end, and share no node; no pipeline calls itself, directly or not. */
#ifndef BYTECODE_PROGRAM_H
#define BYTECODE_PROGRAM_H

#include "base/digest.h"
#include "base/error.h"
#include "bytecode/image_layout.h"
#include "bytecode/instruction.h"
#include "include/bamboo_value.h"

struct program {
    const uint8_t *image; /* owned */
    size_t image_size;
    enum image_kind kind;
    uint8_t digest[DIGEST_SIZE];    /* SHA-256 of the image: its name in the store */
    struct bamboo_value *constants; /* owned, decoded */
    uint32_t constant_count;
    /* Sections, in place. */
    const struct image_pipeline *pipelines;
    uint32_t pipeline_count;
    const struct image_node *nodes;
    uint32_t node_count;
    const struct image_flow *flows;
    uint32_t flow_count;
    const struct image_variable *variables;
    uint32_t variable_count;
    const struct image_output *outputs;
    uint32_t output_count;
    const struct image_reference *components;
    uint32_t component_count;
    const struct image_reference *functions;
    uint32_t function_count;
    const struct image_policy *policies;
    uint32_t policy_count;
    const uint32_t *code;
    uint32_t code_count;
    const struct image_line *lines;
    uint32_t line_count;
    const struct image_source *sources;
    uint32_t source_count;
    const struct image_copy *copies;
    uint32_t copy_count;
    const struct image_timer *timers;
    uint32_t timer_count;
    const struct image_title *titles;
    uint32_t title_count;
    uint32_t stack_depth; /* the deepest operand stack of any way through the code */
    uint32_t local_count; /* locals that the code uses */
    uint32_t owners;      /* reference count */
};

/* Copies `bytes`, checks everything, and makes a program; *out is the caller's (program_release).
 * `name` is for messages: a path or a run. Errors: ARTIFACT with one clear sentence, LIMIT, MEMORY.
 */
MUST_CHECK enum bamboo_status program_load(const void *bytes, size_t size, const char *name,
                                           struct program **out, struct bamboo_error *error);

/* Does this look like an image at all (by its magic, whole or damaged)? For telling artifacts from
 * sources. */
bool program_is_image(const void *bytes, size_t size);

struct program *program_retain(struct program *program);
void program_release(struct program *program);

/* The string behind a name; "" for IMAGE_NONE. Lives as long as the program. */
const char *program_name(const struct program *program, uint32_t name);

/* What people call a node, a name; IMAGE_NONE if there is nothing but its own. */
uint32_t program_title(const struct program *program, uint32_t node);

/* The pipeline that a node belongs to. */
const struct image_pipeline *program_pipeline_of(const struct program *program, uint32_t node);

/* The line row that covers `pc`; NULL if there is none. */
const struct image_line *program_line(const struct program *program, uint32_t pc);

static inline uint64_t image_u64(uint32_t low, uint32_t high)
{
    return (uint64_t)high << 32 | low;
}

#endif
