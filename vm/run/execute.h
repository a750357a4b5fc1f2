/* Every instruction has a function execute_<name>(machine, operand): the interpreter's switch is
 * made from bytecode/instructions.def, so that a missing one does not link. Those on values are in
 * execute_value.h and .c; the others are declared here, by family. */
#ifndef VM_RUN_EXECUTE_H
#define VM_RUN_EXECUTE_H

#include "vm/run/interpreter.h"

/* execute_node.c */
enum step execute_ENTER(struct interpreter *machine, uint32_t operand);
enum step execute_ASSIGN(struct interpreter *machine, uint32_t operand);
enum step execute_EXECUTE(struct interpreter *machine, uint32_t operand);
enum step execute_CALL_PIPELINE(struct interpreter *machine, uint32_t operand);
enum step execute_LEAVE(struct interpreter *machine, uint32_t operand);
enum step execute_FAIL(struct interpreter *machine, uint32_t operand);
enum step execute_END_PIPELINE(struct interpreter *machine, uint32_t operand);

/* execute_gateway.c */
enum step execute_CHOOSE_ONLY(struct interpreter *machine, uint32_t operand);
enum step execute_FORK(struct interpreter *machine, uint32_t operand);
enum step execute_FORK_WHEN(struct interpreter *machine, uint32_t operand);

/* execute_control.c */
enum step execute_PAUSE_RUN(struct interpreter *machine, uint32_t operand);
enum step execute_RESUME_RUN(struct interpreter *machine, uint32_t operand);
enum step execute_REVOKE_RUN(struct interpreter *machine, uint32_t operand);
enum step execute_PAUSE_NODE(struct interpreter *machine, uint32_t operand);
enum step execute_RESUME_NODE(struct interpreter *machine, uint32_t operand);
enum step execute_RETRY_NODE(struct interpreter *machine, uint32_t operand);
enum step execute_SKIP_NODE(struct interpreter *machine, uint32_t operand);
enum step execute_RETRY_SUBPROCESS(struct interpreter *machine, uint32_t operand);
enum step execute_SKIP_EXCLUSIVE(struct interpreter *machine, uint32_t operand);
enum step execute_SKIP_INCLUSIVE(struct interpreter *machine, uint32_t operand);
enum step execute_FAIL_NODE(struct interpreter *machine, uint32_t operand);
enum step execute_CALLBACK_NODE(struct interpreter *machine, uint32_t operand);
enum step execute_HALT(struct interpreter *machine, uint32_t operand);

/* execute_context.c */
enum step execute_RENDER(struct interpreter *machine, uint32_t operand);
enum step execute_RENDER_INPUTS(struct interpreter *machine, uint32_t operand);
enum step execute_TEST_RULE(struct interpreter *machine, uint32_t operand);
enum step execute_LOAD_CONTEXT(struct interpreter *machine, uint32_t operand);
enum step execute_PRE_RENDER(struct interpreter *machine, uint32_t operand);

/* execute_rollback.c */
enum step execute_DETACH(struct interpreter *machine, uint32_t operand);
enum step execute_ROLL_BACK(struct interpreter *machine, uint32_t operand);
enum step execute_RESERVE_ROLLBACK(struct interpreter *machine, uint32_t operand);
enum step execute_CANCEL_ROLLBACK(struct interpreter *machine, uint32_t operand);

#endif
