"""The control interface under /_standin/: what tests ask and say. README.md is its manual.

Each endpoint is a function of (world, body, query, call_as); what it returns is the JSON answer. A
ValueError or KeyError becomes a 400 with its text.
"""

import json
import urllib.parse

from cloudformation import rules, seed
from cloudformation.effects import Bucket
from cloudformation.lookup import stack_named
from wire import AwsError, json_reply

import s3


def handle(world, request, call_as):
    name = request.path[len("/_standin/"):].strip("/")
    endpoint = ENDPOINTS.get((request.method, name))
    if endpoint is None:
        return json_reply({"error": f"no {request.method} /_standin/{name}"}, 404)
    query = dict(urllib.parse.parse_qsl(request.query))
    try:
        body = json.loads(request.body) if request.body else {}
        world.settle(counts=False)
        answer = endpoint(world, body, query, call_as)
    except AwsError as problem:
        return json_reply({"error": f"{problem.code}: {problem.message}"}, 400)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        return json_reply({"error": f"{type(problem).__name__}: {problem}"}, 400)
    return json_reply({"ok": True} if answer is None else answer)


def _listed(body):
    return body if isinstance(body, list) else [body]


def _region(world, body):
    return world.region(body.get("account", "123456789012"), body.get("region", "eu-west-1"))


# ---- time ----

def _reset(world, body, query, call_as):
    world.reset()


def _clock(world, body, query, call_as):
    world.clock.configure(body)
    world.settle(counts=False)
    return world.clock.state()


def _advance(world, body, query, call_as):
    world.clock.advance(float(body.get("seconds", 1)))
    world.settle(counts=False)
    return world.clock.state()


def _run(world, body, query, call_as):
    """Runs until nothing is left to happen, or `limit` simulated seconds have gone by."""
    end = world.clock.now() + float(body.get("limit", 86400))
    while (at := world.scheduler.next_time()) is not None and at <= end:
        world.clock.advance_to(at)
        world.scheduler.run()
    return {**world.clock.state(), "idle": world.scheduler.next_time() is None}


# ---- rules and settings ----

def _cues(world, body, query, call_as):
    for settings in _listed(body):
        world.cues.add(settings)


def _cues_state(world, body, query, call_as):
    return [cue.state() for cue in world.cues.cues]


def _cues_clear(world, body, query, call_as):
    world.cues.cues.clear()


def _resource_rules(world, body, query, call_as):
    world.resource_rules += [rules.check(dict(one), rules.RESOURCE_KEYS) for one in _listed(body)]


def _resource_rules_clear(world, body, query, call_as):
    world.resource_rules.clear()


def _change_set_rules(world, body, query, call_as):
    world.change_set_rules += [rules.check(dict(one), rules.CHANGE_SET_KEYS)
                               for one in _listed(body)]


def _change_set_rules_clear(world, body, query, call_as):
    world.change_set_rules.clear()


def _settings(name):
    def endpoint(world, body, query, call_as):
        place = getattr(world, name)
        unknown = set(body) - set(place)
        if unknown:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(place)}")
        place.update(body)
        return place
    return endpoint


def _types(world, body, query, call_as):
    world.type_facts.update(body)


# ---- what there is ----

def _credentials(world, body, query, call_as):
    for one in _listed(body):
        made = world.add_credential(one["accessKeyId"], one["secretAccessKey"],
                                    one.get("account", "123456789012"), one.get("arn"),
                                    one.get("sessionToken"), one.get("expires"))
        if "expiresIn" in one:
            made.expires = world.clock.wall() + float(one["expiresIn"])


def _credentials_state(world, body, query, call_as):
    return [vars(one) for one in world.credentials.values()]


def _buckets(world, body, query, call_as):
    for one in _listed(body):
        world.buckets[one["name"]] = Bucket(one["name"], one.get("account", "123456789012"),
                                            one.get("region", "eu-west-1"))
        for key, text in one.get("objects", {}).items():
            world.buckets[one["name"]].objects[key] = s3.Object(
                text.encode(), f'"{len(text):032x}"', world.clock.wall())


def _buckets_state(world, body, query, call_as):
    return {bucket.name: {
        "account": bucket.account, "region": bucket.region,
        "uploads": {id_: sorted(one.parts) for id_, one in bucket.uploads.items()},
        "objects": {key: {"size": len(one.data), "etag": one.etag, "headers": one.headers,
                          "sha256": one.sha256} for key, one in sorted(bucket.objects.items())}}
        for bucket in world.buckets.values()}


def _distributions(world, body, query, call_as):
    for one in _listed(body):
        world.distributions[one["id"]] = {
            "account": one.get("account", "123456789012"), "invalidations": {}, "references": {},
            "properties": one.get("properties", {})}


def _distributions_state(world, body, query, call_as):
    return {id_: {"account": one["account"], "invalidations": list(one["invalidations"].values())}
            for id_, one in world.distributions.items()}


def _stacks(world, body, query, call_as):
    return [seed.place(world, _region(world, one), one) for one in _listed(body)]


def _stacks_state(world, body, query, call_as):
    found = []
    for region in world.regions.values():
        for stack in region.stacks.values():
            if query.get("name", stack.name) == stack.name and \
                    query.get("region", region.name) == region.name:
                found.append(seed.told(stack))
    return found


def _events(world, body, query, call_as):
    """Adds events as they are given; what they leave out is left out."""
    stack = stack_named(_region(world, body), body["stack"])
    for wanted in body["events"]:
        event = stack.event(wanted.get("LogicalResourceId"), wanted.get("ResourceType"),
                            wanted.get("PhysicalResourceId"), wanted.get("ResourceStatus", ""))
        event.update(wanted)


def _drift(world, body, query, call_as):
    """Changes a resource behind the stack's back."""
    stack = stack_named(_region(world, body), body["stack"])
    resource = stack.resources[body["id"]]
    resource.gone = bool(body.get("deleted"))
    if "properties" in body:
        resource.actual = {**resource.properties, **body["properties"]}
        for name in [name for name, value in body["properties"].items() if value is None]:
            del resource.actual[name]


def _call(world, body, query, call_as):
    answer = call_as(body)
    world.settle(counts=False)
    return answer


def _later(world, body, query, call_as):
    def life():
        yield float(body["seconds"])
        call_as(body["call"])
    world.scheduler.spawn(life())


# ---- what has happened ----

def _log(world, body, query, call_as):
    return world.log.select(query)


def _log_clear(world, body, query, call_as):
    world.log.entries.clear()


def _calls(world, body, query, call_as):
    return world.log.counts()


def _state(world, body, query, call_as):
    return {"clock": world.clock.state(), "requests": world.log.count,
            "pending": world.scheduler.next_time(), "timing": world.timing,
            "crashes": world.crashes}


ENDPOINTS = {
    ("GET", "state"): _state,
    ("POST", "reset"): _reset,
    ("POST", "clock"): _clock, ("GET", "clock"): lambda world, *_: world.clock.state(),
    ("POST", "advance"): _advance,
    ("POST", "run"): _run,
    ("POST", "cues"): _cues, ("GET", "cues"): _cues_state, ("DELETE", "cues"): _cues_clear,
    ("POST", "resources"): _resource_rules, ("DELETE", "resources"): _resource_rules_clear,
    ("POST", "changesets"): _change_set_rules, ("DELETE", "changesets"): _change_set_rules_clear,
    ("POST", "types"): _types,
    ("POST", "timing"): _settings("timing"), ("GET", "timing"): _settings("timing"),
    ("POST", "limits"): _settings("limits"), ("POST", "identity"): _settings("identity"),
    ("GET", "identity"): _settings("identity"), ("POST", "s3"): _settings("s3"),
    ("POST", "credentials"): _credentials, ("GET", "credentials"): _credentials_state,
    ("POST", "buckets"): _buckets, ("GET", "buckets"): _buckets_state,
    ("POST", "distributions"): _distributions, ("GET", "distributions"): _distributions_state,
    ("POST", "stacks"): _stacks, ("GET", "stacks"): _stacks_state,
    ("POST", "events"): _events,
    ("POST", "drift"): _drift,
    ("POST", "call"): _call, ("POST", "later"): _later,
    ("GET", "log"): _log, ("DELETE", "log"): _log_clear, ("GET", "calls"): _calls,
}
