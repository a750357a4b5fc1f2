#include "stdlib/component_list.h"
#include "stdlib/inputs.h"
#include "stdlib/process.h"

static const struct bamboo_input INPUTS[] = {
    {.name = "command",
     .type = "string",
     .required = true,
     .syntax = BAMBOO_SYNTAX_SHELL,
     .documentation = "What the shell executes; each ${value} in it is quoted as a word, a list as "
                      "several."},
    {.name = "shell",
     .type = "string",
     .default_json = "\"/bin/sh\"",
     .documentation =
         "The shell, one that quotes as sh does (bash, dash, zsh); it is called with -c."},
    PROCESS_INPUTS,
};

static const struct bamboo_output OUTPUTS[] = {PROCESS_OUTPUTS};

static enum bamboo_outcome execute(struct bamboo_activity *activity)
{
    bool failed = false;
    if (!inputs_fit(activity, INPUTS, sizeof INPUTS / sizeof *INPUTS)) return BAMBOO_FAILURE;
    const char *command = input_c_string(activity, "command", &failed);
    const char *shell = failed ? NULL : input_c_string(activity, "shell", &failed);
    if (failed) return BAMBOO_FAILURE;
    const char *argv[] = {shell ? shell : "/bin/sh", "-c", command, NULL};
    return process_start(activity, argv);
}

const struct bamboo_component STDLIB_shell = {
    .abi_version = BAMBOO_COMPONENT_ABI,
    .code = "shell",
    .summary = "runs a command of the shell",
    .documentation =
        "Runs the command in a process group of its own and keeps what it prints. A non-zero exit "
        "code fails the node unless ok_codes has it. Values are spliced in as words, so data can "
        "never become code; raw(x) opts out. The environment has BAMBOO_RUN, BAMBOO_NODE and "
        "BAMBOO_ATTEMPT, which is the same when an interrupted execution is started again. "
        "Example: "
        "`build = shell(\"make dist VERSION=${version}\") { timeout 20m }`, then `build.stdout`.",
    .kind = BAMBOO_KIND_PLAIN,
    .effect = BAMBOO_EFFECT_EXTERNAL,
    STDLIB_INPUTS(INPUTS),
    STDLIB_OUTPUTS(OUTPUTS),
    .execute = execute,
};
