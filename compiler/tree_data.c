/* Variables of a tree: what `data` declares, and what bamboo-engine makes up when a tree is
 * prepared: lazy inputs, and variables that nothing declares but something writes. */
#include <string.h>

#include "compiler/tree_reader.h"

#define ANY_KIND \
    (DOCUMENT_KIND(NULL) | DOCUMENT_KIND(BOOL) | DOCUMENT_KIND(INTEGER) | DOCUMENT_KIND(FLOAT) | \
     DOCUMENT_KIND(STRING) | DOCUMENT_KIND(LIST) | DOCUMENT_KIND(MAP))

/* --- Kinds --- */

static const char *const KINDS[] = {
    [VARIABLE_PLAIN] = "plain", [VARIABLE_SPLICE] = "splice", [VARIABLE_LAZY] = "lazy"};

static const char *kind_at(const void *context, size_t index)
{
    (void)context;
    return KINDS[index];
}

/* Reads "type"; false if it is missing or none, which is told. */
static bool read_kind(struct tree_reader *reader, const struct document_node *node,
                      enum ast_variable_kind *kind)
{
    const struct document_node *type = tree_get(reader, node, "type", DOCUMENT_KIND(STRING), true);
    if (type == NULL) return false;
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (!document_is_text(type, KINDS[i])) continue;
        *kind = (enum ast_variable_kind)i;
        return true;
    }
    struct diagnostic *diagnostic =
        diagnostics_add(reader->diagnostics, DIAGNOSTIC_DOCUMENT_TYPE, type->span,
                        "there is no type of data " TREE_NAME_SHOWN, type->text);
    const char *nearest = nearest_name(type->text, sizeof KINDS / sizeof *KINDS, kind_at, NULL);
    if (nearest != NULL)
        diagnostic_help(reader->diagnostics, diagnostic, "did you mean \"%s\"?", nearest);
    else
        diagnostic_help(reader->diagnostics, diagnostic, "one of plain, splice and lazy");
    return false;
}

/* --- Variables --- */

static struct ast_variable *find_variable(const struct tree_pipeline *pipeline, const char *key)
{
    uint32_t index = name_table_find(&pipeline->variables, key);
    return index == NAME_TABLE_NONE ? NULL : pipeline->declared[index];
}

static struct ast_variable *add_variable(struct tree_reader *reader, enum ast_variable_kind kind,
                                         struct ast_name name, struct span span)
{
    struct tree_pipeline *pipeline = reader->pipeline;
    struct compilation *compilation = reader->compilation;
    struct ast_variable *variable = compilation_allocate(compilation, 1, sizeof *variable);
    if (variable == NULL ||
        !compilation_grow(compilation, (void **)&pipeline->declared, &pipeline->declared_capacity,
                          pipeline->declared_count, sizeof(struct ast_variable *)))
        return NULL;
    variable->kind = kind;
    variable->name = name;
    variable->span = span;
    compilation_name(compilation, &pipeline->variables, name.bytes, pipeline->declared_count);
    pipeline->declared[pipeline->declared_count++] = variable;
    *pipeline->variables_end = variable;
    pipeline->variables_end = &variable->next;
    return variable;
}

struct ast_variable *tree_declare(struct tree_reader *reader, struct ast_name name)
{
    struct ast_variable *known = find_variable(reader->pipeline, name.bytes);
    return known != NULL ? known : add_variable(reader, VARIABLE_PLAIN, name, name.span);
}

/* bamboo-engine accepts a source that is not there: nothing is ever copied from it. */
static struct ast_source *new_source(struct tree_reader *reader, const struct document_node *node,
                                     const struct document_node *key)
{
    if (document_get(reader->document, reader->pipeline->activities, node->text) == NULL) {
        struct diagnostic *diagnostic = diagnostics_add(
            reader->diagnostics, DIAGNOSTIC_NO_SOURCE, node->span,
            "there is no activity " TREE_NAME_SHOWN " in this pipeline: nothing comes from it",
            node->text);
        diagnostic_help(reader->diagnostics, diagnostic,
                        "name an activity of the same pipeline, or take the variable out");
        return NULL;
    }
    struct ast_source *source = compilation_allocate(reader->compilation, 1, sizeof *source);
    if (source == NULL) return NULL;
    source->node = tree_name(node);
    source->key = tree_name(key);
    return source;
}

/* "source_act": an activity with "source_key", or a list of {source_act, source_key}. */
static struct ast_source *read_sources(struct tree_reader *reader,
                                       const struct document_node *variable,
                                       const struct document_node *act)
{
    if (act->kind == DOCUMENT_STRING) {
        const struct document_node *key = tree_get_name(reader, variable, "source_key", true);
        if (!tree_is_name(reader, act, "source_act") || key == NULL) return NULL;
        return new_source(reader, act, key);
    }
    struct ast_source *first = NULL, **link = &first;
    for (const struct document_node *one = act->first; one != NULL; one = one->next) {
        if (!tree_is(reader, one, DOCUMENT_KIND(MAP), "a source")) continue;
        const struct document_node *node = tree_get_name(reader, one, "source_act", true);
        const struct document_node *key = tree_get_name(reader, one, "source_key", true);
        if (node == NULL || key == NULL) continue;
        *link = new_source(reader, node, key);
        if (*link != NULL) link = &(*link)->next;
    }
    return first;
}

/* bamboo-engine takes a variable for a node's output if "source_act" says something. */
static const struct document_node *source_of(struct tree_reader *reader,
                                             const struct document_node *node)
{
    const struct document_node *act =
        tree_get(reader, node, "source_act", DOCUMENT_KIND(STRING) | DOCUMENT_KIND(LIST), false);
    if (act == NULL || (act->kind == DOCUMENT_STRING ? act->size == 0 : act->count == 0))
        return NULL;
    return act;
}

static void read_lazy(struct tree_reader *reader, const struct document_node *node,
                      struct ast_variable *variable)
{
    const struct document_node *type = tree_get_name(reader, node, "custom_type", true);
    if (type != NULL)
        variable->component = tree_name(type);
    else
        variable->kind = VARIABLE_PLAIN; /* told; nothing more is to be said about it */
}

static void read_variable(struct tree_reader *reader, const struct document_node *node)
{
    if (!tree_is(reader, node, DOCUMENT_KIND(MAP), "a variable")) return;
    enum ast_variable_kind kind = VARIABLE_PLAIN;
    if (!read_kind(reader, node, &kind)) return;
    const struct document_node *act = source_of(reader, node);
    bool is_initial = tree_get_bool(reader, node, "need_initialization", false);
    const struct document_node *value =
        tree_get(reader, node, "value", ANY_KIND, act == NULL || is_initial);
    struct ast_variable *variable = add_variable(reader, act != NULL ? VARIABLE_OUTPUT : kind,
                                                 tree_name(node->key), node->key->span);
    if (variable == NULL) return;
    variable->is_parameter = tree_get_bool(reader, node, "is_param", false);
    if (act != NULL) variable->sources = read_sources(reader, node, act);
    /* Nothing will ever come: what it is at first remains, if that is anything. */
    if (act != NULL && variable->sources == NULL)
        variable->kind = is_initial ? kind : VARIABLE_PLAIN;
    if (variable->kind == VARIABLE_LAZY) read_lazy(reader, node, variable);
    if (value != NULL && (act == NULL || is_initial))
        variable->value = tree_value(reader, value, kind != VARIABLE_PLAIN);
}

/* --- Inputs --- */

/* "${v_node}" for input "v" or "${v}" of a node: what bamboo-engine calls the variable that a lazy
 * input becomes. */
static const char *lazy_key(struct tree_reader *reader, const struct document_node *key,
                            const char *node_id)
{
    size_t size = key->size;
    const char *bytes = key->text;
    if (size >= 3 && bytes[0] == '$' && bytes[1] == '{' && bytes[size - 1] == '}') {
        bytes += 2;
        size -= 3;
    }
    return compilation_format(reader->compilation, "${%.*s_%s}", (int)size, bytes, node_id);
}

static struct ast_expression *read_lazy_input(struct tree_reader *reader, const char *node_id,
                                              const struct document_node *input,
                                              const struct document_node *value, bool renders)
{
    const char *key = lazy_key(reader, input->key, node_id);
    if (key == NULL) return NULL;
    struct ast_name name = {.bytes = key, .span = input->key->span, .quoted = true};
    if (find_variable(reader->pipeline, key) != NULL) {
        struct diagnostic *diagnostic = diagnostics_add(
            reader->diagnostics, DIAGNOSTIC_DUPLICATE_NAME, input->key->span,
            "the variable " TREE_NAME_SHOWN ", which this lazy input becomes, is there already",
            key);
        diagnostic_help(reader->diagnostics, diagnostic, "give that variable another name");
        return NULL;
    }
    struct ast_variable *variable = add_variable(reader, VARIABLE_LAZY, name, input->key->span);
    if (variable == NULL) return NULL;
    read_lazy(reader, input, variable);
    variable->value = tree_value(reader, value, true);
    return tree_text_expression(reader, renders ? EXPRESSION_TEMPLATE : EXPRESSION_LITERAL,
                                value->span, key, strlen(key));
}

static struct ast_expression *read_input(struct tree_reader *reader, const char *node_id,
                                         const struct document_node *input)
{
    if (!tree_is(reader, input, DOCUMENT_KIND(MAP), "an input")) return NULL;
    enum ast_variable_kind kind = VARIABLE_PLAIN;
    const struct document_node *value = tree_get(reader, input, "value", ANY_KIND, true);
    if (!read_kind(reader, input, &kind) || value == NULL) return NULL;
    bool renders = tree_get_bool(reader, input, "need_render", true);
    if (kind == VARIABLE_LAZY) return read_lazy_input(reader, node_id, input, value, renders);
    return tree_value(reader, value, kind == VARIABLE_SPLICE && renders);
}

struct ast_argument *tree_read_inputs(struct tree_reader *reader, const char *node_id,
                                      const struct document_node *inputs)
{
    struct ast_argument *first = NULL, **link = &first;
    if (inputs == NULL) return NULL;
    for (const struct document_node *input = inputs->first; input != NULL; input = input->next) {
        struct ast_expression *value = read_input(reader, node_id, input);
        if (value == NULL) continue;
        struct ast_argument *argument =
            compilation_allocate(reader->compilation, 1, sizeof *argument);
        if (argument == NULL) break;
        argument->name = tree_name(input->key);
        argument->value = value;
        argument->span = span_join(input->key->span, value->span);
        *link = argument;
        link = &argument->next;
    }
    return first;
}

/* --- All data of a pipeline --- */

static void read_outputs(struct tree_reader *reader, const struct document_node *outputs)
{
    struct ast_output **link = &reader->pipeline->ast->outputs;
    for (const struct document_node *key = outputs != NULL ? outputs->first : NULL; key != NULL;
         key = key->next) {
        if (!tree_is_name(reader, key, "an output")) continue;
        struct ast_output *output = compilation_allocate(reader->compilation, 1, sizeof *output);
        if (output == NULL || tree_declare(reader, tree_name(key)) == NULL) return;
        output->name = tree_name(key);
        *link = output;
        link = &output->next;
    }
}

static void read_prerendered(struct tree_reader *reader, const struct document_node *keys)
{
    for (const struct document_node *key = keys != NULL ? keys->first : NULL; key != NULL;
         key = key->next) {
        if (!tree_is_name(reader, key, "a key that is rendered first")) continue;
        struct ast_variable *variable = tree_declare(reader, tree_name(key));
        if (variable != NULL) variable->is_prerendered = true;
    }
}

/* What the caller gives is written into the context, declared there or not. */
static void declare_params(struct tree_reader *reader)
{
    const struct document_node *params = reader->pipeline->params;
    for (const struct document_node *param = params != NULL ? params->first : NULL; param != NULL;
         param = param->next) {
        struct ast_variable *variable = tree_declare(reader, tree_name(param->key));
        if (variable != NULL) variable->is_parameter = true;
    }
}

void tree_read_data(struct tree_reader *reader)
{
    const struct document_node *data =
        tree_get(reader, reader->pipeline->node, "data", DOCUMENT_KIND(MAP), true);
    const struct document_node *inputs = tree_get(reader, data, "inputs", DOCUMENT_KIND(MAP), true);
    const struct document_node *outputs =
        tree_get(reader, data, "outputs", DOCUMENT_KIND(LIST), false);
    const struct document_node *prerendered =
        tree_get(reader, data, "pre_render_keys", DOCUMENT_KIND(LIST), false);
    for (const struct document_node *variable = inputs != NULL ? inputs->first : NULL;
         variable != NULL; variable = variable->next)
        read_variable(reader, variable);
    declare_params(reader);
    read_prerendered(reader, prerendered);
    read_outputs(reader, outputs);
}
