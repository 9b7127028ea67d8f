"""What is told of stacks, and how operations on them are stopped, taken further and undone."""

import json
import signal
import time

import stage


class Answers(stage.Stage):
    def test_of_what_is_not_deployed(self):
        self.assertIn("shop-dev (eu-west-1): not deployed", self.altc("status", status=10))
        self.assertIn("no stack of the stage is deployed", self.altc("outputs", status=14))
        self.assertIn("nothing is under way", self.altc("watch"))
        self.assertIn("not deployed", self.altc("history"))
        self.assertIn("no stack of the stage is deployed", self.altc("destroy", "--yes"))

    def test_of_what_is_deployed(self):
        self.altc("deploy", "--yes", "--poll", "1")
        self.assertIn("CREATE_COMPLETE since", self.altc("status"))
        self.assertEqual(
            self.altc("outputs"), "Url=https://sqs.eu-west-1.amazonaws.com/123456789012/shop-orders\n")
        outputs = json.loads(self.altc("outputs", "--format", "json"))
        self.assertEqual(list(outputs["main"]), ["Url"])
        status = json.loads(self.altc("status", "--format", "json"))
        self.assertEqual((status["phase"], status["terminationProtection"]), ("ready", False))
        events = self.altc("events")
        self.assertIn("shop-dev Orders (SQS::Queue) CREATE_COMPLETE", events)
        chart = self.altc("events", "--chart", "--format", "json").splitlines()[-1]
        self.assertEqual({bar["logicalId"] for bar in json.loads(chart)["resources"]},
                         {"Orders", "Topic"})
        self.assertIn("create ended in CREATE_COMPLETE", self.altc("history"))

    def test_of_each_state(self):
        for status, code, hint in (
                ("UPDATE_IN_PROGRESS", 17, "altc watch"), ("ROLLBACK_COMPLETE", 15, "--replace-failed"),
                ("UPDATE_ROLLBACK_FAILED", 16, "altc continue"), ("UPDATE_FAILED", 16, "altc rollback"),
                ("DELETE_FAILED", 16, "altc destroy")):
            with self.subTest(status):
                self.control("reset", {})
                self.put_stack(status)
                text = self.altc("status", status=code)
                self.assertIn(status, text)
                self.assertIn(hint, text)

    def test_history_names_what_failed_in_a_nested_stack(self):
        inner = {"Resources": {"Deep": {"Type": "AWS::SNS::Topic"}}}
        self.control("buckets", {"name": "tpl", "objects": {"inner.json": json.dumps(inner)}})
        self.write(self.program + """
resource Inner: AWS::CloudFormation::Stack {
  TemplateURL: "https://tpl.s3.eu-west-1.amazonaws.com/inner.json"
}
""")
        self.control("resources", {"id": "Deep", "on": "create", "fail": "no more topics"})
        self.altc("deploy", "--yes", "--poll", "1", status=15)
        text = self.altc("history")
        self.assertIn("Deep in shop-dev-Inner-", text)
        self.assertIn("no more topics", text)
        self.assertNotIn("Inner:", text)

    def test_a_missing_permission_is_named(self):
        self.put_stack("UPDATE_COMPLETE")
        self.control("cues", {"fault": "deny", "action": "DescribeStacks", "times": 0})
        text = self.altc("status", status=14)
        self.assertIn("cannot be looked at", text)
        self.assertIn("altc policy", text)

    def test_another_account_is_refused(self):
        self.write(self.program.replace("app {", 'app { account: "999999999999",'))
        self.assertIn("belongs to account 999999999999", self.altc("status", status=13))
        self.assertNotIn("cloudformation:DescribeStacks", self.calls())

    def test_a_program_that_is_broken_is_no_hindrance(self):
        self.altc("deploy", "--yes", "--poll", "1")
        self.write("resource {")
        self.altc("status", status=1)
        self.assertIn("CREATE_COMPLETE", self.altc("status", ".altc/dev/dev.manifest.json"))

    def test_an_unknown_stack_is_refused(self):
        self.assertIn("has no stack 'edge'", self.altc("status", "--stack", "edge", status=2))


class Watching(stage.Stage):
    def update(self, **rule):
        """Somebody else's update, which goes on."""
        self.altc("deploy", "--yes", "--poll", "1")
        self.freeze()
        self.control("advance", {"seconds": 60})
        if rule:
            self.control("resources", rule)
        template = {"Resources": {
            "Orders": {"Type": "AWS::SQS::Queue",
                       "Properties": {"QueueName": "shop-orders", "DelaySeconds": 7}},
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "shop-topic"}}}}
        self.call("UpdateStack", StackName="shop-dev", TemplateBody=json.dumps(template))
        self.assertEqual(self.stack_status(), "UPDATE_IN_PROGRESS")

    def test_attaches_to_an_operation_of_another(self):
        self.update()
        self.go_on()
        text = self.altc("watch", "--poll", "1")
        self.assertIn("shop-dev Orders (SQS::Queue) UPDATE_COMPLETE", text)
        self.assertIn("shop-dev: done", text)
        self.assertNotIn("CREATE_", text)  # of an earlier operation

    def test_tells_the_true_cause_of_a_failure(self):
        self.update(id="Orders", on="update", fail="the queue does not like it",
                    handlerErrorCode="InvalidRequest")
        self.go_on()
        text = self.altc("watch", "--poll", "1", "--format", "json", status=15)
        problems = [event for event in map(json.loads, text.splitlines())
                    if event["event"] == "problem"]
        self.assertEqual([problem["logicalId"] for problem in problems], ["Orders"])
        self.assertEqual(problems[0]["code"], "InvalidRequest")
        self.assertEqual(problems[0]["place"]["line"], 4)

    def test_an_interrupt_leaves_it_alone(self):
        self.update()
        process = self.start("watch", "--poll", "50")
        line = process.stdout.readline()
        self.assertIn("UPDATE_IN_PROGRESS", line)
        process.send_signal(signal.SIGINT)
        text = process.stdout.read()
        self.assertEqual(process.wait(timeout=10), 17)
        self.assertIn("goes on without altc", text)
        self.assertIn("altc cancel", text)
        self.assertEqual(self.stack_status(), "UPDATE_IN_PROGRESS")

    def test_throttling_is_no_failure(self):
        self.update()
        self.go_on()
        self.control("cues", {"fault": "throttle", "action": "DescribeStackEvents", "after": 1,
                              "times": 8})
        self.assertIn("shop-dev: done", self.altc("watch", "--poll", "1"))

    def test_odd_answers_about_events_change_nothing(self):
        """Paging, lost and stale answers, texts that would steer a terminal."""
        cues = [
            {"fault": "page", "size": 2}, {"fault": "page", "size": 2, "emptyFirst": True},
            {"fault": "repeatToken"}, {"fault": "stale", "seconds": 5, "times": 3},
            {"fault": "resetAfter", "times": 2}, {"fault": "truncate", "bytes": 300, "times": 2},
            {"fault": "html", "times": 2}, {"fault": "entityBomb", "times": 2},
            {"fault": "control"}, {"fault": "unknownElements"}, {"fault": "badUtf8", "times": 2},
        ]
        for cue in cues:
            with self.subTest(cue["fault"]):
                self.control("reset", {})
                self.control("clock", {"mode": "event"})
                self.update()
                self.control("cues", {"times": 0, **cue, "action": "DescribeStackEvents"})
                self.go_on()
                text = self.altc("watch", "--poll", "1")
                self.assertIn("shop-dev: done", text)
                self.assertEqual(text.count("  shop-dev UPDATE_IN_PROGRESS"), 1, text)
                self.assertNotIn("\x1b", text)

    def test_events_that_may_not_be_read(self):
        self.update()
        self.control("cues", {"fault": "deny", "action": "DescribeStackEvents", "times": 0})
        self.go_on()
        text = self.altc("watch", "--poll", "1")
        self.assertIn("allow cloudformation:DescribeStackEvents", text)
        self.assertIn("shop-dev UPDATE_COMPLETE", text)
        self.assertIn("shop-dev: done", text)

    def test_cancel_stops_an_update(self):
        self.update(id="Orders", on="update", seconds=1000)
        self.assertIn("nobody said yes", self.altc("cancel", status=11))
        self.assertEqual(self.stack_status(), "UPDATE_IN_PROGRESS")
        self.go_on()
        text = self.altc("cancel", "--yes", "--poll", "1")
        self.assertIn("UPDATE_ROLLBACK_COMPLETE", text)
        self.assertIn("shop-dev: done", text)
        self.assertNotIn("error:", text)
        self.assertEqual(self.calls()["cloudformation:CancelUpdateStack"], 1)
        self.assertIn("there is nothing to cancel", self.altc("cancel", "--yes"))

    def test_cancel_with_a_lost_answer(self):
        self.update(id="Orders", on="update", seconds=1000)
        self.go_on()
        self.control("cues", {"fault": "resetAfter", "action": "CancelUpdateStack", "times": 1})
        self.assertIn("UPDATE_ROLLBACK_COMPLETE", self.altc("cancel", "--yes", "--poll", "1"))


class Mending(stage.Stage):
    def test_cancel_of_a_creation_deletes_it(self):
        self.freeze()
        template = {"Resources": {"Orders": {"Type": "AWS::SQS::Queue"}}}
        self.call("CreateStack", StackName="shop-dev", TemplateBody=json.dumps(template))
        self.go_on()
        text = self.altc("cancel", "--yes", "--poll", "1")
        self.assertIn("cancelling deletes it", text)
        self.assertIn("DELETE_COMPLETE", text)
        self.assertNotIn("cloudformation:CancelUpdateStack", self.calls())

    def test_continue_takes_a_rollback_further(self):
        self.put_stack("UPDATE_ROLLBACK_FAILED", resources={
            "Orders": {"status": "UPDATE_FAILED", "reason": "it is locked"},
            "Topic": {"status": "UPDATE_COMPLETE"}})
        text = self.altc("continue", "--yes", "--skip", "Orders", "--poll", "1")
        self.assertIn("counts as rolled back, though it is not", text)
        self.assertEqual(self.stack_status(), "UPDATE_ROLLBACK_COMPLETE")
        log = self.control("log?action=ContinueUpdateRollback", method="GET")
        self.assertIn("Orders", json.dumps(log))

    def test_continue_needs_a_rollback_that_is_stuck(self):
        self.put_stack("UPDATE_COMPLETE")
        self.assertIn("there is nothing to continue: 'shop-dev' is in UPDATE_COMPLETE",
                      self.altc("continue", "--yes"))
        self.assertNotIn("cloudformation:ContinueUpdateRollback", self.calls())

    def test_rollback_undoes_a_failed_update(self):
        self.put_stack("UPDATE_FAILED")
        self.assertIn("shop-dev: done", self.altc("rollback", "--yes", "--poll", "1"))
        self.assertEqual(self.calls()["cloudformation:RollbackStack"], 1)

    def test_rollback_of_what_did_not_fail(self):
        self.put_stack("UPDATE_COMPLETE")
        self.assertIn("there is nothing to roll back: 'shop-dev' is in UPDATE_COMPLETE",
                      self.altc("rollback", "--yes"))

    def test_no_two_work_on_a_stage(self):
        self.put_stack("UPDATE_ROLLBACK_FAILED", resources={"Orders": {"status": "UPDATE_FAILED"}})
        self.freeze()
        first = self.start("continue", "--yes", "--poll", "50")
        for _ in range(100):
            if self.stack_status() != "UPDATE_ROLLBACK_FAILED":
                break
            time.sleep(0.05)
        self.altc("rollback", "--yes", status=2)
        self.altc("destroy", "--yes", status=2)
        self.assertNotIn("cloudformation:DeleteStack", self.calls())
        first.kill()
        first.wait()


class Destroying(stage.Stage):
    program = stage.PROGRAM + """
resource Files: AWS::S3::Bucket { BucketName: "shop-files-1" }
"""

    def setUp(self):
        super().setUp()
        self.altc("deploy", "--yes", "--poll", "1")

    def deletions(self):
        return self.calls().get("cloudformation:DeleteStack", 0)

    def test_nobody_loses_data_without_having_been_asked(self):
        self.assertIn("--allow Files", self.altc("destroy", "--yes", status=12))
        self.altc("destroy", status=11)
        self.assertEqual(self.deletions(), 0)
        text = self.altc("destroy", "--yes", "--allow", "data", "--poll", "1")
        self.assertIn("shop-dev: done", text)
        self.assertIn("not deployed", self.altc("status", status=10))

    def test_guards_hold(self):
        self.write(self.program + 'guard "orders stay" { deny delete of Orders }\n')
        text = self.altc("destroy", "--yes", "--allow", "data", status=12)
        self.assertIn("the guard 'orders stay' denies", text)
        self.assertEqual(self.deletions(), 0)

    def test_protection_from_termination_holds(self):
        self.call("UpdateTerminationProtection", StackName="shop-dev",
                  EnableTerminationProtection="true")
        text = self.altc("destroy", "--yes", "--allow", "data", status=12)
        self.assertIn("is protected from termination", text)
        self.assertEqual(self.deletions(), 0)
        self.altc("destroy", "--yes", "--allow", "data", "--unprotect", "--poll", "1")
        self.assertIn("not deployed", self.altc("status", status=10))

    def fill(self):
        self.control("buckets", {"name": "shop-files-1", "account": "123456789012",
                                 "region": "eu-west-1", "objects": {"a": "1", "b": "2"}})

    def test_full_buckets_are_emptied_only_when_asked(self):
        self.fill()
        text = self.altc("destroy", "--yes", "--allow", "data", "--poll", "1", status=16)
        self.assertIn("--empty-buckets", text)
        self.altc("destroy", "--yes", "--allow", "data", "--empty-buckets", "--poll", "1")
        self.assertIn("not deployed", self.altc("status", status=10))

    def test_what_cannot_go_may_stay(self):
        self.fill()
        text = self.altc(
            "destroy", "--yes", "--allow", "data", "--retain", "Files", "--poll", "1")
        self.assertIn("without 1 resource", text)
        self.assertEqual(self.deletions(), 2)
        self.assertIn("not deployed", self.altc("status", status=10))

    def test_a_lost_answer_deletes_once(self):
        self.control("cues", {"fault": "resetAfter", "action": "DeleteStack", "times": 1})
        self.altc("destroy", "--yes", "--allow", "data", "--poll", "1")
        self.assertIn("not deployed", self.altc("status", status=10))

    def test_a_deletion_under_way_is_taken_up(self):
        self.freeze()
        self.call("DeleteStack", StackName="shop-dev")
        self.go_on()
        self.altc("destroy", "--yes", "--allow", "data", "--poll", "1")
        self.assertIn("not deployed", self.altc("status", status=10))


class SeveralStacks(stage.Stage):
    program = """
app { name: "shop", region: "eu-west-1", defaultStage: "dev" }
stages { dev: {} }
stack edge in "us-east-1" { resource Certificates: AWS::SNS::Topic { TopicName: "certificates" } }
resource Orders: AWS::SQS::Queue { QueueName: "shop-${Certificates.TopicName}" }
"""

    def setUp(self):
        super().setUp()
        self.altc("deploy", "--yes", "--poll", "1")

    def test_all_are_told_of(self):
        text = self.altc("status")
        self.assertIn("shop-dev (eu-west-1): CREATE_COMPLETE", text)
        self.assertIn("(us-east-1): CREATE_COMPLETE", text)
        self.assertNotIn("us-east-1", self.altc("status", "--stack", "main"))

    def test_those_that_use_others_go_first(self):
        self.altc("destroy", "--yes", "--allow", "data", "--poll", "1")
        log = self.control("log?action=DeleteStack", method="GET")
        requests = log["requests"] if isinstance(log, dict) else log
        self.assertEqual([request["region"] for request in requests], ["eu-west-1", "us-east-1"])

    def test_what_fails_keeps_what_it_uses(self):
        self.control("resources", {"id": "Orders", "on": "delete", "fail": "it is locked"})
        self.altc("destroy", "--yes", "--allow", "data", "--poll", "1", status=16)
        self.assertEqual(self.calls()["cloudformation:DeleteStack"], 1)
        self.assertIn("(us-east-1): CREATE_COMPLETE", self.altc("status", status=16))
