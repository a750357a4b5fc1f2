#include "tests/conformance/expression.h"

#include <stdio.h>

static void check_result(struct differences *differences, struct bamboo_value content,
                         enum bamboo_status status, struct bamboo_value got,
                         const struct bamboo_error *error)
{
    struct bamboo_value failure = bamboo_map_get(content, "error");
    if (failure.type == BAMBOO_STRING) {
        if (status == BAMBOO_OK)
            differ(differences, "expected an error (%s), got a value",
                   bamboo_string_bytes(failure, NULL));
        return;
    }
    size_t length = enter_key(differences, "result");
    if (status == BAMBOO_OK)
        compare_values(differences, bamboo_map_get(content, "result"), got);
    else
        differ(differences, "expected a value, got the error: %s", error->message);
    leave(differences, length);
}

void check_rule(struct differences *differences, const struct bamboo_library *library,
                struct bamboo_value content)
{
    struct bamboo_error error = {0};
    struct bamboo_value result = bamboo_missing();
    struct bamboo_value text = bamboo_map_get(content, "expr");
    enum bamboo_language language = BAMBOO_RULE;
    if (text.type == BAMBOO_MISSING) {
        text = bamboo_map_get(content, "evaluate");
        language = BAMBOO_RENDERED_RULE;
    }
    if (text.type != BAMBOO_STRING) {
        differ(differences, "the condition is not a text");
        return;
    }
    enum bamboo_status status =
        bamboo_evaluate(library, bamboo_string_bytes(text, NULL), language,
                        bamboo_map_get(content, "context"), NULL, &result, &error);
    check_result(differences, content, status, result, &error);
    bamboo_value_release(result);
}

void check_template(struct differences *differences, const struct bamboo_library *library,
                    struct bamboo_value content)
{
    struct bamboo_error error = {0};
    struct bamboo_value result = bamboo_missing();
    enum bamboo_status status = bamboo_render(library, bamboo_map_get(content, "template"),
                                              bamboo_map_get(content, "context"), &result, &error);
    check_result(differences, content, status, result, &error);
    bamboo_value_release(result);
}
