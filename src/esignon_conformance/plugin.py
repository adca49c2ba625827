"""The pytest plugin: options, parametrization from the contract, verdicts into reports and status."""

from __future__ import annotations

import difflib
import random
from collections.abc import Generator
from pathlib import Path

import pytest

from . import box
from .allure_results import clean_results, label_item, remove_fixture_containers
from .checks import judged_by_case
from .contract import loading
from .contract.model import GROUPS, Contract
from .contract.yaml_document import ContractError
from .outcome_of_test import OUTCOME
from .run import Run, write_json
from .settings import Options, base_url_of, box_target, ignored_settings, read_settings, target_of
from .showing import shown_exchanges
from .statement import statement
from .summary import lines, target_line
from .target import ConfigurationError, Target
from .transport import Transport
from .verdict import exit_status
from .wording import chosen_language, word

RUN = pytest.StashKey[Run]()
CONTRACT = pytest.StashKey[Contract]()
_BOX = pytest.StashKey[box.Box]()
_NOTICES = pytest.StashKey[list[str]]()
_STATUS = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the suite."""
    group = parser.getgroup("esignon-conformance")
    group.addoption(
        "--accounts",
        choices=("settings", "box"),
        default="settings",
        help="whose accounts to use: those of the settings, or the made-up ones of the server in the "
        "box (for a mock on this machine)",
    )
    group.addoption(
        "--allow-host",
        action="append",
        default=[],
        metavar="HOST",
        help="a host other than this machine that may be tested (repeatable)",
    )
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
    group.addoption("--case", default=None, metavar="ID", help="send one case only")
    group.addoption(
        "--show", action="store_true", help="with --case: print the exchange, secrets masked"
    )
    group.addoption("--lang", choices=("ko", "en"), default=None, help="language of the output")
    group.addoption("--seed", type=int, default=None, help="seed of the made-up values (random)")
    group.addoption(
        "--connect-timeout", type=float, default=5.0, metavar="SECONDS", help="limit to connect (5)"
    )
    group.addoption(
        "--answer-timeout", type=float, default=15.0, metavar="SECONDS", help="limit of an answer (15)"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Read the contract and the settings; end with exit status 4 and one message if they are wrong."""
    for name in GROUPS:
        config.addinivalue_line("markers", f"{name}: clauses of the group {name}")
    if config.option.help:
        return
    if config.option.collectonly:
        config.stash[CONTRACT] = _read_contract()
        return
    directory = Path(config.option.report_dir or config.rootpath / "reports").absolute()
    if config.option.allure_report_dir is None:
        config.option.allure_report_dir = str(directory / "allure-results")
    contract = _read_contract()
    try:
        target = _target(config)
        Transport(target, "").close()
        _check_fail_on(config.option.fail_on, contract)
        _check_case(config, contract)
    except ConfigurationError as error:
        _stop_box(config)
        raise pytest.UsageError(str(error)) from None
    config.stash[CONTRACT] = contract
    config.stash[RUN] = Run(contract, target, _seed(config), directory)


def _read_contract() -> Contract:
    try:
        return loading.load()
    except ContractError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the server in the box."""
    _stop_box(config)


def _target(config: pytest.Config) -> Target:
    option = config.option
    options = Options(
        base_url=option.base_url,
        accounts=option.accounts,
        allow_host=tuple(option.allow_host),
        connect_timeout=option.connect_timeout,
        answer_timeout=option.answer_timeout,
    )
    settings = read_settings()
    base_url = base_url_of(options, settings)
    notices = config.stash.setdefault(_NOTICES, [])
    if base_url is not None:
        return target_of(options, settings, base_url, _seed(config))
    ignored = ignored_settings(settings)
    if ignored:
        language = chosen_language(option.lang)
        notices.append(word("box-ignores", language, names=", ".join(ignored)))
    started = box.start()
    config.stash[_BOX] = started
    try:
        return box_target(started.base_url, _seed(config), options)
    except RuntimeError as error:
        raise ConfigurationError(str(error)) from error


def _seed(config: pytest.Config) -> int:
    if config.option.seed is None:
        config.option.seed = random.SystemRandom().randrange(1, 2**31)
    return int(config.option.seed)


def _check_fail_on(wanted: list[str], contract: Contract) -> None:
    for what in wanted:
        if what not in ("advisory", "not-judged") and what not in contract.clauses:
            raise ConfigurationError(
                f"--fail-on {what}: there is no such clause. It takes advisory, not-judged or one "
                f"of {', '.join(contract.clauses)}"
            )


def _check_case(config: pytest.Config, contract: Contract) -> None:
    wanted = config.option.case
    if wanted is not None and wanted not in contract.cases:
        near = ", ".join(difflib.get_close_matches(wanted, contract.cases, n=5, cutoff=0.3))
        language = chosen_language(config.option.lang)
        raise ConfigurationError(word("no-such-case", language, id=wanted, near=near))


def _stop_box(config: pytest.Config) -> None:
    started = config.stash.get(_BOX, None)
    if started is not None:
        started.stop()
        del config.stash[_BOX]


def _contract(config: pytest.Config) -> Contract:
    if CONTRACT not in config.stash:
        config.stash[CONTRACT] = loading.load()
    return config.stash[CONTRACT]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give `case_id` the cases that have a verdict of their own, `clause_id` the other clauses."""
    contract = _contract(metafunc.config)
    if "case_id" in metafunc.fixturenames:
        rows = [
            pytest.param(case.id, marks=getattr(pytest.mark, case.clause.partition("-")[0]), id=case.id)
            for case in contract.cases.values()
            if judged_by_case(contract.clauses[case.clause])
        ]
        metafunc.parametrize("case_id", rows)
    if "clause_id" in metafunc.fixturenames:
        metafunc.parametrize(
            "clause_id",
            [
                pytest.param(clause.id, marks=getattr(pytest.mark, clause.group), id=clause.id)
                for clause in contract.clauses.values()
                if not judged_by_case(clause)
            ],
        )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--case`, keep the test of that case, or of its clause where that judges for all."""
    wanted = config.option.case
    if wanted is None or RUN not in config.stash:
        return
    names = {f"test_case[{wanted}]"}
    if not any(item.name in names for item in items):
        names = {f"test_clause[{config.stash[RUN].contract.cases[wanted].clause}]"}
    kept = [item for item in items if item.name in names]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def pytest_collection_finish(session: pytest.Session) -> None:
    """Tell the run which cases and clauses were chosen."""
    run = session.config.stash.get(RUN, None)
    if run is None:
        return
    chosen = [item for item in session.items if isinstance(item, pytest.Function)]
    specs = [item.callspec.params for item in chosen if hasattr(item, "callspec")]
    run.cases = frozenset(one["case_id"] for one in specs if "case_id" in one)
    run.clauses = frozenset(one["clause_id"] for one in specs if "clause_id" in one)
    if session.config.option.case is not None:
        run.cases |= {session.config.option.case}
    contract = run.contract
    own = {case.id for case in contract.cases.values() if judged_by_case(contract.clauses[case.clause])}
    rest = {clause.id for clause in contract.clauses.values() if not judged_by_case(clause)}
    clean_results(Path(session.config.option.allure_report_dir))
    run.is_whole = run.cases == own and run.clauses == rest


@pytest.fixture(scope="session")
def conformance(request: pytest.FixtureRequest) -> Run:
    """Return the run that every test asks for its verdict."""
    return request.config.stash[RUN]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Give the Allure result of an item its labels, whatever the item comes to."""
    run = item.config.stash.get(RUN, None)
    if run is not None:
        label_item(item, run, chosen_language(item.config.option.lang))
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Say in the first line what is tested, however quiet pytest is."""
    config = session.config
    run, reporter = config.stash.get(RUN, None), config.pluginmanager.get_plugin("terminalreporter")
    if run is None or reporter is None:
        return
    if reporter.isatty:
        run.progress = lambda done, all_of_them: reporter.rewrite(f"{done}/{all_of_them}", erase=True)
    language = chosen_language(config.option.lang)
    for line in [target_line(run, language), *config.stash.get(_NOTICES, []), f"seed {run.seed}"]:
        reporter.write_line(line)


def pytest_report_teststatus(
    report: pytest.TestReport, config: pytest.Config
) -> tuple[str, str, str] | None:
    """Print no letter a test for `esignon-conformance run`, whose last screen says it better."""
    if config.option.verbose >= -1 or (report.when != "call" and report.passed):
        return None
    category = "xfailed" if hasattr(report, "wasxfail") else report.outcome
    return category, "", ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember an exception of ours: it is an internal error and never a finding."""
    report = yield
    failed = call.excinfo is not None and report.failed
    if failed and not call.excinfo.errisinstance(pytest.fail.Exception):
        item.config.stash[OUTCOME] = True
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the statement, and take the exit status from the verdicts."""
    config = session.config
    run = config.stash.get(RUN, None)
    if run is None or exitstatus == pytest.ExitCode.USAGE_ERROR:
        return
    if session.items and not run.cases and not run.clauses:
        return  # Other tests than the suite's own, collected beside its conftest.py.
    run.internal_error |= exitstatus == pytest.ExitCode.INTERNAL_ERROR or config.stash.get(OUTCOME, False)
    run.interrupted |= exitstatus == pytest.ExitCode.INTERRUPTED
    try:
        _ = run.verdicts
    except Exception as error:  # noqa: BLE001 - whatever it is, the statement is written, with status 3
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_line(run.scrubber.scrub(f"{type(error).__name__}: {error}"))
        run.give_up()
    language = chosen_language(config.option.lang)
    status = exit_status(
        run.verdicts,
        frozenset(config.option.fail_on),
        interrupted=run.interrupted,
        internal_error=run.internal_error,
        gone=run.gone,
    )
    write_json(run.report_dir / "statement.json", statement(run, status, language))
    remove_fixture_containers(Path(config.option.allure_report_dir))
    config.stash[_STATUS] = status
    session.exitstatus = status


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """End with the verdict, the table, the failed clauses in words and the paths."""
    run = config.stash.get(RUN, None)
    if run is None or _STATUS not in config.stash:
        return
    language = chosen_language(config.option.lang)
    paths = [_shown(run.report_dir / "statement.json"), _shown(run.report_dir / "allure-results")]
    terminalreporter.ensure_newline()
    if config.option.show and config.option.case:
        for line in shown_exchanges(run, config.option.case, language):
            terminalreporter.write_line(line)
    for line in lines(run, config.stash[_STATUS], language, paths):
        terminalreporter.write_line(line)


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
