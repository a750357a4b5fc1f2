/* A fuzz target is one function over bytes, LLVMFuzzerTestOneInput(). `make fuzz` links it with
 * libFuzzer; `make test` links it with replay_corpus.c, which runs the corpus once. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
