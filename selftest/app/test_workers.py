"""`-n N` over real processes: who sends what, one statement, and accounts that never come near a lock."""

from __future__ import annotations

import contextlib
import json
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.app.pytest_plugin.scheduling import KEEPER, OneKeeper
from esignon_conformance.runner.fuzzing.classification import NOBODY
from esignon_conformance.runner.fuzzing.draws import Draw
from esignon_conformance.runner.fuzzing.sharing import Keeper, Share, help_keeper
from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.target.limits import ELSEWHERE, ON_LOOPBACK, Budget
from esignon_conformance.tools.proof.judged_server import serving
from esignon_conformance.tools.reference.faults.registry import Fault, changed
from esignon_conformance.tools.reference.login import STEPS
from esignon_conformance.tools.reference.pipeline import Json, LoginRequest
from esignon_conformance.tools.reference.world import Account
from selftest.runner.test_interrupted_runs import going, recorded
from selftest.support.command import command, statement

_ROOT = Path(__file__).parents[2]
# Bounds that end by number and not by time, so that equal seeds draw the same.
_DEEP = ("--depth", "deep", "--max-examples", "30", "--fuzz-time", "60", "--lang", "en")
_RUNS = 10


def by_process(directory: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what each process sent, by the name that its requests carry."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in recorded(directory):
        if "request_id" in row:
            found[str(row["request_id"]).rpartition("-")[0]].append(row)
    return found


@pytest.fixture(scope="module")
def with_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the report folder of a deep run with three workers, whose TMPDIR lies deep."""
    directory = tmp_path_factory.mktemp("workers")
    deep = tmp_path_factory.mktemp("d" * 100)
    options = ("--seed", "11", "-n", "3", "--report-dir", str(directory))
    ran = command("run", *_DEEP, *options, TMPDIR=str(deep))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "CONFORMS" in ran.stdout
    assert "seed 11" in ran.stdout
    assert "nodes" not in ran.stdout
    assert not list(deep.glob("esignon-*"))
    return directory


def test_helpers_send_draws_and_the_keeper_everything_else(with_workers: Path) -> None:
    sent = by_process(with_workers)
    assert set(sent) == {"ec-b-gw0", "ec-b-gw1", "ec-b-gw2"}
    for helper in ("ec-b-gw1", "ec-b-gw2"):
        assert len(sent[helper]) > 20
        assert all(row["case"].startswith("draw-") for row in sent[helper])
    # No helper names a real account: the keeper alone counts what each was sent.
    helped = json.dumps([sent[one] for one in ("ec-b-gw1", "ec-b-gw2")])
    assert "<made-up email>" in helped or "made-up password" in helped
    for name in ("main", "second", "other", "blocked"):
        assert f"<{name} email>" not in helped
        assert f"<{name} password>" not in helped


def test_there_is_one_statement_and_one_result_of_each_test(with_workers: Path) -> None:
    found = statement(with_workers)
    assert (found["exit_status"], found["complete"]) == (0, True)
    assert found["requests"] == sum(len(rows) for rows in by_process(with_workers).values())
    paths = (with_workers / "allure-results").glob("*-result.json")
    names = [json.loads(path.read_text("utf-8"))["fullName"] for path in paths]
    histories = [
        json.loads(path.read_text("utf-8"))["historyId"]
        for path in (with_workers / "allure-results").glob("*-result.json")
    ]
    assert len(names) > 400
    assert len(histories) == len(set(histories))
    ids = [row["id"] for row in recorded(with_workers) if "case" in row]
    assert ids == [f"e{number}" for number in range(1, len(ids) + 1)]


@pytest.mark.slow
def test_the_same_seed_and_number_send_the_same_from_each_process(
    with_workers: Path, tmp_path: Path
) -> None:
    ran = command("run", *_DEEP, "--seed", "11", "-n", "3", "--report-dir", str(tmp_path))
    assert ran.returncode == 0, ran.stdout
    first, second = by_process(with_workers), by_process(tmp_path)
    for helper in ("ec-b-gw1", "ec-b-gw2"):
        bodies = [[row["request"]["body"] for row in one[helper]] for one in (first, second)]
        assert bodies[0] == bodies[1]
    drawn = [
        {row["case"] for row in one["ec-b-gw0"] if row["case"].startswith("draw-")}
        for one in (first, second)
    ]
    assert drawn[0] == drawn[1]


def test_helpers_draw_with_seeds_of_their_own(with_workers: Path) -> None:
    sent = by_process(with_workers)
    first, second = ({row["case"] for row in sent[f"ec-b-gw{n}"]} for n in (1, 2))
    assert len(first & second) < min(len(first), len(second)) / 2


def test_a_run_without_workers_does_not_load_what_it_does_not_need(tmp_path: Path) -> None:
    code = (
        "import sys; from esignon_conformance.app.cli.main import main\n"
        f"main(['run', '--depth', 'quick', '-k', 'SUC-1', '--report-dir', {str(tmp_path)!r}])\n"
        "heavy = ('xdist', 'execnet', 'pydantic', 'hypothesis', 'schemathesis', 'uvicorn')\n"
        "print('loaded:', [n for n in sys.modules if n.partition('.')[0] in heavy])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert "loaded: []" in done.stdout


def test_an_order_to_end_reaches_the_workers_and_ends_in_order(tmp_path: Path) -> None:
    with going(tmp_path, "--depth", "deep", "-n", "2") as process:
        process.send_signal(signal.SIGTERM)
        printed, _ = process.communicate(timeout=60)
    assert process.returncode == 2, printed
    assert "INTERRUPTED" in printed
    found = statement(tmp_path)
    assert (found["exit_status"], found["complete"]) == (2, False)


@pytest.mark.slow
def test_a_helper_that_breaks_down_is_an_error_of_ours(tmp_path: Path) -> None:
    plugin = (
        "import os\n"
        "def pytest_collection_finish(session):\n"
        "    if os.environ.get('PYTEST_XDIST_WORKER') == 'gw1': os._exit(1)\n"
    )
    (tmp_path / "breaking.py").write_text(plugin, encoding="utf-8")
    ran = command(
        *("run", *_DEEP, "-n", "2", "-p", "breaking", "-k", "SUC-1 or REJ-9"),
        *("--report-dir", str(tmp_path / "r")),
        PYTHONPATH=str(tmp_path),
    )
    assert ran.returncode == 3, ran.stdout + ran.stderr


def test_a_wrong_configuration_ends_with_4_before_any_worker_starts(tmp_path: Path) -> None:
    ran = command("run", "-n", "2", "--fail-on", "REJ-99", "--report-dir", str(tmp_path))
    assert ran.returncode == 4
    assert (ran.stdout + ran.stderr).count("there is no such clause") == 1


# ---- the sharing itself ----------------------------------------------------------------------------


def test_a_share_is_handed_over_with_its_part_of_the_pace_and_the_budget(tmp_path: Path) -> None:
    path, told = tmp_path / "k", []
    keeper, budget = Keeper(path, 2), Budget(replace(ELSEWHERE, requests=100))
    budget.requests = 40

    def share(name: str) -> Any:
        def made(interval: float, counted: int, left: float) -> Share:
            told.append((interval, counted))
            assert 1100 < left <= 1200
            return Share(name, (Draw(b"{}", "cut", NOBODY),), requests=3)

        return made

    threads = [
        threading.Thread(target=help_keeper, args=(path, partial(share, name)))
        for name in ("gw2", "gw1")
    ]
    for thread in threads:
        thread.start()
    shares = keeper.gather(10, 0.2, budget)
    for thread in threads:
        thread.join()
    keeper.close()
    assert [one.helper for one in shares] == ["gw1", "gw2"]
    # 60 requests are left, 30 for each.
    assert told == [(0.4, 70), (0.4, 70)]
    assert budget.requests == 46
    assert shares[0].draws[0].body == b"{}"


def test_a_keeper_does_not_wait_for_ever_and_takes_no_half_share(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "k", 3)
    ends = [socket.socket(socket.AF_UNIX) for _ in range(3)]
    with contextlib.ExitStack() as stack:
        broken, dead, _silent = (stack.enter_context(end) for end in ends)
        for end in ends:
            end.connect(str(tmp_path / "k"))
        broken.sendall(b"r" + pickle.dumps(Share("gw1", ()))[:-3])
        broken.shutdown(socket.SHUT_WR)
        dead.close()
        began = time.monotonic()
        assert keeper.gather(0.3, 0.0, Budget(ON_LOOPBACK)) == []
        assert time.monotonic() - began < 5
    keeper.close()


def test_a_helper_is_let_go_where_the_keeper_has_no_use_for_it(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "k", 1)
    asked: list[float] = []
    thread = threading.Thread(target=help_keeper, args=(tmp_path / "k", lambda: asked.append))
    thread.start()
    time.sleep(0.1)
    keeper.close()
    thread.join(10)
    assert not thread.is_alive()
    assert asked == []


class _Node:
    """A worker that does nothing but remember."""

    def __init__(self, name: str) -> None:
        self.gateway = type("Gateway", (), {"id": name})()
        self.workerinput: dict[str, Any] = {}
        self.given: list[int] = []
        self.ended = False

    def send_runtest_some(self, indices: Any) -> None:
        self.given += indices

    def shutdown(self) -> None:
        self.ended = True


def test_every_test_goes_to_the_keeper_whichever_worker_comes_first() -> None:
    scheduler = OneKeeper(3)
    nodes = [_Node(name) for name in ("gw2", KEEPER, "gw1")]
    for node in nodes:
        scheduler.add_node(node)
    assert not scheduler.collection_is_completed
    for node in nodes:
        scheduler.add_node_collection(node, ["a", "b", "c"])
    assert scheduler.collection_is_completed
    assert not scheduler.tests_finished
    scheduler.schedule()
    assert [node.given for node in nodes] == [[], [0, 1, 2], []]
    assert all(node.ended for node in nodes)
    scheduler.mark_test_complete(nodes[1], 0)
    assert scheduler.has_pending
    assert scheduler.remove_node(nodes[0]) is None
    assert scheduler.remove_node(nodes[1]) == "b"
    assert scheduler.tests_finished


# ---- no account is ever locked ---------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 2])
def test_no_account_is_locked_however_the_tests_are_shuffled(tmp_path: Path, workers: int) -> None:
    """Ten runs in an order of chance: no account sees a fourth wrong password in a row."""
    counts = tmp_path / "counts"
    counts.write_text("", encoding="ascii")

    def counting(request: LoginRequest, account: Account, given: Json) -> bool:
        in_a_row = request.state.wrong_in_a_row[account.memb_email]
        is_right = STEPS.password_matches(request, account, given)
        with counts.open("a", encoding="ascii") as file:
            file.write(f"{account.memb_email} {0 if is_right else in_a_row + 1}\n")
        # Locked for good at the fourth in a row: one more than the suite may ever come to.
        return is_right and in_a_row < 4

    with serving(Fault("one", (), "", changed(password_matches=counting))) as base_url:
        for seed in range(1, _RUNS + 1):
            depth = _DEEP if workers else ("--depth", "quick", "--lang", "en")
            number = ("-n", str(workers)) if workers else ()
            ran = command(
                # Every wrong password is sent for one of these.
                *("run", *depth, *number, "--max-examples", "6", "-m", "REJ or SEC"),
                *("--seed", str(seed)),
                *("--base-url", base_url, "--accounts", "box", "-p", "selftest.support.shuffling"),
                *("--report-dir", str(tmp_path / "r")),
                PYTHONPATH=str(_ROOT),
            )
            assert ran.returncode == 0, f"seed {seed}: {ran.stdout}{ran.stderr}"
    rows = [line.split() for line in counts.read_text("ascii").splitlines()]
    most = {email: max(int(count) for name, count in rows if name == email) for email, _ in rows}
    emails = {box_accounts()[name].email.get_secret_value() for name in ("main", "second")}
    assert set(most) >= emails
    assert max(most.values()) == 3
