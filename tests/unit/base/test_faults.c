/* Makes the first allocation fail, then the second, the third, ... until a scenario gets through.
 * Each failure must be an error MEMORY (or a failure that sticks), without a leak. */
#include "tests/unit/base/support.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/diagnostics.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/value_codec.h"
#include "base/value_operators.h"

#define NO_FAULT UINT32_MAX

static unsigned allocations_left = NO_FAULT; /* before one fails */
static bool fails_for_good;                  /* or only that one */
static bool has_failed;

bool memory_fault(void)
{
    if (allocations_left == NO_FAULT) return false;
    if (allocations_left > 0) {
        allocations_left--;
        return false;
    }
    has_failed = true;
    if (!fails_for_good) allocations_left = NO_FAULT;
    return true;
}

/* MEMORY or OK, never anything else. */
typedef enum bamboo_status (*scenario)(void);

static enum bamboo_status values_are_built(void)
{
    struct bamboo_map_builder map;
    struct bamboo_list_builder list;
    struct bamboo_value value = bamboo_missing();
    bamboo_list_builder_init(&list);
    bamboo_map_builder_init(&map);
    for (int i = 0; i < 12; i++) {
        char key[16];
        snprintf(key, sizeof key, "k%d", i);
        bamboo_map_builder_set_text(&map, key, "text");
    }
    enum bamboo_status status = bamboo_map_builder_finish(&map, &value, NULL);
    if (status) return status;
    bamboo_list_builder_append_take(&list, bamboo_value_retain(value));
    bamboo_list_builder_append_take(&list, value);
    if ((status = bamboo_list_builder_finish(&list, &value, NULL)) != BAMBOO_OK) return status;
    struct bamboo_value shared = bamboo_value_retain(value);
    status = value_list_append_take(&value, bamboo_value_retain(bamboo_list_at(value, 0)), NULL);
    bamboo_value_release(shared);
    bamboo_value_release(value);
    return status;
}

static enum bamboo_status a_map_gets_a_key(void)
{
    struct bamboo_value map = value_empty_map();
    for (int i = 0; i < 10; i++) {
        struct bamboo_value value;
        struct bamboo_value next;
        enum bamboo_status status = value_from_string("value", &value, NULL);
        if (status == BAMBOO_OK)
            status = value_map_with_take(map, (char[]){(char)('a' + i % 9), 0}, value, &next, NULL);
        bamboo_value_release(map);
        if (status) return status;
        map = next;
    }
    bamboo_value_release(map);
    return BAMBOO_OK;
}

static const char JSON[] = "{\"a\": [1, 2.5, \"text\", {\"b\": null}], \"c\": \"\", \"d\": [[]]}";

static enum bamboo_status json_is_read_encoded_decoded_printed(void)
{
    struct byte_writer writer = {0};
    struct bamboo_value value = bamboo_missing();
    struct bamboo_value back = bamboo_missing();
    struct bamboo_value text = bamboo_missing();
    enum bamboo_status status = bamboo_json_parse(JSON, sizeof JSON - 1, &value, NULL);
    if (status) return status;
    value_encode(&writer, value);
    struct byte_reader reader = reader_of(writer.bytes, writer.size);
    status = writer.failed ? BAMBOO_E_MEMORY : value_decode(&reader, &back, NULL);
    if (status == BAMBOO_OK) status = bamboo_json_print(back, 2, &text, NULL);
    writer_release(&writer);
    bamboo_value_release(value);
    bamboo_value_release(back);
    bamboo_value_release(text);
    return status;
}

static enum bamboo_status operators_work(void)
{
    static const value_operator OPERATORS[] = {value_add, value_modulo, value_multiply,
                                               value_index};
    static const char *const OPERANDS[][2] = {
        {"[\"a\"]", "[\"b\"]"}, {"\"%5s-%r\"", "[1, \"x\"]"}, {"\"ab\"", "3"}, {"\"ab\"", "1"}};
    for (size_t i = 0; i < sizeof OPERATORS / sizeof OPERATORS[0]; i++) {
        struct bamboo_value result = bamboo_missing();
        unsigned left_over = allocations_left;
        allocations_left = NO_FAULT; /* the operands are not what is tested */
        struct bamboo_value left = value_of(OPERANDS[i][0]);
        struct bamboo_value right = value_of(OPERANDS[i][1]);
        allocations_left = left_over;
        enum bamboo_status status = OPERATORS[i](left, right, &result, NULL);
        bamboo_value_release(left);
        bamboo_value_release(right);
        bamboo_value_release(result);
        if (status) return status;
    }
    return BAMBOO_OK;
}

static enum bamboo_status slices_and_words(void)
{
    unsigned left_over = allocations_left;
    allocations_left = NO_FAULT;
    struct bamboo_value list = value_of("[\"a b\", \"\xc3\xa4\xc3\xb6\xc3\xbc\"]");
    allocations_left = left_over;
    const struct bamboo_value bounds[3] = {bamboo_null(), bamboo_null(), bamboo_integer(-1)};
    struct bamboo_value reversed = bamboo_missing();
    struct bamboo_value text = bamboo_missing();
    struct text words = {0};
    enum bamboo_status status = value_slice(list, bounds, &reversed, NULL);
    if (status == BAMBOO_OK) status = value_slice(bamboo_list_at(list, 1), bounds, &text, NULL);
    if (status == BAMBOO_OK) status = value_append_shell(&words, list, NULL);
    if (status == BAMBOO_OK && words.failed) status = BAMBOO_E_MEMORY;
    text_release(&words);
    bamboo_value_release(reversed);
    bamboo_value_release(text);
    bamboo_value_release(list);
    return status;
}

static void release_text(void *object)
{
    text_release(object);
}

static enum bamboo_status an_arena_fills(void)
{
    bool failed = false;
    struct text text = {0};
    struct arena *arena = arena_create();
    if (!arena) return BAMBOO_E_MEMORY;
    for (size_t size = 1; size < 2000; size *= 2)
        failed = failed || !arena_allocate(arena, size);
    text_append_string(&text, "something to release");
    failed = failed || text.failed;
    failed = !arena_on_destroy(arena, release_text, &text) || failed;
    failed = failed || !arena_format(arena, "%s", "text");
    arena_destroy(arena);
    return failed ? BAMBOO_E_MEMORY : BAMBOO_OK;
}

static enum bamboo_status diagnostics_are_collected(void)
{
    struct text text = {0};
    struct bamboo_value list = bamboo_missing();
    struct diagnostics *diagnostics = diagnostics_create();
    if (!diagnostics) return BAMBOO_E_MEMORY;
    uint32_t source = diagnostics_add_source(diagnostics, "flow", "one two", 7);
    for (uint32_t i = 0; i < 3; i++) {
        struct span span = {source, i, 2};
        struct diagnostic *added = diagnostics_add(diagnostics, DIAGNOSTIC_SYNTAX, span, "%u", i);
        diagnostic_help(diagnostics, added, "help");
        diagnostic_relate(diagnostics, added, span, "related");
    }
    diagnostics_print(diagnostics, false, &text);
    bool failed = diagnostics_failed(diagnostics) || text.failed;
    enum bamboo_status status = diagnostics_to_value(diagnostics, &list, NULL);
    if (status == BAMBOO_OK && failed) status = BAMBOO_E_MEMORY;
    bamboo_value_release(list);
    text_release(&text);
    diagnostics_destroy(diagnostics);
    return status;
}

static enum bamboo_status a_file_is_read(void)
{
    char *bytes = NULL;
    size_t size;
    enum bamboo_status status = file_read("/proc/self/cmdline", 100000, &bytes, &size, NULL);
    memory_free(bytes);
    return status;
}

struct fault_case {
    const char *promise;
    scenario run;
};

static const struct fault_case FAULT_CASES[] = {
    {"values are built", values_are_built},
    {"a map gets a key", a_map_gets_a_key},
    {"JSON is read, encoded, decoded, printed", json_is_read_encoded_decoded_printed},
    {"operators work", operators_work},
    {"slices and words of a shell", slices_and_words},
    {"an arena fills", an_arena_fills},
    {"diagnostics are collected", diagnostics_are_collected},
    {"a file is read", a_file_is_read},
};

/* A failure that is swallowed shows as a scenario that succeeds although an allocation failed. */
static void every_allocation_may_fail(void **state)
{
    const struct fault_case *row = *state;
    for (int round = 0; round < 2; round++) {
        unsigned faults = 0;
        fails_for_good = round == 1;
        do {
            has_failed = false;
            allocations_left = faults++;
            enum bamboo_status status = row->run();
            if (status != (has_failed ? BAMBOO_E_MEMORY : BAMBOO_OK))
                fail_msg("fault %u gives %s", faults - 1, bamboo_status_name(status));
        } while (has_failed);
        allocations_left = NO_FAULT;
#ifdef BAMBOO_DEBUG
        assert_in_range(faults, 2, 1000);
#endif
    }
}

int main(void)
{
    return RUN_ROWS(FAULT_CASES, every_allocation_may_fail);
}
