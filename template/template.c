/* Values, texts and pieces. */
#include "template/template.h"

#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "base/value.h"
#include "template/builtin.h"
#include "template/cache_find.h"
#include "template/evaluate.h"
#include "template/filter.h"
#include "template/print.h"

/* --- finding pieces --- */

struct piece_span {
    size_t start; /* of the `$` */
    size_t end;   /* behind the `}` */
};

static bool may_be_inside(char character)
{
    return character != '$' && character != '{' && character != '}' && character != '#';
}

/* The next piece from `from` on; false if there is none. */
static bool next_piece(const char *bytes, size_t size, size_t from, struct piece_span *out)
{
    for (size_t at = from; at + 3 < size; at++) {
        const char *dollar = memchr(bytes + at, '$', size - at);
        if (!dollar) return false;
        at = (size_t)(dollar - bytes);
        if (at + 3 >= size || bytes[at + 1] != '{') continue;
        size_t end = at + 2;
        while (end < size && may_be_inside(bytes[end]))
            end++;
        if (end == size || bytes[end] != '}' || end == at + 2) continue;
        *out = (struct piece_span){at, end + 1};
        return true;
    }
    return false;
}

/* --- one piece --- */

struct rendering {
    struct template_cache *cache;
    struct evaluation evaluation; /* one budget for everything */
    struct bamboo_error mistake;  /* of a piece: nobody reads it */
    const struct template_names *names;
    struct bamboo_error *error;
};

/* Has every name a value, or is it a function? A piece with another one stays as it is. */
static bool names_are_known(const struct template_names *names, const struct piece *piece)
{
    for (const struct free_name *name = piece->names; name; name = name->next) {
        struct bamboo_value value;
        if (!builtin_find(name->name, name->size) &&
            !names->find(names->context, name->name, name->size, &value))
            return false;
    }
    return true;
}

/* Appends the object as a text that went through the filters. */
static enum bamboo_status append_filtered(struct evaluation *evaluation, const struct piece *piece,
                                          struct object object, struct text *out)
{
    bool is_text = !piece->is_raw || object.kind == OBJECT_TEXT;
    struct filtered filtered = {.is_text = is_text};
    enum bamboo_status status = object_append_str(evaluation, &filtered.text, object);
    for (size_t i = 0; status == BAMBOO_OK && i < piece->filter_count; i++)
        status = filter_apply(evaluation, piece->filters[i], &filtered);
    if (status == BAMBOO_OK && !filtered.is_text)
        status = evaluation_refuse(evaluation, "the piece is no text");
    if (filtered.text.failed) status = evaluation->status = fail_memory(evaluation->error);
    if (status == BAMBOO_OK) text_append(out, text_string(&filtered.text), filtered.text.size);
    text_release(&filtered.text);
    return status;
}

static enum bamboo_status append_evaluated(struct rendering *rendering, const struct piece *piece,
                                           struct text *out)
{
    struct evaluation *evaluation = &rendering->evaluation;
    struct object object = object_none();
    if (!names_are_known(rendering->names, piece))
        return evaluation_refuse(evaluation, "a name has no value");
    enum bamboo_status status = piece_evaluate(evaluation, piece, &object);
    if (status != BAMBOO_OK) return status;
    if (object.kind != OBJECT_TEXT || piece->filter_count > 0)
        return append_filtered(evaluation, piece, object, out);
    status = evaluation_pay(evaluation, 1 + object.as.text->size / STEP_BYTES);
    if (status == BAMBOO_OK) text_append(out, object.as.text->bytes, object.as.text->size);
    return status;
}

/* A piece that cannot be evaluated stays as it is written; only exhausted memory is an error. */
static enum bamboo_status append_piece(struct rendering *rendering, const char *bytes,
                                       struct piece_span span, struct text *out)
{
    const struct piece *piece = NULL;
    enum bamboo_status status =
        cache_find_piece(rendering->cache, bytes + span.start + 2, span.end - span.start - 3,
                         &piece, rendering->error);
    if (status != BAMBOO_OK) return status;
    rendering->evaluation.depth = EVALUATION_DEPTH_MAX;
    status = piece ? append_evaluated(rendering, piece, out) : BAMBOO_E_EVALUATION;
    if (status == BAMBOO_E_MEMORY) return fail_memory(rendering->error);
    if (status != BAMBOO_OK) text_append(out, bytes + span.start, span.end - span.start);
    return BAMBOO_OK;
}

/* --- texts --- */

/* Is the text exactly `${name}` with a known name? */
static bool is_one_name(const struct template_names *names, const char *bytes, size_t size,
                        struct bamboo_value *value)
{
    struct piece_span span;
    return next_piece(bytes, size, 0, &span) && span.start == 0 && span.end == size &&
           names->find(names->context, bytes + 2, size - 3, value);
}

static enum bamboo_status append_all(struct rendering *rendering, const char *bytes, size_t size,
                                     struct text *out)
{
    struct piece_span span;
    size_t at = 0;
    while (next_piece(bytes, size, at, &span)) {
        text_append(out, bytes + at, span.start - at);
        enum bamboo_status status = append_piece(rendering, bytes, span, out);
        if (status != BAMBOO_OK) return status;
        if (out->size > VALUE_SIZE_MAX)
            return fail(rendering->error, BAMBOO_E_LIMIT,
                        "a rendered text is longer than the limit of %u bytes", VALUE_SIZE_MAX);
        at = span.end;
    }
    text_append(out, bytes + at, size - at);
    return BAMBOO_OK;
}

static enum bamboo_status render_text(struct rendering *rendering, struct bamboo_value value,
                                      struct bamboo_value *out)
{
    struct bamboo_value named = bamboo_missing();
    struct piece_span span;
    struct text text = {0};
    size_t size;
    const char *bytes = bamboo_string_bytes(value, &size);
    if (!next_piece(bytes, size, 0, &span)) {
        *out = bamboo_value_retain(value);
        return BAMBOO_OK;
    }
    if (is_one_name(rendering->names, bytes, size, &named)) {
        *out = bamboo_value_retain(named);
        return BAMBOO_OK;
    }
    enum bamboo_status status = append_all(rendering, bytes, size, &text);
    if (status == BAMBOO_OK) status = value_from_text(&text, out, rendering->error);
    text_release(&text);
    return status;
}

/* --- values --- */

static enum bamboo_status render(struct rendering *rendering, struct bamboo_value value,
                                 struct bamboo_value *out);

static enum bamboo_status render_list(struct rendering *rendering, struct bamboo_value value,
                                      struct bamboo_value *out)
{
    struct bamboo_list_builder builder;
    enum bamboo_status status = BAMBOO_OK;
    bamboo_list_builder_init(&builder);
    for (size_t i = 0; status == BAMBOO_OK && i < bamboo_list_count(value); i++) {
        struct bamboo_value item = bamboo_missing();
        status = render(rendering, bamboo_list_at(value, i), &item);
        if (status == BAMBOO_OK) bamboo_list_builder_append_take(&builder, item);
    }
    if (status == BAMBOO_OK) return bamboo_list_builder_finish(&builder, out, rendering->error);
    bamboo_list_builder_release(&builder);
    return status;
}

static enum bamboo_status render_map(struct rendering *rendering, struct bamboo_value value,
                                     struct bamboo_value *out)
{
    struct bamboo_map_builder builder;
    enum bamboo_status status = BAMBOO_OK;
    bamboo_map_builder_init(&builder);
    for (size_t i = 0; status == BAMBOO_OK && i < bamboo_map_count(value); i++) {
        struct bamboo_value item = bamboo_missing();
        status = render(rendering, bamboo_map_value_at(value, i), &item);
        if (status == BAMBOO_OK)
            bamboo_map_builder_put_take(&builder, bamboo_map_key_at(value, i), item);
    }
    if (status == BAMBOO_OK) return bamboo_map_builder_finish(&builder, out, rendering->error);
    bamboo_map_builder_release(&builder);
    return status;
}

static enum bamboo_status render(struct rendering *rendering, struct bamboo_value value,
                                 struct bamboo_value *out)
{
    if (value.type == BAMBOO_STRING) return render_text(rendering, value, out);
    if (value.type == BAMBOO_LIST) return render_list(rendering, value, out);
    if (value.type == BAMBOO_MAP) return render_map(rendering, value, out);
    *out = bamboo_value_retain(value);
    return BAMBOO_OK;
}

enum bamboo_status template_render(struct template_cache *cache, struct bamboo_value value,
                                   const struct template_names *names, struct bamboo_value *out,
                                   struct bamboo_error *error)
{
    struct rendering rendering = {.cache = cache, .names = names, .error = error};
    struct arena *arena = arena_create();
    if (!arena) return fail_memory(error);
    rendering.evaluation = evaluation_begin(arena, &rendering.mistake);
    rendering.evaluation.functions = cache_functions(cache);
    rendering.evaluation.names = names;
    enum bamboo_status status = render(&rendering, value, out);
    arena_destroy(arena);
    return status;
}

/* --- references --- */

struct visiting {
    struct template_cache *cache;
    /* What is done with a text. */
    enum bamboo_status (*visit_text)(const struct visiting *visiting, struct bamboo_value value);
    uint64_t *steps; /* of visit_unreadable() */
    template_visit visit;
    void *context;
    struct bamboo_error *error;
};

static enum bamboo_status visit_piece(const struct visiting *visiting, const struct piece *piece)
{
    enum bamboo_status status = BAMBOO_OK;
    for (const struct free_name *name = piece->names; status == BAMBOO_OK && name;
         name = name->next)
        if (!name->is_own)
            status = visiting->visit(visiting->context, name->name, name->size, visiting->error);
    return status;
}

static enum bamboo_status visit_text(const struct visiting *visiting, struct bamboo_value value)
{
    struct piece_span span;
    size_t size, at = 0;
    const char *bytes = bamboo_string_bytes(value, &size);
    while (next_piece(bytes, size, at, &span)) {
        const struct piece *piece = NULL;
        enum bamboo_status status =
            cache_find_piece(visiting->cache, bytes + span.start + 2, span.end - span.start - 3,
                             &piece, visiting->error);
        if (status == BAMBOO_OK && piece) status = visit_piece(visiting, piece);
        if (status != BAMBOO_OK) return status;
        at = span.end;
    }
    return BAMBOO_OK;
}

static enum bamboo_status visit_value(const struct visiting *visiting, struct bamboo_value value)
{
    enum bamboo_status status = BAMBOO_OK;
    if (value.type == BAMBOO_STRING) return visiting->visit_text(visiting, value);
    if (value.type == BAMBOO_LIST)
        for (size_t i = 0; status == BAMBOO_OK && i < bamboo_list_count(value); i++)
            status = visit_value(visiting, bamboo_list_at(value, i));
    if (value.type == BAMBOO_MAP)
        for (size_t i = 0; status == BAMBOO_OK && i < bamboo_map_count(value); i++)
            status = visit_value(visiting, bamboo_map_value_at(value, i));
    return status;
}

enum bamboo_status template_references(struct template_cache *cache, struct bamboo_value value,
                                       template_visit visit, void *context,
                                       struct bamboo_error *error)
{
    const struct visiting visiting = {cache, visit_text, NULL, visit, context, error};
    return visit_value(&visiting, value);
}

/* --- what cannot be read --- */

/* Visits every `${` between two places where pieces are. */
static enum bamboo_status visit_between(const struct visiting *visiting, const char *bytes,
                                        size_t from, size_t end)
{
    enum bamboo_status status = BAMBOO_OK;
    for (size_t at = from; at + 1 < end && status == BAMBOO_OK; at++) {
        if (bytes[at] != '$' || bytes[at + 1] != '{') continue;
        const char *close = memchr(bytes + at, '}', end - at);
        size_t size = close ? (size_t)(close - bytes) + 1 - at : 2;
        status = visiting->visit(visiting->context, bytes + at, size, visiting->error);
        at += size - 1;
    }
    return status;
}

static bool find_nothing(void *context, const char *name, size_t size, struct bamboo_value *value)
{
    (void)context, (void)name, (void)size, (void)value;
    return false;
}

/* Does a piece fail whenever it is evaluated? Of one that needs names nobody can tell. */
static enum bamboo_status always_fails(const struct visiting *visiting, const struct piece *piece,
                                       bool *fails)
{
    const struct template_names names = {.find = find_nothing};
    struct rendering rendering = {.names = &names};
    struct text text = {0};
    if (*visiting->steps == 0 || !names_are_known(&names, piece)) return BAMBOO_OK;
    struct arena *arena = arena_create();
    if (!arena) return fail_memory(visiting->error);
    bool is_whole = *visiting->steps >= EVALUATION_STEPS_MAX;
    rendering.evaluation = evaluation_begin(arena, &rendering.mistake);
    rendering.evaluation.functions = cache_functions(visiting->cache);
    rendering.evaluation.names = &names;
    if (!is_whole) rendering.evaluation.steps = *visiting->steps;
    enum bamboo_status status = append_evaluated(&rendering, piece, &text);
    *visiting->steps = is_whole ? *visiting->steps - EVALUATION_STEPS_MAX : 0;
    *visiting->steps += rendering.evaluation.steps;
    *fails = status != BAMBOO_OK && (is_whole || status != BAMBOO_E_LIMIT);
    arena_destroy(arena);
    text_release(&text);
    return status == BAMBOO_E_MEMORY ? fail_memory(visiting->error) : BAMBOO_OK;
}

static enum bamboo_status visit_unreadable(const struct visiting *visiting,
                                           struct bamboo_value value)
{
    struct piece_span span;
    size_t size, at = 0;
    const char *bytes = bamboo_string_bytes(value, &size);
    enum bamboo_status status = BAMBOO_OK;
    while (status == BAMBOO_OK && next_piece(bytes, size, at, &span)) {
        const struct piece *piece = NULL;
        status = visit_between(visiting, bytes, at, span.start);
        if (status == BAMBOO_OK)
            status = cache_find_piece(visiting->cache, bytes + span.start + 2,
                                      span.end - span.start - 3, &piece, visiting->error);
        bool stays = !piece;
        if (status == BAMBOO_OK && piece) status = always_fails(visiting, piece, &stays);
        if (status == BAMBOO_OK && stays)
            status = visiting->visit(visiting->context, bytes + span.start, span.end - span.start,
                                     visiting->error);
        at = span.end;
    }
    return status == BAMBOO_OK ? visit_between(visiting, bytes, at, size) : status;
}

enum bamboo_status template_unreadable(struct template_cache *cache, struct bamboo_value value,
                                       uint64_t *steps, template_visit visit, void *context,
                                       struct bamboo_error *error)
{
    const struct visiting visiting = {cache, visit_unreadable, steps, visit, context, error};
    return visit_value(&visiting, value);
}
