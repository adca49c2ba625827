"""That no TLS connection came about, or none that speaks HTTP/1.1, is told in words."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable

import pytest
import trustme

from esignon_conformance.target.proxy import Proxy
from esignon_conformance.transport.connection import Connection, Endpoint
from esignon_conformance.transport.messages import Fault
from esignon_conformance.transport.tls_refusals import SPOKEN, explained, speaks_tls
from selftest.support.raw_server import Peer, serving

SETTINGS = bytes.fromhex("000006040000000000000300000064")
GOAWAY = bytes.fromhex("000008070000000000") + b"\0" * 8


@pytest.mark.parametrize(
    ("detail", "came", "key"),
    [
        ("tlsv13 alert certificate required (_ssl.c:2580)", b"", "tls-certificate-required"),
        ("tlsv1 alert unknown ca (_ssl.c:1006)", b"", "tls-certificate-refused"),
        ("sslv3 alert certificate expired (_ssl.c:1006)", b"", "tls-certificate-refused"),
        ("tlsv1 alert protocol version (_ssl.c:1006)", b"", "tls-old"),
        ("unsupported protocol (_ssl.c:1006)", b"", "tls-old"),
        ("[SSL] tlsv1 alert no application protocol (_ssl.c:1006)", b"", "http2-only"),
        ("wrong version number (_ssl.c:1006)", b"", "tls-none"),
        ("record layer failure (_ssl.c:1006)", b"", "tls-none"),
        ("sslv3 alert handshake failure (_ssl.c:1006)", b"", "tls-handshake"),
        ("EOF occurred in violation of protocol (_ssl.c:1006)", b"", "tls-dropped"),
        ("", SETTINGS, "http2-only"),
        ("", GOAWAY, "http2-only"),
        ("", b"\x15\x03\x01\x00\x02\x02\x46", "tls-port"),
        ("Connection refused", b"", None),
        ("SSH-2.0-OpenSSH_9", b"SSH-2.0-OpenSSH_9\r\n", None),
        ("", b"HTTP/2 200\r\n", None),
    ],
)
def test_a_refusal_is_told_by_its_alert_or_its_first_bytes(
    detail: str, came: bytes, key: str | None
) -> None:
    said = explained(Fault("unreachable", detail, came=came))
    assert (said.key if said is not None else None) == key


Change = Callable[[ssl.SSLContext], None]


def _asks_for_a_certificate(context: ssl.SSLContext) -> None:
    context.verify_mode = ssl.CERT_REQUIRED


def _asks_as_tls_1_2_does(context: ssl.SSLContext) -> None:
    context.verify_mode = ssl.CERT_REQUIRED
    context.maximum_version = ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (_asks_for_a_certificate, "tls-certificate-required"),
        (_asks_as_tls_1_2_does, "tls-handshake"),
    ],
)
def test_a_server_that_asks_for_a_certificate_is_known_by_its_alert(
    change: Change, key: str
) -> None:
    authority = trustme.CA()
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(served)
    authority.configure_trust(served)
    change(served)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_shake_hands, args=(listening, served), daemon=True)
        thread.start()
        port = listening.getsockname()[1]
        try:
            connection = Connection(Endpoint("127.0.0.1", port, "x", client), 1, 5.0)
            fault = connection.exchange(b"POST / HTTP/1.1\r\n\r\n", "POST", 5.0)
            connection.close()
        except OSError as error:
            fault = Fault("unreachable", error.strerror or str(error))
        thread.join()
    assert isinstance(fault, Fault)
    # Nothing of a request was read: it is the connection that was refused.
    assert fault.kind == "unreachable"
    said = explained(fault)
    assert said is not None
    assert said.key == key


def _shake_hands(listening: socket.socket, context: ssl.SSLContext) -> None:
    accepted = listening.accept()[0]
    try:
        with context.wrap_socket(accepted, server_side=True):
            pass
    except OSError:
        accepted.close()


def test_a_proxy_that_opens_no_tunnel_is_quoted() -> None:
    def serve(peer: Peer) -> None:
        peer.receive()
        peer.send(
            b"HTTP/1.1 407 Proxy Authentication Required\r\n"
            b'Proxy-Authenticate: Basic realm="corp"\r\nContent-Length: 0\r\n\r\n'
        )

    with serving(serve) as server:
        proxy = Proxy("127.0.0.1", server.port)
        endpoint = Endpoint(
            "staging.invalid", 443, "staging.invalid", ssl.create_default_context(), proxy
        )
        with pytest.raises(OSError, match="refused") as caught:
            Connection(endpoint, 1, 5.0)
    assert caught.value.strerror == (
        f"the proxy 127.0.0.1:{server.port} refused: 407 Proxy Authentication Required "
        '(Proxy-Authenticate: Basic realm="corp")'
    )


def test_plain_http_at_a_port_of_tls_is_told_though_the_server_only_closes() -> None:
    authority = trustme.CA()
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(served)

    def closing_or_tls(peer: Peer) -> None:
        peer.close()

    with serving(closing_or_tls) as server:
        assert not speaks_tls("127.0.0.1", server.port, 5.0)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_shake_hands, args=(listening, served), daemon=True)
        thread.start()
        assert speaks_tls("127.0.0.1", listening.getsockname()[1], 5.0)
        thread.join()
    said = explained(Fault("dropped", f"closed; {SPOKEN}"))
    assert said is not None
    assert said.key == "tls-port"
