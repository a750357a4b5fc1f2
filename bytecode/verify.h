/* The verifier: what makes a program of an image. docs/artifact.md has its rules with their
 * numbers; the comments in verify_*.c cite them.
 *
 * Nothing here recurses over the image or takes more than linear time: it is untrusted. */
#ifndef BYTECODE_VERIFY_H
#define BYTECODE_VERIFY_H

#include "bytecode/program.h"

/* Checks a program whose sections are in place and whose constants are decoded, and fills what code
 * needs (stack_depth, local_count). `name` is for messages. Errors: ARTIFACT, MEMORY. */
MUST_CHECK enum bamboo_status program_verify(struct program *program, const char *name,
                                             struct bamboo_error *error);

/* --- Between the verifier's files --- */

struct verifier {
    struct program *program;
    const char *name;
    struct bamboo_error *error;
};

/* In this order: each relies on those before. */
MUST_CHECK enum bamboo_status verify_tables(struct verifier *verifier); /* rows; names; ranges */
MUST_CHECK enum bamboo_status verify_nodes(struct verifier *verifier);  /* nodes and their flows */
MUST_CHECK enum bamboo_status verify_code(struct verifier *verifier);   /* instructions */
MUST_CHECK enum bamboo_status verify_graph(struct verifier *verifier);  /* ways; forks; calls */

/* fail() with ARTIFACT and the artifact's name in front. */
BAMBOO_FORMAT(2, 3)
enum bamboo_status refuse(const struct verifier *verifier, const char *format, ...);
/* The same with "node 12 'build': " in front. */
BAMBOO_FORMAT(3, 4)
enum bamboo_status refuse_node(const struct verifier *verifier, uint32_t node, const char *format,
                               ...);

/* Is `name` the index of a string constant? */
bool is_string_constant(const struct program *program, uint32_t name);

/* Does `index` lie in `count` rows from `first` on? */
static inline bool is_in_range(uint32_t index, uint32_t first, uint32_t count)
{
    return index >= first && index - first < count;
}

#endif
