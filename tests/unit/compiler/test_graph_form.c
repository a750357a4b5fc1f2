/* Graphs that are not made of blocks: which are accepted, and what is told of the others. A shape
 * is flows "s>p p>a", where s is the start event, e the end event, and a letter in capitals begins
 * the name of a gateway: P parallel, I inclusive, X exclusive, C converge. */
#include "support.h"

#include <ctype.h>
#include <stdio.h>

struct form_case {
    const char *promise;
    const char *flows;
    bool cycles;
    const char *told; /* a part of what is printed; NULL: it is accepted */
};

static const struct form_case FORMS[] = {
    {"a line", "s>a a>b b>e", false, NULL},
    {"an exclusive gateway with a converge", "s>X X>a X>b a>C b>C C>e", false, NULL},
    {"ways that meet at an activity", "s>X X>a X>b a>c b>c c>e", false, NULL},
    {"ways that end apart", "s>X X>a X>b a>C C>e b>e X>d d>C", false, NULL},
    {"a fork", "s>P P>a P>b a>C b>C C>e", false, NULL},
    {"a fork with an empty branch", "s>P P>a P>C a>C C>e", false, NULL},
    {"a fork of one branch", "s>P P>a a>C C>e", false, NULL},
    {"forks in a row", "s>P P>a P>b a>C b>C C>I I>c I>d c>C2 d>C2 C2>e", false, NULL},
    {"forks inside each other", "s>P P>a P>I I>b I>c b>C2 c>C2 C2>C a>C C>e", false, NULL},
    {"two converges in a row", "s>P P>a P>b a>C b>C C>C2 C2>e", false, NULL},
    {"a choice in a branch that shares the converge", "s>P P>X P>c X>a X>b a>C b>C c>C C>e", false,
     NULL},
    {"a choice in a branch with a converge of its own",
     "s>P P>X P>c X>a X>b a>C2 b>C2 C2>C c>C C>e", false, NULL},
    {"choices that share a converge", "s>X X>a X>X2 X2>b X2>c a>C b>C c>C C>e", false, NULL},
    {"a fork in one way of a choice", "s>X X>P X>c P>a P>b a>C b>C C>C2 c>C2 C2>e", false, NULL},
    {"a choice that shares the converge of a fork in one of its ways",
     "s>X X>P X>c P>a P>b a>C b>C c>C C>e", false, NULL},
    {"a loop, tolerated", "s>a a>X X>a X>e", true, NULL},
    {"a gateway that leads to itself, tolerated", "s>X X>X X>e", true, NULL},
    {"a loop in a branch, tolerated", "s>P P>a P>b a>X X>a X>C b>C C>e", true, NULL},
    {"a loop around a fork, tolerated", "s>b b>P P>x P>y x>C y>C C>X X>b X>e", true, NULL},
    {"a ring without an end, tolerated", "s>a a>b b>a", true, NULL},

    {"a start without a flow", "a>e", false, "no flow leaves start event 's' [E0510]"},
    {"a start with two flows", "s>a s>b a>e b>e", false,
     "start event 's' has 2 flows that leave it, it has to have one"},
    {"a flow to the start", "s>a a>X X>e X>s", false,
     "start event 's' has 1 flow that lead to it, it has to have none"},
    {"straight to the end", "s>e", false, "start event 's' leads straight to the end"},
    {"an activity that nothing leads to", "s>a a>e b>e", false,
     "/activities/b: no flow leads to activity 'b'"},
    {"an activity that leads nowhere", "s>X X>a X>e", false, "no flow leaves activity 'a'"},
    {"an activity with two ways on", "s>a a>b a>c b>e c>e", false,
     "activity 'a' has 2 flows that leave it, it has to have one"},
    {"a converge with two ways on", "s>P P>a P>b a>C b>C C>c C>d c>e d>e", false,
     "converge gateway 'C' has 2 flows that leave it"},
    {"a way on from the end", "s>a a>e e>b b>e", false,
     "end event 'e' has 1 flow that leave it, it has to have none"},
    {"a ring apart", "s>a a>e b>X X>b X>e", true, "no way leads from the start to activity 'b'"},
    {"a cycle is named", "s>a a>b b>X X>a X>e", false,
     "exclusive gateway 'X' leads back: a -> b -> X -> a [E0511]"},
    {"a fork without a converge", "s>P P>a P>b a>e b>e", false,
     "/gateways/P: parallel gateway 'P' has a branch that gets to the end without meeting the "
     "others [E0512]"},
    {"a branch past the converge", "s>P P>a P>b P>c a>C b>C C>e c>e", false,
     "gets to the end without meeting the others"},
    {"a fork that meets twice", "s>P P>a P>b P>c a>C b>C C>C2 c>C2 C2>e", false,
     "parallel gateway 'P' has branches that do not meet: one gets to 'C', another to 'C2'"},
    {"forks that share a converge", "s>P P>a P>I I>b I>c a>C b>C c>C C>e", false, "[E0512]"},
    {"forks of a choice that share a converge", "s>X X>P X>I P>a P>b I>c I>d a>C b>C c>C d>C C>e",
     false, "inclusive gateway 'I' meets in 'C', as fork 'P' does"},
    {"a choice in a branch that leads to the end", "s>P P>X P>b X>a X>e a>C b>C C>e", false,
     "exclusive gateway 'X' stands in a branch of a fork, and one of its branches leads to the "
     "end"},
    {"a choice in a branch that leads out of it", "s>a a>P P>X P>b X>C X>a b>C C>e", true,
     "one of its branches leads back out of it"},
    {"ways of a choice that meet different converges",
     "s>X X>a X>b X>c X>d a>C b>C c>C2 d>C2 C>e C2>e", false,
     "exclusive gateway 'X' has branches that do not meet: one gets to 'C', another to 'C2'"},
    {"a flow from one branch into another", "s>P P>a P>X X>a X>C a>C C>e", false,
     "is reached in branch"},
    {"a choice that leads straight to the converge of a fork behind it",
     "s>X X>P X>C P>a P>b a>C b>C C>e", false,
     "exclusive gateway 'X' leads straight to 'C', where a fork behind it meets"},
    {"a branch that goes round for ever", "s>P P>a P>b b>c c>b a>C C>e", true,
     "has a branch that leads back, or round for ever"},
};

/* --- From a shape to a tree --- */

struct shape {
    char names[32][4];
    size_t count;
    struct {
        size_t source, target;
    } flows[64];
    size_t flow_count;
};

static size_t node_of(struct shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->count; i++)
        if (strcmp(shape->names[i], name) == 0) return i;
    strcpy(shape->names[shape->count], name);
    return shape->count++;
}

static struct shape read_shape(const char *flows)
{
    struct shape shape = {0};
    node_of(&shape, "s");
    node_of(&shape, "e");
    char source[4], target[4];
    int size = 0;
    for (; sscanf(flows, " %3[^> ]>%3[^> ]%n", source, target, &size) == 2; flows += size) {
        shape.flows[shape.flow_count].source = node_of(&shape, source);
        shape.flows[shape.flow_count++].target = node_of(&shape, target);
    }
    return shape;
}

static void append_flows(struct text *json, const struct shape *shape, size_t node, bool leaving,
                         const char *form)
{
    const char *comma = "";
    for (size_t i = 0; i < shape->flow_count; i++) {
        if ((leaving ? shape->flows[i].source : shape->flows[i].target) != node) continue;
        text_append_string(json, comma);
        text_append_format(json, "\"f%zu\"%s", i, form);
        comma = ", ";
    }
}

static void append_node(struct text *json, const struct shape *shape, size_t node, const char *rest)
{
    text_append_format(json, "{\"id\": \"%s\", \"incoming\": [", shape->names[node]);
    append_flows(json, shape, node, false, "");
    text_append_string(json, "], \"outgoing\": [");
    append_flows(json, shape, node, true, "");
    text_append_format(json, "], %s", rest);
}

static void append_gateway(struct text *json, const struct shape *shape, size_t node)
{
    char letter = shape->names[node][0];
    text_append_format(json, "\"%s\": ", shape->names[node]);
    append_node(json, shape, node,
                letter == 'P'   ? "\"type\": \"ParallelGateway\""
                : letter == 'C' ? "\"type\": \"ConvergeGateway\""
                : letter == 'X' ? "\"type\": \"ExclusiveGateway\""
                                : "\"type\": \"ConditionalParallelGateway\"");
    text_append_string(json, ", \"conditions\": {");
    append_flows(json, shape, node, true, ": {\"evaluate\": \"1 == 1\"}");
    text_append_string(json, "}}");
}

static void append_tree(struct text *json, const struct shape *shape)
{
    text_append_string(json, "{\"id\": \"root\", \"start_event\": ");
    append_node(json, shape, 0, "\"type\": \"EmptyStartEvent\"},\n\"end_event\": ");
    append_node(json, shape, 1, "\"type\": \"EmptyEndEvent\"},\n\"activities\": {");
    const char *comma = "";
    for (size_t i = 2; i < shape->count; i++) {
        if (isupper((unsigned char)shape->names[i][0])) continue;
        text_append_format(json, "%s\"%s\": ", comma, shape->names[i]);
        append_node(json, shape, i,
                    "\"type\": \"ServiceActivity\", \"component\": {\"code\": \"anything\"}}");
        comma = ",\n";
    }
    text_append_string(json, "},\n\"gateways\": {");
    comma = "";
    for (size_t i = 2; i < shape->count; i++) {
        if (!isupper((unsigned char)shape->names[i][0])) continue;
        text_append_string(json, comma);
        append_gateway(json, shape, i);
        comma = ",\n";
    }
    text_append_string(json, "},\n\"flows\": {");
    for (size_t i = 0; i < shape->flow_count; i++)
        text_append_format(json, "%s\"f%zu\": {\"source\": \"%s\", \"target\": \"%s\"}",
                           i > 0 ? ", " : "", i, shape->names[shape->flows[i].source],
                           shape->names[shape->flows[i].target]);
    text_append_string(json, "},\n\"data\": {\"inputs\": {}, \"outputs\": []}}\n");
}

static void a_form_is_judged(void **state)
{
    const struct form_case *expected = *state;
    struct shape shape = read_shape(expected->flows);
    struct text json = {0};
    append_tree(&json, &shape);
    struct compile_options options = options_of_tests();
    options.tolerate_cycles = expected->cycles;
    struct compiled compiled = compile_with(text_string(&json), &options);
    const char *told = text_string(&compiled.diagnostics);
    if (expected->told == NULL && compiled.status != BAMBOO_OK) fail_msg("%s", told);
    if (expected->told != NULL && strstr(told, expected->told) == NULL)
        fail_msg("told (%d):\n%s", (int)compiled.status, told);
    if (compiled.status == BAMBOO_OK) {
        struct program *program = NULL;
        assert_int_equal(
            program_load(compiled.image, compiled.size, "test", &program, &compiled.error),
            BAMBOO_OK);
        program_release(program);
    }
    compiled_release(&compiled);
    text_release(&json);
}

int main(void)
{
    return RUN_ROWS(FORMS, a_form_is_judged);
}
