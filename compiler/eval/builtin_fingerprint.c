// `fingerprint`: a digest of a value as the program says it. What is known only when deploying
// counts by what it is made of, so that nothing of a template has to be there for it.
#include "compiler/base/sha256.h"
#include "compiler/data/data.h"
#include "compiler/eval/builtin_priv.h"
#include "compiler/eval/entity.h"

typedef struct Print {
    Buf text;
    const Value *refused; // the first part that is no data, or NULL
} Print;

static const char *const OPS[DEPLOY_COUNT] = {
    [DEPLOY_REF] = "Ref",
    [DEPLOY_GETATT] = "GetAtt",
    [DEPLOY_SUB] = "Sub",
    [DEPLOY_IF] = "If",
    [DEPLOY_FIND_IN_MAP] = "FindInMap",
    [DEPLOY_FUNCTION] = "Function",
    [DEPLOY_CONDITION] = "Condition",
    [DEPLOY_EQUALS] = "Equals",
    [DEPLOY_NOT] = "Not",
    [DEPLOY_AND] = "And",
    [DEPLOY_OR] = "Or",
};

static void print_value(Print *print, const Value *value);

static void print_items(Print *print, const ValueList *items)
{
    buf_add_char(&print->text, '[');
    for (size_t i = 0; i < items->len; i++) {
        print_value(print, items->items[i]);
        buf_add_char(&print->text, ',');
    }
    buf_add_char(&print->text, ']');
}

static void print_map(Print *print, const ValueEntries *entries)
{
    buf_add_char(&print->text, '{');
    for (size_t i = 0; i < entries->len; i++) {
        data_write_json_string(&print->text, entries->items[i].key);
        buf_add_char(&print->text, ':');
        print_value(print, entries->items[i].value);
        buf_add_char(&print->text, ',');
    }
    buf_add_char(&print->text, '}');
}

// Its operation, what it names, and its parts.
static void print_deploy(Print *print, const Deploy *deploy)
{
    Str named = deploy->resource    ? deploy->resource->id
                : deploy->parameter ? deploy->parameter->id
                : deploy->condition ? deploy->condition->id
                                    : deploy->text;
    buf_add_format(&print->text, "%s(", OPS[deploy->op]);
    data_write_json_string(&print->text, named);
    data_write_json_string(&print->text, deploy->attribute);
    print_items(print, &deploy->args);
    buf_add_char(&print->text, ')');
}

static void print_value(Print *print, const Value *value)
{
    switch (value->kind) {
    case VALUE_NULL:
        buf_add_text(&print->text, "null");
        return;
    case VALUE_BOOL:
        buf_add_text(&print->text, value->boolean ? "true" : "false");
        return;
    case VALUE_NUMBER:
        buf_add(&print->text, value->text);
        return;
    case VALUE_STRING:
        data_write_json_string(&print->text, value->text);
        return;
    case VALUE_LIST:
        print_items(print, &value->list);
        return;
    case VALUE_MAP:
        print_map(print, &value->map.entries);
        return;
    case VALUE_RESOURCE:
        buf_add_format(&print->text, "Ref(%.*s)", STR_FMT(value->resource->id));
        return;
    case VALUE_MAPPING:
        buf_add_format(&print->text, "Mapping(%.*s)", STR_FMT(value->mapping.mapping->id));
        return;
    case VALUE_DEPLOY:
        print_deploy(print, value->deploy);
        return;
    default:
        print->refused = print->refused ? print->refused : value;
        return;
    }
}

Value *builtin_fingerprint(CallContext *call)
{
    const Value *value = call->args[0];
    if (value_has_error(value))
        return builtin_fail(call);
    if (value_has_more_parts(value, BUILTIN_TEXT_MAX))
        return builtin_too_long(call, "fingerprint");
    Print print = {0};
    buf_init(&print.text, BUILTIN_TEXT_MAX);
    print_value(&print, value);
    bool too_long = print.text.overflowed;
    Str digest = sha256_hex(call->arena, buf_str(&print.text));
    buf_release(&print.text);
    if (print.refused)
        return builtin_refuse_part(call, "fingerprint", 0, "data", print.refused);
    return too_long ? builtin_too_long(call, "fingerprint") : builtin_string(call, digest);
}
