"""What a change set says: the difference between a stack and a template with its parameters."""

import json

from cloudformation import functions, types, values
from cloudformation.functions import UNKNOWN, shown, unknown_in
from cloudformation.template import invalid, order, references
from wire import Time

RIPPLE = "ripple"   # marks a detail that is told only without values
ATTRIBUTES = ("Metadata", "CreationPolicy", "UpdatePolicy", "DeletionPolicy",
              "UpdateReplacePolicy")


class Plan:
    """`changes` are ResourceChange members with all values in them; `warnings` are names of
    exports that are missing; `other` tells whether anything but resources differs."""

    def __init__(self):
        self.changes = []
        self.warnings = []
        self.other = False
        self.replaced = set()
        self.modified = set()

    @property
    def empty(self):
        return not self.changes and not self.other


def make(world, stack, template, parameters, tags=None, rules=None, revert=False):
    """The plan of bringing `stack` (which may have nothing yet) to `template`. `rules` are what a
    test wants otherwise: {"replacement": {logical: …}, "ripple": false}. With `revert` drift is
    looked at too and undone."""
    plan = Plan()
    rules = {**(rules or {}), "revert": revert}
    evaluator = _evaluator(world, stack, template, parameters, plan)
    blocks = values.active(template, evaluator)
    _refuse_new_types(stack, blocks)
    by_id = {}
    for logical in (name for name in order(template) if name in blocks):
        current = stack.resources.get(logical)
        if current is None or (revert and current.gone):
            by_id[logical] = _added(logical, blocks[logical], evaluator)
            if current is not None:
                by_id[logical]["ResourceDriftStatus"] = "DELETED"
            plan.modified.add(logical)
        else:
            change = _modified(world, stack, current, blocks[logical], evaluator, plan, tags,
                               rules)
            if change:
                by_id[logical] = change
    plan.changes = [by_id[logical] for logical in blocks if logical in by_id]
    plan.changes += [_removed(resource) for logical, resource in stack.resources.items()
                     if logical not in blocks]
    plan.other = _other_differences(stack, template, parameters, tags, evaluator)
    return plan


def _refuse_new_types(stack, blocks):
    wrong = [logical for logical, block in blocks.items()
             if logical in stack.resources and stack.resources[logical].type != block["Type"]]
    if wrong:
        raise invalid("Update of resource type is not permitted. The new template modifies "
                      f"resource type of the following resources: [{', '.join(wrong)}]")


def _evaluator(world, stack, template, parameters, plan):
    def lookup(logical, attribute):
        resource = stack.resources.get(logical)
        if resource is None or logical in plan.replaced:
            return UNKNOWN
        if resource.type == types.STACK and attribute is not None and \
                attribute.partition(".")[2] not in stack.region.stacks[resource.physical].outputs:
            return UNKNOWN
        # Of a resource that changes in place AWS takes the value of now, even when it will change.
        return values.resource_value(world, stack, resource, attribute)

    def missing(name):
        plan.warnings.append(name)
        return UNKNOWN
    return values.for_stack(world, stack, template, parameters, lookup, missing)


def _other_differences(stack, template, parameters, tags, evaluator):
    if stack.status == "REVIEW_IN_PROGRESS":
        return True
    old = stack.template
    if template.get("Outputs") != old.get("Outputs") or parameters != stack.parameters:
        return True
    if tags is not None and tags != stack.tags:
        return True
    fresh = values.outputs(template, evaluator)
    return any(value is not UNKNOWN and stack.outputs.get(key, (None,))[0] != value
               for key, (value, _, _) in fresh.items())


def _context(properties, block):
    found = {"Properties": shown(properties)} if properties else {}
    for name in ATTRIBUTES:
        if name in block:
            found[name] = shown(block[name])
    return json.dumps(found, separators=(",", ":"))


def _added(logical, block, evaluator):
    properties = evaluator.value(block.get("Properties") or {})
    return {"Action": "Add", "LogicalResourceId": logical, "PhysicalResourceId": None,
            "ResourceType": block["Type"], "Replacement": None, "Scope": [], "Details": [],
            "BeforeContext": None, "AfterContext": _context(properties, block)}


def _removed(resource):
    policy = resource.policy("DeletionPolicy")
    policy = "Retain" if policy == "RetainExceptOnCreate" else policy
    return {"Action": "Remove", "PolicyAction": policy, "LogicalResourceId": resource.logical,
            "PhysicalResourceId": resource.physical, "ResourceType": resource.type, "Scope": [],
            "Details": [], "BeforeContext": _context(resource.properties, resource.definition),
            "AfterContext": None}


def _modified(world, stack, current, block, evaluator, plan, tags, rules):
    """The change of a resource that stays; None when nothing changes. Notes in the plan what
    those who refer to it have to know."""
    after = evaluator.value(block.get("Properties") or {})
    facts = types.facts(world, current.type)
    details = _property_details(stack, current, block, after, evaluator, plan, rules, facts)
    if tags is not None and tags != stack.tags and facts.taggable:
        details.append(_certain({"Attribute": "Tags", "RequiresRecreation": "Never"}))
    details += [_attribute_detail(name, current.definition.get(name), block.get(name))
                for name in ATTRIBUTES if current.definition.get(name) != block.get(name)]
    if current.type == types.STACK and not details:
        # What the child's template does is known only by looking into it.
        details.append({"Target": {"Attribute": "Properties", "RequiresRecreation": "Never"},
                        "Evaluation": "Dynamic", "ChangeSource": "Automatic"})
    if not details:
        return None
    replacement = rules.get("replacement", {}).get(current.logical) or _replacement(details)
    if replacement == "True":
        plan.replaced.add(current.logical)
    plan.modified.add(current.logical)
    policy = current.definition.get("UpdateReplacePolicy", "Delete")
    synced = all(one["Target"].get("AttributeChangeType") == "SyncWithActual" for one in details)
    drifted = rules["revert"] and current.actual is not None
    return {"Action": "SyncWithActual" if synced else "Modify",
            "ResourceDriftStatus": "MODIFIED" if drifted else None,
            "PolicyAction": "ReplaceAnd" + policy if replacement == "True" else None,
            "LogicalResourceId": current.logical, "PhysicalResourceId": current.physical,
            "ResourceType": current.type, "Replacement": replacement,
            "Scope": list(dict.fromkeys(one["Target"]["Attribute"] for one in details)),
            "Details": details,
            "BeforeContext": _context(current.properties, current.definition),
            "AfterContext": _context(after, block)}


def _property_details(stack, current, block, after, evaluator, plan, rules, facts):
    raw_new = block.get("Properties") or {}
    raw_old = current.definition.get("Properties") or {}
    drifted = rules["revert"] and current.actual is not None
    details = []
    for path, old, new in differences(current.actual if drifted else current.properties, after):
        causes = _causes(stack, raw_old, raw_new, path, plan, evaluator)
        details += _details(facts, path, old, new, causes)
    if drifted:
        details += _drift_details(stack, current, details)
    if rules.get("ripple", True):
        details += _ripples(stack, facts, raw_new, details, plan)
    return details


def _certain(target, source="DirectModification"):
    return {"Target": target, "Evaluation": "Static", "ChangeSource": source}


def _drift_details(stack, current, details):
    """Puts the drift into the details of what is changed back; gives those of what has become by
    itself what it shall be."""
    changing = {one["Target"]["Path"]: one["Target"] for one in details}
    found = []
    for path, previous, actual in differences(current.properties, current.actual):
        name = "/Properties/" + "/".join(path)
        drift = {"PreviousValue": _text(previous), "ActualValue": _text(actual),
                 "DriftDetectionTimestamp": Time(stack.world.now())}
        if name in changing:
            changing[name]["Drift"] = drift
        else:
            found.append(_certain({
                "Attribute": "Properties", "Name": path[0], "Path": name,
                "RequiresRecreation": "Never", "BeforeValue": _text(previous),
                "AfterValue": _text(actual), "AttributeChangeType": "SyncWithActual",
                "Drift": drift}, "NoModification"))
    return found


def differences(before, after, path=()):
    """(path, before, after) of what differs between two properties; None where one is absent.
    Objects are walked, lists are compared as wholes unless their lengths agree."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in list(before) + [name for name in after if name not in before]:
            yield from differences(before.get(name), after.get(name), (*path, name))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after)):
            yield from differences(old, new, (*path, str(index)))
    elif unknown_in(after) or before != after:
        if not (path and _same_text(before, after)):
            yield path, before, after


def _same_text(before, after):
    """A number and its text are the same to CloudFormation."""
    plain = (str, int, float, bool)
    return (isinstance(before, plain) and isinstance(after, plain)
            and functions.text_of(before) == functions.text_of(after))


def _at(node, path):
    """The node that decides the value at a path: the last that is not inside a function."""
    for name in path:
        if isinstance(node, dict) and name in node:
            node = node[name]
        elif isinstance(node, list) and name.isdigit() and int(name) < len(node):
            node = node[int(name)]
        else:
            break
    return node


def _causes(stack, raw_old, raw_new, path, plan, evaluator):
    """(source, causing entity, static) for each reason why a value changes."""
    new = _at(raw_new, path)
    found = []
    for name in dict.fromkeys(references(new)):
        owner = name.split(".")[0]
        if name in evaluator.declared:
            if evaluator.parameters.get(name) != stack.parameters.get(name):
                found.append(("ParameterReference", name))
        elif owner in plan.replaced:
            found.append(("ResourceAttribute" if "." in name else "ResourceReference", name))
    if _at(raw_old, path) != new or not found:
        return found, True
    return found, False


def _details(facts, path, before, after, causes):
    """The Details of one path. A value that comes from elsewhere has two: what causes it, and a
    direct one that is only certain once it is known."""
    found, direct = causes
    target = {"Attribute": "Properties", "Name": path[0] if path else None,
              "RequiresRecreation": types.recreation(facts, path),
              "Path": "/Properties/" + "/".join(path),
              "BeforeValue": _text(before), "AfterValue": _text(after),
              "AttributeChangeType": "Add" if before is None else
              "Remove" if after is None else "Modify"}
    details = []
    if direct or found:
        details.append({"Target": dict(target),
                        "Evaluation": "Static" if direct and not unknown_in(after) else "Dynamic",
                        "ChangeSource": "DirectModification"})
    for source, entity in found:
        details.append({"Target": dict(target), "Evaluation": "Static", "ChangeSource": source,
                        "CausingEntity": entity})
    return details


def _ripples(stack, facts, raw, details, plan):
    """Attributes of resources that change in place are possible changes of those who use them.
    AWS tells about them only when it is not asked for values."""
    seen = {detail["Target"].get("Name") for detail in details}
    found = []
    for name, node in raw.items():
        for reference in dict.fromkeys(references(node)):
            owner = reference.split(".")[0]
            if name not in seen and "." in reference and owner in stack.resources and \
                    owner in plan.modified - plan.replaced:
                found.append({"Target": {"Attribute": "Properties", "Name": name,
                                         "RequiresRecreation": types.recreation(facts, (name,))},
                              "Evaluation": "Dynamic", "ChangeSource": "ResourceAttribute",
                              "CausingEntity": reference, RIPPLE: True})
    return found


def _text(value):
    if value is None:
        return None
    value = shown(value)
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _attribute_detail(name, before, after):
    return _certain({"Attribute": name, "RequiresRecreation": "Never", "Path": "/" + name,
                     "BeforeValue": _text(before), "AfterValue": _text(after),
                     "AttributeChangeType": "Add" if before is None else
                     "Remove" if after is None else "Modify"})


def _replacement(details):
    """True for a certain one, Conditional for a possible one, else False."""
    worst = "False"
    for detail in details:
        recreation = detail["Target"]["RequiresRecreation"]
        if recreation == "Always" and detail["Evaluation"] == "Static":
            return "True"
        if recreation != "Never":
            worst = "Conditional"
    return worst


def with_values(change):
    """A change as it is told to who asked for values; None when it is left out then. As recorded,
    an Add carries Replacement True."""
    if change["Action"] == "Add":
        return {**change, "Replacement": "True"}
    details = [one for one in change["Details"] if RIPPLE not in one]
    if len(details) == len(change["Details"]):
        return change
    return {**change, "Details": details, "Replacement": _replacement(details)} if details else None


def without_values(change):
    """A change as it is told when nobody asked for values."""
    plain = {key: value for key, value in change.items()
             if key not in ("BeforeContext", "AfterContext")}
    plain["Details"] = []
    for detail in change["Details"]:
        target = {key: value for key, value in detail["Target"].items()
                  if key in ("Attribute", "Name", "RequiresRecreation")}
        small = {**detail, "Target": target}
        small.pop(RIPPLE, None)
        if small not in plain["Details"]:
            plain["Details"].append(small)
    return plain


def mask(change, secrets):
    """Puts **** in the place of values of NoEcho parameters."""
    if not secrets:
        return change
    if isinstance(change, dict):
        return {key: mask(value, secrets) for key, value in change.items()}
    if isinstance(change, list):
        return [mask(item, secrets) for item in change]
    if isinstance(change, str):
        for secret in secrets:
            change = change.replace(secret, "****")
    return change
