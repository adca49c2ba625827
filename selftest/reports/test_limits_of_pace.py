"""A limit of the pace that nothing names as one is known by the requests before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from esignon_conformance.i18n.catalogue import word
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.reports.advice import advice_of
from esignon_conformance.reports.limits_of_pace import (
    Haste,
    come_in_stretches,
    haste_of_refusals,
    haste_of_silence,
)
from esignon_conformance.runner.run import Run
from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import conforming, fault, refusal, success
from selftest.support.written_runs import run_of

# Requests that come in crowds of many within a second, and in crowds of few.
CROWDS = [8, 30, 6, 40, 9, 25, 7, 35, 8, 8, 30, 9] * 2
LIMIT = 20


def logins(tmp_path: Path, is_refused: Callable[[int, int], bool], *accounts: str) -> Run:
    """Return a run of right logins: `is_refused` is told the place within its crowd, and of all."""
    names = accounts or ("right-login", "right-login-second")
    sent: list[Exchange] = []
    for crowd, size in enumerate(CROWDS):
        for place in range(size):
            case = names[len(sent) % len(names)]
            made = refusal(case, code="10") if is_refused(place, len(sent)) else success(case)
            sent.append(replace(made, began=10.0 * crowd + place / 100, role="login"))
    return run_of(tmp_path, sent)


def haste(run: Run) -> Haste | None:
    """Return what the finding of SUC-8 tells of the pace."""
    (finding,) = run.by_clause["SUC-8"].findings
    return haste_of_refusals(run, [run.exchanges[name] for name in finding.exchanges])


def test_logins_that_are_refused_after_many_requests_alone_tell_of_the_pace(tmp_path: Path) -> None:
    run = logins(tmp_path, lambda place, _: place >= LIMIT)
    # From the second crowd on, in which the first is refused.
    spared = sum(min(size, LIMIT) for size in CROWDS[2:])
    # The requests of the second before, this one among them.
    assert haste(run) == Haste(1, LIMIT + 1, spared)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_action_says_how_to_see_that_it_is_the_pace(tmp_path: Path, language: Language) -> None:
    run = logins(tmp_path, lambda place, _: place >= LIMIT)
    advice = advice_of(run, run.by_clause["SUC-8"])
    own = run.contract.clauses["SUC-8"].impact
    assert advice is not None
    assert own is not None
    assert "--rate 1" in advice.action[language]
    assert own.action[language] in advice.action[language]


def test_refusals_by_chance_tell_of_no_pace(tmp_path: Path) -> None:
    assert haste(logins(tmp_path, lambda _place, at: at * at % 7 == 2)) is None


def test_refusals_that_began_at_some_login_tell_of_no_pace(tmp_path: Path) -> None:
    """Less haste at the beginning of a run says nothing."""
    assert haste(logins(tmp_path, lambda _, at: (at >= 60 and at % 2 == 1) or at == 300)) is None


def test_refusals_of_one_account_tell_of_no_pace(tmp_path: Path) -> None:
    run = logins(tmp_path, lambda place, at: place >= LIMIT and at % 2 == 1)
    assert haste(run) is None


def test_refusals_that_come_after_few_requests_too_tell_of_no_pace(tmp_path: Path) -> None:
    assert haste(logins(tmp_path, lambda place, _: place >= LIMIT or place == 3)) is None


def test_recorded_traffic_tells_of_no_pace(tmp_path: Path) -> None:
    run = logins(tmp_path, lambda place, _: place >= LIMIT)
    found = [run.exchanges[one] for one in run.by_clause["SUC-8"].findings[0].exchanges]
    run.traffic = object()  # type: ignore[assignment]
    assert haste_of_refusals(run, found) is None


def test_what_is_no_refusal_by_a_code_tells_of_no_pace(tmp_path: Path) -> None:
    run = run_of(tmp_path, [conforming("right-login")])
    assert haste_of_refusals(run, run.recording.exchanges) is None
    assert haste_of_refusals(run, []) is None


def test_the_words_are_right_for_a_second_and_for_more() -> None:
    told = [
        word("action-limit-by-code", "en", seconds=one, count=9, spared=9, action="")
        for one in (1, 10)
    ]
    assert "in the second before" in told[0]
    assert "in the 10 seconds before" in told[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_requests_that_got_no_answer_after_many_alone_tell_of_the_pace(
    tmp_path: Path, language: Language
) -> None:
    """HAProxy's `silent-drop` in front, which lets whoever is slow enough through."""
    run = silent(tmp_path, lambda place: place >= LIMIT and place % 3 == 0)
    advice = advice_of(run, run.by_clause["ENV-10"])
    assert advice is not None
    assert "silent-drop" in advice.action[language]


def test_requests_that_got_no_answer_at_any_pace_tell_of_none(tmp_path: Path) -> None:
    run = silent(tmp_path, lambda place: place % 6 == 1)
    advice = advice_of(run, run.by_clause["ENV-10"])
    assert advice is not None
    assert "silent-drop" not in advice.action["en"]


def silent(tmp_path: Path, is_silent: Callable[[int], bool], *, one_kind: bool = False) -> Run:
    """Return a run in crowds in which nothing came to some requests, by their places in these.

    With `one_kind` these are none of right logins.
    """
    sent: list[Exchange] = []
    for crowd, size in enumerate(CROWDS):
        for place in range(size):
            case = ("unknown-email", "right-login")[len(sent) % 2]
            if one_kind:
                case = "unknown-email" if is_silent(place) else "right-login"
            made = fault(case, "timed-out") if is_silent(place) else conforming(case)
            sent.append(replace(made, began=10.0 * crowd + place / 100))
    return run_of(tmp_path, sent)


def test_silence_to_one_kind_of_request_tells_of_no_pace(tmp_path: Path) -> None:
    run = silent(tmp_path, lambda place: place >= LIMIT and place % 2 == 0, one_kind=True)
    advice = advice_of(run, run.by_clause["ENV-10"])
    assert advice is not None
    assert "silent-drop" not in advice.action["en"]


def test_an_answer_is_no_silence(tmp_path: Path) -> None:
    run = logins(tmp_path, lambda place, _at: place >= LIMIT)
    (finding,) = run.by_clause["SUC-8"].findings
    refused = [run.exchanges[name] for name in finding.exchanges]
    assert haste_of_refusals(run, refused) is not None
    assert haste_of_silence(run, refused) is None
    assert haste_of_silence(run, []) is None


def steadily(tmp_path: Path, is_refused: Callable[[int], bool]) -> Run:
    """Return a run of right logins of two accounts, fifty in each second."""
    sent: list[Exchange] = []
    for at in range(400):
        case = ("right-login", "right-login-second")[at % 2]
        made = refusal(case, code="10") if is_refused(at) else success(case)
        sent.append(replace(made, began=at / 50, role="login"))
    return run_of(tmp_path, sent)


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_in_stretches_tell_of_a_limit_in_each_second(
    tmp_path: Path, language: Language
) -> None:
    """express-rate-limit lets the first thirty of each second in, whoever sends fifty all the time."""
    run = steadily(tmp_path, lambda at: at % 50 >= 30)
    assert haste(run) is None
    advice = advice_of(run, run.by_clause["SUC-8"])
    own = run.contract.clauses["SUC-8"].impact
    assert advice is not None
    assert own is not None
    told = word("action-in-stretches", language, action=own.action[language])
    assert advice.action[language] == told


@pytest.mark.parametrize(
    "is_refused",
    [
        lambda at: at % 7 == 3,
        lambda at: (at * 2654435761 >> 16) % 5 == 0,
        lambda at: at >= 60 and at % 2 == 1,
        lambda at: at >= 200,
        lambda at: at % 50 >= 30 and at % 2 == 0,
    ],
    ids=["every seventh", "by chance", "every other", "for good", "one account"],
)
def test_other_refusals_tell_of_no_limit(tmp_path: Path, is_refused: Callable[[int], bool]) -> None:
    run = steadily(tmp_path, is_refused)
    shown = [run.exchanges[one] for one in run.by_clause["SUC-8"].findings[0].exchanges]
    assert not come_in_stretches(run, shown)
