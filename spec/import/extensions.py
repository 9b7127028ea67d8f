"""AWS's rules that tie several properties of a type together, from their original form.

The schemas of the validator carry these rules too, but in a form that has lost parts of them
(`false`, `not`, `contains`, a pattern of a number), by which they forbid what is fine. So they are
taken from the frame that has them in JSON Schema, and only what can be said whole is kept.
"""

SAME_KEYS = {
    "type": "type", "enum": "enum", "const": "const", "pattern": "pattern", "format": "format",
    "minimum": "minimum", "maximum": "maximum", "exclusiveMinimum": "exclusive_minimum",
    "exclusiveMaximum": "exclusive_maximum", "multipleOf": "multiple_of",
    "minLength": "min_length", "maxLength": "max_length", "minItems": "min_items",
    "maxItems": "max_items", "uniqueItems": "unique_items", "required": "required",
    "dependentRequired": "dependent_required", "dependentExcluded": "dependent_excluded",
    "requiredXor": "required_xor", "requiredOr": "required_or",
}
BRANCH_KEYS = {"oneOf": "one_of", "anyOf": "any_of", "allOf": "all_of"}
SILENT_KEYS = {"description", "default", "$comment", "title"}

# Properties whose values AWS takes in any case: "MySQL" is "mysql".
ANY_CASE = {"Engine"}

# Rules that are advice rather than what AWS enforces, as (type, what they would demand).
ADVICE = {
    # AWS has a default; stating it is good practice, no more.
    ("AWS::RDS::DBInstance", "BackupRetentionPeriod"),
    # AWS takes the value from the cluster and ignores what is stated.
    ("AWS::RDS::DBInstance", "DBClusterIdentifier"),
}


class CannotSay(Exception):
    """The rule uses what our form has no word for, or speaks of other resources."""


def convert(node):
    """JSON Schema to the form of merge.py. `true` and {} say nothing."""
    if node is True:
        return {}
    if node is False:
        raise CannotSay("false")
    result = {}
    for key, value in node.items():
        if key in SILENT_KEYS or (key == "additionalProperties" and value is True):
            continue
        if key in SAME_KEYS:
            result[SAME_KEYS[key]] = value
        elif key in BRANCH_KEYS:
            result[BRANCH_KEYS[key]] = [convert(child) for child in value]
        elif key == "properties":
            convert_properties(value, result)
        elif key in ("items", "not"):
            result[key] = convert(value)
        elif key == "contains":
            # Some item is so: not all of them are not so.
            add_not(result, {"type": "array", "items": {"not": convert(value)}})
        elif key not in ("if", "then", "else"):
            raise CannotSay(key)
    if "if" in node:
        rule = {"condition": convert(node["if"])}
        for key in ("then", "else"):
            if key in node and node[key] is not True:
                rule[f"{key}_schema"] = convert(node[key])
        result["if_then_else"] = [rule]
    return result


def add_not(result, node):
    if "not" in result:
        raise CannotSay("two nots")
    result["not"] = node


def convert_properties(properties, result):
    for name, child in properties.items():
        if child is False:
            result.setdefault("absent", []).append(name)
            continue
        converted = convert(child)
        if name in ANY_CASE and "enum" in converted:
            converted["enum_case_insensitive"] = converted.pop("enum")
        result.setdefault("properties", {})[name] = converted


def split(rule):
    """A rule that is nothing but several rules, as those."""
    rest = {key for key in rule if key not in SILENT_KEYS and key != "additionalProperties"}
    if rest == {"allOf"}:
        return [part for child in rule["allOf"] for part in split(child)]
    return [rule]


def strip_unknown(node, own):
    """Takes out properties that say nothing and that the type does not have."""
    if isinstance(node, dict):
        properties = node.get("properties")
        if isinstance(properties, dict):
            node["properties"] = {name: child for name, child in properties.items()
                                  if child is not True or name in own}
        for key in ("if", "then", "else"):
            strip_unknown(node.get(key), own)


def is_advice(type_name, rule):
    """`then` demands, or `if` asks for, what the list above has."""
    then = rule.get("then")
    asked = rule["if"].get("required", []) if isinstance(rule.get("if"), dict) else []
    demanded = then.get("required", []) if isinstance(then, dict) else []
    return then is False or any(
        (type_name, name) in ADVICE for name in [*demanded, *asked])


def rules_of(type_name, extensions, own, dropped):
    """The rules of a type as if_then_else entries; `own` are its properties."""
    by_name = {name.lower(): rules for name, rules in extensions.items()}
    kept = []
    for rule in [part for rule in by_name.get(type_name.lower(), []) for part in split(rule)]:
        if "if" not in rule or "cfnGather" in rule:
            continue  # about other resources, or about values further down
        strip_unknown(rule, own)
        if is_advice(type_name, rule):
            dropped.append(f"{type_name}: advice {sorted(rule['if'].get('required', []))}")
            continue
        try:
            converted = convert(rule)
        except CannotSay as reason:
            dropped.append(f"{type_name}: a rule with '{reason}'")
            continue
        beside = {key for key in converted if key not in ("if_then_else", "type")}
        if beside:
            dropped.append(f"{type_name}: a rule with {' '.join(sorted(beside))} beside it")
        kept += converted["if_then_else"]
    return kept
