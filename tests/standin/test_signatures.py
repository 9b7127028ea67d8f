"""Signatures: AWS's published examples, botocore's as a second judge, and every refusal."""

import hashlib
import http.client
import random
import time
import unittest

from harness import ACCESS_KEY, HAS_BOTO3, NEEDS_BOTO3, SECRET, BotoCase, Case

import sigv4
from cloudformation import fields
from wire import AwsError, Request

EMPTY = hashlib.sha256(b"").hexdigest()
EXAMPLE_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def signature(method, path, query, headers, payload, service, stamp, region="us-east-1",
              secret=EXAMPLE_SECRET):
    signed = sorted(headers)
    canonical = sigv4.canonical_request(method, path, query, headers, signed, payload, service)
    return sigv4.signature(secret, stamp, stamp[:8], region, service, canonical)


class Published(unittest.TestCase):
    """The examples of "Authenticating Requests (AWS Signature Version 4)" and of the test suite."""

    S3 = {"host": "examplebucket.s3.amazonaws.com", "x-amz-content-sha256": EMPTY,
          "x-amz-date": "20130524T000000Z"}

    def test_s3_get_object(self):
        self.assertEqual(
            signature("GET", "/test.txt", "", {**self.S3, "range": "bytes=0-9"}, EMPTY, "s3",
                      "20130524T000000Z"),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")

    def test_s3_put_object(self):
        payload = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"
        headers = {**self.S3, "date": "Fri, 24 May 2013 00:00:00 GMT",
                   "x-amz-storage-class": "REDUCED_REDUNDANCY", "x-amz-content-sha256": payload}
        self.assertEqual(
            signature("PUT", "/test%24file.text", "", headers, payload, "s3", "20130524T000000Z"),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")

    def test_s3_query_without_value(self):
        self.assertEqual(
            signature("GET", "/", "lifecycle", self.S3, EMPTY, "s3", "20130524T000000Z"),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")

    def test_s3_list(self):
        self.assertEqual(
            signature("GET", "/", "max-keys=2&prefix=J", self.S3, EMPTY, "s3",
                      "20130524T000000Z"),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")

    def test_s3_presigned(self):
        query = ("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524"
                 "%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400"
                 "&X-Amz-SignedHeaders=host")
        self.assertEqual(
            signature("GET", "/test.txt", query, {"host": "examplebucket.s3.amazonaws.com"},
                      "UNSIGNED-PAYLOAD", "s3", "20130524T000000Z"),
            "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")

    def test_suite_get_vanilla(self):
        self.assertEqual(
            signature("GET", "/", "", {"host": "example.amazonaws.com",
                                       "x-amz-date": "20150830T123600Z"}, EMPTY, "service",
                      "20150830T123600Z", secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")

    def test_iam_list_users(self):
        headers = {"host": "iam.amazonaws.com", "x-amz-date": "20150830T123600Z",
                   "content-type": "application/x-www-form-urlencoded; charset=utf-8"}
        self.assertEqual(
            signature("GET", "/", "Action=ListUsers&Version=2010-05-08", headers, EMPTY, "iam",
                      "20150830T123600Z", secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")


class Botocore(unittest.TestCase):
    def setUp(self):
        try:
            from botocore.auth import S3SigV4Auth, SigV4Auth
            from botocore.awsrequest import AWSRequest
            from botocore.credentials import Credentials
        except ImportError:
            self.skipTest("botocore is not installed")
        self.auth = {"s3": S3SigV4Auth, "cloudformation": SigV4Auth}
        self.request, self.credentials = AWSRequest, Credentials

    def signed(self, service, method, path, query, body):
        made = self.request(method=method, url="https://example.com" + path
                            + ("?" + query if query else ""), data=body,
                            headers={"X-Odd": "  a   b  "})
        self.auth[service](self.credentials("AKIA", "secret", "token+/="), service,
                           "eu-west-1").add_auth(made)
        headers = {name.lower(): value for name, value in made.headers.items()}
        headers.setdefault("host", "example.com")
        return Request(method, "", headers, body, path, query)

    def test_random_requests_agree(self):
        chars = "abcXYZ019-_.~ +%/&=?ä€\u2028"
        rnd = random.Random(7)
        word = lambda: "".join(rnd.choice(chars) for _ in range(rnd.randrange(1, 12)))
        import urllib.parse
        quote = lambda text: urllib.parse.quote(text, safe="-_.~")
        for turn in range(300):
            service = rnd.choice(("s3", "cloudformation"))
            path = "/" + "/".join(quote(word()) for _ in range(rnd.randrange(0, 3)))
            query = "&".join(f"{quote(word())}={quote(word())}"
                             for _ in range(rnd.randrange(0, 4)))
            body = word().encode()
            request = self.signed(service, "POST", path, query, body)
            signed = sigv4.read(request)
            with self.subTest(service=service, path=path, query=query):
                sigv4.verify(request, signed, "secret", time.time())
                request.query += "&x=1" if query else "x=1"
                with self.assertRaises(AwsError):
                    sigv4.verify(request, signed, "secret", time.time())


class Refusals(Case):
    """A request signed by this file, and what happens when something about it is wrong."""

    def ask(self, body=b"Action=DescribeStacks&Version=2010-05-15", secret=SECRET, key=ACCESS_KEY,
            at=0, leave_out=(), tamper=None, more=None, service="cloudformation"):
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time.time() + at))
        headers = {"host": f"127.0.0.1:{self.server.port}", "x-amz-date": stamp,
                   "content-type": "application/x-www-form-urlencoded", **(more or {})}
        signed = sorted(set(headers) - set(leave_out))
        canonical = sigv4.canonical_request("POST", "/", "", headers, signed,
                                            hashlib.sha256(body).hexdigest(), service)
        made = sigv4.signature(secret, stamp, stamp[:8], "eu-west-1", service, canonical)
        headers["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={key}/{stamp[:8]}/eu-west-1/{service}/aws4_request, "
            f"SignedHeaders={';'.join(signed)}, Signature={made}")
        if tamper:
            tamper(headers)
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port)
        connection.request("POST", "/", body, headers)
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        return reply.status, text

    def test_a_right_one(self):
        self.assertEqual(self.ask()[0], 200)

    def refused(self, code, text, status=403, **how):
        answer = self.ask(**how)
        self.assertEqual(answer[0], status)
        self.assertIn(f"<Code>{code}</Code>", answer[1])
        self.assertIn(text, answer[1])

    def test_wrong_secret(self):
        self.refused("SignatureDoesNotMatch", "does not match the signature you provided",
                     secret="guess")
        self.assertIn("POST\n/\n", self.get("log")[-1]["canonicalRequest"])

    def test_unknown_key(self):
        self.refused("InvalidClientTokenId", "security token included in the request is invalid",
                     key="AKIANOBODY")

    def test_changed_body(self):
        self.refused("SignatureDoesNotMatch", "", tamper=lambda headers: headers.update(
            {"content-type": "text/plain"}))

    def test_header_signed_but_not_sent(self):
        self.refused("SignatureDoesNotMatch", "Signed but not sent: x-odd", more={"x-odd": "1"},
                     tamper=lambda headers: headers.pop("x-odd"))

    def test_amz_header_not_signed(self):
        self.refused("SignatureDoesNotMatch", "'x-amz-target' must be a 'SignedHeader'",
                     more={"x-amz-target": "1"}, leave_out=("x-amz-target",))

    def test_token_that_is_not_known(self):
        self.refused("InvalidClientTokenId", "", more={"x-amz-security-token": "t"})

    def test_clock(self):
        self.assertEqual(self.ask(at=-290)[0], 200)
        self.refused("SignatureDoesNotMatch", "Signature expired: ", at=-310)
        self.refused("SignatureDoesNotMatch", "Signature not yet current: ", at=310)
        self.post("clock", {"skew": 3600})
        self.refused("SignatureDoesNotMatch", "Signature expired: ")
        self.assertEqual(self.ask(at=3600)[0], 200)

    def test_no_signature(self):
        self.refused("MissingAuthenticationToken", "Request is missing Authentication Token",
                     tamper=lambda headers: headers.pop("authorization"))

    def test_malformed(self):
        self.refused("IncompleteSignature", "", 400, tamper=lambda headers: headers.update(
            {"authorization": "AWS4-HMAC-SHA256 Credential=x"}))

    def test_fields_are_held(self):
        for field, text in ((b"StackNane=x", "takes no StackNane"),
                            (b"StackName.member.0=x", "takes no StackName.member.0")):
            self.refused("StandinUnknownField", text, 400,
                         body=b"Action=DescribeStacks&Version=2010-05-15&" + field)
        self.refused("StandinUnknownField", "true or false, not 'True'", 400,
                     body=b"Action=DescribeChangeSet&Version=2010-05-15&ChangeSetName=c&"
                     b"IncludePropertyValues=True")
        self.refused("ValidationError", "Value null at 'stackName'", 400,
                     body=b"Action=DescribeStackEvents&Version=2010-05-15")
        self.refused("InvalidAction", "for version NO_VERSION_SPECIFIED", 400,
                     body=b"Action=DescribeStacks")

    def test_unknown_action_and_version(self):
        self.refused("InvalidAction", "Could not find operation Fly", 400,
                     body=b"Action=Fly&Version=2010-05-15")
        self.refused("InvalidAction", "for version 1999-01-01", 400,
                     body=b"Action=DescribeStacks&Version=1999-01-01")


class Fields(unittest.TestCase):
    @unittest.skipUnless(HAS_BOTO3, NEEDS_BOTO3)
    def test_they_are_those_of_the_model(self):
        """All fields that botocore's model knows; this table may know newer ones."""
        import botocore.session
        model = botocore.session.get_session().get_service_model("cloudformation")
        for action, known in fields.FIELDS.items():
            names = {name.rstrip("!") for name in known.split()}
            self.assertEqual(names_of(model.operation_model(action).input_shape) - names -
                             {"Parameters.ResolvedValue"}, set(), action)


def names_of(shape, prefix=""):
    found = set()
    for name, member in (shape.members if shape else {}).items():
        inner = member.member if member.type_name == "list" else member
        if member.type_name != "structure":
            found.add(prefix + name)
        if inner.type_name == "structure":
            found |= names_of(inner, prefix + name + ".")
    return found


class Sessions(BotoCase):
    def test_token_belongs_to_its_key(self):
        sts = self.client("sts")
        made = sts.assume_role(RoleArn="arn:aws:iam::210987654321:role/x",
                               RoleSessionName="me")["Credentials"]
        good = self.client("cloudformation", key=made["AccessKeyId"],
                           secret=made["SecretAccessKey"], token=made["SessionToken"])
        self.assertEqual(good.list_stacks()["StackSummaries"], [])
        bad = self.client("cloudformation", key=made["AccessKeyId"],
                          secret=made["SecretAccessKey"])
        self.refused("InvalidClientTokenId", "", bad.list_stacks)

    def test_expiry(self):
        self.post("credentials", {"accessKeyId": "ASIAOLD", "secretAccessKey": "s",
                                  "sessionToken": "t", "expiresIn": -1})
        old = self.client("cloudformation", key="ASIAOLD", secret="s", token="t")
        self.assertEqual(self.refused("ExpiredToken", "is expired", old.list_stacks)
                         ["ResponseMetadata"]["HTTPStatusCode"], 403)
        self.refused("ExpiredToken", "The provided token has expired",
                     self.client("s3", key="ASIAOLD", secret="s", token="t").list_buckets)

    def test_expired_on_cue_until_refreshed(self):
        self.post("cues", {"fault": "expired", "after": 1})
        self.cfn.list_stacks()
        self.refused("ExpiredToken", "", self.cfn.list_stacks)
        self.refused("ExpiredToken", "", self.cfn.list_stacks)
        self.post("credentials", {"accessKeyId": "AKIANEW", "secretAccessKey": "n"})
        self.client("cloudformation", key="AKIANEW", secret="n").list_stacks()


if __name__ == "__main__":
    unittest.main()
