"""What one process of a fleet notes of its logins, so that all of them can be judged together.

Of each answer a number is kept under a key that only the fleet knows, never the token, the email or the
body itself; beside them the last exchanges, so that one can be shown where the master finds it at fault.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from ...checks.token_places import TOKEN, is_token_field
from ...contract.model import Contract
from ...transport.json_reader import strings
from .batch_result import number_of_request
from .batches import COMPARED, COMPARED_ACCOUNT, SHORTEST_TOKEN
from .last_logins import LastLogins, Noted
from .load_frames import Sent
from .own_answers import names_another

# Of an account so many refused right logins are kept until the next report.
_MOST_REFUSED = 20
# In the place of the owner of a token that came to another account.
ANOTHERS = 0
RIGHT, MALFORMED = "right", "malformed"
# Texts of refusals that the master knows of already: most come again and again.
_MOST_TEXTS = 20_000
# What a field of a head is made of: values, parameters, the scheme before a token.
_PIECES = re.compile(r'[^\s,;"]+')


@dataclass
class AccountFacts:
    """Right logins of an account since the last report; times are of this machine's clock."""

    identity: int
    name: str
    successes: int = 0
    first: float = math.inf
    last: float = -math.inf
    refused: list[Noted] = field(default_factory=list)
    company: str = field(default="", repr=False)
    email: str = field(default="", repr=False)


@dataclass
class BodyFacts:
    """The first body that a right login got on a path, and whether all later answers were it (REQ-9)."""

    body: int
    later: int = 0
    unreadable: int = 0
    is_same: bool = True
    last: Noted | None = None


@dataclass
class FleetFacts:
    """Numbers of what came since the last report, and what is kept for longer.

    `tokens` are those of right logins, with the account (or `ANOTHERS`); `refusals` are refused requests
    and their codes; `shared` counts by path and body all answers, those to unreadable bodies and to what is
    refused at other times, and whether a right login was let in by it; `texts` are those of refusals that
    are long enough for a token.
    """

    contract: Contract
    key: bytes
    names: Mapping[tuple[str, str], str]
    tokens: list[tuple[int, int]] = field(default_factory=list)
    refusals: list[tuple[int, str]] = field(default_factory=list)
    shared: dict[int, list[int]] = field(default_factory=dict)
    texts: list[int] = field(default_factory=list)
    # Of the account whose logins are compared (SUC-15): who it is, and what its first login got.
    first_values: tuple[int, list[int]] | None = None
    accounts: dict[int, AccountFacts] = field(default_factory=dict)
    bodies: dict[str, BodyFacts] = field(default_factory=dict)
    _of_body: dict[tuple[str, bytes], AccountFacts] = field(default_factory=dict)
    _last: LastLogins = field(default_factory=LastLogins)
    _seen_texts: set[int] = field(default_factory=set)
    _count: int = 0
    # Of what situations requests were refused: right ones are none of them.
    _refused: set[str] = field(default_factory=set)

    def number(self, *texts: str | bytes) -> int:
        """Return the number of texts under the fleet's key."""
        found = hashlib.blake2b(digest_size=8, key=self.key)
        for text in texts:
            data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
            found.update(len(data).to_bytes(8, "big"))
            found.update(data)
        return int.from_bytes(found.digest(), "big")

    def identity(self, name: str) -> int | None:
        """Return the number of the account that has a name in this process, None where none has."""
        key = next((key for key, one in self.names.items() if one == name), None)
        return None if key is None else self.number(*key)

    def of_request(self, number: int) -> int:
        """Return the number under the fleet's key of a request whose number is known here."""
        return self.number(str(number))

    def add(self, sent: Sent) -> None:
        """Note a login and its answer."""
        self._count += 1
        if sent.fault:
            return
        codes = self.contract.codes
        value = _value(sent.answer_body)
        code = codes.documented(_member(value, "header", "result_code"))
        is_issued = code == codes.issued
        numbers = [self._add_body(sent, is_let_in=is_issued)]
        if sent.situation == RIGHT and code is not None:
            numbers += self._add_right(sent, value, is_issued=is_issued)
        if code is not None and not is_issued:
            numbers += self._add_texts(sent, value)
            # REJ-11: "the same bad request": a right login is none, however it is refused.
            if sent.situation != RIGHT:
                self._refused.add(sent.situation)
                number = self.of_request(_number_of_request(sent))
                self.refusals.append((number, code))
                numbers.append(number)
        self._last.keep(Noted(self._count, sent), numbers)

    def shown(self, number: int) -> Noted | None:
        """Return the login of a number, None where it was too long ago."""
        return self._last.shown(number)

    def place_of(self, sent: Sent, number: int) -> str:
        """Return where in a refusal the text of a number stands: a JSON pointer or the name of a field."""
        places = _long_texts(sent, _value(sent.answer_body))
        return next((place for place, text in places if self.number(text) == number), "")

    def _add_texts(self, sent: Sent, value: Any) -> list[int]:
        """Note the texts of a refusal, and return their numbers where they are new."""
        found = dict.fromkeys(self.number(text) for _, text in _long_texts(sent, value))
        new = [one for one in found if one not in self._seen_texts]
        if len(self._seen_texts) > _MOST_TEXTS:
            self._seen_texts.clear()
        self._seen_texts.update(new)
        self.texts += new
        return new

    def _add_right(self, sent: Sent, value: Any, *, is_issued: bool) -> list[int]:
        account = self._account(sent)
        status = self.contract.clauses["REQ-1"].parameters["status"]
        if is_issued and sent.status == status:
            account.successes += 1
            account.first = min(account.first, sent.began)
            account.last = max(account.last, sent.began)
        elif len(account.refused) < _MOST_REFUSED:
            account.refused.append(Noted(self._count, sent))
        token = _member(value, "body", "access_token")
        if not is_issued or not token:
            return []
        if self.first_values is None and account.name == COMPARED_ACCOUNT:
            body = value["body"]
            values = [self.number(repr(body.get(name))) for name in COMPARED]
            self.first_values = (account.identity, values)
        number = self.number(token)
        # Whose token it is says the account that the answer names; that another one got it is SUC-9's, or
        # SUC-5's.
        is_anothers = names_another(value, account.email, account.company) is True
        self.tokens.append((number, ANOTHERS if is_anothers else account.identity))
        return [number]

    def _account(self, sent: Sent) -> AccountFacts:
        found = self._of_body.get((sent.url, sent.body))
        if found is None:
            company = unquote(urlsplit(sent.url).path.split("/")[-2])
            email = _member(_value(sent.body), "body", "memb_email") or ""
            identity = self.number(company, email)
            name = self.names.get((company, email), "")
            found = AccountFacts(identity, name, company=company, email=email)
            found = self.accounts.setdefault(identity, found)
            self._of_body[sent.url, sent.body] = found
        return found

    def _add_body(self, sent: Sent, *, is_let_in: bool) -> int:
        found = self.bodies.get(sent.url)
        body = self.number(sent.url, sent.answer_body)
        is_login = is_let_in and sent.situation == RIGHT
        is_unreadable = sent.situation == MALFORMED
        row = self.shared.setdefault(body, [0, 0, 0])
        row[0] += 1
        # So is what a load run makes up and lets be refused, where it is refused at other times.
        row[1] += is_unreadable or (is_let_in and sent.situation in self._refused)
        row[2] |= is_login
        if found is None:
            if is_login:
                self.bodies[sent.url] = BodyFacts(body)
            return body
        found.later += 1
        found.unreadable += is_unreadable
        found.is_same &= body == found.body
        found.last = Noted(self._count, sent) if found.is_same else None
        return body


def _long_texts(sent: Sent, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the texts of an answer that are long enough for a token, and where they stand.

    What is named like a token is told by its name, in the process that got it.
    """
    for place, text in strings(value):
        if len(text) >= SHORTEST_TOKEN and not place.endswith(f"/{TOKEN}"):
            yield place, text
    for name, field_value in sent.answer_headers:
        if is_token_field(name):
            continue
        for piece in _PIECES.findall(field_value):
            # The value of a parameter, too: `sid=...` in a cookie.
            for text in dict.fromkeys((piece, piece.partition("=")[2])):
                if len(text) >= SHORTEST_TOKEN:
                    yield name, text


def _number_of_request(sent: Sent) -> int:
    url = urlsplit(sent.url)
    target = f"{url.path}?{url.query}" if url.query else url.path
    content_type = (value for name, value in sent.headers if name.lower() == "content-type")
    return number_of_request(target, next(content_type, None), sent.body)


def _value(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _member(value: Any, *names: str) -> str | None:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None
