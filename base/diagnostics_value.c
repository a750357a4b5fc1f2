/* Diagnostics for editors and other programs. */
#include "base/diagnostics.h"

static void set_place(struct bamboo_map_builder *map, const struct diagnostics *diagnostics,
                      struct span span)
{
    const struct source *source = diagnostics_source(diagnostics, span.source);
    struct place start = source_place(source, span.offset);
    struct place end = source_place(source, span.offset + span.size);
    bamboo_map_builder_set_text(map, "file", source->name);
    bamboo_map_builder_set_integer(map, "line", start.line);
    bamboo_map_builder_set_integer(map, "column", start.column);
    bamboo_map_builder_set_integer(map, "end_line", end.line);
    bamboo_map_builder_set_integer(map, "end_column", end.column);
}

static enum bamboo_status related_to_value(const struct diagnostics *diagnostics,
                                           const struct diagnostic *diagnostic,
                                           struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_map_builder map;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_text(&map, "message", diagnostic->related_message);
    set_place(&map, diagnostics, diagnostic->related);
    return bamboo_map_builder_finish(&map, out, error);
}

static enum bamboo_status to_value(const struct diagnostics *diagnostics,
                                   const struct diagnostic *diagnostic, struct bamboo_value *out,
                                   struct bamboo_error *error)
{
    const struct diagnostic_info *info = diagnostic_info(diagnostic->code);
    struct bamboo_value related = bamboo_null();
    if (diagnostic->related_message) {
        enum bamboo_status status = related_to_value(diagnostics, diagnostic, &related, error);
        if (status) return status;
    }
    struct bamboo_map_builder map;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_text(&map, "code", info->code);
    bamboo_map_builder_set_text(&map, "severity",
                                info->severity == SEVERITY_ERROR ? "error" : "warning");
    bamboo_map_builder_set_text(&map, "title", info->title);
    bamboo_map_builder_set_text(&map, "message", diagnostic->message);
    bamboo_map_builder_set_text(&map, "help", diagnostic->help);
    set_place(&map, diagnostics, diagnostic->span);
    if (diagnostic->pointer) bamboo_map_builder_set_text(&map, "pointer", diagnostic->pointer);
    bamboo_map_builder_set_take(&map, "related", related);
    return bamboo_map_builder_finish(&map, out, error);
}

enum bamboo_status diagnostics_to_value(const struct diagnostics *diagnostics,
                                        struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_list_builder list;
    bamboo_list_builder_init(&list);
    for (size_t i = 0; i < diagnostics_count(diagnostics); i++) {
        struct bamboo_value item;
        enum bamboo_status status =
            to_value(diagnostics, diagnostics_at(diagnostics, i), &item, error);
        if (status) {
            bamboo_list_builder_release(&list);
            return status;
        }
        bamboo_list_builder_append_take(&list, item);
    }
    return bamboo_list_builder_finish(&list, out, error);
}
