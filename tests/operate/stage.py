"""A stage of a program on the stand-in: a folder with the program, a server, and altc."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ALTC = os.path.abspath(os.environ.get("ALTC", os.path.join(ROOT, "build", "altc")))
ARN = "arn:aws:cloudformation:eu-west-1:123456789012:stack/"

PROGRAM = """
app { name: "shop", region: "eu-west-1", defaultStage: "dev" }
stages { dev: {} }
resource Orders: AWS::SQS::Queue { QueueName: "shop-orders" }
resource Topic: AWS::SNS::Topic { TopicName: "shop-topic" }
output Url = Orders.QueueUrl
"""


class Stage(unittest.TestCase):
    """A server for the tests of a class, empty at the start of each; a folder for each test."""

    program = PROGRAM

    @classmethod
    def setUpClass(cls):
        cls.server = subprocess.Popen(
            [sys.executable, os.path.join(ROOT, "tests", "standin", "server.py"), "--port", "0"],
            stdout=subprocess.PIPE, text=True)
        cls.origin = "http://127.0.0.1:" + cls.server.stdout.readline().strip()

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        cls.server.wait()
        cls.server.stdout.close()

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="altc-operate-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.control("reset", {})
        self.control("clock", {"mode": "event"})
        self.write(self.program)

    def write(self, program):
        with open(os.path.join(self.folder, "infra.alt"), "w", encoding="utf-8") as file:
            file.write(program)

    def environment(self):
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {**keep, "AWS_ENDPOINT_URL": self.origin, "AWS_REGION": "eu-west-1",
                "AWS_ACCESS_KEY_ID": "AKIASTANDIN000000001",
                "AWS_SECRET_ACCESS_KEY": "standin-secret", "AWS_CONFIG_FILE": "/dev/null",
                "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true"}

    def control(self, path, what=None, method="POST"):
        data = None if what is None else json.dumps(what).encode()
        request = urllib.request.Request(
            self.origin + "/_standin/" + path, data=data, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def call(self, action, **params):
        return self.control("call", {"action": action, "params": params, "region": "eu-west-1"})

    def altc(self, *words, status=0):
        done = subprocess.run([ALTC, *words], cwd=self.folder, env=self.environment(), text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                              check=False)
        text = done.stdout + done.stderr
        self.assertEqual(done.returncode, status, text)
        return text

    def start(self, *words):
        process = subprocess.Popen([ALTC, *words], cwd=self.folder, env=self.environment(),
                                   text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        return process

    def freeze(self):
        self.control("timing", {"resource": 20})
        self.control("clock", {"mode": "frozen"})

    def go_on(self):
        """A simulated second for each request."""
        self.control("clock", {"mode": "request", "step": 1})

    def put_stack(self, status, resources=None, **more):
        """The stack of the program in any state."""
        template = {"Resources": {
            "Orders": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "shop-orders"}},
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "shop-topic"}}}}
        stack = {"name": "shop-dev", "region": "eu-west-1", "status": status,
                 "template": template, **more}
        if resources:
            stack["resources"] = resources
        self.control("stacks", stack)

    def stack_status(self):
        stacks = self.control("stacks?name=shop-dev&region=eu-west-1", method="GET")
        stacks = stacks["stacks"] if isinstance(stacks, dict) else stacks
        return stacks[-1]["status"] if stacks else None

    def calls(self):
        return self.control("calls", method="GET")
