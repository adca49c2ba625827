"""Reads HTTP Archives (HAR 1.2) entry by entry, so that a file of any size fits into little memory."""

from __future__ import annotations

import base64
import binascii
import math
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from ...transport.messages import Headers
from .dialects import Dialect, dialect_of
from .entry import Entry, Loss, OwnCase
from .json_stream import NOT_JSON, events_of, items_of
from .lone_surrogates import with_lone_surrogates
from .opened_file import opened
from .own_masks import with_numbers

_CREATOR = "log.creator.name"
ENTRIES = "log.entries"
# Content-Length is the number of bytes on the wire, which these codings change.
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_CODINGS = ("content-encoding", "transfer-encoding")
_LENGTHS_OF_CODINGS = frozenset(map(len, _CODINGS))
_CONTENT_LENGTH = "content-length"
_EMPTY_STATUSES = frozenset({204, 304})


class NoArchive(Exception):
    """A file is no HTTP Archive, or ends before its end; the text says after how many entries."""

    def __init__(self, entries: int) -> None:
        self.entries = entries
        super().__init__(str(entries))


def read_har(path: Path) -> Iterator[Entry]:
    """Yield the entries of an HTTP Archive in its order.  Raises `NoArchive`."""
    with opened(path) as file:
        dialect = dialect_of(_creator(file))
    number = 0
    with opened(path) as file:
        try:
            for number, row in enumerate(items_of(file, ENTRIES), 1):
                if isinstance(row, dict):
                    yield _entry(row, f"{path.name}#{number}", dialect, path.parent)
        except NOT_JSON:
            raise NoArchive(number) from None


def _creator(file: BinaryIO) -> str:
    """Return the name of the tool that wrote an archive, where it says so before its entries."""
    try:
        for prefix, event, value in events_of(file):
            if prefix == _CREATOR and event == "string":
                return str(value)
            if prefix == ENTRIES:
                break
    except NOT_JSON:
        pass
    return ""


def _entry(row: Mapping[str, Any], place: str, dialect: Dialect, folder: Path) -> Entry:
    request, response = _object(row, "request"), _object(row, "response")
    sent_headers, headers = _headers(request), _headers(response)
    losses: set[Loss] = {"framing"}
    status = _number(response.get("status"))
    if status <= 0 or response.get("_error") or response.get("_failureText"):
        # Aborted by the client, cut off on the way, or never answered: an archive does not say which.
        losses.add("no-answer")
    if response.get("_charlesStatus") not in (None, "COMPLETE"):
        losses.add("answer-cut")
    if row.get("_fromCache") or response.get("_fetchedViaServiceWorker"):
        losses.add("not-from-server")
    if not headers:
        losses.add("answer-headers")
    seconds = max(0.0, _number(row.get("time")) / 1000)
    began = _moment(row.get("startedDateTime"))
    if math.isnan(began):
        losses.add("time")
    own = _own_case(row.get("comment")) if dialect.marks_base64 else None
    if own is not None:
        losses.add("clear-values")
        headers += _own_trailers(str(row["comment"]))
    body = _body(response, headers, dialect, losses, folder)
    return Entry(
        place=place,
        method=str(request.get("method", "")),
        url=str(request.get("url", "")),
        sent_headers=sent_headers,
        sent_body=_sent_body(request, sent_headers, dialect, losses, folder),
        status=int(status),
        reason=str(response.get("statusText") or ""),
        version=str(response.get("httpVersion") or ""),
        headers=headers,
        body=body if own is None else with_numbers(body),
        began=began,
        seconds=seconds,
        losses=frozenset(losses),
        own=own,
    )


def _sent_body(
    request: Mapping[str, Any],
    headers: Headers,
    dialect: Dialect,
    losses: set[Loss],
    folder: Path,
) -> bytes | None:
    """Return the body of a request, None where it was not kept."""
    post = _object(request, "postData")
    length = _length(headers)
    if length is None and _number(request.get("bodySize")) >= 0 and dialect.size != "nothing":
        length = int(_number(request.get("bodySize")))
    data = _attached(post, folder)
    if data is None and isinstance(post.get("text"), str):
        data = _bytes_of(post["text"], dialect)
        if dialect.marks_base64 and post.get("comment") == "base64":
            data = _from_base64(post["text"])
    if data and dialect.bare_base64 and length != len(data) and _BASE64.fullmatch(data):
        decoded = base64.b64decode(data)
        # Without a length nobody knows which of the two was sent.
        data = decoded if len(decoded) == length else None
    if data is None and length == 0:
        data = b""
    if data is None or (not data and length != 0):
        losses.add("request-body")
        return None
    is_replaced = "\N{REPLACEMENT CHARACTER}" in data.decode("utf-8", errors="ignore")
    if "clear-values" in losses or is_replaced or length is None:
        losses.add("request-length")
    elif length != len(data):
        # A byte order mark or another charset stood there, or a part of it is missing.
        losses.add("request-body")
        return None
    return data


def _body(
    response: Mapping[str, Any],
    headers: Headers,
    dialect: Dialect,
    losses: set[Loss],
    folder: Path,
) -> bytes | None:
    """Return the content of an answer with its coding undone, None where it was not kept."""
    content = _object(response, "content")
    text, size = content.get("text"), _number(content.get("size"), -1)
    data = _attached(content, folder)
    if data is not None:
        return data
    if isinstance(text, str) and content.get("encoding") == "base64":
        data = _from_base64(text)
        if data is None:
            losses.add("answer-body")
        return data
    if not isinstance(text, str) or (not text and not dialect.keeps_empty):
        # Developer tools keep no content of a page that was left, and none beyond a limit.
        length = _length(headers) if not _is_coded(headers) else None
        is_empty = length == 0 or int(_number(response.get("status"))) in _EMPTY_STATUSES
        if is_empty and size <= 0:
            return b""
        losses.add("answer-body")
        return None
    data = _bytes_of(text, dialect)
    if not dialect.lone_surrogates:
        # Of a text that its writer decoded nobody knows the bytes: a byte order mark, what is no UTF-8.
        losses.add("bytes")
    if "\N{REPLACEMENT CHARACTER}" in text:
        losses.add("answer-cut")
    wanted = size if dialect.size == "content" else -1
    if wanted < 0 and not _is_coded(headers):
        wanted = _length(headers) or -1
    if "clear-values" not in losses and 0 <= wanted != len(data):
        losses.add("answer-cut")
    return data


def _attached(holder: Mapping[str, Any], folder: Path) -> bytes | None:
    """Return a body that stands in a file beside the archive, as Playwright's attachments do."""
    name = holder.get("_file")
    if not isinstance(name, str) or not name or Path(name).name != name:
        return None
    try:
        return (folder / name).read_bytes()
    except OSError:
        return None


def _bytes_of(text: str, dialect: Dialect) -> bytes:
    text = with_lone_surrogates(text)
    if dialect.lone_surrogates:
        try:
            return text.encode("utf-8", errors="surrogateescape")
        except UnicodeEncodeError:
            pass
    return text.encode("utf-8", errors="surrogatepass")


def _from_base64(text: str) -> bytes | None:
    try:
        # Lines may be broken (RFC 2045 §6.8); any other character says that the text is none.
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


_TRAILER = "trailer "
# Most fields of a head come again in the next, which then need no room of their own.
_fields: dict[tuple[str, str], tuple[str, str]] = {}
_MOST_FIELDS = 4096


def _headers(message: Mapping[str, Any]) -> Headers:
    rows = message.get("headers")
    found = []
    for one in rows if isinstance(rows, list) else ():
        if isinstance(one, dict):
            name, value = str(one.get("name", "")), str(one.get("value", ""))
            # HTTP/2 and HTTP/3 have fields such as :status.
            if name and name[0] != ":":
                pair = (sys.intern(name), value)
                found.append(_fields.setdefault(pair, pair))
    if len(_fields) > _MOST_FIELDS:
        _fields.clear()
    return tuple(found)


def _length(headers: Headers) -> int | None:
    found = [
        value.strip()
        for name, value in headers
        if len(name) == len(_CONTENT_LENGTH) and name.lower() == _CONTENT_LENGTH
    ]
    return int(found[0]) if found and found[0].isascii() and found[0].isdigit() else None


def _is_coded(headers: Headers) -> bool:
    # Names differ in letter case alone, which their lengths do not.
    return any(len(name) in _LENGTHS_OF_CODINGS and name.lower() in _CODINGS for name, _ in headers)


def _own_case(comment: object) -> OwnCase | None:
    """Return the case that this suite notes in the comment of an entry: id · case · role."""
    parts = comment.split(" · ") if isinstance(comment, str) else []
    return OwnCase(parts[1]) if len(parts) > 2 else None


def _own_trailers(comment: str) -> Headers:
    """Return the trailers that this suite notes in the comment, since an archive has no place for them."""
    noted = (one.removeprefix(_TRAILER) for one in comment.split(" · ") if one.startswith(_TRAILER))
    pairs = (one.partition(": ") for one in noted)
    return tuple((name, value) for name, _, value in pairs)


def _object(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _number(value: object, otherwise: float = 0) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and math.isfinite(value) else otherwise  # type: ignore[arg-type] # narrowed above


def _moment(text: object) -> float:
    """Return a moment of ISO 8601 as Unix time; not a number where it cannot be read."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return math.nan
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
