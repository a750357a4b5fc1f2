/* Which bamboo these headers are of, for #if; bamboo_version() tells that of the library. The
 * Makefile reads it from here. */
#ifndef BAMBOO_VERSION_H
#define BAMBOO_VERSION_H

/* `make version VERSION=1.2.3` writes these. */
#define BAMBOO_VERSION       "0.1.0"
#define BAMBOO_VERSION_MAJOR 0
#define BAMBOO_VERSION_MINOR 1
#define BAMBOO_VERSION_PATCH 0

/* Grows with every version: 1002003 is 1.2.3. */
#define BAMBOO_VERSION_NUMBER \
    (BAMBOO_VERSION_MAJOR * 1000000 + BAMBOO_VERSION_MINOR * 1000 + BAMBOO_VERSION_PATCH)

#endif
