"""What a test wants of resources and change sets: rules that match by name, with what they say.

README.md lists them for users.
"""

import fnmatch

RESOURCE_KEYS = ("stack", "id", "type", "on", "times", "seconds", "fail", "handlerErrorCode",
                 "beforeStart", "configurationComplete", "stubborn", "physicalId", "attributes")
CHANGE_SET_KEYS = ("stack", "name", "times", "seconds", "fail", "validation", "hook", "hookReason",
                   "incomplete", "replacement", "ripple", "changes", "obsolete", "execution",
                   "warn")
MOMENTS = ("create", "update", "replace", "delete", "rollback", "import", "any")


def check(rule, known):
    unknown = set(rule) - set(known)
    if unknown:
        raise ValueError(f"a rule takes no {', '.join(sorted(unknown))}")
    if rule.get("on", "any") not in MOMENTS:
        raise ValueError("on must be one of: " + ", ".join(MOMENTS))
    rule["left"] = int(rule.pop("times", 0)) or None
    return rule


def _use(rule):
    if rule["left"] is not None:
        rule["left"] -= 1
    return rule


def for_resource(world, stack, logical, type_name, moment):
    """The first rule that speaks of this moment of a resource's life, or {}."""
    for rule in world.resource_rules:
        if rule["left"] != 0 and rule.get("on", "any") in (moment, "any") and \
                fnmatch.fnmatchcase(stack.name, rule.get("stack", "*")) and \
                fnmatch.fnmatchcase(logical, rule.get("id", "*")) and \
                fnmatch.fnmatchcase(type_name, rule.get("type", "*")):
            return _use(rule)
    return {}


def for_change_set(world, stack, name):
    for rule in world.change_set_rules:
        if rule["left"] != 0 and fnmatch.fnmatchcase(stack.name, rule.get("stack", "*")) and \
                fnmatch.fnmatchcase(name, rule.get("name", "*")):
            return _use(rule)
    return {}


def failure(world, rule):
    """The reason that a rule makes a resource fail with; None when it does not."""
    if "fail" not in rule:
        return None
    reason = rule["fail"]
    if "handlerErrorCode" in rule:
        reason = (f'Resource handler returned message: "{reason}" (RequestToken: {world.uuid()}, '
                  f'HandlerErrorCode: {rule["handlerErrorCode"]})')
    return reason
