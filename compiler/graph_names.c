/* The first look at a pipeline: which names it defines, and that each means one thing. */
#include "compiler/graph_builder.h"
#include "compiler/suggest.h"

static void collect_block(struct graph_builder *builder, const struct ast_block *block);

static void report_clash(struct graph_builder *builder, const struct ast_name *name,
                         struct symbol *symbol, const char *is)
{
    struct diagnostics *diagnostics = builder->compilation->diagnostics;
    if (symbol->broken) return;
    struct diagnostic *diagnostic =
        diagnostics_add(diagnostics, DIAGNOSTIC_NAME_CLASH, name->span, "'%s' %s", name->bytes, is);
    diagnostic_relate(diagnostics, diagnostic, symbol->span, "'%s' is defined here", name->bytes);
    diagnostic_help(diagnostics, diagnostic, "choose another name");
}

/* A statement sets a variable: the first one defines it. */
static void collect_variable(struct graph_builder *builder, const struct ast_name *name)
{
    struct symbol *symbol = graph_symbol(builder->pipeline, name->bytes);
    if (symbol == NULL) {
        symbol = graph_add_symbol(builder->compilation, builder->pipeline, name->bytes, name->span);
        if (symbol == NULL) return;
        symbol->variable = graph_add_variable(builder->compilation, builder->pipeline, name->bytes);
    } else if (symbol->variable == NULL) {
        report_clash(builder, name, symbol, "is the name of a node already");
        return;
    } else if (symbol->variable->parameter != NULL) {
        report_clash(builder, name, symbol, "is a parameter, and parameters cannot be set");
        return;
    }
    if (symbol->variable != NULL) symbol->variable->set_count++;
}

static void collect_node(struct graph_builder *builder, const struct ast_statement *statement,
                         const struct ast_name *name)
{
    if (name->bytes == NULL) return;
    struct symbol *symbol = graph_symbol(builder->pipeline, name->bytes);
    if (symbol == NULL) {
        symbol = graph_add_symbol(builder->compilation, builder->pipeline, name->bytes, name->span);
        if (symbol != NULL) symbol->statement = statement;
        return;
    }
    if (symbol->broken) return;
    if (symbol->variable != NULL) {
        report_clash(builder, name, symbol,
                     symbol->variable->parameter != NULL ? "is a parameter already"
                                                         : "is a variable already");
        return;
    }
    struct diagnostics *diagnostics = builder->compilation->diagnostics;
    struct diagnostic *diagnostic =
        diagnostics_add(diagnostics, DIAGNOSTIC_DUPLICATE_NAME, name->span,
                        "there is a node '%s' already", name->bytes);
    diagnostic_relate(diagnostics, diagnostic, symbol->span, "the first '%s' is here", name->bytes);
    diagnostic_help(diagnostics, diagnostic, "each node of a pipeline has a name of its own");
    if (builder->pipeline->tree->graph != NULL) builder->pipeline->damaged = true;
}

/* What a policy attaches to a node may have a name, too. Nothing can be read from it. */
static void collect_attached(struct graph_builder *builder, const struct ast_statement *statement)
{
    if (statement == NULL || statement->kind != STATEMENT_CALL) return;
    if (statement->name.bytes == NULL) return;
    collect_node(builder, NULL, &statement->name);
    struct symbol *symbol = graph_symbol(builder->pipeline, statement->name.bytes);
    if (symbol != NULL && symbol->statement == NULL && symbol->variable == NULL)
        symbol->is_attached = true;
}

static void collect_flow(struct graph_builder *builder, const struct ast_name *name)
{
    struct name_table *names = &builder->pipeline->flow_names;
    if (name->bytes == NULL) return;
    if (name_table_find(names, name->bytes) == NAME_TABLE_NONE) {
        compilation_name(builder->compilation, names, name->bytes, 0);
        return;
    }
    struct diagnostics *diagnostics = builder->compilation->diagnostics;
    struct diagnostic *diagnostic =
        diagnostics_add(diagnostics, DIAGNOSTIC_DUPLICATE_NAME, name->span,
                        "there is a flow '%s' already", name->bytes);
    diagnostic_help(diagnostics, diagnostic, "each flow of a pipeline has a name of its own");
}

static void collect_call(struct graph_builder *builder, const struct ast_statement *statement)
{
    const struct callee callee = graph_callee(builder->graph, statement->as.call.callee.bytes);
    if (callee.kind == CALLEE_FUNCTION) {
        if (statement->name.bytes != NULL) collect_variable(builder, &statement->name);
    } else {
        collect_node(builder, statement, &statement->name);
        struct symbol *symbol = statement->name.bytes != NULL
                                    ? graph_symbol(builder->pipeline, statement->name.bytes)
                                    : NULL;
        if (callee.kind == CALLEE_NONE && symbol != NULL) symbol->broken = true;
    }
    const struct ast_policies *policies = &statement->as.call.policies;
    if (policies->on_fail != NULL) collect_block(builder, policies->on_fail);
    collect_attached(builder, policies->undo);
    for (const struct ast_timer *timer = policies->timers; timer != NULL; timer = timer->next)
        if (timer->block != NULL) collect_attached(builder, timer->block->statements);
}

static void collect_statement(struct graph_builder *builder, const struct ast_statement *statement)
{
    switch (statement->kind) {
    case STATEMENT_ERROR: builder->pipeline->damaged = true; break;
    case STATEMENT_CALL: collect_call(builder, statement); break;
    case STATEMENT_ASSIGN: collect_variable(builder, &statement->name); break;
    case STATEMENT_PARALLEL:
    case STATEMENT_INCLUSIVE:
    case STATEMENT_EXCLUSIVE:
    case STATEMENT_IF:
        collect_node(builder, statement, &statement->name);
        collect_node(builder, statement, &statement->converge);
        for (const struct ast_branch *branch = statement->as.branches; branch != NULL;
             branch = branch->next) {
            collect_flow(builder, &branch->flow);
            collect_block(builder, branch->block);
        }
        break;
    case STATEMENT_REPEAT:
        collect_node(builder, statement, &statement->name);
        collect_block(builder, statement->as.repeat.block);
        break;
    case STATEMENT_PAUSE:
    case STATEMENT_FAIL:
    case STATEMENT_REVOKE:
    case STATEMENT_START:
    case STATEMENT_END: collect_node(builder, statement, &statement->name); break;
    case STATEMENT_GATEWAY:
        for (const struct ast_way *way = statement->as.gateway.ways; way != NULL; way = way->next)
            collect_flow(builder, &way->flow);
        collect_node(builder, statement, &statement->name);
        break;
    case STATEMENT_KIND_COUNT: break;
    }
}

static void collect_block(struct graph_builder *builder, const struct ast_block *block)
{
    if (block == NULL) return;
    for (const struct ast_statement *statement = block->statements; statement != NULL;
         statement = statement->next)
        collect_statement(builder, statement);
}

static void collect_parameter(struct graph_builder *builder, const struct ast_parameter *parameter)
{
    struct diagnostics *diagnostics = builder->compilation->diagnostics;
    const struct ast_name *name = &parameter->name;
    struct symbol *symbol = graph_symbol(builder->pipeline, name->bytes);
    if (symbol != NULL) {
        struct diagnostic *diagnostic =
            diagnostics_add(diagnostics, DIAGNOSTIC_DUPLICATE_NAME, name->span,
                            "there is a parameter '%s' already", name->bytes);
        diagnostic_relate(diagnostics, diagnostic, symbol->span, "the first '%s' is here",
                          name->bytes);
        return;
    }
    symbol = graph_add_symbol(builder->compilation, builder->pipeline, name->bytes, name->span);
    if (symbol == NULL) return;
    symbol->variable = graph_add_variable(builder->compilation, builder->pipeline, name->bytes);
    if (symbol->variable == NULL) return;
    symbol->variable->parameter = parameter;
    builder->pipeline->parameter_count++;
    if (parameter->type.bytes == NULL) return;
    type_set type = type_parse(parameter->type.bytes);
    if (type != 0) {
        symbol->variable->type = type;
        symbol->variable->type_name = parameter->type.bytes;
        return;
    }
    struct diagnostic *diagnostic =
        diagnostics_add(diagnostics, DIAGNOSTIC_UNKNOWN_TYPE, parameter->type.span,
                        "'%s' is not a type", parameter->type.bytes);
    const char *nearest = suggest_type(parameter->type.bytes);
    if (nearest != NULL)
        diagnostic_help(diagnostics, diagnostic, "did you mean '%s'?", nearest);
    else
        diagnostic_help(diagnostics, diagnostic,
                        "the types are string, int, float, bool, duration, list, map and any");
}

void graph_collect_names(struct graph_builder *builder)
{
    const struct ast_pipeline *tree = builder->pipeline->tree;
    for (const struct ast_parameter *parameter = tree->parameters; parameter != NULL;
         parameter = parameter->next)
        collect_parameter(builder, parameter);
    graph_collect_context(builder);
    collect_block(builder, tree->block);
    if (tree->graph == NULL) return;
    for (const struct ast_statement *node = tree->graph->nodes; node != NULL; node = node->next)
        collect_statement(builder, node);
    for (const struct ast_arrow *arrow = tree->graph->arrows; arrow != NULL; arrow = arrow->next)
        collect_flow(builder, &arrow->flow);
}
