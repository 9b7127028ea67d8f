"""Values of a template: conditions, Ref and the functions.

The same evaluator works for a change set, where much is not known yet, and for an operation, where
all has to be known: `lookup` says what a resource gives.
"""

import base64
import ipaddress
import json
import re

from cloudformation.template import invalid

KNOWN_AFTER_APPLY = "{{changeSet:KNOWN_AFTER_APPLY}}"


class Unknown:
    """A value that exists only once the change has been made."""

    def __repr__(self):
        return KNOWN_AFTER_APPLY


UNKNOWN = Unknown()
NO_VALUE = object()
_PLACE = re.compile(r"\$\{(!?)([^}]*)\}")


class Evaluator:
    """`lookup(logical, attribute)` gives the value of Ref (attribute None) or GetAtt, or UNKNOWN.
    `imports(name)` gives the value of an export, or UNKNOWN, or raises."""

    def __init__(self, template, parameters, pseudo, lookup, imports, outputs=None):
        self.template = template
        self.declared = template.get("Parameters") or {}
        self.parameters = parameters
        self.pseudo = pseudo
        self.lookup = lookup
        self.imports = imports
        self.stack_output = outputs
        self._conditions = {}

    def condition(self, name):
        """True or False; conditions cannot depend on resources."""
        if name not in self._conditions:
            declared = self.template.get("Conditions") or {}
            if name not in declared:
                raise invalid(f"Template format error: Unresolved dependencies [{name}]. Cannot "
                              "reference resources in the Conditions block of the template")
            self._conditions[name] = False  # a circle ends here
            self._conditions[name] = self._truth(self.value(declared[name]))
        return self._conditions[name]

    @staticmethod
    def _truth(value):
        return value if isinstance(value, bool) else str(value).lower() == "true"

    def value(self, node):
        """The value of a node; UNKNOWN inside lists and objects stays where it is."""
        if isinstance(node, list):
            return [item for item in map(self.value, node) if item is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (name, argument), = node.items()
            if name == "Ref":
                return self._ref(argument)
            if name == "Condition" and isinstance(argument, str):
                return self.condition(argument)
            function = self._FUNCTIONS.get(name)
            if function:
                return function(self, argument)
        found = ((key, self.value(item)) for key, item in node.items())
        return {key: item for key, item in found if item is not NO_VALUE}

    def _ref(self, name):
        if name in self.declared:
            value = self.parameters.get(name, "")
            kind = self.declared[name].get("Type", "String")
            return (value.split(",") if kind.startswith(("CommaDelimitedList", "List<"))
                    else value)
        if name == "AWS::NoValue":
            return NO_VALUE
        return self.pseudo[name] if name in self.pseudo else self.lookup(name, None)

    def _get_att(self, argument):
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        attribute = self.value(parts[1])
        return UNKNOWN if unknown_in(attribute) else self.lookup(parts[0], attribute)

    def _sub(self, argument):
        text, own = (argument, {}) if isinstance(argument, str) else argument
        known = True

        def place(found):
            nonlocal known
            if found.group(1):
                return "${" + found.group(2) + "}"
            name = found.group(2).strip()
            if name in own:
                value = self.value(own[name])
            elif "." in name and name not in self.declared:
                value = self.lookup(*name.split(".", 1))
            else:
                value = self._ref(name)
            known = known and not unknown_in(value)
            return text_of(value)
        result = _PLACE.sub(place, text)
        return result if known else UNKNOWN

    def _join(self, argument):
        items = self.value(argument[1])
        if unknown_in(items):
            return UNKNOWN
        return text_of(self.value(argument[0])).join(text_of(item) for item in items)

    def _split(self, argument):
        text = self.value(argument[1])
        return UNKNOWN if unknown_in(text) else text_of(text).split(argument[0])

    def _select(self, argument):
        index, items = self.value(argument[0]), self.value(argument[1])
        if unknown_in(index) or items is UNKNOWN:
            return UNKNOWN
        if not 0 <= int(index) < len(items):
            raise invalid("Template error: Fn::Select cannot select nonexistent value at index "
                          + str(index))
        return items[int(index)]

    def _if(self, argument):
        return self.value(argument[1 if self.condition(argument[0]) else 2])

    def _equals(self, argument):
        return text_of(self.value(argument[0])) == text_of(self.value(argument[1]))

    def _and(self, argument):
        return all(self._truth(self.value(item)) for item in argument)

    def _or(self, argument):
        return any(self._truth(self.value(item)) for item in argument)

    def _not(self, argument):
        return not self._truth(self.value(argument[0]))

    def _contains(self, argument):
        return self.value(argument[1]) in self.value(argument[0])

    def _find_in_map(self, argument):
        names = [self.value(item) for item in argument[:3]]
        found = self.template.get("Mappings") or {}
        for name in names:
            found = found.get(text_of(name)) if isinstance(found, dict) else None
        if found is None and len(argument) > 3:
            return self.value(argument[3]["DefaultValue"])
        if found is None:
            raise invalid(f"Template error: Unable to get mapping for {'::'.join(map(str, names))}")
        return self.value(found)

    def _base64(self, argument):
        text = self.value(argument)
        return UNKNOWN if unknown_in(text) else base64.b64encode(text_of(text).encode()).decode()

    def _get_azs(self, argument):
        region = self.value(argument) or self.pseudo["AWS::Region"]
        return [text_of(region) + letter for letter in "abc"]

    def _cidr(self, argument):
        block, count, bits = [self.value(item) for item in (list(argument) + [8])[:3]]
        if unknown_in([block, count, bits]):
            return UNKNOWN
        network = ipaddress.ip_network(block)
        parts = network.subnets(new_prefix=network.max_prefixlen - int(bits))
        return [str(next(parts)) for _ in range(int(count))]

    def _import(self, argument):
        name = self.value(argument)
        return UNKNOWN if unknown_in(name) else self.imports(text_of(name))

    def _stack_output(self, argument):
        wanted = self.value(argument)
        return UNKNOWN if unknown_in(wanted) or not self.stack_output else \
            self.stack_output(wanted)

    def _to_json(self, argument):
        value = self.value(argument)
        return UNKNOWN if unknown_in(value) else json.dumps(value, separators=(",", ":"))

    def _length(self, argument):
        value = self.value(argument)
        return UNKNOWN if value is UNKNOWN else len(value)

    _FUNCTIONS = {
        "Fn::GetAtt": _get_att, "Fn::Sub": _sub, "Fn::Join": _join, "Fn::Split": _split,
        "Fn::Select": _select, "Fn::If": _if, "Fn::Equals": _equals, "Fn::And": _and,
        "Fn::Or": _or, "Fn::Not": _not, "Fn::Contains": _contains, "Fn::FindInMap": _find_in_map,
        "Fn::Base64": _base64, "Fn::GetAZs": _get_azs, "Fn::Cidr": _cidr,
        "Fn::ImportValue": _import, "Fn::GetStackOutput": _stack_output,
        "Fn::ToJsonString": _to_json, "Fn::Length": _length,
    }


def unknown_in(value):
    if isinstance(value, dict):
        return any(map(unknown_in, value.values()))
    if isinstance(value, list):
        return any(map(unknown_in, value))
    return value is UNKNOWN


def text_of(value):
    """A value in a text, as CloudFormation writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return str(value)


def shown(value):
    """A value for people: unknown ones as the change set writes them."""
    if isinstance(value, dict):
        return {key: shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shown(item) for item in value]
    return KNOWN_AFTER_APPLY if value is UNKNOWN else value
