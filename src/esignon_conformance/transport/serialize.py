"""A request as the bytes that go onto the wire (RFC 9112 §2.1, §7.1)."""

from __future__ import annotations

from .connection import Endpoint
from .messages import Headers, Request

_CHUNKS = 3


def serialised(request: Request, headers: Headers, endpoint: Endpoint) -> bytes:
    """Return a request with these header fields as bytes; `Host` and `Content-Length` are added."""
    rows = [("Host", endpoint.authority), *headers]
    names = {name.lower() for name, _ in headers}
    has_body = request.body or request.method in ("POST", "PUT", "PATCH")
    body = in_chunks(request.body) if request.is_chunked else request.body
    if "content-length" not in names and has_body and not request.is_chunked:
        rows.append(("Content-Length", str(len(request.body))))
    target, proxy = request.target, endpoint.proxy
    if proxy is not None and endpoint.tls is None:
        # RFC 9112 §3.2.2: a proxy is asked in the absolute form.
        target = f"http://{endpoint.authority}{target}"
        if proxy.authorization:
            rows.append(("Proxy-Authorization", proxy.authorization))
    head = f"{request.method} {target} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in rows)
    return head.encode("latin-1", errors="replace") + b"\r\n" + body


def in_chunks(body: bytes) -> bytes:
    """Return a body in a few chunks and the last one, which is empty (RFC 9112 §7.1)."""
    size = -(-len(body) // _CHUNKS) or 1
    pieces = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in pieces) + b"0\r\n\r\n"


def piece_ends(data: bytes) -> tuple[int, int]:
    """Return where the head of a request ends, and where the first half of its body does."""
    head = data.index(b"\r\n\r\n") + 4
    return head, head + (len(data) - head) // 2
