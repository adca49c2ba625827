"""Where a token stands in an answer, under its own name or under none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..recording.response import read
from ..redaction.unescape import layers
from ..transport.json_reader import member, read_json
from ..transport.messages import Exchange
from .dates import clock_of, http_date
from .view import View, document

TOKEN = "access_token"  # noqa: S105 - the name of a member
# Fields that carry a token and nothing else. What protects against forged requests has others.
_FIELDS = frozenset({TOKEN, "x_access_token", "x_auth_token", "auth_token", "authorization"})
# In a refusal X-Auth-Token may name a session that nobody has logged in to, as Spring Session's does.
_FIELDS_OF_REFUSALS = _FIELDS - {"x_auth_token", "auth_token"}
# A shorter one could be a word of an error page.
_SHORTEST_BARE = 20
_SHORTEST_KNOWN = 12
# In a longer text a token is known only where it is the whole of it.
_LONGEST_TEXT = 16 * 1024
# What stands for nothing in a cookie that is removed: PHP writes "deleted".
_WORD = re.compile(r"[A-Za-z_-]+")
# As a redirect of OAuth's implicit grant has it (RFC 6749 §4.2.2).
_IN_URL = re.compile(rf"[?&#]{TOKEN}=(?!(?:null|undefined|none|deleted)?(?:[&#\s\"'>;,]|$))")
_LIFETIME = re.compile(r"-?[0-9]+")


@dataclass(frozen=True)
class KnownTokens:
    """Tokens that were issued, by their last characters: tokens of a kind may all begin alike."""

    by_end: Mapping[str, frozenset[str]]
    least: int

    @classmethod
    def of(cls, issued: Iterable[object]) -> KnownTokens:
        """Return the texts among what was issued that are no words; one of another type is SUC-1's."""
        by_end: dict[str, set[str]] = {}
        for one in issued:
            if isinstance(one, str) and len(one) >= _SHORTEST_KNOWN:
                by_end.setdefault(one[-_SHORTEST_KNOWN:], set()).add(one)
        least = min((len(one) for some in by_end.values() for one in some), default=0)
        return cls({end: frozenset(some) for end, some in by_end.items()}, least)

    def stand_in(self, text: str) -> bool:
        """Tell whether one of them stands in a text, amid others or escaped as in a URL, too."""
        if not self.by_end or len(text) < self.least:
            return False
        if len(text) > _LONGEST_TEXT:
            return text in self.by_end.get(text[-_SHORTEST_KNOWN:], ())
        return any(self._ends_in(layer) for layer in layers(text))

    def _ends_in(self, text: str) -> bool:
        for end in range(self.least, len(text) + 1):
            some = self.by_end.get(text[end - _SHORTEST_KNOWN : end])
            if some and any(text.endswith(one, 0, end) for one in some):
                return True
        return False


def shape_of_tokens(view: View) -> re.Pattern[str] | None:
    """Return what the tokens of right logins look like, where they are long."""
    found = [member(document(one), f"/body/{TOKEN}")[1] for one in view.owed]
    lengths = {len(one) for one in found if isinstance(one, str)}
    if not lengths or min(lengths) < _SHORTEST_BARE:
        return None
    # A long random one has a digit, the name of an error has none.
    return re.compile(rf"(?=.*\d)[\w.~+/=-]{{{min(lengths)},{max(lengths)}}}", re.ASCII)


def token_anywhere(exchange: Exchange, shape: re.Pattern[str] | None) -> str | None:
    """Return where a token stands in an answer that must hold none, be it all of the body."""
    value = document(exchange)
    found = next(tokens_in(value), None) or token_in_head(exchange, set(), _FIELDS)
    if found is not None or shape is None or exchange.answer is None:
        return found
    text = value if isinstance(value, str) else read(exchange).content.decode("latin-1")
    is_bare = exchange.answer.status < 300 and shape.fullmatch(text.strip()) is not None
    return "/" if is_bare else None


def token_in_head(
    exchange: Exchange, leaking: set[str], fields: frozenset[str] = _FIELDS_OF_REFUSALS
) -> str | None:
    """Return the field of head or trailer with a token: one of some names, such a cookie, a known one.

    `leaking` holds the values of fields in which a known token stands; `fields` are names of fields,
    in small letters and with underscores.  A cookie that the request brought is set again where sessions
    are prolonged, and gives nothing away.
    """
    answer = exchange.answer
    if answer is None:
        return None
    for name, value in (*answer.headers, *answer.trailers):
        if is_brought_cookie(exchange, name, value):
            continue
        if value in leaking:
            return name
        is_field = _is_among(name, fields) and value.strip()
        if (
            is_field
            or (TOKEN in value and _IN_URL.search(value))
            or (
                name.lower() == "set-cookie"
                and _is_cookie_with_token(
                    value, clock_of(answer.header("Date"), exchange.answered_at)
                )
            )
        ):
            return name
    return None


def is_brought_cookie(exchange: Exchange, name: str, value: str) -> bool:
    """Tell whether a field sets the very cookie that the request brought."""
    if name.lower() != "set-cookie":
        return False
    pair = value.partition(";")[0].strip()
    # HTTP/2 may have a field for each.
    fields = (text for key, text in exchange.request.headers if key.lower() == "cookie")
    return any(pair == one.strip() for text in fields for one in text.split(";"))


def is_token_field(name: str) -> bool:
    """Tell whether a field of a refusal is named like a token, so that whatever it holds is one."""
    return _is_among(name, _FIELDS_OF_REFUSALS)


def _is_among(name: str, fields: frozenset[str]) -> bool:
    return name.lower().replace("-", "_") in fields


def _is_cookie_with_token(value: str, now: datetime) -> bool:
    """Tell whether a Set-Cookie field gives a token, and does not take one away."""
    pair, *attributes = value.split(";")
    name, _, text = pair.partition("=")
    # Python's http.cookies, and so Django and Starlette, writes an empty value as two quotation marks.
    text = text.strip().strip('"')
    if name.strip().lower() != TOKEN or not text:
        return False
    # A token is a token though its cookie is removed in the same breath.
    is_word = len(text) < _SHORTEST_BARE and _WORD.fullmatch(text) is not None
    return not (is_word and _is_removal(attributes, now))


def _is_removal(attributes: Sequence[str], now: datetime) -> bool:
    """Tell whether the attributes of a cookie say that it is over (RFC 6265 §3.1)."""
    parted = (attribute.partition("=") for attribute in attributes)
    said = {name.strip().lower(): value.strip() for name, _, value in parted}
    # RFC 6265 §4.1.2.2: "If a cookie has both the Max-Age and the Expires attribute, the Max-Age
    # attribute has precedence".
    if _LIFETIME.fullmatch(said.get("max-age", "")):
        return said["max-age"].startswith("-") or not said["max-age"].strip("0")
    expires = http_date(said.get("expires", ""))
    return expires is not None and expires <= now


def tokens_in(value: object, pointer: str = "") -> Iterator[str]:
    """Yield the JSON pointers of members of that name that hold something, in JSON texts, too."""
    children = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for name, child in children:
        if isinstance(child, str) and f'"{TOKEN}"' in child and child.lstrip().startswith("{"):
            # JSON in a string is JSON all the same.
            yield from tokens_in(read_json(child.encode()).value, f"{pointer}/{name}")
        is_url = isinstance(child, str) and TOKEN in child and _IN_URL.search(child)
        if is_url or (name == TOKEN and child not in (None, "", [], {}, False)):
            yield f"{pointer}/{name}"
        yield from tokens_in(child, f"{pointer}/{name}")
