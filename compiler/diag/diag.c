#include "compiler/diag/diag.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "compiler/base/buf.h"

// Hostile input must not buy memory with findings.
enum {
    KEPT_MAX = 10000, // errors, and as many of everything else
    TEXT_MAX = 1000,  // bytes of an argument, note or replacement
    EXTRAS_MAX = 32,  // notes, and fixes, of one finding
    ARGS_MAX = 10,    // {0} to {9}
    FIRST_SLOTS = 64
};

// A finding and what the sink must know of it. `diag` comes first: every Diag that a sink gave
// out is the beginning of an Entry.
typedef struct Entry {
    Diag diag;
    uint32_t hash;
    size_t index; // in the order of adding
    bool closed;  // has its notes and was met again, or is not kept: nothing is added to it
    bool always;  // found outside of any stage
} Entry;

struct DiagSink {
    Arena *arena;
    VEC(Entry *) kept;
    Entry **slots; // hash table of those kept, a quarter of it free; `slot_cap` is a power of 2
    size_t slot_cap;
    const Diag **sorted; // the first `sorted_len` of those kept
    size_t sorted_len;
    Entry *unkept; // given back for what is only counted
    size_t errors;
    size_t warnings;
    size_t kept_errors;
    size_t dropped;
    VEC(const Diag *) settled; // errors, sorted; what touches one of them is not added
    Str stage;
};

typedef struct DiagRow {
    int number;
    Severity severity;
    Str name;
    Str message;
} DiagRow;

static const DiagRow rows[DIAG_COUNT] = {
#define DIAGNOSTIC(number, severity, NAME, message)                                                \
    {number, SEVERITY_##severity, {#NAME, sizeof #NAME - 1}, {message, sizeof message - 1}},
    {0, SEVERITY_NONE, {"NONE", 4}, {"", 0}},
#include "compiler/diag/diagnostics.def"
#undef DIAGNOSTIC
};

static const DiagRow *row_of(DiagCode code)
{
    assert(code > DIAG_NONE && code < DIAG_COUNT);
    return &rows[code < DIAG_COUNT ? code : DIAG_NONE];
}

// ---- adding ----

DiagSink *diag_sink_new(Arena *arena)
{
    DiagSink *sink = ARENA_NEW(arena, DiagSink);
    sink->arena = arena;
    sink->unkept = ARENA_NEW(arena, Entry);
    return sink;
}

// As much of a text as is kept, cut between two characters.
static Str cut_text(Str text)
{
    if (text.len <= TEXT_MAX)
        return text;
    size_t end = TEXT_MAX;
    while (end && ((unsigned char)text.ptr[end] & 0xC0) == 0x80)
        end--;
    return str_slice(text, 0, end);
}

static Str keep_text(DiagSink *sink, Str text)
{
    return str_copy(sink->arena, cut_text(text));
}

static uint32_t hash_finding(DiagCode code, Span span, const Str *args, size_t count)
{
    uint32_t words[] = {(uint32_t)code, span.file, span.start, span.end};
    uint32_t hash = str_hash((Str){(const char *)words, sizeof words});
    for (size_t i = 0; i < count; i++)
        hash = hash * 31 + str_hash(cut_text(args[i]));
    return hash;
}

static bool is_finding(const Diag *diag, DiagCode code, Span span, const Str *args, size_t count)
{
    bool same_place = diag->span.file == span.file && diag->span.start == span.start &&
                      diag->span.end == span.end;
    if (diag->code != code || !same_place || diag->args.len != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!str_equal(diag->args.items[i], cut_text(args[i])))
            return false;
    return true;
}

static void grow_slots(DiagSink *sink)
{
    sink->slot_cap = sink->slot_cap ? sink->slot_cap * 2 : FIRST_SLOTS;
    sink->slots = ARENA_ARRAY(sink->arena, Entry *, sink->slot_cap);
    for (size_t i = 0; i < sink->kept.len; i++) {
        size_t at = sink->kept.items[i]->hash & (sink->slot_cap - 1);
        while (sink->slots[at])
            at = (at + 1) & (sink->slot_cap - 1);
        sink->slots[at] = sink->kept.items[i];
    }
}

static void add_stage(DiagSink *sink, Entry *entry)
{
    if (!sink->stage.len)
        entry->always = true;
    if (entry->always) {
        entry->diag.stages.len = 0;
        return;
    }
    for (size_t i = entry->diag.stages.len; i-- > 0;)
        if (str_equal(entry->diag.stages.items[i], sink->stage))
            return;
    VEC_ADD(sink->arena, &entry->diag.stages, sink->stage);
}

// Counts a new finding; false when there is no room to keep it.
static bool count_finding(DiagSink *sink, Severity severity)
{
    bool is_error = severity == SEVERITY_ERROR;
    sink->errors += is_error;
    sink->warnings += severity == SEVERITY_WARNING;
    size_t kept = is_error ? sink->kept_errors : sink->kept.len - sink->kept_errors;
    if (kept >= KEPT_MAX) {
        sink->dropped++;
        return false;
    }
    sink->kept_errors += is_error;
    return true;
}

static void fill_entry(
    DiagSink *sink, Entry *entry, DiagCode code, Span span, const Str *args, size_t count)
{
    entry->diag.code = code;
    entry->diag.severity = row_of(code)->severity;
    entry->diag.span = span;
    for (size_t i = 0; i < count; i++)
        VEC_ADD(sink->arena, &entry->diag.args, keep_text(sink, args[i]));
}

static Diag *unkept_finding(DiagSink *sink, DiagCode code, Span span)
{
    *sink->unkept = (Entry){.closed = true};
    fill_entry(sink, sink->unkept, code, span, NULL, 0);
    return &sink->unkept->diag;
}

#ifndef NDEBUG
// How many arguments the message of a code has places for.
static size_t count_places(DiagCode code)
{
    Str message = row_of(code)->message;
    size_t count = 0;
    for (size_t i = 0; i + 2 < message.len; i++) {
        size_t digit = (size_t)(unsigned char)message.ptr[i + 1] - '0';
        if (message.ptr[i] == '{' && digit < ARGS_MAX && message.ptr[i + 2] == '}')
            count = digit + 1 > count ? digit + 1 : count;
    }
    return count;
}
#endif

void diag_settle(DiagSink *sink)
{
    DiagList list = diag_sorted(sink);
    sink->settled.len = 0;
    for (size_t i = 0; i < list.len; i++)
        if (list.items[i]->severity == SEVERITY_ERROR)
            VEC_ADD(sink->arena, &sink->settled, list.items[i]);
}

// Of the errors before the first one behind the span the last few are looked at: they hardly ever
// lie inside of each other.
static bool is_settled(const DiagSink *sink, Span span)
{
    enum { LOOK_BACK = 8 };
    size_t low = 0, high = sink->settled.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        Span other = sink->settled.items[middle]->span;
        if (other.file < span.file || (other.file == span.file && other.start < span.end))
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i > 0 && low - i < LOOK_BACK; i--) {
        Span other = sink->settled.items[i - 1]->span;
        if (other.file == span.file && other.end > span.start)
            return true;
    }
    return false;
}

Diag *diag_add_list(DiagSink *sink, DiagCode code, Span span, const Str *args, size_t count)
{
    assert(count == count_places(code));
    if (is_settled(sink, span))
        return unkept_finding(sink, code, span);
    if ((sink->kept.len + 1) * 4 > sink->slot_cap * 3)
        grow_slots(sink);
    uint32_t hash = hash_finding(code, span, args, count);
    size_t at = hash & (sink->slot_cap - 1);
    for (; sink->slots[at]; at = (at + 1) & (sink->slot_cap - 1)) {
        Entry *found = sink->slots[at];
        if (found->hash == hash && is_finding(&found->diag, code, span, args, count)) {
            found->closed = found->diag.notes.len || found->diag.fixes.len;
            add_stage(sink, found);
            return &found->diag;
        }
    }
    if (!count_finding(sink, row_of(code)->severity))
        return unkept_finding(sink, code, span);
    Entry *entry = ARENA_NEW(sink->arena, Entry);
    entry->hash = hash;
    entry->index = sink->kept.len;
    fill_entry(sink, entry, code, span, args, count);
    add_stage(sink, entry);
    sink->slots[at] = entry;
    VEC_ADD(sink->arena, &sink->kept, entry);
    return &entry->diag;
}

Diag *diag_add(DiagSink *sink, DiagCode code, Span span, ...)
{
    Str args[ARGS_MAX];
    size_t count = 0;
    va_list list;
    va_start(list, span);
    while (count < ARGS_MAX) {
        Str arg = va_arg(list, Str);
        if (arg.len == SIZE_MAX)
            break;
        args[count++] = arg;
    }
    va_end(list);
    return diag_add_list(sink, code, span, args, count);
}

static bool is_closed(const Diag *diag)
{
    return ((const Entry *)diag)->closed;
}

void diag_note(DiagSink *sink, Diag *diag, Span span, const char *format, ...)
{
    if (is_closed(diag) || diag->notes.len >= EXTRAS_MAX)
        return;
    char text[TEXT_MAX + 4];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (len < 0)
        return;
    size_t kept = (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
    DiagLabel label = {span, keep_text(sink, (Str){text, kept})};
    VEC_ADD(sink->arena, &diag->notes, label);
}

void diag_fix(DiagSink *sink, Diag *diag, Span span, Str replacement, bool safe)
{
    // A replacement that would have to be cut would break the source instead of mending it.
    if (is_closed(diag) || diag->fixes.len >= EXTRAS_MAX || replacement.len > TEXT_MAX)
        return;
    DiagFix fix = {span, keep_text(sink, replacement), safe};
    VEC_ADD(sink->arena, &diag->fixes, fix);
}

static bool equal_but_for_case(Str a, Str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        unsigned char x = (unsigned char)a.ptr[i], y = (unsigned char)b.ptr[i];
        unsigned char low = x | 0x20;
        if (x != y && ((x ^ y) != 0x20 || low < 'a' || low > 'z'))
            return false;
    }
    return true;
}

void diag_did_you_mean(
    DiagSink *sink, Diag *diag, Span span, Str name, const Str *candidates, size_t count)
{
    if (is_closed(diag) || !name.len)
        return;
    // A third of the name may be wrong, but never all of it.
    size_t limit = name.len < 3 ? name.len - 1 : name.len / 3;
    size_t best = limit + 1;
    const Str *nearest = NULL;
    for (size_t i = 0; i < count && best > 0; i++) {
        size_t distance = equal_but_for_case(name, candidates[i])
                              ? 0
                              : str_distance(name, candidates[i], best - 1);
        if (distance < best) {
            best = distance;
            nearest = &candidates[i];
        }
    }
    if (!nearest || str_equal(*nearest, name))
        return;
    diag_note(sink, diag, (Span){0}, "did you mean '%.*s'?", STR_FMT(*nearest));
    diag_fix(sink, diag, span, *nearest, false);
}

void diag_forget_common_stages(DiagSink *sink, size_t count)
{
    for (size_t i = 0; i < sink->kept.len; i++)
        if (sink->kept.items[i]->diag.stages.len == count)
            sink->kept.items[i]->diag.stages.len = 0;
}

void diag_set_stage(DiagSink *sink, Str stage)
{
    sink->stage = stage.len ? str_copy(sink->arena, stage) : STR_NONE;
}

// ---- reading ----

size_t diag_error_count(const DiagSink *sink)
{
    return sink->errors;
}

size_t diag_warning_count(const DiagSink *sink)
{
    return sink->warnings;
}

size_t diag_dropped_count(const DiagSink *sink)
{
    return sink->dropped;
}

static int compare_numbers(size_t a, size_t b)
{
    return a < b ? -1 : a > b;
}

// By file, place and code; what is equal in all of them stays in the order of adding.
static int compare_findings(const void *left, const void *right)
{
    const Diag *a = *(const Diag *const *)left, *b = *(const Diag *const *)right;
    int order = compare_numbers(a->span.file, b->span.file);
    if (!order)
        order = compare_numbers(a->span.start, b->span.start);
    if (!order)
        order = compare_numbers(a->code, b->code);
    if (!order)
        order = compare_numbers(((const Entry *)a)->index, ((const Entry *)b)->index);
    return order;
}

DiagList diag_sorted(DiagSink *sink)
{
    size_t count = sink->kept.len;
    if (count > sink->sorted_len) {
        sink->sorted = ARENA_ARRAY(sink->arena, const Diag *, count);
        for (size_t i = 0; i < count; i++)
            sink->sorted[i] = &sink->kept.items[i]->diag;
        qsort(sink->sorted, count, sizeof *sink->sorted, compare_findings);
        sink->sorted_len = count;
    }
    return (DiagList){sink->sorted, count};
}

int diag_number(DiagCode code)
{
    return row_of(code)->number;
}

Str diag_code_text(Arena *arena, DiagCode code)
{
    return str_format(arena, "ALT%04d", diag_number(code));
}

DiagCode diag_code_of(Str text)
{
    if (text.len == 7 && equal_but_for_case(str_slice(text, 0, 3), STR("ALT")))
        text = str_slice(text, 3, 7);
    if (text.len != 4)
        return DIAG_NONE;
    int number = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return DIAG_NONE;
        number = number * 10 + (text.ptr[i] - '0');
    }
    for (int code = DIAG_NONE + 1; code < DIAG_COUNT; code++)
        if (rows[code].number == number)
            return (DiagCode)code;
    return DIAG_NONE;
}

Str diag_slug(Arena *arena, DiagCode code)
{
    Str name = row_of(code)->name;
    char *slug = arena_copy(arena, name.ptr, name.len);
    for (size_t i = 0; i < name.len; i++) {
        if (slug[i] == '_')
            slug[i] = '-';
        else if (slug[i] >= 'A' && slug[i] <= 'Z')
            slug[i] = (char)(slug[i] + ('a' - 'A'));
    }
    return (Str){slug, name.len};
}

Severity diag_default_severity(DiagCode code)
{
    return row_of(code)->severity;
}

Str diag_severity_name(Severity severity)
{
    static const Str names[SEVERITY_COUNT] = {
        [SEVERITY_NONE] = {"none", 4},
        [SEVERITY_NOTE] = {"note", 4},
        [SEVERITY_WARNING] = {"warning", 7},
        [SEVERITY_ERROR] = {"error", 5},
    };
    return names[severity];
}

Str diag_message(Arena *arena, const Diag *diag)
{
    Str message = row_of(diag->code)->message;
    Buf text;
    buf_init(&text, 0);
    size_t i = 0;
    while (i < message.len) {
        bool is_place = message.ptr[i] == '{' && i + 2 < message.len && message.ptr[i + 2] == '}';
        size_t digit = is_place ? (size_t)(unsigned char)message.ptr[i + 1] - '0' : SIZE_MAX;
        if (digit >= ARGS_MAX) {
            buf_add_char(&text, message.ptr[i++]);
            continue;
        }
        if (digit < diag->args.len)
            buf_add(&text, diag->args.items[digit]);
        i += 3;
    }
    Str copy = buf_copy(&text, arena);
    buf_release(&text);
    return copy;
}
