"""Host names as browsers send them, and which of them are this machine.  Pure."""

from __future__ import annotations

import ipaddress
import re
import socket
from functools import lru_cache

import idna

# What browsers read as an IPv4 address: one to four numbers, also octal or hexadecimal.
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}\.?", re.IGNORECASE)

_NOT_IN_A_NAME = re.compile(r"[\s:/@?#\[\]*]")


def sent_host(host: str) -> str:
    """Return a host name as it goes out: letters beyond ASCII as browsers write them (UTS #46).

    Raises `ValueError` for a name that no browser sends.
    """
    if host.isascii():
        return host
    # IDNA 2008 keeps ß and the final sigma, which IDNA 2003 (Python's own codec) made another name of.
    mapped = idna.uts46_remap(host, std3_rules=False, transitional=False)
    return ".".join(_sent_label(label) for label in mapped.split("."))


def _sent_label(label: str) -> str:
    if label.isascii():
        return label
    try:
        return idna.alabel(label).decode("ascii")
    except idna.InvalidCodepoint:
        # UTS #46 has symbols, such as emoji, that IDNA 2008 leaves out; browsers send them.
        return f"xn--{label.encode('punycode').decode('ascii')}"


def is_host(host: str) -> bool:
    """Tell whether a host can be asked for: no label of its name is empty or beyond 63 characters."""
    try:
        # RFC 1035 §2.3.4; one dot at the end is the root's. The resolver's own check raises no `OSError`.
        return bool(sent_host(host).encode("idna").strip(b"."))
    except ValueError:
        return False


def is_plain_host(host: str) -> bool:
    """Tell whether a text is a name or an address alone: no scheme, port or path beside it."""
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return is_host(host) and not _NOT_IN_A_NAME.search(host)


def plain_host(host: str) -> str:
    """Return a host name as the resolver is asked for it: lower case, ASCII, no last dot."""
    try:
        name = sent_host(host)
    except ValueError:
        name = host
    return name.lower().rstrip(".")


# Of recorded traffic every request is asked about.
@lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    """Tell whether a host name or address names this machine."""
    name = plain_host(host).strip("[]")
    if name == "localhost":
        return True
    if _NUMBERS.fullmatch(name):
        try:
            name = socket.inet_ntoa(socket.inet_aton(name))
        except OSError:
            return False
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        address = mapped
    # A server listens on 0.0.0.0 or ::, and whoever asks there asks this machine.
    return address.is_loopback or address.is_unspecified
