"""A server that is right to each process of a fleet and wrong across two.

What one process gets reaches the other.  It knows a process by the account of the right logins on a
connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.tools.reference.in_process import ask
from selftest.support.background import running
from selftest.support.load_runs import box

# So many requests of the other process get the body of a login: by less nobody tells a cache.
_KEPT_FOR = 6


@dataclass
class Crossed:
    """What the server remembers of the last login of the process that logs in as `main`."""

    body: bytes = b""
    token: str = ""
    given: int = 0
    lock: Lock = field(default_factory=Lock)

    def kept_body(self, fresh: bytes) -> bytes:
        """Return the kept body to the other process; it is given to few."""
        with self.lock:
            self.given += 1
            return self.body or fresh

    def refusal_with_token(self, fresh: bytes) -> bytes:
        """Return a refusal to the other process that shows the kept token."""
        value = json.loads(fresh)
        value["header"]["session_id"] = self.token
        return json.dumps(value, ensure_ascii=False).encode()

    def note(self, body: bytes) -> None:
        """Keep an answer to a login."""
        with self.lock:
            if not self.body or self.given >= _KEPT_FOR:
                self.body, self.given = body, 0
                self.token = json.loads(body)["body"]["access_token"]


@contextlib.contextmanager
def crossed_server(change: Callable[[Crossed, bytes], bytes]) -> Iterator[str]:
    """Serve; `change` makes the answer to a request of the other process that is to be refused."""
    served, crossed = box(), Crossed()
    first = box_accounts()["main"].email.get_secret_value().encode()
    second = box_accounts()["second"].email.get_secret_value().encode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        process = b""

        def do_POST(self) -> None:
            """Answer as the server in the box does, but for what crosses."""
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            answer = asyncio.run(ask(served, self.path, sent))
            is_right = first in sent or second in sent
            body = answer.body
            if is_right:
                self.process = first if first in sent else second
                if first in sent:
                    crossed.note(body)
            elif self.process == second and crossed.token:
                body = change(crossed, body)
            self.send_response(answer.status)
            for name, value in answer.headers:
                if name.lower() != b"content-length":
                    self.send_header(name.decode(), value.decode())
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as base_url:
        yield base_url
