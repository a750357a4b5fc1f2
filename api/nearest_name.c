#include "base/diagnostics.h"
#include "include/bamboo.h"

static const char *name_at(const void *context, size_t index)
{
    const char *const *names = context;
    return names[index];
}

const char *bamboo_nearest_name(const char *name, const char *const *names, size_t count)
{
    return nearest_name(name, count, name_at, names);
}
