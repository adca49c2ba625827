"""How fast load sends beside a bare `FastHttpUser` of Locust, in turn, at one server; and its memory.

    python -m selftest.load_benchmark --rounds 5           # requests a second, as ratios
    python -m selftest.load_benchmark --processor 9        # processor time of a login
    python -m selftest.load_benchmark --memory 200000      # memory of a worker and of its judge

Both run as `locust -f`, so that the difference is what our users do and what judging takes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from esignon_conformance.load import locust_options
from esignon_conformance.load.logins import Logins
from esignon_conformance.load.plan import LoadOptions, plan_of
from esignon_conformance.runner.requests.contract_check import load
from esignon_conformance.tools.reference import process

OURS = Path(locust_options.__file__).with_name("locustfile.py")
BARE = """
import collections, itertools, json, os, time
from locust import FastHttpUser, constant, events, task

LOGINS = itertools.cycle([(path, body.encode("latin-1")) for path, body in json.load(open("logins.json"))])
SECONDS = collections.Counter()


class Bare(FastHttpUser):
    wait_time = constant(0)

    @task
    def login(self):
        path, body = next(LOGINS)
        self.client.post(path, data=body, headers={"Content-Type": "application/json"})
        SECONDS[int(time.time())] += 1


@events.quitting.add_listener
def write(**_):
    with open(f"seconds-{os.getpid()}.json", "w") as file:
        json.dump(SECONDS, file)
"""
# One user of each kind in one process, in turn: whatever else the machine does counts in neither.
PROCESSOR = """
from gevent import monkey
monkey.patch_all()
import importlib.util, statistics, sys, time
from locust.env import Environment

ours, bare, base_url, rounds = sys.argv[1:]
sys.argv = ["locust", "--headless", "--host", base_url, "--accounts", "box"]


def user(file, name):
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    kind = getattr(module, name)
    kind.host = base_url
    environment = Environment(user_classes=[kind])
    environment.create_local_runner()
    return module, kind(environment)


from esignon_conformance.load.plan import LoadOptions, plan_of
from esignon_conformance.tools.traffic.load_frames import squeezed

module, sender = user(ours, "LoginUser")
sending = module._SENDING
sending.begin(plan_of(LoadOptions(base_url=base_url, accounts="box")), "")
sender.on_start()
_, plain = user(bare, "Bare")


def recorded():
    sender.login()
    if len(sending.recorder.waiting) >= 200:
        squeezed(sending.recorder.waiting)
        sending.recorder.waiting = []


def spent(login):
    began = time.process_time()
    for _ in range(500):
        login()
    return (time.process_time() - began) / 500 * 1e6


ratios = []
for _ in range(int(rounds)):
    one, other = spent(plain.login), spent(recorded)
    ratios.append(one / other)
    print(f"bare {one:.0f}, ours {other:.0f} microseconds a login", flush=True)
print(f"bare / ours, median {statistics.median(ratios):.2f}")
"""
_SECONDS, _USERS = 12, 10
# In the first seconds the judge is being started, and the last one is a part of one.
_FIRST = 4


def _port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


def _command(file: Path, base_url: str, seconds: int, processes: int) -> list[str]:
    command = [sys.executable, "-m", "locust", "-f", str(file), "--headless", "--only-summary"]
    command += ["--users", str(_USERS), "--spawn-rate", str(_USERS), "--host", base_url]
    command += ["--run-time", str(seconds), "--loglevel", "ERROR"]
    if processes > 1:
        port = _port()
        command += ["--processes", str(processes), "--master-bind-host", "127.0.0.1"]
        command += ["--master-bind-port", port, "--master-port", port]
    return [*command, "--accounts", "box", "--report-dir", "r"] if file == OURS else command


def rate(file: Path, base_url: str, processes: int, folder: Path) -> float:
    """Return how many requests were answered in half of the seconds at least."""
    for one in folder.glob("seconds-*.json"):
        one.unlink()
    command = _command(file, base_url, _SECONDS, processes)
    subprocess.run(command, cwd=folder, check=False, capture_output=True)
    seconds: Counter[int] = Counter()
    for one in folder.glob("seconds-*.json"):
        for second, count in json.loads(one.read_text()).items():
            seconds[int(second)] += count
    if file == OURS:
        figures = json.loads((folder / "r" / "statement.json").read_text())["traffic"]["load"]
        seconds.update({one["second"]: one["requests"] for one in figures["timeline"]})
    inner = [count for _, count in sorted(seconds.items())][_FIRST:-1]
    return float(statistics.median(inner))


def processor(base_url: str, rounds: int, folder: Path) -> None:
    """Print the processor time of a login."""
    script = folder / "processor.py"
    script.write_text(PROCESSOR)
    bare = _bare(base_url, folder)
    command = [sys.executable, str(script), str(OURS), str(bare), base_url, str(rounds)]
    subprocess.run(command, cwd=folder, check=True)


def _bare(base_url: str, folder: Path) -> Path:
    bare = folder / "bare.py"
    bare.write_text(BARE)
    # The same mix, which is made beforehand.
    plan = plan_of(LoadOptions(base_url=base_url, accounts="box"))
    drawn = Logins(plan, load().operation, random.Random(1))  # noqa: S311 - the same each time
    rows = [drawn.draw() for _ in range(1000)]
    text = json.dumps([[one.path, one.body.decode("latin-1")] for one in rows])
    (folder / "logins.json").write_text(text)
    return bare


def throughput(base_url: str, rounds: int, folder: Path) -> None:
    """Print what each way of sending comes to, and the ratios of their medians."""
    bare = _bare(base_url, folder)
    ways: dict[tuple[str, int], list[float]] = {
        (name, processes): [] for processes in (1, 2) for name in ("bare", "ours")
    }
    for _ in range(rounds):
        for (name, processes), rates in ways.items():
            rates.append(rate(bare if name == "bare" else OURS, base_url, processes, folder))
            print(f"{name:5} {processes} processes {rates[-1]:7.0f} a second", flush=True)
    medians = {way: statistics.median(rates) for way, rates in ways.items()}
    for name, one, other in (
        ("ours / bare, one process", ("ours", 1), ("bare", 1)),
        ("ours / bare, two processes", ("ours", 2), ("bare", 2)),
        ("ours, two / one", ("ours", 2), ("ours", 1)),
        ("bare, two / one", ("bare", 2), ("bare", 1)),
    ):
        print(f"{name:28} {medians[one] / medians[other]:.2f}")


def _memory(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        yield from map(int, task.read_text().split())


def memory(base_url: str, requests: int, folder: Path) -> None:
    """Print the memory of a worker and of its judge until so many requests have been sent."""
    port = _port()
    to = ("--master-port", port, "--master-host", "127.0.0.1")
    master = _command(OURS, base_url, 1200, 1)
    master += ["--master", "--expect-workers", "1", "--master-bind-host", "127.0.0.1"]
    master += ["--master-bind-port", port, "--max-requests", str(requests)]
    log = (folder / "master.log").open("wb")
    first = subprocess.Popen(master, cwd=folder, stdout=log, stderr=log)
    worker = [sys.executable, "-m", "locust", "-f", str(OURS), "--worker", *to]
    second = subprocess.Popen(worker, cwd=folder, stdout=log, stderr=log)
    before = -1.0
    while second.poll() is None:
        time.sleep(10)
        children = list(_children(second.pid))
        judge = _memory(children[0]) if children else 0.0
        own, masters = _memory(second.pid), _memory(first.pid)
        print(
            f"worker {own:.1f} MiB, its judge {judge:.1f} MiB, master {masters:.1f} MiB", flush=True
        )
        spent = _spent(second.pid)
        if spent - before < 0.5 and before > 0:
            # All are sent: the users of Locust wait until the run time is over.
            first.terminate()
        before = spent
    first.wait()
    figures = json.loads((folder / "r" / "statement.json").read_text())["traffic"]["load"]
    print(f"{figures['requests']} requests, {figures['requests_per_second']} a second")


def _spent(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--processor", type=int, metavar="ROUNDS")
    parser.add_argument("--memory", type=int, metavar="REQUESTS")
    parser.add_argument("--base-url", help="another server than the one in the box")
    given = parser.parse_args()
    box = None if given.base_url else process.start()
    base_url = given.base_url or (box.base_url if box is not None else "")
    try:
        with tempfile.TemporaryDirectory() as folder:
            if given.memory:
                memory(base_url, given.memory, Path(folder))
            elif given.processor:
                processor(base_url, given.processor, Path(folder))
            else:
                throughput(base_url, given.rounds, Path(folder))
    finally:
        if box is not None:
            box.stop()


if __name__ == "__main__":
    main()
