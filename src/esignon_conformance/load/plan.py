"""Which server a load run asks, with whose logins and how fast: read by every process of it alike."""

from __future__ import annotations

import csv
import json
import math
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ..i18n.errors import ConfigurationError
from ..i18n.message import say
from ..i18n.outside import reason_of
from ..redaction.secret import Secret
from ..resources import shown_path
from ..target.accounts import REQUIRED
from ..target.environment import PREFIX, check_spelling, read_variables
from ..target.host_policy import check_host
from ..target.settings import Options, base_url_of, known_names, read_settings, target_of
from ..target.target import Account, Target
from ..target.targets_file import chosen_file, entry_named

# Where the command leaves its options for Locust's processes: no secret stands in it.
VARIABLE = "CONFORMANCE_LOAD"
# Accounts whose right logins are sent; the blocked one's is refused.
_LET_IN = ("main", "second", "other")


@dataclass(frozen=True)
class LoadOptions:
    """What the command line says of a load run.

    `socket` is the path on which the judge listens, empty where nobody judges.
    """

    base_url: str | None = None
    target: str | None = None
    targets_file: str | None = None
    accounts: str | None = None
    load_accounts: str | None = None
    allow_host: tuple[str, ...] = ()
    ca_bundle: str | None = None
    answer_timeout: float = 15.0
    rate: float | None = None
    requests: int | None = None
    processes: int = 1
    seed: int = 0
    socket: str = ""

    def as_text(self) -> str:
        """Return the options for the environment of other processes."""
        return json.dumps(asdict(self))


def options_of(variables: Mapping[str, str] = os.environ) -> LoadOptions:
    """Return the options that the command left; none where Locust was started by itself."""
    given = json.loads(variables.get(VARIABLE, "{}"))
    return LoadOptions(**{**given, "allow_host": tuple(given.get("allow_host", ()))})


@dataclass(frozen=True)
class LoadPlan:
    """A target, the accounts that log in to it, and the share of one process of rate and requests."""

    target: Target
    accounts: tuple[Account, ...]
    interval: float
    most_requests: int | None


def plan_of(options: LoadOptions) -> LoadPlan:
    """Return what a load run sends where.  Raises `ConfigurationError`."""
    _check_numbers(options)
    variables = read_variables()
    name = options.target or variables.value(f"{PREFIX}TARGET")
    file = chosen_file(options.targets_file)
    entry = entry_named(name, file) if name else None
    check_spelling(variables, known_names([entry] if entry else []))
    settings = read_settings(variables)
    limits = {"requests_per_second": options.rate, "requests": options.requests}
    given = Options(
        base_url=options.base_url,
        accounts=options.accounts,
        allow_host=options.allow_host,
        answer_timeout=options.answer_timeout,
        limits={key: value for key, value in limits.items() if value is not None},
        ca_bundle=options.ca_bundle or variables.value(f"{PREFIX}CA_BUNDLE"),
    )
    base_url = base_url_of(given, settings, entry)
    if base_url is None:
        raise ConfigurationError(say("load-no-target"))
    target = target_of(given, settings, base_url, options.seed, entry=entry, variables=variables)
    target = replace(target, p95_ms=entry.p95_ms if entry is not None else {})
    check_host(target)
    _refuse_production(target)
    own = {name: target.accounts[name] for name in _LET_IN if name in target.accounts}
    accounts = tuple(
        read_accounts(Path(options.load_accounts)).values()
        if options.load_accounts
        else own.values()
    )
    rate, most = target.limits.requests_per_second, target.limits.requests
    if most is not None and most < options.processes:
        raise ConfigurationError(say("load-more-processes", requests=most))
    return LoadPlan(
        target,
        accounts,
        interval=options.processes / rate if rate else 0.0,
        most_requests=most // options.processes if most is not None else None,
    )


def _check_numbers(options: LoadOptions) -> None:
    """Refuse a limit that is none: a rate of 0 would send as fast as it can, wherever to."""
    given = {
        "--rate": options.rate,
        "--max-requests": options.requests,
        "--answer-timeout": options.answer_timeout,
    }
    for name, number in given.items():
        # NaN is not above anything.
        if number is not None and not 0 < number < math.inf:
            raise ConfigurationError(say("number-above", text=f"{name} {number:g}", above=0))


def check_run_time(plan: LoadPlan, seconds: int | None) -> None:
    """Refuse a time to send that is longer than the target allows.  Raises `ConfigurationError`."""
    most = int(plan.target.limits.max_time)
    if seconds and seconds > most:
        raise ConfigurationError(say("load-too-long", seconds=seconds, most=most))


def _refuse_production(target: Target) -> None:
    """Refuse the vendor's production service, whatever was allowed; and what load does not send."""
    if target.is_production:
        raise ConfigurationError(say("load-production", host=target.parts.hostname or ""))
    if target.client_certificate or target.header_command or target.proxy:
        raise ConfigurationError(say("load-cannot-send"))


def read_accounts(file: Path) -> dict[str, Account]:
    """Return the accounts of a file by name.  Raises `ConfigurationError`, which names no value."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            found = dict(_accounts(csv.DictReader(opened), file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = reason_of(error)
        raise ConfigurationError(
            say("load-accounts-file", file=shown_path(file), reason=reason)
        ) from None
    if not found:
        raise ConfigurationError(say("load-accounts-none", file=shown_path(file)))
    return found


def _accounts(rows: csv.DictReader[str], file: Path) -> Iterator[tuple[str, Account]]:
    lacking = [name for name in REQUIRED if name not in (rows.fieldnames or REQUIRED)]
    if lacking:
        names = ", ".join(lacking)
        raise ConfigurationError(say("load-accounts-head", file=shown_path(file), names=names))
    lines: dict[tuple[str, str], int] = {}
    for row in rows:
        company, email, password = (row.get(name) or "" for name in REQUIRED)
        if not (company and email and password):
            raise ConfigurationError(
                say("load-accounts-row", file=shown_path(file), line=rows.line_num)
            )
        first = lines.setdefault((company, email), rows.line_num)
        if first != rows.line_num:
            # One of two passwords would be wrong, and no real account ever gets a wrong one.
            raise ConfigurationError(
                say("load-accounts-twice", file=shown_path(file), line=rows.line_num, first=first)
            )
        yield f"load-{rows.line_num - 1}", Account(company, Secret(email), Secret(password))
