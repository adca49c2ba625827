"""`esignon-conformance derive` as its users call it: sources, exit statuses, languages, no traceback."""

from __future__ import annotations

import io
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from esignon_conformance.app.cli.main import main
from esignon_conformance.tools.apidoc import source
from esignon_conformance.tools.apidoc.text import LARGEST, PageError
from selftest.support.background import running
from selftest.support.command import command

PAGES = Path(__file__).parents[1] / "pages"
KOREAN = PAGES / "login.ko.md"


class _Pages(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the base class
        """Keep quiet."""

    def do_GET(self) -> None:
        """Answer with the Korean page, a status, an endless body, or slowly."""
        name = self.path.strip("/")
        self.send_response(int(name) if name.isdecimal() else 200)
        if name == "302":
            self.send_header("Location", "/page.md")
        self.end_headers()
        try:
            if name == "endless":
                while True:
                    self.wfile.write(b"lorem ipsum\n" * 1000)
            elif name == "slow":
                for _ in range(40):
                    self.wfile.write(b"# a\n")
                    time.sleep(0.05)
            else:
                self.wfile.write(KOREAN.read_bytes())
        except OSError:
            pass  # The reader had enough.


@contextmanager
def pages() -> Iterator[str]:
    """Serve pages on this machine while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    server.daemon_threads = True
    with running(server) as base_url:
        yield base_url


def test_a_page_is_printed_as_facts_in_yaml(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", str(KOREAN)]) == 0
    printed = yaml.safe_load(capsys.readouterr().out)
    assert printed["operation"]["method"] == "POST"
    first = printed["parameters"][0]
    assert first == {
        "in": "path",
        "name": "companyId",
        "type": "string",
        "description": "고객사 부호",
        "line": 23,
    }


def test_the_facts_are_recorded_without_prose(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "facts.yaml"
    assert main(["derive", str(KOREAN), "--record", str(path), "--edition", "kor_x"]) == 0
    text = path.read_text(encoding="utf-8")
    assert capsys.readouterr().out == f"{path}\n"
    assert yaml.safe_load(text)["page"]["edition"] == "kor_x"
    assert "고객사 부호" not in text


def test_the_same_facts_end_with_0_and_other_ones_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["derive", "--check", str(KOREAN), "--lang", "en"]) == 0
    assert "its facts are the same" in capsys.readouterr().out
    page = tmp_path / "page.md"
    page.write_text(KOREAN.read_text("utf-8").replace("| 95 ", "| 96 "), encoding="utf-8")
    assert main(["derive", "--check", str(page), "--lang", "en"]) == 1
    told = capsys.readouterr().out
    assert "Facts that changed against the recorded page (edition kor_20210407): 2" in told
    assert "code 96 is new: API를 호출할 수 없는 회사입니다." in told
    assert "clauses REJ-4 · cases blocked-company" in told
    assert main(["derive", "--check", str(page), "--lang", "ko"]) == 1
    told = capsys.readouterr().out
    assert "코드 96 새로 생김" in told
    assert '--accept "code 96"' in told


@pytest.mark.slow
def test_facts_are_taken_over_one_at_a_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, page = tmp_path / "contract", tmp_path / "page.md"
    text = (PAGES / "rename.md").read_text(encoding="utf-8")
    page.write_text(text, encoding="utf-8")
    assert main(["derive", str(page), "--draft", str(folder)]) == 0
    for old, new in (
        ("| 41   |", "| 42   |"),
        ("| body.copies          | integer |", "| body.copies          | string  |"),
        ('"pages": 3', '"sheets": 3'),
        ("`PUT`", "`PATCH`"),
    ):
        assert old in text
        text = text.replace(old, new)
    page.write_text(text, encoding="utf-8")
    check = ["derive", str(page), "--check", "--contract", str(folder), "--lang", "en"]
    left = [
        *("code 41", "code 42", "request /body/copies", "response 200 /body/pages"),
        *("response 200 /body/sheets", "method"),
    ]
    assert main(check) == 1
    told = capsys.readouterr().out
    assert "recorded page (edition draft-" in told
    for fact in left:
        assert f'--accept "{fact}"' in told
    while left:
        fact = left.pop(0)
        assert main([*check, "--accept", fact]) == (1 if left else 0)
        told = capsys.readouterr().out
        assert f'--accept "{fact}"' not in told
        for other in left:
            assert f'--accept "{other}"' in told, fact
    assert "The page is the recorded one, byte for byte" in told
    assert main([*check, "--accept", "code 41"]) == 4
    assert "no changed fact is called code 41" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "the page is empty"),
        (b"<html></html>", "this is HTML"),
        (b"lorem ipsum " * 450_000, f"larger than {LARGEST} bytes"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
    ],
    ids=["empty", "HTML", "5 MB", "binary"],
)
@pytest.mark.parametrize("check", [[], ["--check"]], ids=["print", "check"])
def test_no_page_ends_with_4_and_one_line(
    data: bytes, told: str, check: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "page.md"
    path.write_bytes(data)
    began = time.process_time()
    assert main(["derive", *check, str(path), "--lang", "en"]) == 4
    assert time.process_time() - began < 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert printed.err.startswith(str(path))
    assert told in printed.err


def test_a_page_that_is_not_there_ends_with_4(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (tmp_path / "none.md", tmp_path):
        assert main(["derive", str(path), "--lang", "ko"]) == 4
        assert "읽을 수 없음" in capsys.readouterr().err


def test_a_page_that_is_cut_is_printed_with_its_doubts_and_not_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_bytes(KOREAN.read_bytes()[:1500])
    assert main(["derive", str(page), "--lang", "en"]) == 0
    came = capsys.readouterr()
    doubts = yaml.safe_load(came.out)["doubts"]
    (line,) = {one["line"] for one in doubts if one["kind"] == "unclosed"}
    assert f"{page}:{line}: a bracket is not closed" in came.err
    assert main(["derive", str(page), "--check", "--lang", "en"]) == 4
    assert "the example that ends here is cut" in capsys.readouterr().err


def test_standard_input_is_a_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Input:
        buffer = io.BytesIO(KOREAN.read_bytes())

    monkeypatch.setattr(sys, "stdin", Input)
    assert main(["derive", "--check", "-", "--lang", "en"]) == 0
    assert "same" in capsys.readouterr().out


def test_an_address_is_fetched_once_it_is_typed(capsys: pytest.CaptureFixture[str]) -> None:
    with pages() as address:
        assert main(["derive", "--check", f"{address}/page.md", "--lang", "en"]) == 0
        capsys.readouterr()
        for name in ("404", "500"):
            assert main(["derive", f"{address}/{name}", "--lang", "en"]) == 4
            assert f"HTTP {name}" in capsys.readouterr().err
        assert main(["derive", f"{address}/endless", "--lang", "en"]) == 4
        assert "larger than" in capsys.readouterr().err
    assert main(["derive", address, "--lang", "en"]) == 4
    assert "cannot be read: ConnectionError" in capsys.readouterr().err


def test_an_address_that_sends_drop_by_drop_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_WHOLE_TIMEOUT", 0.3)
    with pages() as address, pytest.raises(PageError):
        source.page_bytes(f"{address}/slow")


def test_the_command_starts_in_time_and_leaves_no_traceback(tmp_path: Path) -> None:
    noise = tmp_path / "noise.md"
    noise.write_bytes(b"`POST` `" * 700_000)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = command("derive", "--check", str(noise), "--lang", "en")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Processor time, since other tests may run beside this one.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2
    assert (ran.returncode, ran.stdout) == (4, "")
    assert "Traceback" not in ran.stderr


def test_check_takes_the_facts_of_another_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, folder = PAGES / "rename.md", tmp_path / "draft"
    assert main(["derive", str(page), "--draft", str(folder), "--lang", "en"]) == 0
    assert main(["derive", "--check", str(page), "--contract", str(folder), "--lang", "en"]) == 0
    changed = tmp_path / "changed.md"
    changed.write_text(page.read_text("utf-8").replace("| 41 ", "| 42 "), encoding="utf-8")
    capsys.readouterr()
    arguments = ["--contract", str(folder), "--lang", "en"]
    assert main(["derive", "--check", str(changed), *arguments]) == 1
    assert "code 42 is new" in capsys.readouterr().out
    assert main(["derive", "--check", str(page), "--contract", str(tmp_path / "no")]) == 4
    assert "cannot be read" in capsys.readouterr().err
