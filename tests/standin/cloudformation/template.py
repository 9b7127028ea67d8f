"""Templates: reading, checking, what they need, parameters."""

import json
import re

from cloudformation import types
from wire import AwsError

MAX_BODY = 51200
MAX_OBJECT = 1000000
SECTIONS = ("AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules",
            "Mappings", "Conditions", "Transform", "Resources", "Outputs", "Hooks", "Globals")
PSEUDO = ("AWS::AccountId", "AWS::NotificationARNs", "AWS::NoValue", "AWS::Partition",
          "AWS::Region", "AWS::StackId", "AWS::StackName", "AWS::URLSuffix")
_SUB = re.compile(r"\$\{([^!}][^}]*)\}")


def invalid(message):
    return AwsError("ValidationError", message, 400)


def parse(text):
    """The template as a dict. Only JSON is read here."""
    try:
        template = json.loads(text)
    except ValueError as problem:
        where = (f"(line {problem.lineno}, column {problem.colno})"
                 if isinstance(problem, json.JSONDecodeError) else "")
        raise invalid(f"Template format error: JSON not well-formed. {where}") from None
    if not isinstance(template, dict):
        raise invalid("Template format error: unsupported structure.")
    return template


def body(world, region, params):
    """The template's text from TemplateBody or TemplateURL; None when neither is given."""
    text, url = params.get("TemplateBody"), params.get("TemplateURL")
    if text is not None and url is not None:
        raise invalid("Please specify either TemplateBody or TemplateURL")
    if text is not None:
        if not text or len(text.encode()) > MAX_BODY:
            limit = "less than or equal to 51200" if text else "greater than or equal to 1"
            raise invalid("1 validation error detected: Value '" + text[:40] + "' at "
                          "'templateBody' failed to satisfy constraint: Member must have length "
                          + limit)
        return text
    return None if url is None else fetch(world, region, url)


_PATH_STYLE = re.compile(r"^s3[.-](?:dualstack\.)?(?:[\w-]+\.)?amazonaws\.\w+")
_HOST_STYLE = re.compile(r"^(.+)\.s3[.-](?:dualstack\.)?(?:[\w-]+\.)?amazonaws\.\w+")


def fetch(world, region, url):
    """What lies at a TemplateURL, which has to be an address of S3 that AWS itself can read."""
    import urllib.parse
    parts = urllib.parse.urlsplit(url)
    path = urllib.parse.unquote(parts.path.lstrip("/"))
    host = _HOST_STYLE.match(parts.netloc)
    if parts.scheme != "https" or not (host or _PATH_STYLE.match(parts.netloc)):
        raise invalid("TemplateURL must be a supported URL.")
    bucket, key = (host.group(1), path) if host else path.partition("/")[::2]
    found = world.buckets.get(bucket)
    if found is None:
        raise invalid("S3 error: The specified bucket does not exist\nFor more information check "
                      "http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html")
    if found.account != region.account:
        raise invalid("S3 error: Access Denied\nFor more information check "
                      "http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html")
    if key not in found.objects:
        raise invalid("S3 error: The specified key does not exist.\nFor more information check "
                      "http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html")
    data = found.objects[key].data
    if len(data) > MAX_OBJECT:
        raise invalid("Template may not exceed 1000000 bytes in size.")
    return data.decode("utf-8", "replace")


def check(world, template):
    """Raises what the service says of a template that is wrong in itself."""
    unknown = [name for name in template if name not in SECTIONS]
    if unknown:
        raise invalid(f"Invalid template property or properties [{', '.join(unknown)}]")
    resources = template.get("Resources")
    if not isinstance(resources, dict) or not resources:
        raise invalid("Template format error: At least one Resources member must be defined.")
    if len(resources) > 500:
        raise invalid(f"Template format error: Number of resources, {len(resources)}, is greater "
                      "than maximum allowed, 500")
    for section, limit, word in (("Parameters", 200, "parameters"), ("Outputs", 200, "outputs")):
        count = len(template.get(section) or {})
        if count > limit:
            raise invalid(f"Template format error: Number of {word}, {count}, is greater than "
                          f"maximum allowed, {limit}")
    if len(str(template.get("Description", "")).encode()) > 1024:
        raise invalid("Template format error: 'Description' length is greater than 1024.")
    _check_resources(world, template, resources)
    order(template)


def _check_resources(world, template, resources):
    unrecognized = []
    for logical, resource in resources.items():
        if not re.fullmatch(r"[A-Za-z0-9]{1,255}", logical):
            raise invalid(f"Template format error: Resource name {logical} is non alphanumeric.")
        if not isinstance(resource, dict) or not isinstance(resource.get("Type"), str):
            raise invalid(f"Template format error: [/Resources/{logical}] Every Resources object "
                          "must contain a Type member.")
        if not types.facts(world, resource["Type"]).known:
            unrecognized.append(resource["Type"])
        condition = resource.get("Condition")
        if condition is not None and condition not in (template.get("Conditions") or {}):
            raise invalid(f"Template format error: Unresolved condition dependency {condition} in "
                          "the Resources block of the template")
    if unrecognized:
        raise invalid("Template format error: Unrecognized resource types: ["
                      + ", ".join(sorted(set(unrecognized))) + "]")
    names = set(resources) | set(template.get("Parameters") or {})
    for block, node in (("Resources", resources), ("Outputs", template.get("Outputs") or {})):
        missing = sorted({name for name in references(node, split=True)
                          if name not in names and name not in PSEUDO})
        missing += sorted(_depends(node) - set(resources)) if block == "Resources" else []
        if missing:
            raise invalid(f"Template format error: Unresolved resource dependencies "
                          f"[{', '.join(missing)}] in the {block} block of the template")


def _depends(resources):
    return {name for resource in resources.values() for name in depends_on(resource)}


def depends_on(resource):
    wanted = resource.get("DependsOn") or []
    return [wanted] if isinstance(wanted, str) else list(wanted)


def references(node, split=False):
    """Names that a node refers to: `Name` by Ref, `Name.Attribute` by GetAtt (with `split` only
    the name), in order and with repetitions."""
    found = []
    _references(node, found)
    return [name.split(".")[0] for name in found] if split else found


def _references(node, found, bound=()):
    if isinstance(node, list):
        for item in node:
            _references(item, found)
    elif isinstance(node, dict):
        for key, value in node.items():
            if len(node) == 1 and key == "Ref" and isinstance(value, str):
                found.append(value)
            elif len(node) == 1 and key == "Fn::GetAtt":
                found.append(value if isinstance(value, str) else
                             ".".join(part for part in value if isinstance(part, str)))
            elif len(node) == 1 and key == "Fn::Sub":
                text, own = (value, {}) if isinstance(value, str) else (value[0], value[1])
                found.extend(name for name in _SUB.findall(text) if name not in own)
                _references(own, found)
            else:
                _references(value, found)


def needs(resource, names):
    """Which of the other resources a resource has to wait for."""
    wanted = set(references(resource.get("Properties") or {}, split=True))
    return (wanted | set(depends_on(resource))) & set(names)


def order(template):
    """Logical ids so that each comes after what it needs, otherwise as written."""
    resources = template["Resources"]
    waits = {logical: needs(resource, resources) - {logical}
             for logical, resource in resources.items()}
    done, result = set(), []
    while len(result) < len(resources):
        ready = [name for name in resources if name not in done and waits[name] <= done]
        if not ready:
            stuck = [name for name in resources if name not in done]
            raise invalid(f"Circular dependency between resources: [{', '.join(stuck)}]")
        result += ready
        done |= set(ready)
    return result


def transforms(template):
    wanted = template.get("Transform") or []
    return [wanted] if isinstance(wanted, (str, dict)) else list(wanted)


def capabilities(template):
    """(capabilities that the template needs, why)."""
    iam, named = [], False
    for resource in template.get("Resources", {}).values():
        if resource["Type"] in types.IAM:
            iam.append(resource["Type"])
            name = types.NAMED_IAM.get(resource["Type"])
            named = named or (name in (resource.get("Properties") or {}))
    needed = []
    if iam:
        needed.append("CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM")
    if transforms(template):
        needed.append("CAPABILITY_AUTO_EXPAND")
    reason = ("The following resource(s) require capabilities: ["
              + ", ".join(sorted(set(iam))) + "]") if iam else None
    return needed, reason


def require_capabilities(template, given):
    needed, _ = capabilities(template)
    given = set(given or [])
    if "CAPABILITY_NAMED_IAM" in given:
        given.add("CAPABILITY_IAM")
    missing = [name for name in needed if name not in given]
    if missing:
        raise AwsError("InsufficientCapabilitiesException",
                       f"Requires capabilities : [{', '.join(missing)}]", 400)


def parameter_values(template, given, previous):
    """Values of all parameters. `given` is the list of the request, `previous` the stack's values
    or None; a parameter left out takes the template's default."""
    declared = template.get("Parameters") or {}
    values, wanted = {}, {}
    for item in given or []:
        key = item.get("ParameterKey")
        if key in wanted:
            raise invalid(f"Parameters: [{key}] specified more than once")
        wanted[key] = item
    unknown = [key for key in wanted if key not in declared]
    if unknown:
        raise invalid(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    missing = []
    for key, declaration in declared.items():
        item = wanted.get(key, {})
        if item.get("UsePreviousValue") == "true":
            if previous is None or key not in previous:
                raise invalid(f"Invalid input for parameter key {key}. Cannot specify "
                              "usePreviousValue as true for a parameter key not in the previous "
                              "template")
            values[key] = previous[key]
        elif "ParameterValue" in item:
            values[key] = item["ParameterValue"]
        elif "Default" in declaration:
            default = declaration["Default"]
            values[key] = (str(default).lower() if isinstance(default, bool) else str(default))
        else:
            missing.append(key)
    if missing:
        raise invalid(f"Parameters: [{', '.join(missing)}] must have values")
    for key, value in values.items():
        _check_parameter(key, declared[key], value)
    return values


def _check_parameter(key, declaration, value):
    if len(value.encode()) > 4096:
        raise invalid(f"Parameter '{key}' must have length less than or equal to 4096")
    allowed = declaration.get("AllowedValues")
    items = (value.split(",") if declaration.get("Type", "").startswith(("Comma", "List<"))
             else [value])
    if allowed is not None and any(item not in map(str, allowed) for item in items):
        raise invalid(f"Parameter '{key}' must be one of AllowedValues")
    pattern = declaration.get("AllowedPattern")
    if pattern and not all(re.fullmatch(pattern, item) for item in items):
        text = declaration.get("ConstraintDescription")
        raise invalid(f"Parameter {key} failed to satisfy constraint: " + (text or
                      f"parameter value {value} for parameter name {key} does not match pattern "
                      + pattern))
    if declaration.get("Type") == "Number":
        try:
            number = float(value)
        except ValueError:
            raise invalid(f"Parameter '{key}' must be a number.") from None
        if number < float(declaration.get("MinValue", number)):
            raise invalid(f"Parameter '{key}' must be a number not less than "
                          f"{declaration['MinValue']}")
        if number > float(declaration.get("MaxValue", number)):
            raise invalid(f"Parameter '{key}' must be a number not greater than "
                          f"{declaration['MaxValue']}")
    elif len(value) < int(declaration.get("MinLength", 0)):
        raise invalid(f"Parameter '{key}' must contain at least {declaration['MinLength']} "
                      "characters")


def no_echo(template, key):
    declaration = (template.get("Parameters") or {}).get(key, {})
    return str(declaration.get("NoEcho", "")).lower() == "true"


def shown(template, values):
    """Parameters as Describe… shows them: NoEcho ones masked."""
    return [{"ParameterKey": key, "ParameterValue": "****" if no_echo(template, key) else value}
            for key, value in values.items()]
