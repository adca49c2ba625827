"""A login that asks a RADIUS server by PAP (RFC 2865), in the way that its argument names."""

import hashlib
import os
import socket
import struct
import sys
from pathlib import Path

import front

ACCESS_REQUEST, ACCESS_ACCEPT = 1, 2
USER_NAME, USER_PASSWORD = 1, 2
SECRET = b"testing123"
BLOCKED = {one["company"] for one in front.accounts() if one["blocked"]}


def write_users(path):
    """Write the accounts as FreeRADIUS' module `files` reads them."""

    def quoted(text):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    lines = [
        f"{quoted(one['company'] + '/' + one['email'])} Cleartext-Password := {quoted(one['password'])}\n"
        for one in front.accounts()
    ]
    Path(path).write_text("".join(lines), encoding="utf-8")


def attribute(kind, value):
    """Return an attribute: its length is one byte."""
    return struct.pack("!BB", kind, len(value) + 2) + value


def hidden(password, authenticator):
    """Return a password as RFC 2865, 5.2 hides it: filled up with NUL to a multiple of 16 bytes."""
    padded = password.ljust(max(16, -len(password) // 16 * -16), b"\0")
    found, before = b"", authenticator
    for at in range(0, len(padded), 16):
        key = hashlib.md5(SECRET + before).digest()
        before = bytes(one ^ other for one, other in zip(padded[at : at + 16], key, strict=True))
        found += before
    return found


def is_accepted(name, password):
    """Tell whether the server accepts a name and a password."""
    authenticator = os.urandom(16)
    attributes = attribute(USER_NAME, name) + attribute(
        USER_PASSWORD, hidden(password, authenticator)
    )
    # By its number and the port it comes from the server tells one request from another.
    head = struct.pack("!BBH", ACCESS_REQUEST, os.urandom(1)[0], 20 + len(attributes))
    with socket.socket(type=socket.SOCK_DGRAM) as asked:
        asked.settimeout(10)
        asked.connect(("127.0.0.1", int(os.environ["STORE_PORT"])))
        asked.send(head + authenticator + attributes)
        return asked.recv(4096)[0] == ACCESS_ACCEPT


def check(company, email, password):
    name, secret = f"{company}/{email}".encode(), password.encode()
    # The server reads a name as far as NUL, and NUL at the end of a password is padding. A password has
    # 128 bytes at most, and a name 253. An empty password is none.
    is_taken = b"\0" not in name + secret and len(name) <= 253 and 0 < len(secret) <= 128
    if sys.argv[1] == "mended" and not is_taken:
        return None
    return (company, email, company in BLOCKED) if is_accepted(name, secret) else None


if sys.argv[1] == "users":
    write_users(sys.argv[2])
else:
    front.serve(check)
