/* A function that stays one: what is called on a hot path but seldom needed there. Inlined, it
 * would make each pass save the registers that only it uses. */
#ifndef BASE_APART_H
#define BASE_APART_H

#define APART __attribute__((noinline))

#endif
