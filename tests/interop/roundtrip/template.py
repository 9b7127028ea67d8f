"""Templates as data: reading them without loss, and telling whether two say the same."""

import decimal
import json


class Number:
    """A number as it is written: 1.0 is not 1, and no digit is lost."""

    def __init__(self, text):
        self.text = text

    def __eq__(self, other):
        return isinstance(other, Number) and self.text == other.text

    def __hash__(self):
        return hash(self.text)

    def __repr__(self):
        return self.text

    def plain(self):
        """Without an exponent, which alt does not have."""
        return format(decimal.Decimal(self.text), "f") if "e" in self.text.lower() else self.text


def unique(pairs):
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("a key stands twice in a map")
    return entries


def read_json(path):
    try:
        with open(path, encoding="utf-8-sig") as file:
            return json.load(file, parse_int=Number, parse_float=Number, object_pairs_hook=unique)
    except ValueError:
        return None


def read(path):
    """The template in a file; None if it holds something else."""
    if path.suffix in (".yaml", ".yml"):
        import yaml_template  # not without PyYAML
        data = yaml_template.read(path)
    else:
        data = read_json(path)
    return data if is_template(data) else None


def is_template(data):
    if not isinstance(data, dict) or not isinstance(data.get("Resources"), dict):
        return False
    resources = [value for key, value in data["Resources"].items() if not key.startswith("Fn::")]
    typed = [isinstance(value, dict) and isinstance(value.get("Type"), str) for value in resources]
    return bool(data["Resources"]) and all(typed)


# ---- what means the same ----

SECTIONS = ("Parameters", "Mappings", "Conditions", "Rules", "Resources", "Outputs")
LOOP = "Fn::ForEach::"


def fill(value, name, item):
    """The body of a loop in the turn of `item`."""
    if isinstance(value, str):
        return value.replace("${%s}" % name, item).replace("&{%s}" % name, item)
    if isinstance(value, list):
        return [fill(element, name, item) for element in value]
    if not isinstance(value, dict):
        return value
    if value == {"Ref": name}:
        return item
    filled = {fill(key, name, item): fill(entry, name, item) for key, entry in value.items()}
    text = filled.get("Fn::Sub")
    is_constant = filled != value and isinstance(text, str) and "${" not in text
    return text if is_constant and len(filled) == 1 else filled


def split_loops(entries):
    """One loop for each entry: two entries in one are the same as two loops."""
    result = {}
    for key, value in entries.items():
        if not key.startswith(LOOP) or not isinstance(value, list) or len(value) != 3:
            result[key] = value
            continue
        for number, (name, entry) in enumerate(split_loops(value[2]).items()):
            result["%s-%d" % (key, number)] = [value[0], value[1], {name: entry}]
    return result


def is_known_loop(key, value):
    return key.startswith(LOOP) and isinstance(value, list) and len(value) == 3 \
        and isinstance(value[1], list) and all(isinstance(item, str) for item in value[1])


def unroll(entries):
    """Loops over known lists become what they make: so does altc."""
    result = {}
    for key, value in entries.items():
        if not is_known_loop(key, value):
            result[key] = value
            continue
        for item in value[1]:
            result.update(unroll(fill(value[2], value[0], item)))
    return result


def unroll_all(value):
    if isinstance(value, list):
        return [unroll_all(element) for element in value]
    if not isinstance(value, dict):
        return value
    return {key: unroll_all(entry) for key, entry in unroll(value).items()}


def plain_sub(value):
    """A text in Fn::Sub that nothing is put into is the same with and without the function."""
    text = value.get("Fn::Sub") if len(value) == 1 else None
    if isinstance(text, list) and len(text) == 2 and text[1] == {}:
        return {"Fn::Sub": text[0]}
    return value


def normal(value):
    """One form for what CloudFormation reads alike."""
    if isinstance(value, list):
        return [normal(element) for element in value]
    if isinstance(value, Number):
        return Number(value.plain())
    if not isinstance(value, dict):
        return value
    entries = {key: normal(entry) for key, entry in split_loops(unroll(value)).items()}
    attribute = entries.get("Fn::GetAtt")
    if len(entries) == 1 and isinstance(attribute, str):
        return {"Fn::GetAtt": attribute.split(".", 1)}
    loops = [key for key in entries if key.startswith(LOOP)]
    names = {key: "%s%d" % (LOOP, loops.index(key)) for key in loops}
    return plain_sub({names.get(key, key): entry for key, entry in entries.items()})


def normal_template(data):
    """A section without entries is no section."""
    data = normal(data)
    return {key: value for key, value in data.items() if key not in SECTIONS or value}


# ---- differences ----

def difference(wanted, found, path="", depth=0):
    """Where two values differ, in words; None where they do not."""
    if type(wanted) is not type(found):
        return "%s: %r became %r" % (path or "/", wanted, found)
    if isinstance(wanted, dict):
        return map_difference(wanted, found, path, depth)
    if isinstance(wanted, list):
        if len(wanted) != len(found):
            return "%s: %d elements became %d" % (path, len(wanted), len(found))
        pairs = [(str(i), wanted[i], found[i]) for i in range(len(wanted))]
        return first_difference(pairs, path, depth)
    return None if wanted == found else "%s: %r became %r" % (path, wanted, found)


def map_difference(wanted, found, path, depth):
    for key in wanted:
        if key not in found:
            return "%s/%s is missing" % (path, key)
    for key in found:
        if key not in wanted:
            return "%s/%s is added" % (path, key)
    # Sections and the attributes of an entry have an order of their own in what altc writes.
    if depth not in (0, 2) and list(wanted) != list(found):
        return "%s: the order %r became %r" % (path, list(wanted), list(found))
    return first_difference([(key, wanted[key], found[key]) for key in wanted], path, depth)


def first_difference(triples, path, depth):
    for name, wanted, found in triples:
        text = difference(wanted, found, "%s/%s" % (path, name), depth + 1)
        if text:
            return text
    return None
