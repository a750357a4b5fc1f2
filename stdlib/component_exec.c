#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/value.h"
#include "stdlib/component_list.h"
#include "stdlib/process.h"

static void free_words(char **words)
{
    for (size_t i = 0; words && words[i]; i++)
        memory_free(words[i]);
    memory_free(words);
}

/* One word a value: texts as they are, numbers and the like as text. NULL, with the reason, if a
 * value cannot be a word. */
static char **make_words(struct bamboo_value argv, const char **failure)
{
    size_t count = bamboo_list_count(argv);
    char **words = memory_allocate_zeroed(count + 1, sizeof *words);
    *failure = words ? NULL : "out of memory";
    for (size_t i = 0; i < count && !*failure; i++) {
        struct text text = {0};
        struct bamboo_value value = bamboo_list_at(argv, i);
        if (value.type == BAMBOO_LIST || value.type == BAMBOO_MAP || value.type <= BAMBOO_NULL)
            *failure = "the words of a command are texts or numbers";
        else
            value_append_text(&text, value);
        if (!*failure && !text.failed) words[i] = memory_copy_text(text_string(&text), text.size);
        if (!*failure && !words[i])
            *failure = "out of memory";
        else if (!*failure && strlen(words[i]) != text.size)
            *failure = "a word of the command has a NUL in it";
        text_release(&text);
    }
    if (!*failure) return words;
    free_words(words);
    return NULL;
}

static enum bamboo_outcome execute(struct bamboo_activity *activity)
{
    const char *failure;
    struct bamboo_value argv = bamboo_activity_input(activity, "argv");
    if (argv.type != BAMBOO_LIST || bamboo_list_count(argv) == 0)
        return bamboo_activity_fail(activity, "argv is a list with at least the program in it");
    char **words = make_words(argv, &failure);
    if (!words) return bamboo_activity_fail(activity, "%s", failure);
    enum bamboo_outcome outcome = process_start(activity, (const char *const *)words);
    free_words(words);
    return outcome;
}

static const struct bamboo_input INPUTS[] = {
    {.name = "argv",
     .type = "list",
     .required = true,
     .documentation = "The program and its arguments, a word each; the program is looked up in "
                      "PATH."},
    PROCESS_INPUTS,
};

static const struct bamboo_output OUTPUTS[] = {PROCESS_OUTPUTS};

const struct bamboo_component STDLIB_exec = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "exec",
    .summary = "runs a program with arguments, without a shell",
    .documentation =
        "As `shell`, but the words go to the program as they are: nothing is split, expanded or "
        "quoted. Example: `exec(\"tar\", \"czf\", name, folder, cwd: \"/srv\")`.",
    .kind = BAMBOO_KIND_PLAIN,
    .effect = BAMBOO_EFFECT_EXTERNAL,
    STDLIB_INPUTS(INPUTS),
    .variadic_input = "argv",
    STDLIB_OUTPUTS(OUTPUTS),
    .execute = execute,
};
