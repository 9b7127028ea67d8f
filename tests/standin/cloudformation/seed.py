"""Stacks that a test puts there outright, in any state, and how a test sees all of a stack."""

import json

from cloudformation import effects, language, types, values
from cloudformation import template as templates
from cloudformation.lookup import stack_named
from cloudformation.model import Operation, Resource, Stack
from wire import iso

KEYS = ("account", "region", "name", "status", "reason", "template", "parameters", "tags",
        "capabilities", "role", "protected", "policy", "resources", "outputs", "finish",
        "lastOperation", "disableRollback", "onFailure", "express", "token", "updated")


def place(world, region, wanted):
    """Puts a stack there as if it had been deployed, or changes the one of that name. `finish`
    {"seconds", "status", "reason"} moves it to another state later."""
    unknown = set(wanted) - set(KEYS)
    if unknown:
        raise ValueError(f"a stack takes no {', '.join(sorted(unknown))}")
    stack = stack_named(region, wanted["name"], deleted=False)
    if stack is None:
        stack = Stack(world, region, wanted["name"])
        region.stacks[stack.id] = stack
        region.names[stack.name] = stack.id
    if "template" in wanted:
        _deploy(world, stack, wanted)
    for key in ("tags", "capabilities", "role", "protected", "policy", "express"):
        if key in wanted:
            setattr(stack, key, wanted[key])
    stack.disable_rollback = wanted.get("disableRollback", stack.disable_rollback)
    stack.on_failure = wanted.get("onFailure", stack.on_failure)
    if wanted.get("updated"):
        stack.updated = world.now()
    _resources(world, stack, wanted.get("resources", {}))
    operation = Operation(world, stack, wanted.get("lastOperation", "UPDATE_STACK"),
                          wanted.get("token"))
    operation.stopped = True  # nothing drives it
    stack.stable = wanted.get("status") not in ("CREATE_FAILED", "REVIEW_IN_PROGRESS")
    if "status" in wanted:
        _status(world, stack, wanted, operation)
    if "outputs" in wanted:
        stack.outputs = {key: (value, None, None) for key, value in wanted["outputs"].items()}
    stack.record()
    if "finish" in wanted:
        operation.process = world.scheduler.spawn(_finish(stack, wanted["finish"], operation))
    return {"StackId": stack.id}


def _deploy(world, stack, wanted):
    text = wanted["template"]
    stack.body = text if isinstance(text, str) else json.dumps(text)
    given = [{"ParameterKey": key, "ParameterValue": value}
             for key, value in wanted.get("parameters", {}).items()]
    stack.template, stack.parameters = language.read(world, stack.body, given, stack.parameters)
    evaluator = values.for_stack(world, stack)
    blocks = values.active(stack.template, evaluator)
    needs = values.needs_of(stack.template, blocks)
    stack.resources = {}
    if wanted.get("status") == "REVIEW_IN_PROGRESS":
        return
    for logical in (name for name in templates.order(stack.template) if name in blocks):
        block = blocks[logical]
        properties = evaluator.value(block.get("Properties") or {})
        resource = Resource(logical, block["Type"], block, properties, needs=needs[logical],
                            status="CREATE_COMPLETE", updated=world.now())
        resource.physical = types.physical_id(
            stack.region, types.facts(world, block["Type"]), block["Type"], stack, logical,
            properties, stack.salt())
        if not effects.exists(world, resource):
            effects.create(world, stack, resource)
        stack.resources[logical] = resource
    stack.outputs = values.outputs(stack.template, evaluator)


def _resources(world, stack, wanted):
    for logical, settings in wanted.items():
        resource = stack.resources.get(logical)
        if resource is None:
            resource = stack.resources[logical] = Resource(
                logical, settings.get("type", "AWS::CloudFormation::WaitConditionHandle"), {},
                physical=stack.name + "-" + logical, status="CREATE_COMPLETE")
        resource.physical = settings.get("physicalId", resource.physical)
        resource.reason = settings.get("reason", resource.reason)
        if "status" in settings:
            resource.status = settings["status"]
            stack.event(logical, resource.type, resource.physical, resource.status,
                        resource.reason)


def _status(world, stack, wanted, operation):
    if wanted["status"] == "DELETE_COMPLETE":
        stack.deleted = world.now()
        stack.resources, stack.outputs = {}, {}
        stack.region.names.pop(stack.name, None)
    stack.set_status(wanted["status"], wanted.get("reason", ""), operation)


def _finish(stack, finish, operation):
    yield float(finish.get("seconds", 10))
    if finish["status"] == "DELETE_COMPLETE":
        stack.deleted = stack.world.now()
        stack.region.names.pop(stack.name, None)
    stack.set_status(finish["status"], finish.get("reason", ""), operation)


def told(stack):
    """All of a stack for a test's eyes, secrets too."""
    return {
        "id": stack.id, "name": stack.name, "account": stack.region.account,
        "region": stack.region.name, "status": stack.status, "reason": stack.reason,
        "parameters": stack.parameters, "tags": stack.tags, "protected": stack.protected,
        "policy": stack.policy, "role": stack.role, "template": stack.template,
        "capabilities": stack.capabilities, "parent": stack.parent,
        "outputs": {key: value for key, (value, _, _) in stack.outputs.items()},
        "resources": {one.logical: {"type": one.type, "physicalId": one.physical,
                                    "status": one.status, "reason": one.reason,
                                    "properties": one.properties}
                      for one in stack.resources.values()},
        "changeSets": [{**one.summary(), "CreationTime": iso(one.created)}
                       for one in stack.region.change_sets.values() if one.stack is stack],
        "events": [f"{iso(one['Timestamp'])} {one['LogicalResourceId']} {one['ResourceStatus']} "
                   f"{one['ResourceStatusReason'] or ''}".rstrip() for one in stack.events]}
