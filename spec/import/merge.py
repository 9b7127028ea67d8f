"""Merges the sources into one description per resource type.

The validator's schemas are trusted for constraints, the service specification for what Ref gives,
tags and attributes of older types, the frozen legacy specification for how updates behave.
Nodes keep the validator's form (snake-case keys, `ref_name` for a definition of the type).
"""

import copy
import re

import extensions

# AWS copies the list of us-east-1 to regions it may not tell about: unknown, not "available".
UNTOLD_REGIONS = re.compile(r"^(us-iso|eu-iso|eusc-)")

# SAM's own types exist only before its transform, which makes other types out of them; the other
# one is internal to AWS. Both are checked loosely, as all types without a schema.
EXCLUDED_TYPES = re.compile(r"^(AWS::Serverless::|AMZN::)")

# Lists that AWS extends every few weeks: a value that is not listed yet is no mistake.
GROWING = re.compile(r"(InstanceTypes?|InstanceClass|NodeType|EngineVersion|Engine|Runtimes?"
                     r"|RuntimeVersion|ModelId|KernelGatewayImage|Version)$")

UPDATE_MARKS = {"Mutable": "=", "Conditional": "~", "Immutable": "^"}


class Merge:
    """The result: `types` by name, and what was counted and dropped on the way."""

    def __init__(self, sources):
        self.frames = sources["frames"]
        self.legacy = sources["legacy"]
        self.service_types = {
            entity["cloudFormationType"]: entity
            for entity in sources["service_spec"]["schema"]["resource"]["entities"]}
        self.dropped = []
        self.regions = sorted(region for region in self.frames["regions"]["region_resource_types"]
                              if not UNTOLD_REGIONS.match(region))
        self.types = {name: self.merge_type(name, schema)
                      for name, schema in sorted(self.frames["schemas"].items())
                      if not EXCLUDED_TYPES.match(name)}

    def merge_type(self, name, schema):
        service = self.service_types.get(name, {})
        root = {key: schema[key] for key in ROOT_KEYS if key in schema}
        root["type"] = "object"
        definitions = schema["definitions"]
        self.take_rules(name, root)
        self.drop_dangling(name, definitions, [root, definitions])
        self.drop_misplaced(name, root)
        for definition_name, definition in definitions.items():
            self.drop_misplaced(f"{name} {definition_name}", definition)
        for node in [root, *definitions.values()]:
            mark_growing(node, "")
        self.mark_updates(name, root, definitions)
        lifecycle = self.frames["lifecycle"]["resource_lifecycle"].get(name)
        if name in self.frames["deprecated"]["deprecated_resource_types"] and not lifecycle:
            lifecycle = {"status": "maintenance"}
        return {
            "root": root,
            "definitions": definitions,
            "id": schema.get("primary_identifier") or service.get("primaryIdentifier") or [],
            "ref": service.get("cfnRefIdentifier"),
            "read-only": sorted(set(schema.get("read_only_properties", []))),
            "create-only": sorted(set(schema.get("create_only_properties", []))),
            "may-replace": may_replace(schema, service),
            "write-only": sorted(set(schema.get("write_only_properties", []))),
            "deprecated": sorted(set(schema.get("deprecated_properties", []))),
            "tags": self.tags_of(root, service),
            "stateful": name in self.frames["stateful"]["stateful_resource_types"],
            "snapshot": name in
                self.frames["rules"]["rule_tables"]["snapshot_capable_resource_types"],
            "deletes-first": schema.get("replacement_strategy") == "delete_then_create",
            "lifecycle": lifecycle,
            "page": self.page_of(name),
            "attributes": self.attributes_of(name, schema, service, root),
            "missing": [region for region in self.regions
                        if name not in self.frames["regions"]["region_resource_types"][region]],
        }

    def take_rules(self, name, root):
        """The rules over several properties, from their original form where there is one."""
        if name.lower() not in {key.lower() for key in self.frames["extensions"]}:
            return
        rules = extensions.rules_of(name, copy.deepcopy(self.frames["extensions"]),
                                    set(root.get("properties", {})), self.dropped)
        root.pop("if_then_else", None)
        kept = [entry for entry in root.pop("all_of", [])
                if entry and "if_then_else" not in entry and "pattern" not in entry]
        if kept:
            root["all_of"] = kept
        if rules:
            root["if_then_else"] = rules

    def drop_dangling(self, name, definitions, value):
        """References to definitions that the type does not have: nothing is said there."""
        if isinstance(value, dict):
            target = value.get("ref_name")
            if isinstance(target, str) and target not in definitions:
                self.dropped.append(f"{name}: reference to a missing definition {target}")
                del value["ref_name"]
            value = list(value.values())
        if isinstance(value, list):
            for child in value:
                self.drop_dangling(name, definitions, child)

    def drop_misplaced(self, where, node):
        """Conditions over properties that the object does not have: they were meant for deeper
        down, and would be found violated, or never hold, where they stand."""
        own = node.get("properties")
        if not own or node.get("additional_properties") is not False:
            return
        node_conditions = {key: node[key] for key in CONDITION_KEYS if key in node}
        kept = self.sound_conditions(where, node_conditions, set(own))
        for key in node_conditions:
            node.pop(key)
        node.update(kept)
        missing = [name for name in node.get("required", []) if name not in own]
        if missing:
            self.dropped.append(f"{where}: required {' '.join(missing)}")
            node["required"] = [name for name in node["required"] if name in own]

    def sound_conditions(self, where, conditions, own):
        kept = {}
        for key, value in conditions.items():
            if key in ("all_of", "if_then_else"):
                entries = []
                for entry in value:
                    entry = dict(entry)
                    if key == "all_of":
                        inner = {name: entry.pop(name) for name in CONDITION_KEYS if name in entry}
                        had = bool(inner)
                        entry.update(self.sound_conditions(where, inner, own))
                        if had and not entry:
                            continue
                    whole = {"if_then_else": [entry]} if key == "if_then_else" else entry
                    unknown = mentioned(whole) - own
                    if not any(whole.values()):
                        continue  # says nothing
                    if unknown:
                        self.dropped.append(f"{where}: {key} over {' '.join(sorted(unknown))}")
                    else:
                        entries.append(entry)
                if entries:
                    kept[key] = entries
            elif key in ("dependent_required", "dependent_excluded"):
                good = {name: others for name, others in value.items()
                        if name in own and set(others) <= own}
                if len(good) < len(value):
                    self.dropped.append(f"{where}: {key} {' '.join(sorted(set(value) - set(good)))}")
                if good:
                    kept[key] = good
            elif key in ("one_of", "any_of"):
                unknown = set().union(*[mentioned(entry) for entry in value]) - own
                if unknown:
                    self.dropped.append(f"{where}: {key} over {' '.join(sorted(unknown))}")
                else:
                    kept[key] = value
            elif set(value) <= own:
                kept[key] = value
            else:
                self.dropped.append(f"{where}: {key} {' '.join(sorted(set(value) - own))}")
        return kept

    def mark_updates(self, name, root, definitions):
        legacy_type = self.legacy["ResourceTypes"].get(name)
        if legacy_type:
            mark_node(root, legacy_type)
        for definition_name, definition in definitions.items():
            legacy_definition = self.legacy["PropertyTypes"].get(f"{name}.{definition_name}")
            if legacy_definition:
                mark_node(definition, legacy_definition)

    def tags_of(self, root, service):
        property_name = service.get("tagInformation", {}).get("tagPropertyName", "Tags")
        if property_name not in root.get("properties", {}):
            return None
        return property_name

    def page_of(self, name):
        """The legacy specification knows the odd page names; the others follow the rule."""
        url = self.legacy["ResourceTypes"].get(name, {}).get("Documentation", "")
        page = url.rsplit("/", 1)[-1].removesuffix(".html")
        return page if page and page != regular_page(name) else None

    def attributes_of(self, name, schema, service, root):
        types = self.frames["attributes"]["getatt_attribute_types"].get(name, {})
        overrides = self.frames["attribute_overrides"]["getatt_return_type_overrides"].get(name, {})
        attributes = {}
        for attribute, described in self.legacy["ResourceTypes"].get(name, {}).get(
                "Attributes", {}).items():
            attributes[attribute] = legacy_types(described)
        for attribute, description in service.get("attributes", {}).items():
            attributes[attribute] = service_types(description["type"])
        # Some older types give every property back; the validator's list knows which.
        listed = self.frames["attributes"]["getatt_attributes"].get(name, [])
        for path in [*listed, *schema.get("read_only_properties", [])]:
            stated = types.get(path)
            node = find_node(schema["definitions"], root, path)
            attributes[path] = node_types(schema["definitions"], node) or (
                (stated,) if stated else attributes.get(path, ()))
        for attribute, stated in overrides.items():
            if attribute in attributes:
                attributes[attribute] = (stated,)
        return {path: types for path, types in sorted(attributes.items()) if "*" not in path}


ROOT_KEYS = ("properties", "required", "additional_properties", "pattern_properties", "one_of",
             "any_of", "all_of", "if_then_else", "required_xor", "required_or",
             "dependent_required", "dependent_excluded", "min_properties", "max_properties")
CONDITION_KEYS = ("one_of", "any_of", "all_of", "if_then_else", "required_xor", "required_or",
                  "dependent_required", "dependent_excluded")


def regular_page(name):
    return "aws-resource-" + "-".join(part.lower() for part in name.split("::")[1:])


def may_replace(schema, service):
    paths = set(schema.get("conditional_create_only_properties", []))
    for name, description in service.get("properties", {}).items():
        if description.get("causesReplacement") == "maybe" and name in schema["properties"]:
            paths.add(name)
    return sorted(paths - set(schema.get("create_only_properties", [])))


def mentioned(node):
    """Names of the properties of this very object that a condition speaks of."""
    names = set(node.get("required", [])) | set(node.get("properties", {}))
    names |= set(node.get("required_xor", [])) | set(node.get("required_or", []))
    for name, others in [*node.get("dependent_required", {}).items(),
                         *node.get("dependent_excluded", {}).items()]:
        names |= {name, *others}
    for key in ("one_of", "any_of", "all_of"):
        for entry in node.get(key, []):
            names |= mentioned(entry)
    if "not" in node:
        names |= mentioned(node["not"])
    for entry in node.get("if_then_else", []):
        for branch in entry.values():
            names |= mentioned(branch)
    return names


def mark_growing(node, name):
    if len(node.get("enum", node.get("enum_case_insensitive", []))) > 1 and GROWING.search(name):
        node["grows"] = True
    for key in ("properties", "pattern_properties"):
        for child_name, child in node.get(key, {}).items():
            mark_growing(child, child_name if key == "properties" else name)
    for key in ("one_of", "any_of", "all_of"):
        for child in node.get(key, []):
            mark_growing(child, name)
    for entry in node.get("if_then_else", []):
        # In an `if` the list is a question, not a demand.
        for key in ("then_schema", "else_schema"):
            if key in entry:
                mark_growing(entry[key], name)
    for key in ("items", "additional_properties"):
        if isinstance(node.get(key), dict):
            mark_growing(node[key], name)


def mark_node(node, legacy):
    marks = {name: UPDATE_MARKS[description["UpdateType"]]
             for name, description in legacy.get("Properties", {}).items()
             if description.get("UpdateType") in UPDATE_MARKS}
    marks = {name: mark for name, mark in marks.items() if name in node.get("properties", {})}
    if marks:
        node["updates"] = marks


def resolve(definitions, node):
    seen = set()
    while node and "ref_name" in node and node["ref_name"] not in seen:
        seen.add(node["ref_name"])
        node = definitions.get(node["ref_name"])
    return node


def find_node(definitions, root, path):
    node = root
    for part in path.split("."):
        node = resolve(definitions, node)
        if not node:
            return None
        if part == "*":
            node = node.get("items") or node.get("additional_properties")
            node = node if isinstance(node, dict) else None
        else:
            node = node.get("properties", {}).get(part)
    return resolve(definitions, node)


def node_types(definitions, node):
    """("string",), or ("array", "string") for a list of texts; () when it does not say."""
    if not node or "type" not in node:
        return ()
    types = node["type"] if isinstance(node["type"], list) else [node["type"]]
    if types == ["array"]:
        items = resolve(definitions, node.get("items"))
        if items and isinstance(items.get("type"), str):
            return ("array", items["type"])
    return tuple(types[:1]) if len(types) == 1 else ()


def legacy_types(described):
    kinds = {"String": "string", "Integer": "integer", "Long": "integer", "Double": "number",
             "Boolean": "boolean", "Timestamp": "string"}
    if described.get("Type") == "List":
        item = kinds.get(described.get("PrimitiveItemType"), "object")
        return ("array", item)
    return (kinds.get(described.get("PrimitiveType"), "object"),)


def service_types(described):
    kind = described["type"]
    if kind == "array":
        return ("array", *service_types(described["element"])[:1])
    return {"string": ("string",), "integer": ("integer",), "number": ("number",),
            "boolean": ("boolean",), "date-time": ("string",)}.get(
                kind, ("object",) if kind in ("ref", "map", "json", "tag") else ())
