#include "cli/options.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/memory.h"
#include "cli/output.h"
#include "include/bamboo.h"

static const struct option_info OPTIONS[] = {
#define OPTION(id, name, letter, argument, words, help) {name, letter, argument, words, help},
#include "cli/options.def"
#undef OPTION
};

static_assert(OPTION_COUNT <= 64, "a command's options are bits of 64");

/* What getopt_long() returns for option i: never a letter. */
#define LONG_BASE 256

/* What getopt_long() is told: an array of its own kind and its text of letters. */
struct getopt_tables {
    struct option options[OPTION_COUNT + 1];
    char letters[2 + 2 * OPTION_COUNT + 1];
};

const struct option_info *option_info(enum option_id option)
{
    return &OPTIONS[option];
}

static void fill_tables(struct getopt_tables *tables, uint64_t allowed, const char *mode)
{
    size_t count = 0, size = strlen(mode);
    *tables = (struct getopt_tables){0};
    memcpy(tables->letters, mode, size);
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option_info *info = &OPTIONS[i];
        if (!(allowed & OPTION_BIT(i))) continue;
        tables->options[count++] = (struct option){
            .name = info->name,
            .has_arg = info->argument ? required_argument : no_argument,
            .val = LONG_BASE + i,
        };
        if (!info->letter) continue;
        tables->letters[size++] = info->letter;
        if (info->argument) tables->letters[size++] = ':';
    }
}

static int option_of_letter(int letter, uint64_t allowed)
{
    for (int i = 0; i < OPTION_COUNT; i++)
        if ((allowed & OPTION_BIT(i)) && OPTIONS[i].letter == letter) return i;
    return OPTION_COUNT;
}

/* The place of `text` in "tty|plain|json", counted from 0; -1: it is not there. */
static int word_index(const char *words, const char *text)
{
    size_t size = strlen(text);
    for (int i = 0;; i++) {
        size_t word = strcspn(words, "|");
        if (word == size && memcmp(words, text, size) == 0) return i;
        if (words[word] == '\0') return -1;
        words += word + 1;
    }
}

static bool check_word(const struct option_info *info, const char *argument)
{
    if (!info->words || word_index(info->words, argument) >= 0) return true;
    complain("--%s cannot be '%s'; it is one of %s", info->name, argument, info->words);
    return false;
}

static bool add_given(struct invocation *invocation, int option, const char *argument)
{
    if (!check_word(&OPTIONS[option], argument)) return false;
    if (!grow((void **)&invocation->given, &invocation->given_capacity, invocation->given_count + 1,
              sizeof *invocation->given)) {
        complain("out of memory");
        return false;
    }
    invocation->given[invocation->given_count++] =
        (struct given_option){(enum option_id)option, argument};
    return true;
}

/* Says what is wrong with the option that getopt_long() stumbled over. */
static void complain_unknown(const struct invocation *invocation, const char *word, int letter,
                             uint64_t allowed)
{
    const char *names[OPTION_COUNT];
    size_t count = 0;
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    for (int i = 0; i < OPTION_COUNT; i++)
        if (allowed & OPTION_BIT(i)) names[count++] = OPTIONS[i].name;
    const char *command = invocation->command ? invocation->command->name : "";
    const char *space = invocation->command ? " " : "";
    if (letter > 0 && letter < LONG_BASE) {
        complain("unknown option -%c; see: bamboo%s%s --help", letter, space, command);
    } else if (letter >= LONG_BASE) {
        complain("option %s takes no argument", word);
    } else {
        const char *nearest = bamboo_nearest_name(name + strspn(name, "-"), names, count);
        if (nearest)
            complain("unknown option %s; did you mean --%s?", name, nearest);
        else
            complain("unknown option %s; see: bamboo%s%s --help", name, space, command);
    }
}

/* Reads options as far as `mode` says; false after a complaint. */
static bool read_options(struct invocation *invocation, int argc, char *argv[], uint64_t allowed,
                         const char *mode)
{
    struct getopt_tables tables;
    fill_tables(&tables, allowed, mode);
    opterr = 0;
    optind = 0; /* glibc: forget the arguments that were read before */
    for (;;) {
        int answer = getopt_long(argc, argv, tables.letters, tables.options, NULL);
        if (answer == -1) return true;
        if (answer == '?') {
            complain_unknown(invocation, argv[optind - 1], optopt, allowed);
            return false;
        }
        int option = answer >= LONG_BASE ? answer - LONG_BASE : option_of_letter(answer, allowed);
        if (answer == ':' || option == OPTION_COUNT) {
            complain("option %s needs an argument", argv[optind - 1]);
            return false;
        }
        if (!add_given(invocation, option, optarg)) return false;
    }
}

int options_read_global(struct invocation *invocation, int argc, char *argv[])
{
    uint64_t allowed = OPTIONS_GLOBAL | OPTION_BIT(OPTION_TOP_VERSION);
    return read_options(invocation, argc, argv, allowed, "+:") ? optind : 0;
}

/* The operand with this index as usage names it: NODE of "RUN [NODE]"; a list goes on for ever. */
static int operand_name(const char *operands, size_t index, const char **name)
{
    static const char BESIDE[] = "[]. ";
    for (*name = operands + strspn(operands, BESIDE); index > 0; index--) {
        const char *next = *name + strcspn(*name, BESIDE);
        next += strspn(next, BESIDE);
        if (*next) *name = next;
    }
    return (int)strcspn(*name, BESIDE);
}

static bool check_operands(const struct invocation *invocation)
{
    const struct command *command = invocation->command;
    const char *name;
    int size = operand_name(command->operands, invocation->operand_count, &name);
    bool few = invocation->operand_count < command->operand_min;
    bool many = invocation->operand_count > command->operand_max;
    const char *space = *command->operands ? " " : "";
    if (few)
        complain("%s: %.*s is missing; usage: bamboo %s %s", command->name, size, name,
                 command->name, command->operands);
    if (many)
        complain("%s: '%s' is too much; usage: bamboo %s%s%s", command->name,
                 invocation->operands[command->operand_max], command->name, space,
                 command->operands);
    return !few && !many;
}

bool options_read_command(struct invocation *invocation, int argc, char *argv[])
{
    uint64_t allowed = OPTIONS_GLOBAL | invocation->command->options;
    if (!read_options(invocation, argc, argv, allowed, ":")) return false;
    invocation->operands = argv + optind;
    invocation->operand_count = (size_t)(argc - optind);
    return option_given(invocation, OPTION_HELP) || check_operands(invocation);
}

void invocation_release(struct invocation *invocation)
{
    free(invocation->given);
    *invocation = (struct invocation){0};
}

bool option_given(const struct invocation *invocation, enum option_id option)
{
    for (size_t i = 0; i < invocation->given_count; i++)
        if (invocation->given[i].option == option) return true;
    return false;
}

const char *option_text(const struct invocation *invocation, enum option_id option)
{
    const char *text = NULL;
    for (size_t i = 0; i < invocation->given_count; i++)
        if (invocation->given[i].option == option) text = invocation->given[i].argument;
    return text;
}

const char *option_next(const struct invocation *invocation, enum option_id option, size_t *cursor)
{
    while (*cursor < invocation->given_count) {
        const struct given_option *given = &invocation->given[(*cursor)++];
        if (given->option == option) return given->argument;
    }
    return NULL;
}

const char *operand(const struct invocation *invocation, size_t index)
{
    return index < invocation->operand_count ? invocation->operands[index] : NULL;
}

int option_choice(const struct invocation *invocation, enum option_id option, int otherwise)
{
    const char *text = option_text(invocation, option);
    return text ? word_index(OPTIONS[option].words, text) : otherwise;
}
