/* Contexts of a flow as YAML: key: {plain: value}, {splice: value}, {lazy: component, value:
 * value}, {output: node.key}; nothing of these: plain, without a value. */
#include <string.h>

#include "compiler/yaml_reader.h"

static void read_plain(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_variable *variable = into;
    variable->kind = VARIABLE_PLAIN;
    variable->value = yaml_constant(reader, value, false);
}

static void read_splice(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_variable *variable = into;
    variable->kind = VARIABLE_SPLICE;
    variable->value = yaml_constant(reader, value, true);
}

static void read_lazy(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_variable *variable = into;
    variable->kind = VARIABLE_LAZY;
    variable->component = yaml_name(reader, value);
}

static void read_value(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_variable *variable = into;
    variable->value = yaml_constant(reader, value, true);
}

static void read_initially(struct yaml_reader *reader, const struct document_node *value,
                           void *into)
{
    struct ast_variable *variable = into;
    variable->value = yaml_constant(reader, value, false);
}

static void read_parameter(struct yaml_reader *reader, const struct document_node *value,
                           void *into)
{
    struct ast_variable *variable = into;
    variable->is_parameter = yaml_bool(reader, value);
}

static void read_prerendered(struct yaml_reader *reader, const struct document_node *value,
                             void *into)
{
    struct ast_variable *variable = into;
    variable->is_prerendered = yaml_bool(reader, value);
}

/* --- Outputs of nodes --- */

static void read_source_node(struct yaml_reader *reader, const struct document_node *value,
                             void *into)
{
    struct ast_source *source = into;
    source->node = yaml_name(reader, value);
}

static void read_source_key(struct yaml_reader *reader, const struct document_node *value,
                            void *into)
{
    struct ast_source *source = into;
    source->key = yaml_name(reader, value);
}

/* "node.key": the node's name ends at the first point; one that has points is written
 * {node: name, key: key}. */
static void split_source(struct yaml_reader *reader, const struct document_node *node,
                         struct ast_source *source)
{
    struct ast_name name = yaml_text(reader, node, "an output of a node");
    const char *point = name.bytes ? strchr(name.bytes, '.') : NULL;
    if (!name.bytes) return;
    if (!point || point == name.bytes || point[1] == '\0') {
        struct diagnostic *diagnostic =
            yaml_report(reader, DIAGNOSTIC_SYNTAX, node, "an output of a node is wanted here");
        yaml_help(reader, diagnostic, "write node.key, or {node: name, key: key}");
        return;
    }
    source->node = source->key = name;
    source->node.bytes =
        arena_copy_text(reader->document->arena, name.bytes, (size_t)(point - name.bytes));
    source->key.bytes = point + 1;
    if (!source->node.bytes) reader->out_of_memory = true;
}

static struct ast_source **read_source(struct yaml_reader *reader, const struct document_node *node,
                                       struct ast_source **end)
{
    static const struct yaml_key KEYS[] = {{"node", read_source_node}, {"key", read_source_key}};
    struct ast_source *source = yaml_allocate(reader, sizeof *source);
    if (node->kind == DOCUMENT_MAP)
        yaml_read_map(reader, node, "an output of a node", KEYS, 2, source);
    else
        split_source(reader, node, source);
    bool is_whole = source->node.bytes && source->key.bytes;
    if (node->kind == DOCUMENT_MAP && !is_whole)
        yaml_report(reader, DIAGNOSTIC_MISSING_KEY, node, "the keys 'node' and 'key' are wanted");
    if (reader->out_of_memory || !is_whole) return end;
    *end = source;
    return &source->next;
}

/* output: node.key, or a list of them */
static void read_output(struct yaml_reader *reader, const struct document_node *value, void *into)
{
    struct ast_variable *variable = into;
    struct ast_source **end = &variable->sources;
    variable->kind = VARIABLE_OUTPUT;
    if (value->kind != DOCUMENT_LIST) {
        read_source(reader, value, end);
        return;
    }
    for (const struct document_node *node = value->first; node && !reader->out_of_memory;
         node = node->next)
        end = read_source(reader, node, end);
    if (value->count == 0)
        yaml_report(reader, DIAGNOSTIC_SYNTAX, value, "an output of a node is wanted here");
}

/* --- Variables --- */

/* What makes the kind of a variable, and what may stand beside it. */
static const struct {
    const char *kind;
    const char *beside; /* or NULL */
} KINDS[] = {{"plain", NULL}, {"splice", NULL}, {"lazy", "value"}, {"output", "initially"}};

static void check_variable(struct yaml_reader *reader, const struct document_node *node)
{
    const struct document *document = reader->document;
    size_t kinds = 0;
    const struct document_node *last = NULL;
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        const struct document_node *kind = document_get(document, node, KINDS[i].kind);
        const struct document_node *beside =
            KINDS[i].beside ? document_get(document, node, KINDS[i].beside) : NULL;
        if (kind) {
            last = kind;
            kinds++;
        } else if (beside) {
            yaml_report(reader, DIAGNOSTIC_SYNTAX, beside->key, "'%s' goes with '%s' only",
                        KINDS[i].beside, KINDS[i].kind);
        }
    }
    if (kinds > 1)
        yaml_report(reader, DIAGNOSTIC_SYNTAX, last->key,
                    "a variable is only one of plain, splice, lazy and output");
}

static struct ast_variable *read_variable(struct yaml_reader *reader,
                                          const struct document_node *node)
{
    static const struct yaml_key KEYS[] = {
        {"plain", read_plain},         {"splice", read_splice},   {"lazy", read_lazy},
        {"value", read_value},         {"output", read_output},   {"initially", read_initially},
        {"parameter", read_parameter}, {"pre", read_prerendered},
    };
    struct ast_variable *variable = yaml_allocate(reader, sizeof *variable);
    variable->span = node->span;
    variable->name = yaml_key_name(reader, node->key);
    if (node->kind == DOCUMENT_NULL) return variable; /* plain, without a value */
    yaml_read_map(reader, node, "a variable", KEYS, sizeof KEYS / sizeof KEYS[0], variable);
    if (node->kind == DOCUMENT_MAP) check_variable(reader, node);
    return variable;
}

struct ast_context *yaml_context(struct yaml_reader *reader, const struct document_node *node)
{
    struct ast_context *context = yaml_allocate(reader, sizeof *context);
    struct ast_variable **end = &context->variables;
    context->span = node->span;
    if (node->kind == DOCUMENT_NULL || !yaml_expect_map(reader, node, "a context")) return context;
    for (const struct document_node *entry = node->first; entry && !reader->out_of_memory;
         entry = entry->next) {
        struct ast_variable *variable = read_variable(reader, entry);
        if (reader->out_of_memory) break;
        if (!variable->name.bytes) continue;
        *end = variable;
        end = &variable->next;
    }
    return context;
}
