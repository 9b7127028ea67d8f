// Annotations: their names, where they may stand, how many arguments they take.
#include "compiler/sema/sema_priv.h"

typedef struct AnnotationRule {
    const char *name;
    size_t min_args;
    size_t max_args;
    unsigned places; // AnnotationPlace bits
    bool repeatable;
} AnnotationRule;

enum {
    ON_RESOURCE = PLACE_RESOURCE | PLACE_WITH,
    ON_IDENTIFIED = PLACE_RESOURCE | PLACE_WITH | PLACE_OUTPUT | PLACE_NAMED,
    ANYWHERE = ON_IDENTIFIED | PLACE_OTHER | PLACE_ENTRY
};

static const AnnotationRule RULES[] = {
    {"DependsOn", 1, SIZE_MAX, ON_RESOURCE, true},
    {"DeletionPolicy", 1, 1, ON_RESOURCE, false},
    {"UpdateReplacePolicy", 1, 1, ON_RESOURCE, false},
    {"CreationPolicy", 1, 1, ON_RESOURCE, false},
    {"UpdatePolicy", 1, 1, ON_RESOURCE, false},
    {"Metadata", 1, 1, ON_RESOURCE, false},
    {"attribute", 2, 2, ON_RESOURCE, true},
    {"retain", 0, 1, ON_RESOURCE, false},
    {"id", 1, 1, ON_IDENTIFIED, false},
    {"suppress", 2, 2, ANYWHERE, true},
};

enum { RULE_COUNT = sizeof RULES / sizeof *RULES };

AnnotationPlace annotation_place(DeclKind kind)
{
    switch (kind) {
    case DECL_RESOURCE:
        return PLACE_RESOURCE;
    case DECL_OUTPUT:
        return PLACE_OUTPUT;
    case DECL_VAR:
    case DECL_PARAM:
    case DECL_CONDITION:
    case DECL_MAPPING:
    case DECL_RULE:
        return PLACE_NAMED;
    default:
        return PLACE_OTHER;
    }
}

static const char *place_words(AnnotationPlace place)
{
    switch (place) {
    case PLACE_RESOURCE:
        return "a resource";
    case PLACE_WITH:
        return "'with'";
    case PLACE_OUTPUT:
        return "an output";
    case PLACE_ENTRY:
        return "an entry";
    case PLACE_NAMED:
    case PLACE_OTHER:
        break;
    }
    return "this declaration";
}

static const AnnotationRule *find_rule(Str name)
{
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (str_is(name, RULES[i].name))
            return &RULES[i];
    return NULL;
}

static void report_unknown(Sema *sema, const Annotation *annotation)
{
    Diag *diag = diag_add(sema->diags, DIAG_UNKNOWN_ANNOTATION, annotation->name.span,
        annotation->name.text, DIAG_END);
    StrList names = {0};
    for (size_t i = 0; i < RULE_COUNT; i++)
        VEC_ADD(sema->arena, &names, str_of(RULES[i].name));
    sema_suggest(sema, diag, annotation->name.span, annotation->name.text, &names);
}

static Str argument_words(Arena *arena, const AnnotationRule *rule)
{
    if (rule->max_args == SIZE_MAX)
        return STR("at least 1 argument");
    if (rule->min_args != rule->max_args)
        return str_format(arena, "%zu to %zu arguments", rule->min_args, rule->max_args);
    return str_format(arena, "%zu argument%s", rule->min_args, rule->min_args == 1 ? "" : "s");
}

static void check_code(Sema *sema, const Annotation *annotation)
{
    const Expr *arg = annotation->args.items[0];
    Str code;
    if (arg->kind == EXPR_ERROR)
        return;
    if (!expr_plain_text(arg, &code))
        diag_add(sema->diags, DIAG_NOT_A_CODE, arg->span, STR("an expression"), DIAG_END);
    else if (diag_code_of(code) == DIAG_NONE)
        diag_add(sema->diags, DIAG_NOT_A_CODE, arg->span, code, DIAG_END);
}

static void check_arguments(Sema *sema, const Annotation *annotation, const AnnotationRule *rule)
{
    size_t found = annotation->args.len;
    if (found < rule->min_args || found > rule->max_args) {
        Diag *diag = diag_add(sema->diags, DIAG_ARGUMENT_COUNT, annotation->span,
            str_format(sema->arena, "@%s", rule->name), argument_words(sema->arena, rule),
            str_format(sema->arena, "%zu", found), DIAG_END);
        if (str_is(annotation->name.text, "suppress"))
            diag_note(sema->diags, diag, (Span){0},
                "a code and the reason: @suppress(\"ALT3104\", \"why\")");
    } else if (str_is(annotation->name.text, "suppress")) {
        check_code(sema, annotation);
    }
}

static void check_annotation(
    Sema *sema, const Annotation *annotation, AnnotationPlace place, Map *seen)
{
    if (!annotation->name.text.len)
        return;
    const AnnotationRule *rule = find_rule(annotation->name.text);
    if (!rule) {
        report_unknown(sema, annotation);
        return;
    }
    if (!(rule->places & (unsigned)place))
        diag_add(sema->diags, DIAG_ANNOTATION_MISPLACED, annotation->span, annotation->name.text,
            str_of(place_words(place)), DIAG_END);
    const Annotation *first = map_find(seen, annotation->name.text);
    if (first && !rule->repeatable) {
        Diag *diag = diag_add(
            sema->diags, DIAG_ANNOTATION_TWICE, annotation->span, annotation->name.text, DIAG_END);
        diag_note(sema->diags, diag, first->span, "written here first");
    }
    map_set(seen, sema->arena, annotation->name.text, (void *)(uintptr_t)annotation);
    check_arguments(sema, annotation, rule);
}

void check_annotations(const Walk *walk, const AnnotationList *list, AnnotationPlace place)
{
    Map seen = {0};
    for (size_t i = 0; i < list->len; i++) {
        const Annotation *annotation = &list->items[i];
        check_annotation(walk->sema, annotation, place, &seen);
        for (size_t j = 0; j < annotation->args.len; j++)
            resolve_expr(walk, annotation->args.items[j]);
    }
}
