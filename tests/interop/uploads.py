"""Uploads into moto, another S3 and CloudFront, read back by boto3: uploads.py DRIVER ALTC.

Code in parts, what is there already, a site that is changed, its invalidations. The last line is
"uploads: N passed, N failed"."""

import logging
import os
import random
import subprocess
import sys
import tempfile

import boto3
from moto.server import ThreadedMotoServer

PROGRAM = """
app { name: "shop", defaultStage: "dev" }
stages { dev: {} }
resource Layer: AWS::Lambda::LayerVersion { Content: zip("code.zip") }
resource Files: Alt::Site::Files {
  Source: "web", Bucket: "pages", Purge: true
  FileOptions: [{ Files: "**", CacheControl: "no-cache" }]
  Invalidate: { Distribution: "%s", Paths: ["/*"], Wait: true }
}
"""
passed, failed = 0, 0


def check(name, holds):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print("FAIL", name)


def write(root, name, data):
    path = os.path.join(root, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def distribution(client):
    origin = {"Id": "o", "DomainName": "pages.s3.amazonaws.com",
              "S3OriginConfig": {"OriginAccessIdentity": ""}}
    made = client.create_distribution(DistributionConfig={
        "CallerReference": "r", "Comment": "", "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "allow-all"}})
    return made["Distribution"]["Id"]


def main():
    logging.disable(logging.CRITICAL)
    driver, altc = (os.path.abspath(one) for one in sys.argv[1:3])
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    url = "http://127.0.0.1:%d" % server.get_host_and_port()[1]
    env = {"PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": url, "AWS_REGION": "us-east-1",
           "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "very-secret"}
    made = {"region_name": "us-east-1", "endpoint_url": url, "aws_access_key_id": "a",
            "aws_secret_access_key": "b"}
    s3, cloudfront = boto3.client("s3", **made), boto3.client("cloudfront", **made)
    for name in ("pages", "assets"):
        s3.create_bucket(Bucket=name)
    with tempfile.TemporaryDirectory() as root:
        id_ = distribution(cloudfront)
        code = random.Random(1).randbytes(21 * 1024 * 1024)
        write(root, "code.zip", code)
        write(root, "web/index.html", b"<html>")
        write(root, "web/a b+c%d é.js", b"1")
        write(root, "web/old.js", b"old")
        write(root, "infra.alt", (PROGRAM % id_).encode())
        subprocess.run([altc, "-q", root + "/infra.alt", "--all", "-d", root + "/out"], check=True)

        def run(what):
            done = subprocess.run([driver, what, root + "/out/dev.manifest.json", root, "--bucket",
                                   "assets"], env=env, capture_output=True, text=True)
            if done.returncode:
                print(done.stdout, done.stderr)
            return done.returncode == 0

        check("code in parts", run("assets"))
        (found,) = s3.list_objects_v2(Bucket="assets")["Contents"]
        check("the same bytes", s3.get_object(Bucket="assets", Key=found["Key"])["Body"].read() == code)
        check("no upload is left", not s3.list_multipart_uploads(Bucket="assets").get("Uploads"))
        check("code that is there", run("assets"))
        check("it is as it was", s3.list_objects_v2(Bucket="assets")["Contents"][0]["LastModified"] ==
              found["LastModified"])

        def keys():
            return {one["Key"] for one in s3.list_objects_v2(Bucket="pages")["Contents"]
                    if not one["Key"].startswith(".altc/")}

        def invalidations():
            return cloudfront.list_invalidations(DistributionId=id_)["InvalidationList"]["Quantity"]

        check("a site", run("sites"))
        check("its files", keys() == {"index.html", "a b+c%d é.js", "old.js"})
        head = s3.head_object(Bucket="pages", Key="a b+c%d é.js")
        check("their headers", (head["ContentType"], head["CacheControl"]) ==
              ("text/javascript;charset=utf-8", "no-cache"))
        check("an invalidation", invalidations() == 1)
        check("nothing changed", run("sites") and invalidations() == 1)
        os.remove(root + "/web/old.js")
        write(root, "web/index.html", b"<html>2")
        s3.put_object(Bucket="pages", Key="theirs", Body=b"x")
        check("a change", run("sites"))
        check("what went is gone, what others put there stays",
              keys() == {"index.html", "a b+c%d é.js", "theirs"})
        check("another invalidation", invalidations() == 2)
        check("a bucket is emptied", subprocess.run(
            [driver, "empty", root + "/out/dev.manifest.json", root, "--bucket", "pages"],
            env=env, capture_output=True).returncode == 0 and
            "Contents" not in s3.list_objects_v2(Bucket="pages"))
    server.stop()
    print(f"uploads: {passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
