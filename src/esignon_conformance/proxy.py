"""The proxy that the environment names for a target off this machine; `requests` reads the variables."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from requests.utils import get_auth_from_url, get_environ_proxies, select_proxy
from urllib3.util import make_headers

from .configuration import ConfigurationError
from .host_name import is_host
from .verdict import say

_DEFAULT_PORT = 8080


@dataclass(frozen=True)
class Proxy:
    """An HTTP proxy: where it is, and the value of `Proxy-Authorization`, empty for none."""

    host: str
    port: int
    authorization: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def proxy_for(base_url: str) -> Proxy | None:
    """Return the proxy of HTTP_PROXY, HTTPS_PROXY or ALL_PROXY, unless NO_PROXY excepts the host.

    Raises `ConfigurationError` for one that is no HTTP proxy; it never names the value, which may
    hold a password.
    """
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
