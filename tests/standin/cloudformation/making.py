"""How a change set is made: its pending states, what it finds out, children, imports."""

from cloudformation import plan, rules, types, validation, values
from cloudformation import template as templates
from cloudformation.model import ChangeSet, Resource
from cloudformation.template import invalid
from wire import AwsError

NO_CHANGES = ("The submitted information didn't contain changes. Submit different information to "
              "create a change set.")
NO_UPDATES = "No updates are to be performed."


def life(context, made, rule, no_validation):
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
            validation.record_hook(context, made, rule)
            raise invalid(f"The following hook(s) failed: [{rule['hook']}]")
        found = plan.make(context.world, made.stack, made.template, made.parameters, made.tags,
                          rule, made.deployment_mode == "REVERT_DRIFT")
        made.changes = rule.get("changes") or found.changes
        _imports(context, made)
        if made.include_nested:
            _nested(context, made, rule)
        if not made.changes and not found.other and not rule.get("changes"):
            raise invalid(NO_UPDATES if templates.transforms(made.template) else NO_CHANGES)
        _refuse_used_exports(context, made)
        failed = validation.run(context, made, rule, no_validation)
        if failed:
            raise invalid(validation.HOOKS.format(", ".join(failed)))
    except AwsError as problem:
        made.changes = made.changes if problem.message.startswith("The following hook") else []
        made.set("FAILED", "UNAVAILABLE", problem.message)
        return
    made.incomplete = set(rule.get("incomplete", ()))
    made.warned = bool(made.incomplete or found.warnings)
    made.set("CREATE_COMPLETE", rule.get("execution", "AVAILABLE"), rule.get("warn"))
    if rule.get("obsolete"):
        made.set("CREATE_COMPLETE", "OBSOLETE")


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
