// Values that do not fit a written type, told.
#include "compiler/eval/eval_priv.h"

const TypeNameInfo *type_name_info(const Env *env, const TypeExpr *type)
{
    return &env->ev->analysis->modules[env->module->index].type_names[type->id];
}

// ---- showing a type ----

static void add_type(Buf *out, const TypeExpr *type)
{
    switch (type->kind) {
    case TYPE_EXPR_NAME:
        buf_add(out, type->name.text);
        if (type->argument) {
            buf_add_char(out, '<');
            add_type(out, type->argument);
            buf_add_char(out, '>');
        }
        break;
    case TYPE_EXPR_STRING:
        buf_add_format(out, "\"%.*s\"", STR_FMT(type->text));
        break;
    case TYPE_EXPR_NUMBER:
        buf_add(out, type->text);
        break;
    case TYPE_EXPR_BOOL:
        buf_add_text(out, type->boolean ? "true" : "false");
        break;
    case TYPE_EXPR_NULL:
        buf_add_text(out, "null");
        break;
    case TYPE_EXPR_UNION:
        for (size_t i = 0; i < type->members.len; i++) {
            buf_add_text(out, i ? " | " : "");
            add_type(out, type->members.items[i]);
        }
        break;
    case TYPE_EXPR_RECORD:
        buf_add_text(out, "{ ");
        for (size_t i = 0; i < type->fields.len; i++)
            buf_add_format(out, "%s%.*s", i ? ", " : "", STR_FMT(type->fields.items[i].name.text));
        buf_add_text(out, " }");
        break;
    default:
        buf_add_text(out, "?");
    }
}

Str type_show(Arena *arena, const Env *env, const TypeExpr *type)
{
    (void)env;
    enum { LONGEST = 200 };
    Buf out;
    buf_init(&out, 0);
    add_type(&out, type);
    Str text = buf_copy(&out, arena);
    buf_release(&out);
    return text.len > LONGEST ? str_format(arena, "%.*s…", LONGEST, text.ptr) : text;
}

// ---- what did not fit ----

Str what_text(Arena *arena, const What *what)
{
    Str of = what->of ? what_text(arena, what->of) : STR("");
    switch (what->kind) {
    case WHAT_ARGUMENT:
        return str_format(
            arena, "argument '%.*s' of '%.*s'", STR_FMT(what->name), STR_FMT(what->owner));
    case WHAT_RESULT:
        return str_format(arena, "the result of '%.*s'", STR_FMT(what->name));
    case WHAT_INPUT:
        return str_format(
            arena, "input '%.*s' of '%.*s'", STR_FMT(what->name), STR_FMT(what->owner));
    case WHAT_OUTPUT:
        return str_format(
            arena, "output '%.*s' of '%.*s'", STR_FMT(what->name), STR_FMT(what->owner));
    case WHAT_DEFAULT:
        return str_format(arena, "the default of '%.*s'", STR_FMT(what->name));
    case WHAT_SETTING:
        return what->name;
    case WHAT_FIELD:
        return str_format(arena, "field '%.*s' of %.*s", STR_FMT(what->name), STR_FMT(of));
    case WHAT_ELEMENT:
        return str_format(arena, "an element of %.*s", STR_FMT(of));
    case WHAT_ENTRY:
        return str_format(arena, "'%.*s' in %.*s", STR_FMT(what->name), STR_FMT(of));
    case WHAT_NAME:
        break;
    }
    return str_format(arena, "'%.*s'", STR_FMT(what->name));
}

static const TypeExpr *named_component(const Env *env, const TypeExpr *type)
{
    if (type->kind == TYPE_EXPR_NAME)
        return type_name_info(env, type)->kind == TYPE_NAME_COMPONENT ? type : NULL;
    const TypeExpr *found = NULL;
    for (size_t i = 0; type->kind == TYPE_EXPR_UNION && !found && i < type->members.len; i++)
        found = named_component(env, type->members.items[i]);
    return found;
}

static bool wants_text(const TypeExpr *type)
{
    return type->kind == TYPE_EXPR_NAME &&
           (str_is(type->name.text, "Host") || str_is(type->name.text, "string"));
}

// The nearest of the texts that a union has.
static void suggest_text(
    const Env *env, const TypeExpr *type, const Value *value, Span span, Diag *diag)
{
    Evaluation *ev = env->ev;
    Span inner = source_within_quotes(ev->program->sources, span, value->text);
    Str *texts = ARENA_ARRAY(ev->arena, Str, type->members.len + 1);
    size_t count = 0;
    for (size_t i = 0; i < type->members.len; i++)
        if (type->members.items[i]->kind == TYPE_EXPR_STRING)
            texts[count++] = type->members.items[i]->text;
    if (inner.file)
        diag_did_you_mean(ev->diags, diag, inner, value->text, texts, count);
}

static void note_list_of_one(const Env *env, Span span, Diag *diag)
{
    enum { LONGEST = 40 };
    Str text = source_slice(env->ev->program->sources, span);
    bool short_enough = text.len && text.len <= LONGEST && str_find(text, STR("\n"), 0) == SIZE_MAX;
    diag_note(env->ev->diags, diag, (Span){0}, "a list of one: [%.*s]",
        STR_FMT(short_enough ? text : STR("…")));
}

// How to come from what was found to what is wanted, where that is one step.
static void note_way(const Env *env, const TypeExpr *type, Value *value, Span span, Diag *diag)
{
    DiagSink *diags = env->ev->diags;
    const TypeExpr *component = named_component(env, type);
    bool is_list = type->kind == TYPE_EXPR_NAME && type->argument &&
                   str_is(type->name.text, "list") && value->kind != VALUE_LIST;
    if (value->kind == VALUE_DOMAIN && wants_text(type)) {
        Str name = value->domain->name;
        diag_note(diags, diag, (Span){0}, "'%.*s.host' is its host, '%.*s.url' its address",
            STR_FMT(name), STR_FMT(name));
    } else if (is_list && conforms(env, type->argument, value)) {
        note_list_of_one(env, span, diag);
    } else if (component && value->kind == VALUE_STRING) {
        Str name = component->name.text;
        diag_note(diags, diag, (Span){0},
            "declare one, 'resource Name: %.*s { … }', and give its name", STR_FMT(name));
    } else if (type->kind == TYPE_EXPR_UNION && value->kind == VALUE_STRING) {
        suggest_text(env, type, value, span, diag);
    }
}

Value *conform_mismatch(
    const Env *env, const TypeExpr *type, Value *value, const What *what, Span span)
{
    Evaluation *ev = env->ev;
    bool is_host = type->kind == TYPE_EXPR_NAME && str_is(type->name.text, "Host");
    Str found = value->kind == VALUE_STRING || value->kind == VALUE_NUMBER
                    ? value_show(ev->arena, value)
                    : value_describe(ev->arena, value);
    Diag *diag = diag_add(ev->diags, DIAG_TYPE_MISMATCH, span, what_text(ev->arena, what),
        type_show(ev->arena, env, type), found, DIAG_END);
    if (is_host && value->kind == VALUE_STRING)
        diag_note(ev->diags, diag, (Span){0},
            "a host is two or more labels of letters, digits and dashes, such as api.example.com");
    note_way(env, type, value, span, diag);
    if (value->origin && value->origin->span.file && value->origin->span.start != span.start)
        diag_note(ev->diags, diag, value->origin->span, "the value comes from here");
    eval_explain(env, diag);
    return eval_fail(env, span);
}
