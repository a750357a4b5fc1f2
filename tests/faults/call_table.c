#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <uv.h>

#include "tests/faults/calls.h"

#define SHORT CALL_SHORT

static const char *const NAMES[] = {
#define CALL(name, ...) #name,
#include "tests/faults/calls.def"
#undef CALL
};
static const int ERRORS[CALL_COUNT][5] = {
#define CALL(name, ...) {__VA_ARGS__, 0},
#include "tests/faults/calls.def"
#undef CALL
};

const char *call_name(enum call call)
{
    return NAMES[call];
}

uint64_t call_places(uint64_t usual)
{
    const char *places = getenv("PLACES");
    uint64_t wanted = places ? strtoull(places, NULL, 10) : 0;
    return wanted ? wanted : usual;
}

const int *call_errors(enum call call)
{
    return ERRORS[call];
}
