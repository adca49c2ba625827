"""Checks of what must not stand in an answer: the password sent, and the insides of the server."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import unquote_plus

from ..contract.model import Clause
from ..i18n.message import say
from ..recording.response import read
from ..redaction.packed_text import are_words
from ..redaction.unescape import unescaped
from ..transport.json_reader import strings
from ..transport.messages import Exchange
from .answer_texts import (
    all_texts,
    body_of,
    has_texts,
    head_of,
    is_unread,
    texts_around_phrases,
    texts_around_words,
    trailers_of,
    unescaped_texts,
)
from .deviation import Deviation
from .head_lines import lines_of
from .internals import internals_in, names_source_file
from .known_passwords import SHORTEST_REAL, Passwords
from .plain_passwords import is_plain, may_hold
from .request_texts import said_by
from .view import Judged, View

TOKEN_POINTER = "/body/access_token"  # noqa: S105 - the place of a member
_MOST_KEPT = 8192
# What is longer is looked at for single characters first.
_LONG = 64 * 1024


def password_not_returned(view: View, _clause: Clause) -> Judged:
    # SEC-1: the password sent comes back nowhere in an answer, head or body, raw or decoded.
    # Judged with a random made-up password; with the real one only if it has 8 characters or more
    # and is no part of the email, the company or a documented text.  Nor does an account's password
    # stand in the answer to a request that did not even know it.
    known = Passwords.of(view.contract, view.target)
    for exchange in _every_answer(view):
        is_login = view.is_documented_method(exchange)
        place = _place_of_password(exchange, known, is_login=is_login)
        if not place and exchange.answer is not None and exchange.answer.condensed is not None:
            place = exchange.answer.condensed.seen.password
        if place == _IN_URL:
            # SEC-1: "What another method than POST is answered that only repeats the URL of the
            # request is observed, not judged".
            continue
        other = "" if place else _place_of_other(exchange, known)
        if place or other:
            where = say(f"password-in-{place}") if place else say(f"other-password-in-{other}")
            yield exchange, Deviation(say("no-password"), where, group="leaked")
        elif not is_unread(exchange):
            yield exchange, None


def no_internals(view: View, _clause: Clause) -> Judged:
    # SEC-4: no stack frame, `Traceback`, SQL state or source-file path in an answer, head or body.
    # The documented text of code 99 in any language is no leak; nor is a URL path.
    known = view.target.parts.netloc
    for exchange in _every_answer(view):
        found = _internal(exchange, known)
        if found is None and exchange.answer is not None and exchange.answer.condensed is not None:
            found = exchange.answer.condensed.seen.internal
        if found is None:
            if not is_unread(exchange):
                yield exchange, None
        else:
            kind, excerpt = found
            got = say("internals", what=say(f"inside-{kind}"), excerpt=excerpt)
            yield exchange, Deviation(say("no-internals"), got, group=kind)


def answers_not_read(view: View) -> Iterator[Exchange]:
    """Yield the answers of which SEC-1 and SEC-4 saw the head alone."""
    return (exchange for exchange in _every_answer(view) if is_unread(exchange))


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
            # The name of a file has a dot.
            if "." in value and names_source_file(pointer.rpartition("/")[2], value):
                return "source-file", value[:80]
        body = "\n".join(
            one for pointer, one in values if pointer != TOKEN_POINTER or one == "access_token"
        )
        if exchange.stray:
            body += "\n" + exchange.stray.decode("utf-8", errors="replace")
    else:
        body = body_of(exchange)
    lines = lines_of(answer)
    is_clean = lines is not None and all(one.is_clean for one in lines)
    texts = ("" if is_clean else head_of(answer), body, trailers_of(answer))
    said = ""
    for kind, excerpt in (
        one for text in texts for layer in texts_around_phrases(text) for one in internals_in(layer)
    ):
        # What was sent and comes back is no inside of the server (an email is echoed, say).
        said = said or "\n".join([known, *said_by(exchange)])
        if excerpt not in said:
            return kind, excerpt[:80]
    return None


# ---- SEC-1 -----------------------------------------------------------------------------------------

_IN_URL = "url"


@lru_cache(maxsize=_MOST_KEPT)
def _place_of_password(exchange: Exchange, known: Passwords, *, is_login: bool) -> str:
    """Return where in an answer the password stands that was sent, and whether in the URL alone."""
    return _place_of(known.passwords_in(exchange), exchange, known, is_login=is_login)


@lru_cache(maxsize=_MOST_KEPT)
def _place_of_other(exchange: Exchange, known: Passwords) -> str:
    """Return where in an answer the password of an account stands that was not sent."""
    return _place_of(known.others_in(exchange), exchange, known, is_login=True)


def _place_of(
    passwords: Collection[str], exchange: Exchange, known: Passwords, *, is_login: bool
) -> str:
    if not passwords:
        return ""
    if not _may_hold(passwords, known, exchange):
        return ""
    texts = _texts_of(exchange)
    wanted = known.forms_of(passwords)
    for place, text in texts.items():
        if not any(holds(wanted, one) for one in all_texts(text)):
            continue
        return place if is_login else where_in_url(exchange, wanted, texts.values()) or place
    return ""


def _texts_of(exchange: Exchange) -> Mapping[str, str]:
    """Return the texts of an answer by their place."""
    answer = exchange.answer
    return {"head": head_of(answer), "body": body_of(exchange), "trailer": trailers_of(answer)}


def _may_hold(passwords: Collection[str], known: Passwords, exchange: Exchange) -> bool:
    """Tell whether any of some passwords may stand in an answer: in most stands none."""
    are_plain = known.made_up not in passwords and all(map(is_plain, passwords))
    are_plain = are_plain and not known.unmistakable.issuperset(passwords)
    wanted = frozenset[str]() if are_plain else known.forms_of(passwords)
    if not are_plain and not _are_words(wanted):
        texts = _texts_of(exchange).values()
        views = [one for text in texts if text for one in all_texts(text)]
        return holds(wanted, "\n".join(views))
    # Each form of a plain password is at least as long as the password.  That which was sent counts also
    # where others are looked for, so that both are looked for in the same text.
    sent = max(SHORTEST_REAL, len(exchange.request.said("password")))
    lowered = _lowered_of(exchange, min(sent, known.shortest, *map(len, wanted or passwords)))
    if are_plain and len(lowered) <= _LONG:
        return any(may_hold(one, lowered) for one in passwords)
    return holds_lowered(wanted or known.forms_of(passwords), lowered)


@lru_cache(maxsize=64)
def _are_words(wanted: frozenset[str]) -> bool:
    return are_words(wanted)


# What was sent and what was not are looked for one after the other.
@lru_cache(maxsize=2)
def _lowered_of(exchange: Exchange, least: int) -> str:
    """Return in small letters where a word of at `least` so many characters may stand in an answer."""
    answer = exchange.answer
    lines = lines_of(answer)
    pieces = [one.lowered for one in lines or ()]
    others = (head_of(answer) if lines is None else "", body_of(exchange), trailers_of(answer))
    for text in others:
        if text:
            pieces += [one.lower() for one in texts_around_words(text, least)]
    return "\n".join(pieces)


def holds(wanted: frozenset[str], text: str) -> bool:
    return holds_lowered(wanted, text.lower())


def holds_lowered(wanted: frozenset[str], lowered: str) -> bool:
    """Tell whether any of some texts stands in a text of small letters."""
    few = _fewest(wanted)
    if len(lowered) <= _LONG:
        return any(one in lowered for one in few)
    # A character is looked for twenty times as fast as a text, and most of these have one that is rare.
    absent = {one for one in frozenset().union(*few.values()) if one not in lowered}
    return any(one in lowered for one, characters in few.items() if absent.isdisjoint(characters))


@lru_cache(maxsize=64)
def _fewest(wanted: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return the texts in which no other one stands, each with its characters."""
    found: dict[str, frozenset[str]] = {}
    for text in sorted(wanted, key=len):
        if not any(one in text for one in found):
            found[text] = frozenset(text)
    return found


def where_in_url(exchange: Exchange, wanted: frozenset[str], texts: Iterable[str]) -> str:
    """Return that the password stands only where the URL of a request is repeated, empty where not."""
    return _IN_URL if _only_in_url(exchange, wanted, texts) else ""


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
            if any(holds(wanted, one) for one in all_texts(rest)):
                return False
    return True


def forget_exchanges() -> None:
    """Forget what single exchanges were found to show, where they are judged no more."""
    _internal.cache_clear()
    _place_of_password.cache_clear()
    _place_of_other.cache_clear()
    _lowered_of.cache_clear()
