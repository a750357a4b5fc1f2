/* A compressed image is the image, in a smaller file that cannot be damaged without notice. */
#include "tests/unit/bytecode/support.h"

#include <stdio.h>

#include "base/compression.h"
#include "base/limits.h"
#include "bytecode/image_compress.h"

#define START_SIZE offsetof(struct image_header, section_count)

static struct image compress(const struct image *image)
{
    struct image file = {0};
    assert_int_equal(image_compress(image->bytes, image->size, &file.bytes, &file.size, NULL),
                     BAMBOO_OK);
    return file;
}

/* A file that says that it holds `declared` bytes, and holds `image`. */
static struct image file_of(const void *image, size_t size, uint32_t declared)
{
    struct byte_writer out = {0};
    writer_raw(&out, IMAGE_MAGIC, IMAGE_MAGIC_SIZE);
    writer_u32(&out, IMAGE_FORMAT);
    writer_u32(&out, IMAGE_COMPRESSED);
    writer_u32(&out, declared);
    assert_int_equal(bytes_compress(image, size, &out, NULL), BAMBOO_OK);
    return (struct image){out.bytes, out.size};
}

static void a_compressed_image_is_loaded_as_the_image(void **state)
{
    (void)state;
    struct image image = sample_image(), file = compress(&image);
    struct program *plain = load(&image), *program = load(&file);
    assert_true(file.size < image.size / 2);
    assert_true(program_is_image(file.bytes, file.size));
    assert_int_equal(program->image_size, image.size);
    assert_memory_equal(program->image, image.bytes, image.size);
    assert_memory_equal(program->digest, plain->digest, DIGEST_SIZE); /* one name in a store */
    program_release(plain);
    program_release(program);
    memory_free(image.bytes);
    memory_free(file.bytes);
}

static void a_compressed_image_cut_anywhere_is_refused(void **state)
{
    (void)state;
    struct image image = sample_image(), file = compress(&image);
    for (size_t size = 0; size < file.size; size++) {
        /* In a block of its own, so that a read behind the end is found. */
        uint8_t *cut = memory_allocate(size);
        memcpy(cut, file.bytes, size);
        if (size >= START_SIZE)
            assert_refused(&(struct image){cut, size}, "flow.bbc: the artifact is damaged: it does "
                                                       "not decompress to 1792 bytes");
        else {
            struct program *program = NULL;
            struct bamboo_error error = {0};
            assert_int_equal(program_load(cut, size, "flow.bbc", &program, &error),
                             BAMBOO_E_ARTIFACT);
            assert_true(strncmp(error.message, "flow.bbc: ", 10) == 0);
        }
        memory_free(cut);
    }
    memory_free(image.bytes);
    memory_free(file.bytes);
}

static void a_changed_bit_of_a_compressed_image_is_noticed(void **state)
{
    (void)state;
    struct image image = sample_image(), file = compress(&image);
    for (size_t i = 0; i < 8 * file.size; i++) {
        struct program *program = NULL;
        struct bamboo_error error = {0};
        file.bytes[i / 8] ^= (uint8_t)(1 << i % 8);
        enum bamboo_status status =
            program_load(file.bytes, file.size, "flow.bbc", &program, &error);
        file.bytes[i / 8] ^= (uint8_t)(1 << i % 8);
        /* The size beyond the limit of all artifacts is told as such. */
        if (status != BAMBOO_E_LIMIT) assert_int_equal(status, BAMBOO_E_ARTIFACT);
        assert_true(strncmp(error.message, "flow.bbc: ", 10) == 0);
    }
    memory_free(image.bytes);
    memory_free(file.bytes);
}

static void a_tail_or_another_size_is_refused(void **state)
{
    static const uint32_t SIZES[] = {0, 1791, 1793, IMAGE_SIZE_MAX};
    (void)state;
    struct image image = sample_image(), file = compress(&image);
    file.bytes = memory_resize(file.bytes, file.size + 1);
    file.bytes[file.size++] = 0;
    assert_refused(&file,
                   "flow.bbc: the artifact is damaged: it does not decompress to 1792 bytes");
    memory_free(file.bytes);
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        char because[128];
        file = file_of(image.bytes, image.size, SIZES[i]);
        snprintf(because, sizeof because,
                 "flow.bbc: the artifact is damaged: it does not decompress to %u bytes", SIZES[i]);
        assert_refused(&file, because);
        memory_free(file.bytes);
    }
    memory_free(image.bytes);
}

static void an_image_beyond_the_limit_is_refused_before_it_is_decompressed(void **state)
{
    (void)state;
    struct image file = file_of("", 0, IMAGE_SIZE_MAX + 1);
    struct program *program = NULL;
    struct bamboo_error error;
    assert_int_equal(program_load(file.bytes, file.size, "flow.bbc", &program, &error),
                     BAMBOO_E_LIMIT);
    assert_string_equal(error.message, "flow.bbc: an artifact has at most 256 MiB");
    memory_free(file.bytes);
}

static void what_is_compressed_is_judged_as_what_is_not(void **state)
{
    (void)state;
    struct image image = sample_image(), once = compress(&image);
    struct image twice = compress(&once), empty = file_of("", 0, 0);
    image.bytes[image.size - 1] ^= 1;
    struct image damaged = compress(&image);
    assert_refused(&empty, "flow.bbc: this is not an artifact of bamboo");
    assert_refused(&damaged, "flow.bbc: the artifact is damaged: its checksum does not fit");
    char because[128];
    snprintf(because, sizeof because, "flow.bbc: the artifact should have 1792 bytes, but has %zu",
             once.size);
    assert_refused(&twice, because);
    memory_free(image.bytes);
    memory_free(once.bytes);
    memory_free(twice.bytes);
    memory_free(empty.bytes);
    memory_free(damaged.bytes);
}

static void another_format_is_told(void **state)
{
    (void)state;
    struct image image = sample_image(), file = compress(&image);
    image_header_of(&file)->format = 4;
    assert_refused(&file, "flow.bbc: the artifact has format 4, this bamboo reads format 3");
    memory_free(image.bytes);
    memory_free(file.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_compressed_image_is_loaded_as_the_image),
        cmocka_unit_test(a_compressed_image_cut_anywhere_is_refused),
        cmocka_unit_test(a_changed_bit_of_a_compressed_image_is_noticed),
        cmocka_unit_test(a_tail_or_another_size_is_refused),
        cmocka_unit_test(an_image_beyond_the_limit_is_refused_before_it_is_decompressed),
        cmocka_unit_test(what_is_compressed_is_judged_as_what_is_not),
        cmocka_unit_test(another_format_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
