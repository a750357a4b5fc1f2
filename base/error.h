/* Making errors. enum bamboo_status and struct bamboo_error are public: include/bamboo_error.h. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "include/bamboo_error.h"

#define MUST_CHECK BAMBOO_MUST_CHECK

/* Fills *error (if not NULL) with `status` and a printf-formatted sentence, no place, and returns
 * `status`, so that a failure is one `return fail(...)`. A longer sentence is cut at a UTF-8
 * boundary; what is not UTF-8, and control characters, become '?'. */
BAMBOO_FORMAT(3, 4)
enum bamboo_status fail(struct bamboo_error *error, enum bamboo_status status, const char *format,
                        ...);

/* fail() for an exhausted heap. */
enum bamboo_status fail_memory(struct bamboo_error *error);

/* fail() for a system call that set errno: "<what>: <strerror>". */
BAMBOO_FORMAT(4, 5)
enum bamboo_status fail_errno(struct bamboo_error *error, enum bamboo_status status, int number,
                              const char *format, ...);

#endif
