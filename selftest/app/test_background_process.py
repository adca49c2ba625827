"""What a copy of the process does beside it: all of it, in order, and whatever becomes of either."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from esignon_conformance.app.pytest_plugin import background_process as beside_module
from esignon_conformance.app.pytest_plugin.background_process import Beside
from selftest.support.command import environment


def noting(path: Path) -> Callable[[str], None]:
    """Return work that appends each item to a file, with the number of the process that did it."""

    def note(item: str) -> None:
        if item.startswith("full"):
            raise OSError(errno.ENOSPC, f"no room for {item}")
        if item == "wrong":
            raise KeyError(item)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{os.getpid()} {item}\n")

    return note


def noted(path: Path) -> list[str]:
    return [line.split()[1] for line in path.read_text(encoding="utf-8").splitlines()]


def done_by(path: Path) -> set[int]:
    return {int(line.split()[0]) for line in path.read_text(encoding="utf-8").splitlines()}


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the thread by which a worker of pytest-xdist speaks with its controller."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


@pytest.fixture(params=["forked", "not forked"])
def forks(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, one_thread: None
) -> bool:
    """Tell whether the system knows fork; every test that asks is run with both."""
    if request.param == "not forked":
        monkeypatch.delattr(os, "fork")
    return bool(request.param == "forked")


def test_everything_is_done_in_order_and_in_another_process(tmp_path: Path, forks: bool) -> None:
    path = tmp_path / "noted"
    beside = Beside(noting(path))
    items = [f"item-{number}" for number in range(300)]
    for item in items:
        beside.give(item)
    beside.finish()
    assert noted(path) == items
    assert (os.getpid() in done_by(path)) is not forks
    (copy,) = done_by(path)
    # Nothing is left of it, not even its entry in the table of processes.
    assert copy == os.getpid() or not _is_there(copy)


def test_two_may_work_at_once_and_end_in_any_order(tmp_path: Path, forks: bool) -> None:
    paths = [tmp_path / name for name in ("first", "second")]
    first, second = (Beside(noting(path)) for path in paths)
    for item in ("a", "b"):
        first.give(item)
        second.give(item)
    first.finish()
    second.give("c")
    second.finish()
    assert [noted(path) for path in paths] == [["a", "b"], ["a", "b", "c"]]
    assert len(done_by(paths[0]) | done_by(paths[1])) == (2 if forks else 1)


def test_a_large_item_comes_whole(tmp_path: Path, forks: bool) -> None:
    path, large = tmp_path / "noted", "x" * 3_000_000
    beside = Beside(noting(path))
    beside.give(large)
    beside.give("after")
    beside.finish()
    assert noted(path) == [large, "after"]
    assert forks is hasattr(os, "fork")


def test_what_cannot_be_written_is_told_at_the_end_and_the_rest_is_written(
    tmp_path: Path, forks: bool
) -> None:
    path = tmp_path / "noted"
    beside = Beside(noting(path))
    for item in ("a", "full-1", "b", "full-2", "c"):
        beside.give(item)
    with pytest.raises(OSError, match="no room for full-1") as told:
        beside.finish()
    assert told.value.errno == errno.ENOSPC
    assert noted(path) == ["a", "b", "c"]
    assert forks is hasattr(os, "fork")


def test_an_error_of_ours_ends_the_work_and_is_told(tmp_path: Path, forks: bool) -> None:
    path = tmp_path / "noted"
    beside = Beside(noting(path))
    for item in ("full", "a", "wrong", "b"):
        beside.give(item)
    with pytest.raises(RuntimeError, match=r"^KeyError: 'wrong'$"):
        beside.finish()
    assert noted(path) == ["a"]
    assert forks is hasattr(os, "fork")


@pytest.mark.usefixtures("one_thread")
def test_what_becomes_known_after_the_copy_was_made_is_not_known_to_it(tmp_path: Path) -> None:
    known, path = ["before"], tmp_path / "known"

    def note(_item: str) -> None:
        path.write_text(" ".join(known))

    beside = Beside(note)
    known.append("after")
    beside.give("item")
    beside.finish()
    assert path.read_text() == "before"


def test_a_process_of_several_threads_is_not_copied(tmp_path: Path) -> None:
    path, end = tmp_path / "noted", threading.Event()
    other = threading.Thread(target=end.wait)
    other.start()
    try:
        beside = Beside(noting(path))
        beside.give("item")
        assert done_by(path) == {os.getpid()}
        beside.finish()
    finally:
        end.set()
        other.join()


@pytest.mark.usefixtures("one_thread")
def test_without_room_for_a_copy_the_work_is_done_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> int:
        raise OSError(errno.ENOMEM, "no memory")

    monkeypatch.setattr(os, "fork", fails)
    path, before = tmp_path / "noted", set(Path("/dev/fd").iterdir())
    beside = Beside(noting(path))
    beside.give("item")
    beside.finish()
    assert done_by(path) == {os.getpid()}
    assert set(Path("/dev/fd").iterdir()) == before


@pytest.mark.usefixtures("one_thread")
def test_a_copy_that_was_killed_is_told() -> None:
    def die(item: str) -> None:
        if item == "die":
            os.kill(os.getpid(), signal.SIGKILL)

    beside = Beside(die)
    for item in ("a", "die", *map(str, range(20_000))):
        beside.give(item)
    with pytest.raises(RuntimeError, match="ended"):
        beside.finish()


@pytest.mark.usefixtures("one_thread")
def test_an_order_to_end_is_not_for_the_copy(tmp_path: Path) -> None:
    def work(item: str) -> None:
        for order in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(os.getpid(), order)
        (tmp_path / item).touch()

    beside = Beside(work)
    beside.give("a")
    beside.give("b")
    beside.finish()
    assert {path.name for path in tmp_path.iterdir()} == {"a", "b"}


_KILLED = """
import os, signal, sys, time
from pathlib import Path
from esignon_conformance.app.pytest_plugin.background_process import Beside

def work(item):
    time.sleep(0.05)
    (Path(sys.argv[1]) / str(item)).touch()

beside = Beside(work)
for item in range(10):
    beside.give(item)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_given_is_done_though_whoever_gave_it_is_killed(tmp_path: Path) -> None:
    # Standard output ends when the last of the two processes has ended.
    ran = subprocess.run(
        [sys.executable, "-c", _KILLED, str(tmp_path)],
        stdout=subprocess.PIPE,
        env=environment({}),
        check=False,
        timeout=30,
    )
    assert ran.returncode == -signal.SIGKILL
    assert {path.name for path in tmp_path.iterdir()} == set(map(str, range(10)))


@pytest.mark.usefixtures("one_thread")
def test_a_copy_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside_module, "_PATIENCE", 0.2)

    def sleep(_item: str) -> None:
        time.sleep(30)

    beside = Beside(sleep)
    beside.give("item")
    with pytest.raises(RuntimeError, match="ended"):
        beside.finish()
    assert not list(tmp_path.iterdir())
