#include "tests/conformance/expression.h"

#include <stdio.h>

/* Evaluates with the case's context. The first thing that the report says becomes the message. */
static enum bamboo_status evaluate(const struct bamboo_library *library, struct bamboo_value text,
                                   bool is_template, struct bamboo_value content,
                                   struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_report report = {0};
    struct bamboo_value context = bamboo_map_get(content, "context"), none = bamboo_missing();
    if (context.type != BAMBOO_MAP) {
        struct bamboo_map_builder map;
        bamboo_map_builder_init(&map);
        if (bamboo_map_builder_finish(&map, &none, error) != BAMBOO_OK) return BAMBOO_E_MEMORY;
        context = none;
    }
    enum bamboo_status status = bamboo_evaluate(library, bamboo_string_bytes(text, NULL),
                                                is_template, context, &report, out, error);
    bamboo_report_release(&report);
    bamboo_value_release(none);
    return status;
}

static void check_entry(struct differences *differences, struct bamboo_value content,
                        const char *key, enum bamboo_status status, struct bamboo_value got,
                        const struct bamboo_error *error)
{
    size_t length = enter_key(differences, key);
    if (status == BAMBOO_OK)
        compare_values(differences, bamboo_map_get(content, key), got);
    else
        differ(differences, "expected a value, got the error: %s", error->message);
    leave(differences, length);
}

void check_rule(struct differences *differences, const struct bamboo_library *library,
                struct bamboo_value content)
{
    struct bamboo_error error = {0};
    struct bamboo_value rendered = bamboo_missing(), result = bamboo_missing();
    struct bamboo_value text = bamboo_map_get(content, "expr");
    enum bamboo_status status = BAMBOO_OK;
    if (text.type == BAMBOO_MISSING) {
        status = evaluate(library, bamboo_map_get(content, "evaluate"), true, content, &rendered,
                          &error);
        check_entry(differences, content, "rendered", status, rendered, &error);
        text = rendered;
    }
    if (status == BAMBOO_OK && text.type == BAMBOO_STRING) {
        status = evaluate(library, text, false, content, &result, &error);
        struct bamboo_value failure = bamboo_map_get(content, "error");
        if (failure.type != BAMBOO_STRING)
            check_entry(differences, content, "result", status, result, &error);
        else if (status == BAMBOO_OK)
            differ(differences, "expected an error (%s), got a value",
                   bamboo_string_bytes(failure, NULL));
        bamboo_value_release(result);
    }
    bamboo_value_release(rendered);
}

void check_template(struct differences *differences, const struct bamboo_library *library,
                    struct bamboo_value content)
{
    struct bamboo_error error = {0};
    struct bamboo_value result = bamboo_missing();
    struct bamboo_value text = bamboo_map_get(content, "template");
    if (text.type != BAMBOO_STRING) {
        differ(differences, "the template is not a text");
        return;
    }
    enum bamboo_status status = evaluate(library, text, true, content, &result, &error);
    check_entry(differences, content, "result", status, result, &error);
    bamboo_value_release(result);
}
