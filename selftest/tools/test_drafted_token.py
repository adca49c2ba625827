"""A server that wants the token in the other header: its 401 is told with both, and a setting mends it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from esignon_conformance.contract.model import Contract
from esignon_conformance.reports.token_lines import token_lines
from esignon_conformance.runner.requests.token_header import with_token_header
from esignon_conformance.runner.run import Run
from esignon_conformance.target.settings import Options, box_target
from esignon_conformance.tools.apidoc.draft import write_drafts
from esignon_conformance.tools.apidoc.page_reader import read_page
from esignon_conformance.tools.drafted.operations import Answer, Drafted, read_operations
from esignon_conformance.tools.drafted.server import RIGHT, Handling, application, has_token
from esignon_conformance.tools.proof.judged_server import serving
from esignon_conformance.tools.reference.application import Application
from esignon_conformance.tools.reference.liberties import Liberty
from esignon_conformance.tools.reference.rehearsal import Rehearsal
from esignon_conformance.tools.reference.world import World
from esignon_conformance.verdicts.exit_status import exit_status

PAGE = Path(__file__).parents[1] / "pages" / "boxes.md"


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Drafted:
    """Return an operation whose page says `Authorization: esignon TOKEN`."""
    folder = tmp_path_factory.mktemp("drafted") / "contract"
    write_drafts({"boxes": read_page(PAGE.read_bytes())}, folder)
    (found,) = read_operations(folder)
    return found


def wants_authentication(drafted: Drafted) -> Liberty:
    """Return a server that takes the token in Authentication, and answers HTTP 401 without one there."""

    def answer(handling: Handling, one: Answer) -> Answer:
        return one if has_token(handling) else replace(one, status=401)

    def build(world: World) -> Application:
        # The examples are those of the page: only the header is another.
        drafted.operation = with_token_header(drafted.contract, "Authentication").operation
        return application((drafted,), world, replace(RIGHT, answer=answer))

    return Liberty("authentication", "The token is wanted in Authentication.", build=build)


def run_of(contract: Contract, base_url: str, directory: Path) -> tuple[int, list[str]]:
    """Return the exit status of a run, and what it says about tokens."""
    target = box_target(base_url, 1, Options(depth="quick"))
    run = Run(contract, target, 1, directory, is_whole=True, depth="quick", rehearse=Rehearsal)
    verdicts = run.verdicts
    return exit_status(verdicts, gone=run.recording.is_gone), list(token_lines(run, "en"))


def test_a_401_names_both_headers_and_the_other_one_conforms(
    drafted: Drafted, tmp_path: Path
) -> None:
    contract = drafted.contract
    with serving(wants_authentication(drafted)) as base_url:
        status, lines = run_of(contract, base_url, tmp_path / "page")
        assert status != 0
        (said,) = lines
        assert "Authorization" in said
        assert "Authentication" in said
        renamed = with_token_header(contract, "Authentication")
        assert run_of(renamed, base_url, tmp_path / "setting") == (0, [])
