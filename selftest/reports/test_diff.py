"""`diff`: what changed between two statements, in words, and as an exit status."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from esignon_conformance.app.cli.main import main
from esignon_conformance.i18n.catalogue import word
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.reports.statement import statement
from esignon_conformance.reports.statement_diff import Comparison, Statement, compare
from selftest.support.exchanges import contract, refusal, success
from selftest.support.judged import basis
from selftest.support.written_runs import run_of

Document = dict[str, Any]
Change = Callable[[Document], None]
HOSTILE = "`</td><script>alert(1)</script> | [x](http://evil.invalid) \\"


@pytest.fixture(scope="module")
def document() -> Document:
    """Return the statement of a server with a failure, an advisory, and things observed."""
    sent = [
        *basis(),
        refusal("wrong-password-digits", code="99"),
        success(changes={"/body/device_id": ""}),
        refusal("empty-body", {"/body": None}),
        refusal("email-upper-case", code="10"),
    ]
    return statement(run_of(Path("nowhere"), sent), 1, "en")


def clause(document: Document, clause_id: str) -> Document:
    """Return what a statement says of a clause."""
    found: Document = next(one for one in document["clauses"] if one["id"] == clause_id)
    return found


def changed(document: Document, *changes: Change) -> Document:
    """Return a statement in which something is otherwise."""
    made = copy.deepcopy(document)
    for change in changes:
        change(made)
    return made


def verdict(clause_id: str, word_of_it: str) -> Change:
    """Return what sets the verdict of a clause."""
    return lambda document: clause(document, clause_id).update(verdict=word_of_it)


def observed(clause_id: str, name: str, value: Any) -> Change:
    """Return what sets something observed; None takes it away."""

    def change(document: Document) -> None:
        seen = clause(document, clause_id)["observed"]
        seen.pop(name, None)
        if value is not None:
            seen[name] = value

    return change


def compared(before: Document, after: Document) -> Comparison:
    """Return the comparison of two statements."""
    return compare(Statement.model_validate(before), Statement.model_validate(after))


# ---- what differs ----------------------------------------------------------------------------------


def test_a_statement_is_like_itself(document: Document) -> None:
    same = compared(document, document)
    assert (same.verdicts, same.findings, same.observed, same.differences) == ((), (), (), ())
    assert (same.alike, same.musts) == (len(document["clauses"]), 0)


def test_runs_that_differ_in_what_no_server_does_are_alike(document: Document) -> None:
    other = changed(document, lambda one: one.update(seed=9, started="2030-01-01T00:00:00+00:00"))
    other["target"]["base_url"] = "https://staging.invalid"
    other["seconds"] = 99.5
    for one in other["clauses"]:
        one["exchanges"] += 1
        for finding in one["findings"]:
            finding["exchanges"] = ["e900"]
    same = compared(document, other)
    assert (same.verdicts, same.findings, same.observed, same.differences) == ((), (), (), ())


def test_verdicts_that_changed_are_told_and_must_verdicts_counted(document: Document) -> None:
    other = changed(document, verdict("REJ-1", "holds"), verdict("SUC-13", "holds"))
    found = compared(document, other)
    assert [(one.clause, one.level) for one in found.verdicts] == [
        ("SUC-13", "should"),
        ("REJ-1", "must"),
    ]
    assert (found.musts, found.findings) == (1, ())
    (_, change) = found.verdicts
    assert change.before is not None
    assert change.after is not None
    assert (change.before.verdict, change.after.verdict) == ("fails", "holds")


def test_a_clause_that_one_statement_does_not_know_is_a_change(document: Document) -> None:
    less = changed(document)
    less["clauses"] = [one for one in document["clauses"] if one["id"] != "REQ-1"]
    for before, after in ((document, less), (less, document)):
        (change,) = compared(before, after).verdicts
        assert change.clause == "REQ-1"
        assert (change.before is None) == (before is less)
        assert compared(before, after).musts == 1


def test_other_findings_of_the_same_verdict_are_told(document: Document) -> None:
    other = changed(document)
    clause(other, "REJ-1")["findings"][0]["got"] = 'result_code "12"'
    found = compared(document, other)
    assert ([one.clause for one in found.findings], found.musts) == (["REJ-1"], 0)
    # In another language the same finding has other words.
    other["language"] = "ko"
    assert compared(document, other).findings == ()
    clause(other, "REJ-1")["findings"][0]["pointer"] = "/header"
    assert [one.clause for one in compared(document, other).findings] == ["REJ-1"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (observed("REJ-12", "body", "null"), ("body", "", "absent, null", "null")),
        (observed("REJ-12", "body", None), ("body", "", "absent, null", None)),
        (observed("REJ-12", "new", 7), ("new", "", None, "7")),
        (
            observed("REJ-12", "status", {"10": [200, 400], "12": [200], "99": [200]}),
            ("status", "10", "200", "200, 400"),
        ),
        (
            observed("SUC-15", "expire_date_form", "epoch"),
            ("expire_date_form", "", "separated", "epoch"),
        ),
        (observed("REQ-8", "email-upper-case", "issued"), ("email-upper-case", "", "10", "issued")),
    ],
)
def test_what_was_observed_otherwise_is_told(
    document: Document, change: Change, expected: tuple[str, str, str | None, str | None]
) -> None:
    found = compared(document, changed(document, change))
    (one,) = found.observed
    assert (one.name, one.of, one.before, one.after) == expected
    assert (found.verdicts, found.musts) == ((), 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("contract", {"operation": "login", "sha256": "0" * 64}),
        ("suite", {"name": "esignon-conformance", "version": "9.9.9"}),
        ("depth", "deep"),
        ("complete", False),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_runs_that_are_not_alike_are_warned_of(
    document: Document,
    name: str,
    value: Any,
    *,
    language: Language,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = changed(document, lambda one: one.update({name: value}))
    assert compared(document, other).differences == (name,)
    assert told(tmp_path, document, other, "--lang", language) == 0
    assert word(f"differs-{name}", language) in capsys.readouterr().out


# ---- the command -----------------------------------------------------------------------------------


def told(folder: Path, before: Document, after: Document, *more: str) -> int:
    """Run the command on two statements, and return its exit status."""
    paths = folder / "a.json", folder / "b.json"
    for path, one in zip(paths, (before, after), strict=True):
        path.write_text(json.dumps(one), "utf-8")
    return main(["diff", *map(str, paths), *more])


@pytest.mark.parametrize("language", LANGUAGES)
def test_findings_in_another_language_are_told_of(
    document: Document, language: Language, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = changed(document, lambda one: one.update({"language": "ko"}))
    told(tmp_path, document, other, "--lang", language)
    out = capsys.readouterr().out
    notices = {letter: word("diff-other-language", language, letter=letter) for letter in "AB"}
    assert [one for one, text in notices.items() if text in out] == [
        "B" if language == "en" else "A"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", [(), ("--markdown",)])
def test_the_command_tells_it_in_either_language_and_form(
    document: Document,
    language: Language,
    form: tuple[str, ...],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = changed(
        document,
        verdict("REJ-1", "holds"),
        observed("REJ-12", "status", {"10": [400], "12": [200], "99": [200]}),
    )
    clause(other, "REJ-1")["findings"] = []
    status = told(tmp_path, document, other, "--lang", language, *form)
    assert status == 1
    out = capsys.readouterr().out
    fails, holds = word("verdict-fails", language), word("verdict-holds", language)
    for part in (
        word("diff-musts", language, count=1),
        f"{fails} → {holds}",
        'result_code "99"  [wrong-password-digits]',
        word("observed-status", language),
    ):
        assert part in out
    assert "\x1b" not in out


def test_without_a_must_verdict_that_differs_the_status_is_0(
    document: Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = changed(document, verdict("SUC-13", "holds"), observed("REJ-12", "body", "null"))
    assert told(tmp_path, document, other, "--lang", "en") == 0
    out = capsys.readouterr().out
    assert out.startswith(word("diff-no-must", "en"))
    assert "SUC-13 (should)  advisory → holds" in out


def test_a_report_folder_stands_for_the_statement_in_it(
    document: Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "statement.json").write_text(json.dumps(document), "utf-8")
    assert main(["diff", str(tmp_path), str(tmp_path), "--lang", "en"]) == 0
    assert f"verdicts that are the same: {len(contract().clauses)}" in capsys.readouterr().out


def test_what_a_server_sends_is_no_markdown(
    document: Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = changed(
        document, observed("REJ-12", "result_msg", {HOSTILE: HOSTILE}), verdict("REJ-1", "holds")
    )
    other["target"]["base_url"] = f"http://{HOSTILE}"
    clause(other, "REJ-1")["findings"][0]["got"] = HOSTILE
    assert told(tmp_path, document, other, "--lang", "en", "--markdown") == 1
    text = capsys.readouterr().out
    blocks = MarkdownIt("commonmark").enable("table").parse(text)
    tokens = [one for block in blocks for one in (block, *(block.children or ()))]
    assert not [one for one in tokens if one.type in ("html_block", "html_inline", "link_open")]
    rows = [one for one in tokens if one.type == "tr_open"]
    cells = [one for one in tokens if one.type in ("td_open", "th_open")]
    assert len(rows) > 1
    assert len(cells) == 4 * len(rows)
    assert any(HOSTILE in one.content for one in tokens if one.type == "code_inline")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "no-such-file.json"),
        (b"", "JSON"),
        (b"\xff\xfe", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[]", "statement.json"),
        (b"{}", "/format"),
        (b'{"format": 2}', "/format"),
    ],
)
def test_what_is_no_statement_ends_with_4_and_one_message(
    document: Document,
    content: bytes | None,
    says: str,
    *,
    language: Language,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "no-such-file.json"
    good.write_text(json.dumps(document), "utf-8")
    if content is not None:
        bad.write_bytes(content)
    for pair in ((good, bad), (bad, good)):
        assert main(["diff", *map(str, pair), "--lang", language]) == 4
        out, message = capsys.readouterr()
        assert out == ""
        assert says in message
        assert str(bad) in message
        assert len(message.splitlines()) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.pop("clauses"),
        lambda one: one["suite"].update(name="another-suite"),
        lambda one: one["clauses"][3].update(verdict="fine"),
        lambda one: one["clauses"][0].pop("level"),
    ],
)
def test_a_statement_of_something_else_is_none(
    document: Document, change: Change, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(tmp_path, document, changed(document, change)) == 4
    assert "b.json" in capsys.readouterr().err


def test_what_a_newer_suite_adds_to_a_statement_is_no_trouble(document: Document) -> None:
    newer = changed(document, lambda one: one.update(labels={"build": "7"}))
    clause(newer, "REQ-1")["waiver"] = None
    assert compared(document, newer).alike == len(document["clauses"])
