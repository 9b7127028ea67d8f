"""Code: packed, uploaded once, whole or in parts, whatever happens on the way."""

import hashlib
import io
import os
import random
import shutil
import signal
import time
import zipfile

from project import ASSETS, CANCELLED, CODE, FILES, HEAD, IDENTITY, REFUSED, ProjectCase

MIB = 1024 * 1024


class AssetCase(ProjectCase):
    def setUp(self):
        super().setUp()
        self.write("code/index.js", "exports.handler = 1\n")

    def key(self, run):
        return run.lines("key")[0].split()[1]

    def fetch(self, bucket, key):
        """The object's bytes: by boto3, which is independent of what is tested."""
        try:
            import boto3
        except ImportError:
            self.skipTest("boto3 is not installed")
        client = boto3.client("s3", region_name="eu-west-1", endpoint_url=self.server.url,
                              aws_access_key_id="AKIASTANDIN000000001",
                              aws_secret_access_key="standin-secret")
        data = client.get_object(Bucket=bucket, Key=key)["Body"].read()
        client.close()
        return data

    def large(self, size):
        data = random.Random(size).randbytes(size)
        self.write("code.zip", data)
        self.compile(CODE.replace('"code"', '"code.zip"'))
        return data


class TestPacking(AssetCase):
    def test_what_is_there_is_not_uploaded_again(self):
        first = self.run_driver("assets")
        self.assertEqual(self.calls(), {
            "CreateBucket": 1, "PutBucketPublicAccessBlock": 1,
            "PutBucketEncryption": 1, "PutBucketLifecycle": 1, "PutBucketPolicy": 1,
            "ListObjectsV2": 1, "PutObject": 1})
        second = self.run_driver("assets")
        self.assertEqual(self.calls(), {"ListObjectsV2": 1})
        self.assertEqual(self.key(first), self.key(second))
        self.assertRegex(self.key(first), r"^shop/[0-9a-f]{64}\.zip$")

    def test_the_same_files_give_the_same_bytes_anywhere(self):
        os.symlink("index.js", self.path("code/link.js"))
        self.write("code/lib/Übung +%.txt", "x")
        run = self.run_driver("assets", TZ="UTC")
        one = self.fetch(ASSETS, self.key(run))
        self.post("reset")
        shutil.copytree(self.path("code"), self.path("copy"), symlinks=True)
        shutil.rmtree(self.path("code"))
        for name in sorted(os.listdir(self.path("copy")), reverse=True):
            os.renames(self.path("copy/" + name), self.path("code/" + name))
        os.utime(self.path("code/index.js"), (0, 0))
        again = self.run_driver("assets", TZ="Asia/Tokyo", LC_ALL="C")
        self.assertEqual(self.key(run), self.key(again))
        self.assertEqual(one, self.fetch(ASSETS, self.key(again)))

    def test_a_zip_holds_names_modes_links_and_one_time(self):
        self.write("code/bin/run", "#!/bin/sh\n")
        os.chmod(self.path("code/bin/run"), 0o700)
        os.chmod(self.path("code/index.js"), 0o600)
        os.symlink("../index.js", self.path("code/bin/link"))
        os.mkdir(self.path("code/empty"))
        self.write("code/ä.txt", "")
        run = self.run_driver("assets")
        archive = zipfile.ZipFile(io.BytesIO(self.fetch(ASSETS, self.key(run))))
        self.assertIsNone(archive.testzip())
        found = {one.filename: one for one in archive.infolist()}
        self.assertEqual(list(found), ["bin/link", "bin/run", "empty/", "index.js", "ä.txt"])
        modes = {name: oct(one.external_attr >> 16) for name, one in found.items()}
        self.assertEqual(modes, {"bin/run": "0o100755", "bin/link": "0o120755",
                                 "empty/": "0o40755", "index.js": "0o100644",
                                 "ä.txt": "0o100644"})
        self.assertEqual({one.date_time for one in found.values()}, {(1980, 1, 1, 0, 0, 0)})
        self.assertEqual(archive.read("bin/link"), b"../index.js")

    def test_the_mode_and_the_name_count_as_content(self):
        keys = {self.key(self.run_driver("assets"))}
        os.chmod(self.path("code/index.js"), 0o755)
        keys.add(self.key(self.run_driver("assets")))
        os.rename(self.path("code/index.js"), self.path("code/main.js"))
        keys.add(self.key(self.run_driver("assets")))
        self.assertEqual(len(keys), 3)

    def test_a_packed_file_goes_as_it_is(self):
        data = self.large(1000)
        run = self.run_driver("assets")
        self.assertEqual(self.fetch(ASSETS, self.key(run)), data)

    def test_what_cannot_be_packed(self):
        def missing():
            shutil.rmtree(self.path("code"))

        def empty():
            os.remove(self.path("code/index.js"))

        def pipe():
            os.mkfifo(self.path("code/pipe"))

        def outside():
            os.symlink("../infra.alt", self.path("code/out"))

        def nowhere():
            os.symlink("gone", self.path("code/gone"))

        def folder_outside():
            shutil.rmtree(self.path("code"))
            os.symlink("/etc", self.path("code"))

        def odd_name():
            os.rename(self.path("code/index.js"), os.fsencode(self.path("code/")) + b"\xff.js")

        cases = [(missing, "No such file or directory", "build it first"),
                 (empty, "the folder 'code' is empty", "build it first"),
                 (pipe, "neither a file nor a folder", ""),
                 (outside, "the link leads out of the folder", ""),
                 (nowhere, "the link leads to nothing", ""),
                 (folder_outside, "it lies outside of the project", ""),
                 (odd_name, "its name is not UTF-8", "")]
        for spoil, text, hint in cases:
            with self.subTest(text):
                if os.path.islink(self.path("code")):
                    os.remove(self.path("code"))
                shutil.rmtree(self.path("code"), ignore_errors=True)
                self.write("code/index.js", "1")
                spoil()
                problem = self.run_driver("assets", expect=FILES).lines("problem")[0]
                self.assertIn(text, problem)
                self.assertIn(hint, problem)
        self.assertEqual(self.calls(), {})

    def test_a_stack_elsewhere_gets_the_code_in_its_region(self):
        self.compile(HEAD + 'stack edge in "us-east-1" {\n'
                     '  resource Layer: AWS::Lambda::LayerVersion { Content: zip("code") }\n}\n')
        self.run_driver("assets")
        bucket = self.get("buckets")["altc-assets-123456789012-us-east-1"]
        self.assertEqual(bucket["region"], "us-east-1")
        self.assertEqual(len(bucket["objects"]), 1)


class TestBuckets(AssetCase):
    def test_a_bucket_that_is_named_must_exist(self):
        run = self.run_driver("assets", "--bucket", "mine", expect=REFUSED)
        self.assertIn("there is no bucket 'mine'", run.lines("problem")[0])
        self.post("buckets", {"name": "mine"})
        self.run_driver("assets", "--bucket", "mine")
        self.assertEqual(len(self.objects("mine")), 1)

    def test_a_bucket_of_another_account_gets_nothing(self):
        self.post("buckets", {"name": ASSETS, "account": "210987654321"})
        run = self.run_driver("assets", expect=REFUSED)
        self.assertIn("AccessDenied", run.lines("problem")[0])
        self.assertEqual(self.objects(ASSETS), {})

    def test_a_name_that_another_account_took_is_said_so(self):
        self.cue("error", "ListObjectsV2", status=404, form="s3", code="NoSuchBucket")
        self.post("buckets", {"name": ASSETS, "account": "210987654321"})
        run = self.run_driver("assets", expect=IDENTITY)
        self.assertIn("belongs to another account", run.lines("problem")[0])

    def test_half_made_buckets_are_not_left(self):
        self.cue("deny", "PutBucketLifecycle", times=0)
        run = self.run_driver("assets", expect=REFUSED)
        self.assertIn("s3:CreateBucket", run.lines("problem")[0])
        self.assertEqual(self.get("buckets"), {})

    def test_a_bucket_whose_making_was_not_answered(self):
        self.cue("resetAfter", "CreateBucket")
        self.run_driver("assets")
        self.assertEqual(len(self.objects(ASSETS)), 1)

    def test_a_bucket_of_another_region_is_followed(self):
        for how in ("301", "307", "malformed"):
            with self.subTest(how):
                self.post("reset")
                self.post("s3", {"redirect": how})
                self.post("buckets", {"name": "far", "region": "us-west-2"})
                run = self.run_driver("assets", "--bucket", "far")
                self.assertIn("us-west-2", run.lines("warning")[0])
                self.assertEqual(len(self.objects("far")), 1)
                self.assertEqual(self.calls(), {"ListObjectsV2": 2, "PutObject": 1})

    def test_who_may_not_list_may_still_upload(self):
        self.post("buckets", {"name": ASSETS})
        self.cue("deny", "ListObjectsV2", times=0)
        for _ in range(2):  # the second is answered with 412
            self.run_driver("assets")
        self.assertEqual(len(self.objects(ASSETS)), 1)
        self.assertEqual(self.calls()["PutObject"], 2)

    def test_emptying(self):
        objects = {f"k{i}": "x" for i in range(1203)}
        self.post("buckets", {"name": "full", "objects": {**objects, "a & <b> é": "1"}})
        run = self.run_driver("empty", "--bucket", "full")
        self.assertEqual(run.lines("emptied"), ["1204"])
        self.assertEqual(self.objects("full"), {})
        self.assertEqual(self.calls(), {"ListObjectVersions": 1, "DeleteObjects": 2})
        self.assertEqual(self.run_driver("empty", "--bucket", "none").lines("emptied"), ["0"])


class TestFaults(AssetCase):
    def setUp(self):
        super().setUp()
        self.post("buckets", {"name": ASSETS})

    def test_what_may_pass_is_tried_again(self):
        cues = [("throttle", {"status": 503}), ("throttle", {"status": 429}),
                ("error", {"status": 500, "form": "s3", "code": "InternalError"}),
                ("empty", {"status": 502}), ("html", {"status": 504}), ("resetBefore", {}),
                ("resetAfter", {}), ("resetMid", {}), ("truncate", {"bytes": 10})]
        for fault, more in cues:
            for action in ("ListObjectsV2", "PutObject"):
                with self.subTest(f"{fault} {more} {action}"):
                    self.post("reset")
                    self.post("buckets", {"name": ASSETS})
                    self.cue(fault, action, **more)
                    run = self.run_driver("assets")
                    self.assertEqual(list(self.objects(ASSETS)), [self.key(run)])

    def test_a_wrong_clock_is_corrected(self):
        for skew in (600, -600, 86400):
            with self.subTest(skew):
                self.post("reset")
                self.post("clock", {"skew": skew})
                self.run_driver("assets")
                self.assertEqual(len(self.objects(ASSETS)), 1)

    def test_session_tokens_are_signed(self):
        self.post("credentials", {"accessKeyId": "ASIA1", "secretAccessKey": "s/+=1",
                                  "sessionToken": "to/ke+n==", "account": "123456789012"})
        run = self.run_driver("assets", AWS_ACCESS_KEY_ID="ASIA1", AWS_SECRET_ACCESS_KEY="s/+=1",
                              AWS_SESSION_TOKEN="to/ke+n==", DRIVER_DEBUG="1")
        self.assertEqual(len(self.objects(ASSETS)), 1)
        self.assertNotIn("to/ke+n", run.out + run.err)

    def test_what_never_passes_ends(self):
        self.cue("throttle", "PutObject", status=503, times=0)
        run = self.run_driver("assets", expect=REFUSED)
        self.assertIn("SlowDown", run.lines("problem")[0])
        self.assertEqual(self.calls()["PutObject"], 3)

    def test_expired_credentials(self):
        self.cue("expired", "PutObject", times=0, forever=True)
        run = self.run_driver("assets", expect=IDENTITY)
        self.assertIn("have expired", run.lines("problem")[0])

    def test_denied_names_the_permission(self):
        self.cue("deny", "PutObject", times=0)
        run = self.run_driver("assets", expect=REFUSED)
        self.assertIn("s3:PutObject", run.lines("problem")[0])

    def test_bytes_that_arrive_otherwise_are_refused(self):
        self.cue("error", "PutObject", times=0, status=400, form="s3", code="BadDigest",
                 message="The SHA256 you specified did not match")
        run = self.run_driver("assets", expect=FILES)
        self.assertIn("changed while it was sent", run.lines("problem")[0])

    def test_each_object_carries_its_checksum_and_the_owner(self):
        self.run_driver("assets")
        put = [one for one in self.log() if one["action"] == "PutObject"][0]["headers"]
        self.assertEqual(put["x-amz-expected-bucket-owner"], "123456789012")
        self.assertEqual(put["if-none-match"], "*")
        self.assertIn("x-amz-checksum-sha256", put)
        self.assertEqual(put["content-type"], "application/zip")


class TestParts(AssetCase):
    def setUp(self):
        super().setUp()
        self.post("buckets", {"name": ASSETS})

    def stored(self, data):
        (found,) = self.objects(ASSETS).values()
        self.assertEqual(found["size"], len(data))
        digests = b"".join(hashlib.md5(data[at:at + 8 * MIB]).digest()
                           for at in range(0, len(data), 8 * MIB))
        self.assertEqual(found["etag"].strip('"').partition("-")[0],
                         hashlib.md5(digests).hexdigest())
        self.assertEqual(self.uploads(ASSETS), {})

    def test_large_files_go_in_parts(self):
        for size in (24 * MIB, 16 * MIB + 1, 27 * MIB + 5):
            with self.subTest(size):
                self.post("reset")
                self.post("buckets", {"name": ASSETS})
                data = self.large(size)
                run = self.run_driver("assets")
                self.stored(data)
                self.assertEqual(self.calls(), {
                    "ListObjectsV2": 1, "ListMultipartUploads": 1,
                    "CreateMultipartUpload": 1, "UploadPart": -(-size // (8 * MIB)),
                    "CompleteMultipartUpload": 1})
                progress = run.lines("progress")
                self.assertEqual(progress[-1], f"1 asset {size}/{size}")

    def test_sixteen_mebibytes_go_whole(self):
        self.large(16 * MIB)
        self.run_driver("assets")
        (put,) = [one["headers"] for one in self.log() if one["action"] == "PutObject"]
        # A refusal is to come before the body goes.
        self.assertEqual(put["expect"], "100-continue")
        self.assertNotIn(";expect;", put["authorization"])

    def test_parts_are_tried_again(self):
        data = self.large(20 * MIB)
        self.cue("error", "UploadPart", status=500, form="s3", code="InternalError", times=2)
        self.cue("resetAfter", "UploadPart", after=2)
        self.cue("resetBefore", "CreateMultipartUpload")
        self.run_driver("assets")
        (found,) = self.objects(ASSETS).values()
        self.assertEqual(found["size"], len(data))

    def test_a_part_that_gives_up_takes_all_back(self):
        self.large(40 * MIB)
        self.cue("error", "UploadPart", status=500, form="s3", code="InternalError", after=1,
                 times=0)
        run = self.run_driver("assets", expect=REFUSED)
        self.assertIn("InternalError", run.lines("problem")[0])
        self.assertEqual((self.objects(ASSETS), self.uploads(ASSETS)), ({}, {}))

    def test_completing_is_tried_again_after_an_error_in_a_good_answer(self):
        data = self.large(20 * MIB)
        self.cue("okError", "CompleteMultipartUpload", code="InternalError")
        self.run_driver("assets")
        self.stored(data)

    def test_completing_that_was_not_answered(self):
        data = self.large(20 * MIB)
        self.cue("resetAfter", "CompleteMultipartUpload")
        self.run_driver("assets")
        self.stored(data)
        self.assertEqual(self.calls()["HeadObject"], 1)

    def test_completing_what_another_completed_first(self):
        self.large(20 * MIB)
        self.cue("error", "CompleteMultipartUpload", status=412, form="s3",
                 code="PreconditionFailed")
        self.run_driver("assets")
        self.assertEqual(self.uploads(ASSETS), {})

    def begin(self, parts):
        """A run that has sent some parts and hangs in the next ones."""
        self.cue("slow", "UploadPart", after=parts, times=0, seconds=30)
        process = self.start("assets", "--jobs", "1")
        for _ in range(600):
            found = list(self.uploads(ASSETS).values())
            if found and len(found[0]) >= parts:
                return process
            time.sleep(0.02)
        process.kill()
        self.fail("it did not come so far: " + self.finish(process).out)

    def test_what_a_killed_run_left_is_taken_up(self):
        data = self.large(40 * MIB)
        process = self.begin(2)
        process.kill()
        self.finish(process)
        self.server.control("DELETE", "cues")
        self.calls()
        self.run_driver("assets")
        self.stored(data)
        calls = self.calls()
        self.assertNotIn("CreateMultipartUpload", calls)
        self.assertLessEqual(calls["UploadPart"], 3)

    def test_a_cancelled_run_takes_its_upload_back(self):
        self.large(40 * MIB)
        process = self.begin(2)
        process.send_signal(signal.SIGTERM)
        run = self.finish(process)
        self.assertEqual((run.status, run.lines("problem")), (CANCELLED, []))
        self.assertEqual((self.objects(ASSETS), self.uploads(ASSETS)), ({}, {}))

    def test_parts_of_other_content_are_not_taken(self):
        self.large(40 * MIB)
        process = self.begin(2)
        process.kill()
        self.finish(process)
        self.server.control("DELETE", "cues")
        self.calls()
        # The same key by a hash of names and sizes alone would meet the former parts here.
        data = bytearray(random.Random(40 * MIB).randbytes(40 * MIB))
        data[0] ^= 1
        self.write("code.zip", bytes(data))
        self.run_driver("assets")
        self.assertEqual(self.calls()["UploadPart"], 5)


class TestTemplates(AssetCase):
    def test_the_address_is_one_that_aws_can_read(self):
        run = self.run_driver("templates")
        url = run.lines("url")[0]
        self.assertRegex(url, rf"^https://{ASSETS}\.s3\.eu-west-1\.amazonaws\.com/"
                              r"shop/templates/[0-9a-f]{64}\.json$")
        again = self.run_driver("templates",
                                AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION=self.server.url)
        key = url.partition(".com/")[2]
        self.assertEqual(again.lines("url"), [f"{self.server.url}/{ASSETS}/{key}"])
        self.assertEqual(list(self.objects(ASSETS)), [key])
