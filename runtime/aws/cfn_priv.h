// What the files of CloudFormation's calls share: forms that are put together, sent and read.
#ifndef ALTC_AWS_CFN_PRIV_H
#define ALTC_AWS_CFN_PRIV_H

#include <stddef.h>

#include "runtime/aws/cfn.h"
#include "runtime/aws/query.h"

typedef struct CfnCall {
    AwsClient *client;
    Arena *arena;
    const char *action;
    Buf form;
} CfnCall;

// Starts a call of an operation; cfn_send or cfn_send_pages ends it.
CfnCall cfn_call(AwsClient *client, Arena *arena, const char *action);
// The same for one that is about a stack, by its name or ARN.
CfnCall cfn_stack_call(AwsClient *client, Arena *arena, const char *action, Str stack);
// Adds a field unless its value is empty.
void cfn_add(CfnCall *call, const char *name, Str value);
// Adds "LIST.member.N.NAME=VALUE", N from 1; an empty value is written.
void cfn_add_member(CfnCall *call, const char *list, size_t number, const char *name, Str value);
// Adds a list of texts unless it is empty.
void cfn_add_texts(CfnCall *call, const char *name, const Str *values, size_t count);
// `result` is the element "{Action}Result", or NULL when the reply is not ok or has none.
AwsReply cfn_send(CfnCall *call, const XmlNode **result);
// A call of which nothing but success matters.
AwsReply cfn_send_only(CfnCall *call);

// Takes a page's result into what the context is.
typedef void CfnTakePage(void *context, Arena *arena, const XmlNode *result);
// Calls until there is no further page. The last reply; ok only if all were.
AwsReply cfn_send_pages(CfnCall *call, CfnTakePage *take, void *context);
// The same for a list, which is all zero before the first page, and again unless all came.
AwsReply cfn_send_list(CfnCall *call, CfnTakePage *take, void *list, size_t size);

// A text at a path of elements, and the Str of a struct that it goes to.
typedef struct CfnField {
    const char *path;
    size_t offset;
} CfnField;

#define CFN_FIELD(Struct, member, path)                                                            \
    {                                                                                              \
        (path), offsetof(Struct, member)                                                           \
    }
#define CFN_READ(node, fields, object)                                                             \
    cfn_read_fields((node), (fields), sizeof(fields) / sizeof *(fields), (object))

void cfn_read_fields(const XmlNode *node, const CfnField *fields, size_t count, void *object);
void cfn_read_texts(Arena *arena, const XmlNode *node, const char *list, CfnTexts *texts);
// Members of a list that have a name and a value, each in an element of its own.
void cfn_read_pairs(Arena *arena, const XmlNode *node, const char *list, const char *name,
    const char *value, CfnPairs *pairs);
// A flag that is on.
bool cfn_read_flag(const XmlNode *node, const char *name);
// A member of "Parameters", of stacks and change sets.
CfnParameter cfn_read_parameter(const XmlNode *node);

#endif
