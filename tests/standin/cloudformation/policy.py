"""Stack policies: which updates of which resources they allow."""

import fnmatch
import json


def _listed(value):
    return value if isinstance(value, list) else [value]


def _speaks(statement, action, logical, type_name):
    """Whether a statement is about this action on this resource."""
    name = "LogicalResourceId/" + logical
    if "Action" in statement:
        if not any(fnmatch.fnmatchcase(action, one) for one in _listed(statement["Action"])):
            return False
    elif any(fnmatch.fnmatchcase(action, one) for one in _listed(statement.get("NotAction", []))):
        return False
    if "Resource" in statement:
        if not any(fnmatch.fnmatchcase(name, one) for one in _listed(statement["Resource"])):
            return False
    elif any(fnmatch.fnmatchcase(name, one) for one in _listed(statement.get("NotResource", []))):
        return False
    for wanted in statement.get("Condition", {}).values():
        kinds = _listed(wanted.get("ResourceType", "*"))
        if not any(fnmatch.fnmatchcase(type_name, one) for one in kinds):
            return False
    return True


def refusal(stack, action, logical, type_name):
    """Why the stack's policy forbids Update:Modify, Update:Replace or Update:Delete of a resource;
    None when it does not. A policy denies what it does not allow."""
    if stack.policy is None:
        return None
    allowed, denied_by = False, 0
    for number, statement in enumerate(_listed(json.loads(stack.policy)["Statement"]), 1):
        if _speaks(statement, action, logical, type_name):
            if statement.get("Effect") == "Allow":
                allowed = True
            else:
                denied_by = denied_by or number
    if allowed and not denied_by:
        return None
    return (f"Action denied by stack policy: Statement [#{denied_by or 1}] does not allow "
            f"[{action}] for resource [LogicalResourceId/{logical}]")
