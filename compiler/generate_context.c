/* Pipelines that keep their data as bamboo-engine does: what the context block becomes. */
#include <string.h>

#include "base/value.h"
#include "compiler/generator.h"

/* Entries on the stack before a piece of a map is made. */
#define PIECE_COUNT 64

/* A constant expression as the value that RENDER takes: templates are texts in it. */
static struct bamboo_value constant_value(struct generator *generator,
                                          const struct ast_expression *expression);

static struct bamboo_value constant_list(struct generator *generator,
                                         const struct ast_expression *elements)
{
    struct bamboo_list_builder list;
    struct bamboo_value value = bamboo_missing();
    bamboo_list_builder_init(&list);
    for (; elements != NULL; elements = elements->next)
        bamboo_list_builder_append_take(&list, constant_value(generator, elements));
    enum bamboo_status status = bamboo_list_builder_finish(&list, &value, generator->error);
    if (status != BAMBOO_OK) generate_fail(generator, status);
    return value;
}

static struct bamboo_value constant_map(struct generator *generator,
                                        const struct ast_expression *entries)
{
    struct bamboo_map_builder map;
    struct bamboo_value value = bamboo_missing();
    bamboo_map_builder_init(&map);
    for (; entries != NULL && entries->next != NULL; entries = entries->next->next) {
        struct bamboo_value key = constant_value(generator, entries); /* the builder copies it */
        bamboo_map_builder_put_take(&map, key, constant_value(generator, entries->next));
        bamboo_value_release(key);
    }
    enum bamboo_status status = bamboo_map_builder_finish(&map, &value, generator->error);
    if (status != BAMBOO_OK) generate_fail(generator, status);
    return value;
}

/* Depth: SOURCE_DEPTH_MAX. */
static struct bamboo_value constant_value(struct generator *generator,
                                          const struct ast_expression *expression)
{
    if (expression->kind == EXPRESSION_LIST)
        return constant_list(generator, expression->as.list.elements);
    if (expression->kind == EXPRESSION_MAP)
        return constant_map(generator, expression->as.map.entries);
    return bamboo_value_retain(expression->as.literal);
}

/* Is every leaf a literal or a template? */
static bool is_constant(const struct ast_expression *expression)
{
    const struct ast_expression *part = NULL;
    if (expression->kind == EXPRESSION_LITERAL || expression->kind == EXPRESSION_TEMPLATE)
        return true;
    if (expression->kind == EXPRESSION_LIST)
        part = expression->as.list.elements;
    else if (expression->kind == EXPRESSION_MAP)
        part = expression->as.map.entries;
    else
        return false;
    for (; part != NULL; part = part->next)
        if (!is_constant(part)) return false;
    return true;
}

static bool text_has_template(struct bamboo_value text)
{
    size_t size;
    const char *bytes = bamboo_string_bytes(text, &size);
    return memmem(bytes, size, "${", 2) != NULL;
}

/* Would RENDER change a literal in it? */
static bool has_literal_template(const struct ast_expression *expression)
{
    const struct ast_expression *part = NULL;
    if (expression->kind == EXPRESSION_LITERAL)
        return expression->as.literal.type == BAMBOO_STRING &&
               text_has_template(expression->as.literal);
    if (expression->kind == EXPRESSION_LIST) part = expression->as.list.elements;
    if (expression->kind == EXPRESSION_MAP) part = expression->as.map.entries;
    for (; part != NULL; part = part->next)
        if (has_literal_template(part)) return true;
    return false;
}

/* --- Variables --- */

void generate_context_variable(struct generator *generator, const struct graph_variable *variable,
                               struct image_variable *row)
{
    static const uint16_t KINDS[] = {
        [VARIABLE_PLAIN] = VARIABLE_KIND_PLAIN,
        [VARIABLE_SPLICE] = VARIABLE_KIND_SPLICE,
        [VARIABLE_LAZY] = VARIABLE_KIND_LAZY,
        [VARIABLE_OUTPUT] = VARIABLE_KIND_PLAIN,
    };
    const struct ast_variable *declared = variable->declared;
    if (declared->is_prerendered) row->flags |= VARIABLE_FLAG_PRERENDERED;
    if (declared->value == NULL) return; /* a slot: something sets it */
    struct bamboo_value value = constant_value(generator, declared->value);
    if (generator->status == BAMBOO_OK) {
        row->kind = KINDS[declared->kind];
        row->value = image_constant(generator->writer, value);
    }
    bamboo_value_release(value);
    if (variable->component != NULL)
        row->component = image_component(generator->writer, variable->component->code);
}

/* Of several variables that want the same output of a node, the one that is declared last gets it,
 * as in bamboo-engine. */
static bool is_shadowed(const struct graph_copy *copy)
{
    for (const struct graph_copy *later = copy->next; later != NULL; later = later->next)
        if (later->node == copy->node && strcmp(later->key, copy->key) == 0) return true;
    return false;
}

uint32_t generate_copies(struct generator *generator)
{
    uint32_t count = 0;
    for (const struct graph_node *node = generator->pipeline->nodes; node != NULL;
         node = node->next)
        for (const struct graph_copy *copy = generator->pipeline->copies; copy != NULL;
             copy = copy->next) {
            if (copy->node != node || is_shadowed(copy)) continue;
            const struct image_copy row = {
                .node = node->index,
                .key = image_name(generator->writer, copy->key, strlen(copy->key)),
                .variable = copy->variable->index};
            image_add(generator->writer, SECTION_COPIES, &row, sizeof row);
            count++;
        }
    return count;
}

/* --- Nodes --- */

/* An argument where it arrives. */
struct context_argument {
    const char *key; /* the name under which it reaches its callee */
    const struct ast_expression *value;
    bool is_shell;    /* a command of the shell: what is spliced in is quoted */
    bool is_rendered; /* constant but for its templates */
};

static struct context_argument context_argument(struct generator *generator,
                                                const struct graph_node *node,
                                                const struct ast_argument *argument,
                                                size_t *position)
{
    const struct signature signature = {node->component, node->callee};
    const struct argument_target target = argument_target(&signature, argument, position);
    struct context_argument found = {.key = argument->name.bytes, .value = argument->value};
    found.is_rendered = is_constant(found.value) && !has_literal_template(found.value);
    if (node->callee != NULL && node->callee->tree->context != NULL && !argument->name.quoted) {
        found.key = compilation_format(generator->compilation, "${%s}", argument->name.bytes);
    } else if (target.place == ARGUMENT_INPUT || target.place == ARGUMENT_VARIADIC) {
        const struct signature_input input = signature_input(&signature, target.input);
        found.key = input.name;
        found.is_shell = input.is_shell;
    }
    return found;
}

/* The arguments of a call; those that are elements of one input are one argument. */
static const struct ast_argument *gather_arguments(struct generator *generator,
                                                   const struct graph_node *node)
{
    const struct ast_argument *arguments = node->statement->as.call.arguments;
    if (node->component == NULL || node->component->variadic_input == NULL) return arguments;
    struct ast_expression *elements = generate_variadic_elements(generator, arguments);
    if (elements == NULL) return arguments;
    struct ast_expression *list = compilation_allocate(generator->compilation, 1, sizeof *list);
    struct ast_argument *all = compilation_allocate(generator->compilation, 1, sizeof *all);
    if (list == NULL || all == NULL) return arguments;
    *list = (struct ast_expression){.kind = EXPRESSION_LIST, .span = elements->span};
    list->as.list.elements = elements;
    all->name = (struct ast_name){.bytes = node->component->variadic_input};
    all->value = list;
    struct ast_argument **next = &all->next;
    for (; arguments != NULL; arguments = arguments->next) {
        if (arguments->name.bytes == NULL) continue;
        *next = compilation_allocate(generator->compilation, 1, sizeof **next);
        if (*next == NULL) break;
        **next = *arguments;
        next = &(*next)->next;
        *next = NULL;
    }
    return all;
}

/* Inputs whose value is constant but for its templates, as a map for RENDER_INPUTS. */
static struct bamboo_value rendered_inputs(struct generator *generator,
                                           const struct graph_node *node,
                                           const struct ast_argument *arguments)
{
    struct bamboo_map_builder map;
    struct bamboo_value value = bamboo_missing();
    size_t position = 0;
    bamboo_map_builder_init(&map);
    for (; arguments != NULL; arguments = arguments->next) {
        struct context_argument argument = context_argument(generator, node, arguments, &position);
        if (argument.is_rendered && argument.key != NULL)
            bamboo_map_builder_set_take(&map, argument.key,
                                        constant_value(generator, argument.value));
    }
    enum bamboo_status status = bamboo_map_builder_finish(&map, &value, generator->error);
    if (status != BAMBOO_OK) generate_fail(generator, status);
    return value;
}

void generate_context_inputs(struct generator *generator, const struct graph_node *node)
{
    const struct ast_argument *arguments = gather_arguments(generator, node);
    struct bamboo_value rendered = rendered_inputs(generator, node, arguments);
    if (generator->status != BAMBOO_OK) return;
    generate_constant(generator, rendered);
    bamboo_value_release(rendered);
    uint32_t count = 0;
    size_t position = 0;
    for (; arguments != NULL; arguments = arguments->next) {
        struct context_argument argument = context_argument(generator, node, arguments, &position);
        if (argument.is_rendered || argument.key == NULL) continue;
        generate_text(generator, argument.key);
        if (argument.is_shell)
            generate_shell_command(generator, argument.value);
        else
            generate_expression(generator, argument.value);
        count++;
    }
    if (count > 0)
        generate_emit(generator, OP_MAKE_MAP, count);
    else
        generate_null(generator);
    generate_emit(generator, OP_RENDER_INPUTS, 0);
}

void generate_context_start(struct generator *generator)
{
    for (const struct graph_variable *variable = generator->pipeline->variables; variable != NULL;
         variable = variable->next)
        if (variable->declared != NULL && variable->declared->is_prerendered) {
            generate_emit(generator, OP_PRE_RENDER, 0);
            return;
        }
}

void generate_context_outputs(struct generator *generator)
{
    uint32_t count = 0;
    bool is_first = true;
    for (const struct ast_output *output = generator->pipeline->tree->outputs; output != NULL;
         output = output->next) {
        const char *key = output->name.bytes;
        generate_text(generator, key);
        generate_emit(generator, OP_LOAD_CONTEXT, image_name(generator->writer, key, strlen(key)));
        if (++count < PIECE_COUNT || output->next == NULL) continue;
        generate_emit(generator, OP_MAKE_MAP, count);
        if (!is_first) generate_emit(generator, OP_ADD, 0);
        is_first = false;
        count = 0;
    }
    generate_emit(generator, OP_MAKE_MAP, count);
    if (!is_first) generate_emit(generator, OP_ADD, 0);
}
