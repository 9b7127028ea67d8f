// What the two halves of an exchange share.
#ifndef ALTC_AWS_CLIENT_PRIV_H
#define ALTC_AWS_CLIENT_PRIV_H

#include "runtime/aws/client.h"

// Whether to begin again after this answer, and after how many milliseconds. Notes in client and
// exchange what the answer teaches: clock, keys, tokens, whether all is known.
bool retry_is_wanted(AwsClient *client, AwsExchange *exchange, Arena *arena,
    const HttpResponse *response, AwsReply *reply, int64_t *wait);

#endif
