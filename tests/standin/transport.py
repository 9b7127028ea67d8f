"""HTTP/1.1 over sockets: a thread a connection, connections that stay open, and every way in which
a reply can go wrong on its way.

Python's http.server answers some hundreds of requests a second; tests of uploads need thousands.
"""

import email.utils
import functools
import os
import socket
import struct
import threading
import time

from wire import Reply, Request

MAX_HEAD = 256 * 1024
MAX_BODY = 1024 * 1024 * 1024
REASONS = {200: "OK", 204: "No Content", 206: "Partial Content", 301: "Moved Permanently",
           307: "Temporary Redirect", 304: "Not Modified", 400: "Bad Request", 403: "Forbidden",
           404: "Not Found", 405: "Method Not Allowed", 409: "Conflict", 411: "Length Required",
           412: "Precondition Failed", 416: "Range Not Satisfiable", 429: "Too Many Requests",
           500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
           504: "Gateway Timeout"}


@functools.lru_cache(maxsize=100)
def http_date(seconds):
    return email.utils.formatdate(seconds, usegmt=True)


class BadRequest(Exception):
    """The client does not speak HTTP."""


class Closed(Exception):
    """The client has gone."""


class Reader:
    """Bytes of a connection, by line and by count."""

    def __init__(self, sock):
        self.sock = sock
        self.buffer = bytearray()

    def _more(self):
        data = self.sock.recv(262144)
        if not data:
            raise Closed
        self.buffer += data

    def until(self, mark, limit):
        start = 0
        while (at := self.buffer.find(mark, start)) < 0:
            if len(self.buffer) > limit:
                raise BadRequest("too long")
            start = max(0, len(self.buffer) - len(mark))
            self._more()
        found = bytes(self.buffer[:at])
        del self.buffer[:at + len(mark)]
        return found

    def exactly(self, count):
        if count > MAX_BODY:
            raise BadRequest("body too long")
        while len(self.buffer) < count:
            self._more()
        found = bytes(self.buffer[:count])
        del self.buffer[:count]
        return found


def read_request(reader):
    head = reader.until(b"\r\n\r\n", MAX_HEAD).lstrip(b"\r\n").decode("latin-1")
    first, *lines = head.split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise BadRequest("request line: " + first[:80])
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or name != name.strip():
            raise BadRequest("header: " + line[:80])
        name, value = name.lower(), value.strip()
        headers[name] = headers[name] + "," + value if name in headers else value
    target = parts[1]
    if target.startswith("http://"):  # as a proxy sees it
        target = "/" + target[7:].partition("/")[2]
    path, _, query = target.partition("?")
    request = Request(parts[0], parts[1], headers, b"", path, query)
    if headers.get("expect", "").lower() == "100-continue":
        reader.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    if headers.get("transfer-encoding", "").lower() == "chunked":
        request.body = _chunks(reader)
    elif "content-length" in headers:
        if not headers["content-length"].isdigit():
            raise BadRequest("content-length")
        request.body = reader.exactly(int(headers["content-length"]))
    return request


def _chunks(reader):
    body = bytearray()
    while True:
        size = int(reader.until(b"\r\n", 1024).split(b";")[0], 16)
        if size == 0:
            while reader.until(b"\r\n", MAX_HEAD):
                pass
            return bytes(body)
        body += reader.exactly(size)
        reader.exactly(2)
        if len(body) > MAX_BODY:
            raise BadRequest("body too long")


class Connection(threading.Thread):
    """Serves one client until one of both closes."""

    def __init__(self, sock, handle, wall, tls=None):
        super().__init__(daemon=True)
        self.tls = tls
        self.sock = sock
        self.handle = handle
        self.wall = wall

    def run(self):
        try:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls:
                self.sock = self.tls.wrap_socket(self.sock, server_side=True)
            reader = Reader(self.sock)
            while True:
                try:
                    request = read_request(reader)
                except (BadRequest, ValueError) as error:
                    self._send(Reply(400, str(error).encode(), "text/plain", close=True), False)
                    return
                reply = self.handle(request)
                keep = request.headers.get("connection", "").lower() != "close"
                if not self._send(reply, keep):
                    return
        except (Closed, OSError):
            pass
        finally:
            self.sock.close()

    def _abort(self):
        """Closes so that the client gets a reset, not an end of file."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    def _send(self, reply, keep):
        """Sends; False when the connection ends with it."""
        if reply.delay:
            time.sleep(reply.delay)
        if reply.reset == "before":
            return self._abort()
        keep = keep and not reply.close
        head, body = self._head(reply, keep), reply.body
        if reply.head or reply.status in (204, 304):
            body = b""
        elif reply.chunked:
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
        if reply.reset == "mid":
            self.sock.sendall(head + body[:len(body) // 2])
            time.sleep(0.05)  # or the reset overtakes what was sent
            return self._abort()
        if reply.cut is not None:
            body = body[:reply.cut]
        if reply.trickle:
            self.sock.sendall(head)
            size, pause = reply.trickle
            for at in range(0, len(body), size):
                self.sock.sendall(body[at:at + size])
                time.sleep(pause)
        else:
            self.sock.sendall(head + body)
        return keep and reply.cut is None and reply.length is None

    def _head(self, reply, keep):
        lines = [f"HTTP/1.1 {reply.status} {REASONS.get(reply.status, 'Status')}"]
        if not reply.no_date:
            lines.append("Date: " + http_date(int(self.wall() + reply.date_offset)))
        if reply.status != 204:
            if reply.content_type:
                lines.append("Content-Type: " + reply.content_type)
            if reply.chunked:
                lines.append("Transfer-Encoding: chunked")
            elif "Content-Length" not in reply.headers:
                length = len(reply.body) if reply.length is None else reply.length
                lines.append(f"Content-Length: {length}")
        lines += [f"{name}: {value}" for name, value in reply.headers.items()]
        if not keep:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def listen(port):
    """A socket on loopback; port 0 takes a free one."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    sock.listen(512)
    return sock


def serve(sock, handle, wall, tls=None):
    """Accepts for ever. `handle` makes a Reply of a Request, on any thread; `tls` is an SSLContext
    or None."""
    while True:
        client, _ = sock.accept()
        Connection(client, handle, wall, tls).start()


def exit_with_parent(parent):
    """Ends the process when the one that started it has gone."""
    def watch():
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(0)
    threading.Thread(target=watch, daemon=True).start()

