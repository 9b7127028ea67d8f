#include "compiler/eval/value.h"

#include "compiler/base/map.h"

#include "compiler/base/buf.h"
#include "compiler/data/data.h"
#include "compiler/eval/entity.h"

// ---- making ----

static Value *new_value(Arena *arena, ValueKind kind, const Origin *origin)
{
    Value *value = ARENA_NEW(arena, Value);
    value->kind = kind;
    value->origin = origin;
    return value;
}

static Value *new_text(Arena *arena, ValueKind kind, const Origin *origin, Str text)
{
    Value *value = new_value(arena, kind, origin);
    value->text = text.ptr ? text : STR("");
    return value;
}

Value *value_error(Arena *arena, const Origin *origin)
{
    return new_value(arena, VALUE_ERROR, origin);
}

Value *value_null(Arena *arena, const Origin *origin)
{
    return new_value(arena, VALUE_NULL, origin);
}

Value *value_bool(Arena *arena, const Origin *origin, bool b)
{
    Value *value = new_value(arena, VALUE_BOOL, origin);
    value->boolean = b;
    return value;
}

Value *value_number(Arena *arena, const Origin *origin, Str digits)
{
    return new_text(arena, VALUE_NUMBER, origin, digits);
}

Value *value_int(Arena *arena, const Origin *origin, int64_t n)
{
    return value_number(arena, origin, str_format(arena, "%lld", (long long)n));
}

Value *value_string(Arena *arena, const Origin *origin, Str text)
{
    return new_text(arena, VALUE_STRING, origin, text);
}

Value *value_list(Arena *arena, const Origin *origin)
{
    return new_value(arena, VALUE_LIST, origin);
}

Value *value_map(Arena *arena, const Origin *origin)
{
    return new_value(arena, VALUE_MAP, origin);
}

Value *value_deploy(Arena *arena, const Origin *origin, DeployOp op)
{
    Value *value = new_value(arena, VALUE_DEPLOY, origin);
    value->deploy = ARENA_NEW(arena, Deploy);
    value->deploy->op = op;
    return value;
}

Value *value_function(Arena *arena, const Origin *origin, Str function, Value *argument)
{
    Value *value = value_deploy(arena, origin, DEPLOY_FUNCTION);
    value->deploy->text = function;
    VEC_ADD(arena, &value->deploy->args, argument);
    return value;
}

Value *value_at(Arena *arena, const Value *value, const Origin *origin)
{
    Value *copy = ARENA_NEW(arena, Value);
    *copy = *value;
    copy->origin = origin;
    copy->found_known = false;
    copy->found_equal = NULL;
    // What is added to the copy must not land in the array both share.
    if (copy->kind == VALUE_LIST) {
        copy->list.cap = copy->list.len;
    } else if (copy->kind == VALUE_MAP) {
        copy->map.entries.cap = copy->map.entries.len;
        copy->map.index = NULL;
    } else if (copy->kind == VALUE_DEPLOY) {
        copy->deploy = ARENA_NEW(arena, Deploy);
        *copy->deploy = *value->deploy;
        copy->deploy->args.cap = copy->deploy->args.len;
    }
    return copy;
}

void value_append(Arena *arena, Value *list, Value *item)
{
    VEC_ADD(arena, &list->list, item);
    list->found_known = false;
    list->found_equal = NULL;
}

// Larger maps than this are searched through a table.
enum { SMALL_MAP = 16 };

static void index_entry(Arena *arena, Value *map, size_t at)
{
    if (map->map.entries.len <= SMALL_MAP)
        return;
    size_t from = at;
    if (!map->map.index) {
        map->map.index = ARENA_NEW(arena, Map);
        from = 0;
    }
    // Positions count from 1: a table holds no NULL.
    for (; from <= at; from++)
        map_set(map->map.index, arena, map->map.entries.items[from].key, (void *)(from + 1));
}

static ValueEntry *find_entry(const Value *map, Str key)
{
    if (map->map.index) {
        size_t position = (size_t)map_find(map->map.index, key);
        return position ? &map->map.entries.items[position - 1] : NULL;
    }
    for (size_t i = 0; i < map->map.entries.len; i++)
        if (str_equal(map->map.entries.items[i].key, key))
            return &map->map.entries.items[i];
    return NULL;
}

void value_put(Arena *arena, Value *map, Str key, const Origin *origin, Value *value)
{
    ValueEntry entry = {.key = key, .origin = origin, .value = value};
    ValueEntry *old = find_entry(map, key);
    map->found_known = false;
    map->found_equal = NULL;
    if (old) {
        *old = entry;
        return;
    }
    VEC_ADD(arena, &map->map.entries, entry);
    index_entry(arena, map, map->map.entries.len - 1);
}

Value *value_get(const Value *map, Str key)
{
    if (!map || map->kind != VALUE_MAP)
        return NULL;
    const ValueEntry *entry = find_entry(map, key);
    return entry ? entry->value : NULL;
}

static Value *list_of_datum(Arena *arena, const Datum *datum)
{
    Value *list = value_list(arena, datum->origin);
    for (size_t i = 0; i < datum->items.len; i++)
        value_append(arena, list, value_of_datum(arena, datum->items.items[i]));
    return list;
}

static Value *map_of_datum(Arena *arena, const Datum *datum)
{
    Value *map = value_map(arena, datum->origin);
    for (size_t i = 0; i < datum->entries.len; i++) {
        const DatumEntry *from = &datum->entries.items[i];
        // The keys are unique already: no search for an older one.
        ValueEntry entry = {
            .key = from->key, .origin = from->origin, .value = value_of_datum(arena, from->value)};
        VEC_ADD(arena, &map->map.entries, entry);
        index_entry(arena, map, i);
    }
    return map;
}

Value *value_of_datum(Arena *arena, const Datum *datum)
{
    switch (datum->kind) {
    case DATUM_BOOL:
        return value_bool(arena, datum->origin, datum->boolean);
    case DATUM_NUMBER:
        return value_number(arena, datum->origin, datum->text);
    case DATUM_STRING:
        return value_string(arena, datum->origin, datum->text);
    case DATUM_LIST:
        return list_of_datum(arena, datum);
    case DATUM_MAP:
        return map_of_datum(arena, datum);
    case DATUM_NULL:
    case DATUM_COUNT:
        break;
    }
    return value_null(arena, datum->origin);
}

// ---- asking ----

bool value_is_error(const Value *value)
{
    return value->kind == VALUE_ERROR;
}

bool value_is_null(const Value *value)
{
    return value->kind == VALUE_NULL;
}

bool value_is_string(const Value *value, const char *text)
{
    return value->kind == VALUE_STRING && str_is(value->text, text);
}

bool value_is_condition(const Value *value)
{
    if (value->kind != VALUE_DEPLOY)
        return false;
    if (value->deploy->op >= DEPLOY_CONDITION)
        return true;
    if (value->deploy->op != DEPLOY_FUNCTION)
        return false;
    static const char *const names[] = {
        "Fn::Contains", "Fn::EachMemberIn", "Fn::EachMemberEquals", "Condition"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(value->deploy->text, names[i]))
            return true;
    return false;
}

static const Value *unknown_in_list(const Value *list)
{
    const Value *unknown = NULL;
    for (size_t i = 0; i < list->list.len && !unknown; i++)
        unknown = value_unknown_part(list->list.items[i]);
    return unknown;
}

static const Value *unknown_in_map(const Value *map)
{
    const Value *unknown = NULL;
    for (size_t i = 0; i < map->map.entries.len && !unknown; i++) {
        const ValueEntry *entry = &map->map.entries.items[i];
        unknown = value_unknown_part(entry->value);
    }
    return unknown;
}

const Value *value_unknown_part(const Value *value)
{
    if (value->kind > VALUE_MAP)
        return value;
    bool is_scalar = value->kind != VALUE_LIST && value->kind != VALUE_MAP;
    if (is_scalar || value->found_known)
        return NULL;
    const Value *unknown =
        value->kind == VALUE_LIST ? unknown_in_list(value) : unknown_in_map(value);
    // Lists of lists of lists share their parts, so that there may be more paths than memory.
    ((Value *)(uintptr_t)value)->found_known = !unknown;
    return unknown;
}

bool value_is_known(const Value *value)
{
    return !value_unknown_part(value);
}

bool value_has_error(const Value *value)
{
    bool is_container = value->kind == VALUE_LIST || value->kind == VALUE_MAP;
    if (!is_container || value->found_sound)
        return value_is_error(value);
    bool found = false;
    for (size_t i = 0; value->kind == VALUE_LIST && i < value->list.len && !found; i++)
        found = value_has_error(value->list.items[i]);
    for (size_t i = 0; value->kind == VALUE_MAP && i < value->map.entries.len && !found; i++)
        found = value_has_error(value->map.entries.items[i].value);
    ((Value *)(uintptr_t)value)->found_sound = !found;
    return found;
}

static bool lists_equal(const Value *a, const Value *b)
{
    if (a->list.len != b->list.len)
        return false;
    for (size_t i = 0; i < a->list.len; i++)
        if (!value_equal(a->list.items[i], b->list.items[i]))
            return false;
    return true;
}

static bool maps_equal(const Value *a, const Value *b)
{
    if (a->map.entries.len != b->map.entries.len)
        return false;
    for (size_t i = 0; i < a->map.entries.len; i++) {
        const ValueEntry *left = &a->map.entries.items[i];
        // Most often the keys are in the same order.
        const ValueEntry *right = &b->map.entries.items[i];
        if (!str_equal(left->key, right->key))
            right = find_entry(b, left->key);
        if (!right || !value_equal(left->value, right->value))
            return false;
    }
    return true;
}

bool value_equal(const Value *a, const Value *b)
{
    if (a == b)
        return true;
    Str left = value_scalar_text(a), right = value_scalar_text(b);
    if (left.ptr && right.ptr)
        return str_equal(left, right);
    if (a->kind != b->kind)
        return false;
    if (a->kind != VALUE_LIST && a->kind != VALUE_MAP)
        return a->kind == VALUE_NULL;
    if (a->found_equal == b)
        return true;
    bool equal = a->kind == VALUE_LIST ? lists_equal(a, b) : maps_equal(a, b);
    if (equal)
        ((Value *)(uintptr_t)a)->found_equal = b;
    return equal;
}

// Takes the parts of the value from what is left; false when that is too little.
static bool take_parts(const Value *value, size_t *left)
{
    if (!*left)
        return false;
    --*left;
    const ValueList *parts = value->kind == VALUE_LIST     ? &value->list
                             : value->kind == VALUE_DEPLOY ? &value->deploy->args
                                                           : NULL;
    for (size_t i = 0; parts && i < parts->len; i++)
        if (!take_parts(parts->items[i], left))
            return false;
    for (size_t i = 0; value->kind == VALUE_MAP && i < value->map.entries.len; i++)
        if (!take_parts(value->map.entries.items[i].value, left))
            return false;
    return true;
}

bool value_has_more_parts(const Value *value, size_t count)
{
    return !take_parts(value, &count);
}

bool value_to_int(const Value *value, int64_t *n)
{
    if (value->kind != VALUE_NUMBER && value->kind != VALUE_STRING)
        return false;
    Str text = value->text;
    bool negative = text.len && text.ptr[0] == '-';
    size_t first = negative ? 1 : 0;
    if (first == text.len)
        return false;
    int64_t result = 0;
    for (size_t i = first; i < text.len; i++) {
        char c = text.ptr[i];
        if (c < '0' || c > '9')
            return false;
        int digit = c - '0';
        int64_t limit = negative ? INT64_MIN : INT64_MAX;
        // Counted in the direction of the sign, so that the smallest number fits too.
        bool fits = negative ? result >= (limit + digit) / 10 : result <= (limit - digit) / 10;
        if (!fits)
            return false;
        result = result * 10 + (negative ? -digit : digit);
    }
    *n = result;
    return true;
}

Str value_scalar_text(const Value *value)
{
    switch (value->kind) {
    case VALUE_BOOL:
        return value->boolean ? STR("true") : STR("false");
    case VALUE_NUMBER:
    case VALUE_STRING:
        return value->text;
    default:
        return STR_NONE;
    }
}

// ---- for messages ----

static Str describe_named(Arena *arena, const char *what, Str name)
{
    return str_format(arena, "the %s '%.*s'", what, STR_FMT(name));
}

static Str describe_deploy(Arena *arena, const Value *value)
{
    const Resource *resource = value->deploy->resource;
    Str name = resource ? resource->name : value->deploy->text;
    switch (value->deploy->op) {
    case DEPLOY_REF:
        if (value->deploy->parameter)
            return describe_named(arena, "parameter", value->deploy->parameter->name);
        return describe_named(arena, resource ? "Ref of" : "deploy-time value", name);
    case DEPLOY_GETATT:
        return str_format(arena, "the deploy-time value '%.*s.%.*s'", STR_FMT(name),
            STR_FMT(value->deploy->attribute));
    case DEPLOY_SUB:
        return STR("a string with deploy-time parts");
    case DEPLOY_IF:
        return STR("a choice made when deploying");
    case DEPLOY_FIND_IN_MAP:
        return STR("a value looked up when deploying");
    case DEPLOY_FUNCTION:
        return str_format(arena, "the deploy-time value of '%.*s'", STR_FMT(value->deploy->text));
    case DEPLOY_CONDITION:
        if (value->deploy->condition)
            return describe_named(arena, "condition", value->deploy->condition->id);
        return STR("a condition");
    case DEPLOY_EQUALS:
    case DEPLOY_NOT:
    case DEPLOY_AND:
    case DEPLOY_OR:
        return STR("a condition");
    case DEPLOY_NONE:
    case DEPLOY_COUNT:
        break;
    }
    return STR("a deploy-time value");
}

Str value_describe(Arena *arena, const Value *value)
{
    switch (value->kind) {
    case VALUE_NULL:
        return STR("null");
    case VALUE_BOOL:
        return STR("a boolean");
    case VALUE_NUMBER:
        return STR("a number");
    case VALUE_STRING:
        return STR("a string");
    case VALUE_LIST:
        return STR("a list");
    case VALUE_MAP:
        return STR("a map");
    case VALUE_RESOURCE:
        return describe_named(arena, "resource", value->resource->name);
    case VALUE_INSTANCE:
        return describe_named(arena, "instance", value->instance->name);
    case VALUE_DOMAIN:
        return describe_named(arena, "domain", value->domain->name);
    case VALUE_ASSET:
        return describe_named(arena, "asset", value->asset->path);
    case VALUE_MAPPING:
        return describe_named(arena, "mapping", value->mapping.mapping->id);
    case VALUE_NAMESPACE:
        return str_format(arena, "'%.*s'", STR_FMT(value->text));
    case VALUE_DEPLOY:
        return describe_deploy(arena, value);
    case VALUE_ERROR:
    case VALUE_COUNT:
        break;
    }
    return STR("an error");
}

static Str show_string(Arena *arena, Str text)
{
    enum { SHOWN = 56 };
    size_t end = text.len;
    if (end > SHOWN) {
        // Not within a character.
        for (end = SHOWN; end && ((unsigned char)text.ptr[end] & 0xC0) == 0x80; end--)
            ;
    }
    Buf buf;
    buf_init(&buf, 0);
    data_write_json_string(&buf, str_slice(text, 0, end));
    if (end < text.len)
        buf_add_text(&buf, "…");
    Str shown = buf_copy(&buf, arena);
    buf_release(&buf);
    return shown;
}

static Str show_count(
    Arena *arena, char open, size_t count, const char *unit, const char *units, char close)
{
    if (!count)
        return str_format(arena, "%c%c", open, close);
    return str_format(arena, "%c%zu %s%c", open, count, count == 1 ? unit : units, close);
}

Str value_show(Arena *arena, const Value *value)
{
    switch (value->kind) {
    case VALUE_BOOL:
    case VALUE_NUMBER:
        return str_copy(arena, value_scalar_text(value));
    case VALUE_STRING:
        return show_string(arena, value->text);
    case VALUE_LIST:
        return show_count(arena, '[', value->list.len, "item", "items", ']');
    case VALUE_MAP:
        return show_count(arena, '{', value->map.entries.len, "entry", "entries", '}');
    default:
        return value_describe(arena, value);
    }
}
