"""Looking at stacks, their settings, and CreateStack and UpdateStack."""

import json

from cloudformation import changesets, language, plan, values
from cloudformation import template as templates
from cloudformation.engine import Target
from cloudformation.lookup import (check_name, flag, once, page, page_of_events, request_token,
                                   stack_in_brackets, stack_named, stack_with_id)
from cloudformation.model import STABLE, Stack
from cloudformation.template import invalid
from wire import AwsError, Time, members


def describe(context):
    name = context.params.get("StackName")
    if name:
        stack = stack_with_id(context, name)
        view = stack.view() if context.at >= context.world.now() else stack.view_at(context.at)
        if view is None or (view["StackStatus"] == "DELETE_COMPLETE"
                            and not name.startswith("arn:")):
            raise invalid(f"Stack with id {name} does not exist")
        return {"Stacks": [view]}
    found = [context.region.stacks[id_].view() for id_ in context.region.names.values()]
    some, token = page(context, "stacks", found, 50)
    return {"Stacks": some, "NextToken": token}


def list_all(context):
    wanted = members(context.params, "StackStatusFilter")
    found = []
    for stack in reversed(context.region.stacks.values()):
        if wanted and stack.status not in wanted:
            continue
        view = stack.view()
        found.append({key: view[key] for key in (
            "StackId", "StackName", "CreationTime", "LastUpdatedTime", "DeletionTime",
            "StackStatus", "StackStatusReason", "ParentId", "RootId", "DriftInformation")}
            | {"TemplateDescription": stack.template.get("Description")})
    some, token = page(context, "list", found, 100)
    return {"StackSummaries": some, "NextToken": token}


def events(context):
    name = context.params.get("StackName")
    if not name:
        raise invalid("1 validation error detected: Value null at 'stackName' failed to satisfy "
                      "constraint: Member must not be null")
    stack = stack_in_brackets(context, name)
    found = [one for one in stack.events if one["Timestamp"] <= context.at]
    some, token = page_of_events(context, "events", found)
    return {"StackEvents": _disordered(context, some), "NextToken": token}


def _disordered(context, events_):
    """Events as an eventually consistent service may give them, when a fault says so."""
    if context.settings.get("duplicate"):
        events_ = [one for event in events_ for one in (event, event)]
    if context.settings.get("shuffle"):
        events_ = events_[::2] + events_[1::2]
    if context.settings.get("sameTime") and events_:
        events_ = [{**one, "Timestamp": events_[0]["Timestamp"]} for one in events_]
    return events_


_KINDS = {"CREATE": "CREATE_STACK", "UPDATE": "UPDATE_STACK", "DELETE": "DELETE_STACK"}


def operation_events(context):
    """DescribeEvents: by stack, change set (ARN only) or operation."""
    params = context.params
    change_set_id, operation = params.get("ChangeSetName", ""), params.get("OperationId")
    stack_name = params.get("StackName")
    if change_set_id and not change_set_id.startswith("arn:") or \
            not (change_set_id or operation or stack_name):
        raise invalid("One of ChangeSetName, OperationId or StackName must be specified")
    stacks = list(context.region.stacks.values())
    if stack_name:
        stacks = [stack_in_brackets(context, stack_name)]
    elif change_set_id:
        if change_set_id not in context.region.change_sets:
            raise AwsError("ChangeSetNotFound", f"ChangeSet [{change_set_id}] does not exist", 404)
        stacks = [context.region.change_sets[change_set_id].stack]
    found = []
    for stack in stacks:
        if not change_set_id:
            kinds = {id_: kind for kind, id_ in stack.last_operations}
            found += [_as_operation_event(one, kinds) for one in stack.events]
        found += [one for one in stack.operation_events
                  if not change_set_id or one.get("ChangeSetId") == change_set_id]
    found = [one for one in found if not operation or one.get("OperationId") == operation]
    if flag(params, "Filters.FailedEvents"):
        found = [one for one in found if one["EventType"] != "STACK_EVENT"]
    found.sort(key=lambda one: one["Timestamp"])
    found = [{key: value for key, value in one.items() if key != "ChangeSetId"} for one in found]
    some, token = page_of_events(context, "operations", found)
    return {"OperationEvents": some, "NextToken": token}


def _as_operation_event(event, kinds):
    failed = event["ResourceStatus"].endswith("_FAILED")
    return {**{key: value for key, value in event.items() if key != "StackName"},
            "OperationType": kinds.get(event["OperationId"]),
            "EventType": "PROVISIONING_ERROR" if failed and event["LogicalResourceId"] !=
            event["StackName"] else "STACK_EVENT"}


def _resource_view(stack, resource, time_name="LastUpdatedTimestamp"):
    return {"LogicalResourceId": resource.logical,
            "PhysicalResourceId": resource.physical or None, "ResourceType": resource.type,
            time_name: Time(resource.updated), "ResourceStatus": resource.status,
            "ResourceStatusReason": resource.reason or None,
            "DriftInformation": {"StackResourceDriftStatus": resource.drift}}


def list_resources(context):
    stack = stack_with_id(context, context.params.get("StackName", ""))
    found = [_resource_view(stack, one) for one in stack.resources.values()]
    some, token = page(context, "resources", found, 100)
    return {"StackResourceSummaries": some, "NextToken": token}


def describe_resources(context):
    name, physical = context.params.get("StackName"), context.params.get("PhysicalResourceId")
    if name:
        stack = stack_with_id(context, name)
    else:
        owners = [one for one in context.region.stacks.values()
                  if any(item.physical == physical for item in one.resources.values())]
        if not owners:
            raise invalid(f"Stack for {physical} does not exist")
        stack = owners[-1]
    logical = context.params.get("LogicalResourceId")
    found = [{"StackName": stack.name, "StackId": stack.id,
              **_resource_view(stack, one, "Timestamp")}
             for one in stack.resources.values() if logical in (None, one.logical)]
    return {"StackResources": found[:100]}


def describe_resource(context):
    stack = stack_with_id(context, context.params.get("StackName", ""))
    logical = context.params.get("LogicalResourceId", "")
    if logical not in stack.resources:
        raise invalid(f"Resource {logical} does not exist for stack {stack.name}")
    return {"StackResourceDetail": {"StackName": stack.name, "StackId": stack.id,
                                    **_resource_view(stack, stack.resources[logical])}}


def list_exports(context):
    found = [{"ExportingStackId": stack.id, "Name": name, "Value": value}
             for name, (stack, value) in sorted(values.exports(context.region).items())]
    some, token = page(context, "exports", found, 100)
    return {"Exports": some, "NextToken": token}


def list_imports(context):
    name = context.params.get("ExportName", "")
    found = values.importers(context.region, name)
    if not found:
        raise invalid(f"Export '{name}' is not imported by any stack.")
    some, token = page(context, "imports", found, 100)
    return {"Imports": some, "NextToken": token}


# ---- direct operations ----

def create(context):
    token = request_token(context.params)
    return once(context, "CreateStack", token, lambda: _create(context, token))


def _target(context, stack):
    params, world = context.params, context.world
    body = templates.body(world, context.region, params)
    if body is None:
        if not flag(params, "UsePreviousTemplate"):
            raise invalid("Either Template URL or Template Body must be specified.")
        body = stack.body
    template, parameters = language.read(world, body, members(params, "Parameters"),
                                         stack.parameters if stack else None)
    templates.require_capabilities(template, members(params, "Capabilities"))
    tags = members(params, "Tags")
    tags = None if tags is None else {tag["Key"]: tag.get("Value", "") for tag in tags}
    return Target(body, template, parameters, tags)


def _create(context, token):
    params, region = context.params, context.region
    name = params.get("StackName", "")
    check_name(name, "stackName")
    stack = stack_named(region, name, deleted=False)
    if stack is not None and stack.status != "REVIEW_IN_PROGRESS":
        raise AwsError("AlreadyExistsException", f"Stack [{name}] already exists", 400)
    target = _target(context, None)
    if stack is None:
        stack = Stack(context.world, region, name)
        region.stacks[stack.id] = stack
        region.names[name] = stack.id
    stack.capabilities = members(params, "Capabilities") or []
    stack.role = params.get("RoleARN")
    stack.protected = flag(params, "EnableTerminationProtection")
    stack.disable_rollback = flag(params, "DisableRollback")
    stack.on_failure = params.get("OnFailure")
    stack.policy = params.get("StackPolicyBody")
    operation = context.engine.start(
        stack, "CREATE_STACK",
        lambda operation: context.engine.create(stack, operation, target), token,
        stack.disable_rollback)
    return {"StackId": stack.id, "OperationId": operation.id}


def update(context):
    token = request_token(context.params)
    return once(context, "UpdateStack", token, lambda: _update(context, token))


def _update(context, token):
    params = context.params
    name = params.get("StackName", "")
    stack = stack_named(context.region, name, deleted=False)
    if stack is None:
        raise invalid(f"Stack [{name}] does not exist")
    if stack.status in ("UPDATE_FAILED", "CREATE_FAILED") and flag(params, "DisableRollback"):
        pass
    elif stack.status not in STABLE:
        raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
    target = _target(context, stack)
    if plan.make(context.world, stack, target.template, target.parameters, target.tags).empty:
        raise invalid("No updates are to be performed.")
    changesets.outdate(context.region, stack)
    stack.capabilities = members(params, "Capabilities") or stack.capabilities
    stack.role = params.get("RoleARN") or stack.role
    stack.disable_rollback = flag(params, "DisableRollback")
    operation = context.engine.start(
        stack, "UPDATE_STACK",
        lambda operation: context.engine.update(stack, operation, target), token,
        stack.disable_rollback)
    return {"StackId": stack.id, "OperationId": operation.id}


# ---- settings ----

def protect(context):
    stack = stack_with_id(context, context.params.get("StackName", ""))
    if stack.parent:
        raise invalid("EnableTerminationProtection cannot be set on a nested stack directly")
    if not stack.exists:
        raise invalid(f"Stack with id {context.params['StackName']} does not exist")
    stack.protected = flag(context.params, "EnableTerminationProtection")
    for other in context.region.stacks.values():
        if other.root == stack.id:
            other.protected = stack.protected
            other.record()
    stack.record()
    return {"StackId": stack.id}


def set_policy(context):
    stack = stack_with_id(context, context.params.get("StackName", ""))
    text = context.params.get("StackPolicyBody")
    if text is None:
        text = templates.fetch(context.world, context.region,
                               context.params.get("StackPolicyURL", ""))
    if len(text.encode()) > 16384:
        raise invalid("1 validation error detected: Value at 'stackPolicyBody' failed to satisfy "
                      "constraint: Member must have length less than or equal to 16384")
    try:
        if not json.loads(text).get("Statement"):
            raise ValueError
    except (ValueError, AttributeError):
        raise invalid("Error validating stack policy: Invalid stack policy") from None
    stack.policy = text
    return None


def get_policy(context):
    stack = stack_with_id(context, context.params.get("StackName", ""))
    return {"StackPolicyBody": stack.policy}


def signal(context):
    stack_with_id(context, context.params.get("StackName", ""))
    return None

