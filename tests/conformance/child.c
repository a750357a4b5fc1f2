#include "tests/conformance/child.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A child that takes longer hangs. */
#define CHILD_SECONDS_MAX 60

static enum bamboo_status fail_with(struct bamboo_error *error, const char *what, int number)
{
    *error = (struct bamboo_error){.status = BAMBOO_E_IO};
    snprintf(error->message, sizeof error->message, "%s%s", what, number ? strerror(number) : "");
    return error->status;
}

/* --- In the child --- */

/* The answer is JSON: {"answer": ...} or {"error": the sentence}. */
static void answer(FILE *stream, enum bamboo_status status, struct bamboo_value value,
                   const struct bamboo_error *error)
{
    struct bamboo_map_builder map;
    struct bamboo_value message, text;
    bamboo_map_builder_init(&map);
    if (status == BAMBOO_OK)
        bamboo_map_builder_set_take(&map, "answer", bamboo_value_retain(value));
    else
        bamboo_map_builder_set_text(&map, "error", error->message);
    if (bamboo_map_builder_finish(&map, &message, NULL) != BAMBOO_OK) return;
    if (bamboo_json_print(message, 0, &text, NULL) == BAMBOO_OK) {
        fputs(bamboo_string_bytes(text, NULL), stream);
        bamboo_value_release(text);
    }
    bamboo_value_release(message);
    fflush(stream);
}

static void be_child(int out, enum child_end end,
                     enum bamboo_status (*work)(void *context, struct bamboo_value *out,
                                                struct bamboo_error *error),
                     void *context)
{
    struct bamboo_value value = bamboo_missing();
    struct bamboo_error error = {0};
    FILE *stream = fdopen(out, "w");
    if (!stream) _exit(1);
    alarm(CHILD_SECONDS_MAX);
    enum bamboo_status status = work(context, &value, &error);
    answer(stream, status, value, &error);
    bamboo_value_release(value);
    if (end == CHILD_DIES && status == BAMBOO_OK) raise(SIGKILL);
    fclose(stream);
    exit(0);
}

/* --- In the parent --- */

static enum bamboo_status read_answer(FILE *stream, struct bamboo_value *out,
                                      struct bamboo_error *error)
{
    char *text = NULL;
    size_t capacity = 0;
    ssize_t size = getline(&text, &capacity, stream);
    enum bamboo_status status = size > 0
                                    ? bamboo_json_parse(text, (size_t)size, out, error)
                                    : fail_with(error, "the process ended without an answer", 0);
    free(text);
    return status;
}

static enum bamboo_status take_answer(struct bamboo_value message, struct bamboo_value *out,
                                      bool *failed, struct bamboo_error *error)
{
    struct bamboo_value sentence = bamboo_map_get(message, "error");
    *failed = sentence.type == BAMBOO_STRING;
    if (*failed) return fail_with(error, bamboo_string_bytes(sentence, NULL), 0);
    *out = bamboo_value_retain(bamboo_map_get(message, "answer"));
    return BAMBOO_OK;
}

static enum bamboo_status check_end(int status, enum child_end end, struct bamboo_error *error)
{
    char what[64] = "";
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        return fail_with(error, "the process hung", 0);
    if (end == CHILD_DIES ? WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL
                          : WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return BAMBOO_OK;
    if (WIFSIGNALED(status))
        snprintf(what, sizeof what, "the process died of signal %d", WTERMSIG(status));
    else
        snprintf(what, sizeof what, "the process ended with status %d", WEXITSTATUS(status));
    return fail_with(error, what, 0);
}

static enum bamboo_status wait_for_child(pid_t pid, int in, enum child_end end,
                                         struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_value message = bamboo_missing();
    struct bamboo_error ending = {0};
    bool failed = false;
    int state = 0;
    FILE *stream = fdopen(in, "r");
    enum bamboo_status status =
        stream ? read_answer(stream, &message, error) : fail_with(error, "fdopen: ", errno);
    if (stream)
        fclose(stream);
    else
        close(in);
    if (waitpid(pid, &state, 0) < 0) state = 0;
    bool answered = status == BAMBOO_OK;
    if (answered) status = take_answer(message, out, &failed, error);
    bamboo_value_release(message);
    if (failed) return status;
    if (check_end(state, end, &ending) == BAMBOO_OK) return status;
    if (answered) bamboo_value_release(*out);
    *out = bamboo_missing();
    *error = ending;
    return ending.status;
}

enum bamboo_status in_child(enum child_end end,
                            enum bamboo_status (*work)(void *context, struct bamboo_value *out,
                                                       struct bamboo_error *error),
                            void *context, struct bamboo_value *out, struct bamboo_error *error)
{
    int ends[2];
    *out = bamboo_missing();
    fflush(stdout); /* or the child would print it again */
    fflush(stderr);
    if (pipe(ends) != 0) return fail_with(error, "pipe: ", errno);
    pid_t pid = fork();
    if (pid < 0) {
        close(ends[0]);
        close(ends[1]);
        return fail_with(error, "fork: ", errno);
    }
    if (pid == 0) {
        close(ends[0]);
        be_child(ends[1], end, work, context);
    }
    close(ends[1]);
    return wait_for_child(pid, ends[0], end, out, error);
}
