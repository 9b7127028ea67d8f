"""Prints the values of a template as expressions of alt, in one of two styles.

"plain" writes what a person would: names, `${…}`, `c ? x : y`, `a == b && c`, `list[0]`.
"cfn" writes each intrinsic function as the call `cfn.name(…)`, which altc never works out.
"""

import re

from template import LOOP, Number

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*\Z")
ATTRIBUTE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*\Z")
ATOM = re.compile(r"!?[A-Za-z_][\w.]*\Z")
RESERVED = {"true", "false", "null", "match", "for", "in", "is", "if", "else"}
PSEUDO = {
    "AWS::AccountId": "aws.accountId", "AWS::NoValue": "aws.noValue",
    "AWS::NotificationARNs": "aws.notificationArns", "AWS::Partition": "aws.partition",
    "AWS::Region": "aws.region", "AWS::StackId": "aws.stackId",
    "AWS::StackName": "aws.stackName", "AWS::URLSuffix": "aws.urlSuffix",
}
# Intrinsic functions whose list holds their arguments; the others have one argument.
SPREAD = {"And", "Or", "Not", "Equals", "Join", "Select", "Split", "FindInMap", "Cidr", "Sub",
          "Contains", "EachMemberIn", "EachMemberEquals", "ValueOf", "ValueOfAll", "GetAtt"}
ONE = {"GetAZs", "ImportValue", "Base64", "Length", "ToJsonString", "RefAll", "Transform"}


def escape(char):
    known = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return known.get(char) or ("\\u{%x}" % ord(char) if needs_escape(char) else char)


def needs_escape(char):
    code = ord(char)
    return code < 32 or 0x7F <= code < 0xA0 or 0x2028 <= code <= 0x202E or 0x2066 <= code <= 0x2069


def quoted(text):
    return '"%s"' % "".join(map(escape, text)).replace("${", "$${")


def is_list(value, length=None):
    return isinstance(value, list) and (length is None or len(value) == length)


def key_text(key):
    return key if WORD.match(key) and key not in RESERVED | {"with", "require"} else quoted(key)


class Expressions:
    """`names` is {(section, logical id): name in the program}."""

    def __init__(self, names, style):
        self.names = names
        self.plain = style == "plain"
        self.variables = []  # of the loops around

    def value(self, value, condition=False):
        """`condition` says that {"Condition": X} names a condition here."""
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value]
        if isinstance(value, Number):
            return value.plain()
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return "[%s]" % ", ".join(self.value(element, condition) for element in value)
        if len(value) == 1:
            called = self.intrinsic(*next(iter(value.items())), condition)
            if called:
                return called
        return "{ %s }" % self.entries(value, condition) if value else "{}"

    def entries(self, entries, condition=False):
        return ", ".join(self.entry(key, value, condition) for key, value in entries.items())

    def entry(self, key, value, condition=False):
        if key.startswith(LOOP):
            return self.loop(value)
        if key.startswith("Fn::"):
            return "...%s" % self.intrinsic(key, value, condition)
        return "%s: %s" % (self.key(key), self.value(value, condition))

    def key(self, key):
        variable = self.interpolated(key) if self.variables else None
        return variable or key_text(key)

    # ---- texts ----

    def text(self, text):
        lines = text.split("\n")
        if not self.plain or len(lines) < 3 or '"""' in text \
                or any(needs_escape(char) for char in text if char != "\n"):
            return quoted(text)
        return '"""\n%s\n    """' % "\n".join("    " + line for line in lines[:-1]).replace(
            "${", "$${") if not lines[-1] else quoted(text)

    def reference(self, name):
        """What `${name}` of Fn::Sub is in alt; None where no expression says it."""
        if name in self.variables:
            return name
        head, _, attribute = name.partition(".")
        known = self.named(head)
        if not attribute or not known:
            return known
        is_resource = ("Resources", head) in self.names
        return "%s.%s" % (known, attribute) if is_resource and ATTRIBUTE.match(attribute) else None

    def named(self, name):
        for section in ("Parameters", "Resources"):
            if (section, name) in self.names:
                return self.names[section, name]
        return PSEUDO.get(name)

    def interpolated(self, text):
        """The text of Fn::Sub as a string with `${…}`; None where only cfn.sub says it."""
        parts = re.split(r"\$\{([^}]*)\}", text)
        result, has_reference = "", False
        for i, part in enumerate(parts):
            if i % 2 == 0:
                follows = i + 1 < len(parts)
                result += self.between(part, follows)
            elif part.startswith("!"):
                result += "$${%s}" % "".join(map(escape, part[1:]))
            else:
                name = self.reference(part)
                if not name or name == "aws.noValue":
                    return None
                result += "${%s}" % name
                has_reference = True
        return '"%s"' % result if has_reference else None

    @staticmethod
    def between(part, before_brace):
        part = part.replace("${", "$${")
        escaped = "".join(map(escape, part))
        text = escaped.rstrip("$")
        dollars = escaped[len(text):]
        return '%s${"%s"}' % (text, dollars) if before_brace and dollars else escaped

    # ---- functions ----

    def intrinsic(self, key, argument, condition=False):
        """The expression for {key: argument}; None if it is no function."""
        if key == "Ref":
            return self.ref(argument)
        if key == "Condition" and condition and isinstance(argument, str):
            return self.condition_name(argument)
        if not key.startswith("Fn::") or key.startswith(LOOP):
            return None
        name = key[4:]
        special = getattr(self, "write_" + name.lower(), None)
        written = special(argument) if special and (self.plain or name in ("GetAtt", "If")) else None
        return written or self.call(name, argument, condition)

    def call(self, name, argument, condition):
        written = "getAZs" if name == "GetAZs" else name[0].lower() + name[1:]
        if name not in SPREAD | ONE:
            written = name
        arguments = argument if name in SPREAD and is_list(argument) else [argument]
        inner = condition or name in ("And", "Or", "Not")
        values = ", ".join(self.raw_argument(name, value, inner) for value in arguments)
        return "cfn.%s(%s)" % (written, values)

    def raw_argument(self, name, value, condition):
        return quoted(value) if isinstance(value, str) else self.value(value, condition)

    def ref(self, argument):
        if isinstance(argument, str):
            known = argument if argument in self.variables else self.named(argument)
            if known:
                return known
        return "ref(%s)" % self.inner_text(argument)

    def inner_text(self, value):
        """Functions in Ref and GetAtt are one text with `${…}`."""
        return self.value(value)

    def condition_name(self, name):
        known = self.names.get(("Conditions", name))
        return known or "cfn.condition(%s)" % quoted(name)

    def write_getatt(self, argument):
        if isinstance(argument, str):
            argument = argument.split(".", 1)
        if all(isinstance(part, str) for part in argument) and len(argument) == 2:
            known = self.names.get(("Resources", argument[0]))
            if known and ATTRIBUTE.match(argument[1]) and self.plain:
                return "%s.%s" % (known, argument[1])
        return "getAtt(%s)" % ", ".join(self.value(part) for part in argument)

    def write_sub(self, argument):
        return self.interpolated(argument) if isinstance(argument, str) else None

    def write_if(self, argument):
        if not is_list(argument, 3) or not isinstance(argument[0], str):
            return None
        values = (self.condition_name(argument[0]), *map(self.value, argument[1:]))
        return "(%s ? %s : %s)" % values

    def write_equals(self, argument):
        if not is_list(argument, 2):
            return None
        return "(%s == %s)" % tuple(self.value(side) for side in argument)

    def write_not(self, argument):
        inner = argument[0] if is_list(argument, 1) else argument
        return "!%s" % self.operand(inner)

    def operand(self, value):
        text = self.value(value, True)
        return text if ATOM.match(text) or text.startswith("(") else "(%s)" % text

    def chain(self, argument, function, operator):
        nested = [value for value in argument if isinstance(value, dict) and function in value]
        if nested:
            return None  # one chain would be one function
        return "(%s)" % (" %s " % operator).join(self.operand(value) for value in argument)

    def write_and(self, argument):
        return self.chain(argument, "Fn::And", "&&")

    def write_or(self, argument):
        return self.chain(argument, "Fn::Or", "||")

    def write_findinmap(self, argument):
        known = is_list(argument, 3) and isinstance(argument[0], str) \
            and self.names.get(("Mappings", argument[0]))
        return "%s[%s][%s]" % (known, *map(self.value, argument[1:])) if known else None

    def write_base64(self, argument):
        return None if isinstance(argument, str) else "base64(%s)" % self.value(argument)

    def write_select(self, argument):
        if not is_list(argument, 2) or not isinstance(argument[0], Number) \
                or not isinstance(argument[1], dict):
            return None
        listed = self.value(argument[1])
        return "%s[%s]" % (listed, argument[0].plain()) if listed[0] not in '("' else None

    # ---- loops ----

    def loop(self, value):
        name, items, body = value
        head = "for %s in %s: " % (name, self.value(items))
        self.variables.append(name)
        entries = [head + self.entry(key, entry) for key, entry in body.items()]
        self.variables.pop()
        return ", ".join(entries)
