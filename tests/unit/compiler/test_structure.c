/* Graphs that are made of blocks become blocks; others stay as they are. */
#include "support.h"

#include "compiler/compilation.h"
#include "compiler/structure.h"
#include "grammar/parse.h"
#include "grammar/write.h"

struct structure_case {
    const char *promise;
    const char *graph;
    const char *expected; /* NULL: it stays a graph */
};

static const struct structure_case CASES[] = {
    {"a sequence", "start s; a = x(); b = y(); end e; start -> a -> b -> end",
     "    start s\n    a = x()\n    b = y()\n    end e\n"},
    {"flows that nobody can name lose their names",
     "start s; a = x(); end e; start -> a as f1; a -> end as f2",
     "    start s\n    a = x()\n    end e\n"},
    {"branches that meet",
     "start s; p = parallel; a = x(); b = y(); c = converge; end e; start -> p; p -> a as f1; "
     "p -> b; p -> c; a -> c; b -> c -> end",
     "    start s\n\n    parallel p {\n        {\n            a = x()\n        } as f1\n"
     "        b = y()\n        { }\n    } converge c\n\n    end e\n"},
    {"the default comes last",
     "start s; g = exclusive { a default as f1\n b when b\"1\" as f2 }; a = x(); b = y(); "
     "c = converge; end e; start -> g; a -> c; b -> c -> end",
     "    start s\n\n    exclusive g {\n        when b\"1\" {\n            b = y()\n"
     "        } as f2\n        default {\n            a = x()\n        } as f1\n"
     "    } converge c\n\n    end e\n"},
    {"blocks inside each other",
     "start s; i = inclusive { p when b\"1\" }; p = parallel; a = x(); b = y(); c = converge; "
     "d = converge; end e; start -> i; p -> a; p -> b; a -> c; b -> c -> d -> end",
     "    start s\n\n    inclusive i {\n        when b\"1\" {\n            parallel p {\n"
     "                a = x()\n                b = y()\n            } converge c\n        }\n"
     "    } converge d\n\n    end e\n"},
    {"branches that meet in an activity",
     "start s; g = exclusive { a when b\"1\"\n b default }; a = x(); b = y(); c = z(); end e; "
     "start -> g; a -> c; b -> c -> end",
     NULL},
    {"branches that end",
     "start s; g = exclusive { a when b\"1\"\n end default }; a = x(); end e; start -> g; a -> end",
     NULL},
    {"branches of two gateways that meet in one converge",
     "start s; p = parallel; q = parallel; a = x(); b = y(); d = z(); c = converge; end e; "
     "start -> p; p -> q; p -> a; q -> b; q -> d; a -> c; b -> c; d -> c -> end",
     NULL},
    {"a way back",
     "start s; a = x(); g = exclusive { a when b\"1\"\n end default }; end e; start -> a -> g",
     NULL},
    {"a node that is not reached", "start s; a = x(); b = y(); end e; start -> a -> end; b -> end",
     NULL},
    {"an end that calls", "start s; a = x(); end e = y(); start -> a -> end", NULL},
    {"the first way that holds",
     "start s; g = exclusive first { a when b\"1\" }; a = x(); c = converge; end e; start -> g; "
     "a -> c -> end",
     NULL},
    {"a default with a condition",
     "start s; g = exclusive { a when b\"1\" default\n b when b\"2\" }; a = x(); b = y(); "
     "c = converge; end e; start -> g; a -> c; b -> c -> end",
     NULL},
    {"nothing between the events", "start s; end e; start -> end", NULL},
};

/* "a; b" as two lines. */
static void append_lines(struct text *out, const char *lines)
{
    for (; *lines; lines++)
        text_append_character(out, *lines == ';' ? '\n' : *lines);
}

static void graph_is_structured_as_promised(void **state)
{
    const struct structure_case *row = *state;
    const struct compile_options options = options_of_tests();
    struct compilation compilation;
    struct bamboo_error error;
    struct ast_file *file = NULL;
    struct text source = {0}, expected = {0}, written = {0};
    struct diagnostics *diagnostics = diagnostics_create();
    text_append_string(&source, "pipeline p {\n    graph {\n");
    append_lines(&source, row->graph);
    text_append_string(&source, "\n    }\n}\n");
    assert_int_equal(compilation_init(&compilation, &options, diagnostics, &error), BAMBOO_OK);
    uint32_t index = diagnostics_add_source(diagnostics, "test", source.bytes, source.size);
    assert_int_equal(parse_file(diagnostics, index, compilation.arena, &file, &error), BAMBOO_OK);
    assert_int_equal(diagnostics_error_count(diagnostics), 0);
    structure_pipeline(&compilation, file->pipelines);
    assert_int_equal(file->pipelines->graph == NULL, row->expected != NULL);
    write_flow(file, &written);
    text_append_format(&expected, "pipeline p {\n%s}\n", row->expected ? row->expected : "");
    if (row->expected) assert_string_equal(text_string(&written), text_string(&expected));
    text_release(&source);
    text_release(&expected);
    text_release(&written);
    compilation_release(&compilation);
    diagnostics_destroy(diagnostics);
}

int main(void)
{
    return RUN_ROWS(CASES, graph_is_structured_as_promised);
}
