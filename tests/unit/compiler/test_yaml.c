/* Flows as YAML: read as the tree that the parser makes of the same flow as text, with every
 * mistake at its place, and written so that they are read back. */
#include "support.h"

#include "base/file.h"
#include "base/limits.h"
#include "compiler/document.h"
#include "compiler/yaml_read.h"
#include "compiler/yaml_tree.h"
#include "grammar/ast_print.h"
#include "grammar/parse.h"

/* --- Reading --- */

/* The tree of a source, YAML or text, and what is said about it. */
static struct text tree_of(const char *source, bool is_yaml)
{
    struct text out = {0};
    struct bamboo_error error;
    struct bamboo_value list;
    struct ast_file read = {0}, *file = &read;
    struct document *document = NULL;
    const struct compile_options options = options_of_tests();
    struct diagnostics *diagnostics = diagnostics_create();
    struct arena *arena = arena_create();
    uint32_t index = diagnostics_add_source(diagnostics, "test", source, strlen(source));
    if (is_yaml) {
        assert_int_equal(document_read(diagnostics, index, arena, &document, &error), BAMBOO_OK);
        read.source = index;
        assert_int_equal(yaml_read(document, &options, &read, &error), BAMBOO_OK);
    } else {
        assert_int_equal(parse_file(diagnostics, index, arena, &file, &error), BAMBOO_OK);
    }
    if (diagnostics_error_count(diagnostics) == 0) ast_print_file(file, &out);
    assert_int_equal(diagnostics_to_value(diagnostics, &list, NULL), BAMBOO_OK);
    for (size_t i = 0; i < bamboo_list_count(list); i++) {
        struct bamboo_value said = bamboo_list_at(list, i), help = bamboo_map_get(said, "help");
        text_append_format(&out, "%d:%d-%d %s", (int)bamboo_map_get(said, "line").as.integer,
                           (int)bamboo_map_get(said, "column").as.integer,
                           (int)bamboo_map_get(said, "end_column").as.integer,
                           bamboo_string_bytes(bamboo_map_get(said, "message"), NULL));
        if (help.type == BAMBOO_STRING)
            text_append_format(&out, " | %s", bamboo_string_bytes(help, NULL));
        text_append_character(&out, '\n');
    }
    bamboo_value_release(list);
    arena_destroy(arena);
    diagnostics_destroy(diagnostics);
    return out;
}

struct same_case {
    const char *promise;
    const char *yaml; /* of the statements of a pipeline */
    const char *text;
};

static const struct same_case SAME[] = {
    {"a call with a name", "- a: {use: shell, with: {command: make}}\n",
     "a = shell(command: \"make\")\n"},
    {"a call without a name", "- use: exec\n  args: [make, \"-s\"]\n  with: {cwd: /}\n",
     "exec(\"make\", \"-s\", cwd: \"/\")\n"},
    {"a name that is a key", "- {use: exec, id: set}\n- {use: exec, id: end}\n",
     "set = exec()\nend = exec()\n"},
    {"a node named like a statement", "- pause: {use: exec}\n", "pause = exec()\n"},
    {"a string takes everything as text", "- a: {use: shell, with: {command: 1.10, cwd: no}}\n",
     "a = shell(command: \"1.10\", cwd: \"no\")\n"},
    {"a duration is wanted", "- a: {use: shell, with: {command: \"\", grace: 10s}}\n",
     "a = shell(command: \"\", grace: 10s)\n"},
    {"values of all types",
     "- set: {a: null, b: true, c: 1, d: 2.5, e: 30s, f: x, g: \"30s\", h: [1, {k: ~}], i: "
     "\"${-7}\"}\n",
     "a = null\nb = true\nc = 1\nd = 2.5\ne = 30s\nf = \"x\"\ng = \"30s\"\nh = [1, {k: null}]\n"
     "i = -7\n"},
    {"a splice alone is a value", "- set: {a: \"${b}\", c: '${\"${b}\"}', d: \"${b} \"}\n",
     "a = b\nc = \"${b}\"\nd = \"${b} \"\n"},
    {"a splice alone is a text in a command", "- a: {use: shell, args: [\"${b}\"]}\n",
     "a = shell(\"${b}\")\n"},
    {"unless it is raw", "- a: {use: shell, args: [\"${raw(b)}\"]}\n", "a = shell(raw(b))\n"},
    {"or a choice of commands", "- a: {use: shell, args: ['${\"b ${c}\" if d else raw(e)}']}\n",
     "a = shell(\"b ${c}\" if d else raw(e))\n"},
    {"a choice of values is a word", "- a: {use: shell, args: ['${\"b\" if d else e}']}\n",
     "a = shell(\"${\"b\" if d else e}\")\n"},
    {"a text that has no splice", "- set: {a: 'x ${\"\\${\"}y}'}\n", "a = \"x \\${y}\"\n"},
    {"a function", "- set: {a: \"${len(b)}\", c: \"${(len(b))}\"}\n", "a = len(b)\nc = (len(b))\n"},
    {"a block of lines",
     "- a:\n    use: shell\n    args:\n      - |\n        x ${y}\n          z\n",
     "a = shell(\"\"\"\n    x ${y}\n      z\n\"\"\")\n"},
    {"parallel",
     "- parallel: p\n  branches:\n    - a: {use: exec}\n    - [{b: {use: exec}}, {set: {c: 1}}]\n"
     "    - []\n",
     "parallel p {\n a = exec()\n {\n b = exec()\n c = 1\n }\n { }\n }\n"},
    {"cases",
     "- inclusive:\n  cases:\n    - {when: x > 1, then: []}\n    - {default: [{fail: no}]}\n"
     "- exclusive: e\n  cases: [{when: not x, then: [{pause: }]}]\n",
     "inclusive {\n when x > 1 { }\n default { fail \"no\" }\n }\n"
     "exclusive e {\n when not x { pause }\n }\n"},
    {"arms",
     "- if: a\n  then: [{pause: why}]\n  else_if: [{if: b, then: [{revoke: }]}]\n  else: []\n",
     "if a { pause \"why\" } else if b { revoke } else { }\n"},
    {"repeats",
     "- repeat: r\n  up_to: 5\n  every: 1s\n  do: [{a: {use: exec}}]\n  until: a.stdout\n"
     "- repeat: \n  forever: true\n  do: []\n- repeat:\n  do: []\n  while: true\n",
     "repeat r up to 5 times every 1s { a = exec() } until a.stdout\nrepeat forever { }\n"
     "repeat { } while true\n"},
    {"policies",
     "- a:\n    use: exec\n    title: to \"b\"\n    timeout: {after: 1h, then: skip}\n    retry: "
     "{times: 3, backoff: "
     "1s, "
     "max: 1m, on: x}\n    on_fail: [{fail: y}]\n    once: true\n    no_retry: true\n    no_skip: "
     "true\n- b: {use: exec, timeout: 90s, retry: 2, on_fail: ignore, once: false}\n",
     "a = exec() {\n title \"to \\\"b\\\"\"\n timeout 1h then skip\n retry 3 backoff 1s max 1m on "
     "\"x\"\n"
     " on fail { fail \"y\" }\n once\n no retry\n no skip\n }\n"
     "b = exec() {\n timeout 90s\n retry 2\n on fail ignore\n }\n"},
    {"events", "- start: s\n- use: exec\n- end: e\n", "start s\nexec()\nend e\n"},
};

/* Both stand in a pipeline. */
static void reads_the_same(void **state)
{
    const struct same_case *row = *state;
    struct text yaml = {0}, text = {0};
    text_append_format(&yaml, "bamboo: 1\npipeline: p\nflow:\n%s", row->yaml);
    text_append_format(&text, "bamboo 1\npipeline p {\n%s}\n", row->text);
    struct text read = tree_of(text_string(&yaml), true);
    struct text parsed = tree_of(text_string(&text), false);
    assert_string_equal(text_string(&read), text_string(&parsed));
    text_release(&yaml);
    text_release(&text);
    text_release(&read);
    text_release(&parsed);
}

static void files_are_read_as_their_text(void **state)
{
    (void)state;
    struct text read =
        tree_of("bamboo: 1\nimport: [a.bamboo, b.yaml]\npipeline: p\n"
                "params: {a: , b: int, c: {type: string, default: no}, d: {default: 5}}\n"
                "outputs: [x]\nflow: []\npipelines: [{pipeline: q, flow: }]\n",
                true);
    struct text parsed =
        tree_of("bamboo 1\nimport \"a.bamboo\"\nimport \"b.yaml\"\n"
                "pipeline p(a, b: int, c: string = \"no\", d = 5) -> x { }\npipeline q { }\n",
                false);
    assert_string_equal(text_string(&read), text_string(&parsed));
    text_release(&read);
    text_release(&parsed);
}

/* --- Mistakes --- */

struct mistake {
    const char *promise;
    const char *yaml;
    const char *said;
};

static const struct mistake MISTAKES[] = {
    {"an unknown key", "pipeline: p\nflow:\n  - a: {use: exec, tiemout: 3s}\n",
     "3:20-27 a call has no key 'tiemout' | did you mean 'timeout'?\n"},
    {"an unknown key near nothing", "pipeline: p\nflow: []\nxyz: 1\n",
     "3:1-4 a flow has no key 'xyz' | there are: pipeline, params, outputs, context, flow, graph, "
     "bamboo, import, pipelines\n"},
    {"a statement that is none",
     "pipeline: p\nflow:\n  - paralell: x\n  - a: {with: {}}\n  - 5\n  - {}\n",
     "3:5-13 no statement begins with 'paralell' | did you mean 'parallel'?\n"
     "4:5-6 'a' has no key 'use' that says what it executes | write: name: {use: component, with: "
     "{input: value}}\n"
     "5:5-6 a statement is a map, not a whole number\n"
     "6:5-7 a statement has at least one key\n"},
    {"a mistake in a splice", "pipeline: p\nflow:\n  - set: {a: \"x ${b +} y\"}\n",
     "3:22-23 expected a value, found '}'\n"},
    {"a mistake behind escapes", "pipeline: p\nflow:\n  - set: {a: \"\\tx\\u00e9 ${b +} y\"}\n",
     "3:30-31 expected a value, found '}'\n"},
    {"a mistake in a block",
     "pipeline: p\nflow:\n  - set:\n      a: |\n        x\n        y ${b +}\n",
     "6:16-17 expected a value, found '}'\n"},
    {"a mistake in a condition", "pipeline: p\nflow:\n  - if: a b\n    then: []\n",
     "3:11-12 expected the end, found 'b'\n"},
    {"what is missing",
     "pipeline: p\nflow:\n  - if: a\n  - repeat: \n  - parallel: \n  - inclusive:\n    cases: "
     "[{then: "
     "[]}]\n",
     "3:5-10 the key 'then' is missing\n4:5-12 the key 'do' is missing\n"
     "5:5-14 the key 'branches' is missing\n7:13-23 the key 'when' is missing\n"},
    {"wrong types",
     "pipeline: p\nflow:\n  - a: {use: exec, args: x, with: [], once: 1, retry: x, timeout: 5}\n",
     "3:26-27 the value of args is a list, not a text\n"
     "3:35-37 the value of with is a map, not a list\n"
     "3:45-46 true or false is wanted here, not a whole number\n"
     "3:55-56 a whole number from 1 to 1000000000 is wanted here\n"
     "3:67-68 '5' is not a duration: a unit is missing; use whole numbers with w, d, h, m, s or "
     "ms, "
     "largest first, such as '1h30m'\n"},
    {"both of two", "pipeline: p\nflow: []\ngraph: {}\n",
     "3:1-6 a pipeline has 'flow' or 'graph', not both\n"},
    {"an edition", "bamboo: 2\npipeline: p\nflow: []\n",
     "1:9-10 this bamboo knows edition 1 only | write 'bamboo: 1', or use a newer bamboo\n"},
    {"a graph's mistakes",
     "pipeline: p\ngraph:\n  nodes: [{g: {exclusve: []}}, {h: 1}]\n  arrows: [[a], {from: a}, 5]\n",
     "3:15-29 'g' is neither a call nor a gateway | did you mean 'exclusive'?\n"
     "3:36-37 'h' is neither a call nor a gateway | write {use: component}, parallel, converge, "
     "{exclusive: [ways]}, {first: [ways]} or {inclusive: [ways]}\n"
     "4:12-15 an arrow leads from a node to another\n"
     "4:17-26 the key 'to' is missing\n"
     "4:28-29 an arrow is a map, not a whole number\n"},
    {"a context's mistakes",
     "pipeline: p\ncontext:\n  a: {plain: 1, splice: 2}\n  b: {output: x}\n  c: {value: 1}\nflow: "
     "[]\n",
     "3:17-23 a variable is only one of plain, splice, lazy and output\n"
     "4:15-16 an output of a node is wanted here | write node.key, or {node: name, key: key}\n"
     "5:7-12 'value' goes with 'lazy' only\n"},
};

static void mistake_is_told_as_promised(void **state)
{
    const struct mistake *row = *state;
    struct text said = tree_of(row->yaml, true);
    assert_string_equal(text_string(&said), row->said);
    text_release(&said);
}

/* --- Writing --- */

struct scalar_case {
    const char *promise;
    const char *text;
    const char *written;     /* on a line of its own */
    const char *in_brackets; /* NULL: the same */
};

static const struct scalar_case SCALARS[] = {
    {"a word", "make all", "make all", NULL},
    {"a path", "/a/b-c_d.e", "/a/b-c_d.e", NULL},
    {"an option", "-s", "-s", NULL},
    {"nothing", "", "\"\"", NULL},
    {"what would be null", "~", "\"~\"", NULL},
    {"what would be a bool", "true", "\"true\"", NULL},
    {"what older readers take for one", "no", "\"no\"", NULL},
    {"what would be a number", "1e3", "\"1e3\"", NULL},
    {"what would be a duration", "1h30m", "\"1h30m\"", NULL},
    {"what would be a key", "a: b", "\"a: b\"", NULL},
    {"a colon inside", "a:b", "a:b", "\"a:b\""},
    {"what would be a comment", "a #b", "\"a #b\"", NULL},
    {"a comma", "a, b", "a, b", "\"a, b\""},
    {"a splice", "${a}", "${a}", "\"${a}\""},
    {"an indicator", "*a", "\"*a\"", NULL},
    {"quotes", "a \"b\": 'c'", "'a \"b\": ''c'''", NULL},
    {"a backslash", "\\: \t", "\"\\\\: \\t\"", NULL},
    {"a document's end", "---", "\"---\"", NULL},
    {"letters of all scripts", "h\xC3\xA9 \xE6\x97\xA5", "h\xC3\xA9 \xE6\x97\xA5", NULL},
    {"what cannot be seen", "\xC2\x85\xE2\x80\xA8", "\"\\x85\\u2028\"", NULL},
};

static void scalar_is_written_as_promised(void **state)
{
    const struct scalar_case *row = *state;
    struct text out = {0};
    yaml_emit_scalar(&out, row->text, strlen(row->text), false);
    assert_string_equal(text_string(&out), row->written);
    text_clear(&out);
    yaml_emit_scalar(&out, row->text, strlen(row->text), true);
    assert_string_equal(text_string(&out), row->in_brackets ? row->in_brackets : row->written);
    text_release(&out);
}

/* Is the flow that is written as YAML read back as the same tree? */
static void check_read_back(const char *source, size_t size)
{
    const struct compile_options options = options_of_tests();
    struct text written = {0};
    struct bamboo_error error;
    struct diagnostics *diagnostics = diagnostics_create();
    assert_int_equal(
        convert_flow("test", source, size, FLOW_AS_YAML, &options, diagnostics, &written, &error),
        BAMBOO_OK);
    struct text parsed = tree_of(source, false), read = tree_of(written.bytes, true);
    if (strcmp(text_string(&parsed), text_string(&read)) != 0) print_error("%s\n", written.bytes);
    assert_string_equal(text_string(&parsed), text_string(&read));
    text_release(&written);
    text_release(&parsed);
    text_release(&read);
    diagnostics_destroy(diagnostics);
}

static void flows_are_read_back(void **state)
{
    static const char *const BODIES[] = {
        "a = \"  two\\n lines\\n\"\nb = \"x\\n\\n\"\nc = \"\\n\"\nd = \" \\n\\ty\"\n",
        "a = \"\\r\\n${b}\"\nb = \"x${\"y\"}\"\nc = \"$${d}\"\ne = \"\\${\"\nf = \"${\"\\${\"}\"\n",
        "a = {\"b: c\": 1, \"\": 2, (d): 3}\ne = {f: 1, \"f\": 2}\ng = {true: \"yes\"}\n",
        "a = shell(command: raw(b))\nc = shell(command: \"${raw(d)}\")\n"
        "e = shell(command: \"${\"f\"}\", cwd: g)\n"
        "h = shell(command: \"i ${j}\" if k else raw(l))\n"
        "m = shell(command: \"${\"n\" if o else \"p\"}\")\n",
        "c = --5\nd = -30s\ne = +1\nf = -9223372036854775808\n",
        "end = exec()\nset = exec()\nuse = exec()\nif_ = exec()\n",
        "a = 1\nb = 2\na = 3\nc = len(a)\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof BODIES / sizeof *BODIES; i++) {
        struct text source = {0};
        text_append_format(&source, "bamboo 1\npipeline p {\n%s}\n", BODIES[i]);
        check_read_back(source.bytes, source.size);
        text_release(&source);
    }
}

static void every_form_is_read_back(void **state)
{
    char *bytes = NULL;
    size_t size = 0;
    struct bamboo_error error;
    (void)state;
    assert_int_equal(
        file_read("tests/unit/grammar/forms.bamboo", SOURCE_SIZE_MAX, &bytes, &size, &error),
        BAMBOO_OK);
    check_read_back(bytes, size);
    memory_free(bytes);
}

/* --- Memory --- */

static size_t allocations_left = SIZE_MAX;

/* base/memory.c asks this in a debug build. */
bool memory_fault(void)
{
    if (allocations_left == SIZE_MAX) return false;
    if (allocations_left == 0) return true;
    allocations_left--;
    return false;
}

/* Memory that runs out at any place is an error, while YAML is read and text is written, and while
 * text is read and YAML is written. */
static void check_memory(const char *source, size_t size)
{
    const struct compile_options options = options_of_tests();
    enum bamboo_status status = BAMBOO_E_MEMORY;
    for (size_t count = 0; status == BAMBOO_E_MEMORY && count < 100000; count++) {
        struct bamboo_error error = {0};
        struct text written = {0};
        struct diagnostics *diagnostics = diagnostics_create();
        assert_non_null(diagnostics);
        allocations_left = count;
        status = convert_flow("test", source, size, FLOW_AS_OTHER, &options, diagnostics, &written,
                              &error);
        allocations_left = SIZE_MAX;
        if (status != BAMBOO_OK) assert_int_equal(error.status, status);
        text_release(&written);
        diagnostics_destroy(diagnostics);
    }
    assert_int_equal(status, BAMBOO_OK);
}

static void memory_that_runs_out_is_an_error(void **state)
{
    char *bytes = NULL;
    size_t size = 0;
    struct bamboo_error error = {0};
    struct text yaml = {0};
    const struct compile_options options = options_of_tests();
    struct diagnostics *diagnostics = diagnostics_create();
    (void)state;
    assert_int_equal(
        file_read("tests/unit/grammar/forms.bamboo", SOURCE_SIZE_MAX, &bytes, &size, &error),
        BAMBOO_OK);
    assert_int_equal(
        convert_flow("test", bytes, size, FLOW_AS_YAML, &options, diagnostics, &yaml, &error),
        BAMBOO_OK);
    check_memory(bytes, size);
    check_memory(yaml.bytes, yaml.size);
    text_release(&yaml);
    diagnostics_destroy(diagnostics);
    memory_free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read_as_their_text),
        cmocka_unit_test(flows_are_read_back),
        cmocka_unit_test(every_form_is_read_back),
        cmocka_unit_test(memory_that_runs_out_is_an_error),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    failed += RUN_ROWS(SAME, reads_the_same);
    failed += RUN_ROWS(MISTAKES, mistake_is_told_as_promised);
    failed += RUN_ROWS(SCALARS, scalar_is_written_as_promised);
    return failed;
}
