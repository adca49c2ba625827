"""`serve --contract`: each drafted operation is answered from its examples, rightly or wrongly."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance import resources
from esignon_conformance.app.cli.main import main
from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.tools.apidoc.draft import write_drafts
from esignon_conformance.tools.apidoc.page_reader import read_page
from esignon_conformance.tools.apidoc.site import read_site
from esignon_conformance.tools.apidoc.site_record import write_site
from esignon_conformance.tools.drafted.faults import DraftFault, faults_of
from esignon_conformance.tools.drafted.operations import Drafted, read_operations
from esignon_conformance.tools.drafted.server import application
from esignon_conformance.tools.proof.judged_server import How, judge_server
from esignon_conformance.tools.proof.score import Result
from esignon_conformance.tools.reference.application import Application
from esignon_conformance.tools.reference.in_process import ask
from esignon_conformance.tools.reference.liberties import Liberty
from esignon_conformance.tools.reference.world import World, load_world
from selftest.support.edition import EDITION
from selftest.support.exchanges import plain

PAGES = Path(__file__).parents[1] / "pages"
NAMES = ("move", "boxes", "notice", "rename", "login.en")
LEAST = 20
MAIN = box_accounts()["main"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a contract folder with the drafts of all made-up pages."""
    found = tmp_path_factory.mktemp("drafted") / "contract"
    operations = {
        name.partition(".")[0]: read_page((PAGES / f"{name}.md").read_bytes()) for name in NAMES
    }
    write_drafts(operations, found)
    return found


def judged(drafted: Drafted, build: Any) -> Result:
    """Return what the suite makes of a server of a drafted operation."""
    how = How(drafted.contract, 1, depth="quick")
    return judge_server(Liberty("drafted", "A draft.", build=build), how)


@pytest.mark.parametrize("name", ["move", "boxes", "notice", "rename", "login"])
def test_a_server_of_the_examples_conforms(name: str, folder: Path) -> None:
    operations = read_operations(folder)
    (drafted,) = (one for one in operations if one.operation.id == name)

    def build(world: World) -> Application:
        return application(operations, world)

    result = judged(drafted, build)
    assert (result.failed, result.advised, result.exit_status) == ((), (), 0), result.shown


@pytest.mark.parametrize("name", ["boxes", pytest.param("move", marks=pytest.mark.slow)])
def test_at_least_twenty_kinds_of_faults_are_found(name: str, folder: Path) -> None:
    (drafted,) = read_operations(folder, [name])
    faults = faults_of(drafted)
    assert len(faults) >= LEAST
    chosen = faults if name == "move" else faults[::5]
    assert [one.name for one in chosen if not is_found(one, drafted)] == []


def is_found(fault: DraftFault, drafted: Drafted) -> bool:
    """Tell whether the suite says anything against a server of a draft with a fault."""
    result = judged(drafted, lambda world: fault.build((drafted,), world))
    return bool(result.failed or result.advised or result.shown)


def spread(faults: Sequence[DraftFault]) -> list[DraftFault]:
    """Return as many faults as a draft has to find, of all parts of the list: all where it has fewer."""
    least = min(LEAST, len(faults))
    return [faults[number * len(faults) // least] for number in range(least)]


@pytest.mark.slow
def test_each_draft_of_the_edition_finds_twenty_kinds_of_faults(tmp_path: Path) -> None:
    if not EDITION.is_dir():
        pytest.skip(f"NOT TESTED on the vendor's edition: {EDITION.name} is not beside the project")
    write_site(read_site(str(EDITION)), tmp_path)
    operations = read_operations(tmp_path)
    assert len(operations) == 23
    missed, few = [], []
    for drafted in operations:
        name = drafted.operation.id
        # A server without a fault conforms: otherwise whatever is found says nothing.
        right = judged(drafted, lambda world, one=drafted: application((one,), world))
        assert (right.failed, right.advised, right.shown) == ((), (), ()), name
        faults = spread(faults_of(drafted))
        few += [name] if len(faults) < LEAST else []
        missed += [f"{name}: {one.name}" for one in faults if not is_found(one, drafted)]
    assert missed == []
    # The page of a message that the API sends shows no answer, so there is no envelope to be wrong.
    assert few == ["exportapi"]


@pytest.mark.slow
def test_an_unreadable_body_is_judged_where_operations_share_an_address(tmp_path: Path) -> None:
    text = (PAGES / "move.md").read_text(encoding="utf-8")
    texts = {"move": text, "lift": text.replace("7302Q", "7401Q")}
    write_drafts({name: read_page(one.encode()) for name, one in texts.items()}, tmp_path)
    operations = read_operations(tmp_path)
    drafted = operations[0]
    right = judged(drafted, lambda world: application(operations, world))
    assert (right.failed, right.advised, right.shown) == ((), (), ())
    assert "REJ-7" not in right.not_judged
    (fault,) = (one for one in faults_of(drafted) if one.name == "takes-unreadable-bodies")
    wrong = judged(drafted, lambda world: fault.build(operations, world))
    assert "REJ-7" in wrong.failed


def answered(folder: Path, world: World, *requests: tuple[str, dict[str, Any], str]) -> list[Any]:
    """Return the answers of a server of drafts to requests: path, body, and token."""
    served = application(read_operations(folder), world)

    async def all_of() -> list[Any]:
        found = []
        for path, body, token in requests:
            headers = ((b"authorization", token.encode()), (b"content-type", b"application/json"))
            target, _, query = path.partition("?")
            answer = await ask(
                *(served, target, json.dumps(body).encode()), query=query.encode(), headers=headers
            )
            found.append((answer.status, json.loads(answer.body) if answer.body else None))
        return found

    return asyncio.run(all_of())


def test_an_answer_takes_over_what_was_sent(folder: Path) -> None:
    login = {
        "header": {"request_code": "1001Q"},
        "body": {"memb_email": plain(MAIN.email), "memb_pwd": plain(MAIN.password)},
    }
    contract = next(one for one in read_operations(folder, ["move"])).operation
    body = json.loads(json.dumps(contract.request_example))
    body["body"]["comp_id"] = MAIN.company
    path = f"/depot/{MAIN.company}/move?lang=ko"
    (status, came), *rest = answered(
        *(folder, load_world(resources.contracts() / "accounts.yaml")),
        (f"/api/{MAIN.company}/login", login, ""),
        (path, body, "esignon made-up-access_token"),
        (path, body, "esignon nobody"),
        ("/nowhere", {}, ""),
    )
    assert (status, came["header"]["result_code"]) == (200, "00")
    assert came["body"]["memb_email"] == plain(MAIN.email)
    assert rest[0][1]["header"]["result_code"] == "00"
    assert rest[0][1]["body"]["comp_id"] == MAIN.company
    assert rest[1][1]["header"]["result_code"] != "00"
    assert rest[2] == (404, None)


def test_wrong_names_end_with_4(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for options in (
        ["--operation", "nothing"],
        ["--fault", "no-header"],
        ["--operation", "move", "--fault", "nothing"],
        ["--list-faults"],
    ):
        assert main(["serve", "--contract", str(folder), "--port", "0", *options]) == 4
    assert main(["serve", "--contract", str(folder / "none"), "--port", "0"]) == 4
    assert "Traceback" not in capsys.readouterr().err
    options = ["--operation", "move", "--list-faults"]
    assert main(["serve", "--contract", str(folder), *options]) == 0
    assert len(capsys.readouterr().out.splitlines()) >= LEAST
