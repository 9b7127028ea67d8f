#include "runtime/notice/text.h"
#include "runtime/show/show_priv.h"

Str show_status_word(Str status)
{
    static const struct {
        const char *status;
        const char *word;
    } WORDS[] = {
        {"CREATE_IN_PROGRESS", "creating"},
        {"CREATE_COMPLETE", "created"},
        {"UPDATE_IN_PROGRESS", "updating"},
        {"UPDATE_COMPLETE", "updated"},
        {"UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "updated, cleaning up"},
        {"DELETE_IN_PROGRESS", "deleting"},
        {"DELETE_COMPLETE", "deleted"},
        {"DELETE_SKIPPED", "kept"},
        {"IMPORT_IN_PROGRESS", "importing"},
        {"IMPORT_COMPLETE", "imported"},
        {"ROLLBACK_IN_PROGRESS", "rolling back"},
        {"ROLLBACK_COMPLETE", "rolled back"},
        {"UPDATE_ROLLBACK_IN_PROGRESS", "rolling back"},
        {"UPDATE_ROLLBACK_COMPLETE", "rolled back"},
        {"UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "rolled back, cleaning up"},
        {"IMPORT_ROLLBACK_IN_PROGRESS", "rolling back"},
        {"IMPORT_ROLLBACK_COMPLETE", "rolled back"},
        {"REVIEW_IN_PROGRESS", "in review"},
        {"CREATE_FAILED", "failed"},
        {"UPDATE_FAILED", "failed"},
        {"DELETE_FAILED", "not deleted"},
        {"IMPORT_FAILED", "failed"},
        {"ROLLBACK_FAILED", "not rolled back"},
        {"UPDATE_ROLLBACK_FAILED", "not rolled back"},
    };
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (str_is(status, WORDS[i].status))
            return str_of(WORDS[i].word);
    return status;
}

void show_add_bytes(Buf *out, uint64_t bytes)
{
    static const char *const UNITS[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) {
        buf_add_format(out, "%u B", (unsigned)bytes);
        return;
    }
    double amount = (double)bytes / 1000;
    size_t unit = 0;
    for (; amount >= 999.95; unit++)
        amount /= 1000;
    buf_add_format(out, "%.1f %s", amount, UNITS[unit]);
}

void show_add_bar(Buf *out, uint64_t done, uint64_t total, size_t columns)
{
    size_t inside = columns > 2 ? columns - 2 : 1;
    double share = total ? (double)done / (double)total : 0;
    size_t filled = (size_t)((share > 1 ? 1 : share) * (double)inside);
    buf_add_char(out, '[');
    buf_add_repeat(out, '=', filled);
    if (filled < inside)
        buf_add_char(out, filled || done ? '>' : ' ');
    if (filled + 1 < inside)
        buf_add_repeat(out, ' ', inside - filled - 1);
    buf_add_char(out, ']');
}

Str show_short_type(Str type)
{
    return str_starts(type, STR("AWS::")) ? str_slice(type, sizeof "AWS::" - 1, type.len) : type;
}

// What people are told of a result when its notice has no text of its own.
static Str result_text(Str word)
{
    static const struct {
        const char *word;
        const char *text;
    } TEXTS[] = {{"unchanged", "nothing to change"},
        {"declined", "not deployed: it was not confirmed, or was interrupted"},
        {"guarded", "not deployed: a guard forbids it"},
        {"identity", "not deployed: the identity is not the one that is expected"},
        {"refused", "refused before anything was changed"},
        {"unfit", "not deployed: what it is given does not fit"},
        {"rolled-back", "failed, and rolled back to the former state"},
        {"stuck", "failed, and stuck: somebody has to decide how to go on"},
        {"running", "goes on without being watched"},
        {"not-started", "not started: what it needs failed"}};
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        if (str_is(word, TEXTS[i].word))
            return str_of(TEXTS[i].text);
    return word;
}

static const char *label_of(NoticeKind kind)
{
    static const char *const LABELS[NOTICE_COUNT] = {
        [NOTICE_NOTE] = "note: ", [NOTICE_WARNING] = "warning: ", [NOTICE_PROBLEM] = "error: "};
    return LABELS[kind] ? LABELS[kind] : "";
}

static const char *color_of(NoticeKind kind)
{
    static const char *const COLORS[NOTICE_COUNT] = {[NOTICE_NOTE] = "\x1b[36m",
        [NOTICE_WARNING] = "\x1b[33m",
        [NOTICE_PROBLEM] = "\x1b[31m",
        [NOTICE_RESULT] = "\x1b[1m"};
    return COLORS[kind] ? COLORS[kind] : "";
}

static void add_text(Buf *out, const Notice *notice)
{
    switch (notice->kind) {
    case NOTICE_OUTPUT:
        notice_add_clean(out, notice->logical_id);
        buf_add_text(out, " = ");
        notice_add_clean(out, notice->text);
        break;
    case NOTICE_RESULT:
        notice_add_clean(out, notice->stack_name.len ? notice->stack_name : notice->stack);
        buf_add_text(out, ": ");
        notice_add_clean(out, notice->text.len ? notice->text : result_text(notice->status));
        break;
    default:
        notice_add_clean(out, notice->text);
        break;
    }
}

void show_add_message(Buf *out, const Notice *notice, const char *indent, bool color)
{
    const char *paint = color ? color_of(notice->kind) : "";
    buf_add_text(out, paint);
    buf_add_text(out, label_of(notice->kind));
    if (notice->kind != NOTICE_RESULT && *paint)
        buf_add_text(out, "\x1b[0m");
    add_text(out, notice);
    if (notice->kind == NOTICE_RESULT && *paint)
        buf_add_text(out, "\x1b[0m");
    if (notice->code.len) {
        buf_add_text(out, " [");
        notice_add_clean(out, notice->code);
        buf_add_char(out, ']');
    }
    buf_add_char(out, '\n');
    if (notice->place.file.len) {
        buf_add_format(out, "%sat ", indent);
        notice_add_clean(out, notice->place.file);
        buf_add_format(out, ":%zu:%zu", notice->place.line, notice->place.column);
        if (notice->place.instance.len) {
            buf_add_text(out, " in ");
            notice_add_clean(out, notice->place.instance);
        }
        buf_add_char(out, '\n');
    }
    if (notice->hint.len) {
        buf_add_format(out, "%shelp: ", indent);
        notice_add_clean(out, notice->hint);
        buf_add_char(out, '\n');
    }
}
