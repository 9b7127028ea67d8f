"""Change sets: made, described, executed, deleted, listed."""

import json

from cloudformation import language, making, plan, rules
from cloudformation import template as templates
from cloudformation.engine import Target
from cloudformation.lookup import (PAGE_BYTES, change_set, check_name, flag, once, page,
                                   request_token, stack_in_brackets, stack_named)
from cloudformation.model import STABLE, ChangeSet, Stack
from cloudformation.template import invalid
from wire import AwsError, Time, entries, members

INCOMPLETE = ("[WARN] --include-property-values option can return incomplete ChangeSet data "
              "because: ChangeSet creation failed for some resources")
NON_TERMINAL = ("This stack is currently in a non-terminal [{}] state. To update the stack from "
                "this state, please use the disable-rollback parameter with update-stack API. To "
                "rollback to the last known good state, use the rollback-stack API")


# ---- making ----

def create(context):
    return once(context, "CreateChangeSet", context.params.get("ClientToken"),
                lambda: _create(context))


def _create(context):
    params, world = context.params, context.world
    name, kind = params.get("ChangeSetName", ""), params.get("ChangeSetType", "UPDATE")
    check_name(name, "changeSetName")
    if kind not in ("CREATE", "UPDATE", "IMPORT"):
        raise invalid(f"1 validation error detected: Value '{kind}' at 'changeSetType' failed to "
                      "satisfy constraint: Member must satisfy enum value set: [CREATE, UPDATE, "
                      "IMPORT]")
    stack = _stack_for(context, name, kind)
    body = templates.body(world, context.region, params)
    if body is None:
        if not flag(params, "UsePreviousTemplate") or stack is None:
            raise invalid("Either Template URL or Template Body must be specified.")
        body = stack.body
    template, parameters = language.read(world, body, members(params, "Parameters"),
                                         stack.parameters if stack else None)
    _check_resource_types(params, template)
    templates.require_capabilities(template, members(params, "Capabilities"))
    new_stack = stack is None
    if new_stack:
        check_name(params.get("StackName"), "stackName")
        stack = Stack(world, context.region, params["StackName"])
    _check_room(context, stack, name, body, new_stack)
    if new_stack:
        context.region.stacks[stack.id] = stack
        context.region.names[stack.name] = stack.id
        stack.set_status("REVIEW_IN_PROGRESS", "User Initiated")
    made = _fill(ChangeSet(world, stack, name), params, kind, body, template, parameters)
    context.region.change_sets[made.id] = made
    rule = rules.for_change_set(world, stack, name)
    world.scheduler.spawn(making.life(context, made, rule, flag(params, "DisableValidation")))
    return {"Id": made.id, "StackId": stack.id}


def _stack_for(context, change_set_name, kind):
    """The stack that a change set is for; None when it has to be made."""
    name = context.params.get("StackName", "")
    stack = stack_named(context.region, name, deleted=False)
    if kind == "CREATE":
        if stack is not None and stack.status != "REVIEW_IN_PROGRESS":
            raise invalid(f"Stack [{name}] already exists and cannot be created again with the "
                          f"changeSet [{change_set_name}].")
        return stack
    if stack is None and kind == "IMPORT":
        return None
    if stack is None:
        raise invalid(f"Stack [{name}] does not exist")
    if stack.status == "CREATE_FAILED" and stack.on_failure == "DO_NOTHING":
        raise invalid(f"Stack:{stack.id} is in CREATE_FAILED state and can not be updated because "
                      "it contains [on-failure: DO_NOTHING]. Please use disable-rollback option "
                      "instead")
    if stack.status not in (*STABLE, "UPDATE_FAILED", "CREATE_FAILED") and not (
            kind == "IMPORT" and stack.status == "REVIEW_IN_PROGRESS"):
        raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
    return stack


def _check_resource_types(params, template):
    allowed = members(params, "ResourceTypes")
    if not allowed:
        return
    for resource in template["Resources"].values():
        kind = resource["Type"]
        if not any(kind == one or one.endswith("*") and kind.startswith(one[:-1])
                   for one in allowed):
            raise invalid(f"Resource type {kind} is not allowed by parameter ResourceTypes "
                          f"[{', '.join(allowed)}]")


def _check_room(context, stack, name, body, new_stack):
    region, limits = context.region, context.world.limits
    if new_stack and len(region.names) >= limits["stacks"]:
        raise AwsError("LimitExceededException", f"Limit for stack has been exceeded "
                       f"({limits['stacks']})", 400)
    existing = [one for one in region.change_sets.values() if one.stack is stack and one.live]
    if len(existing) >= limits["changeSets"]:
        raise AwsError("LimitExceededException", f"ChangeSet limit exceeded for stack {stack.name}",
                       400)
    same = [one for one in existing if one.name == name]
    if same and same[-1].body != body:
        raise AwsError("AlreadyExistsException", f"ChangeSet {name} cannot be created due to a "
                       "mismatch with existing attribute Template", 400)
    if same:
        raise AwsError("AlreadyExistsException", f"ChangeSet {name} already exists", 400)


def _fill(made, params, kind, body, template, parameters):
    made.kind, made.body, made.template, made.parameters = kind, body, template, parameters
    made.capabilities = members(params, "Capabilities") or []
    tags = members(params, "Tags")
    made.tags = None if tags is None else {tag["Key"]: tag.get("Value", "") for tag in tags}
    made.role = params.get("RoleARN")
    if made.role is not None and ":role/" not in made.role:
        raise invalid("Role ARN is invalid or cannot be assumed")
    made.notifications = members(params, "NotificationARNs")
    made.rollback = _rollback_configuration(params)
    made.description = params.get("Description")
    made.on_failure = params.get("OnStackFailure")
    if made.on_failure == "DELETE" and kind != "CREATE":
        raise invalid("OnStackFailure DELETE is only valid for change sets of type CREATE")
    made.include_nested = flag(params, "IncludeNestedStacks")
    made.import_existing = flag(params, "ImportExistingResources")
    made.deployment_mode = params.get("DeploymentMode")
    if "DeploymentConfig.Mode" in params or "DeploymentConfig.DisableRollback" in params:
        made.deployment = {"Mode": params.get("DeploymentConfig.Mode", "STANDARD")}
        if "DeploymentConfig.DisableRollback" in params:
            made.deployment["DisableRollback"] = flag(params, "DeploymentConfig.DisableRollback")
    for item in members(params, "ResourcesToImport") or []:
        made.imports.append((item["LogicalResourceId"], entries(item, "ResourceIdentifier")))
    if kind == "IMPORT" and not made.imports:
        raise invalid("You must specify ResourcesToImport for change sets of type IMPORT")
    return made


def _rollback_configuration(params):
    triggers = members(params, "RollbackConfiguration.RollbackTriggers")
    minutes = params.get("RollbackConfiguration.MonitoringTimeInMinutes")
    if triggers is None and minutes is None:
        return None
    found = {} if triggers is None else {"RollbackTriggers": triggers}
    if minutes is not None:
        found["MonitoringTimeInMinutes"] = int(minutes)
    return found


# ---- looking ----

def describe(context):
    made = change_set(context)
    state = made.state_at(context.at)
    if state is None:
        raise AwsError("ChangeSetNotFound", f"ChangeSet [{context.params['ChangeSetName']}] does "
                       "not exist", 404)
    status, execution, reason = state
    with_values = flag(context.params, "IncludePropertyValues")
    changes = made.changes if status in ("CREATE_COMPLETE", "FAILED") else []
    if with_values:
        changes = [plan.with_values(one) for one in changes
                   if one["LogicalResourceId"] not in made.incomplete]
        changes = [one for one in changes if one is not None]
        if made.warned:
            reason = INCOMPLETE
    else:
        changes = [plan.without_values(one) for one in changes]
    some, token = page(context, "changes", changes, _page_size(changes))
    secrets = _secrets(made)
    return {
        "ChangeSetName": made.name, "ChangeSetId": made.id, "StackId": made.stack.id,
        "StackName": made.stack.name, "Description": made.description,
        "Parameters": templates.shown(made.template, made.parameters) or None,
        "CreationTime": Time(made.created), "ExecutionStatus": execution, "Status": status,
        "StatusReason": reason,
        "NotificationARNs": made.notifications or [],
        "RollbackConfiguration": made.rollback or {}, "Capabilities": made.capabilities,
        "Tags": None if made.tags is None else
        [{"Key": key, "Value": value} for key, value in made.tags.items()],
        "Changes": [{"Type": "Resource", "ResourceChange": plan.mask(one, secrets)}
                    for one in some],
        "NextToken": token, "IncludeNestedStacks": made.include_nested,
        "ParentChangeSetId": made.parent, "RootChangeSetId": made.root,
        "OnStackFailure": made.on_failure, "ImportExistingResources": made.import_existing or None,
        "DeploymentMode": made.deployment_mode, "DeploymentConfig": made.deployment}


def _secrets(made):
    found = set()
    for template, parameters in ((made.template, made.parameters),
                                 (made.stack.template, made.stack.parameters)):
        found |= {value for key, value in parameters.items()
                  if value and templates.no_echo(template, key)}
    return sorted(found, key=len, reverse=True)


def _page_size(changes):
    """How many changes fit into about a megabyte."""
    total = 0
    for count, change in enumerate(changes):
        total += len(json.dumps(change, default=str))
        if total > PAGE_BYTES:
            return max(1, count)
    return max(1, len(changes))


def list_all(context):
    stack = stack_in_brackets(context, context.params.get("StackName", ""))
    found = [one.summary() for one in context.region.change_sets.values()
             if one.stack is stack and one.live]
    some, token = page(context, "changesets", found, 100)
    return {"Summaries": some, "NextToken": token}


# ---- executing, deleting ----

def execute(context):
    token = request_token(context.params)
    return once(context, "ExecuteChangeSet", token, lambda: _execute(context, token))


def _execute(context, token):
    made, params = change_set(context), context.params
    _check_executable(made, params)
    stack = made.stack
    made.set("CREATE_COMPLETE", "EXECUTE_IN_PROGRESS")
    for other in list(context.region.change_sets.values()):
        if other.stack is stack and other is not made and other.live and not other.parent:
            other.set("DELETE_COMPLETE", "UNAVAILABLE")
    _settle_stack(stack, made, params)
    target = Target(made.body, made.template, made.parameters, made.tags,
                    made.import_ids)
    engine = context.engine
    first = stack.status == "REVIEW_IN_PROGRESS"
    disable = flag(params, "DisableRollback") or (made.deployment or {}).get(
        "DisableRollback", (made.deployment or {}).get("Mode") == "EXPRESS")
    stack.disable_rollback = disable
    kind = "CREATE_STACK" if first else "UPDATE_STACK"

    def generator(operation):
        operation.retain_except_on_create = flag(params, "RetainExceptOnCreate")
        operation.revert = made.deployment_mode == "REVERT_DRIFT"
        return _run(context, engine, stack, operation, target, made, first)
    if first:
        stack.updated = context.world.now()
    engine.start(stack, kind, generator, token, disable)
    for child in made.children:
        child.set(child.status, "EXECUTE_COMPLETE" if child.status == "CREATE_COMPLETE"
                  else child.execution, child.reason)
    return {}


def _check_executable(made, params):
    if made.status != "CREATE_COMPLETE":
        raise AwsError("InvalidChangeSetStatus", f"ChangeSet [{made.id}] cannot be executed in its "
                       f"current status of [{made.status}]", 400)
    if made.execution != "AVAILABLE":
        raise AwsError("InvalidChangeSetStatus", f"ChangeSet [{made.id}] cannot be executed in its "
                       f"current execution status of [{made.execution}]", 400)
    stack = made.stack
    if params.get("DisableRollback") is not None and made.on_failure is not None:
        raise invalid("OnStackFailure and DisableRollback cannot both be specified")
    if stack.status in ("UPDATE_FAILED", "CREATE_FAILED"):
        if stack.express and (made.deployment or {}).get("Mode") != "EXPRESS":
            raise invalid(f"This stack is in a {stack.status} state from a previous operation that "
                          "used EXPRESS deployment mode. Use EXPRESS deployment mode again.")
        if not flag(params, "DisableRollback") and not stack.express:
            raise invalid(NON_TERMINAL.format(stack.status))
    elif stack.status not in (*STABLE, "REVIEW_IN_PROGRESS"):
        raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")


def _settle_stack(stack, made, params):
    """What the change set carries besides the template."""
    stack.change_set = made.id
    stack.capabilities = made.capabilities or stack.capabilities
    stack.role = made.role or stack.role
    stack.on_failure = made.on_failure
    stack.express = (made.deployment or {}).get("Mode") == "EXPRESS"
    if made.notifications is not None:
        stack.notifications = made.notifications
    if made.rollback is not None:
        stack.rollback = made.rollback


def _run(context, engine, stack, operation, target, made, first):
    if made.kind == "IMPORT":
        work = engine.update(stack, operation, target, ("IMPORT", "User Initiated"))
    elif first:
        work = engine.create(stack, operation, target)
    else:
        work = engine.update(stack, operation, target)
    yield from work
    good = stack.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
    made.set("CREATE_COMPLETE", "EXECUTE_COMPLETE" if good else "EXECUTE_FAILED")


def delete(context):
    try:
        made = change_set(context)
    except AwsError as problem:
        if problem.code == "ChangeSetNotFound" and \
                not context.params["ChangeSetName"].startswith("arn:"):
            return {}  # deleting what is not there is fine
        raise
    if made.execution == "EXECUTE_IN_PROGRESS" or made.status == "CREATE_IN_PROGRESS":
        raise AwsError("InvalidChangeSetStatus",
                       "An operation on this ChangeSet is currently in progress.", 400)
    if made.execution in ("EXECUTE_COMPLETE", "EXECUTE_FAILED"):
        raise AwsError("InvalidChangeSetStatus", f"ChangeSet [{made.id}] cannot be deleted in "
                       f"execution status [{made.execution}]", 400)
    for child in made.children:
        child.set("DELETE_COMPLETE", "UNAVAILABLE")
    made.set("DELETE_COMPLETE", "UNAVAILABLE")
    return {}


def outdate(region, stack):
    """The stack changes by another way: its change sets describe a state that is past."""
    for one in region.change_sets.values():
        if one.stack is stack and one.execution == "AVAILABLE":
            one.set(one.status, "OBSOLETE")
