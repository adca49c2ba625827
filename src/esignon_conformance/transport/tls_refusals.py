"""What it means that no TLS connection, or none that speaks HTTP/1.1, came about."""

from __future__ import annotations

import re
import socket
import ssl

from ..i18n.message import Message, say
from .messages import Fault

# The alerts (RFC 8446 §6.2) by which a server refuses the client's certificate or the lack of one.
# In TLS 1.3 they come after the handshake, in the place of the first answer.
_OF_A_CERTIFICATE = re.compile(
    r"alert (?:certificate required|bad certificate|unsupported certificate|certificate revoked"
    r"|certificate expired|certificate unknown|unknown ca|access denied)"
)
# What a fault says where plain HTTP met a port at which TLS is spoken.
SPOKEN = "TLS is spoken at this port"
# By what OpenSSL, or the first bytes, say: the key of the words.  The first that fits counts.
_WORDS = (
    (re.compile(SPOKEN), "tls-port"),
    (re.compile(r"alert certificate required"), "tls-certificate-required"),
    (_OF_A_CERTIFICATE, "tls-certificate-refused"),
    (re.compile(r"protocol version|unsupported protocol|no protocols"), "tls-old"),
    (re.compile(r"alert no application protocol"), "http2-only"),
    (re.compile(r"wrong version number|http request|record layer|packet length"), "tls-none"),
    (re.compile(r"alert unrecognized name"), "tls-unknown-name"),
    (
        re.compile(r"alert handshake failure|no shared cipher|(?:dh|ee) key too small"),
        "tls-handshake",
    ),
    (re.compile(r"alert internal error"), "tls-internal"),
    (re.compile(r"alert (?:decode error|close notify)"), "tls-handshake"),
    (re.compile(r"EOF occurred in violation"), "tls-dropped"),
)
# RFC 9113 §4.1: the length (24 bits), then the type of a frame; the first one of a server is SETTINGS
# (4), or GOAWAY (7), on the stream 0.
_HTTP2_FRAME = re.compile(rb"^\0[\0-\x40].[\x04\x07].\0{4}", re.DOTALL)
# RFC 8446 §5.1: an alert (21) of two bytes, of any version, not encrypted.
_TLS_ALERT = re.compile(rb"^\x15\x03.\0\x02", re.DOTALL)


def is_refusal_of_certificate(detail: str) -> bool:
    """Tell whether an error of TLS is the server's word on the client's certificate."""
    return _OF_A_CERTIFICATE.search(detail) is not None


def explained(fault: Fault) -> Message | None:
    """Return what a fault says of TLS or of the version of HTTP, None where it says nothing."""
    if _HTTP2_FRAME.match(fault.came):
        return say("http2-only")
    if _TLS_ALERT.match(fault.came):
        return say("tls-port")
    for pattern, key in _WORDS:
        if pattern.search(fault.detail):
            return say(key)
    return None


def speaks_tls(host: str, port: int, timeout: float) -> bool:
    """Tell whether TLS is spoken at a port; nothing is sent but the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Whose certificate it is does not matter: nothing is told to whoever shows it.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection((host, port), timeout=timeout) as connection:
            context.wrap_socket(connection, server_hostname=host).close()
    except ssl.SSLError as error:
        return "alert" in str(error).lower()
    except OSError:
        return False
    return True
