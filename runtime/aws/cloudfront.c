#include "runtime/aws/cloudfront.h"

#include <string.h>

#include "compiler/base/buf.h"
#include "runtime/aws/s3_priv.h"

bool cloudfront_init(AwsClient *client, Arena *arena, const World *world, HttpTransport http,
    AwsKeySource keys, const EndpointOptions *options, Str region, Str *error)
{
    bool china = str_is(endpoint_partition(region), "aws-cn");
    Str home = china ? STR("cn-northwest-1") : STR("us-east-1");
    EndpointOptions own = *options;
    if (!own.custom.len) {
        const char *host = china                 ? "cloudfront.cn-northwest-1.amazonaws.com.cn"
                           : options->dual_stack ? options->fips ? "cloudfront-fips.global.api.aws"
                                                                 : "cloudfront.global.api.aws"
                           : options->fips       ? "cloudfront-fips.amazonaws.com"
                                                 : "cloudfront.amazonaws.com";
        own = (EndpointOptions){.custom = str_format(arena, "https://%s/", host)};
    }
    Endpoint endpoint;
    if (!endpoint_resolve(arena, STR("cloudfront"), home, &own, &endpoint, error))
        return false;
    aws_client_init(client, world, http, keys, STR("cloudfront"), home, endpoint);
    return true;
}

static Str path_of(const AwsClient *client, Arena *arena, Str distribution, Str id)
{
    Str base = client->endpoint.path;
    if (str_ends(base, STR("/")))
        base = str_slice(base, 0, base.len - 1);
    return str_format(arena, "%.*s/2020-05-31/distribution/%.*s/invalidation%s%.*s", STR_FMT(base),
        STR_FMT(sign_encode(arena, distribution, false)), id.len ? "/" : "",
        STR_FMT(sign_encode(arena, id, false)));
}

static AwsReply send(
    AwsClient *client, Arena *arena, const AwsRequest *request, CloudFrontInvalidation *result)
{
    AwsReply reply = aws_send(client, arena, request);
    if (reply.ok)
        *result = (CloudFrontInvalidation){
            .id = xml_text(reply.root, "Id"), .status = xml_text(reply.root, "Status")};
    return reply;
}

// CloudFront compares with paths as they stand in URLs; what is encoded already is left alone.
static void add_path(Buf *out, Str path)
{
    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        bool plain = (unsigned char)c > ' ' && (unsigned char)c < 127 && !strchr("<>\"\\^`{|}", c);
        if (c == '&')
            buf_add_text(out, "&amp;");
        else if (plain)
            buf_add_char(out, c);
        else
            buf_add_format(out, "%%%02X", (unsigned)(unsigned char)c);
    }
}

AwsReply cloudfront_create_invalidation(AwsClient *client, Arena *arena, Str distribution,
    Str reference, const Str *paths, size_t count, CloudFrontInvalidation *result)
{
    Buf body;
    buf_init(&body, 0);
    buf_add_format(&body,
        "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Paths>"
        "<Quantity>%zu</Quantity><Items>",
        count);
    for (size_t i = 0; i < count; i++) {
        buf_add_text(&body, "<Path>");
        add_path(&body, paths[i]);
        buf_add_text(&body, "</Path>");
    }
    buf_add_text(&body, "</Items></Paths><CallerReference>");
    s3_add_xml(&body, reference);
    buf_add_text(&body, "</CallerReference></InvalidationBatch>");
    const NamedText type = {STR("Content-Type"), STR("application/xml")};
    AwsRequest request = {.method = STR("POST"),
        .path = path_of(client, arena, distribution, STR("")),
        .headers = &type,
        .header_count = 1,
        .body = buf_copy(&body, arena)};
    buf_release(&body);
    return send(client, arena, &request, result);
}

AwsReply cloudfront_get_invalidation(
    AwsClient *client, Arena *arena, Str distribution, Str id, CloudFrontInvalidation *result)
{
    AwsRequest request = {.method = STR("GET"), .path = path_of(client, arena, distribution, id)};
    return send(client, arena, &request, result);
}
