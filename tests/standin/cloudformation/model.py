"""Stacks, change sets, resources and events, and how they are shown as they are now or were once.
"""

from dataclasses import dataclass, field

from cloudformation import template as templates
from cloudformation import types
from wire import Kept, Time, iso

STABLE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE",
          "IMPORT_ROLLBACK_COMPLETE")


@dataclass
class Resource:
    """A resource of a stack; `definition` is its block in the template, `properties` their
    values, `actual` what drift has made of them (None: nothing)."""

    logical: str
    type: str
    definition: dict
    properties: dict = field(default_factory=dict)
    physical: str = ""
    status: str = ""
    reason: str = ""
    updated: float = 0.0
    needs: set = field(default_factory=set)
    attributes: dict = field(default_factory=dict)     # what a rule gives GetAtt
    invented: dict = field(default_factory=dict)       # what GetAtt has given
    actual: dict | None = None
    gone: bool = False
    drift: str = "NOT_CHECKED"

    def copy(self):
        return Resource(**{name: getattr(self, name) for name in self.__dataclass_fields__})

    def policy(self, name):
        return self.definition.get(name, "Delete")


class Operation:
    """Something that is being done to a stack."""

    def __init__(self, world, stack, kind, token, disable_rollback=False):
        self.id = world.uuid()
        self.kind = kind
        self.token = token
        self.disable_rollback = disable_rollback
        self.retain_except_on_create = False
        self.revert = False     # undoes drift too
        self.process = None
        self.lives = {}         # logical id -> process
        self.running = {}       # logical id -> (verb, resource, process) that can be cancelled
        self.failed = []        # (logical id, verb)
        self.undo = {}          # logical id -> (kind, resource as it was)
        self.garbage = []       # resources that the clean-up deletes
        self.before = None
        self.skip = ()          # resources that a rollback leaves as they are
        self.update_token = token   # the token of the update that a rollback belongs to
        self.stopped = False
        stack.last_operations = [(kind, self.id)] + stack.last_operations[:4]
        stack.operation = self

    def remember(self, logical, kind, before=None):
        """Notes what a rollback has to do: "created", "imported", "updated" or "replaced", and how
        the resource was. What was noted first is where it goes back to."""
        if logical not in self.undo:
            self.undo[logical] = (kind, before)
        elif kind == "replaced" and self.undo[logical][0] == "updated":
            self.undo[logical] = (kind, self.undo[logical][1])


class Stack:
    def __init__(self, world, region, name):
        self.world = world
        self.region = region
        self.name = name
        self.id = region.arn("cloudformation", f"stack/{name}/{world.uuid()}")
        self.status = ""
        self.reason = ""
        self.body = ""
        self.template = {}
        self.parameters = {}
        self.resources = {}
        self.outputs = {}           # key -> (value, description, export name)
        self.tags = {}
        self.capabilities = []
        self.role = None
        self.notifications = []
        self.rollback = {}
        self.events = []
        self.operation_events = []  # what only DescribeEvents shows
        self.created = world.now()
        self.updated = None
        self.deleted = None
        self.protected = False
        self.policy = None
        self.parent = None
        self.root = None
        self.on_failure = None
        self.disable_rollback = False
        self.express = False
        self.change_set = None
        self.operation = None
        self.last_operations = []
        self.stable = False         # has there been a state to go back to?
        self.stuck = None           # the operation whose rollback has failed
        self.reserved = {}          # nested stacks that a change set has made beforehand
        self.drift = "NOT_CHECKED"
        self.drift_checked = None
        self.history = []           # (time, view): what DescribeStacks answered since then
        self._salt = 0

    # ---- what happens ----

    def set_status(self, status, reason="", operation=None, detailed=None):
        self.status = status
        self.reason = reason
        self.stable = self.stable or status in ("CREATE_COMPLETE", "UPDATE_COMPLETE",
                                                "IMPORT_COMPLETE")
        self.event(self.name, types.STACK, self.id, status, reason, operation, None, detailed)
        self.record()

    def record(self):
        self.history.append((self.events[-1]["Timestamp"] if self.events else self.world.now(),
                             self.view()))

    def event(self, logical, type_name, physical, status, reason="", operation=None,
              properties=None, detailed=None):
        at = self.world.now()
        if self.events and self.events[-1]["Timestamp"] >= at:
            at = self.events[-1]["Timestamp"] + 0.001
        at = Time(at)
        own = type_name == types.STACK and physical == self.id
        event = Kept({
            "StackId": self.id,
            "EventId": self.world.uuid() if own else f"{logical}-{status}-{iso(at)}",
            "StackName": self.name, "OperationId": operation.id if operation else None,
            "LogicalResourceId": logical, "PhysicalResourceId": physical,
            "ResourceType": type_name, "Timestamp": at, "ResourceStatus": status,
            "ResourceStatusReason": reason or None, "ResourceProperties": properties,
            "ClientRequestToken": operation.token if operation else None,
            "DetailedStatus": detailed})
        self.events.append(event)
        return event

    def salt(self):
        """Makes the next physical id another one."""
        self._salt += 1
        return f"{self.id}-{self._salt}"

    # ---- what is shown ----

    def view(self):
        """The member of DescribeStacks."""
        done = self.status in STABLE or self.status in (
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "DELETE_FAILED", "UPDATE_FAILED")
        outputs = [{"OutputKey": key, "OutputValue": value, "Description": description,
                    "ExportName": export}
                   for key, (value, description, export) in self.outputs.items()]
        return {
            "StackId": self.id, "StackName": self.name, "ChangeSetId": self.change_set,
            "Description": self.template.get("Description"),
            "Parameters": templates.shown(self.template, self.parameters) or None,
            "CreationTime": Time(self.created), "DeletionTime": _time(self.deleted),
            "LastUpdatedTime": _time(self.updated), "RollbackConfiguration": self.rollback,
            "StackStatus": self.status, "StackStatusReason": self.reason or None,
            "DisableRollback": self.disable_rollback,
            "NotificationARNs": list(self.notifications),
            "Capabilities": list(self.capabilities) or None,
            "Outputs": outputs if done and outputs else None, "RoleARN": self.role,
            "Tags": [{"Key": key, "Value": value} for key, value in self.tags.items()],
            "EnableTerminationProtection": None if self.deleted else self.protected,
            "ParentId": self.parent, "RootId": self.root,
            "DriftInformation": {"StackDriftStatus": self.drift,
                                 "LastCheckTimestamp": _time(self.drift_checked)},
            "LastOperations": [{"OperationType": kind, "OperationId": id_}
                               for kind, id_ in self.last_operations] or None}

    def view_at(self, at):
        """The view as it was, or None when the stack was not there yet."""
        found = None
        for since, view in self.history:
            if since > at:
                break
            found = view
        return found

    @property
    def exists(self):
        return self.status != "DELETE_COMPLETE"

    @property
    def in_progress(self):
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"


def _time(seconds):
    return None if seconds is None else Time(seconds)


class ChangeSet:
    def __init__(self, world, stack, name):
        self.world = world
        self.stack = stack
        self.name = name
        self.id = stack.region.arn("cloudformation", f"changeSet/{name}/{world.uuid()}")
        self.kind = "UPDATE"
        self.body = ""
        self.template = {}
        self.parameters = {}
        self.tags = None
        self.capabilities = []
        self.role = None
        self.notifications = None
        self.rollback = None
        self.description = None
        self.on_failure = None
        self.include_nested = False
        self.import_existing = False
        self.deployment_mode = None
        self.deployment = None
        self.imports = []
        self.parent = None
        self.root = None
        self.children = []
        self.changes = []
        self.incomplete = set()
        self.warned = False
        self.import_ids = {}
        self.hooks = []
        self.created = world.now()
        self.status = "CREATE_PENDING"
        self.reason = None
        self.execution = "UNAVAILABLE"
        self.operation = None
        self.history = []
        self.record()

    def set(self, status, execution, reason=None):
        self.status = status
        self.execution = execution
        self.reason = reason
        self.record()

    def record(self):
        self.history.append((self.world.now(), self.status, self.execution, self.reason))

    def state_at(self, at):
        """(status, execution status, reason) as they were, or None before it was made."""
        found = None
        for since, *state in self.history:
            if since > at:
                break
            found = state
        return found

    @property
    def live(self):
        """Neither deleted nor executed: it has its name and is listed."""
        return self.status != "DELETE_COMPLETE" and \
            self.execution not in ("EXECUTE_COMPLETE", "EXECUTE_FAILED")

    def summary(self):
        return {"StackId": self.stack.id, "StackName": self.stack.name, "ChangeSetId": self.id,
                "ChangeSetName": self.name, "ExecutionStatus": self.execution,
                "Status": self.status, "StatusReason": self.reason,
                "CreationTime": Time(self.created), "Description": self.description,
                "IncludeNestedStacks": self.include_nested, "ParentChangeSetId": self.parent,
                "RootChangeSetId": self.root, "ImportExistingResources": self.import_existing}
