"""The other operations: recovery, exports, drift, refactoring, states set outright."""

import http.client
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

from harness import HERE, BotoCase, Server, queue, template, topic


class Recovery(BotoCase):
    def test_deletion_that_fails(self):
        stack = self.deploy("s", template(queue("A"), queue("B", QueueName={"Ref": "A"})),
                            "CREATE")
        self.post("resources", {"id": "A", "on": "delete", "fail": "busy"})
        self.refused("ValidationError", "only specify resources to retain when",
                     self.cfn.delete_stack, StackName="s", RetainResources=["A"])
        self.cfn.delete_stack(StackName="s")
        self.run_all()
        answer = self.cfn.describe_stacks(StackName="s")["Stacks"][0]
        self.assertEqual((answer["StackStatus"], answer["StackStatusReason"]), (
            "DELETE_FAILED", "The following resource(s) failed to delete: [A]. "))
        self.cfn.delete_stack(StackName="s", DeletionMode="FORCE_DELETE_STACK")
        self.run_all()
        self.assertEqual(self.status(stack["StackId"]), "DELETE_COMPLETE")

    def test_delete_ends_a_creation(self):
        self.post("resources", {"id": "A", "on": "create", "seconds": 1000})
        arn = self.change_set("s", template(queue("A"), queue("B")), "CREATE")
        self.cfn.execute_change_set(ChangeSetName=arn)
        self.post("advance", {"seconds": 10})
        stack_id = self.described(arn)["StackId"]
        self.cfn.delete_stack(StackName="s")
        self.run_all()
        self.assertEqual(self.status(stack_id), "DELETE_COMPLETE")

    def test_on_stack_failure(self):
        self.post("resources", {"id": "A", "on": "create", "fail": "no"})
        stack = self.deploy("d", template(queue("A")), "CREATE", OnStackFailure="DELETE")
        self.assertEqual(stack["StackStatus"], "DELETE_COMPLETE")
        stack = self.deploy("n", template(queue("A")), "CREATE", OnStackFailure="DO_NOTHING")
        self.assertEqual(stack["StackStatus"], "CREATE_FAILED")
        self.refused("ValidationError", "contains [on-failure: DO_NOTHING]", self.change_set, "n",
                     template(queue("B")))

    def test_creation_without_rollback(self):
        self.post("resources", {"id": "A", "on": "create", "fail": "no"})
        stack = self.deploy("s", template(queue("A"), queue("B")), "CREATE", DisableRollback=True)
        self.assertEqual(stack["StackStatus"], "CREATE_FAILED")
        self.assertEqual(self.get("stacks")[0]["resources"]["B"]["status"], "CREATE_COMPLETE")
        self.cfn.rollback_stack(StackName="s")
        self.run_all()
        self.assertEqual(self.status(stack["StackId"]), "DELETE_COMPLETE")

    def test_replacement_without_rollback_is_refused(self):
        self.deploy("s", template(queue("A", QueueName="a")), "CREATE")
        stack = self.deploy("s", template(queue("A", QueueName="b")), DisableRollback=True)
        self.assertEqual(stack["StackStatus"], "UPDATE_FAILED")
        self.assertIn(("A", "UPDATE_FAILED", "Replacement type updates not supported on stack with "
                       "disable-rollback."), self.events("s"))

    def test_two_independent_failures(self):
        self.post("resources", [{"id": "A", "on": "create", "fail": "first", "stubborn": True},
                                {"id": "B", "on": "create", "fail": "second", "stubborn": True}])
        self.deploy("s", template(queue("A"), queue("B")), "CREATE")
        failed = [reason for _, status, reason in self.events("s") if status == "CREATE_FAILED"]
        self.assertEqual(failed, ["first", "second"])

    def test_failed_cleanup_is_tried_three_times(self):
        self.deploy("s", template(queue("A"), queue("B")), "CREATE")
        self.post("resources", {"id": "B", "on": "delete", "fail": "in use"})
        stack = self.deploy("s", template(queue("A")))
        self.assertEqual(stack["StackStatus"], "UPDATE_COMPLETE")
        tries = [one for one in self.events("s") if one[:2] == ("B", "DELETE_FAILED")]
        self.assertEqual(len(tries), 3)

    def test_failed_replacement_keeps_the_old_one(self):
        self.deploy("s", template(topic("T", TopicName="a")), "CREATE")
        old = self.get("stacks")[0]["resources"]["T"]["physicalId"]
        self.post("resources", {"id": "T", "on": "replace", "fail": "no"})
        self.deploy("s", template(topic("T", TopicName="b")))
        told = self.get("stacks")[0]
        self.assertEqual((told["status"], told["resources"]["T"]["physicalId"]),
                         ("UPDATE_ROLLBACK_COMPLETE", old))

    def test_rollback_of_a_bucket_takes_the_new_one_away(self):
        self.deploy("s", template(queue("Q", DelaySeconds=1)), "CREATE")
        self.post("resources", {"id": "Q", "on": "update", "fail": "no", "seconds": 60})
        self.deploy("s", template(queue("Q", DelaySeconds=2),
                                  ("B", "AWS::S3::Bucket", {"BucketName": "fresh"})))
        self.assertEqual(self.get("buckets"), {})

    def test_express(self):
        made = self.post("call", {"action": "CreateChangeSet", "params": {
            "StackName": "s", "ChangeSetName": "c", "ChangeSetType": "CREATE",
            "DeploymentConfig.Mode": "EXPRESS", "TemplateBody": json.dumps(template(queue("A")))}})
        self.run_all()
        self.cfn.execute_change_set(ChangeSetName=made["Id"])
        self.run_all()
        self.assertEqual(self.status("s"), "CREATE_COMPLETE")
        self.assertTrue(any("Express Mode" in reason for _, _, reason in self.events("s")))

    def test_configuration_complete(self):
        self.post("resources", {"id": "A", "configurationComplete": True})
        self.deploy("s", template(queue("A")), "CREATE")
        events = self.cfn.describe_stack_events(StackName="s")["StackEvents"]
        self.assertIn("CONFIGURATION_COMPLETE", [one.get("DetailedStatus") for one in events])

    def test_operations_have_ids(self):
        self.post("resources", {"id": "A", "on": "create", "fail": "no"})
        self.deploy("s", template(queue("A")), "CREATE", ClientRequestToken="tok")
        events = self.cfn.describe_stack_events(StackName="s")["StackEvents"]
        ids = [one["OperationId"] for one in events if "OperationId" in one]
        self.assertEqual(len(dict.fromkeys(ids)), 2)  # creation and rollback
        last = self.cfn.describe_stacks(StackName="s")["Stacks"][0]["LastOperations"]
        self.assertEqual([one["OperationType"] for one in last], ["ROLLBACK", "CREATE_STACK"])
        told = self.cfn.describe_events(OperationId=last[1]["OperationId"],
                                        Filters={"FailedEvents": True})["OperationEvents"]
        self.assertEqual([(one["LogicalResourceId"], one["EventType"]) for one in told],
                         [("A", "PROVISIONING_ERROR")])


class Outright(BotoCase):
    STATES = ("REVIEW_IN_PROGRESS CREATE_IN_PROGRESS CREATE_FAILED CREATE_COMPLETE "
              "ROLLBACK_IN_PROGRESS ROLLBACK_COMPLETE ROLLBACK_FAILED UPDATE_IN_PROGRESS "
              "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS UPDATE_COMPLETE UPDATE_FAILED "
              "UPDATE_ROLLBACK_IN_PROGRESS UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS "
              "UPDATE_ROLLBACK_COMPLETE UPDATE_ROLLBACK_FAILED DELETE_IN_PROGRESS DELETE_FAILED "
              "IMPORT_IN_PROGRESS IMPORT_COMPLETE IMPORT_ROLLBACK_IN_PROGRESS "
              "IMPORT_ROLLBACK_COMPLETE IMPORT_ROLLBACK_FAILED").split()

    def test_every_state_can_be_there_and_says_what_it_allows(self):
        updatable = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE",
                     "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE", "UPDATE_FAILED",
                     "CREATE_FAILED"}
        for state in self.STATES:
            with self.subTest(state=state):
                name = "s-" + state.replace("_", "-")
                self.post("stacks", {"name": name, "status": state, "reason": "because",
                                     "template": template(queue("A"))})
                self.assertEqual(self.status(name), state)
                if state in updatable:
                    self.change_set(name, template(queue("B")))
                elif state == "REVIEW_IN_PROGRESS":
                    self.change_set(name, template(queue("B")), "CREATE")
                else:
                    self.refused("ValidationError", f"is in {state} state and can not be updated.",
                                 self.change_set, name, template(queue("B")))

    def test_operation_of_somebody_else_ends(self):
        self.post("stacks", {"name": "s", "status": "UPDATE_IN_PROGRESS",
                             "template": template(queue("A")),
                             "finish": {"seconds": 30, "status": "UPDATE_ROLLBACK_COMPLETE"}})
        self.post("advance", {"seconds": 29})
        self.assertEqual(self.status("s"), "UPDATE_IN_PROGRESS")
        self.post("advance", {"seconds": 1})
        self.assertEqual(self.status("s"), "UPDATE_ROLLBACK_COMPLETE")

    def test_stuck_rollback_put_there(self):
        self.post("stacks", {"name": "s", "status": "UPDATE_ROLLBACK_FAILED",
                             "template": template(queue("A"), queue("B")),
                             "resources": {"A": {"status": "UPDATE_FAILED", "reason": "no"}}})
        self.cfn.continue_update_rollback(StackName="s", ResourcesToSkip=["A"])
        self.run_all()
        self.assertEqual(self.status("s"), "UPDATE_ROLLBACK_COMPLETE")

    def test_cancel_of_an_update_put_there(self):
        self.post("stacks", {"name": "s", "status": "UPDATE_IN_PROGRESS",
                             "template": template(queue("A"))})
        self.cfn.cancel_update_stack(StackName="s")
        self.run_all()
        self.assertEqual(self.status("s"), "UPDATE_ROLLBACK_COMPLETE")
        self.refused("ValidationError", "CancelUpdateStack cannot be called from current stack "
                     "status: UPDATE_ROLLBACK_COMPLETE", self.cfn.cancel_update_stack,
                     StackName="s")

    def test_later(self):
        self.deploy("s", template(queue("A")), "CREATE")
        self.post("later", {"seconds": 10, "call": {"action": "DeleteStack",
                                                    "params": {"StackName": "s"}}})
        self.post("advance", {"seconds": 9})
        self.assertEqual(self.status("s"), "CREATE_COMPLETE")
        self.run_all()
        self.refused("ValidationError", "does not exist", self.cfn.describe_stacks, StackName="s")

    def test_name_made_again(self):
        first = self.deploy("s", template(queue("A")), "CREATE")["StackId"]
        self.cfn.delete_stack(StackName="s")
        self.run_all()
        second = self.deploy("s", template(queue("A")), "CREATE")["StackId"]
        self.assertNotEqual(first, second)
        self.assertEqual([self.status(one) for one in (first, second)],
                         ["DELETE_COMPLETE", "CREATE_COMPLETE"])

    def test_mistakes_are_told(self):
        with self.assertRaisesRegex(AssertionError, "a stack takes no colour"):
            self.post("stacks", {"name": "s", "colour": 1})
        with self.assertRaisesRegex(AssertionError, "a rule takes no sconds"):
            self.post("resources", {"sconds": 1})


class Exports(BotoCase):
    PRODUCER = template(queue("Q"), outputs={"U": {"Value": {"Ref": "Q"},
                                                   "Export": {"Name": "url"}}})
    CONSUMER = template(topic("T", DisplayName={"Fn::ImportValue": "url"}))

    def test_exports_hold_their_stack(self):
        self.deploy("producer", self.PRODUCER, "CREATE")
        self.deploy("consumer", self.CONSUMER, "CREATE")
        self.assertEqual(self.cfn.list_exports()["Exports"][0]["Name"], "url")
        self.assertEqual(self.cfn.list_imports(ExportName="url")["Imports"], ["consumer"])
        answer = self.described(self.change_set("producer", template(queue("Q"))))
        self.assertEqual(answer["StatusReason"],
                         "Export url cannot be deleted as it is in use by consumer")
        self.cfn.delete_stack(StackName="producer")
        self.run_all()
        self.assertEqual(self.status("producer"), "DELETE_FAILED")

    def test_missing_export(self):
        arn = self.change_set("consumer", self.CONSUMER, "CREATE")
        self.assertTrue(self.described(arn, IncludePropertyValues=True)["StatusReason"]
                        .startswith("[WARN]"))
        self.cfn.execute_change_set(ChangeSetName=arn)
        self.run_all()
        self.assertEqual(self.status("consumer"), "ROLLBACK_COMPLETE")
        self.assertIn(("T", "CREATE_FAILED", "No export named url found."),
                      self.events("consumer"))

    def test_output_of_another_region(self):
        edge = self.client("cloudformation", "us-east-1")
        edge.create_stack(StackName="edge", TemplateBody=json.dumps(self.PRODUCER))
        self.run_all()
        stack = self.deploy("s", template(topic("T", DisplayName={"Fn::GetStackOutput": {
            "StackName": "edge", "OutputName": "U", "Region": "us-east-1"}})), "CREATE")
        self.assertEqual(stack["StackStatus"], "CREATE_COMPLETE")
        self.assertIn("edge-Q", self.get("stacks?name=s")[0]["resources"]["T"]["properties"]
                      ["DisplayName"])
        self.refused("ValidationError", "", self.cfn.describe_stacks, StackName="edge")


class Drift(BotoCase):
    def test_drift(self):
        self.deploy("s", template(queue("A", DelaySeconds=1, QueueName="a"), queue("B"),
                                  queue("C")), "CREATE")
        self.post("drift", {"stack": "s", "id": "A", "properties": {"DelaySeconds": 9}})
        self.post("drift", {"stack": "s", "id": "B", "deleted": True})
        id_ = self.cfn.detect_stack_drift(StackName="s")["StackDriftDetectionId"]
        status = self.cfn.describe_stack_drift_detection_status(StackDriftDetectionId=id_)
        self.assertEqual(status["DetectionStatus"], "DETECTION_IN_PROGRESS")
        self.run_all()
        status = self.cfn.describe_stack_drift_detection_status(StackDriftDetectionId=id_)
        self.assertEqual((status["DetectionStatus"], status["StackDriftStatus"],
                          status["DriftedStackResourceCount"]),
                         ("DETECTION_COMPLETE", "DRIFTED", 2))
        drifts = {one["LogicalResourceId"]: one for one in
                  self.cfn.describe_stack_resource_drifts(StackName="s")["StackResourceDrifts"]}
        self.assertEqual(drifts["A"]["PropertyDifferences"], [{
            "PropertyPath": "/DelaySeconds", "ExpectedValue": "1", "ActualValue": "9",
            "DifferenceType": "NOT_EQUAL"}])
        self.assertEqual([drifts[name]["StackResourceDriftStatus"] for name in "ABC"],
                         ["MODIFIED", "DELETED", "IN_SYNC"])


    def test_drift_is_reverted(self):
        body = template(queue("A", DelaySeconds=1), queue("B", DelaySeconds=1), queue("C"))
        self.deploy("s", body, "CREATE")
        self.post("drift", {"stack": "s", "id": "A", "properties": {"DelaySeconds": 9}})
        self.post("drift", {"stack": "s", "id": "B", "properties": {"DelaySeconds": 2}})
        self.post("drift", {"stack": "s", "id": "C", "deleted": True})
        arn = self.change_set("s", template(queue("A", DelaySeconds=1), queue("B", DelaySeconds=2),
                                            queue("C")), DeploymentMode="REVERT_DRIFT")
        changes = [one["ResourceChange"] for one in
                   self.described(arn, IncludePropertyValues=True)["Changes"]]
        self.assertEqual([(one["LogicalResourceId"], one["Action"], one["ResourceDriftStatus"])
                          for one in changes], [("A", "Modify", "MODIFIED"),
                                                ("B", "SyncWithActual", "MODIFIED"),
                                                ("C", "Add", "DELETED")])
        target = changes[0]["Details"][0]["Target"]
        self.assertEqual((target["BeforeValue"], target["AfterValue"],
                          target["Drift"]["PreviousValue"], target["Drift"]["ActualValue"]),
                         ("9", "1", "1", "9"))
        self.cfn.execute_change_set(ChangeSetName=arn)
        self.run_all()
        self.assertEqual(self.status("s"), "UPDATE_COMPLETE")
        self.cfn.detect_stack_drift(StackName="s")
        self.run_all()
        self.assertEqual(self.cfn.describe_stacks(StackName="s")["Stacks"][0]
                         ["DriftInformation"]["StackDriftStatus"], "IN_SYNC")


class Refactor(BotoCase):
    def make(self, definitions, mappings, **more):
        made = self.cfn.create_stack_refactor(
            StackDefinitions=[{"StackName": name, "TemplateBody": json.dumps(body)}
                              for name, body in definitions.items()],
            ResourceMappings=[{"Source": {"StackName": a, "LogicalResourceId": b},
                               "Destination": {"StackName": c, "LogicalResourceId": d}}
                              for a, b, c, d in mappings], **more)["StackRefactorId"]
        self.run_all()
        return made, self.cfn.describe_stack_refactor(StackRefactorId=made)

    def test_rename_and_move(self):
        self.deploy("a", template(queue("Old", DelaySeconds=1), queue("Stay")), "CREATE")
        before = self.get("stacks?name=a")[0]["resources"]["Old"]["physicalId"]
        made, told = self.make({"a": template(queue("Stay")),
                                "b": template(queue("New", DelaySeconds=1))},
                               [("a", "Old", "b", "New")], EnableStackCreation=True)
        self.assertEqual((told["Status"], told["ExecutionStatus"]),
                         ("CREATE_COMPLETE", "AVAILABLE"))
        actions = self.cfn.list_stack_refactor_actions(StackRefactorId=made)
        self.assertEqual(actions["StackRefactorActions"][0]["Action"], "MOVE")
        self.cfn.execute_stack_refactor(StackRefactorId=made)
        self.run_all()
        told = self.cfn.describe_stack_refactor(StackRefactorId=made)
        self.assertEqual(told["ExecutionStatus"], "EXECUTE_COMPLETE")
        self.assertEqual(self.get("stacks?name=b")[0]["resources"]["New"]["physicalId"], before)
        self.assertNotIn("Old", self.get("stacks?name=a")[0]["resources"])

    def test_rename_in_place(self):
        def body(name):
            return template(queue(name, DelaySeconds=1),
                            topic("T", DisplayName={"Fn::GetAtt": [name, "QueueName"]}),
                            outputs={"U": {"Ref": name}},
                            Parameters={"P": {"Type": "String"}})
        stack = self.deploy("a", body("Old"), "CREATE", Parameters=[
            {"ParameterKey": "P", "ParameterValue": "kept"}])
        made, told = self.make({"a": body("New")}, [("a", "Old", "a", "New")])
        self.assertEqual((told["Status"], told.get("StatusReason")), ("CREATE_COMPLETE", None))
        self.cfn.execute_stack_refactor(StackRefactorId=made)
        self.run_all()
        after = self.cfn.describe_stacks(StackName="a")["Stacks"][0]
        self.assertEqual(after["Outputs"], stack["Outputs"])
        self.assertEqual(after["Parameters"][0]["ParameterValue"], "kept")
        answer = self.described(self.change_set("a", body("New"), Parameters=[
            {"ParameterKey": "P", "UsePreviousValue": True}]))
        self.assertTrue(answer["StatusReason"].startswith("The submitted information didn't"))

    def test_only_moves(self):
        self.deploy("a", template(queue("Q", DelaySeconds=1), queue("R")), "CREATE")
        _, told = self.make({"a": template(queue("Q", DelaySeconds=2), queue("S"))},
                            [("a", "R", "a", "S")])
        self.assertEqual(told["Status"], "CREATE_FAILED")
        self.assertIn("does not permit updating resources", told["StatusReason"])
        _, told = self.make({"a": template(queue("Q", DelaySeconds=1))}, [])
        self.assertIn("does not permit deleting resources", told["StatusReason"])


class Telling(BotoCase):
    def test_lists_and_templates(self):
        body = template(queue("A"), Description="what it is",
                        Parameters={"P": {"Type": "String", "Default": "d", "NoEcho": True,
                                          "AllowedValues": ["d", "e"]}})
        self.deploy("s", body, "CREATE")
        listed = self.cfn.list_stacks(StackStatusFilter=["CREATE_COMPLETE"])["StackSummaries"]
        self.assertEqual(listed[0]["TemplateDescription"], "what it is")
        self.assertEqual(self.cfn.list_stack_resources(StackName="s")["StackResourceSummaries"][0]
                         ["LogicalResourceId"], "A")
        self.assertEqual(self.cfn.describe_stack_resources(StackName="s")["StackResources"][0]
                         ["ResourceStatus"], "CREATE_COMPLETE")
        self.assertEqual(dict(self.cfn.get_template(StackName="s")["TemplateBody"]), body)
        summary = self.cfn.get_template_summary(StackName="s")
        self.assertEqual(summary["Parameters"][0]["ParameterConstraints"]["AllowedValues"],
                         ["d", "e"])
        self.assertEqual(summary["ResourceIdentifierSummaries"][0]["ResourceIdentifiers"],
                         ["QueueUrl"])
        self.assertTrue(self.cfn.validate_template(TemplateBody=json.dumps(body))
                        ["Parameters"][0]["NoEcho"])
        self.assertEqual(self.cfn.describe_account_limits()["AccountLimits"][0]["Value"], 2000)

    def test_policy(self):
        self.deploy("s", template(queue("A")), "CREATE")
        text = json.dumps({"Statement": [{"Effect": "Allow", "Action": "Update:*",
                                          "Principal": "*", "Resource": "*"}]})
        self.cfn.set_stack_policy(StackName="s", StackPolicyBody=text)
        self.assertEqual(self.cfn.get_stack_policy(StackName="s")["StackPolicyBody"], text)
        self.refused("ValidationError", "Error validating stack policy",
                     self.cfn.set_stack_policy, StackName="s", StackPolicyBody="{")

    def test_policy_is_held(self):
        self.deploy("s", template(queue("A", DelaySeconds=1), queue("B", DelaySeconds=1),
                                  topic("T", TopicName="a")), "CREATE")
        self.cfn.set_stack_policy(StackName="s", StackPolicyBody=json.dumps({"Statement": [
            {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"},
            {"Effect": "Deny", "Action": ["Update:Replace", "Update:Delete"], "Principal": "*",
             "Resource": "LogicalResourceId/T"},
            {"Effect": "Deny", "Action": "Update:Modify", "Principal": "*",
             "Resource": "LogicalResourceId/B"}]}))

        def denied(number, action, logical, *resources):
            stack = self.deploy("s", template(*resources))
            self.assertEqual(stack["StackStatus"], "UPDATE_ROLLBACK_COMPLETE")
            self.assertIn((logical, "UPDATE_FAILED", f"Action denied by stack policy: Statement "
                           f"[#{number}] does not allow [{action}] for resource "
                           f"[LogicalResourceId/{logical}]"), self.events("s"))
        kept = queue("A", DelaySeconds=1), queue("B", DelaySeconds=1)
        denied(2, "Update:Replace", "T", *kept, topic("T", TopicName="b"))
        denied(2, "Update:Delete", "T", *kept)
        denied(3, "Update:Modify", "B", queue("A", DelaySeconds=1), queue("B", DelaySeconds=2),
               topic("T", TopicName="a"))
        self.assertEqual(self.deploy("s", template(
            queue("A", DelaySeconds=5), queue("B", DelaySeconds=1),
            topic("T", TopicName="a")))["StackStatus"], "UPDATE_COMPLETE")

    def test_direct_operations(self):
        body = json.dumps(template(queue("A", DelaySeconds=1)))
        self.cfn.create_stack(StackName="s", TemplateBody=body)
        self.run_all()
        self.refused("AlreadyExistsException", "Stack [s] already exists", self.cfn.create_stack,
                     StackName="s", TemplateBody=body)
        self.refused("ValidationError", "No updates are to be performed.", self.cfn.update_stack,
                     StackName="s", TemplateBody=body)

    def test_accounts_and_regions_are_apart(self):
        self.deploy("s", template(queue("A")), "CREATE")
        other = self.client("cloudformation", key="AKIASTANDIN000000002",
                            secret="standin-other-secret")
        self.assertEqual(other.list_stacks()["StackSummaries"], [])
        far = self.client("cloudformation", "us-east-1")
        self.assertEqual(far.list_stacks()["StackSummaries"], [])

    def test_calls_are_counted(self):
        self.cfn.list_stacks()
        self.cfn.list_stacks()
        self.client("sts").get_caller_identity()
        self.assertEqual(self.get("calls"), {"cloudformation:ListStacks": 2,
                                             "sts:GetCallerIdentity": 1})


class Clocks(BotoCase):
    def test_event_mode_goes_from_one_thing_to_the_next(self):
        self.post("clock", {"mode": "event"})
        made = self.cfn.create_change_set(
            StackName="s", ChangeSetName="c", ChangeSetType="CREATE",
            TemplateBody=json.dumps(template(queue("A"))))
        polls = 0
        while self.described(made["Id"])["Status"] != "CREATE_COMPLETE":
            polls += 1
        self.cfn.execute_change_set(ChangeSetName=made["Id"])
        while self.status("s") != "CREATE_COMPLETE":
            polls += 1
        self.assertLess(polls, 10)

    def test_request_mode(self):
        self.post("clock", {"mode": "request", "step": 2, "now": 1000000000})
        self.cfn.list_stacks()
        self.cfn.list_stacks()
        self.assertEqual(self.get("clock")["now"], 1000000004)

    def test_real_mode_runs_at_its_speed(self):
        self.post("clock", {"mode": "real", "speed": 1000})
        before = self.get("clock")["now"]
        time.sleep(0.05)
        self.assertGreater(self.get("clock")["now"], before + 45)


class Server_(unittest.TestCase):
    @unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
    def test_tls(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        certificate, key = os.path.join(folder, "c.pem"), os.path.join(folder, "k.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=standin",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
                        certificate], check=True, capture_output=True)
        server = Server("--tls", certificate, key)
        self.addCleanup(server.stop)
        connection = http.client.HTTPSConnection(
            "127.0.0.1", server.port, context=ssl.create_default_context(cafile=certificate))
        connection.request("GET", "/_standin/state")
        self.assertEqual(connection.getresponse().status, 200)
        connection.close()
        stranger = http.client.HTTPSConnection("127.0.0.1", server.port,
                                               context=ssl.create_default_context())
        with self.assertRaises(ssl.SSLCertVerificationError):
            stranger.request("GET", "/_standin/state")
        stranger.close()

    def test_ends_with_its_parent(self):
        code = (f"import subprocess,sys; p=subprocess.Popen([sys.executable,{HERE!r}+'/server.py'],"
                "stdout=subprocess.PIPE); p.stdout.readline(); print(p.pid)")
        pid = int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                                 check=True).stdout)
        for _ in range(40):
            try:
                os.kill(pid, 0)
                with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                    if file.read().split()[2] == "Z":
                        return
            except (ProcessLookupError, FileNotFoundError):
                return
            time.sleep(0.1)
        self.fail("it is still there")

    def test_ends_on_sigterm(self):
        server = Server()
        server.stop()
        self.assertEqual(server.process.returncode, 0)


if __name__ == "__main__":
    unittest.main()
