#include "compiler/data/data.h"

#include <string.h>

#include "compiler/base/utf8.h"
#include "compiler/data/scalar.h"
#include "compiler/data/tags.h"

// How a text may be written.
typedef enum TextStyle {
    STYLE_PLAIN,
    STYLE_SINGLE, // '…'
    STYLE_DOUBLE, // "…" with escapes
    STYLE_LITERAL // a block behind `|`
} TextStyle;

// What stands on the line in front of a value.
typedef enum Place { PLACE_TOP, PLACE_KEY, PLACE_DASH } Place;

enum {
    INDENT = 2,
    // YAML wants the colon within 1024 characters of where a key begins, unless `? ` stands before
    // it; a byte takes up to four characters.
    KEY_MAX_BYTES = 250
};

// ---- texts ----

// May stand in a YAML file as it is, within a line.
static bool is_printable(uint32_t code)
{
    if (code < 0x20 || (code >= 0x7F && code < 0xA0))
        return code == '\t';
    return code != 0x2028 && code != 0x2029 && code != 0xFEFF && code != 0xFFFE && code != 0xFFFF;
}

static bool starts_like_date(Str text)
{
    static const char form[] = "0000-0";
    for (size_t i = 0; i < sizeof form - 1; i++) {
        char c = i < text.len ? text.ptr[i] : '\0';
        if (form[i] == '0' ? c < '0' || c > '9' : c != form[i])
            return false;
    }
    return true;
}

// Texts that some YAML 1.1 reader takes for something else.
static bool has_other_meaning(Str text)
{
    static const char *const words[] = {"y", "Y", "n", "N", "=", "<<"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(text, words[i]))
            return true;
    return starts_like_date(text) || scalar_form(text) != SCALAR_STRING;
}

// Of a printable text of one line.
static bool can_be_plain(Str text)
{
    if (!text.len || text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' ' ||
        text.ptr[text.len - 1] == ':' || strchr("-?:,[]{}#&*!|>'\"%@`", text.ptr[0]))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        bool is_colon = text.ptr[i] == ':' && text.ptr[i + 1] == ' ';
        bool is_comment = text.ptr[i] == ' ' && i + 1 < text.len && text.ptr[i + 1] == '#';
        if (is_colon || is_comment || text.ptr[i] == '\t')
            return false;
    }
    return !str_is(text, "...") && !str_starts(text, STR("... ")) && !has_other_meaning(text);
}

static TextStyle text_style(Str text, bool in_one_line)
{
    bool has_break = false, has_words = false;
    for (size_t at = 0; at < text.len;) {
        uint32_t code;
        size_t len = utf8_decode(text, at, &code);
        if (!len || (!is_printable(code) && code != '\n'))
            return STYLE_DOUBLE;
        has_break = has_break || code == '\n';
        has_words = has_words || (code != '\n' && code != ' ' && code != '\t');
        at += len;
    }
    if (has_break)
        return in_one_line || !has_words ? STYLE_DOUBLE : STYLE_LITERAL;
    return can_be_plain(text) ? STYLE_PLAIN : STYLE_SINGLE;
}

static void write_single(Buf *out, Str text)
{
    buf_add_char(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        buf_add_char(out, text.ptr[i]);
        if (text.ptr[i] == '\'')
            buf_add_char(out, '\'');
    }
    buf_add_char(out, '\'');
}

static void write_escape(Buf *out, uint32_t code)
{
    if (code == '\n')
        buf_add_text(out, "\\n");
    else if (code == '\r')
        buf_add_text(out, "\\r");
    else if (code <= 0xFF)
        buf_add_format(out, "\\x%02X", (unsigned)code);
    else
        buf_add_format(out, "\\u%04X", (unsigned)code);
}

static void write_double(Buf *out, Str text)
{
    buf_add_char(out, '"');
    for (size_t at = 0; at < text.len;) {
        uint32_t code = 0xFFFD;
        size_t len = utf8_decode(text, at, &code);
        if (code == '"' || code == '\\')
            buf_add_char(out, '\\');
        if (is_printable(code) && len)
            buf_add(out, str_slice(text, at, at + len));
        else
            write_escape(out, code);
        at += len ? len : 1;
    }
    buf_add_char(out, '"');
}

// The lines of the text at `column`, behind the indicators that keep its first blanks and its last
// line breaks.
static void write_literal(Buf *out, Str text, size_t column)
{
    buf_add_char(out, '|');
    if (strchr(" \t\n", text.ptr[0]))
        buf_add_format(out, "%d", INDENT);
    if (!str_ends(text, STR("\n")))
        buf_add_char(out, '-');
    else if (str_ends(text, STR("\n\n")))
        buf_add_char(out, '+');
    for (size_t at = 0; at < text.len;) {
        size_t end = str_find(text, STR("\n"), at);
        if (end == SIZE_MAX)
            end = text.len;
        buf_add_char(out, '\n');
        if (end > at)
            buf_add_repeat(out, ' ', column);
        buf_add(out, str_slice(text, at, end));
        at = end + 1;
    }
}

static void write_text(Buf *out, Str text, size_t column)
{
    switch (text_style(text, false)) {
    case STYLE_PLAIN:
        buf_add(out, text);
        break;
    case STYLE_SINGLE:
        write_single(out, text);
        break;
    case STYLE_DOUBLE:
        write_double(out, text);
        break;
    case STYLE_LITERAL:
        write_literal(out, text, column ? column : INDENT);
        break;
    }
}

// With the colon.
static void write_key(Buf *out, Str key, size_t column)
{
    TextStyle style = text_style(key, true);
    if (key.len > KEY_MAX_BYTES)
        buf_add_text(out, "? ");
    if (style == STYLE_PLAIN)
        buf_add(out, key);
    else if (style == STYLE_SINGLE)
        write_single(out, key);
    else
        write_double(out, key);
    if (key.len > KEY_MAX_BYTES) {
        buf_add_char(out, '\n');
        buf_add_repeat(out, ' ', column);
    }
    buf_add_char(out, ':');
}

// ---- short tags ----

// A map of one key that reads the same when it is written with a tag.
typedef struct Short {
    Str tag; // STR_NONE: there is no such form
    const Datum *content;
} Short;

static bool is_attribute(const Datum *list)
{
    if (list->kind != DATUM_LIST || list->items.len != 2)
        return false;
    const Datum *name = list->items.items[0], *attribute = list->items.items[1];
    return name->kind == DATUM_STRING && attribute->kind == DATUM_STRING && name->text.len &&
           attribute->text.len && str_find(name->text, STR("."), 0) == SIZE_MAX;
}

static Short short_form(const Datum *datum)
{
    const Short none = {STR_NONE, NULL};
    const DatumEntry *entry = datum_only_entry(datum);
    if (!entry)
        return none;
    Short form = {tag_short_form(entry->key), entry->value};
    bool is_text = form.content->kind == DATUM_STRING;
    bool is_list = form.content->kind == DATUM_LIST, is_map = form.content->kind == DATUM_MAP;
    if (!form.tag.ptr || (!is_text && !is_list && !is_map))
        return none;
    // A map `Condition` is one of a policy.
    bool wants_text = str_is(form.tag, "!Ref") || str_is(form.tag, "!Condition");
    bool wants_list = str_is(form.tag, "!GetAtt");
    if ((wants_text && !is_text) || (wants_list && !is_list))
        return none;
    // YAML allows one tag only in front of a value.
    return is_map && short_form(form.content).tag.ptr ? none : form;
}

// ---- values ----

static void write_value(Buf *out, const Datum *datum, size_t column, Place place);

static void write_entries(Buf *out, const Datum *map, size_t column, bool goes_on)
{
    for (size_t i = 0; i < map->entries.len; i++) {
        if (i || !goes_on)
            buf_add_repeat(out, ' ', column);
        write_key(out, map->entries.items[i].key, column);
        write_value(out, map->entries.items[i].value, column + INDENT, PLACE_KEY);
    }
}

static void write_items(Buf *out, const Datum *list, size_t column, bool goes_on)
{
    for (size_t i = 0; i < list->items.len; i++) {
        if (i || !goes_on)
            buf_add_repeat(out, ' ', column);
        buf_add_char(out, '-');
        write_value(out, list->items.items[i], column + INDENT, PLACE_DASH);
    }
}

static void write_scalar(Buf *out, const Datum *datum, size_t column)
{
    if (datum->kind == DATUM_STRING)
        write_text(out, datum->text, column);
    else if (datum->kind == DATUM_NUMBER)
        buf_add(out, datum->text);
    else if (datum->kind == DATUM_BOOL)
        buf_add_text(out, datum->boolean ? "true" : "false");
    else
        buf_add_text(out, "null");
}

// The text of `!GetAtt Name.Attribute`.
static void write_attribute(Buf *out, const Datum *list, size_t column)
{
    Buf text;
    buf_init(&text, 0);
    buf_add(&text, list->items.items[0]->text);
    buf_add_char(&text, '.');
    buf_add(&text, list->items.items[1]->text);
    write_text(out, buf_str(&text), column);
    buf_release(&text);
}

// A list or map whose lines begin at `column`, unless it goes on in the current line.
static void write_block(Buf *out, const Datum *datum, size_t column, Place place)
{
    bool goes_on = place != PLACE_KEY;
    if (!goes_on)
        buf_add_char(out, '\n');
    else if (place == PLACE_DASH)
        buf_add_char(out, ' ');
    if (datum->kind == DATUM_MAP)
        write_entries(out, datum, column, goes_on);
    else
        write_items(out, datum, column, goes_on);
}

// With its line break. Blocks stand at `column`, which is behind that of the map or list around.
static void write_value(Buf *out, const Datum *datum, size_t column, Place place)
{
    Short form = short_form(datum);
    if (form.tag.ptr) {
        if (place != PLACE_TOP)
            buf_add_char(out, ' ');
        buf_add(out, form.tag);
        datum = form.content;
        // What follows a tag stands as it would behind a key.
        place = PLACE_KEY;
    }
    bool is_dotted = str_is(form.tag, "!GetAtt") && is_attribute(datum);
    if (datum->items.len + datum->entries.len && !is_dotted) {
        write_block(out, datum, column, place);
        return;
    }
    if (place != PLACE_TOP)
        buf_add_char(out, ' ');
    if (is_dotted)
        write_attribute(out, datum, column);
    else if (datum->kind == DATUM_LIST || datum->kind == DATUM_MAP)
        buf_add_text(out, datum->kind == DATUM_MAP ? "{}" : "[]");
    else
        write_scalar(out, datum, column);
    buf_add_char(out, '\n');
}

void data_write_yaml(Buf *out, const Datum *datum)
{
    write_value(out, datum, 0, PLACE_TOP);
}
