"""The server under test: where it is, whose accounts there are, how patient the suite is."""

from __future__ import annotations

import ipaddress
import random
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

AccountName = Literal["main", "second", "other", "blocked", "made-up"]
REAL_ACCOUNTS: tuple[str, ...] = ("main", "second", "other", "blocked")
_ALPHABET = string.ascii_letters + string.digits


class ConfigurationError(Exception):
    """Settings that cannot be used: one message that says what is wrong and what to do (exit 4)."""


@dataclass(frozen=True)
class Account:
    """One account: its company, email and password.  The last two are masked wherever they are shown."""

    company: str
    email: SecretStr
    password: SecretStr


@dataclass(frozen=True)
class Target:
    """A server under test.

    `accounts` holds the real accounts by name (`main` always) and the made-up one.  Time-outs are in
    seconds.  `kind` is ``box`` for the server in the box and ``server`` for any other.
    """

    base_url: str
    kind: Literal["box", "server"]
    accounts: Mapping[str, Account]
    unknown_company: str
    connect_timeout: float = 5.0
    answer_timeout: float = 15.0
    allowed_hosts: frozenset[str] = frozenset()
    accounts_of_the_box: bool = False

    @property
    def parts(self) -> SplitResult:
        """Return the parts of the base URL."""
        return urlsplit(self.base_url)

    @property
    def is_loopback(self) -> bool:
        """Tell whether the target's host is this machine."""
        return is_loopback(self.parts.hostname or "")

    @property
    def again(self) -> str:
        """Return the options of the command that name this target again, with a blank before each."""
        if self.kind == "box":
            return ""
        accounts = " --accounts box" if self.accounts_of_the_box else ""
        hosts = "".join(f" --allow-host {host}" for host in sorted(self.allowed_hosts))
        return f" --base-url {self.base_url}{accounts}{hosts}"

    def company(self, name: str) -> str | None:
        """Return the id of the company `own`, `other`, `blocked` or `unknown`; None if there is none."""
        if name == "unknown":
            return self.unknown_company
        account = self.accounts.get("main" if name == "own" else name)
        return account.company if account is not None else None


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address names this machine."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def checked_base_url(text: str) -> str:
    """Return the base URL without a trailing slash.

    Raises `ConfigurationError` when it has no http(s) scheme, no host, a query, or ends in `/api`.
    """
    advice = "It has the form http://HOST:PORT or https://HOST/PREFIX and ends before /api."
    # What stands before an @ may be a password.
    shown = repr(f"…@{text.rpartition('@')[2]}" if "@" in text else text)
    try:
        parts = urlsplit(text.strip())
        port_is_wrong = parts.port == 0
    except ValueError:
        raise ConfigurationError(f"The base URL {shown} is not a URL. {advice}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port_is_wrong:
        raise ConfigurationError(f"The base URL {shown} has no http(s) scheme or host. {advice}")
    if parts.username or parts.password:
        raise ConfigurationError(f"The base URL holds credentials; leave them out. {advice}")
    if parts.query or parts.fragment:
        raise ConfigurationError(f"The base URL {shown} has a query or fragment. {advice}")
    path = parts.path.rstrip("/")
    if path.endswith("/api"):
        raise ConfigurationError(f"The base URL {shown} ends in /api. {advice}")
    return f"{parts.scheme}://{parts.netloc}{path}"


def made_up_account(company: str, seed: int) -> Account:
    """Return an account that exists nowhere, with a long random password: the marker of SEC-1."""
    chance = random.Random(f"made-up {seed}")  # noqa: S311 - a marker, not a secret of anybody
    word = "".join(chance.choices(_ALPHABET, k=10)).lower()
    # A digit, a capital and a punctuation mark, so that a password policy does not answer first.
    password = "Zq7!" + "".join(chance.choices(_ALPHABET, k=20))
    email = f"nobody.{word}@conformance.invalid"
    return Account(company, SecretStr(email), SecretStr(password))


def unknown_company(seed: int) -> str:
    """Return a plain company id that exists nowhere."""
    chance = random.Random(f"company {seed}")  # noqa: S311 - a name, not a secret
    return "nocompany" + "".join(chance.choices(string.digits, k=6))
