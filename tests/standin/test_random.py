"""Random lives: whatever is asked and whatever fails, a stack ends in a state that is true."""

import json
import random
import unittest

import harness  # noqa: F401  puts this folder on the path

from cloudformation import api, values
from cloudformation.effects import Bucket
from s3 import Object
from wire import AwsError
from world import World

GOOD = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE")
IDS = ("A", "B", "C", "D", "E")
CHILD = {"Parameters": {"Delay": {"Type": "Number"}, "Name": {"Type": "String"}},
         "Resources": {"X": {"Type": "AWS::SQS::Queue",
                             "Properties": {"DelaySeconds": {"Ref": "Delay"}}},
                       "Y": {"Type": "AWS::SNS::Topic", "Properties": {
                           "TopicName": {"Ref": "Name"}, "KmsMasterKeyId": {"Ref": "X"}}}},
         "Outputs": {"Arn": {"Value": {"Ref": "Y"}}}}


class Life:
    """One stack in a world of its own, driven by a seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.world = World()
        self.world.clock.configure({"mode": "frozen"})
        self.region = self.world.region("123456789012", "eu-west-1")
        objects = {"child.json": Object(json.dumps(CHILD).encode(), "", 0.0)}
        self.world.buckets["templates"] = Bucket("templates", "123456789012", "eu-west-1",
                                                 objects)

    def call(self, action, **params):
        try:
            return api.call(self.world, self.region, action, params, {})
        except AwsError as problem:
            return problem

    def pass_(self, seconds):
        self.world.clock.advance(seconds)
        self.world.settle(counts=False)

    def idle(self):
        while (at := self.world.scheduler.next_time()) is not None:
            self.world.clock.advance_to(at)
            self.world.scheduler.run()

    def template(self):
        """Some of five resources, each after those it refers to."""
        resources = {}
        for logical in IDS:
            if self.random.random() < 0.3:
                continue
            resources[logical] = self.resource(list(resources))
        resources = resources or {"A": {"Type": "AWS::SNS::Topic"}}
        last = list(resources)[-1]
        return {"Resources": resources, "Outputs": {"Last": {"Value": {"Ref": last}}}}

    def resource(self, before):
        kind = self.random.choice(("Queue", "Topic", "Bucket", "Stack"))
        if kind == "Stack":
            return {"Type": "AWS::CloudFormation::Stack", "Properties": {
                "TemplateURL": "https://templates.s3.eu-west-1.amazonaws.com/child.json",
                "Parameters": {"Delay": str(self.random.randrange(2)),
                               "Name": f"n{self.random.randrange(1000000)}"}}}
        if kind == "Bucket":
            return {"Type": "AWS::S3::Bucket"}
        properties = {}
        if kind == "Queue":
            properties["DelaySeconds"] = self.random.randrange(3)
        if self.random.random() < 0.5:
            name = "QueueName" if kind == "Queue" else "TopicName"
            properties[name] = f"n{self.random.randrange(1000000)}"
        if before and self.random.random() < 0.6:
            name = "KmsMasterKeyId"
            properties[name] = {"Ref": self.random.choice(before)}
        return {"Type": "AWS::SQS::Queue" if kind == "Queue" else "AWS::SNS::Topic",
                "Properties": properties}

    def trouble(self):
        self.world.resource_rules.clear()
        for _ in range(self.random.choice((0, 0, 1, 2))):
            self.world.resource_rules.append({
                "id": self.random.choice((*IDS, "X", "Y")), "fail": "no",
                "seconds": self.random.randrange(9),
                "on": self.random.choice(("create", "update", "replace", "rollback", "delete")),
                "left": self.random.choice((1, 2, None))})

    def step(self):
        self.trouble()
        stack = self.region.stacks.get(self.region.names.get("s"))
        status = stack.status if stack else None
        kind = "CREATE" if status in (None, "REVIEW_IN_PROGRESS") else "UPDATE"
        if status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"):
            self.call("DeleteStack", StackName="s")
        elif status == "UPDATE_ROLLBACK_FAILED":
            self.call("ContinueUpdateRollback", StackName="s")
        elif status in ("UPDATE_FAILED", "CREATE_FAILED") and self.random.random() < 0.7:
            self.call("RollbackStack", StackName="s")
        else:
            self.call("CreateChangeSet", StackName="s", ChangeSetName="c", ChangeSetType=kind,
                      TemplateBody=json.dumps(self.template()))
            self.idle()
            disable = self.random.choice(("true", "false", "false"))
            self.call("ExecuteChangeSet", StackName="s", ChangeSetName="c",
                      DisableRollback=disable)
            self.call("DeleteChangeSet", StackName="s", ChangeSetName="c")
        self.pass_(self.random.randrange(12))
        disturbance = self.random.random()
        if disturbance < 0.15:
            self.call("CancelUpdateStack", StackName="s")
        elif disturbance < 0.25:
            self.call("DeleteStack", StackName="s")
        self.idle()


class Random(unittest.TestCase):
    def check(self, life):
        retained = set()
        for stack in life.region.stacks.values():
            self.assertFalse(stack.status.endswith("_IN_PROGRESS")
                             and stack.status != "REVIEW_IN_PROGRESS", stack.status)
            times = [event["Timestamp"] for event in stack.events]
            self.assertEqual(times, sorted(set(times)))
            if stack.status == "DELETE_COMPLETE":
                self.assertEqual(stack.resources, {})
            elif stack.parent:
                parent = life.region.stacks[stack.parent]
                self.assertTrue(parent.exists or stack.id in self.refused(parent), stack.name)
            if stack.status in GOOD and stack.stable:
                self.check_truth(stack)
            retained |= self.refused(stack)
        self.check_buckets(life, retained)

    @staticmethod
    def refused(stack):
        """What the stack could not delete."""
        return {event["PhysicalResourceId"] for event in stack.events
                if event["ResourceStatus"] == "DELETE_FAILED"}

    def check_truth(self, stack):
        """The stack has what its template says, and nothing else."""
        evaluator = values.for_stack(stack.world, stack)
        blocks = values.active(stack.template, evaluator)
        self.assertEqual(set(stack.resources), set(blocks))
        for logical, resource in stack.resources.items():
            self.assertEqual(resource.properties,
                             evaluator.value(blocks[logical].get("Properties") or {}))
            self.assertEqual(resource.type, blocks[logical]["Type"])
        self.assertEqual(stack.outputs, values.outputs(stack.template, evaluator))
        for resource in stack.resources.values():
            if resource.type == "AWS::CloudFormation::Stack":
                child = stack.region.stacks[resource.physical]
                self.assertIn(child.status, GOOD)
                self.assertEqual(child.parameters, resource.properties["Parameters"])
        physical = [one.physical for one in stack.resources.values()]
        self.assertEqual(len(physical), len(set(physical)))

    def check_buckets(self, life, retained):
        """No bucket is lost, and none is left over that was not refused deletion."""
        retained = retained | {"templates"}
        owned = {one.physical for stack in life.region.stacks.values()
                 for one in stack.resources.values()
                 if one.type == "AWS::S3::Bucket" and one.physical}
        failed = {one.physical for stack in life.region.stacks.values()
                  for one in stack.resources.values() if one.status == "CREATE_FAILED"}
        self.assertEqual(owned - set(life.world.buckets) - retained - failed, set())
        self.assertEqual(set(life.world.buckets) - owned - retained, set())

    def test_random_lives(self):
        for seed in range(150):
            with self.subTest(seed=seed):
                life = Life(seed)
                for _ in range(6):
                    life.step()
                    self.check(life)


if __name__ == "__main__":
    unittest.main()
