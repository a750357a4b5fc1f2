/* What was given on the command line. getopt_long() reads it, driven by the table in options.def;
 * this page is how a command asks. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_id {
#define OPTION(id, name, letter, argument, words, help) OPTION_##id,
#include "cli/options.def"
#undef OPTION
    OPTION_COUNT
};

#define OPTION_BIT(id) (UINT64_C(1) << (id))

/* Taken before the command and after it. */
#define OPTIONS_GLOBAL \
    (OPTION_BIT(OPTION_HELP) | OPTION_BIT(OPTION_STORE) | OPTION_BIT(OPTION_DURABILITY) | \
     OPTION_BIT(OPTION_PLUGIN) | OPTION_BIT(OPTION_COLOR))

struct option_info {
    const char *name;
    char letter;          /* 0: none */
    const char *argument; /* as help shows it; NULL: takes none */
    const char *words;    /* what the argument may be, "tty|plain"; NULL: anything */
    const char *help;
};

const struct option_info *option_info(enum option_id option);

struct invocation;

/* A row of commands.def: what a command takes, and what it says of itself. */
struct command {
    const char *name;
    const char *operands; /* as usage shows them */
    unsigned operand_min, operand_max;
    uint64_t options; /* bit i: option i, beside the global ones */
    const char *summary;
    const char *example;
    int (*perform)(const struct invocation *invocation); /* gives the exit code */
};

struct given_option {
    enum option_id option;
    const char *argument;
};

struct invocation {
    const struct command *command; /* NULL: none was given */
    char *const *operands;         /* what is no option, after the command */
    size_t operand_count;
    struct given_option *given; /* in order; owned */
    size_t given_count, given_capacity;
};

/* Reads the options at the front of the arguments, up to the command's name; returns the index of
 * it (argc: none). 0: wrong usage, which was told. */
int options_read_global(struct invocation *invocation, int argc, char *argv[]);

/* Reads what follows the command's name at argv[0]; the command must be set. False: wrong usage,
 * which was told. */
bool options_read_command(struct invocation *invocation, int argc, char *argv[]);

void invocation_release(struct invocation *invocation);

bool option_given(const struct invocation *invocation, enum option_id option);

/* The argument of the last one; NULL if it was not given. */
const char *option_text(const struct invocation *invocation, enum option_id option);

/* The next argument of a repeated option from *cursor (0 at first) on; NULL: no more. */
const char *option_next(const struct invocation *invocation, enum option_id option, size_t *cursor);

/* The operand with this index; NULL if it was not given. */
const char *operand(const struct invocation *invocation, size_t index);

/* Which of the option's words its argument is, counted from 0; `otherwise` if it was not given. */
int option_choice(const struct invocation *invocation, enum option_id option, int otherwise);

#endif
