"""From a request to a reply: which service is meant, whether it may, what goes wrong, the log."""

import traceback

import cloudfront
import control
import faults
import identity
import s3
import sigv4
import sts
from cloudformation import api as cloudformation
from wire import AwsError, Reply, error_reply, parse_form, query_reply

UNSIGNED = ("AssumeRoleWithWebIdentity",)
_ERROR_FORMS = {"s3": "s3", "sso": "json", "oidc": "json", "container": "json", "imds": "json"}


class App:
    def __init__(self, world):
        self.world = world

    def wall(self):
        return self.world.clock.wall()

    def handle(self, request):
        if request.path.startswith("/_standin/"):
            with self.world.lock:
                return control.handle(self.world, request, self.call_as)
        with self.world.lock:
            try:
                return self._handle(request)
            except Exception:  # a mistake of the stand-in: tests must see it, and not hang
                self.world.crashes.append(traceback.format_exc())
                traceback.print_exc()
                return Reply(500, traceback.format_exc().encode(), "text/plain",
                             {"X-Standin-Crash": "1"})

    def _handle(self, request):
        world = self.world
        request_id = world.uuid()
        error = None
        playing = []

        def make_error(problem, form=None):
            return error_reply(problem, request_id,
                               form or _ERROR_FORMS.get(request.service, "query"))

        try:
            signed = self._identify(request)
            playing = world.cues.due(request)
            for cue in playing:
                self._foreign(cue, "before")
            reply = self._instead(playing, request, make_error)
            if reply is None:
                world.settle()
                self._authorize(request, signed)
                reply = self._dispatch(request, request_id,
                                       faults.settings_of(playing))
        except AwsError as problem:
            error = problem
            reply = make_error(problem)
            reply.headers.update(getattr(problem, "headers", {}))
        if request.method == "HEAD":
            reply.head = True
        for cue in playing:
            faults.after(cue, reply)
            self._foreign(cue, "after")
        world.log.add(request, reply, world.clock.wall(), [cue.fault for cue in playing], error)
        return reply

    def _identify(self, request):
        """Fills service, action, region, account, params. Returns the signature, or None."""
        signed = sigv4.read(request)
        if signed is None:
            found = identity.service_of(request)
            if found:
                request.service, request.action = found
                return None
            request.params = self._form(request)
            request.action = request.params.get("Action", "")
            request.service = "sts" if request.action in sts.ACTIONS else "cloudformation"
            if request.action not in UNSIGNED:
                raise AwsError("MissingAuthenticationToken",
                               "Request is missing Authentication Token", 403)
            return None
        request.service, request.region = signed.service, signed.region
        request.access_key = signed.access_key
        credential = self.world.credentials.get(signed.access_key)
        request.account = credential.account if credential else ""
        if request.service == "s3":
            s3.identify(request)
        elif request.service == "cloudfront":
            cloudfront.identify(request)
        else:
            request.params = self._form(request)
            request.action = request.params.get("Action", "")
        return signed

    def _form(self, request):
        text = request.query
        if request.method == "POST":
            text = request.body.decode("utf-8", "replace")
        return parse_form(text)

    def _instead(self, playing, request, make_error):
        for cue in playing:
            if cue.fault == "expired" and request.access_key in self.world.credentials:
                self.world.credentials[request.access_key].expired = \
                    cue.settings.get("forever", True)
                code = cue.settings.get("code", "ExpiredToken")
                return make_error(AwsError(code, "The security token included in the request is "
                                           "expired", int(cue.settings.get("status", 403))))
            reply = faults.before(cue, request, make_error)
            if reply is not None:
                return reply
        return None

    def _authorize(self, request, signed):
        if signed is None:
            return
        credential = self.world.credentials.get(signed.access_key)
        s3_style = signed.service == "s3"
        if credential is None or (credential.token is not None and not signed.token) or \
                (signed.token and signed.token != credential.token):
            if s3_style and credential is None:
                raise AwsError("InvalidAccessKeyId", "The AWS Access Key Id you provided does not "
                               "exist in our records.", 403, {"AWSAccessKeyId": signed.access_key})
            if s3_style:
                raise AwsError("InvalidToken", "The provided token is malformed or otherwise "
                               "invalid.", 400)
            raise AwsError("InvalidClientTokenId", "The security token included in the request is "
                           "invalid.", 403)
        if signed.service == "cloudfront" and signed.region not in ("us-east-1",
                                                                    "cn-northwest-1"):
            raise AwsError("SignatureDoesNotMatch", "Credential should be scoped to a valid "
                           f"region, not '{signed.region}'. ", 403)
        sigv4.verify(request, signed, credential.secret, self.world.clock.wall())
        if credential.expired or (credential.expires is not None
                                  and credential.expires <= self.world.clock.wall()):
            if s3_style:
                raise AwsError("ExpiredToken", "The provided token has expired.", 400)
            raise AwsError("ExpiredToken", "The security token included in the request is expired",
                           403)

    def _dispatch(self, request, request_id, settings):
        world = self.world
        if request.service in ("cloudformation", "sts"):
            self._check_version(request)
        if request.service == "cloudformation":
            region = world.region(request.account, request.region)
            result = cloudformation.call(world, region, request.action, request.params, settings)
            return query_reply(request.action, cloudformation.NAMESPACE, result, request_id)
        if request.service == "sts":
            return query_reply(request.action, sts.NAMESPACE, sts.call(world, request), request_id)
        if request.service == "s3":
            return s3.call(world, request, request_id, settings)
        if request.service == "cloudfront":
            return cloudfront.call(world, request, request_id)
        if request.service in ("sso", "oidc", "container", "imds"):
            return identity.call(world, request)
        raise AwsError("UnknownService", f"no service {request.service} here", 404)

    @staticmethod
    def _check_version(request):
        wanted = {"cloudformation": "2010-05-15", "sts": "2011-06-15"}[request.service]
        version = request.params.get("Version", "NO_VERSION_SPECIFIED")
        if version != wanted:
            raise AwsError("InvalidAction", f"Could not find operation {request.action} for "
                           f"version {version}", 400)

    def _foreign(self, cue, when):
        """What another client does just before, or just after, the call that the cue matches."""
        if cue.fault == "foreign" and cue.settings.get("when", "before") == when:
            self.call_as(cue.settings["call"])

    def call_as(self, wanted):
        """Does a call of another client: {action, params, region, account}. The result, or
        {error, message}."""
        region = self.world.region(wanted.get("account", "123456789012"),
                                   wanted.get("region", "eu-west-1"))
        self.world.settle(counts=False)
        try:
            return cloudformation.call(self.world, region, wanted["action"],
                                       dict(wanted.get("params", {})), {}) or {}
        except AwsError as problem:
            return {"error": problem.code, "message": problem.message}
