#include "runtime/deploy/resolve.h"

#include "runtime/deploy/parameters.h"

struct Resolver {
    StackRun *run;
    bool early;
    bool asked;
    CfnResources resources;
};

Resolver *resolver_new(StackRun *run, bool early)
{
    Resolver *resolver = ARENA_NEW(run->arena, Resolver);
    *resolver = (Resolver){.run = run, .early = early};
    return resolver;
}

static bool fail(Arena *arena, Str *error, Str name, const char *why)
{
    *error = str_format(arena, "'%.*s' %s", STR_FMT(name), why);
    return false;
}

static bool find_resource(Resolver *resolver, Arena *arena, Str name, Str *text, Str *error)
{
    StackRun *run = resolver->run;
    if (!resolver->asked) {
        AwsReply reply =
            cfn_list_resources(&run->client, run->arena, run->stack_id, &resolver->resources);
        resolver->asked = reply.ok;
        if (!reply.ok) {
            *error = str_format(
                arena, "the stack's resources cannot be listed: %.*s", STR_FMT(reply.message));
            return false;
        }
    }
    for (size_t i = 0; i < resolver->resources.len; i++)
        if (str_equal(resolver->resources.items[i].logical_id, name)) {
            *text = resolver->resources.items[i].physical_id;
            return true;
        }
    return fail(arena, error, name, "is no resource of the deployed stack");
}

static bool find_reference(Resolver *resolver, Arena *arena, Str name, Str *text, Str *error)
{
    const Datum *parameters = datum_get(resolver->run->stack->template_, STR("Parameters"));
    if (datum_get(parameters, name)) {
        *text = parameters_value(resolver->run, name, !resolver->early);
        return text->ptr || fail(arena, error, name,
                                "keeps the value it has, which CloudFormation does not tell: give "
                                "it again");
    }
    if (resolver->early)
        return fail(arena, error, name, "is not known before the stack is there");
    return find_resource(resolver, arena, name, text, error);
}

static bool find_output(const Resolver *resolver, Arena *arena, Str name, Str *text, Str *error)
{
    const StackRun *run = resolver->run;
    for (size_t i = 0; !resolver->early && i < run->outputs.len; i++)
        if (str_equal(run->outputs.items[i].key, name)) {
            *text = run->outputs.items[i].value;
            return true;
        }
    return fail(arena, error, name, "is no output of the stack");
}

bool resolver_resolve(
    void *context, Arena *arena, Str stack, const Datum *value, Str *text, Str *error)
{
    (void)stack; // tasks refer to their own stack
    Resolver *resolver = context;
    const DatumEntry *only = datum_only_entry(value);
    if (only && str_is(only->key, "Ref"))
        return find_reference(resolver, arena, only->value->text, text, error);
    if (only && str_is(only->key, "Output"))
        return find_output(resolver, arena, only->value->text, text, error);
    *error = STR("it is no text, and neither Ref nor Output");
    return false;
}
