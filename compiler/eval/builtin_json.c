// `toJsonString`: JSON text around values that may be known only when deploying.
//
// Such a value stands within the quotes of a string, where CloudFormation puts its text without
// escaping it. A choice between things that are not all strings brings its quotes with it, and
// one between something and nothing its key and comma, so that the text is JSON either way.
#include "compiler/eval/builtin_priv.h"
#include "compiler/eval/entity.h"

typedef struct JsonText {
    const CallContext *call;
    Buf text; // known text since the last part
    ValueList parts;
    size_t *room; // bytes that may still be written, by all writers of the call
    bool failed;
} JsonText;

static void write_value(JsonText *json, Value *value);

// ---- pieces ----

static void start(JsonText *json, const CallContext *call, size_t *room)
{
    *json = (JsonText){.call = call, .room = room};
    buf_init(&json->text, BUILTIN_TEXT_MAX);
}

static void flush(JsonText *json)
{
    const CallContext *call = json->call;
    size_t written = json->text.len + sizeof(Value);
    bool is_long = json->text.overflowed || written > *json->room;
    if (is_long && !json->failed)
        builtin_too_long(call, "toJsonString");
    json->failed = json->failed || is_long;
    if (!is_long)
        *json->room -= written;
    if (json->text.len)
        VEC_ADD(
            call->arena, &json->parts, builtin_string(call, buf_copy(&json->text, call->arena)));
    buf_clear(&json->text);
}

static void add_part(JsonText *json, Value *part)
{
    flush(json);
    VEC_ADD(json->call->arena, &json->parts, part);
}

// What was written, as one string; the writer is released.
static Value *finish(JsonText *json)
{
    flush(json);
    buf_release(&json->text);
    if (json->failed)
        return builtin_fail(json->call);
    return json->call->interpolate(json->call->eval, json->call->origin, &json->parts);
}

static void refuse(JsonText *json, const Value *value)
{
    const CallContext *call = json->call;
    if (!value_is_error(value) && !json->failed) {
        Diag *diag = diag_add(call->diags, DIAG_NO_JSON_TEXT, call->arg_spans[0],
            value_describe(call->arena, value), DIAG_END);
        builtin_explain(call, diag);
    }
    json->failed = true;
}

// ---- what stands within quotes ----

static Str escape(const CallContext *call, Str text)
{
    Buf quoted;
    buf_init(&quoted, 0);
    data_write_json_string(&quoted, text);
    Str inner = str_copy(call->arena, str_slice(buf_str(&quoted), 1, quoted.len - 1));
    buf_release(&quoted);
    return inner;
}

static void warn_of_quotes(const CallContext *call, const Value *value)
{
    if (value->kind != VALUE_DEPLOY || !value->deploy->parameter ||
        !parameter_may_hold_quote(value->deploy->parameter))
        return;
    const Origin *declared = value->deploy->parameter->origin;
    Diag *diag = builtin_warn(call, DIAG_JSON_QUOTE, declared ? declared->span : call->arg_spans[0],
        value_describe(call->arena, value),
        "give it an AllowedPattern without quotes and backslashes, or let CloudFormation write the "
        "text: 'template { Transform: \"AWS::LanguageExtensions\" }'");
    if (diag && declared)
        diag_note(call->diags, diag, call->arg_spans[0], "this JSON text holds it");
}

// The value with its known texts escaped.
static Value *escaped(const CallContext *call, Value *value)
{
    if (value->kind == VALUE_STRING)
        return builtin_string(call, escape(call, value->text));
    warn_of_quotes(call, value);
    if (value->kind != VALUE_DEPLOY)
        return value;
    size_t first = value->deploy->op == DEPLOY_IF ? 1 : 0;
    if (value->deploy->op != DEPLOY_SUB && value->deploy->op != DEPLOY_IF)
        return builtin_part(call, value);
    Value *copy = value_at(call->arena, value, call->origin);
    copy->deploy->args = (ValueList){0};
    for (size_t i = 0; i < value->deploy->args.len; i++) {
        Value *arg = value->deploy->args.items[i];
        VEC_ADD(call->arena, &copy->deploy->args, i < first ? arg : escaped(call, arg));
    }
    return copy;
}

static void write_quoted(JsonText *json, Value *value)
{
    buf_add_char(&json->text, '"');
    add_part(json, escaped(json->call, value));
    buf_add_char(&json->text, '"');
}

// ["…"] with the elements of a deploy-time list between the quotes.
static void write_deploy_list(JsonText *json, Value *value)
{
    const CallContext *call = json->call;
    warn_of_quotes(call, value);
    Value *args = value_list(call->arena, call->origin);
    value_append(call->arena, args, builtin_string(call, STR("\",\"")));
    value_append(call->arena, args, value);
    buf_add_text(&json->text, "[\"");
    add_part(json, value_function(call->arena, call->origin, STR("Fn::Join"), args));
    buf_add_text(&json->text, "\"]");
}

// ---- choices ----

static bool is_choice(const Value *value)
{
    return value->kind == VALUE_DEPLOY && value->deploy->op == DEPLOY_IF;
}

// Would each branch be a JSON string?
static bool is_quoted(const Value *value)
{
    if (is_choice(value))
        return is_quoted(value->deploy->args.items[1]) && is_quoted(value->deploy->args.items[2]);
    if (value->kind == VALUE_STRING || value->kind == VALUE_RESOURCE)
        return true;
    return value->kind == VALUE_DEPLOY && builtin_may_be_text(value) &&
           !value_is_condition(value) && !builtin_is_no_value(value);
}

// What one branch of a choice is written as: `before`, the value's JSON text, `behind`.
typedef struct Wrap {
    Str before;
    Str behind;
    bool drops_null; // nothing at all for null
} Wrap;

static Value *wrapped(JsonText *json, const Wrap *wrap, Value *value)
{
    const CallContext *call = json->call;
    if (is_choice(value) && (wrap->drops_null || !is_quoted(value))) {
        Value *yes = wrapped(json, wrap, value->deploy->args.items[1]);
        Value *no = wrapped(json, wrap, value->deploy->args.items[2]);
        return builtin_choice(call, value->deploy->args.items[0], yes, no);
    }
    if (wrap->drops_null && builtin_may_be_absent(value))
        return builtin_string(call, STR(""));
    JsonText inner;
    start(&inner, call, json->room);
    inner.failed = json->failed;
    buf_add(&inner.text, wrap->before);
    write_value(&inner, value);
    buf_add(&inner.text, wrap->behind);
    Value *text = finish(&inner);
    json->failed = json->failed || inner.failed;
    return text;
}

static void write_deploy(JsonText *json, Value *value)
{
    const CallContext *call = json->call;
    if (builtin_is_no_value(value)) {
        buf_add_text(&json->text, "null");
    } else if (value_is_condition(value)) {
        add_part(json, builtin_part(call, value));
    } else if (is_choice(value) && !is_quoted(value)) {
        Wrap plain = {.before = STR(""), .behind = STR("")};
        add_part(json, wrapped(json, &plain, value));
    } else if (builtin_may_be_text(value)) {
        write_quoted(json, value);
    } else {
        write_deploy_list(json, value);
    }
}

// ---- lists and maps ----

// An element, or an entry with its key in front.
typedef struct Member {
    Str before; // "\"key\":", or empty
    Value *value;
    bool optional;
} Member;

typedef VEC(Member) Members;

static void add_member(JsonText *json, Members *members, Str before, Value *value)
{
    // A null that is known is data; one that deploying brings leaves the member out.
    if (builtin_is_no_value(value))
        return;
    bool optional = is_choice(value) && builtin_may_be_absent(value);
    Member member = {.before = before, .value = value, .optional = optional};
    VEC_ADD(json->call->arena, members, member);
}

static void write_member(
    JsonText *json, const Member *member, const char *before, const char *behind)
{
    if (!member->optional) {
        buf_add_text(&json->text, before);
        buf_add(&json->text, member->before);
        write_value(json, member->value);
        buf_add_text(&json->text, behind);
        return;
    }
    Str front = str_format(json->call->arena, "%s%.*s", before, STR_FMT(member->before));
    Wrap wrap = {.before = front, .behind = str_of(behind), .drops_null = true};
    add_part(json, wrapped(json, &wrap, member->value));
}

static void write_members(JsonText *json, const Members *members)
{
    // A member that may be left out brings a comma towards the first that is always there.
    size_t anchor = 0;
    while (anchor < members->len && members->items[anchor].optional)
        anchor++;
    if (anchor == members->len && members->len > 1) {
        const CallContext *call = json->call;
        Diag *diag = diag_add(call->diags, DIAG_JSON_ALL_OPTIONAL, call->arg_spans[0], DIAG_END);
        diag_note(call->diags, diag, (Span){0},
            "their commas depend on each other: add an entry that is always there, or let "
            "CloudFormation write the text: 'template { Transform: \"AWS::LanguageExtensions\" }'");
        builtin_explain(call, diag);
        json->failed = true;
        return;
    }
    if (anchor == members->len)
        anchor = 0; // one alone, and no comma
    for (size_t i = 0; i < members->len && !json->failed; i++)
        write_member(json, &members->items[i], i > anchor ? "," : "", i < anchor ? "," : "");
}

static void write_list(JsonText *json, const Value *list)
{
    Members members = {0};
    for (size_t i = 0; i < list->list.len; i++)
        add_member(json, &members, STR(""), list->list.items[i]);
    buf_add_char(&json->text, '[');
    write_members(json, &members);
    buf_add_char(&json->text, ']');
}

static void write_map(JsonText *json, const Value *map)
{
    const CallContext *call = json->call;
    Members members = {0};
    for (size_t i = 0; i < map->map.entries.len; i++) {
        const ValueEntry *entry = &map->map.entries.items[i];
        if (str_starts(entry->key, STR("Fn::")) && !value_is_known(entry->value)) {
            refuse(json, map);
            return;
        }
        Str key = str_format(call->arena, "\"%.*s\":", STR_FMT(escape(call, entry->key)));
        add_member(json, &members, key, entry->value);
    }
    buf_add_char(&json->text, '{');
    write_members(json, &members);
    buf_add_char(&json->text, '}');
}

static void write_value(JsonText *json, Value *value)
{
    if (json->failed || json->text.overflowed)
        return;
    switch (value->kind) {
    case VALUE_NULL:
        buf_add_text(&json->text, "null");
        break;
    case VALUE_BOOL:
    case VALUE_NUMBER:
        buf_add(&json->text, value_scalar_text(value));
        break;
    case VALUE_STRING:
        data_write_json_string(&json->text, value->text);
        break;
    case VALUE_LIST:
        write_list(json, value);
        break;
    case VALUE_MAP:
        write_map(json, value);
        break;
    case VALUE_RESOURCE:
        write_quoted(json, value);
        break;
    case VALUE_DEPLOY:
        write_deploy(json, value);
        break;
    default:
        refuse(json, value);
        break;
    }
}

Value *builtin_toJsonString(CallContext *call)
{
    Value *value = call->args[0];
    bool is_data = value->kind == VALUE_LIST || value->kind == VALUE_MAP;
    if (is_data && call->has_language_extensions && !value_is_known(value))
        return value_function(call->arena, call->origin, STR("Fn::ToJsonString"), value);
    // Each part takes a byte at least.
    if (value_has_more_parts(value, BUILTIN_TEXT_MAX))
        return builtin_too_long(call, "toJsonString");
    size_t room = BUILTIN_TEXT_MAX;
    JsonText json;
    start(&json, call, &room);
    write_value(&json, value);
    return finish(&json);
}
