"""The operations on a stack as processes on simulated time: create, update, import, their
rollbacks and clean-ups, delete; for nested stacks as well."""

from cloudformation import language, plan, policy, types, values
from cloudformation import template as templates
from cloudformation.lives import Lives
from cloudformation.model import STABLE, Operation, Stack
from wire import AwsError


class Target:
    """What an operation brings a stack to."""

    def __init__(self, body, template, parameters, tags=None, imports=None):
        self.body = body
        self.template = template
        self.parameters = parameters
        self.tags = tags
        self.imports = imports or {}    # logical id -> physical id


FIELDS = ("body", "template", "parameters", "tags", "outputs", "capabilities", "role",
          "notifications", "rollback")


def failures(operation, verb_words=(("CREATE", "create"), ("UPDATE", "update"),
                                    ("IMPORT", "import"), ("DELETE", "delete"))):
    """The summary that the stack's own event gives."""
    texts = []
    for verb, word in verb_words:
        names = list(dict.fromkeys(name for name, how in operation.failed if how == verb))
        if names:
            texts.append(f"The following resource(s) failed to {word}: [{', '.join(names)}]. ")
    return "".join(texts)


class Engine:
    def __init__(self, world):
        self.world = world

    # ---- starting ----

    def start(self, stack, kind, generator_of, token=None, disable_rollback=False):
        """Begins an operation; `generator_of(operation)` is what it does. An operation that is
        still running is given up."""
        self.stop(stack)
        operation = Operation(self.world, stack, kind, token, disable_rollback)
        operation.process = self.world.scheduler.spawn(generator_of(operation))
        return operation

    def stop(self, stack):
        """Gives up what is being done to a stack, where it stands."""
        running = stack.operation
        if running is None:
            return
        running.stopped = True
        self.world.scheduler.cancel(running.process)
        for process in running.lives.values():
            self.world.scheduler.cancel(process)
        for resource in stack.resources.values():
            if resource.type == types.STACK and resource.physical in stack.region.stacks:
                self.stop(stack.region.stacks[resource.physical])

    # ---- towards a template ----

    def _take(self, stack, target, operation):
        operation.before = {name: getattr(stack, name) for name in FIELDS}
        if stack.status == "UPDATE_FAILED" and stack.stuck:
            # The last stable state is the one before the update that failed.
            operation.before, operation.undo = stack.stuck.before, dict(stack.stuck.undo)
        stack.body, stack.template = target.body, target.template
        stack.parameters = target.parameters
        if target.tags is not None:
            stack.tags = target.tags

    def _apply(self, stack, operation, target):
        """Brings all resources to the target; ends when all have ended."""
        lives = Lives(self, stack, operation)
        evaluator = values.for_stack(self.world, stack)
        blocks = values.active(stack.template, evaluator)
        needs = values.needs_of(stack.template, blocks)
        if not self._may_remove(stack, operation, lives, blocks):
            return blocks
        for logical in (name for name in templates.order(stack.template) if name in blocks):
            generator = lives.towards(logical, blocks[logical], needs[logical], evaluator)
            if logical in target.imports:
                properties = evaluator.value(blocks[logical].get("Properties") or {})
                generator = lives.bring_in(logical, blocks[logical], needs[logical], properties,
                                           target.imports[logical])
            operation.lives[logical] = self.world.scheduler.spawn(generator)
        yield list(operation.lives.values())
        if not operation.failed:
            self._outputs(stack, operation)
        return blocks

    @staticmethod
    def _may_remove(stack, operation, lives, blocks):
        """Whether the stack's policy lets go what the template no longer has."""
        for logical, resource in stack.resources.items():
            if logical not in blocks:
                refused = policy.refusal(stack, "Update:Delete", logical, resource.type)
                if refused is not None:
                    lives.fail(resource, "UPDATE", refused)
        return not operation.failed

    def _outputs(self, stack, operation):
        """Works out the outputs; an export that another stack has is a failure."""
        try:
            fresh = values.outputs(stack.template, values.for_stack(self.world, stack))
            taken = values.exports(stack.region)
            for _, _, export in fresh.values():
                if export in taken and taken[export][0] is not stack:
                    raise AwsError("ValidationError", f"Export with name {export} is already "
                                   f"exported by stack {taken[export][0].name}. Rollback requested "
                                   "by user.")
            self._keep_used_exports(stack, fresh)
            stack.outputs = fresh
        except AwsError as problem:
            operation.failed.append((problem.message, ""))

    def _keep_used_exports(self, stack, fresh):
        kept = {export: value for value, _, export in fresh.values()}
        for value, _, export in stack.outputs.values():
            if not export or kept.get(export) == value:
                continue
            users = [name for name in values.importers(stack.region, export) if name != stack.name]
            if users:
                word = "updated" if export in kept else "deleted"
                raise AwsError("ValidationError", f"Export {export} cannot be {word} as it is in "
                               f"use by {', '.join(users)}")

    def _why(self, operation):
        """The stack's reason: its resources that failed, or what is wrong with the outputs."""
        return failures(operation) or "".join(name for name, verb in operation.failed if not verb)

    def create(self, stack, operation, target):
        self._take(stack, target, operation)
        stack.set_status("CREATE_IN_PROGRESS", "User Initiated", operation)
        yield from self._apply(stack, operation, target)
        if not operation.failed:
            stack.set_status("CREATE_COMPLETE", "", operation)
            return
        why = self._why(operation)
        if operation.disable_rollback or stack.on_failure == "DO_NOTHING":
            stack.set_status("CREATE_FAILED", why, operation)
        elif stack.on_failure == "DELETE":
            yield from self.delete(stack, self._next(stack, "DELETE_STACK", operation), (),
                                   why + "Delete requested by user.")
        else:
            yield from self.roll_back_creation(stack, self._next(stack, "ROLLBACK", operation),
                                               why + "Rollback requested by user.")

    def _next(self, stack, kind, operation):
        """The operation that follows another by itself: it has an id of its own, the same token,
        and belongs to the same process."""
        following = Operation(self.world, stack, kind, operation.token)
        following.process = operation.process
        following.undo = operation.undo
        following.before = operation.before
        following.retain_except_on_create = operation.retain_except_on_create
        following.update_token = operation.update_token
        return following

    def roll_back_creation(self, stack, operation, why):
        stack.set_status("ROLLBACK_IN_PROGRESS", why, operation)
        yield from self._delete_all(stack, operation, (), "rollback", created=True)
        stack.outputs = {}
        if operation.failed:
            stack.set_status("ROLLBACK_FAILED", failures(operation), operation)
        else:
            stack.set_status("ROLLBACK_COMPLETE", "", operation)

    def update(self, stack, operation, target, words=("UPDATE", "User Initiated")):
        verb, why = words
        self._take(stack, target, operation)
        stack.updated = self.world.now()
        stack.set_status(verb + "_IN_PROGRESS", why, operation)
        blocks = yield from self._apply(stack, operation, target)
        if operation.failed:
            yield from self._update_failed(stack, operation, verb)
            return
        if verb == "IMPORT":
            stack.set_status("IMPORT_COMPLETE", "", operation)
            return
        stack.set_status("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "", operation)
        self._collect_garbage(stack, operation, blocks)
        yield from self._clean_up(stack, operation)
        stack.stuck = None
        stack.set_status("UPDATE_COMPLETE", "", operation)

    def _collect_garbage(self, stack, operation, blocks):
        for logical, (kind, before) in operation.undo.items():
            if kind == "replaced":
                operation.garbage.append(before)
        operation.garbage += [resource for logical, resource in stack.resources.items()
                              if logical not in blocks]

    def _clean_up(self, stack, operation):
        """Deletes what is no longer wanted. A failure is tried three times, then forgotten."""
        lives = Lives(self, stack, operation)
        processes, by_logical = [], {}
        for resource in self._dependents_first(operation.garbage):
            own = stack.resources.get(resource.logical) is resource
            policy = resource.policy("DeletionPolicy" if own else "UpdateReplacePolicy")
            waits = [by_logical[other.logical] for other in operation.garbage
                     if resource.logical in other.needs and other.logical in by_logical]
            process = self.world.scheduler.spawn(lives.delete(
                resource, waits, "delete", policy in ("Retain", "RetainExceptOnCreate"), 3))
            by_logical[resource.logical] = process
            processes.append(process)
        yield processes
        for resource in operation.garbage:
            if stack.resources.get(resource.logical) is resource:
                del stack.resources[resource.logical]
        operation.failed = []

    @staticmethod
    def _dependents_first(resources):
        left, result = list(resources), []
        while left:
            free = [one for one in left
                    if not any(one.logical in other.needs for other in left if other is not one)]
            for one in free or left[:1]:
                result.append(one)
                left.remove(one)
        return result

    def _update_failed(self, stack, operation, verb):
        why = self._why(operation)
        if operation.disable_rollback:
            stack.stuck = operation
            stack.outputs = operation.before["outputs"]
            stack.set_status("UPDATE_FAILED", why, operation)
            return
        yield from self.roll_back_update(stack, self._next(stack, "ROLLBACK", operation), why,
                                         verb)

    def roll_back_update(self, stack, operation, why, verb="UPDATE"):
        """Back to what was before; the resources in the operation's `skip` are only said to be."""
        stack.set_status(verb + "_ROLLBACK_IN_PROGRESS", why, operation)
        lives = Lives(self, stack, operation)
        processes = []
        for logical, (kind, before) in list(operation.undo.items()):
            current = stack.resources.get(logical)
            if current is None or kind in ("created", "imported"):
                continue
            if logical in operation.skip:
                lives.event(current, "UPDATE_COMPLETE")
                continue
            if current.status == "UPDATE_COMPLETE" and operation.kind == "CONTINUE_ROLLBACK":
                continue
            process = self.world.scheduler.spawn(lives.restore(current, kind, before))
            operation.lives[logical] = process
            processes.append(process)
        yield processes
        if operation.failed:
            stack.stuck = operation
            stack.set_status(verb + "_ROLLBACK_FAILED", failures(operation), operation)
            return
        yield from self._finish_rollback(stack, operation, verb)

    def _finish_rollback(self, stack, operation, verb):
        for name, value in (operation.before or {}).items():
            setattr(stack, name, value)
        if verb == "UPDATE":
            stack.set_status("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "", operation)
        for logical, (kind, _) in operation.undo.items():
            resource = stack.resources.get(logical)
            if resource is None or kind not in ("created", "imported"):
                continue
            if kind == "imported":
                del stack.resources[logical]
            else:
                operation.garbage.append(resource)
        yield from self._clean_up(stack, operation)
        stack.stuck = None
        stack.set_status(verb + "_ROLLBACK_COMPLETE", "", operation)

    def cancel_update(self, stack, token):
        """Gives an update up and rolls back."""
        running = stack.operation
        running.stopped = True
        Lives(self, stack, running).cancel_running()
        self.stop(stack)

        def generator(operation):
            operation.undo, operation.before = running.undo, running.before
            operation.update_token = running.update_token
            return self.roll_back_update(stack, operation, "User Initiated")
        return self.start(stack, "ROLLBACK", generator, token)

    # ---- deleting ----

    def delete(self, stack, operation, retain=(), why="User Initiated", force=False):
        stack.set_status("DELETE_IN_PROGRESS", why, operation)
        blocked = self._exports_in_use(stack)
        if blocked:
            stack.set_status("DELETE_FAILED", blocked, operation)
            return
        yield from self._delete_all(stack, operation, retain, "delete", force=force)
        if operation.failed and not force:
            stack.set_status("DELETE_FAILED", failures(operation), operation)
            return
        stack.resources = {}
        stack.outputs = {}
        stack.deleted = self.world.now()
        if stack.region.names.get(stack.name) == stack.id:
            del stack.region.names[stack.name]
        for change_set in [one for one in stack.region.change_sets.values()
                           if one.stack is stack]:
            if change_set.live:
                change_set.set("DELETE_COMPLETE", "UNAVAILABLE")
        stack.set_status("DELETE_COMPLETE", "", operation)

    def _exports_in_use(self, stack):
        for _, _, export in stack.outputs.values():
            users = [name for name in values.importers(stack.region, export)
                     if name != stack.name] if export else []
            if users:
                return f"Export {export} cannot be deleted as it is in use by {', '.join(users)}"
        return ""

    def _delete_all(self, stack, operation, retain, moment, created=False, force=False):
        """Deletes all resources, dependents first. After a failed creation a DeletionPolicy of
        RetainExceptOnCreate does not hold."""
        lives = Lives(self, stack, operation)
        by_logical = {}
        resources = list(stack.resources.values())
        for resource in self._dependents_first(resources):
            policy = resource.policy("DeletionPolicy")
            keep = (policy == "Retain" and not operation.retain_except_on_create
                    or policy == "RetainExceptOnCreate" and not created) and resource.physical
            waits = [by_logical[other.logical] for other in resources
                     if resource.logical in other.needs and other.logical in by_logical]
            by_logical[resource.logical] = self.world.scheduler.spawn(lives.delete(
                resource, waits, moment, bool(keep) or resource.logical in retain))
        yield list(by_logical.values())
        if force:
            for resource in list(stack.resources.values()):
                lives.event(resource, "DELETE_SKIPPED")

    # ---- nested stacks ----

    def start_child(self, parent, parent_operation, resource):
        """Creates the stack of a nested resource; (stack, the process to wait for)."""
        name = f"{parent.name}-{resource.logical}-{self.world.letters(12)}"[:128]
        target = self.child_target(parent, resource, None)
        child = parent.reserved.pop(resource.logical, None) or self.add_child(parent, name)
        operation = self.start(child, "CREATE_STACK",
                               lambda operation: self.create(child, operation, target),
                               parent_operation.token, parent_operation.disable_rollback)
        return child, operation.process

    def add_child(self, parent, name):
        """A nested stack that has nothing yet."""
        region = parent.region
        child = Stack(self.world, region, name)
        region.stacks[child.id] = child
        region.names[name] = child.id
        child.parent, child.root = parent.id, parent.root or parent.id
        child.protected, child.role = parent.protected, parent.role
        child.tags, child.capabilities = dict(parent.tags), list(parent.capabilities)
        child.notifications = list(parent.notifications)
        child.disable_rollback, child.express = parent.disable_rollback, parent.express
        return child

    def child_target(self, parent, resource, previous):
        properties = resource.properties
        body = templates.fetch(self.world, parent.region, properties.get("TemplateURL", ""))
        given = [{"ParameterKey": key, "ParameterValue": ",".join(value)
                  if isinstance(value, list) else str(value)}
                 for key, value in (properties.get("Parameters") or {}).items()]
        return Target(body, *language.read(self.world, body, given, previous))

    def update_child(self, parent, parent_operation, resource):
        """Updates a nested stack; the process is None when nothing changes in it."""
        child = parent.region.stacks[resource.physical]
        target = self.child_target(parent, resource, child.parameters)
        if plan.make(self.world, child, target.template, target.parameters).empty:
            return child, None
        operation = self.start(child, "UPDATE_STACK",
                               lambda operation: self.update(child, operation, target),
                               parent_operation.token, parent_operation.disable_rollback)
        parent_operation.lives[resource.logical + "/child"] = operation.process
        return child, operation.process

    def stop_child(self, parent, resource):
        child = parent.region.stacks.get(resource.physical)
        if child is not None:
            self.stop(child)

    def roll_back_child(self, parent, parent_operation, resource):
        """Takes back what the operation did to a nested stack: (stack, the process to wait for or
        None when that was nothing). `Name.LogicalId` in the operation's `skip` is passed on."""
        child = parent.region.stacks.get(resource.physical)
        last = child.operation if child else None
        if last is None or not last.before or child.status in STABLE and (
                last.kind != "UPDATE_STACK" or last.token != parent_operation.update_token):
            return child, None
        skip = [name.partition(".")[2] for name in parent_operation.skip
                if name.partition(".")[0] == child.name]
        stuck = child.status == "UPDATE_ROLLBACK_FAILED"

        def generator(operation):
            operation.undo, operation.before = dict(last.undo), last.before
            operation.garbage = list(last.garbage)
            operation.skip = skip
            operation.update_token = parent_operation.update_token
            return self.roll_back_update(child, operation, "")
        kind = "CONTINUE_ROLLBACK" if stuck else "ROLLBACK"
        return child, self.start(child, kind, generator, parent_operation.token).process

    def delete_child(self, child, parent_operation):
        if not child.exists:
            return None
        return self.start(child, "DELETE_STACK",
                          lambda operation: self.delete(child, operation),
                          parent_operation.token).process
