/* The flows that are measured. */
#ifndef BENCH_FLOWS_H
#define BENCH_FLOWS_H

#include "bench/measure.h"

/* `rounds` rounds of 20 no-op nodes: 22 transitions a round with the loop's own two. */
struct bamboo_flow *loop_flow(const struct bamboo_library *library, int rounds);
/* No-op nodes one after the other. */
struct bamboo_flow *chain_flow(const struct bamboo_library *library, int nodes);
/* A parallel gateway of branches of `length` times the same statement. */
struct bamboo_flow *wide_flow(const struct bamboo_library *library, int branches, int length,
                              const char *statement);
/* 17 nodes: 2 activities, a subprocess of 2, parallel of 3, exclusive of 2, with events and
 * gateways. */
struct bamboo_flow *seventeen_flow(const struct bamboo_library *library);

#endif
