"""summary.md: what a CI shows of a run, its waivers too."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import junitparser
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from esignon_conformance.contract.model import GROUPS
from esignon_conformance.contract.waiver import Waiver
from esignon_conformance.i18n.catalogue import word
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.reports.artefacts.badge import badge
from esignon_conformance.reports.artefacts.step_summary import build_url, step_summary
from esignon_conformance.reports.header_html import lists
from esignon_conformance.reports.statement import statement
from esignon_conformance.reports.summary import lines_of_unjudged
from esignon_conformance.runner.run import Run
from selftest.support.exchanges import page, refusal, success
from selftest.support.judged import basis
from selftest.support.written_runs import (
    cases_of,
    deviating,
    run_of,
    suites_of,
)

HOSTILE = "</code></details><script>alert(1)</script> [x](http://evil.invalid) ``` | @all <!-- \\"


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of Markdown with tables, those within lines too."""
    blocks = MarkdownIt("commonmark").enable("table").parse(text)
    return [one for block in blocks for one in (block, *(block.children or ()))]


def heads_of(tokens: list[Token]) -> list[str]:
    """Return the heads of a document."""
    return [tokens[at + 1].content for at, one in enumerate(tokens) if one.type == "heading_open"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_summary_tells_the_verdict_failures_and_advisories(
    tmp_path: Path, language: Language
) -> None:
    run = run_of(tmp_path, deviating())
    tokens = tokens_of(step_summary(run, 1, language, {}))
    heads = heads_of(tokens)
    assert heads[0] == f"❌ {word('headline-fails', language, count=1)}"
    assert heads[1:3] == [word("title-failed", language), word("title-advisories", language)]
    blocks = [one.content for one in tokens if one.type == "fence"]
    assert len(blocks) == len(run.by_clause["REJ-1"].findings)
    assert "--case wrong-password-digits --show" in blocks[0]
    inline = "\n".join(one.content for one in tokens if one.type == "inline")
    assert "REJ-1" in inline
    assert "SUC-13" in inline
    # Of an advisory, too, it says what was due: what came may be right in itself.
    assert f"{word('label-expected', language)}: " in inline
    assert sum(1 for one in tokens if one.type == "table_open") == 1
    assert sum(1 for one in tokens if one.type == "tr_open") == 2 + len(GROUPS)


def test_a_summary_of_a_part_run_is_no_green_one(tmp_path: Path) -> None:
    heads = heads_of(tokens_of(step_summary(run_of(tmp_path, basis()), 0, "en", {})))
    assert heads[0].startswith("✅ CONFORMS")
    part = step_summary(run_of(tmp_path, basis(), is_whole=False), 0, "en", {})
    assert heads_of(tokens_of(part))[0] == f"⚪ {word('headline-part', 'en')}"
    assert word("part-run", "en").split(":", maxsplit=1)[0] in part


def test_the_table_counts_as_many_unjudged_clauses_as_are_listed(tmp_path: Path) -> None:
    # Nothing but a refused login: clauses that only observe have nothing to observe either.
    run = run_of(tmp_path, (refusal(),))
    lines = lines_of_unjudged(run, "not-judged", "en")
    listed = [one for line in lines for one in line.partition(":")[0].split(", ")]
    assert len(listed) == sum(1 for one in run.verdicts if one.verdict == "not-judged")
    assert {run.by_clause[one].level for one in listed} >= {"must", "observe"}
    shown = {
        one["verdict"]: one["clauses"] for one in lists(statement(run, 5, "en"), run.contract, "en")
    }
    assert len(shown["not-judged"]) == len(listed)


def test_what_a_server_sends_is_no_markdown(tmp_path: Path) -> None:
    changes = {"/header/response_code": HOSTILE, "/header/result_msg": HOSTILE}
    sent = [*basis(), refusal("wrong-password", changes), success(changes=changes), page()]
    run = run_of(tmp_path, sent)
    tokens = tokens_of(step_summary(run, 1, "en", {}))
    assert not [one for one in tokens if one.type in ("html_block", "html_inline", "link_open")]
    for kind in ("fence", "code_inline"):
        shown = [one.content for one in tokens if one.type == kind]
        assert any(json.dumps(HOSTILE)[1:-1] in text for text in shown), kind


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        (
            {
                "GITHUB_SERVER_URL": "https://github.invalid",
                "GITHUB_REPOSITORY": "a/b",
                "GITHUB_RUN_ID": "7",
            },
            "https://github.invalid/a/b/actions/runs/7#artifacts",
        ),
        ({"CI_JOB_URL": "https://git.invalid/j/7"}, "https://git.invalid/j/7/artifacts/browse"),
        ({"BUILD_URL": "https://ci.invalid/job/a/7/"}, "https://ci.invalid/job/a/7/"),
        ({"GITHUB_RUN_ID": "7"}, None),
        ({"BUILD_URL": "javascript:alert(1)"}, None),
        ({"BUILD_URL": "https://ci.invalid/> <b>"}, None),
        ({}, None),
    ],
)
def test_a_summary_links_to_the_build_that_it_is_of(
    tmp_path: Path, environment: dict[str, str], url: str | None
) -> None:
    assert build_url(environment) == url
    tokens = tokens_of(step_summary(run_of(tmp_path, basis()), 0, "en", environment))
    links = [one.attrs["href"] for one in tokens if one.type == "link_open"]
    assert links == ([url] if url else [])


def waived_run(directory: Path, *waivers: Waiver) -> Run:
    """Return a run whose one failed clause has two findings, with waivers."""
    return run_of(directory, deviating(), waivers=waivers)


def waiver(ticket: str, clause: str, case: str = "") -> Waiver:
    """Return a waiver that lasts."""
    until = date(2999, 1, 1)
    return Waiver("known | bug", "login team", ticket, until, clause, case, place="w.yaml:2")


def test_what_is_waived_is_skipped_with_its_ticket_and_counted(tmp_path: Path) -> None:
    ticket = "https://tickets.invalid/7"
    run = waived_run(tmp_path, waiver(ticket, clause="REJ-1"))
    assert run.by_clause["REJ-1"].verdict == "waived"
    (skipped,) = cases_of(suites_of(run))["REJ-1"].result
    assert isinstance(skipped, junitparser.Skipped)
    assert ticket in skipped.text
    assert "1 waived" in badge(run, 0, "en")["message"]
    text = step_summary(run, 0, "en", {})
    assert word("title-waived", "en") in heads_of(tokens_of(text))
    assert ticket in text
    assert "| waived |" in text


def test_a_failure_beside_a_waived_finding_is_told_by_what_is_not_waived(tmp_path: Path) -> None:
    run = waived_run(tmp_path, waiver("T-7", clause="REJ-1", case="wrong-password-digits"))
    assert run.by_clause["REJ-1"].verdict == "fails"
    (failure,) = cases_of(suites_of(run))["REJ-1"].result
    assert isinstance(failure, junitparser.Failure)
    assert 'Got: result_code "00"' in failure.message
    assert "T-7" in failure.text


def test_a_waiver_that_is_needed_no_longer_is_in_the_summary(tmp_path: Path) -> None:
    run = waived_run(tmp_path, waiver("T-8", clause="REJ-2"))
    tokens = tokens_of(step_summary(run, 7, "en", {}))
    assert heads_of(tokens)[0] == f"⚠️ {word('headline-waivers', 'en')}"
    assert word("title-stale-waivers", "en") in heads_of(tokens)
    assert any("w.yaml:2" in one.content for one in tokens if one.type == "inline")
