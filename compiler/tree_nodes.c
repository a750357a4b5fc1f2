/* Events and activities of a tree. */
#include <string.h>

#include "compiler/tree_reader.h"

struct ast_statement *tree_add_node(struct tree_reader *reader, enum ast_statement_kind kind,
                                    const struct document_node *node, struct ast_name name)
{
    struct ast_statement *statement =
        compilation_allocate(reader->compilation, 1, sizeof *statement);
    if (statement == NULL) return NULL;
    statement->kind = kind;
    statement->span = tree_place(node);
    statement->name = name;
    *reader->pipeline->nodes_end = statement;
    reader->pipeline->nodes_end = &statement->next;
    return statement;
}

/* The name of an activity or gateway is its key; an "id" has to be the same. */
static struct ast_name name_of(struct tree_reader *reader, const struct document_node *node)
{
    const struct document_node *id = tree_get_name(reader, node, "id", false);
    if (id != NULL && strcmp(id->text, node->key->text) != 0) {
        struct diagnostic *diagnostic = diagnostics_add(
            reader->diagnostics, DIAGNOSTIC_DISAGREEMENT, id->span,
            "the key of this node is " TREE_NAME_SHOWN ", its \"id\" is " TREE_NAME_SHOWN,
            node->key->text, id->text);
        diagnostic_help(reader->diagnostics, diagnostic, "give both the same name");
    }
    return tree_name(node->key);
}

/* --- Activities --- */

static void read_service(struct tree_reader *reader, const struct document_node *node,
                         struct ast_statement *statement)
{
    const struct document_node *component =
        tree_get(reader, node, "component", DOCUMENT_KIND(MAP), true);
    const struct document_node *code = tree_get_name(reader, component, "code", true);
    const struct document_node *inputs =
        tree_get(reader, component, "inputs", DOCUMENT_KIND(MAP), false);
    if (code != NULL)
        statement->as.call.callee = tree_name(code);
    else
        statement->kind = STATEMENT_ERROR;
    statement->as.call.arguments = tree_read_inputs(reader, statement->name.bytes, inputs);
    tree_read_policies(reader, node, &statement->as.call.policies);
}

static void read_subprocess(struct tree_reader *reader, const struct document_node *node,
                            struct ast_statement *statement)
{
    const struct document_node *params =
        tree_get(reader, node, "params", DOCUMENT_KIND(MAP), false);
    statement->as.call.arguments = tree_read_inputs(reader, statement->name.bytes, params);
    statement->as.call.callee = tree_read_subprocess(reader, node, params);
    if (statement->as.call.callee.bytes == NULL) statement->kind = STATEMENT_ERROR;
}

static void read_activity(struct tree_reader *reader, const struct document_node *node)
{
    if (!tree_is(reader, node, DOCUMENT_KIND(MAP), "an activity")) return;
    const struct document_node *type = tree_get(reader, node, "type", DOCUMENT_KIND(STRING), true);
    bool is_service = document_is_text(type, "ServiceActivity");
    bool is_subprocess = document_is_text(type, "SubProcess");
    struct ast_name name = name_of(reader, node);
    if (type != NULL && !is_service && !is_subprocess) {
        struct diagnostic *diagnostic =
            diagnostics_add(reader->diagnostics, DIAGNOSTIC_DOCUMENT_TYPE, type->span,
                            "there is no type of activity " TREE_NAME_SHOWN, type->text);
        diagnostic_help(reader->diagnostics, diagnostic, "ServiceActivity or SubProcess");
    }
    tree_check_incoming(reader, node, name);
    tree_read_arrows(reader, node, name);
    bool is_known = is_service || is_subprocess;
    struct ast_statement *statement =
        tree_add_node(reader, is_known ? STATEMENT_CALL : STATEMENT_ERROR, node, name);
    if (statement == NULL || !is_known) return;
    tree_read_title(reader, node, &statement->as.call.policies);
    if (is_service)
        read_service(reader, node, statement);
    else
        read_subprocess(reader, node, statement);
}

/* --- Events --- */

static void read_start(struct tree_reader *reader)
{
    const struct document_node *node = reader->pipeline->start;
    const struct document_node *id = tree_get_name(reader, node, "id", true);
    const struct document_node *type = tree_get(reader, node, "type", DOCUMENT_KIND(STRING), false);
    if (type != NULL && !document_is_text(type, "EmptyStartEvent"))
        diagnostics_add(reader->diagnostics, DIAGNOSTIC_DOCUMENT_TYPE, type->span,
                        "a start event is an EmptyStartEvent, not " TREE_NAME_SHOWN, type->text);
    if (id == NULL) return;
    tree_add_node(reader, STATEMENT_START, node, tree_name(id));
    tree_check_incoming(reader, node, tree_name(id));
    tree_read_arrows(reader, node, tree_name(id));
}

/* Every other type than EmptyEndEvent is the code of a component: an executable end event. */
static void read_end(struct tree_reader *reader)
{
    const struct document_node *node = reader->pipeline->end;
    const struct document_node *id = tree_get_name(reader, node, "id", true);
    const struct document_node *type = tree_get_name(reader, node, "type", true);
    if (id == NULL) return;
    struct ast_statement *statement = tree_add_node(reader, STATEMENT_END, node, tree_name(id));
    tree_check_incoming(reader, node, tree_name(id));
    if (document_get(reader->document, node, "outgoing") != NULL)
        tree_read_arrows(reader, node, tree_name(id));
    if (statement != NULL && type != NULL && !document_is_text(type, "EmptyEndEvent"))
        statement->as.call.callee = tree_name(type);
}

/* --- All of them --- */

static void report_twice(struct tree_reader *reader, const struct document_node *second,
                         const struct document_node *first)
{
    struct diagnostic *diagnostic =
        diagnostics_add(reader->diagnostics, DIAGNOSTIC_DUPLICATE_NAME, tree_place(second),
                        "another node of this pipeline has the same name");
    diagnostic_relate(reader->diagnostics, diagnostic, tree_place(first), "the other one is here");
}

/* Names of the start and end event must not be those of other nodes. */
static void check_event_name(struct tree_reader *reader, const struct document_node *event)
{
    const struct tree_pipeline *pipeline = reader->pipeline;
    const struct document_node *id =
        event != NULL ? document_get(reader->document, event, "id") : NULL;
    if (id == NULL || id->kind != DOCUMENT_STRING) return;
    const struct document_node *other =
        document_get(reader->document, pipeline->activities, id->text);
    if (other == NULL) other = document_get(reader->document, pipeline->gateways, id->text);
    if (other != NULL) report_twice(reader, other, id);
}

static void check_names(struct tree_reader *reader)
{
    const struct tree_pipeline *pipeline = reader->pipeline;
    const struct document_node *node = pipeline->gateways;
    for (node = node != NULL ? node->first : NULL; node != NULL; node = node->next) {
        const struct document_node *other =
            document_get(reader->document, pipeline->activities, node->key->text);
        if (other != NULL) report_twice(reader, node, other);
    }
    check_event_name(reader, pipeline->start);
    check_event_name(reader, pipeline->end);
    const struct document_node *start = document_get(reader->document, pipeline->start, "id");
    const struct document_node *end = document_get(reader->document, pipeline->end, "id");
    if (start != NULL && start->kind == DOCUMENT_STRING && document_is_text(end, start->text))
        report_twice(reader, end, start);
}

void tree_read_nodes(struct tree_reader *reader)
{
    const struct document_node *activities = reader->pipeline->activities;
    check_names(reader);
    read_start(reader);
    for (const struct document_node *node = activities != NULL ? activities->first : NULL;
         node != NULL; node = node->next)
        read_activity(reader, node);
    tree_read_gateways(reader);
    read_end(reader);
    tree_check_flows(reader);
}
