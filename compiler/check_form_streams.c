/* Streams: every node lies in one branch of one fork, or in none: the one that a token must be in
 * to get there, whichever way it comes. A fork and its converge lie in the same branch, what is
 * between them in branches of the fork. (The verifier proves the same of an artifact, for which see
 * bytecode/verify_graph.c.)
 *
 * Nodes are followed in bamboo-engine's order, the nearest to the start first, for the one mistake
 * that depends on it: a gateway that leads straight to the converge of a fork that comes later. */
#include "compiler/graph_form.h"

/* The branch that a node lies in: the flow that begins it; NULL: none. */
struct stream {
    const struct graph_flow *branch;
    bool is_known;
    const struct graph_node *from; /* where it was first reached from */
};

struct streams {
    struct form *form;
    struct stream *nodes;   /* by index */
    bool *is_fork_converge; /* by index */
    uint32_t *queue;
    uint32_t queued, followed;
};

/* "branch 2 of 'pg'" or "the main line". */
static void append_stream(struct text *out, const struct graph_flow *branch)
{
    if (branch == NULL) {
        text_append_string(out, "the main line");
        return;
    }
    unsigned number = 1;
    for (const struct graph_flow *flow = branch->source->flows; flow != branch; flow = flow->next)
        number++;
    text_append_format(out, "branch %u of " FORM_NAME, number, branch->source->name);
}

static void report_two(struct streams *streams, const struct graph_node *node,
                       const struct graph_flow *branch, const struct graph_node *from)
{
    struct diagnostics *diagnostics = streams->form->checker->diagnostics;
    const struct stream *known = &streams->nodes[node->index];
    struct text first = {0}, second = {0};
    append_stream(&first, known->branch);
    append_stream(&second, branch);
    if (first.failed || second.failed) streams->form->checker->compilation->out_of_memory = true;
    struct diagnostic *diagnostic = diagnostics_add(
        diagnostics, DIAGNOSTIC_STREAMS, node->span,
        "%s " FORM_NAME " is reached in %s, and from " FORM_NAME " in %s", form_kind_word(node),
        node->name, text_string(&first), from->name, text_string(&second));
    diagnostic_help(diagnostics, diagnostic,
                    "branches of a fork meet in its converge gateway and nowhere else");
    text_release(&first);
    text_release(&second);
}

static void place(struct streams *streams, const struct graph_node *node,
                  const struct graph_flow *branch, const struct graph_node *from)
{
    struct stream *known = &streams->nodes[node->index];
    if (known->is_known) {
        if (known->branch != branch) report_two(streams, node, branch, from);
        return;
    }
    *known = (struct stream){.branch = branch, .is_known = true, .from = from};
    streams->queue[streams->queued++] = node->index;
}

/* Does an exclusive gateway meet in the converge of a fork, and get there by this flow? */
static bool leads_straight(const struct streams *streams, const struct graph_flow *flow)
{
    uint32_t target = flow->target->index;
    return flow->source->kind == NODE_KIND_EXCLUSIVE && streams->is_fork_converge[target] &&
           streams->form->meets[flow->source->index] == target;
}

static void report_straight(struct streams *streams, const struct graph_flow *flow)
{
    struct diagnostics *diagnostics = streams->form->checker->diagnostics;
    struct diagnostic *diagnostic =
        diagnostics_add(diagnostics, DIAGNOSTIC_STREAMS, flow->source->span,
                        "exclusive gateway " FORM_NAME " leads straight to " FORM_NAME
                        ", where a fork behind it meets",
                        flow->source->name, flow->target->name);
    diagnostic_help(diagnostics, diagnostic,
                    "give the fork a converge gateway of its own, or put an activity on that way");
}

static void follow(struct streams *streams, const struct graph_node *node)
{
    const struct graph_flow *branch = streams->nodes[node->index].branch;
    if (node->converge != NULL) place(streams, node->converge, branch, node);
    for (const struct graph_flow *flow = node->flows; flow != NULL; flow = flow->next) {
        const struct graph_flow *stream = form_is_fork(node) ? flow : branch;
        if (stream != NULL && stream->source->converge == flow->target) continue;
        if (leads_straight(streams, flow)) {
            if (!streams->nodes[flow->target->index].is_known) report_straight(streams, flow);
            continue;
        }
        place(streams, flow->target, stream, node);
    }
}

void form_check_streams(struct form *form)
{
    struct compilation *compilation = form->checker->compilation;
    struct streams streams = {.form = form};
    streams.nodes = compilation_allocate(compilation, form->count, sizeof *streams.nodes);
    streams.is_fork_converge = compilation_allocate(compilation, form->count, sizeof(bool));
    streams.queue = compilation_allocate(compilation, form->count, sizeof *streams.queue);
    if (streams.nodes == NULL || streams.is_fork_converge == NULL || streams.queue == NULL) return;
    for (uint32_t i = 0; i < form->count; i++)
        if (form->nodes[i]->converge != NULL)
            streams.is_fork_converge[form->nodes[i]->converge->index] = true;
    streams.nodes[form->pipeline->end->index].is_known = true;
    place(&streams, form->pipeline->start, NULL, form->pipeline->start);
    while (streams.followed < streams.queued)
        follow(&streams, form->nodes[streams.queue[streams.followed++]]);
}
