/* Documents: what JSON and YAML mean, where it stands, and what is refused. */
#include "support.h"

#include "base/json.h"
#include "base/limits.h"
#include "compiler/document.h"

struct read_document {
    struct diagnostics *diagnostics;
    struct arena *arena;
    struct document *document;
};

static struct read_document read_text(const char *text, size_t size)
{
    struct read_document read = {.diagnostics = diagnostics_create(), .arena = arena_create()};
    uint32_t source = diagnostics_add_source(read.diagnostics, "doc", text, size);
    struct bamboo_error error;
    assert_int_equal(document_read(read.diagnostics, source, read.arena, &read.document, &error),
                     BAMBOO_OK);
    return read;
}

static void end_reading(struct read_document *read)
{
    arena_destroy(read->arena);
    diagnostics_destroy(read->diagnostics);
}

/* --- What a document means --- */

struct meaning_case {
    const char *promise;
    const char *text;
    const char *json;
};

static const struct meaning_case MEANINGS[] = {
    {"JSON is read", "{\"a\":[1,-2,3.5,1e3,true,false,null,\"x\"],\"b\":{}}",
     "{\"a\": [1, -2, 3.5, 1000.0, true, false, null, \"x\"], \"b\": {}}"},
    {"escaped surrogate pairs are one character",
     "{\"a\":\"\\ud83d\\ude00!\",\"\\ud83d\\ude00\":1}",
     "{\"a\": \"\360\237\230\200!\", \"\360\237\230\200\": 1}"},
    {"escapes of JSON", "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\"]",
     "[\"\\\"\\\\/\\b\\f\\n\\r\\tä\"]"},
    {"characters that YAML takes for ends of lines stay in a text of JSON",
     "[\"a\xC2\x85"
     "b\xE2\x80\xA8"
     "c\xE2\x80\xA9"
     "d\x7F"
     "e\xC2\x90\"]",
     "[\"a\xC2\x85"
     "b\xE2\x80\xA8"
     "c\xE2\x80\xA9"
     "d\\u007f"
     "e\xC2\x90\"]"},
    {"a colon on the next line", "{\"a\"\n:\t1,\n\t\"b\" : 2}", "{\"a\": 1, \"b\": 2}"},
    {"a backslash at the end of a key", "{\"a\\\\\":1,\"b\\\"\":2}",
     "{\"a\\\\\": 1, \"b\\\"\": 2}"},
    {"a byte order mark", "\xEF\xBB\xBF {\"a\":1}", "{\"a\": 1}"},
    {"YAML is read", "# c\na: 1\nb:\n  - x\n  - y: z\n",
     "{\"a\": 1, \"b\": [\"x\", {\"y\": \"z\"}]}"},
    {"plain scalars follow the core schema",
     "- True\n- ~\n-\n- 0o17\n- 0x1F\n- .5\n- +3\n- 1e3\n- -0.0\n- yes\n- 1_000\n- 12:30\n",
     "[true, null, null, 15, 31, 0.5, 3, 1000.0, -0.0, \"yes\", \"1_000\", \"12:30\"]"},
    {"quoted scalars are texts", "- \"1\"\n- 'true'\n- |\n  x\n  y\n- !!str 5\n",
     "[\"1\", \"true\", \"x\\ny\\n\", \"5\"]"},
    {"aliases stand for what they name", "a: &x [1, {k: v}]\nb: *x\nc: *x\n",
     "{\"a\": [1, {\"k\": \"v\"}], \"b\": [1, {\"k\": \"v\"}], \"c\": [1, {\"k\": \"v\"}]}"},
    {"numbers may be keys", "1: a\ntrue: b\n", "{\"1\": \"a\", \"true\": \"b\"}"},
    {"integers beyond 64 bits keep their digits",
     "[9223372036854775807, 9223372036854775808, -123456789012345678901234567890]",
     "[9223372036854775807, 9223372036854775808, -123456789012345678901234567890]"},
    {"a NUL in a text", "[\"a\\u0000b\"]", "[\"a\\u0000b\"]"},
};

static void a_document_means(void **state)
{
    const struct meaning_case *expected = *state;
    struct read_document read = read_text(expected->text, strlen(expected->text));
    struct text told = {0};
    diagnostics_print(read.diagnostics, false, &told);
    if (read.document->root == NULL) fail_msg("%s", text_string(&told));
    struct bamboo_value value;
    struct bamboo_error error;
    assert_int_equal(document_value(read.document->root, &value, &error), BAMBOO_OK);
    struct text json = {0};
    json_append(&json, value, 0);
    assert_string_equal(text_string(&json), expected->json);
    bamboo_value_release(value);
    text_release(&json);
    text_release(&told);
    end_reading(&read);
}

/* --- What is refused --- */

struct mistake_case {
    const char *promise;
    const char *text;
    const char *told; /* a part of what is printed */
};

static const struct mistake_case MISTAKES[] = {
    {"a key twice, at the second", "{\"a\":1,\n\"b\":2,\"a\":3}",
     "doc:2:7: error: the key \"a\" is given twice [E0110]"},
    {"the first one is shown", "a: 1\nb: 2\na: 3\n", "doc:1:1: note: the first one is here"},
    {"a key twice in a large map",
     "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,\"c\":1}",
     "the key \"c\" is given twice"},
    {"a missing comma", "{\"a\":1 \"b\":2}",
     "doc:1:6: error: this is not JSON: a comma is missing behind 1 "},
    {"an open bracket", "{\"a\":[1,2", "this is not JSON"},
    {"an open text", "{\"a\":\"b", "this is not JSON"},
    {"a lone surrogate", "{\"a\":\"\\ud83d\"}", "this is not JSON"},
    {"a bare word in JSON", "{\"a\": NaN}", "doc:1:7: error: this is not JSON: NaN is neither"},
    {"places behind rewritten texts", "{\"\\ud83d\\ude00\":\"\\ud83d\\ude00\",\"a\":nope}",
     "doc:1:36: error: this is not JSON: nope"},
    {"bytes that are not UTF-8", "{\"a\":\"\xFF\"}",
     "doc:1:7: error: this byte is not UTF-8 [E0101]"},
    {"a control character", "a: \"x\x01\"\n", "doc:1:6: error: this is not YAML"},
    {"a tab where YAML has none", "a:\n\t- b\n", "this is not YAML"},
    {"an unknown alias", "a: *nope\n", "doc:1:4: error: there is no anchor &nope"},
    {"an alias inside itself", "a: &x [1, *x]\n", "inside what it stands for"},
    {"a list as a key", "? [a]\n: 1\n", "a key has to be a text"},
    {"a second document", "a: 1\n---\nb: 2\n", "doc:2:1: error: a second document"},
    {"an unknown tag", "a: !thing 1\n", "the tag !thing is not known"},
    {"infinity", "a: .inf\n", "a number has to be finite [E0105]"},
    {"a number too large", "{\"a\": 1e999}", "a number has to be finite"},
    {"nothing", "", "there is nothing in this document"},
    {"a key with a NUL", "{\"a\\u0000b\":1}", "must not contain a NUL"},
};

static void a_mistake_is_told(void **state)
{
    const struct mistake_case *expected = *state;
    struct read_document read = read_text(expected->text, strlen(expected->text));
    struct text told = {0};
    diagnostics_print(read.diagnostics, false, &told);
    if (strstr(text_string(&told), expected->told) == NULL)
        fail_msg("told:\n%s", text_string(&told));
    text_release(&told);
    end_reading(&read);
}

/* --- Places --- */

static void every_value_knows_its_place_and_pointer(void **state)
{
    (void)state;
    static const char text[] = "{\"\xC3\xA4\": {\"b/~\": [10, \"\\ud83d\\ude00\"]}, \"c\": 7}";
    struct read_document read = read_text(text, strlen(text));
    const struct document *document = read.document;
    const struct document_node *inner = document_get(document, document->root, "\xC3\xA4");
    const struct document_node *list = document_get(document, inner, "b/~");
    const struct document_node *last = document_get(document, document->root, "c");
    assert_non_null(list);
    assert_memory_equal(text + inner->span.offset, "{\"b/~\": [10, \"\\ud83d\\ude00\"]}",
                        inner->span.size);
    assert_memory_equal(text + list->key->span.offset, "\"b/~\"", list->key->span.size);
    assert_memory_equal(text + list->first->next->span.offset, "\"\\ud83d\\ude00\"",
                        list->first->next->span.size);
    assert_memory_equal(text + last->span.offset, "7", last->span.size);
    struct text pointer = {0};
    document_pointer(list->first->next, &pointer);
    assert_string_equal(text_string(&pointer), "/\xC3\xA4/b~1~0/1");
    text_release(&pointer);

    document_tell_pointers(document);
    const struct diagnostic *told =
        diagnostics_add(read.diagnostics, DIAGNOSTIC_DOCUMENT_TYPE, list->first->span, "x");
    assert_string_equal(told->pointer, "/\xC3\xA4/b~1~0/0");
    told = diagnostics_add(read.diagnostics, DIAGNOSTIC_DOCUMENT_TYPE, list->key->span, "x");
    assert_string_equal(told->pointer, "/\xC3\xA4/b~1~0");
    diagnostics_set_pointers(read.diagnostics, document->source, NULL, NULL);
    told = diagnostics_add(read.diagnostics, DIAGNOSTIC_UNUSED, list->key->span, "x");
    assert_null(told->pointer);
    end_reading(&read);
}

/* --- What would be too much --- */

static void repeat(struct text *text, const char *what, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_append_string(text, what);
}

static void expect_told(struct text *text, const char *expected)
{
    struct read_document read = read_text(text_string(text), text->size);
    struct text told = {0};
    diagnostics_print(read.diagnostics, false, &told);
    if (strstr(text_string(&told), expected) == NULL) fail_msg("told:\n%s", text_string(&told));
    assert_null(read.document->root);
    text_release(&told);
    end_reading(&read);
    text_clear(text);
}

static void too_much_is_refused_at_once(void **state)
{
    (void)state;
    struct text text = {0};
    repeat(&text, "{\"a\":", 1000);
    expect_told(&text, "[E0108]");
    repeat(&text, "[", 100000);
    expect_told(&text, "nested more than 900 deep");
    repeat(&text, "- ", 1000);
    expect_told(&text, "[E0108]");
    text_append_string(&text, "a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 30; i++)
        text_append_format(&text, "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n", i,
                           i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    expect_told(&text, "the aliases of a document stand for at most 65536 values");
    text_release(&text);
}

static void keys_may_be_long(void **state)
{
    (void)state;
    struct text text = {0};
    text_append_string(&text, "{\"");
    repeat(&text, "k", 10240);
    text_append_string(&text, "\":{\"a\":1}}");
    struct read_document read = read_text(text_string(&text), text.size);
    assert_non_null(read.document->root);
    assert_int_equal(read.document->root->first->key->size, 10240);
    assert_int_equal(read.document->root->first->span.offset, 10244);
    end_reading(&read);
    text_release(&text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_knows_its_place_and_pointer),
        cmocka_unit_test(too_much_is_refused_at_once),
        cmocka_unit_test(keys_may_be_long),
    };
    int failed = cmocka_run_group_tests_name("documents", tests, NULL, NULL);
    failed += RUN_ROWS(MEANINGS, a_document_means);
    failed += RUN_ROWS(MISTAKES, a_mistake_is_told);
    return failed;
}
