// `cfn.name(…)`: intrinsics as CloudFormation has them, never folded.
#include "compiler/eval/builtin_priv.h"

#include <string.h>

typedef enum RawShape {
    RAW_ONE,       // {"Fn::X": argument}
    RAW_LIST,      // {"Fn::X": [arguments]}
    RAW_CONDITION, // a condition of its own kind: `op`
    RAW_REF,
    RAW_GET_ATT,
    RAW_FIND_IN_MAP,
    RAW_TRANSFORM,
    RAW_SUB,
    RAW_VALUE_OF
} RawShape;

// Kinds of arguments, a letter each, the last for all that follow: t a text, k a known text,
// l a list, c a condition, m a map, a anything.
typedef struct RawFunction {
    const char *name;
    const char *intrinsic;
    size_t min_args;
    size_t max_args;
    const char *kinds;
    RawShape shape;
    DeployOp op;
    bool gives_list;
} RawFunction;

static const RawFunction functions[] = {
    {"and", "Fn::And", 2, 10, "c", RAW_CONDITION, DEPLOY_AND, false},
    {"azs", "Fn::GetAZs", 0, 1, "t", RAW_ONE, DEPLOY_NONE, true},
    {"base64", "Fn::Base64", 1, 1, "t", RAW_ONE, DEPLOY_NONE, false},
    {"cidr", "Fn::Cidr", 2, 3, "t", RAW_LIST, DEPLOY_NONE, true},
    {"condition", "Condition", 1, 1, "k", RAW_ONE, DEPLOY_NONE, false},
    {"contains", "Fn::Contains", 2, 2, "lt", RAW_LIST, DEPLOY_NONE, false},
    {"eachMemberEquals", "Fn::EachMemberEquals", 2, 2, "lt", RAW_LIST, DEPLOY_NONE, false},
    {"eachMemberIn", "Fn::EachMemberIn", 2, 2, "l", RAW_LIST, DEPLOY_NONE, false},
    {"equals", "Fn::Equals", 2, 2, "t", RAW_CONDITION, DEPLOY_EQUALS, false},
    {"findInMap", "Fn::FindInMap", 3, 4, "a", RAW_FIND_IN_MAP, DEPLOY_NONE, false},
    {"getAZs", "Fn::GetAZs", 0, 1, "t", RAW_ONE, DEPLOY_NONE, true},
    {"getAtt", "Fn::GetAtt", 2, 2, "a", RAW_GET_ATT, DEPLOY_NONE, false},
    {"importValue", "Fn::ImportValue", 1, 1, "t", RAW_ONE, DEPLOY_NONE, false},
    {"join", "Fn::Join", 2, 2, "kl", RAW_LIST, DEPLOY_NONE, false},
    {"length", "Fn::Length", 1, 1, "l", RAW_ONE, DEPLOY_NONE, false},
    {"not", "Fn::Not", 1, 1, "c", RAW_CONDITION, DEPLOY_NOT, false},
    {"or", "Fn::Or", 2, 10, "c", RAW_CONDITION, DEPLOY_OR, false},
    {"ref", "Ref", 1, 1, "a", RAW_REF, DEPLOY_NONE, false},
    {"refAll", "Fn::RefAll", 1, 1, "k", RAW_ONE, DEPLOY_NONE, true},
    {"select", "Fn::Select", 2, 2, "tl", RAW_LIST, DEPLOY_NONE, false},
    {"split", "Fn::Split", 2, 2, "kt", RAW_LIST, DEPLOY_NONE, true},
    {"sub", "Fn::Sub", 1, 2, "km", RAW_SUB, DEPLOY_NONE, false},
    {"toJsonString", "Fn::ToJsonString", 1, 1, "a", RAW_ONE, DEPLOY_NONE, false},
    {"transform", "Fn::Transform", 1, 2, "a", RAW_TRANSFORM, DEPLOY_NONE, false},
    {"valueOf", "Fn::ValueOf", 2, 2, "a", RAW_VALUE_OF, DEPLOY_NONE, false},
    {"valueOfAll", "Fn::ValueOfAll", 2, 2, "k", RAW_LIST, DEPLOY_NONE, true},
};

enum { FUNCTION_COUNT = sizeof functions / sizeof *functions };

static bool is_condition(const Value *value)
{
    return value->kind == VALUE_BOOL || value_is_condition(value);
}

static bool takes_argument(const CallContext *call, const char *name, size_t index, char kind)
{
    Value *value = call->args[index];
    Str text;
    switch (kind) {
    case 't':
        return builtin_takes_text(call, name, index);
    case 'k':
        return builtin_text(call, name, index, &text);
    case 'l':
        return builtin_takes_list(call, name, index);
    case 'c':
        if (!is_condition(value))
            builtin_refuse(call, name, index, "a condition");
        return is_condition(value);
    case 'm':
        if (value->kind != VALUE_MAP)
            builtin_refuse(call, name, index, "a map");
        return value->kind == VALUE_MAP;
    default:
        return true;
    }
}

static bool takes_arguments(const CallContext *call, const RawFunction *function, const char *name)
{
    if (!builtin_check_count(call, str_of(name), function->min_args, function->max_args))
        return false;
    bool sound = true;
    size_t last = strlen(function->kinds) - 1;
    for (size_t i = 0; i < call->arg_count; i++)
        sound = takes_argument(call, name, i, function->kinds[i < last ? i : last]) && sound;
    return sound;
}

static Value *write_condition(const CallContext *call, DeployOp op)
{
    Value *condition = value_deploy(call->arena, call->origin, op);
    for (size_t i = 0; i < call->arg_count; i++)
        VEC_ADD(call->arena, &condition->deploy->args, call->args[i]);
    return condition;
}

static Value *write_one(const CallContext *call, const RawFunction *function)
{
    Value *argument = call->arg_count ? call->args[0] : builtin_string(call, STR(""));
    Value *result =
        value_function(call->arena, call->origin, str_of(function->intrinsic), argument);
    result->deploy->is_list = function->gives_list;
    return result;
}

static Value *write_shape(CallContext *call, const RawFunction *function, const char *name)
{
    switch (function->shape) {
    case RAW_ONE:
        return write_one(call, function);
    case RAW_LIST:
        return builtin_intrinsic(call, function->intrinsic, function->gives_list);
    case RAW_CONDITION:
        return write_condition(call, function->op);
    case RAW_REF:
        return builtin_make_ref(call, name);
    case RAW_GET_ATT:
        return builtin_make_get_att(call, name);
    case RAW_FIND_IN_MAP:
        return builtin_make_find_in_map(call, name);
    case RAW_TRANSFORM:
        return builtin_make_transform(call, name);
    case RAW_SUB:
        return call->arg_count == 1 ? write_one(call, function)
                                    : builtin_intrinsic(call, "Fn::Sub", false);
    case RAW_VALUE_OF:
        return builtin_make_value_of(call, name);
    }
    return builtin_fail(call);
}

// Newer than altc: what it takes and gives is CloudFormation's affair.
static Value *write_unknown(CallContext *call, Str name)
{
    // The place is that of the whole call, so there is no name alone to offer a fix for: a note.
    Str note = STR_NONE, lowered = str_lower(call->arena, name);
    for (size_t i = 0; i < FUNCTION_COUNT && !note.ptr; i++) {
        Str known = str_lower(call->arena, str_of(functions[i].name));
        if (str_distance(lowered, known, 1) <= 1)
            note = str_format(call->arena, "did you mean 'cfn.%s'?", functions[i].name);
    }
    builtin_warn(call, DIAG_UNKNOWN_INTRINSIC, call->span, name, note.ptr);
    Str intrinsic = str_format(call->arena, "Fn::%.*s", STR_FMT(name));
    if (call->arg_count == 1)
        return value_function(call->arena, call->origin, intrinsic, call->args[0]);
    return builtin_intrinsic(call, intrinsic.ptr, false);
}

Value *builtin_raw(CallContext *call, Str name, const char *shown)
{
    for (size_t i = 0; i < FUNCTION_COUNT; i++) {
        if (!str_is(name, functions[i].name))
            continue;
        if (!takes_arguments(call, &functions[i], shown))
            return builtin_fail(call);
        return write_shape(call, &functions[i], shown);
    }
    return write_unknown(call, name);
}

Value *builtin_cfn(CallContext *call, Str name)
{
    return builtin_raw(call, name, str_format(call->arena, "cfn.%.*s", STR_FMT(name)).ptr);
}
