// Strings in which CloudFormation puts something: `sub` and `resolve`.
#include "compiler/eval/builtin_priv.h"

// ---- sub ----

typedef struct Substitution {
    const CallContext *call;
    const Value *values; // a map, or NULL
    bool *used;          // of its entries, by index
    ValueList parts;
    bool failed;
} Substitution;

static void add_text(Substitution *sub, Str text)
{
    if (!text.len)
        return;
    Value *part = builtin_string(sub->call, str_copy(sub->call->arena, text));
    VEC_ADD(sub->call->arena, &sub->parts, part);
}

static bool is_name(Str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        bool is_mark = c == '_' || c == ':' || (c == '.' && i && i + 1 < name.len);
        if (!is_word && !is_mark)
            return false;
    }
    return name.len > 0;
}

// `${Id}` or `${Id.Attribute}` of what the text alone names.
static Value *raw_reference(const CallContext *call, Str name)
{
    size_t dot = str_find(name, STR("."), 0);
    Str id = str_copy(call->arena, str_slice(name, 0, dot));
    Value *value =
        value_deploy(call->arena, call->origin, dot == SIZE_MAX ? DEPLOY_REF : DEPLOY_GETATT);
    value->deploy->text = id;
    if (dot != SIZE_MAX)
        value->deploy->attribute = str_copy(call->arena, str_slice(name, dot + 1, name.len));
    return value;
}

static Value *given_value(Substitution *sub, Str name)
{
    for (size_t i = 0; sub->values && i < sub->values->map.entries.len; i++) {
        if (!str_equal(sub->values->map.entries.items[i].key, name))
            continue;
        sub->used[i] = true;
        return sub->values->map.entries.items[i].value;
    }
    return NULL;
}

// `shown` is the whole `${name}`.
static void add_name(Substitution *sub, Str name, Str shown)
{
    const CallContext *call = sub->call;
    if (str_starts(name, STR("!"))) {
        add_text(sub, str_format(call->arena, "${%.*s}", STR_FMT(str_slice(name, 1, name.len))));
        return;
    }
    Value *value = given_value(sub, name);
    if (!value && is_name(name))
        value = raw_reference(call, name);
    if (value) {
        VEC_ADD(call->arena, &sub->parts, builtin_part(call, value));
        return;
    }
    Diag *diag = diag_add(call->diags, DIAG_SUB_BAD_NAME, call->arg_spans[0], shown, DIAG_END);
    diag_note(call->diags, diag, (Span){0}, "'${!…}' keeps the text as it is");
    builtin_explain(call, diag);
    sub->failed = true;
}

static void substitute(Substitution *sub, Str text)
{
    size_t at = 0;
    while (at < text.len) {
        size_t open = str_find(text, STR("${"), at);
        add_text(sub, str_slice(text, at, open));
        if (open == SIZE_MAX)
            return;
        size_t close = str_find(text, STR("}"), open);
        size_t end = close == SIZE_MAX ? text.len : close + 1;
        Str name = str_slice(text, open + 2, close == SIZE_MAX ? open + 2 : close);
        add_name(sub, name, str_slice(text, open, end));
        at = end;
    }
}

static bool takes_values(const CallContext *call)
{
    if (call->arg_count < 2)
        return true;
    const Value *map = call->args[1];
    if (map->kind != VALUE_MAP) {
        builtin_refuse(call, "sub", 1, "a map");
        return false;
    }
    for (size_t i = 0; i < map->map.entries.len; i++) {
        const Value *value = map->map.entries.items[i].value;
        if (!builtin_may_be_text(value)) {
            builtin_refuse_part(call, "sub", 1, "a map of strings", value);
            return false;
        }
    }
    return true;
}

static void report_unused(const Substitution *sub)
{
    for (size_t i = 0; sub->values && i < sub->values->map.entries.len; i++) {
        const ValueEntry *entry = &sub->values->map.entries.items[i];
        if (sub->used[i])
            continue;
        Span span = entry->origin ? entry->origin->span : sub->call->arg_spans[1];
        Diag *diag = diag_add(sub->call->diags, DIAG_SUB_UNUSED_VALUE, span, entry->key, DIAG_END);
        builtin_explain(sub->call, diag);
    }
}

Value *builtin_sub(CallContext *call)
{
    Value *text = call->args[0];
    Substitution sub = {.call = call, .values = call->arg_count > 1 ? call->args[1] : NULL};
    if (!takes_values(call))
        return builtin_fail(call);
    if (sub.values)
        sub.used = ARENA_ARRAY(call->arena, bool, sub.values->map.entries.len);
    if (value_scalar_text(text).ptr) {
        substitute(&sub, value_scalar_text(text));
    } else if (text->kind == VALUE_DEPLOY && text->deploy->op == DEPLOY_SUB) {
        // Its own parts stand already; only what is text may name more.
        for (size_t i = 0; i < text->deploy->args.len; i++) {
            Value *part = text->deploy->args.items[i];
            if (value_scalar_text(part).ptr)
                substitute(&sub, value_scalar_text(part));
            else
                VEC_ADD(call->arena, &sub.parts, part);
        }
    } else {
        return builtin_refuse(call, "sub", 0, "a string written here or known");
    }
    if (sub.failed)
        return builtin_fail(call);
    report_unused(&sub);
    return call->interpolate(call->eval, call->origin, &sub.parts);
}

// ---- resolve ----

typedef struct Service {
    const char *name;
    size_t min_args; // with the service itself
    size_t max_args;
} Service;

static const Service services[] = {{"secretsmanager", 2, 6}, {"ssm", 2, 3}, {"ssm-secure", 2, 3}};

enum { SERVICE_COUNT = sizeof services / sizeof *services };

static const Service *report_service(const CallContext *call, Str name)
{
    Str names[SERVICE_COUNT];
    for (size_t i = 0; i < SERVICE_COUNT; i++)
        names[i] = str_of(services[i].name);
    Span span = call->arg_spans[0];
    Diag *diag = diag_add(call->diags, DIAG_UNKNOWN_SERVICE, span, name, DIAG_END);
    size_t notes = diag->notes.len;
    // Within its quotes the name alone can be replaced.
    Span inner = source_within_quotes(call->program->sources, span, name);
    if (inner.file)
        diag_did_you_mean(call->diags, diag, inner, name, names, SERVICE_COUNT);
    if (diag->notes.len == notes)
        diag_note(call->diags, diag, (Span){0}, "there are 'ssm', 'ssm-secure', 'secretsmanager'");
    builtin_explain(call, diag);
    return NULL;
}

static const Service *find_service(const CallContext *call)
{
    Str name;
    if (!builtin_text(call, "resolve", 0, &name))
        return NULL;
    for (size_t i = 0; i < SERVICE_COUNT; i++)
        if (str_is(name, services[i].name))
            return &services[i];
    return report_service(call, name);
}

static bool takes_reference(const CallContext *call, const Service *service)
{
    bool is_secret = str_is(str_of(service->name), "secretsmanager");
    for (size_t i = 1; i < call->arg_count; i++) {
        const Value *value = call->args[i];
        int64_t version;
        if (i > 1 && value_is_null(value))
            continue;
        if (!builtin_takes_text(call, "resolve", i))
            return false;
        bool known = value_is_known(value);
        if (known && i == 2 && !is_secret && !value_to_int(value, &version)) {
            builtin_refuse(call, "resolve", i, "the number of a version");
            return false;
        }
        if (known && i == 2 && is_secret && !value_is_string(value, "SecretString")) {
            builtin_refuse(call, "resolve", i, "\"SecretString\"");
            return false;
        }
    }
    return true;
}

Value *builtin_resolve(CallContext *call)
{
    const Service *service = find_service(call);
    if (!service)
        return builtin_fail(call);
    Str shown = str_format(call->arena, "resolve(\"%s\", …)", service->name);
    if (!builtin_check_count(call, shown, service->min_args, service->max_args) ||
        !takes_reference(call, service))
        return builtin_fail(call);
    ValueList parts = {0};
    VEC_ADD(call->arena, &parts, builtin_string(call, STR("{{resolve:")));
    VEC_ADD(call->arena, &parts, call->args[0]);
    // What is left out at the end needs no colon either.
    size_t count = call->arg_count;
    while (count > 2 &&
           (value_is_null(call->args[count - 1]) || value_is_string(call->args[count - 1], "")))
        count--;
    for (size_t i = 1; i < count; i++) {
        VEC_ADD(call->arena, &parts, builtin_string(call, STR(":")));
        if (!value_is_null(call->args[i]))
            VEC_ADD(call->arena, &parts, builtin_part(call, call->args[i]));
    }
    VEC_ADD(call->arena, &parts, builtin_string(call, STR("}}")));
    return call->interpolate(call->eval, call->origin, &parts);
}
