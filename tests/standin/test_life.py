"""Lives of stacks through boto3: created, updated, replaced, failed, rolled back, deleted."""

import unittest

from harness import BotoCase, queue, template, topic


class Life(BotoCase):
    def test_create_gives_the_usual_events_and_outputs(self):
        stack = self.deploy("one", template(
            queue("Q", QueueName="jobs"), outputs={"Url": {"Ref": "Q"}}), "CREATE")
        self.assertEqual(stack["StackStatus"], "CREATE_COMPLETE")
        self.assertEqual(stack["Outputs"][0]["OutputValue"],
                         "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs")
        self.assertEqual(self.events("one"), [
            ("one", "REVIEW_IN_PROGRESS", "User Initiated"),
            ("one", "CREATE_IN_PROGRESS", "User Initiated"),
            ("Q", "CREATE_IN_PROGRESS", ""),
            ("Q", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
            ("Q", "CREATE_COMPLETE", ""),
            ("one", "CREATE_COMPLETE", "")])

    def test_dependencies_come_first(self):
        self.deploy("order", template(
            topic("A", DisplayName={"Fn::GetAtt": ["B", "QueueName"]}), queue("B")), "CREATE")
        names = [name for name, status, _ in self.events("order") if status == "CREATE_COMPLETE"]
        self.assertEqual(names, ["B", "A", "order"])

    def test_change_set_passes_through_its_states(self):
        made = self.cfn.create_change_set(
            StackName="s", ChangeSetName="c", ChangeSetType="CREATE",
            TemplateBody='{"Resources":{"Q":{"Type":"AWS::SQS::Queue"}}}')
        seen = []
        for _ in range(6):
            answer = self.described(made["Id"])
            seen.append((answer["Status"], answer["ExecutionStatus"]))
            self.post("advance", {"seconds": 0.5})
        self.assertEqual(list(dict.fromkeys(seen)), [
            ("CREATE_PENDING", "UNAVAILABLE"), ("CREATE_IN_PROGRESS", "UNAVAILABLE"),
            ("CREATE_COMPLETE", "AVAILABLE")])
        self.assertEqual(self.status("s"), "REVIEW_IN_PROGRESS")

    def test_update_in_place(self):
        self.deploy("up", template(queue("Q", DelaySeconds=1)), "CREATE")
        arn = self.change_set("up", template(queue("Q", DelaySeconds=2)))
        change = self.described(arn, IncludePropertyValues=True)["Changes"][0]["ResourceChange"]
        self.assertEqual((change["Action"], change["Replacement"], change["Scope"]),
                         ("Modify", "False", ["Properties"]))
        self.assertEqual(change["Details"][0], {
            "Target": {"Attribute": "Properties", "Name": "DelaySeconds",
                       "RequiresRecreation": "Never", "Path": "/Properties/DelaySeconds",
                       "BeforeValue": "1", "AfterValue": "2", "AttributeChangeType": "Modify"},
            "Evaluation": "Static", "ChangeSource": "DirectModification"})
        self.cfn.execute_change_set(ChangeSetName=arn)
        self.run_all()
        self.assertEqual(self.status("up"), "UPDATE_COMPLETE")
        self.assertEqual(self.events("up")[-5:], [
            ("up", "UPDATE_IN_PROGRESS", "User Initiated"),
            ("Q", "UPDATE_IN_PROGRESS", ""), ("Q", "UPDATE_COMPLETE", ""),
            ("up", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", ""), ("up", "UPDATE_COMPLETE", "")])

    def test_replacement_reaches_those_who_refer_to_it(self):
        before = template(topic("T", TopicName="a"), queue("Q", KmsMasterKeyId={"Ref": "T"}))
        after = template(topic("T", TopicName="b"), queue("Q", KmsMasterKeyId={"Ref": "T"}))
        self.deploy("re", before, "CREATE")
        arn = self.change_set("re", after)
        changes = {one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"]
                   for one in self.described(arn, IncludePropertyValues=True)["Changes"]}
        self.assertEqual(changes["T"]["Replacement"], "True")
        self.assertEqual(changes["T"]["PolicyAction"], "ReplaceAndDelete")
        details = changes["Q"]["Details"]
        self.assertEqual([(one["Evaluation"], one["ChangeSource"], one.get("CausingEntity"))
                          for one in details],
                         [("Dynamic", "DirectModification", None),
                          ("Static", "ResourceReference", "T")])
        self.assertEqual(details[0]["Target"]["AfterValue"], "{{changeSet:KNOWN_AFTER_APPLY}}")
        self.cfn.execute_change_set(ChangeSetName=arn)
        self.run_all()
        events = self.events("re")
        self.assertIn(("T", "UPDATE_IN_PROGRESS", "Requested update requires the creation of a new "
                       "physical resource; hence creating one."), events)
        clean = events[events.index(("re", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "")):]
        self.assertEqual(clean[1:3], [("T", "DELETE_IN_PROGRESS", ""),
                                      ("T", "DELETE_COMPLETE", "")])
        physical = self.cfn.describe_stack_resource(StackName="re", LogicalResourceId="T")
        self.assertTrue(physical["StackResourceDetail"]["PhysicalResourceId"].endswith(":b"))

    def test_no_change_fails_the_change_set(self):
        body = template(queue("Q"))
        self.deploy("same", body, "CREATE")
        answer = self.described(self.change_set("same", body))
        self.assertEqual(answer["Status"], "FAILED")
        self.assertTrue(answer["StatusReason"].startswith(
            "The submitted information didn't contain changes."))
        self.assertEqual(answer["Changes"], [])

    def test_outputs_alone_are_a_change_without_changes(self):
        self.deploy("out", template(queue("Q")), "CREATE")
        arn = self.change_set("out", template(queue("Q"), outputs={"A": "x"}))
        answer = self.described(arn)
        self.assertEqual((answer["Status"], answer["Changes"]), ("CREATE_COMPLETE", []))
        self.cfn.execute_change_set(ChangeSetName=arn)
        self.run_all()
        self.assertEqual(self.cfn.describe_stacks(StackName="out")["Stacks"][0]["Outputs"],
                         [{"OutputKey": "A", "OutputValue": "x"}])

    def test_failed_creation_rolls_back(self):
        self.post("resources", {"id": "B", "on": "create", "fail": "B exists",
                                "handlerErrorCode": "AlreadyExists"})
        self.post("resources", {"id": "C", "seconds": 50})
        stack = self.deploy("bad", template(queue("A"), queue("B"), queue("C")), "CREATE")
        self.assertEqual(stack["StackStatus"], "ROLLBACK_COMPLETE")
        events = self.events("bad")
        failed = [one for one in events if one[1] == "CREATE_FAILED"]
        self.assertEqual(failed[0][0], "B")
        self.assertRegex(failed[0][2], r'message: "B exists" \(RequestToken: [\w-]+, '
                         r"HandlerErrorCode: AlreadyExists\)")
        self.assertIn(("C", "CREATE_FAILED", "Resource creation cancelled"), failed)
        rollback = [one for one in events if one[1] == "ROLLBACK_IN_PROGRESS"][0]
        self.assertTrue(rollback[2].startswith("The following resource(s) failed to create: [B"))
        self.refused("ValidationError", "is in ROLLBACK_COMPLETE state and can not be updated.",
                     self.change_set, "bad", template(queue("A")))

    def test_failed_update_restores(self):
        self.deploy("fu", template(queue("A", DelaySeconds=1), queue("B", DelaySeconds=1)),
                    "CREATE")
        self.post("resources", {"id": "B", "on": "update", "fail": "no"})
        self.post("resources", {"id": "A", "on": "update", "seconds": 1})
        stack = self.deploy("fu", template(queue("A", DelaySeconds=2), queue("B", DelaySeconds=2),
                                           queue("C")))
        self.assertEqual(stack["StackStatus"], "UPDATE_ROLLBACK_COMPLETE")
        told = self.get("stacks?name=fu")[0]
        self.assertEqual({name: one["properties"].get("DelaySeconds")
                          for name, one in told["resources"].items()}, {"A": 1, "B": 1})
        statuses = [status for name, status, _ in self.events("fu") if name == "fu"]
        self.assertEqual(statuses[-4:], ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS",
                                         "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
                                         "UPDATE_ROLLBACK_COMPLETE"])

    def test_stuck_rollback_continues_with_skip(self):
        self.deploy("st", template(queue("A", DelaySeconds=1), queue("B", DelaySeconds=1)),
                    "CREATE")
        self.post("resources", [{"id": "B", "on": "update", "fail": "no"},
                                {"id": "A", "on": "rollback", "fail": "still no"},
                                {"id": "A", "on": "update", "seconds": 1}])
        stack = self.deploy("st", template(queue("A", DelaySeconds=2), queue("B", DelaySeconds=2)))
        self.assertEqual(stack["StackStatus"], "UPDATE_ROLLBACK_FAILED")
        self.cfn.continue_update_rollback(StackName="st")
        self.run_all()
        self.assertEqual(self.status("st"), "UPDATE_ROLLBACK_FAILED")
        self.refused("ValidationError", "must be in UPDATE_FAILED",
                     self.cfn.continue_update_rollback, StackName="st", ResourcesToSkip=["B"])
        self.cfn.continue_update_rollback(StackName="st", ResourcesToSkip=["A"])
        self.run_all()
        self.assertEqual(self.status("st"), "UPDATE_ROLLBACK_COMPLETE")
        told = self.get("stacks?name=st")[0]["resources"]["A"]
        self.assertEqual((told["status"], told["properties"]["DelaySeconds"]),
                         ("UPDATE_COMPLETE", 2))

    def test_without_rollback_the_failure_stays(self):
        self.deploy("keep", template(queue("A", DelaySeconds=1)), "CREATE")
        self.post("resources", {"id": "A", "on": "update", "fail": "no", "times": 1})
        stack = self.deploy("keep", template(queue("A", DelaySeconds=2)), DisableRollback=True)
        self.assertEqual(stack["StackStatus"], "UPDATE_FAILED")
        arn = self.change_set("keep", template(queue("A", DelaySeconds=3)))
        self.refused("ValidationError", "please use the disable-rollback parameter",
                     self.cfn.execute_change_set, ChangeSetName=arn)
        self.cfn.rollback_stack(StackName="keep")
        self.run_all()
        self.assertEqual(self.status("keep"), "UPDATE_ROLLBACK_COMPLETE")

    def test_cancel_rolls_back(self):
        self.deploy("can", template(queue("A", DelaySeconds=1)), "CREATE")
        arn = self.change_set("can", template(queue("A", DelaySeconds=2)))
        self.post("resources", {"id": "A", "on": "update", "seconds": 100})
        self.cfn.execute_change_set(ChangeSetName=arn, ClientRequestToken="t1")
        self.post("advance", {"seconds": 5})
        self.assertEqual(self.status("can"), "UPDATE_IN_PROGRESS")
        self.cfn.cancel_update_stack(StackName="can", ClientRequestToken="t2")
        self.run_all()
        self.assertEqual(self.status("can"), "UPDATE_ROLLBACK_COMPLETE")
        self.assertIn(("A", "UPDATE_FAILED", "Resource update cancelled"), self.events("can"))

    def test_delete_and_what_is_left_of_it(self):
        stack = self.deploy("del", template(
            queue("A"), ("K", "AWS::SQS::Queue", {}, {"DeletionPolicy": "Retain"})), "CREATE")
        self.cfn.delete_stack(StackName="del")
        self.run_all()
        self.refused("ValidationError", "Stack with id del does not exist",
                     self.cfn.describe_stacks, StackName="del")
        self.assertEqual(self.status(stack["StackId"]), "DELETE_COMPLETE")
        self.assertIn(("K", "DELETE_SKIPPED", ""), self.events(stack["StackId"]))
        self.cfn.delete_stack(StackName="del")  # silently fine

    def test_full_bucket_blocks_deletion(self):
        stack = self.deploy("b", template(("B", "AWS::S3::Bucket", {"BucketName": "full"})),
                            "CREATE")
        s3 = self.client("s3")
        s3.put_object(Bucket="full", Key="k", Body=b"x")
        self.cfn.delete_stack(StackName="b")
        self.run_all()
        self.assertEqual(self.status("b"), "DELETE_FAILED")
        self.cfn.delete_stack(StackName="b", RetainResources=["B"])
        self.run_all()
        self.assertEqual(self.status(stack["StackId"]), "DELETE_COMPLETE")

    def test_termination_protection(self):
        self.deploy("p", template(queue("A")), "CREATE")
        self.cfn.update_termination_protection(StackName="p", EnableTerminationProtection=True)
        self.refused("ValidationError", "cannot be deleted while TerminationProtection is enabled",
                     self.cfn.delete_stack, StackName="p")

    def test_names_and_states_are_held(self):
        self.refused("ValidationError", "Stack with id no does not exist",
                     self.cfn.describe_stacks, StackName="no")
        self.refused("ValidationError", "Stack [no] does not exist",
                     self.change_set, "no", template(queue("A")))
        self.deploy("yes", template(queue("A")), "CREATE")
        self.refused("ValidationError", "Stack [yes] already exists and cannot be created again "
                     "with the changeSet [c].", self.change_set, "yes", template(queue("A")),
                     "CREATE")
        self.refused("ChangeSetNotFound", "ChangeSet [none] does not exist",
                     self.cfn.describe_change_set, StackName="yes", ChangeSetName="none")

    def test_parameters(self):
        body = template(queue("A", DelaySeconds={"Ref": "D"}),
                        Parameters={"D": {"Type": "Number"},
                                    "S": {"Type": "String", "NoEcho": True, "Default": "x"}})
        self.refused("ValidationError", "Parameters: [D] must have values", self.change_set, "pa",
                     body, "CREATE")
        stack = self.deploy("pa", body, "CREATE", Parameters=[
            {"ParameterKey": "D", "ParameterValue": "5"},
            {"ParameterKey": "S", "ParameterValue": "hush"}])
        self.assertEqual({one["ParameterKey"]: one["ParameterValue"]
                          for one in stack["Parameters"]}, {"D": "5", "S": "****"})
        arn = self.change_set("pa", body, Parameters=[
            {"ParameterKey": "D", "ParameterValue": "6"},
            {"ParameterKey": "S", "UsePreviousValue": True}])
        details = self.described(arn)["Changes"][0]["ResourceChange"]["Details"]
        self.assertEqual([(one["Evaluation"], one["ChangeSource"], one.get("CausingEntity"))
                          for one in details],
                         [("Dynamic", "DirectModification", None),
                          ("Static", "ParameterReference", "D")])
        self.refused("ValidationError", "Cannot specify usePreviousValue as true", self.change_set,
                     "pa", template(queue("A"), Parameters={"N": {"Type": "String"}}),
                     Parameters=[{"ParameterKey": "N", "UsePreviousValue": True}])

    def test_nested_stacks(self):
        s3 = self.client("s3")
        s3.create_bucket(Bucket="tpl", CreateBucketConfiguration={
            "LocationConstraint": "eu-west-1"})
        child = template(queue("Q", DelaySeconds={"Ref": "D"}),
                         outputs={"Url": {"Ref": "Q"}}, Parameters={"D": {"Type": "Number"}})
        import json
        s3.put_object(Bucket="tpl", Key="child.json", Body=json.dumps(child))

        def parent(delay):
            return template(
                ("N", "AWS::CloudFormation::Stack",
                 {"TemplateURL": "https://tpl.s3.eu-west-1.amazonaws.com/child.json",
                  "Parameters": {"D": delay}}),
                topic("T", DisplayName={"Fn::GetAtt": ["N", "Outputs.Url"]}))
        stack = self.deploy("par", parent("1"), "CREATE")
        self.assertEqual(stack["StackStatus"], "CREATE_COMPLETE")
        self.assertEqual(self.deploy("par", parent("2"))["StackStatus"], "UPDATE_COMPLETE")
        children = [one for one in self.get("stacks") if one["parent"]]
        self.assertEqual(children[0]["status"], "UPDATE_COMPLETE")
        self.post("resources", {"id": "Q", "on": "update", "fail": "child says no"})
        self.assertEqual(self.deploy("par", parent("3"))["StackStatus"],
                         "UPDATE_ROLLBACK_COMPLETE")
        reasons = [reason for _, status, reason in self.events("par")
                   if status == "UPDATE_FAILED"]
        self.assertIn("was not successfully updated: The following resource(s) failed to update: "
                      "[Q]", reasons[0])
        self.cfn.delete_stack(StackName="par")
        self.run_all()
        self.assertEqual([one["status"] for one in self.get("stacks")], ["DELETE_COMPLETE"] * 2)


if __name__ == "__main__":
    unittest.main()
