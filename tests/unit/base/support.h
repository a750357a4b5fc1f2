/* What the tests of base/ share: values written as JSON, tables of tests. */
#ifndef TESTS_UNIT_BASE_SUPPORT_H
#define TESTS_UNIT_BASE_SUPPORT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "base/duration.h"
#include "base/value.h"

/* cmocka has a macro of the name of our fail(). */
#include <cmocka.h>
#undef fail
#undef fail_msg
#define fail_msg(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

#include "tests/unit/rows.h"

/* "[1, 2]" as a value; "@1h" is a duration, "missing" is missing. */
static inline struct bamboo_value value_of(const char *text)
{
    struct bamboo_error error = {0};
    struct bamboo_value value = bamboo_missing();
    int64_t milliseconds;
    if (strcmp(text, "missing") == 0) return value;
    if (text[0] == '@') {
        if (duration_parse(text + 1, strlen(text + 1), &milliseconds, &error))
            fail_msg("%s", error.message);
        return bamboo_duration(milliseconds);
    }
    if (bamboo_json_parse(text, strlen(text), &value, &error)) fail_msg("%s", error.message);
    return value;
}

/* Is it `expected` (as above), the type included? */
static inline void assert_value(struct bamboo_value value, const char *expected)
{
    struct text text = {0};
    struct bamboo_value wanted = value_of(expected);
    value_append_text(&text, value);
    if (value.type != wanted.type || !bamboo_value_equal(value, wanted))
        fail_msg("%s %s instead of %s", bamboo_type_name(value.type), text_string(&text), expected);
    bamboo_value_release(wanted);
    text_release(&text);
}

#endif
