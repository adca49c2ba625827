"""`requests` in front of our own wire: it makes the ordinary requests, and never touches the network.

Its stock adapter replaces a dead kept-alive connection in silence and throws away stray bytes; both
are what a conformance suite must see.  So the client's session is mounted on the adapter here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from .exchange import Answer, Fault, Headers, Request

Deliver = Callable[[str, str, Headers, bytes], Answer | Fault]


class WireAdapter(BaseAdapter):
    """A transport adapter that hands a prepared request to `deliver`."""

    def __init__(self, deliver: Deliver) -> None:
        super().__init__()
        self._deliver = deliver

    def send(  # noqa: PLR0917 - the signature is that of requests
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Deliver a prepared request.  Raises `requests.ConnectionError` for a fault."""
        body = request.body or b""
        data = body.encode() if isinstance(body, str) else bytes(body)
        headers = tuple((str(name), str(value)) for name, value in request.headers.items())
        answer = self._deliver(str(request.method), request.path_url, headers, data)
        if isinstance(answer, Fault):
            raise requests.ConnectionError(answer.kind, request=request)
        response = requests.Response()
        response.status_code = answer.status
        response.reason = answer.reason
        response.headers = CaseInsensitiveDict(answer.headers)
        response._content = answer.body  # noqa: SLF001 - requests gives adapters no other way
        response.request = request
        response.url = str(request.url)
        response.encoding = "utf-8"
        return response

    def close(self) -> None:
        """Do nothing: the transport owns the connections."""


class Client:
    """`requests` as the maker of ordinary requests: it prepares each once and sends it as prepared."""

    def __init__(self, deliver: Deliver) -> None:
        """Trust no environment, keep no cookies, and send through `deliver`."""
        self._session = _Session()
        self._session.trust_env = False
        self._session.mount("http://", WireAdapter(deliver))
        self._session.mount("https://", WireAdapter(deliver))
        # None where `requests` would change a byte.  Logins come again.
        self._prepared: dict[Request, requests.PreparedRequest | None] = {}

    def prepare(
        self, request: Request, origin: str, headers: Headers
    ) -> requests.PreparedRequest | None:
        """Return a request with its header fields as `requests` prepares it.

        None where it would change the request target, or refuses the request.
        """
        if request not in self._prepared:
            made = None
            url = origin + request.target
            with contextlib.suppress(requests.RequestException):
                made = self._session.prepare_request(
                    requests.Request(request.method, url, dict(headers), data=request.body)
                )
            same = made is not None and made.path_url == request.target
            self._prepared[request] = made if same else None
        return self._prepared[request]

    def send(self, prepared: requests.PreparedRequest) -> None:
        """Send a request.  What comes of it, a fault included, is known to whoever delivers it."""
        with contextlib.suppress(requests.ConnectionError):
            self._session.send(prepared, allow_redirects=False)

    def close(self) -> None:
        """Close the session."""
        self._session.close()


class _Session(requests.Session):
    """A session that never looks where a redirect leads: a Location that is no URL harms nobody."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return nothing, since redirects are not followed."""
