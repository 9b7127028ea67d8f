// The manifest: spec/manifest.md has every field. A field is never absent; what is not known is
// null or empty.
#include "compiler/emit/emit.h"

#include "compiler/data/data.h"
#include "compiler/emit/source_map.h"

enum { MANIFEST_FORMAT = 1 };

// Text, or null when it is empty: not stated.
static void write_optional(Writer *writer, const char *key, Str value)
{
    if (value.len) {
        writer_text(writer, key, value);
        return;
    }
    writer_key(writer, key);
    buf_add_text(writer->out, "null");
}

static void write_tags(Writer *writer, const Datum *tags)
{
    writer_key(writer, "tags");
    writer_open(writer, '{');
    for (size_t i = 0; tags && i < tags->entries.len; i++) {
        writer_key_text(writer, tags->entries.items[i].key);
        data_write_json_compact(writer->out, tags->entries.items[i].value);
    }
    writer_close(writer, '}');
}

// ---- stacks and their parameters ----

// Only where the deployer finds the value; the value itself is never known here.
static void write_secret_parameter(Writer *writer, const StackParameter *parameter)
{
    writer_text(writer, "from", STR("secret"));
    writer_text(writer, "variable", parameter->variable);
    writer_texts(writer, "env", parameter->env.items, parameter->env.len);
    write_optional(writer, "values", parameter->values_path);
    writer_bool(writer, "given", parameter->given);
}

static void write_asset_parameter(Writer *writer, const StackParameter *parameter)
{
    bool is_key = parameter->source == PARAMETER_FROM_ASSET_KEY;
    writer_text(writer, "from", is_key ? STR("assetKey") : STR("assetBucket"));
    writer_text(writer, "asset", parameter->asset);
}

static void write_output_parameter(Writer *writer, const StackParameter *parameter)
{
    writer_text(writer, "from", STR("output"));
    writer_text(writer, "stack", parameter->from_stack);
    writer_text(writer, "output", parameter->from_output);
}

static void write_parameter_source(Writer *writer, const StackParameter *parameter)
{
    switch (parameter->source) {
    case PARAMETER_FROM_SECRET:
        write_secret_parameter(writer, parameter);
        break;
    case PARAMETER_FROM_ASSET_BUCKET:
    case PARAMETER_FROM_ASSET_KEY:
        write_asset_parameter(writer, parameter);
        break;
    case PARAMETER_FROM_OUTPUT:
        write_output_parameter(writer, parameter);
        break;
    case PARAMETER_FROM_NONE:
    case PARAMETER_FROM_USER:
        writer_text(writer, "from", STR("user"));
        break;
    }
}

static void write_parameters(
    Writer *writer, const StageModel *model, const Stack *stack, Sources *sources)
{
    writer_key(writer, "parameters");
    writer_open(writer, '[');
    for (size_t i = 0; i < model->parameters.len; i++) {
        const StackParameter *parameter = &model->parameters.items[i];
        if (!str_equal(parameter->stack, stack->id))
            continue;
        writer_item(writer);
        writer_open(writer, '{');
        writer_text(writer, "name", parameter->name);
        write_parameter_source(writer, parameter);
        writer_place(writer, sources, parameter->span);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

static void write_stacks(
    Writer *writer, const StageModel *model, const Str *hashes, Sources *sources)
{
    writer_key(writer, "stacks");
    writer_open(writer, '[');
    for (size_t i = 0; i < model->stacks.len; i++) {
        const Stack *stack = model->stacks.items[i];
        writer_item(writer);
        writer_open(writer, '{');
        writer_text(writer, "id", stack->id);
        writer_text(writer, "name", stack->name);
        write_optional(writer, "region", stack->region);
        write_optional(writer, "sha256", hashes ? hashes[i] : STR_NONE);
        writer_texts(writer, "dependsOn", stack->depends_on.items, stack->depends_on.len);
        if (stack->policy) {
            writer_key(writer, "policy");
            data_write_json_compact(writer->out, stack->policy);
        }
        write_parameters(writer, model, stack, sources);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

// ---- the deployer's work ----

static void write_assets(Writer *writer, const StageModel *model, Sources *sources)
{
    writer_key(writer, "assets");
    writer_open(writer, '[');
    for (size_t i = 0; i < model->assets.len; i++) {
        const Asset *asset = &model->assets.items[i];
        writer_item(writer);
        writer_open(writer, '{');
        writer_text(writer, "id", asset->id);
        writer_text(writer, "kind", asset->kind);
        writer_text(writer, "path", asset->path);
        writer_place(writer, sources, asset->span);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

static void write_tasks(Writer *writer, const StageModel *model, Sources *sources)
{
    writer_key(writer, "tasks");
    writer_open(writer, '[');
    for (size_t i = 0; i < model->tasks.len; i++) {
        const Task *task = &model->tasks.items[i];
        writer_item(writer);
        writer_open(writer, '{');
        writer_text(writer, "stack", task->stack);
        writer_text(writer, "id", task->id);
        writer_text(writer, "type", task->type);
        write_optional(writer, "condition", task->condition);
        writer_key(writer, "properties");
        if (task->properties)
            data_write_json_compact(writer->out, task->properties);
        else
            buf_add_text(writer->out, "{}");
        writer_place(writer, sources, task->span);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

static void write_protections(Writer *writer, const StageModel *model, Sources *sources)
{
    writer_key(writer, "protections");
    writer_open(writer, '[');
    for (size_t i = 0; i < model->protections.len; i++) {
        const Protection *protection = &model->protections.items[i];
        writer_item(writer);
        writer_open(writer, '{');
        writer_text(writer, "title", protection->title);
        writer_text(writer, "stack", protection->stack);
        writer_texts(writer, "deny", protection->actions.items, protection->actions.len);
        writer_texts(
            writer, "resources", protection->logical_ids.items, protection->logical_ids.len);
        writer_texts(writer, "types", protection->types.items, protection->types.len);
        write_optional(writer, "allow", protection->allow);
        writer_bool(writer, "lifted", protection->lifted);
        writer_place(writer, sources, protection->span);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

static void write_renames(Writer *writer, const StageModel *model, Sources *sources)
{
    writer_key(writer, "renames");
    writer_open(writer, '[');
    for (size_t i = 0; i < model->renames.len; i++) {
        const Rename *rename = &model->renames.items[i];
        writer_item(writer);
        writer_open(writer, '{');
        writer_text(writer, "stack", rename->stack);
        writer_text(writer, "from", rename->from);
        writer_text(writer, "to", rename->to);
        writer_place(writer, sources, rename->span);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

static void write_inputs(Writer *writer, const StageModel *model, Sources *sources)
{
    writer_key(writer, "inputs");
    writer_open(writer, '[');
    for (size_t i = 0; i < model->inputs.len; i++) {
        const Input *input = &model->inputs.items[i];
        writer_item(writer);
        writer_open(writer, '{');
        writer_text(writer, "kind", input->kind);
        writer_text(writer, "name", input->name);
        Str hash = input->file ? source_sha256(sources, input->file) : input->hash;
        write_optional(writer, "sha256", hash);
        writer_close(writer, '}');
    }
    writer_close(writer, ']');
}

void emit_manifest(Buf *out, const StageModel *model, const Str *hashes, Sources *sources)
{
    Writer writer = {.out = out};
    writer_open(&writer, '{');
    writer_key(&writer, "manifest");
    buf_add_format(out, "%d", MANIFEST_FORMAT);
    writer_text(&writer, "compiler", STR(ALTC_VERSION));
    writer_text(&writer, "app", model->app);
    writer_text(&writer, "stage", model->stage);
    write_optional(&writer, "account", model->account);
    writer_bool(&writer, "terminationProtection", model->termination_protection);
    write_tags(&writer, model->tags);
    write_stacks(&writer, model, hashes, sources);
    write_assets(&writer, model, sources);
    write_tasks(&writer, model, sources);
    write_protections(&writer, model, sources);
    write_renames(&writer, model, sources);
    write_inputs(&writer, model, sources);
    writer_key(&writer, "sourceMap");
    source_map_write(&writer, model, sources);
    writer_close(&writer, '}');
    buf_add_char(out, '\n');
}
