// `var`: a typed setting and where it comes from. In order of strength: --set, the environment,
// the values file, the default.
#include "compiler/base/sha256.h"
#include "compiler/eval/eval_priv.h"

// ---- texts to values ----

static bool word_in(Str text, const char *const *words)
{
    for (; *words; words++)
        if (str_is(text, *words))
            return true;
    return false;
}

static Value *parse_bool(Arena *arena, const Origin *origin, Str text)
{
    static const char *const yes[] = {"true", "yes", "on", "1", NULL};
    static const char *const no[] = {"false", "no", "off", "0", NULL};
    Str word = str_lower(arena, text);
    if (word_in(word, yes) || word_in(word, no))
        return value_bool(arena, origin, word_in(word, yes));
    return NULL;
}

bool text_is_number(Str text, bool integer)
{
    size_t i = text.len && text.ptr[0] == '-', points = 0;
    if (i == text.len)
        return false;
    for (; i < text.len; i++) {
        bool is_digit = text.ptr[i] >= '0' && text.ptr[i] <= '9';
        bool is_inner = i > 0 && i + 1 < text.len && text.ptr[i - 1] != '-';
        points += text.ptr[i] == '.';
        if (!is_digit && (text.ptr[i] != '.' || integer || points > 1 || !is_inner))
            return false;
    }
    return true;
}

// JSON has no leading zeros.
static Str number_digits(Arena *arena, Str text)
{
    bool negative = text.ptr[0] == '-';
    size_t start = negative;
    while (start + 1 < text.len && text.ptr[start] == '0' && text.ptr[start + 1] != '.')
        start++;
    return str_format(
        arena, "%s%.*s", negative ? "-" : "", (int)(text.len - start), text.ptr + start);
}

static Value *parse_json(const Env *env, const Origin *origin, Str text)
{
    // Findings of a wrong text are replaced by one that names the setting.
    Evaluation *ev = env->ev;
    DiagSink *quiet = diag_sink_new(ev->arena);
    FileId file = sources_add(ev->program->sources, STR("<setting>"), str_copy(ev->arena, text));
    DataContext context = {.arena = ev->arena, .sources = ev->program->sources, .diags = quiet};
    Datum *datum = data_read_json(&context, file);
    return datum ? value_at(ev->arena, value_of_datum(ev->arena, datum), origin) : NULL;
}

static Value *parse_list(const Env *env, const TypeExpr *element, Str text, Span span)
{
    Arena *arena = env->ev->arena;
    const Origin *origin = eval_origin(env, span);
    if (text.len && text.ptr[0] == '[')
        return parse_json(env, origin, text);
    Value *list = value_list(arena, origin);
    for (size_t start = 0; start <= text.len;) {
        size_t comma = str_find(text, STR(","), start);
        size_t end = comma == SIZE_MAX ? text.len : comma;
        Str word = str_trim(str_slice(text, start, end));
        start = end + 1;
        if (!word.len)
            continue;
        Value *item =
            element ? parse_text(env, element, word, span) : value_string(arena, origin, word);
        if (!item)
            return NULL;
        value_append(arena, list, item);
    }
    return list;
}

static Value *parse_named(const Env *env, const TypeExpr *type, Str text, Span span)
{
    Arena *arena = env->ev->arena;
    const Origin *origin = eval_origin(env, span);
    const TypeNameInfo *info = &env->ev->analysis->modules[env->module->index].type_names[type->id];
    Str name = type->name.text;
    if (info->kind == TYPE_NAME_DECL) {
        Env home = env_of_file(env->ev, info->scope->module);
        return parse_text(&home, info->decl->type, text, span);
    }
    if (str_is(name, "bool"))
        return parse_bool(arena, origin, text);
    if (str_is(name, "int") || str_is(name, "number"))
        return text_is_number(text, str_is(name, "int"))
                   ? value_number(arena, origin, number_digits(arena, text))
                   : NULL;
    if (str_is(name, "list"))
        return parse_list(env, type->argument, text, span);
    if (str_is(name, "map"))
        return parse_json(env, origin, text);
    return value_string(arena, origin, text);
}

Value *parse_text(const Env *env, const TypeExpr *type, Str text, Span span)
{
    Arena *arena = env->ev->arena;
    const Origin *origin = eval_origin(env, span);
    Value *value;
    switch (type->kind) {
    case TYPE_EXPR_NAME:
        return parse_named(env, type, text, span);
    case TYPE_EXPR_STRING:
    case TYPE_EXPR_NUMBER:
        if (!str_equal(type->text, text))
            return NULL;
        return type->kind == TYPE_EXPR_STRING ? value_string(arena, origin, text)
                                              : value_number(arena, origin, text);
    case TYPE_EXPR_BOOL:
        value = parse_bool(arena, origin, text);
        return value && value->boolean == type->boolean ? value : NULL;
    case TYPE_EXPR_UNION:
        for (size_t i = 0; i < type->members.len; i++) {
            value = parse_text(env, type->members.items[i], text, span);
            if (value && conforms(env, type->members.items[i], value))
                return value;
        }
        return NULL;
    case TYPE_EXPR_RECORD:
        return parse_json(env, origin, text);
    default:
        return NULL;
    }
}

Value *parse_setting(const Env *env, const TypeExpr *type, Str text, Str source, Span span)
{
    Evaluation *ev = env->ev;
    Value *value = parse_text(env, type, str_trim(text), span);
    What what = {.kind = WHAT_SETTING, .name = source};
    if (value)
        return conform(env, type, value, &what, span);
    Diag *diag = diag_add(ev->diags, DIAG_BAD_SETTING, span, source,
        type_show(ev->arena, env, type), str_trim(text), DIAG_END);
    if (type->kind == TYPE_EXPR_NAME && str_is(type->name.text, "bool"))
        diag_note(ev->diags, diag, (Span){0}, "a bool is true, yes, on or 1; false, no, off or 0");
    return eval_fail(env, span);
}

// ---- settings of a var ----

static const Item *var_setting(const Decl *decl, const char *name)
{
    for (size_t i = 0; i < decl->items.len; i++) {
        const Item *item = decl->items.items[i];
        if (item->kind == ITEM_ENTRY && item->key->kind == EXPR_NAME &&
            str_is(item->key->name, name))
            return item;
    }
    return NULL;
}

static void add_env_names(const Env *env, const Decl *decl, Parameter *names)
{
    const Item *item = var_setting(decl, "env");
    if (!item)
        return;
    Value *value = eval_known(env, item->value, "the name of an environment variable");
    if (value->kind == VALUE_LIST) {
        for (size_t i = 0; i < value->list.len; i++)
            if (value->list.items[i]->kind == VALUE_STRING)
                VEC_ADD(env->ev->arena, &names->env, value->list.items[i]->text);
    } else if (value->kind == VALUE_STRING) {
        VEC_ADD(env->ev->arena, &names->env, value->text);
    } else if (!value_is_error(value)) {
        diag_add(env->ev->diags, DIAG_NOT_TEXT, item->value->span,
            STR("the name of an environment variable"), value_describe(env->ev->arena, value),
            DIAG_END);
    }
}

void note_input(Evaluation *ev, const Input *input)
{
    Str id = str_format(ev->arena, "%.*s %.*s", STR_FMT(input->kind), STR_FMT(input->name));
    size_t number = (size_t)(uintptr_t)map_find(&ev->input_names, id);
    if (!number) {
        VEC_ADD(ev->arena, &ev->inputs, *input);
        number = ev->inputs.len;
        map_set(&ev->input_names, ev->arena, id, (void *)(uintptr_t)number);
    }
    common_note(ev, (MakingStep){.kind = MAKING_READS, .input = number - 1});
}

static void note_read(Evaluation *ev, Str kind, Str name, Str value)
{
    Input input = {.kind = kind, .name = name, .hash = sha256_hex(ev->arena, value)};
    note_input(ev, &input);
}

// A secret's value leaves no trace, not even a hash. That it is absent can matter as much.
static void note_secret(Evaluation *ev, Str name, bool absent)
{
    Input input = {.kind = STR("env"), .name = name, .hash = STR(""), .absent = absent};
    note_input(ev, &input);
}

static Str override_env(const Env *env, Str name)
{
    for (size_t i = env->ev->options.override_count; i-- > 0;) {
        const Override *override = &env->ev->options.overrides[i];
        if (override->symbol || !str_equal(override->env, name))
            continue;
        Env home = env_of_file(env->ev, override->module);
        return eval_known_text(&home, override->value, "an environment variable");
    }
    return STR_NONE;
}

static Str environment(const Env *env, Str name)
{
    Str set = override_env(env, name);
    if (set.ptr)
        return set;
    const Host *host = env->ev->program->host;
    if (env->ev->options.empty_environment || !host->get_env)
        return STR_NONE;
    return host->get_env(host->context, name);
}

// The first name that is set and not empty.
static Str first_in_environment(const Env *env, const Parameter *names, bool secret, Str *name)
{
    for (size_t i = 0; i < names->env.len; i++) {
        Str value = environment(env, names->env.items[i]);
        bool absent = !value.ptr || !str_trim(value).len;
        if (secret)
            note_secret(env->ev, names->env.items[i], absent);
        if (absent)
            continue;
        *name = names->env.items[i];
        if (!secret)
            note_read(env->ev, STR("env"), *name, value);
        return str_copy(env->ev->arena, value);
    }
    return STR_NONE;
}

static const NamedText *command_line_setting(const Evaluation *ev, Str name, Str key)
{
    for (size_t i = ev->options.setting_count; i-- > 0;) {
        const NamedText *setting = &ev->options.settings[i];
        Str wanted =
            key.ptr ? str_format(ev->arena, "%.*s[%.*s]", STR_FMT(name), STR_FMT(key)) : name;
        if (str_equal(setting->name, wanted))
            return setting;
    }
    return NULL;
}

static const Datum *values_file_entry(const Evaluation *ev, Str name, Str key)
{
    const Datum *entry = datum_get(ev->options.values, name);
    return key.ptr ? datum_get(entry, key) : entry;
}

static Str full_name(Evaluation *ev, const Symbol *symbol, Str key)
{
    return key.ptr ? str_format(ev->arena, "%.*s[%.*s]", STR_FMT(symbol->name), STR_FMT(key))
                   : symbol->name;
}

// ---- secrets ----

// Its text, from where the deployer will take it; STR_NONE when it is given nowhere.
static Str given_secret(const Env *env, const Symbol *symbol, Str key, const Parameter *names)
{
    Str name;
    Str text = first_in_environment(env, names, true, &name);
    if (text.ptr)
        return text;
    const Datum *entry = values_file_entry(env->ev, symbol->name, key);
    return entry && entry->kind == DATUM_STRING && entry->text.len ? entry->text : STR_NONE;
}

static bool is_secret(const Env *env, const Decl *decl)
{
    const Item *item = var_setting(decl, "secret");
    if (!item)
        return false;
    Value *value = eval_known(env, item->value, "'secret'");
    return value->kind == VALUE_BOOL && value->boolean;
}

// ---- the value ----

// False after a finding: what else would be wrong with the value follows from that.
static bool meets_requirements(const Env *env, const Decl *decl, Value *value)
{
    size_t errors = diag_error_count(env->ev->diags);
    Local local = {.value = value};
    Env inner = env_with_local(env, &local);
    for (size_t i = 0; i < decl->items.len; i++) {
        const Item *item = decl->items.items[i];
        if (item->kind == ITEM_REQUIRE && !value_is_error(value))
            elaborate_require(&inner, item->value, item->message);
    }
    return diag_error_count(env->ev->diags) == errors;
}

static Value *missing(const Env *env, const Symbol *symbol, Str key, const Parameter *names)
{
    Evaluation *ev = env->ev;
    Str name = full_name(ev, symbol, key);
    Diag *diag = diag_add(ev->diags, DIAG_VAR_NOT_GIVEN, symbol->span, name, DIAG_END);
    if (names->env.len)
        diag_note(ev->diags, diag, (Span){0}, "set '%.*s' in the environment, or '--set %.*s=…'",
            STR_FMT(names->env.items[0]), STR_FMT(name));
    else
        diag_note(ev->diags, diag, (Span){0}, "give '--set %.*s=…'", STR_FMT(name));
    return eval_fail(env, symbol->span);
}

static Value *default_value(const Env *env, const Symbol *symbol, Str key, const Parameter *names)
{
    const Decl *decl = symbol->decl;
    if (!decl->value)
        return missing(env, symbol, key, names);
    What what = {.kind = WHAT_DEFAULT, .name = symbol->name};
    Value *value = eval_known(env, decl->value, "the default of a 'var'");
    if (value_is_null(value) || value_is_error(value) || !decl->type)
        return value;
    return conform(env, decl->type, value, &what, decl->value->span);
}

static Value *from_values_file(const Env *env, const Symbol *symbol, Str key, const Datum *entry)
{
    Evaluation *ev = env->ev;
    Value *value = value_of_datum(ev->arena, entry);
    if (value_is_null(value) || !symbol->decl->type)
        return value;
    Str source =
        str_format(ev->arena, "'%.*s' of the values file", STR_FMT(full_name(ev, symbol, key)));
    Span span = entry->origin ? entry->origin->span : symbol->span;
    if (value->kind == VALUE_STRING)
        return parse_setting(env, symbol->decl->type, value->text, source, span);
    What what = {.kind = WHAT_SETTING, .name = source};
    return conform(env, symbol->decl->type, value, &what, span);
}

static Value *plain_value(const Env *env, const Symbol *symbol, Str key, const Parameter *names)
{
    Evaluation *ev = env->ev;
    const Decl *decl = symbol->decl;
    const NamedText *set = command_line_setting(ev, symbol->name, key);
    if (set) {
        note_read(ev, STR("set"), set->name, set->value);
        Str source = str_format(ev->arena, "--set %.*s", STR_FMT(set->name));
        return parse_setting(env, decl->type, set->value, source, decl->name.span);
    }
    Str name;
    Str text = first_in_environment(env, names, false, &name);
    if (text.ptr) {
        Str source = str_format(ev->arena, "the environment variable '%.*s'", STR_FMT(name));
        return parse_setting(env, decl->type, text, source, decl->name.span);
    }
    const Datum *entry = values_file_entry(ev, symbol->name, key);
    if (entry)
        return from_values_file(env, symbol, key, entry);
    return default_value(env, symbol, key, names);
}

Value *override_value(Instance *instance, Symbol *symbol, Str key, bool *found)
{
    Evaluation *ev = instance->evaluation;
    *found = false;
    for (size_t i = ev->options.override_count; i-- > 0;) {
        const Override *override = &ev->options.overrides[i];
        bool same_key = key.ptr ? str_equal(override->key, key) : !override->key.len;
        if (override->symbol != symbol || !same_key)
            continue;
        *found = true;
        Env home = env_of_file(ev, override->module);
        return eval_expr(&home, override->value);
    }
    return NULL;
}

static Value *secret_value(const Env *env, const Symbol *symbol, Str key, const Parameter *names)
{
    if (command_line_setting(env->ev, symbol->name, key)) {
        // A command line is seen by every process of the machine.
        diag_add(env->ev->diags, DIAG_SECRET_ON_COMMAND_LINE, symbol->span, symbol->name, DIAG_END);
        return eval_fail(env, symbol->span);
    }
    Str text = given_secret(env, symbol, key, names);
    // Without a default it is a parameter on every machine, whether it is given there or not.
    if (!text.ptr && symbol->decl->value)
        return default_value(env, symbol, key, names);
    Value *value = secret_parameter(env, symbol, key, names);
    Parameter *parameter = value->deploy->parameter;
    parameter->given = text.ptr != NULL;
    return !text.ptr || secret_fits(env, parameter, text) ? value : eval_fail(env, symbol->span);
}

Value *make_variable(Instance *instance, Symbol *symbol, Cell *cell)
{
    const Decl *decl = symbol->decl;
    Env env = env_of_run(instance, cell->run);
    bool found;
    Value *value = override_value(instance, symbol, cell->key, &found);
    Parameter names = {0};
    bool secret = is_secret(&env, decl);
    if (!found)
        add_env_names(&env, decl, &names);
    if (found && decl->type && !value_is_null(value)) {
        What what = {.kind = WHAT_NAME, .name = symbol->name};
        value = conform(&env, decl->type, value, &what, symbol->span);
    } else if (!found) {
        value = secret ? secret_value(&env, symbol, cell->key, &names)
                       : plain_value(&env, symbol, cell->key, &names);
    }
    if (!secret && !meets_requirements(&env, decl, value))
        return eval_fail(&env, decl->name.span);
    return value;
}
