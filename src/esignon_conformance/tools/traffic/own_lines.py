"""Reads this suite's own recording: `exchanges.jsonl`, one exchange a line, its secrets masked."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...transport.messages import Headers
from .entry import Entry, Loss, OwnCase
from .har import NoArchive
from .opened_file import NOT_UNPACKED, opened
from .own_masks import with_numbers

# The recording keeps no scheme; the host stands in the header field of that name.
_SCHEME = "unknown"


def read_lines(path: Path) -> Iterator[Entry]:
    """Yield the exchanges of a recording in its order.  Raises `NoArchive`."""
    number = 0
    with opened(path) as file:
        try:
            for line in file:
                row = json.loads(line)
                number += 1
                # Another kind of row says which bytes came after an answer.
                if isinstance(row, dict) and isinstance(row.get("request"), dict):
                    yield _entry(row, f"{path.name}#{number}")
        except (ValueError, *NOT_UNPACKED):
            raise NoArchive(number) from None


def _entry(row: Mapping[str, Any], place: str) -> Entry:
    request, answer = row["request"], row.get("answer") or {}
    headers, sent_headers = _fields(answer, "headers"), _fields(request, "headers")
    losses: set[Loss] = {"framing", "time", "clear-values", "request-length"}
    if not answer:
        losses |= {"no-answer", "answer-headers"}
    body = str(answer.get("body", ""))
    host = next((value for name, value in sent_headers if name.lower() == "host"), "")
    return Entry(
        place=place,
        method=str(request.get("method", "")),
        url=f"{_SCHEME}://{host}{request.get('target', '')}",
        sent_headers=sent_headers,
        sent_body=str(request.get("body", "")).encode("utf-8", errors="surrogatepass"),
        status=int(answer.get("status", 0)),
        reason=str(answer.get("reason", "")),
        version="",
        headers=headers + _fields(answer, "trailers"),
        body=with_numbers(body.encode("utf-8", errors="surrogatepass")),
        began=math.nan,
        seconds=float(row.get("seconds", 0)),
        losses=frozenset(losses),
        own=OwnCase(str(row.get("case", ""))),
    )


def _fields(message: Mapping[str, Any], key: str) -> Headers:
    return tuple((str(name), str(value)) for name, value in message.get(key, ()))
