#include "compiler/types.h"

#include <string.h>

#define TYPE_NUMBER   (TYPE_OF(INTEGER) | TYPE_OF(FLOAT))
#define TYPE_ANY_TYPE TYPE_ANY
#define TYPE_BOOL     TYPE_OF(BOOL)
#define TYPE_INTEGER  TYPE_OF(INTEGER)
#define TYPE_FLOAT    TYPE_OF(FLOAT)
#define TYPE_DURATION TYPE_OF(DURATION)
#define TYPE_STRING   TYPE_OF(STRING)
#define TYPE_LIST     TYPE_OF(LIST)
#define TYPE_MAP      TYPE_OF(MAP)

struct type_rule {
    enum ast_operator which;
    type_set left, right, result;
};

static const struct type_rule TYPE_RULES[] = {
#define RULE(name, left, right, result) {OPERATOR_##name, TYPE_##left, TYPE_##right, TYPE_##result},
#include "compiler/types.def"
#undef RULE
};

/* The type that one word names; 0 if none. */
static type_set type_of_word(const char *word, size_t size)
{
    if (size == 3 && memcmp(word, "any", 3) == 0) return TYPE_ANY;
    for (int type = BAMBOO_NULL; type < BAMBOO_TYPE_COUNT; type++) {
        const char *name = bamboo_type_name((enum bamboo_type)type);
        if (strlen(name) == size && memcmp(word, name, size) == 0) return 1u << type;
    }
    return 0;
}

type_set type_parse(const char *name)
{
    type_set all = 0;
    for (const char *word = name;;) {
        size_t size = strcspn(word, "|");
        type_set one = type_of_word(word, size);
        if (one == 0) return 0;
        all |= one;
        if (word[size] == '\0') return all;
        word += size + 1;
    }
}

bool type_may_be(type_set type, type_set wanted)
{
    if (wanted & TYPE_FLOAT) wanted |= TYPE_INTEGER;
    return (type & wanted) != 0;
}

static type_set type_of_order(type_set left, type_set right)
{
    static const type_set FAMILIES[] = {TYPE_NUMBER, TYPE_STRING, TYPE_DURATION, TYPE_LIST};
    for (size_t i = 0; i < sizeof FAMILIES / sizeof *FAMILIES; i++)
        if ((left & FAMILIES[i]) && (right & FAMILIES[i])) return TYPE_BOOL;
    return 0;
}

static type_set type_of_rules(enum ast_operator which, type_set left, type_set right)
{
    type_set result = 0;
    for (size_t i = 0; i < sizeof TYPE_RULES / sizeof *TYPE_RULES; i++) {
        const struct type_rule *rule = &TYPE_RULES[i];
        if (rule->which == which && (left & rule->left) && (right & rule->right))
            result |= rule->result;
    }
    return result;
}

type_set type_of_operation(enum ast_operator which, type_set left, type_set right)
{
    switch (which) {
    case OPERATOR_OR:
    case OPERATOR_AND: return left | right;
    case OPERATOR_COALESCE: {
        type_set present = left & ~TYPE_OF(NULL);
        return present | right;
    }
    case OPERATOR_NOT:
    case OPERATOR_EQUAL:
    case OPERATOR_NOT_EQUAL: return TYPE_BOOL;
    case OPERATOR_LESS:
    case OPERATOR_LESS_EQUAL:
    case OPERATOR_GREATER:
    case OPERATOR_GREATER_EQUAL: return type_of_order(left, right);
    case OPERATOR_NEGATE:
    case OPERATOR_PLUS: return type_of_rules(which, left, TYPE_ANY);
    case OPERATOR_IN:
    case OPERATOR_NOT_IN:
    case OPERATOR_ADD:
    case OPERATOR_SUBTRACT:
    case OPERATOR_MULTIPLY:
    case OPERATOR_DIVIDE:
    case OPERATOR_FLOOR_DIVIDE:
    case OPERATOR_MODULO: return type_of_rules(which, left, right);
    case OPERATOR_COUNT: break;
    }
    return TYPE_ANY;
}

void type_describe(type_set type, struct text *out)
{
    if (type == TYPE_ANY) {
        text_append_string(out, "any value");
        return;
    }
    bool first = true;
    for (int one = BAMBOO_NULL; one < BAMBOO_TYPE_COUNT; one++) {
        if (!(type >> one & 1u)) continue;
        if (!first) text_append_string(out, " or ");
        if (one != BAMBOO_NULL) text_append_string(out, one == BAMBOO_INTEGER ? "an " : "a ");
        text_append_string(out, bamboo_type_name((enum bamboo_type)one));
        first = false;
    }
}
