#include "grammar/parse.h"

#include <string.h>

#include "base/memory.h"
#include "grammar/ast_build.h"
#include "grammar/character.h"
#include "grammar/flow_parser.h"
#include "grammar/keyword.h"
#include "grammar/layout.h"

/* Runs the grammar over the source from the token `first` on. Mistakes are reported on the way. */
static enum bamboo_status run(struct parser *parser, int first, struct bamboo_error *error)
{
    if (!characters_are_text(parser)) return BAMBOO_OK;
    enum bamboo_status status = layout_init(parser, first, error);
    if (status == BAMBOO_OK) {
        int result = flow_parse(parser);
        bool is_exhausted =
            result == 2 || parser->out_of_memory || diagnostics_failed(parser->diagnostics);
        if (is_exhausted) status = fail_memory(error);
    }
    layout_release(parser);
    return status;
}

/* NULL if there is no memory; ends with memory_free(). */
static struct parser *create(struct diagnostics *diagnostics, uint32_t source, struct arena *arena)
{
    struct parser *parser = memory_allocate_zeroed(1, sizeof *parser);
    if (!parser) return NULL;
    parser->diagnostics = diagnostics;
    parser->source = source;
    parser->text = diagnostics_source(diagnostics, source);
    parser->arena = arena;
    return parser;
}

enum bamboo_status parse_file(struct diagnostics *diagnostics, uint32_t source, struct arena *arena,
                              struct ast_file **out, struct bamboo_error *error)
{
    struct parser *parser = create(diagnostics, source, arena);
    struct ast_file *file = arena_allocate(arena, sizeof *file);
    enum bamboo_status status = BAMBOO_OK;
    if (!parser || !file) {
        status = fail_memory(error);
        goto done;
    }
    parser->file = file;
    if ((status = run(parser, TOKEN_START_FILE, error)) != BAMBOO_OK) goto done;
    file->source = source;
    file->imports = parser->imports.first;
    file->pipelines = parser->pipelines.first;
    *out = file;
done:
    memory_free(parser);
    return status;
}

static enum bamboo_status parse_value(struct diagnostics *diagnostics, uint32_t source,
                                      struct arena *arena, int first, struct ast_expression **out,
                                      struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    struct ast_expression *expression = NULL;
    struct parser *parser = create(diagnostics, source, arena);
    if (!parser) {
        status = fail_memory(error);
        goto done;
    }
    if ((status = run(parser, first, error)) != BAMBOO_OK) goto done;
    struct span all = {source, 0, (uint32_t)parser->text->size};
    expression = parser->expression ? parser->expression : ast_error(parser, all);
    if (parser->out_of_memory)
        status = fail_memory(error);
    else
        *out = expression;
done:
    memory_free(parser);
    return status;
}

enum bamboo_status parse_expression(struct diagnostics *diagnostics, uint32_t source,
                                    struct arena *arena, struct ast_expression **out,
                                    struct bamboo_error *error)
{
    return parse_value(diagnostics, source, arena, TOKEN_START_EXPRESSION, out, error);
}

enum bamboo_status parse_template(struct diagnostics *diagnostics, uint32_t source,
                                  struct arena *arena, struct ast_expression **out,
                                  struct bamboo_error *error)
{
    return parse_value(diagnostics, source, arena, TOKEN_START_TEMPLATE, out, error);
}

bool is_keyword(const char *bytes, size_t size)
{
    return keyword_is_reserved(bytes, size);
}
