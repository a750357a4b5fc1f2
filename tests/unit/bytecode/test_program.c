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

#define HEADER(field)    offsetof(struct image_header, field)
#define SIZE_OF(section) (HEADER(section_sizes) + SECTION_##section * sizeof(uint32_t))

static const struct header_case HEADERS[] = {
    {"1: the magic is bamboo's", 0, 0x464C457F, true,
     "flow.bbc: this is not an artifact of bamboo"},
    {"2: the format is this one's", HEADER(format), 2, true,
     "flow.bbc: the artifact has format 2, this bamboo reads format 3"},
    {"3: the size is that of the file", HEADER(size), 160, false,
     "flow.bbc: the artifact should have 160 bytes, but has 1792"},
    {"4: the kind is known", HEADER(kind), IMAGE_COMPRESSED + 1, true,
     "flow.bbc: the artifact is of the unknown kind 4"},
    {"5: the sections are known", HEADER(section_count), SECTION_COUNT + 1, true,
     "flow.bbc: the artifact has 16 sections, this bamboo knows 15; a newer one made it"},
    {"5: the table of sections is there", HEADER(section_count), ~0u, true,
     "flow.bbc: the artifact has 4294967295 sections, this bamboo knows 15; a newer one made it"},
    {"6: the checksum fits", HEADER(checksum), 0, false,
     "flow.bbc: the artifact is damaged: its checksum does not fit"},
    {"7: a section ends in the image", SIZE_OF(NODES), 0x10000, true,
     "flow.bbc: section NODES does not lie inside the artifact"},
    {"7: its size cannot be made to wrap", SIZE_OF(NODES), ~31u, true,
     "flow.bbc: section NODES does not lie inside the artifact"},
    {"7: the last section ends the image", SIZE_OF(TITLES), 8, true,
     "flow.bbc: the artifact goes on behind its last section"},
    {"7: sections hold whole rows", SIZE_OF(SOURCES), 39, true,
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

/* Behind the sizes of the sections, and behind a section. */
static void padding_is_zero(void **state)
{
    (void)state;
    struct image image = sample_image();
    uint8_t *constants = image_section_of(&image, SECTION_CONSTANTS);
    uint8_t *paddings[] = {image.bytes + sizeof(struct image_header),
                           constants + image_header_of(&image)->section_sizes[SECTION_CONSTANTS]};
    for (size_t i = 0; i < 2; i++) {
        assert_int_not_equal((paddings[i] - image.bytes) % SECTION_ALIGNMENT, 0);
        *paddings[i] = 1;
        image_seal(&image);
        assert_refused(&image,
                       "flow.bbc: a section is not followed by zeros up to a multiple of 8");
        *paddings[i] = 0;
    }
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
    uint8_t *constants = image_section_of(&image, SECTION_CONSTANTS);
    uint32_t fewer = SECTION_COUNT - SECTION_LINES; /* without LINES and what is behind it */
    size_t end = (offsetof(struct image_header, section_sizes[SECTION_LINES]) + 7) / 8 * 8;
    size_t shorter = (size_t)(constants - image.bytes) - end;
    header->section_count -= fewer;
    header->size -= (uint32_t)shorter;
    memmove(image.bytes + end, constants, header->size - end);
    memset(&header->section_sizes[SECTION_LINES], 0,
           end - offsetof(struct image_header, section_sizes[SECTION_LINES]));
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
    {"8: a constant ends in its section", SECTION_CONSTANTS, 0, 1, 0, 0x6101FFFF,
     "flow.bbc: constant 0: an encoded value ends inside a string"},
    {"9: a constant has a known type", SECTION_CONSTANTS, 0, 0, 0, 0x0A0A0A0A,
     "flow.bbc: constant 0: an encoded value has an unknown type"},
    {"9: a constant is UTF-8", SECTION_CONSTANTS, 0, 1, 0, 0xFFFFFF04,
     "flow.bbc: constant 0: an encoded value is not valid: a string must be UTF-8, and this is "
     "not"},
};

/* A control program with `count` times the constant of these `size` bytes. */
static struct image image_of_constants(const uint8_t *encoded, size_t size, size_t count)
{
    struct image_writer *writer = image_writer_create(IMAGE_CONTROL);
    image_emit(writer, OP_HALT, 0);
    struct image image = finish(writer);
    size_t at = (size_t)((uint8_t *)image_section_of(&image, SECTION_CONSTANTS) - image.bytes);
    size_t filled = (size * count + 7) / 8 * 8, rest = image.size - at;
    image.bytes = memory_resize(image.bytes, image.size + filled);
    assert_non_null(image.bytes);
    memmove(image.bytes + at + filled, image.bytes + at, rest);
    memset(image.bytes + at, 0, filled);
    for (size_t i = 0; i < count; i++)
        memcpy(image.bytes + at + i * size, encoded, size);
    image.size += filled;
    image_header_of(&image)->size = (uint32_t)image.size;
    image_header_of(&image)->section_sizes[SECTION_CONSTANTS] = (uint32_t)(size * count);
    image_seal(&image);
    return image;
}

static void constants_fill_their_section(void **state)
{
    (void)state;
    struct image image = image_of_constants((const uint8_t[]){BAMBOO_INTEGER, 0}, 2, 3);
    struct program *program = load(&image);
    assert_int_equal(program->constant_count, 3);
    assert_int_equal(program->constants[2].type, BAMBOO_INTEGER);
    program_release(program);
    image_header_of(&image)->section_sizes[SECTION_CONSTANTS]--;
    image_seal(&image);
    assert_refused(&image, "flow.bbc: constant 2: an encoded value ends too early or has a "
                           "malformed number");
    image_header_of(&image)->section_sizes[SECTION_CONSTANTS] += 2; /* a byte of padding */
    image_seal(&image);
    program = load(&image);
    assert_int_equal(program->constant_count, 4);
    assert_int_equal(program->constants[3].type, BAMBOO_MISSING);
    program_release(program);
    memory_free(image.bytes);
}

/* A list of a million nulls has a byte each in an image, and sixteen in memory. */
static void constants_take_no_more_memory_than_the_limit(void **state)
{
    (void)state;
    size_t size = 4 + VALUE_COUNT_MAX;
    uint8_t *list = memory_allocate(size);
    memset(list, BAMBOO_NULL, size);
    memcpy(list, (const uint8_t[]){BAMBOO_LIST, 0x80, 0x80, 0x40}, 4);
    size_t most = CONSTANT_MEMORY_MAX / (VALUE_COUNT_MAX * sizeof(struct bamboo_value)) - 1;
    for (size_t more = 0; more < 2; more++) {
        struct image image = image_of_constants(list, size, most + more);
        struct program *program = NULL;
        struct bamboo_error error = {0};
        enum bamboo_status status =
            program_load(image.bytes, image.size, "flow.bbc", &program, &error);
        assert_int_equal(status, more ? BAMBOO_E_LIMIT : BAMBOO_OK);
        assert_string_equal(error.message,
                            more ? "flow.bbc: the constants of an artifact take at most 256 MiB"
                                 : "");
        program_release(program);
        memory_free(image.bytes);
    }
    memory_free(list);
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
    assert_refused(&image, "flow.bbc: the artifact should have 1792 bytes, but has 1800");
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
        cmocka_unit_test(constants_fill_their_section),
        cmocka_unit_test(constants_take_no_more_memory_than_the_limit),
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
