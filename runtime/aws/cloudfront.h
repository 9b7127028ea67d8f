// CloudFront's invalidations: the pages CreateInvalidation and GetInvalidation of the Amazon
// CloudFront API Reference (2020-05-31). CloudFront is one service for all regions of a partition.
#ifndef ALTC_AWS_CLOUDFRONT_H
#define ALTC_AWS_CLOUDFRONT_H

#include "runtime/aws/client.h"

enum { CLOUDFRONT_MAX_PATHS = 3000, CLOUDFRONT_MAX_WILDCARDS = 15 };

typedef struct CloudFrontInvalidation {
    Str id;
    Str status; // "InProgress", "Completed"
} CloudFrontInvalidation;

// `region` tells the partition. False: `error` says why the address cannot be made.
bool cloudfront_init(AwsClient *client, Arena *arena, const World *world, HttpTransport http,
    AwsKeySource keys, const EndpointOptions *options, Str region, Str *error);
// The same reference and paths give the same invalidation, so that a call may be repeated. Paths
// begin with '/'; what may not stand in a URL is encoded here.
AwsReply cloudfront_create_invalidation(AwsClient *client, Arena *arena, Str distribution,
    Str reference, const Str *paths, size_t count, CloudFrontInvalidation *result);
AwsReply cloudfront_get_invalidation(
    AwsClient *client, Arena *arena, Str distribution, Str id, CloudFrontInvalidation *result);

#endif
