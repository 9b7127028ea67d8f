#include "runtime/deploy/permissions.h"

#include <stdio.h>

#include "compiler/base/cell.h"
#include "compiler/data/data.h"
#include "runtime/deploy/commands.h"
#include "runtime/deploy/resolve.h"

enum { MANAGED_POLICY_MAX = 6144 }; // characters; IAM's quota

static void warn(const char *text, Str type)
{
    Buf line;
    buf_init(&line, 0);
    cell_add_plain(&line, type);
    fprintf(stderr, "altc: warning: '%s' %s\n", buf_str(&line).ptr, text);
    buf_release(&line);
}

// False: `reply` says why the registry cannot be asked.
static bool ask(AwsClient *client, Policy *policy, PolicyType *type, AwsReply *reply)
{
    Arena *arena = policy->arena;
    Str text = STR_NONE;
    *reply = (AwsReply){.ok = true};
    if (schema_is_open_name(type->name) || str_is(type->name, "AWS::CloudFormation::Stack")) {
        warn("runs what altc cannot see: add what it needs", type->name);
        return true;
    }
    *reply = cfn_type_schema(client, arena, type->name, &text);
    if (!reply->ok && !str_is(reply->code, "TypeNotFoundException"))
        return false;
    const Datum *schema = text.len ? data_parse_json(arena, text) : NULL;
    if (!policy_take_schema(policy, type, schema))
        warn("has no handlers in the registry: add what it needs", type->name);
    return true;
}

static int print(const Policy *policy, const PolicyScope *scope)
{
    Buf out;
    buf_init(&out, 0);
    policy_write(&out, policy, scope);
    size_t size = policy_size(buf_str(&out));
    bool written = fwrite(out.ptr, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
    buf_release(&out);
    if (!written)
        return command_fail(EXIT_TROUBLE, STR("cannot write standard output"));
    if (size > MANAGED_POLICY_MAX)
        fprintf(stderr,
            "altc: warning: the policy has %zu characters, a managed policy takes %d: divide it\n",
            size, MANAGED_POLICY_MAX);
    return EXIT_FINE;
}

int permissions_print(Arena *arena, AwsClient *client, const Plan *plan, const PolicyScope *scope)
{
    Policy policy;
    policy_init(&policy, arena, plan, scope->purpose);
    for (size_t i = 0; i < policy.types.len && !scope->role.len; i++) {
        AwsReply reply;
        if (ask(client, &policy, &policy.types.items[i], &reply))
            continue;
        Str text = str_format(arena, "AWS does not tell what '%.*s' needs: %.*s: %.*s",
            STR_FMT(policy.types.items[i].name), STR_FMT(reply.code), STR_FMT(reply.message));
        return command_fail(notice_exit_code(RESULT_REFUSED), text);
    }
    return print(&policy, scope);
}

// ---- sites ----

static bool resolve(StackRun *run, Resolver *resolver, const Datum *value, Str *text)
{
    Str error = STR_NONE;
    *text = value && value->kind == DATUM_STRING ? value->text : STR_NONE;
    return text->len ||
           (value && run->exists &&
               resolver_resolve(resolver, run->arena, run->stack->id, value, text, &error) &&
               text->len);
}

static bool add_site(StackRun *run, const ManifestTask *task, PolicyScope *scope)
{
    Arena *arena = run->arena;
    Resolver *resolver = resolver_new(run, false);
    Str bucket = STR_NONE;
    Str distribution = STR_NONE;
    const Datum *wanted =
        datum_get(datum_get(task->properties, STR("Invalidate")), STR("Distribution"));
    if (!resolve(run, resolver, datum_get(task->properties, STR("Bucket")), &bucket) ||
        (wanted && !resolve(run, resolver, wanted, &distribution)))
        return false;
    for (int objects = 0; objects < 2; objects++)
        VEC_ADD(arena, &scope->targets,
            str_format(arena, "arn:%.*s:s3:::%.*s%s", STR_FMT(scope->partition), STR_FMT(bucket),
                objects ? "/*" : ""));
    if (distribution.len)
        VEC_ADD(arena, &scope->targets,
            str_format(arena, "arn:%.*s:cloudfront::%.*s:distribution/%.*s",
                STR_FMT(scope->partition), STR_FMT(scope->account), STR_FMT(distribution)));
    return true;
}

void permissions_add_sites(const Deployment *deployment, PolicyScope *scope)
{
    const Manifest *manifest = deployment->manifest;
    for (size_t i = 0; i < manifest->tasks.len; i++) {
        StackRun *run = run_find(deployment, manifest->tasks.items[i].stack);
        if (run && add_site(run, &manifest->tasks.items[i], scope))
            continue;
        scope->targets.len = 0;
        return;
    }
}
