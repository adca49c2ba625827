"""The header fields of ordinary requests, as `requests` prepares them.

Its connections replace a dead kept-alive one in silence and throw away stray bytes; both are what a
conformance suite must see.  So what it has prepared goes out on a wire of our own.
"""

from __future__ import annotations

import contextlib

import requests

from .exchange import Headers, Request

_REQUEST_ID = "X-Request-Id"


class Preparing:
    """Lets `requests` prepare each request, once: logins come again.  It opens no connection."""

    def __init__(self, origin: str) -> None:
        """Prepare for an origin such as `https://host:port`; trust no environment."""
        self._origin = origin
        self._session = requests.Session()
        self._session.trust_env = False
        self._prepared: dict[Request, dict[str, str] | None] = {}

    def headers(self, request: Request, given: Headers, request_id: str) -> Headers:
        """Return the header fields to send: those given, the id, and what `requests` adds.

        Where it would change the request target, or refuses the request, it adds nothing.
        """
        if request not in self._prepared:
            self._prepared[request] = self._made(request, given)
        prepared = self._prepared[request]
        if prepared is None:
            return (*given, (_REQUEST_ID, request_id))
        return tuple({**prepared, _REQUEST_ID: request_id}.items())

    def _made(self, request: Request, given: Headers) -> dict[str, str] | None:
        url = self._origin + request.target
        with contextlib.suppress(requests.RequestException):
            made = self._session.prepare_request(
                requests.Request(request.method, url, dict(given), data=request.body)
            )
            if made.path_url == request.target:
                return dict(made.headers)
        return None
