"""`derive --site`: all pages at once, what they say together, and what changed since."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import validate

from esignon_conformance.app.cli.main import main
from esignon_conformance.runner.requests.contract_check import load
from esignon_conformance.tools.apidoc import contract_files
from esignon_conformance.tools.apidoc.shared_facts import shared_facts
from esignon_conformance.tools.apidoc.site import drafts_of, read_site
from esignon_conformance.tools.apidoc.site_record import write_site
from esignon_conformance.tools.apidoc.text import PageError
from selftest.support.background import running

PAGES = Path(__file__).parents[1] / "pages"
MOVE = (PAGES / "move.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of pages: two that are called alike, one address with two codes, an introduction."""
    folder = tmp_path_factory.mktemp("site") / "pages"
    for place in ("old", "new"):
        (folder / place).mkdir(parents=True)
    shutil.copy(PAGES / "boxes.md", folder / "new" / "boxes.md")
    shutil.copy(PAGES / "notice.md", folder / "notice.md")
    (folder / "README.md").write_text("# Boxes\n\n* a list\n", encoding="utf-8")
    (folder / "old" / "move.md").write_text(MOVE, encoding="utf-8")
    other = MOVE.replace(
        "| 31 | 실패 | 상자가", "| -2 | 실패 | 읽지 못했습니다 |\n| 31 | 실패 | 상자가"
    )
    (folder / "new" / "move.md").write_text(other, encoding="utf-8")
    (folder / "lift.md").write_text(
        MOVE.replace("7302Q", "7401Q").replace("7301", "7401").replace("{CompID}", ":companyId"),
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def drafted(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the contract folder of the site."""
    folder = tmp_path_factory.mktemp("drafted") / "contract"
    assert main(["derive", "--site", str(site), "--draft", str(folder), "--lang", "en"]) == 0
    return folder


def test_every_page_is_a_row_and_an_introduction_is_no_error(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["derive", "--site", str(site), "--lang", "en"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = {line.split()[0]: line for line in lines[1:7]}
    assert set(rows) == {
        *("README.md", "lift.md", "new/boxes.md", "new/move.md", "notice.md", "old/move.md"),
    }
    assert "POST /depot/{CompID}/move 7302Q" in rows["old/move.md"]
    assert "no operation stands here" in rows["README.md"]
    assert [name for name, row in rows.items() if "(no answer is shown)" in row] == ["notice.md"]


def test_facts_of_several_pages_are_told(site: Path) -> None:
    operations = {name: facts for name, (_, facts) in drafts_of(read_site(str(site))).items()}
    found = shared_facts(operations)
    assert set(operations) == {"boxes", "lift", "new-move", "notice", "old-move"}
    assert found.envelope["result_code"] == ("lift", "boxes", "new-move", "old-move")
    assert found.tokens["Authorization: esignon"] == found.envelope["result_code"]
    assert found.tokens["-"] == ("notice",)
    assert found.codes_of == {
        "읽지 못했습니다": {"-1": ("lift", "new-move", "old-move"), "-2": ("new-move",)}
    }
    assert set(found.texts_of) == {"31"}
    assert found.twice == {"POST /depot/{}/move 7302Q": ("new-move", "old-move")}
    assert found.one_address == {"POST /depot/{}/move": ("lift", "new-move", "old-move")}


def test_all_operations_stand_in_one_document(drafted: Path) -> None:
    openapi = drafted / "contracts" / "openapi.yaml"
    document = yaml.safe_load(openapi.read_text(encoding="utf-8"))
    validate(document, base_uri=openapi.as_uri())
    assert set(document["paths"]) == {
        *("/depot/{companyId}/move", "/boxes/all", "/depot/{CompID}/move"),
        "/depot/{CompID}/move#old-move",
    }
    assert set(document["webhooks"]) == {"notice"}
    # The fragment tells operations apart and is never sent.
    assert load(drafted, "old-move").operation.path == "/depot/{CompID}/move"
    record = yaml.safe_load((drafted / "contracts" / "site.yaml").read_text(encoding="utf-8"))
    assert {"page": "README.md", "operations": []} in record["pages"]
    assert "둘 이상" not in str(record)


def test_a_site_s_contract_is_made_anew_to_the_letter(tmp_path: Path) -> None:
    # Two operations share an address, and their pages stand in another order than their names.
    for place, name, code in (("a", "zeta", "7301"), ("b", "alpha", "7401")):
        (tmp_path / "pages" / place).mkdir(parents=True)
        page = MOVE.replace("7301", code)
        (tmp_path / "pages" / place / f"{name}.md").write_text(page, encoding="utf-8")
    folder = tmp_path / "contract"
    write_site(read_site(str(tmp_path / "pages")), folder)
    before = {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    assert contract_files.main([str(folder)]) == 0
    assert {path: path.read_bytes() for path in before} == before


def test_a_line_tells_each_page_that_changed(
    site: Path, drafted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check = ["derive", "--check", "--contract", str(drafted), "--lang", "en", "--site"]
    assert main([*check, str(site)]) == 0
    assert capsys.readouterr().out == "Pages without a changed fact: 6\n"
    changed = tmp_path / "changed"
    shutil.copytree(site, changed)
    (changed / "notice.md").unlink()
    (changed / "new" / "lift.md").write_text(MOVE, encoding="utf-8")
    (changed / "README.md").write_text("# Boxes, and more\n", encoding="utf-8")
    old = changed / "old" / "move.md"
    old.write_text(MOVE.replace("| -1 |", "| -3 |"), encoding="utf-8")
    cut = changed / "new" / "boxes.md"
    cut.write_text(cut.read_text("utf-8").partition('"state"')[0], encoding="utf-8")
    assert main([*check, str(changed)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        *("new/boxes.md", "new/lift.md", "notice.md", "old/move.md"),
        "Pages without a changed fact",
    ]
    assert "is cut" in lines[0]
    assert "a new page: POST /depot/{CompID}/move" in lines[1]
    assert "the page is gone" in lines[2]
    assert "facts that changed: 2" in lines[3]
    assert "code -3 is new" in lines[3]


def test_a_list_of_links_names_the_pages(site: Path, tmp_path: Path) -> None:
    listed = site / "llms.txt"
    listed.write_text(
        "# Boxes\n\n- [Moving](https://boxes.invalid/old/move.md): moves\n- [All](new/boxes.md)\n"
        "- [Up](../secret.md)\n- [Home](https://boxes.invalid/)\n- [None](none.md)\n",
        encoding="utf-8",
    )
    try:
        found = {page.name: page for page in read_site(str(listed))}
    finally:
        listed.unlink()
    assert set(found) == {"old/move.md", "new/boxes.md", "none.md"}
    assert found["old/move.md"].operations[0].path == "/depot/{CompID}/move"
    assert found["none.md"].is_damaged
    with pytest.raises(PageError):
        read_site(str(tmp_path))


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    """Serve the site on this machine."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(site))
    with running(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as base_url:
        yield base_url


def test_pages_of_another_host_are_not_fetched(site: Path, served: str) -> None:
    listed = site / "llms.txt"
    listed.write_text("[a](/old/move.md)\n[b](http://127.0.0.1:9/new/move.md)\n", encoding="utf-8")
    try:
        found = read_site(f"{served}/llms.txt")
    finally:
        listed.unlink()
    assert [page.name for page in found] == ["old/move.md"]
    assert found[0].operations


def test_a_site_is_not_checked_against_a_folder_without_one(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["derive", "--site", str(site), "--check", "--contract", str(tmp_path)]) == 4
    assert main(["derive", "--site", str(site), "--check"]) == 4
    assert main(["derive"]) == 4
    assert "Traceback" not in capsys.readouterr().err
