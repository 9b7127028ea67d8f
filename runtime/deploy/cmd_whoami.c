#include <stdio.h>

#include "compiler/base/buf.h"
#include "compiler/data/data.h"
#include "runtime/deploy/commands.h"
#include "runtime/deploy/identity.h"

static void add_row(Buf *out, bool json, const char *name, Str value)
{
    if (!json) {
        buf_add_format(out, "%-12s", name);
        // What came over the network must not move the cursor.
        for (size_t i = 0; i < value.len; i++)
            buf_add_char(out, (unsigned char)value.ptr[i] < ' ' ? '?' : value.ptr[i]);
        buf_add_char(out, '\n');
        return;
    }
    buf_add_format(out, "%s  \"%s\": ", out->len ? ",\n" : "{\n", name);
    data_write_json_string(out, value);
}

int command_whoami(const CommandContext *context)
{
    bool json = context->options->json;
    Str error = STR_NONE;
    Identity identity = {0};
    Cred *cred = command_credentials(context, &context->options->cred, &error);
    if (!cred || !identity_get(context->arena, cred, &identity, &error))
        return command_fail(notice_exit_code(RESULT_IDENTITY), error);
    Buf out;
    buf_init(&out, 0);
    add_row(&out, json, "account", identity.account);
    add_row(&out, json, "arn", identity.arn);
    add_row(&out, json, "user", identity.user);
    add_row(&out, json, "partition", endpoint_partition(cred_region(cred)));
    add_row(&out, json, "region", cred_region(cred));
    add_row(&out, json, "profile", cred_profile(cred));
    add_row(&out, json, "credentials", identity.source);
    if (identity.expires)
        add_row(&out, json, "expires", world_format_time(context->arena, identity.expires));
    if (json)
        buf_add_text(&out, "\n}\n");
    bool written = fwrite(out.ptr, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
    buf_release(&out);
    return written ? EXIT_FINE : command_fail(EXIT_TROUBLE, STR("cannot write standard output"));
}
