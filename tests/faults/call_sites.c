#include "tests/faults/call_sites.h"

#include <execinfo.h>

#define DEPTH_MAX 64

uint64_t call_stack(unsigned depth)
{
    void *functions[DEPTH_MAX];
    int count = backtrace(functions, (int)(depth < DEPTH_MAX ? depth : DEPTH_MAX));
    uint64_t value = UINT64_C(14695981039346656037); /* FNV-1a */
    for (int i = 0; i < count; i++)
        value = (value ^ (uintptr_t)functions[i]) * UINT64_C(1099511628211);
    return value ? value : 1;
}

static bool add(struct call_sites *sites, enum call call, uint64_t stack)
{
    size_t mask = 2 * CALL_SITES_MAX - 1;
    for (size_t at = (stack ^ stack >> 32 ^ (uint64_t)call) & mask;; at = (at + 1) & mask) {
        uint32_t number = sites->slots[at];
        if (number > 0) {
            const struct call_site *site = &sites->items[number - 1];
            if (site->call == call && site->stack == stack) return false;
            continue;
        }
        if (sites->count == CALL_SITES_MAX) return false;
        sites->items[sites->count++] = (struct call_site){call, stack};
        sites->slots[at] = (uint32_t)sites->count;
        return true;
    }
}

bool call_sites_add(struct call_sites *sites, enum call call, uint64_t stack)
{
    while (atomic_flag_test_and_set(&sites->is_locked)) {
    }
    bool is_new = add(sites, call, stack);
    atomic_flag_clear(&sites->is_locked);
    return is_new;
}
