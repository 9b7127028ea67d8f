// Where a service of a region is found.
#ifndef ALTC_AWS_ENDPOINT_H
#define ALTC_AWS_ENDPOINT_H

#include "compiler/base/str.h"

typedef struct EndpointOptions {
    Str custom; // an address that replaces the rules; or empty
    bool fips;
    bool dual_stack;
} EndpointOptions;

typedef struct Endpoint {
    Str url;  // "https://sts.eu-west-1.amazonaws.com/"
    Str host; // as the Host header has it, with the port unless it is the usual one
    Str path; // "/"
} Endpoint;

// "aws", "aws-cn"…; unknown regions are of "aws".
Str endpoint_partition(Str region);
// The DNS suffix of a region's partition.
Str endpoint_suffix(Str region);
// False: `error` says why. `service` is the name in hosts ("sts", "cloudformation").
bool endpoint_resolve(Arena *arena, Str service, Str region, const EndpointOptions *options,
    Endpoint *endpoint, Str *error);
// Letters, digits and '-' only: what may become part of a host's name.
bool endpoint_region_is_valid(Str region);

#endif
