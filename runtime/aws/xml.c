#include "runtime/aws/xml.h"

#include <expat.h>

#include "compiler/base/buf.h"
#include "compiler/base/map.h"
#include "compiler/base/utf8.h"

enum { PIECE = 128 * 1024 };

typedef struct Reading {
    XML_Parser parser;
    Arena *arena;
    XmlNode *root;
    XmlNode *open[XML_MAX_DEPTH];
    Buf texts[XML_MAX_DEPTH];
    size_t depth;
    size_t nodes;
    Map names; // a few of them, again and again
    const char *refused;
    const XmlStop *stop; // or NULL
    bool stopped;
} Reading;

static void refuse(Reading *reading, const char *why)
{
    if (!reading->refused)
        reading->refused = why;
    XML_StopParser(reading->parser, XML_FALSE);
}

static Str name_of(Reading *reading, Str name)
{
    Str *known = map_find(&reading->names, name);
    if (known)
        return *known;
    known = ARENA_NEW(reading->arena, Str);
    *known = str_copy(reading->arena, name);
    map_set(&reading->names, reading->arena, *known, known);
    return *known;
}

static void XMLCALL begin_element(void *context, const XML_Char *name, const XML_Char **attributes)
{
    (void)attributes;
    Reading *reading = context;
    if (reading->depth == XML_MAX_DEPTH || ++reading->nodes > XML_MAX_NODES) {
        refuse(reading, "it is nested too deeply or has too many elements");
        return;
    }
    XmlNode *node = ARENA_NEW(reading->arena, XmlNode);
    Str whole = str_of(name);
    size_t colon = str_find(whole, STR(":"), 0);
    size_t start = colon == SIZE_MAX ? 0 : colon + 1;
    node->name = name_of(reading, str_slice(whole, start, whole.len));
    if (reading->depth == 0)
        reading->root = node;
    else
        VEC_ADD(reading->arena, &reading->open[reading->depth - 1]->children, node);
    buf_clear(&reading->texts[reading->depth]);
    reading->open[reading->depth++] = node;
}

static void XMLCALL end_element(void *context, const XML_Char *name)
{
    (void)name;
    Reading *reading = context;
    if (reading->depth == 0)
        return;
    reading->depth--;
    XmlNode *node = reading->open[reading->depth];
    node->text = buf_copy(&reading->texts[reading->depth], reading->arena);
    if (!reading->stop || !reading->stop->enough(reading->stop->context, node))
        return;
    reading->stopped = true;
    XML_StopParser(reading->parser, XML_FALSE);
}

static void XMLCALL add_text(void *context, const XML_Char *text, int len)
{
    Reading *reading = context;
    if (reading->depth > 0)
        buf_add(&reading->texts[reading->depth - 1], (Str){text, (size_t)len});
}

static void XMLCALL begin_doctype(void *context, const XML_Char *name, const XML_Char *system_id,
    const XML_Char *public_id, int has_subset)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_subset;
    refuse(context, "it declares a document type");
}

// Expat copies what it is given: a long text goes in pieces, of which those behind a stop are never
// given.
static enum XML_Status feed(XML_Parser parser, Str text)
{
    for (size_t at = 0;; at += PIECE) {
        size_t left = text.len - at;
        bool last = left <= PIECE;
        enum XML_Status status =
            XML_Parse(parser, left ? text.ptr + at : "", (int)(last ? left : PIECE), last);
        if (last || status != XML_STATUS_OK)
            return status;
    }
}

// Gives back whether the text has characters that XML does not allow.
static bool parse(Reading *reading, Str text, Str *error)
{
    XML_Parser parser = reading->parser;
    XML_SetUserData(parser, reading);
    XML_SetElementHandler(parser, begin_element, end_element);
    XML_SetCharacterDataHandler(parser, add_text);
    XML_SetStartDoctypeDeclHandler(parser, begin_doctype);
    enum XML_Status status = feed(parser, text);
    if ((status == XML_STATUS_OK || reading->stopped) && !reading->refused)
        return false;
    enum XML_Error code = XML_GetErrorCode(parser);
    const char *why = reading->refused ? reading->refused : XML_ErrorString(code);
    *error = str_copy(reading->arena, str_of(why ? why : "it is broken"));
    reading->root = NULL;
    return !reading->refused && (code == XML_ERROR_INVALID_TOKEN || code == XML_ERROR_BAD_CHAR_REF);
}

static bool is_allowed(uint32_t code)
{
    return code >= ' ' || code == '\t' || code == '\n' || code == '\r';
}

// The length of a reference at `at` to a character that is not allowed ("&#x1B;"), or 0.
static size_t bad_reference(Str text, size_t at)
{
    if (!str_starts(str_slice(text, at, text.len), STR("&#")))
        return 0;
    bool hex = at + 2 < text.len && text.ptr[at + 2] == 'x';
    uint32_t code = 0;
    for (size_t i = at + (hex ? 3 : 2); i < text.len && i < at + 12; i++) {
        char c = text.ptr[i];
        if (c == ';')
            return is_allowed(code) ? 0 : i + 1 - at;
        uint32_t digit =
            c >= '0' && c <= '9' ? (uint32_t)(c - '0') : (uint32_t)((c | 32) - 'a') + 10;
        if (digit >= (hex ? 16U : 10U))
            return 0;
        code = code * (hex ? 16 : 10) + digit;
    }
    return 0;
}

// What handlers of resources say may hold anything, and AWS passes it on: characters that XML does
// not allow become '?'.
static Str made_readable(Arena *arena, Str text)
{
    Buf out;
    buf_init(&out, 0);
    for (size_t i = 0; i < text.len;) {
        uint32_t code = 0;
        size_t bad = bad_reference(text, i);
        size_t len = bad ? bad : utf8_decode(text, i, &code);
        if (bad || len == 0 || !is_allowed(code))
            buf_add_char(&out, '?');
        else
            buf_add(&out, str_slice(text, i, i + len));
        i += len ? len : 1;
    }
    Str result = buf_copy(&out, arena);
    buf_release(&out);
    return result;
}

static XmlNode *read_once(Arena *arena, Str text, const XmlStop *stop, bool *unreadable, Str *error)
{
    Reading reading = {.arena = arena, .parser = XML_ParserCreate(NULL), .stop = stop};
    if (!reading.parser)
        base_out_of_memory();
    for (size_t i = 0; i < XML_MAX_DEPTH; i++)
        buf_init(&reading.texts[i], XML_MAX_BYTES);
    *unreadable = parse(&reading, text, error);
    for (size_t i = 0; i < XML_MAX_DEPTH; i++)
        buf_release(&reading.texts[i]);
    XML_ParserFree(reading.parser);
    return reading.root;
}

XmlNode *xml_read(Arena *arena, Str text, Str *error)
{
    return xml_read_until(arena, text, NULL, error);
}

XmlNode *xml_read_until(Arena *arena, Str text, const XmlStop *stop, Str *error)
{
    if (text.len > XML_MAX_BYTES) {
        *error = STR("it is too large");
        return NULL;
    }
    bool unreadable;
    XmlNode *root = read_once(arena, text, stop, &unreadable, error);
    if (!unreadable)
        return root;
    return read_once(arena, made_readable(arena, text), stop, &unreadable, error);
}

static const XmlNode *child_named(const XmlNode *node, Str name)
{
    for (size_t i = 0; node && i < node->children.len; i++)
        if (str_equal(node->children.items[i]->name, name))
            return node->children.items[i];
    return NULL;
}

const XmlNode *xml_child(const XmlNode *node, const char *name)
{
    return child_named(node, str_of(name));
}

size_t xml_count(const XmlNode *node)
{
    return node ? node->children.len : 0;
}

Str xml_text(const XmlNode *node, const char *path)
{
    Str names = str_of(path);
    for (size_t start = 0; start < names.len;) {
        size_t end = str_find(names, STR("/"), start);
        end = end == SIZE_MAX ? names.len : end;
        node = child_named(node, str_slice(names, start, end));
        start = end + 1;
    }
    return node ? node->text : STR_NONE;
}
