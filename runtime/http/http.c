#include "runtime/http/http.h"

Str http_header(const HttpResponse *response, const char *name)
{
    for (size_t i = 0; i < response->header_count; i++)
        if (str_is(response->headers[i].name, name))
            return response->headers[i].value;
    return STR_NONE;
}

bool http_header_is_valid(Str value)
{
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.ptr[i] < ' ' || value.ptr[i] == 127)
            return false;
    return true;
}
