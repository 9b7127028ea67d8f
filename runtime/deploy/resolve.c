#include "runtime/deploy/resolve.h"

#include "compiler/base/buf.h"

struct Resolver {
    StackRun *run;
    bool asked;
    CfnResources resources;
};

typedef struct Resolving {
    Resolver *resolver;
    Arena *arena;
    Buf *out;
    Str *error;
    int depth;
} Resolving;

enum { MAX_DEPTH = 32 };

Resolver *resolver_new(StackRun *run)
{
    Resolver *resolver = ARENA_NEW(run->arena, Resolver);
    resolver->run = run;
    return resolver;
}

static bool ask(Resolving *work)
{
    Resolver *resolver = work->resolver;
    StackRun *run = resolver->run;
    if (resolver->asked)
        return true;
    AwsReply reply =
        cfn_list_resources(&run->client, run->arena, run->stack_id, &resolver->resources);
    resolver->asked = reply.ok;
    if (!reply.ok)
        *work->error = str_format(
            work->arena, "the stack's resources cannot be listed: %.*s", STR_FMT(reply.message));
    return reply.ok;
}

static bool fail(Resolving *work, Str what, const char *why)
{
    *work->error = str_format(work->arena, "'%.*s' %s", STR_FMT(what), why);
    return false;
}

static Str pseudo(Resolving *work, Str name)
{
    const StackRun *run = work->resolver->run;
    if (str_is(name, "AWS::Region"))
        return run->client.region;
    if (str_is(name, "AWS::AccountId"))
        return run->deployment->account;
    if (str_is(name, "AWS::StackName"))
        return run->stack->name;
    if (str_is(name, "AWS::StackId"))
        return run->stack_id;
    if (str_is(name, "AWS::Partition"))
        return run->deployment->partition;
    if (str_is(name, "AWS::URLSuffix"))
        return endpoint_suffix(run->client.region);
    return STR_NONE;
}

static bool write_reference(Resolving *work, Str name)
{
    Str text = pseudo(work, name);
    const DeployOptions *options = work->resolver->run->deployment->options;
    for (size_t i = 0; i < options->parameters.len; i++)
        if (str_equal(options->parameters.items[i].name, name))
            text = options->parameters.items[i].value;
    if (!text.len && !ask(work))
        return false;
    const CfnResources *resources = &work->resolver->resources;
    for (size_t i = 0; !text.len && i < resources->len; i++)
        if (str_equal(resources->items[i].logical_id, name))
            text = resources->items[i].physical_id;
    if (!text.len)
        return fail(work, name, "is no resource of the deployed stack");
    buf_add(work->out, text);
    return true;
}

// An output that holds just this value tells it.
static bool write_output_of(Resolving *work, const Datum *value, Str what)
{
    const StackRun *run = work->resolver->run;
    const Datum *outputs = datum_get(run->stack->template_, STR("Outputs"));
    for (size_t i = 0; outputs && i < outputs->entries.len; i++) {
        const DatumEntry *entry = &outputs->entries.items[i];
        if (!datum_equal(datum_get(entry->value, STR("Value")), value))
            continue;
        for (size_t j = 0; j < run->outputs.len; j++) {
            if (!str_equal(run->outputs.items[j].key, entry->key))
                continue;
            buf_add(work->out, run->outputs.items[j].value);
            return true;
        }
    }
    return fail(work, what, "is told by CloudFormation only as the value of an output: add one");
}

static Str attribute_name(Resolving *work, const Datum *argument)
{
    if (argument->kind == DATUM_STRING)
        return argument->text;
    if (argument->kind != DATUM_LIST || argument->items.len != 2)
        return STR("Fn::GetAtt");
    return str_format(work->arena, "%.*s.%.*s", STR_FMT(argument->items.items[0]->text),
        STR_FMT(argument->items.items[1]->text));
}

static bool write_value(Resolving *work, const Datum *value);

static bool write_attribute(Resolving *work, Str name)
{
    size_t dot = str_find(name, STR("."), 0);
    Datum *pair = datum_list(work->arena, NULL);
    datum_append(work->arena, pair, datum_string(work->arena, NULL, str_slice(name, 0, dot)));
    datum_append(
        work->arena, pair, datum_string(work->arena, NULL, str_slice(name, dot + 1, name.len)));
    Datum *value = datum_map(work->arena, NULL);
    datum_put(work->arena, value, STR("Fn::GetAtt"), NULL, pair);
    return write_output_of(work, value, name);
}

static bool write_sub(Resolving *work, const Datum *argument)
{
    bool list = argument->kind == DATUM_LIST && argument->items.len == 2;
    const Datum *names = list ? argument->items.items[1] : NULL;
    Str text = list ? argument->items.items[0]->text : argument->text;
    for (size_t at = 0; at < text.len;) {
        size_t open = str_find(text, STR("${"), at);
        buf_add(work->out, str_slice(text, at, open));
        if (open == SIZE_MAX)
            break;
        size_t close = str_find(text, STR("}"), open);
        if (close == SIZE_MAX)
            return fail(work, text, "is no text of Fn::Sub");
        Str name = str_copy(work->arena, str_slice(text, open + 2, close));
        const Datum *own = datum_get(names, name);
        bool literal = name.len && name.ptr[0] == '!';
        bool dotted = str_find(name, STR("."), 0) != SIZE_MAX;
        if (literal)
            buf_add_format(work->out, "${%s}", name.ptr + 1);
        else if (!(own        ? write_value(work, own)
                     : dotted ? write_attribute(work, name)
                              : write_reference(work, name)))
            return false;
        at = close + 1;
    }
    return true;
}

static bool write_join(Resolving *work, const Datum *argument)
{
    if (argument->kind != DATUM_LIST || argument->items.len != 2)
        return fail(work, STR("Fn::Join"), "needs a separator and a list");
    const Datum *items = argument->items.items[1];
    for (size_t i = 0; i < items->items.len; i++) {
        if (i)
            buf_add(work->out, argument->items.items[0]->text);
        if (!write_value(work, items->items.items[i]))
            return false;
    }
    return true;
}

static bool write_function(Resolving *work, const Datum *value, const DatumEntry *call)
{
    if (str_is(call->key, "Ref"))
        return write_reference(work, call->value->text);
    if (str_is(call->key, "Fn::GetAtt"))
        return write_output_of(work, value, attribute_name(work, call->value));
    if (str_is(call->key, "Fn::Sub"))
        return write_sub(work, call->value);
    if (str_is(call->key, "Fn::Join"))
        return write_join(work, call->value);
    return write_output_of(work, value, call->key);
}

static bool write_value(Resolving *work, const Datum *value)
{
    if (++work->depth > MAX_DEPTH)
        return fail(work, STR("the value"), "is nested too deeply");
    bool written = true;
    const DatumEntry *call = datum_only_entry(value);
    if (value->kind == DATUM_STRING || value->kind == DATUM_NUMBER)
        buf_add(work->out, value->text);
    else if (value->kind == DATUM_BOOL)
        buf_add_text(work->out, value->boolean ? "true" : "false");
    else if (call)
        written = write_function(work, value, call);
    else
        written = fail(work, STR("the value"), "is no text");
    work->depth--;
    return written;
}

bool resolver_resolve(
    void *resolver, Arena *arena, Str stack, const Datum *value, Str *text, Str *error)
{
    (void)stack; // tasks refer to their own stack
    Buf out;
    buf_init(&out, 0);
    Resolving work = {.resolver = resolver, .arena = arena, .out = &out, .error = error};
    bool fine = write_value(&work, value);
    *text = fine ? buf_copy(&out, arena) : STR_NONE;
    buf_release(&out);
    return fine;
}
