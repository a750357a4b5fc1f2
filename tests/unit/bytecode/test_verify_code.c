/* Rules 30 to 39 of docs/artifact.md: each is broken by a single word of the sample. */
#include "tests/unit/bytecode/support.h"

#define NODE(node, field, value) ROW(NODES, SAMPLE_##node, image_node, field, value)

static const struct poke CODE_ROWS[] = {
    {"30: the first node begins with the code", NODE(START, entry, 1),
     "flow.bbc: node 0 'start': its code does not lie between that of the nodes beside it"},
    {"30: nodes begin where the node before ends", NODE(BUILD, entry, 7),
     "flow.bbc: node 1 'set': its code does not lie between that of the nodes beside it"},
    {"30: the last node's code is there", NODE(SUB_END, entry, 67),
     "flow.bbc: node 13 'start': its code does not lie between that of the nodes beside it"},
    {"31: opcodes are known", SECTION_CODE, SAMPLE_SET, 1, 0, 0xFF,
     "flow.bbc: node 1 'set': instruction 8 (?): the opcode 255 is not known"},
    {"31: opcodes are known where no way leads too", SECTION_CODE, SAMPLE_SOME, 9, 0, 0xFE,
     "flow.bbc: node 9 'some': instruction 47 (?): the opcode 254 is not known"},
    {"32: only an activity executes", CODE(SET, 1, EXECUTE, 0),
     "flow.bbc: node 1 'set': instruction 8 (EXECUTE): it may not stand here"},
    {"32: only a subprocess calls a pipeline", CODE(BUILD, 4, CALL_PIPELINE, 0),
     "flow.bbc: node 2 'build': instruction 15 (CALL_PIPELINE): it may not stand here"},
    {"32: only an exclusive gateway chooses", CODE(SOME, 11, CHOOSE_ONLY, 1),
     "flow.bbc: node 9 'some': instruction 49 (CHOOSE_ONLY): it may not stand here"},
    {"32: only a parallel gateway forks", CODE(JOIN, 1, FORK, 0),
     "flow.bbc: node 8 'join': instruction 37 (FORK): it may not stand here"},
    {"32: only an inclusive gateway forks on conditions", CODE(FORK, 1, FORK_WHEN, 2),
     "flow.bbc: node 5 'fork': instruction 27 (FORK_WHEN): it may not stand here"},
    {"32: a fork is not simply left", CODE(FORK, 1, LEAVE, 8),
     "flow.bbc: node 5 'fork': instruction 27 (LEAVE): it may not stand here"},
    {"32: only an end ends the pipeline", CODE(SET, 2, END_PIPELINE, 0),
     "flow.bbc: node 1 'set': instruction 9 (END_PIPELINE): it may not stand here"},
    {"32: only a control node controls", CODE(SET, 2, REVOKE_RUN, 0),
     "flow.bbc: node 1 'set': instruction 9 (REVOKE_RUN): it may not stand here"},
    {"32: a flow does not halt", CODE(SET, 3, HALT, 0),
     "flow.bbc: node 1 'set': instruction 10 (HALT): it may not stand here"},
    {"33: NONE is 0", CODE(START, 2, IS_SET, 1),
     "flow.bbc: node 0 'start': instruction 2 (IS_SET): its operand is not 0"},
    {"33: CONSTANT is there", CODE(SET, 1, CONSTANT, 999),
     "flow.bbc: node 1 'set': instruction 8 (CONSTANT): there is no constant 999"},
    {"33: STRING is a string", CODE(CHOOSE, 2, TRY_FIELD, 999),
     "flow.bbc: node 4 'choose': instruction 21 (TRY_FIELD): constant 999 is no string"},
    {"33: VARIABLE is one of the pipeline", CODE(SET, 2, ASSIGN, 3),
     "flow.bbc: node 1 'set': instruction 9 (ASSIGN): there is no variable 3"},
    {"33: NODE is one of the pipeline", CODE(CHOOSE, 1, TRY_OUTPUTS, SAMPLE_SUB_END),
     "flow.bbc: node 4 'choose': instruction 20 (TRY_OUTPUTS): node 14 is not one of the same "
     "pipeline"},
    {"33: FLOW leaves the node", CODE(SET, 3, LEAVE, 2),
     "flow.bbc: node 1 'set': instruction 10 (LEAVE): flow 2 does not leave the node"},
    {"33: LOCAL is below the limit", CODE(SOME, 2, STORE_LOCAL, 64),
     "flow.bbc: node 9 'some': instruction 40 (STORE_LOCAL): there is no local 64"},
    {"33: LOCAL of an iteration is three", CODE(SOME, 4, BEGIN_ITERATION, 62),
     "flow.bbc: node 9 'some': instruction 42 (BEGIN_ITERATION): there is no local 64"},
    {"33: LOCAL of a step of it is three", CODE(SOME, 5, ITERATE, 62),
     "flow.bbc: node 9 'some': instruction 43 (ITERATE): there is no local 64"},
    {"33: TARGET is behind the node's ENTER", CODE(SET, 3, JUMP, 7),
     "flow.bbc: node 1 'set': instruction 10 (JUMP): the jump to instruction 7 leaves the node"},
    {"33: TARGET is in the node", CODE(SET, 3, JUMP, 11),
     "flow.bbc: node 1 'set': instruction 10 (JUMP): the jump to instruction 11 leaves the node"},
    {"33: COUNT is that of the conditional flows", CODE(CHOOSE, 6, CHOOSE_ONLY, 1),
     "flow.bbc: node 4 'choose': instruction 25 (CHOOSE_ONLY): the node has 2 conditional flows, "
     "not 1"},
    {"33: CALL is of a function", CODE(CHOOSE, 5, CALL, 1 << 8 | 1),
     "flow.bbc: node 4 'choose': instruction 24 (CALL): there is no function 1"},
    {"33: CALL of a method has a value", CODE(CHOOSE, 5, CALL, 0),
     "flow.bbc: node 4 'choose': instruction 24 (CALL): the method '.upper' needs a value"},
    {"33: COMPONENT is the node's", CODE(BUILD, 4, EXECUTE, 1),
     "flow.bbc: node 2 'build': instruction 15 (EXECUTE): its operand 1 is not the node's "
     "companion 0"},
    {"33: PIPELINE is the node's", CODE(CALL, 2, CALL_PIPELINE, 0),
     "flow.bbc: node 6 'call': instruction 30 (CALL_PIPELINE): its operand 0 is not the node's "
     "companion 1"},
    {"34: a node begins with ENTER", CODE(SET, 0, MAKE_MAP, 0),
     "flow.bbc: node 1 'set': instruction 7 (MAKE_MAP): the node does not begin with ENTER"},
    {"34: ENTER names its node", CODE(SET, 0, ENTER, SAMPLE_BUILD),
     "flow.bbc: node 1 'set': instruction 7 (ENTER): it may only begin node 1, and name that"},
    {"34: ENTER stands nowhere else", CODE(SET, 2, ENTER, SAMPLE_SET),
     "flow.bbc: node 1 'set': instruction 9 (ENTER): it may only begin node 1, and name that"},
    {"35: what is popped is there", CODE(SET, 1, POP, 0),
     "flow.bbc: node 1 'set': instruction 8 (POP): it pops 1 from a stack of 0"},
    {"35: what is counted is there", CODE(BUILD, 3, MAKE_MAP, 2),
     "flow.bbc: node 2 'build': instruction 14 (MAKE_MAP): it pops 4 from a stack of 2"},
    {"35: no count is too large", CODE(BUILD, 3, MAKE_LIST, 0xFFFFFF),
     "flow.bbc: node 2 'build': instruction 14 (MAKE_LIST): it pops 16777215 from a stack of 2"},
    {"36: every way has the same depth", CODE(START, 5, DUPLICATE, 0),
     "flow.bbc: node 0 'start': instruction 5 (DUPLICATE): instruction 6 is reached with 0 and "
     "with 2 values on the stack"},
    {"36: a loop has the same depth", CODE(SOME, 8, LOAD_LOCAL, 0),
     "flow.bbc: node 9 'some': instruction 47 (JUMP): instruction 43 is reached with 0 and with 2 "
     "values on the stack"},
    {"37: a node is left with an empty stack", CODE(SET, 2, DUPLICATE, 0),
     "flow.bbc: node 1 'set': instruction 10 (LEAVE): it leaves 2 on the stack, which must be "
     "empty"},
    {"37: a component is executed with an empty stack", CODE(BUILD, 3, DUPLICATE, 0),
     "flow.bbc: node 2 'build': instruction 15 (EXECUTE): it leaves 2 on the stack, which must be "
     "empty"},
    {"37: a pipeline is ended with an empty stack", CODE(END, 3, DUPLICATE, 0),
     "flow.bbc: node 12 'end': instruction 60 (END_PIPELINE): it leaves 2 on the stack, which must "
     "be empty"},
    {"38: no way leads back before the execution", CODE(BUILD, 5, JUMP, 12),
     "flow.bbc: node 2 'build': instruction 16 (JUMP): instruction 12 is reached both before and "
     "after the node's execution"},
    {"39: no way goes on behind the node", CODE(SET, 3, CONSTANT, 0),
     "flow.bbc: node 1 'set': instruction 10 (CONSTANT): the code goes on behind its last "
     "instruction"},
};

int main(void)
{
    return RUN_ROWS(CODE_ROWS, a_changed_word_is_refused);
}
