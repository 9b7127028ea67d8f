"""Stack refactoring: resources move to another stack or get another logical id, nothing else."""

from cloudformation import language, values
from cloudformation import template as templates
from cloudformation.lookup import page, stack_named
from cloudformation.model import Operation, Stack
from cloudformation.template import invalid
from wire import AwsError, Time, members


def _mappings(params):
    found = []
    for item in members(params, "ResourceMappings") or []:
        found.append(((item["Source.StackName"], item["Source.LogicalResourceId"]),
                      (item["Destination.StackName"], item["Destination.LogicalResourceId"])))
    return found


def create(context):
    definitions = members(context.params, "StackDefinitions") or []
    if not definitions:
        raise invalid("StackDefinitions must not be empty")
    if len(definitions) > 5:
        raise invalid("1 validation error detected: Value at 'stackDefinitions' failed to satisfy "
                      "constraint: Member must have length less than or equal to 5")
    made = {"id": context.world.uuid(), "definitions": definitions,
            "mappings": _mappings(context.params), "status": "CREATE_IN_PROGRESS",
            "reason": None, "execution": "UNAVAILABLE", "executionReason": None,
            "description": context.params.get("Description"), "moves": [], "new": {},
            "enableCreation": context.params.get("EnableStackCreation") == "true"}
    context.region.refactors[made["id"]] = made
    context.world.scheduler.spawn(_check_life(context, made))
    return {"StackRefactorId": made["id"]}


def _check_life(context, made):
    yield context.world.timing["changeSet"]
    try:
        _check(context, made)
    except AwsError as problem:
        made.update(status="CREATE_FAILED", reason=problem.message)
        return
    made.update(status="CREATE_COMPLETE", execution="AVAILABLE")


def _check(context, made):
    """Works out the moves; raises when anything but moves would happen."""
    after = {}
    for definition in made["definitions"]:
        name = definition["StackName"]
        body = templates.body(context.world, context.region, definition)
        stack = stack_named(context.region, name, deleted=False)
        if stack is None and not made["enableCreation"]:
            raise invalid(f"Stack {name} does not exist. Enable stack creation to create it.")
        if stack is not None and stack.in_progress:
            raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be refactored.")
        after[stack.name if stack else name] = (stack, body, *_read(context, stack, body))
    made["new"] = after
    mapped = {source: destination for source, destination in made["mappings"]}
    targets = set(mapped.values())
    for name, (stack, _, template, _) in after.items():
        for logical, resource in (stack.resources if stack else {}).items():
            destination = mapped.get((name, logical), (name, logical))
            _check_move(after, (name, logical), destination, resource, made)
        known = {logical for logical in (stack.resources if stack else {})}
        for logical in template["Resources"]:
            if logical not in known and (name, logical) not in targets:
                raise invalid("Stack Refactor does not permit creating new resources in your "
                              f"template: [{logical}]")
    if not made["moves"]:
        raise invalid("Stack Refactor needs at least one resource that moves.")


def _read(context, stack, body):
    """The template and its parameters; those of a stack that is there keep their values."""
    if body is None:
        raise invalid("Either Template URL or Template Body must be specified.")
    declared = templates.parse(body).get("Parameters") or {}
    before = stack.parameters if stack else {}
    if stack is not None:
        for section in ("Parameters", "Conditions", "Mappings"):
            added = set(templates.parse(body).get(section) or {}) - set(
                stack.template.get(section) or {})
            if added:
                raise invalid(f"Stack Refactor does not permit adding {section}: "
                              f"[{', '.join(sorted(added))}]")
    given = [{"ParameterKey": key, "UsePreviousValue": "true"} for key in declared
             if key in before]
    return language.read(context.world, body, given, before)


def _check_move(after, source, destination, resource, made):
    stack_name, logical = destination
    block = after.get(stack_name, (None, "", {"Resources": {}}, {}))[2]["Resources"].get(logical)
    if block is None:
        raise invalid(f"Stack Refactor does not permit deleting resources: [{source[1]}]")
    if block["Type"] != resource.type:
        raise invalid(f"Stack Refactor does not permit changing the type of {source[1]}")
    old = {key: value for key, value in resource.definition.items() if key != "DependsOn"}
    old_names = set(templates.references(old, split=True))
    new = {key: value for key, value in block.items() if key != "DependsOn"}
    if old != new and not old_names and source == destination:
        raise invalid("Stack Refactor does not permit updating resources: "
                      f"[{source[1]}]")
    if source != destination:
        made["moves"].append((source, destination, resource))


def _find(context):
    made = context.region.refactors.get(context.params.get("StackRefactorId", ""))
    if made is None:
        raise AwsError("StackRefactorNotFoundException", "Stack refactor "
                       f"{context.params.get('StackRefactorId')} does not exist", 404)
    return made


def describe(context):
    made = _find(context)
    ids = [stack.id for stack, *_ in made["new"].values() if stack is not None]
    return {"Description": made["description"], "StackRefactorId": made["id"], "StackIds": ids,
            "ExecutionStatus": made["execution"],
            "ExecutionStatusReason": made["executionReason"], "Status": made["status"],
            "StatusReason": made["reason"]}


def list_all(context):
    found = [{"StackRefactorId": one["id"], "Description": one["description"],
              "ExecutionStatus": one["execution"], "Status": one["status"],
              "StatusReason": one["reason"]} for one in context.region.refactors.values()]
    some, token = page(context, "refactors", found, 100)
    return {"StackRefactorSummaries": some, "NextToken": token}


def actions(context):
    made = _find(context)
    found = []
    for source, destination, resource in made["moves"]:
        found.append({
            "Action": "MOVE", "Entity": "RESOURCE", "PhysicalResourceId": resource.physical,
            "ResourceIdentifier": resource.physical, "Detection": "MANUAL",
            "ResourceMapping": {
                "Source": {"StackName": source[0], "LogicalResourceId": source[1]},
                "Destination": {"StackName": destination[0],
                                "LogicalResourceId": destination[1]}}})
    some, token = page(context, "actions", found, 100)
    return {"StackRefactorActions": some, "NextToken": token}


def execute(context):
    made = _find(context)
    if made["status"] != "CREATE_COMPLETE" or made["execution"] != "AVAILABLE":
        raise invalid(f"Stack refactor {made['id']} cannot be executed in its current status.")
    made["execution"] = "EXECUTE_IN_PROGRESS"
    context.world.scheduler.spawn(_execute_life(context, made))
    return None


def _execute_life(context, made):
    world, region = context.world, context.region
    stacks = {}
    for name, (stack, *_) in made["new"].items():
        if stack is None:
            stack = Stack(world, region, name)
            region.stacks[stack.id] = stack
            region.names[name] = stack.id
        stacks[name] = stack
        operation = Operation(world, stack, "UPDATE_STACK", None)
        stack.set_status("UPDATE_IN_PROGRESS", "User Initiated", operation)
    yield world.timing["resource"]
    for source, destination, resource in made["moves"]:
        old, new = stacks[source[0]], stacks[destination[0]]
        old.resources.pop(source[1], None)
        resource.logical = destination[1]
        new.resources[destination[1]] = resource
        resource.status = "UPDATE_COMPLETE"
        new.event(resource.logical, resource.type, resource.physical, "UPDATE_COMPLETE",
                  "Resource moved", new.operation)
    for name, (_, body, template, parameters) in made["new"].items():
        _settle(world, stacks[name], body, template, parameters)
    made["execution"] = "EXECUTE_COMPLETE"
    made["at"] = Time(world.now())


def _settle(world, stack, body, template, parameters):
    stack.body, stack.template, stack.parameters = body, template, parameters
    evaluator = values.for_stack(world, stack)
    blocks = values.active(template, evaluator)
    needs = values.needs_of(template, blocks)
    for logical, resource in stack.resources.items():
        if logical in blocks:
            resource.definition, resource.needs = blocks[logical], needs[logical]
    stack.outputs = values.outputs(template, evaluator)
    stack.updated = world.now()
    stack.set_status("UPDATE_COMPLETE", "", stack.operation)
