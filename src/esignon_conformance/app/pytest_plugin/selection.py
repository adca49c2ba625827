"""Which tests there are, from the contract, and what the chosen ones need."""

from __future__ import annotations

import re
from collections.abc import Generator
from pathlib import Path

import pytest

from ...checks import judged_by_case, looks_at_draws
from ...contract.model import Clause, Contract, groups_of
from ...i18n.catalogue import chosen_language, word
from ...i18n.language import Language
from ...i18n.outside import translated
from ...reports import crash_marker
from ...reports.artefacts import remove_artefacts
from ...runner.schedule.order import ordered
from .allure_writing import clean_results
from .state import CHOSEN, CONTRACT, RUN

# What pytest says of a word of `-m` that is no marker.
_UNKNOWN_MARKERS = re.compile(r"Unknown marker\(s\) in '-m' expression: (?P<names>.+)\. Use ")
# What pytest takes for one word of `-k`.
_WORD_OF_KEYWORDS = re.compile(r"[\w:+\-.\[\]\\/]+")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give `case_id` the cases that have a verdict of their own, `clause_id` the other clauses."""
    contract = metafunc.config.stash[CONTRACT]
    if "case_id" in metafunc.fixturenames:
        rows = [
            pytest.param(
                case.id, marks=getattr(pytest.mark, case.clause.partition("-")[0]), id=case.id
            )
            for case in contract.cases.values()
            if judged_by_case(contract.clauses[case.clause]) and not case.is_drawn
        ]
        metafunc.parametrize("case_id", rows)
    for name, is_wanted in (
        # Of recorded traffic some have none, and still a page in the report that says why.
        ("clause_id", lambda clause: not _is_told_by_cases(contract, clause)),
        ("draw_clause_id", looks_at_draws),
    ):
        if name in metafunc.fixturenames:
            rows = [
                pytest.param(clause.id, marks=getattr(pytest.mark, clause.group), id=clause.id)
                for clause in contract.clauses.values()
                if is_wanted(clause)
            ]
            metafunc.parametrize(name, rows)


def _is_told_by_cases(contract: Contract, clause: Clause) -> bool:
    own = contract.cases_of(clause.id)
    return judged_by_case(clause) and any(not case.is_drawn for case in own)


def case_of(item: pytest.Item) -> str:
    """Return the id of the case that a test judges, empty for a test that judges none."""
    callspec = getattr(item, "callspec", None)
    return str(callspec.params.get("case_id", "")) if callspec is not None else ""


def clause_of(item: pytest.Item, contract: Contract) -> str:
    """Return the id of the clause that a test judges, empty for a test that judges none."""
    case = contract.cases.get(case_of(item))
    callspec = getattr(item, "callspec", None)
    params = callspec.params if callspec is not None else {}
    named = str(params.get("clause_id") or params.get("draw_clause_id") or "")
    return case.clause if case is not None else named


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Say what pytest refuses of `-k`, `-m` and paths in the chosen language."""
    try:
        return (yield)
    except pytest.UsageError as error:
        language = chosen_language(session.config.option.lang)
        told = [_told(session.config, str(one), language) for one in error.args]
        raise pytest.UsageError(*told) from None


def _told(config: pytest.Config, text: str, language: Language) -> str:
    unknown = _UNKNOWN_MARKERS.match(text)
    if unknown is None or CONTRACT not in config.stash:
        return translated(text, language)
    groups = groups_of(config.stash[CONTRACT].clauses)
    return word("no-such-group", language, names=unknown["names"], groups=", ".join(groups))


def _let_keywords_name_clauses(
    config: pytest.Config, items: list[pytest.Item], ids: set[str]
) -> None:
    """Let `-k REJ-1` choose the tests of that clause, and not those of REJ-10 to REJ-17 as well.

    pytest looks for each word of the expression anywhere in the names of a test, which hold no clause.
    """
    if not any(one.upper() in ids for one in _WORD_OF_KEYWORDS.findall(config.option.keyword)):
        return
    contract = config.stash[CONTRACT]
    for item in items:
        item.extra_keyword_matches.add(_keyword(clause_of(item, contract)))

    def exact(word: re.Match[str]) -> str:
        return _keyword(word[0].upper()) if word[0].upper() in ids else word[0]

    config.option.keyword = _WORD_OF_KEYWORDS.sub(exact, config.option.keyword)


def _keyword(clause_id: str) -> str:
    return f"clause:{clause_id}:"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, object, object]:
    """Choose and order the tests before pytest goes by `-k` and `-m`, and note that it took these."""
    contract = config.stash.get(CONTRACT, None)
    if contract is not None:
        _choose(config, contract, items)
    result = yield
    config.stash[CHOSEN] = True
    return result


def _choose(config: pytest.Config, contract: Contract, items: list[pytest.Item]) -> None:
    """Put the tests in the order of the clauses; with `--case`, keep that of the case.

    Where no test is the case's own, its clause's is kept, which judges for all its cases.
    """
    # What pytest makes of a test for which there is nothing at all: recorded traffic may be of no case.
    items[:] = [item for item in items if not item.name.endswith("[NOTSET]")]
    # In the order of the clauses and, within one, of the sending, in which the plain cases come first.
    clauses = {clause_id: index for index, clause_id in enumerate(contract.clauses)}
    cases = {case.id: index for index, case in enumerate(ordered(contract.cases.values()))}
    items.sort(
        key=lambda item: (
            clauses.get(clause_of(item, contract), len(clauses)),
            cases.get(case_of(item), -1),
        )
    )
    _let_keywords_name_clauses(config, items, set(contract.clauses))
    wanted = config.option.case
    if wanted is None or RUN not in config.stash:
        return
    case = config.stash[RUN].contract.cases[wanted]
    names = {f"test_draws[{case.clause}]" if case.is_drawn else f"test_case[{wanted}]"}
    if not any(item.name in names for item in items):
        names = {f"test_clause[{case.clause}]"}
    kept = [item for item in items if item.name in names]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def pytest_collection_finish(session: pytest.Session) -> None:
    """Tell the run which cases and clauses were chosen."""
    run = session.config.stash.get(RUN, None)
    # This comes also after `-k` or `-m` was refused, where the reports of the run before are to stay.
    if run is None or not session.config.stash.get(CHOSEN, False):
        return
    chosen = [item for item in session.items if isinstance(item, pytest.Function)]
    specs = [item.callspec.params for item in chosen if hasattr(item, "callspec")]
    run.cases = frozenset(str(one["case_id"]) for one in specs if "case_id" in one)
    run.clauses = frozenset(str(one["clause_id"]) for one in specs if "clause_id" in one)
    run.draws = frozenset(str(one["draw_clause_id"]) for one in specs if "draw_clause_id" in one)
    if session.config.option.case is not None:
        run.cases |= {session.config.option.case}
        run.draws = frozenset()
    contract = run.contract
    own = {
        case.id
        for case in contract.cases.values()
        if judged_by_case(contract.clauses[case.clause]) and not case.is_drawn
    }
    rest = {
        clause.id for clause in contract.clauses.values() if not _is_told_by_cases(contract, clause)
    }
    drawn = {clause.id for clause in contract.clauses.values() if looks_at_draws(clause)}
    chosen_all = run.cases == own and run.clauses == rest and run.draws == drawn
    # Recorded traffic is never all that the suite would have sent.
    run.is_whole = chosen_all and run.traffic is None
    if session.config.option.plan:
        return
    clean_results(Path(session.config.option.allure_report_dir))
    remove_artefacts(run.report_dir)
    results = Path(session.config.option.allure_report_dir)
    try:
        crash_marker.begin(run, results, chosen_language(session.config.option.lang))
    except OSError as error:
        run.note_unwritten(error)
