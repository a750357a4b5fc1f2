/* Is every name set on every way to where it is read? Can every statement run? Do two branches set
 * one variable at the same time?
 *
 * The blocks are walked once, in order. `is_set` says for each symbol whether it is set on every
 * way to the place that is looked at. What a branch sets is logged, so that it can be taken back
 * behind the branch; the logs of the branches, one behind the other, then tell what holds at the
 * join. So each setting is looked at once for each block around it, however many names there are.
 *
 * A way that comes to `fail` ends there, but an operator may skip it: what follows can run, and
 * does not count as a way on which something has to be set.
 */
#include "compiler/checker.h"
#include "compiler/function_call.h"

/* A symbol that became set, or a variable that was set by a statement. */
struct log_entry {
    const struct symbol *symbol;
    struct span span;
    uint32_t branch; /* of the innermost fork that was walked to its end */
};

struct log {
    struct log_entry *entries;
    size_t count, capacity;
};

struct walk {
    struct checker *checker;
    bool *is_set;       /* by symbol */
    bool *is_told;      /* by symbol: a mistake with it was reported */
    bool *is_beside;    /* by symbol: set by a finished branch of an unfinished fork */
    uint32_t *marks;    /* by symbol: used within one join, 0 otherwise */
    struct log set;     /* what became set since the walk began, and was not taken back */
    struct log pending; /* what finished branches of unfinished gateways set */
    struct log writes;  /* every setting of a variable */
    unsigned fork_depth;
    const struct ast_statement *last; /* of the pipeline's own block */
    const struct ast_name *reader;    /* what the statement that reads is about to set, or NULL */
    bool in_defaults;                 /* of the parameters */
    bool is_behind_failure; /* only an operator who skips a `fail` gets here; behind `revoke` nobody
                             */
};

enum join_kind {
    JOIN_ALL, /* every branch has run: what any of them set is set */
    JOIN_ONE, /* one branch has run: what all of them set is set */
    JOIN_SOME /* some have run, nobody knows which */
};

static bool walk_block(struct walk *walk, const struct ast_block *block);
static void read_expression(struct walk *walk, const struct ast_expression *expression);

static void log_add(struct walk *walk, struct log *log, const struct symbol *symbol,
                    struct span span)
{
    if (!compilation_grow(walk->checker->compilation, (void **)&log->entries, &log->capacity,
                          log->count, sizeof(struct log_entry)))
        return;
    log->entries[log->count++] = (struct log_entry){.symbol = symbol, .span = span};
}

static void set_symbol(struct walk *walk, const struct symbol *symbol)
{
    if (symbol == NULL || walk->is_set[symbol->index]) return;
    walk->is_set[symbol->index] = true;
    log_add(walk, &walk->set, symbol, symbol->span);
}

static void set_name(struct walk *walk, const struct ast_name *name)
{
    if (name->bytes == NULL) return;
    const struct symbol *symbol = graph_symbol(walk->checker->pipeline, name->bytes);
    if (symbol != NULL && symbol->variable != NULL)
        log_add(walk, &walk->writes, symbol, name->span);
    set_symbol(walk, symbol);
}

/* --- Reading --- */

/* Is the symbol set first by the statement that reads it? */
static bool is_same_place(const struct ast_name *reader, const struct symbol *symbol)
{
    return reader != NULL && reader->span.source == symbol->span.source &&
           reader->span.offset == symbol->span.offset;
}

/* Says why the symbol may not be set, and where it is. */
static struct diagnostic *report_reason(struct walk *walk, const struct symbol *symbol,
                                        struct span span)
{
    struct diagnostics *diagnostics = walk->checker->diagnostics;
    bool is_node = symbol->variable == NULL;
    const char *why = is_node ? "may not have run here" : "may not be set here";
    const char *related = "only some of the ways come through here";
    if (walk->is_beside[symbol->index]) {
        why = is_node ? "may not have run yet" : "may not be set yet";
        related = "this branch runs at the same time";
    } else if (symbol->span.offset >= span.offset || is_same_place(walk->reader, symbol)) {
        why = is_node ? "is read before it has run" : "is read before it is set";
        related = is_node ? "it runs here" : "it is set here";
    }
    struct diagnostic *diagnostic = diagnostics_add(diagnostics, DIAGNOSTIC_USED_BEFORE_SET, span,
                                                    "'%s' %s", symbol->name, why);
    diagnostic_relate(diagnostics, diagnostic, symbol->span, "%s", related);
    return diagnostic;
}

static void report_unset(struct walk *walk, const struct symbol *symbol, struct span span)
{
    struct diagnostics *diagnostics = walk->checker->diagnostics;
    struct diagnostic *diagnostic = report_reason(walk, symbol, span);
    if (walk->in_defaults)
        diagnostic_help(diagnostics, diagnostic, "a default reads only the parameters before it");
    else if (walk->is_beside[symbol->index])
        diagnostic_help(diagnostics, diagnostic, "read it behind the join");
    else if (symbol->variable == NULL)
        diagnostic_help(diagnostics, diagnostic,
                        "say what to take otherwise: %s.<output> ?? <value>", symbol->name);
    else
        diagnostic_help(diagnostics, diagnostic,
                        "set it on every way, or say what to take otherwise: %s ?? <value>",
                        symbol->name);
}

/* A variable, or a node that has outputs. */
static bool is_readable(const struct symbol *symbol)
{
    return symbol->variable != NULL || symbol->broken ||
           (symbol->statement != NULL && symbol->statement->kind == STATEMENT_CALL);
}

static void read_name(struct walk *walk, const struct ast_name *name)
{
    /* A name without a symbol is a comprehension's or unknown, and was told. */
    const struct symbol *symbol = graph_symbol(walk->checker->pipeline, name->bytes);
    if (symbol == NULL || symbol->broken || walk->checker->pipeline->damaged) return;
    if (walk->is_set[symbol->index] || walk->is_told[symbol->index]) return;
    if (walk->is_behind_failure) return;
    if (!is_readable(symbol)) return; /* a gateway: told already */
    walk->is_told[symbol->index] = true;
    report_unset(walk, symbol, name->span);
}

static void read_all(struct walk *walk, const struct ast_expression *expressions)
{
    for (const struct ast_expression *each = expressions; each != NULL; each = each->next)
        read_expression(walk, each);
}

/* A chain of fields and elements. Where it is tried, on the left of ?? or before ?., nothing has to
 * be set (generate_access.c compiles exactly these to instructions that try). */
static void read_access(struct walk *walk, const struct ast_expression *expression, bool is_tried)
{
    if (expression->kind == EXPRESSION_NAME) {
        if (!is_tried) read_name(walk, &expression->as.name);
    } else if (expression->kind == EXPRESSION_FIELD) {
        read_access(walk, expression->as.field.object, is_tried || expression->as.field.optional);
    } else if (expression->kind == EXPRESSION_INDEX) {
        read_access(walk, expression->as.index.object, is_tried);
        read_expression(walk, expression->as.index.index);
    } else {
        read_expression(walk, expression);
    }
}

static void read_operation(struct walk *walk, const struct ast_expression *expression)
{
    const enum ast_operator which = expression->as.operation.operator;
    if (which == OPERATOR_COALESCE)
        read_access(walk, expression->as.operation.left, true);
    else
        read_expression(walk, expression->as.operation.left);
    if (expression->as.operation.right != NULL)
        read_expression(walk, expression->as.operation.right);
}

static void read_optional(struct walk *walk, const struct ast_expression *expression)
{
    if (expression != NULL) read_expression(walk, expression);
}

static void read_expression(struct walk *walk, const struct ast_expression *expression)
{
    switch (expression->kind) {
    case EXPRESSION_NAME:
    case EXPRESSION_FIELD:
    case EXPRESSION_INDEX: read_access(walk, expression, false); break;
    case EXPRESSION_TEXT: read_all(walk, expression->as.text.parts); break;
    case EXPRESSION_SLICE:
        read_expression(walk, expression->as.slice.object);
        read_optional(walk, expression->as.slice.from);
        read_optional(walk, expression->as.slice.to);
        read_optional(walk, expression->as.slice.step);
        break;
    case EXPRESSION_METHOD: read_expression(walk, expression->as.call.object); /* fall through */
    case EXPRESSION_CALL: read_all(walk, expression->as.call.arguments); break;
    case EXPRESSION_UNARY:
    case EXPRESSION_BINARY: read_operation(walk, expression); break;
    case EXPRESSION_CONDITIONAL:
        read_expression(walk, expression->as.conditional.condition);
        read_expression(walk, expression->as.conditional.then);
        read_expression(walk, expression->as.conditional.otherwise);
        break;
    case EXPRESSION_LIST: read_all(walk, expression->as.list.elements); break;
    case EXPRESSION_MAP: read_all(walk, expression->as.map.entries); break;
    case EXPRESSION_COMPREHENSION:
        read_expression(walk, expression->as.comprehension.iterable);
        read_optional(walk, expression->as.comprehension.condition);
        read_expression(walk, expression->as.comprehension.element);
        break;
    case EXPRESSION_LITERAL:
    case EXPRESSION_TEMPLATE:
    case EXPRESSION_RULE:
    case EXPRESSION_ERROR:
    case EXPRESSION_KIND_COUNT: break;
    }
}

/* --- Branches and joins --- */

/* Takes back what was set since `mark`; `is_kept` remembers it for the join. */
static void take_back(struct walk *walk, size_t mark, bool is_kept, bool is_beside)
{
    for (size_t i = mark; i < walk->set.count; i++) {
        const struct log_entry *entry = &walk->set.entries[i];
        walk->is_set[entry->symbol->index] = false;
        walk->is_beside[entry->symbol->index] = is_beside;
        if (is_kept) log_add(walk, &walk->pending, entry->symbol, entry->span);
    }
    walk->set.count = mark;
}

/* Sets what at least `needed` branches have set, of those pending since `mark`. */
static void join(struct walk *walk, size_t mark, uint32_t needed)
{
    size_t end = walk->pending.count;
    for (size_t i = mark; i < end; i++) {
        walk->marks[walk->pending.entries[i].symbol->index]++;
        walk->is_beside[walk->pending.entries[i].symbol->index] = false;
    }
    for (size_t i = mark; i < end; i++) {
        const struct symbol *symbol = walk->pending.entries[i].symbol;
        if (walk->marks[symbol->index] >= needed) set_symbol(walk, symbol);
    }
    for (size_t i = mark; i < end; i++)
        walk->marks[walk->pending.entries[i].symbol->index] = 0;
    walk->pending.count = mark;
}

static void number_writes(struct walk *walk, size_t mark, uint32_t branch)
{
    for (size_t i = mark; i < walk->writes.count; i++)
        walk->writes.entries[i].branch = branch;
}

/* Reports each variable that two branches of a fork set, of the writes since `mark`. */
static void check_writes(struct walk *walk, size_t mark)
{
    struct diagnostics *diagnostics = walk->checker->diagnostics;
    for (size_t i = mark; i < walk->writes.count; i++) {
        const struct log_entry *entry = &walk->writes.entries[i];
        uint32_t *first = &walk->marks[entry->symbol->index];
        if (*first == 0) {
            *first = (uint32_t)(i - mark) + 1;
            continue;
        }
        const struct log_entry *other = &walk->writes.entries[mark + *first - 1];
        if (other->branch == entry->branch || walk->is_told[entry->symbol->index]) continue;
        walk->is_told[entry->symbol->index] = true;
        struct diagnostic *diagnostic = diagnostics_add(
            diagnostics, DIAGNOSTIC_CONCURRENT_SET, entry->span,
            "'%s' is set by two branches that run at the same time", entry->symbol->name);
        diagnostic_relate(diagnostics, diagnostic, other->span, "the other one sets it here");
        diagnostic_help(diagnostics, diagnostic, "use a variable for each branch");
    }
    for (size_t i = mark; i < walk->writes.count; i++)
        walk->marks[walk->writes.entries[i].symbol->index] = 0;
}

/* How many branches get to the join: of themselves, and behind a failure that was skipped. */
struct arrivals {
    uint32_t branches, sound, skipped;
};

/* Walks one branch; what it sets is pending if it gets to the join of itself. */
static void walk_branch(struct walk *walk, const struct ast_branch *branch, bool is_fork,
                        struct arrivals *arrivals)
{
    size_t set_mark = walk->set.count;
    size_t writes_mark = walk->writes.count;
    bool was_behind = walk->is_behind_failure;
    bool arrives = walk_block(walk, branch->block);
    bool is_skipped = walk->is_behind_failure && !was_behind;
    walk->is_behind_failure = was_behind;
    take_back(walk, set_mark, arrives && !is_skipped, is_fork);
    arrivals->branches++;
    if (arrives && !is_skipped) arrivals->sound++;
    if (arrives && is_skipped) arrivals->skipped++;
    if (is_fork) number_writes(walk, writes_mark, arrivals->branches);
}

/* Walks branches; what holds behind them is told by `kind`. `has_gap`: none of them may run. */
static bool walk_branches(struct walk *walk, const struct ast_branch *branches, enum join_kind kind,
                          bool has_gap)
{
    bool is_fork = kind != JOIN_ONE;
    size_t pending_mark = walk->pending.count;
    size_t writes_mark = walk->writes.count;
    struct arrivals arrivals = {0};
    if (is_fork) walk->fork_depth++;
    for (const struct ast_branch *branch = branches; branch != NULL; branch = branch->next)
        walk_branch(walk, branch, is_fork, &arrivals);
    if (is_fork) {
        walk->fork_depth--;
        check_writes(walk, writes_mark);
    }
    bool is_sure = kind != JOIN_SOME && !has_gap;
    uint32_t needed = kind == JOIN_ALL ? 1 : arrivals.sound;
    join(walk, pending_mark, is_sure ? needed : UINT32_MAX);
    bool has_sound_way = kind == JOIN_ALL ? arrivals.skipped == 0 : arrivals.sound > 0 || has_gap;
    if (arrivals.skipped > 0 && !has_sound_way) walk->is_behind_failure = true;
    uint32_t arriving = arrivals.sound + arrivals.skipped;
    if (kind == JOIN_ALL) return arriving == arrivals.branches;
    return arriving > 0 || has_gap || branches == NULL;
}

/* if: the condition of an arm is read where the ones before it were. */
static bool walk_gateway(struct walk *walk, const struct ast_statement *statement)
{
    bool has_else = false;
    for (const struct ast_branch *branch = statement->as.branches; branch != NULL;
         branch = branch->next) {
        read_optional(walk, branch->condition);
        has_else |= branch->condition == NULL;
    }
    enum join_kind kind = JOIN_ONE;
    if (statement->kind == STATEMENT_PARALLEL) kind = JOIN_ALL;
    if (statement->kind == STATEMENT_INCLUSIVE) kind = JOIN_SOME;
    return walk_branches(walk, statement->as.branches, kind,
                         statement->kind == STATEMENT_IF && !has_else);
}

/* --- Statements --- */

static bool walk_call(struct walk *walk, const struct ast_statement *statement)
{
    walk->reader = &statement->name;
    for (const struct ast_argument *argument = statement->as.call.arguments; argument != NULL;
         argument = argument->next)
        read_expression(walk, argument->value);
    walk->reader = NULL;
    set_name(walk, &statement->name);
    /* Behind the call, the handler may have run or not: what it sets is taken back. */
    size_t mark = walk->set.count;
    bool was_behind = walk->is_behind_failure;
    (void)walk_block(walk, statement->as.call.policies.on_fail);
    walk->is_behind_failure = was_behind;
    take_back(walk, mark, false, false);
    return true;
}

static bool walk_repeat(struct walk *walk, const struct ast_statement *statement)
{
    bool arrives = walk_block(walk, statement->as.repeat.block);
    if (!arrives) return false;
    read_optional(walk, statement->as.repeat.condition);
    return statement->as.repeat.condition != NULL || !statement->as.repeat.forever;
}

/* A context may have its variables from elsewhere, and outputs that it does not have. */
static bool has_context(const struct walk *walk)
{
    return walk->checker->pipeline->tree->context != NULL;
}

/* Where the pipeline ends, at `span`, its outputs have to be set. */
static void read_outputs(struct walk *walk, struct span span)
{
    const struct graph_pipeline *pipeline = walk->checker->pipeline;
    struct diagnostics *diagnostics = walk->checker->diagnostics;
    if (has_context(walk) || walk->is_behind_failure) return;
    for (const struct ast_output *output = pipeline->tree->outputs; output != NULL;
         output = output->next) {
        const struct symbol *symbol = graph_symbol(pipeline, output->name.bytes);
        if (symbol == NULL || !is_readable(symbol) || symbol->broken || pipeline->damaged) continue;
        if (walk->is_set[symbol->index] || walk->is_told[symbol->index]) continue;
        walk->is_told[symbol->index] = true;
        struct diagnostic *diagnostic =
            diagnostics_add(diagnostics, DIAGNOSTIC_USED_BEFORE_SET, output->name.span,
                            "output '%s' may not be set where the pipeline ends", symbol->name);
        diagnostic_relate(diagnostics, diagnostic, span, "it ends here");
        diagnostic_help(diagnostics, diagnostic, "set it on every way%s%s%s",
                        symbol->variable != NULL ? ", or begin with " : "",
                        symbol->variable != NULL ? symbol->name : "",
                        symbol->variable != NULL ? " = null" : "");
    }
}

static bool walk_end(struct walk *walk, const struct ast_statement *statement)
{
    struct diagnostics *diagnostics = walk->checker->diagnostics;
    if (walk->fork_depth > 0) {
        struct diagnostic *diagnostic =
            diagnostics_add(diagnostics, DIAGNOSTIC_MISPLACED, statement->span,
                            "'end' cannot stand inside parallel or inclusive: other branches "
                            "still run");
        diagnostic_help(diagnostics, diagnostic, "write 'revoke' to stop the whole run");
        return true;
    }
    if (statement->name.bytes != NULL && statement != walk->last)
        diagnostics_add(diagnostics, DIAGNOSTIC_MISPLACED, statement->name.span,
                        "only the last statement of a pipeline can name its end");
    read_outputs(walk, statement->span);
    return false;
}

static void walk_start(struct walk *walk, const struct ast_statement *statement)
{
    if (statement != walk->checker->pipeline->tree->block->statements)
        diagnostics_add(walk->checker->diagnostics, DIAGNOSTIC_MISPLACED, statement->span,
                        "'start' has to be the first statement of a pipeline");
}

/* Returns false if nothing behind the statement can run. */
static bool walk_statement(struct walk *walk, const struct ast_statement *statement)
{
    switch (statement->kind) {
    case STATEMENT_CALL: return walk_call(walk, statement);
    case STATEMENT_ASSIGN:
        walk->reader = &statement->name;
        read_expression(walk, statement->as.value);
        walk->reader = NULL;
        set_name(walk, &statement->name);
        return true;
    case STATEMENT_PARALLEL:
    case STATEMENT_INCLUSIVE:
    case STATEMENT_EXCLUSIVE:
    case STATEMENT_IF: return walk_gateway(walk, statement);
    case STATEMENT_REPEAT: return walk_repeat(walk, statement);
    case STATEMENT_PAUSE: read_optional(walk, statement->as.value); return true;
    case STATEMENT_FAIL:
    case STATEMENT_REVOKE:
        read_optional(walk, statement->as.value);
        walk->is_behind_failure = true;
        return true;
    case STATEMENT_START: walk_start(walk, statement); return true;
    case STATEMENT_END: return walk_end(walk, statement);
    case STATEMENT_GATEWAY:
    case STATEMENT_ERROR:
    case STATEMENT_KIND_COUNT: break;
    }
    return true;
}

static void report_unreachable(struct walk *walk, const struct ast_statement *before,
                               const struct ast_statement *statement)
{
    struct diagnostics *diagnostics = walk->checker->diagnostics;
    struct diagnostic *diagnostic =
        diagnostics_add(diagnostics, DIAGNOSTIC_UNREACHABLE, statement->span, "this can never run");
    diagnostic_relate(diagnostics, diagnostic, before->span, "nothing goes on behind this");
}

static bool walk_block(struct walk *walk, const struct ast_block *block)
{
    if (block == NULL) return true;
    for (const struct ast_statement *statement = block->statements; statement != NULL;
         statement = statement->next) {
        if (walk_statement(walk, statement)) continue;
        /* What follows cannot run either; it is told with the first one. */
        if (statement->next != NULL) report_unreachable(walk, statement, statement->next);
        return false;
    }
    return true;
}

/* --- The pipeline --- */

static void check_declared_outputs(struct walk *walk)
{
    const struct graph_pipeline *pipeline = walk->checker->pipeline;
    struct name_table seen = {0};
    for (const struct ast_output *output = pipeline->tree->outputs; output != NULL;
         output = output->next) {
        const char *name = output->name.bytes;
        if (name_table_find(&seen, name) != NAME_TABLE_NONE)
            diagnostics_add(walk->checker->diagnostics, DIAGNOSTIC_DUPLICATE_NAME,
                            output->name.span, "output '%s' is declared twice", name);
        compilation_name(walk->checker->compilation, &seen, name, 0);
        const struct symbol *symbol = graph_symbol(pipeline, name);
        bool is_readable =
            symbol != NULL &&
            (symbol->variable != NULL || symbol->broken ||
             (symbol->statement != NULL && symbol->statement->kind == STATEMENT_CALL));
        if (is_readable || pipeline->damaged) continue;
        struct diagnostic *diagnostic =
            diagnostics_add(walk->checker->diagnostics, DIAGNOSTIC_MISSING_OUTPUT,
                            output->name.span, "output '%s' is never set", name);
        diagnostic_help(walk->checker->diagnostics, diagnostic,
                        pipeline->tree->graph != NULL
                            ? "in a graph it comes from a node: context { output %s = node.output }"
                            : "set it: %s = ...",
                        name);
    }
}

/* A default may read the parameters before it. */
static void walk_parameters(struct walk *walk)
{
    walk->in_defaults = true;
    for (const struct ast_parameter *parameter = walk->checker->pipeline->tree->parameters;
         parameter != NULL; parameter = parameter->next) {
        read_optional(walk, parameter->default_value);
        set_symbol(walk, graph_symbol(walk->checker->pipeline, parameter->name.bytes));
    }
    walk->in_defaults = false;
}

void check_assigned(struct checker *checker)
{
    const struct ast_block *block = checker->pipeline->tree->block;
    size_t count = checker->pipeline->symbol_count + 1;
    struct walk walk = {.checker = checker};
    walk.is_set = compilation_allocate(checker->compilation, count, sizeof *walk.is_set);
    walk.is_told = compilation_allocate(checker->compilation, count, sizeof *walk.is_told);
    walk.is_beside = compilation_allocate(checker->compilation, count, sizeof *walk.is_beside);
    walk.marks = compilation_allocate(checker->compilation, count, sizeof *walk.marks);
    if (walk.is_set == NULL || walk.is_told == NULL || walk.is_beside == NULL || walk.marks == NULL)
        return;
    if (!has_context(&walk)) check_declared_outputs(&walk);
    walk_parameters(&walk);
    if (block == NULL) return; /* a graph reads what is there when it gets there */
    walk.last = block->statements;
    while (walk.last != NULL && walk.last->next != NULL)
        walk.last = walk.last->next;
    if (walk_block(&walk, block)) read_outputs(&walk, span_last_byte(block->span));
}
