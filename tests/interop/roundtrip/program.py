"""Prints a template as a program of alt that compiles to the same template."""

import re

from expressions import RESERVED, WORD, Expressions, quoted
from template import LOOP, SECTIONS, unroll_all

GIVEN = {"app", "stage", "stages", "aws", "self", "it", "cfn"}
NAMED = ("Parameters", "Mappings", "Conditions", "Rules", "Resources")
ANNOTATIONS = ("DeletionPolicy", "UpdateReplacePolicy", "CreationPolicy", "UpdatePolicy",
               "Metadata")


def name_of(logical_id, used):
    """A name for a logical id; an id has no `_`, so what gets one is not taken."""
    name = re.sub(r"[^A-Za-z0-9_]", "_", logical_id)
    if not re.match(r"[A-Za-z_]", name):
        name = "_" + name
    while name in used or name in RESERVED | GIVEN:
        name += "_"
    used.add(name)
    return name


def entries_of(entries):
    """(key, value) of a section, with what is in its loops."""
    for key, value in entries.items():
        if key.startswith(LOOP):
            yield from entries_of(value[2])
        elif not key.startswith("Fn::"):
            yield key, value


def choose_names(template):
    used, names = set(), {}
    for section in NAMED:
        for key, _ in entries_of(template.get(section) or {}):
            names[section, key] = name_of(key, used)
    return names


class Program:
    def __init__(self, template, style):
        # In the text of `cfn.sub` no variable of alt is looked up.
        self.template = unroll_all(template) if style == "cfn" else template
        self.names = choose_names(self.template)
        self.say = Expressions(self.names, style)
        self.lines = []
        self.keys = []  # the loop variables around

    def text(self):
        self.write_template()
        for section in SECTIONS:
            writer = getattr(self, "write_" + section.lower())
            self.write_section(self.template.get(section) or {}, writer)
        return "\n".join(self.lines) + "\n"

    def write_template(self):
        whole = {key: value for key, value in self.template.items() if key not in SECTIONS}
        # What a macro puts into a section.
        for section in SECTIONS:
            made = {key: value for key, value in (self.template.get(section) or {}).items()
                    if key.startswith("Fn::") and not key.startswith(LOOP)}
            if made:
                whole[section] = made
        if whole:
            entries = "\n".join("  " + self.say.entry(*entry) for entry in whole.items())
            self.lines.append("template {\n%s\n}" % entries)

    def write_section(self, entries, writer):
        for key, value in entries.items():
            if key.startswith(LOOP):
                self.write_loop(value, writer)
            elif not key.startswith("Fn::"):
                writer(key, value)

    def write_loop(self, value, writer):
        name, items, body = value
        self.lines.append("for %s in %s {" % (name, self.say.value(items)))
        self.say.variables.append(name)
        self.write_section(body, writer)
        self.say.variables.pop()
        self.lines.append("}")

    def declared(self, section, key):
        """(the lines before, the name with its keys)"""
        name = self.names[section, key]
        if self.say.variables:
            keys = "-".join("${%s}" % variable for variable in self.say.variables)
            head = "@id(%s)\n" % (self.say.interpolated(key) or quoted(key))
            single = len(self.say.variables) == 1
            return head, "%s[%s]" % (name, self.say.variables[0] if single else '"%s"' % keys)
        return ("" if name == key else "@id(%s)\n" % quoted(key)), name

    def body(self, entries, always=False):
        if not entries:
            return " {}" if always else ""
        return " {\n%s\n}" % "\n".join("  " + self.say.entry(*entry) for entry in entries.items())

    def write_parameters(self, key, value):
        rest = {name: entry for name, entry in value.items() if name != "Type"}
        head, name = self.declared("Parameters", key)
        self.lines.append("%sparam %s: %s%s" % (head, name, value["Type"], self.body(rest)))

    def write_mappings(self, key, value):
        head, name = self.declared("Mappings", key)
        self.lines.append("%smapping %s%s" % (head, name, self.body(value, True)))

    def write_conditions(self, key, value):
        head, name = self.declared("Conditions", key)
        self.lines.append("%scondition %s = %s" % (head, name, self.say.value(value, True)))

    def write_rules(self, key, value):
        head, name = self.declared("Rules", key)
        entries = "\n".join("  " + self.say.entry(*entry, True) for entry in value.items())
        self.lines.append("%srule %s {\n%s\n}" % (head, name, entries))

    def write_resources(self, key, value):
        head, name = self.declared("Resources", key)
        notes = "".join(self.annotation(*entry) for entry in value.items())
        body = self.body(value["Properties"], True) if "Properties" in value else ""
        text = "%s%sresource %s: %s%s" % (head, notes, name, value["Type"], body)
        self.write_under(value.get("Condition"), text)

    def annotation(self, key, value):
        if key in ("Type", "Properties") or key == "Condition":
            return ""
        if key == "DependsOn":
            return "@DependsOn(%s)\n" % self.depends_on(value)
        if key in ANNOTATIONS:
            return "@%s(%s)\n" % (key, self.say.value(value))
        return "@attribute(%s, %s)\n" % (quoted(key), self.say.value(value))

    def depends_on(self, value):
        if isinstance(value, list):
            return "[%s]" % ", ".join(map(self.depends_on, value))
        return self.names.get(("Resources", value)) or self.say.key(quoted(value)[1:-1]) \
            if WORD.match(value) and ("Resources", value) in self.names else self.id_text(value)

    def id_text(self, value):
        return self.say.interpolated(value) or quoted(value)

    def write_under(self, condition, text):
        if condition is None:
            self.lines.append(text)
        else:
            self.lines.append("if %s {\n%s\n}" % (self.say.condition_name(condition), text))

    def write_outputs(self, key, value):
        rest = {name: entry for name, entry in value.items() if name not in ("Value", "Condition")}
        named = WORD.match(key) and key not in RESERVED | GIVEN and not self.say.variables
        name = key if named else name_of(key, set())
        head = "" if named else "@id(%s)\n" % self.id_text(key)
        if self.say.variables:
            name += "[%s]" % self.say.variables[-1]
        text = "%soutput %s = %s%s" % (head, name, self.say.value(value["Value"]), self.body(rest))
        self.write_under(value.get("Condition"), text)
