"""Reads the report of newman, which runs Postman collections: no HTTP Archive, but it keeps the bytes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ...transport.messages import Headers
from .entry import Entry, Loss
from .har import NoArchive
from .json_stream import NOT_JSON, items_of
from .opened_file import opened

EXECUTIONS = "run.executions"


def read_newman(path: Path) -> Iterator[Entry]:
    """Yield the requests that newman sent, in its order.  Raises `NoArchive`."""
    number = 0
    with opened(path) as file:
        try:
            for number, row in enumerate(items_of(file, EXECUTIONS), 1):
                if isinstance(row, dict) and isinstance(row.get("request"), dict):
                    yield _entry(row, f"{path.name}#{number}")
        except NOT_JSON:
            raise NoArchive(number) from None


def _entry(row: Mapping[str, Any], place: str) -> Entry:
    request, response = row["request"], row.get("response") or {}
    # The report has no time of a request; most answers have a field Date.
    losses: set[Loss] = {"framing", "time"}
    status = response.get("code")
    if not isinstance(status, int) or not status or row.get("requestError"):
        losses.add("no-answer")
    sent_headers, headers = _headers(request), _headers(response)
    if not headers:
        losses.add("answer-headers")
    sent_body = _sent_body(request, sent_headers, losses)
    return Entry(
        place=place,
        method=str(request.get("method", "")),
        url=_url(request.get("url")),
        sent_headers=sent_headers,
        sent_body=sent_body,
        status=status if isinstance(status, int) else 0,
        reason=str(response.get("status") or ""),
        version="",
        headers=headers,
        body=_body(response, losses),
        began=math.nan,
        seconds=float(response.get("responseTime") or 0) / 1000,
        losses=frozenset(losses),
    )


def _sent_body(request: Mapping[str, Any], headers: Headers, losses: set[Loss]) -> bytes | None:
    body = request.get("body") or {}
    mode = body.get("mode")
    data: bytes | None = None
    if mode == "raw" and isinstance(body.get("raw"), str):
        data = body["raw"].encode("utf-8", errors="surrogatepass")
    elif not mode:
        data = b""
    length = next((value for name, value in headers if name.lower() == "content-length"), None)
    if data is None or (length is not None and length != str(len(data))):
        losses.add("request-body")
        return None
    if length is None:
        losses.add("request-length")
    return data


def _body(response: Mapping[str, Any], losses: set[Loss]) -> bytes | None:
    """Return the content of an answer, which the report has as the numbers of its bytes."""
    data = (response.get("stream") or {}).get("data")
    if isinstance(data, list):
        try:
            return bytes(data)
        except (TypeError, ValueError):
            pass
    losses.add("answer-body")
    return None


def _headers(message: Mapping[str, Any]) -> Headers:
    rows = message.get("header")
    return tuple(
        (str(one.get("key", "")), str(one.get("value", "")))
        for one in (rows if isinstance(rows, list) else [])
        if isinstance(one, dict) and not one.get("disabled")
    )


def _url(url: object) -> str:
    """Return an URL that the report holds in parts: the host by its labels, the path by its segments."""
    if not isinstance(url, dict):
        return str(url or "")
    host, path = url.get("host") or [], url.get("path") or []
    host = host if isinstance(host, str) else ".".join(map(str, host))
    path = path if isinstance(path, str) else "/".join(map(str, path))
    port = f":{url['port']}" if url.get("port") else ""
    pairs = [
        (str(one.get("key", "")), str(one.get("value", "")))
        for one in url.get("query") or ()
        if isinstance(one, dict) and not one.get("disabled")
    ]
    query = f"?{urlencode(pairs)}" if pairs else ""
    return f"{url.get('protocol') or 'http'}://{host}{port}/{path.lstrip('/')}{query}"
