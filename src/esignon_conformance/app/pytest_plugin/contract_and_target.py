"""The contract, the target, the waivers and the seed that the options and the settings choose."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from ...contract.model import Contract
from ...contract.waiver import Waiver
from ...contract.waiver_file import read_waivers
from ...contract.yaml_document import ContractError
from ...i18n.catalogue import chosen_language
from ...i18n.errors import ConfigurationError
from ...i18n.message import say
from ...i18n.near_names import near_names
from ...runner.fuzzing.corpus import with_corpus
from ...runner.requests import contract_check
from ...runner.requests.token_header import with_token_header
from ...target.proxy import no_proxy
from ...target.settings import box_target, target_of
from ...target.stand_ins import settings_of_plan, variables_of_plan, without_locked_key
from ...target.target import Target
from ...tools.reference import process
from ...transport.client import Transport
from ...verdicts.exit_status import check_fail_on
from .state import BOX, NOTICES
from .target_options import Given, notice_lines, read_given


def contract_and_target(config: pytest.Config) -> tuple[Contract, Target]:
    """Return what is promised and who is judged by it; start the server in the box where nobody else is."""
    given = read_given(config)
    if config.option.plan:
        given = _with_stand_ins(given)
    config.stash[NOTICES] = notice_lines(given.notices, config.option.lang)
    if given.base_url is None:
        config.stash[BOX] = _started_ahead(config) or process.start()
    of_entry = given.entry.token_header if given.entry is not None else None
    wanted = config.option.token_header or of_entry
    contract = with_token_header(_contract(config, given.base_url), wanted)
    target = _target(config, given)
    Transport(target, "").close()
    if target.header_command is not None and not config.option.plan:
        target = replace(target, fetched_headers=target.header_command.fetched())
    if target.proxy is not None:
        key = "through-proxy-in-spite" if no_proxy() else "through-proxy"
        through = say(key, host=target.proxy.host, port=target.proxy.port)
        config.stash[NOTICES] += notice_lines((through,), config.option.lang)
    check_fail_on(config.option.fail_on, contract, config.option.typed_fail_on)
    _check_case(config, contract)
    return contract_of_target(contract, target), target


def _with_stand_ins(given: Given) -> Given:
    """Return what was given with made-up values for the secrets that are not: a plan needs none."""
    if given.base_url is None or given.options.accounts == "box":
        return given
    settings, missing = settings_of_plan(given.settings, given.entry)
    variables = given.variables
    if given.entry is not None:
        variables, unset = variables_of_plan(variables, given.settings, given.entry)
        missing += unset
    options, entry = without_locked_key(given.options, given.entry, given.variables)
    notices = given.notices
    if missing:
        notices += (say("plan-stand-ins", names=", ".join(missing)),)
    return replace(
        given,
        options=options,
        settings=settings,
        variables=variables,
        entry=entry,
        notices=notices,
    )


def read_contract(config: pytest.Config) -> Contract:
    """Return the contract.  Raises `pytest.UsageError` with every problem when it cannot be used."""
    try:
        return _loaded(config)
    except (ConfigurationError, ContractError) as error:
        language = chosen_language(config.option.lang)
        raise pytest.UsageError(error.text(language)) from None


def _contract(config: pytest.Config, base_url: str | None) -> Contract:
    """Return the contract that is judged by, with the frozen corpus where one was drawn for it."""
    contract = _loaded(config)
    if config.option.contract is None:
        return contract if config.option.depth in ("smoke", "quick") else with_corpus(contract)
    if base_url is None:
        raise ConfigurationError(say("contract-needs-url"))
    # What is drawn by chance is classified by the login's own clauses.
    if config.option.depth != "smoke":
        config.option.depth = "quick"
    return contract


def _loaded(config: pytest.Config) -> Contract:
    if config.option.contract is None:
        return contract_check.load()
    folder = Path(config.option.contract)
    names = sorted(path.parent.name for path in (folder / "contracts").glob("*/clauses.yaml"))
    wanted = config.option.operation
    if wanted is not None and wanted not in names:
        known = ", ".join(names) or "-"
        raise ConfigurationError(say("contract-no-operation", folder=str(folder), names=known))
    if wanted is None and len(names) > 1:
        raise ConfigurationError(
            say("contract-many-operations", folder=str(folder), names=", ".join(names))
        )
    if not names:
        raise ConfigurationError(say("contract-of-none", folder=str(folder)))
    return contract_check.load(folder, wanted or names[0])


def contract_of_target(contract: Contract, target: Target) -> Contract:
    """Return the contract that reads the target's other codes as it declares them."""
    codes = contract.codes
    for code, meant in target.accept_codes.items():
        if meant not in codes.refused or code in {codes.issued, *codes.refused}:
            known = ", ".join(sorted(codes.refused))
            raise ConfigurationError(
                say("config-accept-codes", code=code, meant=meant, known=known)
            )
    return replace(contract, codes=replace(codes, read_as=target.accept_codes))


def _target(config: pytest.Config, given: Given) -> Target:
    seed = chosen_seed(config)
    if given.base_url is not None:
        return target_of(
            *(given.options, given.settings, given.base_url, seed),
            entry=given.entry,
            variables=given.variables,
        )
    try:
        return box_target(config.stash[BOX].base_url, seed, given.options)
    except RuntimeError as error:
        raise ConfigurationError(str(error)) from error


def _started_ahead(config: pytest.Config) -> process.Box | None:
    """Return the server in the box that the command started while pytest was loaded, if it did."""
    plugins = config.pluginmanager.get_plugins()
    return next((one for one in plugins if isinstance(one, process.Box)), None)


def chosen_waivers(config: pytest.Config, target: Target, contract: Contract) -> tuple[Waiver, ...]:
    """Return the waivers of the option, or else of the target's entry."""
    file = config.option.waivers or target.waivers
    found = read_waivers(Path(file).absolute(), contract) if file is not None else ()
    # A file may waive what a load run alone judges; no other run has a word on it.
    return tuple(one for one in found if not one.clause or one.clause in contract.clauses)


def chosen_seed(config: pytest.Config) -> int:
    """Return the seed: the option, or else one by chance, the same from then on."""
    if config.option.seed is None:
        config.option.seed = random.SystemRandom().randrange(1, 2**31)
    return int(config.option.seed)


def _check_case(config: pytest.Config, contract: Contract) -> None:
    wanted = config.option.case
    if wanted is None and config.option.show:
        raise ConfigurationError(say("show-what"))
    if wanted is not None and wanted not in contract.cases:
        near = near_names(wanted, contract.cases, most=5, alike=0.3)
        raise ConfigurationError(say("no-such-case", id=wanted, near=near))
