"""The suite sends from one process, in whichever order the tests run, and no account comes near a lock."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.tools.proof.judged_server import serving
from esignon_conformance.tools.reference.faults.registry import Fault, changed
from esignon_conformance.tools.reference.login import STEPS
from esignon_conformance.tools.reference.pipeline import Json, LoginRequest
from esignon_conformance.tools.reference.world import Account
from selftest.support.command import command

_ROOT = Path(__file__).parents[2]
_RUNS = 10


def test_workers_of_pytest_xdist_are_refused(tmp_path: Path) -> None:
    arguments = ("-n", "2", "-k", "SUC-1", f"--report-dir={tmp_path}")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 4, done.stdout + done.stderr
    assert "in one process" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_quick_run_does_not_load_what_it_does_not_need(tmp_path: Path) -> None:
    code = (
        "import sys; from esignon_conformance.app.cli.main import main\n"
        f"main(['run', '--depth', 'quick', '-k', 'SUC-1', '--report-dir', {str(tmp_path)!r}])\n"
        "heavy = ('xdist', 'execnet', 'pydantic', 'hypothesis', 'schemathesis', 'uvicorn')\n"
        "print('loaded:', [n for n in sys.modules if n.partition('.')[0] in heavy])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert "loaded: []" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("depth", ["quick", "deep"])
def test_no_account_is_locked_however_the_tests_are_shuffled(tmp_path: Path, depth: str) -> None:
    """Ten runs in an order of chance: no account sees a fourth wrong password in a row."""
    counts = tmp_path / "counts"
    counts.write_text("", encoding="ascii")

    def counting(request: LoginRequest, account: Account, given: Json) -> bool:
        in_a_row = request.state.wrong_in_a_row[account.memb_email]
        is_right = STEPS.password_matches(request, account, given)
        with counts.open("a", encoding="ascii") as file:
            file.write(f"{account.memb_email} {0 if is_right else in_a_row + 1}\n")
        # Locked for good at the fourth in a row: one more than the suite may ever come to.
        return is_right and in_a_row < 4

    with serving(Fault("one", (), "", changed(password_matches=counting))) as base_url:
        for seed in range(1, _RUNS + 1):
            ran = command(
                # Every wrong password is sent for one of these.
                *("run", "--depth", depth, "--lang", "en", "-m", "REJ or SEC"),
                *("--max-examples", "6", "--fuzz-time", "60"),
                *("--seed", str(seed)),
                *("--base-url", base_url, "--accounts", "box", "-p", "selftest.support.shuffling"),
                *("--report-dir", str(tmp_path / "r")),
                PYTHONPATH=str(_ROOT),
            )
            assert ran.returncode == 0, f"seed {seed}: {ran.stdout}{ran.stderr}"
    rows = [line.split() for line in counts.read_text("ascii").splitlines()]
    most = {email: max(int(count) for name, count in rows if name == email) for email, _ in rows}
    emails = {box_accounts()[name].email.get_secret_value() for name in ("main", "second")}
    assert set(most) >= emails
    assert max(most.values()) == 3
