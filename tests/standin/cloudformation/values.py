"""The values of one stack: an evaluator whose Ref and GetAtt look at the stack's resources, and
the outputs and exports that follow."""

from cloudformation import types
from cloudformation.functions import UNKNOWN, Evaluator, unknown_in
from cloudformation.template import invalid, needs


def pseudo(stack):
    region = stack.region
    suffix = "amazonaws.com.cn" if region.partition == "aws-cn" else "amazonaws.com"
    return {"AWS::AccountId": region.account, "AWS::Partition": region.partition,
            "AWS::Region": region.name, "AWS::StackId": stack.id, "AWS::StackName": stack.name,
            "AWS::URLSuffix": suffix, "AWS::NotificationARNs": list(stack.notifications)}


def resource_value(world, stack, resource, attribute):
    """What Ref (attribute None) or GetAtt of a resource that exists gives."""
    if attribute is None:
        return resource.physical
    if resource.type == types.STACK:
        child = stack.region.stacks.get(resource.physical)
        key = attribute.partition(".")[2]
        if child is None or key not in child.outputs:
            raise invalid(f"Template error: resource {resource.logical} does not support attribute "
                          f"type {attribute} in Fn::GetAtt")
        return child.outputs[key][0]
    found = types.attribute(stack.region, types.facts(world, resource.type), resource, stack,
                            attribute)
    if found is None and not resource.type.startswith("Custom::"):
        raise invalid(f"Template error: resource {resource.logical} does not support attribute "
                      f"type {attribute} in Fn::GetAtt")
    return found


def exports(region):
    """name -> (stack, value) of everything that the region's stacks export."""
    found = {}
    for stack_id in region.names.values():
        stack = region.stacks[stack_id]
        for value, _, export in stack.outputs.values():
            if export:
                found[export] = (stack, value)
    return found


def importers(region, name):
    """Names of the stacks that import an export."""
    return sorted(region.stacks[id_].name for id_ in region.names.values()
                  if name in imported_names(region.stacks[id_]))


def imported_names(stack):
    """What a stack imports, by its template as it is deployed."""
    if not stack.resources:
        return set()
    found = set()
    evaluator = for_stack(stack.world, stack)

    def walk(node):
        if isinstance(node, dict):
            if len(node) == 1 and "Fn::ImportValue" in node:
                name = evaluator.value(node["Fn::ImportValue"])
                if isinstance(name, str):
                    found.add(name)
            for item in node.values():
                walk(item)
        elif isinstance(node, list):
            for item in node:
                walk(item)
    walk({"r": stack.template.get("Resources"), "o": stack.template.get("Outputs")})
    return found


def for_stack(world, stack, template=None, parameters=None, lookup=None, missing_import=None):
    """An evaluator over the stack's resources as they are, or as `lookup` says. An export that
    does not exist gives `missing_import()`, or is an error."""
    def real(logical, attribute):
        resource = stack.resources.get(logical)
        if resource is None or not resource.physical:
            return UNKNOWN
        return resource_value(world, stack, resource, attribute)

    def imported(name):
        found = exports(stack.region).get(name)
        if found:
            return found[1]
        if missing_import:
            return missing_import(name)
        raise invalid(f"No export named {name} found.")

    def stack_output(wanted):
        region = world.region(stack.region.account, wanted.get("Region", stack.region.name))
        other = region.stacks.get(region.names.get(wanted.get("StackName"), ""))
        if other is None or wanted.get("OutputName") not in other.outputs:
            if missing_import:
                return missing_import(wanted.get("StackName", ""))
            raise invalid(f"Unable to get output {wanted.get('OutputName')} of stack "
                          f"{wanted.get('StackName')}")
        return other.outputs[wanted["OutputName"]][0]

    return Evaluator(stack.template if template is None else template,
                     stack.parameters if parameters is None else parameters,
                     pseudo(stack), lookup or real, imported, stack_output)


def active(template, evaluator):
    """logical id -> block, of the resources whose condition holds, in the template's order."""
    return {logical: block for logical, block in template["Resources"].items()
            if "Condition" not in block or evaluator.condition(block["Condition"])}


def needs_of(template, blocks):
    return {logical: needs(block, blocks) - {logical} for logical, block in blocks.items()}


def outputs(template, evaluator):
    """key -> (value, description, export name) of the outputs whose condition holds."""
    found = {}
    for key, block in (template.get("Outputs") or {}).items():
        if "Condition" in block and not evaluator.condition(block["Condition"]):
            continue
        value = evaluator.value(block.get("Value"))
        export = (block.get("Export") or {}).get("Name")
        if export is not None:
            export = evaluator.value(export)
        if isinstance(value, (list, dict)) and not unknown_in(value):
            raise invalid("Template format error: Output " + key + " is malformed. The Value field "
                          "of every Outputs member must evaluate to a String.")
        if isinstance(value, bool):
            value = "true" if value else "false"
        found[key] = (value, block.get("Description"), export)
    return found
