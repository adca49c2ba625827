"""A proxy on loopback that is the target, too: it answers for any host as the server in the box does.

So the suite meets a target off this machine over real sockets, and nothing leaves the machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from esignon_conformance import resources
from esignon_conformance.tools.reference.application import application
from esignon_conformance.tools.reference.in_process import ask
from esignon_conformance.tools.reference.world import load_world
from selftest.support.raw_server import Peer, RawServer, Received, answer, serving

# May answer a request in another way; None leaves the answer to the reference server.
Instead = Callable[[Received], bytes | None]


@dataclass
class ProxiedTarget:
    """What came through the proxy: requests with the moment of each, and the hosts of tunnels."""

    server: RawServer
    requests: list[Received] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    asked_for: list[str] = field(default_factory=list)
    authorization: list[str | None] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Return the URL of the proxy."""
        return self.server.base_url


@contextlib.contextmanager
def proxied(
    instead: Instead = lambda _received: None, tls: ssl.SSLContext | None = None
) -> Iterator[ProxiedTarget]:
    """Serve as a proxy; with `tls`, only tunnels are taken, and TLS is spoken in them."""
    served = application(load_world(resources.contracts() / "accounts.yaml"))

    def answered(received: Received, runner: asyncio.Runner) -> bytes:
        path, _, query = received.target.partition("?")
        head = [line.partition(b": ") for line in received.head.split(b"\r\n")[1:]]
        response = runner.run(
            ask(
                served,
                path,
                received.body,
                method=received.method,
                query=query.encode(),
                headers=tuple((name.lower(), value) for name, _, value in head),
            )
        )
        rows = (f"{name.decode()}: {value.decode()}" for name, value in response.headers)
        lines = [row for row in rows if not row.lower().startswith("content-length")]
        body = response.body if received.method != "HEAD" else b""
        return answer(body, f"{int(response.status)} Answer", *lines)

    def serve(peer: Peer) -> None:
        with asyncio.Runner() as runner:
            take(peer, runner)

    def take(peer: Peer, runner: asyncio.Runner) -> None:
        authority = ""
        while (received := peer.receive()) is not None:
            if received.method == "CONNECT":
                target.asked_for.append(received.target)
                target.authorization.append(received.header("Proxy-Authorization"))
                if tls is None:
                    peer.send(answer(b"", "403 No Tunnels"))
                    return
                peer.send(b"HTTP/1.1 200 Go\r\n\r\n")
                peer._socket = tls.wrap_socket(peer._socket, server_side=True)
                authority = received.target
                continue
            one = received
            if not authority:
                parts = urlsplit(received.target)
                target.asked_for.append(parts.netloc)
                target.authorization.append(received.header("Proxy-Authorization"))
                path = received.target.removeprefix(f"{parts.scheme}://{parts.netloc}")
                one = Received(received.method, path, received.head, received.body)
            with target.lock:
                target.requests.append(one)
                target.moments.append(time.monotonic())
                target.at_once += 1
                target.most_at_once = max(target.most_at_once, target.at_once)
            data = instead(one)
            data = answered(one, runner) if data is None else data
            # Whoever has the answer may send the next request at once.
            with target.lock:
                target.at_once -= 1
            peer.send(data)

    with serving(serve) as server:
        target = ProxiedTarget(server)
        yield target
