"""A gateway on loopback, as one stands before a staging host: a proxy's tunnel, TLS, a key in a header.

What comes through is passed on byte for byte to a server that speaks plain HTTP.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Iterator

from selftest.support.background import looping

_CHUNK = 65536
_ANY_PORT = ("127.0.0.1", 0)
_TUNNEL = b"HTTP/1.1 200 Connection established\r\n\r\n"
_REFUSED = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_END_OF_HEAD = b"\r\n\r\n"
_LOST = (OSError, ssl.SSLError, asyncio.IncompleteReadError)


@contextlib.contextmanager
def gateway(upstream: int, tls: ssl.SSLContext, key: tuple[str, str]) -> Iterator[str]:
    """Pass on to a port of this machine what has a header `key`; yield the URL of the proxy before it."""
    loop = asyncio.new_event_loop()
    servers = loop.run_until_complete(_listening(upstream, tls, f"{key[0]}: {key[1]}\r\n".encode()))
    with looping(loop, *servers):
        yield f"http://127.0.0.1:{_port(servers[0])}"


async def _listening(upstream: int, tls: ssl.SSLContext, key: bytes) -> tuple[asyncio.Server, ...]:
    async def guard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(*_LOST):
            # On the connection's first request, as the suite sends the key with each.
            head = await reader.readuntil(_END_OF_HEAD)
            if key in head:
                await _passed_on(upstream, head, reader, writer)
            else:
                writer.write(_REFUSED)
        writer.close()

    guarded = await asyncio.start_server(guard, *_ANY_PORT, ssl=tls, limit=2**20)
    inside = _port(guarded)

    async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(*_LOST):
            if (await reader.readuntil(_END_OF_HEAD)).startswith(b"CONNECT "):
                writer.write(_TUNNEL)
                await _passed_on(inside, b"", reader, writer)
        writer.close()

    return await asyncio.start_server(tunnel, *_ANY_PORT), guarded


def _port(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])


async def _passed_on(
    port: int, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    there, back = await asyncio.open_connection("127.0.0.1", port)
    back.write(first)
    await asyncio.gather(_pipe(reader, back), _pipe(there, writer))


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(*_LOST):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()
