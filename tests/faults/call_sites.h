/* From where in the program calls are made: a site is a call and the functions that led to it. */
#ifndef TESTS_FAULTS_CALL_SITES_H
#define TESTS_FAULTS_CALL_SITES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/faults/calls.h"

struct call_site {
    enum call call;
    uint64_t stack; /* a number for the functions; not 0 */
};

/* Sites, each once. Zeroed is empty. */
#define CALL_SITES_MAX (1u << 15)
struct call_sites {
    atomic_flag is_locked;
    size_t count;
    struct call_site items[CALL_SITES_MAX];
    uint32_t slots[2 * CALL_SITES_MAX]; /* of a hash table: a number of `items`, from 1 */
};

/* The number for the last functions that led here, up to `depth`. Two or three of them are those
 * that ask. */
uint64_t call_stack(unsigned depth);

/* Is it new? One that there is no room for counts as known. By several threads at once. */
bool call_sites_add(struct call_sites *sites, enum call call, uint64_t stack);

#endif
