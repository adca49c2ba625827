"""The server under test: where it is, whose accounts there are, how patient the suite is."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, quote, urlsplit

from ..i18n.errors import ConfigurationError
from ..i18n.message import say
from ..redaction.invisible import found_in
from ..redaction.secret import Secret
from .client_certificate import ClientCertificate
from .header_command import HeaderCommand
from .host_names import is_host, is_loopback, plain_host, sent_host
from .limits import ON_LOOPBACK, Limits
from .proxy import Proxy

AccountName = Literal["main", "second", "other", "blocked", "made-up"]
# How each made-up password begins; it is no secret.
MADE_UP_BEGINNING = "Zq7!"
REAL_ACCOUNTS: tuple[str, ...] = ("main", "second", "other", "blocked")
# Facts about the real world: the host that the page names is the vendor's production service.
PRODUCTION = "docs.esignon.net"
_ALPHABET = string.ascii_letters + string.digits
# The address of the operation itself, as the page gives it, in the place of what stands before it.
_LOGIN = re.compile(r"/api/[^/]+/login\Z")


@dataclass(frozen=True)
class Account:
    """One account: its company, email and password.  The last two are masked wherever they are shown."""

    company: str
    email: Secret
    password: Secret


@dataclass(frozen=True)
class Target:
    """A server under test.

    `accounts` holds the real accounts by name (`main` always) and the made-up one.  Time-outs are in
    seconds.  `kind` is ``box`` for the server in the box, ``traffic`` for what recorded
    traffic was sent to, and ``server`` for any other.  `name` is that
    of an entry of `targets.toml`, which `allowed_hosts` holds the host of; `typed_hosts` are those of
    ``--allow-host`` alone.  `headers` are sent with every request, for a gateway, and `header_variables`
    names the variable that each value comes from.  `accept_codes` says
    which documented failure codes other codes of the target stand for.
    """

    base_url: str
    kind: Literal["box", "server", "traffic"]
    accounts: Mapping[str, Account]
    unknown_company: str
    connect_timeout: float = 5.0
    answer_timeout: float = 15.0
    allowed_hosts: frozenset[str] = frozenset()
    typed_hosts: frozenset[str] = frozenset()
    accounts_of_the_box: bool = False
    limits: Limits = ON_LOOPBACK
    name: str = ""
    # The options that name the target again, without those of --allow-host; and those of TLS.
    named_by: str = ""
    tls_options: str = ""
    headers: tuple[tuple[str, Secret], ...] = ()
    header_variables: Mapping[str, str] = field(default_factory=dict)
    header_command: HeaderCommand | None = None
    # What that command printed before the first request.
    fetched_headers: tuple[tuple[str, Secret], ...] = ()
    ca_bundle: Path | None = None
    client_certificate: ClientCertificate | None = None
    proxy: Proxy | None = None
    waivers: Path | None = None
    accept_codes: Mapping[str, str] = field(default_factory=dict)
    # The budget of a load run by situation: within so many milliseconds 95% of the answers have to come.
    p95_ms: Mapping[str, float] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

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
        hosts = "".join(f" --allow-host {host}" for host in sorted(self.typed_hosts))
        return (
            f"{self.named_by or f' --base-url {self.base_url}'}{accounts}{hosts}{self.tls_options}"
        )

    @property
    def is_production(self) -> bool:
        """Tell whether the target is the vendor's production service."""
        return plain_host(self.parts.hostname or "") == PRODUCTION

    def company(self, name: str) -> str | None:
        """Return the id of the company `own`, `other`, `blocked` or `unknown`; None if there is none."""
        if name == "unknown":
            return self.unknown_company
        account = self.accounts.get("main" if name == "own" else name)
        return account.company if account is not None else None


def checked_base_url(text: str) -> str:
    """Return the base URL without a trailing slash.

    Raises `ConfigurationError` when it has no http(s) scheme, no host, a query, or ends in `/api`, or
    with the path of the login.
    """
    # What stands before an @ may be a password.
    shown = repr(f"…@{text.rpartition('@')[2]}" if "@" in text else text)
    unseen = found_in(text.strip())
    if unseen is not None:
        raise ConfigurationError(say("config-url-unseen", character=unseen[0]))
    try:
        parts = urlsplit(text.strip())
        port_is_wrong = parts.port == 0
        host = sent_host(parts.hostname or "")
    except ValueError:
        raise ConfigurationError(say("config-url-none", url=shown)) from None
    is_named = is_host(host)
    if parts.scheme not in ("http", "https") or not is_named or port_is_wrong:
        raise ConfigurationError(say("config-url-host", url=shown))
    if parts.username or parts.password:
        raise ConfigurationError(say("config-url-credentials"))
    if parts.query or parts.fragment:
        raise ConfigurationError(say("config-url-query", url=shown))
    path = parts.path.rstrip("/")
    if path.endswith("/api"):
        raise ConfigurationError(say("config-url-api", url=shown))
    if (login := _LOGIN.search(path)) is not None:
        before = f"{parts.scheme}://{parts.netloc}{path[: login.start()]}"
        raise ConfigurationError(say("config-url-login", url=shown, before=before))
    # As browsers send them: a host with letters beyond ASCII by UTS #46, a path by its bytes.
    netloc = parts.netloc
    if not netloc.isascii():
        netloc = host if parts.port is None else f"{host}:{parts.port}"
    if not path.isascii():
        path = quote(path, safe="/%:@!$&'()*+,;=~-._")
    return f"{parts.scheme}://{netloc}{path}"


def made_up_account(company: str, seed: int) -> Account:
    """Return an account that exists nowhere, with a long random password: the marker of SEC-1."""
    return drawn_account(company, random.Random(f"made-up {seed}"))  # noqa: S311 - a marker, not a secret of anybody


def drawn_account(company: str, chance: random.Random) -> Account:
    """Return an account that exists nowhere, the next by chance."""
    word = "".join(chance.choices(_ALPHABET, k=10)).lower()
    # A digit, a capital and a punctuation mark, so that a password policy does not answer first.
    password = MADE_UP_BEGINNING + "".join(chance.choices(_ALPHABET, k=20))
    # Nobody's by RFC 2606 §3, and no name that a validator of emails refuses, as it may `.invalid`.
    email = f"nobody.{word}@conformance.example.com"
    return Account(company, Secret(email), Secret(password))


def unknown_company(seed: int) -> str:
    """Return a plain company id that exists nowhere."""
    chance = random.Random(f"company {seed}")  # noqa: S311 - a name, not a secret
    return "nocompany" + "".join(chance.choices(string.digits, k=6))
