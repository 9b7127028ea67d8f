"""S3: buckets and objects, conditional and checked uploads, multipart, lists, other regions."""

import base64
import hashlib
import re
import urllib.parse
import xml.etree.ElementTree as ElementTree
import zlib
from dataclasses import dataclass, field

from cloudformation.effects import Bucket
from transport import http_date
from wire import AwsError, Pairs, Reply, iso, xml

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
KEPT_HEADERS = ("content-type", "cache-control", "content-encoding", "content-disposition",
                "content-language", "expires", "x-amz-storage-class",
                "x-amz-server-side-encryption", "x-amz-website-redirect-location")
_HOST = re.compile(r"^(.+?)\.(?:s3[.-].*|s3|localhost)(?::\d+)?$")
SUBRESOURCES = ("versioning", "encryption", "policy", "publicAccessBlock", "lifecycle", "tagging",
                "ownershipControls", "acl", "website", "cors", "notification", "logging")


@dataclass
class Object:
    data: bytes
    etag: str
    modified: float
    headers: dict = field(default_factory=dict)
    sha256: str | None = None


@dataclass
class Upload:
    key: str
    headers: dict
    started: float
    parts: dict = field(default_factory=dict)   # number -> (data, etag, sha256)


# ---- what is asked ----

def identify(request):
    """Fills action and params (Bucket, Key and the query) of a request to S3."""
    query = dict(urllib.parse.parse_qsl(request.query, keep_blank_values=True))
    path = urllib.parse.unquote(request.path)
    host = _HOST.match(request.headers.get("host", ""))
    if host:
        bucket, key = host.group(1), path[1:]
    else:
        bucket, _, key = path[1:].partition("/")
    request.params = {**query, "Bucket": bucket, "Key": key}
    request.action = _action(request.method, bucket, key, query, request.headers)


def _action(method, bucket, key, query, headers):
    if not bucket:
        return "ListBuckets"
    for name in SUBRESOURCES:
        if name in query:
            verb = {"GET": "Get", "PUT": "Put", "DELETE": "Delete"}.get(method, method)
            return verb + ("Object" if key else "Bucket") + name[0].upper() + name[1:]
    if key:
        if "uploads" in query and method == "POST":
            return "CreateMultipartUpload"
        if "uploadId" in query:
            return {"PUT": "UploadPart", "POST": "CompleteMultipartUpload",
                    "DELETE": "AbortMultipartUpload", "GET": "ListParts"}.get(method, method)
        if method == "PUT" and "x-amz-copy-source" in headers:
            return "CopyObject"
        return {"PUT": "PutObject", "GET": "GetObject", "HEAD": "HeadObject",
                "DELETE": "DeleteObject"}.get(method, method)
    if "location" in query:
        return "GetBucketLocation"
    if "delete" in query and method == "POST":
        return "DeleteObjects"
    if "uploads" in query:
        return "ListMultipartUploads"
    if "versions" in query and method == "GET":
        return "ListObjectVersions"
    return {"PUT": "CreateBucket", "HEAD": "HeadBucket", "DELETE": "DeleteBucket",
            "GET": "ListObjectsV2" if query.get("list-type") == "2" else "ListObjects"
            }.get(method, method)


def call(world, request, request_id, settings):
    """The reply to a request whose signature is right."""
    call_ = Call(world, request, settings)
    operation = getattr(call_, request.action, None)
    if operation is None or not request.action[0].isupper():
        sub = call_.subresource()
        if sub is None:
            raise AwsError("MethodNotAllowed", "The specified method is not allowed against this "
                           "resource.", 405)
        reply = sub
    else:
        reply = operation()
    reply.headers.setdefault("x-amz-request-id", request_id)
    return reply


def _document(name, value):
    body = '<?xml version="1.0" encoding="UTF-8"?>\n' + xml(f'{name} xmlns="{NAMESPACE}"', value)
    return Reply(body=body.encode(), content_type="application/xml")


def denied():
    return AwsError("AccessDenied", "Access Denied", 403)


class Call:
    def __init__(self, world, request, settings):
        self.world = world
        self.request = request
        self.settings = settings
        self.params = request.params
        self.headers = request.headers

    # ---- buckets ----

    def bucket(self):
        """The bucket of the request, when the caller may touch it from here."""
        name = self.params["Bucket"]
        bucket = self.world.buckets.get(name)
        if bucket is None:
            raise AwsError("NoSuchBucket", "The specified bucket does not exist", 404,
                           {"BucketName": name})
        expected = self.headers.get("x-amz-expected-bucket-owner")
        if bucket.account != self.request.account or expected not in (None, bucket.account):
            raise denied()
        if bucket.region != self.request.region:
            self._elsewhere(bucket)
        return bucket

    def _elsewhere(self, bucket):
        host = f"{bucket.name}.s3.{bucket.region}.amazonaws.com"
        how = self.world.s3["redirect"]
        if how == "malformed":
            error = AwsError("AuthorizationHeaderMalformed", "The authorization header is "
                             f"malformed; the region '{self.request.region}' is wrong; expecting "
                             f"'{bucket.region}'", 400, {"Region": bucket.region})
        elif how == "307":
            error = AwsError("TemporaryRedirect", "Please re-send this request to the specified "
                             "temporary endpoint. Continue to use the original request endpoint "
                             "for future requests.", 307, {"Bucket": bucket.name, "Endpoint": host})
        else:
            error = AwsError("PermanentRedirect", "The bucket you are attempting to access must be "
                             "addressed using the specified endpoint. Please send all future "
                             "requests to this endpoint.", 301,
                             {"Endpoint": host, "Bucket": bucket.name})
        error.headers = {"x-amz-bucket-region": bucket.region}
        if how == "307":
            error.headers["Location"] = f"https://{host}{self.request.target}"
        raise error

    def ListBuckets(self):
        mine = [bucket for bucket in self.world.buckets.values()
                if bucket.account == self.request.account]
        return _document("ListAllMyBucketsResult", {
            "Owner": {"ID": self.request.account},
            "Buckets": Pairs(("Bucket", {"Name": one.name}) for one in mine)})

    def CreateBucket(self):
        name = self.params["Bucket"]
        known = self.world.buckets.get(name)
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name):
            raise AwsError("InvalidBucketName", "The specified bucket is not valid.", 400,
                           {"BucketName": name})
        if known is not None and known.account != self.request.account:
            raise AwsError("BucketAlreadyExists", "The requested bucket name is not available. The "
                           "bucket namespace is shared by all users of the system. Please select a "
                           "different name and try again.", 409, {"BucketName": name})
        if known is not None:
            raise AwsError("BucketAlreadyOwnedByYou", "Your previous request to create the named "
                           "bucket succeeded and you already own it.", 409, {"BucketName": name})
        self.world.buckets[name] = Bucket(name, self.request.account, self.request.region)
        return Reply(200, b"", "", {"Location": "/" + name})

    def HeadBucket(self):
        bucket = self.bucket()
        return Reply(200, b"", "application/xml", {"x-amz-bucket-region": bucket.region})

    def DeleteBucket(self):
        bucket = self.bucket()
        if bucket.objects:
            raise AwsError("BucketNotEmpty", "The bucket you tried to delete is not empty", 409,
                           {"BucketName": bucket.name})
        del self.world.buckets[bucket.name]
        return Reply(204, b"", "")

    def GetBucketLocation(self):
        region = self.bucket().region
        return _document("LocationConstraint", "" if region == "us-east-1" else region)

    def subresource(self):
        """GET, PUT and DELETE of the documents that a bucket or object may have."""
        name = next((one for one in SUBRESOURCES if one in self.params), None)
        if name is None:
            return None
        bucket = self.bucket()
        place = (name, self.params["Key"])
        if self.request.method == "PUT":
            bucket.documents[place] = self.request.body
            return Reply(200, b"", "")
        if self.request.method == "DELETE":
            bucket.documents.pop(place, None)
            return Reply(204, b"", "")
        if place not in bucket.documents:
            if name == "versioning":
                return _document("VersioningConfiguration", {})
            raise AwsError("NoSuch" + name[0].upper() + name[1:], f"The {name} configuration does "
                           "not exist", 404)
        kind = "application/json" if name == "policy" else "application/xml"
        return Reply(200, bucket.documents[place], kind)

    # ---- lists ----

    def ListObjectsV2(self):
        bucket, params = self.bucket(), self.params
        prefix, delimiter = params.get("prefix", ""), params.get("delimiter", "")
        limit = min(int(params.get("max-keys", 1000)), self.settings.get("page", 1000))
        after = params.get("start-after", "")
        if "continuation-token" in params:
            after = base64.urlsafe_b64decode(params["continuation-token"]).decode()
        encode = (lambda text: urllib.parse.quote(text)) if \
            params.get("encoding-type") == "url" else (lambda text: text)
        items, common, last, more = [], [], after, False
        for key in sorted(bucket.objects):
            if key <= after or not key.startswith(prefix):
                continue
            group = _group(key, prefix, delimiter)
            if group and (common[-1:] == [group] or after.startswith(group)):
                last = key
                continue
            if len(items) + len(common) >= limit:
                more = True
                break
            last = key
            if group:
                common.append(group)
            else:
                items.append((key, bucket.objects[key]))
        token = base64.urlsafe_b64encode(last.encode()).decode() if more else None
        if self.settings.get("repeat_token"):
            token, more = params.get("continuation-token", token or "YWdhaW4="), True
        return _document("ListBucketResult", Pairs(
            [("Name", bucket.name), ("Prefix", encode(prefix)),
             ("ContinuationToken", params.get("continuation-token")),
             ("NextContinuationToken", token),
             ("KeyCount", len(items) + len(common)), ("MaxKeys", limit), ("IsTruncated", more)]
            + [("EncodingType", params.get("encoding-type"))]
            + [("Contents", {"Key": encode(key), "LastModified": iso(one.modified),
                             "ETag": one.etag, "Size": len(one.data),
                             "StorageClass": "STANDARD"}) for key, one in items]
            + [("CommonPrefixes", {"Prefix": encode(one)}) for one in common]))

    ListObjects = ListObjectsV2

    def ListMultipartUploads(self):
        bucket = self.bucket()
        return _document("ListMultipartUploadsResult", Pairs(
            [("Bucket", bucket.name), ("IsTruncated", False)]
            + [("Upload", {"Key": one.key, "UploadId": id_, "Initiated": iso(one.started)})
               for id_, one in bucket.uploads.items()]))

    def ListParts(self):
        _, upload = self._upload()
        return _document("ListPartsResult", Pairs(
            [("Bucket", self.params["Bucket"]), ("Key", upload.key),
             ("UploadId", self.params["uploadId"]), ("IsTruncated", False)]
            + [("Part", {"PartNumber": number, "ETag": etag, "Size": len(data),
                         "ChecksumSHA256": sha256})
               for number, (data, etag, sha256) in sorted(upload.parts.items())]))

    def ListObjectVersions(self):
        """Of a bucket without versioning: the one version of each object is called null."""
        bucket = self.bucket()
        return _document("ListVersionsResult", Pairs(
            [("Name", bucket.name), ("IsTruncated", False)]
            + [("Version", {"Key": key, "VersionId": "null", "IsLatest": True, "ETag": one.etag,
                            "Size": len(one.data)})
               for key, one in sorted(bucket.objects.items())]))

    # ---- objects ----

    def _body(self):
        """The bytes that are meant, checked against every checksum that came with them."""
        body = self.request.body
        trailers = {}
        if self.headers.get("x-amz-content-sha256", "").startswith("STREAMING-"):
            body, trailers = _unchunk(body)
        if "content-md5" in self.headers:
            digest = base64.b64encode(hashlib.md5(body).digest()).decode()
            if digest != self.headers["content-md5"]:
                raise AwsError("BadDigest", "The Content-MD5 you specified did not match what we "
                               "received.", 400)
        told = {**self.headers, **trailers}
        sums = {"sha256": lambda: hashlib.sha256(body).digest(),
                "sha1": lambda: hashlib.sha1(body).digest(),
                "crc32": lambda: zlib.crc32(body).to_bytes(4, "big")}
        for name, work in sums.items():
            wanted = told.get("x-amz-checksum-" + name)
            if wanted is not None and wanted != base64.b64encode(work()).decode():
                raise AwsError("BadDigest", f"The {name.upper()} you specified did not match the "
                               "calculated checksum.", 400)
        return body, told.get("x-amz-checksum-sha256")

    def _conditions(self, bucket, key):
        known = bucket.objects.get(key)
        if self.headers.get("if-none-match") == "*" and known is not None:
            raise AwsError("PreconditionFailed", "At least one of the pre-conditions you specified "
                           "did not hold", 412, {"Condition": "If-None-Match"})
        match = self.headers.get("if-match")
        if match is not None and (known is None or match.strip('"') != known.etag.strip('"')):
            raise AwsError("PreconditionFailed", "At least one of the pre-conditions you specified "
                           "did not hold", 412, {"Condition": "If-Match"})

    def _kept(self):
        return {name: value for name, value in self.headers.items()
                if name in KEPT_HEADERS or name.startswith("x-amz-meta-")}

    def _key(self):
        key = self.params["Key"]
        if len(key.encode()) > 1024:
            raise AwsError("KeyTooLongError", "Your key is too long", 400)
        return key

    def PutObject(self):
        bucket, key = self.bucket(), self._key()
        data, sha256 = self._body()
        self._conditions(bucket, key)
        etag = f'"{hashlib.md5(data).hexdigest()}"'
        bucket.objects[key] = Object(data, etag, self.world.clock.wall(), self._kept(), sha256)
        headers = {"ETag": etag}
        if sha256:
            headers["x-amz-checksum-sha256"] = sha256
        return Reply(200, b"", "", headers)

    def CopyObject(self):
        bucket, key = self.bucket(), self._key()
        source = urllib.parse.unquote(self.headers["x-amz-copy-source"]).lstrip("/")
        name, _, source_key = source.partition("/")
        origin = self.world.buckets.get(name)
        if origin is None or source_key not in origin.objects:
            raise AwsError("NoSuchKey", "The specified key does not exist.", 404,
                           {"Key": source_key})
        found = origin.objects[source_key]
        headers = found.headers
        if self.headers.get("x-amz-metadata-directive", "").upper() == "REPLACE":
            headers = self._kept()
        bucket.objects[key] = Object(found.data, found.etag, self.world.clock.wall(),
                                     dict(headers), found.sha256)
        return _document("CopyObjectResult", {"ETag": found.etag,
                                              "LastModified": iso(self.world.clock.wall())})

    def _object(self):
        bucket, key = self.bucket(), self._key()
        if key not in bucket.objects:
            raise AwsError("NoSuchKey", "The specified key does not exist.", 404, {"Key": key})
        return bucket.objects[key]

    def GetObject(self):
        found = self._object()
        headers = {"ETag": found.etag, "Last-Modified": http_date(int(found.modified)),
                   "Accept-Ranges": "bytes"}
        headers.update({name: value for name, value in found.headers.items()
                        if name != "content-type"})
        if found.sha256 and self.headers.get("x-amz-checksum-mode", "").upper() == "ENABLED":
            headers["x-amz-checksum-sha256"] = found.sha256
        kind = found.headers.get("content-type", "binary/octet-stream")
        if self.headers.get("if-none-match", "").strip('"') == found.etag.strip('"'):
            return Reply(304, b"", kind, headers)
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("range", ""))
        if not asked:
            return Reply(200, found.data, kind, headers)
        start = int(asked.group(1))
        end = min(int(asked.group(2) or len(found.data) - 1), len(found.data) - 1)
        if start >= len(found.data):
            raise AwsError("InvalidRange", "The requested range is not satisfiable", 416)
        headers["Content-Range"] = f"bytes {start}-{end}/{len(found.data)}"
        return Reply(206, found.data[start:end + 1], kind, headers)

    def HeadObject(self):
        return self.GetObject()

    def DeleteObject(self):
        self.bucket().objects.pop(self._key(), None)
        return Reply(204, b"", "")

    def DeleteObjects(self):
        bucket = self.bucket()
        if not any(name.startswith("x-amz-checksum-") or name == "content-md5"
                   for name in self.headers):
            raise AwsError("InvalidRequest", "Missing required header for this request: "
                           "Content-MD5", 400)
        root = _read_xml(self._body()[0])
        keys = [_find(one, "Key") for one in root if one.tag.endswith("Object")]
        if not 1 <= len(keys) <= 1000:
            raise AwsError("MalformedXML", "The XML you provided was not well-formed or did not "
                           "validate against our published schema", 400)
        quiet = _find(root, "Quiet") == "true"
        for key in keys:
            bucket.objects.pop(key, None)
        return _document("DeleteResult", Pairs(
            [] if quiet else [("Deleted", {"Key": key}) for key in keys]))

    # ---- multipart ----

    def CreateMultipartUpload(self):
        bucket, key = self.bucket(), self._key()
        upload_id = self.world.letters(32)
        bucket.uploads[upload_id] = Upload(key, self._kept(), self.world.clock.wall())
        return _document("InitiateMultipartUploadResult",
                         {"Bucket": bucket.name, "Key": key, "UploadId": upload_id})

    def _upload(self):
        bucket = self.bucket()
        upload = bucket.uploads.get(self.params.get("uploadId", ""))
        if upload is None or upload.key != self._key():
            raise AwsError("NoSuchUpload", "The specified upload does not exist. The upload ID may "
                           "be invalid, or the upload may have been aborted or completed.", 404,
                           {"UploadId": self.params.get("uploadId")})
        return bucket, upload

    def UploadPart(self):
        _, upload = self._upload()
        number = self.params.get("partNumber", "")
        if not number.isdigit() or not 1 <= int(number) <= 10000:
            raise AwsError("InvalidArgument", "Part number must be an integer between 1 and 10000, "
                           "inclusive", 400)
        data, sha256 = self._body()
        etag = f'"{hashlib.md5(data).hexdigest()}"'
        upload.parts[int(number)] = (data, etag, sha256)
        headers = {"ETag": etag}
        if sha256:
            headers["x-amz-checksum-sha256"] = sha256
        return Reply(200, b"", "", headers)

    def CompleteMultipartUpload(self):
        bucket, upload = self._upload()
        root = _read_xml(self.request.body)
        wanted = [(int(_find(one, "PartNumber") or 0), (_find(one, "ETag") or "").strip('"'),
                   _find(one, "ChecksumSHA256")) for one in root if one.tag.endswith("Part")]
        numbers = [number for number, _, _ in wanted]
        if not numbers:
            raise AwsError("MalformedXML", "The XML you provided was not well-formed or did not "
                           "validate against our published schema", 400)
        if numbers != sorted(set(numbers)):
            raise AwsError("InvalidPartOrder", "The list of parts was not in ascending order. The "
                           "parts list must be specified in order by part number.", 400)
        self._conditions(bucket, upload.key)
        for number, etag, sha256 in wanted:
            part = upload.parts.get(number)
            if part is None or part[1].strip('"') != etag or \
                    (sha256 and part[2] and sha256 != part[2]):
                raise AwsError("InvalidPart", "One or more of the specified parts could not be "
                               "found. The part may not have been uploaded, or the specified "
                               "entity tag may not match the part's entity tag.", 400,
                               {"PartNumber": number})
            if number != numbers[-1] and len(part[0]) < self.world.s3["minPart"]:
                raise AwsError("EntityTooSmall", "Your proposed upload is smaller than the minimum "
                               "allowed size", 400, {"PartNumber": number})
        data = b"".join(upload.parts[number][0] for number in numbers)
        digests = b"".join(hashlib.md5(upload.parts[number][0]).digest() for number in numbers)
        etag = f'"{hashlib.md5(digests).hexdigest()}-{len(numbers)}"'
        bucket.objects[upload.key] = Object(data, etag, self.world.clock.wall(), upload.headers)
        del bucket.uploads[self.params["uploadId"]]
        return _document("CompleteMultipartUploadResult", {
            "Location": f"https://{bucket.name}.s3.{bucket.region}.amazonaws.com/{upload.key}",
            "Bucket": bucket.name, "Key": upload.key, "ETag": etag})

    def AbortMultipartUpload(self):
        bucket, _ = self._upload()
        del bucket.uploads[self.params["uploadId"]]
        return Reply(204, b"", "")


def _group(key, prefix, delimiter):
    if not delimiter:
        return None
    at = key.find(delimiter, len(prefix))
    return None if at < 0 else key[:at + len(delimiter)]


def _read_xml(body):
    try:
        return ElementTree.fromstring(body)
    except ElementTree.ParseError:
        raise AwsError("MalformedXML", "The XML you provided was not well-formed or did not "
                       "validate against our published schema", 400) from None


def _find(node, name):
    for child in node:
        if child.tag.rpartition("}")[2] == name:
            return child.text
    return None


def _unchunk(body):
    """The data and trailers of an aws-chunked body without signatures."""
    data, at = bytearray(), 0
    while True:
        end = body.index(b"\r\n", at)
        size = int(body[at:end].split(b";")[0], 16)
        at = end + 2
        if size == 0:
            break
        data += body[at:at + size]
        at += size + 2
    trailers = {}
    for line in body[at:].split(b"\r\n"):
        name, colon, value = line.partition(b":")
        if colon:
            trailers[name.decode().lower()] = value.decode().strip()
    return bytes(data), trailers
