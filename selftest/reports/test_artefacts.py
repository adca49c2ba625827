"""The files for other tools: each read by a reader of its kind, and none shows a secret."""

from __future__ import annotations

import base64
import gzip
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from esignon_conformance import resources
from esignon_conformance.files import write_json, write_text
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.redaction.encodings import forms_of
from esignon_conformance.reports.allure_environment import environment
from esignon_conformance.reports.artefacts import (
    NAMES,
    remove_artefacts,
)
from esignon_conformance.reports.artefacts.badge import badge
from esignon_conformance.reports.statement import STATEMENT_NAME, statement
from esignon_conformance.target.target import REAL_ACCOUNTS
from esignon_conformance.transport.messages import Exchange, Fault
from selftest.support.exchanges import (
    ABSENT,
    MAIN,
    TARGET,
    fault,
    page,
    plain,
    refusal,
    success,
    with_answer,
)
from selftest.support.judged import basis
from selftest.support.written_runs import (
    NOT_UTF_8,
    deviating,
    run_of,
    with_sent,
    written,
)


def leaking() -> list[Exchange]:
    """Return exchanges of a server that shows the password wherever a server can."""
    secret = plain(MAIN.password)
    everywhere = {
        "X-Echo": secret,
        "Location": f"http://{secret}.invalid/?p={secret}",
        "Set-Cookie": f"id={secret}",
        "Content-Type": f"application/json; x={secret}",
    }
    packed = gzip.compress(json.dumps({"header": {"result_msg": secret}}).encode())
    return [
        *basis(),
        refusal("wrong-password", {"/header/result_msg": f"not {secret}"}, headers=everywhere),
        refusal("wrong-password", {"/header/result_code": secret}, reason=secret),
        with_answer(refusal("unknown-email"), body=NOT_UTF_8 + secret.encode()),
        with_answer(refusal("unknown-email"), body=packed, headers=(("Content-Encoding", "gzip"),)),
        success(changes={"/body/expire_date": secret, "/body/device_id": secret}),
        replace(success(), stray=secret.encode()),
        with_answer(refusal("unknown-email"), trailers=(("X-Seen", secret), (secret, "x"))),
        with_sent(refusal("empty-body"), NOT_UTF_8 + secret.encode()),
        replace(fault("wrong-type-memb-pwd-array"), fault=Fault("not-http", f"got {secret}")),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_file_shows_a_planted_secret(tmp_path: Path, language: Language) -> None:
    run = run_of(tmp_path, leaking())
    assert run.by_clause["SEC-1"].verdict == "holds" or run.by_clause["SEC-1"].findings
    written(run, language)
    write_json(tmp_path / "statement.json", statement(run, 1, language))
    accounts = [TARGET.accounts[name] for name in REAL_ACCOUNTS]
    secrets = {plain(one) for each in accounts for one in (each.email, each.password)}
    tokens = {
        json.loads(one.answer.body)["body"]["access_token"]
        for one in basis()
        if one.answer is not None and b"access_token" in one.answer.body
    }
    assert tokens
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert {path.name for path in files} == {*NAMES, "statement.json"}
    for path in files:
        text = path.read_text("utf-8")
        text += "".join(decoded(text)) if path.suffix == ".har" else ""
        for secret in secrets | tokens:
            assert not [form for form in forms_of(secret) if form in text], path.name
    assert "<main password>" in (tmp_path / "exchanges.har").read_text("utf-8")


def decoded(archive: str) -> list[str]:
    """Return what stands in an archive as base64."""
    entries = json.loads(archive)["log"]["entries"]
    bodies = [one["response"]["content"] for one in entries]
    posts = [one["request"].get("postData", {}) for one in entries]
    texts = [one["text"] for one in bodies if one.get("encoding") == "base64"]
    texts += [one["text"] for one in posts if one.get("comment") == "base64"]
    assert len(texts) == 2
    return [base64.b64decode(text).decode("latin-1") for text in texts]


# ---- the page ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edition", "age"), [("kor_20210407", 10), ("2021-04-07", None), ("v3", None), ("", None)]
)
def test_a_statement_tells_how_old_the_page_is_where_its_edition_names_a_day(
    tmp_path: Path, edition: str, age: int | None
) -> None:
    run = run_of(tmp_path, basis())
    run.contract = replace(run.contract, edition=edition)
    run.started = datetime(2021, 4, 17, 23, 59, tzinfo=UTC).timestamp()
    page_told = statement(run, 0, "en")["page"]
    assert page_told.get("age_in_days") == age
    told = dict(environment(statement(run, 0, "en"), "en"))["Page edition"]
    assert told.startswith(f"{edition} ({run.contract.page_sha256[:12]}")
    assert told.endswith(", 10 days old on the day of the run)") == (age is not None)


# ---- badge.json ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_badge_has_the_form_that_shields_asks_for(tmp_path: Path, language: Language) -> None:
    made = badge(run_of(tmp_path, deviating()), 1, language)
    schema = json.loads((resources.schemas() / "badge.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(made, schema)


def test_a_badge_counts_clauses_by_verdict_the_failures_first(tmp_path: Path) -> None:
    run = run_of(tmp_path, deviating())
    counts = Counter(one.verdict for one in run.verdicts)
    made = badge(run, 1, "en")
    assert made["message"].startswith(f"1 fails · {counts['advisory']} advisory · ")
    assert made["message"].endswith(f" · {counts['holds']} holds")
    assert (made["color"], made["isError"]) == ("red", True)


@pytest.mark.parametrize(
    ("varied", "status", "color"),
    [
        ({}, 0, "brightgreen"),
        ({"is_whole": False}, 0, "lightgrey"),
        ({"target": replace(TARGET, kind="box")}, 0, "lightgrey"),
        ({"is_whole": False}, 1, "red"),
        ({}, 6, "orange"),
        ({}, 7, "orange"),
        ({"interrupted": True}, 2, "lightgrey"),
        ({}, 3, "lightgrey"),
    ],
)
def test_a_badge_is_green_only_for_a_whole_run_on_a_server_that_conforms(
    tmp_path: Path, varied: dict[str, Any], status: int, color: str
) -> None:
    made = badge(run_of(tmp_path, basis(), **varied), status, "en")
    assert made["color"] == color
    assert ("part run" in made["message"]) == ("is_whole" in varied or "interrupted" in varied)
    assert ("server in the box" in made["label"]) == ("target" in varied)


# ---- how they are written --------------------------------------------------------------------------


def test_what_an_earlier_run_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    written(run_of(tmp_path, basis()))
    (tmp_path / "history.jsonl").write_text("", "utf-8")
    remove_artefacts(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"history.jsonl", STATEMENT_NAME}
    remove_artefacts(tmp_path / "nowhere")


def test_a_file_that_could_not_be_made_whole_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a" / "file.json"
    write_text(path, "old")
    with pytest.raises(TypeError):
        write_json(path, {"new": object()})
    assert path.read_text("utf-8") == "old"
    write_json(path, {"half": "\ud800", "한글": 1})
    assert json.loads(path.read_text("utf-8")) == {"half": "\ud800", "한글": 1}
    assert [one.name for one in path.parent.iterdir()] == ["file.json"]


def test_every_file_is_told_in_the_readme_of_the_reports() -> None:
    text = (Path(__file__).parents[2] / "reports" / "README.md").read_text("utf-8")
    assert [name for name in NAMES if f"| `{name}` |" not in text] == []


def test_absent_members_and_pages_are_no_trouble(tmp_path: Path) -> None:
    sent = [*basis(), refusal("empty-body", {"/header": ABSENT}), page(), fault()]
    assert {path.name for path in written(run_of(tmp_path, sent)).iterdir()} == {
        *NAMES,
        STATEMENT_NAME,
    }
