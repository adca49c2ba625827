"""Long answers: judged by all of it, kept as a little of it, and blamed for nothing but 8 MiB."""

from __future__ import annotations

import base64
import gzip
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.recording.condensed_answers import LONG_TEXT
from esignon_conformance.recording.response import read
from esignon_conformance.redaction.long_text import LONGEST, excerpt
from esignon_conformance.runner.run import Run
from esignon_conformance.transport.messages import Exchange
from esignon_conformance.verdicts.model import Verdict
from selftest.support.exchanges import (
    MADE_UP,
    TARGET,
    answered,
    conforming_run,
    contract,
    header_of,
    plain,
    refusal,
    success,
    with_answer,
)
from selftest.support.judged import basis, failing

SECRET = plain(MADE_UP.password)
FRAME = "at com.example.login.LoginService.check(LoginService.java:77)"
PADS = {
    "x": "x" * 300_000,
    "escaped": "%41" * 100_000,
    "words": " ".join(random.Random(1).choices(["alpha", "beta", "gamma"], k=50_000)),  # noqa: S311 - no secret
    "digits": "0123456789abcdef" * 20_000,
}


def run_of(exchanges: Sequence[Exchange], folder: Path) -> Run:
    """Return a run that has sent, and got these answers."""
    run = Run(contract(), TARGET, 1, folder, is_whole=True, _sent=True)
    for exchange in exchanges:
        run.recording.add(exchange)
    return run


def judged(exchanges: Sequence[Exchange], folder: Path) -> dict[str, Verdict]:
    """Return the verdicts of such a run."""
    return run_of(exchanges, folder).by_clause


def padded(exchange: Exchange, pad: Any, *, zipped: bool = False) -> Exchange:
    """Return an exchange whose answer has a long extra member."""
    made = with_answer(exchange, {"/extra": pad})
    if not zipped or made.answer is None:
        return made
    headers = (*made.answer.headers, ("Content-Encoding", "gzip"))
    body = gzip.compress(made.answer.body, 1)
    return replace(made, answer=replace(made.answer, headers=headers, body=body))


def kept(run: Run) -> int:
    """Return how many bytes of answers a run keeps."""
    rows = [one for one in run.recording.exchanges if one.answer is not None]
    bodies = sum(len(one.answer.body) for one in rows if one.answer is not None)
    return bodies + sum(len(read(one).content) for one in rows)


@pytest.mark.parametrize(("kind", "zipped"), [("x", False), ("escaped", True), ("words", False)])
def test_a_long_extra_member_is_an_undocumented_member_and_nothing_more(
    kind: str, zipped: bool, tmp_path: Path
) -> None:
    long = [
        padded(one, PADS[kind], zipped=zipped)
        if one.answer is not None and one.answer.body
        else one
        for one in conforming_run()[::4]
    ]
    plain_run = judged(conforming_run()[::4], tmp_path)
    run = run_of(long, tmp_path)
    assert failing(run.by_clause) == {"ENV-8"}
    same = {name for name in plain_run if plain_run[name].verdict == run.by_clause[name].verdict}
    assert set(plain_run) - same == {"ENV-8"}
    assert kept(run) < 40_000 * len(long)


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(
    ("clause", "told"), [("SEC-1", SECRET), ("SEC-4", FRAME)], ids=["password", "frame"]
)
def test_what_stands_in_the_middle_of_a_long_answer_is_found(
    clause: str, told: str, zipped: bool, tmp_path: Path
) -> None:
    pad = f"{PADS['x']} {told} {PADS['x']}"
    wrong = refusal("unknown-email")
    clean = padded(wrong, PADS["x"])
    leaking = padded(replace(wrong, id="leaking"), pad, zipped=zipped)
    found = judged([*basis(), clean, leaking, replace(leaking, id="again")], tmp_path)
    assert failing(found) == {clause, "ENV-8"}
    assert found[clause].findings[0].exchanges == ("leaking", "again")


@pytest.mark.parametrize(
    ("clause", "told"), [("SEC-1", SECRET), ("SEC-4", FRAME)], ids=["password", "frame"]
)
def test_what_stands_amid_long_runs_that_are_new_each_time_is_found(
    clause: str, told: str, tmp_path: Path
) -> None:
    drawn = random.Random(2)  # noqa: S311 - no secret

    def run_of_base64() -> str:
        return base64.b64encode(drawn.randbytes(90_000)).decode()

    wrong = refusal("unknown-email")
    clean = [padded(wrong, run_of_base64()) for _ in range(3)]
    leaking = padded(replace(wrong, id="leaking"), f"{run_of_base64()}\n{told} {run_of_base64()}")
    found = judged([*basis(), *clean, leaking], tmp_path)
    assert failing(found) == {clause, "ENV-8"}
    assert found[clause].findings[0].exchanges == ("leaking",)


def test_what_stands_in_a_long_page_is_found(tmp_path: Path) -> None:
    page = f"<html>{PADS['words']}<pre>{SECRET}\n    {FRAME}</pre>{PADS['words']}".encode()
    found = judged([*basis(), answered("unknown-email", page)], tmp_path)
    assert {"SEC-1", "SEC-4", "ENV-1"} <= failing(found)


@pytest.mark.parametrize("same", [True, False])
def test_long_values_are_the_same_or_not_as_they_were(same: bool, tmp_path: Path) -> None:
    """Two tokens that differ in their middle alone."""
    tokens = [f"{PADS['digits']}{number}{PADS['digits']}" for number in (1, 1 if same else 2)]
    rows = [
        success(case, {"/body/access_token": token})
        for case, token in zip(("right-login", "right-login-second"), tokens, strict=True)
    ]
    found = judged([*basis()[2:], *rows], tmp_path)
    assert failing(found) == ({"SUC-10"} if same else set())


def test_a_cache_in_front_is_told_by_long_bodies_too(tmp_path: Path) -> None:
    path = success().request.target
    rows = [one for one in conforming_run() if one.request.target == path]
    first = padded(success(), PADS["x"][:60_000]).answer
    same = [replace(one, answer=first) for one in rows if one.request.method == "POST"][:60]
    same += [replace(one, answer=first) for one in rows if one.situation == "malformed"]
    assert "REQ-9" in failing(judged([replace(success(), answer=first), *same], tmp_path))
    assert first is not None
    other = [
        replace(one, answer=replace(first, body=first.body.replace(b"xxx", b"x%dx" % at, 1)))
        for at, one in enumerate(same)
    ]
    assert "REQ-9" not in failing(judged([replace(success(), answer=first), *other], tmp_path))


@pytest.mark.slow
def test_many_short_values_are_as_long_as_a_long_one(tmp_path: Path) -> None:
    many = {f"m{number}": [number, "x"] for number in range(30_000)}
    document = {"extra": many, "list": [[]] * 50_000}
    late = {**many, "header": header_of("10")}
    run = run_of(
        [*basis(), padded(refusal("unknown-email"), document), answered("unknown-email", late)],
        tmp_path,
    )
    assert failing(run.by_clause) == {"ENV-8"}
    assert kept(run) < 400_000
    assert len(json.dumps(read(run.recording.exchanges[-1]).text.value)) < 2 * LONGEST


def nested(exchange: Exchange, depth: int, inner: str = "") -> Exchange:
    """Return an exchange whose answer has an extra member of so many arrays in one another."""
    assert exchange.answer is not None
    extra = f', "extra": {"[" * depth}{inner}{"]" * depth}}}'.encode()
    body = exchange.answer.body.rstrip()[:-1] + extra
    return replace(exchange, answer=replace(exchange.answer, body=body))


@pytest.mark.parametrize(
    "depth", [850, 960, 1000, 5000, pytest.param(100_000, marks=pytest.mark.slow)]
)
def test_the_verdicts_on_a_deep_answer_hang_on_no_limit_of_the_interpreter(
    depth: int, tmp_path: Path
) -> None:
    wrong = refusal("unknown-email")
    deep = [*basis(), *(replace(nested(wrong, depth), id=f"deep {at}") for at in range(2))]
    limit = sys.getrecursionlimit()
    found = []
    for at, one in enumerate((limit, limit * 20)):
        (tmp_path / str(at)).mkdir()
        sys.setrecursionlimit(one)
        try:
            read.cache_clear()
            found.append(judged(deep, tmp_path / str(at)))
        finally:
            sys.setrecursionlimit(limit)
    assert failing(found[0]) == failing(found[1]) == {"ENV-8"}
    assert {name: one.verdict for name, one in found[0].items()} == {
        name: one.verdict for name, one in found[1].items()
    }


def test_what_stands_in_the_innermost_of_a_deep_answer_is_found(tmp_path: Path) -> None:
    deep = nested(refusal("unknown-email"), 5000, f'"{SECRET}", "{FRAME}"')
    assert failing(judged([*basis(), deep], tmp_path)) == {"SEC-1", "SEC-4", "ENV-8"}


def test_a_deep_answer_takes_time_by_its_length_alone(tmp_path: Path) -> None:
    def seconds(depth: int) -> float:
        began = time.process_time()
        run_of([nested(refusal("unknown-email"), depth)], tmp_path)
        return time.process_time() - began

    shallow = min(seconds(5000) for _ in range(3))
    # Eight times as long: 64 times the time, if it were not linear.
    assert min(seconds(40_000) for _ in range(2)) < 24 * shallow


def test_what_is_written_of_a_long_answer_is_short_and_says_what_was_left_out(
    tmp_path: Path,
) -> None:
    run = run_of([padded(success(), PADS["x"])], tmp_path)
    row = run.recording.row(run.recording.exchanges[0])
    assert "[… 300000 characters, SHA-256 " in row["answer"]["body"]
    assert len(row["answer"]["body"]) < LONG_TEXT
    data = b"begin" + b"x" * 300_000 + "끝".encode()
    assert excerpt(data).startswith(b"begin")
    assert excerpt(data).endswith("끝".encode())
    assert len(excerpt(data)) < LONGEST
    assert excerpt("한".encode() * 100_000).decode().count("한") > 5000
