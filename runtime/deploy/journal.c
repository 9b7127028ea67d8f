#include "runtime/deploy/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include "compiler/base/vec.h"
#include "compiler/data/data.h"
#include "runtime/deploy/files.h"

struct Journal {
    const World *world;
    int log;
    int lock;
    bool torn; // the last line has no end
    Str path;
    VEC(JournalEntry) entries; // of earlier runs
};

static const char *const STEPS[JOURNAL_STEP_COUNT] = {"", "delete-stack", "create-change-set",
    "delete-change-set", "protect", "execute", "cancel", "continue", "rollback", "create-refactor",
    "execute-refactor", "settled"};

static Str field(const Datum *line, const char *name)
{
    const Datum *value = datum_get(line, str_of(name));
    return value && value->kind == DATUM_STRING ? value->text : STR_NONE;
}

static JournalStep step_of(Str word)
{
    for (int i = 1; i < JOURNAL_STEP_COUNT; i++)
        if (str_is(word, STEPS[i]))
            return (JournalStep)i;
    return JOURNAL_NONE;
}

static void read_line(Journal *journal, Arena *arena, Str text)
{
    const Datum *line = data_parse_json(arena, text);
    JournalStep step = step_of(field(line, "step"));
    if (step == JOURNAL_NONE)
        return;
    JournalEntry entry = {step, field(line, "at"), field(line, "deployment"),
        field(line, "account"), field(line, "region"), field(line, "stack"), field(line, "subject"),
        field(line, "token"), field(line, "outcome")};
    VEC_ADD(arena, &journal->entries, entry);
}

// Only the end of a long journal can still matter: from the first whole line of it.
static Str newest_part(Str text)
{
    if (text.len <= JOURNAL_KEEP_BYTES)
        return text;
    size_t line = str_find(text, STR("\n"), text.len - JOURNAL_KEEP_BYTES);
    return line == SIZE_MAX ? STR_NONE : str_slice(text, line + 1, text.len);
}

static void read_entries(Journal *journal, Arena *arena, Str text)
{
    for (size_t start = 0; start < text.len;) {
        size_t end = str_find(text, STR("\n"), start);
        journal->torn = end == SIZE_MAX;
        end = journal->torn ? text.len : end;
        read_line(journal, arena, str_slice(text, start, end));
        start = end + 1;
    }
}

static bool lock_folder(Journal *journal, Arena *arena, Str folder, Str *error)
{
    Str holder = STR_NONE;
    Str lock = str_format(arena, "%.*s/lock", STR_FMT(folder));
    journal->lock = files_lock(arena, lock, &holder, error);
    if (journal->lock < 0 && !error->len)
        *error = str_format(arena, "another deployment of this stage goes on on this machine%s%.*s",
            holder.len ? ": " : "", STR_FMT(holder));
    return journal->lock >= 0;
}

static bool read_file(Journal *journal, Arena *arena, Str *error)
{
    const Host *host = journal->world->host;
    FileResult file = host->read_file(host->context, arena, journal->path, JOURNAL_MAX_BYTES);
    if (file.status == FILE_MISSING)
        return true;
    if (file.status != FILE_OK) {
        *error = str_format(
            arena, "cannot read '%.*s': %.*s", STR_FMT(journal->path), STR_FMT(file.error));
        return false;
    }
    Str text = newest_part(file.text);
    read_entries(journal, arena, text);
    return file.text.len <= JOURNAL_LONG_BYTES ||
           files_write(arena, journal->path, text, true, error);
}

Journal *journal_open(Arena *arena, const World *world, Str folder, Str *error)
{
    if (!files_make_folder(arena, folder, error))
        return NULL;
    Journal *journal = ARENA_NEW(arena, Journal);
    *journal = (Journal){.world = world, .log = -1, .lock = -1};
    journal->path = str_format(arena, "%.*s/journal.jsonl", STR_FMT(folder));
    if (lock_folder(journal, arena, folder, error) && read_file(journal, arena, error))
        journal->log = files_open_log(arena, journal->path, error);
    if (journal->log >= 0)
        return journal;
    journal_close(journal);
    return NULL;
}

void journal_close(Journal *journal)
{
    if (journal && journal->log >= 0)
        close(journal->log);
    if (journal && journal->lock >= 0)
        close(journal->lock);
}

static void add_field(Buf *out, const char *name, Str value)
{
    if (!value.len)
        return;
    buf_add_format(out, "%s\"%s\":", out->ptr[out->len - 1] == '{' ? "" : ",", name);
    data_write_json_string(out, value);
}

bool journal_add(Journal *journal, Arena *arena, JournalEntry entry, Str *error)
{
    entry.at = world_format_time(arena, journal->world->now(journal->world->context) / 1000);
    Buf line;
    buf_init(&line, 0);
    buf_add_text(&line, journal->torn ? "\n{" : "{");
    journal->torn = false;
    add_field(&line, "at", entry.at);
    add_field(&line, "deployment", entry.deployment);
    add_field(&line, "account", entry.account);
    add_field(&line, "region", entry.region);
    add_field(&line, "stack", entry.stack);
    add_field(&line, "step", str_of(STEPS[entry.step]));
    add_field(&line, "subject", entry.subject);
    add_field(&line, "token", entry.token);
    add_field(&line, "outcome", entry.outcome);
    buf_add_text(&line, "}\n");
    Str why = STR_NONE;
    bool written = files_add(journal->log, buf_str(&line), &why);
    buf_release(&line);
    if (!written)
        *error =
            str_format(arena, "cannot write '%.*s': %.*s", STR_FMT(journal->path), STR_FMT(why));
    return written;
}

const JournalEntry *journal_unfinished(
    const Journal *journal, Str account, Str region, Str stack, JournalStep step)
{
    for (size_t i = journal->entries.len; i-- > 0;) {
        const JournalEntry *entry = &journal->entries.items[i];
        if (!str_equal(entry->stack, stack) || !str_equal(entry->region, region) ||
            !str_equal(entry->account, account))
            continue;
        if (entry->step == JOURNAL_SETTLED)
            return NULL;
        if (step == JOURNAL_NONE || entry->step == step)
            return entry;
    }
    return NULL;
}

void journal_announce(Journal *journal, Arena *arena, Str deployment)
{
    files_set_holder(journal->lock,
        str_format(arena, "process %ld, deployment %.*s\n", (long)getpid(), STR_FMT(deployment)));
}
