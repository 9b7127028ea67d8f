#include "compiler/eval/builtin_priv.h"

#include "compiler/eval/entity.h"

static const Builtin builtins[] = {
#define BUILTIN(name, min, max, known_only, signature, summary)                                    \
    {#name, min, max, known_only, builtin_##name, signature, summary},
#include "compiler/eval/builtins.def"
#undef BUILTIN
};

enum { BUILTIN_COUNT = sizeof builtins / sizeof *builtins };

const Builtin *builtin_at(size_t index)
{
    return index < BUILTIN_COUNT ? &builtins[index] : NULL;
}

const Builtin *builtin_find(Str name)
{
    size_t low = 0, high = BUILTIN_COUNT;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(name, str_of(builtins[middle].name));
        if (!order)
            return &builtins[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

// ---- findings ----

Value *builtin_fail(const CallContext *call)
{
    return value_error(call->arena, call->origin);
}

void builtin_explain(const CallContext *call, Diag *diag)
{
    if (call->explain)
        call->explain(call->eval, diag);
}

static bool is_silenced(const CallContext *call, DiagCode code)
{
    Str name = diag_code_text(call->arena, code);
    for (const Suppression *at = call->origin->suppressions; at; at = at->outer) {
        if (!str_equal(at->code, name))
            continue;
        if (at->used)
            *at->used = true;
        return true;
    }
    return false;
}

Diag *builtin_warn(
    const CallContext *call, DiagCode code, Span span, Str argument, const char *note)
{
    if (is_silenced(call, code))
        return NULL;
    Diag *diag = diag_add(call->diags, code, span, argument, DIAG_END);
    if (note)
        diag_note(call->diags, diag, (Span){0}, "%s", note);
    builtin_explain(call, diag);
    return diag;
}

// What would make the wanted thing of the one that was found; NULL when nothing does.
static const char *way_to(Str wanted, const Value *found)
{
    if (str_is(wanted, "a string") && value_is_null(found))
        return "'x ?? \"\"' gives a text for null";
    if (str_is(wanted, "a string") && builtin_may_be_list(found))
        return "'join(\",\", x)' makes one text of a list";
    if (str_is(wanted, "a list") && found->kind == VALUE_MAP)
        return "'values(x)' gives the values of a map";
    bool is_text = builtin_may_be_text(found) && found->kind != VALUE_RESOURCE;
    if (str_is(wanted, "a list") && is_text)
        return "'split(\",\", x)' makes a list of a text";
    return NULL;
}

Value *builtin_refuse_part(const CallContext *call, const char *function, size_t index,
    const char *wanted, const Value *part)
{
    if (value_is_error(part))
        return builtin_fail(call);
    bool is_scalar = value_scalar_text(part).ptr != NULL;
    Str found = is_scalar ? value_show(call->arena, part) : value_describe(call->arena, part);
    if (part != call->args[index])
        found = str_format(call->arena, "%.*s in it", STR_FMT(found));
    Diag *diag = diag_add(call->diags, DIAG_BAD_ARGUMENT, call->arg_spans[index],
        str_format(call->arena, "%zu", index + 1), str_of(function), str_of(wanted), found,
        DIAG_END);
    const char *way = way_to(str_of(wanted), part);
    if (way)
        diag_note(call->diags, diag, (Span){0}, "%s", way);
    builtin_explain(call, diag);
    return builtin_fail(call);
}

Value *builtin_refuse(
    const CallContext *call, const char *function, size_t index, const char *wanted)
{
    return builtin_refuse_part(call, function, index, wanted, call->args[index]);
}

Diag *builtin_report_unknown(
    const CallContext *call, const char *function, size_t index, const Value *unknown)
{
    return diag_add(call->diags, DIAG_NEEDS_KNOWN, call->arg_spans[index],
        value_describe(call->arena, unknown),
        str_format(call->arena, "argument %zu of '%s'", index + 1, function), DIAG_END);
}

bool builtin_require_known(const CallContext *call, const char *function, size_t index)
{
    const Value *unknown = value_unknown_part(call->args[index]);
    if (unknown)
        builtin_explain(call, builtin_report_unknown(call, function, index, unknown));
    return !unknown && !value_is_error(call->args[index]);
}

bool builtin_check_count(const CallContext *call, Str function, size_t min, size_t max)
{
    size_t found = call->arg_count;
    if (found >= min && found <= max)
        return true;
    const char *plural = max == 1 ? "" : "s";
    Str takes = min == max ? str_format(call->arena, "%zu argument%s", max, plural)
                           : str_format(call->arena, "%zu to %zu argument%s", min, max, plural);
    Diag *diag = diag_add(call->diags, DIAG_ARGUMENT_COUNT, call->span, function, takes,
        str_format(call->arena, "%zu", found), DIAG_END);
    builtin_explain(call, diag);
    return false;
}

// ---- arguments ----

bool builtin_text(const CallContext *call, const char *function, size_t index, Str *text)
{
    if (!builtin_require_known(call, function, index))
        return false;
    *text = value_scalar_text(call->args[index]);
    if (!text->ptr)
        builtin_refuse(call, function, index, "a string");
    return text->ptr != NULL;
}

bool builtin_integer(const CallContext *call, const char *function, size_t index, int64_t *n)
{
    if (!builtin_require_known(call, function, index))
        return false;
    if (value_to_int(call->args[index], n))
        return true;
    builtin_refuse(call, function, index, "a whole number");
    return false;
}

bool builtin_size(const CallContext *call, const char *function, size_t index, size_t *n)
{
    int64_t number;
    if (!builtin_integer(call, function, index, &number))
        return false;
    if (number < 0) {
        Diag *diag = diag_add(call->diags, DIAG_NEGATIVE_ARGUMENT, call->arg_spans[index],
            str_format(call->arena, "%zu", index + 1), str_of(function),
            str_format(call->arena, "%lld", (long long)number), DIAG_END);
        builtin_explain(call, diag);
        return false;
    }
    *n = (uint64_t)number > SIZE_MAX ? SIZE_MAX : (size_t)number;
    return true;
}

bool builtin_is_no_value(const Value *value)
{
    return value->kind == VALUE_DEPLOY && value->deploy->op == DEPLOY_REF &&
           str_is(value->deploy->text, "AWS::NoValue");
}

static bool is_choice(const Value *value)
{
    return value->kind == VALUE_DEPLOY && value->deploy->op == DEPLOY_IF;
}

// Choices can share their sides so that there are more ways through them than time: beyond this
// many they are taken to be what is asked for.
enum { CHOICES_LOOKED_AT = 10 * 1000 };

static bool may_be_absent(const Value *value, size_t *left)
{
    if (!*left)
        return true;
    --*left;
    if (is_choice(value))
        return may_be_absent(value->deploy->args.items[1], left) ||
               may_be_absent(value->deploy->args.items[2], left);
    return value_is_null(value) || builtin_is_no_value(value);
}

bool builtin_may_be_absent(const Value *value)
{
    size_t left = CHOICES_LOOKED_AT;
    return may_be_absent(value, &left);
}

bool builtin_has_absent_element(const Value *list)
{
    for (size_t i = 0; i < list->list.len; i++)
        if (builtin_may_be_absent(list->list.items[i]) && !value_is_null(list->list.items[i]))
            return true;
    return false;
}

static bool reference_may_be_list(const Value *value)
{
    if (value->deploy->parameter)
        return value->deploy->parameter->is_list;
    // An id that only a transform knows may be of anything.
    return !value->deploy->resource && !str_starts(value->deploy->text, STR("AWS::"));
}

static bool function_gives_text(Str function)
{
    static const char *const names[] = {
        "Fn::Base64", "Fn::ImportValue", "Fn::Join", "Fn::Length", "Fn::Sub", "Fn::ToJsonString"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(function, names[i]))
            return true;
    return false;
}

static bool may_be_list(const Value *value, size_t *left)
{
    if (value->kind != VALUE_DEPLOY || value->deploy->is_list || !*left)
        return value->kind == VALUE_LIST || value->kind == VALUE_DEPLOY;
    --*left;
    switch (value->deploy->op) {
    case DEPLOY_REF:
        return reference_may_be_list(value);
    case DEPLOY_IF:
        return may_be_list(value->deploy->args.items[1], left) ||
               may_be_list(value->deploy->args.items[2], left);
    case DEPLOY_FUNCTION:
        return !function_gives_text(value->deploy->text) && !value_is_condition(value);
    default:
        return value->deploy->op == DEPLOY_GETATT || value->deploy->op == DEPLOY_FIND_IN_MAP;
    }
}

bool builtin_may_be_list(const Value *value)
{
    size_t left = CHOICES_LOOKED_AT;
    return may_be_list(value, &left);
}

static bool may_be_text(const Value *value, size_t *left)
{
    bool is_scalar = value_scalar_text(value).ptr || value->kind == VALUE_RESOURCE;
    if (value->kind != VALUE_DEPLOY || !*left)
        return is_scalar || value->kind == VALUE_DEPLOY;
    --*left;
    if (value->deploy->is_list || (value->deploy->parameter && value->deploy->parameter->is_list))
        return false;
    if (!is_choice(value))
        return true;
    for (size_t i = 1; i < value->deploy->args.len; i++) {
        const Value *branch = value->deploy->args.items[i];
        if (!value_is_null(branch) && !may_be_text(branch, left))
            return false;
    }
    return true;
}

bool builtin_may_be_text(const Value *value)
{
    size_t left = CHOICES_LOOKED_AT;
    return may_be_text(value, &left);
}

bool builtin_takes_text(const CallContext *call, const char *function, size_t index)
{
    if (builtin_may_be_text(call->args[index]))
        return true;
    builtin_refuse(call, function, index, "a string");
    return false;
}

bool builtin_takes_list(const CallContext *call, const char *function, size_t index)
{
    if (builtin_may_be_list(call->args[index]))
        return true;
    builtin_refuse(call, function, index, "a list");
    return false;
}

// ---- results ----

Value *builtin_string(const CallContext *call, Str text)
{
    return value_string(call->arena, call->origin, text);
}

Value *builtin_bool(const CallContext *call, bool b)
{
    return value_bool(call->arena, call->origin, b);
}

Value *builtin_too_long(const CallContext *call, const char *function)
{
    Diag *diag = diag_add(call->diags, DIAG_RESULT_TOO_LONG, call->span, str_of(function),
        str_format(call->arena, "%d MiB", BUILTIN_TEXT_MAX / (1024 * 1024)), DIAG_END);
    builtin_explain(call, diag);
    return builtin_fail(call);
}

Value *builtin_string_of(const CallContext *call, const char *function, Buf *buf)
{
    Value *result;
    if (buf->overflowed) {
        result = builtin_too_long(call, function);
    } else {
        result = builtin_string(call, buf_copy(buf, call->arena));
    }
    buf_release(buf);
    return result;
}

Value *builtin_choice(const CallContext *call, Value *condition, Value *yes, Value *no)
{
    Value *choice = value_deploy(call->arena, call->origin, DEPLOY_IF);
    VEC_ADD(call->arena, &choice->deploy->args, condition);
    VEC_ADD(call->arena, &choice->deploy->args, yes);
    VEC_ADD(call->arena, &choice->deploy->args, no);
    return choice;
}

Value *builtin_part(const CallContext *call, Value *value)
{
    if (!value_is_condition(value))
        return value;
    return builtin_choice(
        call, value, builtin_string(call, STR("true")), builtin_string(call, STR("false")));
}

Value *builtin_intrinsic(const CallContext *call, const char *intrinsic, bool gives_list)
{
    Value *args = value_list(call->arena, call->origin);
    for (size_t i = 0; i < call->arg_count; i++)
        value_append(call->arena, args, call->args[i]);
    Value *result = value_function(call->arena, call->origin, str_of(intrinsic), args);
    result->deploy->is_list = gives_list;
    return result;
}
