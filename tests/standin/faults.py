"""Cues: what goes wrong, at which call, and how often. README.md lists them for users.

A cue has two sides: what it matches (`Cue.matches`) and what it does, before the service sees the
request (`before`) or to the finished reply (`after`).
"""

import base64
import fnmatch
import gzip
import re

from wire import AwsError, Reply

DENIED = "User: {arn} is not authorized to perform: {service}:{action}"
ENTITY_BOMB = ('<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
               + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">'
                         for n in range(9)) + "]><r>&j;</r>")
EXTERNAL_ENTITY = ('<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
                   "<r>&x;</r>")
MATCH_KEYS = ("service", "action", "region", "account", "stack", "accessKey", "path", "params",
              "after", "times", "fault")


class Cue:
    """One cue, and how often it has been met."""

    def __init__(self, settings):
        self.settings = settings
        self.fault = settings.get("fault")
        if self.fault not in FAULTS:
            raise ValueError(f"unknown fault {self.fault!r}; known: " + ", ".join(sorted(FAULTS)))
        allowed = set(MATCH_KEYS) | set(FAULTS[self.fault])
        unknown = set(settings) - allowed
        if unknown:
            raise ValueError(f"fault {self.fault} takes no {', '.join(sorted(unknown))}")
        self.skip = int(settings.get("after", 0))
        self.left = int(settings.get("times", 1)) or None
        self.met = 0
        self.played = 0

    def matches(self, request):
        wanted = self.settings
        stack = request.params.get("StackName") or request.params.get("ChangeSetName", "")
        for key, value in (("service", request.service), ("action", request.action),
                           ("region", request.region), ("account", request.account),
                           ("stack", stack_of(stack)), ("accessKey", request.access_key),
                           ("path", request.path)):
            if key in wanted and not fnmatch.fnmatchcase(value, wanted[key]):
                return False
        return all(fnmatch.fnmatchcase(request.params.get(key, ""), value)
                   for key, value in wanted.get("params", {}).items())

    def state(self):
        return {**self.settings, "met": self.met, "played": self.played,
                "left": "for ever" if self.left is None else self.left}


def stack_of(name):
    """The name within a stack's ARN; anything else as it is."""
    found = re.match(r"arn:[^:]*:cloudformation:[^:]*:[^:]*:stack/([^/]+)/", name)
    return found.group(1) if found else name


class Cues:
    """All cues, in the order they were given. The first that matches and is due plays; a foreign
    operation and a fault may play at the same call."""

    def __init__(self):
        self.cues = []

    def add(self, settings):
        self.cues.append(Cue(settings))

    def due(self, request):
        playing = []
        taken = False
        for cue in self.cues:
            if cue.left == 0 or not cue.matches(request):
                continue
            cue.met += 1
            if cue.met <= cue.skip or (taken and cue.fault != "foreign"):
                continue
            taken = taken or cue.fault != "foreign"
            cue.played += 1
            if cue.left is not None:
                cue.left -= 1
            playing.append(cue)
        return playing


# What a cue may say beside what it matches, by fault.
FAULTS = {
    "throttle": ("status", "retryAfter"),
    "error": ("status", "code", "message", "form", "headers"),
    "deny": ("message",),
    "empty": ("status",),
    "html": ("status", "doctype"),
    "text": ("status", "body"),
    "resetBefore": (), "resetAfter": (), "resetMid": (),
    "closeAfter": (), "closeIdle": (),
    "truncate": ("bytes",),
    "trickle": ("bytes", "interval"),
    "slow": ("seconds",),
    "hang": ("seconds",),
    "length": ("delta",),
    "date": ("offset", "absent"),
    "chunked": (), "gzip": (),
    "expired": ("code", "status", "forever"),
    "skewed": ("offset", "code"),
    "stale": ("seconds",),
    "page": ("size", "emptyFirst"),
    "repeatToken": (),
    "badToken": (),
    "duplicate": (), "shuffle": (), "sameTime": (),
    "body": ("status", "contentType", "text", "base64", "headers"),
    "replace": ("what", "with", "count"),
    "drop": ("element",),
    "entityBomb": (), "externalEntity": (), "doctype": (), "bom": (), "wrongRoot": (),
    "badUtf8": (), "cdata": (), "cutXml": (),
    "huge": ("size", "element"), "deep": ("depth",),
    "control": ("element",),
    "unknownElements": (),
    "unknownStatus": ("status",),
    "okError": ("code", "message"),
    "noRequestId": (),
    "foreign": ("call", "when"),
}

# These answer without asking the service.
_INSTEAD = ("throttle", "error", "deny", "empty", "html", "text", "resetBefore", "body",
            "skewed", "okError", "badToken", "hang")


def before(cue, request, make_error):
    """The reply of a cue that keeps the request from the service, else None. `make_error` words
    an AwsError as the request's service does."""
    if cue.fault not in _INSTEAD:
        return None
    return globals()["_before_" + cue.fault](cue.settings, request, make_error)


def _before_throttle(settings, request, make_error):
    status = int(settings.get("status", 400))
    if status == 429:
        error = AwsError("TooManyRequestsException", "Too Many Requests", 429)
    elif status == 503:
        error = AwsError("SlowDown", "Please reduce your request rate.", 503)
    else:
        error = AwsError("Throttling", "Rate exceeded", status)
    reply = make_error(error)
    if "retryAfter" in settings:
        reply.headers["x-amz-retry-after"] = str(settings["retryAfter"])
    return reply


def _before_error(settings, request, make_error):
    error = AwsError(settings.get("code", "InternalFailure"),
                     settings.get("message", "An internal error occurred."),
                     int(settings.get("status", 500)))
    reply = make_error(error, settings.get("form"))
    reply.headers.update(settings.get("headers", {}))
    return reply


def _before_deny(settings, request, make_error):
    arn = f"arn:aws:iam::{request.account or '123456789012'}:user/deployer"
    text = DENIED.format(arn=arn, service=request.service, action=request.action)
    code = "AccessDenied"
    return make_error(AwsError(code, settings.get("message", text), 403))


def _before_empty(settings, request, make_error):
    return Reply(int(settings.get("status", 503)), b"", "")


def _before_html(settings, request, make_error):
    status = int(settings.get("status", 502))
    start = "<!doctype html>\n<html>" if settings.get("doctype", True) else "<html>"
    page = f"{start}<head><title>{status}</title></head><body><h1>{status}</h1></body></html>"
    return Reply(status, page.encode(), "text/html")


def _before_text(settings, request, make_error):
    return Reply(int(settings.get("status", 504)),
                 settings.get("body", "upstream request timeout").encode(), "text/plain")


def _before_resetBefore(settings, request, make_error):
    return Reply(reset="before")


def _before_hang(settings, request, make_error):
    """Nothing happens for `seconds`, then the connection ends."""
    return Reply(reset="before", delay=float(settings.get("seconds", 60)))


def _before_body(settings, request, make_error):
    body = (base64.b64decode(settings["base64"]) if "base64" in settings
            else settings.get("text", "").encode())
    return Reply(int(settings.get("status", 200)), body, settings.get("contentType", "text/xml"),
                 dict(settings.get("headers", {})))


def _before_skewed(settings, request, make_error):
    """Refuses the signature as if the service's clock were `offset` seconds ahead, and tells that
    time in Date."""
    offset = float(settings.get("offset", 600))
    code = settings.get("code", "SignatureDoesNotMatch")
    word = "Signature expired" if offset > 0 else "Signature not yet current"
    text = f"{word}: {request.headers.get('x-amz-date', '?')} differs too much from this clock."
    reply = make_error(AwsError(code, text, 403))
    reply.date_offset = offset
    return reply


def _before_okError(settings, request, make_error):
    """A 200 whose body is an error, as CompleteMultipartUpload and CopyObject can answer."""
    reply = make_error(AwsError(settings.get("code", "InternalError"),
                                settings.get("message", "We encountered an internal error. Please "
                                             "try again."), 500))
    reply.status = 200
    return reply


def _before_badToken(settings, request, make_error):
    return make_error(AwsError("ValidationError", "Invalid NextToken", 400))


def after(cue, reply):
    """Does to a finished reply what the cue says."""
    change = globals().get("_after_" + cue.fault)
    if change:
        change(cue.settings, reply)
    return reply


def _after_resetAfter(settings, reply):
    reply.reset = "before"


def _after_resetMid(settings, reply):
    reply.reset = "mid"


def _after_closeAfter(settings, reply):
    """An answer that is right, and the connection closed without saying so."""
    reply.cut = len(reply.body)


def _after_closeIdle(settings, reply):
    reply.close = True


def _after_truncate(settings, reply):
    reply.cut = int(settings.get("bytes", len(reply.body) // 2))


def _after_trickle(settings, reply):
    reply.trickle = (int(settings.get("bytes", 1)), float(settings.get("interval", 1)))


def _after_slow(settings, reply):
    reply.delay = float(settings.get("seconds", 1))


def _after_length(settings, reply):
    reply.length = max(0, len(reply.body) + int(settings.get("delta", 10)))


def _after_date(settings, reply):
    reply.no_date = bool(settings.get("absent"))
    reply.date_offset = float(settings.get("offset", 600))


def _after_chunked(settings, reply):
    reply.chunked = True


def _after_gzip(settings, reply):
    reply.body = gzip.compress(reply.body)
    reply.headers["Content-Encoding"] = "gzip"


def _after_replace(settings, reply):
    reply.body = reply.body.replace(settings["what"].encode(), settings["with"].encode(),
                                    int(settings.get("count", -1)))


def _after_drop(settings, reply):
    """Leaves out every element of a name, with what is in it."""
    name = re.escape(settings["element"].encode())
    reply.body = re.sub(rb"<" + name + rb">.*?</" + name + rb">", b"", reply.body, flags=re.S)


def _after_entityBomb(settings, reply):
    reply.body = ENTITY_BOMB.encode()


def _after_externalEntity(settings, reply):
    reply.body = EXTERNAL_ENTITY.encode()


def _after_doctype(settings, reply):
    reply.body = b'<?xml version="1.0"?><!DOCTYPE html>' + _without_declaration(reply.body)


def _without_declaration(body):
    return re.sub(rb"^<\?xml[^>]*\?>\s*", b"", body)


def _after_bom(settings, reply):
    reply.body = b"\xef\xbb\xbf" + reply.body


def _after_wrongRoot(settings, reply):
    reply.body = b"<Surprise><Result>1</Result></Surprise>"


def _after_badUtf8(settings, reply):
    reply.body = re.sub(rb">(\w)", b">\xff\xc3\x28\\1", reply.body, count=1)


def _after_cdata(settings, reply):
    """All texts as CDATA and numeric references, which mean the same."""
    def one(found):
        text = found.group(1)
        return b">&#" + str(text[0]).encode() + b";<![CDATA[" + text[1:] + b"]]><"
    reply.body = re.sub(rb">([!-%'-;=?-~][ -%'-;=?-~]*)<", one, reply.body)


def _after_cutXml(settings, reply):
    """Half a document in a reply whose length is right."""
    reply.body = reply.body[:len(reply.body) // 2]


def _insert(reply, text, element=None):
    """Puts text into the result: at the start of the first element of that name, or before the
    end of the root."""
    if element:
        reply.body = reply.body.replace(b"<" + element.encode() + b">",
                                        b"<" + element.encode() + b">" + text, 1)
        return
    at = reply.body.rfind(b"</")
    reply.body = reply.body[:at] + text + reply.body[at:]


def _after_huge(settings, reply):
    size = int(settings.get("size", 50 * 1024 * 1024))
    filler = b"x" * size
    if "element" in settings:
        _insert(reply, filler, settings["element"])
    else:
        _insert(reply, b"<Filler>" + filler + b"</Filler>")


def _after_deep(settings, reply):
    depth = int(settings.get("depth", 100000))
    _insert(reply, b"<d>" * depth + b"</d>" * depth)


def _after_control(settings, reply):
    """Escape sequences as XML 1.1 would write them, and C1 controls that XML 1.0 allows."""
    text = "\u009b31m\u202e\u0085 &#x9b;2J"
    _insert(reply, text.encode(), settings.get("element", "ResourceStatusReason"))


def _after_unknownElements(settings, reply):
    reply.body = re.sub(rb"<member>", b"<member><Novelty><member>1</member></Novelty>", reply.body)
    _insert(reply, b"<Novelty Kind=\"new\"/>")


def _after_unknownStatus(settings, reply):
    status = settings.get("status", "REIMAGINE_IN_PROGRESS").encode()
    reply.body = re.sub(rb"<StackStatus>\w+<", b"<StackStatus>" + status + b"<", reply.body)


def _after_noRequestId(settings, reply):
    reply.body = re.sub(rb"<RequestId>[^<]*</RequestId>", b"", reply.body)
    for name in ("x-amzn-RequestId", "x-amz-request-id"):
        reply.headers.pop(name, None)


def settings_of(cues):
    """What faults mean that only the service can do: settings that it reads."""
    settings = {}
    for cue in cues:
        if cue.fault == "stale":
            settings["stale"] = float(cue.settings.get("seconds", 0.001))
        elif cue.fault == "page":
            settings["page"] = int(cue.settings.get("size", 1))
            settings["empty_first"] = bool(cue.settings.get("emptyFirst"))
        elif cue.fault == "repeatToken":
            settings["repeat_token"] = True
        elif cue.fault in ("duplicate", "shuffle", "sameTime"):
            settings[cue.fault] = True
    return settings
