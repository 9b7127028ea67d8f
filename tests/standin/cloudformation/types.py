"""What resource types are like: which properties replace, what Ref and GetAtt give.

The facts are read from `spec/resources`, AWS's schemas as text, by a reader of its own; a test can
change them with /_standin/types. Values that AWS would invent (ids, ARNs, addresses) are made here.
"""

import functools
import hashlib
import os
import re
from dataclasses import dataclass, field

SPEC = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "spec",
                    "resources")
NAMED_IAM = {"AWS::IAM::Role": "RoleName", "AWS::IAM::User": "UserName",
             "AWS::IAM::Group": "GroupName", "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
             "AWS::IAM::InstanceProfile": "InstanceProfileName"}
IAM = set(NAMED_IAM) | {"AWS::IAM::Policy", "AWS::IAM::AccessKey", "AWS::IAM::UserToGroupAddition",
                        "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy"}
STACK = "AWS::CloudFormation::Stack"


@dataclass
class Facts:
    known: bool = True
    identifier: list = field(default_factory=list)
    ref: list = field(default_factory=list)
    create_only: list = field(default_factory=list)
    may_replace: list = field(default_factory=list)
    read_only: list = field(default_factory=list)
    attributes: list | None = None      # None: anything goes
    taggable: bool = False
    required: list = field(default_factory=list)
    properties: list | None = None      # None: it may have any


_STATEMENT = re.compile(r"^    (id|ref|create-only|may-replace|read-only) \(([^)]*)\)", re.M)
_BLOCK = re.compile(r"^    attributes \{\n(.*?)^    \}", re.M | re.S)
_BODY = re.compile(r"^    body ([^\n]*?)\{\n(.*?)^    \}", re.M | re.S)
_PROPERTY = re.compile(r"^        ([A-Z]\w*)(!?)([=~^]?)(?: |$)", re.M)


@functools.lru_cache(maxsize=None)
def _service_text(service):
    path = os.path.join(SPEC, service + ".txt")
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


@functools.lru_cache(maxsize=None)
def _from_spec(type_name):
    parts = type_name.split("::")
    if type_name.startswith("Custom::") or type_name == "AWS::CloudFormation::CustomResource":
        return Facts(create_only=["ServiceToken"])
    if len(parts) != 3:
        return Facts(known=False)
    text = _service_text(parts[1].lower())
    start = ("\n" + text).find(f"\ntype {type_name} {{")
    if start < 0:
        return Facts(known=False)
    return _parse(text[start:text.find("\n}", start) + 2])


def _parse(text):
    facts = Facts()
    places = {"id": facts.identifier, "ref": facts.ref, "create-only": facts.create_only,
              "may-replace": facts.may_replace, "read-only": facts.read_only}
    for word, names in _STATEMENT.findall(text):
        places[word].extend(names.split())
    block = _BLOCK.search(text)
    if block:
        facts.attributes = re.findall(r"^        (\S+)", block.group(1), re.M)
    else:
        facts.attributes = []
    facts.taggable = bool(re.search(r"^    tags ", text, re.M))
    body = _BODY.search(text)
    properties = _PROPERTY.findall(body.group(2) if body else "")
    if body and "closed" in body.group(1).split():
        facts.properties = [name for name, _, _ in properties]
    for name, required, mark in properties:
        if mark == "^" and name not in facts.create_only:
            facts.create_only.append(name)
        elif mark == "~" and name not in facts.may_replace:
            facts.may_replace.append(name)
        if required:
            facts.required.append(name)
    return facts


def facts(world, type_name):
    """The facts of a type, with what the test says instead."""
    found = _from_spec(type_name)
    changed = world.type_facts.get(type_name)
    if not changed:
        return found
    return Facts(True, changed.get("id", found.identifier), changed.get("ref", found.ref),
                 changed.get("createOnly", found.create_only),
                 changed.get("mayReplace", found.may_replace),
                 changed.get("readOnly", found.read_only),
                 changed.get("attributes", found.attributes if found.known else None),
                 changed.get("taggable", found.taggable), changed.get("required", found.required),
                 found.properties)


def recreation(type_facts, path):
    """Never, Conditionally or Always: what a change of the property at `path` (a list of names)
    does to the resource."""
    def covers(patterns):
        for pattern in patterns:
            parts = pattern.split(".")
            shared = min(len(parts), len(path))
            if all(want in ("*", have) for want, have in zip(parts[:shared], path[:shared])):
                return True
        return False
    if covers(type_facts.create_only):
        return "Always"
    return "Conditionally" if covers(type_facts.may_replace) else "Never"


def _digest(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _letters(digest, count):
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return "".join(alphabet[int(digest[2 * n:2 * n + 2], 16) % 36] for n in range(count))


def _invent(region, stack_name, logical, type_name, name, salt):
    """A value as AWS would make it, by the name of the property that it is."""
    digest = _digest(stack_name, logical, type_name, salt)
    service = type_name.split("::")[1].lower() if "::" in type_name else "custom"
    own = f"{stack_name}-{logical}-{_letters(digest, 12)}"
    last = name.rsplit(".", 1)[-1]
    if last.endswith("Arn") or last == "ARN":
        kind = type_name.split("::")[-1].lower()
        return region.arn(service, f"{kind}/{own}")
    if last.endswith("Url") or last.endswith("URL") or last.endswith("Uri"):
        return f"https://{service}.{region.name}.amazonaws.com/{region.account}/{own}"
    if "DomainName" in last or last.endswith("Endpoint") or last.endswith("Address"):
        return f"{digest[:12]}.{service}.{region.name}.amazonaws.com"
    if last.endswith("Port"):
        return "5432"
    if last.endswith("Id") or last == "ID":
        return f"{last[:-2].lower() or 'id'}-{digest[:17]}"
    if service == "s3":
        own = own.lower()
    return own


def physical_id(region, type_facts, type_name, stack, logical, properties, salt):
    """The id of a new resource: its name where the template gives one, else an invented one."""
    if type_name == "AWS::Route53::RecordSet":
        return str(properties.get("Name", logical)).rstrip(".")
    names = type_facts.ref or type_facts.identifier
    parts = []
    for name in names:
        given = properties.get(name.split(".")[0]) if "." not in name else None
        if isinstance(given, (str, int)) and not isinstance(given, bool):
            parts.append(str(given))
        elif type_name.endswith("::Topic") and name == "TopicArn" and "TopicName" in properties:
            parts.append(region.arn("sns", properties["TopicName"]))
        elif name == "QueueUrl" and "QueueName" in properties:
            parts.append(f"https://sqs.{region.name}.amazonaws.com/{region.account}/"
                         + properties["QueueName"])
        else:
            parts.append(_invent(region, stack.name, logical, type_name, name, salt))
    if not parts:
        parts = [_invent(region, stack.name, logical, type_name, "", salt)]
    return "|".join(parts)


def attribute(region, type_facts, resource, stack, name):
    """What GetAtt gives; None when the type has no such attribute."""
    if name in resource.attributes:
        return resource.attributes[name]
    known = type_facts.attributes
    if known is not None and name not in known and name.split(".")[0] not in known:
        return None
    value = resource.properties
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if value is not None and name not in type_facts.read_only:
        return value
    if name in (type_facts.ref or type_facts.identifier) and "|" not in resource.physical:
        return resource.physical
    if resource.type == "AWS::S3::Bucket":
        return _bucket(region, resource.physical, name)
    if name not in resource.invented:  # it stays, even if the resource moves
        resource.invented[name] = _invent(region, stack.name, resource.logical, resource.type,
                                          name, resource.physical)
    return resource.invented[name]


def _bucket(region, name, attribute_name):
    host = f"{name}.s3.{region.name}.amazonaws.com"
    return {"Arn": f"arn:{region.partition}:s3:::{name}",
            "DomainName": f"{name}.s3.amazonaws.com", "RegionalDomainName": host,
            "DualStackDomainName": f"{name}.s3.dualstack.{region.name}.amazonaws.com",
            "WebsiteURL": f"http://{name}.s3-website-{region.name}.amazonaws.com",
            }.get(attribute_name, host)
