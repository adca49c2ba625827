"""A load run in the report: its first lines, its picture, its tables, how it is seen again, `diff`."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from esignon_conformance import resources
from esignon_conformance.app.cli.diff import diff
from esignon_conformance.i18n.catalogue import word
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.reports.allure_environment import environment
from esignon_conformance.reports.artefacts.badge import badge
from esignon_conformance.reports.artefacts.step_summary import step_summary
from esignon_conformance.reports.final_screen import lines
from esignon_conformance.reports.finding_html import letter_page
from esignon_conformance.reports.header_html import verdict_section
from esignon_conformance.reports.load_chart import load_svg, round_up
from esignon_conformance.reports.load_tables import load_of
from esignon_conformance.reports.paper import paper
from esignon_conformance.reports.statement import statement
from esignon_conformance.reports.statement_diff import Statement, compare
from esignon_conformance.reports.title import report_title
from esignon_conformance.runner.run import Run
from esignon_conformance.tools.traffic.load_frames import Sent
from selftest.support.archives import verdict
from selftest.support.exchanges import contract
from selftest.support.load_runs import box, judged_load, logins, sent

_OF_A_FILE = re.compile(r"in the file|[Rr]ecorded (?:body|login|traffic|right)|파일에|기록된")


def _rows(*, hangs: int = 0) -> list[Sent]:
    served = box()
    found = []
    for number, one in enumerate(logins(200)):
        hung = {"fault": "timed-out", "status": 0, "answer_body": b""} if number < hangs else {}
        seconds = 2.0 if hung else 0.02
        found.append(sent(one, number * 0.05, seconds, served, **hung))
    return found


@pytest.fixture(scope="module")
def hung(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a load run in which 20 of 200 requests had no answer, and the budget was missed."""
    busy = [{"say": "strain", "at": 1_700_000_003.5, "cpu": 0.97, "late_ms": 3.0}]
    folder = tmp_path_factory.mktemp("hung")
    return judged_load(folder, _rows(hangs=20), budget={"right": 10.0}, told=busy, users=24)


def _document(run: Run, language: Language = "en") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(statement(run, 1, language)))
    return found


def test_the_statement_of_a_load_run_fits_its_schema(hung: Run) -> None:
    schema = json.loads((resources.schemas() / "statement.json").read_text(encoding="utf-8"))
    document = _document(hung)
    jsonschema.Draft202012Validator(schema).validate(document)
    assert document["depth"] == "load"
    matrix = json.loads((resources.schemas() / "matrix.json").read_text(encoding="utf-8"))
    targets = matrix["properties"]["targets"]["items"]["properties"]
    assert targets["depth"]["enum"] == schema["properties"]["depth"]["enum"]
    load = document["traffic"]["load"]
    assert load["sender"]["busy_seconds"] == 2
    assert [one["came_to"] for one in load["budget"]] == ["over"]
    assert sum(one["requests"] for one in load["timeline"]) == 200
    assert "limits" not in document


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [None, 60])
def test_the_last_screen_begins_with_the_latency_of_the_load(
    hung: Run, language: Language, width: int | None
) -> None:
    told = [line.text for line in lines(hung, 1, language, (), width=width)]
    # The command has said in its own first line what the load was.
    head = {"en": "users 24, processes 1", "ko": "사용자 24명, 프로세스 1개"}[language]
    assert not any(head in one for one in told)
    timed_out = {"en": "timed out", "ko": "시간 초과"}[language]
    assert any(timed_out in one for one in told[3:14])
    text = "\n".join(told)
    assert "load --base-url http://127.0.0.1:9 --users 24" in text
    assert "--case traffic-" not in text
    assert not _OF_A_FILE.search(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_says_what_was_measured_and_no_seed_or_depth(
    hung: Run, language: Language
) -> None:
    told = step_summary(hung, 1, language, {})
    assert re.search(r"\| 2000 \| 2000 \| 2000 \| 2000 \|", told)
    assert {"en": "Budget of right login: 10 ms", "ko": "올바른 로그인의 기준 10 ms"}[
        language
    ] in told
    assert not _OF_A_FILE.search(told)
    assert not re.search(r"seed|시드", told.splitlines()[-1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_a_load_run_as_one_on_screen_and_on_paper(
    hung: Run, language: Language, tmp_path: Path
) -> None:
    document = _document(hung, language)
    (tmp_path / "statement.json").write_text(json.dumps(document), encoding="utf-8")
    load_word = {"en": "load run", "ko": "부하 실행"}[language]
    title = report_title(document, language)
    assert title.endswith(load_word)
    of_load = contract().under_load()
    section = verdict_section(document, of_load, (), language)
    printed = paper(tmp_path, document, of_load, title, language)
    for page in (section, printed):
        assert 'class="p95"' in page
        assert "LOAD-1" in page
        assert not _OF_A_FILE.search(page)
    told = dict(environment(document, language))
    assert str(document["seed"]) not in told.values()
    assert any("24" in one for one in told.values())


@pytest.mark.parametrize(("language", "said"), [("en", "load run"), ("ko", "부하 실행")])
def test_the_badge_says_that_it_is_of_a_load_run(hung: Run, language: Language, said: str) -> None:
    made = badge(hung, 0, language)
    assert made["message"].startswith(said)
    assert made["color"] == "lightgrey"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_says_how_many_showed_it_and_how_to_see_it_again(
    hung: Run, language: Language
) -> None:
    found = verdict(hung, "ENV-10")
    page = letter_page(hung, found, found.findings, [], language)
    assert {"en": "20 of the 200 exchanges", "ko": "200건 중 20건"}[language] in page
    assert "--users 24" in page
    assert "--case" not in page
    # Accounts that are in no settings have no word of their own, and are told all the same.
    assert word("account-made-up", language) in page


# ---- the picture -----------------------------------------------------------------------------------


def _load(*parts: tuple[int, int, float, float], **more: Any) -> dict[str, Any]:
    timeline = [
        {"second": at, "requests": count, "failures": bad, "p50": p50, "p95": p95, "busy": False}
        for at, (count, bad, p50, p95) in enumerate(parts)
    ]
    figures = {"failures": 1, "requests": 9, "seconds": len(parts), "timeline_step": 1}
    return {**figures, "budget": [], "timeline": timeline, **more}


def _paths(svg: str, kind: str) -> list[list[tuple[float, float]]]:
    found = []
    for path in ET.fromstring(svg).iter("path"):  # noqa: S314 - it is our own
        if path.get("class") == kind:
            numbers = re.findall(r"([\d.]+),([\d.]+)", path.get("d", ""))
            found.append([(float(x), float(y)) for x, y in numbers])
    return found


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_stands_by_itself_and_nothing_leaves_it(
    narrow: bool, language: Language
) -> None:
    load = _load((10, 0, 5, 9), (20, 4, 8, 900), (0, 0, 0, 0), (9, 0, 4, 2000))
    svg = load_svg(load, language, narrow=narrow)
    assert "http" not in svg
    _, _, width, height = map(float, ET.fromstring(svg).get("viewBox", "").split())  # noqa: S314 - it is our own
    for path in itertools.chain(*_paths(svg, "p95"), *_paths(svg, "p50")):
        assert 0 <= path[0] <= width
        assert -1 <= path[1] <= height


def test_a_second_without_answers_is_a_gap_and_more_latency_is_higher() -> None:
    svg = load_svg(_load((10, 0, 5, 9), (20, 0, 8, 90), (0, 0, 0, 0), (9, 0, 4, 30)), "en")
    upper = _paths(svg, "p95")
    assert [len(one) for one in upper] == [2, 2]
    (_, first), (_, second) = upper[0]
    assert second < first


def test_failures_are_drawn_in_a_colour_of_their_own_and_told_in_words() -> None:
    svg = load_svg(_load((10, 0, 5, 9), (20, 4, 8, 90)), "en")
    assert svg.count('class="bad"') == 1
    assert "1 of 9 requests had no answer" in svg
    assert 'class="bad"' not in load_svg(_load((10, 0, 5, 9), (20, 0, 8, 90)), "en")


def test_a_budget_is_drawn_where_it_does_not_press_the_lines_down() -> None:
    row = {"situation": "right", "p95": 9.0, "budget": 12.0, "count": 100, "over": 0}
    assert "budget 12 ms" in load_svg(_load((9, 0, 5, 9), budget=[row]), "en")
    far = {**row, "budget": 60000.0}
    assert "budget 60000 ms" not in load_svg(_load((9, 0, 5, 9), budget=[far]), "en")


def test_nothing_is_drawn_where_nothing_came() -> None:
    assert load_svg(_load(), "en") == ""
    assert load_svg(_load((0, 0, 0, 0)), "en") == ""


@pytest.mark.parametrize(("value", "up"), [(0.3, 0.32), (1, 1), (9, 10), (41, 60), (1001, 1200)])
def test_scales_end_at_numbers_whose_quarters_are_easy_to_read(value: float, up: float) -> None:
    assert round_up(value) == pytest.approx(up)


# ---- two of them -----------------------------------------------------------------------------------


def test_loads_of_other_users_or_with_busy_senders_are_told_to_differ(hung: Run) -> None:
    document = _document(hung)
    before = Statement.model_validate(document)
    assert compare(before, before).differences == ("busy",)
    assert load_of(document) is not None
    document["traffic"]["load"]["users"] = 25
    document["traffic"]["load"]["sender"]["busy_seconds"] = 0
    changed = compare(before, Statement.model_validate(document))
    assert set(changed.differences) == {"load", "busy"}
    assert [(one.name, one.after) for one in changed.observed] == [("users", "25")]
    del document["traffic"]["load"]
    assert set(compare(before, Statement.model_validate(document)).differences) == {"kind", "busy"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_says_of_each_load_by_how_many_it_was_sent(
    hung: Run, language: Language, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, users in (("a", 24), ("b", 25)):
        document = _document(hung, language)
        document["traffic"]["load"]["users"] = users
        (tmp_path / name).write_text(json.dumps(document), encoding="utf-8")
    assert diff(str(tmp_path / "a"), str(tmp_path / "b"), language, markdown=False) == 0
    told = capsys.readouterr().out
    assert word("differs-load", language) in told
    for users in (24, 25):
        sizes = {"users": users, "workers": 1, "requests": 200}
        assert word("diff-load", language, **sizes) in told
    assert "seed" not in told
