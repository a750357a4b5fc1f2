#include "tests/unit/base/support.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/text.h"

static void an_array_grows_and_keeps_its_content(void **state)
{
    (void)state;
    int *array = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        assert_true(memory_grow((void **)&array, &capacity, (size_t)i + 1, sizeof *array));
        array[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(array[i], i);
    assert_true(capacity < 2000);
    memory_free(array);
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    void *array = NULL;
    size_t capacity = 0;
    struct arena *arena = arena_create();
    assert_non_null(arena);
    assert_false(memory_grow(&array, &capacity, SIZE_MAX, 2));
    assert_false(memory_grow(&array, &capacity, SIZE_MAX / 4, 16));
    assert_null(array);
    assert_int_equal(capacity, 0);
    assert_null(memory_allocate_zeroed(SIZE_MAX, 16));
    assert_null(memory_copy_text("", SIZE_MAX));
    assert_null(arena_allocate(arena, SIZE_MAX));
    assert_null(arena_allocate_array(arena, SIZE_MAX, 16));
    assert_null(arena_copy_text(arena, "", SIZE_MAX));
    arena_destroy(arena);
}

static void nothing_can_be_allocated_and_freed(void **state)
{
    (void)state;
    void *memory = memory_allocate(0);
    void *zeroed = memory_allocate_zeroed(0, 8);
    assert_non_null(memory);
    assert_non_null(zeroed);
    memory_free(memory);
    memory_free(zeroed);
    memory_free(NULL);
    arena_destroy(NULL);
}

static void arena_memory_is_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    assert_non_null(arena);
    unsigned char *before = NULL;
    for (size_t size = 0; size < 400; size++) {
        unsigned char *memory = arena_allocate(arena, size);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % sizeof(long double), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xFF, size);
        if (before && size > 1) assert_int_equal(before[size - 2], 0xFF);
        before = memory;
    }
    arena_destroy(arena);
}

static void arena_text_is_copied_and_formatted(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    assert_non_null(arena);
    assert_string_equal(arena_copy_text(arena, "abcdef", 3), "abc");
    assert_string_equal(arena_copy_text(arena, NULL, 0), "");
    assert_string_equal(arena_format(arena, "%s-%d", "x", 5), "x-5");
    arena_destroy(arena);
}

static void note_release(void *object)
{
    struct text *order = *(struct text **)object;
    text_append_format(order, "%d", ((int *)object)[2]);
}

static void an_arena_releases_what_it_was_given_newest_first(void **state)
{
    (void)state;
    struct text order = {0};
    struct noted {
        struct text *order;
        int number;
    } noted[3] = {{&order, 1}, {&order, 2}, {&order, 3}};
    struct arena *arena = arena_create();
    assert_non_null(arena);
    for (size_t i = 0; i < 3; i++)
        assert_true(arena_on_destroy(arena, note_release, &noted[i]));
    arena_destroy(arena);
    assert_string_equal(text_string(&order), "321");
    text_release(&order);
}

static void text_grows_clears_and_is_usable_again(void **state)
{
    (void)state;
    struct text text = {0};
    assert_string_equal(text_string(&text), "");
    text_append(&text, NULL, 0);
    text_append_string(&text, "ab");
    text_append_character(&text, 'c');
    text_append_format(&text, "%05d", 42);
    assert_string_equal(text_string(&text), "abc00042");
    assert_int_equal(text.size, 8);
    text_clear(&text);
    assert_string_equal(text_string(&text), "");
    for (int i = 0; i < 5000; i++)
        text_append_format(&text, "%d,", i);
    assert_false(text.failed);
    assert_int_equal(text.size, strlen(text_string(&text)));
    text_release(&text);
    assert_string_equal(text_string(&text), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_array_grows_and_keeps_its_content),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(nothing_can_be_allocated_and_freed),
        cmocka_unit_test(arena_memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(arena_text_is_copied_and_formatted),
        cmocka_unit_test(an_arena_releases_what_it_was_given_newest_first),
        cmocka_unit_test(text_grows_clears_and_is_usable_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
