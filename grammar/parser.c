#include "grammar/parser.h"

#include <assert.h>
#include <string.h>

void parser_out_of_memory(struct parser *parser)
{
    parser->out_of_memory = true;
    parser->stopped = true;
}

void *parser_allocate(struct parser *parser, size_t size)
{
    assert(size <= PARSER_SCRATCH_SIZE);
    void *memory = arena_allocate(parser->arena, size);
    if (memory) return memory;
    parser_out_of_memory(parser);
    memset(parser->scratch, 0, sizeof parser->scratch);
    return parser->scratch;
}

void parser_too_deep(struct parser *parser, struct span span)
{
    if (!parser->stopped) {
        struct diagnostic *diagnostic =
            diagnostics_add(parser->diagnostics, DIAGNOSTIC_TOO_DEEP, span,
                            "more than %d levels are inside each other here", SOURCE_DEPTH_MAX);
        diagnostic_help(parser->diagnostics, diagnostic,
                        "move parts into variables or pipelines of their own");
    }
    parser->stopped = true;
}

const char *parser_bytes(const struct parser *parser, struct span span)
{
    return parser->text->bytes + span.offset;
}
