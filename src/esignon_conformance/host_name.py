"""Which names of hosts can be asked for at all: the resolver's own check raises what is no `OSError`."""

from __future__ import annotations


def is_host(host: str) -> bool:
    """Tell whether a host can be asked for: no label of its name is empty or beyond 63 characters."""
    try:
        # RFC 1035 §2.3.4; one dot at the end is the root's.
        return bool(host.encode("idna").strip(b"."))
    except UnicodeError:
        return False
