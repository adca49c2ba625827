"""`requests` in front of our own wire: it makes the ordinary requests, and never touches the network.

Its stock adapter replaces a dead kept-alive connection in silence and throws away stray bytes; both
are what a conformance suite must see.  So the session is mounted on this adapter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from .exchange import Answer, Fault, Headers

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


class _Session(requests.Session):
    """A session that never looks where a redirect leads: a Location that is no URL harms nobody."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return nothing, since redirects are not followed."""


def session_over(deliver: Deliver) -> requests.Session:
    """Return a session that trusts no environment, keeps no cookies and sends through `deliver`."""
    session = _Session()
    session.trust_env = False
    session.mount("http://", WireAdapter(deliver))
    session.mount("https://", WireAdapter(deliver))
    return session
