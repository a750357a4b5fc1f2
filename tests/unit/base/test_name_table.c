#include "support.h"

#include <stdio.h>

#include "base/name_table.h"

static void what_was_set_is_found(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct name_table table = {0};
    char names[1000][8];
    assert_int_equal(name_table_find(&table, "n1"), NAME_TABLE_NONE);
    for (uint32_t i = 0; i < 1000; i++) {
        snprintf(names[i], sizeof names[i], "n%u", i);
        assert_true(name_table_set(&table, arena, names[i], i));
    }
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(name_table_find(&table, names[i]), i);
    assert_int_equal(name_table_find(&table, "n1000"), NAME_TABLE_NONE);
    assert_int_equal(table.count, 1000);
    arena_destroy(arena);
}

static void a_name_that_is_set_again_keeps_its_place(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct name_table table = {0};
    assert_true(name_table_set(&table, arena, "", 1));
    assert_true(name_table_set(&table, arena, "", 2));
    assert_int_equal(name_table_find(&table, ""), 2);
    assert_int_equal(table.count, 1);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_set_is_found),
        cmocka_unit_test(a_name_that_is_set_again_keeps_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
