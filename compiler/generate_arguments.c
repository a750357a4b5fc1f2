/* The inputs of a component or the arguments of a pipeline: one map, in the order in which they are
 * declared, so that the order in which they are written does not matter. */
#include "compiler/generator.h"

/* Entries on the stack before a piece of the map is made. */
#define PIECE_COUNT 64

struct argument_map {
    struct generator *generator;
    uint32_t count; /* entries on the stack */
    bool has_piece; /* below them lies a piece of the map */
};

static void entry_begin(struct argument_map *map, const char *name)
{
    struct generator *generator = map->generator;
    if (map->count == PIECE_COUNT) {
        generate_emit(generator, OP_MAKE_MAP, map->count);
        if (map->has_piece) generate_emit(generator, OP_ADD, 0);
        map->has_piece = true;
        map->count = 0;
    }
    generate_text(generator, name);
    map->count++;
}

static void map_end(struct argument_map *map)
{
    generate_emit(map->generator, OP_MAKE_MAP, map->count);
    if (map->has_piece) generate_emit(map->generator, OP_ADD, 0);
}

/* The value of a default, which was perhaps read before; NULL after a failure. */
static const struct bamboo_value *default_value(struct generator *generator,
                                                const struct signature_input *input)
{
    size_t place = ((uintptr_t)input->default_json >> 2) % KNOWN_DEFAULT_COUNT;
    struct known_default *known = &generator->defaults[place];
    if (known->json == input->default_json && known->type == input->type) return &known->value;
    struct bamboo_value value;
    enum bamboo_status status = signature_default(input, &value, generator->error);
    if (status != BAMBOO_OK) {
        generate_fail(generator, status);
        return NULL;
    }
    bamboo_value_release(known->value);
    *known = (struct known_default){input->default_json, input->type, value};
    return &known->value;
}

void generate_forget_defaults(struct generator *generator)
{
    for (size_t i = 0; i < KNOWN_DEFAULT_COUNT; i++)
        bamboo_value_release(generator->defaults[i].value);
}

static void add_default(struct argument_map *map, const struct signature_input *input)
{
    const struct bamboo_value *value = default_value(map->generator, input);
    if (value == NULL) return;
    entry_begin(map, input->name);
    generate_constant(map->generator, *value);
}

struct ast_expression *generate_variadic_elements(struct generator *generator,
                                                  const struct ast_argument *arguments)
{
    struct ast_expression *elements = NULL;
    struct ast_expression **next = &elements;
    for (const struct ast_argument *argument = arguments; argument != NULL;
         argument = argument->next) {
        if (argument->name.bytes != NULL) continue;
        struct ast_expression *copy = compilation_allocate(generator->compilation, 1, sizeof *copy);
        if (copy == NULL) return NULL;
        *copy = *argument->value;
        copy->next = NULL;
        *next = copy;
        next = &copy->next;
    }
    return elements;
}

static void add_input(struct argument_map *map, const struct signature *signature, size_t index,
                      const struct ast_argument *argument)
{
    const struct signature_input input = signature_input(signature, index);
    const char *variadic =
        signature->component != NULL ? signature->component->variadic_input : NULL;
    if (argument == NULL) {
        if (input.default_json != NULL) add_default(map, &input);
    } else if (argument->name.bytes == NULL && variadic != NULL) {
        entry_begin(map, input.name);
        generate_list(map->generator, generate_variadic_elements(map->generator, argument));
    } else {
        entry_begin(map, input.name);
        if (input.is_shell)
            generate_shell_command(map->generator, argument->value);
        else
            generate_expression(map->generator, argument->value);
    }
}

void generate_arguments(struct generator *generator, const struct graph_node *node)
{
    const struct signature signature = {node->component, node->callee};
    const struct ast_argument *arguments = node->statement->as.call.arguments;
    size_t count = signature_input_count(&signature);
    const struct ast_argument **given =
        compilation_allocate(generator->compilation, count + 1, sizeof(struct ast_argument *));
    if (given == NULL) return;
    struct argument_map map = {.generator = generator};
    size_t position = 0;
    for (const struct ast_argument *argument = arguments; argument != NULL;
         argument = argument->next) {
        struct argument_target target = argument_target(&signature, argument, &position);
        bool is_declared = target.place == ARGUMENT_INPUT || target.place == ARGUMENT_VARIADIC;
        if (is_declared && given[target.input] == NULL) given[target.input] = argument;
    }
    for (size_t i = 0; i < count; i++)
        add_input(&map, &signature, i, given[i]);
    position = 0;
    for (const struct ast_argument *argument = arguments; argument != NULL;
         argument = argument->next) {
        if (argument_target(&signature, argument, &position).place != ARGUMENT_EXTRA) continue;
        entry_begin(&map, argument->name.bytes);
        generate_expression(generator, argument->value);
    }
    map_end(&map);
}
