#include "tests/generate/flow.h"

#include <stdbool.h>

/* Statements of a block, and blocks inside each other. */
#define STATEMENT_COUNT_MAX 4
#define DEPTH_MAX           3
/* Each is called once; an inner one may call the next. */
#define PIPELINE_COUNT_MAX 4

struct generator {
    struct choices *choices;
    struct text *out;
    unsigned names;     /* that were given so far */
    unsigned pipelines; /* that are called and have to be written */
};

static void append_block(struct generator *generator, unsigned depth, unsigned level);

static void indent(struct generator *generator, unsigned level)
{
    for (unsigned i = 0; i < level; i++)
        text_append_string(generator->out, "    ");
}

static void append_policies(struct generator *generator)
{
    static const char *const POLICIES[] = {
        "",
        "",
        "",
        " { timeout 3s }",
        " { timeout 3s then skip }",
        " { retry 2 every 1s }",
        " { on fail ignore }",
        " { on fail { handled = echo() } }",
        " { once }",
        " { once }",
        " { once }",
        " { loop 2 }",
        " { loop 3 fail skip }",
        " { no retry }",
        " { undo echo(back: 1) }",
        " { undo work(back: 1) }",
        " { after 1s { echo(late: 1) } }",
        " { every 1s up to 2 times { work(tick: 1) } }",
        " { at 1970-01-01T00:16:42Z { echo(late: 1) } }", /* soon after these runs begin */
        " { retry 3 backoff 1s max 2s on \"not\" }",
    };
    uint32_t policy = choose(generator->choices, sizeof POLICIES / sizeof *POLICIES);
    if (policy == 7) /* its node needs a name of its own */
        text_append_format(generator->out, " { on fail { handled%u = echo() } }",
                           ++generator->names);
    else
        text_append_string(generator->out, POLICIES[policy]);
}

static void append_call(struct generator *generator)
{
    static const char *const CALLS[] = {"echo(a: 1)",         "work()",           "check(ok: true)",
                                        "check(ok: false)",   "called()",         "counted()",
                                        "polled()",           "called_outside()", "undoable(a: 1)",
                                        "undoable_outside()", "hooked(a: 1)"};
    text_append_format(generator->out, "n%u = %s", ++generator->names,
                       CALLS[choose(generator->choices, sizeof CALLS / sizeof *CALLS)]);
}

static void append_activity(struct generator *generator)
{
    append_call(generator);
    append_policies(generator);
}

static void append_pipeline_call(struct generator *generator)
{
    static const char *const POLICIES[] = {"", "", " { on fail ignore }", " { undo echo(back: 1) }",
                                           " { after 1s { work(late: 1) } }"};
    text_append_format(generator->out, "n%u = sub%u()%s", ++generator->names,
                       generator->pipelines++,
                       POLICIES[choose(generator->choices, sizeof POLICIES / sizeof *POLICIES)]);
}

static void append_condition(struct generator *generator)
{
    static const char *const CONDITIONS[] = {"true", "false", "flag", "not flag", "number > 1"};
    text_append_string(generator->out, CONDITIONS[choose(generator->choices, 5)]);
}

static void append_parallel(struct generator *generator, unsigned depth, unsigned level)
{
    uint32_t count = 1 + choose(generator->choices, 3);
    text_append_format(generator->out, "parallel n%u {\n", ++generator->names);
    for (uint32_t i = 0; i < count; i++) {
        indent(generator, level + 1);
        text_append_string(generator->out, "{\n");
        append_block(generator, depth + 1, level + 2);
        indent(generator, level + 1);
        text_append_string(generator->out, "}\n");
    }
    indent(generator, level);
    text_append_string(generator->out, "}");
}

static void append_choice(struct generator *generator, const char *word, unsigned depth,
                          unsigned level)
{
    uint32_t count = 1 + choose(generator->choices, 3);
    text_append_format(generator->out, "%s n%u {\n", word, ++generator->names);
    for (uint32_t i = 0; i < count; i++) {
        indent(generator, level + 1);
        text_append_string(generator->out, "when ");
        append_condition(generator);
        text_append_string(generator->out, " {\n");
        append_block(generator, depth + 1, level + 2);
        indent(generator, level + 1);
        text_append_string(generator->out, "}\n");
    }
    if (chance(generator->choices, 50)) {
        indent(generator, level + 1);
        text_append_string(generator->out, "default { }\n");
    }
    indent(generator, level);
    text_append_string(generator->out, "}");
}

static void append_repeat(struct generator *generator, unsigned depth, unsigned level)
{
    text_append_format(generator->out, "repeat n%u up to %u times%s {\n", ++generator->names,
                       1 + choose(generator->choices, 3),
                       chance(generator->choices, 30) ? " every 1s" : "");
    append_block(generator, depth + 1, level + 1);
    indent(generator, level);
    text_append_string(generator->out, "} until ");
    append_condition(generator);
}

static void append_if(struct generator *generator, unsigned depth, unsigned level)
{
    text_append_string(generator->out, "if ");
    append_condition(generator);
    text_append_string(generator->out, " {\n");
    append_block(generator, depth + 1, level + 1);
    indent(generator, level);
    text_append_string(generator->out, "} else {\n");
    append_block(generator, depth + 1, level + 1);
    indent(generator, level);
    text_append_string(generator->out, "}");
}

static void append_statement(struct generator *generator, unsigned depth, unsigned level)
{
    bool may_nest = depth < DEPTH_MAX;
    indent(generator, level);
    switch (may_nest ? choose(generator->choices, 14) : 0) {
    case 6: append_parallel(generator, depth, level); break;
    case 7: append_choice(generator, "inclusive", depth, level); break;
    case 8: append_choice(generator, "exclusive", depth, level); break;
    case 9: append_repeat(generator, depth, level); break;
    case 10: append_if(generator, depth, level); break;
    case 11:
        if (generator->pipelines < PIPELINE_COUNT_MAX)
            append_pipeline_call(generator);
        else
            text_append_string(generator->out, "fail \"as generated\"");
        break;
    case 12: text_append_string(generator->out, "pause \"as generated\""); break;
    case 13: text_append_format(generator->out, "v%u = number + 1", ++generator->names); break;
    default: append_activity(generator); break;
    }
    text_append_string(generator->out, "\n");
}

static void append_block(struct generator *generator, unsigned depth, unsigned level)
{
    uint32_t count = 1 + choose(generator->choices, STATEMENT_COUNT_MAX);
    for (uint32_t i = 0; i < count; i++)
        append_statement(generator, depth, level);
}

/* What trees are made of: a context, and a ring that is left in its third round. */
static void append_ring(struct generator *generator)
{
    unsigned n = generator->names + 1;
    text_append_format(generator->out,
                       "    context {\n        output round = n%u._loop initially 0\n    }\n"
                       "    graph cycles {\n",
                       n);
    for (unsigned i = 0; i < 4; i++) {
        text_append_string(generator->out, "        ");
        append_call(generator);
        text_append_string(generator->out, "\n");
    }
    text_append_format(generator->out,
                       "        again = exclusive first {\n"
                       "            n%u when b\"${round} < 3\"\n            fork default\n"
                       "        }\n        fork = parallel\n        both = converge\n"
                       "        start -> n%u -> n%u -> again\n"
                       "        fork -> n%u -> both -> end\n        fork -> n%u -> both\n    }\n",
                       n, n, n + 1, n + 2, n + 3);
}

void flow_generate(struct choices *choices, struct text *out)
{
    struct generator generator = {.choices = choices, .out = out};
    text_append_string(out, "pipeline main(flag: bool = false, number: int = 1) {\n");
    append_block(&generator, 0, 1);
    text_append_string(out, "}\n");
    for (unsigned i = 0; i < generator.pipelines; i++) {
        bool is_ring = chance(choices, 30);
        text_append_format(out, "pipeline sub%u%s {\n", i,
                           is_ring ? "" : "(flag: bool = true, number: int = 2)");
        if (is_ring)
            append_ring(&generator);
        else
            append_block(&generator, 1, 1);
        text_append_string(out, "}\n");
    }
}
