#include "cli/look.h"

#include <string.h>

static const struct look_info {
    const char *word, *symbol, *plain;
    enum style style;
} LOOKS[] = {
#define LOOK(name, word, symbol, plain, style) {word, symbol, plain, STYLE_##style},
#include "cli/looks.def"
#undef LOOK
};

const char *look_word(enum look look)
{
    return LOOKS[look].word;
}

const char *look_symbol(const struct pen *pen, enum look look)
{
    return pen->unicode ? LOOKS[look].symbol : LOOKS[look].plain;
}

enum style look_style(enum look look)
{
    return LOOKS[look].style;
}

struct bamboo_value map_at(struct bamboo_value map, const char *key)
{
    return map.type == BAMBOO_MAP ? bamboo_map_get(map, key) : bamboo_missing();
}

const char *map_text(struct bamboo_value map, const char *key)
{
    struct bamboo_value value = map_at(map, key);
    return value.type == BAMBOO_STRING ? bamboo_string_bytes(value, NULL) : "";
}

int64_t map_integer(struct bamboo_value map, const char *key)
{
    struct bamboo_value value = map_at(map, key);
    return value.type == BAMBOO_INTEGER ? value.as.integer : 0;
}

bool map_flag(struct bamboo_value map, const char *key)
{
    struct bamboo_value value = map_at(map, key);
    return value.type == BAMBOO_BOOL && value.as.boolean;
}

const char *node_label(struct bamboo_value node)
{
    const char *label = map_text(node, "label");
    return *label ? label : map_text(node, "node");
}

const char *path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* What a node whose state is RUNNING or FAILED is really doing. */
static const struct waiting_look {
    const char *waits_for;
    enum look look;
} WAITING[] = {
    {"a callback", LOOK_WAITING},
    {"a timer", LOOK_SLEEPING},
    {"an automatic retry", LOOK_RETRYING},
    {"an operator: resume", LOOK_SUSPENDED},
};

static const struct state_look {
    const char *state;
    enum look look;
} STATES[] = {
    {"READY", LOOK_READY},
    {"RUNNING", LOOK_RUNNING},
    {"SUSPENDED", LOOK_SUSPENDED},
    {"FINISHED", LOOK_FINISHED},
    {"FAILED", LOOK_FAILED},
    {"REVOKED", LOOK_REVOKED},
    {"finished", LOOK_FINISHED},
    {"failed", LOOK_FAILED},
    {"revoked", LOOK_REVOKED},
    {"running", LOOK_RUNNING},
    {"moving", LOOK_RUNNING},
    {"waiting", LOOK_WAITING},
    {"suspended", LOOK_SUSPENDED},
    {"ROLLING_BACK", LOOK_UNDOING},
    {"ROLL_BACK_SUCCESS", LOOK_UNDONE},
    {"ROLL_BACK_FAILED", LOOK_FAILED},
};

static enum look look_of_state(const char *state)
{
    for (size_t i = 0; i < sizeof STATES / sizeof STATES[0]; i++)
        if (strcmp(STATES[i].state, state) == 0) return STATES[i].look;
    return LOOK_NOT_REACHED;
}

enum look look_of_node(struct bamboo_value node)
{
    enum look look = look_of_state(map_text(node, "state"));
    if (look == LOOK_FINISHED && map_flag(node, "skip")) return LOOK_SKIPPED;
    if (look == LOOK_FINISHED && map_flag(node, "error_ignored")) return LOOK_IGNORED;
    if (look != LOOK_RUNNING && look != LOOK_FAILED && look != LOOK_READY) return look;
    const char *waits_for = map_text(node, "waits_for");
    for (size_t i = 0; i < sizeof WAITING / sizeof WAITING[0]; i++)
        if (strcmp(WAITING[i].waits_for, waits_for) == 0) return WAITING[i].look;
    return look;
}

enum look look_of_settled(const char *settled)
{
    return look_of_state(settled);
}

enum look look_of_run(struct bamboo_value row)
{
    enum look look = look_of_state(map_text(row, "state"));
    if (look != LOOK_RUNNING) return look;
    if (map_integer(row, "running") > 0 && map_flag(row, "owner_alive")) return LOOK_RUNNING;
    if (map_integer(row, "failed") > 0) return LOOK_FAILED;
    if (map_integer(row, "running") == 0 && map_integer(row, "waiting") > 0) return LOOK_WAITING;
    return map_flag(row, "owner_alive") ? LOOK_RUNNING : LOOK_ABANDONED;
}

bool node_is_interesting(struct bamboo_value node)
{
    const char *kind = map_text(node, "kind");
    if (strcmp(kind, "activity") == 0 || strcmp(kind, "subprocess") == 0) return true;
    enum look look = look_of_node(node);
    return look == LOOK_FAILED || look == LOOK_SUSPENDED || look == LOOK_SKIPPED ||
           look == LOOK_IGNORED;
}
