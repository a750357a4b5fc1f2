/* Loading: rules 1 to 9 of docs/artifact.md, damage of every kind, and asking a program. */
#include "tests/unit/bytecode/support.h"

#include <stdio.h>

#include "base/limits.h"
#include "bytecode/disassemble.h"

static void the_sample_is_loaded(void **state)
{
    (void)state;
    struct image image = sample_image();
    struct program *program = load(&image);
    uint8_t digest[DIGEST_SIZE];
    digest_compute(image.bytes, image.size, digest);
    assert_int_equal(program->kind, IMAGE_FLOW);
    assert_int_equal(program->image_size, image.size);
    assert_memory_equal(program->image, image.bytes, image.size);
    assert_memory_equal(program->digest, digest, DIGEST_SIZE);
    assert_int_equal(program->pipeline_count, 2);
    assert_int_equal(program->node_count, SAMPLE_NODE_COUNT);
    assert_int_equal(program->flow_count, 18);
    assert_int_equal(program->variable_count, 3);
    assert_int_equal(program->output_count, 1);
    assert_int_equal(program->component_count, 2);
    assert_int_equal(program->function_count, 1);
    assert_int_equal(program->policy_count, 1);
    assert_int_equal(program->code_count, 66);
    assert_int_equal(program->source_count, 1);
    assert_int_equal(program->stack_depth, 2);
    assert_int_equal(program->local_count, 4);
    program_release(program);
    memory_free(image.bytes);
}

static void a_program_answers(void **state)
{
    (void)state;
    struct image image = sample_image();
    struct program *program = load(&image);
    assert_string_equal(program_name(program, program->nodes[SAMPLE_BUILD].name), "build");
    assert_string_equal(program_name(program, IMAGE_NONE), "");
    assert_ptr_equal(program_pipeline_of(program, SAMPLE_START), &program->pipelines[0]);
    assert_ptr_equal(program_pipeline_of(program, SAMPLE_END), &program->pipelines[0]);
    assert_ptr_equal(program_pipeline_of(program, SAMPLE_SUB_START), &program->pipelines[1]);
    assert_ptr_equal(program_pipeline_of(program, SAMPLE_SUB_END), &program->pipelines[1]);
    assert_true(image_u64(1, 2) == 0x200000001u);
    program_release(program_retain(program));
    assert_int_equal(program->owners, 1);
    program_release(program);
    program_release(NULL);
    memory_free(image.bytes);
}

static void code_without_lines_has_none(void **state)
{
    (void)state;
    struct image_writer *writer = image_writer_create(IMAGE_CONTROL);
    image_emit(writer, OP_HALT, 0);
    struct image image = finish(writer);
    struct program *program = load(&image);
    assert_null(program_line(program, 0));
    program_release(program);
    memory_free(image.bytes);
}

/* --- the header --- */

struct header_case {
    const char *promise;
    size_t offset;
    uint32_t value;
    bool sealed; /* the checksum is made to fit */
    const char *because;
};

#define HEADER(field) offsetof(struct image_header, field)
#define SECTION_AT(section, field) \
    (HEADER(sections) + SECTION_##section * sizeof(struct image_range) + \
     offsetof(struct image_range, field))

static const struct header_case HEADERS[] = {
    {"1: the magic is bamboo's", 0, 0x464C457F, true,
     "flow.bbc: this is not an artifact of bamboo"},
    {"2: the format is this one's", HEADER(format), 3, true,
     "flow.bbc: the artifact has format 3, this bamboo reads format 2"},
    {"3: the size is that of the file", HEADER(size), 160, false,
     "flow.bbc: the artifact should have 160 bytes, but has 2136"},
    {"4: the kind is known", HEADER(kind), IMAGE_KIND_COUNT, true,
     "flow.bbc: the artifact is of the unknown kind 3"},
    {"5: the sections are known", HEADER(section_count), SECTION_COUNT + 1, true,
     "flow.bbc: the artifact has 17 sections, this bamboo knows 16; a newer one made it"},
    {"5: the table of sections is there", HEADER(section_count), ~0u, true,
     "flow.bbc: the artifact has 4294967295 sections, this bamboo knows 16; a newer one made it"},
    {"6: the checksum fits", HEADER(checksum), 0, false,
     "flow.bbc: the artifact is damaged: its checksum does not fit"},
    {"7: the first section follows the header", SECTION_AT(CONSTANT_INDEX, offset), 168, true,
     "flow.bbc: section CONSTANT_INDEX does not lie at its place inside the artifact"},
    {"7: sections follow each other", SECTION_AT(NODES, offset), 8, true,
     "flow.bbc: section NODES does not lie at its place inside the artifact"},
    {"7: sections do not overlap", SECTION_AT(NODES, size), 64, true,
     "flow.bbc: section FLOWS does not lie at its place inside the artifact"},
    {"7: sections end in the image", SECTION_AT(SOURCES, size), 80, true,
     "flow.bbc: section SOURCES does not lie at its place inside the artifact"},
    {"7: a section follows the one before", SECTION_AT(SOURCES, size), 0, true,
     "flow.bbc: section COPIES does not lie at its place inside the artifact"},
    {"7: sections hold whole rows", SECTION_AT(SOURCES, size), 39, true,
     "flow.bbc: section SOURCES has 39 bytes, which is no multiple of its rows' 40"},
};

static void a_wrong_header_is_refused(void **state)
{
    const struct header_case *expected = *state;
    struct image image = sample_image();
    memcpy(image.bytes + expected->offset, &expected->value, sizeof expected->value);
    if (expected->sealed) image_seal(&image);
    assert_refused(&image, expected->because);
    memory_free(image.bytes);
}

static void padding_is_zero(void **state)
{
    (void)state;
    struct image image = sample_image();
    struct image_range range = image_header_of(&image)->sections[SECTION_CONSTANT_BYTES];
    assert_int_not_equal(range.size % 8, 0);
    image.bytes[range.offset + range.size] = 1;
    image_seal(&image);
    assert_refused(&image, "flow.bbc: section CONSTANT_BYTES is not followed by zeros up to a "
                           "multiple of 8");
    memory_free(image.bytes);
}

/* An older bamboo had fewer sections: those that it did not know are empty. */
static void an_image_with_fewer_sections_is_loaded(void **state)
{
    (void)state;
    struct image_writer *writer = image_writer_create(IMAGE_CONTROL);
    image_emit(writer, OP_HALT, 0);
    struct image image = finish(writer);
    struct image_header *header = image_header_of(&image);
    uint32_t fewer = SECTION_COUNT - SECTION_LINES; /* without LINES and what is behind it */
    size_t shorter = fewer * sizeof(struct image_range);
    header->section_count -= fewer;
    header->size -= (uint32_t)shorter;
    for (uint32_t i = 0; i < header->section_count; i++)
        header->sections[i].offset -= (uint32_t)shorter;
    size_t table_end = offsetof(struct image_header, sections[SECTION_LINES]);
    memmove(image.bytes + table_end, image.bytes + sizeof *header, image.size - sizeof *header);
    image.size -= shorter;
    image_seal(&image);
    struct program *program = load(&image);
    assert_int_equal(program->code_count, 1);
    assert_int_equal(program->line_count, 0);
    program_release(program);
    memory_free(image.bytes);
}

/* --- constants --- */

static const struct poke CONSTANTS[] = {
    {"8: the first constant begins its section", ROW(CONSTANT_INDEX, 0, image_constant, offset, 1),
     "flow.bbc: constant 0 does not lie at its place in its section"},
    {"8: constants follow each other", ROW(CONSTANT_INDEX, 2, image_constant, offset, 0),
     "flow.bbc: constant 2 does not lie at its place in its section"},
    {"8: constants end in their section", ROW(CONSTANT_INDEX, 2, image_constant, size, ~0u),
     "flow.bbc: constant 2 does not lie at its place in its section"},
    {"8: a constant is all of its bytes", ROW(CONSTANT_INDEX, 0, image_constant, size, 5),
     "flow.bbc: constant 0: an encoded value ends inside a string"},
    {"9: a constant has a known type", SECTION_CONSTANT_BYTES, 0, 0, 0, 0x0A0A0A0A,
     "flow.bbc: constant 0: an encoded value has an unknown type"},
    {"9: a constant is UTF-8", SECTION_CONSTANT_BYTES, 0, 1, 0, 0xFFFFFF04,
     "flow.bbc: constant 0: an encoded value is not valid: a string must be UTF-8, and this is "
     "not"},
};

static void bytes_behind_the_constants_are_refused(void **state)
{
    (void)state;
    struct image_writer *writer = image_writer_create(IMAGE_CONTROL);
    image_constant(writer, bamboo_integer(1));
    image_constant(writer, bamboo_integer(2));
    image_emit(writer, OP_HALT, 0);
    struct image image = finish(writer);
    struct image_constant *rows = image_section_of(&image, SECTION_CONSTANT_INDEX);
    struct image_header *header = image_header_of(&image);
    header->sections[SECTION_CONSTANT_BYTES].size++; /* one byte of padding */
    image_seal(&image);
    assert_refused(&image, "flow.bbc: there are bytes behind the last constant");
    rows[1].size++;
    image_seal(&image);
    assert_refused(&image, "flow.bbc: constant 1 goes on behind its value");
    memory_free(image.bytes);
}

/* --- damage --- */

static void an_image_cut_anywhere_is_refused(void **state)
{
    (void)state;
    struct image image = sample_image();
    for (size_t size = 0; size < image.size; size++) {
        /* In a block of its own, so that a read behind the end is found. */
        uint8_t *cut = memory_allocate(size);
        struct program *program = NULL;
        struct bamboo_error error;
        memcpy(cut, image.bytes, size);
        enum bamboo_status status = program_load(cut, size, "flow.bbc", &program, &error);
        assert_int_equal(status, BAMBOO_E_ARTIFACT);
        assert_true(strlen(error.message) > 0);
        memory_free(cut);
    }
    memory_free(image.bytes);
}

static void an_image_with_a_tail_is_refused(void **state)
{
    (void)state;
    struct image image = sample_image();
    image.bytes = memory_resize(image.bytes, image.size + 8);
    memset(image.bytes + image.size, 0, 8);
    image.size += 8;
    assert_refused(&image, "flow.bbc: the artifact should have 2136 bytes, but has 2144");
    memory_free(image.bytes);
}

static void a_changed_byte_does_not_pass_the_checksum(void **state)
{
    (void)state;
    struct image image = sample_image();
    for (size_t i = 0; i < image.size; i++) {
        struct program *program = NULL;
        image.bytes[i] ^= 0x10;
        assert_int_equal(program_load(image.bytes, image.size, "flow.bbc", &program, NULL),
                         BAMBOO_E_ARTIFACT);
        image.bytes[i] ^= 0x10;
    }
    memory_free(image.bytes);
}

/* Whatever the verifier lets through must be fit for use: the disassembler looks at every index. */
static void a_changed_bit_is_refused_or_harmless(void **state)
{
    (void)state;
    struct image image = sample_image();
    uint32_t accepted = 0;
    for (size_t i = 0; i < image.size; i++) {
        for (int bit = 0; bit < 8; bit++) {
            struct program *program = NULL;
            struct bamboo_error error = {0};
            struct text text = {0};
            image.bytes[i] ^= (uint8_t)(1 << bit);
            image_seal(&image);
            enum bamboo_status status =
                program_load(image.bytes, image.size, "flow.bbc", &program, &error);
            image.bytes[i] ^= (uint8_t)(1 << bit);
            if (status != BAMBOO_OK) {
                assert_int_equal(status, BAMBOO_E_ARTIFACT);
                assert_true(strncmp(error.message, "flow.bbc: ", 10) == 0);
                continue;
            }
            accepted++;
            disassemble_program(program, &text);
            assert_false(text.failed);
            text_release(&text);
            program_release(program);
        }
    }
    print_message("%u of %zu changed bits are accepted\n", accepted, 8 * image.size);
    memory_free(image.bytes);
}

static void an_image_is_not_larger_than_the_limit(void **state)
{
    (void)state;
    size_t size = (size_t)IMAGE_SIZE_MAX + 8;
    uint8_t *bytes = calloc(1, size);
    struct program *program = NULL;
    struct bamboo_error error;
    memcpy(bytes, IMAGE_MAGIC, IMAGE_MAGIC_SIZE);
    assert_int_equal(program_load(bytes, size, "flow.bbc", &program, &error), BAMBOO_E_LIMIT);
    assert_string_equal(error.message, "flow.bbc: an artifact has at most 256 MiB");
    free(bytes);
}

static void what_is_an_image_is_told_by_its_magic(void **state)
{
    (void)state;
    struct image image = sample_image();
    assert_true(program_is_image(image.bytes, image.size));
    assert_true(program_is_image(image.bytes, 8));
    for (size_t i = 0; i < 8; i++) { /* damaged, it is no source either */
        image.bytes[i] ^= 1;
        assert_true(program_is_image(image.bytes, image.size));
        image.bytes[i] ^= 1;
        assert_true(program_is_image(image.bytes, i + 1));
    }
    assert_false(program_is_image(NULL, 0));
    assert_false(program_is_image("pipeline main {}", 16));
    memory_free(image.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_is_loaded),
        cmocka_unit_test(a_program_answers),
        cmocka_unit_test(code_without_lines_has_none),
        cmocka_unit_test(padding_is_zero),
        cmocka_unit_test(an_image_with_fewer_sections_is_loaded),
        cmocka_unit_test(bytes_behind_the_constants_are_refused),
        cmocka_unit_test(an_image_cut_anywhere_is_refused),
        cmocka_unit_test(an_image_with_a_tail_is_refused),
        cmocka_unit_test(a_changed_byte_does_not_pass_the_checksum),
        cmocka_unit_test(a_changed_bit_is_refused_or_harmless),
        cmocka_unit_test(an_image_is_not_larger_than_the_limit),
        cmocka_unit_test(what_is_an_image_is_told_by_its_magic),
    };
    int failed = RUN_ROWS(HEADERS, a_wrong_header_is_refused);
    failed += RUN_ROWS(CONSTANTS, a_changed_word_is_refused);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
