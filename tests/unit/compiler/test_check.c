/* What is wrong is told, in the right place and only once; what is right is not. */
#include "support.h"

struct check_case {
    const char *promise;
    const char *source;
    const char *told; /* "code code ..." in order of the source */
};

#define PIPELINE(body) "pipeline p(a: bool, n: int, s: string, l: list, m: map) {\n" body "\n}\n"

static const struct check_case CHECKS[] = {
    /* names */
    {"a parameter is known", PIPELINE("x = s"), ""},
    {"a slip is told", PIPELINE("x = ss"), "E0301"},
    {"a name that is unknown twice is told twice", PIPELINE("x = y\nz = y"), "E0301 E0301"},
    {"a broken call does not cascade", PIPELINE("x = shel(\"a\")\ny = x.stdout"), "E0304"},
    {"a broken argument does not make an input missing", PIPELINE("shell(comand: \"a\")"), "E0302"},
    {"all components may be called", PIPELINE("exec(\"a\", s, cwd: s)\nanything(q: 1, z: 2)"), ""},
    {"any output may be read of some", PIPELINE("x = anything()\ny = x.whatever"), ""},
    {"common outputs may be read",
     PIPELINE("x = shell(\"${s}\")\ny = x.ex_data\nz = x._forced_failed"), ""},
    {"comprehensions have names", PIPELINE("x = [e for e in l if e != s]"), ""},
    {"which end with them", PIPELINE("x = [e for e in l]\ny = e"), "E0301"},
    {"nested comprehensions see each other", PIPELINE("x = [[e + f for f in l] for e in l]"), ""},
    /* types */
    {"a union that may fit is not told", PIPELINE("x = s if a else n\ny = x + 1"), ""},
    {"a variable set once has its type", PIPELINE("x = 1\ny = x + s"), "E0401"},
    {"a variable set twice may be anything", PIPELINE("x = 1\nx = s\ny = x + s"), ""},
    {"an output has its type", PIPELINE("x = shell(\"${s}\")\ny = x.exit_code + s"), "E0401"},
    {"a mistake inside is told once", PIPELINE("x = (s + n) + (s + n) * 2"), "E0401 E0401"},
    {"a duration input takes a duration", PIPELINE("shell(\"${s}\", grace: 3s)"), ""},
    {"a duration input takes no int", PIPELINE("shell(\"${s}\", grace: 3)"), "E0401"},
    {"raw is known inside a shell text", PIPELINE("shell(\"a ${raw(s)}\")"), ""},
    {"raw is unknown inside of an argument", PIPELINE("shell(\"a ${raw(s) + s}\")"), "E0506"},
    {"raw takes one value", PIPELINE("shell(\"a ${raw(s, s)}\")"), "E0310"},
    {"raw may be the command", PIPELINE("shell(raw(s))"), ""},
    {"a command may be chosen", PIPELINE("shell(\"a\" if n > 1 else raw(s))"), ""},
    {"data cannot be a command", PIPELINE("shell(s)"), "E0406"},
    {"data cannot be a part of one", PIPELINE("shell(\"a \" + s)"), "E0406"},
    {"nor be formatted into one", PIPELINE("shell(\"a %s\" % s)"), "E0406"},
    {"nor be chosen", PIPELINE("shell(\"a\" if n > 1 else s)"), "E0406"},
    /* set on every way */
    {"all arms set it", PIPELINE("if a { x = 1 } else { x = 2 }\ny = x"), ""},
    {"an arm that ends does not count", PIPELINE("if a { x = 1 } else { end }\ny = x"), ""},
    {"an arm that fails does not count",
     PIPELINE("if a { x = 1 } else { y = 2\nfail \"m\" }\nz = x"), ""},
    {"what it sets does not count", PIPELINE("if a { x = 1 } else { y = 2\nfail \"m\" }\nz = y"),
     "E0501"},
    {"nor does an arm that revokes", PIPELINE("if a { x = 1 } else { revoke }\ny = x"), ""},
    {"a gap counts", PIPELINE("if a { fail \"m\" }\nelse if n > 1 { x = 1 }\ny = x"), "E0501"},
    {"a join behind a failure is behind it",
     PIPELINE("if a { x = 1 } else { parallel { fail \"m\"\ny = 1 } }\nz = x"), ""},
    {"a handler that fails is not the call",
     PIPELINE("shell(\"a\") { on fail { fail \"m\" } }\ny = x\nx = 1"), "E0501"},
    {"an arm that fails needs no outputs",
     "pipeline p(a: bool) -> x { if a { x = 1 } else { fail \"m\" } }", ""},
    {"nested arms count",
     PIPELINE("if a { if n > 1 { x = 1 } else { x = 3 } } else { x = 2 }\ny = x"), ""},
    {"one arm of two does not", PIPELINE("if a { if n > 1 { x = 1 } } else { x = 2 }\ny = x"),
     "E0501"},
    {"it is told once for a name", PIPELINE("if a { x = 1 }\ny = x\nz = x"), "E0501"},
    {"exclusive needs no default to set it",
     PIPELINE("exclusive { when a { x = 1 }\nwhen not a { x = 2 } }\ny = x"), ""},
    {"a join has all of its branches", PIPELINE("parallel { x = 1\ny = 2 }\nz = x + y"), ""},
    {"a branch does not see another", PIPELINE("parallel { x = 1\n{ y = x } }"), "E0501"},
    {"a loop runs at least once", PIPELINE("repeat up to 2 times { x = 1 } until x > 0\ny = x"),
     ""},
    {"inclusive sets nothing for sure", PIPELINE("inclusive { when a { x = 1 } }\ny = x"), "E0501"},
    {"?? allows for it", PIPELINE("if a { x = {} }\ny = x.b[0].c ?? 1\nz = x?.b"), ""},
    {"?? does not allow for what is deeper", PIPELINE("if a { x = \"\" }\ny = x.upper() ?? 1"),
     "E0501"},
    {"a handler sees the node", PIPELINE("x = shell(\"${s}\") { on fail { y = x.ex_data } }"), ""},
    {"what a handler sets may not be set", PIPELINE("shell(\"${s}\") { on fail { y = 1 } }\nz = y"),
     "E0501"},
    /* flow */
    {"one variable, two branches", PIPELINE("parallel { x = 1\nx = 2 }"), "E0505"},
    {"one variable, one branch", PIPELINE("parallel { { x = 1\nx = 2 }\ny = 2 }"), ""},
    {"one variable, two arms", PIPELINE("if a { x = 1 } else { x = 2 }"), ""},
    {"branches of a branch", PIPELINE("parallel { { parallel { x = 1\ny = 1 } }\nx = 2 }"),
     "E0505"},
    {"what follows end cannot run", PIPELINE("end\nx = 1\ny = 2"), "E0502"},
    {"what follows fail can, after a skip", PIPELINE("fail \"a\"\nx = 1"), ""},
    {"forever with a condition ends", PIPELINE("repeat forever { x = 1 } until a\ny = x"), ""},
    {"an endless branch never joins",
     PIPELINE("parallel { { repeat forever { shell(\"${s}\") } }\nx = 1 }\ny = 1"), "E0502"},
    {"a bound or forever", PIPELINE("repeat { x = 1 } until a"), "E0503"},
    {"itself", "pipeline p() { p() }", "E0504"},
    {"a diamond of calls is no recursion",
     "pipeline p() { q()\nr() }\npipeline q() { r() }\npipeline r() { }", ""},
    {"a statement that is not parsed hides nothing else", PIPELINE("x = = 3\ny = shell(comand: s)"),
     "E0201 E0302"},
    {"what a broken statement may have set is not unknown", PIPELINE("x = = 3\ny = x"), "E0201"},
};

/* The codes in "[E0302]" at the ends of lines. */
static void codes_of(const char *printed, struct text *out)
{
    for (const char *at = printed; (at = strchr(at, '[')) != NULL; at++) {
        bool is_code = (at[1] == 'E' || at[1] == 'W') && strlen(at) > 6 && at[6] == ']';
        if (!is_code) continue;
        if (out->size > 0) text_append_character(out, ' ');
        text_append(out, at + 1, 5);
    }
}

static void mistakes_are_told_as_promised(void **state)
{
    const struct check_case *expected = *state;
    struct compiled compiled = compile_text(expected->source);
    struct text codes = {0};
    codes_of(text_string(&compiled.diagnostics), &codes);
    if (strcmp(text_string(&codes), expected->told) != 0)
        fail_msg("told: %s\n%s", text_string(&codes), text_string(&compiled.diagnostics));
    assert_int_equal(compiled.status, *expected->told ? BAMBOO_E_SOURCE : BAMBOO_OK);
    if (compiled.status == BAMBOO_OK) {
        struct program *program = NULL;
        if (program_load(compiled.image, compiled.size, "test", &program, &compiled.error))
            fail_msg("%s", compiled.error.message);
        program_release(program);
    }
    text_release(&codes);
    compiled_release(&compiled);
}

int main(void)
{
    return RUN_ROWS(CHECKS, mistakes_are_told_as_promised);
}
