"""Where the body of a refused request was left on the connection, the action says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.reports.advice import advice_of
from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import conforming, page, refusal, with_answer
from selftest.support.written_runs import run_of

HTML = ("Content-Type", "text/html;charset=utf-8")
WORDS = {"en": "to its end", "ko": "끝까지 읽거나"}


def refused(case: str, status: int, connection: int = 7) -> Exchange:
    """Return a refusal with the envelope, over a status of an error, on a connection that is kept."""
    return replace(with_answer(refusal(case), status=status), connection=connection)


def bad_request(connection: int = 7) -> Exchange:
    """Return the page for what is no HTTP, got by a right login."""
    body = b"<html><p>Error code: 400</p></html>"
    found = with_answer(page("right-login", 400), headers=(HTML,), body=body)
    return replace(found, connection=connection)


def action(tmp_path: Path, *exchanges: Exchange, language: Language = "en") -> str:
    """Return what is to be done about ENV-1."""
    first = [conforming("right-login"), conforming("right-login-second")]
    rows = [replace(one, id=f"e{at}") for at, one in enumerate([*first, *exchanges], 1)]
    run = run_of(tmp_path, rows)
    verdict = next(one for one in run.verdicts if one.clause == "ENV-1")
    assert verdict.findings
    found = advice_of(run, verdict)
    assert found is not None
    return found.action[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bad_request_after_a_refused_body_is_what_was_left_of_it(
    tmp_path: Path, language: Language
) -> None:
    said = action(tmp_path, refused("media-type-xml", 415), bad_request(), language=language)
    assert WORDS[language] in said


def test_on_another_connection_nothing_was_left(tmp_path: Path) -> None:
    said = action(tmp_path, refused("media-type-xml", 415), bad_request(connection=8))
    assert WORDS["en"] not in said


def test_after_an_answer_over_200_nothing_says_that_a_body_was_left(tmp_path: Path) -> None:
    turn = (refused("media-type-xml", 200), bad_request())
    assert WORDS["en"] not in action(tmp_path, *turn)
    # It is no chance where there are three, and none that came otherwise (SWI-Prolog's server).
    assert WORDS["en"] in action(tmp_path / "often", *turn * 3)
    right = replace(conforming("right-login"), connection=7)
    assert WORDS["en"] not in action(tmp_path / "right", *turn * 2, right, bad_request())


def test_where_one_answer_came_otherwise_the_usual_action_stays(tmp_path: Path) -> None:
    left = [refused("media-type-xml", 415), bad_request()]
    said = action(tmp_path, *left, replace(bad_request(), connection=9))
    assert WORDS["en"] not in said
