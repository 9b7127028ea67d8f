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


def create(world, stack, resource):
    """Does what creating means elsewhere; a reason when that fails, else None."""
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
