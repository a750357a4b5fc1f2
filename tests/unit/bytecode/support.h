/* What the tests of bytecode/ share: a sample image with a node of every kind, changing single
 * words of an image, tables of tests. */
#ifndef TESTS_UNIT_BYTECODE_SUPPORT_H
#define TESTS_UNIT_BYTECODE_SUPPORT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "bytecode/image_writer.h"
#include "bytecode/program.h"

/* cmocka has a macro of the name of our fail(). */
#include <cmocka.h>
#undef fail
#undef fail_msg
#define fail_msg(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

#include "tests/unit/rows.h"

struct image {
    uint8_t *bytes;
    size_t size;
};

/* The nodes of the sample, in two pipelines. */
enum {
    SAMPLE_START,
    SAMPLE_SET,
    SAMPLE_BUILD,
    SAMPLE_JOINED,
    SAMPLE_CHOOSE,
    SAMPLE_FORK,
    SAMPLE_CALL,
    SAMPLE_PAUSE,
    SAMPLE_JOIN,
    SAMPLE_SOME,
    SAMPLE_WAIT,
    SAMPLE_MERGED,
    SAMPLE_END,
    SAMPLE_SUB_START,
    SAMPLE_SUB_END,
    SAMPLE_NODE_COUNT
};

#define SAMPLE_TEXT \
    "pipeline main {\n  built = shell(command: version)\n  other = 'ü'\n}\n" \
    "pipeline sub {}\n"

static inline uint32_t name_in(struct image_writer *writer, const char *name)
{
    return image_name(writer, name, strlen(name));
}

/* A node without a policy whose code begins here; its flows are added with add_flow(). */
static inline void add_node(struct image_writer *writer, enum image_node_kind kind,
                            const char *name, uint32_t first_flow, uint32_t flow_count,
                            uint32_t companion)
{
    struct image_node row = {.name = name_in(writer, name),
                             .entry = image_pc(writer),
                             .first_flow = first_flow,
                             .flow_count = flow_count,
                             .other_flow = IMAGE_NONE,
                             .companion = companion,
                             .policy = IMAGE_NONE,
                             .kind = (uint16_t)kind};
    uint32_t node = image_add(writer, SECTION_NODES, &row, sizeof row);
    image_emit(writer, OP_ENTER, node);
}

static inline void add_flow(struct image_writer *writer, uint32_t source, uint32_t target)
{
    struct image_flow row = {.name = IMAGE_NONE, .source = source, .target = target};
    image_add(writer, SECTION_FLOWS, &row, sizeof row);
}

static inline void push_text(struct image_writer *writer, const char *text)
{
    image_emit(writer, OP_CONSTANT, name_in(writer, text));
}

static inline void add_pipeline(struct image_writer *writer, const char *name, uint32_t first_node,
                                uint32_t node_count, uint32_t first_variable,
                                uint32_t variable_count)
{
    struct image_pipeline row = {.name = name_in(writer, name),
                                 .first_node = first_node,
                                 .node_count = node_count,
                                 .first_variable = first_variable,
                                 .variable_count = variable_count,
                                 .start_node = first_node,
                                 .end_node = first_node + node_count - 1};
    image_add(writer, SECTION_PIPELINES, &row, sizeof row);
}

static inline void add_variable(struct image_writer *writer, const char *name, const char *type,
                                uint32_t required)
{
    struct image_variable row = {.name = name_in(writer, name),
                                 .type = name_in(writer, type),
                                 .value = IMAGE_NONE,
                                 .component = IMAGE_NONE,
                                 .flags = (uint16_t)required};
    image_add(writer, SECTION_VARIABLES, &row, sizeof row);
}

/* --- the sample --- */

static inline void sample_tables(struct image_writer *writer)
{
    struct image_pipeline main_row = {.name = name_in(writer, "main"),
                                      .node_count = SAMPLE_SUB_START,
                                      .variable_count = 3,
                                      .parameter_count = 2,
                                      .output_count = 1,
                                      .start_node = SAMPLE_START,
                                      .end_node = SAMPLE_END,
                                      .rerun_limit = 7};
    struct image_pipeline sub_row = {.name = name_in(writer, "sub"),
                                     .first_node = SAMPLE_SUB_START,
                                     .node_count = 2,
                                     .first_variable = 3,
                                     .first_output = 1,
                                     .start_node = SAMPLE_SUB_START,
                                     .end_node = SAMPLE_SUB_END};
    struct image_output output = {name_in(writer, "report")};
    struct image_policy policy = {.timeout_low = 600000,
                                  .timeout_action = TIMEOUT_SKIP,
                                  .retry_count = 3,
                                  .retry_delay_low = 5000,
                                  .retry_delay_max_low = 60000,
                                  .retry_backoff = 1,
                                  .retry_pattern = name_in(writer, "busy|locked"),
                                  .loop_variable = IMAGE_NONE,
                                  .undo = IMAGE_NONE};
    struct image_source source = {.name = name_in(writer, "sample.bamboo"),
                                  .text = name_in(writer, SAMPLE_TEXT)};
    digest_compute(SAMPLE_TEXT, sizeof SAMPLE_TEXT - 1, source.digest);
    image_add(writer, SECTION_PIPELINES, &main_row, sizeof main_row);
    image_add(writer, SECTION_PIPELINES, &sub_row, sizeof sub_row);
    add_variable(writer, "version", "string", 1);
    add_variable(writer, "jobs", "int", 0);
    add_variable(writer, "built", "any", 0);
    image_add(writer, SECTION_OUTPUTS, &output, sizeof output);
    image_add(writer, SECTION_POLICIES, &policy, sizeof policy);
    image_add(writer, SECTION_SOURCES, &source, sizeof source);
}

static inline void sample_first_nodes(struct image_writer *writer)
{
    image_line(writer, 0, 0, 15);
    add_node(writer, NODE_KIND_START, "start", 0, 1, IMAGE_NONE);
    image_emit(writer, OP_TRY_VARIABLE, 1);
    image_emit(writer, OP_IS_SET, 0);
    uint32_t jump = image_emit(writer, OP_JUMP_TRUE, 0);
    image_emit(writer, OP_CONSTANT, image_constant(writer, bamboo_integer(4)));
    image_emit(writer, OP_ASSIGN, 1);
    image_set_operand(writer, jump, image_pc(writer));
    image_emit(writer, OP_LEAVE, 0);

    add_node(writer, NODE_KIND_ASSIGN, "set", 1, 1, IMAGE_NONE);
    image_emit(writer, OP_CONSTANT, image_constant(writer, bamboo_duration(90000)));
    image_emit(writer, OP_ASSIGN, 2);
    image_emit(writer, OP_LEAVE, 1);

    image_line(writer, 0, 18, 31);
    add_node(writer, NODE_KIND_ACTIVITY, "build", 2, 2, image_component(writer, "shell"));
    push_text(writer, "command");
    image_emit(writer, OP_LOAD_VARIABLE, 0);
    image_emit(writer, OP_MAKE_MAP, 1);
    image_emit(writer, OP_EXECUTE, image_component(writer, "shell"));
    image_emit(writer, OP_LEAVE, 2);

    image_line(writer, 0, 52, 13);
    add_node(writer, NODE_KIND_CONVERGE, "joined", 4, 1, IMAGE_NONE);
    image_emit(writer, OP_LEAVE, 4);
}

static inline void sample_gateways(struct image_writer *writer)
{
    add_node(writer, NODE_KIND_EXCLUSIVE, "choose", 5, 3, IMAGE_NONE);
    image_emit(writer, OP_TRY_OUTPUTS, SAMPLE_BUILD);
    image_emit(writer, OP_TRY_FIELD, name_in(writer, "ok"));
    image_emit(writer, OP_TO_BOOL, 0);
    image_emit(writer, OP_LOAD_VARIABLE, 0);
    image_emit(writer, OP_CALL, call_operand(image_function(writer, ".upper"), 1));
    image_emit(writer, OP_CHOOSE_ONLY, 2);

    add_node(writer, NODE_KIND_PARALLEL, "fork", 8, 2, SAMPLE_JOIN);
    image_emit(writer, OP_FORK, 0);
    add_node(writer, NODE_KIND_SUBPROCESS, "call", 10, 1, 1);
    image_emit(writer, OP_MAKE_MAP, 0);
    image_emit(writer, OP_CALL_PIPELINE, 1);
    image_emit(writer, OP_LEAVE, 10);
    add_node(writer, NODE_KIND_CONTROL, "pause here", 11, 1, IMAGE_NONE);
    push_text(writer, "look at \"it\"");
    image_emit(writer, OP_PAUSE_RUN, 0);
    image_emit(writer, OP_LEAVE, 11);
    add_node(writer, NODE_KIND_CONVERGE, "join", 12, 1, IMAGE_NONE);
    image_emit(writer, OP_LEAVE, 12);
}

/* A fork whose condition is a comprehension; its default branch is empty. */
static inline void sample_inclusive(struct image_writer *writer)
{
    add_node(writer, NODE_KIND_INCLUSIVE, "some", 13, 2, SAMPLE_MERGED);
    image_emit(writer, OP_MAKE_LIST, 0);
    image_emit(writer, OP_STORE_LOCAL, 0);
    image_emit(writer, OP_LOAD_VARIABLE, 0);
    image_emit(writer, OP_BEGIN_ITERATION, 1);
    uint32_t again = image_emit(writer, OP_ITERATE, 1);
    uint32_t leave = image_emit(writer, OP_JUMP_FALSE, 0);
    image_emit(writer, OP_LOAD_LOCAL, 3);
    image_emit(writer, OP_APPEND_LOCAL, 0);
    image_emit(writer, OP_JUMP, again);
    image_set_operand(writer, leave, image_pc(writer));
    image_emit(writer, OP_LOAD_LOCAL, 0);
    image_emit(writer, OP_FORK_WHEN, 1);
    add_node(writer, NODE_KIND_ACTIVITY, "wait", 15, 1, image_component(writer, "sleep"));
    image_emit(writer, OP_MAKE_MAP, 0);
    image_emit(writer, OP_EXECUTE, image_component(writer, "sleep"));
    image_emit(writer, OP_LEAVE, 15);
    add_node(writer, NODE_KIND_CONVERGE, "merged", 16, 1, IMAGE_NONE);
    image_emit(writer, OP_LEAVE, 16);
}

static inline void sample_ends(struct image_writer *writer)
{
    add_node(writer, NODE_KIND_END, "end", 0, 0, IMAGE_NONE);
    push_text(writer, "report");
    image_emit(writer, OP_LOAD_VARIABLE, 2);
    image_emit(writer, OP_MAKE_MAP, 1);
    image_emit(writer, OP_END_PIPELINE, 0);
    add_node(writer, NODE_KIND_START, "start", 17, 1, IMAGE_NONE);
    image_emit(writer, OP_LEAVE, 17);
    add_node(writer, NODE_KIND_END, "end", 0, 0, IMAGE_NONE);
    image_emit(writer, OP_MAKE_MAP, 0);
    image_emit(writer, OP_END_PIPELINE, 0);
}

static inline void sample_flows(struct image_writer *writer)
{
    static const uint32_t FLOWS[][2] = {
        {SAMPLE_START, SAMPLE_SET},         /* 0 */
        {SAMPLE_SET, SAMPLE_BUILD},         /* 1 */
        {SAMPLE_BUILD, SAMPLE_JOINED},      /* 2 */
        {SAMPLE_BUILD, SAMPLE_JOINED},      /* 3, on failure */
        {SAMPLE_JOINED, SAMPLE_CHOOSE},     /* 4 */
        {SAMPLE_CHOOSE, SAMPLE_FORK},       /* 5 */
        {SAMPLE_CHOOSE, SAMPLE_SET},        /* 6, a loop */
        {SAMPLE_CHOOSE, SAMPLE_SOME},       /* 7, by default */
        {SAMPLE_FORK, SAMPLE_CALL},         /* 8 */
        {SAMPLE_FORK, SAMPLE_PAUSE},        /* 9 */
        {SAMPLE_CALL, SAMPLE_JOIN},         /* 10 */
        {SAMPLE_PAUSE, SAMPLE_JOIN},        /* 11 */
        {SAMPLE_JOIN, SAMPLE_SOME},         /* 12 */
        {SAMPLE_SOME, SAMPLE_WAIT},         /* 13 */
        {SAMPLE_SOME, SAMPLE_MERGED},       /* 14, by default */
        {SAMPLE_WAIT, SAMPLE_MERGED},       /* 15 */
        {SAMPLE_MERGED, SAMPLE_END},        /* 16 */
        {SAMPLE_SUB_START, SAMPLE_SUB_END}, /* 17 */
    };
    for (size_t i = 0; i < sizeof FLOWS / sizeof *FLOWS; i++)
        add_flow(writer, FLOWS[i][0], FLOWS[i][1]);
}

/* --- images as bytes --- */

static inline struct image_header *image_header_of(const struct image *image)
{
    return (struct image_header *)(void *)image->bytes;
}

static inline void *image_section_of(const struct image *image, enum image_section section)
{
    const struct image_header *header = image_header_of(image);
    size_t at = sizeof *header;
    for (int i = 0; i <= (int)section; i++) {
        at = (at + SECTION_ALIGNMENT - 1) / SECTION_ALIGNMENT * SECTION_ALIGNMENT;
        if (i < (int)section) at += header->section_sizes[i];
    }
    return image->bytes + at;
}

static inline void image_seal(const struct image *image)
{
    uint8_t digest[DIGEST_SIZE];
    memset(image_header_of(image)->checksum, 0, DIGEST_SIZE);
    digest_compute(image->bytes, image->size, digest);
    memcpy(image_header_of(image)->checksum, digest, DIGEST_SIZE);
}

static inline struct image finish(struct image_writer *writer)
{
    struct image image = {0};
    struct bamboo_error error = {0};
    if (image_finish(writer, &image.bytes, &image.size, &error)) fail_msg("%s", error.message);
    image_writer_destroy(writer);
    return image;
}

static inline void sample_titles(struct image_writer *writer)
{
    const struct image_title rows[] = {
        {SAMPLE_BUILD, image_name(writer, "Build \"it\"", 10)},
        {SAMPLE_CHOOSE, image_name(writer, "Which?", 6)},
    };
    image_add(writer, SECTION_TITLES, &rows[0], sizeof rows[0]);
    image_add(writer, SECTION_TITLES, &rows[1], sizeof rows[1]);
}

static inline struct image sample_image(void)
{
    struct image_writer *writer = image_writer_create(IMAGE_FLOW);
    sample_tables(writer);
    sample_first_nodes(writer);
    sample_gateways(writer);
    sample_inclusive(writer);
    sample_ends(writer);
    sample_flows(writer);
    sample_titles(writer);
    struct image image = finish(writer);
    struct image_node *nodes = image_section_of(&image, SECTION_NODES);
    nodes[SAMPLE_BUILD].other_flow = 3;
    nodes[SAMPLE_BUILD].policy = 0;
    nodes[SAMPLE_BUILD].flags = NODE_FLAG_ONCE | NODE_FLAG_NO_SKIP;
    nodes[SAMPLE_CHOOSE].other_flow = 7;
    nodes[SAMPLE_SOME].other_flow = 14;
    nodes[SAMPLE_SOME].flags = NODE_FLAG_DERIVED_NAME;
    image_seal(&image);
    return image;
}

/* Loads what must load. */
static inline struct program *load(const struct image *image)
{
    struct program *program = NULL;
    struct bamboo_error error = {0};
    if (program_load(image->bytes, image->size, "flow.bbc", &program, &error))
        fail_msg("%s", error.message);
    return program;
}

/* Loads what must be refused, with exactly this sentence. */
static inline void assert_refused(const struct image *image, const char *because)
{
    struct program *program = NULL;
    struct bamboo_error error = {0};
    enum bamboo_status status =
        program_load(image->bytes, image->size, "flow.bbc", &program, &error);
    if (status == BAMBOO_OK) fail_msg("it was loaded");
    assert_int_equal(status, BAMBOO_E_ARTIFACT);
    assert_string_equal(error.message, because);
    assert_null(program);
}

/* One word of the sample changed, and what is said of it. `row` counts from the entry of `node` in
 * CODE; SECTION_COUNT stands for the header's kind. */
struct poke {
    const char *promise;
    enum image_section section;
    uint32_t node;
    uint32_t row;
    size_t offset; /* of the word, in bytes of its row */
    uint32_t value;
    const char *because;
};

/* For rows of `poke`: one of a section of rows, and one of CODE. */
#define ROW(section, index, type, field, value) \
    SECTION_##section, 0, index, offsetof(struct type, field), value
#define CODE(node, index, opcode, operand) \
    SECTION_CODE, SAMPLE_##node, index, 0, (uint32_t)OP_##opcode | (uint32_t)(operand) << 8

static inline void poke(const struct image *image, const struct poke *change)
{
    static const uint32_t ROW_SIZES[] = {
#define SECTION(name, row, meaning) sizeof(row),
#include "bytecode/sections.def"
#undef SECTION
    };
    const struct image_node *nodes = image_section_of(image, SECTION_NODES);
    if (change->section == SECTION_COUNT) {
        image_header_of(image)->kind = change->value;
        image_seal(image);
        return;
    }
    uint32_t first = change->section == SECTION_CODE ? nodes[change->node].entry : 0;
    uint8_t *rows = image_section_of(image, change->section);
    memcpy(rows + (first + change->row) * ROW_SIZES[change->section] + change->offset,
           &change->value, sizeof change->value);
    image_seal(image);
}

static inline void a_changed_word_is_refused(void **state)
{
    const struct poke *change = *state;
    struct image image = sample_image();
    poke(&image, change);
    assert_refused(&image, change->because);
    memory_free(image.bytes);
}

#endif
