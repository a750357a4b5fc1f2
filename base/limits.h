/* Every limit of bamboo, its unit, and its reason. A test stands at each limit and one beyond. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#include <stdint.h>

/* Bytes of one string, and elements of one list or map: a value has to fit in a journal event, and
 * an expression must not be able to eat the machine. */
#define VALUE_SIZE_MAX  (16u << 20)
#define VALUE_COUNT_MAX (1u << 20)
/* Decimal digits of one integer: Python reads and writes no more either. */
#define INTEGER_DIGITS_MAX 4300
/* Levels of lists and maps inside each other: walks over values may use the C stack. */
#define VALUE_DEPTH_MAX 256
/* Bytes of a value with everything in it, where a part that is shared counts at each place: a list
 * of itself twice, a hundred times over, would be small in memory and endless for every walk. */
#define VALUE_TOTAL_MAX (128u << 20)
/* Instructions, and bytes of values made, in one evaluation (one node's code between checkpoints).
 */
#define EVALUATION_STEPS_MAX (10u << 20)
/* Bytes that an operator looks at for the price of one step. */
#define STEP_BYTES 64
/* Steps that a call of a function costs beside: it makes a value, as a rule. */
#define CALL_STEPS            16
#define EVALUATION_MEMORY_MAX (64u << 20)
/* Bytes of the objects of one rendering of templates, beside which stand the values that it reads
 * and gives: together they are to stay below 100 MB. */
#define TEMPLATE_MEMORY_MAX (36u << 20)
/* Operand stack and comprehension locals of one evaluation: the verifier proves the depth. */
#define STACK_DEPTH_MAX 1024
#define LOCAL_COUNT_MAX 64
/* Bytes of one source file, and of one artifact. */
#define SOURCE_SIZE_MAX (64u << 20)
#define IMAGE_SIZE_MAX  (256u << 20)
/* Bytes that an artifact's constants take in memory: a short encoding may stand for many values,
 * and a compressed artifact for many encodings. */
#define CONSTANT_MEMORY_MAX (256u << 20)
/* Operands of instructions have 24 bits. */
#define OPERAND_MAX ((1u << 24) - 1)
/* Nesting of blocks and of expressions in a source: the compiler walks trees recursively. */
#define SOURCE_DEPTH_MAX 200
/* Subprocesses inside each other at run time; recursion does not compile, so this is generous. */
#define SCOPE_DEPTH_MAX 1000
/* Milliseconds of a timeout, a delay or a timer: so small that it can be doubled and added to any
 * time. */
#define POLICY_TIME_MAX (INT64_MAX / 4)
/* Errors that one compilation reports before it gives up. */
#define DIAGNOSTIC_COUNT_MAX 100
/* How often a node of a tree may be entered again before it fails: what bamboo-engine does without
 * being told. */
#define RERUN_LIMIT_DEFAULT 100
/* Levels of lists and maps inside each other in a JSON or YAML document: libyaml stops at 1,000. */
#define DOCUMENT_DEPTH_MAX 900
/* Values of one document, and of these so many that its aliases made: a few lines of aliases of
 * aliases would stand for millions. */
#define DOCUMENT_NODE_MAX  (1 << 19)
#define DOCUMENT_ALIAS_MAX (1 << 16)
/* Bytes of a stream that become an output value; the log in the store keeps more. */
#define CAPTURE_SIZE_DEFAULT (1u << 20)
/* Bytes of log kept for one execution of a node. */
#define LOG_SIZE_MAX (128u << 20)
/* Bytes of the name of a node, pipeline, variable, input or output. */
#define NAME_SIZE_MAX (16u << 10)

#endif
