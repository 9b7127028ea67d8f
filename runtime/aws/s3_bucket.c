#include "runtime/aws/s3_priv.h"

// A PUT to the bucket with a small body, which S3 wants a checksum of.
static AwsReply put(S3Bucket *bucket, Arena *arena, const char *query, Str type, Str body)
{
    S3Call call = {.method = "PUT", .query = str_of(query), .body = body, .any_body = true};
    unsigned char digest[SHA256_BYTES];
    sha256_digest(body, digest);
    if (body.len) {
        s3_add_header(&call, "Content-Type", type);
        s3_add_checksum(&call, arena, digest);
    }
    return s3_send(bucket, arena, &call);
}

static AwsReply make(S3Bucket *bucket, Arena *arena)
{
    Str body = STR("");
    // There the region is the default, and refused when it is stated.
    if (!str_is(bucket->region, "us-east-1"))
        body = str_format(arena,
            "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            "<LocationConstraint>%.*s</LocationConstraint></CreateBucketConfiguration>",
            STR_FMT(bucket->region));
    Str owner = bucket->owner;
    bucket->owner = STR_NONE; // it has none yet
    AwsReply reply = put(bucket, arena, "", STR("application/xml"), body);
    bucket->owner = owner;
    // The call before may have worked and its answer been lost.
    if (str_is(reply.code, "BucketAlreadyOwnedByYou"))
        reply.ok = true;
    return reply;
}

static Str tls_only(const S3Bucket *bucket, Arena *arena)
{
    Str partition = endpoint_partition(bucket->region);
    return str_format(arena,
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"TlsOnly\",\"Effect\":\"Deny\","
        "\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":[\"arn:%.*s:s3:::%.*s\","
        "\"arn:%.*s:s3:::%.*s/*\"],\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}",
        STR_FMT(partition), STR_FMT(bucket->name), STR_FMT(partition), STR_FMT(bucket->name));
}

AwsReply s3_create_bucket(S3Bucket *bucket, Arena *arena)
{
    const NamedText settings[] = {
        {STR("publicAccessBlock="),
            STR("<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>"
                "<IgnorePublicAcls>true</IgnorePublicAcls>"
                "<BlockPublicPolicy>true</BlockPublicPolicy>"
                "<RestrictPublicBuckets>true</RestrictPublicBuckets>"
                "</PublicAccessBlockConfiguration>")},
        {STR("encryption="),
            STR("<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>"
                "<SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>"
                "</ServerSideEncryptionConfiguration>")},
        {STR("lifecycle="),
            STR("<LifecycleConfiguration><Rule><ID>half-done-uploads</ID><Filter><Prefix></Prefix>"
                "</Filter><Status>Enabled</Status><AbortIncompleteMultipartUpload>"
                "<DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>"
                "</Rule></LifecycleConfiguration>")},
        {STR("policy="), tls_only(bucket, arena)},
    };
    AwsReply reply = make(bucket, arena);
    for (size_t i = 0; reply.ok && i < sizeof settings / sizeof *settings; i++) {
        bool json = settings[i].value.ptr[0] == '{';
        reply = put(bucket, arena, settings[i].name.ptr,
            json ? STR("application/json") : STR("application/xml"), settings[i].value);
        if (!reply.ok) {
            S3Call undo = {.method = "DELETE", .any_body = true};
            s3_send(bucket, arena, &undo);
        }
    }
    return reply;
}
