"""Writes the first sentence of AWS's documentation of every type and property.

One section per type and per definition of a type, sorted, separated by empty lines:

    AWS::S3::Bucket<TAB>what the type is
    BucketName<TAB><TAB>what the property is
    LifecycleConfiguration<TAB>LifecycleConfiguration<TAB>what it is

The middle column names the definition whose section, here AWS::S3::Bucket.LifecycleConfiguration,
describes the property's own properties. Sections of definitions have no text of their own. Those
with the same lines share one section, which then has several head lines.
"""

import re

LONGEST = 120


def first_sentence(text):
    """Plain text, one line, no markup."""
    text = re.sub(r"^\s*(>.*\n)+\s*", "", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"<[^>]*>|[*`]", "", text)
    text = " ".join(text.split("\n\n", 1)[0].split())
    text = re.sub(r" ([.,;])(?= |$)", r"\1", text)
    cut = re.search(r"(?<!e\.g)(?<!i\.e)(?<!etc)[.!?:] (?=[A-Z\"])", text)
    if cut:
        text = text[:cut.start() + 1]
    if len(text) > LONGEST:
        text = text[:LONGEST].rsplit(" ", 1)[0] + " …"
    return text.rstrip(":")


def definition_id(described):
    """The definition that a property's type refers to, through lists and maps."""
    kind = described.get("type")
    if kind == "ref":
        return described["reference"]["$ref"]
    if kind in ("array", "map"):
        return definition_id(described["element"])
    if kind == "union":
        for alternative in described["types"]:
            found = definition_id(alternative)
            if found:
                return found
    return None


def property_lines(entity, definitions):
    lines = []
    members = {**entity.get("attributes", {}), **entity["properties"]}
    for name in sorted(members):
        target = definitions.get(definition_id(members[name]["type"]))
        text = first_sentence(members[name].get("documentation", ""))
        if text or target:
            lines.append(f"{name}\t{target['name'] if target else ''}\t{text}")
    return lines


def documentation_text(service_spec, merged):
    schema = service_spec["schema"]
    definitions = {entity["$id"]: entity for entity in schema["typeDefinition"]["entities"]}
    used = schema["usesType"]["forward"]
    sections = {}
    for resource in schema["resource"]["entities"]:
        name = resource["cloudFormationType"]
        if name not in merged.types:
            continue
        sections.setdefault(f"{name}\t{first_sentence(resource['documentation'])}",
                            property_lines(resource, definitions))
        for link in used.get(resource["$id"], []):
            definition = definitions[link["$id"]]
            lines = property_lines(definition, definitions)
            if lines:
                sections.setdefault(f"{name}.{definition['name']}", lines)
    shared = {}
    for head, lines in sorted(sections.items()):
        shared.setdefault("\n".join(lines), []).append(head)
    blocks = ["\n".join(heads + ([body] if body else [])) for body, heads in shared.items()]
    return "\n" + "\n\n".join(sorted(blocks)) + "\n\n"
