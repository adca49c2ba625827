"""Which hosts the suite contacts, and what it never sends to some of them."""

from __future__ import annotations

from ..contract.model import Case
from ..contract.skip_reason import Reason
from ..i18n.errors import ConfigurationError
from ..i18n.message import say
from .host_names import plain_host
from .target import Target

# What a draw may weigh before it counts as oversize; in a file of cases the tag says so.
_LONGEST_DRAW = 4096


def check_host(target: Target) -> None:
    """Refuse a host that is not this machine unless it was named.

    An entry of `targets.toml` or ``--allow-host`` names it; the vendor's production service has to be
    typed out with ``--allow-host``.  Raises `ConfigurationError`.
    """
    if target.is_loopback:
        return
    host = plain_host(target.parts.hostname or "")
    if target.is_production:
        if host not in target.typed_hosts:
            raise ConfigurationError(say("config-production", host=host))
    elif host not in target.allowed_hosts:
        raise ConfigurationError(say("config-host", host=host))


def never_sent(target: Target, case: Case) -> Reason | None:
    """Return why a case is never sent to a target, whatever its limits; None where it may be."""
    if case.tagged("credentials-in-url") and not target.is_loopback:
        return Reason("url-credentials")
    if target.is_production:
        drawn_bytes = sum(len(str(one)) for one in case.raw) if case.is_drawn else 0
        is_oversize = case.tagged("oversize") or drawn_bytes > _LONGEST_DRAW
        if case.burst or is_oversize or case.tagged("hostile"):
            return Reason("production")
    if case.burst and target.limits.concurrency == 1:
        return Reason("no-concurrency")
    return None
