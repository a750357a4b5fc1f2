/* The walk over a condition, and boolrule's rules of comparison. */
#include "template/rule.h"

#include <string.h>

#include "base/value.h"
#include "template/cache_find.h"
#include "template/compare.h"
#include "template/convert.h"
#include "template/from_value.h"
#include "template/iterate.h"
#include "template/map.h"
#include "template/print.h"
#include "template/rule_tree.h"

struct walk {
    struct evaluation *evaluation;
    struct object names; /* a map, or None */
};

/* --- values --- */

/* The entry that a path names, part after part. */
static enum bamboo_status path_value(const struct walk *walk, const struct text_object *path,
                                     struct object *out)
{
    struct object at = walk->names;
    for (const char *part = path->bytes, *end = part + path->size; part <= end;) {
        const char *dot = memchr(part, '.', (size_t)(end - part));
        const char *part_end = dot ? dot : end;
        struct object key = object_none();
        struct map_entry *entry = NULL;
        if (at.kind != OBJECT_MAP)
            return evaluation_refuse(walk->evaluation, "%.*s has no entries: a %s is not a map",
                                     (int)(part - path->bytes - 1), path->bytes, object_type(at));
        enum bamboo_status status =
            object_borrow_text(walk->evaluation, part, (size_t)(part_end - part), &key);
        if (status == BAMBOO_OK) status = map_find(walk->evaluation, at.as.map, key, &entry);
        if (status != BAMBOO_OK) return status;
        if (!entry)
            return evaluation_refuse(walk->evaluation, "no value is known for %.*s",
                                     (int)path->size, path->bytes);
        at = entry->value;
        part = part_end + 1;
    }
    *out = at;
    return BAMBOO_OK;
}

static enum bamboo_status value_of(const struct walk *walk, const struct rule_value *value,
                                   struct object *out)
{
    enum bamboo_status status = BAMBOO_OK;
    *out = value->literal;
    if (value->kind == RULE_PATH && walk->names.kind == OBJECT_MAP)
        return path_value(walk, value->literal.as.text, out);
    if (value->kind != RULE_LIST) return BAMBOO_OK;
    status = object_list(walk->evaluation, OBJECT_LIST, 0, out);
    for (const struct rule_value *item = value->first; status == BAMBOO_OK && item;
         item = item->next) {
        struct object element = object_none();
        status = value_of(walk, item, &element);
        if (status == BAMBOO_OK) status = list_append(walk->evaluation, out->as.list, element);
    }
    return status;
}

/* --- what is converted before a comparison --- */

static bool is_small_or_big_integer(struct object object)
{
    return object_is_integer(object); /* a bool too, as in Python */
}

/* An error of the conversion (not of memory or limits) means that nothing is converted. */
static enum bamboo_status forgive(struct evaluation *evaluation, enum bamboo_status status)
{
    if (status != BAMBOO_E_EVALUATION) return status;
    evaluation->status = BAMBOO_OK;
    return BAMBOO_OK;
}

/* With an integer the other side becomes one; else with a text the other side becomes one. */
static enum bamboo_status adapt(struct evaluation *evaluation, struct object *left,
                                struct object *right)
{
    enum bamboo_status status = BAMBOO_OK;
    if (is_small_or_big_integer(*left))
        status = object_to_integer(evaluation, *right, 10, right);
    else if (is_small_or_big_integer(*right))
        status = object_to_integer(evaluation, *left, 10, left);
    if (status != BAMBOO_OK) return forgive(evaluation, status);
    if (left->kind == OBJECT_TEXT)
        status = object_str(evaluation, *right, right);
    else if (right->kind == OBJECT_TEXT)
        status = object_str(evaluation, *left, left);
    return forgive(evaluation, status);
}

/* A list in which an integer is searched also has its elements as integers, as far as they are
 * any; for a text, as texts. */
static enum bamboo_status extend(struct evaluation *evaluation, struct object item,
                                 struct object *container)
{
    bool wants_integers = is_small_or_big_integer(item);
    if (container->kind != OBJECT_LIST || (!wants_integers && item.kind != OBJECT_TEXT))
        return BAMBOO_OK;
    const struct list_object *list = container->as.list;
    struct object extended = object_none();
    enum bamboo_status status = object_list(evaluation, OBJECT_LIST, list->count * 2, &extended);
    for (size_t i = 0; status == BAMBOO_OK && i < list->count; i++)
        status = list_append(evaluation, extended.as.list, list->items[i]);
    for (size_t i = 0; status == BAMBOO_OK && i < list->count; i++) {
        struct object converted = object_none();
        status = wants_integers ? object_to_integer(evaluation, list->items[i], 10, &converted)
                                : object_str(evaluation, list->items[i], &converted);
        if (status == BAMBOO_OK)
            status = list_append(evaluation, extended.as.list, converted);
        else
            status = forgive(evaluation, status);
    }
    *container = extended;
    return status;
}

/* A set of the elements; a text is one element. */
static enum bamboo_status as_set(struct evaluation *evaluation, struct object object,
                                 struct map_object **out)
{
    struct object set = object_none();
    struct list_object *items = NULL;
    enum bamboo_status status = object_map(evaluation, OBJECT_SET, &set);
    if (status != BAMBOO_OK) return status;
    *out = set.as.map;
    if (object.kind == OBJECT_TEXT) return map_set(evaluation, set.as.map, object, object_none());
    status = object_items(evaluation, object, &items);
    for (size_t i = 0; status == BAMBOO_OK && i < items->count; i++)
        status = map_set(evaluation, set.as.map, items->items[i], object_none());
    return status;
}

/* --- comparisons --- */

static enum bamboo_status is_superset(struct evaluation *evaluation, struct object left,
                                      struct object right, bool *out)
{
    struct map_object *all = NULL, *some = NULL;
    enum bamboo_status status = as_set(evaluation, left, &all);
    if (status == BAMBOO_OK) status = as_set(evaluation, right, &some);
    if (status == BAMBOO_OK) status = set_contains(evaluation, all, some, out);
    return status;
}

static enum bamboo_status is_in(struct evaluation *evaluation, struct object left,
                                struct object right, bool *out)
{
    enum bamboo_status status = extend(evaluation, left, &right);
    if (status == BAMBOO_OK) status = object_contains(evaluation, right, left, out);
    return status;
}

static enum bamboo_status is_ordered(struct evaluation *evaluation, struct object left,
                                     enum order order, struct object right, bool *out)
{
    enum bamboo_status status = adapt(evaluation, &left, &right);
    if (status == BAMBOO_OK) status = object_ordered(evaluation, left, order, right, out);
    return status;
}

static enum bamboo_status is_equal(struct evaluation *evaluation, struct object left,
                                   struct object right, bool *out)
{
    enum bamboo_status status = adapt(evaluation, &left, &right);
    if (status == BAMBOO_OK) status = object_equal(evaluation, left, right, out);
    return status;
}

static enum bamboo_status compare(const struct walk *walk, const struct rule_item *item, bool *out)
{
    struct evaluation *evaluation = walk->evaluation;
    struct object left = object_none(), right = object_none();
    bool is_negated = false;
    enum bamboo_status status = value_of(walk, item->left, &left);
    if (status == BAMBOO_OK) status = value_of(walk, item->right, &right);
    if (status != BAMBOO_OK) return status;
    switch (item->sign) {
    case RULE_NOT_EQUAL: is_negated = true; __attribute__((fallthrough));
    case RULE_EQUAL: status = is_equal(evaluation, left, right, out); break;
    case RULE_LESS: return is_ordered(evaluation, left, ORDER_LESS, right, out);
    case RULE_LESS_EQUAL: return is_ordered(evaluation, left, ORDER_LESS_EQUAL, right, out);
    case RULE_GREATER: return is_ordered(evaluation, left, ORDER_GREATER, right, out);
    case RULE_GREATER_EQUAL: return is_ordered(evaluation, left, ORDER_GREATER_EQUAL, right, out);
    case RULE_NOT_IN: is_negated = true; __attribute__((fallthrough));
    case RULE_IN: status = is_in(evaluation, left, right, out); break;
    case RULE_NOT_SUPERSET: is_negated = true; __attribute__((fallthrough));
    case RULE_SUPERSET: status = is_superset(evaluation, left, right, out); break;
    case RULE_OPERATOR_COUNT: break;
    }
    if (is_negated) *out = !*out;
    return status;
}

/* From left to right, without precedence. */
static enum bamboo_status test(const struct walk *walk, const struct rule_item *first, bool *out)
{
    enum bamboo_status status = evaluation_descend(walk->evaluation);
    if (status != BAMBOO_OK) return status;
    for (const struct rule_item *item = first; status == BAMBOO_OK && item; item = item->next) {
        bool is_decided = (item->joint == RULE_OR && *out) || (item->joint == RULE_AND && !*out);
        if (is_decided) break;
        status = item->nested ? test(walk, item->nested, out) : compare(walk, item, out);
    }
    evaluation_ascend(walk->evaluation);
    return status;
}

enum bamboo_status rule_test(struct template_cache *cache, const char *text, size_t size,
                             struct bamboo_value names, bool *out, struct bamboo_error *error)
{
    const struct rule_item *rule = NULL;
    *out = size == 1 && text[0] == '*';
    if (*out) return BAMBOO_OK;
    enum bamboo_status status = cache_find_rule(cache, text, size, &rule, error);
    if (status != BAMBOO_OK) return status;
    struct arena *arena = arena_create();
    if (!arena) return fail_memory(error);
    struct evaluation evaluation = evaluation_begin(arena, error);
    struct walk walk = {.evaluation = &evaluation, .names = object_none()};
    if (names.type == BAMBOO_MAP && bamboo_map_count(names) > 0)
        status = object_from_value(&evaluation, names, &walk.names);
    if (status == BAMBOO_OK) status = test(&walk, rule, out);
    arena_destroy(arena);
    return status;
}

/* --- conditions in which names are rendered --- */

/* Names whose texts are escaped; `lent` keeps the escaped ones. */
struct escaping {
    const struct template_names *names;
    struct bamboo_list_builder lent;
    enum bamboo_status status;
    struct bamboo_error *error;
};

static const char *escape_of(char character)
{
    switch (character) {
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: return NULL;
    }
}

static bool has_escapes(const char *bytes, size_t size)
{
    for (size_t i = 0; i + 1 < size; i++)
        if (bytes[i] == '\\' && strchr("nrt", bytes[i + 1]) && bytes[i + 1] != '\0') return true;
    return false;
}

/* A text with its newlines, carriage returns and tabs written as in a source; one that has such
 * escapes already stays as it is. */
static enum bamboo_status escape(struct bamboo_value string, struct bamboo_value *out,
                                 struct bamboo_error *error)
{
    struct text text = {0};
    size_t size;
    const char *bytes = bamboo_string_bytes(string, &size);
    if (has_escapes(bytes, size)) {
        *out = bamboo_value_retain(string);
        return BAMBOO_OK;
    }
    for (size_t i = 0; i < size; i++) {
        const char *instead = escape_of(bytes[i]);
        if (instead)
            text_append_string(&text, instead);
        else
            text_append_character(&text, bytes[i]);
    }
    enum bamboo_status status = value_from_text(&text, out, error);
    text_release(&text);
    return status;
}

static bool find_escaped(void *context, const char *name, size_t size, struct bamboo_value *value)
{
    struct escaping *escaping = context;
    struct bamboo_value escaped = bamboo_missing();
    if (!escaping->names->find(escaping->names->context, name, size, value)) return false;
    if (value->type != BAMBOO_STRING) return true;
    enum bamboo_status status = escape(*value, &escaped, escaping->error);
    if (status != BAMBOO_OK) {
        escaping->status = status;
        return true;
    }
    bamboo_list_builder_append_take(&escaping->lent, escaped);
    if (escaping->lent.failed == BAMBOO_OK)
        *value = escaped;
    else
        escaping->status = fail_memory(escaping->error);
    return true;
}

enum bamboo_status rule_evaluate(struct template_cache *cache, const char *text, size_t size,
                                 const struct template_names *template_names,
                                 struct bamboo_value names, bool *out, struct bamboo_error *error)
{
    struct bamboo_value template = bamboo_missing(), rendered = bamboo_missing();
    struct escaping escaping = {.names = template_names, .error = error};
    struct template_names escaped = {.find = find_escaped, .context = &escaping};
    enum bamboo_status status = bamboo_string_create(text, size, &template, error);
    if (status != BAMBOO_OK) return status;
    bamboo_list_builder_init(&escaping.lent);
    status = template_render(cache, template, &escaped, &rendered, error);
    if (status == BAMBOO_OK) status = escaping.status;
    if (status == BAMBOO_OK && rendered.type != BAMBOO_STRING)
        status = fail(error, BAMBOO_E_EVALUATION, "the condition is %s, not a text",
                      value_type_phrase(rendered.type));
    if (status == BAMBOO_OK) {
        size_t rendered_size;
        const char *bytes = bamboo_string_bytes(rendered, &rendered_size);
        status = rule_test(cache, bytes, rendered_size, names, out, error);
    }
    bamboo_list_builder_release(&escaping.lent);
    bamboo_value_release(template);
    bamboo_value_release(rendered);
    return status;
}
