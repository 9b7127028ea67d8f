#include "compiler/driver/inventory.h"

#include "compiler/data/data.h"
#include "compiler/driver/driver_priv.h"
#include "compiler/driver/inventory_priv.h"
#include "compiler/eval/inventory.h"

enum { VALUE_SHOWN = 160 };

typedef struct Writer {
    Compilation *run;
    Arena *arena;
    Evaluation *ev;
    StageInventory *out;
} Writer;

// ---- texts ----

static Str slice(const Writer *writer, Span span)
{
    return source_slice(writer->run->sources, span);
}

// In one line, blanks and line breaks as one blank.
static Str one_line(Arena *arena, Str text)
{
    Buf out;
    buf_init(&out, 0);
    bool blank = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            blank = true;
            continue;
        }
        if (blank && out.len)
            buf_add_char(&out, ' ');
        blank = false;
        buf_add_char(&out, c);
    }
    Str line = buf_copy(&out, arena);
    buf_release(&out);
    return line;
}

static Str joined_words(Arena *arena, const WordList *words)
{
    Str text = STR("");
    for (size_t i = 0; i < words->len; i++)
        text = str_format(
            arena, "%.*s%s%.*s", STR_FMT(text), i ? ", " : "", STR_FMT(words->items[i].text));
    return text;
}

static Str shown_value(Arena *arena, const Value *value)
{
    if (value->kind == VALUE_DEPLOY)
        return STR("known when deploying");
    Buf out;
    buf_init(&out, 0);
    data_write_json_compact(&out, shape_of_value(arena, value));
    size_t cut = out.len;
    if (cut > VALUE_SHOWN) {
        cut = VALUE_SHOWN;
        while (cut && ((unsigned char)out.ptr[cut] & 0xC0) == 0x80)
            cut--;
    }
    Str text =
        str_format(arena, "%.*s%s", (int)cut, out.len ? out.ptr : "", cut < out.len ? "…" : "");
    buf_release(&out);
    return text;
}

// ---- families ----

// The `//` lines that a file begins with, up to the first that is none.
static Str opening_comment(Arena *arena, Str text)
{
    Buf out;
    buf_init(&out, 0);
    for (size_t at = 0; at < text.len && str_starts(str_slice(text, at, text.len), STR("//"));) {
        size_t end = str_find(text, STR("\n"), at);
        end = end == SIZE_MAX ? text.len : end;
        size_t start = at;
        while (start < end && text.ptr[start] == '/')
            start++;
        buf_add_format(
            &out, "%s%.*s", out.len ? " " : "", STR_FMT(str_trim(str_slice(text, start, end))));
        at = end + 1;
    }
    Str comment = buf_copy(&out, arena);
    buf_release(&out);
    return comment;
}

static Str base_name(Str path)
{
    size_t start = path.len;
    while (start > 0 && path.ptr[start - 1] != '/')
        start--;
    path = str_slice(path, start, path.len);
    return str_ends(path, STR(".alt")) ? str_slice(path, 0, path.len - 4) : path;
}

static void add_families(Writer *writer)
{
    const Program *program = writer->run->program;
    for (size_t i = 0; i < program->modules.len; i++) {
        const Module *module = program->modules.items[i];
        InventoryFamily family = {
            .name = base_name(module->name),
            .file = module->name,
            .doc = opening_comment(writer->arena, source_text(writer->run->sources, module->file)),
        };
        VEC_ADD(writer->arena, &writer->out->families, family);
    }
}

static size_t family_at(const Writer *writer, Span span)
{
    return writer->run->analysis->module_indexes[span.file] - 1;
}

// ---- resources ----

// The instance in a file around what `instance` holds; NULL for a file's own instance.
static const Instance *outermost(const Instance *instance)
{
    if (!instance->decl)
        return NULL;
    while (instance->owner->decl)
        instance = instance->owner;
    return instance;
}

static void add_resources(Writer *writer)
{
    for (size_t i = 0; i < writer->ev->resources.len; i++) {
        const Resource *resource = writer->ev->resources.items[i];
        const Instance *around = outermost(resource->owner);
        InventoryResource entry = {
            .stack = resource->stack->id,
            .id = resource->id,
            .name = resource->name,
            .type = resource->type,
            .doc = resource->decl->doc,
            .instance = around ? around->name : STR(""),
            .component = around ? around->decl->resource_type.text : STR(""),
            .family = family_at(writer, around ? around->decl->span : resource->decl->span),
        };
        VEC_ADD(writer->arena, &writer->out->resources, entry);
    }
}

static void add_instances(Writer *writer)
{
    InstanceList instances = {0};
    evaluation_instances(writer->ev, &instances);
    for (size_t i = 0; i < instances.len; i++) {
        const Instance *instance = instances.items[i];
        if (instance->owner->decl)
            continue;
        InventoryInstance entry = {
            .name = instance->name,
            .component = instance->decl->resource_type.text,
            .doc = instance->decl->doc,
            .family = family_at(writer, instance->decl->span),
        };
        VEC_ADD(writer->arena, &writer->out->instances, entry);
    }
}

// ---- domains ----

static Str domain_text(Writer *writer, Domain *domain, const char *field)
{
    const Value *value = evaluation_domain_field(writer->ev, domain, str_of(field));
    if (value_is_null(value) || value_is_error(value))
        return STR("");
    Str text = value_scalar_text(value);
    return text.ptr ? text : STR("known when deploying");
}

static StrItems domain_texts(Writer *writer, Domain *domain, const char *field)
{
    const Value *list = evaluation_domain_field(writer->ev, domain, str_of(field));
    StrItems texts = {0};
    for (size_t i = 0; list->kind == VALUE_LIST && i < list->list.len; i++)
        if (list->list.items[i]->kind == VALUE_STRING)
            VEC_ADD(writer->arena, &texts, list->list.items[i]->text);
    return texts;
}

static void add_domains(Writer *writer)
{
    Evaluation *ev = writer->ev;
    if (!ev->domains.len)
        evaluation_collect_domains(ev);
    for (size_t i = 0; i < ev->domains.len; i++) {
        Domain *domain = ev->domains.items[i];
        InventoryDomain entry = {
            .name = domain->name,
            .doc = domain->decl->doc,
            .host = domain_text(writer, domain, "host"),
            .zone = domain_text(writer, domain, "zone"),
            .cert = domain_text(writer, domain, "cert"),
            .aliases = domain_texts(writer, domain, "aliases"),
            .redirects = domain_texts(writer, domain, "redirects"),
            .owners = evaluation_is_elsewhere(ev, domain)
                          ? STR("none: it is elsewhere")
                          : joined_words(writer->arena, &domain->decl->on),
            .owned = evaluation_claims(ev, domain),
        };
        VEC_ADD(writer->arena, &writer->out->domains, entry);
    }
}

// ---- settings ----

static Str source_of(const Writer *writer, const Setting *setting)
{
    switch (setting->source) {
    case SETTING_COMMAND_LINE:
        return STR("--set");
    case SETTING_ENVIRONMENT:
        return str_format(writer->arena, "environment %.*s", STR_FMT(setting->source_name));
    case SETTING_VALUES_FILE:
        return STR("values file");
    case SETTING_DEFAULT:
        break;
    }
    return STR("default");
}

// A message of a `require`, as written and without its quotes; the condition when it has none.
static Str check_text(const Writer *writer, const Expr *condition, const Expr *message)
{
    if (!message)
        return one_line(writer->arena, slice(writer, condition->span));
    Str text = one_line(writer->arena, slice(writer, message->span));
    bool quoted = message->kind == EXPR_STRING && text.len >= 2 && !str_starts(text, STR("\"\"\""));
    return quoted ? str_slice(text, 1, text.len - 1) : text;
}

static void add_setting(Writer *writer, const Setting *setting)
{
    Arena *arena = writer->arena;
    const Decl *decl = setting->decl;
    InventorySetting entry = {
        .name = setting->key.ptr ? str_format(arena, "%.*s[%.*s]", STR_FMT(decl->name.text),
                                       STR_FMT(setting->key))
                                 : decl->name.text,
        .doc = decl->doc,
        .type = decl->type ? one_line(arena, slice(writer, decl->type->span)) : STR(""),
        .fallback = decl->value ? one_line(arena, slice(writer, decl->value->span)) : STR(""),
        .source = source_of(writer, setting),
        .secret = setting->secret,
        .given = setting->value->kind == VALUE_DEPLOY && setting->value->deploy->parameter->given,
        .family = family_at(writer, decl->span),
    };
    if (!setting->secret)
        entry.value = shown_value(arena, setting->value);
    for (size_t i = 0; i < setting->env.len; i++)
        VEC_ADD(arena, &entry.env, setting->env.items[i]);
    for (size_t i = 0; i < decl->items.len; i++) {
        const Item *item = decl->items.items[i];
        if (item->kind == ITEM_REQUIRE)
            VEC_ADD(arena, &entry.checks, check_text(writer, item->value, item->message));
    }
    VEC_ADD(arena, &writer->out->settings, entry);
}

static void add_settings(Writer *writer)
{
    SettingList settings = {0};
    evaluation_settings(writer->ev, &settings);
    for (size_t i = 0; i < settings.len; i++)
        add_setting(writer, &settings.items[i]);
}

// ---- guards ----

static Str rule_text(const Writer *writer, const GuardRule *rule)
{
    if (rule->kind == RULE_REQUIRE && rule->message)
        return str_format(writer->arena, "requires %.*s: %.*s",
            STR_FMT(one_line(writer->arena, slice(writer, rule->condition->span))),
            STR_FMT(check_text(writer, rule->condition, rule->message)));
    if (rule->kind == RULE_REQUIRE)
        return str_format(writer->arena, "requires %.*s",
            STR_FMT(one_line(writer->arena, slice(writer, rule->condition->span))));
    Str targets = STR("");
    for (size_t i = 0; i < rule->targets.len; i++)
        targets = str_format(writer->arena, "%.*s%s%.*s", STR_FMT(targets), i ? ", " : "",
            STR_FMT(slice(writer, rule->targets.items[i]->span)));
    return str_format(writer->arena, "denies %.*s of %.*s",
        STR_FMT(joined_words(writer->arena, &rule->actions)), STR_FMT(targets));
}

static void add_guard(Writer *writer, const Decl *decl)
{
    if (decl->has_on && !stage_in(&decl->on, writer->ev->options.stage->name))
        return;
    InventoryGuard guard = {
        .title = decl->name.text,
        .doc = decl->doc,
        .allow = decl->has_allow ? decl->allow.text : STR(""),
        .family = family_at(writer, decl->span),
    };
    for (size_t i = 0; i < decl->rules.len; i++)
        if (decl->rules.items[i].kind != RULE_ERROR)
            VEC_ADD(writer->arena, &guard.rules, rule_text(writer, &decl->rules.items[i]));
    VEC_ADD(writer->arena, &writer->out->guards, guard);
}

// ---- the walk over declarations ----

// Guards and comments stand at any depth of `on`, `if`, `for` and `stack`. A comment counts
// wherever its declaration stands: what this stage does not name is not looked up.
static void add_block(Writer *writer, const Block *block)
{
    if (block->kind == BLOCK_ON && !stage_in(&block->decl->on, writer->ev->options.stage->name))
        return;
    for (size_t i = 0; i < block->entries.len; i++) {
        const BlockEntry *entry = &block->entries.items[i];
        if (entry->block) {
            add_block(writer, entry->block);
            continue;
        }
        const Decl *decl = entry->decl;
        bool noted = decl->kind == DECL_OUTPUT || decl->kind == DECL_PARAM ||
                     decl->kind == DECL_CONDITION || decl->kind == DECL_VAR;
        if (decl->kind == DECL_GUARD)
            add_guard(writer, decl);
        else if (noted && decl->doc.len)
            VEC_ADD(writer->arena, &writer->out->notes,
                ((InventoryNote){
                    .id = evaluation_key_words(writer->arena, decl->name.text), .doc = decl->doc}));
    }
}

static void add_blocks(Writer *writer)
{
    for (size_t m = 0; m < writer->run->program->modules.len; m++)
        if (!writer->run->program->modules.items[m]->is_std)
            add_block(writer, writer->run->analysis->modules[m].scope->root);
}

static void add_stage(Writer *writer)
{
    const StageDef *def = writer->ev->options.stage;
    StageInventory *out = writer->out;
    out->name = writer->ev->options.stage_name;
    out->doc = def->entry ? def->entry->doc : STR("");
    out->aliases = join_texts(writer->arena, def->aliases.items, def->aliases.len);
    out->attributes = stage_attributes(writer->run, def);
    out->hatch_of = def->hatch_of.len ? def->hatch_of : STR("");
}

const StageInventory *compilation_inventory(Compilation *run, size_t index)
{
    Writer writer = {
        .run = run,
        .arena = run->arena,
        .ev = run->stages.items[index].evaluation,
        .out = ARENA_NEW(run->arena, StageInventory),
    };
    add_stage(&writer);
    add_families(&writer);
    add_resources(&writer);
    add_instances(&writer);
    add_domains(&writer);
    add_settings(&writer);
    add_blocks(&writer);
    return writer.out;
}
