/* The generated operator. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "bytecode/control_program.h"
#include "tests/property/world.h"
#include "vm/run/can.h"

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
    bool of_run;
    const char *json;
};

static struct request choose_request(uint32_t which, uint32_t how)
{
    const struct operation_info *info = &OPERATIONS[how % OPERATION_COUNT];
    bool of_run = info->run != OP_NONE && (info->node == OP_NONE || which % 7 == 0);
    /* Ends too much to be common. */
    if (strcmp(info->name, "revoke") == 0 && which % 5 != 0) of_run = false, info = &OPERATIONS[0];
    return (struct request){info, of_run, choose_data(info->name, how / OPERATION_COUNT)};
}

void describe_operation(uint32_t which, uint32_t how, char *out, size_t size)
{
    struct request request = choose_request(which, how);
    snprintf(out, size, "%s of %s with %s", request.operation->name,
             request.of_run ? "the run" : "a node", request.json);
}

/* What was done has to be what was told before. */
static void compare(struct world *world, const struct request *request, const char *target,
                    bool allowed, bool accepted, const char *why)
{
    const char *name = request->operation->name, *whom = target ? target : "the run";
    bool has_data = strcmp(request->json, "null") != 0;
    bool needs_data = strncmp(name, "skip", 4) == 0 || strstr(name, "rollback");
    /* With data more may be possible. */
    if (!allowed && accepted && !(has_data && strstr(name, "rollback")))
        world_break(world, "%s of %s is done, although it is told: %s", name, whom, why);
    /* Data that are wrong may be told first. */
    else if (!allowed && !has_data && strcmp(world->error.message, why) != 0)
        world_break(world, "%s of %s is refused with '%s', but told as '%s'", name, whom,
                    world->error.message, why);
    else if (allowed && !accepted && !needs_data && !has_data)
        world_break(world, "%s of %s is told to be possible, but refused: %s", name, whom,
                    world->error.message);
}

bool world_operate(struct world *world, uint32_t which, uint32_t how)
{
    struct request request = choose_request(which, how);
    struct text path = {0};
    struct bamboo_value data = bamboo_null();
    char why[512];
    bool allowed = false, accepted = false;
    choose_path(world, which, &path);
    const char *target = request.of_run ? NULL : text_string(&path);
    if (bamboo_json_parse(request.json, strlen(request.json), &data, &world->error) != BAMBOO_OK)
        world_break(world, "no data");
    bool asked = ask(world, request.operation->name, target, why, &allowed);
    if (world_apply(world, request.operation->name, target, data, &accepted) && asked)
        compare(world, &request, target, allowed, accepted, why);
    bamboo_value_release(data);
    text_release(&path);
    return !world->broken[0];
}
