"""The files for other tools: each read by a reader of its kind, and none shows a secret."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import haralyzer  # type: ignore[import-untyped]  # it has no types
import jsonschema
import junitparser
import pytest
from google.protobuf.json_format import (  # type: ignore[import-untyped]  # it has no types
    ParseDict,
    ParseError,
)
from in_toto_attestation.predicates.test_result.v0 import (  # type: ignore[import-untyped]  # as above
    test_result_pb2 as predicates,
)
from in_toto_attestation.v1.statement import (  # type: ignore[import-untyped]  # as above
    Statement,
)
from markdown_it import MarkdownIt
from markdown_it.token import Token

from esignon_conformance import resources
from esignon_conformance.contract.model import GROUPS
from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.contract.waiver import Waiver
from esignon_conformance.files import write_json, write_text
from esignon_conformance.i18n.catalogue import word
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.redaction.encodings import forms_of
from esignon_conformance.reports.allure_environment import environment
from esignon_conformance.reports.artefacts import (
    HAR_NAME,
    NAMES,
    TRACEABILITY_NAME,
    remove_artefacts,
    write_artefacts,
    write_test_result,
)
from esignon_conformance.reports.artefacts.badge import badge
from esignon_conformance.reports.artefacts.ctrf import ctrf
from esignon_conformance.reports.artefacts.har import write_har
from esignon_conformance.reports.artefacts.in_toto import in_toto
from esignon_conformance.reports.artefacts.step_summary import build_url, step_summary
from esignon_conformance.reports.finding_text import letter
from esignon_conformance.reports.statement import STATEMENT_NAME, statement
from esignon_conformance.runner.run import Run
from esignon_conformance.target.target import REAL_ACCOUNTS
from esignon_conformance.tools.proof.matrix import MATRIX, read
from esignon_conformance.tools.proof.traceability import traceability
from esignon_conformance.tools.reference.faults import FAULTS
from esignon_conformance.tools.reference.liberties import LIBERTIES
from esignon_conformance.transport.messages import Exchange, Fault
from esignon_conformance.verdicts.exit_status import exit_status
from selftest.support.exchanges import (
    ABSENT,
    COMPANY,
    MAIN,
    TARGET,
    basis,
    contract,
    fault,
    page,
    plain,
    refusal,
    success,
    with_answer,
)

MATRIX_OF_PROOF = read(resources.data_root() / MATRIX)
NOT_UTF_8 = b"\xff\xfe\x00{"
HOSTILE = "</code></details><script>alert(1)</script> [x](http://evil.invalid) ``` | @all <!-- \\"


def run_of(directory: Path, exchanges: Iterable[Exchange], **varied: Any) -> Run:
    """Return a whole run that has sent these exchanges and nothing else."""
    run = Run(contract(), varied.pop("target", TARGET), 1, directory, is_whole=True, _sent=True)
    for exchange in exchanges:
        run.recording.add(exchange)
    for name, value in varied.items():
        setattr(run, name, value)
    return run


def written(run: Run, language: Language = "en") -> Path:
    """Write the files of a run, and return the folder that they lie in."""
    status = exit_status(run.verdicts)
    write_artefacts(run, status, language)
    write_har(run.report_dir / HAR_NAME, run)
    write_json(run.report_dir / STATEMENT_NAME, statement(run, status, language))
    write_test_result(run, status)
    write_json(run.report_dir / TRACEABILITY_NAME, traceability(run, MATRIX_OF_PROOF, language))
    return run.report_dir


def deviating() -> list[Exchange]:
    """Return exchanges of a server with a failure of two findings, and an advisory."""
    return [
        *basis(),
        refusal("wrong-password-digits", code="99"),
        success("wrong-password-hangul"),
        success(changes={"/body/device_id": ""}),
    ]


# ---- secrets ---------------------------------------------------------------------------------------


def with_sent(exchange: Exchange, body: bytes) -> Exchange:
    """Return an exchange whose request had another body."""
    return replace(exchange, request=replace(exchange.request, body=body))


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


# ---- exchanges.har ---------------------------------------------------------------------------------


def entries_of(run: Run) -> list[Any]:
    """Return the entries of the archive of a run, as a reader of such archives gives them."""
    path = written(run) / "exchanges.har"
    entries: list[Any] = haralyzer.HarParser.from_file(path).har_data["entries"]
    return entries


def test_an_archive_has_every_exchange_in_the_order_of_sending(tmp_path: Path) -> None:
    run = run_of(tmp_path, [replace(one, request_id=f"ec-1-{one.id}") for one in deviating()])
    parser = haralyzer.HarParser.from_file(written(run) / "exchanges.har")
    assert (parser.version, parser.creator["name"]) == ("1.2", "esignon-conformance")
    pages = [haralyzer.HarEntry(one) for one in parser.har_data["entries"]]
    assert [one.raw_entry["comment"].split(" · ")[0] for one in pages] == [
        one.id for one in run.recording.exchanges
    ]
    first, sent = pages[0], run.recording.exchanges[0]
    ids = [one.request.headers[-1] for one in pages]
    assert ids == [
        {"name": "X-Request-Id", "value": f"ec-1-{one.id}"} for one in run.recording.exchanges
    ]
    assert (first.request.method, first.response.status) == ("POST", 200)
    assert first.request.url == f"{TARGET.base_url}/api/{COMPANY}/login"
    assert first.request.mimeType == "application/json"
    assert first.time == 500
    assert first.startTime.timestamp() == pytest.approx(sent.answered_at - 0.5, abs=0.01)
    body = json.loads(first.response.text)
    assert body["header"]["result_code"] == "00"
    assert body["body"]["memb_email"] == "<main email>"
    assert json.loads(first.request.text)["body"]["memb_pwd"] == "<main password>"
    assert first.response.contentSize == len(sent.answer.body if sent.answer else b"")


def test_bytes_that_are_not_utf_8_stand_in_an_archive_as_base64(tmp_path: Path) -> None:
    hangul = '{"header": {"request_code": "한글"}}'
    sent = [
        with_sent(refusal("empty-body"), NOT_UTF_8),
        with_sent(with_answer(refusal("empty-body"), body=b"\xea\xb0"), hangul.encode()),
    ]
    first, second = entries_of(run_of(tmp_path, sent))
    post, content = first["request"]["postData"], second["response"]["content"]
    assert (base64.b64decode(post["text"]), post["comment"]) == (NOT_UTF_8, "base64")
    assert (base64.b64decode(content["text"]), content["encoding"]) == (b"\xea\xb0", "base64")
    assert second["request"]["postData"]["text"] == hangul
    assert "encoding" not in first["response"]["content"]


def test_content_codings_are_undone_in_an_archive(tmp_path: Path) -> None:
    text = '{"header": {"result_code": "10"}}'
    packed = gzip.compress(text.encode())
    headers = (("Content-Encoding", "gzip"),)
    (entry,) = entries_of(run_of(tmp_path, [with_answer(refusal(), body=packed, headers=headers)]))
    assert entry["response"]["content"]["text"] == text
    assert entry["response"]["content"]["size"] == len(text)
    assert entry["response"]["bodySize"] == len(packed)


def test_a_request_without_an_answer_and_stray_bytes_are_in_an_archive(tmp_path: Path) -> None:
    sent = [fault(kind="timed-out"), replace(refusal(), stray=b"HTTP/1.1 200 OK")]
    first, second = entries_of(run_of(tmp_path, sent))
    assert first["response"]["status"] == 0
    assert first["response"]["comment"].startswith("timed-out")
    assert "stray bytes: HTTP/1.1 200 OK" in second["comment"]


def test_trailers_are_in_recording_and_archive_masked(tmp_path: Path) -> None:
    trailers = (("X-Checksum", "7"), ("X-Access-Token", "pq7Vw0LmZk3RtY8uNd5S"))
    run = run_of(tmp_path, [with_answer(refusal(), trailers=trailers)])
    (entry,) = entries_of(run)
    assert "trailer X-Checksum: 7" in entry["comment"]
    assert "trailer X-Access-Token: <token 1>" in entry["comment"]
    row = run.recording.row(run.recording.exchanges[0])
    assert row["answer"]["trailers"] == [["X-Checksum", "7"], ["X-Access-Token", "<token 1>"]]


def test_a_header_field_that_stands_twice_in_a_request_does_so_in_recording_and_archive(
    tmp_path: Path,
) -> None:
    twice = (("X-A", "1"), ("x-a", "2"))
    exchange = refusal()
    request = replace(exchange.request, headers=(*exchange.request.headers, *twice))
    run = run_of(tmp_path, [replace(exchange, request=request, sent=request.headers)])
    (entry,) = entries_of(run)
    shown = [(one["name"], one["value"]) for one in entry["request"]["headers"]]
    assert [one for one in shown if one[0].lower() == "x-a"] == [*twice]
    row = run.recording.row(run.recording.exchanges[0])
    assert [one for one in row["request"]["headers"] if one[0].lower() == "x-a"] == [
        list(one) for one in twice
    ]


def test_an_archive_of_a_run_that_sent_nothing_is_one(tmp_path: Path) -> None:
    assert entries_of(run_of(tmp_path, [])) == []


# ---- junit.xml -------------------------------------------------------------------------------------


def suites_of(run: Run, language: Language = "en") -> junitparser.JUnitXml:
    """Return the JUnit file of a run as a reader of such files gives it."""
    found = junitparser.JUnitXml.fromfile(str(written(run, language) / "junit.xml"))
    assert isinstance(found, junitparser.JUnitXml)
    return found


def cases_of(suites: junitparser.JUnitXml) -> dict[str, junitparser.TestCase]:
    """Return the tests of a JUnit file by name."""
    return {str(case.name): case for suite in suites for case in suite}


def test_a_clause_is_a_test_that_is_named_by_its_id(tmp_path: Path) -> None:
    suites = suites_of(run_of(tmp_path, deviating()))
    assert list(cases_of(suites)) == list(contract().clauses)
    assert [suite.name for suite in suites] == [f"login.{group}" for group in GROUPS]
    assert {case.classname for case in cases_of(suites).values()} == {
        f"login.{group}" for group in GROUPS
    }


def test_a_clause_that_fails_is_one_failure_that_reads_like_the_letter(tmp_path: Path) -> None:
    run = run_of(tmp_path, deviating())
    failed = {
        name: case.result
        for name, case in cases_of(suites_of(run)).items()
        if any(isinstance(one, junitparser.Failure) for one in case.result)
    }
    assert list(failed) == ["REJ-1"]
    (failure,) = failed["REJ-1"]
    findings = run.by_clause["REJ-1"].findings
    assert len(findings) == 2
    assert failure.text == letter(run, "REJ-1", findings, "en")
    assert failure.message.startswith(contract().clauses["REJ-1"].title["en"])
    assert 'Got: result_code "99"' in failure.message
    assert failure.message.endswith("and 1 more findings")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_does_not_fail_is_skipped_with_its_reason(tmp_path: Path, language: Language) -> None:
    run = run_of(tmp_path, deviating())
    run.recording.unsent["blocked-company"] = Reason("no-account", "blocked")
    cases = cases_of(suites_of(run, language))
    for name, told in (
        ("SUC-13", word("label-got", language)),
        ("SEC-5", word("not-needed-on-loopback", language)),
        (
            "REJ-4",
            word("reason-no-account", language, account=word("env-account-blocked", language)),
        ),
    ):
        (skipped,) = cases[name].result
        assert isinstance(skipped, junitparser.Skipped)
        assert told in skipped.message
    assert cases["REQ-1"].result == []


def test_a_must_clause_that_could_not_be_judged_is_an_error(tmp_path: Path) -> None:
    run = run_of(tmp_path, basis())
    run.recording.unsent["blocked-company"] = Reason("limited")
    could_not = [one for one in run.verdicts if one.verdict == "could-not-judge"]
    assert {one.level for one in could_not} == {"must", "should", "observe"}
    cases = cases_of(suites_of(run))
    for one in could_not:
        (told,) = cases[one.clause].result
        kind = junitparser.Error if one.level == "must" else junitparser.Skipped
        assert isinstance(told, kind), one.clause


def test_the_counts_of_a_junit_file_are_those_of_its_tests(tmp_path: Path) -> None:
    run = run_of(tmp_path, deviating())
    run.recording.unsent["blocked-company"] = Reason("limited")
    suites = suites_of(run)
    counted = [suite.tests for suite in suites], [suite.failures for suite in suites]
    errors, skipped = [suite.errors for suite in suites], [suite.skipped for suite in suites]
    told = (suites.tests, suites.failures, suites.errors)
    suites.update_statistics()  # type: ignore[no-untyped-call]  # it has none
    assert told == (suites.tests, suites.failures, suites.errors)
    assert counted == ([suite.tests for suite in suites], [suite.failures for suite in suites])
    assert errors == [suite.errors for suite in suites]
    assert skipped == [suite.skipped for suite in suites]
    assert min(suites.tests, suites.failures, suites.errors, suites.skipped) > 0


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1b", "\ufffe", "\ud800"])
def test_what_xml_cannot_hold_is_told_by_its_number(tmp_path: Path, character: str) -> None:
    # Written as an escape in the answer, such a character is there once the JSON is read.
    answer = json.dumps({"header": {"result_code": f"1{character}0"}}).encode()
    run = run_of(tmp_path, [*basis(), with_answer(refusal(), body=answer)])
    failed = cases_of(suites_of(run))["ENV-5"].result
    assert f"\\u{ord(character):04x}" in failed[0].text


# ---- ctrf.json, in-toto.json -------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_ctrf_has_the_form_of_its_own_schema_and_counts_each_clause_once(
    tmp_path: Path, language: Language
) -> None:
    run = run_of(tmp_path, deviating())
    made = ctrf(run, 1, language)
    schema = json.loads(
        (Path(__file__).parents[1] / "schemas" / "ctrf-0.0.json").read_text("utf-8")
    )
    jsonschema.validate(made, schema, format_checker=jsonschema.FormatChecker())
    summary = made["results"]["summary"]
    assert summary["tests"] == len(run.contract.clauses)
    assert sum(summary[one] for one in ("passed", "failed", "skipped", "other")) == summary["tests"]
    failed = [
        one["labels"]["clause"] for one in made["results"]["tests"] if one["status"] == "failed"
    ]
    assert failed == [one.clause for one in run.verdicts if one.verdict == "fails"]


def test_the_schema_of_ctrf_is_that_of_its_authors_unchanged() -> None:
    folder = Path(__file__).parents[1] / "schemas"
    digest = hashlib.sha256((folder / "ctrf-0.0.json").read_bytes()).hexdigest()
    assert f"`{digest}`" in (folder / "README.md").read_text("utf-8")


def _test_result(run: Run, status: int) -> dict[str, Any] | None:
    write_json(run.report_dir / STATEMENT_NAME, statement(run, status, "en"))
    return in_toto(run, status, run.report_dir / STATEMENT_NAME)


def test_a_test_result_is_bound_to_the_statement_and_to_what_labels_name(tmp_path: Path) -> None:
    digest = "ab" * 32
    labels = {"image": f"registry.test/login@sha256:{digest}", "commit": "cd" * 20, "build": "7"}
    run = run_of(tmp_path, deviating(), target=replace(TARGET, labels=labels))
    made = _test_result(run, 1)
    schema = json.loads((resources.schemas() / "in-toto-test-result.json").read_text("utf-8"))
    jsonschema.validate(made, schema)
    assert made is not None
    written = hashlib.sha256((tmp_path / STATEMENT_NAME).read_bytes()).hexdigest()
    assert [one["digest"] for one in made["subject"]] == [
        {"sha256": written},
        {"sha256": digest},
        {"gitCommit": "cd" * 20},
    ]
    failed = [one.clause for one in run.verdicts if one.verdict == "fails"]
    assert (made["predicate"]["result"], made["predicate"]["failedTests"]) == ("FAILED", failed)


def _read_by_in_toto(document: dict[str, Any]) -> None:
    """Read a statement with in-toto's own messages, which know every member; raise what they raise."""
    read = Statement([], "", {})
    ParseDict(document, read.pb)
    read.validate()
    ParseDict(document["predicate"], predicates.TestResult())


@pytest.mark.parametrize("status", [0, 1])
def test_in_totos_own_library_reads_a_test_result_and_refuses_a_broken_one(
    tmp_path: Path, status: int
) -> None:
    labels = {"image": f"registry.test/login@sha256:{'ab' * 32}", "commit": "cd" * 20}
    run = run_of(
        tmp_path, basis() if status == 0 else deviating(), target=replace(TARGET, labels=labels)
    )
    made = _test_result(run, status)
    assert made is not None
    _read_by_in_toto(made)
    nameless = [{"name": made["subject"][0]["name"]}, *made["subject"][1:]]
    predicate = {**made["predicate"], "passed": []}
    for broken in ({**made, "subject": nameless}, {**made, "predicate": predicate}):
        with pytest.raises((ValueError, ParseError)):
            _read_by_in_toto(broken)


@pytest.mark.parametrize(("status", "varied"), [(6, {}), (2, {}), (0, {"is_whole": False})])
def test_a_run_without_a_verdict_has_no_test_result(
    status: int, varied: dict[str, Any], tmp_path: Path
) -> None:
    assert _test_result(run_of(tmp_path, basis(), **varied), status) is None


# ---- traceability.json -------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_clause_leads_to_its_cases_its_servers_and_what_the_run_made_of_it(
    tmp_path: Path, language: Language
) -> None:
    run = run_of(tmp_path, deviating())
    made = traceability(run, MATRIX_OF_PROOF, language)
    schema = json.loads((resources.schemas() / "traceability.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(made, schema)
    rows = {one["id"]: one for one in made["clauses"]}
    assert list(rows) == list(run.contract.clauses)
    assert {one["server"] for row in rows.values() for one in row["known_bad"]} == FAULTS.keys()
    assert {one["server"] for one in made["known_good"]} == LIBERTIES.keys()
    cases = {one["id"] for row in rows.values() for one in row["cases"]}
    assert cases == run.contract.cases.keys()
    # None is proven by nothing, but for what is in unshown.yaml.
    unproven = [
        name for name, row in rows.items() if row["level"] != "observe" and not row["known_bad"]
    ]
    assert unproven == ["SEC-5"]
    failed = rows["REJ-1"]
    sent = {one["id"]: one["sent"] for one in failed["cases"]}
    assert sent["wrong-password-hangul"] == 1
    verdict = run.by_clause["REJ-1"]
    assert failed["run"]["verdict"] == "fails"
    assert {*failed["run"]["evidence"]} == {
        name for one in verdict.findings for name in one.exchanges
    }
    (server,) = (one for one in failed["known_bad"] if one["server"] == "takes-any-password")
    assert len(server["shown_by"]) == 3
    assert {*server["shown_by"]} <= sent.keys()
    assert server["shown_by_in_all"] >= len(sent)


def test_the_servers_of_the_suite_prove_nothing_of_another_contract(tmp_path: Path) -> None:
    run = run_of(tmp_path, basis(), contract_folder="elsewhere")
    made = traceability(run, MATRIX_OF_PROOF, "en")
    assert (made["known_good"], {len(one["known_bad"]) for one in made["clauses"]}) == ([], {0})


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


# ---- summary.md ------------------------------------------------------------------------------------


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
    assert heads[0] == f"❌ {word('headline-fails-one', language)}"
    assert heads[1:3] == [word("title-failed", language), word("title-advisories", language)]
    blocks = [one.content for one in tokens if one.type == "fence"]
    assert len(blocks) == len(run.by_clause["REJ-1"].findings)
    assert "--case wrong-password-digits --show" in blocks[0]
    inline = "\n".join(one.content for one in tokens if one.type == "inline")
    assert "REJ-1" in inline
    assert "SUC-13" in inline
    assert sum(1 for one in tokens if one.type == "table_open") == 1
    assert sum(1 for one in tokens if one.type == "tr_open") == 2 + len(GROUPS)


def test_a_summary_of_a_part_run_is_no_green_one(tmp_path: Path) -> None:
    heads = heads_of(tokens_of(step_summary(run_of(tmp_path, basis()), 0, "en", {})))
    assert heads[0].startswith("✅ CONFORMS")
    part = step_summary(run_of(tmp_path, basis(), is_whole=False), 0, "en", {})
    assert heads_of(tokens_of(part))[0] == f"⚪ {word('headline-part', 'en')}"
    assert word("part-run", "en").split(":", maxsplit=1)[0] in part


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


# ---- waivers ---------------------------------------------------------------------------------------


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
