#include "api/report.h"

#include "base/text.h"
#include "base/value.h"

void bamboo_report_release(struct bamboo_report *report)
{
    if (!report) return;
    bamboo_value_release(report->text);
    bamboo_value_release(report->list);
    *report = (struct bamboo_report){.color = report->color,
                                     .tolerate_cycles = report->tolerate_cycles,
                                     .no_debug = report->no_debug};
}

static enum bamboo_status fill(struct bamboo_report *report, const struct diagnostics *diagnostics,
                               struct bamboo_error *error)
{
    bamboo_report_release(report);
    struct text text = {0};
    diagnostics_print(diagnostics, report->color, &text);
    struct bamboo_value list = bamboo_missing();
    enum bamboo_status status = diagnostics_to_value(diagnostics, &list, error);
    if (status == BAMBOO_OK) status = value_from_text(&text, &report->text, error);
    text_release(&text);
    if (status != BAMBOO_OK) {
        bamboo_value_release(list);
        return status;
    }
    report->list = list;
    report->errors = diagnostics_error_count(diagnostics);
    report->warnings = diagnostics_warning_count(diagnostics);
    return BAMBOO_OK;
}

enum bamboo_status report_finish(struct bamboo_report *report,
                                 const struct diagnostics *diagnostics, enum bamboo_status status,
                                 struct bamboo_error *error)
{
    if (!report || (status != BAMBOO_OK && status != BAMBOO_E_SOURCE)) return status;
    enum bamboo_status filled = fill(report, diagnostics, error);
    return filled == BAMBOO_OK ? status : filled;
}
