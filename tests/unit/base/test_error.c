#include "tests/unit/base/support.h"

#include <errno.h>

#include "base/utf8.h"

static void fail_fills_the_error_and_returns_its_status(void **state)
{
    (void)state;
    struct bamboo_error error = {.line = 7, .file = "old"};
    assert_int_equal(fail(&error, BAMBOO_E_REFUSED, "node %d", 3), BAMBOO_E_REFUSED);
    assert_int_equal(error.status, BAMBOO_E_REFUSED);
    assert_string_equal(error.message, "node 3");
    assert_string_equal(error.file, "");
    assert_int_equal(error.line, 0);
}

static void no_error_struct_is_needed(void **state)
{
    (void)state;
    assert_int_equal(fail(NULL, BAMBOO_E_IO, "x"), BAMBOO_E_IO);
    assert_int_equal(fail_memory(NULL), BAMBOO_E_MEMORY);
    assert_int_equal(fail_errno(NULL, BAMBOO_E_IO, ENOENT, "x"), BAMBOO_E_IO);
}

static void a_message_may_contain_the_message_before(void **state)
{
    (void)state;
    struct bamboo_error error;
    fail(&error, BAMBOO_E_IO, "inner");
    fail(&error, BAMBOO_E_STORE, "outer: %s", error.message);
    assert_string_equal(error.message, "outer: inner");
}

static void a_long_message_is_cut_between_characters(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        char text[1200] = "";
        struct bamboo_error error;
        memset(text, 'x', shift);
        while (strlen(text) < 1100)
            strcat(text, "\xf0\x9f\x98\x80");
        fail(&error, BAMBOO_E_IO, "%s", text);
        assert_true(strlen(error.message) > 1015);
        assert_true(utf8_is_valid(error.message, strlen(error.message)));
        assert_null(strchr(error.message, '?'));
    }
}

static void a_message_is_safe_to_show(void **state)
{
    (void)state;
    struct bamboo_error error;
    fail(&error, BAMBOO_E_IO, "a\033[2Jb\xff");
    assert_string_equal(error.message, "a?[2Jb?");
}

static void a_system_error_is_explained(void **state)
{
    (void)state;
    struct bamboo_error error;
    fail_errno(&error, BAMBOO_E_IO, ENOENT, "cannot open '%s'", "x");
    assert_string_equal(error.message, "cannot open 'x': No such file or directory");
}

static void every_status_has_name_meaning_and_exit_status(void **state)
{
    (void)state;
    assert_string_equal(bamboo_status_name(BAMBOO_E_REFUSED), "REFUSED");
    assert_int_equal(bamboo_status_exit(BAMBOO_OK), 0);
    for (unsigned status = 0; status < BAMBOO_STATUS_COUNT; status++) {
        assert_true(strlen(bamboo_status_name((enum bamboo_status)status)) > 0);
        assert_true(strlen(bamboo_status_meaning((enum bamboo_status)status)) > 0);
        assert_int_equal(bamboo_status_exit((enum bamboo_status)status) == 0, status == 0);
    }
    assert_string_equal(bamboo_status_name(BAMBOO_STATUS_COUNT), "INTERNAL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fail_fills_the_error_and_returns_its_status),
        cmocka_unit_test(no_error_struct_is_needed),
        cmocka_unit_test(a_message_may_contain_the_message_before),
        cmocka_unit_test(a_long_message_is_cut_between_characters),
        cmocka_unit_test(a_message_is_safe_to_show),
        cmocka_unit_test(a_system_error_is_explained),
        cmocka_unit_test(every_status_has_name_meaning_and_exit_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
