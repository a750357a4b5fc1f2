#include "grammar/write.h"

#include <inttypes.h>
#include <string.h>

#include "grammar/flow_writer.h"

static void write_parameter(struct flow_writer *writer, const struct ast_parameter *parameter)
{
    write_id(writer, parameter->name.bytes);
    if (parameter->type.bytes) writer_format(&writer->lines, ": %s", parameter->type.bytes);
    if (!parameter->default_value) return;
    writer_string(&writer->lines, " = ");
    write_expression(writer, parameter->default_value);
}

static void write_parameters(struct flow_writer *writer, const struct ast_parameter *first)
{
    if (!first) return;
    writer_open(&writer->lines, "(");
    for (const struct ast_parameter *parameter = first; parameter; parameter = parameter->next) {
        if (parameter != first) writer_separate(&writer->lines);
        write_parameter(writer, parameter);
    }
    writer_close(&writer->lines, ")");
}

static void write_outputs(struct flow_writer *writer, const struct ast_output *first)
{
    for (const struct ast_output *output = first; output; output = output->next) {
        writer_string(&writer->lines, output == first ? " -> " : ", ");
        if (writer->has_context)
            write_key(writer, output->name.bytes);
        else
            write_id(writer, output->name.bytes);
    }
}

/* Statements behind a context: it is the first thing of the block. */
static void write_body(struct flow_writer *writer, const struct ast_pipeline *pipeline)
{
    struct source_writer *lines = &writer->lines;
    if (!pipeline->context && !pipeline->graph) {
        write_statements(writer, pipeline->block);
        return;
    }
    writer_string(lines, "{");
    lines->level++;
    if (pipeline->context) {
        writer_new_line(lines);
        write_context(writer, pipeline->context);
        writer_end_line(lines);
    }
    if (pipeline->graph) {
        writer_new_line(lines);
        write_graph(writer, pipeline->graph);
    } else {
        write_block_lines(writer, pipeline->block);
    }
    lines->level--;
    writer_new_line(lines);
    writer_string(lines, "}");
}

static void write_pipeline(struct flow_writer *writer, const struct ast_pipeline *pipeline)
{
    struct source_writer *lines = &writer->lines;
    writer->has_context = pipeline->context != NULL;
    writer_string(lines, "pipeline ");
    write_id(writer, pipeline->name.bytes);
    struct attempt attempt = writer_attempt(lines);
    do {
        write_parameters(writer, pipeline->parameters);
        write_outputs(writer, pipeline->outputs);
        writer_string(lines, " ");
    } while (writer_again(lines, &attempt));
    write_body(writer, pipeline);
}

/* An empty line between what belongs to different things. */
static void separate(struct flow_writer *writer)
{
    if (writer->lines.out->size > 0) writer_end_line(&writer->lines);
}

void write_flow(const struct ast_file *file, struct text *out)
{
    struct flow_writer writer = {.lines = {.out = out}, .file = file};
    struct source_writer *lines = &writer.lines;
    if (file->edition != 0) {
        writer_format(lines, "bamboo %" PRId64, file->edition);
        writer_end_line(lines);
    }
    if (file->imports) separate(&writer);
    for (const struct ast_import *import = file->imports; import; import = import->next) {
        const char *path = import->path.bytes;
        writer_string(lines, "import ");
        write_text_literal(&writer, path, strlen(path), TEXT_ON_ONE_LINE);
        writer_end_line(lines);
    }
    for (const struct ast_pipeline *pipeline = file->pipelines; pipeline;
         pipeline = pipeline->next) {
        separate(&writer);
        write_pipeline(&writer, pipeline);
        writer_end_line(lines);
    }
}

/* Everything on the line that `out` ends with. */
static struct flow_writer line_writer(struct text *out)
{
    return (struct flow_writer){.lines = {.out = out, .line_start = out->size, .is_flat = true},
                                .splice_depth = 1};
}

void write_expression_line(const struct ast_expression *expression, struct text *out)
{
    struct flow_writer writer = line_writer(out);
    write_expression(&writer, expression);
}

void write_call_line(const struct ast_statement *call, struct text *out)
{
    struct flow_writer writer = line_writer(out);
    write_callee(&writer, call, false);
}
