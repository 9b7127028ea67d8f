"""Early validation: what is checked before a change set can be executed, and hooks.

What a rule of the test finds, and what the stand-in sees by itself: names that are taken, buckets
that are not empty, properties that a type requires or does not have.
"""

import json

from cloudformation import types
from cloudformation.lookup import change_set
from wire import AwsError, Time

HOOKS = ("The following hook(s)/validation failed: [{}]. To troubleshoot Early Validation errors, "
         "use the DescribeEvents API for detailed failure information.")
_CHECKS = {"NAME_CONFLICT_VALIDATION": "AWS::EarlyValidation::ResourceExistenceCheck",
           "PROPERTY_VALIDATION": "AWS::EarlyValidation::PropertyValidation"}


def run(context, made, rule, disabled):
    """Names of the checks that fail; records the details for DescribeEvents."""
    findings = list(rule.get("validation", ()))
    if not disabled:
        findings += _own_findings(context, made)
    failed = []
    for finding in findings:
        mode = finding.get("ValidationFailureMode", "FAIL")
        name = finding.get("ValidationName", "PROPERTY_VALIDATION")
        made.stack.operation_events.append({
            "EventId": context.world.uuid(), "StackId": made.stack.id,
            "OperationId": made.operation, "OperationType": "CREATE_CHANGESET",
            "EventType": "VALIDATION_ERROR", "Timestamp": Time(context.world.now()),
            "LogicalResourceId": finding.get("LogicalResourceId"),
            "PhysicalResourceId": finding.get("PhysicalResourceId", ""),
            "ResourceType": finding.get("ResourceType") or made.template["Resources"].get(
                finding.get("LogicalResourceId"), {}).get("Type"),
            "ValidationFailureMode": mode, "ValidationName": name, "ValidationStatus": "FAILED",
            "ValidationStatusReason": finding.get("ValidationStatusReason"),
            "ValidationPath": finding.get("ValidationPath"), "ChangeSetId": made.id})
        check = finding.get("check") or _CHECKS.get(name, "AWS::EarlyValidation::" + name)
        if mode == "FAIL" and check not in failed:
            failed.append(check)
    return failed


def _own_findings(context, made):
    """What can be seen without a rule."""
    found = []
    for change in made.changes:
        after = json.loads(change.get("AfterContext") or "{}").get("Properties", {})
        if change["Action"] in ("Add", "Modify"):
            found += _properties(context, change, after)
        if change["ResourceType"] == "AWS::S3::Bucket":
            found += _bucket(context, change, after)
    return found


def _properties(context, change, after):
    facts = types.facts(context.world, change["ResourceType"])
    texts = [f"#: required key [{name}] not found" for name in facts.required
             if name not in after]
    if facts.properties is not None:
        texts += [f"#: extraneous key [{name}] is not permitted" for name in after
                  if name not in facts.properties]
    return [{"LogicalResourceId": change["LogicalResourceId"],
             "ValidationName": "PROPERTY_VALIDATION",
             "ValidationPath": f"/Resources/{change['LogicalResourceId']}/Properties",
             "ValidationStatusReason": text} for text in texts]


def _bucket(context, change, after):
    name, logical = after.get("BucketName"), change["LogicalResourceId"]
    found = []
    if change["Action"] == "Add" and name in context.world.buckets:
        found.append({"LogicalResourceId": logical, "ValidationName": "NAME_CONFLICT_VALIDATION",
                      "ValidationPath": f"/Resources/{logical}",
                      "ValidationStatusReason": "Resource of type 'AWS::S3::Bucket' with "
                      f"identifier '{name}' already exists."})
    bucket = context.world.buckets.get(change["PhysicalResourceId"] or "")
    if change["Action"] == "Remove" and change.get("PolicyAction") == "Delete" and bucket \
            and bucket.objects:
        found.append({"LogicalResourceId": logical, "PhysicalResourceId": bucket.name,
                      "ValidationName": "BUCKET_EMPTINESS_VALIDATION",
                      "ValidationFailureMode": "WARN",
                      "ValidationStatusReason": "The bucket is not empty."})
    return found


# ---- hooks of the account ----

def record_hook(context, made, rule):
    """Remembers what a hook said, for ListHookResults and GetHookResult."""
    made.hooks = [{
        "HookResultId": context.world.uuid(), "InvocationPoint": "PRE_PROVISION",
        "FailureMode": "FAIL", "TypeName": rule["hook"], "TypeVersionId": "00000001",
        "Status": "HOOK_COMPLETE_FAILED", "InvokedAt": Time(context.world.now()),
        "HookStatusReason": rule.get("hookReason", "Template failed validation"),
        "TargetType": "CHANGE_SET", "TargetId": made.id}]


def describe_hooks(context):
    made = change_set(context)
    return {"ChangeSetId": made.id, "ChangeSetName": made.name, "Status": "PLANNED",
            "StackId": made.stack.id, "StackName": made.stack.name,
            "Hooks": [{"InvocationPoint": one["InvocationPoint"],
                       "FailureMode": one["FailureMode"], "TypeName": one["TypeName"]}
                      for one in made.hooks]}


def _hook_results(context):
    return [one for made in context.region.change_sets.values() for one in made.hooks]


def list_results(context):
    kind, target = context.params.get("TargetType"), context.params.get("TargetId", "")
    found = [one for one in _hook_results(context) if one["TargetId"] == target]
    if not found:
        raise AwsError("HookResultNotFound", "No hook results found", 404)
    return {"TargetType": kind, "TargetId": target, "HookResults": found}


def result(context):
    for one in _hook_results(context):
        if one["HookResultId"] == context.params.get("HookResultId"):
            return {**{key: value for key, value in one.items()
                       if key not in ("TargetType", "TargetId")},
                    "Target": {"TargetType": one["TargetType"], "TargetId": one["TargetId"]}}
    raise AwsError("HookResultNotFound", "Hook result does not exist", 404)
