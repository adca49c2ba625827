"""`make soak`: a fuzz of the suite itself, by a server that answers with mutated bytes of right answers.

Runs go on until so many exchanges were recorded.  None may end with an internal error, keep more memory the
longer it lasts, leave a secret in any file, or send an account more wrong passwords than promised.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from selftest.support.command import COMMAND, environment
from selftest.support.echoing_server import disguises
from selftest.support.exchanges import BLOCKED, COMPANY, MAIN, OTHER, SECOND, plain
from selftest.support.login_desk import Desk
from selftest.support.process_tree import memory_of
from selftest.support.raw_server import Peer, Received, serving

# How many of the answers of a run are mutated.
_SHARES = (0.02, 0.3, 0.1, 0.7)
_PROMISED = 3
# An exchange is kept whole up to 32 KiB, masked once more, and judged.
_MOST_BYTES_AN_EXCHANGE = 64 * 1024
_LONGEST_RUN = 900
# 2 is an interruption, 3 an internal error, 4 a setting that is wrong.
_ENDS = (0, 1, 5, 6)
_ODD = (
    b"\r\n", b"\n", b"\0", b'"', b"\\", b"{", b"}", b"[" * 3000, b",", b":", b"\xff\xfe", b"\xed\xa0\x80",
    b"9" * 5000, b"-1e999", b"NaN", b"null", b"%41" * 2000, b"&#65;" * 500, b"\\u0041" * 500, b"0\r\n\r\n",
    b"Retry-After: 99999999999\r\n", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n",
    b"Content-Encoding: gzip\r\n", b"Set-Cookie: a=b\r\n", b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 429 Slow\r\nRetry-After: 0\r\n\r\n", "가".encode(), b"\x1b[31m", b"<html>", b"H4sIAAAAAAAA",
)  # fmt: skip


@dataclass
class Mutating(Desk):
    """A desk of which some answers are mutated before they leave; the passwords may come back in them."""

    seed: int = 0
    share: float = 0.1
    tokens: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Draw by the seed alone."""
        self.drawn = random.Random(self.seed)  # noqa: S311 - no secret
        self.before = b""

    def serve(self, peer: Peer) -> None:
        """Answer the requests of one connection; after most mutated answers it ends."""
        while (received := peer.receive()) is not None:
            with self.lock:
                self.requests += 1
                code = self._code(received)
                self._count(received, code)
                right = self._answer(received, code)
                is_mutated = self.drawn.random() < self.share
                said = self._mutated(right, received) if is_mutated else right
                self.before = right
                ends = is_mutated and self.drawn.random() < 0.95
                self._note_token(said)
            peer.send(said)
            if ends:
                return

    def _note_token(self, said: bytes) -> None:
        _, found, rest = said.partition(b'"access_token": "')
        token, end, _ = rest.partition(b'"')
        if found and end and token.startswith(b"token.of.") and len(token) == len("token.of.") + 20:
            self.tokens.add(token.decode("ascii", "replace"))

    def _mutated(self, right: bytes, received: Received) -> bytes:
        said = bytearray(right)
        for _ in range(self.drawn.choice((1, 1, 2, 5))):
            at = self.drawn.randrange(len(said) + 1)
            end = min(len(said), at + self.drawn.choice((1, 1, 3, 20, 200)))
            match self.drawn.randrange(8):
                case 0:
                    said[at:end] = self.drawn.randbytes(end - at)
                case 1:
                    del said[at:end]
                case 2:
                    said[at:at] = said[at:end] * self.drawn.choice((1, 2, 300))
                case 3 | 4:
                    said[at:at] = self.drawn.choice(_ODD)
                case 5:
                    said[at:] = self.before[at:]
                case 6:
                    del said[at:]
                case _:
                    said[at:at] = self._echo(received)
        return bytes(said) or b"\0"

    def _echo(self, received: Received) -> bytes:
        account = self.drawn.choice((MAIN, SECOND, OTHER))
        secret = plain(self.drawn.choice((account.password, account.email)))
        return self.drawn.choice(disguises(secret)).encode()


@dataclass(frozen=True)
class Ran:
    """What came of one run."""

    seed: int
    exchanges: int
    status: int
    growth: float
    wrong: tuple[str, ...]


def settings(base_url: str) -> dict[str, str]:
    """Return the settings of a run with the accounts of the desk."""
    found = {"ESIGNON_BASE_URL": base_url, "ESIGNON_COMPANY_ID": COMPANY}
    for prefix, account in (
        ("", MAIN),
        ("SECOND_", SECOND),
        ("OTHER_", OTHER),
        ("BLOCKED_", BLOCKED),
    ):
        found[f"ESIGNON_{prefix}MEMB_EMAIL"] = plain(account.email)
        found[f"ESIGNON_{prefix}MEMB_PWD"] = plain(account.password)
        if prefix in ("OTHER_", "BLOCKED_"):
            found[f"ESIGNON_{prefix}COMPANY_ID"] = account.company
    return found


def once(seed: int, share: float, folder: Path) -> Ran:
    """Run against a server that mutates by a seed, and return what is wrong."""
    desk = Mutating(seed=seed, share=share)
    with serving(desk.serve) as server:
        arguments = ["run", "--depth", "quick", "--lang", "en", "--seed", str(seed)]
        arguments += ["--answer-timeout", "2", "--report-dir", str(folder / "reports")]
        with (folder / "terminal.txt").open("wb") as terminal:
            process = subprocess.Popen(
                [sys.executable, "-c", COMMAND, *arguments],
                cwd=folder,
                env=environment({**settings(server.base_url), "PYTHONPATH": ":".join(sys.path)}),
                stdout=terminal,
                stderr=subprocess.STDOUT,
            )
            try:
                samples = list(_watched(process, desk))
            finally:
                process.kill()
                process.wait()
    exchanges = _lines(folder / "reports" / "exchanges.jsonl")
    growth = _growth(samples)
    return Ran(
        seed,
        exchanges,
        process.returncode,
        growth,
        tuple(_wrong(process.returncode, growth, desk, folder)),
    )


def _watched(process: subprocess.Popen[bytes], desk: Desk) -> Iterator[tuple[int, int]]:
    ends = time.monotonic() + _LONGEST_RUN
    while process.poll() is None and time.monotonic() < ends:
        yield desk.requests, memory_of(process.pid)
        time.sleep(0.1)


def _growth(samples: list[tuple[int, int]]) -> float:
    """Return by how many bytes an exchange the memory grew after the first third of them."""
    sent = max((requests for requests, _ in samples), default=0)
    # While they are sent: what is written then needs memory of its own.
    sending = [one for one in samples if sent / 3 <= one[0] < sent]
    if len(sending) < 2 or sending[-1][0] - sending[0][0] < 100:
        return 0.0
    (first, before), (last, after) = sending[0], sending[-1]
    return (after - before) / (last - first)


def _wrong(status: int, growth: float, desk: Mutating, folder: Path) -> Iterator[str]:
    told = (folder / "terminal.txt").read_text("utf-8", "replace")
    if status not in _ENDS or "Traceback (most recent" in told:
        yield f"exit status {status}: {told[-2000:]}"
    if not _lines(folder / "reports" / "exchanges.jsonl"):
        yield "nothing was recorded"
    if growth > _MOST_BYTES_AN_EXCHANGE:
        yield f"memory grew by {growth:.0f} bytes an exchange"
    for email, most in desk.most_wrong.items():
        if most > _PROMISED:
            yield f"{most} wrong passwords in a row for an account of {email.partition('@')[2]}"
    secrets = {plain(one.password) for one in (MAIN, SECOND, OTHER, BLOCKED)} | desk.tokens
    secrets |= {plain(one.email) for one in (MAIN, SECOND, OTHER, BLOCKED)}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            hay = path.read_bytes().decode("utf-8", "replace")
            hay = (hay + json.dumps(hay)).lower()
            found = [secret for secret in secrets if secret.lower() in hay]
            if found:
                yield f"{len(found)} secrets in {path.relative_to(folder)}"


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.is_file() else 0


def main() -> int:
    """Run until enough was exchanged; return 1 where anything is wrong."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--exchanges", type=int, default=10_000, help="how many (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the first seed (%(default)s)")
    parser.add_argument("--keep", type=Path, help="a folder for what the runs leave")
    given = parser.parse_args()
    done, seed, is_wrong = 0, given.seed, False
    with tempfile.TemporaryDirectory() as scratch:
        while done < given.exchanges:
            folder = (given.keep or Path(scratch)).resolve() / str(seed)
            folder.mkdir(parents=True)
            share = _SHARES[seed % len(_SHARES)]
            ran = once(seed, share, folder)
            done += max(ran.exchanges, 1)
            is_wrong |= bool(ran.wrong)
            told = "\n  ".join(ran.wrong) or "nothing wrong"
            print(
                f"seed {seed}, {share:.0%} mutated: {ran.exchanges} exchanges, exit {ran.status}, "
                f"{ran.growth / 1024:+.0f} KiB an exchange: {told}",
                flush=True,
            )
            seed += 1
    return 1 if is_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
