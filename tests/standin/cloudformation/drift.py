"""Drift: what has been changed behind CloudFormation's back. Tests change it: /_standin/drift."""

import json

from cloudformation.lookup import page, stack_in_brackets
from cloudformation.plan import differences
from cloudformation.template import invalid
from wire import Time, members

# Nobody can tell what these should be like.
NOT_COVERED = ("Custom::", "AWS::CloudFormation::CustomResource")


def detect(context):
    stack = stack_in_brackets(context, context.params.get("StackName", ""))
    if stack.in_progress or not stack.resources:
        raise invalid(f"Drift detection cannot be performed on stack [{stack.id}] in "
                      f"{stack.status} state.")
    wanted = members(context.params, "LogicalResourceIds")
    detection = {"id": context.world.uuid(), "stack": stack, "ids": wanted,
                 "status": "DETECTION_IN_PROGRESS", "at": Time(context.world.now())}
    context.region.detections[detection["id"]] = detection
    context.world.scheduler.spawn(_life(context.world, detection))
    return {"StackDriftDetectionId": detection["id"]}


def _life(world, detection):
    yield world.timing["drift"]
    stack = detection["stack"]
    for resource in stack.resources.values():
        if detection["ids"] and resource.logical not in detection["ids"]:
            continue
        if resource.type.startswith(NOT_COVERED):
            continue
        if resource.gone:
            resource.drift = "DELETED"
        elif resource.actual is not None and resource.actual != resource.properties:
            resource.drift = "MODIFIED"
        else:
            resource.drift = "IN_SYNC"
        resource.drift_checked = world.now()
    drifted = any(one.drift in ("DELETED", "MODIFIED") for one in stack.resources.values())
    stack.drift = "DRIFTED" if drifted else "IN_SYNC"
    stack.drift_checked = world.now()
    stack.record()
    detection["status"] = "DETECTION_COMPLETE"


def status(context):
    detection = context.region.detections.get(context.params.get("StackDriftDetectionId", ""))
    if detection is None:
        raise invalid("DriftDetectionStatus does not exist for "
                      f"{context.params.get('StackDriftDetectionId')}")
    stack = detection["stack"]
    done = detection["status"] == "DETECTION_COMPLETE"
    return {"StackId": stack.id, "StackDriftDetectionId": detection["id"],
            "StackDriftStatus": stack.drift if done else None,
            "DetectionStatus": detection["status"],
            "DriftedStackResourceCount": sum(one.drift in ("DELETED", "MODIFIED")
                                             for one in stack.resources.values())
            if done else None,
            "Timestamp": detection["at"]}


def resources(context):
    stack = stack_in_brackets(context, context.params.get("StackName", ""))
    wanted = members(context.params, "StackResourceDriftStatusFilters")
    found = [_told(stack, one) for one in stack.resources.values()
             if one.drift != "NOT_CHECKED" and (not wanted or one.drift in wanted)]
    some, token = page(context, "drifts", found, 100)
    return {"StackResourceDrifts": some, "NextToken": token}


def _told(stack, resource):
    changed = []
    if resource.drift == "MODIFIED":
        for path, before, after in differences(resource.properties, resource.actual):
            changed.append({"PropertyPath": "/" + "/".join(path),
                            "ExpectedValue": _text(before), "ActualValue": _text(after),
                            "DifferenceType": "ADD" if before is None else
                            "REMOVE" if after is None else "NOT_EQUAL"})
    actual = resource.properties if resource.actual is None else resource.actual
    return {"StackId": stack.id, "LogicalResourceId": resource.logical,
            "PhysicalResourceId": resource.physical, "ResourceType": resource.type,
            "ExpectedProperties": json.dumps(resource.properties),
            "ActualProperties": None if resource.gone else json.dumps(actual),
            "PropertyDifferences": changed, "StackResourceDriftStatus": resource.drift,
            "Timestamp": Time(stack.drift_checked or 0)}


def _text(value):
    return "null" if value is None else value if isinstance(value, str) else json.dumps(value)
