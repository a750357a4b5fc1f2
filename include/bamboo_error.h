/* What can go wrong. Every function of bamboo that can fail returns an enum bamboo_status and
 * takes a struct bamboo_error last, which it fills when (and only when) it fails. The struct is
 * the caller's, holds no pointer, and need not be freed. `error` may be NULL everywhere. */
#ifndef BAMBOO_ERROR_H
#define BAMBOO_ERROR_H

#include <stdint.h>

#if defined(__GNUC__)
#define BAMBOO_MUST_CHECK          __attribute__((warn_unused_result))
#define BAMBOO_API                 __attribute__((visibility("default")))
#define BAMBOO_FORMAT(text, first) __attribute__((format(printf, text, first)))
#else
#define BAMBOO_MUST_CHECK
#define BAMBOO_API
#define BAMBOO_FORMAT(text, first)
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum bamboo_status {
#define ERROR(name, exit_status, meaning) BAMBOO_E_##name,
#include "bamboo_errors.def"
#undef ERROR
    BAMBOO_STATUS_COUNT
};

#define BAMBOO_OK BAMBOO_E_OK

struct bamboo_error {
    enum bamboo_status status;
    char message[1024]; /* one clear sentence, UTF-8, no newline at its end */
    char file[512];     /* the source file the error is in, or "" */
    uint32_t line;      /* from 1; 0: no place */
    uint32_t column;    /* from 1, in characters; 0: no place */
};

/* The name of a status, such as "REFUSED". Constant storage. */
BAMBOO_API const char *bamboo_status_name(enum bamboo_status status);

/* What a status means, one phrase. Constant storage. */
BAMBOO_API const char *bamboo_status_meaning(enum bamboo_status status);

/* The process exit status that stands for `status` (docs/errors.md). */
BAMBOO_API int bamboo_status_exit(enum bamboo_status status);

#ifdef __cplusplus
}
#endif

#endif
