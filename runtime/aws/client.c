#include "runtime/aws/client.h"

void aws_client_init(AwsClient *client, const World *world, HttpTransport http, AwsKeySource keys,
    Str service, Str region, Endpoint endpoint)
{
    *client = (AwsClient){.world = world,
        .http = http,
        .keys = keys,
        .service = service,
        .region = region,
        .endpoint = endpoint,
        .max_attempts =
            str_is(service, "cloudformation") ? AWS_CLOUDFORMATION_ATTEMPTS : AWS_ATTEMPTS,
        .tokens = AWS_RETRY_TOKENS};
}

AwsReply aws_send(AwsClient *client, Arena *arena, const AwsRequest *request)
{
    AwsExchange exchange = {0};
    AwsReply reply;
    int64_t wait = 0;
    for (;;) {
        HttpRequest http;
        if (!aws_exchange_begin(client, &exchange, arena, request, &http, &reply))
            return reply;
        HttpResponse *response = ARENA_NEW(arena, HttpResponse);
        *response = client->http.send(client->http.context, arena, &http);
        if (!aws_exchange_end(client, &exchange, arena, request, response, &reply, &wait))
            return reply;
        if (wait)
            client->world->sleep(client->world->context, wait);
    }
}

AwsReply aws_call(AwsClient *client, Arena *arena, Str form)
{
    return aws_call_for(client, arena, form, STR_NONE);
}

AwsReply aws_call_for(AwsClient *client, Arena *arena, Str form, Str root)
{
    const NamedText type = {
        STR("Content-Type"), STR("application/x-www-form-urlencoded; charset=utf-8")};
    const AwsRequest request = {
        .method = STR("POST"), .headers = &type, .header_count = 1, .body = form, .root = root};
    return aws_send(client, arena, &request);
}
