#include "bench/flows.h"

#include <stdlib.h>

static struct bamboo_flow *compile(const struct bamboo_library *library, struct flow_text *text)
{
    struct bamboo_flow *flow = compile_text(library, text->bytes);
    free(text->bytes);
    return flow;
}

struct bamboo_flow *loop_flow(const struct bamboo_library *library, int rounds)
{
    struct flow_text text = {0};
    flow_append(&text, "pipeline loop() {\n    repeat up to %d times {\n", rounds);
    for (int i = 0; i < 20; i++)
        flow_append(&text, "        noop()\n");
    flow_append(&text, "    }\n}\n");
    return compile(library, &text);
}

struct bamboo_flow *chain_flow(const struct bamboo_library *library, int nodes)
{
    struct flow_text text = {0};
    flow_append(&text, "pipeline chain() {\n");
    for (int i = 0; i < nodes; i++)
        flow_append(&text, "    noop()\n");
    flow_append(&text, "}\n");
    return compile(library, &text);
}

struct bamboo_flow *wide_flow(const struct bamboo_library *library, int branches, int length,
                              const char *statement)
{
    struct flow_text text = {0};
    flow_append(&text, "pipeline wide() {\n    parallel {\n");
    for (int branch = 0; branch < branches; branch++) {
        flow_append(&text, "        {\n");
        for (int i = 0; i < length; i++)
            flow_append(&text, "            %s\n", statement);
        flow_append(&text, "        }\n");
    }
    flow_append(&text, "    }\n}\n");
    return compile(library, &text);
}

struct bamboo_flow *seventeen_flow(const struct bamboo_library *library)
{
    return compile_text(library, "pipeline seventeen(kind: string = \"b\") {\n"
                                 "    first = noop()\n"
                                 "    inner()\n"
                                 "    parallel {\n"
                                 "        noop()\n"
                                 "        noop()\n"
                                 "        noop()\n"
                                 "    }\n"
                                 "    exclusive {\n"
                                 "        when kind == \"a\" { noop() }\n"
                                 "        when kind == \"b\" { noop() }\n"
                                 "    }\n"
                                 "    last = noop()\n"
                                 "}\n"
                                 "pipeline inner() {\n"
                                 "    noop()\n"
                                 "    noop()\n"
                                 "}\n");
}
