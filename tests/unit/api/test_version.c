/* The version in the headers, for #if, is that of the library. */
#include "tests/unit/api/support.h"

static void the_headers_have_the_version_of_the_library(void **state)
{
    (void)state;
    const char *version = bamboo_version();
    size_t size = strlen(BAMBOO_VERSION);
    assert_true(strncmp(version, BAMBOO_VERSION, size) == 0 && version[size] == ' ');
}

static void the_parts_of_the_version_are_those_of_its_text(void **state)
{
    (void)state;
    int parts[3] = {0};
    assert_true(sscanf(BAMBOO_VERSION, "%d.%d.%d", &parts[0], &parts[1], &parts[2]) >= 1);
    assert_int_equal(parts[0], BAMBOO_VERSION_MAJOR);
    assert_int_equal(parts[1], BAMBOO_VERSION_MINOR);
    assert_int_equal(parts[2], BAMBOO_VERSION_PATCH);
    assert_int_equal(BAMBOO_VERSION_NUMBER, (parts[0] * 1000 + parts[1]) * 1000 + parts[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_headers_have_the_version_of_the_library),
        cmocka_unit_test(the_parts_of_the_version_are_those_of_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
