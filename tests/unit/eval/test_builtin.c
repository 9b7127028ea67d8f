#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "compiler/eval/builtin.h"
#include "tests/unit/eval/value_text.h"

// ---- the world of a call ----

typedef struct File {
    const char *path;
    Str text;
} File;

static const File files[] = {
    {"main.alt", {"", 0}},
    {"notes.txt", {"two\nlines\n", 10}},
    {"binary", {"a\377", 2}},
    {"data.json", {"{\"b\": [1.0, null], \"a\": \"010\"}", 30}},
    {"broken.json", {"{", 1}},
    {"data.yaml", {"a: Yes\nb: !Ref X\n", 17}},
};

static FileResult read_fake(void *context, Arena *arena, Str path, size_t max)
{
    (void)context;
    (void)arena;
    (void)max;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (str_ends(path, str_of(files[i].path)))
            return (FileResult){.status = FILE_OK, .text = files[i].text};
    return (FileResult){.status = FILE_MISSING, .error = STR("no such file")};
}

static Str no_path(void *context, Arena *arena, Str path)
{
    (void)context;
    (void)arena;
    (void)path;
    return STR_NONE;
}

static Str no_env(void *context, Str name)
{
    (void)context;
    (void)name;
    return STR_NONE;
}

static bool not_cancelled(void *context)
{
    (void)context;
    return false;
}

// As eval does it: neighbouring texts are one.
static void flatten(Arena *arena, ValueList *out, const ValueList *parts)
{
    for (size_t i = 0; i < parts->len; i++) {
        Value *part = parts->items[i];
        Str text = value_scalar_text(part);
        Value *last = out->len ? out->items[out->len - 1] : NULL;
        if (part->kind == VALUE_DEPLOY && part->deploy->op == DEPLOY_SUB) {
            flatten(arena, out, &part->deploy->args);
        } else if (text.ptr && last && last->kind == VALUE_STRING) {
            text = str_format(arena, "%.*s%.*s", STR_FMT(last->text), STR_FMT(text));
            out->items[out->len - 1] = value_string(arena, NULL, text);
        } else {
            part = text.ptr ? value_string(arena, NULL, text) : part;
            VEC_ADD(arena, out, part);
        }
    }
}

static Value *interpolate(void *eval, const Origin *origin, const ValueList *parts)
{
    Arena *arena = eval;
    Value *sub = value_deploy(arena, origin, DEPLOY_SUB);
    flatten(arena, &sub->deploy->args, parts);
    ValueList *args = &sub->deploy->args;
    if (!args->len)
        return value_string(arena, origin, STR(""));
    return args->len == 1 && args->items[0]->kind == VALUE_STRING ? args->items[0] : sub;
}

enum { MODE_PLAIN, MODE_IN_RULE, MODE_EXTENSIONS };

typedef struct Row {
    const char *function; // "cfn.…" too
    const char *args;
    const char *result; // JSON with ' for ", or findings: "ALT4201 message; …"
    int mode;
} Row;

static Str findings(Arena *arena, DiagSink *diags)
{
    Str all = STR("");
    DiagList list = diag_sorted(diags);
    for (size_t i = 0; i < list.len; i++) {
        Str code = diag_code_text(arena, list.items[i]->code);
        Str message = diag_message(arena, list.items[i]);
        all = str_format(
            arena, "%.*s%s%.*s %.*s", STR_FMT(all), i ? "; " : "", STR_FMT(code), STR_FMT(message));
    }
    return all;
}

static void fill_call(CallContext *call, const Value *args, FileId file)
{
    Arena *arena = call->arena;
    Span *spans = ARENA_ARRAY(arena, Span, args->list.len + 1);
    for (size_t i = 0; i < args->list.len; i++)
        spans[i] = (Span){file, (uint32_t)i, (uint32_t)i + 1};
    call->arg_spans = spans;
    call->args = args->list.items;
    call->arg_count = args->list.len;
    call->span = (Span){file, 0, 1};
    Origin *origin = ARENA_NEW(arena, Origin);
    origin->span = call->span;
    call->origin = origin;
}

static Value *call_function(CallContext *call, const char *name)
{
    Str function = str_of(name);
    if (str_starts(function, STR("cfn.")))
        return builtin_cfn(call, str_slice(function, 4, function.len));
    const struct Builtin *builtin = builtin_find(function);
    assert_non_null(builtin);
    assert_true(call->arg_count >= builtin->min_args && call->arg_count <= builtin->max_args);
    for (size_t i = 0; i < call->arg_count && builtin->known_only; i++)
        assert_true(value_is_known(call->args[i]));
    return builtin->call(call);
}

static Str run(Arena *arena, const Row *row)
{
    Host host = {NULL, read_fake, no_path, no_env, not_cancelled};
    Sources *sources = sources_new(arena);
    DiagSink *diags = diag_sink_new(arena);
    ProgramOptions options = {.file = STR("main.alt")};
    Program *program = program_load(arena, &host, sources, diags, &options);
    RegexCache *regexes = regex_cache_new();
    CallContext call = {.arena = arena,
        .diags = diags,
        .regexes = regexes,
        .program = program,
        .module = program->modules.items[0],
        .in_rule = row->mode == MODE_IN_RULE,
        .has_language_extensions = row->mode == MODE_EXTENSIONS,
        .interpolate = interpolate,
        .eval = arena};
    Datum *args = read_text(arena, sources, diags, row->args);
    assert_non_null(args);
    fill_call(&call, read_value(arena, args), program->modules.items[0]->file);
    Value *value = call_function(&call, row->function);
    Str found = findings(arena, diags);
    Str json = with_quotes(arena, compact(arena, show_value(arena, value)), '"', '\'');
    regex_cache_free(regexes);
    if (value_is_error(value))
        return found.len ? found : STR("an error without a finding");
    return found.len ? str_format(arena, "%.*s; %.*s", STR_FMT(json), STR_FMT(found)) : json;
}

static void check_rows(const Row *rows, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        Arena *arena = arena_new();
        Str result = run(arena, &rows[i]);
        if (!str_is(result, rows[i].result)) {
            print_error("%s(%s)\n  gives    %.*s\n  expected %s\n", rows[i].function, rows[i].args,
                STR_FMT(result), rows[i].result);
            wrong++;
        }
        arena_free(arena);
    }
    assert_int_equal(wrong, 0);
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))

// ---- known texts ----

static void test_texts(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"upper", "['aZ-é1']", "'AZ-é1'", 0},
        {"lower", "['AbC']", "'abc'", 0},
        {"lower", "[true]", "'true'", 0},
        {"lower", "[['a']]", "ALT4201 argument 1 of 'lower' must be a string, found a list", 0},
        {"upper", "[null]", "ALT4201 argument 1 of 'upper' must be a string, found null", 0},
        {"trim", "[' a b\\n']", "'a b'", 0},
        {"trim", "['/a/b//', '/']", "'a/b'", 0},
        {"trim", "['//', '/']", "''", 0},
        {"trim", "['éaéü', 'üé']", "'a'", 0},
        {"trim", "['ãa', 'é']", "'ãa'", 0},
        {"trimStart", "['  a ']", "'a '", 0},
        {"trimEnd", "['seconds', 's']", "'second'", 0},
        {"trimEnd", "['https://x/', '/']", "'https://x'", 0},
        {"trimEnd", "['a', '']", "'a'", 0},
        {"replace", "['a.b.c', '.', '-']", "'a-b-c'", 0},
        {"replace", "['aaa', 'aa', 'b']", "'ba'", 0},
        {"replace", "['abc', 'x', 'y']", "'abc'", 0},
        {"replace", "['/hostedzone/Z1', '/hostedzone/', '']", "'Z1'", 0},
        {"replace", "['a', '', 'y']",
            "ALT4201 argument 2 of 'replace' must be a text that is not empty, found \"\"", 0},
        {"startsWith", "['arn:aws:x', 'arn:']", "true", 0},
        {"startsWith", "['a', 'ab']", "false", 0},
        {"endsWith", "['a.alt', '.alt']", "true", 0},
        {"endsWith", "['a', '']", "true", 0},
        {"sha256", "['abc']", "'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'",
            0},
        {"fingerprint", "[{'a':1,'b':[true,null]}]",
            "'b1b493ddd33d6736fecd0737aac38a8e3245af223b7bd2682f9402250490c6f3'", 0},
        {"fingerprint", "[{'a':'1','b':[true,null]}]",
            "'6c925f3ddf9f2ee178d04bf4472cca4c26d1330d16b83bbdc6b48f3c4a9abfc8'", 0},
        {"fingerprint", "[{'Param':'Env'}]",
            "'6c86aa44980eadcf8db61a4280b1f3b92c34e37cdd50cc6a1da10185301e602f'", 0},
        {"slice", "['abcdef', 1, 3]", "'bc'", 0},
        {"slice", "['abcdef', 4]", "'ef'", 0},
        {"slice", "['abc', 0, 32]", "'abc'", 0},
        {"slice", "['abc', 7, 9]", "''", 0},
        {"slice", "['äöü', 1, 2]", "'ö'", 0},
        {"slice", "[[1, 2, 3], 1]", "[2,3]", 0},
        {"slice", "[[1, {'Ref':'X'}, 3], 1, 2]", "[{'Ref':'X'}]", 0},
        {"slice", "['abc', -1]", "ALT4202 argument 2 of 'slice' counts from 0, found -1", 0},
        {"slice", "['abc', 2, 1]", "ALT4205 the end 1 of 'slice' lies before its start 2", 0},
        {"slice", "['abc', 'x']",
            "ALT4201 argument 2 of 'slice' must be a whole number, found \"x\"", 0},
        {"slice", "[{'a':1}, 1]",
            "ALT4201 argument 1 of 'slice' must be a string or a list, found a map", 0},
        {"slice", "[{'Param':'Env'}, 1]",
            "ALT4101 the parameter 'Env' is known only when deploying, but argument 1 of 'slice' "
            "must be known when compiling",
            0},
    };
    CHECK_ROWS(rows);
}

static void test_patterns(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"matches", "['2025.10.1', '^[0-9]{4}\\\\.[0-9]+']", "true", 0},
        {"matches", "['identity-prod', '-prod$']", "true", 0},
        {"matches", "['prod\\n', 'prod$']", "false", 0},
        {"rewrite", "['my name!', '[^A-Za-z0-9]', '_']", "'my_name_'", 0},
        {"rewrite", "['https://abc.supabase.co/x', '^https?://([^.]+)\\\\..*$', '$1']", "'abc'", 0},
        {"rewrite", "['a', 'b', 'c']", "'a'", 0},
        {"matches", "['a', '(']",
            "ALT4210 '(' is no regular expression: missing closing parenthesis", 0},
        {"rewrite", "['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '^(a|aa)+$', '']",
            "ALT4211 '^(a|aa)+$' takes too long to match", 0},
        {"matches", "[['a'], 'a']",
            "ALT4201 argument 1 of 'matches' must be a string, found a list", 0},
    };
    CHECK_ROWS(rows);
}

static void test_numbers(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"int", "['010']", "10", 0},
        {"int", "['0']", "0", 0},
        {"int", "['-007']", "-7", 0},
        {"int", "['-0']", "0", 0},
        {"int", "[12]", "12", 0},
        {"int", "['123456789012345678901234567890']", "123456789012345678901234567890", 0},
        {"int", "['1.5']", "ALT4206 'int' takes the digits of a whole number, found \"1.5\"", 0},
        {"int", "['']", "ALT4206 'int' takes the digits of a whole number, found \"\"", 0},
        {"int", "[' 1']", "ALT4206 'int' takes the digits of a whole number, found \" 1\"", 0},
        {"int", "[1.5]", "ALT4206 'int' takes the digits of a whole number, found 1.5", 0},
        {"int", "[true]", "ALT4201 argument 1 of 'int' must be a string or a number, found true",
            0},
        {"range", "[0, 3]", "[0,1,2]", 0},
        {"range", "['-1', 1]", "[-1,0]", 0},
        {"range", "[3, 3]", "[]", 0},
        {"range", "[3, 0]", "[]", 0},
        {"range", "[0, 10001]", "ALT4204 'range' gives at most 10000 numbers, found 10001", 0},
        {"range", "[-9223372036854775807, 9223372036854775807]",
            "ALT4204 'range' gives at most 10000 numbers, found 18446744073709551614", 0},
        {"range", "[0, 1.5]", "ALT4201 argument 2 of 'range' must be a whole number, found 1.5", 0},
    };
    CHECK_ROWS(rows);
}

// ---- lists and maps ----

static void test_lists_and_maps(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"keys", "[{'b':1,'a':{'Ref':'X'}}]", "['b','a']", 0},
        {"values", "[{'b':1,'a':{'Ref':'X'}}]", "[1,{'Ref':'X'}]", 0},
        {"keys", "[['a']]", "ALT4201 argument 1 of 'keys' must be a map, found a list", 0},
        {"keys", "[{'Ref':'X'}]",
            "ALT4101 the deploy-time value 'X' is known only when deploying, but argument 1 of "
            "'keys' must be known when compiling",
            0},
        {"length", "[[1,{'Ref':'X'}]]", "2", 0},
        {"length", "[{'a':1}]", "1", 0},
        {"length", "['äb']", "2", 0},
        {"length", "[{'Param':'Names'}]", "{'Fn::Length':{'Ref':'Names'}}", 0},
        {"length", "[['a',{'If':['C','b',null]}]]",
            "{'Fn::Length':['a',{'Fn::If':['C','b',null]}]}", 0},
        {"length", "[{'Param':'Env'}]",
            "ALT4201 argument 1 of 'length' must be a list, a map or a known string, found the "
            "parameter 'Env'",
            0},
        {"length", "[5]",
            "ALT4201 argument 1 of 'length' must be a list, a map or a known string, found 5", 0},
        {"contains", "['a/b', '/']", "true", 0},
        {"contains", "['ab', '/']", "false", 0},
        {"contains", "[['a', 1], '1']", "true", 0},
        {"contains", "[[[1], [2]], [2]]", "true", 0},
        {"contains", "[['a', {'Ref':'X'}], 'a']", "true", 0},
        {"contains", "[['a', {'Ref':'X'}], 'b']",
            "ALT4101 the deploy-time value 'X' is known only when deploying, but argument 1 of "
            "'contains' must be known when compiling",
            0},
        {"contains", "[['a'], {'Param':'Env'}]",
            "ALT4101 the parameter 'Env' is known only when deploying, but argument 2 of "
            "'contains' must be known when compiling",
            0},
        {"contains", "[{'a':{'Ref':'X'}}, 'a']", "true", 0},
        {"contains", "[{'a':1}, 'b']", "false", 0},
        {"contains", "[7, '7']",
            "ALT4201 argument 1 of 'contains' must be a string, a list or a map, found 7", 0},
    };
    CHECK_ROWS(rows);
}

static void test_join_and_split(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"join", "['-', ['a','b']]", "'a-b'", 0},
        {"join", "['', []]", "''", 0},
        {"join", "[',', ['a',1,true]]", "'a,1,true'", 0},
        {"join", "[',', {'Param':'Names'}]", "{'Fn::Join':[',',{'Ref':'Names'}]}", 0},
        {"join", "['-', ['a',{'Resource':'B'},'c']]", "{'Fn::Sub':'a-${B}-c'}", 0},
        {"join", "['-', [{'Sub':['x/',{'Ref':'X'}]},{'GetAtt':['B','Arn']}]]",
            "{'Fn::Sub':'x/${X}-${B.Arn}'}", 0},
        {"join", "[',', ['a',{'If':['C','b',null]}]]",
            "{'Fn::Join':[',',['a',{'Fn::If':['C','b',null]}]]}", 0},
        {"join", "[',', ['a',{'Ref':'AWS::NoValue'}]]",
            "{'Fn::Join':[',',['a',{'Ref':'AWS::NoValue'}]]}", 0},
        {"join", "[',', {'If':['C',['a'],{'Param':'Names'}]}]",
            "{'Fn::Join':[',',{'Fn::If':['C',['a'],{'Ref':'Names'}]}]}", 0},
        {"join", "[',', [{'Cond':'C'}, 'x']]",
            "{'Fn::Sub':'${{\\'Fn::If\\':[\\'C\\',\\'true\\',\\'false\\']}},x'}", 0},
        {"join", "[',', {'Param':'Env'}]",
            "ALT4201 argument 2 of 'join' must be a list, found the parameter 'Env'", 0},
        {"join", "[',', 'a']", "ALT4201 argument 2 of 'join' must be a list, found \"a\"", 0},
        {"join", "[',', [{'a':1}]]",
            "ALT4201 argument 2 of 'join' must be a list of strings, found a map in it", 0},
        {"join", "[',', [['a']]]",
            "ALT4201 argument 2 of 'join' must be a list of strings, found a list in it", 0},
        {"join", "[{'Ref':'X'}, ['a']]",
            "ALT4101 the deploy-time value 'X' is known only when deploying, but argument 1 of "
            "'join' must be known when compiling",
            0},
        {"split", "['-', 'a-b--c']", "['a','b','','c']", 0},
        {"split", "['-', '']", "['']", 0},
        {"split", "['::', 'a::']", "['a','']", 0},
        {"split", "[',', {'GetAtt':['Host','PublicIp']}]",
            "{'Fn::Split':[',',{'Fn::GetAtt':['Host','PublicIp']}]}", 0},
        {"split", "['', 'a']",
            "ALT4201 argument 1 of 'split' must be a text that is not empty, found \"\"", 0},
        {"split", "[',', {'Param':'Names'}]",
            "ALT4201 argument 2 of 'split' must be a string, found the parameter 'Names'", 0},
        {"select", "[1, ['a',{'Ref':'X'}]]", "{'Ref':'X'}", 0},
        {"select", "['0', ['a']]", "'a'", 0},
        {"select", "['0', {'Param':'Names'}]", "{'Fn::Select':['0',{'Ref':'Names'}]}", 0},
        {"select", "[{'Param':'Env'}, ['a','b']]", "{'Fn::Select':[{'Ref':'Env'},['a','b']]}", 0},
        {"select", "[1, [{'If':['C','a',null]},'b','c']]",
            "{'Fn::Select':[1,[{'Fn::If':['C','a',null]},'b','c']]}", 0},
        {"select", "[2, ['a','b']]", "ALT4203 there is no element 2 in a list of 2, counted from 0",
            0},
        {"select", "[-1, ['a']]", "ALT4202 argument 1 of 'select' counts from 0, found -1", 0},
        {"select", "['x', {'Param':'Names'}]",
            "ALT4201 argument 1 of 'select' must be a whole number, found \"x\"", 0},
    };
    CHECK_ROWS(rows);
}

// ---- CloudFormation's ----

static void test_base64_and_cidr(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"base64", "['']", "''", 0},
        {"base64", "['f']", "'Zg=='", 0},
        {"base64", "['fo']", "'Zm8='", 0},
        {"base64", "['foo']", "'Zm9v'", 0},
        {"base64", "['foob\\u00ff']", "'Zm9vYsO/'", 0},
        {"base64", "[{'Sub':['id ',{'Resource':'B'}]}]", "{'Fn::Base64':{'Fn::Sub':'id ${B}'}}", 0},
        {"base64", "[['a']]", "ALT4201 argument 1 of 'base64' must be a string, found a list", 0},
        {"cidr", "[{'GetAtt':['V','CidrBlock']}, 6, 8]",
            "{'Fn::Cidr':[{'Fn::GetAtt':['V','CidrBlock']},6,8]}", 0},
        {"cidr", "['10.0.0.0/16', 3, 8]", "['10.0.0.0/24','10.0.1.0/24','10.0.2.0/24']", 0},
        {"cidr", "['192.168.0.0/24', '2', '5']", "['192.168.0.0/27','192.168.0.32/27']", 0},
        {"cidr", "['0.0.0.0/0', 2, 31]", "['0.0.0.0/1','128.0.0.0/1']", 0},
        {"cidr", "['10.0.0.1/16', 3, 8]", "{'Fn::Cidr':['10.0.0.1/16',3,8]}", 0},
        {"cidr", "['10.0.0.0/16', 3]", "{'Fn::Cidr':['10.0.0.0/16',3]}", 0},
        {"cidr", "['fd00::/56', 3, 64]", "{'Fn::Cidr':['fd00::/56',3,64]}", 0},
        {"cidr", "['10.0.0.0/24', 3, 7]",
            "ALT4222 '10.0.0.0/24' has room for a count of 2 at 7 bits each, found 3", 0},
        {"cidr", "['10.0.0.0/16', 257, 8]",
            "ALT4201 argument 2 of 'cidr' must be a number from 1 to 256, found 257", 0},
        {"cidr", "['10.0.0.0/16', 2, 0]",
            "ALT4201 argument 3 of 'cidr' must be a number from 1 to 128, found 0", 0},
    };
    CHECK_ROWS(rows);
}

static void test_references(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"azs", "[]", "{'Fn::GetAZs':''}", 0},
        {"azs", "[{'Ref':'AWS::Region'}]", "{'Fn::GetAZs':{'Ref':'AWS::Region'}}", 0},
        {"importValue", "[{'Sub':['w-',{'Param':'Env'}]}]",
            "{'Fn::ImportValue':{'Fn::Sub':'w-${Env}'}}", 0},
        {"findInMap", "[{'Param':'Env'}, 'a', 'b']", "{'Fn::FindInMap':[{'Ref':'Env'},'a','b']}",
            0},
        {"findInMap", "[{'Mapping':'M'}, {'Ref':'AWS::Region'}, 'b']",
            "{'Fn::FindInMap':['M',{'Ref':'AWS::Region'},'b']}", 0},
        {"findInMap", "['M', 'a', 'b', {'DefaultValue':'d'}]",
            "{'Fn::FindInMap':['M','a','b','d']}", 0},
        {"findInMap", "[['M'], 'a', 'b']",
            "ALT4201 argument 1 of 'findInMap' must be a mapping or its name, found a list", 0},
        {"ref", "['Id']", "{'Ref':'Id'}", 0},
        {"ref", "[{'Resource':'B'}]", "{'Ref':'B'}", 0},
        {"ref", "[{'Sub':['Param',{'Ref':'Id'}]}]", "{'Ref':{'Fn::Sub':'Param${Id}'}}", 0},
        {"ref", "[5]", "ALT4201 argument 1 of 'ref' must be a logical id, found 5", 0},
        {"getAtt", "['Host', 'PublicIp']", "{'Fn::GetAtt':['Host','PublicIp']}", 0},
        {"getAtt", "[{'Resource':'B'}, 'Arn']", "{'Fn::GetAtt':['B','Arn']}", 0},
        {"getAtt", "[{'Resource':'B'}, {'Param':'Env'}]", "{'Fn::GetAtt':['B',{'Ref':'Env'}]}", 0},
        {"getAtt", "[['B'], 'Arn']",
            "ALT4201 argument 1 of 'getAtt' must be a resource or a logical id, found a list", 0},
        {"transform", "[{'Name':'AWS::Include','Parameters':{'Location':{'Param':'L'}}}]",
            "{'Fn::Transform':{'Name':'AWS::Include','Parameters':{'Location':{'Ref':'L'}}}}", 0},
        {"transform", "['AWS::Include', {'Location':'s3://b/x'}]",
            "{'Fn::Transform':{'Name':'AWS::Include','Parameters':{'Location':'s3://b/x'}}}", 0},
        {"transform", "['Upper']", "{'Fn::Transform':{'Name':'Upper'}}", 0},
        {"transform", "[5]",
            "ALT4201 argument 1 of 'transform' must be the name of a macro, found 5", 0},
    };
    CHECK_ROWS(rows);
}

static void test_rules(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"contains", "[['a','b'], {'Param':'Env'}]", "{'Fn::Contains':[['a','b'],{'Ref':'Env'}]}",
            MODE_IN_RULE},
        {"contains", "[['a'], 'a']", "{'Fn::Contains':[['a'],'a']}", MODE_IN_RULE},
        {"contains", "['a', 'a']", "ALT4201 argument 1 of 'contains' must be a list, found \"a\"",
            MODE_IN_RULE},
        {"eachMemberIn", "[{'Param':'Names'}, ['a']]",
            "{'Fn::EachMemberIn':[{'Ref':'Names'},['a']]}", MODE_IN_RULE},
        {"eachMemberIn", "[['a','b'], ['b','a','c']]", "true", 0},
        {"eachMemberIn", "[['a','x'], ['b','a','c']]", "false", 0},
        {"eachMemberIn", "[['a'], 'a']",
            "ALT4201 argument 2 of 'eachMemberIn' must be a list, found \"a\"", 0},
        {"eachMemberEquals", "[['a','a'], 'a']", "true", 0},
        {"eachMemberEquals", "[['a'], 'a']", "{'Fn::EachMemberEquals':[['a'],'a']}", MODE_IN_RULE},
        {"refAll", "['AWS::EC2::VPC::Id']", "{'Fn::RefAll':'AWS::EC2::VPC::Id'}", MODE_IN_RULE},
        {"refAll", "[['a']]", "ALT4201 argument 1 of 'refAll' must be a string, found a list", 0},
        {"valueOf", "[{'Param':'Subnet'}, 'Tags.Team']", "{'Fn::ValueOf':['Subnet','Tags.Team']}",
            MODE_IN_RULE},
        {"valueOf", "[{'Resource':'B'}, 'VpcId']",
            "ALT4201 argument 1 of 'valueOf' must be a parameter, found the resource 'B'", 0},
        {"valueOfAll", "['AWS::EC2::Subnet::Id', 'VpcId']",
            "{'Fn::ValueOfAll':['AWS::EC2::Subnet::Id','VpcId']}", MODE_IN_RULE},
    };
    CHECK_ROWS(rows);
}

static void test_sub(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"sub", "['plain']", "'plain'", 0},
        {"sub", "['a ${AWS::StackName} b']", "{'Fn::Sub':'a ${AWS::StackName} b'}", 0},
        {"sub", "['${B.Endpoint.Port}:${P}', {'P': 80}]", "{'Fn::Sub':'${B.Endpoint.Port}:80'}", 0},
        {"sub", "['${x}-${y}', {'x':'1','y':true}]", "'1-true'", 0},
        {"sub", "['${!Kept} ${x}', {'x':'1'}]", "'${Kept} 1'", 0},
        {"sub", "[{'Sub':['${x} ',{'Param':'Env'},' ${Y}']}, {'x':{'Resource':'B'}}]",
            "{'Fn::Sub':'${B} ${Env} ${Y}'}", 0},
        {"sub", "['${x}', {'x':'1','z':2}]", "'1'; ALT4221 the text has no '${z}' for this value",
            0},
        {"sub", "['${VAR:-x}']", "ALT4220 '${VAR:-x}' is no name that 'sub' can put in", 0},
        {"sub", "['a ${b']", "ALT4220 '${b' is no name that 'sub' can put in", 0},
        {"sub", "['${}']", "ALT4220 '${}' is no name that 'sub' can put in", 0},
        {"sub", "['${.a}']", "ALT4220 '${.a}' is no name that 'sub' can put in", 0},
        {"sub", "['${x}', {'x':[1]}]",
            "ALT4201 argument 2 of 'sub' must be a map of strings, found a list in it", 0},
        {"sub", "['${x}', 5]", "ALT4201 argument 2 of 'sub' must be a map, found 5", 0},
        {"sub", "[{'Param':'Env'}]",
            "ALT4201 argument 1 of 'sub' must be a string written here or known, found the "
            "parameter 'Env'",
            0},
    };
    CHECK_ROWS(rows);
}

static void test_resolve(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"resolve", "['ssm', '/a/b']", "'{{resolve:ssm:/a/b}}'", 0},
        {"resolve", "['ssm-secure', '/a/b', 3]", "'{{resolve:ssm-secure:/a/b:3}}'", 0},
        {"resolve", "['secretsmanager', {'Resource':'S'}, 'SecretString', 'key']",
            "{'Fn::Sub':'{{resolve:secretsmanager:${S}:SecretString:key}}'}", 0},
        {"resolve", "['secretsmanager', 'S', 'SecretString']",
            "'{{resolve:secretsmanager:S:SecretString}}'", 0},
        {"resolve", "['secretsmanager', 'S', 'SecretString', '', 'AWSPREVIOUS', null]",
            "'{{resolve:secretsmanager:S:SecretString::AWSPREVIOUS}}'", 0},
        {"resolve", "['smm', 'x']", "ALT4223 'resolve' has no service 'smm'", 0},
        {"resolve", "['ssm', 'x', 1, 2]",
            "ALT2011 'resolve(\"ssm\", …)' takes 2 to 3 arguments, found 4", 0},
        {"resolve", "['ssm', 'x', 'latest']",
            "ALT4201 argument 3 of 'resolve' must be the number of a version, found \"latest\"", 0},
        {"resolve", "['secretsmanager', 'x', 'key']",
            "ALT4201 argument 3 of 'resolve' must be \"SecretString\", found \"key\"", 0},
        {"resolve", "['ssm', null]", "ALT4201 argument 2 of 'resolve' must be a string, found null",
            0},
    };
    CHECK_ROWS(rows);
}

// ---- toJsonString ----

static void test_json_text_of_known_values(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"toJsonString", "[{'a':[1.0,null,true],'b':{}}]", "'{\\'a\\':[1.0,null,true],\\'b\\':{}}'",
            0},
        {"toJsonString", "['x']", "'\\'x\\''", 0},
        {"toJsonString", "[[]]", "'[]'", 0},
        {"toJsonString", "[{'a':'tab\\t'}]", "'{\\'a\\':\\'tab\\\\t\\'}'", 0},
        {"toJsonString", "[{'Mapping':'M'}]", "ALT4231 the mapping 'M' has no JSON text", 0},
        {"toJsonString", "[{'a':1}]", "'{\\'a\\':1}'", MODE_EXTENSIONS},
    };
    CHECK_ROWS(rows);
}

static void test_json_text_with_deploy_time_parts(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"toJsonString", "[{'a':{'Resource':'B'},'b':1}]",
            "{'Fn::Sub':'{\\'a\\':\\'${B}\\',\\'b\\':1}'}", 0},
        {"toJsonString", "[[{'GetAtt':['B','Arn']}]]", "{'Fn::Sub':'[\\'${B.Arn}\\']'}", 0},
        {"toJsonString", "[{'a':{'Sub':['x\\\\y-',{'Param':'Safe'}]}}]",
            "{'Fn::Sub':'{\\'a\\':\\'x\\\\\\\\y-${Safe}\\'}'}", 0},
        {"toJsonString", "[{'a':{'Param':'Env'}}]",
            "{'Fn::Sub':'{\\'a\\':\\'${Env}\\'}'}; "
            "ALT4230 a quote in the parameter 'Env' would end its JSON string",
            0},
        {"toJsonString", "[{'a':{'Param':'ListSafe'}}]",
            "{'Fn::Sub':'{\\'a\\':[\\'${{\\'Fn::Join\\':[\\'\\\\\\',\\\\\\'\\',"
            "{\\'Ref\\':\\'ListSafe\\'}]}}\\']}'}; "
            "ALT4230 a quote in the parameter 'ListSafe' would end its JSON string",
            0},
        {"toJsonString", "[{'a':{'Param':'Env'}}]", "{'Fn::ToJsonString':{'a':{'Ref':'Env'}}}",
            MODE_EXTENSIONS},
        {"toJsonString", "[{'Ref':'X'}]", "{'Fn::Sub':'\\'${X}\\''}", MODE_EXTENSIONS},
        {"toJsonString", "[{'a':{'Ref':'AWS::NoValue'},'b':1}]", "'{\\'b\\':1}'", 0},
    };
    CHECK_ROWS(rows);
}

static void test_json_text_with_choices(void **state)
{
    (void)state;
    static const Row rows[] = {
        // Strings on both sides: the quotes stand around the choice.
        {"toJsonString", "[{'a':{'If':['C','x','y']}}]",
            "{'Fn::Sub':'{\\'a\\':\\'${{\\'Fn::If\\':[\\'C\\',\\'x\\',\\'y\\']}}\\'}'}", 0},
        {"toJsonString", "[{'a':{'If':['C',1,false]}}]",
            "{'Fn::Sub':'{\\'a\\':${{\\'Fn::If\\':[\\'C\\',\\'1\\',\\'false\\']}}}'}", 0},
        {"toJsonString", "[{'a':{'If':['C',{'b':1},[]]}}]",
            "{'Fn::Sub':'{\\'a\\':${{\\'Fn::If\\':[\\'C\\',\\'{\\\\\\'b\\\\\\':1}\\',\\'[]\\']}}}'"
            "}",
            0},
        {"toJsonString", "[{'a':{'Cond':'C'}}]",
            "{'Fn::Sub':'{\\'a\\':${{\\'Fn::If\\':[\\'C\\',\\'true\\',"
            "\\'false\\']}}}'}",
            0},
        // An entry that may be left out brings its comma: towards the one that is always there.
        {"toJsonString", "[{'a':1,'b':{'If':['C',2,null]},'d':3}]",
            "{'Fn::Sub':'{\\'a\\':1${{\\'Fn::If\\':[\\'C\\',\\',\\\\\\'b\\\\\\':2\\',\\'\\']}},"
            "\\'d\\':3}'}",
            0},
        {"toJsonString", "[[{'If':['C',null,2]},3]]",
            "{'Fn::Sub':'[${{\\'Fn::If\\':[\\'C\\',\\'\\',\\'2,\\']}}3]'}", 0},
        {"toJsonString", "[[{'If':['C',2,null]}]]",
            "{'Fn::Sub':'[${{\\'Fn::If\\':[\\'C\\',\\'2\\',\\'\\']}}]'}", 0},
        {"toJsonString", "[[{'If':['C',2,null]},{'If':['D',2,null]}]]",
            "ALT4232 more than one entry may be left out and none is always there", 0},
    };
    CHECK_ROWS(rows);
}

// ---- cfn ----

static void test_raw_intrinsics_are_never_folded(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"cfn.join", "['-', ['a','b']]", "{'Fn::Join':['-',['a','b']]}", 0},
        {"cfn.base64", "['id']", "{'Fn::Base64':'id'}", 0},
        {"cfn.sub", "['${P}${n}', {'P':{'Param':'Env'},'n':1}]",
            "{'Fn::Sub':['${P}${n}',{'P':{'Ref':'Env'},'n':1}]}", 0},
        {"cfn.sub", "['${P}']", "{'Fn::Sub':'${P}'}", 0},
        {"cfn.select", "['0', ['a']]", "{'Fn::Select':['0',['a']]}", 0},
        {"cfn.split", "[',', 'a,b']", "{'Fn::Split':[',','a,b']}", 0},
        {"cfn.getAZs", "[]", "{'Fn::GetAZs':''}", 0},
        {"cfn.cidr", "['10.0.0.0/16', 2, 8]", "{'Fn::Cidr':['10.0.0.0/16',2,8]}", 0},
        {"cfn.ref", "['X']", "{'Ref':'X'}", 0},
        {"cfn.getAtt", "['X', 'Arn']", "{'Fn::GetAtt':['X','Arn']}", 0},
        {"cfn.findInMap", "['M', 'a', 'b']", "{'Fn::FindInMap':['M','a','b']}", 0},
        {"cfn.equals", "['a', 'b']", "{'Fn::Equals':['a','b']}", 0},
        {"cfn.not", "[{'Cond':'C'}]", "{'Fn::Not':[{'Condition':'C'}]}", 0},
        {"cfn.and", "[{'Cond':'C'}, true]", "{'Fn::And':[{'Condition':'C'},true]}", 0},
        {"cfn.condition", "['Made']", "{'Condition':'Made'}", 0},
        {"cfn.length", "[['a']]", "{'Fn::Length':['a']}", 0},
        {"cfn.toJsonString", "[{'a':1}]", "{'Fn::ToJsonString':{'a':1}}", 0},
        {"cfn.importValue", "['x']", "{'Fn::ImportValue':'x'}", 0},
        {"cfn.GetStackOutput", "[{'StackName':'x'}]",
            "{'Fn::GetStackOutput':{'StackName':'x'}}; ALT4224 'Fn::GetStackOutput' is not known "
            "to "
            "altc and is written as it stands",
            0},
        {"cfn.New", "['a', 1]",
            "{'Fn::New':['a',1]}; ALT4224 'Fn::New' is not known to altc and is written as it "
            "stands",
            0},
        {"cfn.join", "['-']", "ALT2011 'cfn.join' takes 2 arguments, found 1", 0},
        {"cfn.join", "['-', 'a']", "ALT4201 argument 2 of 'cfn.join' must be a list, found \"a\"",
            0},
        {"cfn.not", "['a']", "ALT4201 argument 1 of 'cfn.not' must be a condition, found \"a\"", 0},
        {"cfn.sub", "[{'Sub':['a',{'Ref':'X'}]}]",
            "ALT4101 a string with deploy-time parts is known only when deploying, but argument 1 "
            "of 'cfn.sub' must be known when compiling",
            0},
    };
    CHECK_ROWS(rows);
}

// ---- files ----

static void test_files(void **state)
{
    (void)state;
    static const Row rows[] = {
        {"file", "['notes.txt']", "'two\\nlines\\n'", 0},
        {"file", "['./notes.txt']", "'two\\nlines\\n'", 0},
        {"file", "['binary']", "ALT4215 'binary' is no text: byte 1 is not UTF-8", 0},
        {"file", "['gone']", "ALT1301 cannot find 'gone'", 0},
        {"file", "[['notes.txt']]", "ALT4201 argument 1 of 'file' must be a string, found a list",
            0},
        {"json", "['data.json']", "{'b':[1.0,null],'a':'010'}", 0},
        {"json", "['broken.json']",
            "ALT1025 found the end of the file, expected a key in double quotes", 0},
        {"yaml", "['data.yaml']", "{'a':true,'b':{'Ref':'X'}}", 0},
    };
    CHECK_ROWS(rows);
}

// ---- the table ----

static void test_the_table_is_sorted_and_found_by_name(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    const struct Builtin *builtin;
    for (size_t i = 0; (builtin = builtin_at(i)); i++) {
        Str name = str_of(builtin->name);
        assert_ptr_equal(builtin_find(name), builtin);
        assert_true(builtin->min_args <= builtin->max_args);
        assert_true(
            str_starts(str_of(builtin->signature), str_format(arena, "%s(", builtin->name)));
        if (i)
            assert_true(str_compare(str_of(builtin_at(i - 1)->name), name) < 0);
    }
    assert_null(builtin_find(STR("nothing")));
    assert_null(builtin_find(STR("")));
    arena_free(arena);
}

// spec/functions.md describes each function under its signature.
static void test_the_page_describes_each_function(void **state)
{
    (void)state;
    Arena *arena = arena_new();
    FILE *file = fopen("spec/functions.md", "rb");
    assert_non_null(file);
    Buf text;
    buf_init(&text, 0);
    char chunk[4096];
    size_t count;
    while ((count = fread(chunk, 1, sizeof chunk, file)))
        buf_add(&text, (Str){chunk, count});
    fclose(file);
    const struct Builtin *builtin;
    for (size_t i = 0; (builtin = builtin_at(i)); i++) {
        Str heading = str_format(arena, "\n### `%s`\n", builtin->signature);
        if (str_find(buf_str(&text), heading, 0) == SIZE_MAX)
            fail_msg("spec/functions.md has no heading `%s`", builtin->signature);
    }
    buf_release(&text);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_lists_and_maps),
        cmocka_unit_test(test_join_and_split),
        cmocka_unit_test(test_base64_and_cidr),
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_sub),
        cmocka_unit_test(test_resolve),
        cmocka_unit_test(test_json_text_of_known_values),
        cmocka_unit_test(test_json_text_with_deploy_time_parts),
        cmocka_unit_test(test_json_text_with_choices),
        cmocka_unit_test(test_raw_intrinsics_are_never_folded),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_the_table_is_sorted_and_found_by_name),
        cmocka_unit_test(test_the_page_describes_each_function),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
