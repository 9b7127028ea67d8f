// Entries of a section that CloudFormation repeats: Fn::ForEach.
#include "compiler/lower/lower_priv.h"

// The key of an entry in Fn::ForEach: "T${N}".
Str loop_key(const Spot *spot, const Loop *loop)
{
    if (!loop->each || !loop->id_value)
        return loop->id;
    const Datum *id = lower_value(spot, loop->id_value);
    const DatumEntry *sub = datum_only_entry(id);
    if (sub && sub->value->kind == DATUM_STRING)
        return sub->value->text;
    return id->kind == DATUM_STRING ? id->text : loop->id;
}

static Datum *wrap(const Spot *spot, const ForEach *each, Datum *inner, const Origin *origin)
{
    Arena *arena = spot->lowerer->arena;
    Datum *args = datum_list(arena, origin);
    datum_append(arena, args, datum_string(arena, origin, each->variable));
    datum_append(arena, args, lower_value(spot, each->subject));
    datum_append(arena, args, inner);
    return args;
}

static Str loop_name(const Spot *spot, const Loop *loop, const ForEach *each)
{
    Arena *arena = spot->lowerer->arena;
    Str name = str_format(arena, "Fn::ForEach::%.*s", STR_FMT(loop->id));
    for (const ForEach *outer = each->outer; outer; outer = outer->outer)
        name = str_format(arena, "%.*sInner", STR_FMT(name));
    return unique_loop_name(spot, name);
}

void put_repeated(const Spot *spot, Datum *section, const Loop *loop, Datum *entry)
{
    Arena *arena = spot->lowerer->arena;
    const Origin *origin = spot_origin(spot, loop->origin);
    if (!loop->each) {
        datum_put(arena, section, loop->id, loop->origin, entry);
        return;
    }
    Datum *inner = datum_map(arena, origin);
    datum_put(arena, inner, loop_key(spot, loop), origin, entry);
    for (const ForEach *each = loop->each; each; each = each->outer) {
        Datum *args = wrap(spot, each, inner, origin);
        Datum *around = each->outer ? datum_map(arena, origin) : section;
        datum_put(arena, around, loop_name(spot, loop, each), origin, args);
        inner = around;
    }
}
