"""Settings from options, the environment, `.env` and `targets.toml`: the target and its accounts."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..i18n.errors import ConfigurationError
from ..i18n.message import say
from ..i18n.outside import reason_of
from ..redaction.secret import Secret
from .accounts import GROUPS, REQUIRED, accounts_of, box_accounts, refuse_alike, refuse_no_email
from .client_certificate import ClientCertificate
from .environment import PREFIX, Variables, read_variables
from .header_command import HeaderCommand, is_sendable
from .host_names import is_loopback, plain_host
from .labels import labels_of
from .limits import Limits, limits_of
from .proxy import proxy_for
from .target import (
    PRODUCTION,
    Account,
    Target,
    checked_base_url,
    made_up_account,
    unknown_company,
)
from .targets_file import FILE_NAME, TargetEntry
from .typed_hosts import typed_hosts

_OF_ACCOUNTS = (*REQUIRED, *(name for group in GROUPS.values() for name in group))
NAMES = ("base_url", *_OF_ACCOUNTS)
# What else the environment may say: language and depth, the target of targets.toml, certificates.
OTHER_NAMES = (
    *("lang", "depth", "target", "ca_bundle"),
    *("client_cert", "client_key", "client_key_password"),
)


@dataclass(frozen=True)
class Settings:
    """What the environment (prefix ``ESIGNON_``) and `.env` say.  Empty is told apart from absent."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def base_url(self) -> str | None:
        """Return the base URL, None when it is absent."""
        return self.values.get("base_url")

    def secret(self, name: str) -> Secret:
        """Return a secret setting, an empty one when it is absent."""
        return Secret(self.value(name))

    def value(self, name: str) -> str:
        """Return a setting as text, empty when it is absent."""
        return self.values.get(name, "")


def read_settings(variables: Variables | None = None) -> Settings:
    """Read the settings, each from its variable or from the file that NAME_FILE names.

    Raises `ConfigurationError` when `.env` or such a file cannot be read; it names no value.
    """
    variables = variables or read_variables()
    found = {name: variables.value(f"{PREFIX}{name}") for name in NAMES}
    return Settings({name: value for name, value in found.items() if value is not None})


@dataclass(frozen=True)
class Options:
    """What the command line says about the target; None where it says nothing."""

    base_url: str | None = None
    accounts: str | None = None
    allow_host: tuple[str, ...] = ()
    connect_timeout: float = 5.0
    answer_timeout: float = 15.0
    limits: Mapping[str, float] = field(default_factory=dict)
    ca_bundle: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    labels: tuple[str, ...] = ()
    targets_file: str | None = None
    depth: str = "standard"


def base_url_of(
    options: Options, settings: Settings, entry: TargetEntry | None = None
) -> str | None:
    """Return the base URL that was given, or None for the server in the box.

    Options beat the environment, which beats the entry of `targets.toml`.  Raises
    `ConfigurationError` when one is given but empty, or is no usable URL.
    """
    given = (
        ("--base-url or PYTEST_BASE_URL", options.base_url),
        (f"{PREFIX}BASE_URL", settings.base_url),
        (f"{entry.name}.base_url" if entry else "", entry.base_url if entry else None),
    )
    for name, value in given:
        if value is None:
            continue
        if not value.strip():
            raise ConfigurationError(say("config-url-empty", name=name))
        return checked_base_url(value)
    return None


def target_of(
    options: Options,
    settings: Settings,
    base_url: str,
    seed: int,
    *,
    entry: TargetEntry | None = None,
    variables: Variables | None = None,
) -> Target:
    """Return the target that options, settings and an entry of `targets.toml` describe.

    Raises `ConfigurationError` with one message that names every setting that is missing.
    """
    variables = variables or Variables({})
    if options.accounts == "box":
        _check_host_of_box_accounts(base_url, options, entry)
        accounts = box_accounts()
    else:
        accounts = accounts_of(settings, entry, variables)
        refuse_alike(accounts)
        refuse_no_email(accounts)
    target = _target(base_url, accounts, options, seed, kind="server", entry=entry)
    target = replace(
        target,
        client_certificate=_client_certificate(options, entry, variables),
        tls_options=_tls_options(options),
    )
    if entry is None:
        return target
    command = None
    if entry.headers_from is not None:
        command = HeaderCommand(entry.headers_from, entry.file.parent, entry.name)
    return replace(
        target,
        name=entry.name,
        named_by=named_by(options, entry, base_url),
        allowed_hosts=target.typed_hosts | {plain_host(_host(checked_base_url(entry.base_url)))},
        headers=tuple(
            (name, _header(entry, name, variable, variables))
            for name, variable in entry.headers.items()
        ),
        header_variables=entry.headers,
        header_command=command,
        waivers=entry.waivers,
    )


def box_target(base_url: str, seed: int, options: Options) -> Target:
    """Return the server in the box, with the made-up world of `contracts/accounts.yaml`."""
    return _target(base_url, box_accounts(), options, seed, kind="box")


def ignored_settings(settings: Settings) -> list[str]:
    """Return the names of the settings that a run on the server in the box ignores."""
    return [f"{PREFIX}{name.upper()}" for name in _OF_ACCOUNTS if settings.value(name)]


def setting_names(group: str) -> list[str]:
    """Return the names of the settings that make up an optional group."""
    return [f"{PREFIX}{name.upper()}" for name in GROUPS.get(group, ())]


def known_names(entries: Iterable[TargetEntry] = ()) -> list[str]:
    """Return the names of all settings, and those that targets give to variables of their own."""
    names = [name for entry in entries for name in entry.variables]
    return [*NAMES, *OTHER_NAMES, *names]


def overriding(settings: Settings, options: Options) -> list[str]:
    """Return the names of the settings that beat what an entry of `targets.toml` says."""
    given = [name for name in _OF_ACCOUNTS if settings.value(name)]
    url = ["base_url"] if settings.base_url and options.base_url is None else []
    return [f"{PREFIX}{name.upper()}" for name in (*url, *given)]


def _header(entry: TargetEntry, name: str, variable: str, variables: Variables) -> Secret:
    value = variables.secret(variable)
    if value is None or not value.get_secret_value():
        raise ConfigurationError(say("config-target-missing", target=entry.name, names=variable))
    if not is_sendable(value.get_secret_value()):
        raise ConfigurationError(say("config-header-value", name=name, variable=variable))
    return value


def named_by(options: Options, entry: TargetEntry, base_url: str) -> str:
    """Return the options that name a target again, with a blank before each."""
    named = f" --target {entry.name}"
    if options.targets_file not in (None, FILE_NAME):
        named = f" --targets-file {options.targets_file}{named}"
    return (
        named if checked_base_url(entry.base_url) == base_url else f"{named} --base-url {base_url}"
    )


def _target(
    base_url: str,
    accounts: dict[str, Account],
    options: Options,
    seed: int,
    *,
    kind: str,
    entry: TargetEntry | None = None,
) -> Target:
    made_up = made_up_account(accounts["main"].company, seed)
    typed = typed_hosts(options.allow_host)
    bundle = options.ca_bundle or (entry.ca_bundle if entry else None)
    return Target(
        base_url=base_url,
        kind="box" if kind == "box" else "server",
        accounts={**accounts, "made-up": made_up},
        unknown_company=unknown_company(seed),
        connect_timeout=options.connect_timeout,
        answer_timeout=options.answer_timeout,
        allowed_hosts=typed,
        typed_hosts=typed,
        accounts_of_the_box=options.accounts == "box",
        limits=_limits_of(base_url, options, entry),
        ca_bundle=_checked_bundle(Path(bundle)) if bundle else None,
        proxy=None if is_loopback(_host(base_url)) else proxy_for(base_url),
        labels=labels_of(options.labels),
        accept_codes=entry.accept_codes if entry else {},
    )


def _limits_of(base_url: str, options: Options, entry: TargetEntry | None) -> Limits:
    given: dict[str, Any] = {**(entry.limits if entry else {}), **options.limits}
    return limits_of(options.depth, given, is_loopback=is_loopback(_host(base_url)))


def _checked_bundle(path: Path) -> Path:
    try:
        ssl.create_default_context(cafile=str(path))
    except (OSError, ValueError) as error:
        is_of_tls = isinstance(error, ssl.SSLError)
        detail = say("not-pem") if is_of_tls else reason_of(error)
        raise ConfigurationError(say("config-ca-bundle", file=path, detail=detail)) from None
    return path


def _check_host_of_box_accounts(base_url: str, options: Options, entry: TargetEntry | None) -> None:
    """Refuse the made-up accounts where they are of no use: a host that nobody named, production.

    They are made up and under .invalid, so a host that was named takes no harm of them.
    """
    host = _host(checked_base_url(base_url))
    named = set(typed_hosts(options.allow_host))
    if entry is not None:
        named.add(plain_host(_host(checked_base_url(entry.base_url))))
    is_production = plain_host(host) == PRODUCTION
    if not is_loopback(host) and (is_production or plain_host(host) not in named):
        raise ConfigurationError(say("config-box-accounts", host=host))


def _client_certificate(
    options: Options, entry: TargetEntry | None, variables: Variables
) -> ClientCertificate | None:
    """Return the client's certificate.  Raises `ConfigurationError` where it cannot be used."""
    certificate, key = options.client_cert, options.client_key
    if certificate is None and key is None and entry is not None:
        certificate = str(entry.client_cert) if entry.client_cert else None
        key = str(entry.client_key) if entry.client_key else None
    if certificate is None:
        if key is not None:
            raise ConfigurationError(say("config-client-key-alone"))
        return None
    variable = (entry.client_key_password if entry else None) or f"{PREFIX}CLIENT_KEY_PASSWORD"
    password = variables.secret(variable) or Secret("")
    found = ClientCertificate(Path(certificate), Path(key) if key else None, password, variable)
    found.load(ssl.create_default_context())
    return found


def _tls_options(options: Options) -> str:
    """Return the options of TLS that were typed, with a blank before each."""
    given = {
        "--ca-bundle": options.ca_bundle,
        "--client-cert": options.client_cert,
        "--client-key": options.client_key,
    }
    return "".join(f" {name} {value}" for name, value in given.items() if value)


def _host(base_url: str) -> str:
    return urlsplit(base_url).hostname or ""
