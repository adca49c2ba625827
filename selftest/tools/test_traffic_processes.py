"""However many processes judge a file, and wherever its batches end, the statement on it is the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from esignon_conformance.reports.statement import statement
from esignon_conformance.runner.run import Run
from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.tools.traffic import batches
from esignon_conformance.tools.traffic.batch_result import BatchResult
from esignon_conformance.tools.traffic.many_numbers import ManyNumbers
from selftest.support.archives import failing, judged, verdict
from selftest.support.large_archive import Entry, write_archive
from selftest.support.recorders import login

_SIZE = 300_000


def _answer(row: Entry) -> dict[str, Any]:
    content: dict[str, Any] = row["response"]["content"]
    content.pop("encoding", None)
    return content


def _with_answer(row: Entry, value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    _answer(row).update(text=text, size=len(text.encode()))


def _with_body(row: Entry, text: str) -> None:
    request, length = row["request"], len(text.encode())
    request["postData"]["text"], request["bodySize"] = text, length
    for field in request["headers"]:
        if field["name"] == "content-length":
            field["value"] = str(length)


def _refused(code: str, **more: object) -> dict[str, object]:
    header = {"response_code": "1001A", "result_code": code, "result_msg": "x", "session_id": ""}
    return {"header": header, **more}


def _issued(token: str) -> dict[str, object]:
    body = {
        "access_token": token,
        "comp_id": "dalbit",
        "device_id": "d1",
        "expire_date": "2999-01-01",
        "memb_email": "a@mail.test",
    }
    return _refused("00", body=body)


class Faults:
    """Spoils logins of a file, some of them by what others far from them hold."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - no secret is drawn
        self._tokens = ["Zx9" * 20]
        self._sent: list[str] = []

    def __call__(self, _number: int, row: Entry) -> None:
        """Spoil a login, or remember what it holds."""
        spoils = (
            self._known_token, self._new_token, self._token_in_refusal, self._token_in_cookie,
            self._password_in_head, self._remembered, self._sent_again, self._page, self._half,
            self._aborted,
        )  # fmt: skip
        at = self._random.randrange(24)
        if at < len(spoils):
            spoils[at](row)

    def _known_token(self, row: Entry) -> None:
        _with_answer(row, _issued(self._random.choice(self._tokens)))

    def _new_token(self, row: Entry) -> None:
        self._tokens.append(f"Tk{self._random.getrandbits(120):x}")
        _with_answer(row, _issued(self._tokens[-1]))

    def _token_in_refusal(self, row: Entry) -> None:
        _with_answer(row, _refused("10", body={"note": self._random.choice(self._tokens)}))

    def _token_in_cookie(self, row: Entry) -> None:
        _with_answer(row, _refused("12"))
        cookie = f"sid={self._random.choice(self._tokens)}; Path=/"
        row["response"]["headers"].append({"name": "set-cookie", "value": cookie})

    def _password_in_head(self, row: Entry) -> None:
        sent = json.loads(row["request"]["postData"]["text"])
        password = sent["body"].get("memb_pwd", "-")
        row["response"]["headers"].append({"name": "x-debug", "value": password})

    def _remembered(self, row: Entry) -> None:
        self._sent.append(row["request"]["postData"]["text"])
        _with_answer(row, _refused("12"))

    def _sent_again(self, row: Entry) -> None:
        if self._sent:
            _with_body(row, self._random.choice(self._sent))
            _with_answer(row, _refused(self._random.choice(("12", "99"))))

    def _page(self, row: Entry) -> None:
        row["response"]["status"] = self._random.choice((502, 500, 403))
        _answer(row).update(text="<html>at java.lang.X.y(X.java:1)</html>", size=38)

    def _half(self, row: Entry) -> None:
        _with_answer(row, {"header": {"result_code": "00"}})

    def _aborted(self, row: Entry) -> None:
        row["response"]["status"] = 0


def told(run: Run) -> object:
    """Return the statement of a run and what was kept of its exchanges, but for moments."""
    said = statement(run, 1, "en")
    lines = (run.report_dir / "exchanges.jsonl").read_text("utf-8")
    return {name: value for name, value in said.items() if name not in _OF_A_MOMENT}, lines


_OF_A_MOMENT = ("started", "finished", "seconds", "run", "duration_seconds", "date")


@pytest.mark.parametrize("seed", range(4))
def test_the_statement_is_the_same_with_one_process_and_with_several(
    tmp_path: Path, seed: int
) -> None:
    file = tmp_path / "a.har"
    write_archive(file, _SIZE, seed, Faults(seed))
    alone, shared = (
        judged(file, batch_size=5, processes=count, report=tmp_path / str(count))
        for count in (0, 2)
    )
    assert told(alone) == told(shared)
    assert len(failing(alone)) > 3


def _shared_token(number: int, row: Entry) -> None:
    _with_answer(row, _issued("Zx9" * 20 if number in (0, 11) else f"{number:040}"))


def _token_in_body(number: int, row: Entry) -> None:
    token = "Zx9" * 20
    later = _refused("10", body={"note": token if number == 11 else ""})
    _with_answer(row, _issued(token) if number == 0 else later)


def _token_in_cookie(number: int, row: Entry) -> None:
    token = "Zx9" * 20
    _with_answer(row, _issued(token) if number == 0 else _refused("10"))
    if number == 11:
        row["response"]["headers"].append({"name": "set-cookie", "value": f"s={token}; Path=/"})


def _token_before(number: int, row: Entry) -> None:
    token = "Zx9" * 20
    first = _refused("10", body={"note": token})
    _with_answer(row, first if number == 0 else _issued(token if number == 5 else f"{number:040}"))


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        (_shared_token, "SUC-10"),
        (_token_in_body, "REJ-10"),
        (_token_in_cookie, "REJ-10"),
        (_token_before, "REJ-10"),
    ],
)
@pytest.mark.parametrize("batch_size", [4, 500])
def test_what_two_batches_show_together_is_found(
    tmp_path: Path, change: Callable[[int, Entry], None], clause: str, batch_size: int
) -> None:
    file = tmp_path / "a.har"
    write_archive(file, 60_000, 1, change)
    found = verdict(judged(file, batch_size=batch_size, processes=1), clause)
    assert found.verdict == "fails"
    assert sum(len(one.exchanges) for one in found.findings) == 1


def test_a_cookie_that_the_request_brought_gives_no_token_away(tmp_path: Path) -> None:
    def rolling(number: int, row: Entry) -> None:
        _token_in_cookie(number, row)
        row["request"]["headers"].append({"name": "Cookie", "value": f"a=1; s={'Zx9' * 20}"})

    write_archive(file := tmp_path / "a.har", 60_000, 1, rolling)
    assert verdict(judged(file, batch_size=4, processes=1), "REJ-10").verdict == "holds"


def _with_request(row: Entry, company: str, email: str, password: str) -> None:
    row["request"]["url"] = f"https://login.test/api/{company}/login"
    _with_body(row, login(company, email, password).body)


def _one_wrong_code(number: int, row: Entry) -> None:
    account = box_accounts()["main"]
    is_right = number % 2 == 0
    password = account.password.get_secret_value() if is_right else f"Wrong-{number}-7431"
    _with_request(row, account.company, account.email.get_secret_value(), password)
    _with_answer(row, _issued("t" * 40) if is_right else _refused("12" if number == 7 else "10"))


@pytest.mark.parametrize("batch_size", [1, 500])
def test_one_wrong_code_among_other_requests_of_its_kind_is_no_unsteady_server(
    tmp_path: Path, batch_size: int
) -> None:
    file = tmp_path / "a.har"
    write_archive(file, 60_000, 1, _one_wrong_code)
    found = verdict(judged(file, batch_size=batch_size), "REJ-1")
    assert (found.verdict, len(found.findings[0].exchanges)) == ("fails", 1)


def _expiring_anew(number: int, row: Entry) -> None:
    account = box_accounts()["main"]
    _with_request(
        row,
        account.company,
        account.email.get_secret_value(),
        account.password.get_secret_value(),
    )
    _with_answer(row, _issued(f"{number:040}"))


@pytest.mark.parametrize("batch_size", [1, 3, 500])
def test_whether_a_login_gets_the_same_again_is_observed_over_the_whole_file(
    tmp_path: Path, batch_size: int
) -> None:
    file = tmp_path / "a.har"
    write_archive(file, 30_000, 1, _expiring_anew)
    found = verdict(judged(file, batch_size=batch_size), "SUC-15").observed
    assert [found[name] for name in ("access_token", "device_id")] == ["differs", "same"]


def _with_texts(number: int, row: Entry) -> None:
    """Let a file begin with successes alone, and refusals have many texts, some with commas."""
    codes = ("00", "00", "00", "10", "10", "12", "10", "12", "12")
    code = codes[min(number, len(codes) - 1)]
    refused = _refused(code)
    header = refused["header"]
    assert isinstance(header, dict)
    header["result_msg"] = (
        (f"Z, {number % 2}", "A")[number % 3 == 0] if code == "12" else f"No {number}."
    )
    _with_answer(row, _issued(f"{number:040}") if code == "00" else refused)


@pytest.mark.parametrize(
    "change", [Faults(5), Faults(6), _with_texts, _one_wrong_code, _expiring_anew]
)
def test_the_statement_is_the_same_wherever_batches_end(
    tmp_path: Path, change: Callable[[int, Entry], None]
) -> None:
    file = tmp_path / "a.har"
    write_archive(file, 100_000, 5, change)
    whole, *others = (
        told(judged(file, batch_size=size, report=tmp_path / str(size))) for size in (500, 1, 3, 7)
    )
    for other in others:
        assert other == whole


def _spoilt(monkeypatch: pytest.MonkeyPatch, spoil: Callable[[], None]) -> None:
    """Let the judge of every process but this one meet something before its third batch."""
    own, before, count = os.getpid(), batches.BatchJudge.judge, [0]

    def judge(self: batches.BatchJudge, exchanges: Any, losses: Any) -> BatchResult:
        count[0] += 1
        if os.getpid() != own and count[0] > 2:
            spoil()
        return before(self, exchanges, losses)

    monkeypatch.setattr(batches.BatchJudge, "judge", judge)


def _raise() -> None:
    raise RuntimeError


@pytest.mark.parametrize("spoil", [lambda: os._exit(9), _raise])
def test_what_a_process_leaves_undone_is_judged_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[], None]
) -> None:
    file = tmp_path / "a.har"
    write_archive(file, _SIZE, 1, Faults(1))
    alone = judged(file, batch_size=5, report=tmp_path / "0")
    _spoilt(monkeypatch, spoil)
    assert told(alone) == told(judged(file, batch_size=5, processes=2, report=tmp_path / "2"))


@pytest.mark.slow
def test_a_file_is_judged_without_what_a_load_run_needs(tmp_path: Path) -> None:
    file = tmp_path / "a.har"
    write_archive(file, 10_000)
    code = (
        "import sys; sys.modules['msgpack'] = sys.modules['locust'] = None\n"
        "from esignon_conformance.app.cli.main import main\n"
        f"sys.exit(main(['judge', {str(file)!r}, '--report-dir', {str(tmp_path / 'report')!r}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_many_numbers_are_found_among_those_that_were_added() -> None:
    many, random = ManyNumbers(), Random(1)  # noqa: S311 - no secret is drawn
    added = [random.getrandbits(64) - 2**63 for _ in range(120_000)]
    for number in added:
        many.add(number)
    wanted = {*added[::1000], added[-1]}
    assert many.among({*wanted, *range(100)}) == wanted
