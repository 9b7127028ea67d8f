"""STS: who a caller is, and the roles it may take."""

import re

from wire import AwsError, iso_seconds

NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
_ROLE = re.compile(r"^arn:aws[a-z-]*:iam::(\d{12}):role/(?:.*/)?([\w+=,.@-]+)$")
_SESSION_NAME = re.compile(r"^[\w+=,.@-]{2,64}$")


def call(world, request):
    """The result of the action as a dict; AwsError."""
    action = ACTIONS.get(request.action)
    if action is None:
        raise AwsError("InvalidAction", f"Could not find operation {request.action} for version "
                       "2011-06-15", 400)
    return action(world, request)


def _get_caller_identity(world, request):
    credential = world.credentials[request.access_key]
    return {"Arn": credential.arn, "UserId": credential.user_id, "Account": credential.account}


def _role(params):
    found = _ROLE.match(params.get("RoleArn", ""))
    if not found:
        raise AwsError("ValidationError", f"{params.get('RoleArn', '')} is invalid", 400)
    if not _SESSION_NAME.match(params.get("RoleSessionName", "")):
        raise AwsError("ValidationError", "1 validation error detected: Value at 'roleSessionName' "
                       "failed to satisfy constraint: Member must satisfy regular expression "
                       "pattern: [\\w+=,.@-]*", 400)
    seconds = params.get("DurationSeconds")
    if seconds is not None and not 900 <= int(seconds) <= 43200:
        raise AwsError("ValidationError", "The requested DurationSeconds exceeds the "
                       "MaxSessionDuration set for this role.", 400)
    return found.group(1), found.group(2), seconds


def _session(world, params):
    account, role, seconds = _role(params)
    name = params["RoleSessionName"]
    arn = f"arn:aws:sts::{account}:assumed-role/{role}/{name}"
    return world.new_session(account, arn, float(seconds) if seconds else None), arn, name


def _credentials(session):
    return {"AccessKeyId": session.access_key, "SecretAccessKey": session.secret,
            "SessionToken": session.token, "Expiration": iso_seconds(session.expires)}


def _assume_role(world, request):
    params = request.params
    denied = AwsError("AccessDenied", "User: " + world.credentials[request.access_key].arn
                      + " is not authorized to perform: sts:AssumeRole on resource: "
                      + params.get("RoleArn", ""), 403)
    wanted = world.identity
    if wanted["externalId"] not in (None, params.get("ExternalId")):
        raise denied
    if wanted["mfaCode"] is not None and params.get("TokenCode") != wanted["mfaCode"]:
        raise AwsError("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time "
                       "pass code.", 403) if "TokenCode" in params else denied
    session, arn, name = _session(world, params)
    return {"AssumedRoleUser": {"AssumedRoleId": "AROASTANDIN:" + name, "Arn": arn},
            "Credentials": _credentials(session)}


def _assume_role_with_web_identity(world, request):
    token = request.params.get("WebIdentityToken", "")
    if not token or token.startswith("invalid"):
        raise AwsError("InvalidIdentityToken", "The ID Token provided is not a valid JWT.", 400)
    if token.startswith("expired"):
        raise AwsError("ExpiredTokenException", "Token expired", 400)
    session, arn, name = _session(world, request.params)
    return {"SubjectFromWebIdentityToken": "subject", "Audience": "sts.amazonaws.com",
            "AssumedRoleUser": {"AssumedRoleId": "AROASTANDIN:" + name, "Arn": arn},
            "Credentials": _credentials(session), "Provider": "token.example.com"}


ACTIONS = {"GetCallerIdentity": _get_caller_identity, "AssumeRole": _assume_role,
           "AssumeRoleWithWebIdentity": _assume_role_with_web_identity}
