"""Judges signatures: Signature Version 4 in the Authorization header or in the query.

Written from AWS's page "Create a signed AWS API request", and not from the code under test: the
two have to agree by themselves. `explain` of a refusal keeps the canonical request, which the
request log shows, so that a wrong signature can be understood.
"""

import calendar
import functools
import hashlib
import hmac
import re
import time
import urllib.parse

from wire import AwsError

ALGORITHM = "AWS4-HMAC-SHA256"
UNRESERVED = "-_.~"
_AUTHORIZATION = re.compile(r"^AWS4-HMAC-SHA256\s+(.*)$", re.S)
MISMATCH = ("The request signature we calculated does not match the signature you provided. Check "
            "your AWS Secret Access Key and signing method. Consult the service documentation for "
            "details.")


class Signed:
    """What a request says about its signature."""

    def __init__(self, access_key, scope, headers, signature, stamp, token, expires, query_auth):
        self.access_key = access_key
        self.date, self.region, self.service = scope
        self.headers = headers
        self.signature = signature
        self.stamp = stamp
        self.token = token
        self.expires = expires
        self.query_auth = query_auth


def read(request):
    """The signature of a request, or None when it has none. AwsError when it is malformed."""
    header = request.headers.get("authorization")
    if header is None:
        query = dict(urllib.parse.parse_qsl(request.query, keep_blank_values=True))
        return _from_query(query) if "X-Amz-Signature" in query else None
    found = _AUTHORIZATION.match(header)
    if not found:
        raise AwsError("IncompleteSignature", "Unsupported authorization type", 400)
    fields = {}
    for part in found.group(1).split(","):
        key, _, value = part.strip().partition("=")
        fields[key] = value
    for name in ("Credential", "SignedHeaders", "Signature"):
        if not fields.get(name):
            raise AwsError("IncompleteSignature",
                           f"Authorization header requires '{name}' parameter. "
                           f"Authorization={ALGORITHM}", 400)
    stamp = request.headers.get("x-amz-date", "")
    return Signed(*_scope(fields["Credential"]), fields["SignedHeaders"].split(";"),
                  fields["Signature"], stamp, request.headers.get("x-amz-security-token"), None,
                  False)


def _from_query(query):
    return Signed(*_scope(query.get("X-Amz-Credential", "")),
                  query.get("X-Amz-SignedHeaders", "").split(";"), query["X-Amz-Signature"],
                  query.get("X-Amz-Date", ""), query.get("X-Amz-Security-Token"),
                  int(query.get("X-Amz-Expires", "0") or 0), True)


def _scope(credential):
    parts = credential.split("/")
    if len(parts) < 5 or parts[-1] != "aws4_request":
        raise AwsError("IncompleteSignature",
                       "Credential must have at least 5 slash-delimited elements", 400)
    return "/".join(parts[:-4]), tuple(parts[-4:-1])


@functools.lru_cache(maxsize=1000)
def stamp_seconds(stamp):
    try:
        return calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ"))
    except ValueError:
        raise AwsError("IncompleteSignature", "Date must be in ISO-8601 'basic format'. Got '"
                       + stamp + "'.", 400) from None


def canonical_path(path, service):
    """S3 takes the path encoded once and as it is; all others normalised and encoded twice."""
    if service == "s3":
        return "/".join(urllib.parse.quote(urllib.parse.unquote(part), safe=UNRESERVED)
                        for part in path.split("/"))
    parts = []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    normal = "/" + "/".join(parts)
    if path.endswith("/") and not normal.endswith("/"):
        normal += "/"
    return urllib.parse.quote(normal, safe="/" + UNRESERVED)


def canonical_query(query):
    pairs = []
    for part in query.split("&") if query else []:
        key, _, value = part.partition("=")
        key, value = urllib.parse.unquote(key), urllib.parse.unquote(value)
        if key != "X-Amz-Signature":
            pairs.append((urllib.parse.quote(key, safe=UNRESERVED),
                          urllib.parse.quote(value, safe=UNRESERVED)))
    return "&".join(f"{key}={value}" for key, value in sorted(pairs))


def canonical_request(method, path, query, headers, signed, payload_hash, service):
    """The text that is hashed into the string to sign; `headers` as received."""
    lines = [method, canonical_path(path, service), canonical_query(query)]
    for name in signed:
        lines.append(name + ":" + re.sub(r"\s+", " ", headers.get(name, "").strip()))
    lines += ["", ";".join(signed), payload_hash]
    return "\n".join(lines)


def string_to_sign(stamp, scope, canonical):
    return "\n".join((ALGORITHM, stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()))


@functools.lru_cache(maxsize=1000)
def signing_key(secret, date, region, service):
    key = ("AWS4" + secret).encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def signature(secret, stamp, date, region, service, canonical):
    scope = f"{date}/{region}/{service}/aws4_request"
    key = signing_key(secret, date, region, service)
    return hmac.digest(key, string_to_sign(stamp, scope, canonical).encode(), "sha256").hex()


def payload_hash(request, signed):
    """The hash that the request signs. S3 says which in a header, which has to be true."""
    told = request.headers.get("x-amz-content-sha256")
    if signed.query_auth:
        return told or "UNSIGNED-PAYLOAD"
    if signed.service != "s3":
        return hashlib.sha256(request.body).hexdigest()
    if told is None:
        raise AwsError("InvalidRequest", "Missing required header for this request: "
                       "x-amz-content-sha256", 400)
    if told == "UNSIGNED-PAYLOAD" or told == "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
        return told
    if told != hashlib.sha256(request.body).hexdigest():
        raise AwsError("XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header "
                       "does not match what was computed.", 400)
    return told


def _must_be_signed(request):
    names = {"host"}
    for name in request.headers:
        if name.startswith("x-amz-"):
            names.add(name)
    return names


def verify(request, signed, secret, wall):
    """Raises the AwsError that the service would answer. `wall` is the service's time."""
    s3 = signed.service == "s3"
    _check_time(signed, wall, s3)
    if signed.stamp[:8] != signed.date:
        raise AwsError("SignatureDoesNotMatch", "Date in Credential scope does not match YYYYMMDD "
                       "from ISO-8601 version of date from HTTP: '" + signed.date + "' != '"
                       + signed.stamp[:8] + "', from '" + signed.stamp + "'.", 403)
    if signed.headers != sorted(signed.headers):
        raise AwsError("SignatureDoesNotMatch", "'SignedHeaders' must be sorted.", 403)
    missing = set() if signed.query_auth else _must_be_signed(request) - set(signed.headers)
    if missing:
        name = sorted(missing)[0]
        if s3:
            raise AwsError("AccessDenied", "There were headers present in the request which were "
                           "not signed", 403, {"HeadersNotSigned": name})
        raise AwsError("SignatureDoesNotMatch", f"'{name}' must be a 'SignedHeader' in the AWS "
                       "Authorization.", 403)
    absent = [name for name in signed.headers if name not in request.headers]
    if absent:
        raise AwsError("SignatureDoesNotMatch", MISMATCH + " Signed but not sent: "
                       + ", ".join(absent), 403)
    canonical = canonical_request(request.method, request.path, request.query, request.headers,
                                  signed.headers, payload_hash(request, signed), signed.service)
    wanted = signature(secret, signed.stamp, signed.date, signed.region, signed.service, canonical)
    if not hmac.compare_digest(wanted, signed.signature):
        error = AwsError("SignatureDoesNotMatch", MISMATCH, 403)
        error.explain = canonical
        raise error


def _check_time(signed, wall, s3):
    at = stamp_seconds(signed.stamp)
    show = lambda seconds: time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))
    if signed.expires is not None:
        if wall > at + signed.expires:
            raise AwsError("AccessDenied", "Request has expired", 403)
        return
    limit = 15 * 60 if s3 else 5 * 60
    if abs(wall - at) <= limit:
        return
    if s3:
        raise AwsError("RequestTimeTooSkewed", "The difference between the request time and the "
                       "current time is too large.", 403, {"RequestTime": signed.stamp,
                       "ServerTime": show(wall), "MaxAllowedSkewMilliseconds": "900000"})
    if at < wall:
        raise AwsError("SignatureDoesNotMatch", f"Signature expired: {signed.stamp} is now earlier "
                       f"than {show(wall - limit)} ({show(wall)} - 5 min.)", 403)
    raise AwsError("SignatureDoesNotMatch", f"Signature not yet current: {signed.stamp} is still "
                   f"later than {show(wall + limit)} ({show(wall)} + 5 min.)", 403)
