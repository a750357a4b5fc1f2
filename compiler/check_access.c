/* Names and what is read from them: variables, outputs of nodes, fields, elements, slices. */
#include <string.h>

#include "compiler/checker.h"
#include "compiler/suggest.h"

static const struct checker_local *find_local(const struct checker *checker, const char *name)
{
    const struct checker_local *local = checker->locals;
    while (local != NULL && strcmp(local->name, name) != 0)
        local = local->outer;
    return local;
}

static void report_unknown_name(struct checker *checker, const struct ast_name *name)
{
    /* A statement that could not be parsed may have defined it. */
    if (checker->pipeline->damaged) return;
    struct diagnostic *diagnostic =
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_UNKNOWN_NAME, name->span,
                        "nothing is named '%s' here", name->bytes);
    const char *key = graph_context_key(checker->compilation, name);
    const char *nearest = suggest_symbol(checker->pipeline, name->bytes);
    if (key != NULL && graph_context_variable(checker->pipeline, key) != NULL)
        diagnostic_help(checker->diagnostics, diagnostic,
                        "a variable of the context is read by a template: t\"${%s}\"", name->bytes);
    else if (nearest != NULL)
        diagnostic_help(checker->diagnostics, diagnostic, "did you mean '%s'?", nearest);
    else if (compilation_function(checker->compilation, name->bytes) != NULL)
        diagnostic_help(checker->diagnostics, diagnostic, "to call the function, write %s(...)",
                        name->bytes);
    else if (name_table_find(&checker->pipeline->names, name->bytes) != NAME_TABLE_NONE)
        diagnostic_help(checker->diagnostics, diagnostic,
                        "give the node a name to read its outputs: name = ...");
}

/* Does the statement behind a symbol make a node that has outputs? */
static bool has_outputs(const struct symbol *symbol)
{
    return symbol->statement != NULL && symbol->statement->kind == STATEMENT_CALL;
}

static void report_no_outputs(struct checker *checker, const struct ast_name *name)
{
    diagnostics_add(checker->diagnostics, DIAGNOSTIC_UNKNOWN_OUTPUT, name->span,
                    "'%s' names a node without outputs: nothing can be read from it", name->bytes);
}

static type_set check_name(struct checker *checker, const struct ast_name *name)
{
    const struct checker_local *local = find_local(checker, name->bytes);
    if (local != NULL) return local->type;
    const struct symbol *symbol = graph_symbol(checker->pipeline, name->bytes);
    if (symbol == NULL) {
        report_unknown_name(checker, name);
        return TYPE_ANY;
    }
    if (symbol->broken) return TYPE_ANY;
    if (symbol->variable != NULL) return symbol->variable->type;
    if (has_outputs(symbol)) return TYPE_OF(MAP);
    report_no_outputs(checker, name);
    return TYPE_ANY;
}

/* The type of a common output; 0 if it is none. */
static type_set common_output_type(const char *name)
{
    static const struct {
        const char *name, *type;
    } OUTPUTS[] = {
#define COMMON_OUTPUT(name, type) {name, type},
#include "compiler/outputs.def"
#undef COMMON_OUTPUT
    };
    for (size_t i = 0; i < sizeof OUTPUTS / sizeof *OUTPUTS; i++)
        if (strcmp(OUTPUTS[i].name, name) == 0) return type_parse(OUTPUTS[i].type);
    return 0;
}

static type_set check_component_output(struct checker *checker,
                                       const struct bamboo_component *component,
                                       const struct ast_name *name)
{
    for (size_t i = 0; i < component->output_count; i++)
        if (strcmp(component->outputs[i].name, name->bytes) == 0)
            return type_parse(component->outputs[i].type) | TYPE_OF(NULL);
    if (component->any_output) return TYPE_ANY;
    struct diagnostic *diagnostic =
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_UNKNOWN_OUTPUT, name->span,
                        "%s has no output '%s'", component->code, name->bytes);
    const char *nearest = suggest_output(component, name->bytes);
    const char *all = suggest_all_outputs(checker->compilation, component);
    if (nearest != NULL)
        diagnostic_help(checker->diagnostics, diagnostic, "did you mean '%s'?", nearest);
    else if (all != NULL)
        diagnostic_help(checker->diagnostics, diagnostic, "it has: %s", all);
    return TYPE_ANY;
}

static type_set check_pipeline_output(struct checker *checker,
                                      const struct graph_pipeline *pipeline,
                                      const struct ast_name *name)
{
    for (const struct ast_output *output = pipeline->tree->outputs; output != NULL;
         output = output->next)
        if (strcmp(output->name.bytes, name->bytes) == 0) return TYPE_ANY;
    struct diagnostic *diagnostic =
        diagnostics_add(checker->diagnostics, DIAGNOSTIC_UNKNOWN_OUTPUT, name->span,
                        "pipeline '%s' has no output '%s'", pipeline->name, name->bytes);
    const char *nearest = suggest_pipeline_output(pipeline, name->bytes);
    if (nearest != NULL)
        diagnostic_help(checker->diagnostics, diagnostic, "did you mean '%s'?", nearest);
    else
        diagnostic_relate(checker->diagnostics, diagnostic, pipeline->tree->name.span,
                          "its outputs stand behind '->' here");
    return TYPE_ANY;
}

static type_set check_output(struct checker *checker, const struct symbol *symbol,
                             const struct ast_name *name)
{
    type_set type = common_output_type(name->bytes);
    if (type != 0) return type;
    const struct callee callee =
        graph_callee(checker->graph, symbol->statement->as.call.callee.bytes);
    if (callee.component != NULL) return check_component_output(checker, callee.component, name);
    if (callee.pipeline != NULL) return check_pipeline_output(checker, callee.pipeline, name);
    return TYPE_ANY;
}

static type_set check_field(struct checker *checker, const struct ast_expression *expression)
{
    const struct ast_expression *object = expression->as.field.object;
    const struct ast_name *name = &expression->as.field.name;
    if (object->kind == EXPRESSION_NAME && find_local(checker, object->as.name.bytes) == NULL) {
        const struct symbol *symbol = graph_symbol(checker->pipeline, object->as.name.bytes);
        if (symbol != NULL && !symbol->broken && has_outputs(symbol))
            return check_output(checker, symbol, name);
    }
    type_set type = check_expression(checker, object);
    if (type & (TYPE_OF(MAP) | (expression->as.field.optional ? TYPE_OF(NULL) : 0)))
        return TYPE_ANY;
    struct diagnostic *diagnostic =
        report_type(checker, expression->span, "a field", TYPE_OF(MAP), type);
    if (compilation_method(checker->compilation, name->bytes) != NULL)
        diagnostic_help(checker->diagnostics, diagnostic, "to call the method, write .%s()",
                        name->bytes);
    else
        diagnostic_help(checker->diagnostics, diagnostic, "only maps and nodes have fields");
    return TYPE_ANY;
}

static type_set check_index(struct checker *checker, const struct ast_expression *expression)
{
    const type_set wanted = TYPE_OF(STRING) | TYPE_OF(LIST) | TYPE_OF(MAP);
    const struct ast_expression *object = expression->as.index.object;
    const struct ast_expression *index = expression->as.index.index;
    type_set type = check_expression(checker, object);
    type_set index_type = check_expression(checker, index);
    if (!type_may_be(type, wanted)) {
        report_type(checker, object->span, "an index", wanted, type);
        return TYPE_ANY;
    }
    type_set index_wanted = 0;
    if (type & TYPE_OF(MAP)) index_wanted |= TYPE_OF(STRING);
    if (type & (TYPE_OF(STRING) | TYPE_OF(LIST))) index_wanted |= TYPE_OF(INTEGER);
    if (!(index_type & index_wanted))
        report_type(checker, index->span, "an index here", index_wanted, index_type);
    return (type & (TYPE_OF(LIST) | TYPE_OF(MAP))) ? TYPE_ANY : TYPE_OF(STRING);
}

static type_set check_slice(struct checker *checker, const struct ast_expression *expression)
{
    const type_set wanted = TYPE_OF(STRING) | TYPE_OF(LIST);
    const struct ast_expression *const bounds[] = {
        expression->as.slice.from, expression->as.slice.to, expression->as.slice.step};
    type_set type = check_expression(checker, expression->as.slice.object);
    for (size_t i = 0; i < sizeof bounds / sizeof(struct ast_expression *); i++) {
        if (bounds[i] == NULL) continue;
        type_set bound = check_expression(checker, bounds[i]);
        if (!(bound & (TYPE_OF(INTEGER) | TYPE_OF(NULL))))
            report_type(checker, bounds[i]->span, "a bound of a slice", TYPE_OF(INTEGER), bound);
    }
    if (type & wanted) return type & wanted;
    report_type(checker, expression->as.slice.object->span, "a slice", wanted, type);
    return TYPE_ANY;
}

type_set check_access(struct checker *checker, const struct ast_expression *expression)
{
    if (expression->kind == EXPRESSION_NAME) return check_name(checker, &expression->as.name);
    if (expression->kind == EXPRESSION_FIELD) return check_field(checker, expression);
    if (expression->kind == EXPRESSION_INDEX) return check_index(checker, expression);
    return check_slice(checker, expression);
}
