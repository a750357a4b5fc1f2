/* Flows of a tree. They are told three times: in "flows", at the node that they leave, and at the
 * one that they enter. All have to agree. */
#include <string.h>

#include "compiler/tree_reader.h"

static const struct document_node *find_node(const struct tree_reader *reader, const char *name)
{
    const struct tree_pipeline *pipeline = reader->pipeline;
    const struct document *document = reader->document;
    const struct document_node *node = document_get(document, pipeline->activities, name);
    if (node == NULL) node = document_get(document, pipeline->gateways, name);
    if (node == NULL && document_is_text(document_get(document, pipeline->start, "id"), name))
        node = pipeline->start;
    if (node == NULL && document_is_text(document_get(document, pipeline->end, "id"), name))
        node = pipeline->end;
    return node;
}

static const char *flow_at(const void *context, size_t index)
{
    const struct document_node *flow = context;
    while (index-- > 0)
        flow = flow->next;
    return flow->key->text;
}

static const struct document_node *find_flow(struct tree_reader *reader,
                                             const struct document_node *id)
{
    const struct document_node *flows = reader->pipeline->flows;
    const struct document_node *flow = document_get(reader->document, flows, id->text);
    if (flow != NULL || flows == NULL) return flow;
    struct diagnostic *diagnostic =
        diagnostics_add(reader->diagnostics, DIAGNOSTIC_UNKNOWN_REFERENCE, id->span,
                        "there is no flow " TREE_NAME_SHOWN " in \"flows\"", id->text);
    const char *nearest =
        flows->count <= 64 ? nearest_name(id->text, flows->count, flow_at, flows->first) : NULL;
    if (nearest != NULL)
        diagnostic_help(reader->diagnostics, diagnostic, "did you mean " TREE_NAME_SHOWN "?",
                        nearest);
    else
        diagnostic_help(reader->diagnostics, diagnostic,
                        "add it to \"flows\", or take it out here");
    return NULL;
}

/* The end of a flow ("source" or "target"); NULL if it is not a text, which is told elsewhere. */
static const struct document_node *end_of_flow(const struct tree_reader *reader,
                                               const struct document_node *flow, const char *key)
{
    const struct document_node *end = document_get(reader->document, flow, key);
    return end != NULL && end->kind == DOCUMENT_STRING ? end : NULL;
}

/* Notes that a node names the flow; false if it does so twice, or the flow says otherwise. */
static bool use_flow(struct tree_reader *reader, const struct document_node *flow,
                     const struct document_node *id, enum flow_use use, struct ast_name name)
{
    const char *key = use == FLOW_LEAVES ? "source" : "target";
    const struct document_node *end = end_of_flow(reader, flow, key);
    if (end == NULL) return false;
    if (!document_is_text(end, name.bytes)) {
        struct diagnostic *diagnostic = diagnostics_add(
            reader->diagnostics, DIAGNOSTIC_DISAGREEMENT, id->span,
            "flow " TREE_NAME_SHOWN " %s " TREE_NAME_SHOWN
            " according to \"flows\", not " TREE_NAME_SHOWN,
            id->text, use == FLOW_LEAVES ? "leaves" : "enters", end->text, name.bytes);
        diagnostic_relate(reader->diagnostics, diagnostic, end->span, "its %s is here", key);
        diagnostic_help(reader->diagnostics, diagnostic, "make both say the same");
        return false;
    }
    if (reader->pipeline->flow_uses == NULL) return true;
    unsigned char *uses = &reader->pipeline->flow_uses[flow->index];
    bool is_first = (*uses & use) == 0;
    *uses = (unsigned char)(*uses | use);
    if (!is_first)
        diagnostics_add(reader->diagnostics, DIAGNOSTIC_DISAGREEMENT, id->span,
                        "flow " TREE_NAME_SHOWN " is named twice here", id->text);
    return is_first;
}

static void read_outgoing_flow(struct tree_reader *reader, const struct document_node *id,
                               struct ast_name name, tree_flow_visit visit, void *context)
{
    if (!tree_is_name(reader, id, "a flow")) return;
    const struct document_node *flow = find_flow(reader, id);
    if (flow == NULL || flow->kind != DOCUMENT_MAP ||
        !use_flow(reader, flow, id, FLOW_LEAVES, name))
        return;
    const struct document_node *target = end_of_flow(reader, flow, "target");
    if (target != NULL && find_node(reader, target->text) != NULL)
        visit(reader, context, flow, target);
}

void tree_read_outgoing(struct tree_reader *reader, const struct document_node *node,
                        struct ast_name name, tree_flow_visit visit, void *context)
{
    const struct document_node *outgoing =
        tree_get(reader, node, "outgoing", DOCUMENT_KIND(STRING) | DOCUMENT_KIND(LIST), true);
    if (outgoing == NULL) return;
    if (outgoing->kind == DOCUMENT_STRING) {
        if (outgoing->size > 0) read_outgoing_flow(reader, outgoing, name, visit, context);
        return;
    }
    for (const struct document_node *id = outgoing->first; id != NULL; id = id->next)
        read_outgoing_flow(reader, id, name, visit, context);
}

static void add_arrow(struct tree_reader *reader, void *context, const struct document_node *flow,
                      const struct document_node *target)
{
    const struct ast_name *source = context;
    struct ast_arrow *arrow = compilation_allocate(reader->compilation, 1, sizeof *arrow);
    if (arrow == NULL) return;
    arrow->source = *source;
    arrow->target = tree_name(target);
    arrow->flow = tree_name(flow->key);
    arrow->span = flow->key->span;
    *reader->pipeline->arrows_end = arrow;
    reader->pipeline->arrows_end = &arrow->next;
}

void tree_read_arrows(struct tree_reader *reader, const struct document_node *node,
                      struct ast_name name)
{
    tree_read_outgoing(reader, node, name, add_arrow, &name);
}

static void check_incoming_flow(struct tree_reader *reader, const struct document_node *id,
                                struct ast_name name)
{
    if (!tree_is_name(reader, id, "a flow")) return;
    const struct document_node *flow = find_flow(reader, id);
    if (flow != NULL && flow->kind == DOCUMENT_MAP) use_flow(reader, flow, id, FLOW_ENTERS, name);
}

/* Flows that enter a node need not be named there: "flows" says it all. If some are, all must be.
 */
void tree_check_incoming(struct tree_reader *reader, const struct document_node *node,
                         struct ast_name name)
{
    const struct document_node *incoming =
        tree_get(reader, node, "incoming", DOCUMENT_KIND(STRING) | DOCUMENT_KIND(LIST), false);
    if (incoming == NULL) return;
    if (incoming->kind == DOCUMENT_STRING) {
        if (incoming->size > 0) check_incoming_flow(reader, incoming, name);
        return;
    }
    for (const struct document_node *id = incoming->first; id != NULL; id = id->next)
        check_incoming_flow(reader, id, name);
}

/* --- Each flow --- */

/* An end of a flow: is it a node, and does that node name the flow? */
static void check_end(struct tree_reader *reader, const struct document_node *flow,
                      const char *end_key, const char *node_key, enum flow_use use)
{
    const struct document_node *end = tree_get_name(reader, flow, end_key, true);
    if (end == NULL) return;
    const struct document_node *node = find_node(reader, end->text);
    if (node == NULL) {
        struct diagnostic *diagnostic =
            diagnostics_add(reader->diagnostics, DIAGNOSTIC_UNKNOWN_REFERENCE, end->span,
                            "there is no node " TREE_NAME_SHOWN ", the %s of flow " TREE_NAME_SHOWN,
                            end->text, end_key, flow->key->text);
        diagnostic_help(reader->diagnostics, diagnostic, "name a node of this pipeline");
        return;
    }
    if ((reader->pipeline->flow_uses[flow->index] & use) != 0) return;
    if (use == FLOW_ENTERS && document_get(reader->document, node, node_key) == NULL) return;
    struct diagnostic *diagnostic = diagnostics_add(
        reader->diagnostics, DIAGNOSTIC_DISAGREEMENT, end->span,
        "the %s of flow " TREE_NAME_SHOWN ", " TREE_NAME_SHOWN ", does not name it in \"%s\"",
        end_key, flow->key->text, end->text, node_key);
    diagnostic_help(reader->diagnostics, diagnostic, "add it there, or take the flow out");
}

void tree_check_flows(struct tree_reader *reader)
{
    const struct tree_pipeline *pipeline = reader->pipeline;
    if (pipeline->flows == NULL || pipeline->flow_uses == NULL) return;
    for (const struct document_node *flow = pipeline->flows->first; flow != NULL;
         flow = flow->next) {
        if (!tree_is(reader, flow, DOCUMENT_KIND(MAP), "a flow")) continue;
        check_end(reader, flow, "source", "outgoing", FLOW_LEAVES);
        check_end(reader, flow, "target", "incoming", FLOW_ENTERS);
    }
}
