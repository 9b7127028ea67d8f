"""S3 and CloudFront through boto3."""

import base64
import hashlib
import http.client
import json
import time
import unittest

from harness import BotoCase, template

MIB = 1024 * 1024


class Storage(BotoCase):
    def setUp(self):
        super().setUp()
        self.s3 = self.client("s3")
        self.post("buckets", {"name": "b"})

    def test_object_comes_back(self):
        self.s3.put_object(Bucket="b", Key="a b/ä+%~.txt", Body=b"hello", ContentType="text/plain",
                           CacheControl="max-age=5", Metadata={"who": "me"})
        got = self.s3.get_object(Bucket="b", Key="a b/ä+%~.txt")
        self.assertEqual((got["Body"].read(), got["ContentType"], got["CacheControl"],
                          got["Metadata"]), (b"hello", "text/plain", "max-age=5", {"who": "me"}))
        head = self.s3.head_object(Bucket="b", Key="a b/ä+%~.txt")
        self.assertEqual(head["ContentLength"], 5)
        part = self.s3.get_object(Bucket="b", Key="a b/ä+%~.txt", Range="bytes=1-2")
        self.assertEqual(part["Body"].read(), b"el")

    def test_keys_with_slashes_stay_as_they_are(self):
        for key in ("a//b", "/lead", "trail/", "a/../b"):
            self.s3.put_object(Bucket="b", Key=key, Body=key.encode())
        self.assertEqual(sorted(self.get("buckets")["b"]["objects"]),
                         ["/lead", "a/../b", "a//b", "trail/"])

    def test_missing(self):
        self.refused("NoSuchKey", "", self.s3.get_object, Bucket="b", Key="none")
        self.refused("NoSuchBucket", "", self.s3.put_object, Bucket="none", Key="k", Body=b"")
        self.refused("404", "", self.s3.head_object, Bucket="b", Key="none")

    def test_checksums_are_held(self):
        good = base64.b64encode(hashlib.sha256(b"x").digest()).decode()
        self.s3.put_object(Bucket="b", Key="k", Body=b"x", ChecksumSHA256=good)
        self.assertEqual(self.s3.head_object(Bucket="b", Key="k", ChecksumMode="ENABLED")
                         ["ChecksumSHA256"], good)
        self.refused("BadDigest", "", self.s3.put_object, Bucket="b", Key="k", Body=b"y",
                     ChecksumSHA256=good)

    def test_conditional_write(self):
        self.s3.put_object(Bucket="b", Key="k", Body=b"1", IfNoneMatch="*")
        self.refused("PreconditionFailed", "", self.s3.put_object, Bucket="b", Key="k", Body=b"2",
                     IfNoneMatch="*")
        self.assertEqual(self.s3.get_object(Bucket="b", Key="k")["Body"].read(), b"1")

    def test_owner(self):
        self.refused("AccessDenied", "", self.s3.put_object, Bucket="b", Key="k", Body=b"",
                     ExpectedBucketOwner="210987654321")
        other = self.client("s3", key="AKIASTANDIN000000002", secret="standin-other-secret")
        self.refused("AccessDenied", "", other.put_object, Bucket="b", Key="k", Body=b"")

    def test_other_region(self):
        self.post("buckets", {"name": "far", "region": "us-west-2"})
        self.post("cues", {"fault": "closeIdle", "times": 0})
        self.s3.put_object(Bucket="far", Key="k", Body=b"")  # botocore follows
        statuses = [one["status"] for one in self.get("log?action=PutObject")]
        self.assertEqual(statuses, [301, 200])
        self.post("s3", {"redirect": "malformed"})
        fresh = self.client("s3", connect_timeout=5)  # the other one knows the region by now
        fresh.put_object(Bucket="far", Key="k", Body=b"")
        self.assertEqual([one["code"] for one in self.get("log") if one["status"] == 400],
                         ["AuthorizationHeaderMalformed"])

    def test_multipart(self):
        made = self.s3.create_multipart_upload(Bucket="b", Key="big", ContentType="video/mp4")
        parts = []
        for number, size in ((1, 5 * MIB), (2, 7)):
            answer = self.s3.upload_part(Bucket="b", Key="big", UploadId=made["UploadId"],
                                         PartNumber=number, Body=bytes([number]) * size)
            parts.append({"PartNumber": number, "ETag": answer["ETag"]})
        listed = self.s3.list_parts(Bucket="b", Key="big", UploadId=made["UploadId"])
        self.assertEqual([one["Size"] for one in listed["Parts"]], [5 * MIB, 7])
        done = self.s3.complete_multipart_upload(Bucket="b", Key="big", UploadId=made["UploadId"],
                                                 MultipartUpload={"Parts": parts})
        self.assertTrue(done["ETag"].endswith('-2"'))
        head = self.s3.head_object(Bucket="b", Key="big")
        self.assertEqual((head["ContentLength"], head["ContentType"]), (5 * MIB + 7, "video/mp4"))
        self.refused("NoSuchUpload", "", self.s3.abort_multipart_upload, Bucket="b", Key="big",
                     UploadId=made["UploadId"])

    def test_multipart_refusals(self):
        made = self.s3.create_multipart_upload(Bucket="b", Key="k")["UploadId"]
        tags = [self.s3.upload_part(Bucket="b", Key="k", UploadId=made, PartNumber=number,
                                    Body=b"small")["ETag"] for number in (1, 2)]

        def complete(*parts):
            return self.s3.complete_multipart_upload(
                Bucket="b", Key="k", UploadId=made, MultipartUpload={"Parts": [
                    {"PartNumber": number, "ETag": tag} for number, tag in parts]})
        self.refused("EntityTooSmall", "", complete, (1, tags[0]), (2, tags[1]))
        self.refused("InvalidPartOrder", "", complete, (2, tags[1]), (1, tags[0]))
        self.refused("InvalidPart", "", complete, (1, '"bad"'))
        self.s3.abort_multipart_upload(Bucket="b", Key="k", UploadId=made)
        self.assertEqual(self.get("buckets")["b"]["uploads"], {})

    def test_error_in_a_200(self):
        made = self.s3.create_multipart_upload(Bucket="b", Key="k")["UploadId"]
        tag = self.s3.upload_part(Bucket="b", Key="k", UploadId=made, PartNumber=1,
                                  Body=b"x")["ETag"]
        self.post("cues", {"fault": "okError", "action": "CompleteMultipartUpload"})
        self.refused("InternalError", "", self.s3.complete_multipart_upload, Bucket="b", Key="k",
                     UploadId=made, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": tag}]})
        self.assertNotIn("k", self.get("buckets")["b"]["objects"])

    def test_lists(self):
        for n in range(7):
            self.s3.put_object(Bucket="b", Key=f"d/{n}", Body=b"x")
        self.s3.put_object(Bucket="b", Key="top", Body=b"x")
        pages = list(self.s3.get_paginator("list_objects_v2").paginate(
            Bucket="b", PaginationConfig={"PageSize": 3}))
        self.assertEqual([one["Key"] for page in pages for one in page["Contents"]],
                         [f"d/{n}" for n in range(7)] + ["top"])
        self.assertEqual(len(pages), 3)
        grouped = self.s3.list_objects_v2(Bucket="b", Delimiter="/")
        self.assertEqual(([one["Prefix"] for one in grouped["CommonPrefixes"]],
                          [one["Key"] for one in grouped["Contents"]]), (["d/"], ["top"]))
        self.assertEqual(self.s3.list_objects_v2(Bucket="b", Prefix="d/", StartAfter="d/4")
                         ["KeyCount"], 2)

    def test_deletes(self):
        for key in ("a", "b", "c&d"):
            self.s3.put_object(Bucket="b", Key=key, Body=b"")
        answer = self.s3.delete_objects(Bucket="b", Delete={"Objects": [
            {"Key": "a"}, {"Key": "c&d"}]})
        self.assertEqual([one["Key"] for one in answer["Deleted"]], ["a", "c&d"])
        self.assertEqual(list(self.get("buckets")["b"]["objects"]), ["b"])
        self.refused("BucketNotEmpty", "", self.s3.delete_bucket, Bucket="b")
        self.s3.delete_object(Bucket="b", Key="b")
        self.s3.delete_bucket(Bucket="b")

    def test_buckets_are_made_once(self):
        where = {"LocationConstraint": "eu-west-1"}
        self.s3.create_bucket(Bucket="new", CreateBucketConfiguration=where)
        self.refused("BucketAlreadyOwnedByYou", "", self.s3.create_bucket, Bucket="new",
                     CreateBucketConfiguration=where)
        self.assertEqual(self.s3.get_bucket_location(Bucket="new")["LocationConstraint"],
                         "eu-west-1")
        self.s3.put_bucket_versioning(Bucket="new", VersioningConfiguration={
            "Status": "Enabled"})
        self.assertEqual(self.s3.get_bucket_versioning(Bucket="new")["Status"], "Enabled")

    def raw(self, method, target, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port)
        connection.request(method, target, body, headers or {})
        reply = connection.getresponse()
        reply.read()
        connection.close()
        return reply.status

    def test_presigned(self):
        s3 = self.client("s3", signature_version="s3v4")
        url = s3.generate_presigned_url("put_object", Params={"Bucket": "b", "Key": "p"})
        target = url[len(self.server.url):]
        self.assertEqual(self.raw("PUT", target, b"presigned"), 200)
        self.assertEqual(self.raw("PUT", target.replace("/p?", "/q?"), b"other"), 403)
        self.assertEqual(self.s3.get_object(Bucket="b", Key="p")["Body"].read(), b"presigned")

    def test_virtual_hosts(self):
        host = f"b.localhost:{self.server.port}"
        s3 = self.client("s3", signature_version="s3v4")
        url = s3.generate_presigned_url("put_object", Params={"Bucket": "b", "Key": "v"})
        self.assertEqual(self.raw("PUT", "/v" + url[url.index("?"):], b"x", {"Host": host}), 403)
        self.assertEqual(self.get("log")[-1]["params"]["Bucket"], "b")
        self.assertEqual(self.get("log")[-1]["params"]["Key"], "v")


class Edge(BotoCase):
    def test_invalidation_of_a_stack_s_distribution(self):
        self.deploy("web", template(("D", "AWS::CloudFront::Distribution", {
            "DistributionConfig": {"Enabled": True}})), "CREATE")
        id_ = self.get("stacks")[0]["resources"]["D"]["physicalId"]
        edge = self.client("cloudfront", "us-east-1")
        self.assertEqual(edge.get_distribution(Id=id_)["Distribution"]["Status"], "Deployed")
        batch = {"CallerReference": "r", "Paths": {"Quantity": 1, "Items": ["/*"]}}
        made = edge.create_invalidation(DistributionId=id_, InvalidationBatch=batch)
        self.assertEqual(made["Invalidation"]["Status"], "InProgress")
        again = edge.create_invalidation(DistributionId=id_, InvalidationBatch=batch)
        self.assertEqual(again["Invalidation"]["Id"], made["Invalidation"]["Id"])
        self.post("advance", {"seconds": 31})
        self.assertEqual(edge.get_invalidation(DistributionId=id_, Id=made["Invalidation"]["Id"])
                         ["Invalidation"]["Status"], "Completed")

    def test_refusals(self):
        edge = self.client("cloudfront", "us-east-1")
        batch = {"CallerReference": "r", "Paths": {"Quantity": 1, "Items": ["/*"]}}
        self.refused("NoSuchDistribution", "", edge.create_invalidation, DistributionId="E0",
                     InvalidationBatch=batch)
        self.post("distributions", {"id": "E1"})
        for turn in range(15):
            edge.create_invalidation(DistributionId="E1", InvalidationBatch={
                **batch, "CallerReference": str(turn)})
        self.refused("TooManyInvalidationsInProgress", "", edge.create_invalidation,
                     DistributionId="E1", InvalidationBatch=batch)


class Identity(BotoCase):
    def raw(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port)
        connection.request(method, path, body, headers or {})
        reply = connection.getresponse()
        text = reply.read().decode()
        connection.close()
        return reply.status, text

    def test_who_am_i(self):
        self.assertEqual(self.client("sts").get_caller_identity()["Account"], "123456789012")
        other = self.client("sts", key="AKIASTANDIN000000002", secret="standin-other-secret")
        self.assertEqual(other.get_caller_identity()["Account"], "210987654321")

    def test_roles(self):
        sts = self.client("sts")
        mfa = {"ExternalId": "ext", "SerialNumber": "arn:aws:iam::123456789012:mfa/m"}
        self.post("identity", {"externalId": "ext", "mfaCode": "123456"})
        role = {"RoleArn": "arn:aws:iam::210987654321:role/x", "RoleSessionName": "me"}
        self.refused("AccessDenied", "not authorized to perform: sts:AssumeRole",
                     sts.assume_role, **role)
        self.refused("AccessDenied", "MultiFactorAuthentication failed", sts.assume_role, **role,
                     **mfa, TokenCode="000000")
        made = sts.assume_role(**role, **mfa, TokenCode="123456", DurationSeconds=900)
        left = made["Credentials"]["Expiration"].timestamp() - time.time()
        self.assertAlmostEqual(left, 900, delta=5)
        self.assertEqual(made["AssumedRoleUser"]["Arn"],
                         "arn:aws:sts::210987654321:assumed-role/x/me")

    def test_web_identity(self):
        sts = self.client("sts")
        role = {"RoleArn": "arn:aws:iam::123456789012:role/x", "RoleSessionName": "me"}
        self.assertTrue(sts.assume_role_with_web_identity(WebIdentityToken="abcd", **role)
                        ["Credentials"]["AccessKeyId"].startswith("ASIA"))
        self.refused("InvalidIdentityToken", "", sts.assume_role_with_web_identity,
                     WebIdentityToken="invalid", **role)
        self.refused("ExpiredTokenException", "", sts.assume_role_with_web_identity,
                     WebIdentityToken="expired", **role)

    def test_sso(self):
        path = "/federation/credentials?account_id=123456789012&role_name=Admin"
        self.assertEqual(self.raw("GET", path)[0], 401)
        got = self.raw("GET", path, headers={"x-amz-sso_bearer_token": "standin-sso-token"})
        keys = json.loads(got[1])["roleCredentials"]
        self.assertGreater(keys["expiration"], time.time() * 1000)
        self.client("sts", key=keys["accessKeyId"], secret=keys["secretAccessKey"],
                    token=keys["sessionToken"]).get_caller_identity()
        refresh = {"grantType": "refresh_token", "clientId": "c", "clientSecret": "s",
                   "refreshToken": "standin-refresh"}
        self.assertIn("accessToken", self.raw("POST", "/token", json.dumps(refresh))[1])
        self.assertEqual(self.raw("POST", "/token", json.dumps(refresh))[0], 400)

    def test_container_and_metadata(self):
        self.assertIn("AccessKeyId", self.raw("GET", "/container/x")[1])
        self.post("identity", {"containerToken": "Bearer t"})
        self.assertEqual(self.raw("GET", "/container/x")[0], 403)
        base = "/latest/meta-data/iam/security-credentials/"
        self.assertEqual(self.raw("GET", base)[0], 401)
        token = self.raw("PUT", "/latest/api/token",
                         headers={"x-aws-ec2-metadata-token-ttl-seconds": "21600"})[1]
        head = {"x-aws-ec2-metadata-token": token}
        role = self.raw("GET", base, headers=head)[1]
        found = json.loads(self.raw("GET", base + role, headers=head)[1])
        self.assertEqual(found["Code"], "Success")


if __name__ == "__main__":
    unittest.main()
