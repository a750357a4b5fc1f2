/* Goes through a graph depth first, with a stack of its own: the ways may be long. */
#include "compiler/graph_form.h"

enum visit { VISIT_NOT, VISIT_OPEN, VISIT_DONE };

struct walk {
    struct form *form;
    unsigned char *visits;             /* by node: enum visit */
    const struct graph_flow **pending; /* by depth: the flow that is followed next */
    uint32_t *path;                    /* by depth: the node whose flows these are */
    uint32_t depth;
    bool found_cycle;
};

/* How many nodes of a cycle are named. */
#define CYCLE_NAMES_MAX 8

static void report_cycle(struct walk *walk, uint32_t target)
{
    struct form *form = walk->form;
    struct diagnostics *diagnostics = form->checker->diagnostics;
    struct text names = {0};
    uint32_t first = walk->depth - 1;
    while (walk->path[first] != target)
        first--;
    for (uint32_t i = first; i < walk->depth; i++) {
        if (i - first == CYCLE_NAMES_MAX) {
            text_append_string(&names, "... -> ");
            break;
        }
        text_append_format(&names, "%.40s -> ", form->nodes[walk->path[i]]->name);
    }
    text_append_format(&names, "%.40s", form->nodes[target]->name);
    if (names.failed) form->checker->compilation->out_of_memory = true;
    const struct graph_node *last = form->nodes[walk->path[walk->depth - 1]];
    struct diagnostic *diagnostic = diagnostics_add(
        diagnostics, DIAGNOSTIC_CYCLE, last->span, "%s " FORM_NAME " leads back: %s",
        form_kind_word(last), last->name, text_string(&names));
    diagnostic_help(diagnostics, diagnostic,
                    "allow it with --cycles (in a text: graph cycles { }), or lead it on");
    text_release(&names);
    walk->found_cycle = true;
}

static void enter(struct walk *walk, uint32_t node)
{
    walk->visits[node] = VISIT_OPEN;
    walk->path[walk->depth] = node;
    walk->pending[walk->depth++] = walk->form->nodes[node]->flows;
}

/* Nodes are done behind all that they lead to, but for ways back: backwards, this is the order. */
static void walk_all(struct walk *walk)
{
    struct form *form = walk->form;
    uint32_t place = form->count;
    enter(walk, form->pipeline->start->index);
    while (walk->depth > 0) {
        const struct graph_flow *flow = walk->pending[walk->depth - 1];
        if (flow == NULL) {
            uint32_t node = walk->path[--walk->depth];
            walk->visits[node] = VISIT_DONE;
            form->order[--place] = node;
            continue;
        }
        walk->pending[walk->depth - 1] = flow->next;
        uint32_t target = flow->target->index;
        if (walk->visits[target] == VISIT_NOT)
            enter(walk, target);
        else if (walk->visits[target] == VISIT_OPEN && !form->tolerates_cycles)
            report_cycle(walk, target);
    }
    form->reached = form->count - place;
    for (uint32_t i = 0; i < form->reached; i++) {
        form->order[i] = form->order[place + i];
        form->positions[form->order[i]] = i;
    }
}

bool form_order(struct form *form)
{
    struct compilation *compilation = form->checker->compilation;
    struct walk walk = {.form = form};
    walk.visits = compilation_allocate(compilation, form->count, 1);
    walk.pending = compilation_allocate(compilation, form->count, sizeof(struct graph_flow *));
    walk.path = compilation_allocate(compilation, form->count, sizeof *walk.path);
    if (walk.visits == NULL || walk.pending == NULL || walk.path == NULL) return false;
    walk_all(&walk);
    return !walk.found_cycle && !compilation->out_of_memory;
}
