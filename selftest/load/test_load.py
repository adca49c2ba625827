"""What a load run sends, waits for and counts: its plan, its pace and its figures."""

from __future__ import annotations

import csv
import json
import random
import socket
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.load.logins import SHARES, Logins
from esignon_conformance.load.pace import LoadPace
from esignon_conformance.load.plan import LoadOptions, LoadPlan, plan_of, read_accounts
from esignon_conformance.load.recorder import (
    MOST_BYTES,
    MOST_SQUEEZED,
    MOST_WAITING,
    Recorder,
)
from esignon_conformance.recording.load import Latencies, LoadFigures
from esignon_conformance.reports.statement_diff import Statement, compare
from esignon_conformance.runner.requests.contract_check import load
from esignon_conformance.target.target import PRODUCTION
from esignon_conformance.tools.traffic.load_frames import Frames, Sent, packed


def _plan(**changes: Any) -> LoadPlan:
    return plan_of(LoadOptions(**{"base_url": "http://127.0.0.1:9", "accounts": "box", **changes}))


def test_no_wrong_password_for_a_real_account_is_ever_sent() -> None:
    plan = _plan()
    right = {one.email.get_secret_value(): one.password.get_secret_value() for one in plan.accounts}
    logins = Logins(plan, load().operation, random.Random(1))  # noqa: S311 - the same draws each time
    seen = set()
    for login in (logins.draw() for _ in range(3000)):
        seen.add(login.situation)
        text = login.body.decode()
        if login.situation == "right":
            body = json.loads(text)["body"]
            assert right[body["memb_email"]] == body["memb_pwd"]
        else:
            assert not any(email in text for email in right)
    assert seen == set(SHARES)


def test_the_rate_and_the_requests_are_those_of_all_processes_together() -> None:
    plan = _plan(rate=10.0, requests=100, processes=4)
    assert plan.interval == pytest.approx(0.4)
    assert plan.most_requests == 25


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rate": 0.0}, "--rate 0"),
        ({"rate": -1.0}, "--rate -1"),
        ({"rate": float("nan")}, "--rate nan"),
        ({"requests": 0}, "--max-requests 0"),
        ({"answer_timeout": 0.0}, "--answer-timeout 0"),
        ({"answer_timeout": float("inf")}, "--answer-timeout inf"),
    ],
)
def test_a_limit_that_is_none_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError) as told:
        _plan(**changes)
    assert told.value.text("en") == f"{says} has to be more than 0"


def test_a_pace_gives_turns_one_after_the_other_and_ends() -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    pace = LoadPace(0.5, 3, sleep, lambda: now[0])
    assert [pace.turn() for _ in range(4)] == [True, True, True, False]
    assert now[0] == pytest.approx(1.0)


def test_a_429_holds_all_users_of_a_process() -> None:
    now = [0.0]
    pace = LoadPace(0.0, None, lambda seconds: now.__setitem__(0, now[0] + seconds), lambda: now[0])
    pace.hold("7")
    assert pace.turn()
    assert now[0] == pytest.approx(7)


def test_what_waits_for_the_judge_is_bounded_in_number_and_in_bytes() -> None:
    class Waits(Exception):
        pass

    def sleep(_seconds: float) -> None:
        raise Waits

    sent = Sent("right", "", 0.0, 0.0, "", [], b"", 200, "", "", [], b"", "")
    recorder = Recorder("", sleep)
    for _ in range(MOST_WAITING):
        recorder.add(sent)
    with pytest.raises(Waits):
        recorder.add(sent)
    recorder = Recorder("", sleep)
    recorder.add(sent._replace(answer_body=bytes(MOST_BYTES)))
    with pytest.raises(Waits):
        recorder.add(sent)


def test_what_the_judge_has_no_time_for_waits_squeezed_within_a_bound() -> None:
    class Waits(Exception):
        pass

    def fill(recorder: Recorder) -> int:
        for count in range(1000):
            body = chance.randbytes(100_000)
            try:
                recorder.add(sent._replace(began=float(count), answer_body=body))
            except Waits:
                return count
            recorder.hand_on()
        raise AssertionError

    def waits(seconds: float) -> None:
        if seconds:
            raise Waits

    recorder = Recorder("", waits)
    here, there = socket.socketpair()
    chance = random.Random(1)  # noqa: S311 - bytes that nothing can squeeze
    sent = Sent("right", "", 0.0, 0.0, "", [], b"", 200, "", "", [], b"", "")
    with here, there:
        recorder.attach(here)
        count = fill(recorder)
        # Nobody has read anything, and what waits is about what it may be.
        assert MOST_SQUEEZED <= count * 100_000 <= MOST_SQUEEZED + 2_000_000
        recorder.tell({"say": "strain"})
        there.settimeout(0)
        frames, found = Frames(), list[Any]()
        recorder.sleep = lambda _seconds: found.extend(frames.add(there.recv(1 << 20)))
        recorder.close()
        recorder.sleep(0)
    rows = [row for value in found if isinstance(value, list) for row in value]
    assert [Sent(*row).began for row in rows] == list(range(count))
    assert found[-1] == {"say": "done"}
    # What is told is not behind all that waits.
    assert found.index({"say": "strain"}) < len(found) / 2


def test_what_waits_is_handed_on_in_frames_and_makes_room() -> None:
    recorder = Recorder("", lambda _seconds: None)
    here, there = socket.socketpair()
    with here, there:
        recorder.attach(here)
        for number in range(450):
            recorder.add(Sent("right", "", number, 0.0, "", [], b"", 200, "", "", [], b"12", ""))
        recorder.close()
        frames = list(Frames().add(there.recv(1 << 20)))
    assert [len(one) for one in frames[:-1]] == [200, 200, 50]
    assert frames[-1] == {"say": "done"}
    assert recorder.waiting == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"base_url": "https://docs.esignon.net.example"}, "docs.esignon.net.example"),
        ({"requests": 2, "processes": 3}, "2"),
    ],
)
def test_what_may_not_be_put_under_load_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        _plan(**changes)
    assert says in caught.value.text("en")


def test_the_production_service_is_refused_even_where_it_is_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("COMPANY_ID", "MEMB_EMAIL", "MEMB_PWD"):
        monkeypatch.setenv(f"ESIGNON_{name}", "a@example.invalid")
    url = f"https://{PRODUCTION}"
    with pytest.raises(ConfigurationError) as caught:
        _plan(base_url=url, accounts=None, allow_host=(PRODUCTION,))
    assert caught.value.text("en").startswith(f"{PRODUCTION} is the vendor's production service")


def test_accounts_come_from_a_file_and_a_row_that_lacks_something_is_named(tmp_path: Path) -> None:
    file = tmp_path / "accounts.csv"
    with file.open("w", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(["company_id", "memb_email", "memb_pwd"])
        rows.writerow(["acme", "a@example.invalid", "Secret-1"])
    assert [one.company for one in read_accounts(file).values()] == ["acme"]
    file.write_text(file.read_text() + "acme,b@example.invalid,\n")
    with pytest.raises(ConfigurationError) as caught:
        read_accounts(file)
    assert "line 3" in caught.value.text("en")
    assert "Secret" not in caught.value.text("en")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("company,memb_email,pwd\nacme,a@example.invalid,Secret-1\n", "line 1: it has to name"),
        (
            "company_id,memb_email,memb_pwd\n"
            "acme,a@example.invalid,Secret-1\nother,a@example.invalid,Secret-2\n"
            "acme,a@example.invalid,Secret-3\n",
            "line 4: the account of line 2 once more",
        ),
    ],
)
def test_a_file_without_its_head_or_with_an_account_twice_is_refused(
    tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "accounts.csv"
    file.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        read_accounts(file)
    assert told in caught.value.text("en")
    assert "Secret" not in caught.value.text("en") + caught.value.text("ko")


def test_percentiles_are_right_to_two_percent_in_little_memory() -> None:
    latencies = Latencies()
    for number in range(1, 10_001):
        latencies.add(number / 10)
    assert latencies.percentile(50) == pytest.approx(500, rel=0.02)
    assert latencies.percentile(99) == pytest.approx(990, rel=0.02)
    assert len(latencies.buckets) < 1000


def test_throughput_leaves_out_the_broken_seconds_at_the_ends() -> None:
    figures = LoadFigures()
    for second, count in ((10, 1), (11, 50), (12, 70), (13, 2)):
        for _ in range(count):
            figures.add("right", "00", second + 0.5, 1.0, failed=False)
    assert figures.throughput == 60


def test_a_frame_that_is_cut_off_gives_nothing() -> None:
    frames = Frames()
    data = packed([["right", b"\xff"]]) + packed({"say": "done"})
    assert list(frames.add(data[:-1])) == [[["right", b"\xff"]]]
    assert list(frames.add(data[-1:])) == [{"say": "done"}]


def _load_statement(rate: float, p95: float, depth: str = "load") -> Statement:
    latency = {"situation": "right", "code": "00", "count": 9, "p50": 2.0, "p95": p95}
    figures = {"requests": 90, "failures": 0, "lost_workers": 0, "requests_per_second": rate}
    return Statement.model_validate(
        {
            "format": 1,
            "complete": True,
            "depth": depth,
            "seed": 1,
            "started": "",
            "language": "en",
            "suite": {"name": "esignon-conformance", "version": "1"},
            "target": {"kind": "traffic", "base_url": ""},
            "contract": {"sha256": ""},
            "clauses": [],
            "traffic": {"load": {**figures, "latency_ms": [latency]}},
        }
    )


def test_two_load_runs_compare_by_throughput_and_latency() -> None:
    changes = compare(_load_statement(400.0, 5.0), _load_statement(300.0, 9.0)).observed
    assert [(one.name, one.of, one.before, one.after) for one in changes] == [
        ("requests_per_second", "", "400.0", "300.0"),
        ("p95_ms", "right 00", "5.0", "9.0"),
    ]


def test_a_load_run_of_an_earlier_build_has_no_other_depth() -> None:
    old, new = _load_statement(400.0, 5.0, "quick"), _load_statement(400.0, 5.0)
    assert compare(old, new).differences == ()
