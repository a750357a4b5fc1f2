/* The generated operator. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "bytecode/control_program.h"
#include "tests/property/world.h"
#include "vm/run/can.h"
#include "vm/run/path.h"

struct operation_info {
    const char *name;
    enum opcode run, node;
};
#define OP_NONE OPCODE_COUNT
static const struct operation_info OPERATIONS[] = {
#define OPERATION(name, run, may_run, node, may_node, data, meaning) {#name, OP_##run, OP_##node},
#include "vm/run/operations.def"
#undef OPERATION
};
#define OPERATION_COUNT (sizeof OPERATIONS / sizeof *OPERATIONS)

static const struct operation_info *find_operation(const char *name)
{
    size_t i = 0;
    while (strcmp(OPERATIONS[i].name, name) != 0)
        i++;
    return &OPERATIONS[i];
}

static struct program *build(struct world *world, enum opcode opcode, const char *path,
                             struct bamboo_value data)
{
    uint8_t *image = NULL;
    size_t size;
    struct program *program = NULL;
    enum bamboo_status status =
        control_program_build(opcode, path, data, "a test", &image, &size, &world->error);
    if (status == BAMBOO_OK)
        status = program_load(image, size, "operation", &program, &world->error);
    memory_free(image);
    if (status != BAMBOO_OK) world_break(world, "no control program: %s", world->error.message);
    return program;
}

bool world_apply(struct world *world, const char *operation, const char *path,
                 struct bamboo_value data, bool *accepted)
{
    const struct operation_info *info = find_operation(operation);
    struct program *program = build(world, path ? info->node : info->run, path, data);
    struct byte_writer before = {0}, after = {0};
    struct text reply = {0};
    if (!program) return false;
    run_snapshot(world->run, &before);
    enum bamboo_status status = run_operate(world->machine, world->run, program, "tester",
                                            world->now, &reply, &world->error);
    *accepted = status == BAMBOO_OK;
    run_snapshot(world->run, &after);
    bool changed = before.size != after.size || memcmp(before.bytes, after.bytes, before.size) != 0;
    if (!*accepted && (changed || run_has_outbox(world->run)))
        world_break(world, "%s of %s was refused (%s), but changed something", operation,
                    path ? path : "the run", world->error.message);
    if (status == BAMBOO_E_INTERNAL || status == BAMBOO_E_MEMORY)
        world_break(world, "%s fails: %s", operation, world->error.message);
    writer_release(&before);
    writer_release(&after);
    text_release(&reply);
    program_release(program);
    return !world->broken[0];
}

/* What run_can() says about an operation: its sentence if it is refused, NULL if it is allowed or
 * cannot be asked. */
static bool ask(struct world *world, const char *operation, const char *path, char why[512],
                bool *allowed)
{
    struct bamboo_value rows;
    bool found = false;
    why[0] = '\0';
    if (run_can(world->run, path, &rows, &world->error) != BAMBOO_OK) return false;
    for (size_t i = 0; i < bamboo_list_count(rows) && !found; i++) {
        struct bamboo_value row = bamboo_list_at(rows, i);
        struct bamboo_value node = bamboo_map_get(row, "node");
        const char *name = bamboo_string_bytes(bamboo_map_get(row, "operation"), NULL);
        if (strcmp(name, operation) != 0 || (node.type == BAMBOO_STRING) != (path != NULL))
            continue;
        found = true;
        *allowed = value_is_true(bamboo_map_get(row, "allowed"));
        if (!*allowed)
            snprintf(why, 512, "%s", bamboo_string_bytes(bamboo_map_get(row, "why"), NULL));
    }
    bamboo_value_release(rows);
    return found;
}

/* A node of any scope, now and then one that is not there. */
static void choose_path(const struct world *world, uint32_t which, struct text *path)
{
    uint32_t total = 0;
    for (uint32_t i = 0; i < world->run->scope_count; i++)
        total += scope_pipeline(world->run, i)->node_count;
    which %= total + 1;
    for (uint32_t i = 0; i < world->run->scope_count; i++) {
        const struct image_pipeline *pipeline = scope_pipeline(world->run, i);
        if (which < pipeline->node_count) {
            run_append_path(world->run, i, pipeline->first_node + which, path);
            return;
        }
        which -= pipeline->node_count;
    }
    text_append_string(path, "nowhere");
}

/* Data for operations that take some: right ones and wrong ones. */
static const char *choose_data(const char *operation, uint32_t how)
{
    static const char *const DATA[] = {"null",
                                       "{}",
                                       "{\"data\": {\"x\": 1}}",
                                       "{\"data\": 1, \"version\": 1}",
                                       "{\"to\": \"n3\"}",
                                       "{\"to\": [\"n3\", \"n4\"]}",
                                       "{\"loop\": true}",
                                       "{\"mode\": \"any\"}",
                                       "{\"mode\": \"any\", \"skip_token_check\": true}",
                                       "{\"from\": \"n2\"}",
                                       "{\"from\": \"n3\", \"mode\": \"any\"}",
                                       "{\"ok\": true}",
                                       "7"};
    bool takes = strcmp(operation, "pause") != 0 && strcmp(operation, "resume") != 0;
    return DATA[takes ? how % (sizeof DATA / sizeof *DATA) : 0];
}

/* A choice of an operator. */
struct request {
    const struct operation_info *operation;
    struct text path; /* of a node, owned; empty: of the run */
    char json[200];   /* the data */
    bool must_be_done;
};

static const char *target_of(const struct request *request)
{
    return request->path.size ? text_string(&request->path) : NULL;
}

/* Anything of anything. */
static void choose_anything(const struct world *world, uint32_t which, uint32_t how,
                            struct request *request)
{
    const struct operation_info *info = &OPERATIONS[how % OPERATION_COUNT];
    bool of_run = info->run != OP_NONE && (info->node == OP_NONE || which % 7 == 0);
    /* Ends too much to be common. */
    if (strcmp(info->name, "revoke") == 0 && which % 5 != 0) of_run = false, info = &OPERATIONS[0];
    request->operation = info;
    if (!of_run) choose_path(world, which, &request->path);
    snprintf(request->json, sizeof request->json, "%s",
             choose_data(info->name, how / OPERATION_COUNT));
}

/* A row of a list of maps, any; of those that `can` gives one that is allowed. */
static struct bamboo_value choose_row(struct bamboo_value rows, bool allowed, uint32_t which)
{
    size_t count = 0;
    for (size_t i = 0; i < bamboo_list_count(rows); i++)
        count += !allowed || value_is_true(bamboo_map_get(bamboo_list_at(rows, i), "allowed"));
    if (count == 0) return bamboo_missing();
    size_t chosen = which % count;
    for (size_t i = 0;; i++) {
        struct bamboo_value row = bamboo_list_at(rows, i);
        if (allowed && !value_is_true(bamboo_map_get(row, "allowed"))) continue;
        if (chosen-- == 0) return row;
    }
}

static void set_node(struct request *request, struct bamboo_value row)
{
    struct bamboo_value node = bamboo_map_get(row, "node");
    if (node.type == BAMBOO_STRING)
        text_append_string(&request->path, bamboo_string_bytes(node, NULL));
}

/* The node, or NULL. */
static const struct image_node *find_node(const struct world *world, const char *path,
                                          uint32_t *node)
{
    uint32_t scope;
    struct bamboo_error none;
    if (!path || run_find_node(world->run, path, &scope, node, &none) != BAMBOO_OK) return NULL;
    return node_of(world->run, *node);
}

static bool is_gateway(const struct image_node *row)
{
    return row && (row->kind == NODE_KIND_EXCLUSIVE || row->kind == NODE_KIND_INCLUSIVE);
}

/* Something that is possible just now: what is chosen blindly mostly is not. */
static void choose_allowed(const struct world *world, uint32_t which, uint32_t how,
                           struct request *request)
{
    struct bamboo_value rows;
    uint32_t node;
    if (run_can(world->run, NULL, &rows, NULL) != BAMBOO_OK) return;
    struct bamboo_value row = choose_row(rows, true, which);
    const char *name =
        row.type == BAMBOO_MAP ? bamboo_string_bytes(bamboo_map_get(row, "operation"), NULL) : "";
    if (*name && (strcmp(name, "revoke") != 0 || how % 8 == 0)) {
        const struct program *program = world->run->linked->program;
        request->operation = find_operation(name);
        set_node(request, row);
        const struct image_node *row_of_node = find_node(world, target_of(request), &node);
        if (strncmp(name, "skip", 4) == 0 && is_gateway(row_of_node)) {
            uint32_t way = row_of_node->first_flow + how % row_of_node->flow_count;
            uint32_t to = program->flows[way].target;
            snprintf(request->json, sizeof request->json, "{\"to\": \"%s\"}",
                     program_name(program, program->nodes[to].name));
        } else if (how % 4 == 1) {
            snprintf(request->json, sizeof request->json, "%s", choose_data(name, how / 4));
        }
    }
    bamboo_value_release(rows);
}

/* Back to where the list of targets says. */
static void choose_listed(const struct world *world, uint32_t which, uint32_t how,
                          struct request *request)
{
    struct bamboo_value rows;
    if (run_rollback_targets(world->run, NULL, &rows, NULL) != BAMBOO_OK) return;
    struct bamboo_value row = choose_row(rows, false, which);
    if (row.type == BAMBOO_MAP) {
        request->must_be_done = how % 4 != 0;
        request->operation =
            find_operation(request->must_be_done ? "rollback" : "reserve_rollback");
        set_node(request, row);
        snprintf(request->json, sizeof request->json, "{\"mode\": \"%s\"%s}",
                 bamboo_string_bytes(bamboo_map_get(row, "mode"), NULL),
                 value_is_true(bamboo_map_get(row, "skip_token_check"))
                     ? ", \"skip_token_check\": true"
                     : "");
    }
    bamboo_value_release(rows);
}

static struct request choose_request(const struct world *world, uint32_t which, uint32_t how)
{
    struct request request = {.json = "null"};
    uint32_t way = how % 8;
    how /= 8;
    if (way >= 5)
        choose_allowed(world, which, how, &request);
    else if (way == 4)
        choose_listed(world, which, how, &request);
    if (!request.operation) choose_anything(world, which, how, &request);
    return request;
}

/* What was done has to be what was told before. */
static void compare(struct world *world, const struct request *request, bool allowed, bool accepted,
                    const char *why)
{
    uint32_t node;
    const char *name = request->operation->name, *target = target_of(request);
    const char *whom = target ? target : "the run";
    bool has_data = strcmp(request->json, "null") != 0;
    bool needs_data = strncmp(name, "skip", 4) == 0 && is_gateway(find_node(world, target, &node));
    /* With data more may be possible. */
    if (!allowed && accepted && !(has_data && strstr(name, "rollback")))
        world_break(world, "%s of %s is done, although it is told: %s", name, whom, why);
    /* Data that are wrong may be told first. */
    else if (!allowed && !has_data && strcmp(world->error.message, why) != 0)
        world_break(world, "%s of %s is refused with '%s', but told as '%s'", name, whom,
                    world->error.message, why);
    else if (!accepted && (request->must_be_done || (allowed && !needs_data && !has_data)))
        world_break(world, "%s of %s is told to be possible, but refused: %s", name, whom,
                    world->error.message);
}

bool world_operate(struct world *world, uint32_t which, uint32_t how)
{
    struct request request = choose_request(world, which, how);
    const char *target = target_of(&request);
    struct bamboo_value data = bamboo_null();
    char why[512];
    bool allowed = false, accepted = false;
    if (bamboo_json_parse(request.json, strlen(request.json), &data, &world->error) != BAMBOO_OK)
        world_break(world, "no data");
    bool asked = ask(world, request.operation->name, target, why, &allowed);
    world_tell(world, ": %s of %s with %s", request.operation->name, target ? target : "the run",
               request.json);
    bool applied = world_apply(world, request.operation->name, target, data, &accepted);
    world_tell(world, ", %s%s",
               accepted ? "done" : "refused: ", accepted ? "" : world->error.message);
    if (applied && asked) compare(world, &request, allowed, accepted, why);
    bamboo_value_release(data);
    text_release(&request.path);
    return !world->broken[0];
}
