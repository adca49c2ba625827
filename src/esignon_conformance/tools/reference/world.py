"""The companies and accounts that the server in the box knows.  All of them are made up."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ...contract.model import PAGE_LANGUAGE


@dataclass(frozen=True, slots=True)
class Account:
    """A member of a company who may log in."""

    role: str
    memb_email: str
    memb_pwd: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Company:
    """A company and its accounts.  Only the role `blocked` changes what the server answers."""

    id: str
    role: str
    accounts: tuple[Account, ...]

    @property
    def blocked(self) -> bool:
        """Tell whether the company may not call the API."""
        return self.role == "blocked"


@dataclass(frozen=True, slots=True)
class World:
    """Everything that the server knows before the first request.

    `language` is that of its texts where a request asks for none.
    """

    companies: tuple[Company, ...]
    language: str = PAGE_LANGUAGE

    def company(self, role: str) -> Company:
        """Return the company of a role; a world without one raises `LookupError`."""
        for company in self.companies:
            if company.role == role:
                return company
        raise LookupError(f"no company has the role {role}")

    def account(self, role: str) -> Account:
        """Return the account of a role; a world without one raises `LookupError`."""
        for company in self.companies:
            for account in company.accounts:
                if account.role == role:
                    return account
        raise LookupError(f"no account has the role {role}")


def load_world(path: Path) -> World:
    """Read a world from a file in the form of `schemas/accounts.json`.

    The schema is not applied here, because its validator would double the time the server needs to
    start; a file of another shape still ends in a `ValueError` that names it.
    """
    try:
        document = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        return World(tuple(_company(entry) for entry in document["companies"]))
    except (yaml.YAMLError, KeyError, TypeError) as problem:
        reason = " ".join(f"{type(problem).__name__}: {problem}".split())
        raise ValueError(f"{path}: not a file of accounts ({reason})") from problem


def _company(entry: dict[str, Any]) -> Company:
    accounts = tuple(_account(each) for each in entry["accounts"])
    return Company(_text(entry["id"]), _text(entry["role"]), accounts)


def _account(entry: dict[str, Any]) -> Account:
    return Account(_text(entry["role"]), _text(entry["memb_email"]), _text(entry["memb_pwd"]))


def _text(value: Any) -> str:
    # YAML reads an unquoted 12345678 as a number, and no login could ever equal it.
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} where a string belongs")
    return value
