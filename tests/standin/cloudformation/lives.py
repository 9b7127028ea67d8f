"""The lives of single resources: created, updated, replaced, restored, deleted, imported.

Each function is a process on simulated time (`clock.Scheduler`). It leaves its traces as events of
the stack and reports failures to the operation that it is part of.
"""

import json

from cloudformation import effects, policy, rules, types
from cloudformation.model import Resource
from cloudformation.plan import differences
from wire import AwsError

REPLACING = ("Requested update requires the creation of a new physical resource; hence creating "
             "one.")
EXPRESS = "Resource operation completed using Express Mode. Stabilization may still be in progress."
START = 0.2     # simulated seconds from the first event to the one with the physical id


class Lives:
    """All that happens to resources of one stack in one operation. `engine` runs the stacks of
    nested resources."""

    def __init__(self, engine, stack, operation):
        self.engine = engine
        self.world = engine.world
        self.stack = stack
        self.operation = operation

    # ---- traces ----

    def event(self, resource, status, reason="", detailed=None):
        resource.status, resource.reason = status, reason
        resource.updated = self.world.now()
        self.stack.event(resource.logical, resource.type, resource.physical, status, reason,
                         self.operation, json.dumps(resource.properties, default=str), detailed)

    def fail(self, resource, verb, reason):
        """Records a failure; what else is running is cancelled, unless rollback is off."""
        self.event(resource, verb + "_FAILED", reason)
        operation = self.operation
        operation.running.pop(resource.logical, None)
        operation.failed.append((resource.logical, verb))
        if not operation.disable_rollback:
            self.cancel_running()

    def cancel_running(self):
        operation = self.operation
        for logical, (verb, resource, process) in list(operation.running.items()):
            del operation.running[logical]
            self.world.scheduler.cancel(process)
            if resource.type == types.STACK:
                self.engine.stop_child(self.stack, resource)
            word = "creation" if verb == "CREATE" else "update"
            self.event(resource, verb + "_FAILED", f"Resource {word} cancelled")
            operation.failed.append((logical, verb))

    def _seconds(self, rule):
        return float(rule.get("seconds", self.world.timing["resource"]))

    def _start(self, resource, verb, rule):
        if not rule.get("stubborn"):
            self.operation.running[resource.logical] = (
                verb, resource, self.operation.lives[resource.logical])

    def _done(self, resource, status, rule):
        self.operation.running.pop(resource.logical, None)
        if rule.get("configurationComplete"):
            in_progress = status.replace("_COMPLETE", "_IN_PROGRESS")
            self.event(resource, in_progress,
                       "Eventual consistency check initiated", "CONFIGURATION_COMPLETE")
        self.event(resource, status, EXPRESS if self.stack.express else "")

    # ---- towards a template ----

    def towards(self, logical, block, needs, evaluator):
        """Brings one resource to its block of the template, once those it needs are there."""
        waits = [self.operation.lives[name] for name in needs if name in self.operation.lives]
        if waits:
            yield waits
        operation = self.operation
        failed = {name for name, _ in operation.failed}
        if operation.stopped or (failed and (not operation.disable_rollback or failed & needs)):
            if operation.disable_rollback:
                operation.failed.append((logical, ""))  # those who need it cannot start either
            return
        current = self.stack.resources.get(logical)
        if current is not None and current.gone and operation.revert:
            current = None
        try:
            properties = evaluator.value(block.get("Properties") or {})
        except AwsError as problem:
            broken = current or Resource(logical, block["Type"], block)
            self.stack.resources[logical] = broken
            if current:
                operation.remember(logical, "updated", current.copy())
            else:
                operation.remember(logical, "created")
            self.fail(broken, "UPDATE" if current else "CREATE", problem.message)
            return
        if current is None:
            yield from self.create(logical, block, needs, properties)
            return
        yield from self.update(current, block, needs, properties)

    def create(self, logical, block, needs, properties):
        resource = Resource(logical, block["Type"], block, properties, needs=set(needs))
        rule = rules.for_resource(self.world, self.stack, logical, resource.type, "create")
        self.stack.resources[logical] = resource
        self.operation.remember(logical, "created")
        self.event(resource, "CREATE_IN_PROGRESS")
        self._start(resource, "CREATE", rule)
        yield START
        yield from self._make(resource, "CREATE", rule)

    def _make(self, resource, verb, rule):
        """From the first event of a new physical resource to its end."""
        reason = rules.failure(self.world, rule)
        if reason is not None and rule.get("beforeStart"):
            self.fail(resource, verb, reason)
            return
        if resource.type == types.STACK:
            yield from self._make_child(resource, verb)
            return
        facts = types.facts(self.world, resource.type)
        resource.physical = rule.get("physicalId") or types.physical_id(
            self.stack.region, facts, resource.type, self.stack, resource.logical,
            resource.properties, self.stack.salt())
        resource.attributes, resource.invented = dict(rule.get("attributes", {})), {}
        if reason is None:
            refused = effects.create(self.world, self.stack, resource,
                                     facts.ref or facts.identifier)
            if refused is not None:
                resource.physical = ""
                self.fail(resource, verb, refused)
                return
        self.event(resource, verb + "_IN_PROGRESS", "Resource creation Initiated")
        yield self._seconds(rule)
        if reason is not None:
            self.fail(resource, verb, reason)
            return
        self._done(resource, verb + "_COMPLETE", rule)

    def _make_child(self, resource, verb):
        try:
            child, process = self.engine.start_child(self.stack, self.operation, resource)
        except AwsError as problem:
            self.fail(resource, verb, problem.message)
            return
        resource.physical = child.id
        self.event(resource, verb + "_IN_PROGRESS", "Resource creation Initiated")
        yield [process]
        self._child_ended(resource, verb, child, ("CREATE_COMPLETE",), "created")

    def _child_ended(self, resource, verb, child, good, word):
        if child.status in good:
            self._done(resource, verb + "_COMPLETE", {})
            return
        causes = [event["ResourceStatusReason"] for event in child.events
                  if event["ResourceStatusReason"] and "failed to" in event["ResourceStatusReason"]
                  and event["PhysicalResourceId"] == child.id]
        self.fail(resource, verb, f"Embedded stack {child.id} was not successfully {word}: "
                  + (causes[-1] if causes else ""))

    def update(self, current, block, needs, properties):
        facts = types.facts(self.world, current.type)
        base = current.properties
        if self.operation.revert and current.actual is not None:
            base = current.actual
        changed = [path for path, _, _ in differences(base, properties)]
        nested = current.type == types.STACK
        if not changed and not nested:
            current.definition, current.needs = block, set(needs)
            if self.operation.revert:
                current.properties, current.actual = properties, None
            return
        replaced = any(types.recreation(facts, path) == "Always" for path in changed)
        moment = "replace" if replaced else "update"
        rule = rules.for_resource(self.world, self.stack, current.logical, current.type, moment)
        before = current.copy()
        self.operation.remember(current.logical, "updated", before)
        refused = self._refusal(current, replaced, facts, properties)
        if refused is not None:
            self.fail(current, "UPDATE", refused)
            return
        current.definition, current.needs, current.properties = block, set(needs), properties
        self.event(current, "UPDATE_IN_PROGRESS", REPLACING if replaced else "")
        self._start(current, "UPDATE", rule)
        yield START
        if replaced:
            self.operation.remember(current.logical, "replaced", before)
            yield from self._make(current, "UPDATE", rule)
            return
        if nested:
            yield from self._update_child(current)
            return
        yield self._seconds(rule)
        reason = rules.failure(self.world, rule) or effects.update(self.world, current)
        if reason is not None:
            self.fail(current, "UPDATE", reason)
            return
        current.actual = None
        self._done(current, "UPDATE_COMPLETE", rule)

    def _refusal(self, current, replaced, facts, properties):
        """Why an update cannot even begin, or None."""
        action = "Update:Replace" if replaced else "Update:Modify"
        refused = policy.refusal(self.stack, action, current.logical, current.type)
        if refused is not None or not replaced:
            return refused
        if self.operation.disable_rollback:
            return "Replacement type updates not supported on stack with disable-rollback."
        names = facts.ref or facts.identifier
        if names and all(name in current.properties and
                         current.properties[name] == properties.get(name) for name in names):
            return ("CloudFormation cannot update a stack when a custom-named resource requires "
                    f"replacing. Rename {current.physical} and update the stack again.")
        return None

    def _update_child(self, resource):
        try:
            child, process = self.engine.update_child(self.stack, self.operation, resource)
        except AwsError as problem:
            self.fail(resource, "UPDATE", problem.message)
            return
        if process is not None:
            yield [process]
        self._child_ended(resource, "UPDATE", child,
                          ("UPDATE_COMPLETE", "CREATE_COMPLETE"), "updated")

    def bring_in(self, logical, block, needs, properties, physical):
        """Import: the resource is there already and becomes the stack's."""
        resource = Resource(logical, block["Type"], block, properties, physical,
                            needs=set(needs))
        rule = rules.for_resource(self.world, self.stack, logical, resource.type, "import")
        self.stack.resources[logical] = resource
        self.operation.remember(logical, "imported")
        self.event(resource, "IMPORT_IN_PROGRESS", "Resource import started.")
        yield self._seconds(rule)
        reason = rules.failure(self.world, rule)
        if reason is not None:
            self.fail(resource, "IMPORT", reason)
            return
        self.event(resource, "IMPORT_COMPLETE", "Resource import completed.")

    # ---- back ----

    def restore(self, current, kind, before):
        """Gives a resource back what it had before the update."""
        rule = rules.for_resource(self.world, self.stack, current.logical, current.type,
                                  "rollback")
        self.event(current, "UPDATE_IN_PROGRESS")
        reason = None
        if current.type == types.STACK:
            child, process = self.engine.roll_back_child(self.stack, self.operation, current)
            if process is not None:
                yield [process]
            if child is not None and child.status == "UPDATE_ROLLBACK_FAILED":
                reason = f"Embedded stack {child.id} was not successfully updated: {child.reason}"
        yield self._seconds(rule)
        reason = reason or rules.failure(self.world, rule)
        if reason is not None:
            self.event(current, "UPDATE_FAILED", reason)
            self.operation.failed.append((current.logical, "UPDATE"))
            return
        if kind == "replaced" and current.physical != before.physical:
            self.operation.garbage.append(current.copy())
        for name in before.__dataclass_fields__:
            if name not in ("status", "reason", "updated"):
                setattr(current, name, getattr(before, name))
        self.event(current, "UPDATE_COMPLETE")

    # ---- away ----

    def delete(self, resource, waits, moment="delete", keep=False, attempts=1):
        """Deletes one physical resource after `waits`. The stack forgets it when it is the one
        that the stack still has under this name. One that others still need stays, but not in a
        clean-up, which makes several `attempts`."""
        if waits:
            yield waits
        own = self.stack.resources.get(resource.logical) is resource
        blockers = [other for other in self.stack.resources.values()
                    if own and attempts == 1 and resource.logical in other.needs
                    and (other.logical, "DELETE") in self.operation.failed]
        if blockers or self.operation.stopped:
            return
        if keep:
            self.event(resource, "DELETE_SKIPPED")
            if own:
                del self.stack.resources[resource.logical]
            return
        rule = rules.for_resource(self.world, self.stack, resource.logical, resource.type, moment)
        for attempt in range(attempts):
            self.event(resource, "DELETE_IN_PROGRESS")
            reason = yield from self._unmake(resource, rule)
            if reason is None:
                self.event(resource, "DELETE_COMPLETE")
                if own:
                    self.stack.resources.pop(resource.logical, None)
                return
            self.event(resource, "DELETE_FAILED", reason)
            rule = rules.for_resource(self.world, self.stack, resource.logical, resource.type,
                                      moment)
        self.operation.failed.append((resource.logical, "DELETE"))

    def _unmake(self, resource, rule):
        """The reason why it cannot be deleted, or None."""
        if not resource.physical:
            yield 0.0
            return None
        if resource.type == types.STACK:
            child = self.stack.region.stacks.get(resource.physical)
            process = self.engine.delete_child(child, self.operation) if child else None
            if process is not None:
                yield [process]
            if child is not None and child.exists:
                return f"Embedded stack {child.id} was not successfully deleted: {child.reason}"
            return None
        yield self._seconds(rule)
        return rules.failure(self.world, rule) or effects.delete(self.world, self.stack, resource)
