"""CloudFront: distributions as far as a deployer looks at them, and invalidations."""

import re
import xml.etree.ElementTree as ElementTree

from wire import AwsError, Pairs, Reply, iso_seconds, xml

NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/"
_PATH = re.compile(r"^/2020-05-31/distribution(?:/([^/]+)(?:/(invalidation|config)(?:/([^/]+))?)?)?"
                   r"/?$")
MAX_PATHS = 3000
MAX_WILDCARDS = 15


def identify(request):
    """Fills action and params of a request."""
    found = _PATH.match(request.path)
    if not found:
        request.action = "Unknown"
        return
    distribution, kind, invalidation = found.groups()
    request.params = {"DistributionId": distribution or "", "Id": invalidation or ""}
    if not distribution:
        request.action = "ListDistributions"
    elif kind is None:
        request.action = "GetDistribution"
    elif kind == "config":
        request.action = "GetDistributionConfig"
    elif invalidation:
        request.action = "GetInvalidation"
    else:
        request.action = ("CreateInvalidation" if request.method == "POST"
                          else "ListInvalidations")
    if request.action == "CreateInvalidation":
        request.params["InvalidationBatch"] = request.body.decode("utf-8", "replace")


def call(world, request, request_id):
    operation = ACTIONS.get(request.action)
    if operation is None:
        raise AwsError("InvalidAction", "The action or operation requested is invalid.", 400)
    reply = operation(world, request)
    reply.headers["x-amzn-RequestId"] = request_id
    return reply


def _document(name, value, status=200):
    body = '<?xml version="1.0"?>\n' + xml(f'{name} xmlns="{NAMESPACE}"', value)
    return Reply(status, body.encode(), "text/xml")


def _distribution(world, request):
    found = world.distributions.get(request.params["DistributionId"])
    if found is None or found["account"] != request.account:
        raise AwsError("NoSuchDistribution", "The specified distribution does not exist.", 404)
    return found


def _get_distribution(world, request):
    found = _distribution(world, request)
    id_ = request.params["DistributionId"]
    config = found["properties"].get("DistributionConfig", {})
    aliases = config.get("Aliases", [])
    return _document("Distribution", {
        "Id": id_, "ARN": f"arn:aws:cloudfront::{request.account}:distribution/{id_}",
        "Status": found.get("status", "Deployed"), "LastModifiedTime": iso_seconds(0),
        "InProgressInvalidationBatches": len(_running(world, found)),
        "DomainName": f"{id_.lower()}.cloudfront.net",
        "DistributionConfig": {
            "CallerReference": id_, "Aliases": _items("CNAME", aliases),
            "Comment": config.get("Comment", ""), "Enabled": config.get("Enabled", True)}})


def _get_config(world, request):
    found = _distribution(world, request)
    config = found["properties"].get("DistributionConfig", {})
    return _document("DistributionConfig", {
        "CallerReference": request.params["DistributionId"],
        "Aliases": _items("CNAME", config.get("Aliases", [])),
        "Comment": config.get("Comment", ""), "Enabled": config.get("Enabled", True)})


def _list_distributions(world, request):
    mine = [id_ for id_, one in world.distributions.items() if one["account"] == request.account]
    return _document("DistributionList", {
        "Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": len(mine),
        "Items": Pairs(("DistributionSummary", {"Id": id_, "Status": "Deployed",
                                                "DomainName": f"{id_.lower()}.cloudfront.net"})
                       for id_ in mine)})


def _items(name, values):
    return {"Quantity": len(values), "Items": Pairs((name, one) for one in values)}


def _running(world, distribution):
    return [one for one in distribution["invalidations"].values()
            if _status(world, one) == "InProgress"]


def _status(world, invalidation):
    return "Completed" if world.now() >= invalidation["until"] else "InProgress"


def _told(world, invalidation):
    return {"Id": invalidation["id"], "Status": _status(world, invalidation),
            "CreateTime": iso_seconds(invalidation["created"]),
            "InvalidationBatch": {
                "Paths": _items("Path", invalidation["paths"]),
                "CallerReference": invalidation["reference"]}}


def _create_invalidation(world, request):
    distribution = _distribution(world, request)
    paths, reference = _read(request.body)
    known = distribution["references"].get(reference)
    if known is not None:
        if distribution["invalidations"][known]["paths"] != paths:
            raise AwsError("InvalidArgument", "The caller reference was used for another "
                           "invalidation batch.", 400)
        return _document("Invalidation", _told(world, distribution["invalidations"][known]), 201)
    running = _running(world, distribution)
    wildcards = sum(path.endswith("*") for one in running for path in one["paths"])
    total = sum(len(one["paths"]) for one in running) + len(paths)
    if total > MAX_PATHS or wildcards + sum(path.endswith("*") for path in paths) > MAX_WILDCARDS:
        raise AwsError("TooManyInvalidationsInProgress", "You have exceeded the maximum number of "
                       "allowable InProgress invalidation batch requests, or invalidation objects.",
                       400)
    id_ = "I" + world.letters(13)
    made = {"id": id_, "paths": paths, "reference": reference, "created": world.now(),
            "until": world.now() + world.timing["invalidation"]}
    distribution["invalidations"][id_] = made
    distribution["references"][reference] = id_
    reply = _document("Invalidation", _told(world, made), 201)
    reply.headers["Location"] = (f"https://cloudfront.amazonaws.com{request.path.rstrip('/')}/"
                                 + id_)
    return reply


def _read(body):
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        raise AwsError("MalformedXML", "1 validation error detected: malformed XML", 400) from None
    paths, reference, quantity = [], "", None
    for node in root.iter():
        name = node.tag.rpartition("}")[2]
        if name == "Path":
            paths.append(node.text or "")
        elif name == "CallerReference":
            reference = node.text or ""
        elif name == "Quantity":
            quantity = int(node.text or 0)
    if not reference or not paths:
        raise AwsError("InvalidArgument", "Your request contains an empty caller reference or no "
                       "paths.", 400)
    if quantity != len(paths):
        raise AwsError("InconsistentQuantities", "The value of Quantity and the size of Items do "
                       "not match.", 400)
    if any(not path.startswith("/") for path in paths):
        raise AwsError("InvalidArgument", "Your request contains one or more invalid invalidation "
                       "paths.", 400)
    return paths, reference


def _get_invalidation(world, request):
    distribution = _distribution(world, request)
    found = distribution["invalidations"].get(request.params["Id"])
    if found is None:
        raise AwsError("NoSuchInvalidation", "The specified invalidation does not exist.", 404)
    return _document("Invalidation", _told(world, found))


def _list_invalidations(world, request):
    distribution = _distribution(world, request)
    found = list(distribution["invalidations"].values())
    return _document("InvalidationList", {
        "Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": len(found),
        "Items": Pairs(("InvalidationSummary", {"Id": one["id"], "Status": _status(world, one),
                                                "CreateTime": iso_seconds(one["created"])})
                       for one in found)})


ACTIONS = {"GetDistribution": _get_distribution, "GetDistributionConfig": _get_config,
           "ListDistributions": _list_distributions, "CreateInvalidation": _create_invalidation,
           "GetInvalidation": _get_invalidation, "ListInvalidations": _list_invalidations}
