"""Change sets: made, described, executed, deleted, listed."""

import json

from cloudformation import effects, plan, rules, types, values
from cloudformation import template as templates
from cloudformation.engine import Target
from cloudformation.lookup import (change_set, check_name, flag, once, page, request_token,
                                   stack_in_brackets, stack_named)
from cloudformation.model import STABLE, ChangeSet, Stack
from cloudformation.template import invalid
from wire import AwsError, Time, entries, members

NO_CHANGES = ("The submitted information didn't contain changes. Submit different information to "
              "create a change set.")
NO_UPDATES = "No updates are to be performed."
INCOMPLETE = ("[WARN] --include-property-values option can return incomplete ChangeSet data "
              "because: ChangeSet creation failed for some resources")
HOOKS = ("The following hook(s)/validation failed: [{}]. To troubleshoot Early Validation errors, "
         "use the DescribeEvents API for detailed failure information.")
NON_TERMINAL = ("This stack is currently in a non-terminal [{}] state. To update the stack from "
                "this state, please use the disable-rollback parameter with update-stack API. To "
                "rollback to the last known good state, use the rollback-stack API")
PAGE_BYTES = 1000000


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
    template = templates.parse(body)
    templates.check(world, template)
    _check_resource_types(params, template)
    templates.require_capabilities(template, members(params, "Capabilities"))
    previous = stack.parameters if stack else None
    parameters = templates.parameter_values(template, members(params, "Parameters"), previous)
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
    world.scheduler.spawn(_life(context, made, rule, flag(params, "DisableValidation")))
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
    if stack.parent and not context.settings.get("nested"):
        pass  # AWS lets nested stacks be updated directly, and warns against it
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


def _life(context, made, rule, no_validation):
    """From CREATE_PENDING to its end."""
    seconds = float(rule.get("seconds", context.world.timing["changeSet"]))
    yield seconds / 4
    if made.status != "CREATE_PENDING":
        return
    made.set("CREATE_IN_PROGRESS", "UNAVAILABLE")
    yield seconds * 3 / 4
    if made.status == "CREATE_IN_PROGRESS":
        finish(context, made, rule, no_validation)


def finish(context, made, rule, no_validation=False):
    """Works out what the change set will do, and whether it can be made."""
    try:
        if "fail" in rule:
            raise invalid(rule["fail"])
        if "hook" in rule:
            raise invalid(f"The following hook(s) failed: [{rule['hook']}]")
        found = plan.make(context.world, made.stack, made.template, made.parameters, made.tags,
                          rule)
        made.changes = rule.get("changes") or found.changes
        _imports(context, made)
        if made.include_nested:
            _nested(context, made, rule)
        if not made.changes and not found.other and not rule.get("changes"):
            raise invalid(NO_UPDATES if templates.transforms(made.template) else NO_CHANGES)
        _refuse_used_exports(context, made)
        failed = _validate(context, made, rule, no_validation)
        if failed:
            raise invalid(HOOKS.format(", ".join(failed)))
    except AwsError as problem:
        made.changes = made.changes if problem.message.startswith("The following hook") else []
        made.set("FAILED", "UNAVAILABLE", problem.message)
        return
    made.incomplete = set(rule.get("incomplete", ()))
    made.warned = bool(made.incomplete or found.warnings)
    made.set("CREATE_COMPLETE", rule.get("execution", "AVAILABLE"), rule.get("warn"))
    if rule.get("obsolete"):
        made.set("CREATE_COMPLETE", "OBSOLETE")
    made.execute_fails = rule.get("executeFails")


def _imports(context, made):
    """Turns Add into Import for what is brought in."""
    made.import_ids = {}
    identified = dict(made.imports)
    for change in made.changes:
        logical = change["LogicalResourceId"]
        if change["Action"] != "Add":
            if made.kind == "IMPORT":
                raise invalid("As part of the import operation, you cannot modify or add "
                              "[Resources]")
            continue
        block = made.template["Resources"][logical]
        policy = block.get("DeletionPolicy")
        if logical in identified:
            if policy is None:
                raise invalid("The following resources to import "
                              f"[{logical}] must have DeletionPolicy attribute specified in the "
                              "template.")
            physical = "|".join(identified[logical].values())
        elif made.import_existing and policy in ("Retain", "RetainExceptOnCreate"):
            physical = _existing(context, made, logical, block)
            if physical is None:
                continue
        elif made.kind == "IMPORT":
            raise invalid("As part of the import operation, you cannot modify or add [Resources]")
        else:
            continue
        change["Action"], change["PhysicalResourceId"] = "Import", physical
        made.import_ids[logical] = physical


def _existing(context, made, logical, block):
    names = (block.get("Properties") or {})
    name = names.get("BucketName")
    if block["Type"] == "AWS::S3::Bucket" and name in context.world.buckets:
        return name
    return None


def _nested(context, made, rule):
    """Makes a change set for each nested stack; those without changes stay behind, FAILED."""
    evaluator = values.for_stack(context.world, made.stack, made.template, made.parameters)
    for change in list(made.changes):
        if change["ResourceType"] != types.STACK or change["Action"] == "Remove":
            continue
        logical = change["LogicalResourceId"]
        child = _nested_one(context, made, logical, change, evaluator)
        change["ChangeSetId"] = child.id
        made.children.append(child)
        if child.status == "FAILED":
            if child.reason.startswith((NO_CHANGES[:40], NO_UPDATES)):
                made.changes.remove(change)
            else:
                raise invalid(f"Nested change set {child.id} was not successfully created: "
                              "Currently in FAILED.")


def _nested_one(context, made, logical, change, evaluator):
    from cloudformation.model import Resource
    block = made.template["Resources"][logical]
    properties = evaluator.value(block.get("Properties") or {})
    engine, stack = context.engine, made.stack
    child_stack = stack.region.stacks.get(change["PhysicalResourceId"] or "")
    if child_stack is None:
        name = f"{stack.name}-{logical}-{context.world.letters(12)}"[:128]
        child_stack = engine.add_child(stack, name)
        child_stack.set_status("REVIEW_IN_PROGRESS", "User Initiated")
        stack.reserved[logical] = child_stack
    child = ChangeSet(context.world, child_stack, f"{made.name}-{logical}"[:128])
    child.parent, child.root = made.id, made.root or made.id
    child.include_nested = True
    context.region.change_sets[child.id] = child
    child.kind = "CREATE" if child_stack.status == "REVIEW_IN_PROGRESS" else "UPDATE"
    try:
        resource = Resource(logical, block["Type"], block, properties)
        target = engine.child_target(stack, resource, child_stack.parameters or None)
        child.body, child.template = target.body, target.template
        child.parameters = target.parameters
        finish(context, child, rules.for_change_set(context.world, child_stack, child.name))
    except AwsError as problem:
        child.set("FAILED", "UNAVAILABLE", problem.message)
    return child


def _refuse_used_exports(context, made):
    evaluator = values.for_stack(context.world, made.stack, made.template, made.parameters,
                                 missing_import=lambda name: "")
    kept = set()
    for block in (made.template.get("Outputs") or {}).values():
        name = (block.get("Export") or {}).get("Name")
        if name is not None and not ("Condition" in block
                                     and not evaluator.condition(block["Condition"])):
            kept.add(evaluator.value(name))
    for _, _, export in made.stack.outputs.values():
        if export and export not in kept:
            users = [name for name in values.importers(context.region, export)
                     if name != made.stack.name]
            if users:
                raise invalid(f"Export {export} cannot be deleted as it is in use by "
                              + ", ".join(users))


# ---- early validation ----

_CHECKS = {"NAME_CONFLICT_VALIDATION": "AWS::EarlyValidation::ResourceExistenceCheck",
           "PROPERTY_VALIDATION": "AWS::EarlyValidation::PropertyValidation"}


def _validate(context, made, rule, disabled):
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
    """What the stand-in can see by itself: names that are taken, buckets that are not empty."""
    found = []
    for change in made.changes:
        if change["ResourceType"] != "AWS::S3::Bucket":
            continue
        after = json.loads(change.get("AfterContext") or "{}").get("Properties", {})
        name = after.get("BucketName")
        if change["Action"] == "Add" and name in context.world.buckets:
            found.append({"LogicalResourceId": change["LogicalResourceId"],
                          "ValidationName": "NAME_CONFLICT_VALIDATION",
                          "ValidationPath": f"/Resources/{change['LogicalResourceId']}",
                          "ValidationStatusReason": f"Resource of type 'AWS::S3::Bucket' with "
                          f"identifier '{name}' already exists."})
        bucket = context.world.buckets.get(change["PhysicalResourceId"] or "")
        if change["Action"] == "Remove" and change.get("PolicyAction") == "Delete" and bucket \
                and bucket.objects:
            found.append({"LogicalResourceId": change["LogicalResourceId"],
                          "PhysicalResourceId": change["PhysicalResourceId"],
                          "ValidationName": "BUCKET_EMPTINESS_VALIDATION",
                          "ValidationFailureMode": "WARN",
                          "ValidationStatusReason": "The bucket is not empty."})
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
        changes = [one for one in changes if one["LogicalResourceId"] not in made.incomplete]
        if getattr(made, "warned", False):
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
        "Changes": [{"Type": "Resource", "ResourceChange": _told(plan.mask(one, secrets),
                                                                 with_values)} for one in some],
        "NextToken": token, "IncludeNestedStacks": made.include_nested,
        "ParentChangeSetId": made.parent, "RootChangeSetId": made.root,
        "OnStackFailure": made.on_failure, "ImportExistingResources": made.import_existing or None,
        "DeploymentMode": made.deployment_mode, "DeploymentConfig": made.deployment}


def _told(change, with_values):
    """As recorded: with values an Add carries Replacement True."""
    if with_values and change["Action"] == "Add":
        change = {**change, "Replacement": "True"}
    return change


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
                    getattr(made, "import_ids", {}))
    engine = context.engine
    first = stack.status == "REVIEW_IN_PROGRESS"
    disable = flag(params, "DisableRollback") or (made.deployment or {}).get(
        "DisableRollback", (made.deployment or {}).get("Mode") == "EXPRESS")
    stack.disable_rollback = disable
    kind = "CREATE_STACK" if first else "UPDATE_STACK"

    def generator(operation):
        operation.retain_except_on_create = flag(params, "RetainExceptOnCreate")
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
