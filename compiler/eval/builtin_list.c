// Functions of lists and maps, whose elements may be known only when deploying.
#include "compiler/base/utf8.h"
#include "compiler/eval/builtin_priv.h"

// ---- join and split ----

static Value *join_known(const CallContext *call, Str separator, const Value *list)
{
    Buf text;
    buf_init(&text, BUILTIN_TEXT_MAX);
    for (size_t i = 0; i < list->list.len; i++) {
        if (i)
            buf_add(&text, separator);
        buf_add(&text, value_scalar_text(list->list.items[i]));
    }
    return builtin_string_of(call, "join", &text);
}

// One string with the deploy-time elements in it, rather than Fn::Join around functions.
static Value *join_parts(const CallContext *call, const Value *list)
{
    ValueList parts = {0};
    for (size_t i = 0; i < list->list.len; i++) {
        if (i)
            VEC_ADD(call->arena, &parts, call->args[0]);
        VEC_ADD(call->arena, &parts, builtin_part(call, list->list.items[i]));
    }
    return call->interpolate(call->eval, call->origin, &parts);
}

static Value *join_list(const CallContext *call, Str separator, const Value *list)
{
    bool all_known = true, one_string = true;
    for (size_t i = 0; i < list->list.len; i++) {
        const Value *element = list->list.items[i];
        bool is_text = builtin_may_be_text(element);
        if (!is_text && !builtin_may_be_list(element) && !builtin_may_be_absent(element))
            return builtin_refuse_part(call, "join", 1, "a list of strings", element);
        if (element->kind == VALUE_LIST)
            return builtin_refuse_part(call, "join", 1, "a list of strings", element);
        all_known = all_known && value_scalar_text(element).ptr;
        one_string = one_string && is_text && !builtin_may_be_absent(element);
    }
    if (all_known)
        return join_known(call, separator, list);
    // What may be left out takes its separator with it: only Fn::Join can do that.
    return one_string ? join_parts(call, list) : builtin_intrinsic(call, "Fn::Join", false);
}

Value *builtin_join(CallContext *call)
{
    Str separator;
    bool sound = builtin_text(call, "join", 0, &separator);
    if (!builtin_takes_list(call, "join", 1) || !sound)
        return builtin_fail(call);
    if (call->args[1]->kind == VALUE_LIST)
        return join_list(call, separator, call->args[1]);
    return builtin_intrinsic(call, "Fn::Join", false);
}

static Value *too_many_pieces(const CallContext *call)
{
    Diag *diag = diag_add(call->diags, DIAG_TOO_MANY_PIECES, call->span,
        str_format(call->arena, "%d", BUILTIN_PIECES_MAX), DIAG_END);
    builtin_explain(call, diag);
    return builtin_fail(call);
}

Value *builtin_split(CallContext *call)
{
    Str separator;
    bool sound = builtin_text(call, "split", 0, &separator);
    if (!builtin_takes_text(call, "split", 1) || !sound)
        return builtin_fail(call);
    if (!separator.len)
        return builtin_refuse(call, "split", 0, "a text that is not empty");
    Str text = value_scalar_text(call->args[1]);
    if (!text.ptr)
        return builtin_intrinsic(call, "Fn::Split", true);
    Value *list = value_list(call->arena, call->origin);
    size_t at = 0, found;
    do {
        if (list->list.len == BUILTIN_PIECES_MAX)
            return too_many_pieces(call);
        found = str_find(text, separator, at);
        Str piece = str_copy(call->arena, str_slice(text, at, found));
        value_append(call->arena, list, builtin_string(call, piece));
        at = found == SIZE_MAX ? at : found + separator.len;
    } while (found != SIZE_MAX);
    return list;
}

// ---- select, length ----

static Value *select_known(const CallContext *call, const Value *list)
{
    size_t index;
    if (!builtin_size(call, "select", 0, &index))
        return builtin_fail(call);
    if (index < list->list.len)
        return list->list.items[index];
    Diag *diag = diag_add(call->diags, DIAG_NO_SUCH_ELEMENT, call->arg_spans[0],
        str_format(call->arena, "%zu", index), str_format(call->arena, "%zu", list->list.len),
        DIAG_END);
    builtin_explain(call, diag);
    return builtin_fail(call);
}

Value *builtin_select(CallContext *call)
{
    if (!builtin_takes_list(call, "select", 1))
        return builtin_fail(call);
    const Value *list = call->args[1];
    if (!value_is_known(call->args[0])) {
        if (!builtin_takes_text(call, "select", 0))
            return builtin_fail(call);
    } else if (list->kind == VALUE_LIST && !builtin_has_absent_element(list)) {
        return select_known(call, list);
    } else {
        size_t index;
        if (!builtin_size(call, "select", 0, &index))
            return builtin_fail(call);
    }
    return builtin_intrinsic(call, "Fn::Select", false);
}

static bool has_merged_part(const Value *map)
{
    for (size_t i = 0; i < map->map.entries.len; i++)
        if (str_starts(map->map.entries.items[i].key, STR("Fn::")))
            return true;
    return false;
}

static bool has_absent_entry(const Value *map)
{
    for (size_t i = 0; i < map->map.entries.len; i++) {
        const Value *value = map->map.entries.items[i].value;
        if (!value_is_null(value) && builtin_may_be_absent(value))
            return true;
    }
    return false;
}

static bool is_countable_map(const Value *value)
{
    return value->kind == VALUE_MAP && !has_merged_part(value) && !has_absent_entry(value);
}

static Value *count_value(const CallContext *call, size_t count)
{
    return value_int(call->arena, call->origin, (int64_t)count);
}

Value *builtin_length(CallContext *call)
{
    const Value *value = call->args[0];
    if (value->kind == VALUE_LIST && !builtin_has_absent_element(value))
        return count_value(call, value->list.len);
    if (is_countable_map(value))
        return count_value(call, value->map.entries.len);
    if (value->kind == VALUE_MAP && !builtin_require_known(call, "length", 0))
        return builtin_fail(call);
    if (value->kind == VALUE_STRING)
        return count_value(call, utf8_count(value->text));
    if (value->kind != VALUE_LIST && !builtin_may_be_list(value))
        return builtin_refuse(call, "length", 0, "a list, a map or a known string");
    return value_function(call->arena, call->origin, STR("Fn::Length"), call->args[0]);
}

// ---- contains ----

static Value *needs_known_part(const CallContext *call, size_t index)
{
    const Value *unknown = value_unknown_part(call->args[index]);
    if (!unknown)
        return builtin_fail(call);
    Diag *diag = builtin_report_unknown(call, "contains", index, unknown);
    diag_note(call->diags, diag, (Span){0},
        "'value in list' becomes a condition that is decided when deploying");
    builtin_explain(call, diag);
    return builtin_fail(call);
}

static Value *list_contains(const CallContext *call, const Value *list)
{
    if (!value_is_known(call->args[1]))
        return needs_known_part(call, 1);
    bool all_known = true;
    for (size_t i = 0; i < list->list.len; i++) {
        const Value *element = list->list.items[i];
        if (!value_is_known(element))
            all_known = false;
        else if (value_equal(element, call->args[1]))
            return builtin_bool(call, true);
    }
    return all_known ? builtin_bool(call, false) : needs_known_part(call, 0);
}

Value *builtin_contains(CallContext *call)
{
    if (call->in_rule)
        return builtin_raw(call, STR("contains"), "contains");
    const Value *whole = call->args[0];
    if (whole->kind == VALUE_LIST)
        return list_contains(call, whole);
    if (whole->kind == VALUE_DEPLOY)
        return needs_known_part(call, 0);
    Str part;
    if (!builtin_text(call, "contains", 1, &part))
        return builtin_fail(call);
    if (whole->kind == VALUE_MAP) {
        if (value_get(whole, part))
            return builtin_bool(call, true);
        if (has_merged_part(whole))
            return needs_known_part(call, 0);
        return builtin_bool(call, false);
    }
    if (whole->kind != VALUE_STRING)
        return builtin_refuse(call, "contains", 0, "a string, a list or a map");
    return builtin_bool(call, str_find(whole->text, part, 0) != SIZE_MAX);
}

// ---- the parts of maps, numbers ----

// The map of argument 1, whose keys are known; NULL after a finding.
static const Value *map_of(const CallContext *call, const char *function)
{
    const Value *map = call->args[0];
    if (map->kind == VALUE_DEPLOY || (map->kind == VALUE_MAP && has_merged_part(map))) {
        builtin_require_known(call, function, 0);
        return NULL;
    }
    if (map->kind != VALUE_MAP) {
        builtin_refuse(call, function, 0, "a map");
        return NULL;
    }
    return map;
}

Value *builtin_keys(CallContext *call)
{
    const Value *map = map_of(call, "keys");
    if (!map)
        return builtin_fail(call);
    Value *list = value_list(call->arena, call->origin);
    for (size_t i = 0; i < map->map.entries.len; i++)
        value_append(call->arena, list, builtin_string(call, map->map.entries.items[i].key));
    return list;
}

Value *builtin_values(CallContext *call)
{
    const Value *map = map_of(call, "values");
    if (!map)
        return builtin_fail(call);
    Value *list = value_list(call->arena, call->origin);
    for (size_t i = 0; i < map->map.entries.len; i++)
        value_append(call->arena, list, map->map.entries.items[i].value);
    return list;
}

Value *builtin_range(CallContext *call)
{
    int64_t start, end;
    if (!builtin_integer(call, "range", 0, &start) || !builtin_integer(call, "range", 1, &end))
        return builtin_fail(call);
    uint64_t count = end > start ? (uint64_t)end - (uint64_t)start : 0;
    if (count > BUILTIN_RANGE_MAX) {
        Diag *diag = diag_add(call->diags, DIAG_RANGE_TOO_LONG, call->span,
            str_format(call->arena, "%d", BUILTIN_RANGE_MAX),
            str_format(call->arena, "%llu", (unsigned long long)count), DIAG_END);
        builtin_explain(call, diag);
        return builtin_fail(call);
    }
    Value *list = value_list(call->arena, call->origin);
    for (int64_t n = start; n < end; n++)
        value_append(call->arena, list, value_int(call->arena, call->origin, n));
    return list;
}
