#include "compiler/structure.h"

#include <string.h>

#include "base/limits.h"

/* Blocks inside each other that still can be read. */
#define DEPTH_MAX 20

struct edge {
    struct vertex *target;
    struct ast_name flow;
    const struct ast_way *way; /* of an exclusive or inclusive gateway; else NULL */
    struct edge *next;         /* of the same source */
};

struct vertex {
    const struct ast_statement *statement;
    struct edge *edges, *last_edge;
    size_t in_count, out_count;
    bool is_seen;
};

struct structure {
    struct compilation *compilation;
    const struct ast_graph *graph;
    struct name_table names; /* -> vertices */
    struct vertex *vertices;
    size_t vertex_count, seen_count;
    struct vertex *start, *end;
};

/* --- The graph --- */

static size_t node_count(const struct ast_graph *graph)
{
    size_t count = 0;
    for (const struct ast_statement *node = graph->nodes; node; node = node->next)
        count++;
    return count;
}

static bool add_vertices(struct structure *structure)
{
    size_t count = node_count(structure->graph);
    structure->vertices =
        compilation_allocate(structure->compilation, count + 1, sizeof *structure->vertices);
    if (!structure->vertices) return false;
    for (const struct ast_statement *node = structure->graph->nodes; node; node = node->next) {
        struct vertex *vertex = &structure->vertices[structure->vertex_count];
        if (!node->name.bytes) return false;
        vertex->statement = node;
        if (node->kind == STATEMENT_START) structure->start = vertex;
        if (node->kind == STATEMENT_END) structure->end = vertex;
        compilation_name(structure->compilation, &structure->names, node->name.bytes,
                         structure->vertex_count++);
    }
    return structure->start && structure->end;
}

/* A node's own name comes before the words that stand for the events. */
static struct vertex *find_vertex(const struct structure *structure, const struct ast_name *name)
{
    uint32_t index = name_table_find(&structure->names, name->bytes);
    if (index != NAME_TABLE_NONE) return &structure->vertices[index];
    if (!name->quoted && strcmp(name->bytes, "start") == 0) return structure->start;
    if (!name->quoted && strcmp(name->bytes, "end") == 0) return structure->end;
    return NULL;
}

static bool add_edge(struct structure *structure, struct vertex *source,
                     const struct ast_name *target, struct ast_name flow, const struct ast_way *way)
{
    struct edge *edge = compilation_allocate(structure->compilation, 1, sizeof *edge);
    struct vertex *vertex = find_vertex(structure, target);
    if (!source || !vertex || !edge) return false;
    *edge = (struct edge){.target = vertex, .flow = flow, .way = way};
    if (source->last_edge)
        source->last_edge->next = edge;
    else
        source->edges = edge;
    source->last_edge = edge;
    source->out_count++;
    vertex->in_count++;
    return true;
}

static bool add_edges(struct structure *structure)
{
    for (size_t i = 0; i < structure->vertex_count; i++) {
        const struct ast_statement *node = structure->vertices[i].statement;
        const struct ast_way *way = node->kind == STATEMENT_GATEWAY ? node->as.gateway.ways : NULL;
        for (; way; way = way->next)
            if (!add_edge(structure, &structure->vertices[i], &way->target, way->flow, way))
                return false;
    }
    for (const struct ast_arrow *arrow = structure->graph->arrows; arrow; arrow = arrow->next)
        if (!add_edge(structure, find_vertex(structure, &arrow->source), &arrow->target,
                      arrow->flow, NULL))
            return false;
    return true;
}

/* --- Blocks --- */

/* Statements as they are gathered. */
struct list {
    struct ast_statement *first, **end;
};

static struct ast_statement *append(struct structure *structure, struct list *list,
                                    const struct ast_statement *statement)
{
    struct ast_statement *copy = compilation_allocate(structure->compilation, 1, sizeof *copy);
    if (!copy) return NULL;
    *copy = *statement;
    copy->next = NULL;
    *(list->first ? list->end : &list->first) = copy;
    list->end = &copy->next;
    return copy;
}

static bool see(struct structure *structure, struct vertex *vertex, size_t in_count)
{
    if (vertex->is_seen || vertex->in_count != in_count) return false;
    vertex->is_seen = true;
    structure->seen_count++;
    return true;
}

static bool is_gateway(const struct vertex *vertex, enum ast_gateway_kind kind)
{
    return vertex->statement->kind == STATEMENT_GATEWAY &&
           vertex->statement->as.gateway.kind == kind;
}

/* Gathers the statements from `vertex` up to the end or a converge that is not one of theirs; NULL
 * if they are no sequence. */
static struct vertex *gather(struct structure *structure, struct vertex *vertex,
                             struct ast_block **block, unsigned depth);

static struct ast_branch *make_branch(struct structure *structure, const struct edge *edge,
                                      struct vertex **converge, unsigned depth)
{
    struct ast_branch *branch = compilation_allocate(structure->compilation, 1, sizeof *branch);
    if (!branch) return NULL;
    branch->flow = edge->flow;
    if (edge->way) branch->condition = edge->way->condition;
    struct vertex *stop = gather(structure, edge->target, &branch->block, depth + 1);
    bool meets = stop && is_gateway(stop, GATEWAY_CONVERGE) && (!*converge || *converge == stop);
    *converge = stop;
    return meets ? branch : NULL;
}

/* May the ways stand as cases of a block? Each but the default has a condition, and the default has
 * none; FIRST has no block with a name. */
static bool has_cases(const struct vertex *gateway)
{
    size_t defaults = 0, conditions = 0;
    for (const struct edge *edge = gateway->edges; edge; edge = edge->next) {
        bool is_default = edge->way && edge->way->is_default;
        bool has_condition = edge->way && edge->way->condition;
        if (is_default == has_condition) return false;
        defaults += is_default;
        conditions += has_condition;
    }
    return defaults <= 1 && conditions > 0;
}

static bool statement_kind(const struct vertex *gateway, enum ast_statement_kind *kind)
{
    switch (gateway->statement->as.gateway.kind) {
    case GATEWAY_PARALLEL: *kind = STATEMENT_PARALLEL; return gateway->out_count > 0;
    case GATEWAY_EXCLUSIVE: *kind = STATEMENT_EXCLUSIVE; return has_cases(gateway);
    case GATEWAY_INCLUSIVE: *kind = STATEMENT_INCLUSIVE; return has_cases(gateway);
    case GATEWAY_FIRST:
    case GATEWAY_CONVERGE: break;
    }
    return false;
}

/* Gathers a gateway with its branches; returns the converge where they meet, or NULL. */
static struct vertex *gather_gateway(struct structure *structure, struct vertex *gateway,
                                     struct list *list, unsigned depth)
{
    struct vertex *converge = NULL;
    struct ast_branch *first = NULL, **end = &first, *otherwise = NULL;
    struct ast_statement head = *gateway->statement;
    if (!statement_kind(gateway, &head.kind)) return NULL;
    for (const struct edge *edge = gateway->edges; edge; edge = edge->next) {
        struct ast_branch *branch = make_branch(structure, edge, &converge, depth);
        if (!branch) return NULL;
        if (edge->way && edge->way->is_default) {
            otherwise = branch;
            continue;
        }
        *end = branch;
        end = &branch->next;
    }
    *end = otherwise; /* the default comes last */
    if (!converge || !see(structure, converge, gateway->out_count) || converge->out_count != 1)
        return NULL;
    head.converge = converge->statement->name;
    head.as.branches = first;
    return append(structure, list, &head) ? converge : NULL;
}

static struct vertex *gather(struct structure *structure, struct vertex *vertex,
                             struct ast_block **block, unsigned depth)
{
    struct list list = {NULL, NULL};
    *block = compilation_allocate(structure->compilation, 1, sizeof **block);
    if (!*block || depth > DEPTH_MAX) return NULL;
    while (vertex->statement->kind != STATEMENT_END && !is_gateway(vertex, GATEWAY_CONVERGE)) {
        if (!see(structure, vertex, 1)) return NULL;
        if (vertex->statement->kind == STATEMENT_GATEWAY)
            vertex = gather_gateway(structure, vertex, &list, depth);
        else if (vertex->statement->kind != STATEMENT_CALL ||
                 !append(structure, &list, vertex->statement))
            vertex = NULL;
        if (!vertex || vertex->out_count != 1) return NULL;
        vertex = vertex->edges->target;
    }
    (*block)->statements = list.first;
    return vertex;
}

/* Puts the statements that name the events around those of the body. */
static struct ast_block *add_events(struct structure *structure, struct ast_block *body)
{
    struct list list = {NULL, NULL};
    if (!append(structure, &list, structure->start->statement)) return NULL;
    *list.end = body->statements;
    while (*list.end)
        list.end = &(*list.end)->next;
    if (!append(structure, &list, structure->end->statement)) return NULL;
    body->statements = list.first;
    return body;
}

void structure_pipeline(struct compilation *compilation, struct ast_pipeline *pipeline)
{
    struct structure structure = {.compilation = compilation, .graph = pipeline->graph};
    struct ast_block *body = NULL;
    if (!pipeline->graph || !add_vertices(&structure) || !add_edges(&structure)) return;
    bool is_plain_end = !structure.end->statement->as.call.callee.bytes;
    if (!is_plain_end || !see(&structure, structure.start, 0) || structure.start->out_count != 1)
        return;
    const struct vertex *stop = gather(&structure, structure.start->edges->target, &body, 0);
    bool is_whole = stop && stop == structure.end && body->statements &&
                    see(&structure, structure.end, 1) &&
                    structure.seen_count == structure.vertex_count;
    if (!is_whole || compilation->out_of_memory) return;
    body = add_events(&structure, body);
    if (!body) return;
    body->span = pipeline->graph->span;
    pipeline->block = body;
    pipeline->graph = NULL;
}

/* --- Arrows --- */

/* The event of the kind; NULL if its word names another node, or there is none. */
static const char *event_name(const struct ast_graph *graph, enum ast_statement_kind kind,
                              const char *word)
{
    const char *name = NULL;
    for (const struct ast_statement *node = graph->nodes; node; node = node->next) {
        if (!node->name.bytes) continue;
        if (node->kind == kind)
            name = node->name.bytes;
        else if (strcmp(node->name.bytes, word) == 0)
            return NULL;
    }
    return name;
}

static void name_event(struct ast_name *name, const char *event, const char *word)
{
    if (!event || !name->bytes || strcmp(name->bytes, event) != 0) return;
    name->bytes = word;
    name->quoted = false;
}

void structure_arrows(struct ast_pipeline *pipeline)
{
    struct ast_graph *graph = pipeline->graph;
    if (!graph) return;
    const char *start = event_name(graph, STATEMENT_START, "start");
    const char *end = event_name(graph, STATEMENT_END, "end");
    for (struct ast_arrow *arrow = graph->arrows; arrow; arrow = arrow->next) {
        name_event(&arrow->source, start, "start");
        name_event(&arrow->target, end, "end");
    }
    for (struct ast_statement *node = graph->nodes; node; node = node->next)
        for (struct ast_way *way = node->kind == STATEMENT_GATEWAY ? node->as.gateway.ways : NULL;
             way; way = way->next)
            name_event(&way->target, end, "end");
}
