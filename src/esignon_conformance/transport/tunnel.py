"""A tunnel through an HTTP proxy (RFC 9110 §9.3.6), and what the proxy said where it opened none."""

from __future__ import annotations

import http.client
import socket
from contextlib import closing

from ..target.proxy import Proxy

_TELLING = ("Proxy-Authenticate", "Server", "Via", "X-Squid-Error")


class ProxyRefused(OSError):
    """The proxy opened no tunnel: what it answered instead stands in `strerror`."""


def opened(proxy: Proxy, host: str, port: int, timeout: float) -> socket.socket:
    """Return a connection to a host through a proxy.

    Raises `ProxyRefused` where the proxy answers otherwise, `OSError` where it does not answer.
    """
    connection = socket.create_connection((proxy.host, proxy.port), timeout=timeout)
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    rows = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
    if proxy.authorization:
        rows.append(f"Proxy-Authorization: {proxy.authorization}")
    try:
        connection.sendall("\r\n".join([*rows, "", ""]).encode("latin-1", errors="replace"))
        # Closed with its file of the connection, which stays open as long as that is.
        with closing(http.client.HTTPResponse(connection, method="CONNECT")) as answer:
            answer.begin()
    except (OSError, ValueError, http.client.HTTPException) as error:
        connection.close()
        if isinstance(error, OSError):
            raise
        raise _refused(proxy, f"it does not speak HTTP ({type(error).__name__})") from error
    if 200 <= answer.status < 300:
        return connection
    connection.close()
    told = [f"{name}: {answer.headers[name]}" for name in _TELLING if answer.headers[name]]
    said = f"{answer.status} {answer.reason}".rstrip()
    raise _refused(proxy, f"{said} ({'; '.join(told)})" if told else said)


def _refused(proxy: Proxy, said: str) -> ProxyRefused:
    return ProxyRefused(0, f"the proxy {proxy.host}:{proxy.port} refused: {said}")
