// Documents in the language of IAM: the few mistakes that no schema sees. All are warnings.
#include "compiler/check/judge.h"

static void doubt(
    Check *check, const Origin *origin, const char *what, Str found, const char *expected)
{
    check_report(
        check, DIAG_DOUBTFUL_POLICY, origin, str_of(what), found, str_of(expected), DIAG_END);
}

static void check_version(Check *check, const Datum *document)
{
    const Datum *version = datum_get(document, STR("Version"));
    if (!version || version->kind != DATUM_STRING || str_is(version->text, "2012-10-17") ||
        str_is(version->text, "2008-10-17"))
        return;
    doubt(check, version->origin ? version->origin : document->origin, "Version",
        check_show(check, version), "'2012-10-17'");
}

static void check_effect(Check *check, const Datum *statement, const Origin *origin)
{
    const Datum *effect = datum_get(statement, STR("Effect"));
    if (!effect) {
        doubt(check, origin, "Effect", STR("missing"), "'Allow' or 'Deny'");
        return;
    }
    if (effect->kind != DATUM_STRING || str_is(effect->text, "Allow") ||
        str_is(effect->text, "Deny"))
        return;
    doubt(check, effect->origin ? effect->origin : origin, "Effect", check_show(check, effect),
        "'Allow' or 'Deny'");
}

static void check_action(Check *check, const Datum *statement, const Origin *origin)
{
    bool action = datum_get(statement, STR("Action"));
    bool not_action = datum_get(statement, STR("NotAction"));
    if (!action && !not_action)
        doubt(check, origin, "Action", STR("missing"), "'Action' or 'NotAction'");
    else if (action && not_action)
        doubt(check, origin, "Action", STR("beside 'NotAction'"), "one of them");
    if (datum_get(statement, STR("Resource")) && datum_get(statement, STR("NotResource")))
        doubt(check, origin, "Resource", STR("beside 'NotResource'"), "one of them");
}

static void check_statement(Check *check, const Datum *statement, const Origin *outer)
{
    if (statement->kind != DATUM_MAP || datum_get(statement, STR("Fn::Transform")))
        return;
    const DatumEntry *call = check_function(statement);
    if (call && str_is(call->key, "Fn::If") && call->value->kind == DATUM_LIST) {
        for (size_t i = 1; i < call->value->items.len; i++)
            check_statement(check, call->value->items.items[i], outer);
        return;
    }
    if (call)
        return;
    const Origin *origin = statement->origin ? statement->origin : outer;
    check_effect(check, statement, origin);
    check_action(check, statement, origin);
}

void check_policy_document(Check *check, const Datum *document)
{
    const Datum *statements = datum_get(document, STR("Statement"));
    if (!statements)
        return;
    check_version(check, document);
    if (statements->kind != DATUM_LIST) {
        check_statement(check, statements, document->origin);
        return;
    }
    for (size_t i = 0; i < statements->items.len; i++)
        check_statement(check, statements->items.items[i], document->origin);
}
