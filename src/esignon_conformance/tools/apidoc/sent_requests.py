"""Requests that a page shows as they are sent: a command of curl, or the text of an HTTP message."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from .event_kinds import Code, Event, Heading, Paragraph, Tag

_LONGEST = 20_000
_CURL = re.compile(r"^\s*(?:\$\s*)?curl\s")
_ADDRESS = re.compile(r"^https?://[^\s/]+/\S*$")
_REQUEST_LINE = re.compile(r"^\s*(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\s+\S+")
# The options that have a value, and what that is; of the rest of them it says nothing here.
_OPTIONS = {
    **dict.fromkeys(("-X", "--request"), "method"),
    **dict.fromkeys(("-H", "--header"), "header"),
    **dict.fromkeys(("-d", "--data", "--data-raw", "--data-binary", "--json"), "data"),
    "--url": "url",
    **dict.fromkeys(("-o", "--output", "-u", "--user", "-A", "-e", "-b", "-F", "--form"), "other"),
}


@dataclass(frozen=True)
class Sent:
    """A request as it is shown: method and address (empty in a text without them), headers, and body."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str
    line: int


def sent_in(code: Code) -> Sent | None:
    """Return the request that a block of code shows, None where it shows none."""
    if _CURL.match(code.text):
        return _of_curl(code)
    if _REQUEST_LINE.match(code.text):
        head, _, body = code.text.partition("\n\n")
        line = code.line + head.count("\n") + 2
        return Sent("", "", (), body.strip(), line)
    return None


def _of_curl(code: Code) -> Sent | None:
    text = re.sub(r"[\\^`][ \t]*\n", " ", code.text[:_LONGEST])
    try:
        words = shlex.split(text)
    except ValueError:
        return None
    given: dict[str, list[str]] = {"method": [], "header": [], "data": [], "url": []}
    rest = iter(words[words.index("curl") + 1 :])
    for word in rest:
        option, is_joined, value = word.partition("=") if word.startswith("--") else (word, "", "")
        if kind := _OPTIONS.get(option):
            given.setdefault(kind, []).append(value if is_joined else next(rest, ""))
        elif re.match(r"^-X[A-Z]+$", word):
            given["method"].append(word[2:])
        elif _ADDRESS.match(word):
            given["url"].append(word)
    if not given["url"] or not _ADDRESS.match(given["url"][0]):
        return None
    body = "".join(given["data"][:1])
    named = (one.partition(":") for one in given["header"])
    return Sent(
        "".join(given["method"][:1]).upper() or ("POST" if body else "GET"),
        given["url"][0],
        tuple((name.strip(), said.strip()) for name, _, said in named),
        body,
        code.line + code.text[: max(0, code.text.find(body[:20]))].count("\n"),
    )


def with_sent_request(page: tuple[Event, ...]) -> tuple[Event, ...]:
    """Return the events of a page that names no operation, led by that which a command of curl calls."""
    for event in page:
        sent = sent_in(event) if isinstance(event, Code) else None
        if sent is not None and sent.url and isinstance(event, Code):
            first = next((at for at, one in enumerate(page) if isinstance(one, Heading)), -1) + 1
            return (*page[:first], *_events(sent, event.line), *page[first:])
    return page


def _events(sent: Sent, line: int) -> Iterator[Event]:
    yield Tag("openapi", line, {"method": sent.method, "path": sent.url, "doubt": "from-curl"})
    for name, said in sent.headers:
        yield Tag("swagger-parameter", line, {"in": "header", "name": name, "type": "string"})
        yield Paragraph(said, (), line)
        yield Tag("endswagger-parameter", line)
    yield Tag("endopenapi", line)
