#include "compiler/emit/emit.h"

#include "compiler/data/data.h"
#include "compiler/emit/source_map.h"

void emit_template(Buf *out, const Stack *stack, EmitFormat format)
{
    if (format == EMIT_YAML)
        data_write_yaml(out, stack->template_);
    else
        data_write_json(out, stack->template_);
}

// Does the escaped segment of a pointer name the key?
static bool segment_is(Str segment, Str key)
{
    size_t at = 0;
    for (size_t i = 0; i < key.len; i++, at++) {
        if (at >= segment.len)
            return false;
        char c = segment.ptr[at];
        if (c == '~') {
            char escaped = ++at < segment.len ? segment.ptr[at] : '\0';
            if (escaped != '0' && escaped != '1')
                return false;
            c = escaped == '0' ? '~' : '/';
        }
        if (c != key.ptr[i])
            return false;
    }
    return at == segment.len;
}

// The index that a segment without leading zeros stands for, or SIZE_MAX.
static size_t segment_index(Str segment)
{
    if (!segment.len || segment.len > 9 || (segment.len > 1 && segment.ptr[0] == '0'))
        return SIZE_MAX;
    size_t index = 0;
    for (size_t i = 0; i < segment.len; i++) {
        if (segment.ptr[i] < '0' || segment.ptr[i] > '9')
            return SIZE_MAX;
        index = index * 10 + (size_t)(segment.ptr[i] - '0');
    }
    return index;
}

// One step of a pointer; moves `*origin` along.
static const Datum *find_child(const Datum *datum, Str segment, const Origin **origin)
{
    size_t index = segment_index(segment);
    if (index < datum->items.len) {
        const Datum *item = datum->items.items[index];
        *origin = source_map_origin(item, NULL, *origin);
        return item;
    }
    for (size_t i = 0; i < datum->entries.len; i++) {
        const DatumEntry *entry = &datum->entries.items[i];
        if (!segment_is(segment, entry->key))
            continue;
        *origin = source_map_origin(entry->value, entry->origin, *origin);
        return entry->value;
    }
    return NULL;
}

const Datum *emit_find_pointer(const Datum *template_, Str pointer, const Origin **origin)
{
    const Datum *datum = template_;
    *origin = source_map_origin(template_, NULL, NULL);
    size_t at = 0;
    while (datum && at < pointer.len) {
        if (pointer.ptr[at] != '/')
            return NULL;
        size_t end = str_find(pointer, STR("/"), at + 1);
        if (end == SIZE_MAX)
            end = pointer.len;
        datum = find_child(datum, str_slice(pointer, at + 1, end), origin);
        at = end;
    }
    return datum;
}
