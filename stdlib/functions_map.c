/* Functions and methods of maps. */
#include "stdlib/function_bodies.h"

static enum bamboo_status want_map(struct bamboo_value value, const char *function,
                                   struct bamboo_error *error)
{
    return value.type == BAMBOO_MAP ? BAMBOO_OK : refuse_type(error, function, "a map", value);
}

static enum bamboo_status column(struct bamboo_value map,
                                 struct bamboo_value (*member)(struct bamboo_value, size_t),
                                 struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_list_builder builder;
    bamboo_list_builder_init(&builder);
    for (size_t i = 0; i < bamboo_map_count(map); i++)
        bamboo_list_builder_append_take(&builder, bamboo_value_retain(member(map, i)));
    return bamboo_list_builder_finish(&builder, out, error);
}

BODY(function_keys)
{
    (void)count;
    enum bamboo_status status = want_map(arguments[0], "keys", error);
    return status == BAMBOO_OK ? column(arguments[0], bamboo_map_key_at, out, error) : status;
}

BODY(function_values)
{
    (void)count;
    enum bamboo_status status = want_map(arguments[0], "values", error);
    return status == BAMBOO_OK ? column(arguments[0], bamboo_map_value_at, out, error) : status;
}

BODY(function_items)
{
    (void)count;
    enum bamboo_status status = want_map(arguments[0], "items", error);
    if (status != BAMBOO_OK) return status;
    struct bamboo_value columns[2];
    if ((status = column(arguments[0], bamboo_map_key_at, &columns[0], error)) != BAMBOO_OK)
        return status;
    status = column(arguments[0], bamboo_map_value_at, &columns[1], error);
    if (status == BAMBOO_OK) {
        status = function_zip(columns, 2, out, error);
        bamboo_value_release(columns[1]);
    }
    bamboo_value_release(columns[0]);
    return status;
}

BODY(method_MAP_keys)
{
    return function_keys(arguments, count, out, error);
}

BODY(method_MAP_values)
{
    return function_values(arguments, count, out, error);
}

BODY(method_MAP_items)
{
    return function_items(arguments, count, out, error);
}

BODY(method_MAP_get)
{
    if (arguments[1].type != BAMBOO_STRING)
        return refuse_type(error, "get", "a string as key", arguments[1]);
    struct bamboo_value found = bamboo_map_find(arguments[0], arguments[1]);
    if (found.type == BAMBOO_MISSING) found = count == 3 ? arguments[2] : bamboo_null();
    *out = bamboo_value_retain(found);
    return BAMBOO_OK;
}
