"""The operations of CloudFormation by name."""

from cloudformation import (changesets, drift, fields, recovery, refactor, stacks, summaries,
                            validation)
from cloudformation.engine import Engine
from cloudformation.lookup import Context
from wire import AwsError

NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"

ACTIONS = {
    "CreateChangeSet": changesets.create,
    "DescribeChangeSet": changesets.describe,
    "ExecuteChangeSet": changesets.execute,
    "DeleteChangeSet": changesets.delete,
    "ListChangeSets": changesets.list_all,
    "DescribeChangeSetHooks": validation.describe_hooks,
    "ListHookResults": validation.list_results,
    "GetHookResult": validation.result,
    "CreateStack": stacks.create,
    "UpdateStack": stacks.update,
    "DeleteStack": recovery.delete,
    "CancelUpdateStack": recovery.cancel_update,
    "ContinueUpdateRollback": recovery.continue_rollback,
    "RollbackStack": recovery.roll_back,
    "DescribeStacks": stacks.describe,
    "ListStacks": stacks.list_all,
    "DescribeStackEvents": stacks.events,
    "DescribeEvents": stacks.operation_events,
    "ListStackResources": stacks.list_resources,
    "DescribeStackResources": stacks.describe_resources,
    "DescribeStackResource": stacks.describe_resource,
    "ListExports": stacks.list_exports,
    "ListImports": stacks.list_imports,
    "UpdateTerminationProtection": stacks.protect,
    "SetStackPolicy": stacks.set_policy,
    "GetStackPolicy": stacks.get_policy,
    "SignalResource": stacks.signal,
    "GetTemplate": summaries.get_template,
    "GetTemplateSummary": summaries.summary,
    "ValidateTemplate": summaries.validate,
    "DescribeAccountLimits": summaries.account_limits,
    "DescribeType": summaries.describe_type,
    "DetectStackDrift": drift.detect,
    "DescribeStackDriftDetectionStatus": drift.status,
    "DescribeStackResourceDrifts": drift.resources,
    "CreateStackRefactor": refactor.create,
    "DescribeStackRefactor": refactor.describe,
    "ListStackRefactorActions": refactor.actions,
    "ExecuteStackRefactor": refactor.execute,
    "ListStackRefactors": refactor.list_all,
}


def call(world, region, action, params, settings):
    """The result of an action as a dict, or None where the answer has no result element."""
    operation = ACTIONS.get(action)
    if operation is None:
        raise AwsError("InvalidAction", f"Could not find operation {action} for version "
                       "2010-05-15", 400)
    fields.check(action, params)
    result = operation(Context(world, region, Engine(world), params, settings))
    world.scheduler.run()  # what begins now has begun when the answer arrives
    return result
