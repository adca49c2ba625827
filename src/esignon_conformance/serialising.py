"""A request as the bytes that go onto the wire (RFC 9112 §2.1)."""

from __future__ import annotations

from .exchange import Headers, Request
from .wire import Endpoint


def serialised(request: Request, headers: Headers, endpoint: Endpoint) -> bytes:
    """Return a request with these header fields as bytes; `Host` and `Content-Length` are added."""
    rows = [("Host", endpoint.authority), *headers]
    names = {name.lower() for name, _ in headers}
    has_body = request.body or request.method in ("POST", "PUT", "PATCH")
    if "content-length" not in names and has_body:
        rows.append(("Content-Length", str(len(request.body))))
    target, proxy = request.target, endpoint.proxy
    if proxy is not None and endpoint.tls is None:
        # RFC 9112 §3.2.2: a proxy is asked in the absolute form.
        target = f"http://{endpoint.authority}{target}"
        if proxy.authorization:
            rows.append(("Proxy-Authorization", proxy.authorization))
    head = f"{request.method} {target} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in rows)
    return head.encode("latin-1", errors="replace") + b"\r\n" + request.body


def piece_ends(data: bytes, request: Request) -> tuple[int, int]:
    """Return where the head of a request ends, and where the first half of its body does."""
    head = len(data) - len(request.body)
    return head, head + len(request.body) // 2
