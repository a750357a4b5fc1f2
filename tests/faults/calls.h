/* Calls of the system, of libuv and of SQLite's disk that fail when they are told to. */
#ifndef TESTS_FAULTS_CALLS_H
#define TESTS_FAULTS_CALLS_H

#include <stdbool.h>
#include <stdint.h>

enum call {
#define CALL(name, ...) CALL_##name,
#include "tests/faults/calls.def"
#undef CALL
    CALL_COUNT
};

/* Less is read or written than was asked for: no errno has this number. */
#define CALL_SHORT 4000

/* Puts ours in the place of SQLite's disk and memory. Called once, before a store is opened. */
void calls_install(void);

/* Standard input, output and errors are streams of ours from now on. */
void calls_take_streams(void);

const char *call_name(enum call call);
/* The errors that it can have; the list ends with 0. */
const int *call_errors(enum call call);

/* At how many places of one kind of call it fails: $PLACES, or as many as usual. */
uint64_t call_places(uint64_t usual);

/* From now on the n-th call of this kind (from 1) fails with this error, and all later ones if
 * `from_then_on`. n 0: none; then calls are only counted. */
void calls_arm(enum call call, int error, uint64_t n, bool from_then_on);
/* How many of this kind there were since calls_arm(). */
uint64_t calls_counted(enum call call);

#endif
