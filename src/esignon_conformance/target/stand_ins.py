"""What stands in a plan for settings that are not at hand: who plans a run need not have its secrets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from .accounts import GROUPS, REQUIRED
from .environment import PREFIX, Variables
from .settings import Options, Settings
from .targets_file import TargetEntry

# Long enough, and with letters and digits, so that each variant of a password can be made of it.
_PASSWORD = "Plan-{name}-7431"  # noqa: S105 - made up, and never sent
_EMAIL = "{name}@plan.invalid"
_COMPANY = "plan-{name}"


def settings_of_plan(
    settings: Settings, entry: TargetEntry | None
) -> tuple[Settings, tuple[str, ...]]:
    """Return settings in which accounts are whole, and the names of those that were not given.

    Of the optional groups those are made whole of which a part is given.
    """
    wanted: Mapping[str, Collection[str]] = {"main": REQUIRED if entry is None else (), **GROUPS}
    made_up: dict[str, str] = {}
    for account, names in wanted.items():
        is_asked = account == "main" or any(settings.value(name) for name in names)
        for name in names if is_asked else ():
            if not settings.value(name):
                made_up[name] = _stand_in(name, account)
    missing = tuple(f"{PREFIX}{name.upper()}" for name in made_up)
    return Settings({**settings.values, **made_up}), missing


def variables_of_plan(
    variables: Variables, settings: Settings, entry: TargetEntry
) -> tuple[Variables, tuple[str, ...]]:
    """Return variables that hold what an entry of `targets.toml` names, and the names of those unset."""
    made_up = {
        name: value
        for name, value in _named_by(entry, settings)
        if not (variables.value(name) or "")
    }
    filled = {name.upper(): value for name, value in made_up.items()}
    return replace(variables, values={**variables.values, **filled}), tuple(made_up)


def _named_by(entry: TargetEntry, settings: Settings) -> Iterator[tuple[str, str]]:
    for account, members in entry.accounts.items():
        if settings.value("memb_email" if account == "main" else f"{account}_memb_email"):
            continue  # The settings give this account.
        for member in ("memb_email", "memb_pwd"):
            yield members[member], _stand_in(member, account)
    for variable in entry.headers.values():
        yield variable, "plan"


def _stand_in(name: str, account: str) -> str:
    form = _EMAIL if name.endswith("email") else _PASSWORD if name.endswith("pwd") else _COMPANY
    return form.format(name=account)


def without_locked_key(
    options: Options, entry: TargetEntry | None, variables: Variables
) -> tuple[Options, TargetEntry | None]:
    """Leave a client certificate out whose key is locked while its password is not at hand."""
    variable = (entry.client_key_password if entry else None) or f"{PREFIX}CLIENT_KEY_PASSWORD"
    certificate = options.client_cert or (entry.client_cert if entry else None)
    key = options.client_key or (entry.client_key if entry else None) or certificate
    if key is None or variables.value(variable) or not _is_locked(Path(key)):
        return options, entry
    bare = replace(options, client_cert=None, client_key=None)
    return bare, None if entry is None else replace(entry, client_cert=None, client_key=None)


def _is_locked(key: Path) -> bool:
    try:
        return b"ENCRYPTED" in key.read_bytes()
    except OSError:
        return False
