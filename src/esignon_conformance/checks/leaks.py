"""Checks of what must not stand in an answer: the password sent, and the insides of the server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import unquote_plus

from ..contract.model import Clause
from ..exchange import Exchange
from ..json_text import strings
from ..reading import read
from ..secret_forms import forms_of, needles_of
from ..unescaping import layers, unescaped
from ..verdict import Deviation, say
from .answer_texts import all_texts, body_of, has_texts, head_of, unescaped_texts
from .internals import internals_in, names_source_file
from .view import Judged, View

_SHORTEST_REAL = 8
_WINDOW = 12
_MADE_UP = "made-up"
_TOKEN = "/body/access_token"  # noqa: S105 - the place of a member
_MOST_KEPT = 8192


def password_not_returned(view: View, _clause: Clause) -> Judged:
    # SEC-1: the password sent comes back nowhere in an answer, head or body, raw or decoded.
    # Judged with a random made-up password; with the real one only if it has 8 characters or more
    # and is no part of the email, the company or a documented text.
    accounts = view.target.accounts
    made_up = accounts[_MADE_UP].password.get_secret_value()
    real = frozenset(one.password.get_secret_value() for one in accounts.values()) - {made_up}
    emails = [account.email.get_secret_value() for account in accounts.values()]
    public = "\n".join([*emails, *view.contract.all_texts]).lower()
    for exchange in _every_answer(view):
        place = _place_of_password(
            exchange, made_up, real, public, is_login=view.is_documented_method(exchange)
        )
        if place == _IN_URL:
            # SEC-1: "What another method than POST is answered that only repeats the URL of the
            # request is observed, not judged".
            continue
        if place:
            where = say(f"password-in-{place}")
            yield exchange, Deviation(say("no-password"), where, group="leaked")
        else:
            yield exchange, None


def no_internals(view: View, _clause: Clause) -> Judged:
    # SEC-4: no stack frame, `Traceback`, SQL state or source-file path in an answer, head or body.
    # The documented text of code 99 in any language is no leak; nor is a URL path.
    known = view.target.parts.netloc
    for exchange in _every_answer(view):
        found = _internal(exchange, known)
        if found is None:
            yield exchange, None
        else:
            name, excerpt = found
            got = say("internals", what=name, excerpt=excerpt)
            yield exchange, Deviation(say("no-internals"), got, group=name)


def _every_answer(view: View) -> Iterator[Exchange]:
    # SEC-1 and SEC-4 look at every answer, whatever its status: debug pages come with a 500.
    return (exchange for exchange in view.recording.exchanges if has_texts(exchange))


# ---- SEC-4 -----------------------------------------------------------------------------------------


@lru_cache(maxsize=_MOST_KEPT)
def _internal(exchange: Exchange, known: str) -> tuple[str, str] | None:
    """Return what an answer shows of the inside of its server; `known` is what the suite knows."""
    reading, answer = read(exchange), exchange.answer
    if reading.text.is_whole:
        # Names and values say all that the text says; a token, new each time, is no place to look.
        values = list(strings(reading.text.value))
        for pointer, value in values:
            if names_source_file(pointer.rpartition("/")[2], value):
                return "source file", value[:80]
        body = "\n".join(
            one for pointer, one in values if pointer != _TOKEN or one == "access_token"
        )
        if exchange.stray:
            body += "\n" + exchange.stray.decode("utf-8", errors="replace")
    else:
        body = body_of(exchange)
    said = "\n".join([known, *_sent(exchange)])
    for text in (head_of(answer), body):
        for layer in unescaped_texts(text):
            for name, excerpt in internals_in(layer):
                # What was sent and comes back is no inside of the server (an email is echoed, say).
                if excerpt not in said:
                    return name, excerpt[:80]
    return None


def _sent(exchange: Exchange) -> tuple[str, ...]:
    """Return what was sent as texts: as it went out, and with its escapes undone."""
    request = exchange.request
    texts = (request.body.decode("utf-8", errors="replace"), request.target)
    return tuple(layer for text in texts for layer in layers(text))


# ---- SEC-1 -----------------------------------------------------------------------------------------

_IN_URL = "url"


@lru_cache(maxsize=_MOST_KEPT)
def _place_of_password(
    exchange: Exchange, made_up: str, real: frozenset[str], public: str, *, is_login: bool
) -> str:
    """Return where in an answer the password stands that was sent: head, body, or the URL alone."""
    wanted = _needles(exchange, made_up, real, public)
    if not wanted:
        return ""
    texts = {"head": head_of(exchange.answer), "body": body_of(exchange)}
    for place, text in texts.items():
        if not any(_holds(wanted, one) for one in all_texts(text)):
            continue
        if is_login or not _only_in_url(exchange, wanted, texts.values()):
            return place
        return _IN_URL
    return ""


def _needles(exchange: Exchange, made_up: str, real: frozenset[str], public: str) -> frozenset[str]:
    """Return, in lower case, what must not come back to a request."""
    request, sent = exchange.request, "\n".join(_sent(exchange))
    wanted: set[str] = set()
    if made_up in sent:
        # A long random marker, or 12 characters of it in a row.
        wanted |= _windows_of(made_up) | _lowered_forms_of(made_up)
    # `public` is what an answer may say of itself.
    known = (request.company.lower(), request.said("memb_email").lower(), public)
    for password in {request.said("password"), *(one for one in real if one and one in sent)}:
        by_chance = any(password.lower() in one for one in known)
        if password != made_up and len(password) >= _SHORTEST_REAL and not by_chance:
            wanted |= _lowered_forms_of(password)
    return frozenset(wanted)


def _holds(wanted: frozenset[str], text: str) -> bool:
    lowered = text.lower()
    return any(one in lowered for one in wanted)


def _only_in_url(exchange: Exchange, wanted: frozenset[str], texts: Iterable[str]) -> bool:
    """Tell whether the password stands in an answer only where the URL of its request is repeated."""
    target = exchange.request.target
    query = target.partition("?")[2]
    urls = {
        form for one in (target, query) if one for form in (one, unescaped(one), unquote_plus(one))
    }
    for text in texts:
        # With every escape undone, in the answer and in the URL alike.
        for layer in {unescaped(one) for one in unescaped_texts(text)}:
            rest = layer
            for url in sorted(urls, key=len, reverse=True):
                rest = rest.replace(url, "\n")
            if any(_holds(wanted, one) for one in all_texts(rest)):
                return False
    return True


@lru_cache(maxsize=64)
def _windows_of(marker: str) -> frozenset[str]:
    lowered = marker.lower()
    windows = {lowered[at : at + _WINDOW] for at in range(len(lowered) - _WINDOW + 1)}
    return frozenset({*windows, lowered[::-1]})


@lru_cache(maxsize=512)
def _lowered_forms_of(secret: str) -> frozenset[str]:
    forms = {*forms_of(secret), *(form for form, _ in needles_of(secret))}
    return frozenset(form.lower() for form in forms)
