"""One odd value takes no verdict: every check is fed answers drawn at random, and none raises."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esignon_conformance.checks import CHECKS
from esignon_conformance.checks.deviation import Deviation
from esignon_conformance.checks.view import View
from esignon_conformance.contract.model import Clause
from esignon_conformance.reports.artefacts.har import write_har
from esignon_conformance.reports.artefacts.junit import junit
from esignon_conformance.reports.artefacts.step_summary import step_summary
from esignon_conformance.reports.final_screen import lines
from esignon_conformance.reports.statement import statement
from esignon_conformance.reports.summary import headline
from esignon_conformance.runner.run import Run
from esignon_conformance.transport.messages import Answer, Exchange, Fault
from esignon_conformance.verdicts.exit_status import EXIT_INTERNAL, exit_status
from esignon_conformance.verdicts.model import is_broken_down
from selftest.support.exchanges import (
    COMPANY,
    MAIN,
    TARGET,
    changed,
    conforming_run,
    contract,
    header_of,
    plain,
    success,
)
from selftest.support.judged import basis, verdicts

_ODD_DATES = (
    "Sat, 01 Jan 99999 00:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 -2359",
    "Mon, 01 Jan 0001 00:00:00 +2359",
    "Sat, 01 Jan 2030 00:00:00 +99999999999999",
    "+999999999-12-31T23:59:59.999999999Z",
    "0000-00-00 00:00:00",
    "9999-W53-7",
    "/Date(-62135596800000)/",
    f"/Date({'9' * 30})/",
    "9" * 13,
    "9" * 5000,
    "-" + "9" * 40,
    "٣٣٣٣-٠٣-٠٣",
)
_ODD_TEXTS = (
    "\ud83d",
    "\0",
    "${jndi:x}{0}{{",
    "%s%n%",
    "%C3%28",
    "\\u12",
    "\\777777",
    "&#99999999;",
    "9" * 5000,
    "x" * 20_000,
    "~" + "/" * 50,
    plain(MAIN.email),
    COMPANY.upper(),
    "access_token",
    "İ" * 9,
)
_texts = st.one_of(st.sampled_from((*_ODD_DATES, *_ODD_TEXTS)), st.text(max_size=20))
_scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), _texts, st.just(10**4000)
)
_names = st.one_of(
    st.sampled_from(
        ["access_token", "expire_date", "result_code", "header", "", "a/b", "~", "file"]
    ),
    st.text(max_size=5),
)
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3),
    max_leaves=6,
)
_members = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("access_token", "comp_id", "device_id", "expire_date", "memb_email", "extra"), _values
    ),
)
_headers_of_json = st.fixed_dictionaries(
    {
        "response_code": st.just("1001A") | _values,
        "result_code": st.sampled_from(["00", "10", "-1"]),
    },
    optional={"result_msg": _values, "session_id": _values, "extra": _values},
)
_documents = st.one_of(
    st.builds(lambda header, body: {"header": header, "body": body}, _headers_of_json, _members),
    st.builds(lambda header: {"header": header}, _headers_of_json | _values),
    st.builds(lambda body: {"header": header_of("00"), "body": body}, _members),
    _values,
)


def _nested(depth: int, place: str) -> bytes:
    """Return a success with arrays in one another in place of one of its values."""
    deep = b"[" * depth + b"]" * depth
    document = {"header": header_of("00"), "body": {"access_token": "x", "device_id": "y"}}
    whole = json.dumps(changed(document, {place: "DEEP"})).encode()
    return whole.replace(b'"DEEP"', deep)


_PLACES = (
    "/header",
    "/body",
    "/header/session_id",
    "/header/result_code",
    "/body/access_token",
    "/x",
)


def _as_json(value: Any) -> bytes:
    # `json` writes an integer of some thousand digits only where Python may.
    return json.dumps(value, default=str).encode("utf-8", errors="surrogatepass")


_bodies = st.one_of(
    st.builds(_as_json, _documents),
    st.binary(max_size=40),
    st.sampled_from(
        [
            b"[" * 2000,
            *(_nested(depth, place) for depth in (400, 900, 990, 5000) for place in _PLACES),
            b'{"header":' * 3000,
            b'{"a":' + b"9" * 5000 + b"}",
            b'{"a":1e999999}',
            b"\xff\xfe{\x00}\x00",
            b"\x1f\x8b\x08\x00broken",
            b"{" + b",".join([b'"a":1'] * 400) + b"}",
            b'{"header":{"result_code":"00"},"body":{}}{"access_token":1}',
        ]
    ),
)
_fields = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("Date", "Retry-After", "Content-Type", "Content-Length", "Content-Encoding"),
                *("Set-Cookie", "Cache-Control", "Allow", "Location", "Authorization", "X-Odd"),
                *("WWW-Authenticate", "Transfer-Encoding", "Content-Location"),
            ]
        ),
        _texts | st.sampled_from(["gzip", "deflate", "gzip, deflate, x", "application/json", "5"]),
    ),
    max_size=4,
)
_answers = st.builds(
    Answer,
    status=st.sampled_from([200, 204, 302, 400, 401, 403, 405, 429, 500, 503, 599, 999]),
    reason=_texts,
    version=st.sampled_from(["HTTP/1.1", "HTTP/1.0"]),
    headers=st.builds(lambda rows: (("Content-Type", "application/json"), *rows), _fields),
    body=_bodies,
    missing=st.sampled_from([0, 0, 0, 0, -1, 7]),
    ended=st.sampled_from(["", "closed", "silent"]),
    keeps_open=st.booleans(),
)
_faults = st.builds(
    Fault,
    kind=st.sampled_from(["dropped", "timed-out", "not-http", "too-long"]),
    detail=_texts,
    came=_bodies,
)
_drawn = st.lists(st.one_of(_answers, _answers, _answers, _faults), min_size=1, max_size=12)


def _with(
    exchanges: Sequence[Exchange], drawn: Sequence[Answer | Fault], chance: Any
) -> list[Exchange]:
    """Return exchanges, some of them with what was drawn in place of their answers."""
    made = list(exchanges)
    for result in drawn:
        for at in chance.sample(range(len(made)), 5):
            answer = result if isinstance(result, Answer) else None
            fault = result if isinstance(result, Fault) else None
            stray = answer.body[:40] if answer is not None and answer.missing else b""
            made[at] = replace(made[at], answer=answer, fault=fault, stray=stray)
    return made


def _run(folder: Path, exchanges: Sequence[Exchange]) -> Run:
    """Return a run that has sent, and got these answers."""
    run = Run(contract(), TARGET, 1, folder, is_whole=True, _sent=True)
    for exchange in exchanges:
        run.recording.add(exchange)
    return run


@given(drawn=_drawn, chance=st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_check_and_no_report_raises_whatever_is_answered(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[Answer | Fault], chance: Any
) -> None:
    folder = tmp_path_factory.getbasetemp()
    run = _run(folder, _with(conforming_run()[::3], drawn, chance))
    assert [one for one in run.verdicts if is_broken_down(one)] == []
    status = exit_status(run.verdicts)
    assert statement(run, status, "ko")["clauses"]
    assert junit(run, status, "ko")
    assert step_summary(run, status, "en")
    assert list(lines(run, status, "en", []))
    write_har(folder / "x.har", run)


def _breaking(name: str, odd: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a check raise, with a text that tells a secret: one of single exchanges at one of them."""
    check = CHECKS[name]

    def at_all(*_: Any) -> Any:
        raise OverflowError("a secret that was in a value")

    def at_one(view: View, clause: Clause, exchange: Exchange) -> Deviation | None:
        if exchange is odd:
            raise OverflowError("a secret that was in a value")
        assert check.exchange is not None
        return check.exchange(view, clause, exchange)

    changed_to: dict[str, Any] = {check.kind: at_one if check.exchange is not None else at_all}
    broken = replace(check, **changed_to)
    for module in ("checks", "verdicts.judge"):
        monkeypatch.setattr(f"esignon_conformance.{module}.CHECKS", {**CHECKS, name: broken})


# One of each kind, and of those about single exchanges one that others build on.
@pytest.mark.parametrize(
    "check", ["json-text", "media-type", "outcome", "success-equals", "observe-refusals"]
)
def test_an_error_of_ours_takes_the_verdict_of_its_clause_and_no_other(
    monkeypatch: pytest.MonkeyPatch, check: str
) -> None:
    odd = success()
    exchanges = [*conforming_run(), odd]
    before = verdicts(exchanges)
    _breaking(check, odd, monkeypatch)
    after = verdicts(exchanges)
    broken = {name for name, one in after.items() if is_broken_down(one)}
    own = {one.id for one in contract().clauses.values() if one.check == check}
    assert broken
    assert own - broken <= _built_on(broken), "SUC-16 is not judged without SUC-2, say"
    assert broken <= own
    for name in broken:
        reason = after[name].reason
        assert reason is not None
        assert reason.words == (("kind", "OverflowError"),)
    # What is judged only where that clause holds could not be judged, either; all the rest stands.
    building = _built_on(broken)
    for name in set(after) - broken:
        if name == "SUC-8" and check == "json-text":
            # The answer that nobody could read was that to a right login.
            assert str(after[name].reason).find("one-without-outcome") > 0
        elif name not in building:
            assert after[name].verdict == before[name].verdict, name
        elif before[name].verdict != "not-judged":
            assert after[name].verdict == "could-not-judge", name


def _built_on(clauses: set[str]) -> set[str]:
    """Return the clauses that are judged only where all of some others stand."""
    found = set(clauses)
    while True:
        more = {
            one.id for one in contract().clauses.values() if found.intersection(one.depends_on)
        } - found
        if not more:
            return found
        found |= more


def test_a_run_in_which_a_check_broke_down_ends_with_3_and_keeps_its_other_verdicts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = success(changes={"/body/expire_date": "1999-01-01"})
    _breaking("success-equals", odd, monkeypatch)
    run = _run(tmp_path, [*basis(), odd])
    assert run.by_clause["SUC-4"].verdict == "fails"
    assert run.by_clause["SUC-5"].verdict == "could-not-judge"
    status = exit_status(run.verdicts, internal_error=run.internal_error)
    assert status == EXIT_INTERNAL
    assert "at SUC-2, SUC-5; what it says of the other clauses stands" in headline(
        run, status, "en"
    )
    clauses = {one["id"]: one for one in statement(run, status, "en")["clauses"]}
    assert clauses["SUC-5"]["reason"] == "an error of the suite itself (OverflowError)"
    assert "secret" not in str(clauses["SUC-5"])
    assert junit(run, 3, "en").count("an error of the suite itself (OverflowError)") >= 1
