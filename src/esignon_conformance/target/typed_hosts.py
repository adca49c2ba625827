"""The hosts that `--allow-host` names."""

from __future__ import annotations

from collections.abc import Iterable

from ..i18n.errors import ConfigurationError
from ..i18n.message import say
from .host_names import is_plain_host, plain_host


def typed_hosts(hosts: Iterable[str]) -> frozenset[str]:
    """Return the hosts as the resolver is asked for them.

    Raises `ConfigurationError` for a text that no host ever is, since nothing would tell that it allows
    none.
    """
    found = set()
    for host in hosts:
        name = host.removeprefix("[").removesuffix("]") if host.startswith("[") else host
        if not is_plain_host(name):
            raise ConfigurationError(say("config-allow-host", host=host))
        found.add(plain_host(name))
    return frozenset(found)
