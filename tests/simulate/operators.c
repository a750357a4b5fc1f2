/* People: they ask for sensible things and others, and what the store has accepted counts. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/value.h"
#include "bytecode/control_program.h"
#include "tests/simulate/world.h"
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
    for (size_t i = 0; i < OPERATION_COUNT; i++)
        if (strcmp(OPERATIONS[i].name, name) == 0) return &OPERATIONS[i];
    return NULL;
}

/* Puts a request into the mailbox of the run: its mail, or 0 if it does not arrive. */
static uint64_t submit(struct world *world, size_t run, const struct operation_info *info,
                       const char *path, struct bamboo_value data)
{
    struct request request = {.run = run, .asked_ns = world->monotonic_ns};
    struct bamboo_error error;
    uint8_t *image = NULL;
    size_t size = 0;
    enum opcode opcode = path ? info->node : info->run;
    if (opcode == OP_NONE) return 0;
    snprintf(request.actor, sizeof request.actor, "operator %zu", world->request_count);
    snprintf(request.what, sizeof request.what, "%s of %.60s", info->name, path ? path : "the run");
    if (control_program_build(opcode, path, data, NULL, &image, &size, &error) != BAMBOO_OK)
        return 0; /* no such request can be made */
    if (happens(world, world->faults.lost_request)) {
        world_tell(world, "  %s is lost on its way", request.what);
        memory_free(image);
        return 0;
    }
    void *requests = world->requests;
    if (store_submit(world->store, world->runs[run].id, image, size, request.actor, &request.mail,
                     &error) == BAMBOO_OK &&
        memory_grow(&requests, &world->request_capacity, world->request_count + 1,
                    sizeof *world->requests)) {
        world->requests = requests;
        world->requests[world->request_count++] = request;
        world_tell(world, "  %s asks for %s", request.actor, request.what);
    }
    memory_free(image);
    return request.mail;
}

static struct bamboo_value parse(const char *json)
{
    struct bamboo_value value = bamboo_null();
    if (bamboo_json_parse(json, strlen(json), &value, NULL) != BAMBOO_OK) return bamboo_null();
    return value;
}

static struct bamboo_value draw_data(struct world *world)
{
    static const char *const DATA[] = {"null",
                                       "null",
                                       "null",
                                       "{\"data\": {\"x\": 1}}",
                                       "{\"data\": 1, \"version\": 4}",
                                       "{\"mode\": \"any\"}",
                                       "{\"to\": \"n3\"}",
                                       "{\"loop\": true}"};
    return parse(DATA[draw(world, sizeof DATA / sizeof *DATA)]);
}

/* One of the operations that are possible, or any other. */
static void ask(struct world *world, size_t index, const struct run *run)
{
    struct bamboo_value rows, data = draw_data(world);
    struct bamboo_error error;
    if (run_can(run, NULL, &rows, &error) != BAMBOO_OK) {
        world_break(world, "nobody can tell what is possible: %s", error.message);
        bamboo_value_release(data);
        return;
    }
    uint32_t count = (uint32_t)bamboo_list_count(rows);
    struct bamboo_value row = bamboo_list_at(rows, draw(world, count));
    struct bamboo_value node = bamboo_map_get(row, "node");
    const char *name = bamboo_string_bytes(bamboo_map_get(row, "operation"), NULL);
    const char *path = node.type == BAMBOO_STRING ? bamboo_string_bytes(node, NULL) : NULL;
    if (path && draw(world, 4) == 0) name = OPERATIONS[draw(world, OPERATION_COUNT)].name;
    /* Ends too much to be common. */
    bool is_revoke = strcmp(name, "revoke") == 0;
    const struct operation_info *info = is_revoke && draw(world, 20) ? NULL : find_operation(name);
    if (info) submit(world, index, info, path, data);
    /* Some are heard twice. */
    if (info && strcmp(name, "callback") == 0 && draw(world, 3) == 0)
        submit(world, index, info, path, data);
    bamboo_value_release(rows);
    bamboo_value_release(data);
}

/* A run that there is and that is not over; count if there is none. */
static size_t draw_open_run(struct world *world)
{
    size_t first = draw(world, (uint32_t)world->run_count);
    for (size_t i = 0; i < world->run_count; i++) {
        size_t index = (first + i) % world->run_count;
        struct store_run row = {0};
        if (store_find_run(world->store, world->runs[index].id, &row, NULL) != BAMBOO_OK) continue;
        bool is_open = !row.summary.ended;
        store_run_release(&row);
        if (is_open) return index;
    }
    return world->run_count;
}

void operators_ask(struct world *world)
{
    size_t index = draw_open_run(world);
    struct run *run = index < world->run_count ? check_load(world, &world->runs[index]) : NULL;
    if (run) ask(world, index, run);
    run_destroy(run);
}

/* --- Help --- */

/* A failed gateway is told a way, any: one leads to the end. */
static uint64_t help_gateway(struct world *world, size_t index, const struct run *run)
{
    const struct program *program = run->linked->program;
    for (uint32_t i = 0; i < run->token_count; i++) {
        const struct token *token = &run->tokens[i];
        if (token->state != TOKEN_FAILED) continue;
        const struct image_node *node = node_of(run, token->node);
        if ((node->kind != NODE_KIND_EXCLUSIVE && node->kind != NODE_KIND_INCLUSIVE) ||
            node->flow_count == 0)
            continue;
        struct text path = {0}, json = {0};
        uint32_t way = node->first_flow + draw(world, node->flow_count);
        run_append_path(run, token->scope, token->node, &path);
        text_append_format(&json, "{\"to\": \"%s\"}",
                           program_name(program, program->nodes[program->flows[way].target].name));
        struct bamboo_value data = parse(text_string(&json));
        uint64_t mail = submit(world, index, find_operation("skip"), text_string(&path), data);
        bamboo_value_release(data);
        text_release(&path);
        text_release(&json);
        return mail;
    }
    return 0;
}

/* The first operation of this name that is allowed. */
static uint64_t help_with(struct world *world, size_t index, struct bamboo_value rows,
                          const char *operation)
{
    for (size_t i = 0; i < bamboo_list_count(rows); i++) {
        struct bamboo_value row = bamboo_list_at(rows, i);
        struct bamboo_value node = bamboo_map_get(row, "node");
        const char *name = bamboo_string_bytes(bamboo_map_get(row, "operation"), NULL);
        if (strcmp(name, operation) == 0 && value_is_true(bamboo_map_get(row, "allowed")))
            return submit(world, index, find_operation(operation),
                          node.type == BAMBOO_STRING ? bamboo_string_bytes(node, NULL) : NULL,
                          bamboo_null());
    }
    return 0;
}

uint64_t operators_help(struct world *world, size_t index, const struct run *run)
{
    static const char *const HELPFUL[] = {"resume", "callback", "skip", "retry"};
    struct bamboo_value rows;
    uint64_t mail = help_gateway(world, index, run);
    if (mail || run_can(run, NULL, &rows, NULL) != BAMBOO_OK) return mail;
    for (size_t i = 0; i < sizeof HELPFUL / sizeof *HELPFUL && !mail; i++)
        mail = help_with(world, index, rows, HELPFUL[i]);
    bamboo_value_release(rows);
    return mail;
}
