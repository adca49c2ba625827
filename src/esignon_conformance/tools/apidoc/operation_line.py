"""How a page names the method and the URL of an operation: as code, in a table, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from .event_kinds import Code, Paragraph, Row, Table

_METHODS = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS"
_METHOD = re.compile(rf"^({_METHODS})$", re.IGNORECASE)
_URL = re.compile(r"^(?:https?://[^\s/]+)?/\S*$|^https?://\S+$")
_ADDRESS = re.compile(r"^https?://[^\s/]+/\S*$")
_REQUEST_CODE = re.compile(r"^\d{3,5}Q$")
_VARIABLE = re.compile(r"(?<=/):([A-Za-z_]\w*)")
_NAMED = re.compile(r"\{([^{}]*)\}")
_REQUEST_LINE = re.compile(rf"^\s*({_METHODS})\s+((?:https?://|/)\S+)(?:\s+HTTP/[\d.]+)?\s*$")
_METHOD_WORD = r"(?:http\s*)?(?:method|메서드|메소드|メソッド|方式|방식|type|请求方式)"
_URL_WORD = r"(?:request\s*)?(?:url|uri|endpoint|address|주소|엔드포인트|アドレス|path|경로|地址)"
_METHOD_HEAD = re.compile(rf"^{_METHOD_WORD}$", re.IGNORECASE)
_URL_HEAD = re.compile(rf"^(?:api\s*)?{_URL_WORD}$", re.IGNORECASE)
_CODE_HEAD = re.compile(r"^(?:(?:api|request)\W*)?(?:code|코드|コード|代码)$", re.IGNORECASE)
_HEADS = (("url", _URL_HEAD), ("method", _METHOD_HEAD), ("code", _CODE_HEAD))
_METHOD_SAID = re.compile(rf"(?:^|\s){_METHOD_WORD}\s*[:：]\s*({_METHODS})\b", re.IGNORECASE)
_URL_SAID = re.compile(rf"(?:^|\s){_URL_WORD}\s*[:：]\s*((?:https?://|/)\S+)", re.IGNORECASE)
_HTTP = frozenset({"http", "rest"})


@dataclass(frozen=True)
class Named:
    """An operation as the page names it; `code` is that by which a request names it, if it is said."""

    method: str
    url: str
    line: int
    code: str = ""


def is_operation(method: str, url: str) -> bool:
    """Tell whether these are a method and a URL whose path can be told."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return False
    return _METHOD.match(method) is not None and path.startswith("/")


def template_of(url: str) -> str:
    """Return a URL with its variables as ``{name}``."""
    return _VARIABLE.sub(r"{\1}", url.strip())


def joined(host: str, path: str) -> str:
    """Return the URL of a host, which may have a path already, and of a path."""
    rest = path.strip()
    if not rest:
        return host.strip()
    return f"{host.strip().rstrip('/')}/{rest.lstrip('/')}" if host.strip() else rest


def variables_of(url: str) -> tuple[str, ...]:
    """Return the names of the variables of a URL's path."""
    return tuple(_NAMED.findall(urlsplit(url).path))


def query_of(url: str) -> dict[str, str]:
    """Return the query of a URL: the value of each name, empty where the page leaves it open."""
    found = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    return {name: "" if _NAMED.fullmatch(value) else value for name, value in found.items() if name}


def in_code(spans: Sequence[str], line: int) -> Named | None:
    """Return the operation that pieces of code name: `POST` `URL`, or `POST URL` in one."""
    plain = [one.strip() for one in spans]
    if plain and (match := _REQUEST_LINE.match(plain[0])):
        return Named(match[1].upper(), match[2], line)
    if len(plain) > 1 and _METHOD.match(plain[0]) and _URL.match(plain[1]):
        return Named(plain[0].upper(), plain[1], line)
    return None


def in_line(text: str, line: int) -> Named | None:
    """Return the operation that a heading or a short paragraph is: POST /api/x."""
    match = _REQUEST_LINE.match(text)
    return Named(match[1].upper(), match[2], line) if match else None


def in_block(code: Code) -> Named | None:
    """Return the operation that the first line of a block of HTTP names."""
    first = code.text.lstrip("\n").partition("\n")[0]
    is_http = code.info.partition(" ")[0].lower() in _HTTP or "HTTP/" in first
    # A block that is nothing but a request line names the operation, too.
    is_alone = code.text.strip() == first.strip()
    return in_line(first, code.line) if is_http or is_alone else None


def in_words(paragraph: Paragraph) -> tuple[str, str]:
    """Return the method and the URL that a paragraph says after those words, empty where it does not."""
    method, url = _METHOD_SAID.search(paragraph.text), _URL_SAID.search(paragraph.text)
    return (method[1].upper() if method else "", url[1] if url else "")


def in_table(table: Table) -> Iterator[Named]:
    """Yield the operations that a table names: columns of URL and method, or a row for each."""
    columns = {name: at for at, text in enumerate(table.head) if (name := _heads(text))}
    if {"url", "method"} <= set(columns):
        for row in table.rows:
            cells = [*row.cells, *([""] * len(table.head))]
            said = {name: cells[at].strip() for name, at in columns.items()}
            yield from _named(said, row.line)
        return
    if by_cells := _by_cells(table):
        yield from by_cells
        return
    found: dict[str, str] = {}
    line = table.line
    for row in (Row(table.head, table.line), *table.rows):
        name = _heads(row.cells[0]) if len(row.cells) > 1 else ""
        if name:
            found.setdefault(name, row.cells[1].strip())
            line = row.line if name == "url" else line
    yield from _named(found, line)


def _by_cells(table: Table) -> list[Named]:
    """Return the operations of a table whose heads say nothing: rows of a method and an address."""
    found = []
    for row in table.rows:
        methods = [one.strip() for one in row.cells if _METHOD.match(one.strip())]
        addresses = [one.strip() for one in row.cells if _ADDRESS.match(one.strip())]
        codes = [one.strip() for one in row.cells if _REQUEST_CODE.match(one.strip())]
        if len(methods) == len(addresses) == 1:
            code = codes[0] if len(codes) == 1 else ""
            found.append(Named(methods[0].upper(), addresses[0], row.line, code))
    return found


def _heads(text: str) -> str:
    """Return what a cell heads: the URL, the method or the code of an operation; empty for none."""
    return next((name for name, pattern in _HEADS if pattern.match(text.strip())), "")


def _named(said: Mapping[str, str], line: int) -> Iterator[Named]:
    method, url = said.get("method", ""), said.get("url", "")
    if _METHOD.match(method) and _URL.match(url):
        yield Named(method.upper(), url, line, said.get("code", ""))
