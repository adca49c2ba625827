"""`make growth`: what runs cost that are large in one way or another, in processor seconds and memory.

Each row is the command as its users start it, on a server in a process of its own.  The figures are those
of the command alone, and on one machine: what counts is that each grows no faster than what it grows with.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkProcess
from pathlib import Path

from esignon_conformance import resources
from esignon_conformance.runner.requests.contract_check import load
from esignon_conformance.tools.proof.judged_server import context
from esignon_conformance.tools.reference.application import (
    Application,
    Event,
    Receive,
    Send,
    application,
)
from esignon_conformance.tools.reference.server import listen, run
from esignon_conformance.tools.reference.world import load_world
from selftest.support.command import COMMAND, environment

SEED = "20210407"
MOST_MEGABYTES = 400
DRAWS = (500, 2_500, 10_000)
LENGTHS = (1_000, 100_000, 1_000_000)
WAIVERS = (0, 50, 200)
NIGHTS = (0, 100, 1_000)
PLACE = resources.data_root() / "docs" / "growth.md"
HEAD = f"""# What large runs cost

Processor seconds and the most memory of `esignon-conformance`, without the server that it asks.
`make growth` measures anew and writes this file; with `ARGS=draws` (`answers`, `waivers`, `nights`) it
prints one of the tables.  A run of 20,000 draws takes less than {MOST_MEGABYTES} MB: where it takes more,
the command ends with 1.
"""


@dataclass(frozen=True)
class Cost:
    """What one process took, and with how many requests."""

    what: str
    status: int
    requests: int
    seconds: float
    megabytes: float

    @property
    def row(self) -> str:
        """Return it as a row of a table."""
        each = f"{1000 * self.seconds / self.requests:.1f}" if self.requests else ""
        cells = (
            self.what,
            f"{self.requests:,}",
            f"{self.seconds:.1f}",
            each,
            f"{self.megabytes:.0f}",
        )
        return f"| {' | '.join(cells)} |"


def padded(served: Application, length: int) -> Application:
    """Return a server whose JSON answers have one more member, of so many characters."""
    more = b',"more":"' + b"x" * length + b'"}'

    async def serve(scope: Event, receive: Receive, send: Send) -> None:
        begun: list[Event] = []

        async def sending(event: Event) -> None:
            if event["type"] == "http.response.start":
                begun.append(event)
                return
            body = event["body"]
            if body.startswith(b"{") and body.endswith(b"}"):
                body = body[:-1] + more
            head = [one for one in begun[0]["headers"] if one[0].lower() != b"content-length"]
            head.append((b"Content-Length", str(len(body)).encode()))
            await send({**begun[0], "headers": head})
            await send({**event, "body": body})

        await served(scope, receive, sending)

    return serve


@contextmanager
def serving(length: int = 0) -> Iterator[str]:
    """Serve the login, its answers that much longer, and yield its base URL."""
    with listen("127.0.0.1", 0) as listener:
        process: ForkProcess = context().Process(
            target=_serve, args=(listener, length), daemon=True
        )
        process.start()
        port = listener.getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.join()


def _serve(listener: socket.socket, length: int) -> None:
    served = application(load_world(resources.contracts() / "accounts.yaml"))
    run(listener, padded(served, length) if length else served, lambda: None)


def measured(what: str, folder: Path, *arguments: str) -> Cost:
    """Run the command in a process of its own, and return what it took."""
    with Path(os.devnull).open("r+b") as nothing:
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments, "--report-dir", str(folder)],
            env=environment({}),
            stdout=nothing,
            stderr=nothing,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    document = json.loads((folder / "statement.json").read_text("utf-8"))
    return Cost(
        what.format(draws=document["coverage"]["draws"]),
        process.returncode,
        document["requests"] if arguments[0] == "run" else 0,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss / 1024,
    )


def _run(what: str, folder: Path, base_url: str, *more: str) -> Cost:
    chosen = ("--base-url", base_url, "--accounts", "box", "--seed", SEED, "--lang", "en")
    return measured(what, folder, "run", *chosen, *more)


def draws(folder: Path) -> Iterator[Cost]:
    """Yield the cost of more and more fresh draws."""
    with serving() as base_url:
        for most in DRAWS:
            chosen = ("--depth", "deep", "--max-examples", str(most), "--fuzz-time", "3600")
            yield _run("{draws:,} draws", folder / str(most), base_url, *chosen)


def answers(folder: Path) -> Iterator[Cost]:
    """Yield the cost of longer and longer answers."""
    for length in LENGTHS:
        with serving(length) as base_url:
            what = f"answers of {length:,} bytes"
            yield _run(what, folder / str(length), base_url, "--depth", "quick")


def waivers(folder: Path) -> Iterator[Cost]:
    """Yield the cost of more and more waivers."""
    cases = sorted(load().cases)
    with serving() as base_url:
        for count in WAIVERS:
            path = folder / f"{count}.yaml"
            entries = [
                {
                    "case": case,
                    "reason": "It is being mended",
                    "owner": "somebody",
                    "ticket": "https://tickets.example.invalid/1",
                    "until": "2999-01-01",
                    "may_hold": True,
                }
                for case in cases[:count]
            ]
            path.write_text(json.dumps({"waivers": entries}), encoding="utf-8")
            more = ("--depth", "quick", *(("--waivers", str(path)) if count else ()))
            yield _run(f"{count} waivers", folder / str(count), base_url, *more)


def nights(folder: Path) -> Iterator[Cost]:
    """Yield the cost of a run, and of its report, behind more and more nights of history."""
    with serving() as base_url:
        first = folder / "first"
        _run("", first, base_url, "--depth", "quick")
        measured("", first, "report")
        for count in NIGHTS:
            place = folder / str(count)
            place.mkdir()
            for name in ("verdicts.jsonl", "history.jsonl"):
                night = (first / name).read_text("utf-8").splitlines()[-1]
                # Line by line: what this process takes would count for the one that it starts.
                with (place / name).open("w", encoding="utf-8") as file:
                    file.writelines(f"{night}\n" for _ in range(count))
            yield _run(f"a run after {count:,} nights", place, base_url, "--depth", "quick")
            yield measured(f"its report after {count:,} nights", place, "report")


TABLES: dict[str, Callable[[Path], Iterable[Cost]]] = {
    "draws": draws,
    "answers": answers,
    "waivers": waivers,
    "nights": nights,
}
_COLUMNS = "| | requests | seconds | ms a request | MB |\n|---|---|---|---|---|"


def main(arguments: Sequence[str]) -> int:
    """Measure all, or what is named; return 0 if memory keeps its bound."""
    parts, most = [HEAD], 0.0
    for name in arguments or TABLES:
        rows = []
        with tempfile.TemporaryDirectory() as folder:
            for cost in TABLES[name](Path(folder)):
                print(f"{name}: {cost.row} exit status {cost.status}", file=sys.stderr, flush=True)
                rows.append(cost.row)
                most = max(most, cost.megabytes if name == "draws" else 0.0)
        parts.append("\n".join([_COLUMNS, *rows, ""]))
    text = "\n".join(parts)
    if arguments:
        print("\n".join(parts[1:]))
    else:
        PLACE.write_text(text, encoding="utf-8")
    return int(most > MOST_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
