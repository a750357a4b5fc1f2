#include "tests/unit/base/support.h"

#include "base/bytes.h"
#include "base/digest.h"

static void numbers_are_little_endian(void **state)
{
    (void)state;
    static const uint8_t EXPECTED[] = {0x01, 0x0F, 0x0E, 0x0D, 0x0C, 0x0B, 0x0A, 0x09, 0x08, 0,   0,
                                       0,    0,    0,    0,    0xF8, 0x3F, 0x07, 0x06, 0x05, 0x04};
    struct byte_writer writer = {0};
    writer_u8(&writer, 0x01);
    writer_u64(&writer, 0x08090A0B0C0D0E0F);
    writer_double(&writer, 1.5);
    writer_u32(&writer, 0x04050607);
    assert_false(writer.failed);
    assert_int_equal(writer.size, sizeof EXPECTED);
    assert_memory_equal(writer.bytes, EXPECTED, sizeof EXPECTED);

    struct byte_reader reader = reader_of(writer.bytes, writer.size);
    assert_int_equal(reader_u8(&reader), 0x01);
    assert_int_equal(reader_u64(&reader), 0x08090A0B0C0D0E0F);
    assert_true(reader_double(&reader) == 1.5);
    assert_non_null(reader_take(&reader, 4));
    assert_true(reader_at_end(&reader));
    assert_false(reader.failed);
    writer_release(&writer);
}

static void variable_numbers_come_back(void **state)
{
    (void)state;
    static const uint64_t NUMBERS[] = {0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX};
    static const int64_t SIGNED[] = {0, -1, 1, 63, -64, 64, INT64_MAX, INT64_MIN};
    struct byte_writer writer = {0};
    for (size_t i = 0; i < 8; i++) {
        writer_varint(&writer, NUMBERS[i]);
        writer_signed(&writer, SIGNED[i]);
    }
    struct byte_reader reader = reader_of(writer.bytes, writer.size);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(reader_varint(&reader), NUMBERS[i]);
        assert_int_equal(reader_signed(&reader), SIGNED[i]);
    }
    assert_true(reader_at_end(&reader));
    assert_false(reader.failed);
    writer_release(&writer);
}

struct malformed_varint {
    const char *promise;
    const char *bytes;
    size_t size;
};

static const struct malformed_varint MALFORMED_VARINTS[] = {
    {"an empty number is refused", "", 0},
    {"a number that does not end is refused", "\x80", 1},
    {"a padded zero is refused", "\x80\x00", 2},
    {"a padded number is refused", "\xFF\x80\x00", 3},
    {"65 bits are refused", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", 10},
    {"an eleventh byte is refused", "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x81\x01", 11},
};

static void malformed_varint_is_refused(void **state)
{
    const struct malformed_varint *row = *state;
    struct byte_reader reader = reader_of(row->bytes, row->size);
    assert_int_equal(reader_varint(&reader), 0);
    assert_true(reader.failed);
    assert_int_equal(reader_u8(&reader), 0);
}

static void failure_of_a_reader_sticks(void **state)
{
    (void)state;
    struct byte_reader reader = reader_of("\x01\x02\x03", 3);
    assert_int_equal(reader_u64(&reader), 0);
    assert_true(reader.failed);
    assert_int_equal(reader_u8(&reader), 0);
    assert_null(reader_take(&reader, 0));
    reader = reader_of(NULL, 0);
    assert_true(reader_at_end(&reader));
    assert_int_equal(reader_u8(&reader), 0);
    assert_true(reader.failed);
}

static void sizes_are_bounded(void **state)
{
    (void)state;
    size_t size = 5;
    struct byte_reader reader = reader_of("\x03"
                                          "ab",
                                          3);
    assert_null(reader_sized(&reader, &size));
    assert_int_equal(size, 0);
    assert_true(reader.failed);
    reader = reader_of("\x02"
                       "ab",
                       3);
    assert_memory_equal(reader_sized(&reader, &size), "ab", 2);
    assert_int_equal(size, 2);
    reader = reader_of("\x05\x06", 2);
    assert_int_equal(reader_bounded(&reader, 5), 5);
    assert_int_equal(reader_bounded(&reader, 5), 0);
    assert_true(reader.failed);
}

static void a_writer_aligns_and_clears(void **state)
{
    (void)state;
    struct byte_writer writer = {0};
    writer_u8(&writer, 1);
    writer_align(&writer, 8);
    writer_align(&writer, 8);
    assert_int_equal(writer.size, 8);
    writer_sized(&writer, "xyz", 3);
    assert_memory_equal(writer.bytes, "\x01\0\0\0\0\0\0\0\x03xyz", 12);
    writer_clear(&writer);
    assert_int_equal(writer.size, 0);
    writer_release(&writer);
}

static void digests_are_sha_256(void **state)
{
    (void)state;
    uint8_t whole[DIGEST_SIZE];
    uint8_t parts[DIGEST_SIZE];
    char text[DIGEST_TEXT_SIZE];
    digest_compute("abc", 3, whole);
    digest_compute_two("a", 1, "bc", 2, parts);
    assert_memory_equal(whole, parts, DIGEST_SIZE);
    digest_print(whole, text);
    assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    digest_compute(NULL, 0, whole);
    digest_print(whole, text);
    assert_string_equal(text, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_little_endian),  cmocka_unit_test(variable_numbers_come_back),
        cmocka_unit_test(failure_of_a_reader_sticks), cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(a_writer_aligns_and_clears), cmocka_unit_test(digests_are_sha_256),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) +
           RUN_ROWS(MALFORMED_VARINTS, malformed_varint_is_refused);
}
