// The stages of the program: names, aliases, hatches. Only literal values count here.
#include "compiler/sema/sema_priv.h"

const Expr *items_find(const ItemList *items, const char *key)
{
    for (size_t i = 0; i < items->len; i++) {
        const Item *item = items->items[i];
        Str name;
        if (item->kind != ITEM_ENTRY || !item->key || !item->value)
            continue;
        if (item->key->kind == EXPR_NAME)
            name = item->key->name;
        else if (!expr_plain_text(item->key, &name))
            continue;
        if (str_is(name, key))
            return item->value;
    }
    return NULL;
}

bool expr_plain_text(const Expr *expr, Str *text)
{
    if (!expr || expr->kind != EXPR_STRING || expr->string.len > 1)
        return false;
    if (expr->string.len == 1 && expr->string.items[0].expr)
        return false;
    *text = expr->string.len ? expr->string.items[0].text : STR("");
    return true;
}

// ---- names ----

static char normal_char(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c == '_' ? '-' : c;
}

Str stage_normalise(Arena *arena, Str name)
{
    Str trimmed = str_trim(name);
    char *text = arena_alloc(arena, trimmed.len + 1);
    for (size_t i = 0; i < trimmed.len; i++)
        text[i] = normal_char(trimmed.ptr[i]);
    return (Str){text, trimmed.len};
}

static bool is_pattern(Str name)
{
    return str_ends(name, STR("-*"));
}

static Str pattern_prefix(Str pattern)
{
    return str_slice(pattern, 0, pattern.len - 1);
}

// Does the first `count` bytes of the word, normalised, stand at the head of the name?
static bool starts_normalised(Str name, Str word, size_t count)
{
    if (name.len < count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (normal_char(word.ptr[i]) != normal_char(name.ptr[i]))
            return false;
    return true;
}

bool stage_in(const WordList *on, Str stage)
{
    for (size_t i = 0; i < on->len; i++) {
        Str word = str_trim(on->items[i].text);
        if (!word.len)
            continue;
        if (is_pattern(word) && starts_normalised(stage, word, word.len - 1))
            return true;
        if (word.len == stage.len && starts_normalised(stage, word, word.len))
            return true;
    }
    return false;
}

const StageDef *stage_find(const Analysis *analysis, Arena *arena, Str name)
{
    Str wanted = stage_normalise(arena, name);
    const StageDef *by_pattern = NULL;
    for (size_t i = 0; i < analysis->stages.len; i++) {
        const StageDef *stage = &analysis->stages.items[i];
        if (str_equal(stage->name, wanted) && !stage->is_pattern)
            return stage;
        for (size_t j = 0; j < stage->aliases.len; j++)
            if (str_equal(stage->aliases.items[j], wanted))
                return stage;
        bool covers = stage->is_pattern && wanted.len >= stage->name.len &&
                      str_starts(wanted, pattern_prefix(stage->name));
        if (covers && (!by_pattern || stage->name.len > by_pattern->name.len))
            by_pattern = stage;
    }
    return by_pattern;
}

// Lower-case letters, digits and dashes between them: it becomes a part of physical names.
static bool is_stage_name(Str name)
{
    Str body = is_pattern(name) ? str_slice(name, 0, name.len - 2) : name;
    if (!body.len || body.len > 63 || body.ptr[0] == '-' || body.ptr[body.len - 1] == '-')
        return false;
    for (size_t i = 0; i < body.len; i++) {
        char c = body.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return true;
}

static void report_bad_name(Sema *sema, Str name, Span span)
{
    Diag *diag = diag_add(sema->diags, DIAG_BAD_STAGE_NAME, span, name, DIAG_END);
    diag_note(sema->diags, diag, (Span){0},
        "a stage's name has letters, digits and dashes between them, at most 63");
}

// ---- definitions ----

static StageDef *find_by_name(Sema *sema, Str name)
{
    return map_find(&sema->stages.by_name, name);
}

static void claim_name(Sema *sema, StageDef *stage, Str name, Span span)
{
    StageDef *other = find_by_name(sema, name);
    if (!other) {
        map_set(&sema->stages.by_name, sema->arena, name, stage);
    } else if (other != stage) {
        Diag *diag = diag_add(sema->diags, DIAG_STAGE_NAME_CLASH, span, name,
            other->entry->name.text, stage->entry->name.text, DIAG_END);
        diag_note(sema->diags, diag, other->entry->name.span, "the other stage is declared here");
    }
}

static void report_not_literal(Sema *sema, const Expr *expr, const char *key, const char *wanted)
{
    if (expr->kind != EXPR_ERROR)
        diag_add(sema->diags, DIAG_STAGE_SETTING_NOT_LITERAL, expr->span, str_of(key),
            str_of(wanted), DIAG_END);
}

static void define_alias(Sema *sema, StageDef *stage, const Expr *expr)
{
    Str text;
    if (!expr_plain_text(expr, &text)) {
        report_not_literal(sema, expr, "aliases", "a list of plain texts");
        return;
    }
    Str alias = stage_normalise(sema->arena, text);
    if (!is_stage_name(alias) || is_pattern(alias)) {
        report_bad_name(sema, text, expr->span);
        return;
    }
    VEC_ADD(sema->arena, &stage->aliases, alias);
    claim_name(sema, stage, alias, expr->span);
}

static void define_aliases(Sema *sema, StageDef *stage)
{
    const Expr *aliases = items_find(&stage->entry->items, "aliases");
    if (!aliases)
        return;
    if (aliases->kind != EXPR_LIST) {
        report_not_literal(sema, aliases, "aliases", "a list of plain texts");
        return;
    }
    for (size_t i = 0; i < aliases->items.len; i++) {
        const Item *item = aliases->items.items[i];
        if (item->kind == ITEM_ELEMENT && item->value)
            define_alias(sema, stage, item->value);
        else if (item->kind != ITEM_ERROR)
            report_not_literal(sema, aliases, "aliases", "a list of plain texts");
    }
}

static Str literal_setting(Sema *sema, const StageDef *stage, const char *key)
{
    const Expr *expr = items_find(&stage->entry->items, key);
    Str text = STR_NONE;
    if (expr && !expr_plain_text(expr, &text))
        report_not_literal(sema, expr, key, "a plain text");
    return text;
}

static void define_attributes(Sema *sema, const StageDef *stage)
{
    StageNames *stages = &sema->stages;
    for (size_t i = 0; i < stage->entry->items.len; i++) {
        const Item *item = stage->entry->items.items[i];
        Str name = STR_NONE;
        if (item->kind == ITEM_ENTRY && item->key && item->key->kind == EXPR_NAME)
            name = item->key->name;
        else if (item->kind != ITEM_ENTRY || !expr_plain_text(item->key, &name))
            stages->open = true;
        if (str_is(name, "name"))
            diag_add(sema->diags, DIAG_STAGE_HAS_NAME, item->key->span, DIAG_END);
        if (!name.len || map_find(&stages->attributes, name))
            continue;
        map_set(&stages->attributes, sema->arena, name, stages);
        VEC_ADD(sema->arena, &stages->attribute_list, name);
    }
}

static void define_stage(Sema *sema, const StageEntry *entry)
{
    Analysis *analysis = sema->analysis;
    StageDef stage = {.entry = entry};
    stage.name = stage_normalise(sema->arena, entry->name.text);
    stage.is_pattern = is_pattern(stage.name);
    if (!is_stage_name(stage.name)) {
        if (entry->name.text.len || entry->name.span.end - entry->name.span.start >= 2)
            report_bad_name(sema, entry->name.text, entry->name.span);
        return;
    }
    VEC_ADD(sema->arena, &analysis->stages, stage);
}

static void suggest_stage(Sema *sema, Diag *diag, Span span, Str name)
{
    sema_suggest(sema, diag, span, name, &sema->stages.names);
}

// Between the quotes of a text.
static Span text_span(Span span)
{
    return span.end - span.start >= 2 ? (Span){span.file, span.start + 1, span.end - 1} : span;
}

static void report_unknown_stage(Sema *sema, Str name, Span span, Span replaced)
{
    Diag *diag = diag_add(sema->diags, DIAG_UNKNOWN_STAGE, span, name, DIAG_END);
    suggest_stage(sema, diag, replaced, name);
}

static void define_hatch(Sema *sema, StageDef *stage)
{
    Str target = literal_setting(sema, stage, "hatchOf");
    if (!target.ptr)
        return;
    Span span = items_find(&stage->entry->items, "hatchOf")->span;
    stage->hatch_of = stage_normalise(sema->arena, target);
    const StageDef *found = find_by_name(sema, stage->hatch_of);
    if (!found) {
        report_unknown_stage(sema, target, span, text_span(span));
    } else if (!str_equal(found->name, stage->hatch_of)) {
        Diag *diag = diag_add(
            sema->diags, DIAG_ALIAS_WHERE_STAGE_EXPECTED, span, target, found->name, DIAG_END);
        diag_fix(sema->diags, diag, text_span(span), found->name, true);
    } else if (found == stage) {
        diag_add(sema->diags, DIAG_HATCH_OF_ITSELF, span, stage->entry->name.text, DIAG_END);
    }
}

void stages_define(Sema *sema)
{
    Analysis *analysis = sema->analysis;
    const Decl *decl = sema->stages_decl;
    sema->stages.declared = decl != NULL;
    for (size_t i = 0; decl && i < decl->stages.len; i++)
        define_stage(sema, &decl->stages.items[i]);
    // The list no longer moves from here on. Names are claimed before aliases.
    for (size_t i = 0; i < analysis->stages.len; i++) {
        StageDef *stage = &analysis->stages.items[i];
        claim_name(sema, stage, stage->name, stage->entry->name.span);
        VEC_ADD(sema->arena, &sema->stages.names, stage->name);
        define_attributes(sema, stage);
    }
    for (size_t i = 0; i < analysis->stages.len; i++) {
        define_aliases(sema, &analysis->stages.items[i]);
        analysis->stages.items[i].retired =
            literal_setting(sema, &analysis->stages.items[i], "retired");
    }
    for (size_t i = 0; i < analysis->stages.len; i++)
        define_hatch(sema, &analysis->stages.items[i]);
    if (!analysis->stages.len) {
        StageDef unnamed = {.name = STR("")};
        VEC_ADD(sema->arena, &analysis->stages, unnamed);
    }
}

// ---- where stages are named ----

static bool pattern_covers(Str pattern, Str name)
{
    return str_starts(name, pattern_prefix(pattern));
}

// A personal stage may be named, or a family of them.
static bool matches_stage(Str word, const StageDef *stage)
{
    if (str_equal(word, stage->name))
        return true;
    if (is_pattern(word) && pattern_covers(word, stage->name))
        return true;
    return stage->is_pattern && pattern_covers(stage->name, word);
}

static void check_on_word(Sema *sema, Word word)
{
    if (!word.text.len)
        return;
    Analysis *analysis = sema->analysis;
    Str name = stage_normalise(sema->arena, word.text);
    const StageDef *found = find_by_name(sema, name);
    if (found && !str_equal(found->name, name)) {
        Diag *diag = diag_add(sema->diags, DIAG_ALIAS_WHERE_STAGE_EXPECTED, word.span, word.text,
            found->name, DIAG_END);
        diag_fix(sema->diags, diag, word.span, found->name, true);
        return;
    }
    if (found)
        return;
    for (size_t i = 0; i < analysis->stages.len; i++)
        if (matches_stage(name, &analysis->stages.items[i]))
            return;
    if (is_pattern(name))
        diag_add(sema->diags, DIAG_STAGE_PATTERN_MATCHES_NOTHING, word.span, word.text, DIAG_END);
    else
        report_unknown_stage(sema, word.text, word.span, word.span);
}

void check_on(Sema *sema, const WordList *on)
{
    if (!sema->stages.declared) {
        if (on->len)
            diag_add(sema->diags, DIAG_NO_STAGES, on->items[0].span, DIAG_END);
        return;
    }
    for (size_t i = 0; i < on->len; i++)
        check_on_word(sema, on->items[i]);
}

static void check_edition(Sema *sema, const Decl *app)
{
    const Expr *edition = app ? items_find(&app->items, "alt") : NULL;
    if (!edition || edition->kind == EXPR_ERROR ||
        (edition->kind == EXPR_NUMBER && str_is(edition->number, "1")))
        return;
    bool is_number = edition->kind == EXPR_NUMBER;
    diag_add(sema->diags, DIAG_UNKNOWN_EDITION, edition->span,
        is_number ? edition->number : STR("no plain number"), DIAG_END);
}

void check_app(Sema *sema)
{
    const Decl *app = sema->analysis->app;
    check_edition(sema, app);
    const Expr *stage = app ? items_find(&app->items, "defaultStage") : NULL;
    Str name;
    if (!stage || !expr_plain_text(stage, &name))
        return;
    if (!stage_find(sema->analysis, sema->arena, name))
        report_unknown_stage(sema, name, stage->span, text_span(stage->span));
}
