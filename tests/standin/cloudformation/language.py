"""The transform AWS::LanguageExtensions as far as it makes templates longer: Fn::ForEach."""

import json

from cloudformation.template import check, invalid, parameter_values, parse, transforms

NAME = "AWS::LanguageExtensions"
PREFIX = "Fn::ForEach::"


def has_loops(template):
    return NAME in transforms(template) and PREFIX in json.dumps(template)


def read(world, body, given, previous):
    """(template, parameters) of a text and the parameters of a request: parsed, checked, loops
    unrolled. `given` and `previous` as in `parameter_values`."""
    template = parse(body)
    if not has_loops(template):
        check(world, template)
        return template, parameter_values(template, given, previous)
    parameters = parameter_values(template, given, previous)
    template = _unroll(template, template, parameters)
    check(world, template)
    return template, parameters


def with_defaults(template):
    """A template with its loops unrolled over what its parameters have as defaults."""
    if not has_loops(template):
        return template
    defaults = {key: str(one.get("Default", "")) for key, one in
                (template.get("Parameters") or {}).items()}
    return _unroll(template, template, defaults)


def _unroll(node, template, parameters):
    if isinstance(node, list):
        return [_unroll(item, template, parameters) for item in node]
    if not isinstance(node, dict):
        return node
    found = {}
    for key, value in node.items():
        if key.startswith(PREFIX):
            found.update(_loop(key, value, template, parameters))
        else:
            found[key] = _unroll(value, template, parameters)
    return found


def _loop(key, value, template, parameters):
    if not isinstance(value, list) or len(value) != 3:
        raise invalid(f"Template error: {key} has to be a list of an identifier, a collection and "
                      "a body")
    name, collection, body = value
    found = {}
    for item in _items(collection, template, parameters):
        found.update(_unroll(_put(body, name, item), template, parameters))
    return found


def _items(collection, template, parameters):
    if isinstance(collection, dict) and list(collection) == ["Ref"]:
        text = parameters.get(collection["Ref"], "")
        return text.split(",") if text else []
    if not isinstance(collection, list):
        raise invalid("Template error: the collection of Fn::ForEach has to be a list")
    return [str(item) for item in collection]


def _put(node, name, item):
    """The body for one item: `${name}` in texts and keys, `&{name}` without what is not a letter
    or digit, and Ref to the name."""
    if isinstance(node, str):
        plain = "".join(c for c in item if c.isalnum())
        return node.replace("${" + name + "}", item).replace("&{" + name + "}", plain)
    if isinstance(node, list):
        return [_put(one, name, item) for one in node]
    if isinstance(node, dict):
        if node == {"Ref": name}:
            return item
        return {_put(key, name, item): _put(value, name, item) for key, value in node.items()}
    return node
