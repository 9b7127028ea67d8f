"""Writes merged types as text: one file per service, sorted, one property a line.

The grammar is described in spec/resources/README.md; spec/tools/specc.c reads it.
"""

import hashlib
import json
import re

WIDTH = 100
PLAIN = re.compile(r"^[A-Za-z_][A-Za-z0-9_.:/*+-]*$|^[0-9][A-Za-z0-9_.:/*+-]*[A-Za-z_:/*][A-Za-z0-9_.:/*+-]*$")
RESERVED = {"true", "false", "null"}
NUMBER = re.compile(r"^[0-9.eE+-]+$")


def word(text):
    """A text as one token: bare where that is clear, else quoted."""
    if PLAIN.match(text) and text not in RESERVED and not NUMBER.match(text):
        return text
    if "`" not in text and ("\\" in text or '"' in text) and not re.search(r"[\x00-\x1f]", text):
        return f"`{text}`"
    return json.dumps(text, ensure_ascii=False)


def quoted(text):
    made = word(text)
    return made if made[0] in "`\"" else f'"{made}"'


def number(value):
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    return repr(value)


def literal(value):
    if isinstance(value, str):
        return word(value)
    return json.dumps(value) if not isinstance(value, float) else number(value)


def words(values, indent, before):
    """`(a b c)`, broken over lines when it would be too long behind `before` columns."""
    line = f"({' '.join(values)})"
    if before + len(line) <= WIDTH:
        return line
    pad = " " * (indent + 4)
    lines = [pad]
    for value in values:
        if len(lines[-1]) + len(value) + 1 > WIDTH and lines[-1].strip():
            lines.append(pad)
        lines[-1] += ("" if lines[-1] == pad else " ") + value
    return "(\n" + "\n".join(lines) + "\n" + " " * indent + ")"


def bounds(node, low, high):
    return f"{number(node[low]) if low in node else ''}..{number(node[high]) if high in node else ''}"


class NodeWriter:
    """Writes nodes of one type; `names` gives the service-wide name of its definitions."""

    def __init__(self, names):
        self.names = names

    def node(self, node, indent=0, before=0):
        """The terms of a node as text; continued lines are indented by `indent`."""
        terms = []

        def column():
            return before + len(" ".join(terms).rsplit("\n", 1)[-1]) + 1

        def add_words(keyword, values):
            terms.append(keyword)
            terms.append(words(values, indent, column()))

        if "ref_name" in node:
            terms.append("@" + self.names[node["ref_name"]])
        if "type" in node:
            types = node["type"] if isinstance(node["type"], list) else [node["type"]]
            terms.append("|".join(sorted("list" if name == "array" else name for name in types)))
        for key, keyword in (("enum", "in"), ("enum_case_insensitive", "in-any-case"),
                             ("not_enum", "not-in")):
            if key in node:
                add_words(keyword, sorted({literal(value) for value in node[key]}))
        if node.get("grows"):
            terms.append("grows")
        if "const" in node:
            terms.append("const " + literal(node["const"]))
        if ("min_length" in node or "max_length" in node) and node.get("type") != "array":
            terms.append("length " + bounds(node, "min_length", "max_length"))
        if "pattern" in node:
            terms.append("pattern " + quoted(node["pattern"]))
        if "minimum" in node or "maximum" in node:
            terms.append("range " + bounds(node, "minimum", "maximum"))
        for key, keyword in (("exclusive_minimum", "above"), ("exclusive_maximum", "below"),
                             ("multiple_of", "multiple")):
            if key in node:
                terms.append(f"{keyword} {number(node[key])}")
        if "format" in node:
            terms.append("format " + word(node["format"]))
        if "min_items" in node or "max_items" in node:
            terms.append("items " + bounds(node, "min_items", "max_items"))
        if node.get("unique_items"):
            terms.append("unique")
        if "min_properties" in node or "max_properties" in node:
            terms.append("size " + bounds(node, "min_properties", "max_properties"))
        if node.get("additional_properties") is False:
            terms.append("closed")
        lines = self.block_lines(node, indent + 4)
        if lines:
            terms.append("{\n" + "\n".join(lines) + "\n" + " " * indent + "}")
        if isinstance(node.get("items"), dict):
            terms.append("of")
            inner = self.node(node["items"], indent, column())
            terms.append(inner if inner else "any")
        return " ".join(terms)

    def block_lines(self, node, indent):
        pad = " " * indent
        lines = []
        required = node.get("required", [])
        own = node.get("properties", {})
        for name in sorted(own):
            head = word(name) if re.match(r"^[A-Za-z0-9_]+$", name) else json.dumps(name)
            head += "!" if name in required else ""
            head += node.get("updates", {}).get(name, "")
            lines.append(self.entry(pad, head, own[name], indent))
        for pattern, child in sorted(node.get("pattern_properties", {}).items()):
            lines.append(self.entry(pad, ".key " + quoted(pattern), child, indent))
        if isinstance(node.get("additional_properties"), dict):
            lines.append(self.entry(pad, ".other", node["additional_properties"], indent))

        def add_names(keyword, names):
            lines.append(f"{pad}{keyword} " + words(
                sorted(word(name) for name in names), indent, indent + len(keyword) + 1))

        foreign = [name for name in required if name not in own]
        if foreign:
            add_names(".require", foreign)
        for name, others in sorted(node.get("dependent_required", {}).items()):
            add_names(f".with {word(name)}", others)
        for name, others in sorted(node.get("dependent_excluded", {}).items()):
            add_names(f".without {word(name)}", others)
        for key, keyword in (("required_xor", ".exactly-one"), ("required_or", ".at-least-one"),
                             ("absent", ".absent")):
            if key in node:
                add_names(keyword, node[key])
        for key, keyword in (("one_of", ".one-of"), ("any_of", ".any-of"), ("all_of", ".all-of")):
            if key in node:
                lines.append(f"{pad}{keyword} {{")
                lines += [pad + "    " + (self.node(child, indent + 4, indent + 4) or "any")
                          for child in node[key]]
                lines.append(pad + "}")
        if "not" in node:
            lines.append(self.entry(pad, ".not", node["not"], indent))
        for entry in node.get("if_then_else", []):
            lines += self.condition(entry, pad, indent)
        return lines

    def entry(self, pad, head, child, indent):
        text = self.node(child, indent, indent + len(head) + 1)
        return f"{pad}{head} {text}".rstrip()

    def condition(self, entry, pad, indent):
        line = f"{pad}.when (" + (self.node(entry["condition"], indent, indent) or "any") + ")"
        for key, keyword in (("then_schema", "then"), ("else_schema", "else")):
            if key in entry:
                line += f" {keyword} (" + (self.node(entry[key], indent, indent) or "any") + ")"
        return line.split("\n")


def fingerprints(types):
    """{(type, definition): hash}, equal for definitions that mean the same, cycles included."""
    bare = {}
    for type_name, description in types.items():
        for name, node in description["definitions"].items():
            bare[type_name, name] = node
    prints = {key: key[1] for key in bare}
    classes = 0
    while True:
        following = {key: fingerprint(node, prints, key[0]) for key, node in bare.items()}
        if len(set(following.values())) == classes:
            return following
        classes = len(set(following.values()))
        prints = following


def fingerprint(node, prints, type_name):
    def walk(value, key=None):
        if isinstance(value, dict):
            return {name: prints.get((type_name, child), child) if name == "ref_name"
                    else walk(child, name) for name, child in value.items()}
        if isinstance(value, list):
            return [walk(child) for child in value]
        return value
    text = json.dumps(walk(node), sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def name_definitions(types):
    """A service-wide name for every definition: the plain one for what most types mean by it,
    Type.Name for what others mean."""
    prints = fingerprints(types)
    by_name = {}
    for (type_name, name), mark in prints.items():
        by_name.setdefault(name, {}).setdefault(mark, []).append(type_name)
    names, bodies = {}, {}
    for name, meanings in by_name.items():
        order = sorted(meanings.items(), key=lambda item: (-len(item[1]), item[1][0]))
        for position, (_, users) in enumerate(order):
            first = users[0].split("::")[-1]
            full = name if position == 0 else f"{first}.{name}"
            bodies[full] = (users[0], name)
            for user in users:
                names[user, name] = full
    return names, bodies


def used_definitions(description):
    """Names of the definitions that the root reaches."""
    reached, todo = set(), [description["root"]]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            name = value.get("ref_name")
            if isinstance(name, str) and name not in reached:
                reached.add(name)
                todo.append(description["definitions"][name])
            todo += value.values()
        elif isinstance(value, list):
            todo += value
    return reached


def type_lines(name, description, regions, writer):
    lines = [f"type {name} {{"]

    def add(keyword, values):
        if values:
            lines.append(f"    {keyword} " + words([word(value) for value in values], 4,
                                                  5 + len(keyword)))

    add("id", description["id"])
    add("ref", description["ref"] if description["ref"] != description["id"] else None)
    for keyword in ("create-only", "may-replace", "read-only", "write-only", "deprecated"):
        add(keyword, description[keyword])
    if description["tags"]:
        lines.append(f"    tags {description['tags']}")
    for keyword in ("stateful", "snapshot", "deletes-first"):
        if description[keyword]:
            lines.append(f"    {keyword}")
    if description["lifecycle"]:
        lifecycle = description["lifecycle"]
        lines.append(f"    lifecycle {lifecycle['status']} {lifecycle.get('date', '')}".rstrip())
    if description["page"]:
        lines.append(f"    page {description['page']}")
    missing = description["missing"]
    if len(missing) * 2 > len(regions):
        add("only-in", [region for region in regions if region not in missing] or ["nowhere"])
    else:
        add("missing-in", missing)
    if description["attributes"]:
        lines.append("    attributes {")
        lines += [f"        {word(path)} {' of '.join('list' if t == 'array' else t for t in types)}"
                  .rstrip() for path, types in description["attributes"].items()]
        lines.append("    }")
    lines.append("    body " + writer.node(description["root"], 4, 9))
    lines.append("}")
    return lines


def service_texts(merge):
    """{service: text of its file}."""
    services = {}
    for name, description in merge.types.items():
        reached = used_definitions(description)
        description["definitions"] = {key: node for key, node in description["definitions"].items()
                                      if key in reached}
        parts = name.split("::")
        service = parts[1] if parts[0] == "AWS" else parts[0]
        services.setdefault(service.lower(), {})[name] = description
    return {service: service_text(types, merge.regions) for service, types in services.items()}


def service_text(types, regions):
    names, bodies = name_definitions(types)
    lines = []
    for name, description in types.items():
        own = {key: full for (user, key), full in names.items() if user == name}
        lines += type_lines(name, description, regions, NodeWriter(own)) + [""]
    for full, (user, key) in sorted(bodies.items()):
        own = {inner: name for (other, inner), name in names.items() if other == user}
        head = f"def {full} "
        lines += [head + NodeWriter(own).node(types[user]["definitions"][key], 0, len(head)), ""]
    return "\n".join(lines[:-1]) + "\n"


def common_text(merge):
    """What belongs to no service: the regions, and the days of Lambda's runtimes."""
    lines = ["regions " + words(merge.regions, 0, 8), ""]
    runtimes = merge.frames["runtimes"]["lambda_runtimes"]["lifecycle"]
    for name, days in sorted(runtimes.items()):
        line = f"runtime {name}"
        for key, keyword in (("deprecated", "deprecated"), ("create_block", "create-blocked"),
                             ("update_block", "update-blocked"), ("successor", "successor")):
            if days.get(key):
                line += f" {keyword} {days[key]}"
        lines.append(line)
    return "\n".join(lines) + "\n"
