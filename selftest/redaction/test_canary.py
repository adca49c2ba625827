"""The canary: planted secrets, a server and a plugin that tell them everywhere, and nothing is found."""

from __future__ import annotations

import base64
import binascii
import contextlib
import functools
import hashlib
import html
import json
import os
import re
import signal
import sys
import time
import zlib
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

import pytest

from selftest.support import warm_start
from selftest.support.command import COMMAND
from selftest.support.echoing_server import TOKEN_MARKS, echoing
from selftest.support.warm_start import WarmProcess

_PASSWORDS = ("Vw8!kQz#Tr5_mLxP", "Bn3.hJy&Gd6%sFcR")
_EMAILS = ("canary.one@zeppelin.invalid", "canary.two@zeppelin.invalid")
_COMPANY = "zeppelin77"
_ACCOUNTS = tuple((email, pwd, _COMPANY) for email, pwd in zip(_EMAILS, _PASSWORDS, strict=True))
_LOUD = ("-l", "-vv", "--full-trace", "--tb=long", "-rA", "--show-capture=all", "--debug=debug.log")
_LOGGED = (
    "--log-level=DEBUG",
    "--log-cli-level=DEBUG",
    "--log-file=log.txt",
    "--log-file-level=DEBUG",
)
_REPORTS = (
    "--junitxml=reports/pytest.xml",
    "--report-dir=reports",
    "--depth=quick",
    "--lang=en",
)
# Enough of the cases, where what is written is the matter and not what is sent.
_PART = ("-m", "REJ")
# A hundred requests, of which the server says all back.
_FEW = ("-k", " or ".join(("wrong-password", *(f"SUC-{at}" for at in range(1, 17)), "REJ-3")))


class Ran:
    """A run in a folder of its own, which is its home and holds its caches, too."""

    def __init__(
        self, folder: Path, *arguments: str, base_url: str, scrubber: str = "on", stop: bool = False
    ) -> None:
        kept = {
            name: value
            for name, value in os.environ.items()
            # A pytest that runs this one is none of its business, either.
            if not name.startswith(("ESIGNON_", "PYTEST_"))
        }
        places = ("HOME", "XDG_CACHE_HOME", "TMPDIR")
        folder.joinpath("home").mkdir()
        settings = {
            "ESIGNON_BASE_URL": base_url,
            "ESIGNON_COMPANY_ID": _COMPANY,
            "ESIGNON_MEMB_EMAIL": _EMAILS[0],
            "ESIGNON_MEMB_PWD": _PASSWORDS[0],
            "ESIGNON_SECOND_MEMB_EMAIL": _EMAILS[1],
            "ESIGNON_SECOND_MEMB_PWD": _PASSWORDS[1],
            "CANARY_SCRUBBER": scrubber,
            "PYTHONPATH": os.pathsep.join(sys.path),
        } | {name: str(folder / "home") for name in places}
        given = ("run", "-p", "selftest.support.canary_plugin", *_LOUD, *_LOGGED, *_REPORTS)
        with (
            folder.joinpath("terminal.txt").open("wb") as terminal,
            Path(os.devnull).open("rb") as nothing,
        ):
            streams = (nothing.fileno(), terminal.fileno(), terminal.fileno())
            process = warm_start.start(
                *(COMMAND, (*given, *arguments), kept | settings), streams, folder
            )
            try:
                if stop:
                    self._interrupt(process, folder / "reports" / "exchanges.jsonl")
                self.status = process.wait(timeout=480)
            finally:
                process.kill()
        self.folder = folder

    @staticmethod
    def _interrupt(process: WarmProcess, recording: Path) -> None:
        """Interrupt a run when it has recorded its first right logins and refusals."""
        for _ in range(600):
            if recording.is_file() and recording.read_bytes().count(b"\n") > 60:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)

    def leaks(self, tokens: Iterable[str]) -> dict[str, set[str]]:
        """Return, by file, what of the secrets is found in it."""
        found: dict[str, set[str]] = {}
        wanted, parts = dict(_wanted()), {*_parts(tokens)}
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                hay = _hay(path.read_bytes())
                seen = {name for text, name in wanted.items() if text in hay}
                marked = any(mark.lower() in hay for mark in TOKEN_MARKS)
                if marked and any(part in hay for part in parts):
                    seen.add("a token")
                if seen:
                    found[str(path.relative_to(self.folder))] = seen
        return found


def _parts(tokens: Iterable[str]) -> Iterable[str]:
    """Yield the beginning and the end of each token, in small letters."""
    for token in tokens:
        yield token[:24].lower()
        yield token[-24:].lower()


def _wanted() -> Iterable[tuple[str, str]]:
    """Yield what must not be found, in small letters, with its name."""
    for pwd in _PASSWORDS:
        yield from ((pwd[at : at + 6].lower(), f"piece of {pwd}") for at in range(len(pwd) - 5))
    for secret in (*_PASSWORDS, *_EMAILS):
        for name in ("md5", "sha1", "sha256", "sha512"):
            digest = hashlib.new(name, secret.encode(), usedforsecurity=False)
            yield digest.hexdigest(), f"{name} of {secret}"
        for spelled in ('","', '", "'):
            yield spelled.join(secret.lower()), f"{secret} spelled"
        yield secret.lower().encode().hex(), f"{secret} in hexadecimal"
        for between in (",", ", ", ",\n    "):
            numbers = between.join(str(one) for one in secret.encode())
            yield numbers, f"{secret} as numbers"
        yield "".join(f"\\{one:03o}" for one in secret.encode()), f"{secret} in octal numbers"
        yield ", ".join(secret.lower()), f"{secret} as characters"
        for offset in range(3):
            # Base64 in small letters no longer decodes: its inner characters are looked for.
            text = base64.b64encode(b"\0" * offset + secret.encode()).decode()
            yield text[(0, 2, 3)[offset] : -4].lower(), f"{secret} in base64"
    yield from ((email, email) for email in _EMAILS)
    yield "cs-71!kpz0qlw", "the client's secret"


def _hay(data: bytes) -> str:
    """Return bytes as one lowered text: as they are, with escapes undone, and with base64 decoded.

    Written without the suite's own functions, so that both do not miss the same.
    """
    text = data.decode("utf-8", errors="backslashreplace")
    layers = [text.replace("\0", "").replace("\\u0000", "").replace("\\x00", "")]
    for _ in range(4):
        last = layers[-1].replace("\\\\", "\\")
        undone = re.sub(r"\\[uU]([0-9a-fA-F]{4})", lambda one: chr(int(one[1], 16)), last)
        undone = html.unescape(unquote(undone)).replace('\\"', '"').replace("\\/", "/")
        layers.append(undone.replace("\0", "").encode(errors="replace").decode())
    layers += {_decoded(run) for run in set(re.findall(r"[A-Za-z0-9+/_-]{8,}", layers[0]))}
    return "\n".join(layers).lower()


@functools.cache
def _decoded(run: str) -> str:
    """Return what a run of base64 or hexadecimal digits holds, from each of its starts.

    The files of a run hold the same runs again and again.
    """
    layers = []
    for start in range(4):
        piece = run[start:].replace("-", "+").replace("_", "/")
        try:
            decoded = base64.b64decode(piece[: len(piece) // 4 * 4])
        except binascii.Error:
            continue
        layers.append(decoded.decode("latin-1"))
        with contextlib.suppress(zlib.error):
            layers.append(f"deflated: {zlib.decompress(decoded, 47).decode('latin-1')}")
        with contextlib.suppress(binascii.Error):
            layers.append(base64.b64decode(decoded + b"==").decode("latin-1"))
    if re.fullmatch("(?:[0-9a-f]{2})+", run):
        with contextlib.suppress(zlib.error):
            layers.append(f"deflated: {zlib.decompress(bytes.fromhex(run)).decode('latin-1')}")
    return "\n".join(layers)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("--html",), id="whole", marks=pytest.mark.slow),
        pytest.param(
            (*_PART, "--depth=deep", "--max-examples=20"),
            id="deep",
            marks=pytest.mark.slow,
        ),
        pytest.param((*_PART, "-s", "--color=yes"), id="not captured, REJ", marks=pytest.mark.slow),
        pytest.param((*_FEW, "-s", "--color=yes"), id="not captured"),
    ],
)
def test_no_secret_is_found_in_anything_that_a_run_leaves(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    with echoing(_ACCOUNTS) as (base_url, tokens):
        ran = Ran(tmp_path, *arguments, base_url=base_url)
    assert ran.status == 3, "the planted crash is an internal error"
    assert len(tokens) > 30
    _wrote_everything(tmp_path)
    assert (tmp_path / "reports" / "report.html").is_file() == ("--html" in arguments)
    assert ran.leaks(tokens) == {}


@pytest.mark.slow
def test_no_secret_is_found_in_what_an_interrupted_run_leaves(tmp_path: Path) -> None:
    with echoing(_ACCOUNTS) as (base_url, tokens):
        ran = Ran(tmp_path, base_url=base_url, stop=True)
    # The careless plugin crashes in a test that follows, and an error of ours counts more.
    assert ran.status == 3
    assert json.loads((tmp_path / "reports/statement.json").read_text())["complete"] is False
    assert tokens
    assert ran.leaks(tokens) == {}


@pytest.fixture(scope="module")
def unmasked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return what is found of a run without the scrubber, with its report."""
    with echoing(_ACCOUNTS) as (base_url, tokens):
        folder = tmp_path_factory.mktemp("unmasked")
        ran = Ran(folder, *_PART, "--html", base_url=base_url, scrubber="off")
    return ran.leaks(tokens)


@pytest.mark.slow
def test_without_the_scrubber_the_canary_is_found_wherever_it_was_planted(
    unmasked: dict[str, set[str]],
) -> None:
    names = " ".join(unmasked)
    for place in (
        "exchanges.jsonl",
        "-result.json",
        "terminal.txt",
        "pytest.xml",
        "log.txt",
        "debug.log",
    ):
        assert place in names
    kinds = ("piece of", "md5 of", "spelled", "hexadecimal", "base64", "a token", "client's")
    for kind in (*kinds, "as numbers", "in octal numbers", "as characters"):
        assert any(kind in name for name in unmasked["reports/exchanges.jsonl"]), kind


@pytest.mark.slow
def test_without_the_scrubber_the_canary_is_found_in_the_report(
    unmasked: dict[str, set[str]],
) -> None:
    found = unmasked["reports/report.html"]
    assert any(name.startswith("piece of") for name in found)
    assert "a token" in found


def _wrote_everything(folder: Path) -> None:
    reports = folder / "reports"
    files = ("exchanges.jsonl", "statement.json", "pytest.xml")
    for path in (*(reports / name for name in files), folder / "log.txt", folder / "debug.log"):
        assert path.stat().st_size > 1000, path
    assert len(list((reports / "allure-results").glob("*-result.json"))) > 10
    # The plugin did plant its secrets: what stands in their place is found.
    for path in (folder / "terminal.txt", folder / "log.txt", reports / "pytest.xml"):
        assert "<main password>" in html.unescape(path.read_text(errors="replace")), path
