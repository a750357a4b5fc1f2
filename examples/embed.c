/* A program with a workflow engine inside: compiles a flow, runs it, answers its question, and
 * prints the result. docs/embedding.md explains it line by line.
 *
 *     cc -std=c11 -o embed examples/embed.c $(pkg-config --cflags --libs bamboo) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bamboo.h"

static const char FLOW[] = "bamboo 1\n"
                           "pipeline order(item: string, count: int) -> total, approved {\n"
                           "    price = shell(\"echo 250\")\n"
                           "    total = int(price.stdout) * count\n"
                           "    ask = callback()\n"
                           "    approved = ask.data.ok\n"
                           "    log(\"${count} times ${item}: ${total}\")\n"
                           "}\n";

/* Ends the program with the error's sentence and its exit code. */
static void must(enum bamboo_status status, const struct bamboo_error *error)
{
    if (status == BAMBOO_OK) return;
    fprintf(stderr, "embed: %s\n", error->message);
    exit(bamboo_status_exit(status));
}

/* Is called for each event of our runs, once it is durable. `event` is a map, borrowed. */
static void observe(void *context, struct bamboo_value event)
{
    struct bamboo_value node = bamboo_map_get(event, "node");
    struct bamboo_value state = bamboo_map_get(event, "state");
    size_t *count = context;
    ++*count;
    if (node.type == BAMBOO_STRING && state.type == BAMBOO_STRING)
        printf("  %s is %s\n", bamboo_string_bytes(node, NULL), bamboo_string_bytes(state, NULL));
}

static struct bamboo_flow *compile(const struct bamboo_library *library)
{
    struct bamboo_report report = {0};
    struct bamboo_flow *flow = NULL;
    struct bamboo_error error;
    enum bamboo_status status =
        bamboo_flow_compile(library, "order.bamboo", FLOW, strlen(FLOW), &report, &flow, &error);
    if (report.errors > 0) fputs(bamboo_string_bytes(report.text, NULL), stderr);
    bamboo_report_release(&report);
    must(status, &error);
    return flow;
}

/* {item: "tea", count: 3}. A builder keeps the first failure; finish() tells it. */
static struct bamboo_value make_parameters(void)
{
    struct bamboo_map_builder builder;
    struct bamboo_value parameters;
    struct bamboo_error error;
    bamboo_map_builder_init(&builder);
    bamboo_map_builder_set_text(&builder, "item", "tea");
    bamboo_map_builder_set_integer(&builder, "count", 3);
    must(bamboo_map_builder_finish(&builder, &parameters, &error), &error);
    return parameters;
}

static void answer(struct bamboo_engine *engine, const char *run)
{
    static const char DATA[] = "{\"data\": {\"ok\": true}}";
    struct bamboo_operation operation = {.operation = "callback", .run = run, .node = "ask"};
    struct bamboo_value reply;
    struct bamboo_error error;
    bool claimed; /* we own the run already, so it stays false */
    must(bamboo_json_parse(DATA, strlen(DATA), &operation.data, &error), &error);
    must(bamboo_operate(engine, &operation, &reply, &claimed, &error), &error);
    printf("%s\n", bamboo_string_bytes(reply, NULL));
    bamboo_value_release(reply);
    bamboo_value_release(operation.data);
}

static void print_outputs(struct bamboo_engine *engine, const char *run)
{
    struct bamboo_value shown, text;
    struct bamboo_error error;
    must(bamboo_show(engine, run, &shown, &error), &error);
    must(bamboo_json_print(bamboo_map_get(shown, "outputs"), 0, &text, &error), &error);
    printf("%s: %s\n", bamboo_string_bytes(bamboo_map_get(shown, "settled"), NULL),
           bamboo_string_bytes(text, NULL));
    bamboo_value_release(text);
    bamboo_value_release(shown);
}

int main(int argc, char *argv[])
{
    struct bamboo_engine_options options = {.store = argc > 1 ? argv[1] : "memory:"};
    struct bamboo_library *library = NULL;
    struct bamboo_engine *engine = NULL;
    struct bamboo_error error;
    char run[BAMBOO_RUN_ID_SIZE];
    size_t events = 0;

    must(bamboo_library_create(NULL, 0, &library, &error), &error);
    struct bamboo_flow *flow = compile(library);
    must(bamboo_engine_open(library, &options, &engine, &error), &error);
    bamboo_engine_observe(engine, observe, &events);

    struct bamboo_value parameters = make_parameters();
    must(bamboo_start(engine, flow, parameters, NULL, run, &error), &error);
    bamboo_value_release(parameters);
    must(bamboo_engine_loop(engine, BAMBOO_UNTIL_SETTLED, &error), &error); /* waits at `ask` */
    answer(engine, run);
    must(bamboo_engine_loop(engine, BAMBOO_UNTIL_SETTLED, &error), &error);
    print_outputs(engine, run);
    printf("%s\n", events > 0 ? "and every event was told" : "but no event was told");

    bamboo_engine_close(engine);
    bamboo_flow_release(flow);
    bamboo_library_destroy(library);
    return 0;
}
