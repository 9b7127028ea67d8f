"""Deleting stacks, and the ways out of an operation or a failure."""

from cloudformation import changesets
from cloudformation.lookup import flag, once, request_token, stack_in_brackets, stack_named
from cloudformation.template import invalid
from wire import members


def delete(context):
    token = request_token(context.params)
    return once(context, "DeleteStack", token, lambda: _delete(context, token))


def _delete(context, token):
    params = context.params
    stack = stack_named(context.region, params.get("StackName", ""), deleted=False)
    if stack is None:
        return None
    if stack.protected:
        raise invalid(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is "
                      "enabled")
    if stack.status in ("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
                        "UPDATE_ROLLBACK_IN_PROGRESS",
                        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "IMPORT_IN_PROGRESS"):
        raise invalid(f"Stack cannot be deleted while in status {stack.status}")
    retain = members(params, "RetainResources") or []
    force = params.get("DeletionMode") == "FORCE_DELETE_STACK"
    _check_retain(stack, retain, force)
    if stack.status == "DELETE_IN_PROGRESS":
        return None
    stack.role = params.get("RoleARN") or stack.role
    changesets.outdate(context.region, stack)
    context.engine.start(
        stack, "DELETE_STACK",
        lambda operation: context.engine.delete(stack, operation, retain, force=force), token)
    return None


def _check_retain(stack, retain, force):
    if stack.status != "DELETE_FAILED":
        if retain:
            raise invalid("Invalid operation on stack [" + stack.id + "]. You can only specify "
                          "resources to retain when a stack is in the DELETE_FAILED state.")
        if force:
            raise invalid(f"Invalid operation on stack [{stack.id}]. FORCE_DELETE_STACK is only "
                          "valid when a stack is in the DELETE_FAILED state.")
    unknown = [name for name in retain if name not in stack.resources]
    if unknown:
        raise invalid(f"The specified resources to retain must be in a valid state. Do not specify "
                      f"resources that are: not part of the stack. [{', '.join(unknown)}]")


def cancel_update(context):
    stack = stack_in_brackets(context, context.params.get("StackName", ""))
    if stack.status != "UPDATE_IN_PROGRESS":
        raise invalid(f"CancelUpdateStack cannot be called from current stack status: "
                      f"{stack.status}")
    if stack.operation is None or stack.operation.stopped:
        stack.set_status("UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
        stack.set_status("UPDATE_ROLLBACK_COMPLETE")
        return None
    context.engine.cancel_update(stack, request_token(context.params))
    return None


def continue_rollback(context):
    params = context.params
    stack = stack_in_brackets(context, params.get("StackName", ""))
    if stack.status != "UPDATE_ROLLBACK_FAILED":
        raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not continue rollback.")
    skip = members(params, "ResourcesToSkip") or []
    own = [name for name in skip if "." not in name]
    wrong = [name for name in own if name not in stack.resources
             or stack.resources[name].status != "UPDATE_FAILED"]
    if wrong:
        raise invalid(f"Resources to skip must be in UPDATE_FAILED state: [{', '.join(wrong)}]")
    stuck = stack.stuck

    def generator(operation):
        operation.skip = skip
        operation.update_token = stuck.update_token if stuck else None
        operation.undo = dict(stuck.undo) if stuck else {}
        operation.before = stuck.before if stuck else None
        operation.garbage = list(stuck.garbage) if stuck else []
        for logical, resource in stack.resources.items():
            if resource.status == "UPDATE_FAILED" and logical not in operation.undo:
                operation.undo[logical] = ("updated", resource.copy())
        return context.engine.roll_back_update(stack, operation, "User Initiated")
    context.engine.start(stack, "CONTINUE_ROLLBACK", generator, request_token(params))
    return {}


def roll_back(context):
    """RollbackStack: from a failure with rollback disabled to the last stable state; without one
    the stack is deleted."""
    params, engine = context.params, context.engine
    stack = stack_in_brackets(context, params.get("StackName", ""))
    if stack.status not in ("CREATE_FAILED", "UPDATE_FAILED"):
        raise invalid(f"Stack:{stack.id} is in {stack.status} state and can not be rolled back.")
    if stack.express:
        raise invalid(f"This stack is in a {stack.status} state from a previous operation that "
                      "used EXPRESS deployment mode and cannot be rolled back.")
    failed = stack.stuck

    def generator(operation):
        operation.retain_except_on_create = flag(params, "RetainExceptOnCreate")
        if not stack.stable:
            return engine.delete(stack, operation)
        operation.undo = dict(failed.undo) if failed else {}
        operation.before = failed.before if failed else None
        operation.update_token = failed.update_token if failed else None
        return engine.roll_back_update(stack, operation, "User Initiated")
    operation = engine.start(stack, "ROLLBACK", generator, request_token(params))
    return {"StackId": stack.id, "OperationId": operation.id}
