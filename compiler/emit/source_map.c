#include "compiler/emit/source_map.h"

#include "compiler/base/map.h"
#include "compiler/data/data.h"

// A component instance through which values came.
typedef struct Instance {
    Str name;
    Span span; // of its declaration
    size_t number;
    size_t outer; // number of the instance around it, or NO_INSTANCE
} Instance;

static const size_t NO_INSTANCE = SIZE_MAX;

typedef struct MapMaker {
    Arena *arena;
    Writer *writer;
    Sources *sources;
    Buf pointer;            // of the value being visited, as it stands between quotes
    VEC(FileId) files;      // in the order of their first use
    uint32_t *file_numbers; // by FileId: index + 1
    VEC(Instance *) instances;
    Map by_place;   // the address of an origin's `via` -> Instance
    Map by_content; // to Instance
} MapMaker;

// Where a value was written, given where what is around it was; the key's origin may be NULL.
static const Origin *origin_of(const Datum *datum, const Origin *key_origin, const Origin *around)
{
    if (datum->origin && datum->origin->span.file)
        return datum->origin;
    return key_origin && key_origin->span.file ? key_origin : around;
}

static uint32_t file_number(MapMaker *maker, FileId file)
{
    if (!maker->file_numbers[file]) {
        VEC_ADD(maker->arena, &maker->files, file);
        maker->file_numbers[file] = (uint32_t)maker->files.len;
    }
    return maker->file_numbers[file] - 1;
}

// "file, line, column" by numbers.
static void write_numbers(MapMaker *maker, Span span)
{
    Position position = source_position(maker->sources, span.file, span.start);
    Buf *out = maker->writer->out;
    buf_add_number(out, file_number(maker, span.file));
    buf_add_text(out, ", ");
    buf_add_number(out, position.line);
    buf_add_text(out, ", ");
    buf_add_number(out, position.column);
}

// The same instance may have many origins that say so; by content it has one number.
static size_t instance_number(MapMaker *maker, const Origin *origin)
{
    if (!origin->via)
        return NO_INSTANCE;
    Str place = {(const char *)&origin->via, sizeof origin->via};
    const Instance *known = map_find(&maker->by_place, place);
    if (known)
        return known->number;
    size_t outer = instance_number(maker, origin->via);
    Span span = origin->via->span;
    Str content = str_format(maker->arena, "%zu %u %u %.*s", outer, (unsigned)span.file,
        (unsigned)span.start, STR_FMT(origin->instance));
    Instance *instance = map_find(&maker->by_content, content);
    if (!instance) {
        instance = ARENA_NEW(maker->arena, Instance);
        *instance = (Instance){origin->instance, span, maker->instances.len, outer};
        VEC_ADD(maker->arena, &maker->instances, instance);
        map_set(&maker->by_content, maker->arena, content, instance);
    }
    map_set(&maker->by_place, maker->arena, str_copy(maker->arena, place), instance);
    return instance->number;
}

static void write_entry(MapMaker *maker, const Origin *origin)
{
    Writer *writer = maker->writer;
    writer_item(writer);
    buf_add_char(writer->out, '"');
    buf_add(writer->out, buf_str(&maker->pointer));
    buf_add_text(writer->out, "\": ");
    if (!origin) {
        buf_add_text(writer->out, "null");
        return;
    }
    buf_add_char(writer->out, '[');
    write_numbers(maker, origin->span);
    size_t number = instance_number(maker, origin);
    if (number != NO_INSTANCE) {
        buf_add_text(writer->out, ", ");
        buf_add_number(writer->out, number);
    }
    buf_add_char(writer->out, ']');
}

// RFC 6901: `~` and `/` in a key are written `~0` and `~1`.
static void add_key(Buf *pointer, Str key)
{
    buf_add_char(pointer, '/');
    size_t plain = 0;
    for (size_t i = 0; i < key.len; i++) {
        if (key.ptr[i] != '~' && key.ptr[i] != '/')
            continue;
        data_write_json_text(pointer, str_slice(key, plain, i));
        buf_add_text(pointer, key.ptr[i] == '~' ? "~0" : "~1");
        plain = i + 1;
    }
    data_write_json_text(pointer, str_slice(key, plain, key.len));
}

static void cut_pointer(Buf *pointer, size_t len)
{
    pointer->len = len;
    if (pointer->ptr)
        pointer->ptr[len] = '\0';
}

static void visit(MapMaker *maker, const Datum *datum, const Origin *origin)
{
    write_entry(maker, origin);
    size_t len = maker->pointer.len;
    for (size_t i = 0; i < datum->items.len; i++) {
        const Datum *item = datum->items.items[i];
        buf_add_char(&maker->pointer, '/');
        buf_add_number(&maker->pointer, i);
        visit(maker, item, origin_of(item, NULL, origin));
        cut_pointer(&maker->pointer, len);
    }
    for (size_t i = 0; i < datum->entries.len; i++) {
        const DatumEntry *entry = &datum->entries.items[i];
        add_key(&maker->pointer, entry->key);
        visit(maker, entry->value, origin_of(entry->value, entry->origin, origin));
        cut_pointer(&maker->pointer, len);
    }
}

static void write_instances(MapMaker *maker)
{
    Writer *writer = maker->writer;
    writer_key(writer, "instances");
    writer_open(writer, '[');
    for (size_t i = 0; i < maker->instances.len; i++) {
        const Instance *instance = maker->instances.items[i];
        writer_item(writer);
        buf_add_char(writer->out, '[');
        data_write_json_string(writer->out, instance->name);
        buf_add_text(writer->out, ", ");
        write_numbers(maker, instance->span);
        if (instance->outer != NO_INSTANCE)
            buf_add_format(writer->out, ", %zu", instance->outer);
        buf_add_char(writer->out, ']');
    }
    writer_close(writer, ']');
}

// The tables come last: they are complete only when all templates have been visited.
static void write_parts(MapMaker *maker, const StageModel *model)
{
    Writer *writer = maker->writer;
    writer_open(writer, '{');
    writer_key(writer, "stacks");
    writer_open(writer, '{');
    for (size_t i = 0; i < model->stacks.len; i++) {
        const Stack *stack = model->stacks.items[i];
        writer_key_text(writer, stack->id);
        writer_open(writer, '{');
        buf_clear(&maker->pointer);
        visit(maker, stack->template_, origin_of(stack->template_, NULL, NULL));
        writer_close(writer, '}');
    }
    writer_close(writer, '}');
    write_instances(maker);
    writer_key(writer, "files");
    writer_open(writer, '[');
    for (size_t i = 0; i < maker->files.len; i++) {
        writer_item(writer);
        data_write_json_string(writer->out, source_name(maker->sources, maker->files.items[i]));
    }
    writer_close(writer, ']');
    writer_close(writer, '}');
}

void source_map_write(Writer *writer, const StageModel *model, Sources *sources)
{
    MapMaker maker = {.arena = arena_new(), .writer = writer, .sources = sources};
    maker.file_numbers = ARENA_ARRAY(maker.arena, uint32_t, sources_count(sources) + 1);
    buf_init(&maker.pointer, 0);
    write_parts(&maker, model);
    buf_release(&maker.pointer);
    arena_free(maker.arena);
}
