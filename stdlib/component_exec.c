#include "base/text.h"
#include "base/value.h"
#include "stdlib/c_strings.h"
#include "stdlib/component_list.h"
#include "stdlib/inputs.h"
#include "stdlib/process.h"

static const struct bamboo_input INPUTS[] = {
    {.name = "argv",
     .type = "list",
     .required = true,
     .documentation = "The program and its arguments, a word each; the program is looked up in "
                      "PATH."},
    PROCESS_INPUTS,
};

static const struct bamboo_output OUTPUTS[] = {PROCESS_OUTPUTS};

/* One word a value: texts as they are, numbers and the like as text. NULL, or why it cannot be. */
static const char *append_words(struct c_strings *words, struct bamboo_value argv)
{
    const char *failure = NULL;
    for (size_t i = 0; i < bamboo_list_count(argv) && !failure; i++) {
        struct text text = {0};
        struct bamboo_value value = bamboo_list_at(argv, i);
        value_append_text(&text, value);
        if (value.type == BAMBOO_LIST || value.type == BAMBOO_MAP || value.type == BAMBOO_NULL)
            failure = "the words of a command are strings or numbers";
        else
            failure = c_strings_append(words, &text);
        text_release(&text);
    }
    return failure;
}

static enum bamboo_outcome execute(struct bamboo_activity *activity)
{
    struct c_strings words = {0};
    if (!inputs_fit(activity, INPUTS, sizeof INPUTS / sizeof *INPUTS)) return BAMBOO_FAILURE;
    struct bamboo_value argv = bamboo_activity_input(activity, "argv");
    if (bamboo_list_count(argv) == 0)
        return bamboo_activity_fail(activity, "exec wants at least the program to run");
    const char *failure = append_words(&words, argv);
    enum bamboo_outcome outcome = failure
                                      ? bamboo_activity_fail(activity, "%s", failure)
                                      : process_start(activity, (const char *const *)words.items);
    c_strings_release(&words);
    return outcome;
}

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
