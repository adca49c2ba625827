"""The run of `judge`: what others recorded is judged, by the accounts of the settings if there are any."""

from __future__ import annotations

from pathlib import Path

import pytest

from ...i18n.errors import ConfigurationError
from ...i18n.message import say
from ...load.plan import read_accounts
from ...recording.traffic import Traffic
from ...resources import shown_path
from ...runner.run import Run
from ...target.accounts import accounts_of, box_accounts, refuse_alike
from ...target.labels import labels_of
from ...target.settings import ignored_settings, named_by
from ...target.target import (
    Account,
    Target,
    checked_base_url,
    made_up_account,
    unknown_company,
)
from ...tools.traffic.login_request import KnownAccounts
from ...tools.traffic.operation_path import OperationPath
from ...tools.traffic.run import TrafficJudge, traffic_run
from ...verdicts.exit_status import check_fail_on
from .contract_and_target import (
    chosen_seed,
    chosen_waivers,
    contract_of_target,
    read_contract,
)
from .state import NOTICES
from .target_options import Given, notice_lines, read_given

# Where the files hold no request that says which server was asked.
_NOWHERE = "http://traffic.invalid"


def add_traffic_options(group: pytest.OptionGroup) -> None:
    """Add the options of `judge`."""
    group.addoption(
        "--traffic",
        action="append",
        default=[],
        metavar="FILE",
        help="judge recorded traffic and send nothing; `judge FILE` gives this (repeatable)",
    )
    group.addoption(
        "--base-path",
        default="",
        metavar="PATH",
        help="with recorded traffic: what stands before /api in the paths",
    )
    group.addoption(
        "--load-accounts", metavar="FILE", help="with recorded traffic: more accounts, as CSV"
    )
    group.addoption(
        "--accounts-are-all",
        action="store_true",
        help="with recorded traffic: there are no accounts and companies but those of the settings",
    )


def run_of_traffic(config: pytest.Config, directory: Path) -> Run:
    """Return a run with the verdicts on recorded traffic.  Raises `ConfigurationError`."""
    given, option = read_given(config), config.option
    config.stash[NOTICES] = notice_lines(given.notices, option.lang)
    contract, seed = read_contract(config), chosen_seed(config)
    if any(Path(one).is_socket() for one in option.traffic):
        contract = contract.under_load()
    check_fail_on(option.fail_on, contract, option.typed_fail_on)
    accounts = _accounts(given)
    if option.accounts_are_all and not accounts:
        raise ConfigurationError(say("config-no-accounts"))
    more = read_accounts(Path(option.load_accounts)) if option.load_accounts else {}
    path = OperationPath(contract.operation, _base_path(option.base_path))
    target = _target(given, accounts, seed)
    waivers = chosen_waivers(config, target, contract)
    judge = TrafficJudge(
        contract=contract_of_target(contract, target),
        target=target,
        path=path,
        known=KnownAccounts({**accounts, **more}, option.accounts_are_all),
        traffic=Traffic(tuple(shown_path(Path(one)) for one in option.traffic)),
    )
    return traffic_run(
        judge,
        [Path(one) for one in option.traffic],
        directory,
        seed,
        waivers=waivers,
        fail_on=frozenset(option.fail_on),
    )


def _accounts(given: Given) -> dict[str, Account]:
    """Return the accounts of the settings; none where they name none."""
    if given.options.accounts == "box":
        return box_accounts()
    if given.entry is None and not ignored_settings(given.settings):
        return {}
    accounts = accounts_of(given.settings, given.entry, given.variables)
    refuse_alike(accounts)
    return accounts


def _target(given: Given, accounts: dict[str, Account], seed: int) -> Target:
    entry = given.entry
    return Target(
        base_url=_NOWHERE,
        kind="traffic",
        accounts={**accounts, "made-up": made_up_account("", seed)},
        unknown_company=unknown_company(seed),
        name=entry.name if entry is not None else "",
        accounts_of_the_box=given.options.accounts == "box",
        named_by=_named(given),
        waivers=entry.waivers if entry is not None else None,
        accept_codes=entry.accept_codes if entry is not None else {},
        p95_ms=entry.p95_ms if entry is not None else {},
        labels=labels_of(given.options.labels),
    )


def _named(given: Given) -> str:
    """Return the options that name the target of targets.toml again; none where there is none."""
    entry = given.entry
    if entry is None:
        return ""
    return named_by(given.options, entry, checked_base_url(entry.base_url))


def _base_path(text: str) -> str:
    path = text.strip().rstrip("/")
    if path and (not path.startswith("/") or path.endswith("/api") or "?" in path):
        raise ConfigurationError(say("config-base-path", path=path))
    return path
