#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

struct status_info {
    const char *name;
    const char *meaning;
    int exit_status;
};

static const struct status_info STATUSES[] = {
#define ERROR(name, exit_status, meaning) [BAMBOO_E_##name] = {#name, meaning, exit_status},
#include "include/bamboo_errors.def"
#undef ERROR
};

/* A status may come from a plugin, so it is not trusted. */
static const struct status_info *status_info(enum bamboo_status status)
{
    return &STATUSES[(unsigned)status < BAMBOO_STATUS_COUNT ? status : BAMBOO_E_INTERNAL];
}

const char *bamboo_status_name(enum bamboo_status status)
{
    return status_info(status)->name;
}

const char *bamboo_status_meaning(enum bamboo_status status)
{
    return status_info(status)->meaning;
}

int bamboo_status_exit(enum bamboo_status status)
{
    return status_info(status)->exit_status;
}

/* Ends a text that was cut in the middle of a character before that character. */
static void drop_half_character(char *text, size_t size)
{
    size_t start = size;
    while (start > 0 && size - start < 4) {
        uint32_t ignored;
        start--;
        if (((unsigned char)text[start] & 0xC0u) == 0x80u) continue;
        if (!utf8_decode(text + start, size - start, &ignored)) text[start] = '\0';
        return;
    }
}

/* The sentence is made apart, since its arguments may point into the error that it replaces. */
static void set_error(struct bamboo_error *error, enum bamboo_status status, const char *message,
                      size_t whole_size)
{
    size_t size = strnlen(message, sizeof error->message - 1);
    *error = (struct bamboo_error){.status = status};
    memcpy(error->message, message, size);
    if (whole_size > size) drop_half_character(error->message, size);
    utf8_sanitize(error->message, strlen(error->message));
}

enum bamboo_status fail(struct bamboo_error *error, enum bamboo_status status, const char *format,
                        ...)
{
    char message[sizeof error->message];
    va_list arguments;
    if (!error) return status;
    va_start(arguments, format);
    int size = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (size < 0) message[0] = '\0';
    set_error(error, status, message, size < 0 ? 0 : (size_t)size);
    return status;
}

enum bamboo_status fail_memory(struct bamboo_error *error)
{
    return fail(error, BAMBOO_E_MEMORY, "out of memory");
}

enum bamboo_status fail_errno(struct bamboo_error *error, enum bamboo_status status, int number,
                              const char *format, ...)
{
    char what[sizeof error->message];
    char buffer[256];
    va_list arguments;
    if (!error) return status;
    va_start(arguments, format);
    if (vsnprintf(what, sizeof what, format, arguments) < 0) what[0] = '\0';
    va_end(arguments);
    return fail(error, status, "%s: %s", what, strerror_r(number, buffer, sizeof buffer));
}
