#include "tests/unit/base/support.h"

#include "base/limits.h"
#include "base/value_codec.h"

static const char *const VALUES[] = {
    "missing",
    "null",
    "true",
    "false",
    "0",
    "-1",
    "9223372036854775807",
    "-9223372036854775808",
    "1.5",
    "@1h30m",
    "@-1ms",
    "\"\"",
    "\"text \xe2\x82\xac\"",
    "[]",
    "{}",
    "[1, [2, [3, \"x\"]], {\"a\": [null, true]}]",
    "{\"a\": 1, \"b\": {\"c\": 2.5, \"\": []}}",
    "[12345678901234567890, -98765432109876543210]",
};
#define VALUE_COUNT (sizeof VALUES / sizeof VALUES[0])

static void every_value_comes_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < VALUE_COUNT; i++) {
        struct byte_writer writer = {0};
        struct bamboo_value value = value_of(VALUES[i]);
        struct bamboo_value back;
        struct bamboo_error error = {0};
        value_encode(&writer, value);
        assert_false(writer.failed);
        struct byte_reader reader = reader_of(writer.bytes, writer.size);
        if (value_decode(&reader, &back, &error)) fail_msg("%s: %s", VALUES[i], error.message);
        assert_true(reader_at_end(&reader));
        assert_value(back, VALUES[i]);
        bamboo_value_release(value);
        bamboo_value_release(back);
        writer_release(&writer);
    }
}

/* Decodes bytes that may be anything, from memory of exactly their size. */
static enum bamboo_status decode_exactly(const uint8_t *bytes, size_t size,
                                         struct bamboo_error *error)
{
    uint8_t *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    if (size) memcpy(copy, bytes, size);
    struct byte_reader reader = reader_of(copy, size);
    struct bamboo_value value = bamboo_missing();
    enum bamboo_status status = value_decode(&reader, &value, error);
    if (status == BAMBOO_OK) bamboo_value_release(value);
    free(copy);
    return status;
}

static void every_truncation_is_an_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < VALUE_COUNT; i++) {
        struct byte_writer writer = {0};
        struct bamboo_value value = value_of(VALUES[i]);
        value_encode(&writer, value);
        for (size_t size = 0; size < writer.size; size++)
            assert_int_equal(decode_exactly(writer.bytes, size, NULL), BAMBOO_E_ARTIFACT);
        bamboo_value_release(value);
        writer_release(&writer);
    }
}

static void every_flipped_bit_is_a_value_or_an_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < VALUE_COUNT; i++) {
        struct byte_writer writer = {0};
        struct bamboo_value value = value_of(VALUES[i]);
        value_encode(&writer, value);
        for (size_t bit = 0; bit < writer.size * 8; bit++) {
            writer.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            enum bamboo_status status = decode_exactly(writer.bytes, writer.size, NULL);
            assert_true(status == BAMBOO_OK || status == BAMBOO_E_ARTIFACT);
            writer.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        bamboo_value_release(value);
        writer_release(&writer);
    }
}

struct malformed {
    const char *promise;
    const char *bytes;
    size_t size;
    const char *refusal;
};

static const struct malformed MALFORMED[] = {
    {"nothing", "", 0, "an encoded value ends too early"},
    {"an unknown type", "\x0a", 1, "an encoded value has an unknown type"},
    {"a large number that is small",
     "\x09\x01"
     "7",
     3, "an encoded value has a small number as a large one"},
    {"a large number of letters",
     "\x09\x01"
     "x",
     3, "an encoded value is not valid: these are not the digits of an integer"},
    {"a third truth", "\x02\x02", 2, "an encoded value has a bool that is neither true nor false"},
    {"infinity", "\x04\0\0\0\0\0\0\xf0\x7f", 9, "an encoded value has a float that is not finite"},
    {"not a number", "\x04\0\0\0\0\0\0\xf8\x7f", 9,
     "an encoded value has a float that is not finite"},
    {"text that is not UTF-8", "\x06\x01\xff", 3,
     "an encoded value is not valid: a string must be UTF-8, and this is not"},
    {"a text that is too short",
     "\x06\x05"
     "ab",
     4, "an encoded value ends inside a string"},
    {"a list with too many elements", "\x07\xff\xff\xff\xff\x0f", 6,
     "an encoded value has a list without a valid count"},
    {"a list that ends early", "\x07\x02\x01", 3, "an encoded value ends too early"},
    {"a key twice",
     "\x08\x02\x01"
     "a\x01\x01"
     "a\x01",
     8, "an encoded value has a map with the same key twice"},
    {"a padded int", "\x03\x80\x00", 3,
     "an encoded value ends too early or has a malformed number"},
};

static void malformed_bytes_are_refused(void **state)
{
    const struct malformed *row = *state;
    struct bamboo_error error = {0};
    assert_int_equal(decode_exactly((const uint8_t *)row->bytes, row->size, &error),
                     BAMBOO_E_ARTIFACT);
    assert_string_equal(error.message, row->refusal);
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    struct byte_writer writer = {0};
    struct bamboo_error error = {0};
    for (size_t i = 0; i < VALUE_DEPTH_MAX; i++)
        writer_raw(&writer, "\x07\x01", 2);
    writer_u8(&writer, BAMBOO_NULL);
    assert_int_equal(decode_exactly(writer.bytes, writer.size, &error), BAMBOO_OK);
    writer_clear(&writer);
    for (size_t i = 0; i < 1000000; i++)
        writer_raw(&writer, "\x07\x01", 2);
    writer_u8(&writer, BAMBOO_NULL);
    assert_int_equal(decode_exactly(writer.bytes, writer.size, &error), BAMBOO_E_ARTIFACT);
    assert_string_equal(error.message, "an encoded value is nested too deeply");
    writer_clear(&writer);
    for (size_t i = 0; i < VALUE_DEPTH_MAX; i++)
        writer_raw(&writer, "\x07\x01", 2);
    writer_raw(&writer, "\x07\x00", 2);
    assert_int_equal(decode_exactly(writer.bytes, writer.size, &error), BAMBOO_E_ARTIFACT);
    writer_release(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_comes_back),
        cmocka_unit_test(every_truncation_is_an_error),
        cmocka_unit_test(every_flipped_bit_is_a_value_or_an_error),
        cmocka_unit_test(nesting_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) +
           RUN_ROWS(MALFORMED, malformed_bytes_are_refused);
}
