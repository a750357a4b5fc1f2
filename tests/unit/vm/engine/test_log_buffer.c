/* Output on its way to the store. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "vm/engine/log_buffer.h"

#include <cmocka.h>

/* The buffer only compares runs. */
static char runs[2];
#define RUN(index) ((struct owned_run *)(void *)&runs[index])

static struct log_piece piece(int run, uint64_t attempt, enum bamboo_stream stream)
{
    return (struct log_piece){.run = RUN(run), .attempt = attempt, .stream = stream};
}

static bool add(struct log_buffer *buffer, struct log_piece added, const char *node,
                const char *text)
{
    return log_buffer_add(buffer, &added, node, text, strlen(text));
}

static void output_that_belongs_together_becomes_one_piece(void **state)
{
    (void)state;
    struct log_buffer buffer = {0};
    assert_true(add(&buffer, piece(0, 1, BAMBOO_STREAM_OUTPUT), "build", "one "));
    assert_true(add(&buffer, piece(0, 1, BAMBOO_STREAM_OUTPUT), "build", "two"));
    assert_int_equal(buffer.count, 1);
    assert_memory_equal(log_piece_bytes(&buffer, &buffer.pieces[0]), "one two", 7);
    assert_int_equal(buffer.pieces[0].size, 7);
    log_buffer_release(&buffer);
}

static void another_stream_node_attempt_or_run_is_another_piece(void **state)
{
    (void)state;
    struct log_buffer buffer = {0};
    add(&buffer, piece(0, 1, BAMBOO_STREAM_OUTPUT), "build", "a");
    add(&buffer, piece(0, 1, BAMBOO_STREAM_ERROR), "build", "b");
    add(&buffer, piece(0, 2, BAMBOO_STREAM_ERROR), "build", "c");
    add(&buffer, piece(0, 2, BAMBOO_STREAM_ERROR), "test", "d");
    add(&buffer, piece(1, 2, BAMBOO_STREAM_ERROR), "test", "e");
    assert_int_equal(buffer.count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(buffer.pieces[i].size, 1);
        assert_int_equal(*log_piece_bytes(&buffer, &buffer.pieces[i]), 'a' + (int)i);
    }
    assert_string_equal(log_piece_node(&buffer, &buffer.pieces[4]), "test");
    log_buffer_release(&buffer);
}

static void a_piece_does_not_grow_without_end(void **state)
{
    (void)state;
    static char large[LOG_PIECE_SIZE_MAX];
    memset(large, 'x', sizeof large);
    struct log_buffer buffer = {0};
    struct log_piece added = piece(0, 1, BAMBOO_STREAM_OUTPUT);
    assert_true(log_buffer_add(&buffer, &added, "n", large, sizeof large));
    assert_true(log_buffer_add(&buffer, &added, "n", "y", 1));
    assert_int_equal(buffer.count, 2);
    log_buffer_release(&buffer);
}

static void pieces_of_a_forgotten_run_are_not_wanted(void **state)
{
    (void)state;
    struct log_buffer buffer = {0};
    add(&buffer, piece(0, 1, BAMBOO_STREAM_OUTPUT), "a", "x");
    add(&buffer, piece(1, 1, BAMBOO_STREAM_OUTPUT), "a", "y");
    assert_true(log_buffer_mentions(&buffer, RUN(0)));
    log_buffer_forget(&buffer, RUN(0));
    assert_false(log_buffer_mentions(&buffer, RUN(0)));
    assert_true(log_buffer_mentions(&buffer, RUN(1)));
    assert_null(buffer.pieces[0].run);
    assert_ptr_equal(buffer.pieces[1].run, RUN(1));
    log_buffer_clear(&buffer);
    assert_int_equal(buffer.count, 0);
    log_buffer_release(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_that_belongs_together_becomes_one_piece),
        cmocka_unit_test(another_stream_node_attempt_or_run_is_another_piece),
        cmocka_unit_test(a_piece_does_not_grow_without_end),
        cmocka_unit_test(pieces_of_a_forgotten_run_are_not_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
