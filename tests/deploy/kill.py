"""kill -9 at random moments of a deployment; the next run must always end well.

    python3 tests/deploy/kill.py [ROUNDS] [SEED]

Each round deploys a change of a stage of two stacks and an asset, in which one queue gets another
logical id, or makes it from nothing, kills
altc-deploy somewhere between its start and well behind its usual end, and deploys again. Then the
stacks must stand as the program says, with no change set left, with nothing carried out twice, and
the journal must say that all is settled. The last line counts.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SPEED = 300  # simulated seconds in a real one
PROGRAM = """
app { name: "shop", region: "eu-west-1", defaultStage: "dev" }
stages { dev: {} }
var keep: int = 4 { env: "KEEP" }
stack data in "us-east-1" { resource NEW: AWS::SQS::Queue { MessageRetentionPeriod: keep * 86400 } }
moved OLD to NEW
resource Role: AWS::IAM::Role {
  AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }] }
}
resource Handler: AWS::Lambda::Function {
  Role:        Role.Arn
  Handler:     "index.handler"
  Runtime:     "nodejs24.x"
  Code:        zip("code")
  Timeout:     keep
  Environment: { Variables: { JOBS: NEW.QueueUrl } }
}
"""


class StandIn:
    def __init__(self, folder):
        ready = os.path.join(folder, "port")
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(ROOT, "tests/standin/server.py"), "--ready-file", ready,
             "--speed", str(SPEED)], stdout=subprocess.DEVNULL)
        while not os.path.exists(ready):
            time.sleep(0.02)
        with open(ready, encoding="ascii") as file:
            self.url = f"http://127.0.0.1:{file.read().strip()}"

    def say(self, path, body=None, method="POST"):
        data = json.dumps(body).encode() if body is not None else b""
        request = urllib.request.Request(f"{self.url}/_standin/{path}", method=method,
                                         data=None if method == "GET" else data)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)


def build(folder, keep):
    names = ("Jobs", "Work") if keep == 4 else ("Work", "Jobs")
    with open(os.path.join(folder, "infra.alt"), "w", encoding="utf-8") as file:
        file.write(PROGRAM.replace("NEW", names[0]).replace("OLD", names[1]))
    out = os.path.join(folder, f"dist{keep}")
    subprocess.run([os.path.join(ROOT, "build/altc"), "build", "--all", "-d", out], cwd=folder,
                   check=True, env={**os.environ, "KEEP": str(keep)}, stdout=subprocess.DEVNULL)
    return os.path.join(out, "dev.manifest.json")


def start(folder, manifest, url):
    env = {"PATH": os.environ["PATH"], "HOME": folder, "AWS_ENDPOINT_URL": url,
           "AWS_ACCESS_KEY_ID": "AKIASTANDIN000000001", "AWS_SECRET_ACCESS_KEY": "standin-secret",
           "AWS_EC2_METADATA_DISABLED": "true"}
    return subprocess.Popen(
        [os.path.join(ROOT, "build/altc-deploy"), "deploy", "--manifest", manifest, "--root",
         folder, "--yes", "--poll", "5"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, env=env)


def queues_of(standin):
    stacks = standin.say("stacks", method="GET")
    return sorted(one["physicalId"] for stack in stacks if stack["status"] != "DELETE_COMPLETE"
                  for one in stack["resources"].values() if one["type"] == "AWS::SQS::Queue")


def problems(standin, folder, keep, calls):
    found = []
    stacks = {one["name"]: one for one in standin.say("stacks", method="GET")
              if one["status"] != "DELETE_COMPLETE"}
    if sorted(stacks) != ["shop-dev", "shop-dev-data"]:
        found.append(f"stacks: {sorted(stacks)}")
    for stack in stacks.values():
        if stack["status"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            found.append(f"{stack['name']} is in {stack['status']}")
        left = [f"{one['ChangeSetName']} {one['Status']}" for one in stack["changeSets"]
                if one["ExecutionStatus"] != "EXECUTE_COMPLETE"
                and one["Status"] != "DELETE_COMPLETE"]
        if left:
            found.append(f"{stack['name']} has change sets left: {left}")
    text = json.dumps(stacks)
    if f'"Timeout": {keep}' not in text and f'"Timeout": "{keep}"' not in text:
        found.append("the function is not as the program says")
    executions = calls.get("cloudformation:ExecuteChangeSet", 0)
    refactors = calls.get("cloudformation:ExecuteStackRefactor", 0)
    if refactors > 1:
        found.append(f"one queue was renamed {refactors} times")
    if executions > 2:
        found.append(f"{executions} change sets were carried out for two stacks")
    last = {}
    with open(os.path.join(folder, ".altc/dev/journal.jsonl"), encoding="utf-8") as file:
        for line in file:
            try:
                entry = json.loads(line)
            except ValueError:
                continue  # torn by the kill
            last[entry["stack"]] = entry["step"]
    if set(last.values()) != {"settled"}:
        found.append(f"the journal ends with {last}")
    return found


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 30)
    chance = random.Random(seed)
    print(f"seed {seed}", flush=True)
    failed = killed = 0
    with tempfile.TemporaryDirectory() as folder:
        standin = StandIn(folder)
        os.mkdir(os.path.join(folder, "code"))
        with open(os.path.join(folder, "code/index.js"), "w", encoding="utf-8") as file:
            file.write("exports.handler = async () => 1\n")
        manifests = {keep: build(folder, keep) for keep in (4, 5)}
        usual = 0
        for keep in (4, 5):
            began = time.monotonic()
            start(folder, manifests[keep], standin.url).communicate(timeout=60)
            usual = max(usual, time.monotonic() - began)
        for number in range(rounds):
            fresh = number % 4 == 0
            if fresh:
                standin.say("reset")
                standin.say("clock", {"mode": "real", "speed": SPEED})
                subprocess.run(["rm", "-rf", os.path.join(folder, ".altc")], check=True)
            standin.say("log", method="DELETE")
            queues = queues_of(standin)
            keep = 4 + number % 2
            moment = chance.uniform(0, usual * 1.1)
            first = start(folder, manifests[keep], standin.url)
            began = time.monotonic()
            try:
                first.communicate(timeout=moment)
                usual = max(0.1, 0.8 * usual + 0.2 * (time.monotonic() - began))
            except subprocess.TimeoutExpired:
                first.kill()
                first.communicate()
                killed += 1
            second = start(folder, manifests[keep], standin.url)
            output = second.communicate(timeout=60)[0].decode()
            calls = standin.say("calls", method="GET")
            found = problems(standin, folder, keep, calls)
            if not fresh and queues_of(standin) != queues:
                found.append(f"the queue was replaced: {queues}, {queues_of(standin)}")
            if second.returncode != 0:
                found.append(f"the next run ended with {second.returncode}")
            if found:
                failed += 1
                print(f"FAIL round {number}, killed after {moment * 1000:.0f} ms: "
                      f"{'; '.join(found)}\n{output}", flush=True)
        standin.process.terminate()
    print(f"{killed} of {rounds} were killed before they ended")
    if killed * 2 < rounds:
        failed = rounds  # the moments were no test
    print(f"kill: {rounds - failed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
