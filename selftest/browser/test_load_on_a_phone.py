"""The report of a load run at the width of a phone, in a real browser."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from esignon_conformance.tools.proof.judged_server import serving
from esignon_conformance.tools.reference.faults.load_only import LOAD_FAULTS
from selftest.browser.chromium import Chromium
from selftest.support.command import COMMAND

pytestmark = pytest.mark.browser
WIDTH = 390
PHONE = {"width": WIDTH, "height": 844, "deviceScaleFactor": 1, "mobile": True}
SECTION = "document.querySelector('#ec-verdict')"
# What stands beyond the screen, but for what scrolls by itself.
BEYOND = f"""[...document.querySelectorAll('#ec-verdict *')].filter((one) => {{
    for (let other = one.parentElement; other; other = other.parentElement)
        if (["auto", "scroll", "hidden"].includes(getComputedStyle(other).overflowX)) return false;
    return one.getClientRects().length && one.getBoundingClientRect().right > {WIDTH} + 0.5;
}}).map((one) => one.tagName + " " + one.textContent.slice(0, 60))"""
# A load of hours, whose numbers are long.
LONG_NUMBERS = """document.querySelectorAll("#ec-verdict table.latency tbody tr").forEach((row) =>
    [...row.children].slice(1).forEach((cell, at) =>
        cell.textContent = ["certificate refused", "12345678", ...Array(4).fill("15000")][at]))"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("load")
    with serving(LOAD_FAULTS["answers-swapped-in-a-crowd"]) as base_url:
        command = [sys.executable, "-c", COMMAND, "load", "--base-url", base_url, "--html"]
        command += ["--accounts", "box", "--users", "24", "--run-time", "3", "--lang", "en"]
        done = subprocess.run(
            [*command, "--report-dir", str(folder)], capture_output=True, text=True, check=False
        )
    assert done.returncode == 1, done.stdout + done.stderr
    return folder / "report.html"


def test_nothing_of_a_load_run_stands_beside_the_screen_of_a_phone(
    report: Path, browser: Chromium, tmp_path: Path
) -> None:
    browser.command("Emulation.setDeviceMetricsOverride", **PHONE)
    browser.open(report.as_uri())
    browser.wait_for(f"{SECTION}?.getClientRects().length > 0")
    assert browser.evaluate(f"{SECTION}.querySelectorAll('table.latency tbody tr').length") == 4
    assert "SUC-9" in str(browser.evaluate(f"{SECTION}.innerText"))
    curves = (
        f"[...{SECTION}.querySelectorAll('.p95')].map((one) => one.getBoundingClientRect().width)"
    )
    assert browser.evaluate(f"Math.max(...{curves})") > WIDTH / 3
    for numbers in ("", LONG_NUMBERS):
        browser.evaluate(numbers)
        assert browser.evaluate("document.documentElement.scrollWidth") == WIDTH
        assert browser.evaluate(BEYOND) == []
    # The long numbers of a table can be reached with a finger, and are not cut off.
    table = f"{SECTION}.querySelector('table.latency')"
    assert browser.evaluate(f"{table}.scrollWidth > {table}.clientWidth")
    assert browser.evaluate(f"getComputedStyle({table}).overflowX") == "auto"
    browser.screenshot(tmp_path / "phone.png")
