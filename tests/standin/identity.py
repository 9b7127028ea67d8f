"""Where credentials come from without a signature: the SSO portal and its OIDC, the container
endpoint and the instance's metadata. Paths are AWS's own; the container's is /container/NAME."""

import json
import re
import urllib.parse

from wire import AwsError, Reply, iso_seconds, json_reply

ROLE = "standin-instance-role"


def service_of(request):
    """The service and action that an unsigned request means, or None."""
    path, method = request.path, request.method
    if path == "/federation/credentials":
        return "sso", "GetRoleCredentials"
    if path == "/token" and method == "POST":
        return "oidc", "CreateToken"
    if path.startswith("/container/"):
        return "container", "GetCredentials"
    if path == "/latest/api/token":
        return "imds", "PutToken"
    if path.startswith("/latest/"):
        return "imds", "Get"
    return None


def call(world, request):
    return {"sso": _sso, "oidc": _oidc, "container": _container, "imds": _imds}[request.service](
        world, request)


def _sso(world, request):
    query = dict(urllib.parse.parse_qsl(request.query))
    if request.headers.get("x-amz-sso_bearer_token") != world.identity["ssoToken"]:
        raise AwsError("UnauthorizedException", "Session token not found or invalid", 401)
    account, role = query.get("account_id", ""), query.get("role_name", "")
    if not re.fullmatch(r"\d{12}", account) or not role:
        raise AwsError("InvalidRequestException", "account_id and role_name are required", 400)
    if role.startswith("No"):
        raise AwsError("ForbiddenException", "No access", 403)
    arn = f"arn:aws:sts::{account}:assumed-role/AWSReservedSSO_{role}_0123456789abcdef/person"
    session = world.new_session(account, arn)
    return json_reply({"roleCredentials": {
        "accessKeyId": session.access_key, "secretAccessKey": session.secret,
        "sessionToken": session.token, "expiration": int(session.expires * 1000)}})


def _oidc(world, request):
    try:
        wanted = json.loads(request.body)
    except ValueError:
        raise AwsError("InvalidRequestException", "not JSON", 400) from None
    if wanted.get("grantType") != "refresh_token" or \
            wanted.get("refreshToken") != world.identity["ssoRefreshToken"]:
        raise AwsError("InvalidGrantException", "Invalid grant", 400)
    world.identity["ssoToken"] = "sso-token-" + world.letters(12)
    world.identity["ssoRefreshToken"] = "sso-refresh-" + world.letters(12)
    return json_reply({"accessToken": world.identity["ssoToken"], "tokenType": "Bearer",
                       "expiresIn": 3600, "refreshToken": world.identity["ssoRefreshToken"]})


def _document(world, arn, **more):
    session = world.new_session("123456789012", arn)
    return json_reply({**more, "AccessKeyId": session.access_key,
                       "SecretAccessKey": session.secret, "Token": session.token,
                       "Expiration": iso_seconds(session.expires)})


def _container(world, request):
    wanted = world.identity["containerToken"]
    if wanted is not None and request.headers.get("authorization") != wanted:
        return Reply(403, b'{"code":"AccessDenied","message":"wrong token"}', "application/json")
    return _document(world, "arn:aws:sts::123456789012:assumed-role/task/standin", RoleArn="")


def _imds(world, request):
    mode = world.identity["imds"]
    if mode == "absent":
        return Reply(404, b"", "text/plain")
    if request.action == "PutToken":
        if mode == "v1":
            return Reply(403, b"", "text/plain")
        if request.method != "PUT" or "x-aws-ec2-metadata-token-ttl-seconds" not in request.headers:
            return Reply(400, b"", "text/plain")
        return Reply(200, world.identity["imdsToken"].encode(), "text/plain")
    if mode == "v2" and \
            request.headers.get("x-aws-ec2-metadata-token") != world.identity["imdsToken"]:
        return Reply(401, b"", "text/plain")
    base = "/latest/meta-data/iam/security-credentials/"
    if request.path == base:
        return Reply(200, ROLE.encode(), "text/plain")
    if request.path == base + ROLE:
        return _document(world, f"arn:aws:sts::123456789012:assumed-role/{ROLE}/i-0123456789",
                         Code="Success", Type="AWS-HMAC")
    if request.path == "/latest/meta-data/placement/region":
        return Reply(200, b"eu-west-1", "text/plain")
    return Reply(404, b"", "text/plain")
