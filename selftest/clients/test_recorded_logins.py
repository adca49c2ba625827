"""Logins that real clients send and record are judged: mitmproxy, Playwright with Chromium, newman.

`make clients` installs them; without one its tests are skipped and say so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from esignon_conformance.tools.proof.judged_server import serving
from esignon_conformance.tools.reference.application import application
from esignon_conformance.tools.reference.faults import FAULTS, Fault
from selftest.support.archives import failing, judged, verdict
from selftest.support.recorders import (
    Sent,
    behind_tls,
    by_mitmproxy,
    by_newman,
    by_playwright,
    can_drive_chromium,
    find_mitmdump,
    find_module,
)
from selftest.support.sent_logins import CUT, RIGHT, SECOND, WRONG

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Recorder = Callable[[str, Sequence[Sent], Path], None]
SENT = (RIGHT, WRONG, SECOND, CUT, RIGHT)
CLIENTS: dict[str, tuple[Recorder, Callable[[], object]]] = {
    "mitmproxy": (by_mitmproxy, find_mitmdump),
    "playwright": (by_playwright, can_drive_chromium),
    "newman": (by_newman, lambda: find_module("newman")),
}
RIGHT_SERVER = Fault("right", (), "It is right.", application)


def _recorded(name: str, server: Fault, folder: Path) -> Path:
    record, is_here = CLIENTS[name]
    if not is_here():
        pytest.skip(f"NO {name.upper()}: nobody has seen what it records. make clients")
    file = folder / f"{name}.json"
    with serving(server) as url, behind_tls(int(url.rpartition(":")[2])) as secure:
        record(secure, SENT, file)
    return file


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
@pytest.mark.parametrize("name", CLIENTS)
def test_what_a_client_records_of_a_right_server_fails_nothing(name: str, tmp_path: Path) -> None:
    run = judged(_recorded(name, RIGHT_SERVER, tmp_path))
    assert not failing(run)
    assert verdict(run, "REQ-1").exchanges == 3
    assert verdict(run, "REJ-1").exchanges == 1
    assert verdict(run, "SUC-10").verdict == "holds"


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
@pytest.mark.parametrize("name", CLIENTS)
def test_what_a_client_records_of_a_faulty_server_fails_the_right_clause(
    name: str, tmp_path: Path
) -> None:
    run = judged(_recorded(name, FAULTS["takes-any-password"], tmp_path))
    assert failing(run) == {"REJ-1"}
