/* Rules 41 to 45 of docs/artifact.md. */
#include "tests/unit/bytecode/support.h"

#include <stdio.h>
#include <time.h>

#include "base/limits.h"

/* A pipeline in short: its nodes by letters (S start, E end, o converge, X exclusive, P parallel,
 * I inclusive), its flows in the order of the nodes that they leave, and the forks' converges. */
struct shape {
    const char *promise;
    const char *nodes;
    const char *flows;     /* "0>1 1>2" */
    const char *converges; /* "1:4" */
    const char *because;   /* NULL: it is accepted */
};

static const char *read_pair(const char *text, uint32_t *first, uint32_t *second)
{
    char *end;
    *first = (uint32_t)strtoul(text, &end, 10);
    *second = (uint32_t)strtoul(end + 1, &end, 10);
    return *end == ' ' ? end + 1 : end;
}

static uint32_t converge_of(const struct shape *shape, uint32_t node)
{
    uint32_t fork;
    uint32_t converge = IMAGE_NONE;
    for (const char *next = shape->converges; *next;) {
        next = read_pair(next, &fork, &converge);
        if (fork == node) return converge;
    }
    return IMAGE_NONE;
}

static void emit_node(struct image_writer *writer, char letter, uint32_t first, uint32_t count,
                      uint32_t node, uint32_t converge)
{
    static const char LETTERS[] = "SEoXPI";
    static const enum image_node_kind KINDS[] = {NODE_KIND_START,    NODE_KIND_END,
                                                 NODE_KIND_CONVERGE, NODE_KIND_EXCLUSIVE,
                                                 NODE_KIND_PARALLEL, NODE_KIND_INCLUSIVE};
    char name[32];
    snprintf(name, sizeof name, "%c%u", letter, node);
    add_node(writer, KINDS[strchr(LETTERS, letter) - LETTERS], name, first, count, converge);
    for (uint32_t i = 0; (letter == 'X' || letter == 'I') && i < count; i++)
        push_text(writer, "true");
    switch (letter) {
    case 'E':
        image_emit(writer, OP_MAKE_MAP, 0);
        image_emit(writer, OP_END_PIPELINE, 0);
        break;
    case 'X': image_emit(writer, OP_CHOOSE_ONLY, count); break;
    case 'I': image_emit(writer, OP_FORK_WHEN, count); break;
    case 'P': image_emit(writer, OP_FORK, 0); break;
    default: image_emit(writer, OP_LEAVE, first); break;
    }
}

static struct image image_of_shape(const struct shape *shape)
{
    struct image_writer *writer = image_writer_create(IMAGE_FLOW);
    uint32_t node_count = (uint32_t)strlen(shape->nodes);
    uint32_t flow = 0;
    const char *next = shape->flows;
    add_pipeline(writer, "main", 0, node_count, 0, 0);
    for (uint32_t node = 0; node < node_count; node++) {
        uint32_t first = flow;
        uint32_t source;
        uint32_t target;
        while (*next && (uint32_t)strtoul(next, NULL, 10) == node) {
            next = read_pair(next, &source, &target);
            add_flow(writer, source, target);
            flow++;
        }
        emit_node(writer, shape->nodes[node], flow > first ? first : 0, flow - first, node,
                  converge_of(shape, node));
    }
    return finish(writer);
}

static const struct shape SHAPES[] = {
    {"a line is accepted", "SoE", "0>1 1>2", "", NULL},
    {"a loop is accepted", "SoXE", "0>1 1>2 2>1 2>3", "", NULL},
    {"a way into an endless loop is accepted", "SXoE", "0>1 1>2 1>3 2>2", "", NULL},
    {"an end that no way leads to is accepted", "SoE", "0>1 1>1", "", NULL},
    {"41: every node is reached", "SooE", "0>1 1>3 2>3", "",
     "flow.bbc: node 2 'o2': no way leads to it"},
    {"a fork is accepted", "SPoooE", "0>1 1>2 1>3 2>4 3>4 4>5", "1:4", NULL},
    {"an empty branch is accepted", "SPooE", "0>1 1>2 1>3 2>3 3>4", "1:3", NULL},
    {"forks in both branches are accepted", "SPPIoooooooE",
     "0>1 1>2 1>3 2>4 2>5 3>7 3>8 4>6 5>6 6>10 7>9 8>9 9>10 10>11", "1:10 2:6 3:9", NULL},
    {"forks inside each other are accepted", "SPIoooooE", "0>1 1>2 1>7 2>3 2>4 3>5 4>5 5>6 6>7 7>8",
     "1:7 2:5", NULL},
    {"choices and loops in a branch are accepted", "SPoXooE", "0>1 1>2 1>4 2>3 3>2 3>5 4>5 5>6",
     "1:5", NULL},
    {"two forks of one branch may share a converge", "SXPPoooE", "0>1 1>2 1>3 2>4 3>5 4>6 5>6 6>7",
     "2:6 3:6", NULL},
    {"a way past a fork to its converge is accepted", "SXPooE", "0>1 1>2 1>4 2>3 3>4 4>5", "2:4",
     NULL},
    {"a loop around a fork is accepted", "SoPooXE", "0>1 1>2 2>3 2>4 3>4 4>5 5>1 5>6", "2:4", NULL},
    {"42: no branch gets to the end", "SPXoE", "0>1 1>2 1>3 2>3 2>4 3>4", "1:3",
     "flow.bbc: node 2 'X2': branch 1 of node 1 'P1' gets to the end before its converge"},
    {"42: branches share no node", "SPoooE", "0>1 1>2 1>3 2>3 3>4 4>5", "1:4",
     "flow.bbc: node 2 'o2': branch 1 of node 1 'P1' leads to node 3 'o3', which lies outside the "
     "branch"},
    {"42: a branch does not lead behind its converge", "SPXooE", "0>1 1>2 1>3 2>3 2>4 3>4 4>5",
     "1:3", "flow.bbc: node 4 'o4': branch 1 of node 1 'P1' gets to the end before its converge"},
    {"42: a branch does not lead before its fork", "SoPXoE", "0>1 1>2 2>3 2>4 3>1 3>4 4>5", "2:4",
     "flow.bbc: node 3 'X3': branch 1 of node 2 'P2' leads to node 1 'o1', which lies outside the "
     "branch"},
    {"42: no way leads into a branch", "SXPooE", "0>1 1>2 1>3 2>3 2>4 3>4 4>5", "2:4",
     "flow.bbc: node 2 'P2': branch 1 of node 2 'P2' leads to node 3 'o3', which lies outside the "
     "branch"},
    {"42: a branch inside does not lead to the outer converge", "SPPXoooE",
     "0>1 1>2 1>6 2>3 2>4 3>5 3>6 4>5 5>6 6>7", "1:6 2:5",
     "flow.bbc: node 3 'X3': branch 1 of node 2 'P2' leads to node 6 'o6', which lies outside the "
     "branch"},
    {"42: forks inside each other do not share a converge", "SPPoooE",
     "0>1 1>2 1>3 2>4 2>5 3>5 4>5 5>6", "1:5 2:5",
     "flow.bbc: node 2 'P2': branch 1 of node 1 'P1' leads to node 5 'o5', which lies outside the "
     "branch"},
    {"43: every branch has a way to the converge", "SPooE", "0>1 1>2 1>3 2>2 3>4", "1:3",
     "flow.bbc: node 1 'P1': branch 1 never gets to the converge, node 3 'o3'"},
};

static void a_shape_is_judged(void **state)
{
    const struct shape *shape = *state;
    struct image image = image_of_shape(shape);
    if (shape->because)
        assert_refused(&image, shape->because);
    else
        program_release(load(&image));
    memory_free(image.bytes);
}

/* --- calls --- */

/* Pipelines of start, call and end; the i-th calls `callees[i]`, the last nothing if that is NONE.
 */
static struct image image_of_calls(const uint32_t *callees, uint32_t count)
{
    struct image_writer *writer = image_writer_create(IMAGE_FLOW);
    uint32_t node = 0;
    uint32_t flow = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool calls = callees[i] != IMAGE_NONE;
        char name[32];
        snprintf(name, sizeof name, "p%u", i);
        add_pipeline(writer, name, node, 3, 0, 0);
        emit_node(writer, 'S', flow, 1, node, IMAGE_NONE);
        add_flow(writer, node, node + 1);
        add_node(writer, calls ? NODE_KIND_SUBPROCESS : NODE_KIND_CONVERGE, "middle", flow + 1, 1,
                 callees[i]);
        if (calls) {
            image_emit(writer, OP_MAKE_MAP, 0);
            image_emit(writer, OP_CALL_PIPELINE, callees[i]);
        }
        image_emit(writer, OP_LEAVE, flow + 1);
        add_flow(writer, node + 1, node + 2);
        emit_node(writer, 'E', 0, 0, node + 2, IMAGE_NONE);
        node += 3;
        flow += 2;
    }
    return finish(writer);
}

static void a_pipeline_that_calls_itself_is_refused(void **state)
{
    (void)state;
    struct image image = image_of_calls((const uint32_t[]){0}, 1);
    assert_refused(&image, "flow.bbc: node 1 'middle': with this call pipeline 'p0' calls itself");
    memory_free(image.bytes);
    image = image_of_calls((const uint32_t[]){1, 2, 1}, 3);
    assert_refused(&image, "flow.bbc: node 7 'middle': with this call pipeline 'p1' calls itself");
    memory_free(image.bytes);
}

static void calls_inside_each_other_have_a_limit(void **state)
{
    (void)state;
    uint32_t callees[SCOPE_DEPTH_MAX + 2];
    for (uint32_t i = 0; i < SCOPE_DEPTH_MAX + 2; i++)
        callees[i] = i + 1;
    callees[SCOPE_DEPTH_MAX] = IMAGE_NONE;
    struct image image = image_of_calls(callees, SCOPE_DEPTH_MAX + 1);
    program_release(load(&image));
    memory_free(image.bytes);

    callees[SCOPE_DEPTH_MAX] = SCOPE_DEPTH_MAX + 1;
    callees[SCOPE_DEPTH_MAX + 1] = IMAGE_NONE;
    image = image_of_calls(callees, SCOPE_DEPTH_MAX + 2);
    assert_refused(&image, "flow.bbc: below pipeline 0 'p0' more than 1000 subprocesses are inside "
                           "each other");
    memory_free(image.bytes);
}

/* --- size --- */

static void assert_loads_soon(const struct image *image)
{
    clock_t start = clock();
    program_release(load(image));
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    print_message("%zu bytes: %.1f ms\n", image->size, 1000 * seconds);
    assert_true(seconds < 5); /* quadratic time would be minutes */
}

static void a_line_of_100000_nodes_loads(void **state)
{
    enum { COUNT = 100000 };
    (void)state;
    struct image_writer *writer = image_writer_create(IMAGE_FLOW);
    add_pipeline(writer, "main", 0, COUNT, 0, 0);
    for (uint32_t node = 0; node < COUNT; node++) {
        char letter = node == 0 ? 'S' : node == COUNT - 1 ? 'E' : 'o';
        emit_node(writer, letter, letter == 'E' ? 0 : node, letter != 'E', node, IMAGE_NONE);
        if (letter != 'E') add_flow(writer, node, node + 1);
    }
    struct image image = finish(writer);
    assert_loads_soon(&image);
    memory_free(image.bytes);
}

static void a_fork_of_50000_branches_loads(void **state)
{
    enum { COUNT = 50000, CONVERGE = COUNT + 2 };
    (void)state;
    struct image_writer *writer = image_writer_create(IMAGE_FLOW);
    add_pipeline(writer, "main", 0, COUNT + 4, 0, 0);
    emit_node(writer, 'S', 0, 1, 0, IMAGE_NONE);
    add_flow(writer, 0, 1);
    emit_node(writer, 'P', 1, COUNT, 1, CONVERGE);
    for (uint32_t i = 0; i < COUNT; i++)
        add_flow(writer, 1, 2 + i);
    for (uint32_t i = 0; i < COUNT; i++) {
        emit_node(writer, 'o', 1 + COUNT + i, 1, 2 + i, IMAGE_NONE);
        add_flow(writer, 2 + i, CONVERGE);
    }
    emit_node(writer, 'o', 1 + 2 * COUNT, 1, CONVERGE, IMAGE_NONE);
    add_flow(writer, CONVERGE, CONVERGE + 1);
    emit_node(writer, 'E', 0, 0, CONVERGE + 1, IMAGE_NONE);
    struct image image = finish(writer);
    assert_loads_soon(&image);
    memory_free(image.bytes);
}

static void forks_inside_each_other_20000_deep_load(void **state)
{
    enum { DEPTH = 20000, COUNT = 2 * DEPTH + 2 };
    (void)state;
    struct image_writer *writer = image_writer_create(IMAGE_FLOW);
    add_pipeline(writer, "main", 0, COUNT, 0, 0);
    for (uint32_t node = 0; node < COUNT; node++) {
        char letter = node == 0 ? 'S' : node <= DEPTH ? 'P' : node < COUNT - 1 ? 'o' : 'E';
        emit_node(writer, letter, letter == 'E' ? 0 : node, letter != 'E', node,
                  letter == 'P' ? COUNT - 1 - node : IMAGE_NONE);
        if (letter != 'E') add_flow(writer, node, node + 1);
    }
    struct image image = finish(writer);
    assert_loads_soon(&image);
    memory_free(image.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pipeline_that_calls_itself_is_refused),
        cmocka_unit_test(calls_inside_each_other_have_a_limit),
        cmocka_unit_test(a_line_of_100000_nodes_loads),
        cmocka_unit_test(a_fork_of_50000_branches_loads),
        cmocka_unit_test(forks_inside_each_other_20000_deep_load),
    };
    int failed = RUN_ROWS(SHAPES, a_shape_is_judged);
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
