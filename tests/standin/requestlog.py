"""What clients asked, with everything in it: the only place where their secrets can be seen."""

import collections
import fnmatch


class RequestLog:
    MAX = 200000

    def __init__(self):
        self.entries = collections.deque(maxlen=self.MAX)
        self.count = 0

    def add(self, request, reply, at, faults, error=None):
        self.count += 1
        entry = {"n": self.count, "time": at, "service": request.service,
                 "action": request.action, "region": request.region, "account": request.account,
                 "accessKey": request.access_key, "method": request.method,
                 "target": request.target, "headers": request.headers, "params": request.params,
                 "bytes": len(request.body), "status": reply.status,
                 "replyBytes": len(reply.body)}
        if request.service not in ("s3", "cloudformation", "sts"):
            entry["body"] = request.body[:65536].decode("utf-8", "replace")
        if error is not None:
            entry["code"], entry["message"] = error.code, error.message
            if hasattr(error, "explain"):
                entry["canonicalRequest"] = error.explain
        if faults:
            entry["faults"] = faults
        self.entries.append(entry)

    def select(self, wanted):
        """Entries whose fields match the globs; `since` N leaves out those up to N."""
        since = int(wanted.pop("since", 0))
        return [entry for entry in self.entries if entry["n"] > since and all(
            fnmatch.fnmatchcase(str(entry.get(key, "")), value) for key, value in wanted.items())]

    def counts(self):
        found = {}
        for entry in self.entries:
            key = f"{entry['service']}:{entry['action']}"
            found[key] = found.get(key, 0) + 1
        return dict(sorted(found.items()))
