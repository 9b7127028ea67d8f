// `match` over a value whose possible values are written down: does it forget one?
#include "compiler/base/buf.h"
#include "compiler/sema/sema_priv.h"

// What the subject may be. `here`: where the match stands; `anywhere`: at all.
typedef struct Possible {
    ChoiceList here;
    ChoiceList anywhere;
} Possible;

// ---- stages ----

static bool stage_is_here(const Walk *walk, Str stage)
{
    if (walk->clause && !stage_in(walk->clause, stage))
        return false;
    for (const Block *block = walk->block; block; block = block->parent)
        if (block->kind == BLOCK_ON && !stage_in(&block->decl->on, stage))
            return false;
    return true;
}

static bool literal_choice(const Expr *expr, Choice *choice)
{
    *choice = (Choice){0};
    if (!expr || expr->kind == EXPR_NULL) {
        *choice = (Choice){.text = STR("null"), .is_null = true};
        return true;
    }
    if (expr->kind == EXPR_BOOL)
        choice->text = expr->boolean ? STR("true") : STR("false");
    else if (expr->kind == EXPR_NUMBER)
        choice->text = expr->number;
    else
        return expr_plain_text(expr, &choice->text);
    return true;
}

// A set: one choice of each text.
static void add_choice(Sema *sema, ChoiceList *list, Map *seen, Choice choice)
{
    Str key = choice.is_null ? STR("\0") : choice.text;
    if (map_find(seen, key))
        return;
    map_set(seen, sema->arena, key, sema);
    VEC_ADD(sema->arena, list, choice);
}

static bool stage_choice(const StageDef *stage, Str attribute, Choice *choice)
{
    if (str_is(attribute, "name")) {
        *choice = (Choice){.text = stage->name};
        return true;
    }
    char name[64];
    // Empty `stages` leave one stage that stands nowhere.
    if (!stage->entry || attribute.len >= sizeof name)
        return false;
    memcpy(name, attribute.ptr, attribute.len);
    name[attribute.len] = '\0';
    return literal_choice(items_find(&stage->entry->items, name), choice);
}

static bool choices_of_stages(const Walk *walk, Str attribute, Possible *possible)
{
    Sema *sema = walk->sema;
    if (!sema->stages.declared || sema->stages.open)
        return false;
    // One that no stage has is reported where it is read.
    if (!str_is(attribute, "name") && !map_find(&sema->stages.attributes, attribute))
        return false;
    Map seen_here = {0}, seen_anywhere = {0};
    for (size_t i = 0; i < sema->analysis->stages.len; i++) {
        const StageDef *stage = &sema->analysis->stages.items[i];
        Choice choice;
        if (!stage_choice(stage, attribute, &choice))
            return false;
        add_choice(sema, &possible->anywhere, &seen_anywhere, choice);
        if (!stage->retired.len && stage_is_here(walk, stage->name))
            add_choice(sema, &possible->here, &seen_here, choice);
    }
    return true;
}

// ---- written types ----

static bool is_null_literal(const Expr *expr)
{
    return expr && expr->kind == EXPR_NULL;
}

static bool choices_of_symbol(const Walk *walk, const Symbol *symbol, Possible *possible)
{
    const TypeExpr *type = NULL;
    bool may_be_null = false;
    if (symbol->kind == SYMBOL_FIELD) {
        type = symbol->field->type;
        may_be_null = is_null_literal(symbol->field->fallback);
    } else if (symbol->kind == SYMBOL_DECL && !symbol->decl->key &&
               (symbol->decl->kind == DECL_VAR || symbol->decl->kind == DECL_LET)) {
        type = symbol->decl->type;
        may_be_null = symbol->decl->kind == DECL_VAR && is_null_literal(symbol->decl->value);
    }
    ChoiceList written = {0};
    if (!type || !type_choices(walk->sema, symbol->scope, type, &written))
        return false;
    Map seen = {0};
    for (size_t i = 0; i < written.len; i++)
        add_choice(walk->sema, &possible->here, &seen, written.items[i]);
    if (may_be_null)
        add_choice(
            walk->sema, &possible->here, &seen, (Choice){.text = STR("null"), .is_null = true});
    possible->anywhere = possible->here;
    return true;
}

static bool find_choices(const Walk *walk, const Expr *subject, Possible *possible)
{
    Symbol *const *symbols = walk->info->expr_symbols;
    if (subject->kind == EXPR_NAME && symbols[subject->id])
        return choices_of_symbol(walk, symbols[subject->id], possible);
    if (subject->kind != EXPR_MEMBER || subject->member.object->kind != EXPR_NAME)
        return false;
    const Symbol *object = symbols[subject->member.object->id];
    bool is_stage = object && object->kind == SYMBOL_GIVEN && object->given == GIVEN_STAGE;
    return is_stage && choices_of_stages(walk, subject->member.name.text, possible);
}

// ---- arms ----

typedef struct Arms {
    Map exact;         // text -> the key; a null key under "\0"
    ExprList patterns; // names that end in "-*"
    bool has_else;
} Arms;

static Str pattern_prefix(Str pattern)
{
    return str_slice(pattern, 0, pattern.len - 1);
}

static bool is_pattern(const Expr *key)
{
    return key->kind == EXPR_NAME && str_ends(key->name, STR("-*"));
}

// The text under which an arm's key is kept; STR_NONE for what is no literal.
static Str key_text(const Expr *key)
{
    Choice choice;
    if (key->kind == EXPR_NAME)
        return key->name;
    if (!literal_choice(key, &choice))
        return STR_NONE;
    return choice.is_null ? STR("\0") : choice.text;
}

static Str show_key(const Expr *key)
{
    return key->kind == EXPR_NULL ? STR("null") : key_text(key);
}

static void add_key(const Walk *walk, Arms *arms, Expr *key)
{
    Sema *sema = walk->sema;
    Str text = key_text(key);
    if (!text.len)
        return;
    const Expr *first = map_find(&arms->exact, text);
    if (first) {
        Diag *diag = diag_add(sema->diags, DIAG_DUPLICATE_ARM, key->span, show_key(key), DIAG_END);
        diag_note(sema->diags, diag, first->span, "written here first");
        return;
    }
    map_set(&arms->exact, sema->arena, text, key);
    if (is_pattern(key))
        VEC_ADD(sema->arena, &arms->patterns, key);
}

static Arms gather_arms(const Walk *walk, const Expr *match)
{
    Arms arms = {0};
    for (size_t i = 0; i < match->match.arm_count; i++) {
        const MatchArm *arm = &match->match.arms[i];
        arms.has_else |= arm->is_else;
        for (size_t j = 0; j < arm->keys.len; j++)
            add_key(walk, &arms, arm->keys.items[j]);
    }
    return arms;
}

static bool is_covered(const Arms *arms, Choice choice)
{
    if (map_find(&arms->exact, choice.is_null ? STR("\0") : choice.text))
        return true;
    for (size_t i = 0; !choice.is_null && i < arms->patterns.len; i++)
        if (str_starts(choice.text, pattern_prefix(arms->patterns.items[i]->name)))
            return true;
    return false;
}

static void report_missing(const Walk *walk, const Expr *match, const ChoiceList *missing)
{
    enum { MOST_SHOWN = 5 };
    Buf text;
    buf_init(&text, 0);
    for (size_t i = 0; i < missing->len && i < MOST_SHOWN; i++)
        buf_add_format(&text, "%s'%.*s'", i ? ", " : "", STR_FMT(missing->items[i].text));
    if (missing->len > MOST_SHOWN)
        buf_add_format(&text, " and %zu more", missing->len - MOST_SHOWN);
    Span span = {match->span.file, match->span.start, match->match.subject->span.end};
    Diag *diag = diag_add(walk->sema->diags, DIAG_MATCH_INCOMPLETE, span, buf_str(&text), DIAG_END);
    diag_note(walk->sema->diags, diag, (Span){0}, "add an arm for it, or 'else: …' for all others");
    buf_release(&text);
}

static void check_complete(
    const Walk *walk, const Expr *match, const Arms *arms, const Possible *possible)
{
    if (arms->has_else)
        return;
    ChoiceList missing = {0};
    for (size_t i = 0; i < possible->here.len; i++)
        if (!is_covered(arms, possible->here.items[i]))
            VEC_ADD(walk->sema->arena, &missing, possible->here.items[i]);
    if (missing.len)
        report_missing(walk, match, &missing);
}

static bool may_match(const Expr *key, const Map *texts, const ChoiceList *choices)
{
    if (!is_pattern(key))
        return map_find(texts, key_text(key)) != NULL;
    Str prefix = pattern_prefix(key->name);
    for (size_t i = 0; i < choices->len; i++)
        if (!choices->items[i].is_null && str_starts(choices->items[i].text, prefix))
            return true;
    return false;
}

static void check_reachable(const Walk *walk, const Expr *match, const ChoiceList *choices)
{
    Sema *sema = walk->sema;
    Map texts = {0};
    StrList candidates = {0};
    for (size_t i = 0; i < choices->len; i++) {
        const Choice *choice = &choices->items[i];
        // A stage that is a pattern may have any name it covers.
        if (str_ends(choice->text, STR("-*")))
            return;
        map_set(&texts, sema->arena, choice->is_null ? STR("\0") : choice->text, sema);
        VEC_ADD(sema->arena, &candidates, choice->text);
    }
    for (size_t i = 0; i < match->match.arm_count; i++) {
        const ExprList *keys = &match->match.arms[i].keys;
        for (size_t j = 0; j < keys->len; j++) {
            const Expr *key = keys->items[j];
            if (!key_text(key).len || may_match(key, &texts, choices))
                continue;
            Diag *diag =
                diag_add(sema->diags, DIAG_ARM_NEVER_MATCHES, key->span, show_key(key), DIAG_END);
            sema_suggest(sema, diag, key->span, show_key(key), &candidates);
        }
    }
}

void check_match(const Walk *walk, const Expr *match)
{
    Arms arms = gather_arms(walk, match);
    Possible possible = {0};
    if (!find_choices(walk, match->match.subject, &possible))
        return;
    check_complete(walk, match, &arms, &possible);
    check_reachable(walk, match, &possible.anywhere);
}
