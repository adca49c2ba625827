"""The proxy that the environment names for a target off this machine; `requests` reads the variables."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from ..i18n.errors import ConfigurationError
from ..i18n.message import say
from .host_names import is_host

_DEFAULT_PORT = 8080
# An IPv6 address needs brackets to have a port.
_WITH_PORT = re.compile(r"(?P<host>[^:\[\]]+|\[[^\]]+\]):(?P<port>\d{1,5})")


@dataclass(frozen=True)
class Proxy:
    """An HTTP proxy: where it is, and the value of `Proxy-Authorization`, empty for none."""

    host: str
    port: int
    authorization: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def no_proxy() -> str:
    """Return what NO_PROXY says, empty where it is not set; small letters come first, as with curl."""
    return os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""


def is_excepted(base_url: str, listed: str) -> bool:
    """Tell whether NO_PROXY excepts the host of a URL, as curl reads it; `requests` reads it, too.

    Commas or blanks stand between: a host, which stands for all below it, be it with `*.` or a dot
    before it; an address; a network of either kind; each may have a port; `*` is everything.
    """
    parts = urlsplit(base_url)
    host = (parts.hostname or "").rstrip(".").lower()
    port = parts.port or {"https": 443}.get(parts.scheme, 80)
    return any(_excepts(one.lower(), host, port) for one in re.split(r"[\s,]+", listed) if one)


def _excepts(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    given = _WITH_PORT.fullmatch(entry)
    if given is not None:
        entry = given["host"]
        if int(given["port"]) != port:
            return False
    entry = entry.removeprefix("[").replace("]", "")
    try:
        return ip_address(host) in ip_network(entry, strict=False)
    except ValueError:
        # One of them is a name, or they are of different kinds.
        name = entry.removeprefix("*").strip(".")
        return bool(name) and (host == name or host.endswith(f".{name}"))


def proxy_for(base_url: str) -> Proxy | None:
    """Return the proxy of HTTP_PROXY, HTTPS_PROXY or ALL_PROXY, unless NO_PROXY excepts the host.

    Raises `ConfigurationError` for one that is no HTTP proxy; it never names the value, which may
    hold a password.
    """
    if is_excepted(base_url, no_proxy()):
        return None
    # Imported here, since what reads pages and files needs no proxy, and both take long to load.
    from requests.utils import (  # noqa: PLC0415 - see the lines above
        get_auth_from_url,
        get_environ_proxies,
        select_proxy,
    )
    from urllib3.util import make_headers  # noqa: PLC0415 - as above

    url = select_proxy(base_url, get_environ_proxies(base_url, no_proxy=None))
    if not url:
        return None
    variable = f"{urlsplit(base_url).scheme.upper()}_PROXY (ALL_PROXY)"
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        port = parts.port or _DEFAULT_PORT
    except ValueError:
        raise ConfigurationError(say("config-proxy", name=variable)) from None
    if parts.scheme != "http" or not is_host(parts.hostname or ""):
        raise ConfigurationError(say("config-proxy", name=variable))
    user, password = get_auth_from_url(parts.geturl())
    headers = make_headers(proxy_basic_auth=f"{user}:{password}") if user else {}
    return Proxy(parts.hostname or "", port, headers.get("proxy-authorization", ""), password)
