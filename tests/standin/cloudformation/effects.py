"""What resources do to the other services that the stand-in has: a bucket of a stack is a bucket
that can be uploaded to, a distribution one that can be invalidated."""

from dataclasses import dataclass, field


@dataclass
class Bucket:
    name: str
    account: str
    region: str
    objects: dict = field(default_factory=dict)
    uploads: dict = field(default_factory=dict)
    documents: dict = field(default_factory=dict)   # (sub-resource, key) -> bytes


def handler_error(world, message, code):
    return (f'Resource handler returned message: "{message}" (RequestToken: {world.uuid()}, '
            f"HandlerErrorCode: {code})")


# Their name alone does not tell one from another.
_NOT_UNIQUE = ("AWS::Route53::RecordSet", "AWS::IAM::Policy")


def taken(world, stack, resource, names):
    """Whether a resource with this explicit name is there already; `names` are the properties
    that make the id."""
    if resource.type in _NOT_UNIQUE or not names or \
            any(name not in resource.properties for name in names):
        return False
    return any(other.physical == resource.physical and other.type == resource.type
               and other is not resource
               for other_stack in stack.region.stacks.values() if other_stack.exists
               for other in other_stack.resources.values())


def _code(world, resource):
    """Why the code of a function cannot be had; None when it can."""
    code = resource.properties.get("Code") or {}
    if resource.type != "AWS::Lambda::Function" or "S3Bucket" not in code or \
            not world.s3["checkCode"]:
        return None
    bucket = world.buckets.get(code["S3Bucket"])
    if bucket is None:
        code, text = "NoSuchBucket", "The specified bucket does not exist"
    elif code.get("S3Key") not in bucket.objects:
        code, text = "NoSuchKey", "The specified key does not exist."
    else:
        return None
    return handler_error(world, f"Error occurred while GetObject. S3 Error Code: {code}. S3 Error "
                         f"Message: {text} (Service: Lambda, Status Code: 400, Request ID: "
                         f"{world.uuid()})", "InvalidRequest")


def update(world, resource):
    """A reason why new properties cannot be taken, or None."""
    return _code(world, resource)


def create(world, stack, resource, names=()):
    """Does what creating means elsewhere; a reason when that fails, else None. `names` as in
    `taken`."""
    if taken(world, stack, resource, names):
        return handler_error(world, f"Resource of type '{resource.type}' with identifier "
                             f"'{resource.physical}' already exists.", "AlreadyExists")
    refused = _code(world, resource)
    if refused is not None:
        return refused
    if resource.type == "AWS::S3::Bucket":
        if resource.physical in world.buckets:
            return handler_error(world, f"{resource.physical} already exists", "AlreadyExists")
        world.buckets[resource.physical] = Bucket(resource.physical, stack.region.account,
                                                  stack.region.name)
    elif resource.type == "AWS::CloudFront::Distribution":
        world.distributions[resource.physical] = {"account": stack.region.account,
                                                  "invalidations": {}, "references": {},
                                                  "properties": resource.properties}
    return None


def exists(world, resource):
    """True when something of that name is there, managed by nobody."""
    return resource.type == "AWS::S3::Bucket" and resource.physical in world.buckets


def delete(world, stack, resource):
    if resource.type == "AWS::S3::Bucket":
        bucket = world.buckets.get(resource.physical)
        if bucket is not None and bucket.objects:
            return handler_error(
                world, "The bucket you tried to delete is not empty. You must delete all versions "
                "in the bucket. (Service: S3, Status Code: 409, Request ID: "
                f"{world.letters(16)})", "GeneralServiceException")
        world.buckets.pop(resource.physical, None)
    elif resource.type == "AWS::CloudFront::Distribution":
        world.distributions.pop(resource.physical, None)
    return None
