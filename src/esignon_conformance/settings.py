"""Settings from the environment and `.env`: the target, its accounts, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from . import places
from .target import (
    Account,
    ConfigurationError,
    Target,
    checked_base_url,
    is_loopback,
    made_up_account,
    unknown_company,
)

PREFIX = "ESIGNON_"
REQUIRED = ("company_id", "memb_email", "memb_pwd")
# Optional groups, complete or absent; the second account is of the own company.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "second": ("second_memb_email", "second_memb_pwd"),
    "blocked": ("blocked_company_id", "blocked_memb_email", "blocked_memb_pwd"),
    "other": ("other_company_id", "other_memb_email", "other_memb_pwd"),
}


class Settings(BaseSettings):
    """What the environment (prefix ``ESIGNON_``) and `.env` say.  Empty is told apart from absent."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", extra="ignore"
    )

    base_url: str | None = None
    company_id: str | None = None
    memb_email: SecretStr | None = None
    memb_pwd: SecretStr | None = None
    second_memb_email: SecretStr | None = None
    second_memb_pwd: SecretStr | None = None
    blocked_company_id: str | None = None
    blocked_memb_email: SecretStr | None = None
    blocked_memb_pwd: SecretStr | None = None
    other_company_id: str | None = None
    other_memb_email: SecretStr | None = None
    other_memb_pwd: SecretStr | None = None

    def secret(self, name: str) -> SecretStr:
        """Return a secret setting, an empty one when it is absent."""
        found = getattr(self, name)
        return found if isinstance(found, SecretStr) else SecretStr("")

    def value(self, name: str) -> str:
        """Return a setting as text, empty when it is absent."""
        found = getattr(self, name)
        if isinstance(found, SecretStr):
            return found.get_secret_value()
        return found or ""


def read_settings() -> Settings:
    """Read the settings.  Raises `ConfigurationError` when `.env` cannot be read; it names no value."""
    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(str(one["loc"][0]) for one in error.errors() if one["loc"])
        raise ConfigurationError(f"These settings cannot be used: {names}.") from None
    except (OSError, UnicodeError):
        raise ConfigurationError(
            ".env cannot be read: it has to be a text file in UTF-8."
        ) from None


@dataclass(frozen=True)
class Options:
    """What the command line says about the target; None where it says nothing."""

    base_url: str | None = None
    accounts: str | None = None
    allow_host: tuple[str, ...] = ()
    connect_timeout: float = 5.0
    answer_timeout: float = 15.0


def base_url_of(options: Options, settings: Settings) -> str | None:
    """Return the base URL that was given, or None for the server in the box.

    Raises `ConfigurationError` when one is given but empty, or is no usable URL.
    """
    given = (
        ("--base-url or PYTEST_BASE_URL", options.base_url),
        (f"{PREFIX}BASE_URL", settings.base_url),
    )
    for name, value in given:
        if value is None:
            continue
        if not value.strip():
            raise ConfigurationError(
                f"{name} is set but empty. Set it to the server's base URL, or remove it to test "
                "the server in the box."
            )
        return checked_base_url(value)
    return None


def target_of(options: Options, settings: Settings, base_url: str, seed: int) -> Target:
    """Return the target that options and settings describe.

    Raises `ConfigurationError` with one message that names every setting that is missing.
    """
    if options.accounts == "box":
        host = checked_base_url(base_url)
        if not is_loopback(_host(host)):
            raise ConfigurationError("--accounts box is for loopback base URLs only.")
        return box_target(base_url, seed, options, kind="server")
    return _target(base_url, _accounts_of(settings), options, seed, "server")


def box_target(base_url: str, seed: int, options: Options, *, kind: str = "box") -> Target:
    """Return a target with the made-up world of `contracts/accounts.yaml`."""
    return _target(base_url, box_accounts(), options, seed, kind)


def box_accounts(path: Path | None = None) -> dict[str, Account]:
    """Return the accounts of the server in the box by role."""
    file = path or places.contracts() / "accounts.yaml"
    world: Any = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {
        account["role"]: Account(
            company["id"], SecretStr(account["memb_email"]), SecretStr(account["memb_pwd"])
        )
        for company in world["companies"]
        for account in company["accounts"]
    }


def ignored_settings(settings: Settings) -> list[str]:
    """Return the names of the settings that a run on the server in the box ignores."""
    names = [*REQUIRED, *(name for group in GROUPS.values() for name in group)]
    return [f"{PREFIX}{name.upper()}" for name in names if settings.value(name)]


def setting_names(group: str) -> list[str]:
    """Return the names of the settings that make up an optional group."""
    return [f"{PREFIX}{name.upper()}" for name in GROUPS.get(group, ())]


def _accounts_of(settings: Settings) -> dict[str, Account]:
    missing = [name for name in REQUIRED if not settings.value(name)]
    for group in GROUPS.values():
        given = [name for name in group if settings.value(name)]
        if given:
            missing += [name for name in group if name not in given]
    if missing:
        names = ", ".join(f"{PREFIX}{name.upper()}" for name in missing)
        raise ConfigurationError(
            f"These settings are missing: {names}. Set them in the environment or in .env; the "
            "optional groups (SECOND, BLOCKED, OTHER) are given whole or not at all. For a mock on "
            "this machine that knows the accounts of the server in the box: --accounts box"
        )
    company = settings.value("company_id")
    accounts = {
        "main": Account(company, settings.secret("memb_email"), settings.secret("memb_pwd"))
    }
    for name in GROUPS:
        if settings.value(f"{name}_memb_email"):
            accounts[name] = Account(
                settings.value(f"{name}_company_id") if name != "second" else company,
                settings.secret(f"{name}_memb_email"),
                settings.secret(f"{name}_memb_pwd"),
            )
    return accounts


def _target(
    base_url: str, accounts: dict[str, Account], options: Options, seed: int, kind: str
) -> Target:
    made_up = made_up_account(accounts["main"].company, seed)
    return Target(
        base_url=base_url,
        kind="box" if kind == "box" else "server",
        accounts={**accounts, "made-up": made_up},
        unknown_company=unknown_company(seed),
        connect_timeout=options.connect_timeout,
        answer_timeout=options.answer_timeout,
        allowed_hosts=frozenset(host.lower() for host in options.allow_host),
        accounts_of_the_box=options.accounts == "box",
    )


def _host(base_url: str) -> str:
    return urlsplit(base_url).hostname or ""
