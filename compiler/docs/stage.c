// The page of a stage.
#include "compiler/docs/docs_priv.h"
#include "compiler/docs/facts.h"

#include <string.h>

typedef struct Teller {
    Arena *arena;
    Page page;
    const StageModel *model;
    const StageInventory *inventory;
} Teller;

// In one line: doc comments may have several.
static Str in_line(Arena *arena, Str text)
{
    char *line = arena_copy(arena, text.ptr ? text.ptr : "", text.len);
    for (size_t i = 0; i < text.len; i++)
        line[i] = line[i] == '\n' ? ' ' : line[i];
    return str_trim((Str){line, text.len});
}

static Str code(const Teller *teller, Str text)
{
    return page_code(teller->arena, text);
}

// Both, with ". " between; either may be empty.
static Str and_also(Arena *arena, Str text, Str more)
{
    if (!text.len || !more.len)
        return text.len ? text : more;
    char last = text.ptr[text.len - 1];
    const char *between = last == '.' || last == '!' || last == '?' ? " " : ". ";
    return str_format(arena, "%.*s%s%.*s", STR_FMT(text), between, STR_FMT(more));
}

static Str note_of(const Teller *teller, Str id)
{
    for (size_t i = 0; i < teller->inventory->notes.len; i++)
        if (str_equal(teller->inventory->notes.items[i].id, id))
            return in_line(teller->arena, teller->inventory->notes.items[i].doc);
    return STR("");
}

// ---- the head ----

static void tell(Teller *teller, const char *what, Str text)
{
    if (text.len)
        page_row(&teller->page, (Str[]){str_of(what), text});
}

static Str tags_text(const Teller *teller)
{
    Str text = STR("");
    const Datum *tags = teller->model->tags;
    for (size_t i = 0; tags && i < tags->entries.len; i++) {
        const DatumEntry *tag = &tags->entries.items[i];
        Str pair = str_format(teller->arena, "%.*s = %.*s", STR_FMT(tag->key),
            STR_FMT(fact_text(teller->arena, tag->value)));
        text = str_format(
            teller->arena, "%.*s%s%.*s", STR_FMT(text), i ? ", " : "", STR_FMT(code(teller, pair)));
    }
    return text;
}

static size_t count_resources(const Stack *stack)
{
    const Datum *resources = datum_get(stack->template_, STR("Resources"));
    return resources ? resources->entries.len : 0;
}

static void tell_stacks(Teller *teller)
{
    for (size_t i = 0; i < teller->model->stacks.len; i++) {
        const Stack *stack = teller->model->stacks.items[i];
        Str text = str_format(teller->arena, "%.*s%s%.*s, %zu resources",
            STR_FMT(code(teller, stack->name)), stack->region.len ? " in " : "",
            STR_FMT(stack->region), count_resources(stack));
        tell(teller, i ? "And the stack" : "Stack", text);
    }
}

static void tell_head(Teller *teller)
{
    static const char *const HEAD[] = {"", ""};
    const StageInventory *inventory = teller->inventory;
    Page *page = &teller->page;
    page_heading(page, 1,
        inventory->name.len ? str_format(teller->arena, "%.*s, stage %.*s",
                                  STR_FMT(teller->model->app), STR_FMT(inventory->name))
                            : teller->model->app);
    page_text(page, in_line(teller->arena, inventory->doc));
    page_table(page, HEAD, 2);
    tell(teller, "Also called", inventory->aliases);
    tell(teller, "Attributes", inventory->attributes);
    if (inventory->hatch_of.len)
        tell(teller, "Escape hatch of",
            str_format(teller->arena, "%.*s: building it needs %.*s", STR_FMT(inventory->hatch_of),
                STR_FMT(code(
                    teller, str_format(teller->arena, "--allow %.*s", STR_FMT(inventory->name))))));
    tell_stacks(teller);
    tell(teller, "Account", teller->model->account);
    tell(teller, "Termination protection",
        teller->model->termination_protection ? STR("on") : STR("off"));
    tell(teller, "Tags", tags_text(teller));
}

// ---- domains ----

static void tell_domains(Teller *teller)
{
    static const char *const HEAD[] = {
        "Domain", "Host", "Also", "Zone", "Certificate", "Owners", "About"};
    const StageInventory *inventory = teller->inventory;
    if (!inventory->domains.len)
        return;
    page_heading(&teller->page, 2, STR("Domains"));
    page_text(&teller->page,
        STR("What this stage owns is marked; the others it only knows the addresses of."));
    page_table(&teller->page, HEAD, 7);
    for (size_t i = 0; i < inventory->domains.len; i++) {
        const InventoryDomain *domain = &inventory->domains.items[i];
        Str also = page_codes(teller->arena, domain->aliases.items, domain->aliases.len);
        if (domain->redirects.len)
            also = and_also(teller->arena, also,
                str_format(teller->arena, "redirected: %.*s",
                    STR_FMT(page_codes(
                        teller->arena, domain->redirects.items, domain->redirects.len))));
        Str owners = domain->owners.len ? domain->owners : STR("every stage");
        Str name = domain->owned
                       ? str_format(teller->arena, "%.*s (owned here)", STR_FMT(domain->name))
                       : domain->name;
        page_row(&teller->page,
            (Str[]){name, code(teller, domain->host), also, code(teller, domain->zone),
                code(teller, domain->cert), owners, in_line(teller->arena, domain->doc)});
    }
}

// ---- resources ----

// "Resources" or another section of a stack's template; NULL without one.
static const Datum *template_section(const Teller *teller, Str stack_id, const char *section)
{
    for (size_t i = 0; i < teller->model->stacks.len; i++) {
        const Stack *stack = teller->model->stacks.items[i];
        if (str_equal(stack->id, stack_id))
            return datum_get(stack->template_, str_of(section));
    }
    return NULL;
}

static Str resource_about(
    const Teller *teller, const InventoryResource *resource, const Datum *emitted)
{
    Str about = in_line(teller->arena, resource->doc);
    if (teller->model->stacks.len > 1 &&
        !str_equal(resource->stack, teller->model->stacks.items[0]->id))
        about = and_also(teller->arena, about,
            str_format(teller->arena, "In the stack %.*s", STR_FMT(resource->stack)));
    const Datum *policy = datum_get(emitted, STR("DeletionPolicy"));
    if (policy && !datum_is_string(policy, "Delete"))
        about = and_also(teller->arena, about,
            str_format(
                teller->arena, "On deletion: %.*s", STR_FMT(fact_text(teller->arena, policy))));
    const Datum *condition = datum_get(emitted, STR("Condition"));
    if (condition && condition->kind == DATUM_STRING)
        about = and_also(teller->arena, about,
            str_format(teller->arena, "Only if %.*s", STR_FMT(code(teller, condition->text))));
    return about;
}

static void tell_resource(Teller *teller, const InventoryResource *resource)
{
    const Datum *resources = template_section(teller, resource->stack, "Resources");
    const Datum *emitted = datum_get(resources, resource->id);
    Str name = STR(""), sizes = STR("");
    if (emitted) {
        name = fact_physical_name(teller->arena, emitted, resources);
        sizes = fact_sizes(teller->arena, emitted);
    } else {
        sizes = str_starts(resource->type, STR("Alt::")) ? STR("the deployer's work") : STR("");
    }
    page_row(&teller->page,
        (Str[]){resource->name, code(teller, resource->type), code(teller, resource->id),
            code(teller, name), sizes, resource_about(teller, resource, emitted)});
}

static bool family_is_used(const Teller *teller, size_t family)
{
    for (size_t i = 0; i < teller->inventory->resources.len; i++)
        if (teller->inventory->resources.items[i].family == family)
            return true;
    return false;
}

static void tell_instance(Teller *teller, const InventoryInstance *instance)
{
    Str doc = in_line(teller->arena, instance->doc);
    bool vowel = instance->component.len && strchr("AEIOaeio", instance->component.ptr[0]);
    page_item(&teller->page, 1,
        str_format(teller->arena, "%.*s is %s %.*s%s%.*s", STR_FMT(code(teller, instance->name)),
            vowel ? "an" : "a", STR_FMT(code(teller, instance->component)), doc.len ? ": " : "",
            STR_FMT(doc)));
}

static void tell_family(Teller *teller, size_t family)
{
    static const char *const HEAD[] = {
        "Resource", "Type", "Logical id", "Name in AWS", "Size", "About"};
    const StageInventory *inventory = teller->inventory;
    page_heading(&teller->page, 3, inventory->families.items[family].name);
    page_text(&teller->page, inventory->families.items[family].doc);
    for (size_t i = 0; i < inventory->instances.len; i++) {
        const InventoryInstance *instance = &inventory->instances.items[i];
        if (instance->family != family)
            continue;
        tell_instance(teller, instance);
    }
    page_table(&teller->page, HEAD, 6);
    for (size_t i = 0; i < inventory->resources.len; i++)
        if (inventory->resources.items[i].family == family)
            tell_resource(teller, &inventory->resources.items[i]);
}

static void tell_resources(Teller *teller)
{
    page_heading(&teller->page, 2, STR("Resources"));
    for (size_t family = 0; family < teller->inventory->families.len; family++)
        if (family_is_used(teller, family))
            tell_family(teller, family);
}

// ---- settings ----

static Str setting_value(const Teller *teller, const InventorySetting *setting)
{
    if (setting->secret)
        return setting->given ? STR("a secret, given") : STR("a secret, not given");
    return code(teller, setting->value);
}

static void tell_setting(Teller *teller, const InventorySetting *setting)
{
    Str about = in_line(teller->arena, setting->doc);
    for (size_t i = 0; i < setting->checks.len; i++)
        about = and_also(teller->arena, about,
            str_format(teller->arena, "Checked: %.*s", STR_FMT(setting->checks.items[i])));
    Str source = setting->secret && !setting->given ? STR("") : setting->source;
    page_row(&teller->page,
        (Str[]){code(teller, setting->name), code(teller, setting->type),
            setting_value(teller, setting), source,
            setting->fallback.len ? code(teller, setting->fallback) : STR("must be given"),
            page_codes(teller->arena, setting->env.items, setting->env.len), about});
}

static void tell_settings(Teller *teller)
{
    static const char *const HEAD[] = {
        "Setting", "Type", "In this stage", "From", "Default", "Environment", "About"};
    const StageInventory *inventory = teller->inventory;
    if (!inventory->settings.len)
        return;
    page_heading(&teller->page, 2, STR("Settings"));
    page_text(&teller->page,
        STR("In this order of strength: `--set NAME=VALUE`, the environment (the first name that "
            "is set and not empty), the values file, the default."));
    for (size_t family = 0; family < inventory->families.len; family++) {
        bool begun = false;
        for (size_t i = 0; i < inventory->settings.len; i++) {
            if (inventory->settings.items[i].family != family)
                continue;
            if (!begun) {
                page_heading(&teller->page, 3,
                    str_format(teller->arena, "Settings of %.*s",
                        STR_FMT(inventory->families.items[family].name)));
                page_table(&teller->page, HEAD, 7);
            }
            begun = true;
            tell_setting(teller, &inventory->settings.items[i]);
        }
    }
}

// ---- guards and protections ----

static void tell_guards(Teller *teller)
{
    const StageInventory *inventory = teller->inventory;
    if (!inventory->guards.len)
        return;
    page_heading(&teller->page, 2, STR("Guards"));
    for (size_t i = 0; i < inventory->guards.len; i++) {
        const InventoryGuard *guard = &inventory->guards.items[i];
        Str text = and_also(teller->arena, guard->title, in_line(teller->arena, guard->doc));
        Str lift = guard->allow.len
                       ? str_format(teller->arena, "Lifted by %.*s",
                             STR_FMT(code(teller,
                                 str_format(teller->arena, "--allow %.*s", STR_FMT(guard->allow)))))
                       : STR("Nothing lifts it");
        page_item(&teller->page, 1, and_also(teller->arena, text, lift));
        for (size_t r = 0; r < guard->rules.len; r++)
            page_item(&teller->page, 2, code(teller, guard->rules.items[r]));
    }
}

static void tell_protections(Teller *teller)
{
    static const char *const HEAD[] = {"Protection", "Denies", "Of", "Stack", "Lifted by"};
    const StageModel *model = teller->model;
    if (!model->protections.len)
        return;
    page_heading(&teller->page, 2, STR("Protections"));
    page_text(&teller->page,
        STR("What the stack policy and the deployer refuse to do to a stack that exists."));
    page_table(&teller->page, HEAD, 5);
    for (size_t i = 0; i < model->protections.len; i++) {
        const Protection *protection = &model->protections.items[i];
        Str of =
            page_codes(teller->arena, protection->logical_ids.items, protection->logical_ids.len);
        Str types = page_codes(teller->arena, protection->types.items, protection->types.len);
        page_row(&teller->page,
            (Str[]){protection->title,
                page_codes(teller->arena, protection->actions.items, protection->actions.len),
                of.len && types.len
                    ? str_format(teller->arena, "%.*s, %.*s", STR_FMT(of), STR_FMT(types))
                    : (of.len ? of : types),
                model->stacks.len > 1 ? protection->stack : STR(""),
                protection->allow.len ? code(teller, str_format(teller->arena, "--allow %.*s",
                                                         STR_FMT(protection->allow)))
                                      : STR("nothing")});
    }
}

// ---- parameters, outputs, the deployer's work ----

// What it is when nobody says anything. A default itself is not told: it may stand for a secret.
static Str left_to_people(const Teller *teller, const StackParameter *parameter)
{
    const Datum *declared =
        datum_get(template_section(teller, parameter->stack, "Parameters"), parameter->name);
    const Datum *preset = datum_get(declared, STR("Default"));
    const Datum *type = datum_get(declared, STR("Type"));
    if (!preset)
        return STR("whoever deploys");
    bool stored = type && type->kind == DATUM_STRING && preset->kind == DATUM_STRING &&
                  str_starts(type->text, STR("AWS::SSM::Parameter::"));
    return stored
               ? str_format(teller->arena, "%.*s in Parameter Store, or what whoever deploys names",
                     STR_FMT(code(teller, preset->text)))
               : STR("its default, or whoever deploys");
}

static Str parameter_source(const Teller *teller, const StackParameter *parameter)
{
    switch (parameter->source) {
    case PARAMETER_FROM_SECRET:
        return str_format(teller->arena, "the secret %.*s%s%.*s",
            STR_FMT(code(teller, parameter->variable)), parameter->env.len ? ", of " : "",
            STR_FMT(page_codes(teller->arena, parameter->env.items, parameter->env.len)));
    case PARAMETER_FROM_ASSET_BUCKET:
    case PARAMETER_FROM_ASSET_KEY:
        return str_format(
            teller->arena, "where the asset %.*s lies", STR_FMT(code(teller, parameter->asset)));
    case PARAMETER_FROM_OUTPUT:
        return str_format(teller->arena, "the output %.*s of the stack %.*s",
            STR_FMT(code(teller, parameter->from_output)), STR_FMT(parameter->from_stack));
    case PARAMETER_FROM_USER:
    case PARAMETER_FROM_NONE:
        break;
    }
    return left_to_people(teller, parameter);
}

static void tell_parameters(Teller *teller)
{
    static const char *const HEAD[] = {"Parameter", "Stack", "Filled from"};
    const StageModel *model = teller->model;
    if (!model->parameters.len)
        return;
    page_heading(&teller->page, 2, STR("Parameters"));
    page_table(&teller->page, HEAD, 3);
    for (size_t i = 0; i < model->parameters.len; i++) {
        const StackParameter *parameter = &model->parameters.items[i];
        page_row(&teller->page, (Str[]){code(teller, parameter->name),
                                    model->stacks.len > 1 ? parameter->stack : STR(""),
                                    and_also(teller->arena, parameter_source(teller, parameter),
                                        note_of(teller, parameter->name))});
    }
}

static void tell_outputs(Teller *teller)
{
    static const char *const HEAD[] = {"Output", "Stack", "Value", "Exported as", "About"};
    const StageModel *model = teller->model;
    bool begun = false;
    for (size_t s = 0; s < model->stacks.len; s++) {
        const Stack *stack = model->stacks.items[s];
        const Datum *outputs = datum_get(stack->template_, STR("Outputs"));
        for (size_t i = 0; outputs && i < outputs->entries.len; i++) {
            const DatumEntry *output = &outputs->entries.items[i];
            const Datum *value = datum_get(output->value, STR("Value"));
            const Datum *about = datum_get(output->value, STR("Description"));
            const Datum *export_name =
                datum_get(datum_get(output->value, STR("Export")), STR("Name"));
            if (!begun) {
                page_heading(&teller->page, 2, STR("Outputs"));
                page_table(&teller->page, HEAD, 5);
            }
            begun = true;
            page_row(&teller->page,
                (Str[]){code(teller, output->key), model->stacks.len > 1 ? stack->id : STR(""),
                    value ? code(teller, fact_text(teller->arena, value)) : STR(""),
                    export_name ? code(teller, fact_text(teller->arena, export_name)) : STR(""),
                    and_also(teller->arena,
                        about ? in_line(teller->arena, fact_text(teller->arena, about)) : STR(""),
                        note_of(teller, output->key))});
        }
    }
}

// "Source `web`, Build (Command `make`, Output `dist`, Environment: 2)".
static Str task_text(const Teller *teller, const Datum *properties)
{
    Arena *arena = teller->arena;
    Str text = STR("");
    for (size_t i = 0; i < properties->entries.len; i++) {
        const DatumEntry *entry = &properties->entries.items[i];
        const Datum *value = entry->value;
        bool is_record = value->kind == DATUM_MAP && !datum_only_entry(value);
        bool is_list = value->kind == DATUM_LIST && value->items.len &&
                       value->items.items[0]->kind == DATUM_MAP;
        Str told;
        if (is_record && str_is(entry->key, "Environment"))
            told = str_format(arena, ": %zu variables", value->entries.len);
        else if (is_record)
            told = str_format(arena, " (%.*s)", STR_FMT(task_text(teller, value)));
        else if (is_list)
            told = str_format(arena, ": %zu", value->items.len);
        else
            told = str_format(arena, " %.*s", STR_FMT(code(teller, fact_text(arena, value))));
        text = str_format(arena, "%.*s%s%.*s%.*s", STR_FMT(text), i ? ", " : "",
            STR_FMT(entry->key), STR_FMT(told));
    }
    return text;
}

static void tell_deployer(Teller *teller)
{
    static const char *const HEAD[] = {"Work", "What", "How"};
    const StageModel *model = teller->model;
    if (!model->assets.len && !model->tasks.len)
        return;
    page_heading(&teller->page, 2, STR("The deployer's work"));
    page_table(&teller->page, HEAD, 3);
    for (size_t i = 0; i < model->assets.len; i++)
        page_row(&teller->page,
            (Str[]){STR("packs and uploads"), code(teller, model->assets.items[i].path), STR("")});
    for (size_t i = 0; i < model->tasks.len; i++) {
        const Task *task = &model->tasks.items[i];
        page_row(&teller->page, (Str[]){code(teller, task->type), code(teller, task->id),
                                    task_text(teller, task->properties)});
    }
}

// ---- the page ----

Str docs_stem(const StageModel *model)
{
    return model->stage.len ? model->stage : STR("template");
}

Page docs_stage_page(Arena *arena, const DocsStage *stage)
{
    Teller teller = {
        .arena = arena,
        .page = {.arena = arena},
        .model = stage->model,
        .inventory = stage->inventory,
    };
    tell_head(&teller);
    page_picture(&teller.page, graph_of_stage(arena, stage->model),
        str_format(arena, "%.*s.svg", STR_FMT(docs_stem(stage->model))));
    tell_domains(&teller);
    tell_resources(&teller);
    tell_outputs(&teller);
    tell_parameters(&teller);
    tell_deployer(&teller);
    tell_guards(&teller);
    tell_protections(&teller);
    tell_settings(&teller);
    return teller.page;
}
