"""The templates of the golden cases live on the stand-in: created, unchanged, deleted."""

import glob
import json
import os
import unittest

from harness import HERE, BotoCase

GOLDEN = os.path.join(HERE, "..", "golden")


class Goldens(BotoCase):
    def values(self, body):
        found = []
        for key, declaration in body.get("Parameters", {}).items():
            if "Default" in declaration:
                continue
            value = str(declaration.get("AllowedValues", ["1"])[0])
            value = value.ljust(int(declaration.get("MinLength", 1)), "x")
            found.append({"ParameterKey": key, "ParameterValue": value})
        return found

    def live(self, name, body):
        self.post("reset")
        self.post("clock", {"mode": "frozen"})
        self.post("buckets", [{"name": "tpl", "objects": {"t.json": json.dumps(body)}},
                              {"name": "1", "objects": {"1": "the code of every function"}}])
        how = {"StackName": name, "TemplateURL": "https://tpl.s3.eu-west-1.amazonaws.com/t.json",
               "Parameters": self.values(body),
               "Capabilities": ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]}
        made = self.cfn.create_change_set(ChangeSetName="a", ChangeSetType="CREATE", **how)
        self.run_all()
        told = self.cfn.describe_change_set(ChangeSetName=made["Id"])
        self.assertEqual(told["Status"], "CREATE_COMPLETE", told.get("StatusReason"))
        self.cfn.execute_change_set(ChangeSetName=made["Id"])
        self.run_all()
        stack = self.cfn.describe_stacks(StackName=name)["Stacks"][0]
        failed = [one for one in self.events(name) if one[1].endswith("_FAILED")]
        self.assertEqual((stack["StackStatus"], failed), ("CREATE_COMPLETE", []))
        again = self.cfn.create_change_set(ChangeSetName="b", **how)
        self.run_all()
        told = self.cfn.describe_change_set(ChangeSetName=again["Id"])
        self.assertTrue(told["StatusReason"].startswith((
            "The submitted information didn't contain changes", "No updates are to be performed")))
        self.cfn.delete_stack(StackName=name)
        self.run_all()
        self.assertEqual(self.cfn.describe_stacks(StackName=stack["StackId"])["Stacks"][0]
                         ["StackStatus"], "DELETE_COMPLETE")

    def test_every_stage_of_the_whole_system(self):
        found = sorted(glob.glob(os.path.join(GOLDEN, "alternun-*", "expect.json")))
        self.assertGreater(len(found), 5)
        for path in found:
            with self.subTest(path=path):
                with open(path, encoding="utf-8") as file:
                    self.live(os.path.basename(os.path.dirname(path)), json.load(file))


if __name__ == "__main__":
    unittest.main()
