"""Finding what a request names, in the words of the operations' own errors; pages; tokens."""

import base64
import json
import re

from cloudformation.template import invalid
from wire import AwsError

NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")
CLIENT_TOKEN = re.compile(r"[a-zA-Z0-9][-a-zA-Z0-9]{0,127}")


class Context:
    """One call: where, what, and what a fault wants of the answer."""

    def __init__(self, world, region, engine, params, settings):
        self.world = world
        self.region = region
        self.engine = engine
        self.params = params
        self.settings = settings

    @property
    def at(self):
        """The time whose state is told: now, or earlier for a stale read."""
        return self.world.now() - self.settings.get("stale", -1e9)


def stack_named(region, name, deleted=True):
    """The stack of a name or ARN, or None; deleted ones only by ARN."""
    if name.startswith("arn:"):
        stack = region.stacks.get(name)
        return stack if stack and (deleted or stack.exists) else None
    return region.stacks.get(region.names.get(name, ""))


def stack_with_id(context, name):
    """For DescribeStacks, GetTemplate and the like."""
    stack = stack_named(context.region, name)
    if stack is None:
        raise invalid(f"Stack with id {name} does not exist")
    return stack


def stack_in_brackets(context, name):
    """For events and change sets."""
    stack = stack_named(context.region, name)
    if stack is None:
        raise invalid(f"Stack [{name}] does not exist")
    return stack


def change_set(context):
    """The change set that ChangeSetName and StackName say."""
    name, stack_name = context.params.get("ChangeSetName", ""), context.params.get("StackName")
    if name.startswith("arn:"):
        found = context.region.change_sets.get(name)
    else:
        if not stack_name:
            raise invalid("StackName must be specified if ChangeSetName is not specified as an "
                          "ARN.")
        stack = stack_in_brackets(context, stack_name)
        live = [one for one in context.region.change_sets.values()
                if one.stack is stack and one.name == name and one.live]
        found = live[-1] if live else None
    if found is None or found.status == "DELETE_COMPLETE":
        raise AwsError("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)
    return found


def check_name(value, field):
    if not NAME.fullmatch(value or ""):
        raise invalid(f"1 validation error detected: Value '{value}' at '{field}' failed to "
                      "satisfy constraint: Member must satisfy regular expression pattern: "
                      "[a-zA-Z][-a-zA-Z0-9]*")


def request_token(params):
    token = params.get("ClientRequestToken")
    if token is not None and not CLIENT_TOKEN.fullmatch(token):
        raise invalid(f"1 validation error detected: Value '{token}' at 'clientRequestToken' "
                      "failed to satisfy constraint: Member must satisfy regular expression "
                      "pattern: [a-zA-Z0-9][-a-zA-Z0-9]*")
    return token


def once(context, action, token, work):
    """Does `work` unless this token did it already; then the same answer is given again."""
    if token is None:
        return work()
    relevant = {key: value for key, value in context.params.items() if key != "Action"}
    fingerprint = json.dumps(relevant, sort_keys=True)
    known = context.region.tokens.get((action, token))
    if known is not None:
        if known[0] != fingerprint:
            raise AwsError("TokenAlreadyExistsException", f"Token {token} already exists", 400)
        return known[1]
    result = work()
    context.region.tokens[(action, token)] = (fingerprint, result)
    return result


def _encode(kind, offset):
    return base64.urlsafe_b64encode(f"{kind}:{offset}:page".encode()).decode()


def _decode(kind, token):
    try:
        name, offset, _ = base64.urlsafe_b64decode(token).decode().split(":")
        if name != kind:
            raise ValueError
        return int(offset)
    except ValueError:
        raise invalid("Invalid NextToken") from None


def page(context, kind, items, size):
    """(the items of this page, the token of the next or None). `size` counts items; a fault may
    ask for smaller pages, an empty first one, or the same token again and again."""
    settings = context.settings
    size = settings.get("page", size)
    token = context.params.get("NextToken")
    start = _decode(kind, token) if token else 0
    if settings.get("empty_first") and not token:
        return [], _encode(kind, 0)
    if settings.get("repeat_token"):
        return items[:size], _encode(kind, size)
    following = _encode(kind, start + size) if start + size < len(items) else None
    return items[start:start + size], following


PAGE_BYTES = 1000000


def _events_in_page(items, left):
    """How many events, from `left` back, make about a megabyte."""
    total = 0
    for count in range(left):
        total += 700 + len(items[left - 1 - count].get("ResourceProperties") or "")
        if total > PAGE_BYTES:
            return max(1, count)
    return left


def page_of_events(context, kind, items):
    """Pages of events, newest first. The token counts from the oldest, so that events which
    arrive between two pages do not shift the second."""
    settings = context.settings
    token = context.params.get("NextToken")
    left = min(_decode(kind, token), len(items)) if token else len(items)
    if settings.get("empty_first") and not token:
        return [], _encode(kind, left)
    start = max(0, left - settings.get("page", _events_in_page(items, left)))
    found = items[start:left][::-1]
    if settings.get("repeat_token"):
        return found, _encode(kind, left)
    return found, (_encode(kind, start) if start > 0 else None)


def flag(params, name):
    return params.get(name, "").lower() == "true"
