/* Flows for tests that are made without the compiler: activities one behind the other, with what is
 * attached to them. */
#ifndef TESTS_UNIT_VM_RUN_CHAIN_H
#define TESTS_UNIT_VM_RUN_CHAIN_H

#include "bytecode/image_writer.h"
#include "tests/unit/vm/run/world.h"

struct chain_timer {
    enum image_timer_kind kind;
    int64_t time;
    uint32_t count;
    const char *name, *component; /* of the action */
};

/* An activity; with a name that is NULL the chain ends. */
struct chain_node {
    const char *name, *component;
    const char *inputs; /* JSON; NULL: {} */
    const char *undo;   /* the component of what undoes it, or NULL */
    const char *undo_inputs;
    struct chain_timer timers[3]; /* until one without a name */
};

#define CHAIN_MAX 8

static inline uint32_t chain_name(struct image_writer *writer, const char *name)
{
    return image_name(writer, name, strlen(name));
}

static inline void chain_emit_node(struct image_writer *writer, struct image_node *row,
                                   const char *name, const char *component, const char *inputs)
{
    row->name = chain_name(writer, name);
    row->entry = image_pc(writer);
    row->other_flow = IMAGE_NONE;
    row->companion = component ? image_component(writer, component) : IMAGE_NONE;
    uint32_t node = image_add(writer, SECTION_NODES, row, sizeof *row);
    image_emit(writer, OP_ENTER, node);
    if (!component) return;
    struct bamboo_value map = value_empty_map();
    if (inputs) assert_int_equal(bamboo_json_parse(inputs, strlen(inputs), &map, NULL), BAMBOO_OK);
    image_emit(writer, OP_CONSTANT, image_constant(writer, map));
    image_emit(writer, OP_EXECUTE, image_component(writer, component));
    bamboo_value_release(map);
}

static inline void chain_attach(struct image_writer *writer, const char *name,
                                const char *component, const char *inputs)
{
    struct image_node row = {
        .kind = NODE_KIND_ACTIVITY, .flags = NODE_FLAG_ATTACHED, .policy = IMAGE_NONE};
    chain_emit_node(writer, &row, name, component, inputs);
    image_emit(writer, OP_DETACH, 0);
}

/* The policy of a node whose attached nodes begin with `attached`, which goes behind them. */
static inline uint32_t chain_policy(struct image_writer *writer, const struct chain_node *node,
                                    uint32_t *attached)
{
    struct image_policy policy = {
        .retry_pattern = IMAGE_NONE, .loop_variable = IMAGE_NONE, .undo = IMAGE_NONE};
    if (!node->undo && !node->timers[0].name) return IMAGE_NONE;
    if (node->undo) policy.undo = (*attached)++;
    for (; node->timers[policy.timer_count].name; policy.timer_count++) {
        const struct chain_timer *timer = &node->timers[policy.timer_count];
        struct image_timer row = {.kind = timer->kind,
                                  .time_low = (uint32_t)timer->time,
                                  .time_high = (uint32_t)(timer->time >> 32),
                                  .count = timer->count,
                                  .node = (*attached)++};
        uint32_t index = image_add(writer, SECTION_TIMERS, &row, sizeof row);
        if (policy.timer_count == 0) policy.first_timer = index;
    }
    return image_add(writer, SECTION_POLICIES, &policy, sizeof policy);
}

static inline void chain_emit(struct image_writer *writer, const struct chain_node *nodes)
{
    uint32_t count = 0;
    while (nodes[count].name)
        count++;
    uint32_t attached = count + 2, end = count + 1;
    for (uint32_t i = 0; i <= count; i++) {
        struct image_flow flow = {.name = IMAGE_NONE, .source = i, .target = i + 1};
        image_add(writer, SECTION_FLOWS, &flow, sizeof flow);
    }
    for (uint32_t i = 0; i <= count; i++) {
        const struct chain_node *node = i == 0 ? NULL : &nodes[i - 1];
        struct image_node row = {.first_flow = i,
                                 .flow_count = 1,
                                 .policy =
                                     node ? chain_policy(writer, node, &attached) : IMAGE_NONE,
                                 .kind = node ? NODE_KIND_ACTIVITY : NODE_KIND_START};
        chain_emit_node(writer, &row, node ? node->name : "start", node ? node->component : NULL,
                        node ? node->inputs : NULL);
        image_emit(writer, OP_LEAVE, i);
    }
    struct image_node row = {.kind = NODE_KIND_END, .policy = IMAGE_NONE};
    chain_emit_node(writer, &row, "end", NULL, NULL);
    image_emit(writer, OP_MAKE_MAP, 0);
    image_emit(writer, OP_END_PIPELINE, 0);
    for (uint32_t i = 0; i < count; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s_undo", nodes[i].name);
        if (nodes[i].undo) chain_attach(writer, name, nodes[i].undo, nodes[i].undo_inputs);
        for (const struct chain_timer *timer = nodes[i].timers; timer->name; timer++)
            chain_attach(writer, timer->name, timer->component, NULL);
    }
    struct image_pipeline pipeline = {
        .name = chain_name(writer, "p"), .node_count = attached, .end_node = end, .rerun_limit = 2};
    image_add(writer, SECTION_PIPELINES, &pipeline, sizeof pipeline);
}

static inline struct world *chain_world(const struct chain_node *nodes)
{
    struct bamboo_error error = {0};
    struct image_writer *writer = image_writer_create(IMAGE_FLOW);
    uint8_t *image = NULL;
    size_t size;
    chain_emit(writer, nodes);
    if (image_finish(writer, &image, &size, &error) != BAMBOO_OK) fail_msg("%s", error.message);
    image_writer_destroy(writer);
    struct world *world = world_begin(world_link(image, size), "{}");
    memory_free(image);
    return world;
}

#endif
