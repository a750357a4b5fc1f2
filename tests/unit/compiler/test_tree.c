/* Trees of bamboo-engine: what they become, and what is told of those that are wrong. */
#include "support.h"

#include <stdio.h>

#include "compiler/read_file.h"
#include "grammar/write.h"

/* --- What a tree becomes --- */

static const char BASE[] =
    "{\"id\": \"root\",\n"
    " \"start_event\": {\"id\": \"s\", \"type\": \"EmptyStartEvent\", \"incoming\": \"\",\n"
    "  \"outgoing\": \"f1\", \"name\": null},\n"
    " \"end_event\": {\"id\": \"e\", \"type\": \"EmptyEndEvent\", \"incoming\": [\"f4\"],\n"
    "  \"outgoing\": \"\"},\n"
    " \"activities\": {\"a\": {\"id\": \"a\", \"type\": \"ServiceActivity\",\n"
    "  \"incoming\": [\"f1\"], \"outgoing\": \"f2\",\n"
    "  \"component\": {\"code\": \"anything\", \"inputs\": {\n"
    "   \"x\": {\"type\": \"splice\", \"value\": \"${v}\"}}},\n"
    "  \"error_ignorable\": false, \"skippable\": true, \"retryable\": true}},\n"
    " \"gateways\": {\"g\": {\"id\": \"g\", \"type\": \"ExclusiveGateway\",\n"
    "   \"incoming\": [\"f2\"], \"outgoing\": [\"f3\", \"f5\"],\n"
    "   \"conditions\": {\"f3\": {\"evaluate\": \"${v} == 1\"}},\n"
    "   \"default_condition\": {\"flow_id\": \"f5\", \"name\": \"other\"}},\n"
    "  \"c\": {\"id\": \"c\", \"type\": \"ConvergeGateway\", \"incoming\": [\"f3\", \"f5\"],\n"
    "   \"outgoing\": \"f4\"}},\n"
    " \"flows\": {\"f1\": {\"source\": \"s\", \"target\": \"a\"},\n"
    "  \"f2\": {\"source\": \"a\", \"target\": \"g\"},\n"
    "  \"f3\": {\"source\": \"g\", \"target\": \"c\"},\n"
    "  \"f5\": {\"source\": \"g\", \"target\": \"c\"},\n"
    "  \"f4\": {\"source\": \"c\", \"target\": \"e\"}},\n"
    " \"data\": {\"inputs\": {\"${v}\": {\"type\": \"plain\", \"value\": 1}},\n"
    "  \"outputs\": [\"${v}\"], \"pre_render_keys\": []}}\n";

/* BASE with the first `what` replaced; to be freed. */
static char *changed(const char *what, const char *instead)
{
    const char *at = strstr(BASE, what);
    assert_non_null(at);
    size_t size = sizeof BASE + strlen(instead);
    char *text = malloc(size);
    assert_non_null(text);
    snprintf(text, size, "%.*s%s%s", (int)(at - BASE), BASE, instead, at + strlen(what));
    return text;
}

/* What a tree is as a text, or what is told of it; to be released. */
static struct text read_tree(const char *json)
{
    struct compile_options options = options_of_tests();
    struct diagnostics *diagnostics = diagnostics_create();
    struct compilation compilation;
    struct ast_file *file = NULL;
    struct bamboo_error error;
    struct text text = {0};
    assert_int_equal(compilation_init(&compilation, &options, diagnostics, &error), BAMBOO_OK);
    uint32_t source = diagnostics_add_source(diagnostics, "tree", json, strlen(json));
    assert_int_equal(read_flow_file(&compilation, source, &file, &error), BAMBOO_OK);
    diagnostics_print(diagnostics, false, &text);
    if (diagnostics_error_count(diagnostics) == 0) write_flow(file, &text);
    compilation_release(&compilation);
    diagnostics_destroy(diagnostics);
    return text;
}

struct meaning_case {
    const char *promise;
    const char *what, *instead; /* in BASE */
    const char *written;        /* a part of the text */
};

static const struct meaning_case MEANINGS[] = {
    {"nodes, ways and arrows keep their names", "", "",
     "        start s\n"
     "        a = anything(x: t\"${v}\")\n"
     "        g = exclusive {\n"
     "            c when b\"${v} == 1\" as f3\n"
     "            c default as f5\n"
     "        }\n"
     "        c = converge\n"
     "        end e\n"
     "        s -> a as f1\n"
     "        a -> g as f2\n"
     "        c -> e as f4\n"},
    {"the context keeps values and outputs", "", "",
     "pipeline root -> v {\n    context {\n"
     "        plain v = 1\n    }\n"},
    {"a value that is not rendered is a literal", "\"splice\", \"value\": \"${v}\"",
     "\"plain\", \"value\": \"${v}\"", "x: r\"${v}\""},
    {"need_render false is a literal", "\"value\": \"${v}\"",
     "\"need_render\": false, \"value\": \"${v}\"", "x: r\"${v}\""},
    {"templates are found deep inside", "\"value\": \"${v}\"",
     "\"value\": [1, {\"k\": \"${v}\", \"l\": \"plain\"}]", "x: [1, {k: t\"${v}\", l: \"plain\"}]"},
    {"a lazy input becomes a variable", "{\"type\": \"splice\", \"value\": \"${v}\"}",
     "{\"type\": \"lazy\", \"custom_type\": \"upper\", \"value\": \"${v}\"}",
     "lazy x_a = upper(t\"${v}\")"},
    {"and is referred to", "{\"type\": \"splice\", \"value\": \"${v}\"}",
     "{\"type\": \"lazy\", \"custom_type\": \"upper\", \"value\": \"${v}\"}", "x: t\"${x_a}\""},
    {"failures may be ignored", "\"error_ignorable\": false", "\"error_ignorable\": true",
     "on fail ignore"},
    {"no skip", "\"skippable\": true", "\"skippable\": false", "no skip"},
    {"no retry", "\"retryable\": true", "\"retryable\": false", "no retry"},
    {"a loop", "\"skippable\": true",
     "\"loop_config\": {\"enable\": true, \"loop_times\": 3, \"outputs_key\": \"${r}\"}",
     "loop 3 into r"},
    {"what a loop writes is declared", "\"skippable\": true",
     "\"loop_config\": {\"enable\": true, \"loop_times\": 3, \"outputs_key\": \"${r}\"}",
     "plain r"},
    {"a loop that is not enabled is none", "\"skippable\": true",
     "\"loop_config\": {\"loop_times\": 3}", "a = anything(x: t\"${v}\")\n"},
    {"a timeout", "\"skippable\": true",
     "\"timeout_config\": {\"enable\": true, \"seconds\": 90, \"action\": "
     "\"forced_fail_and_skip\"}",
     "timeout 1m30s then skip"},
    {"timers", "\"skippable\": true",
     "\"events\": {\"timer_events\": [{\"enable\": true, \"timer_type\": \"time_cycle\","
     " \"defined\": \"R5/PT10S\", \"action\": \"anything\"}]}",
     "every 10s up to 5 times"},
    {"strategy FIRST", "\"default_condition\"",
     "\"extra_info\": {\"strategy\": \"FIRST\"}, \"default_condition\"", "g = exclusive first {"},
    {"an end that does something", "EmptyEndEvent", "anything", "end e = anything()"},
    {"an output of a node", "{\"type\": \"plain\", \"value\": 1}",
     "{\"type\": \"plain\", \"value\": null, \"source_act\": \"a\", \"source_key\": \"k\"}",
     "output v = a.k"},
    {"an output with a first value", "{\"type\": \"plain\", \"value\": 1}",
     "{\"type\": \"plain\", \"value\": \"z\", \"source_act\": [{\"source_act\": \"a\","
     " \"source_key\": \"k\"}], \"need_initialization\": true}",
     "output v = a.k initially \"z\""},
    {"a splice variable", "{\"type\": \"plain\", \"value\": 1}",
     "{\"type\": \"splice\", \"value\": \"${w}\"}", "splice v = t\"${w}\""},
    {"rendered first", "\"pre_render_keys\": []", "\"pre_render_keys\": [\"${v}\"]",
     "plain v = 1 pre"},
    {"a parameter", "\"value\": 1}", "\"value\": 1, \"is_param\": true}", "plain v = 1 parameter"},
    {"an output that nothing declares is declared", "\"outputs\": [\"${v}\"]",
     "\"outputs\": [\"${v}\", \"${w}\"]", "plain w"},
    {"bamboo-engine's timeout has no effect, which is told", "\"skippable\": true",
     "\"timeout\": 5", "/activities/a/timeout: bamboo-engine does not look at \"timeout\""},
    {"an output of no node is told", "{\"type\": \"plain\", \"value\": 1}",
     "{\"type\": \"plain\", \"value\": null, \"source_act\": \"b\", \"source_key\": \"k\"}",
     "warning: /data/inputs/${v}/source_act: there is no activity b in this pipeline"},
};

static void a_tree_becomes(void **state)
{
    const struct meaning_case *expected = *state;
    char *json = changed(expected->what, expected->instead);
    struct text text = read_tree(json);
    if (strstr(text_string(&text), expected->written) == NULL) fail_msg("%s", text_string(&text));
    text_release(&text);
    free(json);
}

/* --- Subprocesses --- */

static void a_subprocess_becomes_a_pipeline(void **state)
{
    (void)state;
    struct text tree = {0};
    const char *at = strstr(BASE, "\"activities\": {") + strlen("\"activities\": {");
    text_append(&tree, BASE, (size_t)(at - BASE));
    text_append_string(&tree, "\"anything\": {\"id\": \"anything\", \"type\": \"SubProcess\", "
                              "\"incoming\": [], \"outgoing\": \"\", \"params\": {\"${v}\": "
                              "{\"type\": \"splice\", \"value\": \"${v}\"}, \"${n}\": {\"type\": "
                              "\"plain\", \"value\": 2}}, \"pipeline\": ");
    text_append_string(&tree, BASE);
    text_append_string(&tree, "}, ");
    text_append_string(&tree, at);
    struct text text = read_tree(text_string(&tree));
    /* Its name is a component's, so it gets another. */
    const char *call = "anything = anything_1(v: t\"${v}\", n: 2)";
    if (strstr(text_string(&text), call) == NULL) fail_msg("%s", text_string(&text));
    assert_non_null(strstr(text_string(&text), "pipeline anything_1"));
    assert_non_null(strstr(text_string(&text), "plain v = 1 parameter"));
    assert_non_null(strstr(text_string(&text), "plain n"));
    text_release(&text);
    text_release(&tree);
}

/* --- Mistakes --- */

struct mistake_case {
    const char *promise;
    const char *what, *instead; /* in BASE */
    const char *told;           /* a part of what is printed */
};

static const struct mistake_case MISTAKES[] = {
    {"a tree without flows", " \"flows\": {", " \"flow\": {",
     "test.bamboo:1:1: error: there is no \"flows\" here [E0701]"},
    {"a near key is named", " \"flows\": {", " \"flow\": {", "is \"flow\" meant to be it?"},
    {"a tree without data", " \"data\": {", " \"date\": {", "there is no \"data\" here"},
    {"activities that are no map", "\"activities\": {\"a\": {",
     "\"activities\": 1, \"x\": {\"a\": {",
     "/activities: \"activities\" has to be a map, this is a whole number [E0703]"},
    {"an activity that is no map", "{\"a\": {\"id\"", "{\"z\": 5, \"a\": {\"id\"",
     "/activities/z: an activity has to be a map, this is a whole number"},
    {"an activity without a component", "\"component\": {", "\"komponent\": {",
     "test.bamboo:6:17: error: /activities/a: there is no \"component\" here"},
    {"a component without a code", "\"code\": \"anything\", ", "",
     "test.bamboo:8:3: error: /activities/a/component: there is no \"code\" here"},
    {"a component that does not exist", "\"code\": \"anything\"", "\"code\": \"anythink\"",
     "/activities/a/component/code: 'anythink' is neither a component"},
    {"the nearest component is named", "\"code\": \"anything\"", "\"code\": \"anythink\"",
     "did you mean 'anything'?"},
    {"an input without a type", "\"type\": \"splice\", \"value\": \"${v}\"", "\"value\": \"${v}\"",
     "test.bamboo:9:4: error: /activities/a/component/inputs/x: there is no \"type\" here"},
    {"an input without a value", "\"type\": \"splice\", \"value\": \"${v}\"",
     "\"type\": \"splice\"", "/activities/a/component/inputs/x: there is no \"value\" here"},
    {"an unknown type of data", "\"splice\"", "\"splize\"",
     "/activities/a/component/inputs/x/type: there is no type of data splize"},
    {"the nearest type is named", "\"splice\"", "\"splize\"", "did you mean \"splice\"?"},
    {"a variable without a type", "{\"type\": \"plain\", \"value\": 1}", "{\"value\": 1}",
     "test.bamboo:22:22: error: /data/inputs/${v}: there is no \"type\" here"},
    {"a lazy variable without its type", "\"type\": \"plain\"", "\"type\": \"lazy\"",
     "/data/inputs/${v}: there is no \"custom_type\" here"},
    {"a lazy type that does not exist", "{\"type\": \"plain\",",
     "{\"type\": \"lazy\", \"custom_type\": \"uper\",",
     "/data/inputs/${v}/custom_type: there is no component 'uper' that computes variables"},
    {"an unknown type of activity", "ServiceActivity", "ServiceActvity",
     "/activities/a/type: there is no type of activity ServiceActvity"},
    {"an unknown type of gateway", "ConvergeGateway", "ConvergGateway",
     "/gateways/c/type: there is no type of gateway ConvergGateway"},
    {"the nearest type of gateway is named", "ConvergeGateway", "ConvergGateway",
     "did you mean ConvergeGateway?"},
    {"an id that is not its key", "{\"id\": \"a\"", "{\"id\": \"b\"",
     "/activities/a/id: the key of this node is a, its \"id\" is b [E0705]"},
    {"two nodes of one name", "{\"id\": \"e\"", "{\"id\": \"a\"",
     "/activities/a: another node of this pipeline has the same name [E0306]"},
    {"a flow that leads nowhere", "\"source\": \"s\", \"target\": \"a\"",
     "\"source\": \"s\", \"target\": \"nope\"",
     "/flows/f1/target: there is no node nope, the target of flow f1 [E0704]"},
    {"a flow that is not there", "\"outgoing\": \"f2\"", "\"outgoing\": \"f9\"",
     "test.bamboo:7:35: error: /activities/a/outgoing: there is no flow f9 in \"flows\" [E0704]"},
    {"the nearest flow is named", "\"outgoing\": \"f2\"", "\"outgoing\": \"f2x\"",
     "did you mean f"},
    {"a flow that a node does not name", "\"outgoing\": \"f2\"", "\"outgoing\": \"\"",
     "/flows/f2/source: the source of flow f2, a, does not name it in \"outgoing\" [E0705]"},
    {"a flow that leaves another node", "\"outgoing\": \"f4\"", "\"outgoing\": \"f2\"",
     "/gateways/c/outgoing: flow f2 leaves a according to \"flows\", not c [E0705]"},
    {"a flow that enters another node", "\"incoming\": [\"f1\"]", "\"incoming\": [\"f4\"]",
     "/activities/a/incoming/0: flow f4 enters e according to \"flows\", not a"},
    {"a flow that is named twice", "[\"f3\", \"f5\"],\n   \"cond",
     "[\"f3\", \"f5\", \"f3\"],\n   \"cond", "/gateways/g/outgoing/2: flow f3 is named twice here"},
    {"a condition of no flow", "{\"f3\": {\"evaluate\"", "{\"f4\": {\"evaluate\"",
     "/gateways/g/conditions/f4: a condition names flow f4, which does not leave this gateway"},
    {"a default of no flow", "\"flow_id\": \"f5\"", "\"flow_id\": \"f9\"",
     "/gateways/g/default_condition/flow_id: \"default_condition\" names flow f9"},
    {"a condition without its text", "\"evaluate\": \"${v} == 1\"", "\"evaluate\": 1",
     "/gateways/g/conditions/f3/evaluate: \"evaluate\" has to be a text, this is a whole number"},
    {"an unknown strategy", "\"default_condition\"",
     "\"extra_info\": {\"strategy\": \"LAST\"}, \"default_condition\"",
     "/gateways/g/extra_info/strategy: there is no strategy LAST"},
    {"a loop of no number of times", "\"skippable\": true",
     "\"loop_config\": {\"enable\": true, \"loop_times\": 0}",
     "/activities/a/loop_config/loop_times: \"loop_times\" has to be a whole number from 1"},
    {"a timeout without an action", "\"skippable\": true",
     "\"timeout_config\": {\"enable\": true, \"seconds\": 5, \"action\": \"x\"}",
     "/activities/a/timeout_config/action: this is not an action of a timeout"},
    {"a timer that cannot be read", "\"skippable\": true",
     "\"events\": {\"timer_events\": [{\"enable\": true, \"timer_type\": \"time_duration\","
     " \"defined\": \"10 minutes\", \"action\": \"anything\"}]}",
     "/activities/a/events/timer_events/0/defined: a duration is written as PT1H30M"},
    {"flags that are no bool", "\"skippable\": true", "\"skippable\": \"yes\"",
     "/activities/a/skippable: \"skippable\" has to be true or false, this is a text"},
    {"a key twice", "\"skippable\": true", "\"retryable\": false",
     "test.bamboo:10:49: error: the key \"retryable\" is given twice [E0110]"},
    {"outputs that are no texts", "\"outputs\": [\"${v}\"]", "\"outputs\": [1]",
     "/data/outputs/0: an output has to be a text, this is a whole number"},
    {"names with a NUL", "\"outputs\": [\"${v}\"]", "\"outputs\": [\"a\\u0000\"]",
     "/data/outputs/0: an output has a NUL in it"},
    {"a document that is no flow", "{\"id\": \"root\",", "{\"id\": \"root\"}, {",
     "this is not JSON"},
};

/* A node of an unknown type is a node all the same: nothing else is wrong. */
static void an_unknown_type_is_one_mistake(void **state)
{
    static const char *const TYPES[] = {"ServiceActivity", "ConvergeGateway"};
    (void)state;
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++) {
        char *json = changed(TYPES[i], "Nothing");
        struct compile_options options = options_of_tests();
        struct compiled compiled = compile_with(json, &options);
        const char *first = strstr(text_string(&compiled.diagnostics), ": error: ");
        assert_non_null(first);
        assert_null(strstr(first + 1, ": error: "));
        compiled_release(&compiled);
        free(json);
    }
}

static void a_mistake_is_told(void **state)
{
    const struct mistake_case *expected = *state;
    char *json = changed(expected->what, expected->instead);
    struct compile_options options = options_of_tests();
    struct compiled compiled = compile_with(json, &options);
    assert_int_equal(compiled.status, BAMBOO_E_SOURCE);
    if (strstr(text_string(&compiled.diagnostics), expected->told) == NULL)
        fail_msg("told:\n%s", text_string(&compiled.diagnostics));
    compiled_release(&compiled);
    free(json);
}

/* --- Warnings --- */

static const struct mistake_case WARNINGS[] = {
    {"a piece that is not allowed", "\"value\": \"${v}\"", "\"value\": \"a ${v.__class__}\"",
     "test.bamboo:9:40: warning: /activities/a/component/inputs/x/value: ${v.__class__} cannot be "
     "evaluated, so it stays as text [W0604]"},
    {"a piece that is no expression", "\"value\": \"${v}\"", "\"value\": [{\"k\": \"${1 +}\"}]",
     "/activities/a/component/inputs/x/value/0/k: ${1 +} cannot be evaluated"},
    {"a piece with braces", "\"value\": \"${v}\"", "\"value\": \"${ {}.x }\"",
     "${ {} cannot be evaluated"},
    {"an open piece", "\"value\": \"${v}\"", "\"value\": \"${v\"", "a } is missing"},
    {"a piece that is too large", "\"value\": \"${v}\"", "\"value\": \"${'a' * 10**9}\"",
     "/activities/a/component/inputs/x/value: ${'a' * 10**9} cannot be evaluated"},
    {"a piece that takes too long", "\"value\": \"${v}\"",
     "\"value\": \"${sum([1 for x in range(10**12)])}\"", "cannot be evaluated, so it stays"},
    {"a rule that cannot be read", "${v} == 1", "1 === 2",
     "/gateways/g/conditions/f3/evaluate: this condition always fails"},
};

static void a_warning_is_given(void **state)
{
    const struct mistake_case *expected = *state;
    char *json = changed(expected->what, expected->instead);
    struct compile_options options = options_of_tests();
    struct compiled compiled = compile_with(json, &options);
    assert_int_equal(compiled.status, BAMBOO_OK);
    if (strstr(text_string(&compiled.diagnostics), expected->told) == NULL)
        fail_msg("told:\n%s", text_string(&compiled.diagnostics));
    compiled_release(&compiled);
    free(json);
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

/* Compiles with less memory than is needed, and each time a little more. */
static void run_out_of_memory(const char *json, enum bamboo_status expected)
{
    enum bamboo_status status = BAMBOO_E_MEMORY;
    for (size_t count = 0; status == BAMBOO_E_MEMORY && count < 100000; count++) {
        const struct compile_options options = options_of_tests();
        struct bamboo_error error = {0};
        uint8_t *image = NULL;
        size_t size = 0;
        struct diagnostics *diagnostics = diagnostics_create();
        assert_non_null(diagnostics);
        allocations_left = count;
        status = compile_flow("tree.json", json, strlen(json), &options, diagnostics, &image, &size,
                              &error);
        allocations_left = SIZE_MAX;
        if (status != BAMBOO_OK) assert_int_equal(error.status, status);
        diagnostics_destroy(diagnostics);
        memory_free(image);
    }
    assert_int_equal(status, expected);
}

static void memory_that_runs_out_is_an_error(void **state)
{
    (void)state;
    run_out_of_memory(BASE, BAMBOO_OK);
    char *json = changed("\"outgoing\": \"f2\"", "\"outgoing\": \"\\ud83d\\ude00\"");
    run_out_of_memory(json, BAMBOO_E_SOURCE);
    free(json);
    json = changed("\"data\": {", "\"data\": {\"a\": [1, {\"a\": 1, \"a\": 2}], ");
    run_out_of_memory(json, BAMBOO_E_SOURCE);
    free(json);
    run_out_of_memory("start_event: &a {a: [1, 2, 3], b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8,"
                      " i: 9, j: 10}\nb: *a\nc: *a\n",
                      BAMBOO_E_SOURCE);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_type_is_one_mistake),
        cmocka_unit_test(a_subprocess_becomes_a_pipeline),
        cmocka_unit_test(memory_that_runs_out_is_an_error),
    };
    int failed = cmocka_run_group_tests_name("trees", tests, NULL, NULL);
    failed += RUN_ROWS(MEANINGS, a_tree_becomes);
    failed += RUN_ROWS(MISTAKES, a_mistake_is_told);
    failed += RUN_ROWS(WARNINGS, a_warning_is_given);
    return failed;
}
