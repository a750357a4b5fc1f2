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

/* Puts ours in the place of SQLite's disk and memory. Called once, before a store is opened. Calls
 * are told apart by `depth` functions that led to them. */
void calls_install(unsigned depth);

/* Standard input, output and errors are streams of ours from now on. */
void calls_take_streams(void);

struct call_site;
struct call_sites;

const char *call_name(enum call call);
/* The errors that it can have; the list ends with 0. */
const int *call_errors(enum call call);

/* At how many places of one kind of call it fails: $PLACES, or as many as usual. */
uint64_t call_places(uint64_t usual);

/* From now on the n-th call of this kind (from 1) fails with this error, and all later ones if
 * `from_then_on`. n 0: none; then calls are only counted. */
void calls_arm(enum call call, int error, uint64_t n, bool from_then_on);
/* From now on the first call of this kind from this site fails, and all later ones of its kind if
 * `from_then_on`. */
void calls_arm_site(const struct call_site *site, int error, bool from_then_on);
/* How many of this kind there were since then. */
uint64_t calls_counted(enum call call);
/* Has one failed since then? */
bool calls_have_failed(void);
/* From now on the site of each call becomes one of these. */
void calls_note_sites(struct call_sites *sites);

#endif
