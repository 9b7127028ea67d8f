#include "runtime/aws/endpoint.h"

typedef struct Partition {
    const char *prefix; // of regions
    const char *name;
    const char *suffix;
    const char *dual_suffix;
} Partition;

// Longer prefixes first; the last stands for all others.
static const Partition PARTITIONS[] = {
    {"us-gov-", "aws-us-gov", "amazonaws.com", "api.aws"},
    {"us-iso-", "aws-iso", "c2s.ic.gov", "api.aws.ic.gov"},
    {"us-isob-", "aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"},
    {"us-isof-", "aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    {"eu-isoe-", "aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    {"eusc-", "aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"},
    {"cn-", "aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    {"", "aws", "amazonaws.com", "api.aws"},
};

static const Partition *partition_of(Str region)
{
    const Partition *partition = PARTITIONS;
    while (!str_starts(region, str_of(partition->prefix)))
        partition++;
    return partition;
}

Str endpoint_partition(Str region)
{
    return str_of(partition_of(region)->name);
}

Str endpoint_suffix(Str region)
{
    return str_of(partition_of(region)->suffix);
}

bool endpoint_region_is_valid(Str region)
{
    for (size_t i = 0; i < region.len; i++) {
        char c = region.ptr[i];
        bool inner = c == '-' && i > 0 && i + 1 < region.len;
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !inner)
            return false;
    }
    return region.len > 0 && region.len <= 63;
}

static bool take_apart(Arena *arena, Str url, Endpoint *endpoint)
{
    bool secure = str_starts(url, STR("https://"));
    if (!secure && !str_starts(url, STR("http://")))
        return false;
    size_t start = secure ? 8 : 7;
    size_t slash = str_find(url, STR("/"), start);
    size_t end = slash == SIZE_MAX ? url.len : slash;
    Str host = str_slice(url, start, end);
    bool odd = str_find(url, STR("@"), 0) != SIZE_MAX || str_find(url, STR("?"), 0) != SIZE_MAX ||
               str_find(url, STR("#"), 0) != SIZE_MAX || str_find(url, STR(" "), 0) != SIZE_MAX;
    if (host.len == 0 || odd)
        return false;
    Str usual_port = secure ? STR(":443") : STR(":80");
    if (str_ends(host, usual_port))
        host = str_slice(host, 0, host.len - usual_port.len);
    endpoint->host = str_copy(arena, host);
    endpoint->path = end < url.len ? str_copy(arena, str_slice(url, end, url.len)) : STR("/");
    endpoint->url = str_format(arena, "%.*s%s", STR_FMT(url), end < url.len ? "" : "/");
    return true;
}

bool endpoint_resolve(Arena *arena, Str service, Str region, const EndpointOptions *options,
    Endpoint *endpoint, Str *error)
{
    if (!endpoint_region_is_valid(region)) {
        *error = str_format(arena, "'%.*s' is no name of a region", STR_FMT(region));
        return false;
    }
    if (options->custom.len && (options->fips || options->dual_stack)) {
        *error = STR("an endpoint of one's own excludes FIPS and dual-stack endpoints");
        return false;
    }
    if (options->custom.len) {
        if (take_apart(arena, options->custom, endpoint))
            return true;
        *error = str_format(
            arena, "the endpoint '%.*s' is no http or https address", STR_FMT(options->custom));
        return false;
    }
    const Partition *partition = partition_of(region);
    // In GovCloud the usual endpoints are FIPS endpoints.
    bool fips =
        options->fips && (options->dual_stack || !str_is(str_of(partition->name), "aws-us-gov"));
    Str url = str_format(arena, "https://%.*s%s.%.*s.%s/", STR_FMT(service), fips ? "-fips" : "",
        STR_FMT(region), options->dual_stack ? partition->dual_suffix : partition->suffix);
    return take_apart(arena, url, endpoint);
}
