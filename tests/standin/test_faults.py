"""Every fault on cue, seen from a socket: what a client gets is what README.md promises."""

import gzip
import hashlib
import http.client
import socket
import time
import unittest
import xml.etree.ElementTree as ElementTree

from harness import ACCESS_KEY, SECRET, BotoCase, Case, queue, template

import faults
import sigv4

BODY = b"Action=DescribeStacks&Version=2010-05-15"


class Raw(Case):
    """Requests as bytes, so that broken answers can be looked at."""

    def request(self, body=BODY):
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        headers = {"host": f"127.0.0.1:{self.server.port}", "x-amz-date": stamp}
        canonical = sigv4.canonical_request("POST", "/", "", headers, sorted(headers),
                                            hashlib.sha256(body).hexdigest(), "cloudformation")
        made = sigv4.signature(SECRET, stamp, stamp[:8], "eu-west-1", "cloudformation", canonical)
        headers["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/{stamp[:8]}/eu-west-1/cloudformation/"
            f"aws4_request, SignedHeaders=host;x-amz-date, Signature={made}")
        return headers

    def ask(self, body=BODY):
        """(status, headers, body) by a correct client."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            connection.request("POST", "/", body, self.request(body))
            reply = connection.getresponse()
            return reply.status, reply.headers, reply.read()
        finally:
            connection.close()

    def bytes(self, body=BODY):
        """Everything that comes until the end, and how it ended."""
        head = "".join(f"{name}: {value}\r\n" for name, value in self.request(body).items())
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=20) as sock:
            sock.sendall(f"POST / HTTP/1.1\r\n{head}content-length: {len(body)}\r\n"
                         "connection: close\r\n\r\n".encode() + body)
            found = b""
            try:
                while data := sock.recv(65536):
                    found += data
            except ConnectionResetError:
                return found, "reset"
            return found, "end"

    def cue(self, fault, **settings):
        self.post("cues", {"fault": fault, **settings})

    def test_throttle_in_three_ways(self):
        for status, code in ((400, "Throttling"), (429, "TooManyRequestsException"),
                             (503, "SlowDown")):
            self.cue("throttle", status=status, retryAfter=1500)
            got = self.ask()
            self.assertEqual((got[0], got[1]["x-amz-retry-after"]), (status, "1500"))
            self.assertIn(f"<Code>{code}</Code>".encode(), got[2])
        self.assertEqual(self.ask()[0], 200)

    def test_after_and_times(self):
        self.cue("throttle", action="DescribeStacks", after=1, times=2)
        self.assertEqual([self.ask()[0] for _ in range(4)], [200, 400, 400, 200])
        self.assertEqual([(one["met"], one["played"]) for one in self.get("cues")], [(3, 2)])

    def test_for_ever(self):
        self.cue("empty", times=0)
        self.assertEqual({self.ask()[0] for _ in range(5)}, {503})

    def test_cues_match(self):
        self.cue("empty", action="ListStacks")
        self.cue("empty", params={"StackName": "x*"})
        self.assertEqual(self.ask()[0], 200)
        self.assertEqual(self.ask(BODY + b"&StackName=y")[0], 400)
        self.assertEqual(self.ask(BODY + b"&StackName=xy")[0], 503)

    def test_errors_of_all_forms(self):
        self.cue("error", status=403, code="AccessDenied", message="no")
        self.assertIn(b"<ErrorResponse", self.ask()[2])
        self.cue("error", form="response", code="X")
        self.assertIn(b"<Response><Errors><Error><Code>X</Code>", self.ask()[2])
        self.cue("error", form="json", code="X")
        self.assertIn(b'"__type": "X"', self.ask()[2])
        self.cue("html")
        self.assertTrue(self.ask()[2].startswith(b"<!doctype html>"))
        self.cue("empty", status=500)
        self.assertEqual((self.ask()[0], self.get("log")[-1]["replyBytes"]), (500, 0))
        self.cue("deny")
        got = self.ask()
        self.assertEqual(got[0], 403)
        self.assertIn(b"not authorized to perform: cloudformation:DescribeStacks", got[2])
        self.cue("okError")
        self.assertEqual(self.ask()[0], 200)

    def test_resets(self):
        self.cue("resetBefore")
        self.assertEqual(self.bytes(), (b"", "reset"))
        self.cue("resetAfter")
        self.assertEqual(self.bytes(), (b"", "reset"))
        self.cue("resetMid")
        found, end = self.bytes()
        self.assertEqual(end, "reset")
        self.assertTrue(found.startswith(b"HTTP/1.1 200") and b"<DescribeStacks" in found)

    def test_lost_reply_has_been_done(self):
        import json
        import urllib.parse
        body = urllib.parse.urlencode({
            "Action": "CreateChangeSet", "Version": "2010-05-15", "StackName": "lost",
            "ChangeSetName": "c", "ChangeSetType": "CREATE", "ClientToken": "t",
            "TemplateBody": json.dumps(template(queue("Q")))}).encode()
        self.cue("resetAfter")
        self.assertEqual(self.bytes(body)[1], "reset")
        self.assertEqual(len(self.get("stacks")[0]["changeSets"]), 1)
        again = self.ask(body)
        self.assertEqual(again[0], 200)
        self.assertEqual(len(self.get("stacks")[0]["changeSets"]), 1)
        other = body.replace(b"StackName=lost", b"StackName=other")
        self.assertIn(b"<Code>TokenAlreadyExistsException</Code>", self.ask(other)[2])

    def test_reset_before_has_not_been_done(self):
        self.cue("resetBefore")
        self.bytes(b"Action=CreateStack&Version=2010-05-15&StackName=x&TemplateBody=" +
                   b'{"Resources":{"Q":{"Type":"AWS::SQS::Queue"}}}')
        self.assertEqual(self.get("stacks"), [])

    def test_lengths(self):
        self.cue("truncate", bytes=10)
        with self.assertRaises(http.client.IncompleteRead):
            self.ask()
        self.cue("length", delta=10)
        with self.assertRaises(http.client.IncompleteRead):
            self.ask()
        self.cue("length", delta=-20)
        self.assertFalse(self.ask()[2].endswith(b">\n"))
        self.cue("cutXml")
        with self.assertRaises(ElementTree.ParseError):
            ElementTree.fromstring(self.ask()[2])

    def test_slowness(self):
        start = time.monotonic()
        self.cue("slow", seconds=0.3)
        self.assertEqual(self.ask()[0], 200)
        self.assertGreater(time.monotonic() - start, 0.3)
        start = time.monotonic()
        self.cue("trickle", bytes=50, interval=0.05)
        self.assertTrue(self.ask()[2].endswith(b"</DescribeStacksResponse>"))
        self.assertGreater(time.monotonic() - start, 0.2)

    def test_other_requests_go_on_while_one_is_slow(self):
        self.cue("slow", seconds=2, action="DescribeStacks")
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port)
        connection.request("POST", "/", BODY, self.request())
        time.sleep(0.1)
        start = time.monotonic()
        self.assertEqual(self.ask()[0], 200)
        self.assertLess(time.monotonic() - start, 1)
        connection.close()

    def test_dates(self):
        from email.utils import parsedate_to_datetime
        self.cue("date", offset=7200)
        self.assertAlmostEqual(parsedate_to_datetime(self.ask()[1]["Date"]).timestamp(),
                               time.time() + 7200, delta=5)
        self.cue("date", absent=True)
        self.assertIsNone(self.ask()[1]["Date"])
        self.cue("skewed", offset=900)
        got = self.ask()
        self.assertEqual(got[0], 403)
        self.assertIn(b"Signature expired", got[2])
        self.assertAlmostEqual(parsedate_to_datetime(got[1]["Date"]).timestamp(),
                               time.time() + 900, delta=5)

    def test_encodings(self):
        plain = self.ask()[2]
        self.cue("gzip")
        self.assertEqual(len(gzip.decompress(self.ask()[2])), len(plain))
        self.cue("chunked")
        got = self.ask()
        self.assertEqual((got[1]["Transfer-Encoding"], len(got[2])), ("chunked", len(plain)))
        self.cue("bom")
        self.assertTrue(self.ask()[2].startswith(b"\xef\xbb\xbf<"))

    def test_connections_end(self):
        self.cue("closeIdle")
        self.assertEqual(self.ask()[1]["Connection"], "close")
        self.cue("closeAfter")
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port)
        connection.request("POST", "/", BODY, self.request())
        reply = connection.getresponse()
        self.assertTrue(reply.read())
        self.assertIsNone(reply.headers["Connection"])
        with self.assertRaises((http.client.RemoteDisconnected, ConnectionResetError,
                                BrokenPipeError)):
            connection.request("POST", "/", BODY, self.request())
            connection.getresponse()
        connection.close()

    def test_hostile_xml(self):
        self.post("stacks", {"name": "s", "status": "CREATE_COMPLETE", "reason": "why",
                             "template": template(queue("Q"))})
        self.cue("entityBomb")
        self.assertIn(b"<!ENTITY", self.ask()[2])
        self.cue("externalEntity")
        self.assertIn(b"SYSTEM", self.ask()[2])
        self.cue("doctype")
        self.assertIn(b"<!DOCTYPE html><DescribeStacksResponse", self.ask()[2])
        self.cue("badUtf8")
        with self.assertRaises(UnicodeDecodeError):
            self.ask()[2].decode()
        self.cue("wrongRoot")
        self.assertTrue(self.ask()[2].startswith(b"<Surprise>"))
        self.cue("deep", depth=5000)
        self.assertEqual(self.ask()[2].count(b"<d>"), 5000)
        self.cue("huge", size=3000000, element="StackStatusReason")
        self.assertGreater(len(self.ask()[2]), 3000000)
        self.cue("control", element="StackStatusReason")
        self.assertIn("\u009b31m", self.ask()[2].decode())
        self.cue("cdata")
        got = self.ask()[2]
        self.assertIn(b"<![CDATA[", got)
        root = ElementTree.fromstring(got)
        self.assertEqual(next(one.text for one in root.iter() if one.tag.endswith("}StackName")),
                         "s")
        self.cue("unknownElements")
        ElementTree.fromstring(self.ask()[2])
        self.cue("unknownStatus", status="X_IN_PROGRESS")
        self.assertIn(b"<StackStatus>X_IN_PROGRESS<", self.ask()[2])
        self.cue("noRequestId")
        self.assertNotIn(b"RequestId", self.ask()[2])
        self.cue("replace", what="CREATE_COMPLETE", **{"with": "BROKEN"})
        self.assertIn(b"<StackStatus>BROKEN<", self.ask()[2])
        self.cue("drop", element="CreationTime")
        self.assertNotIn(b"CreationTime", self.ask()[2])
        self.cue("body", status=418, text="tea", headers={"X-Pot": "1"})
        got = self.ask()
        self.assertEqual((got[0], got[1]["X-Pot"], got[2]), (418, "1", b"tea"))

    def test_every_fault_can_be_played_and_leaves_the_server_well(self):
        needed = {"foreign": {"call": {"action": "ListStacks"}},
                  "replace": {"what": "a", "with": "b"}, "drop": {"element": "a"},
                  "hang": {"seconds": 0}, "slow": {"seconds": 0},
                  "trickle": {"bytes": 1000, "interval": 0}, "huge": {"size": 1000},
                  "deep": {"depth": 10}, "expired": {"forever": False}}
        for fault in faults.FAULTS:
            with self.subTest(fault=fault):
                self.cue(fault, **needed.get(fault, {}))
                self.bytes()
                self.assertEqual(self.get("cues")[-1]["played"], 1)
                self.assertEqual(self.ask()[0], 200)

    def test_mistakes_in_cues_are_told(self):
        with self.assertRaisesRegex(AssertionError, "unknown fault"):
            self.cue("explode")
        with self.assertRaisesRegex(AssertionError, "takes no color"):
            self.cue("throttle", color="red")

    def test_garbage_on_the_line(self):
        for garbage in (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"GET\r\n\r\n",
                        b"POST / HTTP/1.1\r\ncontent-length: many\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=5) as sock:
                sock.sendall(garbage)
                self.assertTrue(sock.recv(100).startswith(b"HTTP/1.1 400"))
        self.assertEqual(self.ask()[0], 200)


class Stale(BotoCase):
    def test_reads_of_the_past(self):
        made = self.cfn.create_change_set(
            StackName="s", ChangeSetName="c", ChangeSetType="CREATE",
            TemplateBody='{"Resources":{"Q":{"Type":"AWS::SQS::Queue"}}}')
        self.post("cues", [{"fault": "stale", "action": "DescribeStacks"},
                           {"fault": "stale", "action": "DescribeChangeSet"}])
        self.refused("ValidationError", "does not exist", self.cfn.describe_stacks, StackName="s")
        self.refused("ChangeSetNotFound", "does not exist", self.described, made["Id"])
        self.run_all()
        self.cfn.execute_change_set(ChangeSetName=made["Id"])
        self.post("cues", [{"fault": "stale", "action": "DescribeStacks"},
                           {"fault": "stale", "action": "DescribeStackEvents"}])
        self.assertEqual(self.status("s"), "REVIEW_IN_PROGRESS")
        self.assertEqual(self.status("s"), "CREATE_IN_PROGRESS")
        self.assertEqual(len(self.events("s")), 1)
        self.assertGreater(len(self.events("s")), 1)
        self.run_all()
        self.post("cues", {"fault": "stale", "seconds": 1, "action": "DescribeStacks"})
        self.assertEqual(self.status("s"), "CREATE_IN_PROGRESS")

    def test_pages(self):
        self.post("stacks", [{"name": f"s{n}", "status": "CREATE_COMPLETE",
                              "template": template(queue("Q"))} for n in range(5)])
        pages = self.cfn.get_paginator("describe_stacks")
        self.post("cues", {"fault": "page", "size": 2, "times": 0, "emptyFirst": True})
        sizes = [len(page["Stacks"]) for page in pages.paginate()]
        self.assertEqual(sizes, [0, 2, 2, 1])

    def test_events_that_arrive_between_pages(self):
        self.deploy("s", template(queue("A"), queue("B")), "CREATE")
        total = len(self.events("s"))
        self.post("cues", {"fault": "page", "size": 3, "times": 0})
        first = self.cfn.describe_stack_events(StackName="s")
        self.post("stacks", {"name": "s", "status": "UPDATE_COMPLETE"})
        found, token = first["StackEvents"], first["NextToken"]
        while token:
            answer = self.cfn.describe_stack_events(StackName="s", NextToken=token)
            found, token = found + answer["StackEvents"], answer.get("NextToken")
        self.assertEqual(len({one["EventId"] for one in found}), total)
        self.assertEqual(len(found), total)

    def test_events_out_of_order(self):
        self.deploy("s", template(queue("A"), queue("B")), "CREATE")
        plain = self.cfn.describe_stack_events(StackName="s")["StackEvents"]
        self.post("cues", {"fault": "duplicate"})
        twice = self.cfn.describe_stack_events(StackName="s")["StackEvents"]
        self.assertEqual(len(twice), 2 * len(plain))
        self.post("cues", {"fault": "shuffle"})
        mixed = self.cfn.describe_stack_events(StackName="s")["StackEvents"]
        self.assertNotEqual(mixed, plain)
        self.assertEqual({one["EventId"] for one in mixed}, {one["EventId"] for one in plain})
        self.post("cues", {"fault": "sameTime"})
        same = self.cfn.describe_stack_events(StackName="s")["StackEvents"]
        self.assertEqual(len({one["Timestamp"] for one in same}), 1)

    def test_events_put_there(self):
        self.deploy("s", template(queue("A")), "CREATE")
        self.post("events", {"stack": "s", "events": [
            {"LogicalResourceId": f"X{n}", "ResourceType": "AWS::SQS::Queue",
             "ResourceStatus": "UPDATE_FAILED"} for n in range(1500)]})
        answer = self.cfn.describe_stack_events(StackName="s")
        self.assertGreater(len(answer["StackEvents"]), 500)
        self.assertIn("NextToken", answer)
        self.assertNotIn("PhysicalResourceId", answer["StackEvents"][0])
        self.assertEqual(len(self.events("s")), 1506)

    def test_repeated_and_bad_tokens(self):
        self.deploy("s", template(queue("A")), "CREATE")
        self.post("cues", {"fault": "repeatToken", "times": 3})
        tokens = {self.cfn.describe_stack_events(StackName="s")["NextToken"] for _ in range(3)}
        self.assertEqual(len(tokens), 1)
        self.refused("ValidationError", "Invalid NextToken", self.cfn.describe_stack_events,
                     StackName="s", NextToken="x")

    def test_foreign_operation_in_between(self):
        self.deploy("s", template(queue("A", DelaySeconds=1)), "CREATE")
        arn = self.change_set("s", template(queue("A", DelaySeconds=2)))
        import json
        self.post("cues", {"fault": "foreign", "action": "ExecuteChangeSet", "call": {
            "action": "UpdateStack", "params": {
                "StackName": "s", "TemplateBody": json.dumps(
                    template(queue("A", DelaySeconds=9)))}}})
        self.refused("InvalidChangeSetStatus", "execution status of [OBSOLETE]",
                     self.cfn.execute_change_set, ChangeSetName=arn)


if __name__ == "__main__":
    unittest.main()
