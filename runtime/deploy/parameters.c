#include "runtime/deploy/parameters.h"

#include "compiler/data/data.h"

enum { MAX_VALUES_BYTES = 4 * 1024 * 1024 };

typedef struct Filling {
    StackRun *run;
    Parameters *parameters;
    Buf missing; // what has no value, a line each
} Filling;

static const ManifestParameter *find_source(const ManifestStack *stack, Str name)
{
    for (size_t i = 0; i < stack->parameters.len; i++)
        if (str_equal(stack->parameters.items[i].name, name))
            return &stack->parameters.items[i];
    return NULL;
}

static const NamedText *find_given(const DeployOptions *options, Str name)
{
    for (size_t i = options->parameters.len; i-- > 0;)
        if (str_equal(options->parameters.items[i].name, name))
            return &options->parameters.items[i];
    return NULL;
}

static bool is_deployed(const StackRun *run, Str name)
{
    if (run->operation != OPERATION_UPDATE)
        return false;
    for (size_t i = 0; i < run->deployed_parameters.len; i++)
        if (str_equal(run->deployed_parameters.items[i], name))
            return true;
    return false;
}

static Str text_of(Arena *arena, const Datum *value)
{
    if (!value || value->kind == DATUM_NULL)
        return STR_NONE;
    if (value->kind == DATUM_STRING || value->kind == DATUM_NUMBER)
        return value->text;
    Buf buf;
    buf_init(&buf, 0);
    data_write_json_compact(&buf, value);
    Str text = buf_copy(&buf, arena);
    buf_release(&buf);
    return text;
}

static Str read_values(StackRun *run, const ManifestParameter *source)
{
    const Deployment *deployment = run->deployment;
    const Host *host = deployment->world->host;
    Arena *arena = run->scratch;
    Str path = source->values;
    if (!path.len)
        return STR_NONE;
    if (path.ptr[0] != '/')
        path = str_format(
            arena, "%.*s/%.*s", STR_FMT(deployment->options->root), STR_FMT(source->values));
    FileResult file = host->read_file(host->context, arena, path, MAX_VALUES_BYTES);
    if (file.status != FILE_OK)
        return STR_NONE;
    Sources *sources = sources_new(arena);
    FileId id = sources_add(sources, path, file.text);
    DataContext context = {arena, sources, diag_sink_new(arena)};
    bool json = str_ends(path, STR(".json"));
    const Datum *values = !id    ? NULL
                          : json ? data_read_json(&context, id)
                                 : data_read_yaml(&context, id);
    return text_of(arena, datum_get(values, source->variable));
}

// The first variable of the environment that is set and not empty, else the values file's entry.
static Str find_secret(StackRun *run, const ManifestParameter *source)
{
    const World *world = run->deployment->world;
    for (size_t i = 0; i < source->env.len; i++) {
        Str value = world_env(world, source->env.items[i].ptr);
        if (value.len)
            return value;
    }
    return read_values(run, source);
}

static Str find_output(StackRun *run, const ManifestParameter *source)
{
    const StackRun *producer = run_find(run->deployment, source->from_stack);
    for (size_t i = 0; producer && i < producer->outputs.len; i++)
        if (str_equal(producer->outputs.items[i].key, source->from_output))
            return producer->outputs.items[i].value;
    return STR_NONE;
}

// The value that the manifest's source gives now, or STR_NONE.
static Str find_value(StackRun *run, const ManifestParameter *source)
{
    AssetsLocation location = {0};
    switch (source->source) {
    case MANIFEST_USER:
        return STR_NONE;
    case MANIFEST_SECRET:
        return find_secret(run, source);
    case MANIFEST_OUTPUT:
        return find_output(run, source);
    case MANIFEST_ASSET_BUCKET:
    case MANIFEST_ASSET_KEY:
        if (!run->deployment->assets ||
            !assets_location(run->deployment->assets, source->asset, run->stack, &location))
            return STR_NONE;
        return source->source == MANIFEST_ASSET_KEY ? location.key : location.bucket;
    }
    return STR_NONE;
}

Str parameters_value(StackRun *run, Str name, bool with_default)
{
    const ManifestParameter *source = find_source(run->stack, name);
    const NamedText *given = find_given(run->deployment->options, name);
    Str value = given ? given->value : source ? find_value(run, source) : STR_NONE;
    if (value.ptr || !with_default || is_deployed(run, name))
        return value;
    const Datum *declared = datum_get(datum_get(run->stack->template_, STR("Parameters")), name);
    return text_of(run->arena, datum_get(declared, STR("Default")));
}

static void add_missing(Filling *filling, Str name, const ManifestParameter *source)
{
    Buf *out = &filling->missing;
    buf_add_text(out, out->len ? "; " : "");
    buf_add_format(out, "'%.*s' (", STR_FMT(name));
    if (source && source->source == MANIFEST_OUTPUT)
        buf_add_format(out, "stack '%.*s' has no output '%.*s'", STR_FMT(source->from_stack),
            STR_FMT(source->from_output));
    else if (source && source->source == MANIFEST_SECRET && source->env.len)
        buf_add_format(out, "set %.*s%s%.*s", STR_FMT(source->env.items[0]),
            source->values.len ? ", or write it into " : "", STR_FMT(source->values));
    else if (source && source->source == MANIFEST_SECRET)
        buf_add_format(
            out, "write '%.*s' into %.*s", STR_FMT(source->variable), STR_FMT(source->values));
    else
        buf_add_format(out, "--parameter %.*s=VALUE", STR_FMT(name));
    buf_add_char(out, ')');
}

static void fill_one(Filling *filling, Str name, const Datum *declared)
{
    StackRun *run = filling->run;
    const ManifestParameter *source = find_source(run->stack, name);
    const NamedText *given = find_given(run->deployment->options, name);
    CfnParameter parameter = {.key = name};
    if (given)
        parameter.value = given->value;
    else if (source)
        parameter.value = find_value(run, source);
    // What flows in from outside must be there; what a person gave once, stays.
    bool flows = source && source->source != MANIFEST_USER && source->source != MANIFEST_SECRET;
    if (!given && !parameter.value.ptr) {
        parameter.use_previous = !flows && is_deployed(run, name);
        if (!parameter.use_previous && (flows || !datum_get(declared, STR("Default"))))
            add_missing(filling, name, source);
        if (!parameter.use_previous)
            return;
    }
    const Datum *no_echo = datum_get(declared, STR("NoEcho"));
    if (no_echo && (no_echo->boolean || datum_is_string(no_echo, "true")))
        mask_add(run->deployment->mask, parameter.value);
    VEC_ADD(run->scratch, filling->parameters, parameter);
}

bool parameters_fill(StackRun *run, Parameters *parameters, Str *error)
{
    Filling filling = {.run = run, .parameters = parameters};
    buf_init(&filling.missing, 0);
    const Datum *declared = datum_get(run->stack->template_, STR("Parameters"));
    for (size_t i = 0; declared && i < declared->entries.len; i++)
        fill_one(&filling, declared->entries.items[i].key, declared->entries.items[i].value);
    bool complete = filling.missing.len == 0;
    if (!complete)
        *error = str_format(
            run->scratch, "parameters without a value: %.*s", STR_FMT(buf_str(&filling.missing)));
    buf_release(&filling.missing);
    return complete;
}

static bool is_declared(const Deployment *deployment, Str name)
{
    const Manifest *manifest = deployment->manifest;
    for (size_t i = 0; i < manifest->stacks.len; i++) {
        const Datum *declared = datum_get(manifest->stacks.items[i].template_, STR("Parameters"));
        if (datum_get(declared, name))
            return true;
    }
    return false;
}

Str parameters_unknown(const Deployment *deployment)
{
    const DeployOptions *options = deployment->options;
    for (size_t i = 0; i < options->parameters.len; i++)
        if (!is_declared(deployment, options->parameters.items[i].name))
            return options->parameters.items[i].name;
    return STR_NONE;
}

// ---- capabilities ----

static bool has_key(const Datum *datum, Str key, int depth)
{
    enum { MAX_DEPTH = 64 };
    if (!datum || depth > MAX_DEPTH)
        return false;
    if (datum_get(datum, key))
        return true;
    for (size_t i = 0; i < datum->items.len; i++)
        if (has_key(datum->items.items[i], key, depth + 1))
            return true;
    for (size_t i = 0; i < datum->entries.len; i++)
        if (has_key(datum->entries.items[i].value, key, depth + 1))
            return true;
    return false;
}

static bool names_itself(const Datum *resource)
{
    static const char *const NAMES[] = {
        "RoleName", "UserName", "GroupName", "ManagedPolicyName", "InstanceProfileName"};
    const Datum *properties = datum_get(resource, STR("Properties"));
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (datum_get(properties, str_of(NAMES[i])))
            return true;
    return false;
}

CfnTexts template_capabilities(Arena *arena, const Datum *template_)
{
    const Datum *resources = datum_get(template_, STR("Resources"));
    bool iam = false;
    bool named = false;
    bool expand =
        datum_get(template_, STR("Transform")) || has_key(template_, STR("Fn::Transform"), 0);
    for (size_t i = 0; resources && i < resources->entries.len; i++) {
        const Datum *resource = resources->entries.items[i].value;
        const Datum *type = datum_get(resource, STR("Type"));
        Str name = type ? type->text : STR_NONE;
        bool nested = str_is(name, "AWS::CloudFormation::Stack");
        bool is_iam = str_starts(name, STR("AWS::IAM::"));
        iam = iam || is_iam;
        named = named || nested || (is_iam && names_itself(resource));
        expand = expand || nested;
    }
    CfnTexts capabilities = {0};
    if (named)
        VEC_ADD(arena, &capabilities, STR("CAPABILITY_NAMED_IAM"));
    else if (iam)
        VEC_ADD(arena, &capabilities, STR("CAPABILITY_IAM"));
    if (expand)
        VEC_ADD(arena, &capabilities, STR("CAPABILITY_AUTO_EXPAND"));
    return capabilities;
}
