"""The options of the suite, and the run that they and the settings describe."""

from __future__ import annotations

import difflib
import random
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from ... import resources
from ...contract.model import GROUPS, Contract
from ...contract.waiver import Waiver
from ...contract.waiver_file import read_waivers
from ...contract.yaml_document import ContractError
from ...files import give_room_back, keep_room
from ...i18n.catalogue import chosen_language
from ...i18n.errors import ConfigurationError
from ...i18n.message import say
from ...resources import shown_path
from ...runner.folder_lock import FolderLock
from ...runner.fuzzing.corpus import with_corpus
from ...runner.requests import contract_check
from ...runner.run import DEPTHS, FUZZ_TIME, MAX_EXAMPLES, Run
from ...runner.schedule.dry_run import StandIn
from ...runner.signals import end_in_order
from ...target.proxy import no_proxy
from ...target.settings import box_target, target_of
from ...target.target import Target
from ...tools.reference import process
from ...transport.client import Transport
from ...transport.gateway_headers import SIGN_HOOK, signing
from .state import BOX, CONTRACT, LOCK, NOTICES, RUN, SCRATCH
from .target_options import Given, add_target_options, notice_lines, read_given
from .workers import share_work, told_by_controller, worker_of


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the suite, and let a mistake in any be told in one line.

    pytest tells it under its own usage, which names no option, and with paths of this machine.
    """
    setattr(parser.optparser, "error", _refuse)  # noqa: B010 - a method of pytest's parser, replaced
    group = parser.getgroup("esignon-conformance")
    group.addoption(
        "--accounts",
        choices=("settings", "box"),
        default="settings",
        help="whose accounts to use: those of the settings, or the made-up ones of the server in the "
        "box (for a mock on this machine, or on a host that was allowed by name)",
    )
    add_target_options(group)
    group.addoption(
        "--fail-on",
        action="append",
        default=[],
        metavar="WHAT",
        help="what else fails the run: advisory, not-judged or a clause id (repeatable)",
    )
    group.addoption(
        "--report-dir",
        default=None,
        metavar="DIR",
        help="where everything written goes (reports/)",
    )
    group.addoption(
        "--waivers",
        default=None,
        metavar="FILE",
        help="a file of deviations that are known and borne with for a time (waivers/NAME.yaml)",
    )
    group.addoption(
        "--contract",
        default=None,
        metavar="FOLDER",
        help="a contract other than the suite's: the folder that `derive --draft` wrote",
    )
    group.addoption("--case", default=None, metavar="ID", help="send one case only")
    group.addoption(
        "--show", action="store_true", help="with --case: print the exchange, secrets masked"
    )
    group.addoption("--lang", choices=("ko", "en"), default=None, help="language of the output")
    group.addoption(
        "--seed", type=int, default=None, help="seed of made-up values and of fuzzing (random)"
    )
    group.addoption(
        "--depth",
        choices=DEPTHS,
        default="standard",
        help="quick: the cases; standard: and the frozen corpus; deep: and fresh fuzzing (standard)",
    )
    group.addoption(
        "--max-examples",
        type=int,
        default=MAX_EXAMPLES,
        metavar="N",
        help=f"deep: examples that schemathesis draws, and as many mutations ({MAX_EXAMPLES})",
    )
    group.addoption(
        "--fuzz-time",
        type=float,
        default=FUZZ_TIME,
        metavar="SECONDS",
        help=f"deep: time for drawing ({FUZZ_TIME:.0f})",
    )
    group.addoption(
        "--connect-timeout", type=float, default=5.0, metavar="SECONDS", help="limit to connect (5)"
    )
    group.addoption(
        "--answer-timeout",
        type=float,
        default=15.0,
        metavar="SECONDS",
        help="limit of an answer (15)",
    )


def _refuse(message: str) -> NoReturn:
    raise pytest.UsageError(f"{message}. `esignon-conformance run --help` names the options.")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Read the contract and the settings; end with exit status 4 and one message if they are wrong."""
    for name in GROUPS:
        config.addinivalue_line("markers", f"{name}: clauses of the group {name}")
    if config.option.help:
        return
    if config.option.collectonly:
        config.stash[CONTRACT] = read_contract(config)
        return
    directory = _directory(config)
    end_in_order(once=bool(worker_of(config)))
    try:
        _keep_room(config, directory)
        contract, target = _contract_and_target(config)
        waivers = _waivers(config, target, contract)
    except ConfigurationError as error:
        _give_back(config, directory)
        raise pytest.UsageError(error.text(chosen_language(config.option.lang))) from None
    except ContractError as error:
        _give_back(config, directory)
        raise pytest.UsageError(str(error)) from None
    finally:
        if sys.exception() is not None:
            _stop_box(config)
    config.stash[CONTRACT] = contract
    run = config.stash[RUN] = Run(
        contract,
        target,
        _seed(config),
        directory,
        depth=config.option.depth,
        max_examples=config.option.max_examples,
        fuzz_time=config.option.fuzz_time,
        fail_on=frozenset(config.option.fail_on),
        waivers=waivers,
        contract_folder=config.option.contract,
        hunt=_hunt,
        rehearse=_rehearse,
    )
    run.sign = signing(
        [getattr(one, SIGN_HOOK, None) for one in config.pluginmanager.get_plugins()]
    )
    share_work(config, run, config.stash[BOX].base_url if BOX in config.stash else "")


def _hunt(run: Run, transport: Transport) -> None:
    # Imported here, since it loads Hypothesis.
    from ...runner.hunting import Hunt  # noqa: PLC0415 - see the line above

    Hunt(run, transport).go()


def _rehearse(target: Target) -> StandIn:
    # Imported here, since it loads the server in the box.
    from ...tools.reference.rehearsal import Rehearsal  # noqa: PLC0415 - see the line above

    return Rehearsal(target)


def _directory(config: pytest.Config) -> Path:
    """Return the report folder, and let Allure write into it."""
    if config.option.plan:
        # A plan leaves no trace.
        config.stash[SCRATCH] = tempfile.TemporaryDirectory(prefix="esignon-plan-")
        directory = Path(config.stash[SCRATCH].name)
    else:
        directory = Path(config.option.report_dir or resources.reports()).absolute()
    if config.option.case is not None:
        # One case sent again leaves what the whole run wrote.
        directory /= "case"
    if config.option.allure_report_dir is None:
        config.option.allure_report_dir = str(directory / "allure-results")
    return directory


def _contract_and_target(config: pytest.Config) -> tuple[Contract, Target]:
    """Return what is promised and who is judged by it; start the server in the box where nobody else is."""
    given = read_given(config)
    config.stash[NOTICES] = notice_lines(given.notices, config.option.lang)
    if given.base_url is None and not worker_of(config):
        config.stash[BOX] = _started_ahead(config) or process.start()
    contract = _contract(config, given.base_url)
    target = _target(config, given)
    Transport(target, "").close()
    if target.header_command is not None and not config.option.plan:
        target = replace(target, fetched_headers=target.header_command.fetched())
    if target.proxy is not None:
        key = "through-proxy-in-spite" if no_proxy() else "through-proxy"
        through = say(key, host=target.proxy.host, port=target.proxy.port)
        config.stash[NOTICES] += notice_lines((through,), config.option.lang)
    _check_fail_on(config.option.fail_on, contract)
    _check_case(config, contract)
    return _with_accepted_codes(contract, target), target


def _with_accepted_codes(contract: Contract, target: Target) -> Contract:
    """Return the contract that reads the target's other codes as it declares them."""
    codes = contract.codes
    for code, meant in target.accept_codes.items():
        if meant not in codes.refused or code in {codes.issued, *codes.refused}:
            known = ", ".join(sorted(codes.refused))
            raise ConfigurationError(
                say("config-accept-codes", code=code, meant=meant, known=known)
            )
    return replace(contract, codes=replace(codes, read_as=target.accept_codes))


def read_contract(config: pytest.Config) -> Contract:
    """Return the contract.  Raises `pytest.UsageError` with every problem when it cannot be used."""
    try:
        return _loaded(config)
    except (ConfigurationError, ContractError) as error:
        raise pytest.UsageError(str(error)) from None


def _loaded(config: pytest.Config) -> Contract:
    if config.option.contract is None:
        return contract_check.load()
    folder = Path(config.option.contract)
    names = sorted(path.parent.name for path in (folder / "contracts").glob("*/clauses.yaml"))
    if len(names) != 1:
        raise ConfigurationError(
            f"--contract {folder}: the folder has to hold one operation, as contracts/NAME/clauses.yaml. "
            "`esignon-conformance derive PAGE --draft FOLDER` writes one."
        )
    return contract_check.load(folder, names[0])


def _contract(config: pytest.Config, base_url: str | None) -> Contract:
    """Return the contract that is judged by, with the frozen corpus where one was drawn for it."""
    contract = _loaded(config)
    if config.option.contract is None:
        return with_corpus(contract) if config.option.depth != "quick" else contract
    if base_url is None:
        raise ConfigurationError(
            "--contract needs a base URL: the server in the box knows no operation but the login."
        )
    # What is drawn by chance is classified by the login's own clauses.
    config.option.depth = "quick"
    return contract


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the server in the box, and leave nothing of a plan."""
    _stop_box(config)
    if LOCK in config.stash:
        config.stash[LOCK].release()
    if SCRATCH in config.stash:
        config.stash[SCRATCH].cleanup()


def _target(config: pytest.Config, given: Given) -> Target:
    seed = _seed(config)
    if given.base_url is not None:
        return target_of(
            *(given.options, given.settings, given.base_url, seed),
            entry=given.entry,
            variables=given.variables,
        )
    try:
        url = told_by_controller(config, "box") or config.stash[BOX].base_url
        return box_target(url, seed, given.options)
    except RuntimeError as error:
        raise ConfigurationError(str(error)) from error


def _seed(config: pytest.Config) -> int:
    if config.option.seed is None:
        config.option.seed = random.SystemRandom().randrange(1, 2**31)
    return int(config.option.seed)


def _check_fail_on(wanted: list[str], contract: Contract) -> None:
    for what in wanted:
        if what not in ("advisory", "not-judged") and what not in contract.clauses:
            names = ", ".join(contract.clauses)
            raise ConfigurationError(say("config-fail-on", what=what, names=names))


def _check_case(config: pytest.Config, contract: Contract) -> None:
    wanted = config.option.case
    if wanted is None and config.option.show:
        raise ConfigurationError(say("show-what"))
    if wanted is not None and wanted not in contract.cases:
        near = ", ".join(difflib.get_close_matches(wanted, contract.cases, n=5, cutoff=0.3))
        raise ConfigurationError(say("no-such-case", id=wanted, near=near))


def _keep_room(config: pytest.Config, directory: Path) -> None:
    if worker_of(config):
        return  # The process that started this one has done it.
    try:
        directory.mkdir(parents=True, exist_ok=True)
        config.stash[LOCK] = FolderLock(directory, _about(config))
        keep_room(directory)
    except OSError as error:
        where, reason = shown_path(directory), error.strerror or str(error)
        raise ConfigurationError(
            say("directory-unwritable", directory=where, reason=reason)
        ) from None


def _give_back(config: pytest.Config, directory: Path) -> None:
    """Give back what was taken of a report folder; one that another run holds is left alone."""
    if LOCK in config.stash:
        give_room_back(directory)
        config.stash[LOCK].release()


def _about(config: pytest.Config) -> str:
    """Return what a run is about, for whoever finds its folder held: what was typed of its target."""
    option = config.option
    return str(option.target or (option.base_url or "").rpartition("@")[2] or "-")


def _waivers(config: pytest.Config, target: Target, contract: Contract) -> tuple[Waiver, ...]:
    file = config.option.waivers or target.waivers
    return read_waivers(Path(file).absolute(), contract) if file is not None else ()


def _started_ahead(config: pytest.Config) -> process.Box | None:
    """Return the server in the box that the command started while pytest was loaded, if it did."""
    plugins = config.pluginmanager.get_plugins()
    return next((one for one in plugins if isinstance(one, process.Box)), None)


def _stop_box(config: pytest.Config) -> None:
    started = config.stash.get(BOX, None)
    if started is not None:
        started.stop()
        del config.stash[BOX]
