"""Checks of what must not stand in an answer: the password sent, and the insides of the server."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote_plus

from ..contract.model import Clause
from ..exchange import Exchange, Request
from ..json_text import strings
from ..reading import read
from ..secret_forms import forms_of
from ..verdict import Deviation, say
from .view import Judged, View

_SHORTEST_REAL = 8
_WINDOW = 12
_MADE_UP = "made-up"
_TOKEN = "/body/access_token"  # noqa: S105 - the place of a member

_SOURCE = r"(?:py|java|kt|scala|groovy|rb|go|rs|cs|vb|cpp|cc|c|ts|tsx|pl|ex|erl|clj|swift)"
_WEB_SOURCE = r"(?:js|mjs|cjs|php|jsp|asp|aspx|cshtml)"
_INTERNALS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("Python traceback", r"Traceback \(most recent call last\)"),
        ("Python frame", r"\bFile \"[^\"\n]+\", line \d+"),
        (
            "JVM frame",
            r"\bat [\w.$<>/]+\((?:[\w$-]+\.(?:java|kt|scala|groovy|clj):\d+|Native Method"
            r"|Unknown Source)\)",
        ),
        (
            "JavaScript frame",
            r"\bat (?:async )?(?:[^\n]{0,120}\()?[^\s()]+\.(?:m|c)?[jt]sx?:\d+:\d+\)?",
        ),
        (".NET frame", r"\bat [\w.<>`\[\]]+\([^)\n]*\)(?: in [^\n]+:line \d+)"),
        # Without the place, as an assembly without its symbols gives it.
        (".NET frame", r"(?m:^\s*at |\s{2,}at )(?:[A-Z]\w*\.){2,}[\w.<>`]+\([^()\n]{0,200}\)"),
        ("PHP frame", r"#\d+ [^\n]*\.php\(\d+\)|\bin /?[^\s]+\.php(?: on line |:)\d+"),
        ("Go trace", r"\bgoroutine \d+ \[\w+"),
        ("Ruby frame", r"\.rb:\d+:in [`']"),
        ("Perl error", r"\bat \S+\.p[lm] line \d+"),
        ("Rust panic", r"\bthread '[^']*' panicked at\b"),
        ("exception class", r"\b(?:[a-z_]\w*\.){2,}[A-Z]\w*(?:Exception|Error)\b"),
        (
            "Python exception",
            r"\b(?:Key|Type|Value|Attribute|Index|Name|Unicode\w*|JSONDecode|Integrity|Operational|Programming)Error\b\s*[:(]",
        ),
        (
            "Java exception",
            r"\b(?:NullPointer|ClassCast|IllegalArgument|IllegalState|SQL\w*|JsonParse|NumberFormat|Runtime)Exception\b",
        ),
        (
            "SQL state",
            r"(?i:\bSQLSTATE\b|\bSQLCODE\b)|\bORA-\d{5}\b|\bSQL syntax\b"
            r"|\b(?:ERROR|error): [^\n]{0,120}\bat or near\b|\bsyntax error at or near\b"
            r"|near \"[^\"\n]*\": syntax error|\bUnclosed quotation mark\b"
            r"|\bIncorrect syntax near\b|\bUnknown column '|\bER_[A-Z]+_ERROR\b|\bPG::\w+"
            r"|\b(?:sqlite3|psycopg2?|pymysql|MySQLdb|pg8000|sqlalchemy)\.\w"
            r"|\bSQL(?:ite)?_?ERROR\b",
        ),
        ("SQL statement", r"(?i:\bselect\b[^;\n]{1,200}\bfrom\b[^;\n]{1,200}\bwhere\b)"),
        ("source file", rf"(?<![\w:/.])(?:/[\w.@+-]+){{2,}}\.{_SOURCE}\b"),
        (
            "source file",
            rf"(?<![\w:/.])(?:/?[\w.@+-]+/)*[\w@+-]+\.(?:{_SOURCE}|{_WEB_SOURCE}):\d+\b",
        ),
        (
            "source file",
            rf"(?:(?<=\s)|(?<=[\"'(\[=>])|^)/(?:usr|home|var|opt|srv|app|root|etc|tmp|mnt|workspace)/[\w.@+/-]+\.(?:{_SOURCE}|jar|war|class|so)\b",
        ),
        (
            # Of these only folders that no URL path begins with: /app/main.js may be one.
            "source file",
            rf"(?:(?<=\s)|(?<=[\"'(\[=>])|^)/(?:usr|var|opt|srv|root|mnt)/[\w.@+/-]+\.{_WEB_SOURCE}\b",
        ),
        (
            "source file",
            rf"\b[A-Za-z]:\\+(?:[\w .@+-]+\\+)+[\w@+-]+\.(?:{_SOURCE}|{_WEB_SOURCE}|dll|exe)\b",
        ),
    )
)


def password_not_returned(view: View, _clause: Clause) -> Judged:
    # SEC-1: the password sent comes back nowhere in an answer, head or body, raw or decoded.
    # Judged with a random made-up password; with the real one only if it has 8 characters or more
    # and is no part of the email, the company or a documented text.
    made_up = view.target.accounts[_MADE_UP].password.get_secret_value()
    emails = [account.email.get_secret_value() for account in view.target.accounts.values()]
    public = "\n".join([*emails, *view.contract.all_texts]).lower()
    for exchange in _answers_with_outcome(view):
        hay = "\n".join(_texts(exchange)).lower()
        leaked = _holds_marker(made_up, hay) if made_up.encode() in _sent(exchange) else False
        sent = exchange.request.said("password")
        if not leaked and sent and sent != made_up and _is_telling(exchange.request, sent, public):
            leaked = any(form in hay for form in _lowered_forms_of(sent))
        if leaked:
            where = say(f"password-in-{_where(exchange, sent or made_up)}")
            yield exchange, Deviation(say("no-password"), where, group="leaked")
        else:
            yield exchange, None


def no_internals(view: View, _clause: Clause) -> Judged:
    # SEC-4: no stack frame, `Traceback`, SQL state or source-file path in a body.  The documented
    # text of code 99 in any language is no leak; nor is a URL path.
    for exchange in _answers_with_outcome(view):
        found = _internal(exchange)
        if found is None:
            yield exchange, None
        else:
            name, excerpt = found
            got = say("internals", what=name, excerpt=excerpt)
            yield exchange, Deviation(say("no-internals"), got, group=name)


def _answers_with_outcome(view: View) -> Iterator[Exchange]:
    for exchange in view.exchanges:
        # An exchange without an outcome is ENV's finding; other methods need no envelope.
        other = not view.is_documented_method(exchange)
        if exchange.answer is not None and (other or view.outcome(exchange) != "broken"):
            yield exchange


def _internal(exchange: Exchange) -> tuple[str, str] | None:
    reading, sent = read(exchange), _sent(exchange)
    if reading.text.readable:
        # Names and values say all that the text says; a token, new each time, is no place to look.
        values = strings(reading.text.value)
        text = "\n".join(
            one for pointer, one in values if pointer != _TOKEN or one == "access_token"
        )
    else:
        # A page escapes what a frame has in quotes.
        text = html.unescape(reading.content.decode("utf-8", errors="replace"))
    for name, excerpt in _internals_in(text):
        # What was sent and comes back is no inside of the server (an email is echoed, say).
        if excerpt.encode() not in sent:
            return name, excerpt[:80]
    return None


@lru_cache(maxsize=1024)
def _internals_in(text: str) -> tuple[tuple[str, str], ...]:
    """Return what shows the inside of a server in a text; most answers are the same few texts."""
    return tuple(
        (name, match.group()) for name, pattern in _INTERNALS for match in pattern.finditer(text)
    )


def _sent(exchange: Exchange) -> bytes:
    return exchange.request.body + exchange.request.target.encode()


def _texts(exchange: Exchange) -> list[str]:
    """Return the head and the body of an answer as texts: as they came, and decoded."""
    answer, reading = exchange.answer, read(exchange)
    assert answer is not None  # noqa: S101 - the caller saw to it
    head = [answer.reason, *(f"{name}: {value}" for name, value in answer.headers)]
    content = reading.content.decode("utf-8", errors="replace")
    decoded = [text for _, text in strings(reading.text.value)]
    plain = [*head, content, *decoded]
    unquoted = (unquote_plus(text) for text in plain if "%" in text)
    unescaped = (html.unescape(text) for text in plain if "&" in text)
    return [*plain, *unquoted, *unescaped]


def _holds_marker(marker: str, hay: str) -> bool:
    """Tell whether a long random marker, or 12 characters of it in a row, stands in a lowered text."""
    return any(piece in hay for piece in (*_windows_of(marker), *_lowered_forms_of(marker)))


@lru_cache(maxsize=64)
def _windows_of(marker: str) -> frozenset[str]:
    lowered = marker.lower()
    windows = {lowered[at : at + _WINDOW] for at in range(len(lowered) - _WINDOW + 1)}
    return frozenset({*windows, lowered[::-1]})


@lru_cache(maxsize=512)
def _lowered_forms_of(secret: str) -> frozenset[str]:
    return frozenset(form.lower() for form in forms_of(secret))


def _is_telling(request: Request, password: str, public: str) -> bool:
    """Tell whether a password, found in an answer, can only come from the request.

    `public` is what an answer may say of itself, in lower case.
    """
    known = (request.company.lower(), request.said("memb_email").lower(), public)
    return len(password) >= _SHORTEST_REAL and not any(password.lower() in one for one in known)


def _where(exchange: Exchange, password: str) -> str:
    assert exchange.answer is not None  # noqa: S101 - the caller saw to it
    head = "\n".join(f"{name}: {value}" for name, value in exchange.answer.headers).lower()
    in_head = any(form in head for form in _lowered_forms_of(password))
    return "head" if in_head else "body"
