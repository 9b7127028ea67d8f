// CloudFormation's functions: folded where all is known, written out otherwise.
#include "compiler/eval/builtin_priv.h"
#include "compiler/eval/entity.h"

// ---- base64 ----

static Str base64_of(Arena *arena, Str text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t len = (text.len + 2) / 3 * 4;
    char *out = arena_alloc(arena, len + 1);
    char *at = out;
    for (size_t i = 0; i < text.len; i += 3) {
        uint32_t group = 0;
        size_t left = text.len - i < 3 ? text.len - i : 3;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (k < left ? (unsigned char)text.ptr[i + k] : 0u);
        for (size_t k = 0; k < 4; k++)
            *at++ = k <= left ? digits[group >> (18 - 6 * k) & 63] : '=';
    }
    *at = '\0';
    return (Str){out, len};
}

static Value *write_one(const CallContext *call, const char *intrinsic, Value *argument)
{
    return value_function(call->arena, call->origin, str_of(intrinsic), argument);
}

Value *builtin_base64(CallContext *call)
{
    if (!builtin_takes_text(call, "base64", 0))
        return builtin_fail(call);
    Str text = value_scalar_text(call->args[0]);
    if (text.ptr)
        return builtin_string(call, base64_of(call->arena, text));
    return write_one(call, "Fn::Base64", builtin_part(call, call->args[0]));
}

// ---- cidr ----

enum { ADDRESS_BITS = 32, CIDR_MAX = 256 };

static bool read_number(Str text, size_t *at, uint32_t max, uint32_t *number)
{
    size_t start = *at;
    *number = 0;
    while (*at < text.len && text.ptr[*at] >= '0' && text.ptr[*at] <= '9' && *at - start < 3)
        *number = *number * 10 + (uint32_t)(text.ptr[(*at)++] - '0');
    return *at > start && *number <= max;
}

// "10.0.0.0/16" to its address and the length of its prefix; false for all else.
static bool read_block(Str text, uint32_t *address, uint32_t *prefix)
{
    size_t at = 0;
    *address = 0;
    for (int i = 0; i < 4; i++) {
        uint32_t byte;
        if (!read_number(text, &at, 255, &byte) || at == text.len)
            return false;
        *address = *address << 8 | byte;
        if (text.ptr[at++] != (i < 3 ? '.' : '/'))
            return false;
    }
    return read_number(text, &at, ADDRESS_BITS, prefix) && at == text.len;
}

static Value *cut_block(const CallContext *call, uint32_t address, uint32_t bits, uint32_t count)
{
    Value *list = value_list(call->arena, call->origin);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t part = address + (i << bits);
        Str text = str_format(call->arena, "%u.%u.%u.%u/%u", part >> 24, part >> 16 & 255,
            part >> 8 & 255, part & 255, ADDRESS_BITS - bits);
        value_append(call->arena, list, builtin_string(call, text));
    }
    return list;
}

// An argument that counts, known or not. What is not known is left to CloudFormation.
static bool takes_count(const CallContext *call, size_t index, int64_t max)
{
    const Value *value = call->args[index];
    int64_t n;
    bool sound = value_is_known(value) ? value_to_int(value, &n) && n >= 1 && n <= max
                                       : builtin_may_be_text(value);
    if (!sound)
        builtin_refuse(
            call, "cidr", index, index == 1 ? "a number from 1 to 256" : "a number from 1 to 128");
    return sound;
}

Value *builtin_cidr(CallContext *call)
{
    if (!builtin_takes_text(call, "cidr", 0) || !takes_count(call, 1, CIDR_MAX) ||
        (call->arg_count > 2 && !takes_count(call, 2, 128)))
        return builtin_fail(call);
    Str block = value_scalar_text(call->args[0]);
    uint32_t address, prefix;
    int64_t count, bits;
    bool folds = call->arg_count == 3 && block.ptr && read_block(block, &address, &prefix) &&
                 value_to_int(call->args[1], &count) && value_to_int(call->args[2], &bits) &&
                 bits < ADDRESS_BITS;
    if (!folds)
        return builtin_intrinsic(call, "Fn::Cidr", true);
    uint64_t room = (uint64_t)1 << (ADDRESS_BITS - prefix) >> bits;
    if ((uint64_t)count > room) {
        Diag *diag = diag_add(call->diags, DIAG_CIDR_TOO_SMALL, call->arg_spans[1], block,
            str_format(call->arena, "%llu", (unsigned long long)room),
            str_format(call->arena, "%lld", (long long)bits),
            str_format(call->arena, "%lld", (long long)count), DIAG_END);
        builtin_explain(call, diag);
        return builtin_fail(call);
    }
    // An address inside of the block, not its first: how CloudFormation takes it is its affair.
    if ((uint64_t)address % ((uint64_t)1 << (ADDRESS_BITS - prefix)))
        return builtin_intrinsic(call, "Fn::Cidr", true);
    return cut_block(call, address, (uint32_t)bits, (uint32_t)count);
}

// ---- azs, importValue ----

Value *builtin_azs(CallContext *call)
{
    Value *region = call->arg_count ? call->args[0] : builtin_string(call, STR(""));
    if (call->arg_count && !builtin_takes_text(call, "azs", 0))
        return builtin_fail(call);
    Value *zones = write_one(call, "Fn::GetAZs", region);
    zones->deploy->is_list = true;
    return zones;
}

Value *builtin_importValue(CallContext *call)
{
    if (!builtin_takes_text(call, "importValue", 0))
        return builtin_fail(call);
    return write_one(call, "Fn::ImportValue", builtin_part(call, call->args[0]));
}

// ---- names ----

Value *builtin_make_ref(CallContext *call, const char *function)
{
    Value *id = call->args[0];
    if (id->kind == VALUE_RESOURCE) {
        Value *ref = value_deploy(call->arena, call->origin, DEPLOY_REF);
        ref->deploy->resource = id->resource;
        return ref;
    }
    if (id->kind == VALUE_STRING) {
        Value *ref = value_deploy(call->arena, call->origin, DEPLOY_REF);
        ref->deploy->text = id->text;
        return ref;
    }
    if (id->kind != VALUE_DEPLOY || !builtin_may_be_text(id))
        return builtin_refuse(call, function, 0, "a logical id");
    return write_one(call, "Ref", id);
}

Value *builtin_ref(CallContext *call)
{
    return builtin_make_ref(call, "ref");
}

Value *builtin_make_get_att(CallContext *call, const char *function)
{
    Value *id = call->args[0], *attribute = call->args[1];
    bool known_id = id->kind == VALUE_RESOURCE || id->kind == VALUE_STRING;
    if (!known_id && (id->kind != VALUE_DEPLOY || !builtin_may_be_text(id)))
        return builtin_refuse(call, function, 0, "a resource or a logical id");
    if (!builtin_takes_text(call, function, 1))
        return builtin_fail(call);
    Str name = value_scalar_text(attribute);
    if (known_id && name.ptr) {
        Value *get = value_deploy(call->arena, call->origin, DEPLOY_GETATT);
        get->deploy->attribute = name;
        if (id->kind == VALUE_RESOURCE)
            get->deploy->resource = id->resource;
        else
            get->deploy->text = id->text;
        return get;
    }
    Value *args = value_list(call->arena, call->origin);
    bool is_resource = id->kind == VALUE_RESOURCE;
    value_append(call->arena, args, is_resource ? builtin_string(call, id->resource->id) : id);
    value_append(call->arena, args, attribute);
    return value_function(call->arena, call->origin, STR("Fn::GetAtt"), args);
}

Value *builtin_getAtt(CallContext *call)
{
    return builtin_make_get_att(call, "getAtt");
}

// {"DefaultValue": x}, as CloudFormation writes it, is x.
static Value *default_of(Value *value)
{
    Value *inner = value_get(value, STR("DefaultValue"));
    return inner && value->map.entries.len == 1 ? inner : value;
}

Value *builtin_make_find_in_map(CallContext *call, const char *function)
{
    Value *map = call->args[0];
    bool whole_mapping = map->kind == VALUE_MAPPING && !map->mapping.key;
    if (!whole_mapping && map->kind != VALUE_STRING &&
        (map->kind != VALUE_DEPLOY || !builtin_may_be_text(map)))
        return builtin_refuse(call, function, 0, "a mapping or its name");
    if (!builtin_takes_text(call, function, 1) || !builtin_takes_text(call, function, 2))
        return builtin_fail(call);
    Value *find = value_deploy(call->arena, call->origin, DEPLOY_FIND_IN_MAP);
    for (size_t i = 0; i < call->arg_count; i++) {
        Value *arg = i == 3 ? default_of(call->args[i]) : call->args[i];
        VEC_ADD(call->arena, &find->deploy->args, arg);
    }
    return find;
}

Value *builtin_findInMap(CallContext *call)
{
    return builtin_make_find_in_map(call, "findInMap");
}

Value *builtin_make_transform(CallContext *call, const char *function)
{
    Value *argument = call->args[0];
    if (call->arg_count == 1 && argument->kind == VALUE_MAP)
        return write_one(call, "Fn::Transform", argument);
    if (value_is_known(argument) && argument->kind != VALUE_STRING)
        return builtin_refuse(call, function, 0, "the name of a macro");
    if (!builtin_takes_text(call, function, 0))
        return builtin_fail(call);
    Value *map = value_map(call->arena, call->origin);
    value_put(call->arena, map, STR("Name"), argument->origin, argument);
    if (call->arg_count > 1) {
        Value *parameters = call->args[1];
        if (parameters->kind != VALUE_MAP && parameters->kind != VALUE_DEPLOY)
            return builtin_refuse(call, function, 1, "a map");
        value_put(call->arena, map, STR("Parameters"), parameters->origin, parameters);
    }
    return write_one(call, "Fn::Transform", map);
}

Value *builtin_transform(CallContext *call)
{
    return builtin_make_transform(call, "transform");
}

// ---- rules ----

Value *builtin_make_value_of(CallContext *call, const char *function)
{
    Value *parameter = call->args[0];
    const Parameter *named = parameter->kind == VALUE_DEPLOY && parameter->deploy->op == DEPLOY_REF
                                 ? parameter->deploy->parameter
                                 : NULL;
    if (!named && parameter->kind != VALUE_STRING)
        return builtin_refuse(call, function, 0, "a parameter");
    Str attribute;
    if (!builtin_text(call, function, 1, &attribute))
        return builtin_fail(call);
    Value *args = value_list(call->arena, call->origin);
    Value *id = named ? value_string(call->arena, parameter->origin, named->id) : parameter;
    value_append(call->arena, args, id);
    value_append(call->arena, args, call->args[1]);
    return value_function(call->arena, call->origin, STR("Fn::ValueOf"), args);
}

Value *builtin_valueOf(CallContext *call)
{
    return builtin_make_value_of(call, "valueOf");
}

Value *builtin_valueOfAll(CallContext *call)
{
    return builtin_raw(call, STR("valueOfAll"), "valueOfAll");
}

Value *builtin_refAll(CallContext *call)
{
    return builtin_raw(call, STR("refAll"), "refAll");
}

static bool folds(const CallContext *call)
{
    return !call->in_rule && value_is_known(call->args[0]) && value_is_known(call->args[1]);
}

static bool has_element(const Value *list, const Value *value)
{
    for (size_t i = 0; i < list->list.len; i++)
        if (value_equal(list->list.items[i], value))
            return true;
    return false;
}

Value *builtin_eachMemberIn(CallContext *call)
{
    bool sound = builtin_takes_list(call, "eachMemberIn", 0);
    if (!builtin_takes_list(call, "eachMemberIn", 1) || !sound)
        return builtin_fail(call);
    if (!folds(call))
        return builtin_intrinsic(call, "Fn::EachMemberIn", false);
    const Value *list = call->args[0];
    for (size_t i = 0; i < list->list.len; i++)
        if (!has_element(call->args[1], list->list.items[i]))
            return builtin_bool(call, false);
    return builtin_bool(call, true);
}

Value *builtin_eachMemberEquals(CallContext *call)
{
    bool sound = builtin_takes_list(call, "eachMemberEquals", 0);
    if (!builtin_takes_text(call, "eachMemberEquals", 1) || !sound)
        return builtin_fail(call);
    if (!folds(call))
        return builtin_intrinsic(call, "Fn::EachMemberEquals", false);
    const Value *list = call->args[0];
    for (size_t i = 0; i < list->list.len; i++)
        if (!value_equal(list->list.items[i], call->args[1]))
            return builtin_bool(call, false);
    return builtin_bool(call, true);
}
