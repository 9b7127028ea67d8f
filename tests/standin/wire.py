"""What goes over the wire: requests, replies, XML, forms and the bodies of errors."""

import datetime
import json
import urllib.parse
from dataclasses import dataclass, field


class AwsError(Exception):
    """An answer of a service that is an error. `extra` are elements beside Code and Message."""

    def __init__(self, code, message, status=400, extra=None):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.extra = extra or {}


@dataclass
class Request:
    """An HTTP request; `headers` have lower-case names, `query` is undecoded."""

    method: str
    target: str
    headers: dict
    body: bytes
    path: str = ""
    query: str = ""
    service: str = ""
    action: str = ""
    region: str = ""
    account: str = ""
    access_key: str = ""
    params: dict = field(default_factory=dict)


@dataclass
class Reply:
    """An HTTP reply, and what a fault does to it on its way (`transport.py` reads these)."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/xml"
    headers: dict = field(default_factory=dict)
    head: bool = False              # answers HEAD: the length is told, the body not sent
    length: int | None = None       # a Content-Length that is not true
    date_offset: float = 0.0        # seconds by which Date is wrong
    no_date: bool = False
    delay: float = 0.0              # seconds before the first byte
    trickle: tuple | None = None    # (bytes, seconds): so much at a time
    cut: int | None = None          # close after so many bytes of the body
    reset: str = ""                 # "before": nothing is sent; "mid": half of the body, then RST
    chunked: bool = False
    close: bool = False


def iso(seconds):
    """A time stamp as CloudFormation writes it, with milliseconds."""
    at = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def iso_seconds(seconds):
    at = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Time(float):
    """A float that is written as a time stamp."""


_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#xA;",
                          "\r": "&#xD;"})


def xml(name, value):
    """An element. Lists hold `member` elements, dicts other elements, None is left out. A list
    of pairs (name, value) is a dict in which names repeat."""
    parts = []
    _xml_into(parts, name, value)
    return "".join(parts)


def _xml_into(parts, name, value):
    if value is None:
        return
    parts.append(f"<{name}>")
    _content(parts, value)
    parts.append(f"</{name.split(' ')[0]}>")


def _content(parts, value):
    if isinstance(value, str):
        parts.append(value.translate(_ESCAPES))
    elif isinstance(value, Kept):
        parts.append(value.text())
    elif isinstance(value, dict):
        for key, item in value.items():
            _xml_into(parts, key, item)
    elif isinstance(value, Pairs):
        for key, item in value:
            _xml_into(parts, key, item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _xml_into(parts, "member", item)
    elif isinstance(value, bool):
        parts.append("true" if value else "false")
    elif isinstance(value, Time):
        parts.append(iso(value))
    else:
        parts.append(str(value).translate(_ESCAPES))


class Kept(dict):
    """Elements that do not change once they were written: pages of events are asked for again and
    again."""

    _text = None

    def text(self):
        if self._text is None:
            parts = []
            _content(parts, dict(self))
            self._text = "".join(parts)
        return self._text


class Pairs(list):
    """Elements whose names repeat, as S3 and CloudFront have them."""


def parse_form(text):
    """Fields of a form or query, decoded; a later one of the same name wins."""
    return dict(urllib.parse.parse_qsl(text, keep_blank_values=True))


def members(params, name):
    """The list `Name.member.N`: texts, or dicts of their fields, nested the same way. None when
    the list is absent, [] when it was sent empty."""
    prefix = name + ".member."
    items = {}
    for key, value in params.items():
        if key.startswith(prefix):
            number, _, rest = key[len(prefix):].partition(".")
            if not number.isdigit():
                raise AwsError("MalformedQueryString", f"Key {key} is not a list")
            if rest:
                items.setdefault(int(number), {})[rest] = value
            else:
                items[int(number)] = value
    if not items:
        return [] if name in params else None
    if sorted(items) != list(range(1, len(items) + 1)):
        raise AwsError("MalformedInput", f"List {name} has gaps")
    return [items[number] for number in sorted(items)]


def entries(params, name):
    """The map `Name.entry.N.key` and `.value`."""
    found = {}
    number = 1
    while f"{name}.entry.{number}.key" in params:
        found[params[f"{name}.entry.{number}.key"]] = params.get(f"{name}.entry.{number}.value", "")
        number += 1
    return found


def query_reply(action, namespace, result, request_id):
    """The answer of a query-protocol service; `result` None has no result element."""
    inner = "" if result is None else xml(action + "Result", result)
    body = (f'<{action}Response xmlns="{namespace}">{inner}<ResponseMetadata>'
            f"<RequestId>{request_id}</RequestId></ResponseMetadata></{action}Response>")
    return Reply(body=body.encode(), headers={"x-amzn-RequestId": request_id})


def error_reply(error, request_id, form="query"):
    """An error in the form of a family of services: "query", "s3", "json", or "response", the old
    form with Errors and RequestID."""
    code, message = error.code, error.message
    headers = {"x-amzn-RequestId": request_id}
    kind = "Receiver" if error.status >= 500 else "Sender"
    if form == "json":
        headers["x-amzn-ErrorType"] = code
        body = json.dumps({"__type": code, "message": message, **error.extra})
        return Reply(error.status, body.encode(), "application/json", headers)
    if form == "s3":
        headers = {"x-amz-request-id": request_id, "x-amz-id-2": "host-" + request_id}
        body = ('<?xml version="1.0" encoding="UTF-8"?>\n'
                + xml("Error", {"Code": code, "Message": message, **error.extra,
                                "RequestId": request_id, "HostId": "host-" + request_id}))
        return Reply(error.status, body.encode(), "application/xml", headers)
    if form == "response":
        body = ('<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors>'
                + xml("Error", {"Code": code, "Message": message})
                + f"</Errors><RequestID>{request_id}</RequestID></Response>")
    else:
        body = ('<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">'
                + xml("Error", {"Type": kind, "Code": code, "Message": message})
                + f"<RequestId>{request_id}</RequestId></ErrorResponse>")
    return Reply(error.status, body.encode(), "text/xml", headers)


def json_reply(value, status=200):
    return Reply(status, json.dumps(value, default=str).encode(), "application/json")
