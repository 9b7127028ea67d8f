// What a change does to the deployed resource, by AWS's schemas.
#include "runtime/plan/plan_priv.h"

enum { EFFECT_DEPTH_MAX = 12 };

// What types hold, by the beginning of their names; the first row that fits counts.
static const struct {
    const char *type;
    const char *data;
} DATA[] = {
    {"AWS::RDS::", "a database"},
    {"AWS::DocDB", "a database"},
    {"AWS::Neptune", "a database"},
    {"AWS::DSQL::", "a database"},
    {"AWS::QLDB::", "a ledger"},
    {"AWS::Redshift", "a data warehouse"},
    {"AWS::Timestream::", "time series"},
    {"AWS::DynamoDB::", "the items of a table"},
    {"AWS::Cassandra::", "the rows of a keyspace"},
    {"AWS::ElastiCache::", "what is cached"},
    {"AWS::MemoryDB::", "a database"},
    {"AWS::S3Vectors::", "vectors"},
    {"AWS::S3", "the objects of a bucket"},
    {"AWS::EC2::Volume", "a disk"},
    {"AWS::EFS::", "files"},
    {"AWS::FSx::", "files"},
    {"AWS::ECR::", "images"},
    {"AWS::CodeArtifact::", "packages"},
    {"AWS::CodeCommit::", "a git repository"},
    {"AWS::Cognito::", "user accounts"},
    {"AWS::KMS::", "a key, and what it encrypts"},
    {"AWS::SecretsManager::", "a secret"},
    {"AWS::Logs::", "logs"},
    {"AWS::SQS::", "messages that wait"},
    {"AWS::Kinesis::", "records of a stream"},
    {"AWS::MSK::", "topics and their records"},
    {"AWS::AmazonMQ::", "messages that wait"},
    {"AWS::OpenSearch", "a search index"},
    {"AWS::Elasticsearch::", "a search index"},
    {"AWS::Route53::", "DNS records, and the name servers of a zone"},
    {"AWS::Backup::", "backups"},
    {"AWS::Organizations::", "an account"},
    {"AWS::CloudFormation::", "all that the nested stack holds"},
};

Str plan_data(SchemaType type)
{
    if (!schema_type_exists(type) || !schema_type_has(type, SCHEMA_TYPE_STATEFUL))
        return STR_NONE;
    for (size_t i = 0; i < sizeof DATA / sizeof *DATA; i++)
        if (str_starts(schema_type_name(type), str_of(DATA[i].type)))
            return str_of(DATA[i].data);
    return STR("data");
}

PlanEffect plan_worse(PlanEffect a, PlanEffect b)
{
    return a > b ? a : b;
}

static PlanEffect effect_of(SchemaUpdate update)
{
    switch (update) {
    case SCHEMA_UPDATE_IN_PLACE:
        return PLAN_IN_PLACE;
    case SCHEMA_UPDATE_MAY_REPLACE:
        return PLAN_MAY_REPLACE;
    case SCHEMA_UPDATE_REPLACES:
        return PLAN_REPLACES;
    case SCHEMA_UPDATE_UNKNOWN:
        break;
    }
    return PLAN_UNKNOWN;
}

// ---- from pointers to the schema's paths ----

// Adds a key to a dotted path: by its name where the schema has it, else as any item. False when
// the schema knows nothing below, so that what is said of the path holds for all of it.
static bool add_part(Buf *path, SchemaType type, Str key)
{
    size_t len = path->len;
    buf_add_text(path, len ? "." : "");
    buf_add(path, key);
    if (schema_node_exists(schema_node_at_path(type, buf_str(path))))
        return true;
    path->len = len;
    path->ptr[len] = '\0';
    if (!len)
        return false;
    buf_add_text(path, ".*");
    if (schema_node_exists(schema_node_at_path(type, buf_str(path))))
        return true;
    path->len = len;
    path->ptr[len] = '\0';
    return false;
}

// The key at `start` of a pointer, with its escapes resolved into `key`; gives where the next
// begins.
static size_t next_key(Str pointer, size_t start, Buf *key)
{
    buf_clear(key);
    for (; start < pointer.len && pointer.ptr[start] != '/'; start++) {
        bool escape = pointer.ptr[start] == '~' && start + 1 < pointer.len;
        if (escape)
            start++;
        buf_add_char(key, !escape ? pointer.ptr[start] : pointer.ptr[start] == '0' ? '~' : '/');
    }
    return start + 1;
}

// "/Properties/A/0/B" to "A.*.B"; false when the schema has not even the property.
static bool schema_path(SchemaType type, Str pointer, Buf *path)
{
    Buf key;
    buf_init(&key, 0);
    bool known = true;
    size_t start = sizeof "/Properties/" - 1;
    while (known && start <= pointer.len) {
        start = next_key(pointer, start, &key);
        known = add_part(path, type, buf_str(&key));
    }
    buf_release(&key);
    return path->len > 0;
}

// ---- the effect of a value ----

// What the schema says of the path; where that is nothing, of what it is part of: AWS documents
// the parts of shared definitions, as tags, nowhere.
static SchemaUpdate update_at(SchemaType type, Str path)
{
    SchemaUpdate update = schema_update_at(type, path);
    size_t end = path.len;
    while (update == SCHEMA_UPDATE_UNKNOWN && end > 0) {
        while (end > 0 && path.ptr[--end] != '.')
            continue;
        if (end > 0)
            update = schema_update_at(type, str_slice(path, 0, end));
    }
    return update;
}

static PlanEffect effect_at(SchemaType type, Buf *path, const Datum *value, int depth);

// The worst of what is in the value: a part that is create-only counts only if it is there.
static PlanEffect effect_below(SchemaType type, Buf *path, const Datum *value, int depth)
{
    PlanEffect effect = PLAN_IN_PLACE;
    size_t len = path->len;
    bool is_map = value->kind == DATUM_MAP;
    size_t count = is_map ? value->entries.len : value->items.len;
    for (size_t i = 0; i < count && effect < PLAN_REPLACES; i++) {
        const Datum *part = is_map ? value->entries.items[i].value : value->items.items[i];
        Str key = is_map ? value->entries.items[i].key : STR("*");
        effect = plan_worse(effect,
            add_part(path, type, key) ? effect_at(type, path, part, depth + 1) : PLAN_UNKNOWN);
        path->len = len;
        path->ptr[len] = '\0';
    }
    return effect;
}

static PlanEffect effect_at(SchemaType type, Buf *path, const Datum *value, int depth)
{
    SchemaUpdate update = update_at(type, buf_str(path));
    bool conditional = schema_path_listed(type, SCHEMA_CONDITIONAL_CREATE_ONLY, buf_str(path));
    bool has_parts = value && (value->kind == DATUM_MAP || value->kind == DATUM_LIST) &&
                     !plan_is_function(value);
    if (update != SCHEMA_UPDATE_MAY_REPLACE || conditional || !has_parts ||
        depth >= EFFECT_DEPTH_MAX)
        return effect_of(update);
    // "May" is said here of a property some parts of which are create-only.
    PlanEffect effect = effect_below(type, path, value, depth);
    return effect == PLAN_UNKNOWN ? PLAN_MAY_REPLACE : effect;
}

static PlanEffect effect_of_property(
    SchemaType type, Str pointer, const Datum *before, const Datum *after)
{
    Buf path;
    buf_init(&path, 0);
    PlanEffect effect = PLAN_UNKNOWN;
    if (schema_path(type, pointer, &path)) {
        effect = before ? effect_at(type, &path, before, 0) : PLAN_IN_PLACE;
        if (after)
            effect = plan_worse(effect, effect_at(type, &path, after, 0));
    }
    buf_release(&path);
    return effect;
}

PlanEffect plan_effect(SchemaType type, Str path, const Datum *before, const Datum *after)
{
    if (str_is(path, "/Type"))
        return PLAN_REPLACES;
    if (str_is(path, "/Condition"))
        return PLAN_UNKNOWN; // it may come or go
    if (!str_starts(path, STR("/Properties")))
        return path.len ? PLAN_IN_PLACE : PLAN_UNKNOWN;
    if (!schema_type_exists(type))
        return PLAN_UNKNOWN;
    if (path.len > sizeof "/Properties/" - 1)
        return effect_of_property(type, path, before, after);
    // All properties came or went.
    Buf root;
    buf_init(&root, 0);
    PlanEffect effect = PLAN_IN_PLACE;
    if (before && before->kind == DATUM_MAP)
        effect = effect_below(type, &root, before, 0);
    if (after && after->kind == DATUM_MAP)
        effect = plan_worse(effect, effect_below(type, &root, after, 0));
    buf_release(&root);
    return effect;
}

// ---- policies ----

static Str policy_of(const Datum *resource, Str name)
{
    const Datum *policy = datum_get(resource, name);
    return policy && policy->kind == DATUM_STRING ? policy->text : STR_NONE;
}

// Resources of these types are kept as a snapshot when nothing else is said.
static bool snapshot_by_default(const Datum *resource, Str type)
{
    if (str_is(type, "AWS::RDS::DBCluster"))
        return true;
    const Datum *properties = datum_get(resource, STR("Properties"));
    return str_is(type, "AWS::RDS::DBInstance") &&
           !datum_get(properties, STR("DBClusterIdentifier"));
}

Str plan_policy(const Datum *before, const Datum *after, Str type, bool replaced)
{
    if (!replaced) {
        Str policy = policy_of(before, STR("DeletionPolicy"));
        if (str_is(policy, "RetainExceptOnCreate"))
            return STR("Retain");
        if (policy.len)
            return policy;
        return snapshot_by_default(before, type) ? STR("Snapshot") : STR("Delete");
    }
    // Which of the two templates counts is not documented: only what both say is relied on.
    Str old = policy_of(before, STR("UpdateReplacePolicy"));
    Str new = policy_of(after, STR("UpdateReplacePolicy"));
    return old.len && str_equal(old, new) ? old : STR("Delete");
}
