"""A stand-in for AWS on loopback, for tests of the deployer. README.md is its manual.

    python3 tests/standin/server.py --port 0 --ready-file build/standin.port

prints its port, writes it into the ready file, and serves until SIGTERM or until the process that
started it has gone.
"""

import argparse
import os
import signal
import ssl
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from app import App  # noqa: E402
from transport import exit_with_parent, listen, serve  # noqa: E402
from world import World  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description="A stand-in for AWS on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--ready-file", help="where to write the port once it listens")
    parser.add_argument("--speed", type=float, default=10.0,
                        help="simulated seconds in a real one (default 10)")
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"),
                        help="speak TLS, with these PEM files")
    parser.add_argument("--stay", action="store_true", help="outlive the parent")
    options = parser.parse_args()
    parent = os.getppid()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGINT, lambda *_: os._exit(0))
    app = App(World(options.speed))
    sock = listen(options.port)
    port = sock.getsockname()[1]
    if options.ready_file:
        with open(options.ready_file + ".new", "w", encoding="ascii") as file:
            file.write(f"{port}\n")
        os.rename(options.ready_file + ".new", options.ready_file)
    print(port, flush=True)
    if not options.stay:
        exit_with_parent(parent)
    tls = None
    if options.tls:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(*options.tls)
    serve(sock, app.handle, app.wall, tls)


if __name__ == "__main__":
    main()
