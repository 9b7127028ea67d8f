"""What the tests of the stand-in share: a server of their own, its control interface, clients."""

import atexit
import functools
import http.client
import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

try:
    import boto3
    import botocore.exceptions
    from botocore.config import Config
except ImportError:
    boto3 = None

# The first that knows stack refactors; Debian's is older.
NEEDS_BOTO3 = "boto3 1.36 or newer is not installed"
HAS_BOTO3 = boto3 is not None and tuple(map(int, boto3.__version__.split(".")[:2])) >= (1, 36)

ACCESS_KEY, SECRET = "AKIASTANDIN000000001", "standin-secret"
CLIENTS = {}


class Server:
    """A stand-in that runs as long as this object."""

    def __init__(self, *options):
        ready = os.path.join(tempfile.mkdtemp(), "port")
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "server.py"), "--ready-file", ready, *options],
            stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def control(self, method, name, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request(method, "/_standin/" + name,
                           None if body is None else json.dumps(body))
        reply = connection.getresponse()
        answer = json.loads(reply.read())
        connection.close()
        if reply.status != 200:
            raise AssertionError(f"/_standin/{name}: {answer}")
        return answer


@functools.lru_cache(maxsize=None)
def shared_server():
    server = Server()
    atexit.register(server.stop)
    return server


class Case(unittest.TestCase):
    """One server for all tests, empty at the start of each, its clock frozen."""

    def setUp(self):
        self.server = shared_server()
        self.post("reset")
        self.post("clock", {"mode": "frozen"})

    def tearDown(self):
        self.assertEqual(self.get("state")["crashes"], [])

    def post(self, name, body=None):
        return self.server.control("POST", name, {} if body is None else body)

    def get(self, name):
        return self.server.control("GET", name)

    def run_all(self):
        self.assertTrue(self.post("run")["idle"])


@unittest.skipUnless(HAS_BOTO3, NEEDS_BOTO3)
class BotoCase(Case):
    """With botocore as the judge of protocol and signatures."""

    def setUp(self):
        super().setUp()
        self.cfn = self.client("cloudformation")

    def client(self, service, region="eu-west-1", key=ACCESS_KEY, secret=SECRET, token=None,
               **config):
        """A client of botocore; making one takes longer than most tests."""
        config.setdefault("retries", {"max_attempts": 0})
        known = (self.server.port, service, region, key, secret, token, repr(config))
        if known not in CLIENTS:
            CLIENTS[known] = boto3.client(
                service, region_name=region, endpoint_url=self.server.url, aws_access_key_id=key,
                aws_secret_access_key=secret, aws_session_token=token, config=Config(**config))
        return CLIENTS[known]

    def refused(self, code, text, call, *args, **kwargs):
        """Asserts that a call is refused so; the error."""
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            call(*args, **kwargs)
        error = caught.exception.response["Error"]
        self.assertEqual(error["Code"], code)
        self.assertIn(text, error["Message"])
        return caught.exception.response

    # ---- the way of a stack ----

    def change_set(self, name, template, kind="UPDATE", **more):
        made = self.cfn.create_change_set(
            StackName=name, ChangeSetName="c", TemplateBody=json.dumps(template),
            ChangeSetType=kind, **more)
        self.run_all()
        return made["Id"]

    def described(self, arn, **more):
        return self.cfn.describe_change_set(ChangeSetName=arn, **more)

    def deploy(self, name, template, kind="UPDATE", **more):
        """Makes a change set, executes it and lets everything happen; the stack."""
        execute = {key: more.pop(key) for key in ("DisableRollback", "ClientRequestToken",
                                                  "RetainExceptOnCreate") if key in more}
        arn = self.change_set(name, template, kind, **more)
        self.cfn.execute_change_set(ChangeSetName=arn, **execute)
        self.run_all()
        stack_id = self.described(arn)["StackId"]
        return self.cfn.describe_stacks(StackName=stack_id)["Stacks"][0]

    def events(self, name):
        """(logical id, status, reason) oldest first."""
        found = []
        for page in self.cfn.get_paginator("describe_stack_events").paginate(StackName=name):
            found += page["StackEvents"]
        return [(one["LogicalResourceId"], one["ResourceStatus"],
                 one.get("ResourceStatusReason", "")) for one in reversed(found)]

    def status(self, name):
        return self.cfn.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]


def template(*resources, outputs=None, **sections):
    """A template of resources given as (logical id, type, properties, attributes…)."""
    blocks = {}
    for logical, kind, properties, *more in resources:
        blocks[logical] = {"Type": kind, "Properties": properties, **(more[0] if more else {})}
    made = {"Resources": blocks, **sections}
    if outputs:
        made["Outputs"] = {key: {"Value": value} if not isinstance(value, dict)
                           or "Value" not in value else value for key, value in outputs.items()}
    return made


def queue(logical, **properties):
    return (logical, "AWS::SQS::Queue", properties)


def topic(logical, **properties):
    return (logical, "AWS::SNS::Topic", properties)
