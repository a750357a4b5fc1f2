#include "tests/conformance/difference.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Longer values are cut where they are printed. */
#define PRINTED_SIZE_MAX 300

/* --- The path --- */

static void append_character(struct differences *differences, char character)
{
    size_t length = strlen(differences->path);
    if (length + 1 >= sizeof differences->path) return;
    differences->path[length] = character;
    differences->path[length + 1] = '\0';
}

size_t enter_key(struct differences *differences, const char *key)
{
    size_t length = strlen(differences->path);
    append_character(differences, '/');
    for (; *key; key++) {
        if (*key == '~' || *key == '/') {
            append_character(differences, '~');
            append_character(differences, *key == '~' ? '0' : '1');
        } else {
            append_character(differences, *key);
        }
    }
    return length;
}

size_t enter_index(struct differences *differences, size_t index)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", index);
    return enter_key(differences, digits);
}

void leave(struct differences *differences, size_t length)
{
    differences->path[length] = '\0';
}

void differ(struct differences *differences, const char *format, ...)
{
    va_list arguments;
    differences->count++;
    printf("%s: %s", differences->file, differences->name);
    if (differences->way) printf(" [%s]", differences->way);
    printf(": %s%s", differences->path, *differences->path ? ": " : "");
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

/* --- Values --- */

static void differ_values(struct differences *differences, struct bamboo_value expected,
                          struct bamboo_value got)
{
    struct bamboo_value values[2] = {expected, got}, texts[2];
    const char *printed[2] = {"nothing", "nothing"};
    for (int i = 0; i < 2; i++) {
        texts[i] = bamboo_missing();
        if (values[i].type == BAMBOO_MISSING) continue;
        printed[i] = bamboo_json_print(values[i], 0, &texts[i], NULL) == BAMBOO_OK
                         ? bamboo_string_bytes(texts[i], NULL)
                         : "a value that cannot be printed";
    }
    differ(differences, "expected %.*s, got %.*s", PRINTED_SIZE_MAX, printed[0], PRINTED_SIZE_MAX,
           printed[1]);
    for (int i = 0; i < 2; i++)
        bamboo_value_release(texts[i]);
}

static bool is_text(struct bamboo_value value, const char *text)
{
    return value.type == BAMBOO_STRING && strcmp(bamboo_string_bytes(value, NULL), text) == 0;
}

static bool is_number(struct bamboo_value value)
{
    return value.type == BAMBOO_INTEGER || value.type == BAMBOO_FLOAT;
}

static void compare_lists(struct differences *differences, struct bamboo_value expected,
                          struct bamboo_value got)
{
    size_t count = bamboo_list_count(expected), other = bamboo_list_count(got);
    for (size_t i = 0; i < count || i < other; i++) {
        size_t length = enter_index(differences, i);
        compare_values(differences, i < count ? bamboo_list_at(expected, i) : bamboo_missing(),
                       i < other ? bamboo_list_at(got, i) : bamboo_missing());
        leave(differences, length);
    }
}

void compare_keys(struct differences *differences, struct bamboo_value expected,
                  struct bamboo_value got)
{
    for (size_t i = 0; i < bamboo_map_count(expected); i++) {
        struct bamboo_value key = bamboo_map_key_at(expected, i);
        size_t length = enter_key(differences, bamboo_string_bytes(key, NULL));
        compare_values(differences, bamboo_map_value_at(expected, i),
                       got.type == BAMBOO_MAP ? bamboo_map_find(got, key) : bamboo_missing());
        leave(differences, length);
    }
}

static void compare_maps(struct differences *differences, struct bamboo_value expected,
                         struct bamboo_value got)
{
    compare_keys(differences, expected, got);
    for (size_t i = 0; i < bamboo_map_count(got); i++) {
        struct bamboo_value key = bamboo_map_key_at(got, i);
        if (bamboo_map_find(expected, key).type != BAMBOO_MISSING) continue;
        size_t length = enter_key(differences, bamboo_string_bytes(key, NULL));
        differ_values(differences, bamboo_missing(), bamboo_map_value_at(got, i));
        leave(differences, length);
    }
}

void compare_values(struct differences *differences, struct bamboo_value expected,
                    struct bamboo_value got)
{
    bool same;
    if (got.type != BAMBOO_MISSING && is_text(expected, "<any>")) return;
    if (is_text(expected, "<text>"))
        same = got.type == BAMBOO_STRING && *bamboo_string_bytes(got, NULL) != '\0';
    else if (is_number(expected) && is_number(got))
        same = bamboo_value_equal(expected, got);
    else if (expected.type != got.type)
        same = false;
    else if (expected.type == BAMBOO_LIST) {
        compare_lists(differences, expected, got);
        return;
    } else if (expected.type == BAMBOO_MAP) {
        compare_maps(differences, expected, got);
        return;
    } else
        same = bamboo_value_equal(expected, got);
    if (!same) differ_values(differences, expected, got);
}
