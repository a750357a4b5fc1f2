#include "bytecode/verify.h"

#include <stdarg.h>
#include <stdio.h>

BAMBOO_FORMAT(3, 0)
BAMBOO_FORMAT(3, 0)
static enum bamboo_status refuse_arguments(const struct verifier *verifier, const char *where,
                                           const char *format, va_list arguments)
{
    char detail[512];
    if (vsnprintf(detail, sizeof detail, format, arguments) < 0) detail[0] = '\0';
    return fail(verifier->error, BAMBOO_E_ARTIFACT, "%s: %s%s", verifier->name, where, detail);
}

enum bamboo_status refuse(const struct verifier *verifier, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    enum bamboo_status status = refuse_arguments(verifier, "", format, arguments);
    va_end(arguments);
    return status;
}

enum bamboo_status refuse_node(const struct verifier *verifier, uint32_t node, const char *format,
                               ...)
{
    char where[128];
    va_list arguments;
    uint32_t name = verifier->program->nodes[node].name;
    if (is_string_constant(verifier->program, name))
        snprintf(where, sizeof where, "node %u '%.80s': ", node,
                 program_name(verifier->program, name));
    else
        snprintf(where, sizeof where, "node %u: ", node);
    va_start(arguments, format);
    enum bamboo_status status = refuse_arguments(verifier, where, format, arguments);
    va_end(arguments);
    return status;
}

bool is_string_constant(const struct program *program, uint32_t name)
{
    return name < program->constant_count && program->constants[name].type == BAMBOO_STRING;
}

enum bamboo_status program_verify(struct program *program, const char *name,
                                  struct bamboo_error *error)
{
    struct verifier verifier = {.program = program, .name = name, .error = error};
    enum bamboo_status status = verify_tables(&verifier);
    if (status == BAMBOO_OK) status = verify_nodes(&verifier);
    if (status == BAMBOO_OK) status = verify_code(&verifier);
    if (status == BAMBOO_OK) status = verify_graph(&verifier);
    return status;
}
