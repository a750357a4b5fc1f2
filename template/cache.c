#include "template/cache.h"

#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "template/cache_find.h"

/* Texts that are kept; a flow has some hundred. */
#define CACHE_COUNT_MAX 2048
#define CACHE_SLOTS     4096
/* Bytes of all texts and trees that are kept. */
#define CACHE_SIZE_MAX (8u << 20)

enum entry_kind { ENTRY_RULE, ENTRY_PIECE };

/* A text and its tree, or why it has none. */
struct entry {
    enum entry_kind kind;
    uint64_t hash;
    const char *text;
    size_t size;
    const struct rule_item *rule;
    const struct piece *piece;
    const struct bamboo_error *mistake; /* of a condition that does not parse; NULL if it does */
};

struct template_cache {
    const struct function_set *functions;
    struct arena *arena; /* of the entries, their texts and trees */
    struct entry *slots[CACHE_SLOTS];
    size_t count;
    size_t size;
};

enum bamboo_status template_cache_create(const struct function_set *functions,
                                         struct template_cache **out, struct bamboo_error *error)
{
    struct template_cache *cache = memory_allocate_zeroed(1, sizeof *cache);
    if (!cache) return fail_memory(error);
    cache->functions = functions;
    *out = cache;
    return BAMBOO_OK;
}

const struct function_set *cache_functions(const struct template_cache *cache)
{
    return cache->functions;
}

void template_cache_destroy(struct template_cache *cache)
{
    if (!cache) return;
    arena_destroy(cache->arena);
    memory_free(cache);
}

/* Makes room: forgets everything if there is too much. */
static enum bamboo_status make_room(struct template_cache *cache, struct bamboo_error *error)
{
    bool is_full = cache->count >= CACHE_COUNT_MAX || cache->size > CACHE_SIZE_MAX;
    if (cache->arena && !is_full) return BAMBOO_OK;
    arena_destroy(cache->arena);
    memset(cache->slots, 0, sizeof cache->slots);
    cache->count = 0;
    cache->size = 0;
    cache->arena = arena_create();
    return cache->arena ? BAMBOO_OK : fail_memory(error);
}

static uint64_t hash_of(enum entry_kind kind, const char *text, size_t size)
{
    uint64_t hash = 14695981039346656037u ^ kind;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    return hash;
}

/* The slot of a text: its entry, or a free one. */
static struct entry **find(struct template_cache *cache, enum entry_kind kind, uint64_t hash,
                           const char *text, size_t size)
{
    size_t at = hash % CACHE_SLOTS;
    for (struct entry *entry; (entry = cache->slots[at]); at = (at + 1) % CACHE_SLOTS)
        if (entry->hash == hash && entry->kind == kind && entry->size == size &&
            memcmp(entry->text, text, size) == 0)
            break;
    return &cache->slots[at];
}

/* Parses the text of an entry. A mistake in the text belongs to the entry; only what is not the
 * text's fault fails. */
static enum bamboo_status parse(struct template_cache *cache, struct entry *entry,
                                struct bamboo_error *error)
{
    struct bamboo_error mistake;
    struct evaluation evaluation = evaluation_begin(cache->arena, &mistake);
    struct rule_item *rule = NULL;
    struct piece *piece = NULL;
    enum bamboo_status status = entry->kind == ENTRY_RULE
                                    ? rule_parse_text(&evaluation, entry->text, entry->size, &rule)
                                    : piece_parse(&evaluation, entry->text, entry->size, &piece);
    if (status == BAMBOO_E_MEMORY) return fail_memory(error);
    cache->size += TEMPLATE_MEMORY_MAX - evaluation.memory;
    if (status == BAMBOO_OK) {
        entry->rule = rule;
        entry->piece = piece;
    } else if (entry->kind == ENTRY_RULE) {
        struct bamboo_error *kept = arena_allocate(cache->arena, sizeof *kept);
        if (!kept) return fail_memory(error);
        *kept = mistake;
        entry->mistake = kept;
    }
    return BAMBOO_OK;
}

static enum bamboo_status add(struct template_cache *cache, const struct entry *key,
                              const struct entry **out, struct bamboo_error *error)
{
    enum bamboo_status status = make_room(cache, error);
    if (status != BAMBOO_OK) return status;
    struct entry *entry = arena_allocate(cache->arena, sizeof *entry);
    if (!entry) return fail_memory(error);
    *entry = *key;
    entry->text = arena_copy_text(cache->arena, key->text, key->size);
    if (!entry->text) return fail_memory(error);
    cache->size += sizeof *entry + entry->size;
    if ((status = parse(cache, entry, error)) != BAMBOO_OK) return status;
    *find(cache, entry->kind, entry->hash, entry->text, entry->size) = entry;
    cache->count++;
    *out = entry;
    return BAMBOO_OK;
}

static enum bamboo_status find_or_add(struct template_cache *cache, enum entry_kind kind,
                                      const char *text, size_t size, const struct entry **out,
                                      struct bamboo_error *error)
{
    struct entry key = {
        .kind = kind, .hash = hash_of(kind, text, size), .text = text, .size = size};
    *out = *find(cache, kind, key.hash, text, size);
    return *out ? BAMBOO_OK : add(cache, &key, out, error);
}

enum bamboo_status cache_find_rule(struct template_cache *cache, const char *text, size_t size,
                                   const struct rule_item **out, struct bamboo_error *error)
{
    const struct entry *entry = NULL;
    enum bamboo_status status = find_or_add(cache, ENTRY_RULE, text, size, &entry, error);
    if (status != BAMBOO_OK) return status;
    if (entry->mistake) return fail(error, entry->mistake->status, "%s", entry->mistake->message);
    *out = entry->rule;
    return BAMBOO_OK;
}

enum bamboo_status cache_find_piece(struct template_cache *cache, const char *text, size_t size,
                                    const struct piece **out, struct bamboo_error *error)
{
    const struct entry *entry = NULL;
    enum bamboo_status status = find_or_add(cache, ENTRY_PIECE, text, size, &entry, error);
    *out = entry ? entry->piece : NULL;
    return status;
}
