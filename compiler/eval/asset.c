// Folders that the deployer packs: `zip(path)`.
#include "compiler/base/sha256.h"
#include "compiler/eval/eval_priv.h"

// "apps/api/dist-lambda" is AppsApiDistLambda. Paths that differ only in what logical ids cannot
// hold get a piece of their hash.
static Str asset_id(Evaluation *ev, Str path)
{
    Str id = evaluation_key_words(ev->arena, path);
    AssetFile *other = map_find(&ev->asset_ids, id);
    if (id.len && (!other || str_equal(other->path, path)))
        return id;
    Str hash = sha256_hex(ev->arena, path);
    return str_format(ev->arena, "%.*s%.*s", STR_FMT(id), 8, hash.ptr);
}

static Parameter *part_of(Evaluation *ev, const AssetFile *asset, const char *part,
    ParameterSource source, const Origin *origin)
{
    Parameter *parameter = ARENA_NEW(ev->arena, Parameter);
    *parameter = (Parameter){
        .name = asset->path,
        .id = str_format(ev->arena, "Asset%.*s%s", STR_FMT(asset->id), part),
        .type = STR("String"),
        .stack = ev->stacks.items[0],
        .source = source,
        .asset = asset,
        .origin = origin,
    };
    return parameter;
}

Value *builtin_zip(CallContext *call)
{
    const Env *env = call->eval;
    Evaluation *ev = env->ev;
    Str given = value_scalar_text(call->args[0]);
    if (!given.ptr) {
        diag_add(ev->diags, DIAG_NOT_TEXT, call->arg_spans[0], STR("a path"),
            value_describe(ev->arena, call->args[0]), DIAG_END);
        return value_error(ev->arena, call->origin);
    }
    Str path = program_asset_path(ev->program, call->module, given, call->arg_spans[0]);
    if (!path.ptr)
        return value_error(ev->arena, call->origin);
    Str id = asset_id(ev, path);
    AssetFile *asset = map_find(&ev->asset_ids, id);
    if (!asset) {
        asset = ARENA_NEW(ev->arena, AssetFile);
        *asset = (AssetFile){.path = path, .id = id, .span = call->span};
        asset->bucket = part_of(ev, asset, "Bucket", PARAMETER_FROM_ASSET_BUCKET, call->origin);
        asset->key = part_of(ev, asset, "Key", PARAMETER_FROM_ASSET_KEY, call->origin);
        map_set(&ev->asset_ids, ev->arena, id, asset);
        VEC_ADD(ev->arena, &ev->assets, asset);
    }
    Value *value = ARENA_NEW(ev->arena, Value);
    value->kind = VALUE_ASSET;
    value->origin = call->origin;
    value->asset = asset;
    return value;
}

Value *asset_parameter(const Env *env, AssetFile *asset, bool bucket, const Origin *origin)
{
    return make_parameter_value(env->ev, origin, bucket ? asset->bucket : asset->key);
}

Value *builtin_count(CallContext *call)
{
    const Env *env = call->eval;
    Evaluation *ev = env->ev;
    Str type = value_scalar_text(call->args[0]);
    int64_t count = 0;
    ev->template_asked = true;
    for (size_t i = 0; type.ptr && i < ev->resources.len; i++)
        count +=
            !ev->resources.items[i]->stack->index && str_equal(ev->resources.items[i]->type, type);
    return value_int(ev->arena, call->origin, count);
}
