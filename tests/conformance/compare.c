#include "tests/conformance/compare.h"

#include <string.h>

static bool is_revoked(const char *root, struct bamboo_value expected)
{
    struct bamboo_value states = bamboo_map_get(expected, "states");
    if (states.type != BAMBOO_MAP) return false;
    struct bamboo_value record = bamboo_map_get(states, root);
    if (record.type != BAMBOO_MAP) return false;
    struct bamboo_value state = bamboo_map_get(record, "state");
    return state.type == BAMBOO_STRING && strcmp(bamboo_string_bytes(state, NULL), "REVOKED") == 0;
}

static struct bamboo_value entry_of(struct bamboo_value map, struct bamboo_value key)
{
    return map.type == BAMBOO_MAP ? bamboo_map_find(map, key) : bamboo_missing();
}

/* Calls `compare` for each entry of section `name` that the record has. */
static void compare_section(struct differences *differences, const char *name,
                            struct bamboo_value expected, struct bamboo_value got,
                            void (*compare)(struct differences *, struct bamboo_value,
                                            struct bamboo_value))
{
    struct bamboo_value section = bamboo_map_get(expected, name);
    struct bamboo_value other = bamboo_map_get(got, name);
    if (section.type != BAMBOO_MAP) return;
    size_t before = enter_key(differences, name);
    for (size_t i = 0; i < bamboo_map_count(section); i++) {
        struct bamboo_value key = bamboo_map_key_at(section, i);
        size_t length = enter_key(differences, bamboo_string_bytes(key, NULL));
        compare(differences, bamboo_map_value_at(section, i), entry_of(other, key));
        leave(differences, length);
    }
    leave(differences, before);
}

/* The record has every node that was executed: another one is a difference. */
static void compare_unexpected(struct differences *differences, struct bamboo_value expected,
                               struct bamboo_value got)
{
    struct bamboo_value states = bamboo_map_get(expected, "states");
    struct bamboo_value others = bamboo_map_get(got, "states");
    if (states.type != BAMBOO_MAP || others.type != BAMBOO_MAP) return;
    size_t before = enter_key(differences, "states");
    for (size_t i = 0; i < bamboo_map_count(others); i++) {
        struct bamboo_value key = bamboo_map_key_at(others, i);
        if (bamboo_map_find(states, key).type != BAMBOO_MISSING) continue;
        size_t length = enter_key(differences, bamboo_string_bytes(key, NULL));
        struct bamboo_value state = bamboo_map_get(bamboo_map_value_at(others, i), "state");
        differ(differences, "expected no record, got one (%s)",
               state.type == BAMBOO_STRING ? bamboo_string_bytes(state, NULL) : "no state");
        leave(differences, length);
    }
    leave(differences, before);
}

/* Superseded executions: as many rows as recorded, each over the keys that are recorded. */
static void compare_rows(struct differences *differences, struct bamboo_value expected,
                         struct bamboo_value got)
{
    size_t count = bamboo_list_count(expected);
    size_t other = got.type == BAMBOO_LIST ? bamboo_list_count(got) : 0;
    if (count != other) {
        differ(differences, "expected %zu rows, got %zu", count, other);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        size_t length = enter_index(differences, i);
        compare_keys(differences, bamboo_list_at(expected, i), bamboo_list_at(got, i));
        leave(differences, length);
    }
}

static void compare_key(struct differences *differences, const char *key,
                        struct bamboo_value expected, struct bamboo_value got)
{
    struct bamboo_value value = bamboo_map_get(expected, key);
    if (value.type == BAMBOO_MISSING) return;
    size_t length = enter_key(differences, key);
    compare_values(differences, value, bamboo_map_get(got, key));
    leave(differences, length);
}

static bool is_true(struct bamboo_value map, const char *key)
{
    struct bamboo_value value = bamboo_map_get(map, key);
    return value.type == BAMBOO_BOOL && value.as.boolean;
}

/* The states of a revoked run: what its nodes were doing is not compared. */
static void compare_root(struct differences *differences, const char *root,
                         struct bamboo_value expected, struct bamboo_value got)
{
    struct bamboo_value states = bamboo_map_get(got, "states");
    size_t before = enter_key(differences, "states");
    size_t length = enter_key(differences, root);
    compare_keys(differences, bamboo_map_get(bamboo_map_get(expected, "states"), root),
                 states.type == BAMBOO_MAP ? bamboo_map_get(states, root) : bamboo_missing());
    leave(differences, length);
    leave(differences, before);
}

static void compare_acceptance(struct differences *differences, struct bamboo_value expected,
                               struct bamboo_value got)
{
    struct bamboo_value reason = bamboo_map_get(got, "reason");
    size_t length = enter_key(differences, "accepted");
    if (!is_true(expected, "accepted"))
        differ(differences, "expected a rejected tree, got an accepted one");
    else
        differ(differences, "expected an accepted tree, got: %s",
               reason.type == BAMBOO_STRING ? bamboo_string_bytes(reason, NULL) : "no reason");
    leave(differences, length);
}

void compare_run(struct differences *differences, const char *root, struct bamboo_value expected,
                 struct bamboo_value got)
{
    if (is_true(expected, "accepted") != is_true(got, "accepted")) {
        compare_acceptance(differences, expected, got);
        return;
    }
    if (!is_true(expected, "accepted")) return;
    compare_key(differences, "step_ok", expected, got);
    if (is_revoked(root, expected)) {
        compare_root(differences, root, expected, got);
        return;
    }
    compare_section(differences, "states", expected, got, compare_keys);
    compare_unexpected(differences, expected, got);
    compare_section(differences, "inputs", expected, got, compare_values);
    compare_section(differences, "outputs", expected, got, compare_values);
    compare_section(differences, "context", expected, got, compare_keys);
    compare_section(differences, "history", expected, got, compare_rows);
}
