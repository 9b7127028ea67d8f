"""A second reader of manifests, written from spec/manifest.md and spec/tasks.md: manifest.py FOLDER…

Holds each manifest of the folders against its templates: every field is there and of its type, every
parameter of a template is filled, and what refers to something finds it. Prints
`MANIFEST|FAIL|what does not hold`.
"""
import glob
import hashlib
import json
import os
import re
import sys

TEXT, FLAG, LIST, MAP, NUMBER = str, bool, list, dict, int
NONE = type(None)
FIELDS = {
    'manifest': NUMBER, 'compiler': TEXT, 'app': TEXT, 'stage': TEXT, 'account': (TEXT, NONE),
    'terminationProtection': FLAG, 'tags': MAP, 'stacks': LIST, 'assets': LIST, 'tasks': LIST,
    'protections': LIST, 'renames': LIST, 'inputs': LIST, 'sourceMap': MAP,
}
ROWS = {
    'stacks': {'id': TEXT, 'name': TEXT, 'region': (TEXT, NONE), 'sha256': TEXT, 'dependsOn': LIST, 'parameters': LIST},
    'assets': {'id': TEXT, 'kind': TEXT, 'path': TEXT, 'at': (MAP, NONE)},
    'tasks': {'stack': TEXT, 'id': TEXT, 'type': TEXT, 'condition': (TEXT, NONE), 'properties': MAP, 'at': (MAP, NONE)},
    'protections': {'title': TEXT, 'stack': TEXT, 'deny': LIST, 'resources': LIST, 'types': LIST,
                    'allow': (TEXT, NONE), 'lifted': FLAG, 'at': (MAP, NONE)},
    'renames': {'stack': TEXT, 'from': TEXT, 'to': TEXT, 'at': (MAP, NONE)},
    'inputs': {'kind': TEXT, 'name': TEXT, 'sha256': (TEXT, NONE)},
}
SOURCES = {
    'user': {}, 'secret': {'variable': TEXT, 'env': LIST, 'values': (TEXT, NONE), 'given': FLAG},
    'assetBucket': {'asset': TEXT}, 'assetKey': {'asset': TEXT}, 'output': {'stack': TEXT, 'output': TEXT},
}


def has(row, fields, what):
    for name, kind in fields.items():
        if name not in row:
            yield f'{what} lacks {name}'
        elif not isinstance(row[name], kind):
            yield f'{what}: {name} is {row[name]!r}'


def check_parameters(manifest, stack, templates):
    template = templates[stack['id']]
    declared = template.get('Parameters', {})
    named = {p.get('name') for p in stack['parameters']}
    for name, parameter in declared.items():
        if name not in named:
            yield f'nobody fills the parameter {name}'
    for row in stack['parameters']:
        what = f'the parameter {row.get("name")}'
        yield from has(row, {'name': TEXT, 'from': TEXT, 'at': (MAP, NONE), **SOURCES.get(row.get('from'), {'?': TEXT})}, what)
        if row['name'] not in declared:
            yield f'{what} is not of the template'
        if row['from'] == 'secret' and declared[row['name']].get('NoEcho') not in (True, 'true'):
            yield f'{what} is a secret without NoEcho'
        if row['from'].startswith('asset') and row['asset'] not in [a['id'] for a in manifest['assets']]:
            yield f'{what} names no asset'
        if row['from'] == 'output':
            if row['output'] not in templates[row['stack']].get('Outputs', {}):
                yield f'{what} names no output'
            if row['stack'] not in stack['dependsOn']:
                yield f'{what} is of a stack that this one does not depend on'


def check_value(value, template, what):
    """Literal, Ref or Output: spec/tasks.md."""
    if isinstance(value, list):
        for item in value:
            yield from check_value(item, template, what)
    elif isinstance(value, dict):
        if set(value) == {'Ref'}:
            if value['Ref'] not in template['Resources'] and value['Ref'] not in template.get('Parameters', {}):
                yield f'{what} refers to {value["Ref"]}, which is not there'
        elif set(value) == {'Output'}:
            if value['Output'] not in template.get('Outputs', {}):
                yield f'{what} has no output {value["Output"]}'
        elif any(key.startswith('Fn::') for key in value):
            yield f'{what} has a function: {list(value)}'
        else:
            for item in value.values():
                yield from check_value(item, template, what)
    elif value is None:
        yield f'{what} has a null'


def check_task(task, template):
    what = f'the task {task["id"]}'
    properties = task['properties']
    yield from check_value(properties, template, what)
    if task['condition'] is not None and task['condition'] not in template.get('Outputs', {}):
        yield f'{what} waits for an output that is not there'
    if task['type'] != 'Alt::Site::Files':
        yield f'{what} is a {task["type"]}'
        return
    yield from has(properties, {'Source': TEXT, 'Bucket': (TEXT, MAP)}, what)
    for option in properties.get('FileOptions', []):
        yield from has(option, {'Files': TEXT, 'CacheControl': TEXT}, what)
    if 'Build' in properties:
        yield from has(properties['Build'], {'Command': TEXT, 'Output': TEXT}, what)
    if 'Invalidate' in properties:
        yield from has(properties['Invalidate'], {'Distribution': (TEXT, MAP), 'Paths': LIST}, what)


def pointers(value, at=''):
    yield at
    if isinstance(value, dict):
        for key, item in value.items():
            yield from pointers(item, at + '/' + key.replace('~', '~0').replace('/', '~1'))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from pointers(item, f'{at}/{i}')


def check_source_map(source_map, templates):
    files, instances = source_map['files'], source_map['instances']
    for id, template in templates.items():
        places = source_map['stacks'].get(id, {})
        if list(places) != list(pointers(template)):
            yield f'the source map of {id} has other pointers than the template'
        for pointer, place in places.items():
            if place is not None and not (0 <= place[0] < len(files) and place[1] > 0 and place[2] > 0
                                          and (len(place) == 3 or 0 <= place[3] < len(instances))):
                yield f'{pointer} is at {place}'


def check(path):
    with open(path, encoding='utf-8') as file:
        manifest = json.load(file)
    yield from has(manifest, FIELDS, 'the manifest')
    for section, fields in ROWS.items():
        for row in manifest[section]:
            yield from has(row, fields, f'a row of {section}')
    stem = path[:-len('.manifest.json')]
    templates = {}
    for stack in manifest['stacks']:
        name = f'{stem}.json' if stack['id'] == 'main' else f'{stem}.{stack["id"]}.json'
        with open(name, 'rb') as file:
            text = file.read()
        templates[stack['id']] = json.loads(text)
        if hashlib.sha256(text).hexdigest() != stack['sha256']:
            yield f'the hash of {name} is another one'
    if manifest['stacks'][0]['id'] != 'main':
        yield 'main is not the first stack'
    for stack in manifest['stacks']:
        yield from check_parameters(manifest, stack, templates)
    for task in manifest['tasks']:
        yield from check_task(task, templates[task['stack']])
    for row in manifest['protections']:
        if row['stack'] not in templates or not set(row['deny']) <= {'add', 'modify', 'replace', 'delete'}:
            yield f'the protection {row["title"]} is of no use'
    for row in manifest['inputs']:
        if row['sha256'] is not None and not re.fullmatch('[0-9a-f]{64}', row['sha256']):
            yield f'the input {row["name"]} has no hash'
    yield from check_source_map(manifest['sourceMap'], templates)


failed = False
for folder in sys.argv[1:]:
    for manifest_path in sorted(glob.glob(os.path.join(folder, '*.manifest.json'))):
        for problem in check(manifest_path):
            failed = True
            print(f'{manifest_path}|FAIL|{problem}')
sys.exit(1 if failed else 0)
