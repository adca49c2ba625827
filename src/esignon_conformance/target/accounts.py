"""Whose logins are sent: the accounts of the settings, of an entry of `targets.toml`, and of the box."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

import yaml

from .. import resources
from ..i18n.errors import ConfigurationError
from ..i18n.message import say
from ..redaction.secret import Secret
from .environment import PREFIX, Variables, seen
from .target import Account
from .targets_file import TargetEntry


class Source(Protocol):
    """Gives settings by their names without prefix, empty ones for those that are absent."""

    def value(self, name: str) -> str:
        """Return a setting as text."""

    def secret(self, name: str) -> Secret:
        """Return a secret setting, masked."""


REQUIRED = ("company_id", "memb_email", "memb_pwd")
# Optional groups, complete or absent; the second account is of the own company.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "second": ("second_memb_email", "second_memb_pwd"),
    "blocked": ("blocked_company_id", "blocked_memb_email", "blocked_memb_pwd"),
    "other": ("other_company_id", "other_memb_email", "other_memb_pwd"),
}


def box_accounts(path: Path | None = None) -> dict[str, Account]:
    """Return the accounts of the server in the box by role."""
    file = path or resources.contracts() / "accounts.yaml"
    world: Any = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {
        account["role"]: Account(
            company["id"], Secret(account["memb_email"]), Secret(account["memb_pwd"])
        )
        for company in world["companies"]
        for account in company["accounts"]
    }


def accounts_of(
    given: Source, entry: TargetEntry | None, variables: Variables
) -> dict[str, Account]:
    """Return the accounts by name: whole from the settings, else whole from the entry."""
    missing = [] if entry else [name for name in REQUIRED if not given.value(name)]
    if entry and bool(given.value("memb_email")) != bool(given.value("memb_pwd")):
        missing += [name for name in ("memb_email", "memb_pwd") if not given.value(name)]
    for group in GROUPS.values():
        there = [name for name in group if given.value(name)]
        if there:
            missing += [name for name in group if name not in there]
    if missing:
        raise ConfigurationError(say("config-missing", names=shown(missing)))
    company = given.value("company_id") or (entry.company_id if entry else "")
    accounts = _accounts_of_entry(entry, company, variables, given) if entry else {}
    for name in (*REQUIRED, *(name for group in GROUPS.values() for name in group)):
        seen(f"{PREFIX}{name.upper()}", given.value(name))
    if given.value("memb_email"):
        accounts["main"] = Account(company, given.secret("memb_email"), given.secret("memb_pwd"))
    for name in GROUPS:
        if given.value(f"{name}_memb_email"):
            accounts[name] = Account(
                given.value(f"{name}_company_id") if name != "second" else company,
                given.secret(f"{name}_memb_email"),
                given.secret(f"{name}_memb_pwd"),
            )
    return accounts


def _accounts_of_entry(
    entry: TargetEntry, company: str, variables: Variables, given: Source
) -> dict[str, Account]:
    accounts, missing = {}, []
    for name, account in entry.accounts.items():
        if given.value("memb_email" if name == "main" else f"{name}_memb_email"):
            continue  # The settings give this account whole.
        email, password = (
            variables.secret(account[member]) or Secret("") for member in ("memb_email", "memb_pwd")
        )
        named = ((email, account["memb_email"]), (password, account["memb_pwd"]))
        missing += [variable for secret, variable in named if not secret.get_secret_value()]
        for secret, variable in named:
            seen(variable, secret.get_secret_value())
        own = seen(f"{entry.name}.accounts.{name}.company_id", account.get("company_id", company))
        accounts[name] = Account(own, email, password)
    if missing:
        raise ConfigurationError(
            say("config-target-missing", target=entry.name, names=", ".join(missing))
        )
    return accounts


def refuse_alike(accounts: Mapping[str, Account]) -> None:
    """Refuse accounts that are one where two are needed: what they tell apart would be blamed."""
    main = accounts["main"]

    def alike(one: str, other: str) -> bool:
        return one.strip().casefold() == other.strip().casefold()

    second = accounts.get("second")
    if second and alike(second.email.get_secret_value(), main.email.get_secret_value()):
        raise ConfigurationError(say("config-second-is-main"))
    companies = {"own": main.company}
    for name in ("blocked", "other"):
        if name not in accounts:
            continue
        for known, company in companies.items():
            if alike(accounts[name].company, company):
                raise ConfigurationError(say("config-same-company", one=name, other=known))
        companies[name] = accounts[name].company


def refuse_no_email(accounts: Mapping[str, Account]) -> None:
    """Refuse an email without an at sign: the cases change what stands at it."""
    for name, account in accounts.items():
        if "@" not in account.email.get_secret_value():
            raise ConfigurationError(say("config-no-email", account=name))


def shown(names: Iterable[str]) -> str:
    """Return names of settings as people set them, with commas between."""
    return ", ".join(f"{PREFIX}{name.upper()}" for name in names)
