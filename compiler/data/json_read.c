// A reader of JSON of our own: jansson keeps neither the places of values nor the digits of
// numbers, and findings and templates need both.
#include "compiler/data/data_priv.h"

#include "compiler/base/utf8.h"

typedef struct JsonReader {
    DataReader base;
    size_t at;
    size_t depth;
    Buf text; // of the string being read
} JsonReader;

static Datum *read_value(JsonReader *reader);

static bool at_end(const JsonReader *reader)
{
    return reader->at >= reader->base.text.len;
}

// 0 at the end; a NUL in the text is told apart by at_end where that matters.
static char peek(const JsonReader *reader)
{
    return at_end(reader) ? '\0' : reader->base.text.ptr[reader->at];
}

static bool follows(const JsonReader *reader, Str text)
{
    return str_starts(str_slice(reader->base.text, reader->at, SIZE_MAX), text);
}

static void skip_comment(JsonReader *reader)
{
    Str text = reader->base.text;
    size_t start = reader->at;
    bool is_block = follows(reader, STR("/*"));
    size_t end = str_find(text, is_block ? STR("*/") : STR("\n"), start + 1);
    reader->at = end == SIZE_MAX ? text.len : is_block ? end + 2 : end;
    data_error(&reader->base, DIAG_JSON_COMMENT, data_span(&reader->base, start, reader->at),
        STR_NONE, STR_NONE);
}

// A comment is an error, but what follows it is read all the same.
static void skip_blanks(JsonReader *reader)
{
    for (;;) {
        char c = peek(reader);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
            reader->at++;
        else if (c != '/')
            return;
        else if (follows(reader, STR("//")) || follows(reader, STR("/*")))
            skip_comment(reader);
        else
            return;
    }
}

static bool is_word_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '.' || c == '+' || c == '-';
}

// The end of the run of letters, digits and signs that begins here: what people see as one word.
static size_t word_end(const JsonReader *reader)
{
    size_t end = reader->at;
    while (end < reader->base.text.len && is_word_char(reader->base.text.ptr[end]))
        end++;
    return end;
}

// Reports what stands here. Gives NULL, for the caller to return.
static Datum *unexpected(JsonReader *reader, const char *expected)
{
    DataReader *base = &reader->base;
    Arena *arena = base->context->arena;
    size_t end = word_end(reader);
    uint32_t code;
    if (end == reader->at && !at_end(reader))
        end += utf8_decode(base->text, end, &code);
    Str found = STR("the end of the file");
    Str word = str_slice(base->text, reader->at, end);
    if (word.len)
        found = (unsigned char)word.ptr[0] < 0x20
                    ? str_format(arena, "U+%04X", (unsigned)(unsigned char)word.ptr[0])
                    : str_format(arena, "'%.*s'", STR_FMT(word));
    Span span = data_span(base, reader->at, end);
    Diag *diag = data_error(base, DIAG_JSON_UNEXPECTED, span, found, str_of(expected));
    static const Str words[] = {{"true", 4}, {"false", 5}, {"null", 4}};
    if (word.len > 1)
        diag_did_you_mean(base->context->diags, diag, span, str_lower(arena, word), words, 3);
    return NULL;
}

// ---- strings ----

// Four hex digits at `at`; false when they are none.
static bool read_hex(Str text, size_t at, uint32_t *value)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    if (at > text.len || text.len - at < 4)
        return false;
    *value = 0;
    for (size_t i = 0; i < 4; i++) {
        const char *digit = memchr(digits, text.ptr[at + i], sizeof digits - 1);
        if (!digit)
            return false;
        *value = *value << 4 | (uint32_t)((digit - digits) & 15);
    }
    return true;
}

static void bad_escape(JsonReader *reader, DiagCode code, size_t start, size_t end)
{
    Span span = data_span(&reader->base, start, end);
    data_error(&reader->base, code, span, str_slice(reader->base.text, start, end), STR_NONE);
}

// At the `u` of `\uXXXX`, or of a pair of them.
static void read_unicode_escape(JsonReader *reader)
{
    Str text = reader->base.text;
    size_t start = reader->at - 1;
    uint32_t code, low;
    if (!read_hex(text, reader->at + 1, &code)) {
        bad_escape(reader, DIAG_JSON_BAD_ESCAPE, start, reader->at + 1);
        reader->at++;
        return;
    }
    reader->at += 5;
    bool is_pair = utf8_is_high_surrogate(code) && follows(reader, STR("\\u")) &&
                   read_hex(text, reader->at + 2, &low) && utf8_is_low_surrogate(low);
    if (is_pair) {
        code = utf8_join(code, low);
        reader->at += 6;
    }
    char bytes[UTF8_MAX_BYTES];
    size_t len = utf8_encode(code, bytes);
    if (!len)
        bad_escape(reader, DIAG_JSON_LONE_SURROGATE, start, reader->at);
    buf_add(&reader->text, (Str){bytes, len});
}

// Behind the backslash.
static void read_escape(JsonReader *reader)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    char c = peek(reader);
    const char *letter = memchr(letters, c, sizeof letters - 1);
    if (c == 'u') {
        read_unicode_escape(reader);
    } else if (letter) {
        buf_add_char(&reader->text, meanings[letter - letters]);
        reader->at++;
    } else if (!at_end(reader) && (unsigned char)c >= 0x20) {
        uint32_t code;
        size_t end = reader->at + utf8_decode(reader->base.text, reader->at, &code);
        bad_escape(reader, DIAG_JSON_BAD_ESCAPE, reader->at - 1, end);
        reader->at = end;
    }
}

static void report_control(JsonReader *reader)
{
    Str code = str_format(reader->base.context->arena, "U+%04X", (unsigned)peek(reader));
    Span span = data_span(&reader->base, reader->at, reader->at + 1);
    data_error(&reader->base, DIAG_JSON_CONTROL_CHARACTER, span, code, STR_NONE);
}

// At the opening quote of a key, as nearly all are, that says what it means.
static bool read_plain_key(JsonReader *reader, Str *key)
{
    Str text = reader->base.text;
    size_t start = reader->at + 1, end = start;
    while (end < text.len && text.ptr[end] != '"' && text.ptr[end] != '\\' &&
           (unsigned char)text.ptr[end] >= 0x20)
        end++;
    if (end == text.len || text.ptr[end] != '"')
        return false;
    *key = str_slice(text, start, end);
    reader->at = end + 1;
    return true;
}

// At the opening quote. False when the string does not end on its line.
static bool read_string(JsonReader *reader, Str *text)
{
    size_t start = reader->at++;
    buf_clear(&reader->text);
    while (!at_end(reader) && peek(reader) != '"' && peek(reader) != '\n') {
        size_t plain = reader->at;
        while (!at_end(reader) && peek(reader) != '"' && peek(reader) != '\\' &&
               (unsigned char)peek(reader) >= 0x20)
            reader->at++;
        buf_add(&reader->text, str_slice(reader->base.text, plain, reader->at));
        if (peek(reader) == '\\') {
            reader->at++;
            read_escape(reader);
        } else if (!at_end(reader) && peek(reader) != '"' && peek(reader) != '\n') {
            report_control(reader);
            reader->at++;
        }
    }
    if (peek(reader) != '"') {
        data_error(&reader->base, DIAG_JSON_UNTERMINATED_STRING,
            data_span(&reader->base, start, reader->at), STR_NONE, STR_NONE);
        return false;
    }
    reader->at++;
    *text = buf_copy(&reader->text, reader->base.context->arena);
    return true;
}

static Datum *read_string_value(JsonReader *reader)
{
    size_t start = reader->at;
    Str text;
    if (!read_string(reader, &text))
        return NULL;
    const Origin *origin = data_origin(&reader->base, start, reader->at);
    return datum_string(reader->base.context->arena, origin, text);
}

// ---- numbers and words ----

static size_t skip_digits(Str text, size_t at)
{
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
        at++;
    return at;
}

static char char_at(Str text, size_t at)
{
    return at < text.len ? text.ptr[at] : '\0';
}

// -? (0 | [1-9] [0-9]*) (\. [0-9]+)? ([eE] [+-]? [0-9]+)?
static bool is_number(Str text)
{
    size_t start = char_at(text, 0) == '-' ? 1 : 0;
    size_t at = skip_digits(text, start);
    if (at == start || (text.ptr[start] == '0' && at > start + 1))
        return false;
    if (char_at(text, at) == '.') {
        size_t fraction = at + 1;
        at = skip_digits(text, fraction);
        if (at == fraction)
            return false;
    }
    if (char_at(text, at) == 'e' || char_at(text, at) == 'E') {
        at++;
        if (char_at(text, at) == '+' || char_at(text, at) == '-')
            at++;
        size_t exponent = at;
        at = skip_digits(text, exponent);
        if (at == exponent)
            return false;
    }
    return at == text.len;
}

static Datum *read_number(JsonReader *reader)
{
    Arena *arena = reader->base.context->arena;
    size_t start = reader->at;
    reader->at = word_end(reader);
    Str digits = str_slice(reader->base.text, start, reader->at);
    if (!is_number(digits))
        data_error(&reader->base, DIAG_JSON_BAD_NUMBER, data_span(&reader->base, start, reader->at),
            digits, STR_NONE);
    const Origin *origin = data_origin(&reader->base, start, reader->at);
    return datum_number(arena, origin, str_copy(arena, digits));
}

static Datum *read_word(JsonReader *reader)
{
    Arena *arena = reader->base.context->arena;
    size_t start = reader->at, end = word_end(reader);
    Str word = str_slice(reader->base.text, start, end);
    bool is_true = str_is(word, "true");
    if (!is_true && !str_is(word, "false") && !str_is(word, "null"))
        return unexpected(reader, "a value");
    reader->at = end;
    const Origin *origin = data_origin(&reader->base, start, end);
    return word.ptr[0] == 'n' ? datum_null(arena, origin) : datum_bool(arena, origin, is_true);
}

// ---- lists and maps ----

// Behind an entry or element: true when another one follows. `*ok` is false when neither that nor
// the end stands here.
static bool read_separator(JsonReader *reader, char close, bool *ok)
{
    skip_blanks(reader);
    size_t comma = reader->at;
    if (peek(reader) != ',') {
        *ok = peek(reader) == close;
        if (!*ok)
            unexpected(reader, close == '}' ? "',' or '}'" : "',' or ']'");
        return false;
    }
    reader->at++;
    skip_blanks(reader);
    if (peek(reader) != close)
        return true;
    Span span = data_span(&reader->base, comma, comma + 1);
    Diag *diag = data_error(&reader->base, DIAG_JSON_TRAILING_COMMA, span,
        close == '}' ? STR("}") : STR("]"), STR_NONE);
    diag_fix(reader->base.context->diags, diag, span, STR(""), true);
    return false;
}

static bool read_entry(JsonReader *reader, KeyIndex *index, Datum *map)
{
    DatumEntry entry = {0};
    size_t start = reader->at;
    if (peek(reader) != '"') {
        unexpected(reader, "a key in double quotes");
        return false;
    }
    if (!read_plain_key(reader, &entry.key) && !read_string(reader, &entry.key))
        return false;
    size_t end = reader->at;
    skip_blanks(reader);
    if (peek(reader) != ':') {
        unexpected(reader, "':'");
        return false;
    }
    reader->at++;
    skip_blanks(reader);
    entry.origin = data_origin(&reader->base, start, end);
    entry.value = read_value(reader);
    if (!entry.value)
        return false;
    const DatumEntry *before = key_index_find(index, map, entry.key);
    if (before)
        data_report_duplicate(
            &reader->base, entry.key, data_span(&reader->base, start, end), before);
    else
        key_index_put(index, &reader->base, map, entry);
    return true;
}

static bool read_entries(JsonReader *reader, Datum *map)
{
    KeyIndex index = {0};
    bool ok = true, more = peek(reader) != '}';
    while (ok && more) {
        ok = read_entry(reader, &index, map);
        more = ok && read_separator(reader, '}', &ok);
    }
    return ok;
}

static bool read_items(JsonReader *reader, Datum *list)
{
    bool ok = true, more = peek(reader) != ']';
    while (ok && more) {
        Datum *item = read_value(reader);
        ok = item != NULL;
        if (ok)
            datum_append(reader->base.context->arena, list, item);
        more = ok && read_separator(reader, ']', &ok);
    }
    return ok;
}

static Datum *read_collection(JsonReader *reader)
{
    Arena *arena = reader->base.context->arena;
    size_t start = reader->at;
    bool is_map = peek(reader) == '{';
    if (reader->depth == DATA_DEPTH_MAX) {
        data_error(&reader->base, DIAG_DATA_TOO_DEEP, data_span(&reader->base, start, start + 1),
            str_format(arena, "%d", DATA_DEPTH_MAX), STR_NONE);
        return NULL;
    }
    reader->depth++;
    reader->at++;
    skip_blanks(reader);
    Datum *datum = is_map ? datum_map(arena, NULL) : datum_list(arena, NULL);
    if (!(is_map ? read_entries(reader, datum) : read_items(reader, datum)))
        return NULL;
    reader->at++;
    reader->depth--;
    datum->origin = data_origin(&reader->base, start, reader->at);
    return datum;
}

// At its first character. NULL when reading cannot go on.
static Datum *read_value(JsonReader *reader)
{
    char c = peek(reader);
    if (c == '{' || c == '[')
        return read_collection(reader);
    if (c == '"')
        return read_string_value(reader);
    if (c == '-' || c == '+' || c == '.' || (c >= '0' && c <= '9'))
        return read_number(reader);
    return read_word(reader);
}

static Datum *read_file(JsonReader *reader, const DataContext *context, FileId file)
{
    reader->at = data_reader_init(&reader->base, context, file);
    if (reader->base.failed)
        return NULL;
    buf_init(&reader->text, 0);
    skip_blanks(reader);
    Datum *datum = read_value(reader);
    if (datum) {
        skip_blanks(reader);
        if (!at_end(reader))
            unexpected(reader, "the end of the file");
    }
    buf_release(&reader->text);
    data_reader_end(&reader->base);
    return reader->base.failed ? NULL : datum;
}

Datum *data_read_json(const DataContext *context, FileId file)
{
    JsonReader reader = {0};
    return read_file(&reader, context, file);
}

Datum *data_parse_json(Arena *arena, Str text)
{
    JsonReader reader = {.base = {.placeless = true}};
    DataContext context = {arena, sources_new(arena), diag_sink_new(arena)};
    FileId file = sources_add(context.sources, STR("data"), text);
    return file ? read_file(&reader, &context, file) : NULL;
}
