"""Prints a page to PDF with the Chromium or Chrome at hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from ..i18n.message import Message, say
from ..i18n.outside import reason_of
from .html_report.child_environment import child_environment
from .html_report.errors import ReportError

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
_PATIENCE = 120
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pdf-header-footer",
    # The page needs nothing from outside, and its browser gets nothing.
    "--proxy-server=127.0.0.1:9",
)


def write_pdf(page: str, destination: Path) -> None:
    """Print a page of HTML to `destination`.  Raises `ReportError` where no browser can."""
    browser = next(filter(None, map(shutil.which, _NAMES)), None)
    if browser is None:
        raise ReportError(say("pdf-no-browser"))
    with tempfile.TemporaryDirectory(prefix="esignon-pdf-") as made:
        source, target = Path(made, "page.html"), Path(made, "page.pdf")
        source.write_text(page, encoding="utf-8")
        command = [browser, *_FLAGS, f"--user-data-dir={made}/profile"]
        if getattr(os, "geteuid", lambda: 1)() == 0:
            # Chromium refuses to start as root with its sandbox on, as in most containers.
            command.append("--no-sandbox")
        command += [f"--print-to-pdf={target}", source.as_uri()]
        try:
            done = subprocess.run(
                command,
                env=child_environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_PATIENCE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ReportError(_unprinted(browser, reason_of(error))) from error
        if not target.is_file():
            told = done.stderr.strip().splitlines()
            reason = told[-1] if told else say("ended-with", status=done.returncode)
            raise ReportError(_unprinted(browser, reason))
        try:
            shutil.copyfile(target, destination)
        except OSError as error:
            message = say("report-not-written", path=destination, reason=reason_of(error))
            raise ReportError(message) from error


def _unprinted(browser: str, reason: str | Message) -> Message:
    return say("pdf-unprinted", browser=browser, reason=reason)
