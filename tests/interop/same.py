"""The YAML of a template says the same as its JSON, read by readers that are not altc's:
same.py JSON YAML. CloudFormation's short tags are turned into their long forms."""
import json
import sys

import yaml


class Loader(yaml.SafeLoader):
    pass


def long_form(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix in ('Ref', 'Condition'):
        return {suffix: value}
    if suffix == 'GetAtt' and isinstance(value, str):
        value = value.split('.', 1)
    return {'Fn::' + suffix: value}


Loader.add_multi_constructor('!', long_form)
# Dates stay texts, as in CloudFormation's reader.
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rows if tag != 'tag:yaml.org,2002:timestamp']
    for first, rows in Loader.yaml_implicit_resolvers.items()}

with open(sys.argv[1], encoding='utf-8') as file:
    expected = json.load(file)
with open(sys.argv[2], encoding='utf-8') as file:
    found = yaml.load(file, Loader)
if expected != found:
    print(f'{sys.argv[2]} does not say the same as {sys.argv[1]}')
    sys.exit(1)
