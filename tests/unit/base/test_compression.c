/* Compressing gives back what was put in; strange bytes give one error and take no memory. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include "base/compression.h"
#include "base/memory.h"

/* cmocka has a macro of the name of our fail(). */
#include <cmocka.h>
#undef fail

#ifdef BAMBOO_DEBUG
static int countdown; /* 0: no allocation fails */

bool memory_fault(void)
{
    return countdown > 0 && --countdown == 0;
}
#endif

/* What a test compresses: long enough for several pieces, with repetitions and without. */
static struct byte_writer sample(size_t size)
{
    struct byte_writer out = {0};
    uint32_t noise = 1;
    for (size_t i = 0; i < size; i++) {
        noise = noise * 1664525 + 1013904223;
        writer_u8(&out, i % 1000 < 300 ? (uint8_t)(noise >> 24) : (uint8_t)(i / 50));
    }
    assert_false(out.failed);
    return out;
}

static struct byte_writer compressed(const struct byte_writer *bytes)
{
    struct byte_writer out = {0};
    assert_int_equal(bytes_compress(bytes->bytes, bytes->size, &out, NULL), BAMBOO_OK);
    return out;
}

static void assert_damaged(const uint8_t *bytes, size_t size, size_t expected)
{
    struct byte_writer out = {0};
    struct bamboo_error error = {0};
    assert_int_equal(bytes_decompress(bytes, size, expected, &out, &error), BAMBOO_E_ARTIFACT);
    assert_non_null(strstr(error.message, "it does not decompress to "));
    writer_release(&out);
}

static void what_was_compressed_comes_back(void **state)
{
    static const size_t SIZES[] = {0, 1, 2, 8191, 8192, 8193, 100000, 3000000};
    (void)state;
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        struct byte_writer in = sample(SIZES[i]), small = compressed(&in), out = {0};
        writer_u8(&out, 'x'); /* both append */
        assert_true(SIZES[i] < 8000 || small.size < in.size / 2);
        assert_int_equal(bytes_decompress(small.bytes, small.size, in.size, &out, NULL), BAMBOO_OK);
        assert_int_equal(out.size, 1 + in.size);
        assert_true(in.size == 0 || memcmp(out.bytes + 1, in.bytes, in.size) == 0);
        writer_release(&in);
        writer_release(&small);
        writer_release(&out);
    }
}

static void the_same_bytes_are_compressed_to_the_same(void **state)
{
    (void)state;
    struct byte_writer in = sample(5000), one = compressed(&in), other = compressed(&in);
    assert_int_equal(one.size, other.size);
    assert_memory_equal(one.bytes, other.bytes, one.size);
    writer_release(&in);
    writer_release(&one);
    writer_release(&other);
}

static void what_is_cut_or_has_a_tail_is_damaged(void **state)
{
    (void)state;
    struct byte_writer in = sample(3000), small = compressed(&in);
    for (size_t size = 0; size < small.size; size++) {
        /* In a block of its own, so that a read behind the end is found. */
        uint8_t *cut = memory_allocate(size);
        memcpy(cut, small.bytes, size);
        assert_damaged(cut, size, in.size);
        memory_free(cut);
    }
    size_t whole = small.size;
    writer_u8(&small, 0);
    assert_damaged(small.bytes, whole + 1, in.size);
    writer_release(&in);
    writer_release(&small);
}

static void another_size_than_expected_is_damage(void **state)
{
    (void)state;
    struct byte_writer in = sample(3000), small = compressed(&in);
    const size_t wrong[] = {0, 1, 2999, 3001, UINT32_MAX, SIZE_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_damaged(small.bytes, small.size, wrong[i]);
    writer_release(&in);
    writer_release(&small);
}

/* Some kilobytes that stand for 64 MiB. */
static void a_bomb_does_not_take_more_memory_than_was_expected(void **state)
{
    (void)state;
    struct byte_writer in = {.bytes = memory_allocate_zeroed(1, 64u << 20), .size = 64u << 20};
    struct byte_writer bomb = compressed(&in), out = {0};
    assert_true(bomb.size < 16384);
    assert_int_equal(bytes_decompress(bomb.bytes, bomb.size, 100000, &out, NULL),
                     BAMBOO_E_ARTIFACT);
    assert_in_range(out.capacity, 100000, 200000);
    writer_release(&in);
    writer_release(&bomb);
    writer_release(&out);
}

static void memory_that_is_out_is_told(void **state)
{
    (void)state;
#ifdef BAMBOO_DEBUG
    struct byte_writer in = sample(20000), small = compressed(&in);
    for (int way = 0; way < 2; way++) {
        bool has_failed = true;
        for (int fault = 1; has_failed; fault++) {
            struct byte_writer out = {0};
            struct bamboo_error error = {0};
            countdown = fault;
            enum bamboo_status status =
                way == 0 ? bytes_compress(in.bytes, in.size, &out, &error)
                         : bytes_decompress(small.bytes, small.size, in.size, &out, &error);
            has_failed = countdown == 0;
            countdown = 0;
            assert_int_equal(status, has_failed ? BAMBOO_E_MEMORY : BAMBOO_OK);
            assert_string_equal(error.message, has_failed ? "out of memory" : "");
            assert_true(has_failed || fault > 3); /* liblzma's allocations are among them */
            writer_release(&out);
        }
    }
    writer_release(&in);
    writer_release(&small);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_compressed_comes_back),
        cmocka_unit_test(the_same_bytes_are_compressed_to_the_same),
        cmocka_unit_test(what_is_cut_or_has_a_tail_is_damaged),
        cmocka_unit_test(another_size_than_expected_is_damage),
        cmocka_unit_test(a_bomb_does_not_take_more_memory_than_was_expected),
        cmocka_unit_test(memory_that_is_out_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
