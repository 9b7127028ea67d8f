"""Templates in YAML as the data that their JSON would be. Needs PyYAML."""

import yaml

from template import Number


class Loader(yaml.SafeLoader):
    """As CloudFormation reads: numbers keep their digits, a date is a text, !Sub is Fn::Sub."""


def construct_short_tag(loader, suffix, node):
    key = suffix if suffix in ("Ref", "Condition") else "Fn::" + suffix
    if isinstance(node, yaml.ScalarNode):
        return {key: node.value}
    if isinstance(node, yaml.SequenceNode):
        return {key: loader.construct_sequence(node, deep=True)}
    return {key: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", construct_short_tag)
for tag in ("int", "float"):
    Loader.add_constructor("tag:yaml.org,2002:" + tag, lambda loader, node: Number(node.value))
Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: node.value)


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return yaml.load(file, Loader)
    except (yaml.YAMLError, UnicodeDecodeError):
        return None
