#include "tests/unit/base/support.h"

#include "base/span.h"
#include "base/utf8.h"

struct encoding {
    const char *promise;
    const char *bytes;
    bool valid;
};

static const struct encoding ENCODINGS[] = {
    {"ASCII is valid", "hello, world", true},
    {"nothing is valid", "", true},
    {"two bytes are valid", "\xc2\x80\xdf\xbf", true},
    {"three bytes are valid", "\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf", true},
    {"four bytes are valid", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", true},
    {"a byte alone is malformed", "abcdefgh\x80", false},
    {"0xFF is malformed", "\xff", false},
    {"an overlong NUL is malformed", "\xc0\x80", false},
    {"an overlong slash is malformed", "\xe0\x80\xaf", false},
    {"an overlong four is malformed", "\xf0\x8f\xbf\xbf", false},
    {"a surrogate is malformed", "\xed\xa0\x80", false},
    {"above U+10FFFF is malformed", "\xf4\x90\x80\x80", false},
    {"a cut sequence is malformed", "abcdefgh\xe2\x82", false},
    {"a cut sequence before ASCII is malformed",
     "\xe2\x82"
     "abcdefghijk",
     false},
};

static void encoding_is_judged(void **state)
{
    const struct encoding *row = *state;
    assert_int_equal(utf8_is_valid(row->bytes, strlen(row->bytes)), row->valid);
}

static void every_code_point_comes_back(void **state)
{
    (void)state;
    for (uint32_t code_point = 0; code_point <= 0x110000; code_point++) {
        char bytes[4];
        uint32_t back = 0;
        bool scalar = code_point < 0x110000 && (code_point < 0xD800 || code_point > 0xDFFF);
        size_t size = utf8_encode(code_point, bytes);
        assert_int_equal(size > 0, scalar);
        if (!scalar) continue;
        assert_int_equal(utf8_decode(bytes, size, &back), size);
        assert_int_equal(back, code_point);
        assert_int_equal(utf8_decode(bytes, size - 1, &back), 0);
    }
}

static void characters_are_counted_and_found(void **state)
{
    (void)state;
    static const char TEXT[] = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z";
    size_t size = sizeof TEXT - 1;
    assert_int_equal(utf8_count(TEXT, size), 5);
    assert_int_equal(utf8_offset(TEXT, size, 0), 0);
    assert_int_equal(utf8_offset(TEXT, size, 2), 3);
    assert_int_equal(utf8_offset(TEXT, size, 4), 10);
    assert_int_equal(utf8_offset(TEXT, size, 5), size);
    assert_int_equal(utf8_offset(TEXT, 0, 0), 0);
}

static void widths_are_a_terminals(void **state)
{
    (void)state;
    assert_int_equal(utf8_width('a'), 1);
    assert_int_equal(utf8_width(0xE4), 1);
    assert_int_equal(utf8_width(0x301), 0);
    assert_int_equal(utf8_width(0x200B), 0);
    assert_int_equal(utf8_width(0x20AC), 1);
    assert_int_equal(utf8_width(0x4E2D), 2);
    assert_int_equal(utf8_width(0xFF21), 2);
    assert_int_equal(utf8_width(0x1F600), 2);
    assert_int_equal(utf8_width(0x10FFFF), 1);
}

static void sanitizing_leaves_only_what_can_be_shown(void **state)
{
    (void)state;
    char text[] = "a\x01\n\t\x7f\xff\xc3\xa4\xc2\x9b"
                  "b\xe2\x82";
    utf8_sanitize(text, strlen(text));
    assert_string_equal(text, "a?\n\t??\xc3\xa4??b??");
}

struct placing {
    const char *promise;
    const char *text;
    uint32_t offset;
    struct place place;
};

static const struct placing PLACINGS[] = {
    {"the start", "ab\ncd", 0, {1, 1, 0, 2}},
    {"the newline belongs to its line", "ab\ncd", 2, {1, 3, 0, 2}},
    {"the second line", "ab\ncd", 4, {2, 2, 3, 2}},
    {"the end", "ab\ncd", 5, {2, 3, 3, 2}},
    {"beyond the end", "ab\ncd", 99, {2, 3, 3, 2}},
    {"the end after a newline", "ab\n", 3, {2, 1, 3, 0}},
    {"columns are characters", "\xc3\xa4\xe2\x82\xacx", 5, {1, 3, 0, 6}},
    {"a malformed byte is a column", "\xff\xffx", 2, {1, 3, 0, 3}},
    {"a carriage return is not of the line", "ab\r\ncd\r\n", 5, {2, 2, 4, 2}},
    {"nothing", "", 0, {1, 1, 0, 0}},
};

static void place_is_found(void **state)
{
    const struct placing *row = *state;
    struct source source = {"x", row->text, strlen(row->text)};
    struct place place = source_place(&source, row->offset);
    assert_int_equal(place.line, row->place.line);
    assert_int_equal(place.column, row->place.column);
    assert_int_equal(place.line_offset, row->place.line_offset);
    assert_int_equal(place.line_size, row->place.line_size);
}

static void joined_spans_cover_both(void **state)
{
    (void)state;
    struct span span = span_join((struct span){3, 10, 5}, (struct span){3, 12, 10});
    assert_int_equal(span.source, 3);
    assert_int_equal(span.offset, 10);
    assert_int_equal(span.size, 12);
    span = span_join((struct span){0, 20, 1}, (struct span){0, 5, 2});
    assert_int_equal(span.offset, 5);
    assert_int_equal(span.size, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_comes_back),
        cmocka_unit_test(characters_are_counted_and_found),
        cmocka_unit_test(widths_are_a_terminals),
        cmocka_unit_test(sanitizing_leaves_only_what_can_be_shown),
        cmocka_unit_test(joined_spans_cover_both),
    };
    return RUN_ROWS(ENCODINGS, encoding_is_judged) + RUN_ROWS(PLACINGS, place_is_found) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
