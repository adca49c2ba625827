"""Sets up the run that the options describe, and takes down what it was given: folder, lock, server."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest

from ... import resources
from ...contract.model import GROUPS, LOAD_GROUP
from ...contract.yaml_document import ContractError
from ...files import give_room_back, keep_room
from ...i18n.catalogue import chosen_language
from ...i18n.errors import ConfigurationError
from ...i18n.message import say
from ...i18n.outside import reason_of
from ...resources import shown_path
from ...runner.folder_lock import FolderLock
from ...runner.run import Run
from ...runner.schedule.dry_run import StandIn
from ...runner.signals import end_in_order
from ...target.target import Target
from ...transport.client import Transport
from ...transport.gateway_headers import SIGN_HOOK, signing
from .contract_and_target import chosen_seed, chosen_waivers, contract_and_target, read_contract
from .state import BOX, CONTRACT, LOCK, RUN, SCRATCH
from .traffic import run_of_traffic


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Read the contract and the settings; end with exit status 4 and one message if they are wrong."""
    for name in (*GROUPS, LOAD_GROUP):
        config.addinivalue_line("markers", f"{name}: clauses of the group {name}")
    if config.option.help:
        return
    if config.option.collectonly:
        config.stash[CONTRACT] = read_contract(config)
        return
    directory = _directory(config)
    end_in_order()
    try:
        _refuse_workers(config)
        _keep_room(config, directory)
        run = (
            run_of_traffic(config, directory) if config.option.traffic else _run(config, directory)
        )
    except (ConfigurationError, ContractError) as error:
        _give_back(config, directory)
        raise pytest.UsageError(error.text(chosen_language(config.option.lang))) from None
    finally:
        if sys.exception() is not None:
            _stop_box(config)
    config.stash[CONTRACT], config.stash[RUN] = run.contract, run


def _run(config: pytest.Config, directory: Path) -> Run:
    """Return the run that the options describe, before anything is sent."""
    contract, target = contract_and_target(config)
    waivers = chosen_waivers(config, target, contract)
    run = Run(
        contract,
        target,
        chosen_seed(config),
        directory,
        depth=config.option.depth,
        max_examples=config.option.max_examples,
        fuzz_time=config.option.fuzz_time,
        fail_on=frozenset(config.option.fail_on),
        waivers=waivers,
        contract_folder=config.option.contract,
        is_one_of_many=config.option.operation is not None,
        proves_token=config.option.prove_token,
        fuzz=_fuzz,
        rehearse=_rehearse,
    )
    run.sign = signing(
        [getattr(one, SIGN_HOOK, None) for one in config.pluginmanager.get_plugins()]
    )
    return run


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the server in the box, and leave nothing of a plan."""
    _stop_box(config)
    if LOCK in config.stash:
        config.stash[LOCK].release()
    if SCRATCH in config.stash:
        config.stash[SCRATCH].cleanup()


def _fuzz(run: Run, transport: Transport) -> None:
    # Imported here, since it loads Hypothesis.
    from ...runner.fresh_fuzzing import FreshFuzzing  # noqa: PLC0415 - see the line above

    FreshFuzzing(run, transport).go()


def _rehearse(target: Target) -> StandIn:
    # Imported here, since it loads the server in the box.
    from ...tools.reference.rehearsal import Rehearsal  # noqa: PLC0415 - see the line above

    return Rehearsal(target)


def _refuse_workers(config: pytest.Config) -> None:
    # One process counts the wrong passwords of an account, so one process sends.
    if getattr(config.option, "dist", "no") != "no" or hasattr(config, "workerinput"):
        raise ConfigurationError(say("config-workers"))


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


def _keep_room(config: pytest.Config, directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
        config.stash[LOCK] = FolderLock(directory, _about(config))
        keep_room(directory)
    except OSError as error:
        where, reason = shown_path(directory), reason_of(error)
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


def _stop_box(config: pytest.Config) -> None:
    started = config.stash.get(BOX, None)
    if started is not None:
        started.stop()
        del config.stash[BOX]
