#include <json-c/json_c_version.h>
#include <lzma.h>
#include <nettle/version.h>
#include <sqlite3.h>
#include <uv/version.h>

#include "include/bamboo.h"

#define TEXT_OF(macro)       TEXT(macro)
#define TEXT(tokens)         #tokens
#define DOTTED(major, minor) TEXT_OF(major) "." TEXT_OF(minor)

const char *bamboo_version(void)
{
    return BAMBOO_VERSION " (SQLite " SQLITE_VERSION ", libuv " DOTTED(
        UV_VERSION_MAJOR,
        UV_VERSION_MINOR) ", json-c " JSON_C_VERSION
                          ", nettle " DOTTED(NETTLE_VERSION_MAJOR,
                                             NETTLE_VERSION_MINOR) ", liblzma " LZMA_VERSION_STRING
                                                                   ")";
}
