"""Bare 502, 503 and 504 under load: sent again as in a run, and what is said of those that stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from esignon_conformance.load.gateway_tries import Came, GatewayTries
from esignon_conformance.load.pace import LoadPace
from esignon_conformance.tools.traffic.load_frames import Sent
from esignon_conformance.verdicts.exit_status import EXIT_COULD_NOT_JUDGE, exit_status
from selftest.support.archives import failing, verdict
from selftest.support.load_runs import box, judged_load, logins, sent


def _came(status: int, *, headers: tuple[tuple[str, str], ...] = (), body: bytes = b"") -> Came:
    return Came(status, headers, body, "", 0.0, 0.01)


class _Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize(
    ("statuses", "is_alone", "expected"),
    [
        # The status that counts, the tries, and what was gone.
        ((502, 200), True, (200, 2, (502,))),
        ((504, 502, 200), False, (200, 3, (504, 502))),
        ((502, 502, 502), False, (502, 3, ())),
        ((503, 503, 503), True, (503, 3, ())),
        # Other processes go on, and may be why.
        ((503, 503, 503), False, (503, 1, ())),
        ((503, 200), False, (200, 2, (503,))),
        ((500,), True, (500, 1, ())),
        ((429,), True, (429, 1, ())),
    ],
)
def test_a_login_is_sent_twice_more_and_what_stays_counts(
    statuses: tuple[int, ...], is_alone: bool, expected: tuple[int, int, tuple[int, ...]]
) -> None:
    clock, comes = _Clock(), iter([_came(one) for one in statuses])
    tries = GatewayTries(clock.sleep, is_alone=is_alone)
    pace = LoadPace(0.0, None, clock.sleep, lambda: clock.now)
    came, count, gone = tries.tried(next(comes), pace, lambda: next(comes))
    assert (came.status, count, gone) == expected
    assert list(comes) == []
    # A second before each that a busy server gets again, and the others wait as long.
    assert clock.now == pytest.approx(sum(one == 503 for one in statuses[:2]))


@pytest.mark.parametrize(
    "came",
    [
        _came(503, headers=(("retry-after", "3"),)),
        _came(502, body=b' {"header": {}}'),
    ],
)
def test_a_limit_and_an_envelope_are_the_servers_word(came: Came) -> None:
    tries = GatewayTries(lambda _seconds: None)
    pace = LoadPace(0.0, None, lambda _seconds: None)
    assert tries.tried(came, pace, lambda: pytest.fail("sent again")).came is came


def test_requests_that_are_used_up_are_not_sent_again_and_few_are_at_all() -> None:
    tries, clock = GatewayTries(lambda _seconds: None), _Clock()
    pace = LoadPace(0.0, 3, clock.sleep, lambda: clock.now)
    assert tries.tried(_came(502), pace, lambda: _came(502)).tries == 3
    assert tries.tried(_came(502), pace, lambda: _came(502)) == (_came(502), 1, ())
    pace = LoadPace(0.0, None, clock.sleep, lambda: clock.now)
    seen = [tries.tried(_came(502), pace, lambda: _came(502)).tries for _ in range(20)]
    assert seen.count(3) == 8


def _rows(count: int) -> Iterator[Sent]:
    served = box()
    yield from (sent(one, at / 100, 0.005, served) for at, one in enumerate(logins(count)))


def _bare(row: Sent, tries: int) -> Sent:
    return row._replace(status=502, answer_headers=[], answer_body=b"", tries=tries)


@pytest.mark.parametrize(
    ("tries", "at_last", "word"),
    [(3, False, "fails"), (3, True, "could-not-judge"), (1, False, "could-not-judge")],
)
def test_what_stays_is_the_servers_once_it_comes_back(
    tries: int, at_last: bool, word: str, tmp_path: Path
) -> None:
    rows = list(_rows(60))
    place = len(rows) - 1 if at_last else 30
    rows[place] = _bare(rows[place], tries)
    run = judged_load(tmp_path, rows)
    found = verdict(run, "ENV-10")
    assert found.verdict == word
    assert failing(run) == ({"ENV-10"} if word == "fails" else set())
    if word != "fails":
        assert exit_status(run.verdicts) == EXIT_COULD_NOT_JUDGE
        assert found.reason is not None
        assert found.reason.key == "load-gateway"


def test_what_was_gone_is_counted_and_is_no_failure(tmp_path: Path) -> None:
    rows = list(_rows(60))
    rows[30] = rows[30]._replace(tries=3, gone=(502, 504))
    run = judged_load(tmp_path, rows)
    assert verdict(run, "ENV-10").verdict == "holds"
    assert run.traffic is not None
    assert run.traffic.load is not None
    assert run.traffic.load.gone == 2
