"""Change sets through boto3: what they say, what refuses them, what becomes of them."""

import json
import unittest

from harness import BotoCase, queue, template, topic


class ChangeSets(BotoCase):
    def failed(self, reason, *args, **more):
        answer = self.described(self.change_set(*args, **more))
        self.assertEqual((answer["Status"], answer["ExecutionStatus"]), ("FAILED", "UNAVAILABLE"))
        self.assertTrue(answer["StatusReason"].startswith(reason), answer["StatusReason"])
        return answer

    def test_add_and_remove(self):
        self.deploy("s", template(queue("A"), ("K", "AWS::SQS::Queue", {},
                                               {"DeletionPolicy": "Retain"})), "CREATE")
        changes = self.described(self.change_set("s", template(queue("B"))))["Changes"]
        self.assertEqual(
            [(one["ResourceChange"]["Action"], one["ResourceChange"]["LogicalResourceId"],
              one["ResourceChange"].get("PolicyAction")) for one in changes],
            [("Add", "B", None), ("Remove", "A", "Delete"), ("Remove", "K", "Retain")])
        self.assertNotIn("PhysicalResourceId", changes[0]["ResourceChange"])

    def test_values_only_when_asked_for(self):
        self.deploy("s", template(queue("A", DelaySeconds=1)), "CREATE")
        arn = self.change_set("s", template(queue("A", DelaySeconds=2)))
        plain = self.described(arn)["Changes"][0]["ResourceChange"]
        self.assertNotIn("BeforeContext", plain)
        self.assertEqual(plain["Details"][0]["Target"], {
            "Attribute": "Properties", "Name": "DelaySeconds", "RequiresRecreation": "Never"})
        full = self.described(arn, IncludePropertyValues=True)["Changes"][0]["ResourceChange"]
        self.assertEqual(json.loads(full["AfterContext"]), {"Properties": {"DelaySeconds": 2}})

    def test_attribute_of_what_is_replaced(self):
        def body(name):
            return template(topic("T", TopicName=name), topic(
                "U", DisplayName={"Fn::Sub": "x-${T.TopicName}"}))
        self.deploy("s", body("a"), "CREATE")
        changes = self.described(self.change_set("s", body("b")), IncludePropertyValues=True)
        details = changes["Changes"][1]["ResourceChange"]["Details"]
        self.assertEqual(details[1]["ChangeSource"], "ResourceAttribute")
        self.assertEqual(details[1]["CausingEntity"], "T.TopicName")

    def test_conditional_replacement(self):
        self.deploy("s", template(("V", "AWS::EC2::VPC", {
            "CidrBlock": "10.0.0.0/16", "InstanceTenancy": "dedicated"})), "CREATE")
        change = self.described(self.change_set("s", template(("V", "AWS::EC2::VPC", {
            "CidrBlock": "10.0.0.0/16", "InstanceTenancy": "default"}))))["Changes"][0]
        self.assertEqual(change["ResourceChange"]["Replacement"], "Conditional")
        self.assertNotIn("PolicyAction", change["ResourceChange"])

    def test_replacement_as_the_test_wants_it(self):
        self.deploy("s", template(queue("A", DelaySeconds=1)), "CREATE")
        self.post("changesets", {"replacement": {"A": "Conditional"}})
        change = self.described(self.change_set("s", template(queue("A", DelaySeconds=2))))
        self.assertEqual(change["Changes"][0]["ResourceChange"]["Replacement"], "Conditional")

    def test_types_as_the_test_wants_them(self):
        self.post("types", {"AWS::SQS::Queue": {"createOnly": ["DelaySeconds"]}})
        self.deploy("s", template(queue("A", DelaySeconds=1)), "CREATE")
        change = self.described(self.change_set("s", template(queue("A", DelaySeconds=2))))
        self.assertEqual(change["Changes"][0]["ResourceChange"]["Replacement"], "True")

    def test_attributes_of_what_changes_in_place_are_told_only_without_values(self):
        def body(delay):
            return template(queue("Q", DelaySeconds=delay), topic(
                "T", TopicName={"Fn::GetAtt": ["Q", "QueueName"]}))
        self.deploy("s", body(1), "CREATE")
        arn = self.change_set("s", body(2))
        change = self.described(arn)["Changes"][1]["ResourceChange"]
        self.assertEqual((change["Replacement"], change["Details"]), ("Conditional", [{
            "Target": {"Attribute": "Properties", "Name": "TopicName",
                       "RequiresRecreation": "Always"},
            "Evaluation": "Dynamic", "ChangeSource": "ResourceAttribute",
            "CausingEntity": "Q.QueueName"}]))
        changes = self.described(arn, IncludePropertyValues=True)["Changes"]
        self.assertEqual([one["ResourceChange"]["LogicalResourceId"] for one in changes], ["Q"])
        self.cfn.delete_change_set(ChangeSetName=arn)
        self.post("changesets", {"ripple": False})
        self.assertEqual(len(self.described(self.change_set("s", body(2)))["Changes"]), 1)

    def test_policies_and_metadata_count(self):
        self.deploy("s", template(queue("A")), "CREATE")
        change = self.described(self.change_set("s", template(
            ("A", "AWS::SQS::Queue", {}, {"DeletionPolicy": "Retain", "Metadata": {"a": 1}}))))
        change = change["Changes"][0]["ResourceChange"]
        self.assertEqual((change["Scope"], change["Replacement"]),
                         (["Metadata", "DeletionPolicy"], "False"))

    def test_tags_spread(self):
        self.deploy("s", template(queue("A")), "CREATE", Tags=[{"Key": "a", "Value": "1"}])
        change = self.described(self.change_set("s", template(queue("A")), Tags=[
            {"Key": "a", "Value": "2"}]))["Changes"][0]["ResourceChange"]
        self.assertEqual(change["Scope"], ["Tags"])
        self.cfn.delete_change_set(StackName="s", ChangeSetName="c")
        self.failed("The submitted information didn't contain changes.", "s", template(queue("A")))

    def test_secrets_are_masked(self):
        body = template(queue("A", QueueName={"Fn::Sub": "q-${S}"}),
                        Parameters={"S": {"Type": "String", "NoEcho": True}})
        made = self.cfn.create_change_set(
            StackName="s", ChangeSetName="c", ChangeSetType="CREATE",
            TemplateBody=json.dumps(body),
            Parameters=[{"ParameterKey": "S", "ParameterValue": "topsecret"}])
        self.run_all()
        self.assertNotIn("topsecret", str(self.described(made["Id"], IncludePropertyValues=True)))
        self.assertIn("topsecret", str(self.get("log?action=CreateChangeSet")))

    def test_loops(self):
        body = {"Transform": "AWS::LanguageExtensions",
                "Parameters": {"Names": {"Type": "CommaDelimitedList"}},
                "Resources": {"Fn::ForEach::Queues": ["Name", {"Ref": "Names"}, {
                    "Queue${Name}": {"Type": "AWS::SQS::Queue",
                                     "Properties": {"QueueName": {"Fn::Sub": "q-${Name}"}}}}]}}
        self.deploy("s", body, "CREATE", Capabilities=["CAPABILITY_AUTO_EXPAND"], Parameters=[
            {"ParameterKey": "Names", "ParameterValue": "A,B"}])
        told = self.get("stacks?name=s")[0]["resources"]
        self.assertEqual({key: one["properties"]["QueueName"] for key, one in told.items()},
                         {"QueueA": "q-A", "QueueB": "q-B"})
        stages = [self.cfn.get_template(StackName="s", TemplateStage=stage)["TemplateBody"]
                  for stage in ("Original", "Processed")]
        self.assertEqual(stages[0], body)
        self.assertEqual(list(stages[1]["Resources"]), ["QueueA", "QueueB"])

    def test_no_updates_with_a_transform(self):
        body = template(queue("A"), Transform="AWS::LanguageExtensions")
        more = {"Capabilities": ["CAPABILITY_AUTO_EXPAND"]}
        self.deploy("s", body, "CREATE", **more)
        self.failed("No updates are to be performed.", "s", body, **more)

    def test_capabilities(self):
        role = ("R", "AWS::IAM::Role", {"AssumeRolePolicyDocument": {}})
        self.refused("InsufficientCapabilitiesException", "Requires capabilities : "
                     "[CAPABILITY_IAM]", self.change_set, "s", template(role), "CREATE")
        role[2]["RoleName"] = "n"
        self.refused("InsufficientCapabilitiesException", "[CAPABILITY_NAMED_IAM]",
                     self.change_set, "s", template(role), "CREATE",
                     Capabilities=["CAPABILITY_IAM"])
        self.deploy("s", template(role), "CREATE", Capabilities=["CAPABILITY_NAMED_IAM"])

    def test_bad_templates(self):
        def refused(text, body):
            self.refused("ValidationError", text, self.cfn.create_change_set, StackName="s",
                         ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=body)
        refused("JSON not well-formed", "{")
        refused("At least one Resources member must be defined.", "{}")
        refused("Unrecognized resource types: [AWS::No::Thing]",
                json.dumps(template(("A", "AWS::No::Thing", {}))))
        refused("Unresolved resource dependencies [Z] in the Resources block",
                json.dumps(template(queue("A", QueueName={"Ref": "Z"}))))
        refused("Circular dependency between resources: [A, B]", json.dumps(template(
            queue("A", QueueName={"Ref": "B"}), queue("B", QueueName={"Ref": "A"}))))
        refused("Member must have length less than or equal to 51200", "x" * 51201)
        refused("Number of resources, 501, is greater than maximum allowed, 500", json.dumps(
            template(*(queue(f"A{n}") for n in range(501)))))

    def test_template_from_s3(self):
        body = template(*(queue(f"A{n}", QueueName="q" * 60 + str(n)) for n in range(499)))
        self.post("buckets", {"name": "tpl", "objects": {"t.json": json.dumps(body)}})
        url = "https://tpl.s3.eu-west-1.amazonaws.com/t.json"
        made = self.cfn.create_change_set(StackName="s", ChangeSetName="c", ChangeSetType="CREATE",
                                          TemplateURL=url)
        self.run_all()
        self.assertEqual(len(self.described(made["Id"])["Changes"]), 499)
        for wrong, text in ((self.server.url + "/tpl/t.json", "must be a supported URL"),
                            ("https://no.s3.eu-west-1.amazonaws.com/t", "bucket does not exist"),
                            ("https://tpl.s3.eu-west-1.amazonaws.com/no", "key does not exist")):
            self.refused("ValidationError", text, self.cfn.create_change_set, StackName="x",
                         ChangeSetName="c", ChangeSetType="CREATE", TemplateURL=wrong)

    def test_names_are_unique_while_they_live(self):
        self.change_set("s", template(queue("A")), "CREATE")
        self.refused("AlreadyExistsException", "cannot be created due to a mismatch with existing "
                     "attribute Template", self.change_set, "s", template(queue("B")), "CREATE")
        self.cfn.delete_change_set(StackName="s", ChangeSetName="c")
        self.refused("ChangeSetNotFound", "", self.cfn.describe_change_set, StackName="s",
                     ChangeSetName="c")
        self.change_set("s", template(queue("B")), "CREATE")
        self.assertEqual(self.status("s"), "REVIEW_IN_PROGRESS")

    def test_limit(self):
        self.post("limits", {"changeSets": 1})
        self.change_set("s", template(queue("A")), "CREATE")
        self.refused("LimitExceededException", "ChangeSet limit exceeded for stack s",
                     self.cfn.create_change_set, StackName="s", ChangeSetName="d",
                     ChangeSetType="CREATE", TemplateBody=json.dumps(template(queue("A"))))

    def test_tokens_make_it_happen_once(self):
        body = json.dumps(template(queue("A")))
        first, second = (self.cfn.create_change_set(
            StackName="s", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=body,
            ClientToken="t") for _ in range(2))
        self.assertEqual(first["Id"], second["Id"])
        self.run_all()
        for _ in range(2):
            self.cfn.execute_change_set(ChangeSetName=first["Id"], ClientRequestToken="e")
        self.refused("InvalidChangeSetStatus", "execution status of [EXECUTE_IN_PROGRESS]",
                     self.cfn.execute_change_set, ChangeSetName=first["Id"])
        self.run_all()
        events = self.cfn.describe_stack_events(StackName="s")["StackEvents"]
        self.assertEqual({one.get("ClientRequestToken") for one in events
                          if one["ResourceStatus"] != "REVIEW_IN_PROGRESS"}, {"e"})
        self.assertEqual(self.described(first["Id"])["ExecutionStatus"], "EXECUTE_COMPLETE")

    def test_executing_one_deletes_the_others(self):
        self.deploy("s", template(queue("A", DelaySeconds=1)), "CREATE")
        arn = self.change_set("s", template(queue("A", DelaySeconds=2)))
        other = self.cfn.create_change_set(
            StackName="s", ChangeSetName="other",
            TemplateBody=json.dumps(template(queue("A", DelaySeconds=3))))["Id"]
        self.run_all()
        self.assertEqual(len(self.cfn.list_change_sets(StackName="s")["Summaries"]), 2)
        self.cfn.execute_change_set(ChangeSetName=arn)
        self.refused("ChangeSetNotFound", "", self.described, other)
        self.refused("ValidationError", "is in UPDATE_IN_PROGRESS state and can not be updated.",
                     self.change_set, "s", template(queue("B")))
        self.run_all()
        self.assertEqual(self.cfn.list_change_sets(StackName="s")["Summaries"], [])

    def test_an_update_by_another_way_makes_it_obsolete(self):
        self.deploy("s", template(queue("A", DelaySeconds=1)), "CREATE")
        arn = self.change_set("s", template(queue("A", DelaySeconds=2)))
        self.post("call", {"action": "UpdateStack", "params": {
            "StackName": "s", "TemplateBody": json.dumps(template(queue("A", DelaySeconds=7)))}})
        self.run_all()
        self.assertEqual(self.described(arn)["ExecutionStatus"], "OBSOLETE")

    def test_failed_ones_cannot_be_executed(self):
        self.post("changesets", {"fail": "Template error: odd"})
        self.failed("Template error: odd", "s", template(queue("A")), kind="CREATE")
        self.refused("InvalidChangeSetStatus", "current status of [FAILED]",
                     self.cfn.execute_change_set, StackName="s", ChangeSetName="c")

    def test_hooks_and_early_validation(self):
        self.post("changesets", {"hook": "My::Hook", "times": 1})
        self.failed("The following hook(s) failed: [My::Hook]", "h", template(queue("A")),
                    kind="CREATE")
        self.post("buckets", {"name": "taken"})
        arn = self.change_set("v", template(
            ("B", "AWS::S3::Bucket", {"BucketName": "taken"})), "CREATE")
        self.assertIn("[AWS::EarlyValidation::ResourceExistenceCheck]",
                      self.described(arn)["StatusReason"])
        events = self.cfn.describe_events(ChangeSetName=arn, Filters={"FailedEvents": True})
        event = events["OperationEvents"][0]
        self.assertEqual((event["EventType"], event["ValidationName"], event["LogicalResourceId"],
                          event["ValidationFailureMode"]),
                         ("VALIDATION_ERROR", "NAME_CONFLICT_VALIDATION", "B", "FAIL"))
        self.refused("ValidationError", "One of ChangeSetName, OperationId or StackName must be "
                     "specified", self.cfn.describe_events, ChangeSetName="c")

    def test_what_a_hook_said(self):
        self.post("changesets", {"hook": "My::Hook", "hookReason": "buckets must be private"})
        arn = self.change_set("h", template(queue("A")), "CREATE")
        found = self.cfn.list_hook_results(TargetType="CHANGE_SET", TargetId=arn)["HookResults"]
        self.assertEqual((found[0]["TypeName"], found[0]["HookStatusReason"]),
                         ("My::Hook", "buckets must be private"))
        one = self.cfn.get_hook_result(HookResultId=found[0]["HookResultId"])
        self.assertEqual(one["Status"], "HOOK_COMPLETE_FAILED")
        self.refused("HookResultNotFound", "", self.cfn.list_hook_results,
                     TargetType="CHANGE_SET", TargetId=arn.replace("/c/", "/d/"))

    def test_properties_are_checked(self):
        arn = self.change_set("s", template(queue("A", Colour="red"),
                                            ("V", "AWS::EC2::Subnet", {})), "CREATE")
        self.assertIn("[AWS::EarlyValidation::PropertyValidation]",
                      self.described(arn)["StatusReason"])
        reasons = {one["LogicalResourceId"]: one["ValidationStatusReason"] for one in
                   self.cfn.describe_events(ChangeSetName=arn)["OperationEvents"]}
        self.assertEqual(reasons, {"A": "#: extraneous key [Colour] is not permitted",
                                   "V": "#: required key [VpcId] not found"})
        self.post("call", {"action": "CreateChangeSet", "params": {
            "StackName": "t", "ChangeSetName": "c", "ChangeSetType": "CREATE",
            "DisableValidation": "true",
            "TemplateBody": json.dumps(template(queue("A", Colour="red")))}})
        self.run_all()
        self.assertEqual(self.cfn.describe_change_set(StackName="t", ChangeSetName="c")["Status"],
                         "CREATE_COMPLETE")

    def test_warnings_leave_it_executable(self):
        self.post("changesets", {"validation": [{
            "LogicalResourceId": "A", "ValidationFailureMode": "WARN",
            "ValidationName": "QUOTA", "ValidationStatusReason": "nearly full"}]})
        arn = self.change_set("s", template(queue("A")), "CREATE")
        self.assertEqual(self.described(arn)["ExecutionStatus"], "AVAILABLE")
        self.assertEqual(self.cfn.describe_events(ChangeSetName=arn)["OperationEvents"][0]
                         ["ValidationStatusReason"], "nearly full")

    def test_incomplete_with_values(self):
        self.post("changesets", {"incomplete": ["A"]})
        arn = self.change_set("s", template(queue("A"), queue("B")), "CREATE")
        with_values = self.described(arn, IncludePropertyValues=True)
        self.assertEqual(len(with_values["Changes"]), 1)
        self.assertTrue(with_values["StatusReason"].startswith(
            "[WARN] --include-property-values option can return incomplete ChangeSet data"))
        self.assertEqual(len(self.described(arn)["Changes"]), 2)

    def test_pending_for_long(self):
        self.post("changesets", {"seconds": 600})
        made = self.cfn.create_change_set(
            StackName="s", ChangeSetName="c", ChangeSetType="CREATE",
            TemplateBody=json.dumps(template(queue("A"))))
        self.post("advance", {"seconds": 500})
        self.assertEqual(self.described(made["Id"])["Status"], "CREATE_IN_PROGRESS")
        self.refused("InvalidChangeSetStatus", "currently in progress",
                     self.cfn.delete_change_set, ChangeSetName=made["Id"])
        self.post("advance", {"seconds": 100})
        self.assertEqual(self.described(made["Id"])["Status"], "CREATE_COMPLETE")

    def test_pages_of_changes(self):
        self.post("cues", {"fault": "page", "size": 3, "times": 0})
        arn = self.change_set("s", template(*(queue(f"A{n}") for n in range(8))), "CREATE")
        found, token = [], None
        while True:
            answer = self.described(arn, **({"NextToken": token} if token else {}))
            found += answer["Changes"]
            self.assertEqual(answer["Status"], "CREATE_COMPLETE")
            token = answer.get("NextToken")
            if not token:
                break
        self.assertEqual(len(found), 8)

    def test_type_cannot_change(self):
        self.deploy("s", template(queue("A")), "CREATE")
        self.failed("Update of resource type is not permitted.", "s", template(topic("A")))


class Names(BotoCase):
    def test_names_are_unique(self):
        self.deploy("a", template(queue("Q", QueueName="jobs"), topic("T", TopicName="jobs")),
                    "CREATE")
        self.deploy("b", template(("L", "AWS::Logs::LogGroup", {"LogGroupName": "/x"})), "CREATE")
        stack = self.deploy("c", template(("L", "AWS::Logs::LogGroup", {"LogGroupName": "/x"})),
                            "CREATE")
        self.assertEqual(stack["StackStatus"], "ROLLBACK_COMPLETE")
        self.assertTrue(any(reason.endswith("HandlerErrorCode: AlreadyExists)")
                            for _, _, reason in self.events("c")))
        self.assertEqual(self.get("stacks?name=b")[0]["status"], "CREATE_COMPLETE")

    def test_custom_names_stand_in_the_way_of_a_replacement(self):
        def body(kind):
            return template(("T", "AWS::DynamoDB::Table", {
                "TableName": "t", "KeySchema": [{"AttributeName": "a", "KeyType": kind}],
                "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}]}))
        self.deploy("s", body("HASH"), "CREATE")
        stack = self.deploy("s", body("RANGE"))
        self.assertEqual(stack["StackStatus"], "UPDATE_ROLLBACK_COMPLETE")
        self.assertIn(("T", "UPDATE_FAILED", "CloudFormation cannot update a stack when a "
                       "custom-named resource requires replacing. Rename t and update the stack "
                       "again."), self.events("s"))

    def test_code_has_to_be_there(self):
        function = ("F", "AWS::Lambda::Function", {
            "Role": "arn:aws:iam::123456789012:role/r", "Code": {"S3Bucket": "b", "S3Key": "k"}})
        self.post("buckets", {"name": "b"})
        self.deploy("s", template(function), "CREATE")
        self.assertIn("S3 Error Code: NoSuchKey", str(self.events("s")))
        self.post("buckets", {"name": "b", "objects": {"k": "zip"}})
        self.assertEqual(self.deploy("t", template(function), "CREATE")["StackStatus"],
                         "CREATE_COMPLETE")


class Import(BotoCase):
    def test_import_of_what_exists(self):
        self.post("buckets", {"name": "old"})
        body = template(queue("Q"), ("B", "AWS::S3::Bucket", {"BucketName": "old"},
                                     {"DeletionPolicy": "Retain"}))
        self.deploy("s", template(queue("Q")), "CREATE")
        arn = self.change_set("s", body, "IMPORT", ResourcesToImport=[{
            "ResourceType": "AWS::S3::Bucket", "LogicalResourceId": "B",
            "ResourceIdentifier": {"BucketName": "old"}}])
        self.assertEqual(self.described(arn)["Changes"][0]["ResourceChange"]["Action"], "Import")
        self.cfn.execute_change_set(ChangeSetName=arn)
        self.run_all()
        self.assertEqual(self.status("s"), "IMPORT_COMPLETE")
        self.assertEqual(self.get("stacks?name=s")[0]["resources"]["B"]["physicalId"], "old")

    def test_failed_import_is_undone(self):
        self.post("buckets", {"name": "old"})
        self.post("resources", {"on": "import", "fail": "no"})
        arn = self.change_set("s", template(("B", "AWS::S3::Bucket", {"BucketName": "old"},
                                             {"DeletionPolicy": "Retain"})), "IMPORT",
                              ResourcesToImport=[{
                                  "ResourceType": "AWS::S3::Bucket", "LogicalResourceId": "B",
                                  "ResourceIdentifier": {"BucketName": "old"}}])
        self.cfn.execute_change_set(ChangeSetName=arn)
        self.run_all()
        self.assertEqual(self.status("s"), "IMPORT_ROLLBACK_COMPLETE")
        self.assertIn("old", self.get("buckets"))

    def test_existing_ones_by_name(self):
        self.post("buckets", {"name": "old"})
        stack = self.deploy("s", template(("B", "AWS::S3::Bucket", {"BucketName": "old"},
                                           {"DeletionPolicy": "Retain"})), "CREATE",
                            ImportExistingResources=True)
        self.assertEqual(stack["StackStatus"], "CREATE_COMPLETE")


class Nested(BotoCase):
    def parent(self, delay):
        child = template(queue("Q", DelaySeconds={"Ref": "D"}),
                         Parameters={"D": {"Type": "Number"}})
        self.post("buckets", {"name": "tpl", "objects": {"c.json": json.dumps(child)}})
        return template(("N", "AWS::CloudFormation::Stack", {
            "TemplateURL": "https://tpl.s3.eu-west-1.amazonaws.com/c.json",
            "Parameters": {"D": delay}}))

    def test_change_sets_of_children(self):
        arn = self.change_set("p", self.parent("1"), "CREATE", IncludeNestedStacks=True)
        change = self.described(arn)["Changes"][0]["ResourceChange"]
        child = self.described(change["ChangeSetId"])
        self.assertEqual(child["Changes"][0]["ResourceChange"]["LogicalResourceId"], "Q")
        self.assertEqual(child["ParentChangeSetId"], arn)
        self.cfn.execute_change_set(ChangeSetName=arn)
        self.run_all()
        self.assertEqual({one["status"] for one in self.get("stacks")}, {"CREATE_COMPLETE"})
        self.assertEqual(len(self.get("stacks")), 2)
        again = self.described(self.change_set("p", self.parent("1"), IncludeNestedStacks=True))
        self.assertTrue(again["StatusReason"].startswith("The submitted information didn't"))

    def test_stuck_children_continue(self):
        self.deploy("p", self.parent("1"), "CREATE")
        self.post("resources", [{"id": "Q", "on": "update", "fail": "no"},
                                {"id": "Q", "on": "rollback", "fail": "still no", "times": 2}])
        self.assertEqual(self.deploy("p", self.parent("2"))["StackStatus"],
                         "UPDATE_ROLLBACK_FAILED")
        child = next(one for one in self.get("stacks") if one["parent"])
        self.assertEqual(child["status"], "UPDATE_ROLLBACK_FAILED")
        self.cfn.continue_update_rollback(StackName="p",
                                          ResourcesToSkip=[child["name"] + ".Q"])
        self.run_all()
        self.assertEqual({one["status"] for one in self.get("stacks")},
                         {"UPDATE_ROLLBACK_COMPLETE"})

    def test_child_that_fails_fails_the_parent(self):
        self.post("changesets", {"stack": "p-*", "fail": "Template error: child"})
        answer = self.described(self.change_set("p", self.parent("1"), "CREATE",
                                                IncludeNestedStacks=True))
        self.assertRegex(answer["StatusReason"], "^Nested change set arn:.* was not successfully "
                         "created: Currently in FAILED.")


if __name__ == "__main__":
    unittest.main()
