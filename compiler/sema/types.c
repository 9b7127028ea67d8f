// Written types: what their names mean.
#include "compiler/schema/schema.h"
#include "compiler/sema/sema_priv.h"

static const char *const BASIC[] = {
    "string", "int", "number", "bool", "any", "Host", "Arn", "Domain", "list", "map"};
static const char *const PARAMETER[] = {"String", "Number", "CommaDelimitedList", "List"};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static bool is_one_of(Str name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_is(name, names[i]))
            return true;
    return false;
}

bool type_is_basic(Str name)
{
    return is_one_of(name, BASIC, COUNT_OF(BASIC));
}

static bool is_type_path(Str name)
{
    return str_find(name, STR("::"), 0) != SIZE_MAX;
}

static void report_parameter_type(const Walk *walk, Word name)
{
    Sema *sema = walk->sema;
    if (sema_is_silenced(walk, name.text))
        return;
    Diag *diag = diag_add(sema->diags, DIAG_UNKNOWN_TYPE, name.span, name.text, DIAG_END);
    StrList candidates = {0};
    for (size_t i = 0; i < COUNT_OF(PARAMETER); i++)
        VEC_ADD(sema->arena, &candidates, str_of(PARAMETER[i]));
    size_t before = diag->notes.len;
    sema_suggest(sema, diag, name.span, name.text, &candidates);
    if (diag->notes.len == before)
        diag_note(sema->diags, diag, (Span){0},
            "a 'param' has one of CloudFormation's parameter types, such as 'String'");
}

static TypeNameInfo parameter_type(const Walk *walk, Word name)
{
    if (is_type_path(name.text) || is_one_of(name.text, PARAMETER, COUNT_OF(PARAMETER)))
        return (TypeNameInfo){.kind = TYPE_NAME_PARAMETER};
    report_parameter_type(walk, name);
    return (TypeNameInfo){0};
}

static TypeNameInfo declared_type(const Walk *walk, Word name)
{
    Sema *sema = walk->sema;
    const Decl *decl = lookup_type(walk, name.text);
    if (!decl) {
        report_unknown_type(walk, DIAG_UNKNOWN_TYPE, name);
        return (TypeNameInfo){0};
    }
    common_use(walk, decl);
    const ModuleInfo *info = sema_info_at(sema, decl->span);
    bool is_component = decl->kind == DECL_COMPONENT;
    if (walk->user && walk->user->kind == DECL_TYPE && !is_component)
        use_add(walk, walk->user, decl, name.span);
    return (TypeNameInfo){.kind = is_component ? TYPE_NAME_COMPONENT : TYPE_NAME_DECL,
        .decl = decl,
        .scope = info ? info->scope : NULL};
}

void sema_check_type_name(const Walk *walk, Str name, Span span)
{
    enum { MAX_NEAREST = 8 };
    Sema *sema = walk->sema;
    Schema schema = schema_builtin();
    if (!is_type_path(name) || schema_is_open_name(name) ||
        schema_type_exists(schema_find_type(schema, name)))
        return;
    Diag *diag = diag_add(sema->diags, DIAG_NAMES_UNKNOWN_TYPE, span, name, DIAG_END);
    Str names[MAX_NEAREST];
    size_t count = schema_nearest_types(schema, name, names, MAX_NEAREST);
    StrList nearest = {0};
    for (size_t i = 0; i < count; i++)
        VEC_ADD(sema->arena, &nearest, names[i]);
    sema_suggest(sema, diag, span, name, &nearest);
}

static void check_argument(const Walk *walk, const TypeExpr *type, TypeNameKind kind)
{
    bool takes_one = kind == TYPE_NAME_PARAMETER || str_is(type->name.text, "list") ||
                     str_is(type->name.text, "map");
    if (type->argument && !takes_one)
        diag_add(
            walk->sema->diags, DIAG_TYPE_ARGUMENT, type->argument->span, type->name.text, DIAG_END);
}

static void resolve_type_name(const Walk *walk, const TypeExpr *type, bool of_param)
{
    TypeNameInfo info = {0};
    if (!type->name.text.len)
        return;
    if (of_param)
        info = parameter_type(walk, type->name);
    else if (is_type_path(type->name.text)) {
        info.kind = TYPE_NAME_RESOURCE;
        sema_check_type_name(walk, type->name.text, type->name.span);
    } else if (type_is_basic(type->name.text))
        info.kind = TYPE_NAME_BASIC;
    else
        info = declared_type(walk, type->name);
    walk->info->type_names[type->id] = info;
    if (info.kind)
        check_argument(walk, type, info.kind);
    if (type->argument)
        resolve_type(walk, type->argument, of_param);
}

static void resolve_record(const Walk *walk, const TypeExpr *type)
{
    Sema *sema = walk->sema;
    Map names = {0};
    for (size_t i = 0; i < type->fields.len; i++) {
        const Field *field = &type->fields.items[i];
        resolve_type(walk, field->type, false);
        if (field->fallback)
            resolve_expr(walk, field->fallback);
        if (!field->name.text.len)
            continue;
        const Field *first = map_find(&names, field->name.text);
        if (!first) {
            map_set(&names, sema->arena, field->name.text, (void *)(uintptr_t)field);
            continue;
        }
        Diag *diag =
            diag_add(sema->diags, DIAG_DUPLICATE_KEY, field->name.span, field->name.text, DIAG_END);
        diag_note(sema->diags, diag, first->name.span, "written here first");
    }
}

void resolve_type(const Walk *walk, const TypeExpr *type, bool of_param)
{
    if (!type)
        return;
    switch (type->kind) {
    case TYPE_EXPR_NAME:
        resolve_type_name(walk, type, of_param);
        break;
    case TYPE_EXPR_RECORD:
        resolve_record(walk, type);
        break;
    case TYPE_EXPR_UNION:
        for (size_t i = 0; i < type->members.len; i++)
            resolve_type(walk, type->members.items[i], of_param);
        break;
    default:
        break;
    }
}

// ---- what a type allows ----

// Types that recur are reported, and a type may name another twice at each of many levels:
// whoever asks about them must end all the same.
enum { DEEPEST_TYPE = 64, MOST_VISITED = 10000 };

typedef struct NamedType {
    const TypeExpr *type;
    const Scope *scope;
} NamedType;

// What a `type` stands for; NULL for any other name.
static NamedType named_type(const Sema *sema, const Scope *scope, Str name)
{
    const Scope *file = sema->analysis->modules[scope->module->index].scope;
    const Decl *decl = type_is_basic(name) ? NULL : map_find(&file->types, name);
    const ModuleInfo *info = decl ? sema_info_at(sema, decl->span) : NULL;
    if (!info || decl->kind != DECL_TYPE)
        return (NamedType){0};
    return (NamedType){decl->type, info->scope};
}

typedef struct NullSearch {
    const Sema *sema;
    size_t visited;
} NullSearch;

static bool takes_null(NullSearch *search, const Scope *scope, const TypeExpr *type, int depth)
{
    if (!type || depth > DEEPEST_TYPE || search->visited++ > MOST_VISITED)
        return true;
    switch (type->kind) {
    case TYPE_EXPR_NULL:
    case TYPE_EXPR_ERROR:
        return true;
    case TYPE_EXPR_NAME: {
        NamedType named = named_type(search->sema, scope, type->name.text);
        if (named.type)
            return takes_null(search, named.scope, named.type, depth + 1);
        // A name that means nothing was reported; nothing more is said of it.
        return !type->name.text.len || str_is(type->name.text, "any");
    }
    case TYPE_EXPR_UNION:
        for (size_t i = 0; i < type->members.len; i++)
            if (takes_null(search, scope, type->members.items[i], depth + 1))
                return true;
        return false;
    default:
        return false;
    }
}

bool type_takes_null(const Sema *sema, const Scope *scope, const TypeExpr *type)
{
    NullSearch search = {.sema = sema};
    return takes_null(&search, scope, type, 0);
}

typedef struct ChoiceSearch {
    const Sema *sema;
    ChoiceList *choices;
    size_t visited;
} ChoiceSearch;

static void add_choice(ChoiceSearch *search, Str text, bool is_null)
{
    Choice choice = {.text = text, .is_null = is_null};
    VEC_ADD(search->sema->arena, search->choices, choice);
}

static bool find_choices(ChoiceSearch *search, const Scope *scope, const TypeExpr *type, int depth)
{
    if (!type || depth > DEEPEST_TYPE || search->visited++ > MOST_VISITED)
        return false;
    switch (type->kind) {
    case TYPE_EXPR_STRING:
    case TYPE_EXPR_NUMBER:
        add_choice(search, type->text, false);
        return true;
    case TYPE_EXPR_BOOL:
        add_choice(search, type->boolean ? STR("true") : STR("false"), false);
        return true;
    case TYPE_EXPR_NULL:
        add_choice(search, STR("null"), true);
        return true;
    case TYPE_EXPR_UNION:
        for (size_t i = 0; i < type->members.len; i++)
            if (!find_choices(search, scope, type->members.items[i], depth + 1))
                return false;
        return true;
    case TYPE_EXPR_NAME: {
        if (str_is(type->name.text, "bool")) {
            add_choice(search, STR("true"), false);
            add_choice(search, STR("false"), false);
            return true;
        }
        NamedType named = named_type(search->sema, scope, type->name.text);
        return named.type && find_choices(search, named.scope, named.type, depth + 1);
    }
    default:
        return false;
    }
}

bool type_choices(const Sema *sema, const Scope *scope, const TypeExpr *type, ChoiceList *choices)
{
    ChoiceSearch search = {.sema = sema, .choices = choices};
    return find_choices(&search, scope, type, 0);
}
