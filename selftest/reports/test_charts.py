"""The picture of a verdict, the section of the report, the trend and the matrix of result codes."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from esignon_conformance.contract.model import ANY_SUCCESS, SITUATIONS, Codes
from esignon_conformance.i18n.language import Language
from esignon_conformance.reports.charts import _SIGNS, ORDER, picture
from esignon_conformance.reports.code_matrix import documented_codes, seen_codes
from esignon_conformance.reports.header_html import verdict_section
from esignon_conformance.reports.history import FormerRun, former_runs, remember, since
from esignon_conformance.reports.statement import statement
from esignon_conformance.reports.trend_chart import trend_svg
from esignon_conformance.runner.run import Run
from esignon_conformance.verdicts.model import VerdictWord
from selftest.app.test_outcomes import run_of
from selftest.support.exchanges import contract, refusal
from selftest.support.judged import basis

SVG = "{http://www.w3.org/2000/svg}"
FAULTY = ["wrong-password-digits", "wrong-password-hangul"]


def faulty_run() -> Run:
    return run_of([*basis(), *(refusal(name, code="99") for name in FAULTY)])


def document(run: Run, language: Language = "en") -> dict[str, Any]:
    return statement(run, 1, language)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_picture_is_xml_that_tells_every_clause_in_words(language: Language) -> None:
    told = document(faulty_run(), language)
    root = ET.fromstring(picture(told, contract(), language))  # noqa: S314 - our own
    titles = [one.text or "" for one in root.iter(f"{SVG}title")]
    for clause in told["clauses"]:
        (title,) = [one for one in titles if one.startswith(f"{clause['id']} ")]
        assert contract().clauses[clause["id"]].title[language] in title
    (description,) = root.iter(f"{SVG}desc")
    assert re.search(r"(fails|위반) \(1\): REJ-1\.", description.text or "")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "t d"


def test_every_verdict_has_a_sign_and_a_place() -> None:
    words = set(VerdictWord.__args__)  # type: ignore[attr-defined]  # a Literal has them
    assert set(_SIGNS) == set(ORDER) == words
    assert len(set(_SIGNS.values())) == len(words), "two verdicts look alike to whom colours do"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_codes_of_other_operations_are_named(language: Language) -> None:
    """Their pages have codes that are no digits alone, or none: then the status tells the outcome."""
    told = document(faulty_run(), language)
    codes = Codes(ANY_SUCCESS, frozenset({"-1", "E1"}), outcomes="status")
    other = replace(contract(), codes=codes)
    cell = {"seen": 1, "deviating": 0}
    seen = {situation: dict.fromkeys(("-1", "2xx"), cell) for situation in SITUATIONS}
    told["coverage"]["situations"] = seen
    shown = picture(told, other, language)
    assert '"-1" × 1' in shown.replace("&quot;", '"')
    assert "2xx × 1" in shown


def test_the_matrix_knows_what_the_page_documents() -> None:
    found = documented_codes(contract())
    assert found["wrong-password"]["10"] == "always"
    assert found["wrong-password"]["99"] == "sometimes"
    assert "00" not in found["wrong-password"]
    assert found["right"]["00"] == "always"
    assert found["blocked"]["95"] == "always"
    assert found["blocked"]["10"] == "sometimes"
    assert "00" not in found["blocked"]
    assert found["malformed"]["12"] == found["malformed"]["99"] == "always"
    assert set(found) == set(SITUATIONS)


def test_the_matrix_counts_what_came_and_what_deviates() -> None:
    row = seen_codes(faulty_run())["wrong-password"]
    assert row["99"] == {"seen": 2, "deviating": 2}
    assert row["10"]["deviating"] == 0
    assert row["10"]["seen"] > 0


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing stays open."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_section_is_whole_and_links_every_clause() -> None:
    parser = _Links()
    parser.feed(verdict_section(document(faulty_run()), contract(), [], "en"))
    assert parser.open == []
    assert {f"#clause-{name}" for name in contract().clauses} == set(parser.links)
    # In the grid, in that for a phone, and in the list of what fails.
    assert parser.links.count("#clause-REJ-1") == 3


def test_the_section_says_the_verdict_what_was_expected_and_what_came() -> None:
    section = verdict_section(document(faulty_run()), contract(), [], "en")
    assert "DOES NOT CONFORM: 1 must clause fails" in section
    assert "Expected: result_code &#34;10&#34; · Got: result_code &#34;99&#34;" in section


def test_the_section_says_who_answered_in_the_place_of_the_application() -> None:
    answered = [{"title": "What answered", "lines": ["HTTP 401", "Server: <gateway>"]}]
    section = verdict_section(
        {**document(faulty_run()), "what_answered": answered}, contract(), [], "en"
    )
    assert "<h3>What answered</h3>" in section
    assert "<li><span>Server: &lt;gateway&gt;</span></li>" in section


def test_the_section_says_first_what_to_look_at_before_the_server_is_blamed() -> None:
    told = {**document(faulty_run()), "login_notice": "Every right login was refused."}
    section = verdict_section(told, contract(), [], "en")
    assert section.index("Every right login was refused.") < section.index("<svg")


def test_the_section_names_the_first_of_many_cases_that_were_left_out() -> None:
    told = document(faulty_run())
    (failed,) = [one for one in told["clauses"] if one["id"] == "REJ-1"]
    failed["left_out"] = [{"reason": "a limit", "cases": [f"case-{one}" for one in range(40)]}]
    section = verdict_section(told, contract(), [], "en")
    assert "case-5 and 34 more (a limit)" in section
    assert "case-6" not in section


def test_the_trend_needs_two_runs_and_counts_clauses() -> None:
    one = FormerRun("2026-01-01", {"REJ-1": "fails", "SUC-11": "advisory", "REJ-2": "holds"})
    assert trend_svg([one], "en") == ""
    assert "2026-01-01: 1 failed, 1 advisory" in trend_svg([one, one], "en")
    assert trend_svg([one] * 90, "en").count("<rect") == 60


# The history of verdicts


def told(day: int, verdict: str, url: str = "http://127.0.0.1:9", **more: Any) -> dict[str, Any]:
    target = {"kind": "server", "base_url": url}
    clauses = [{"id": "REJ-1", "verdict": verdict}]
    started = f"2026-01-{day:02}T00:00:00+00:00"
    return {"complete": True, "started": started, "target": target, "clauses": clauses, **more}


def test_the_history_is_of_whole_runs_of_one_target(tmp_path: Path) -> None:
    remember(tmp_path, told(1, "holds"))
    remember(tmp_path, told(2, "fails"))
    remember(tmp_path, told(3, "fails", complete=False))
    remember(tmp_path, told(4, "holds", url="http://127.0.0.1:10"))
    with (tmp_path / "verdicts.jsonl").open("a") as file:
        file.write("{half a li\n[]\n")
    found = former_runs(tmp_path, "http://127.0.0.1:9")
    assert [one.day for one in found] == ["2026-01-01", "2026-01-02"]
    row = since(found, "REJ-1", "fails", "2026-01-05")
    assert (row.day, row.runs, row.is_known) == ("2026-01-02", 2, True)


def test_the_history_stays_small(tmp_path: Path) -> None:
    for _ in range(70):
        remember(tmp_path, told(1, "holds"))
    assert len((tmp_path / "verdicts.jsonl").read_text().splitlines()) == 60
