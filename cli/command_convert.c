/* convert: a flow in another form. */
#include <string.h>

#include "cli/command.h"
#include "cli/session.h"

int convert_command(const struct invocation *invocation)
{
    struct session session = {0};
    struct bamboo_value text = bamboo_missing();
    struct bamboo_error error;
    const char *path = operand(invocation, 0);
    const char *output = option_text(invocation, OPTION_OUTPUT_TEXT);
    int form = option_choice(invocation, OPTION_TO, BAMBOO_FORM_OTHER);
    struct pen pen = standard_error(invocation);
    struct bamboo_report report = {.color = pen.color};
    int code = session_open_library(&session, invocation);
    if (code != EXIT_FINISHED) return code;
    enum bamboo_status status =
        bamboo_convert_file(session.library, path, (enum bamboo_form)form, &report, &text, &error);
    code = session_tell_report(path, &report, status, &error);
    if (code == EXIT_FINISHED) {
        size_t size;
        const char *bytes = bamboo_string_bytes(text, &size);
        if (bamboo_file_write(output ? output : "-", bytes, size, &error) != BAMBOO_OK)
            code = complain_error(&error);
    }
    bamboo_value_release(text);
    bamboo_report_release(&report);
    session_close(&session);
    return code;
}
