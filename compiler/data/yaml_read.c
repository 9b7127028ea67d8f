// YAML through libyaml's events, whose handles stay in this file.
#include "compiler/data/data_priv.h"

#include <string.h>
#include <yaml.h>

#include "compiler/base/utf8.h"
#include "compiler/data/scalar.h"
#include "compiler/data/tags.h"

enum {
    EXPANDED_MAX = 100000,
    // libyaml counts code points; each so many of them the byte offset is kept.
    CHECKPOINT_STEP = 64
};

// A node that an alias may name.
typedef struct Anchor {
    Datum *datum;
    bool is_open;  // still being read: an alias to it would never end
    size_t size;   // nodes, aliases in it expanded
    size_t height; // levels of lists and maps
} Anchor;

typedef struct YamlReader {
    DataReader base;
    yaml_parser_t parser;
    yaml_event_t event;        // the current one; a zeroed one before the first
    size_t start;              // where libyaml's text begins, behind a byte order mark
    VEC(uint32_t) checkpoints; // empty when all of the text is ASCII
    Map anchors;               // to Anchor, by name
    size_t depth;
    size_t deepest;  // the largest depth since the innermost open anchored node began
    size_t nodes;    // read so far, with those that aliases repeat
    size_t expanded; // only those that aliases repeat
    size_t last_end; // of the last scalar, alias or closing bracket
} YamlReader;

// What stands in front of a node's content.
typedef struct NodeHead {
    Str tag; // "!Ref", "tag:yaml.org,2002:str", or STR_NONE
    size_t start;
} NodeHead;

static Datum *read_node(YamlReader *reader);

// ---- places ----

static void find_checkpoints(YamlReader *reader)
{
    Str text = reader->base.text;
    size_t count = 0;
    bool is_ascii = utf8_count(text) == text.len;
    for (size_t at = reader->start; !is_ascii && at < text.len; count++) {
        uint32_t code;
        if (count % CHECKPOINT_STEP == 0)
            VEC_ADD(reader->base.context->arena, &reader->checkpoints, (uint32_t)at);
        at += utf8_decode(text, at, &code);
    }
}

static size_t byte_offset(const YamlReader *reader, size_t index)
{
    Str text = reader->base.text;
    size_t at = reader->start + index;
    if (reader->checkpoints.len) {
        size_t step = index / CHECKPOINT_STEP;
        if (step >= reader->checkpoints.len)
            step = reader->checkpoints.len - 1;
        at = reader->checkpoints.items[step];
        for (size_t i = step * CHECKPOINT_STEP; i < index && at < text.len; i++) {
            uint32_t code;
            at += utf8_decode(text, at, &code);
        }
    }
    return at < text.len ? at : text.len;
}

static size_t event_start(const YamlReader *reader)
{
    return byte_offset(reader, reader->event.start_mark.index);
}

static size_t event_end(const YamlReader *reader)
{
    return byte_offset(reader, reader->event.end_mark.index);
}

// ---- events ----

static Span point(const YamlReader *reader, size_t index)
{
    size_t at = byte_offset(reader, index);
    return data_span(&reader->base, at, at < reader->base.text.len ? at + 1 : at);
}

static void report_syntax(YamlReader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        base_out_of_memory();
    Span span = point(reader, parser->problem_mark.index);
    if (parser->error == YAML_READER_ERROR) {
        size_t at = reader->start + parser->problem_offset;
        span = data_span(&reader->base, at, at);
    }
    Str problem = str_of(parser->problem ? parser->problem : "unreadable text");
    Diag *diag = data_error(&reader->base, DIAG_YAML_SYNTAX, span, problem, STR_NONE);
    if (parser->context)
        diag_note(reader->base.context->diags, diag, point(reader, parser->context_mark.index),
            "%s", parser->context);
}

static bool next_event(YamlReader *reader)
{
    yaml_event_delete(&reader->event);
    if (yaml_parser_parse(&reader->parser, &reader->event))
        return true;
    report_syntax(reader);
    return false;
}

// Adds an anchor that is open until its node has been read.
static Anchor *add_anchor(YamlReader *reader, const unsigned char *name)
{
    Arena *arena = reader->base.context->arena;
    Anchor *anchor = ARENA_NEW(arena, Anchor);
    anchor->is_open = true;
    map_set(&reader->anchors, arena, str_copy(arena, str_of((const char *)name)), anchor);
    return anchor;
}

// ---- tags ----

static const char core_prefix[] = "tag:yaml.org,2002:";

// "!!int" for core tags, others as they are: how people write them.
static Str written_tag(YamlReader *reader, Str tag)
{
    Str prefix = {core_prefix, sizeof core_prefix - 1};
    if (!str_starts(tag, prefix))
        return tag;
    Str name = str_slice(tag, prefix.len, tag.len);
    return str_format(reader->base.context->arena, "!!%.*s", STR_FMT(name));
}

static bool is_core_tag(Str tag, const char *name)
{
    return str_starts(tag, str_of(core_prefix)) &&
           str_is(str_slice(tag, sizeof core_prefix - 1, tag.len), name);
}

static void report_unknown_tag(YamlReader *reader, Str tag, size_t start)
{
    Str written = written_tag(reader, tag);
    size_t end = start + written.len, count;
    Span span = data_span(&reader->base, start, end);
    // With a handle of its own or in angle brackets a tag is not written like this.
    bool as_written = str_equal(source_slice(reader->base.context->sources, span), written);
    if (!as_written)
        span.end = span.start + 1;
    Diag *diag = data_error(&reader->base, DIAG_YAML_UNKNOWN_TAG, span, written, STR_NONE);
    const Str *known = tag_all(&count);
    if (as_written)
        diag_did_you_mean(reader->base.context->diags, diag, span, written, known, count);
}

static Datum *tag_mismatch(YamlReader *reader, NodeHead head, const char *expected)
{
    Span span = data_span(&reader->base, head.start, reader->last_end);
    data_error(&reader->base, DIAG_YAML_TAG_MISMATCH, span, written_tag(reader, head.tag),
        str_of(expected));
    return datum_null(reader->base.context->arena, NULL);
}

// `!GetAtt Name.Attribute` is a list of two; the attribute may have points of its own.
static Datum *split_attribute(YamlReader *reader, NodeHead head, Datum *text)
{
    Arena *arena = reader->base.context->arena;
    size_t dot = str_find(text->text, STR("."), 0);
    if (dot == SIZE_MAX || dot == 0 || dot + 1 == text->text.len)
        return tag_mismatch(reader, head, "'Name.Attribute' or a list");
    Datum *list = datum_list(arena, text->origin);
    Str name = str_slice(text->text, 0, dot);
    Str attribute = str_slice(text->text, dot + 1, text->text.len);
    datum_append(arena, list, datum_string(arena, text->origin, str_copy(arena, name)));
    datum_append(arena, list, datum_string(arena, text->origin, str_copy(arena, attribute)));
    return list;
}

// The content of a node with a short tag, in its long form.
static Datum *lengthen(YamlReader *reader, NodeHead head, Datum *content)
{
    Str key = tag_long_form(head.tag);
    if (!key.ptr)
        return content;
    if (str_is(head.tag, "!GetAtt") && content->kind == DATUM_STRING)
        content = split_attribute(reader, head, content);
    Arena *arena = reader->base.context->arena;
    Datum *map = datum_map(arena, content->origin);
    datum_put(arena, map, key, content->origin, content);
    return map;
}

// ---- scalars ----

static Datum *plain_datum(YamlReader *reader, const Origin *origin, Str text)
{
    Arena *arena = reader->base.context->arena;
    ScalarForm form = scalar_form(text);
    if (scalar_is_number(form))
        return datum_number(arena, origin, scalar_json_digits(arena, text));
    if (form == SCALAR_NULL)
        return datum_null(arena, origin);
    if (form == SCALAR_TRUE || form == SCALAR_FALSE)
        return datum_bool(arena, origin, form == SCALAR_TRUE);
    if (form == SCALAR_NOT_FINITE)
        data_error(&reader->base, DIAG_YAML_NOT_FINITE, origin->span, text, STR_NONE);
    return datum_string(arena, origin, str_copy(arena, text));
}

// A scalar with one of YAML's own tags.
static Datum *core_datum(YamlReader *reader, NodeHead head, const Origin *origin, Str text)
{
    Arena *arena = reader->base.context->arena;
    static const struct {
        const char *tag;
        DatumKind kind;
        const char *expected;
    } kinds[] = {{"int", DATUM_NUMBER, "a number"}, {"float", DATUM_NUMBER, "a number"},
        {"bool", DATUM_BOOL, "a bool"}, {"null", DATUM_NULL, "nothing or 'null'"}};
    if (is_core_tag(head.tag, "map") || is_core_tag(head.tag, "seq"))
        return tag_mismatch(reader, head, is_core_tag(head.tag, "map") ? "a map" : "a list");
    if (is_core_tag(head.tag, "str"))
        return datum_string(arena, origin, str_copy(arena, text));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!is_core_tag(head.tag, kinds[i].tag))
            continue;
        Datum *datum = plain_datum(reader, origin, text);
        return datum->kind == kinds[i].kind ? datum : tag_mismatch(reader, head, kinds[i].expected);
    }
    report_unknown_tag(reader, head.tag, head.start);
    return datum_string(arena, origin, str_copy(arena, text));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static Datum *read_scalar(YamlReader *reader, NodeHead head)
{
    Arena *arena = reader->base.context->arena;
    size_t end = event_end(reader);
    // A block scalar's event reaches to the next token.
    while (end > head.start && is_blank(reader->base.text.ptr[end - 1]))
        end--;
    reader->last_end = end;
    const Origin *origin = data_origin(&reader->base, head.start, end);
    Str text = {(const char *)reader->event.data.scalar.value, reader->event.data.scalar.length};
    bool is_plain = reader->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (!head.tag.ptr && is_plain)
        return plain_datum(reader, origin, text);
    if (!head.tag.ptr || str_is(head.tag, "!") || tag_long_form(head.tag).ptr)
        return datum_string(arena, origin, str_copy(arena, text));
    return core_datum(reader, head, origin, text);
}

// ---- lists and maps ----

// The current event is the end of a collection.
static const Origin *collection_origin(YamlReader *reader, size_t start)
{
    size_t end = event_end(reader);
    // A block collection's end lies where the next token begins.
    if (reader->event.start_mark.index != reader->event.end_mark.index)
        reader->last_end = end;
    if (reader->last_end < start)
        reader->last_end = start;
    return data_origin(&reader->base, start, reader->last_end);
}

static Datum *read_list(YamlReader *reader, NodeHead head)
{
    Arena *arena = reader->base.context->arena;
    Datum *list = datum_list(arena, NULL);
    if (!next_event(reader))
        return NULL;
    while (reader->event.type != YAML_SEQUENCE_END_EVENT) {
        Datum *item = read_node(reader);
        if (!item || !next_event(reader))
            return NULL;
        datum_append(arena, list, item);
    }
    list->origin = collection_origin(reader, head.start);
    return list;
}

typedef VEC(const Datum *) DatumList;

// What an entry `<<` holds: its maps are added to the list.
static void read_merge(YamlReader *reader, const DatumEntry *entry, DatumList *merges)
{
    const Datum *value = entry->value;
    Arena *arena = reader->base.context->arena;
    bool ok = value->kind == DATUM_MAP || value->kind == DATUM_LIST;
    if (value->kind == DATUM_MAP)
        VEC_ADD(arena, merges, value);
    for (size_t i = 0; i < value->items.len; i++) {
        ok = ok && value->items.items[i]->kind == DATUM_MAP;
        VEC_ADD(arena, merges, value->items.items[i]);
    }
    if (!ok)
        data_error(&reader->base, DIAG_YAML_BAD_MERGE, entry->origin->span, STR_NONE, STR_NONE);
}

// Keys of the map itself win over merged ones, earlier merged ones over later ones.
static void put_merged(YamlReader *reader, Datum *map, const DatumList *merges)
{
    Arena *arena = reader->base.context->arena;
    Datum own = *map;
    KeyIndex own_index = {0}, index = {0};
    Datum scratch = {.kind = DATUM_MAP};
    for (size_t i = 0; i < own.entries.len; i++)
        key_index_put(&own_index, &reader->base, &scratch, own.entries.items[i]);
    *map = (Datum){.kind = DATUM_MAP, .origin = own.origin};
    for (size_t i = 0; i < merges->len; i++) {
        const Datum *merged = merges->items[i];
        for (size_t j = 0; j < merged->entries.len; j++) {
            DatumEntry entry = merged->entries.items[j];
            if (!key_index_find(&own_index, &own, entry.key) &&
                !key_index_find(&index, map, entry.key))
                key_index_put(&index, &reader->base, map, entry);
        }
    }
    for (size_t i = 0; i < own.entries.len; i++)
        VEC_ADD(arena, &map->entries, own.entries.items[i]);
}

static const char *event_noun(const yaml_event_t *event)
{
    if (event->type == YAML_ALIAS_EVENT)
        return "an alias";
    if (event->type == YAML_SEQUENCE_START_EVENT)
        return "a list";
    return event->type == YAML_MAPPING_START_EVENT ? "a map" : "nothing";
}

// A key is a text as it is written, whatever it would mean as a value. False when reading cannot
// go on.
static bool read_key(YamlReader *reader, DatumEntry *entry, bool *is_merge)
{
    const yaml_event_t *event = &reader->event;
    size_t start = event_start(reader);
    bool is_scalar = event->type == YAML_SCALAR_EVENT;
    bool is_plain = is_scalar && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (!is_scalar || (is_plain && !event->data.scalar.length)) {
        data_error(&reader->base, DIAG_YAML_BAD_KEY, point(reader, event->start_mark.index),
            str_of(event_noun(event)), STR_NONE);
        return false;
    }
    const char *tag = (const char *)event->data.scalar.tag;
    if (tag && !is_core_tag(str_of(tag), "str") && strcmp(tag, "!") != 0) {
        data_error(&reader->base, DIAG_YAML_BAD_KEY, point(reader, event->start_mark.index),
            str_format(reader->base.context->arena, "'%s'", tag), STR_NONE);
        return false;
    }
    Str text = {(const char *)event->data.scalar.value, event->data.scalar.length};
    entry->key = str_copy(reader->base.context->arena, text);
    entry->origin = data_origin(&reader->base, start, event_end(reader));
    reader->last_end = event_end(reader);
    if (event->data.scalar.anchor) {
        Datum *datum = datum_string(reader->base.context->arena, entry->origin, entry->key);
        *add_anchor(reader, event->data.scalar.anchor) = (Anchor){datum, false, 1, 0};
    }
    *is_merge = is_plain && !tag && str_is(text, "<<");
    return next_event(reader);
}

static Datum *read_map(YamlReader *reader, NodeHead head)
{
    Arena *arena = reader->base.context->arena;
    Datum *map = datum_map(arena, NULL);
    KeyIndex index = {0};
    DatumList merges = {0};
    if (!next_event(reader))
        return NULL;
    while (reader->event.type != YAML_MAPPING_END_EVENT) {
        DatumEntry entry = {0};
        bool is_merge;
        if (!read_key(reader, &entry, &is_merge))
            return NULL;
        entry.value = read_node(reader);
        if (!entry.value || !next_event(reader))
            return NULL;
        const DatumEntry *before = is_merge ? NULL : key_index_find(&index, map, entry.key);
        if (is_merge)
            read_merge(reader, &entry, &merges);
        else if (before)
            data_report_duplicate(&reader->base, entry.key, entry.origin->span, before);
        else
            key_index_put(&index, &reader->base, map, entry);
    }
    if (merges.len)
        put_merged(reader, map, &merges);
    map->origin = collection_origin(reader, head.start);
    return map;
}

static Datum *read_collection(YamlReader *reader, NodeHead head)
{
    bool is_map = reader->event.type == YAML_MAPPING_START_EVENT;
    Datum *datum = is_map ? read_map(reader, head) : read_list(reader, head);
    if (!datum || !head.tag.ptr || str_is(head.tag, "!") || tag_long_form(head.tag).ptr)
        return datum;
    if (is_core_tag(head.tag, is_map ? "map" : "seq"))
        return datum;
    if (is_core_tag(head.tag, "str") || is_core_tag(head.tag, is_map ? "seq" : "map"))
        return tag_mismatch(reader, head,
            is_core_tag(head.tag, "str") ? "a text"
            : is_map                     ? "a list"
                                         : "a map");
    report_unknown_tag(reader, head.tag, head.start);
    return datum;
}

// ---- nodes and aliases ----

static bool check_depth(YamlReader *reader, size_t depth, size_t at)
{
    if (depth > reader->deepest)
        reader->deepest = depth;
    if (depth <= DATA_DEPTH_MAX)
        return true;
    data_error(&reader->base, DIAG_DATA_TOO_DEEP, data_span(&reader->base, at, at + 1),
        str_format(reader->base.context->arena, "%d", DATA_DEPTH_MAX), STR_NONE);
    return false;
}

// The very datum that the anchor names: data never change, so that it may be shared.
static Datum *read_alias(YamlReader *reader)
{
    Arena *arena = reader->base.context->arena;
    Str name = str_copy(arena, str_of((const char *)reader->event.data.alias.anchor));
    size_t start = event_start(reader);
    reader->last_end = event_end(reader);
    Span span = data_span(&reader->base, start, reader->last_end);
    const Anchor *anchor = map_find(&reader->anchors, name);
    if (!anchor || anchor->is_open) {
        data_error(&reader->base, anchor ? DIAG_YAML_CYCLIC_ALIAS : DIAG_YAML_UNKNOWN_ALIAS, span,
            name, STR_NONE);
        return datum_null(arena, NULL);
    }
    reader->nodes += anchor->size;
    reader->expanded += anchor->size;
    if (reader->expanded > EXPANDED_MAX) {
        data_error(&reader->base, DIAG_YAML_TOO_MANY_NODES, span,
            str_format(arena, "%d", EXPANDED_MAX), STR_NONE);
        return NULL;
    }
    return check_depth(reader, reader->depth + anchor->height, start) ? anchor->datum : NULL;
}

// The tag and the anchor of the node that begins with the current event.
static NodeHead read_head(YamlReader *reader, Anchor **anchor)
{
    Arena *arena = reader->base.context->arena;
    const yaml_event_t *event = &reader->event;
    const yaml_char_t *tag = event->data.scalar.tag, *name = event->data.scalar.anchor;
    if (event->type == YAML_SEQUENCE_START_EVENT) {
        tag = event->data.sequence_start.tag;
        name = event->data.sequence_start.anchor;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        tag = event->data.mapping_start.tag;
        name = event->data.mapping_start.anchor;
    }
    if (name)
        *anchor = add_anchor(reader, name);
    NodeHead head = {.start = event_start(reader)};
    if (tag)
        head.tag = str_copy(arena, str_of((const char *)tag));
    return head;
}

static Datum *read_content(YamlReader *reader, NodeHead head)
{
    bool is_scalar = reader->event.type == YAML_SCALAR_EVENT;
    bool is_short = tag_long_form(head.tag).ptr != NULL;
    // A short tag stands for a map around its content.
    size_t levels = (size_t)!is_scalar + (size_t)is_short;
    reader->depth += levels;
    if (!check_depth(reader, reader->depth, head.start))
        return NULL;
    Datum *datum = is_scalar ? read_scalar(reader, head) : read_collection(reader, head);
    reader->depth -= levels;
    return datum && is_short ? lengthen(reader, head, datum) : datum;
}

// At the first event of a node; ends at its last one. NULL when reading cannot go on.
static Datum *read_node(YamlReader *reader)
{
    if (reader->event.type == YAML_ALIAS_EVENT)
        return read_alias(reader);
    Anchor *anchor = NULL;
    size_t nodes = reader->nodes++, deepest = reader->deepest;
    reader->deepest = reader->depth;
    NodeHead head = read_head(reader, &anchor);
    Datum *datum = read_content(reader, head);
    if (datum && anchor)
        *anchor = (Anchor){datum, false, reader->nodes - nodes, reader->deepest - reader->depth};
    if (deepest > reader->deepest)
        reader->deepest = deepest;
    return datum;
}

// ---- documents ----

static Datum *read_document(YamlReader *reader)
{
    // The stream's start, then the first document's.
    if (!next_event(reader) || !next_event(reader))
        return NULL;
    if (reader->event.type == YAML_STREAM_END_EVENT)
        return datum_null(reader->base.context->arena, data_origin(&reader->base, 0, 0));
    if (!next_event(reader))
        return NULL;
    Datum *datum = read_node(reader);
    // The document's end, then the stream's.
    if (!datum || !next_event(reader) || !next_event(reader))
        return NULL;
    if (reader->event.type != YAML_STREAM_END_EVENT)
        data_error(&reader->base, DIAG_YAML_SECOND_DOCUMENT,
            point(reader, reader->event.start_mark.index), STR_NONE, STR_NONE);
    return datum;
}

Datum *data_read_yaml(const DataContext *context, FileId file)
{
    YamlReader reader = {0};
    reader.start = data_reader_init(&reader.base, context, file);
    if (reader.base.failed)
        return NULL;
    if (!yaml_parser_initialize(&reader.parser))
        base_out_of_memory();
    find_checkpoints(&reader);
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser,
        (const unsigned char *)reader.base.text.ptr + reader.start,
        reader.base.text.len - reader.start);
    Datum *datum = read_document(&reader);
    yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    data_reader_end(&reader.base);
    return reader.base.failed ? NULL : datum;
}
