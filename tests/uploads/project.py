"""A program in a folder of its own, compiled, and the driver that uploads what it wants."""

import os
import shutil
import subprocess
import tempfile
import unittest

from harness import ACCESS_KEY, SECRET, Server

ACCOUNT = "123456789012"
DONE, FILES, IDENTITY, REFUSED, CANCELLED = range(5)
ASSETS = f"altc-assets-{ACCOUNT}-eu-west-1"

HEAD = 'app { name: "shop", defaultStage: "dev" }\nstages { dev: {} }\n'
CODE = HEAD + 'resource Layer: AWS::Lambda::LayerVersion { Content: zip("code") }\n'
SITE = HEAD + """
resource Bucket: AWS::S3::Bucket
resource Files: Alt::Site::Files {
  Source: "web"
  Bucket: Bucket
  FileOptions: [
    { Files: "**", CacheControl: "max-age=31536000,public,immutable" }
    { Files: "**/*.html", CacheControl: "max-age=0,no-cache" }
  ]
  Purge: true
  Invalidate: { Distribution: "EDIST1", Paths: ["/*"], Wait: true }
}
"""


class Run:
    """How a run of the driver ended."""

    def __init__(self, status, out, err):
        self.status, self.out, self.err = status, out, err

    def lines(self, kind):
        return [line[len(kind) + 2:] for line in self.out.splitlines()
                if line.startswith(kind + ": ")]


class ProjectCase(unittest.TestCase):
    """One server for the class; a program and an empty account for each test."""

    program = CODE

    @classmethod
    def setUpClass(cls):
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="uploads-")
        self.addCleanup(shutil.rmtree, self.root)
        self.post("reset")
        self.post("clock", {"mode": "request", "step": 5})
        self.compile(self.program)

    def post(self, name, body=None):
        return self.server.control("POST", name, {} if body is None else body)

    def get(self, name):
        return self.server.control("GET", name)

    def cue(self, fault, action, **more):
        self.post("cues", {"fault": fault, "action": action, **more})

    def compile(self, program):
        self.write("infra.alt", program)
        subprocess.run([os.environ["ALTC"], "-q", os.path.join(self.root, "infra.alt"), "--all",
                        "-d", os.path.join(self.root, "out")], check=True)

    # ---- files ----

    def path(self, name):
        return os.path.join(self.root, name)

    def write(self, name, content):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)

    # ---- the driver ----

    def start(self, what, *options, **environment):
        env = {**os.environ, "AWS_ENDPOINT_URL": self.server.url, "AWS_REGION": "eu-west-1",
               "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET, **environment}
        return subprocess.Popen(
            [os.environ["DRIVER"], what, self.path("out/dev.manifest.json"), self.root, *options],
            env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish(self, process):
        out, err = process.communicate(timeout=120)
        return Run(process.returncode, out, err)

    def run_driver(self, what, *options, expect=DONE, **environment):
        run = self.finish(self.start(what, *options, **environment))
        self.assertEqual(run.status, expect, run.out + run.err)
        # What does not end well says why once, and what ends well has no problem.
        told = 0 if expect in (DONE, CANCELLED) else 1
        self.assertEqual(len(run.lines("problem")), told, run.out)
        self.assertNotIn(SECRET, run.out + run.err)
        return run

    # ---- the account ----

    def calls(self):
        """The calls since the last time, by action."""
        found = {name.partition(":")[2]: count for name, count in self.get("calls").items()}
        self.server.control("DELETE", "log")
        return found

    def log(self):
        return self.get("log")

    def objects(self, bucket):
        return self.get("buckets")[bucket]["objects"]

    def uploads(self, bucket):
        return self.get("buckets")[bucket]["uploads"]
