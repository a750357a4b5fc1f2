#include "compiler/read_file.h"

#include <string.h>

#include "compiler/document.h"
#include "compiler/tree_read.h"
#include "compiler/yaml_read.h"
#include "grammar/parse.h"

/* The first line that is neither empty nor a comment; its size in *size. */
static const char *first_line(const char *text, size_t text_size, size_t *size)
{
    const char *end = text + text_size;
    if (text_size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) text += 3;
    while (text < end) {
        const char *line_end = memchr(text, '\n', (size_t)(end - text));
        if (line_end == NULL) line_end = end;
        const char *at = text;
        while (at < line_end && (*at == ' ' || *at == '\t' || *at == '\r'))
            at++;
        if (at < line_end && *at != '#' && *at != '%') {
            *size = (size_t)(line_end - at);
            return at;
        }
        text = line_end < end ? line_end + 1 : end;
    }
    *size = 0;
    return end;
}

static bool is_word_character(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '_' || character == '-';
}

bool is_document(const char *text, size_t size)
{
    if (document_is_json(text, size)) return true;
    size_t line_size = 0;
    const char *line = first_line(text, size, &line_size);
    if (line_size >= 3 && memcmp(line, "---", 3) == 0) return true;
    size_t at = 0;
    if (line_size > 0 && (line[0] == '"' || line[0] == '\'')) {
        const char *close = memchr(line + 1, line[0], line_size - 1);
        if (close == NULL) return false;
        at = (size_t)(close - line) + 1;
    } else {
        while (at < line_size && is_word_character(line[at]))
            at++;
    }
    while (at > 0 && at < line_size && line[at] == ' ')
        at++;
    return at > 0 && at < line_size && line[at] == ':' &&
           (at + 1 == line_size || strchr(" \t\r", line[at + 1]) != NULL);
}

static void report_unknown(struct compilation *compilation, const struct document *document)
{
    struct span span = document->root->span;
    if (span.size > 1) span.size = 1;
    struct diagnostic *diagnostic =
        diagnostics_add(compilation->diagnostics, DIAGNOSTIC_NO_PIPELINE, span,
                        "this document is no flow: it has no key that a flow or a tree has");
    diagnostic_help(compilation->diagnostics, diagnostic,
                    "a flow begins with 'bamboo: 1' and 'pipeline: name'; a tree has start_event, "
                    "end_event, activities, gateways, flows and data");
}

/* Pipelines may be missing where a flow could not be read; a tree has all of its own in it. */
static void note_mistakes(struct compilation *compilation, size_t errors_before)
{
    if (diagnostics_error_count(compilation->diagnostics) > errors_before)
        compilation->incomplete = true;
}

static enum bamboo_status read_document(struct compilation *compilation, uint32_t source,
                                        struct ast_file *file, struct bamboo_error *error)
{
    struct document *document = NULL;
    size_t errors = diagnostics_error_count(compilation->diagnostics);
    enum bamboo_status status =
        document_read(compilation->diagnostics, source, compilation->arena, &document, error);
    if (status != BAMBOO_OK || document->root == NULL) return status;
    file->is_tree = document_is_tree(document);
    if (file->is_tree) {
        document_tell_pointers(document);
        tree_read(compilation, document, file);
    } else if (yaml_is_flow(document)) {
        status = yaml_read(document, compilation->options, file, error);
        note_mistakes(compilation, errors);
    } else {
        report_unknown(compilation, document);
    }
    if (status != BAMBOO_OK) return status;
    return compilation->out_of_memory ? fail_memory(error) : BAMBOO_OK;
}

enum bamboo_status read_flow_file(struct compilation *compilation, uint32_t source,
                                  struct ast_file **out, struct bamboo_error *error)
{
    const struct source *text = diagnostics_source(compilation->diagnostics, source);
    size_t errors = diagnostics_error_count(compilation->diagnostics);
    if (!is_document(text->bytes, text->size)) {
        enum bamboo_status status =
            parse_file(compilation->diagnostics, source, compilation->arena, out, error);
        note_mistakes(compilation, errors);
        return status;
    }
    struct ast_file *file = compilation_allocate(compilation, 1, sizeof *file);
    if (file == NULL) return fail_memory(error);
    file->source = source;
    *out = file;
    return read_document(compilation, source, file, error);
}
