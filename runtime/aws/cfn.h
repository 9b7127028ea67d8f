// CloudFormation's operations as typed calls. Each follows the page of that name in AWS's
// CloudFormation API Reference (version 2010-05-15). All take the client of one region and give an
// AwsReply: unless `ok`, nothing of the result is filled in. Results live in the arena. Fields that
// AWS left out are empty; elements and enum values that are not known are passed over or kept as
// text, as AWS adds to them all the time. Lists are complete: pages are read to their end, a token
// that comes twice ends them.
#ifndef ALTC_AWS_CFN_H
#define ALTC_AWS_CFN_H

#include "compiler/base/vec.h"
#include "runtime/aws/client.h"

typedef VEC(Str) CfnTexts;
typedef VEC(NamedText) CfnPairs;

// ---- stacks ----

typedef struct CfnOutput {
    Str key;
    Str value;
    Str description;
    Str export_name;
} CfnOutput;

// A parameter of a stack, or one that is handed in.
typedef struct CfnParameter {
    Str key;
    Str value;         // "****" of NoEcho ones when AWS answers
    bool use_previous; // when handed in: the deployed value stays
} CfnParameter;

typedef struct CfnStack {
    Str id; // ARN
    Str name;
    Str status; // "UPDATE_COMPLETE"
    Str detailed_status;
    Str reason;
    Str created; // "2026-01-31T10:00:00.123Z"; so are all times
    Str updated;
    Str deleted;
    Str change_set_id;
    Str description;
    Str role;
    Str parent_id; // of a nested stack
    Str root_id;
    Str drift_status;
    bool termination_protection;
    bool rollback_disabled;
    VEC(CfnOutput) outputs;
    VEC(CfnParameter) parameters;
    CfnTexts capabilities;
    CfnPairs tags;
    CfnPairs last_operations; // operation type and id, newest first
} CfnStack;

// DescribeStacks of one stack by name or ARN. A missing stack is a reply that is not ok, and
// cfn_is_missing.
AwsReply cfn_describe_stack(AwsClient *client, Arena *arena, Str stack, CfnStack *result);
// The reply says that there is no such stack, change set or resource.
bool cfn_is_missing(const AwsReply *reply);
// The reply says that the caller lacks a permission.
bool cfn_is_denied(const AwsReply *reply);
// No answer came, or one that does not tell whether the call was carried out.
bool cfn_is_ambiguous(const AwsReply *reply);
// The reply refuses because too many requests were made.
bool cfn_is_throttled(const AwsReply *reply);

// ---- change sets ----

typedef enum CfnAction {
    CFN_ACTION_UNKNOWN, // a word of AWS's that is not known here
    CFN_ADD,
    CFN_MODIFY,
    CFN_REMOVE,
    CFN_IMPORT,
    CFN_DYNAMIC,          // cannot be told beforehand
    CFN_SYNC_WITH_ACTUAL, // refresh of state only
} CfnAction;

typedef enum CfnReplacement {
    CFN_REPLACEMENT_NONE, // not said
    CFN_REPLACEMENT_FALSE,
    CFN_REPLACEMENT_TRUE,
    CFN_REPLACEMENT_CONDITIONAL,
} CfnReplacement;

typedef enum CfnRecreation {
    CFN_RECREATION_NONE, // not said
    CFN_RECREATION_NEVER,
    CFN_RECREATION_CONDITIONALLY,
    CFN_RECREATION_ALWAYS,
} CfnRecreation;

typedef struct CfnDetail {
    Str attribute; // "Properties", "Tags", "DeletionPolicy"…
    Str name;      // of the property
    Str path;      // JSON pointer below the resource, where AWS gives it
    Str before;    // texts of values, with values requested; empty when not said
    Str after;
    CfnRecreation recreation;
    bool dynamic;    // Evaluation: depends on what is known only meanwhile
    Str source;      // ChangeSource
    Str cause;       // CausingEntity
    Str change_type; // AttributeChangeType
} CfnDetail;

typedef struct CfnChange {
    CfnAction action;
    Str action_text;
    Str logical_id;
    Str physical_id; // empty for what is added
    Str type;
    CfnReplacement replacement; // only of CFN_MODIFY; otherwise NONE
    Str policy_action;          // "Delete", "Retain", "ReplaceAndDelete"…
    CfnTexts scope;
    VEC(CfnDetail) details;
    Str change_set_id; // of a nested stack
    Str before_context;
    Str after_context;
} CfnChange;

typedef struct CfnChangeSet {
    Str id; // ARN
    Str name;
    Str stack_id;
    Str stack_name;
    Str status; // "CREATE_COMPLETE", "FAILED"…
    Str reason;
    Str execution_status; // "AVAILABLE", "OBSOLETE"…
    Str created;
    Str description;
    Str parent_id;
    Str root_id;
    VEC(CfnChange) changes;
    VEC(CfnParameter) parameters;
    CfnTexts capabilities;
    CfnPairs tags;
} CfnChangeSet;

typedef struct CfnImport {
    Str type;
    Str logical_id;
    CfnPairs identifier; // property and value
} CfnImport;

typedef struct CfnChangeSetRequest {
    Str stack; // name or ARN
    Str name;
    const char *kind;  // "CREATE", "UPDATE", "IMPORT"
    Str template_body; // one of the two; both empty: UsePreviousTemplate
    Str template_url;
    const CfnParameter *parameters;
    size_t parameter_count;
    const Str *capabilities;
    size_t capability_count;
    const NamedText *tags;
    size_t tag_count;
    bool has_tags; // false: deployed tags stay; true and none: they are taken away
    Str role;
    Str token;            // ClientToken
    Str description;      // at most 1,024 bytes
    Str on_stack_failure; // "", "DO_NOTHING", "ROLLBACK", "DELETE"
    bool nested;          // IncludeNestedStacks
    bool import_existing;
    const CfnImport *imports;
    size_t import_count;
    const Str *notifications; // ARNs
    size_t notification_count;
} CfnChangeSetRequest;

AwsReply cfn_create_change_set(
    AwsClient *client, Arena *arena, const CfnChangeSetRequest *request, Str *id, Str *stack_id);
// By ARN. With `values` AWS also tells values and contexts, and may leave changes out: a careful
// caller asks both ways and merges.
AwsReply cfn_describe_change_set(
    AwsClient *client, Arena *arena, Str id, bool values, CfnChangeSet *result);
// Only the first page without changes: status and execution status, for waiting.
AwsReply cfn_change_set_status(AwsClient *client, Arena *arena, Str id, CfnChangeSet *result);
AwsReply cfn_execute_change_set(
    AwsClient *client, Arena *arena, Str id, Str token, bool disable_rollback);
// A change set that is gone already counts as ok.
AwsReply cfn_delete_change_set(AwsClient *client, Arena *arena, Str id);

typedef VEC(CfnChangeSet) CfnChangeSets; // without changes
AwsReply cfn_list_change_sets(AwsClient *client, Arena *arena, Str stack, CfnChangeSets *result);

// ---- events ----

typedef struct CfnEvent {
    Str id;
    Str stack_id;
    Str stack_name;
    Str logical_id;
    Str physical_id;
    Str type;
    Str time;
    Str status;
    Str reason;
    Str detailed_status;
    Str token;        // ClientRequestToken
    Str operation_id; // or empty
    Str hook_type;
    Str hook_status;
    Str hook_reason;
} CfnEvent;

typedef VEC(CfnEvent) CfnEvents; // newest first

// One page of DescribeStackEvents. `token` is that of the page, empty for the first; `next` is
// empty behind the last.
AwsReply cfn_stack_events(
    AwsClient *client, Arena *arena, Str stack, Str token, CfnEvents *result, Str *next);

typedef struct CfnFinding {
    Str logical_id;
    Str name; // of the validation or hook
    Str mode; // "FAIL", "WARN"
    Str path;
    Str reason;
    Str type; // EventType: "VALIDATION_ERROR"…
} CfnFinding;

typedef VEC(CfnFinding) CfnFindings;

// DescribeEvents with Filters.FailedEvents of a change set (by ARN): what early validation found.
AwsReply cfn_change_set_findings(AwsClient *client, Arena *arena, Str id, CfnFindings *result);

// ---- operations on stacks ----

typedef struct CfnDeleteRequest {
    Str stack; // ARN if known
    Str token;
    Str role;
    const Str *retain; // logical ids; only of a stack in DELETE_FAILED
    size_t retain_count;
    bool force; // FORCE_DELETE_STACK
} CfnDeleteRequest;

AwsReply cfn_delete_stack(AwsClient *client, Arena *arena, const CfnDeleteRequest *request);
AwsReply cfn_cancel_update(AwsClient *client, Arena *arena, Str stack, Str token);
AwsReply cfn_continue_rollback(
    AwsClient *client, Arena *arena, Str stack, Str token, const Str *skip, size_t skip_count);
AwsReply cfn_rollback_stack(AwsClient *client, Arena *arena, Str stack, Str token);
AwsReply cfn_set_stack_policy(AwsClient *client, Arena *arena, Str stack, Str policy);
// STR_NONE in `policy` when the stack has none.
AwsReply cfn_get_stack_policy(AwsClient *client, Arena *arena, Str stack, Str *policy);
AwsReply cfn_set_termination_protection(AwsClient *client, Arena *arena, Str stack, bool on);

// ---- what is deployed ----

// GetTemplate: the text as it was submitted ("Original").
AwsReply cfn_get_template(AwsClient *client, Arena *arena, Str stack, Str *text);
// DescribeType: the schema of a resource type, as JSON, that the registry of the account has.
AwsReply cfn_type_schema(AwsClient *client, Arena *arena, Str type, Str *schema);

typedef struct CfnSummaryParameter {
    Str key;
    Str type;
    Str default_value;
    bool has_default;
    bool no_echo;
} CfnSummaryParameter;

typedef struct CfnIdentifier {
    Str type;
    CfnTexts logical_ids;
    CfnTexts properties; // that identify a resource of the type
} CfnIdentifier;

typedef struct CfnSummary {
    VEC(CfnSummaryParameter) parameters;
    CfnTexts capabilities;
    Str capabilities_reason;
    CfnTexts transforms;
    VEC(CfnIdentifier) identifiers;
} CfnSummary;

// GetTemplateSummary of a body or URL, or of a stack; the other two empty.
AwsReply cfn_template_summary(
    AwsClient *client, Arena *arena, Str body, Str url, Str stack, CfnSummary *result);

typedef struct CfnResource {
    Str logical_id;
    Str physical_id;
    Str type;
    Str updated;
    Str status;
    Str reason;
    Str drift_status;
} CfnResource;

typedef VEC(CfnResource) CfnResources;

AwsReply cfn_list_resources(AwsClient *client, Arena *arena, Str stack, CfnResources *result);

typedef VEC(CfnStack) CfnStacks; // id, name, status, times and reason only
// ListStacks; also deleted ones of the last 90 days with `deleted`.
AwsReply cfn_list_stacks(AwsClient *client, Arena *arena, bool deleted, CfnStacks *result);
// Names of the stacks that import an export. None: also ok.
AwsReply cfn_list_imports(AwsClient *client, Arena *arena, Str export_name, CfnTexts *result);

// ---- drift ----

typedef struct CfnDifference {
    Str path;
    Str expected;
    Str actual;
    Str kind; // "ADD", "REMOVE", "NOT_EQUAL"
} CfnDifference;

typedef struct CfnDrift {
    Str logical_id;
    Str physical_id;
    Str type;
    Str status; // "IN_SYNC", "MODIFIED", "DELETED", "NOT_CHECKED"…
    Str reason;
    VEC(CfnDifference) differences;
} CfnDrift;

typedef VEC(CfnDrift) CfnDrifts;

AwsReply cfn_detect_drift(AwsClient *client, Arena *arena, Str stack, Str *detection_id);
// `status`: "DETECTION_IN_PROGRESS", "DETECTION_COMPLETE", "DETECTION_FAILED".
AwsReply cfn_drift_status(
    AwsClient *client, Arena *arena, Str detection_id, Str *status, Str *reason, Str *stack_drift);
AwsReply cfn_list_drifts(AwsClient *client, Arena *arena, Str stack, CfnDrifts *result);

// ---- refactoring ----

typedef struct CfnRefactorStack {
    Str name;
    Str template_body;
    Str template_url;
} CfnRefactorStack;

typedef struct CfnRefactorMove {
    Str from_stack;
    Str from_id;
    Str to_stack;
    Str to_id;
} CfnRefactorMove;

AwsReply cfn_create_refactor(AwsClient *client, Arena *arena, const CfnRefactorStack *stacks,
    size_t stack_count, const CfnRefactorMove *moves, size_t move_count, Str *id);
AwsReply cfn_refactor_status(AwsClient *client, Arena *arena, Str id, Str *status, Str *reason,
    Str *execution_status, Str *execution_reason);
AwsReply cfn_execute_refactor(AwsClient *client, Arena *arena, Str id);

#endif
