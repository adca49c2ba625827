"""SEC-1 finds a password exactly where a search of every text for every form of it does.

What is looked at first in an answer lets nearly all be passed over; here an answer is drawn, a password is
written into it in one form inside another, and both searches are made.
"""

from __future__ import annotations

import base64
import gzip
import html
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote, quote_plus

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esignon_conformance.checks import answer_texts, leaks
from esignon_conformance.checks.answer_texts import body_of, head_of, trailers_of
from esignon_conformance.checks.known_passwords import Passwords
from esignon_conformance.redaction import unescape
from esignon_conformance.redaction.packed_text import packed
from esignon_conformance.redaction.secret import Secret
from esignon_conformance.transport.messages import Answer, Exchange, Headers
from selftest.support.exchanges import success

_KNOWN = Passwords("Nobody-Has-This-Made-Up-1", frozenset({"Main-Password-1!"}), "a public text")

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!#%&+/?@"
_PASSWORDS = st.one_of(
    st.text(_LETTERS, min_size=8, max_size=20),
    st.text(_LETTERS + " \"'\\<>,:열린문é\N{KELVIN SIGN}", min_size=8, max_size=16),
    st.sampled_from([_KNOWN.made_up, *_KNOWN.real, "1,2,3,4,5,6", "Bada-12345%", "per%41cent"]),
)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", errors="surrogatepass")


def _listed(text: str) -> str:
    return ", ".join(str(one) for one in _bytes(text))


_FORMS: tuple[Callable[[str], str], ...] = (
    str.upper,
    str.lower,
    lambda text: text[::-1],
    lambda text: text[:-1],
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps([*text]),
    lambda text: ",".join(f"'{one}'" for one in text),
    ", ".join,
    lambda text: f"[{', '.join(text)}]",
    _listed,
    lambda text: f"[{_listed(text)}]",
    lambda text: _bytes(text).hex(" "),
    lambda text: _bytes(text).hex(":").upper(),
    lambda text: "".join(f"\\u{ord(one):04x}" for one in text),
    lambda text: "".join(f"\\x{one:02x}" for one in _bytes(text)),
    lambda text: "".join(f"&#{ord(one)};" for one in text),
    lambda text: quote(_bytes(text), safe=""),
    lambda text: quote_plus(_bytes(text)),
    html.escape,
    "\0".join,
    "\x1b[1m".join,
    lambda text: "<b>" + "</b><b>".join(text) + "</b>",
    lambda text: "<br>" + text,
    lambda text: _bytes(text).hex(),
    lambda text: text.encode("utf-16-le", errors="surrogatepass").hex(),
    lambda text: base64.b64encode(_bytes(text)).decode(),
    lambda text: base64.urlsafe_b64encode(_bytes(f"u:{text}")).decode(),
    lambda text: base64.encodebytes(_bytes("x" * 60 + text)).decode(),
    lambda text: base64.b64encode(zlib.compress(_bytes(text))).decode(),
    lambda text: base64.b64encode(zlib.compress(_bytes(text))[2:-4]).decode(),
    lambda text: base64.b64encode(gzip.compress(_bytes(text), mtime=0)).decode(),
    lambda text: base64.b64encode(text.encode("utf-16-be", errors="surrogatepass")).decode(),
)
_NOISE = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "\n",
            ", ",
            '","',
            "sid=",
            "a=1; b=2, 3, 4, 5, 6, 7",
            "12, 34, 56, 78,",
            "<i",
            "\\",
        ]
    ),
    st.binary(max_size=48).map(lambda data: base64.b64encode(data).decode()),
    st.binary(max_size=24).map(bytes.hex),
    st.text("abc01 ,:\"'[]{}<>&%\\=;\n", max_size=24),
)
_PLACES = st.sampled_from(
    ["head", "two heads", "body", "page", "packed", "trailer", "stray", "none"]
)


@st.composite
def _written(draw: st.DrawFn, password: str) -> str:
    text = password
    for _ in range(draw(st.integers(0, 3))):
        text = draw(st.sampled_from(_FORMS))(text)
    return draw(_NOISE) + text + draw(_NOISE)


def _field(text: str) -> str:
    return text.replace("\r", "").replace("\n", "")


def _answered(place: str, text: str, other: str, exchange: Exchange) -> Exchange:
    """Return an exchange in whose answer a text stands at a place, and another one beside it."""
    answer = exchange.answer
    assert answer is not None
    headers = [*answer.headers, ("X-Request-Id", _field(other))]
    body, stray = answer.body, b""
    trailers: Headers = ()
    if place == "head":
        headers.append(("Set-Cookie", f"sid={_field(text)}; Path=/; HttpOnly"))
    elif place == "two heads":
        half = len(text) // 2
        headers += [("x-debug", _field(text[:half])), ("x-more", _field(text[half:]))]
    elif place == "body":
        value = json.loads(body)
        value["body"]["access_token"] = text
        body = _bytes(json.dumps(value, ensure_ascii=len(other) % 2 == 0))
    elif place == "page":
        body = _bytes(f"<html><p>{other}</p>{text}</html>")
    elif place == "packed":
        body = zlib.compress(_bytes(text))
    elif place == "trailer":
        trailers = (("X-Sum", _field(text)),)
    elif place == "stray":
        stray = _bytes(text)
    changed: Answer = replace(answer, headers=tuple(headers), body=body, trailers=trailers)
    return replace(exchange, answer=changed, stray=stray)


def _of(exchange: Exchange, password: str) -> Exchange:
    sent = {"header": {"request_code": "1001Q"}, "body": {"memb_email": "a@b.test"}}
    sent["body"]["memb_pwd"] = password
    request = replace(
        exchange.request,
        body=_bytes(json.dumps(sent, ensure_ascii=False)),
        password=Secret(password),
        memb_email=Secret("a@b.test"),
    )
    return replace(exchange, request=request)


def _layers(text: str) -> list[str]:
    found = [text]
    for _ in range(unescape._MOST_LAYERS):
        found.append(unescape._ESCAPES.sub(unescape._as_text, found[-1]))
    return [*found, unescape._LISTS.sub(unescape._as_text, found[-1])]


def _every_text(text: str) -> Iterator[str]:
    """Yield what `all_texts` returns, with nothing left out for what it seems to be."""
    plain = _layers(text)
    for layer in (one for one in tuple(plain) if "<" in one):
        bare = answer_texts._TAG.sub(
            lambda tag: "\n" if answer_texts._BREAK.match(tag.group()) else "", layer
        )
        plain += _layers(bare)
    yield from plain
    for one in dict.fromkeys(plain):
        for inside in packed(one):
            yield from _layers(inside)


def _place_by_every_form(exchange: Exchange) -> str:
    """Return the first place in which any form of a password stands in any text, however long it takes."""
    forms = _KNOWN.forms_of(_KNOWN.passwords_in(exchange))
    answer = exchange.answer
    texts = {"head": head_of(answer), "body": body_of(exchange), "trailer": trailers_of(answer)}
    for place, text in texts.items():
        lowered = {one.lower() for one in _every_text(text)}
        if any(form in one for form in forms for one in lowered):
            return place
    return ""


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), password=_PASSWORDS, place=_PLACES, other=_NOISE)
def test_a_password_is_found_where_a_search_for_every_form_finds_it(
    data: st.DataObject, password: str, place: str, other: str
) -> None:
    exchange = _of(success(), password)
    text = data.draw(_written(password))
    exchange = _answered(place, text, other, exchange)
    leaks.forget_exchanges()
    found = leaks._place_of_password(exchange, _KNOWN, is_login=True)
    assert found == _place_by_every_form(exchange)
