// Where a text could not be parsed, much of what analysis finds follows from that alone: names
// whose declaration was lost, blocks that end elsewhere. So in a program with such mistakes the
// findings are first collected apart, and only those that stand on their own are reported.
#include "compiler/sema/sema_priv.h"

enum { FIRST_SYNTAX = 1100, LAST_SYNTAX = 1299 };

// ---- what could not be parsed ----

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

// How often each word stands in the text; the count is kept as the map's value.
static void count_words(Sema *sema, ModuleState *state, Str text)
{
    for (size_t i = 0; i < text.len;) {
        size_t end = i;
        while (end < text.len && is_word_char(text.ptr[end]))
            end++;
        Str word = str_slice(text, i, end);
        if (word.len) {
            uintptr_t seen = (uintptr_t)map_find(&state->words, word);
            map_set(&state->words, sema->arena, word, (void *)(seen + 1));
        }
        i = end > i ? end : i + 1;
    }
}

static uintptr_t word_count(const ModuleState *state, Str word)
{
    return (uintptr_t)map_find(&state->words, word);
}

// `imoprt "./x.alt"`: a word and a string at the head of a line were meant as an import, most
// likely.
static bool may_be_import(Str text, size_t start)
{
    size_t at = start;
    while (at < text.len && is_word_char(text.ptr[at]))
        at++;
    size_t end = at;
    while (at < text.len && text.ptr[at] == ' ')
        at++;
    return end > start && at > end && at < text.len && text.ptr[at] == '"';
}

static void note_error(Sema *sema, ModuleState *state, Span span)
{
    Str text = source_text(sema->program->sources, span.file);
    if (!state->errors.len)
        count_words(sema, state, text);
    VEC_ADD(sema->arena, &state->errors, span.start);
    state->incomplete |= may_be_import(text, span.start);
}

bool sound_gather(Sema *sema)
{
    DiagList list = diag_sorted(sema->program->diags);
    bool any = false;
    for (size_t i = 0; i < list.len; i++) {
        const Diag *diag = list.items[i];
        int number = diag_number(diag->code);
        ModuleState *state = sema_state_at(sema, diag->span);
        if (!state || number < FIRST_SYNTAX || number > LAST_SYNTAX)
            continue;
        note_error(sema, state, diag->span);
        state->nameless |= diag->code == DIAG_RESERVED_NAME;
        state->nameless |= diag->code == DIAG_UNEXPECTED && str_is(diag->args.items[1], "a name");
        any = true;
    }
    return any;
}

// ---- which findings stand on their own ----

typedef enum Doubt {
    DOUBT_NONE,
    DOUBT_NAME,      // the name may be one whose declaration was lost
    DOUBT_STRUCTURE, // something may have ended, or begun, at the wrong place
    DOUBT_STAGES     // a stage may have been lost
} Doubt;

static Doubt doubt_of(DiagCode code)
{
    switch (code) {
    case DIAG_UNKNOWN_NAME:
    case DIAG_UNKNOWN_FUNCTION:
    case DIAG_UNKNOWN_TYPE:
    case DIAG_UNKNOWN_COMPONENT:
    case DIAG_UNKNOWN_MEMBER:
    case DIAG_UNKNOWN_INNER:
    case DIAG_IMPORT_UNKNOWN_NAME:
        return DOUBT_NAME;
    case DIAG_DECLARED_TWICE:
    case DIAG_LOOP_HIDES:
    case DIAG_NAME_NOT_HERE:
    case DIAG_MISPLACED_DECLARATION:
    case DIAG_NEEDS_KEY:
    case DIAG_UNKNOWN_INPUT:
    case DIAG_MISSING_INPUT:
    case DIAG_WITH_NOTHING_INSIDE:
    case DIAG_ANNOTATION_MISPLACED:
    case DIAG_ANNOTATION_TWICE:
    case DIAG_DUPLICATE_KEY:
    case DIAG_UNKNOWN_SETTING:
    case DIAG_ARGUMENT_COUNT:
    case DIAG_FUNCTION_NOT_CALLED:
    case DIAG_NOT_A_FUNCTION:
        return DOUBT_STRUCTURE;
    case DIAG_MATCH_INCOMPLETE:
    case DIAG_UNKNOWN_STAGE:
    case DIAG_STAGE_PATTERN_MATCHES_NOTHING:
    case DIAG_NO_STAGES:
        return DOUBT_STAGES;
    default:
        return DOUBT_NONE;
    }
}

// Of the lines that the span touches: does a mistake stand on one of them?
static bool touches_error(const Sema *sema, const ModuleState *state, Span span)
{
    Str text = source_text(sema->program->sources, span.file);
    size_t start = span.start, end = span.end;
    while (start > 0 && text.ptr[start - 1] != '\n')
        start--;
    while (end < text.len && text.ptr[end] != '\n')
        end++;
    size_t low = 0, high = state->errors.len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (state->errors.items[middle] < start)
            low = middle + 1;
        else
            high = middle;
    }
    return low < state->errors.len && state->errors.items[low] <= end;
}

// Its declaration may stand in text that could not be parsed.
static bool may_be_lost(const Sema *sema, const ModuleState *own, Str name)
{
    if (own->nameless)
        return true;
    // One of the places is the name's own use. What another file declares may have been imported.
    if (own->errors.len && (word_count(own, name) > 1 || map_find(&sema->everywhere, name)))
        return true;
    for (size_t i = 0; i < sema->program->modules.len; i++)
        if (&sema->states[i] != own && word_count(&sema->states[i], name))
            return true;
    return false;
}

static bool is_spoilt(const Sema *sema, Span span)
{
    const ModuleState *state = sema_state_at(sema, span);
    return state && state->errors.len && touches_error(sema, state, span);
}

static bool stands_alone(const Sema *sema, const Diag *diag)
{
    const ModuleState *state = sema_state_at(sema, diag->span);
    if (!state)
        return true;
    if (is_spoilt(sema, diag->span))
        return false;
    for (size_t i = 0; i < diag->notes.len; i++)
        if (is_spoilt(sema, diag->notes.items[i].span))
            return false;
    switch (doubt_of(diag->code)) {
    case DOUBT_NAME: {
        bool is_second = diag->code == DIAG_UNKNOWN_MEMBER || diag->code == DIAG_UNKNOWN_INNER;
        return !may_be_lost(sema, state, diag->args.items[is_second ? 1 : 0]);
    }
    case DOUBT_STRUCTURE:
        return !state->errors.len;
    case DOUBT_STAGES:
        return false;
    case DOUBT_NONE:
        break;
    }
    return true;
}

static void hand_on(DiagSink *to, const Diag *diag)
{
    Diag *copy = diag_add_list(to, diag->code, diag->span, diag->args.items, diag->args.len);
    for (size_t i = 0; i < diag->notes.len; i++)
        diag_note(to, copy, diag->notes.items[i].span, "%.*s", STR_FMT(diag->notes.items[i].text));
    for (size_t i = 0; i < diag->fixes.len; i++)
        diag_fix(to, copy, diag->fixes.items[i].span, diag->fixes.items[i].replacement,
            diag->fixes.items[i].safe);
}

void sound_report(Sema *sema)
{
    DiagList list = diag_sorted(sema->diags);
    for (size_t i = 0; i < list.len; i++)
        if (stands_alone(sema, list.items[i]))
            hand_on(sema->program->diags, list.items[i]);
}
