// Texts that functions put together: Fn::Join and Fn::Sub write the same in two ways.
#include "runtime/plan/plan_priv.h"

enum { DEEPEST = 16 };

static bool add_form(Buf *out, const Datum *value, int depth);

// What stands for a name in a form; no text of a template has it.
#define NAME_START "\x01"
#define NAME_END "\x02"

static void add_name(Buf *out, Str name)
{
    buf_add_format(out, NAME_START "%.*s" NAME_END, STR_FMT(name));
}

// "${Name}" is a name there, "${!Name}" the text "${Name}".
static void add_sub(Buf *out, Str text)
{
    for (size_t at; (at = str_find(text, STR("${"), 0)) != SIZE_MAX;) {
        size_t end = str_find(text, STR("}"), at);
        if (end == SIZE_MAX)
            break;
        Str name = str_slice(text, at + 2, end);
        buf_add(out, str_slice(text, 0, at));
        if (str_starts(name, STR("!")))
            buf_add_format(out, "${%.*s}", STR_FMT(str_slice(name, 1, name.len)));
        else
            add_name(out, name);
        text = str_slice(text, end + 1, text.len);
    }
    buf_add(out, text);
}

static bool add_join(Buf *out, const Datum *argument, int depth)
{
    if (argument->kind != DATUM_LIST || argument->items.len != 2)
        return false;
    const Datum *between = argument->items.items[0], *pieces = argument->items.items[1];
    if (between->kind != DATUM_STRING || pieces->kind != DATUM_LIST)
        return false;
    for (size_t i = 0; i < pieces->items.len; i++) {
        if (i)
            buf_add(out, between->text);
        if (!add_form(out, pieces->items.items[i], depth + 1))
            return false;
    }
    return true;
}

static bool add_attribute(Buf *out, const Datum *argument)
{
    if (argument->kind == DATUM_STRING) {
        add_name(out, argument->text);
        return true;
    }
    if (argument->kind != DATUM_LIST || argument->items.len != 2 ||
        argument->items.items[0]->kind != DATUM_STRING ||
        argument->items.items[1]->kind != DATUM_STRING)
        return false;
    buf_add_format(out, NAME_START "%.*s.%.*s" NAME_END, STR_FMT(argument->items.items[0]->text),
        STR_FMT(argument->items.items[1]->text));
    return true;
}

// False: it is not made of literals, references and attributes alone.
static bool add_form(Buf *out, const Datum *value, int depth)
{
    if (value->kind == DATUM_STRING || value->kind == DATUM_NUMBER) {
        buf_add(out, value->text);
        return true;
    }
    const DatumEntry *call = datum_only_entry(value);
    if (!call || depth > DEEPEST)
        return false;
    if (str_is(call->key, "Fn::Join"))
        return add_join(out, call->value, depth);
    if (str_is(call->key, "Fn::GetAtt"))
        return add_attribute(out, call->value);
    bool named = call->value->kind == DATUM_STRING;
    if (named && str_is(call->key, "Ref"))
        add_name(out, call->value->text);
    else if (named && str_is(call->key, "Fn::Sub"))
        add_sub(out, call->value->text);
    else
        return false;
    return true;
}

static bool is_put_together(const Datum *value)
{
    const DatumEntry *call = datum_only_entry(value);
    return call && (str_is(call->key, "Fn::Join") || str_is(call->key, "Fn::Sub"));
}

bool plan_same_text(const Datum *before, const Datum *after)
{
    if (!is_put_together(before) && !is_put_together(after))
        return false;
    Buf left, right;
    buf_init(&left, 0);
    buf_init(&right, 0);
    bool same = add_form(&left, before, 0) && add_form(&right, after, 0) &&
                str_equal(buf_str(&left), buf_str(&right));
    buf_release(&left);
    buf_release(&right);
    return same;
}
