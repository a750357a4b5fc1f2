#include "bytecode/control_program.h"

#include <string.h>

#include "base/utf8.h"
#include "bytecode/image_writer.h"

static void push(struct image_writer *writer, struct bamboo_value value)
{
    image_emit(writer, OP_CONSTANT, image_constant(writer, value));
}

static bool is_text(const char *text)
{
    return !text || utf8_is_valid(text, strlen(text));
}

static void push_text(struct image_writer *writer, const char *text)
{
    if (text)
        image_emit(writer, OP_CONSTANT, image_name(writer, text, strlen(text)));
    else
        push(writer, bamboo_null());
}

/* Is it one that a control program consists of, beside its end? */
static bool is_operation(const struct instruction_info *info)
{
    return info && (info->places == PLACES_OPERATIONS || info->places == PLACES_CONTROL) &&
           info->flow == FLOW_NEXT;
}

enum bamboo_status control_program_build(enum opcode operation, const char *path,
                                         struct bamboo_value data, const char *reason,
                                         uint8_t **image, size_t *size, struct bamboo_error *error)
{
    const struct instruction_info *info = instruction_info((uint8_t)operation);
    if (!is_operation(info))
        return fail(error, BAMBOO_E_USAGE, "instruction %d is not a control operation",
                    (int)operation);
    bool is_of_node = info->pops > 1; /* path and data stand before the reason */
    if (is_of_node && !path) return fail(error, BAMBOO_E_USAGE, "the path of the node is missing");
    if (!is_text(path) || !is_text(reason))
        return fail(error, BAMBOO_E_USAGE, "the path or the reason is not UTF-8");

    struct image_writer *writer = image_writer_create(IMAGE_CONTROL);
    if (!writer) return fail_memory(error);
    if (is_of_node) {
        push_text(writer, path);
        push(writer, data.type == BAMBOO_MISSING ? bamboo_null() : data);
    }
    push_text(writer, reason);
    image_emit(writer, operation, 0);
    image_emit(writer, OP_HALT, 0);
    enum bamboo_status status = image_finish(writer, image, size, error);
    image_writer_destroy(writer);
    return status;
}
