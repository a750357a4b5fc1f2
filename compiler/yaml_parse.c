/* Expressions in scalars. The parser reads the scalar's text as a source of its own; then what it
 * made and what it said is moved to where the scalar stands. */
#include <string.h>

#include "base/memory.h"
#include "compiler/yaml_reader.h"
#include "grammar/ast_build.h"
#include "grammar/parse.h"

/* --- Places --- */

/* How far behind a character the next one stands, with line ends and indentation between them. */
#define PLACE_DISTANCE_MAX 1000

/* Bytes of the escape at `at` in a scalar in double quotes. */
static size_t escape_size(const char *bytes, size_t size)
{
    if (size < 2) return size;
    size_t digits = bytes[1] == 'x' ? 2 : bytes[1] == 'u' ? 4 : bytes[1] == 'U' ? 8 : 0;
    return digits + 2 < size ? digits + 2 : size;
}

/* Bytes of the character that begins here. */
static size_t character_size(const char *bytes, size_t size)
{
    size_t i = 1;
    while (i < size && (bytes[i] & 0xC0) == 0x80)
        i++;
    return i;
}

uint32_t *yaml_text_places(const struct document *document, const struct document_node *node)
{
    const struct source *source = diagnostics_source(document->diagnostics, node->span.source);
    size_t end = (size_t)node->span.offset + node->span.size, at = node->span.offset;
    uint32_t *places = memory_allocate_zeroed(node->size + 1, sizeof *places);
    if (!places) return NULL;
    bool has_escapes = at < end && source->bytes[at] == '"';
    if (at < end && strchr("\"'", source->bytes[at])) at++;
    for (size_t i = 0; i < node->size;) {
        size_t step = character_size(node->text + i, node->size - i);
        size_t found = at, far = end - at > PLACE_DISTANCE_MAX ? at + PLACE_DISTANCE_MAX : end;
        bool is_escape = has_escapes && at < end && source->bytes[at] == '\\';
        while (!is_escape && found < far &&
               (end - found < step || memcmp(source->bytes + found, node->text + i, step) != 0))
            found++;
        if (found < far) at = found;
        for (size_t j = 0; j < step; j++)
            places[i + j] = (uint32_t)(is_escape || found == far ? at : at + j);
        if (is_escape)
            at += escape_size(source->bytes + at, end - at);
        else if (found < far)
            at += step;
        i += step;
    }
    places[node->size] = (uint32_t)(at < end ? at : end);
    return places;
}

struct places {
    uint32_t source;
    const uint32_t *offsets;
    size_t size;
};

static struct span moved(const struct places *places, struct span span)
{
    size_t start = span.offset < places->size ? span.offset : places->size;
    size_t end = start + span.size < places->size ? start + span.size : places->size;
    uint32_t offset = places->offsets[start], stop = places->offsets[end];
    return (struct span){places->source, offset, stop > offset ? stop - offset : 0};
}

/* --- What the parser made --- */

static void move(const struct places *places, struct ast_expression *expression);

static void move_all(const struct places *places, struct ast_expression *first)
{
    for (struct ast_expression *part = first; part; part = part->next)
        move(places, part);
}

static void move_name(const struct places *places, struct ast_name *name)
{
    if (name->bytes) name->span = moved(places, name->span);
}

static void move_call(const struct places *places, struct ast_expression *call)
{
    move(places, call->as.call.object);
    move_name(places, &call->as.call.name);
    move_all(places, call->as.call.arguments);
    for (struct ast_argument *argument = ast_call_arguments(call); argument;
         argument = argument->next) {
        argument->span = moved(places, argument->span);
        move_name(places, &argument->name);
    }
}

static void move_parts(const struct places *places, struct ast_expression *expression)
{
    switch (expression->kind) {
    case EXPRESSION_NAME: move_name(places, &expression->as.name); break;
    case EXPRESSION_TEXT: move_all(places, expression->as.text.parts); break;
    case EXPRESSION_FIELD:
        move(places, expression->as.field.object);
        move_name(places, &expression->as.field.name);
        break;
    case EXPRESSION_INDEX:
        move(places, expression->as.index.object);
        move(places, expression->as.index.index);
        break;
    case EXPRESSION_SLICE:
        move(places, expression->as.slice.object);
        move(places, expression->as.slice.from);
        move(places, expression->as.slice.to);
        move(places, expression->as.slice.step);
        break;
    case EXPRESSION_CALL:
    case EXPRESSION_METHOD: move_call(places, expression); break;
    case EXPRESSION_UNARY:
    case EXPRESSION_BINARY:
        expression->as.operation.operator_span =
            moved(places, expression->as.operation.operator_span);
        move(places, expression->as.operation.left);
        move(places, expression->as.operation.right);
        break;
    case EXPRESSION_CONDITIONAL:
        move(places, expression->as.conditional.condition);
        move(places, expression->as.conditional.then);
        move(places, expression->as.conditional.otherwise);
        break;
    case EXPRESSION_LIST: move_all(places, expression->as.list.elements); break;
    case EXPRESSION_MAP: move_all(places, expression->as.map.entries); break;
    case EXPRESSION_COMPREHENSION:
        move(places, expression->as.comprehension.element);
        move_name(places, &expression->as.comprehension.variable);
        move(places, expression->as.comprehension.iterable);
        move(places, expression->as.comprehension.condition);
        break;
    case EXPRESSION_LITERAL:
    case EXPRESSION_TEMPLATE:
    case EXPRESSION_RULE:
    case EXPRESSION_ERROR:
    case EXPRESSION_KIND_COUNT: break;
    }
}

/* Depth is bounded by the parser's limit. */
static void move(const struct places *places, struct ast_expression *expression)
{
    if (!expression) return;
    expression->span = moved(places, expression->span);
    move_parts(places, expression);
}

/* --- What the parser said --- */

static void move_diagnostics(struct yaml_reader *reader, const struct places *places,
                             const struct diagnostics *from)
{
    struct diagnostics *diagnostics = reader->document->diagnostics;
    for (size_t i = 0; i < diagnostics_count(from); i++) {
        const struct diagnostic *said = diagnostics_at(from, i);
        struct diagnostic *diagnostic = diagnostics_add(
            diagnostics, said->code, moved(places, said->span), "%s", said->message);
        if (said->help) diagnostic_help(diagnostics, diagnostic, "%s", said->help);
        if (said->related_message)
            diagnostic_relate(diagnostics, diagnostic, moved(places, said->related), "%s",
                              said->related_message);
    }
}

struct ast_expression *yaml_parse(struct yaml_reader *reader, const struct document_node *node,
                                  bool is_template)
{
    struct bamboo_error error;
    struct ast_expression *expression = NULL;
    struct places places = {.source = reader->document->source, .size = node->size};
    struct diagnostics *diagnostics = diagnostics_create();
    uint32_t *offsets = yaml_text_places(reader->document, node);
    enum bamboo_status status = BAMBOO_E_MEMORY;
    if (!diagnostics || !offsets) goto done;
    places.offsets = offsets;
    uint32_t source = diagnostics_add_source(diagnostics, "", node->text, node->size);
    if (diagnostics_failed(diagnostics)) goto done;
    struct arena *arena = reader->document->arena;
    status = is_template ? parse_template(diagnostics, source, arena, &expression, &error)
                         : parse_expression(diagnostics, source, arena, &expression, &error);
    if (status != BAMBOO_OK) goto done;
    move(&places, expression);
    move_diagnostics(reader, &places, diagnostics);
done:
    memory_free(offsets);
    diagnostics_destroy(diagnostics);
    if (status == BAMBOO_OK) return expression;
    reader->out_of_memory = true;
    return yaml_error(reader, node);
}
