#include "template/evaluate.h"

#include <string.h>

#include "template/builtin.h"
#include "template/from_value.h"
#include "template/iterate.h"
#include "template/map.h"
#include "template/method.h"
#include "template/names.h"
#include "template/operators.h"
#include "template/scope.h"
#include "template/subscript.h"

static enum bamboo_status evaluate(struct evaluation *evaluation, const struct node *node,
                                   struct object *out);

/* --- names --- */

static bool is_own(const struct piece *piece, const struct node *node)
{
    for (const struct free_name *name = piece->names; name; name = name->next)
        if (name->size == node->name_size && memcmp(name->name, node->name, name->size) == 0)
            return name->is_own;
    return false;
}

/* A name that is no variable of the expression: one from outside, which is made an object once, or
 * a function. */
static enum bamboo_status evaluate_outside(struct evaluation *evaluation, const struct node *node,
                                           struct object *out)
{
    struct bamboo_value value = bamboo_missing();
    const struct template_names *names = evaluation->names;
    if (!is_own(evaluation->piece, node) &&
        names->find(names->context, node->name, node->name_size, &value)) {
        enum bamboo_status status = object_from_value(evaluation, value, out);
        if (status == BAMBOO_OK) status = scope_push(evaluation, &evaluation->outside, node, *out);
        return status;
    }
    const struct builtin *builtin = builtin_find(node->name, node->name_size);
    if (!builtin) return evaluation_refuse(evaluation, "%s has no value", node->name);
    *out = (struct object){.kind = OBJECT_BUILTIN, .as = {.builtin = builtin}};
    return BAMBOO_OK;
}

static enum bamboo_status evaluate_name(struct evaluation *evaluation, const struct node *node,
                                        struct object *out)
{
    const struct scope *scope = scope_find(evaluation->scope, node->name, node->name_size);
    if (!scope) scope = scope_find(evaluation->outside, node->name, node->name_size);
    if (!scope) return evaluate_outside(evaluation, node, out);
    if (scope->value.kind == OBJECT_UNDEFINED)
        return evaluation_refuse(evaluation, "%s has no value yet", node->name);
    *out = scope->value;
    return BAMBOO_OK;
}

/* --- lists --- */

/* Appends what `*node` stands for. */
static enum bamboo_status append_all(struct evaluation *evaluation, const struct node *node,
                                     struct list_object *list)
{
    struct object object = object_none();
    struct list_object *items = NULL;
    enum bamboo_status status = evaluate(evaluation, node, &object);
    if (status == BAMBOO_OK) status = object_items(evaluation, object, &items);
    for (size_t i = 0; status == BAMBOO_OK && i < items->count; i++)
        status = list_append(evaluation, list, items->items[i]);
    return status;
}

static enum bamboo_status append_one(struct evaluation *evaluation, const struct node *node,
                                     struct list_object *list)
{
    struct object object = object_none();
    if (node->kind == NODE_STAR) return append_all(evaluation, node->first, list);
    enum bamboo_status status = evaluate(evaluation, node, &object);
    return status == BAMBOO_OK ? list_append(evaluation, list, object) : status;
}

static enum bamboo_status evaluate_list(struct evaluation *evaluation, const struct node *node,
                                        struct object *out)
{
    enum object_kind kind = node->kind == NODE_TUPLE ? OBJECT_TUPLE : OBJECT_LIST;
    enum bamboo_status status = object_list(evaluation, kind, 0, out);
    for (const struct node *item = node->items; status == BAMBOO_OK && item; item = item->next)
        status = append_one(evaluation, item, out->as.list);
    return status;
}

/* --- comprehensions --- */

/* Makes variables, without values yet, of the names in a target. */
static enum bamboo_status declare(struct evaluation *evaluation, const struct node *target)
{
    enum bamboo_status status = BAMBOO_OK;
    if (target->kind == NODE_STAR) return declare(evaluation, target->first);
    if (target->kind == NODE_NAME)
        return scope_push(evaluation, &evaluation->scope, target,
                          (struct object){.kind = OBJECT_UNDEFINED, .as = {.integer = 0}});
    for (const struct node *item = target->items; status == BAMBOO_OK && item; item = item->next)
        status = declare(evaluation, item);
    return status;
}

static enum bamboo_status assign(struct evaluation *evaluation, const struct node *target,
                                 struct object value);

/* `*rest` in a target takes what the others leave. */
static enum bamboo_status assign_rest(struct evaluation *evaluation, const struct node *target,
                                      const struct list_object *items, size_t from, size_t count)
{
    struct object rest = object_none();
    enum bamboo_status status = object_list(evaluation, OBJECT_LIST, count, &rest);
    for (size_t i = 0; status == BAMBOO_OK && i < count; i++)
        status = list_append(evaluation, rest.as.list, items->items[from + i]);
    return status == BAMBOO_OK ? assign(evaluation, target->first, rest) : status;
}

static enum bamboo_status assign_several(struct evaluation *evaluation, const struct node *target,
                                         struct object value)
{
    struct list_object *items = NULL;
    size_t names = 0, stars = 0, at = 0;
    enum bamboo_status status = object_items(evaluation, value, &items);
    if (status != BAMBOO_OK) return status;
    for (const struct node *item = target->items; item; item = item->next) {
        names++;
        stars += item->kind == NODE_STAR;
    }
    bool fits = stars == 0 ? items->count == names : items->count + 1 >= names;
    if (!fits || stars > 1)
        return evaluation_refuse(evaluation, "%zu values do not fit %zu names", items->count,
                                 names);
    for (const struct node *item = target->items; status == BAMBOO_OK && item; item = item->next) {
        size_t count = item->kind == NODE_STAR ? items->count + 1 - names : 1;
        status = item->kind == NODE_STAR ? assign_rest(evaluation, item, items, at, count)
                                         : assign(evaluation, item, items->items[at]);
        at += count;
    }
    return status;
}

static enum bamboo_status assign(struct evaluation *evaluation, const struct node *target,
                                 struct object value)
{
    if (target->kind != NODE_NAME) return assign_several(evaluation, target, value);
    /* Every target has its place: the comprehension or lambda made it. */
    struct scope *variable = scope_find(evaluation->scope, target->name, target->name_size);
    if (variable) variable->value = value;
    return evaluation_pay(evaluation, 1);
}

static enum bamboo_status meets(struct evaluation *evaluation, const struct node *conditions,
                                bool *out)
{
    enum bamboo_status status = BAMBOO_OK;
    *out = true;
    for (const struct node *each = conditions; status == BAMBOO_OK && *out && each;
         each = each->next) {
        struct object object = object_none();
        status = evaluate(evaluation, each, &object);
        *out = object_is_true(object);
    }
    return status;
}

static enum bamboo_status run_clause(struct evaluation *evaluation, const struct node *clause,
                                     struct object over, const struct node *element,
                                     struct list_object *list);

/* What one round of a clause does: the next clause, or the element. */
static enum bamboo_status run_inside(struct evaluation *evaluation, const struct node *clause,
                                     const struct node *element, struct list_object *list)
{
    struct object object = object_none();
    const struct node *next = clause->next;
    enum bamboo_status status = evaluate(evaluation, next ? next->second : element, &object);
    if (status != BAMBOO_OK) return status;
    return next ? run_clause(evaluation, next, object, element, list)
                : list_append(evaluation, list, object);
}

static enum bamboo_status run_clause(struct evaluation *evaluation, const struct node *clause,
                                     struct object over, const struct node *element,
                                     struct list_object *list)
{
    struct list_object *items = NULL;
    enum bamboo_status status = object_items(evaluation, over, &items);
    if (status == BAMBOO_OK) status = evaluation_descend(evaluation);
    if (status != BAMBOO_OK) return status;
    for (size_t i = 0; status == BAMBOO_OK && i < items->count; i++) {
        bool is_met = false;
        status = assign(evaluation, clause->first, items->items[i]);
        if (status == BAMBOO_OK) status = meets(evaluation, clause->items, &is_met);
        if (status == BAMBOO_OK && is_met) status = run_inside(evaluation, clause, element, list);
    }
    evaluation_ascend(evaluation);
    return status;
}

/* The elements so far are in *out even on failure. */
static enum bamboo_status comprehend(struct evaluation *evaluation, const struct node *node,
                                     struct object over, struct object *out)
{
    struct scope *outer = evaluation->scope;
    enum bamboo_status status = object_list(evaluation, OBJECT_LIST, 0, out);
    for (const struct node *clause = node->items; status == BAMBOO_OK && clause;
         clause = clause->next)
        status = declare(evaluation, clause->first);
    if (status == BAMBOO_OK)
        status = run_clause(evaluation, node->items, over, node->first, out->as.list);
    evaluation->scope = outer;
    return status;
}

static enum bamboo_status evaluate_comprehension(struct evaluation *evaluation,
                                                 const struct node *node, struct object *out)
{
    struct object over = object_none();
    enum bamboo_status status = evaluate(evaluation, node->items->second, &over);
    return status == BAMBOO_OK ? comprehend(evaluation, node, over, out) : status;
}

/* A generator is run at once; an error waits for the one who asks for so many elements. */
static enum bamboo_status evaluate_generator(struct evaluation *evaluation, const struct node *node,
                                             struct object *out)
{
    struct object over = object_none(), list = object_none();
    enum bamboo_status status = evaluate(evaluation, node->items->second, &over);
    if (status != BAMBOO_OK) return status;
    enum bamboo_status failed = comprehend(evaluation, node, over, &list);
    if (failed != BAMBOO_OK && failed != BAMBOO_E_EVALUATION) return failed;
    status = object_iterator(evaluation, list.as.list, out);
    if (status == BAMBOO_OK) out->as.iterator->failed = failed;
    return status;
}

/* --- operators --- */

static enum bamboo_status evaluate_binary(struct evaluation *evaluation, const struct node *node,
                                          struct object *out)
{
    struct object left = object_none(), right = object_none();
    enum bamboo_status status = evaluate(evaluation, node->first, &left);
    if (status == BAMBOO_OK) status = evaluate(evaluation, node->second, &right);
    if (status != BAMBOO_OK) return status;
    return object_binary(evaluation, (enum binary)node->sign, left, right, out);
}

static enum bamboo_status evaluate_unary(struct evaluation *evaluation, const struct node *node,
                                         struct object *out)
{
    struct object operand = object_none();
    enum bamboo_status status = evaluate(evaluation, node->first, &operand);
    if (status != BAMBOO_OK) return status;
    return object_unary(evaluation, (enum unary)node->sign, operand, out);
}

/* a < b < c: each operand once, up to the first that does not hold. */
static enum bamboo_status evaluate_comparison(struct evaluation *evaluation,
                                              const struct node *node, struct object *out)
{
    struct object left = object_none();
    bool holds = true;
    enum bamboo_status status = evaluate(evaluation, node->first, &left);
    for (const struct node *link = node->items; status == BAMBOO_OK && holds && link;
         link = link->next) {
        struct object right = object_none();
        status = evaluate(evaluation, link->first, &right);
        if (status == BAMBOO_OK)
            status = object_compare(evaluation, (enum comparison)link->sign, left, right, &holds);
        left = right;
    }
    *out = object_bool(holds);
    return status;
}

/* `and` and `or` give the operand that decides. */
static enum bamboo_status evaluate_junction(struct evaluation *evaluation, const struct node *node,
                                            struct object *out)
{
    enum bamboo_status status = evaluate(evaluation, node->first, out);
    if (status != BAMBOO_OK || object_is_true(*out) == (node->kind == NODE_OR)) return status;
    return evaluate(evaluation, node->second, out);
}

static enum bamboo_status evaluate_not(struct evaluation *evaluation, const struct node *node,
                                       struct object *out)
{
    enum bamboo_status status = evaluate(evaluation, node->first, out);
    *out = object_bool(!object_is_true(*out));
    return status;
}

static enum bamboo_status evaluate_conditional(struct evaluation *evaluation,
                                               const struct node *node, struct object *out)
{
    struct object condition = object_none();
    enum bamboo_status status = evaluate(evaluation, node->first, &condition);
    if (status != BAMBOO_OK) return status;
    return evaluate(evaluation, object_is_true(condition) ? node->second : node->third, out);
}

static enum bamboo_status evaluate_slice(struct evaluation *evaluation, const struct node *slice,
                                         struct object container, struct object *out)
{
    const struct node *parts[3] = {slice->first, slice->second, slice->third};
    struct object bounds[3] = {object_none(), object_none(), object_none()};
    enum bamboo_status status = BAMBOO_OK;
    for (size_t i = 0; status == BAMBOO_OK && i < 3; i++)
        if (parts[i]) status = evaluate(evaluation, parts[i], &bounds[i]);
    return status == BAMBOO_OK ? object_slice(evaluation, container, bounds, out) : status;
}

static enum bamboo_status evaluate_index(struct evaluation *evaluation, const struct node *node,
                                         struct object *out)
{
    struct object container = object_none(), index = object_none();
    enum bamboo_status status = evaluate(evaluation, node->first, &container);
    if (status != BAMBOO_OK) return status;
    if (node->second->kind == NODE_SLICE)
        return evaluate_slice(evaluation, node->second, container, out);
    status = evaluate(evaluation, node->second, &index);
    return status == BAMBOO_OK ? object_index(evaluation, container, index, out) : status;
}

/* --- functions --- */

static enum bamboo_status evaluate_lambda(struct evaluation *evaluation, const struct node *node,
                                          struct object *out)
{
    size_t count = 0;
    for (const struct node *item = node->items; item; item = item->next)
        count++;
    struct lambda_object *lambda = evaluation_allocate(evaluation, 1, sizeof *lambda);
    struct object *defaults = evaluation_allocate(evaluation, count, sizeof *defaults);
    if (!lambda || !defaults) return evaluation->status;
    *lambda = (struct lambda_object){node, defaults, evaluation->scope};
    enum bamboo_status status = BAMBOO_OK;
    for (const struct node *item = node->items; status == BAMBOO_OK && item; item = item->next) {
        if (item->first)
            status = evaluate(evaluation, item->first, defaults);
        else
            defaults->kind = OBJECT_UNDEFINED;
        defaults++;
    }
    *out = (struct object){.kind = OBJECT_LAMBDA, .as = {.lambda = lambda}};
    return status;
}

/* The object for one parameter: by position, by name, or its default. */
static enum bamboo_status bind_parameter(struct evaluation *evaluation,
                                         const struct node *parameter,
                                         const struct arguments *arguments, size_t position,
                                         struct object otherwise)
{
    struct object value = otherwise;
    for (size_t i = 0; i < arguments->keyword_count; i++)
        if (strcmp(arguments->keywords[i].name, parameter->name) == 0)
            value = arguments->keywords[i].value;
    if (position < arguments->count) value = arguments->items[position];
    if (value.kind == OBJECT_UNDEFINED)
        return evaluation_refuse(evaluation, "the lambda needs %s", parameter->name);
    return scope_push(evaluation, &evaluation->scope, parameter, value);
}

static enum bamboo_status call_lambda(struct evaluation *evaluation,
                                      const struct lambda_object *lambda,
                                      const struct arguments *arguments, struct object *out)
{
    struct scope *caller = evaluation->scope;
    enum bamboo_status status = BAMBOO_OK;
    size_t position = 0;
    evaluation->scope = lambda->scope;
    for (const struct node *item = lambda->node->items; status == BAMBOO_OK && item;
         item = item->next) {
        status = bind_parameter(evaluation, item, arguments, position, lambda->defaults[position]);
        position++;
    }
    if (status == BAMBOO_OK && arguments->count > position)
        status = evaluation_refuse(evaluation, "the lambda takes fewer arguments");
    if (status == BAMBOO_OK) status = evaluate(evaluation, lambda->node->first, out);
    evaluation->scope = caller;
    return status;
}

static enum bamboo_status call_method(struct evaluation *evaluation,
                                      const struct method_object *method,
                                      const struct arguments *arguments, struct object *out)
{
    struct arguments rest = *arguments;
    if (method->is_bound)
        return method_call(evaluation, method->receiver, method->name, arguments, out);
    if (rest.count == 0 ||
        strcmp(object_type(rest.items[0]), method->receiver.as.builtin->name) != 0)
        return evaluation_refuse(evaluation, "%s() needs its object first", method->name);
    rest.items++;
    rest.count--;
    return method_call(evaluation, arguments->items[0], method->name, &rest, out);
}

static enum bamboo_status call(struct evaluation *evaluation, const struct object *function,
                               const struct arguments *arguments, struct object *out)
{
    enum bamboo_status status = evaluation_pay(evaluation, 1);
    if (status != BAMBOO_OK) return status;
    switch (function->kind) {
    case OBJECT_BUILTIN: return builtin_call(evaluation, function->as.builtin, arguments, out);
    case OBJECT_METHOD: return call_method(evaluation, function->as.method, arguments, out);
    case OBJECT_LAMBDA: return call_lambda(evaluation, function->as.lambda, arguments, out);
    case OBJECT_UNDEFINED:
    case OBJECT_NONE:
    case OBJECT_BOOL:
    case OBJECT_INTEGER:
    case OBJECT_BIG:
    case OBJECT_FLOAT:
    case OBJECT_TEXT:
    case OBJECT_LIST:
    case OBJECT_TUPLE:
    case OBJECT_MAP:
    case OBJECT_SET:
    case OBJECT_RANGE:
    case OBJECT_VIEW:
    case OBJECT_ITERATOR:
    case OBJECT_KIND_COUNT: break;
    }
    return evaluation_refuse(evaluation, "a %s cannot be called", object_type(*function));
}

/* --- calls --- */

/* Arguments while they are gathered. */
struct gathered {
    struct list_object items;
    struct keyword_argument *keywords;
    size_t keyword_count;
    size_t keyword_capacity;
};

static enum bamboo_status add_keyword(struct evaluation *evaluation, struct gathered *gathered,
                                      const char *name, struct object value)
{
    for (size_t i = 0; i < gathered->keyword_count; i++)
        if (strcmp(gathered->keywords[i].name, name) == 0)
            return evaluation_refuse(evaluation, "the argument %s is given twice", name);
    if (gathered->keyword_count == gathered->keyword_capacity) {
        size_t capacity = gathered->keyword_capacity * 2 + 4;
        struct keyword_argument *keywords =
            evaluation_allocate(evaluation, capacity, sizeof *keywords);
        if (!keywords) return evaluation->status;
        if (gathered->keyword_count > 0)
            memcpy(keywords, gathered->keywords, gathered->keyword_count * sizeof *keywords);
        gathered->keywords = keywords;
        gathered->keyword_capacity = capacity;
    }
    gathered->keywords[gathered->keyword_count++] = (struct keyword_argument){name, value};
    return evaluation_pay(evaluation, gathered->keyword_count);
}

/* **map: its entries are arguments with names. */
static enum bamboo_status add_map(struct evaluation *evaluation, struct gathered *gathered,
                                  struct object object)
{
    size_t at = 0;
    enum bamboo_status status = BAMBOO_OK;
    if (object.kind != OBJECT_MAP) return evaluation_refuse(evaluation, "** needs a map");
    for (const struct map_entry *entry;
         status == BAMBOO_OK && (entry = map_next(object.as.map, &at));) {
        struct object name = object_none();
        if (entry->key.kind != OBJECT_TEXT)
            return evaluation_refuse(evaluation, "the name of an argument is a text");
        status = object_copy_text(evaluation, entry->key.as.text->bytes, entry->key.as.text->size,
                                  &name); /* for the NUL at its end */
        if (status == BAMBOO_OK)
            status = add_keyword(evaluation, gathered, name.as.text->bytes, entry->value);
    }
    return status;
}

static enum bamboo_status gather(struct evaluation *evaluation, const struct node *node,
                                 struct gathered *gathered)
{
    struct object value = object_none();
    enum bamboo_status status = BAMBOO_OK;
    if (node->kind == NODE_KEYWORD || node->kind == NODE_DOUBLE_STAR) {
        status = evaluate(evaluation, node->first, &value);
        if (status != BAMBOO_OK) return status;
        return node->kind == NODE_KEYWORD ? add_keyword(evaluation, gathered, node->name, value)
                                          : add_map(evaluation, gathered, value);
    }
    if (gathered->keyword_count > 0 && node->kind != NODE_STAR)
        return evaluation_refuse(evaluation, "an argument without a name behind one with it");
    return append_one(evaluation, node, &gathered->items);
}

static enum bamboo_status make_method(struct evaluation *evaluation, struct object receiver,
                                      const char *name, struct object *out)
{
    bool is_type = receiver.kind == OBJECT_BUILTIN && receiver.as.builtin->is_type;
    enum object_kind kind = is_type ? receiver.as.builtin->kind : receiver.kind;
    if (!method_exists(evaluation, kind, name))
        return evaluation_refuse(evaluation, "a %s has no %s", object_type(receiver), name);
    struct method_object *method = evaluation_allocate(evaluation, 1, sizeof *method);
    if (!method) return evaluation->status;
    *method = (struct method_object){.receiver = receiver, .is_bound = !is_type, .name = name};
    *out = (struct object){.kind = OBJECT_METHOD, .as = {.method = method}};
    return BAMBOO_OK;
}

static enum bamboo_status evaluate_attribute(struct evaluation *evaluation, const struct node *node,
                                             struct object *out)
{
    struct object receiver = object_none();
    enum bamboo_status status = evaluate(evaluation, node->first, &receiver);
    return status == BAMBOO_OK ? make_method(evaluation, receiver, node->name, out) : status;
}

static enum bamboo_status evaluate_call(struct evaluation *evaluation, const struct node *node,
                                        struct object *out)
{
    struct object function = object_none();
    struct gathered gathered = {.keywords = NULL};
    enum bamboo_status status = evaluate(evaluation, node->first, &function);
    for (const struct node *item = node->items; status == BAMBOO_OK && item; item = item->next)
        status = gather(evaluation, item, &gathered);
    if (status != BAMBOO_OK) return status;
    struct arguments arguments = {.items = gathered.items.items,
                                  .count = gathered.items.count,
                                  .keywords = gathered.keywords,
                                  .keyword_count = gathered.keyword_count};
    return call(evaluation, &function, &arguments, out);
}

/* --- all --- */

static enum bamboo_status evaluate_node(struct evaluation *evaluation, const struct node *node,
                                        struct object *out)
{
    switch (node->kind) {
    case NODE_LITERAL: *out = node->literal; return BAMBOO_OK;
    case NODE_NAME: return evaluate_name(evaluation, node, out);
    case NODE_TUPLE:
    case NODE_LIST: return evaluate_list(evaluation, node, out);
    case NODE_COMPREHENSION: return evaluate_comprehension(evaluation, node, out);
    case NODE_GENERATOR: return evaluate_generator(evaluation, node, out);
    case NODE_BINARY: return evaluate_binary(evaluation, node, out);
    case NODE_UNARY: return evaluate_unary(evaluation, node, out);
    case NODE_COMPARISON: return evaluate_comparison(evaluation, node, out);
    case NODE_AND:
    case NODE_OR: return evaluate_junction(evaluation, node, out);
    case NODE_NOT: return evaluate_not(evaluation, node, out);
    case NODE_CONDITIONAL: return evaluate_conditional(evaluation, node, out);
    case NODE_CALL: return evaluate_call(evaluation, node, out);
    case NODE_ATTRIBUTE: return evaluate_attribute(evaluation, node, out);
    case NODE_INDEX: return evaluate_index(evaluation, node, out);
    case NODE_LAMBDA: return evaluate_lambda(evaluation, node, out);
    case NODE_CLAUSE:
    case NODE_LINK:
    case NODE_KEYWORD:
    case NODE_STAR:
    case NODE_DOUBLE_STAR:
    case NODE_SLICE:
    case NODE_PARAMETER: break;
    }
    return evaluation_refuse(evaluation, "this cannot stand alone");
}

static enum bamboo_status evaluate(struct evaluation *evaluation, const struct node *node,
                                   struct object *out)
{
    enum bamboo_status status = evaluation_pay(evaluation, 1);
    if (status == BAMBOO_OK) status = evaluation_descend(evaluation);
    if (status != BAMBOO_OK) return status;
    status = evaluate_node(evaluation, node, out);
    evaluation_ascend(evaluation);
    return status;
}

enum bamboo_status piece_evaluate(struct evaluation *evaluation, const struct piece *piece,
                                  struct object *out)
{
    evaluation->scope = NULL;
    evaluation->outside = NULL;
    evaluation->piece = piece;
    evaluation->call = call;
    return evaluate(evaluation, piece->expression, out);
}
