"""The fields that each operation takes, as in AWS's model of the service.

AWS ignores what it does not know; a stand-in that did would let a misspelt field pass for ever. So
unknown fields, lists without `member` and booleans in other words are refused here, by an error
that AWS does not have.
"""

import re

from wire import AwsError

_PARAMETERS = ("Parameters Parameters.ParameterKey Parameters.ParameterValue "
               "Parameters.UsePreviousValue ")
_COMMON = _PARAMETERS + (
    "TemplateBody TemplateURL Capabilities ResourceTypes RoleARN NotificationARNs Tags Tags.Key "
    "Tags.Value RollbackConfiguration.RollbackTriggers RollbackConfiguration.RollbackTriggers.Arn "
    "RollbackConfiguration.RollbackTriggers.Type RollbackConfiguration.MonitoringTimeInMinutes "
    "DeploymentConfig.Mode DeploymentConfig.DisableRollback DisableValidation ")

# A field that has to be there ends with "!".
FIELDS = {
    "CancelUpdateStack": "StackName! ClientRequestToken",
    "ContinueUpdateRollback": "StackName! RoleARN ResourcesToSkip ClientRequestToken",
    "CreateChangeSet": _COMMON + (
        "StackName! ChangeSetName! UsePreviousTemplate ClientToken Description ChangeSetType "
        "ResourcesToImport ResourcesToImport.ResourceType ResourcesToImport.LogicalResourceId "
        "ResourcesToImport.ResourceIdentifier IncludeNestedStacks OnStackFailure "
        "ImportExistingResources DeploymentMode"),
    "CreateStack": _COMMON + (
        "StackName! DisableRollback TimeoutInMinutes OnFailure StackPolicyBody StackPolicyURL "
        "ClientRequestToken EnableTerminationProtection RetainExceptOnCreate"),
    "CreateStackRefactor": (
        "Description EnableStackCreation ResourceMappings ResourceMappings.Source.StackName "
        "ResourceMappings.Source.LogicalResourceId ResourceMappings.Destination.StackName "
        "ResourceMappings.Destination.LogicalResourceId StackDefinitions "
        "StackDefinitions.StackName! StackDefinitions.TemplateBody StackDefinitions.TemplateURL"),
    "DeleteChangeSet": "ChangeSetName! StackName",
    "DeleteStack": "StackName! RetainResources RoleARN ClientRequestToken DeletionMode "
                   "DeploymentConfig.Mode",
    "DescribeAccountLimits": "NextToken",
    "DescribeChangeSet": "ChangeSetName! StackName NextToken IncludePropertyValues",
    "DescribeChangeSetHooks": "ChangeSetName! StackName NextToken LogicalResourceId",
    "DescribeEvents": "StackName ChangeSetName OperationId Filters.FailedEvents NextToken",
    "DescribeStackDriftDetectionStatus": "StackDriftDetectionId!",
    "DescribeStackEvents": "StackName! NextToken",
    "DescribeStackRefactor": "StackRefactorId!",
    "DescribeStackResource": "StackName! LogicalResourceId!",
    "DescribeStackResourceDrifts": "StackName! StackResourceDriftStatusFilters NextToken "
                                   "MaxResults",
    "DescribeStackResources": "StackName LogicalResourceId PhysicalResourceId",
    "DescribeStacks": "StackName NextToken",
    "DescribeType": "Type TypeName Arn VersionId PublisherId PublicVersionNumber",
    "DetectStackDrift": "StackName! LogicalResourceIds",
    "ExecuteChangeSet": "ChangeSetName! StackName ClientRequestToken DisableRollback "
                        "RetainExceptOnCreate",
    "ExecuteStackRefactor": "StackRefactorId!",
    "GetHookResult": "HookResultId",
    "GetStackPolicy": "StackName!",
    "GetTemplate": "StackName ChangeSetName TemplateStage",
    "GetTemplateSummary": "TemplateBody TemplateURL StackName StackSetName CallAs "
                          "TemplateSummaryConfig.TreatUnrecognizedResourceTypesAsWarnings",
    "ListChangeSets": "StackName! NextToken",
    "ListExports": "NextToken",
    "ListHookResults": "TargetType TargetId TypeArn Status NextToken",
    "ListImports": "ExportName! NextToken",
    "ListStackRefactorActions": "StackRefactorId! NextToken MaxResults",
    "ListStackRefactors": "ExecutionStatusFilter NextToken MaxResults",
    "ListStackResources": "StackName! NextToken",
    "ListStacks": "NextToken StackStatusFilter",
    "RollbackStack": "StackName! RoleARN ClientRequestToken RetainExceptOnCreate "
                     "DeploymentConfig.Mode",
    "SetStackPolicy": "StackName! StackPolicyBody StackPolicyURL",
    "SignalResource": "StackName! LogicalResourceId! UniqueId! Status!",
    "UpdateStack": _COMMON + (
        "StackName! UsePreviousTemplate StackPolicyDuringUpdateBody StackPolicyDuringUpdateURL "
        "StackPolicyBody StackPolicyURL DisableRollback ClientRequestToken RetainExceptOnCreate"),
    "UpdateTerminationProtection": "EnableTerminationProtection! StackName!",
    "ValidateTemplate": "TemplateBody TemplateURL",
}
BOOLEANS = {"UsePreviousTemplate", "IncludeNestedStacks", "ImportExistingResources",
            "DisableValidation", "DisableRollback", "RetainExceptOnCreate",
            "IncludePropertyValues", "EnableTerminationProtection", "EnableStackCreation",
            "Filters.FailedEvents", "Parameters.UsePreviousValue",
            "DeploymentConfig.DisableRollback",
            "TemplateSummaryConfig.TreatUnrecognizedResourceTypesAsWarnings"}
_PLACE = re.compile(r"\.member\.[1-9][0-9]*(?=\.|$)|\.entry\.[1-9][0-9]*\.(?:key|value)$")


def check(action, params):
    """Raises for a field that the operation does not take, or that it lacks."""
    known = FIELDS[action].split()
    names = {name.rstrip("!") for name in known}
    for key, value in params.items():
        name = _PLACE.sub("", key)
        if name not in names and key not in ("Action", "Version"):
            raise AwsError("StandinUnknownField", f"{action} takes no {key}. AWS would ignore it.",
                           400)
        if name in BOOLEANS and value not in ("true", "false"):
            raise AwsError("StandinUnknownField", f"{key} has to be true or false, not {value!r}.",
                           400)
    for name in known:
        if name.endswith("!") and "." not in name and name[:-1] not in params:
            word = name[0].lower() + name[1:-1]
            raise AwsError("ValidationError", f"1 validation error detected: Value null at "
                           f"'{word}' failed to satisfy constraint: Member must not be null", 400)
