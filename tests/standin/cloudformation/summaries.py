"""What the service tells about templates and the account."""

import json

from cloudformation import language, types
from cloudformation import template as templates
from cloudformation.lookup import change_set, stack_named, stack_with_id
from cloudformation.template import invalid
from wire import AwsError


def get_template(context):
    params = context.params
    if params.get("ChangeSetName"):
        owner = change_set(context)
    else:
        owner = stack_with_id(context, params.get("StackName", ""))
    body = owner.body
    if params.get("TemplateStage") == "Processed" and templates.transforms(owner.template):
        body = json.dumps(owner.template)
    return {"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]}


def _parameters(template):
    found = []
    for key, declaration in (template.get("Parameters") or {}).items():
        default = declaration.get("Default")
        found.append({
            "ParameterKey": key, "DefaultValue": None if default is None else str(default),
            "ParameterType": declaration.get("Type", "String"),
            "NoEcho": templates.no_echo(template, key),
            "Description": declaration.get("Description"),
            "ParameterConstraints": {"AllowedValues": [
                str(one) for one in declaration["AllowedValues"]]}
            if "AllowedValues" in declaration else {}})
    return found


def _read(context, summary):
    params = context.params
    body = templates.body(context.world, context.region, params)
    if body is None and summary:
        stack = stack_named(context.region, params.get("StackName", ""))
        if stack is None:
            raise invalid(f"Stack with id {params.get('StackName')} does not exist")
        if stack.status == "REVIEW_IN_PROGRESS":
            raise invalid("GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.")
        body = stack.body
    if body is None:
        raise invalid("Either Template URL or Template Body must be specified.")
    return language.with_defaults(templates.parse(body))


def summary(context):
    template = _read(context, True)
    lenient = context.params.get(
        "TemplateSummaryConfig.TreatUnrecognizedResourceTypesAsWarnings") == "true"
    unknown = sorted({one.get("Type") for one in (template.get("Resources") or {}).values()
                      if not types.facts(context.world, str(one.get("Type"))).known})
    if not (unknown and lenient):
        templates.check(context.world, template)
    needed, reason = templates.capabilities(template)
    kinds = list(dict.fromkeys(one["Type"] for one in template["Resources"].values()))
    identifiers = []
    for kind in kinds:
        identifiers.append({
            "ResourceType": kind,
            "LogicalResourceIds": [logical for logical, one in template["Resources"].items()
                                   if one["Type"] == kind],
            "ResourceIdentifiers": types.facts(context.world, kind).identifier})
    return {"Parameters": _parameters(template), "Description": template.get("Description"),
            "Capabilities": needed or None, "CapabilitiesReason": reason, "ResourceTypes": kinds,
            "Version": template.get("AWSTemplateFormatVersion"),
            "DeclaredTransforms": templates.transforms(template) or None,
            "ResourceIdentifierSummaries": identifiers,
            "Warnings": {"UnrecognizedResourceTypes": unknown} if unknown else None}


def validate(context):
    template = _read(context, False)
    templates.check(context.world, template)
    needed, reason = templates.capabilities(template)
    parameters = [{key: one[key] for key in ("ParameterKey", "DefaultValue", "NoEcho",
                                             "Description")} for one in _parameters(template)]
    return {"Parameters": parameters, "Description": template.get("Description"),
            "Capabilities": needed or None, "CapabilitiesReason": reason,
            "DeclaredTransforms": templates.transforms(template) or None}


def account_limits(context):
    return {"AccountLimits": [
        {"Name": "StackLimit", "Value": context.world.limits["stacks"]},
        {"Name": "StackOutputsLimit", "Value": 200},
        {"Name": "ConcurrentResourcesLimit", "Value": 2500}]}



def describe_type(context):
    """The registry's entry of a type. Its handlers need what the service's own verbs are called."""
    name = context.params.get("TypeName", "")
    if not types.facts(context.world, name).known:
        raise AwsError("TypeNotFoundException", f"The type '{name}' cannot be found.", 404)
    _, service, kind = name.split("::", 2)
    prefix = service.lower()
    handlers = {verb: {"permissions": [f"{prefix}:{call}{kind}", f"{prefix}:Describe{kind}"]}
                for verb, call in (("create", "Create"), ("read", "Describe"),
                                   ("update", "Update"), ("delete", "Delete"),
                                   ("list", "List"))}
    schema = json.dumps({"typeName": name, "handlers": handlers})
    return {"Type": "RESOURCE", "TypeName": name, "Schema": schema}
