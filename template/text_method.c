#include "template/text_method.h"

#include <string.h>

#include "base/limits.h"
#include "base/value.h"
#include "template/arguments.h"
#include "template/from_value.h"

/* With its receiver. */
#define ARGUMENT_COUNT_MAX 4

static const struct function *find(const struct evaluation *evaluation, const char *name)
{
    const struct function_set *set = evaluation->functions;
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].receiver == BAMBOO_STRING && strcmp(set->items[i].name, name) == 0)
            return &set->items[i];
    return NULL;
}

bool text_method_exists(const struct evaluation *evaluation, const char *name)
{
    return find(evaluation, name) != NULL;
}

static enum bamboo_status to_value(struct evaluation *evaluation, struct object object,
                                   struct bamboo_value *out);

static enum bamboo_status list_to_value(struct evaluation *evaluation,
                                        const struct list_object *list, struct bamboo_value *out)
{
    struct bamboo_list_builder builder;
    enum bamboo_status status = BAMBOO_OK;
    bamboo_list_builder_init(&builder);
    for (size_t i = 0; status == BAMBOO_OK && i < list->count; i++) {
        struct bamboo_value item = bamboo_missing();
        if (list->items[i].kind != OBJECT_TEXT)
            status = evaluation_refuse(evaluation, "a list of texts is needed");
        else
            status = to_value(evaluation, list->items[i], &item);
        if (status == BAMBOO_OK) bamboo_list_builder_append_take(&builder, item);
    }
    if (status == BAMBOO_OK) return bamboo_list_builder_finish(&builder, out, evaluation->error);
    bamboo_list_builder_release(&builder);
    return status;
}

static enum bamboo_status to_value(struct evaluation *evaluation, struct object object,
                                   struct bamboo_value *out)
{
    *out = bamboo_null();
    if (object.kind == OBJECT_NONE) return BAMBOO_OK;
    if (object.kind == OBJECT_TEXT)
        return bamboo_string_create(object.as.text->bytes, object.as.text->size, out,
                                    evaluation->error);
    if (object.kind == OBJECT_LIST || object.kind == OBJECT_TUPLE)
        return list_to_value(evaluation, object.as.list, out);
    int64_t integer = 0;
    enum bamboo_status status = argument_integer(evaluation, &object, 0, &integer);
    *out = bamboo_integer(integer);
    return status;
}

/* What a method made, in the memory of the evaluation. */
static enum bamboo_status from_result(struct evaluation *evaluation, struct bamboo_value value,
                                      struct object *out)
{
    size_t size;
    enum bamboo_status status = BAMBOO_OK;
    if (value.type == BAMBOO_STRING) {
        const char *bytes = bamboo_string_bytes(value, &size);
        return object_copy_text(evaluation, bytes, size, out);
    }
    if (value.type != BAMBOO_LIST) return object_from_value(evaluation, value, out);
    status = object_list(evaluation, OBJECT_LIST, bamboo_list_count(value), out);
    for (size_t i = 0; status == BAMBOO_OK && i < bamboo_list_count(value); i++) {
        struct object item = object_none();
        status = from_result(evaluation, bamboo_list_at(value, i), &item);
        if (status == BAMBOO_OK) status = list_append(evaluation, out->as.list, item);
    }
    return status;
}

enum bamboo_status text_method_call(struct evaluation *evaluation, struct object receiver,
                                    const char *name, const struct arguments *arguments,
                                    struct object *out)
{
    struct bamboo_value values[ARGUMENT_COUNT_MAX];
    struct bamboo_value result = bamboo_missing();
    size_t count = 0;
    const struct function *function = find(evaluation, name);
    if (!function) return evaluation_refuse(evaluation, "a str has no %s", name);
    size_t maximum = function->argument_max < ARGUMENT_COUNT_MAX - 1 ? function->argument_max
                                                                     : ARGUMENT_COUNT_MAX - 1;
    enum bamboo_status status =
        arguments_fit(evaluation, name, arguments, function->argument_min, maximum, "");
    if (status == BAMBOO_OK)
        status = evaluation_pay(evaluation, CALL_STEPS + receiver.as.text->size / STEP_BYTES);
    if (status == BAMBOO_OK) status = to_value(evaluation, receiver, &values[count]);
    if (status == BAMBOO_OK) count++;
    for (size_t i = 0; status == BAMBOO_OK && i < arguments->count; i++) {
        status = to_value(evaluation, arguments->items[i], &values[count]);
        if (status == BAMBOO_OK) count++;
    }
    if (status == BAMBOO_OK) status = function->body(values, count, &result, evaluation->error);
    if (status == BAMBOO_OK) status = from_result(evaluation, result, out);
    bamboo_value_release(result);
    for (size_t i = 0; i < count; i++)
        bamboo_value_release(values[i]);
    return evaluation->status = status;
}
