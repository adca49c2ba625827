"""A pytest plugin that is careless with secrets: it logs, prints, warns of and crashes with them."""

from __future__ import annotations

import base64
import logging
import os
import sys

import pytest

from esignon_conformance.app.pytest_plugin.state import RUN
from esignon_conformance.redaction.scrubber import Scrubber

_LOGGER = logging.getLogger("canary")


def pytest_configure() -> None:
    """Switch the scrubber off where the test asks for that."""
    if os.environ.get("CANARY_SCRUBBER") == "off":
        Scrubber.scrub = _unmasked  # type: ignore[assignment, method-assign]  # a test may


def _unmasked(_scrubber: Scrubber, text: str) -> str:
    return text


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Log and print in some tests, and crash in one with all secrets in its local variables."""
    if "wrong-password" not in item.name:
        return
    run = item.config.stash[RUN]
    secrets = [
        text.get_secret_value()
        for account in run.target.accounts.values()
        for text in (account.email, account.password)
    ]
    tokens = [one.answer.body for one in run.recording.exchanges[:3] if one.answer is not None]
    encoded = base64.b64encode("|".join(secrets).encode()).decode()
    _LOGGER.debug("secrets %s", secrets)
    _LOGGER.warning("tokens %r, encoded %s", tokens, encoded)
    print("printed", secrets)
    print("printed", tokens, file=sys.stderr)
    if "wrong-password]" in item.name:
        try:
            os.environ[" ".join(secrets)]
        except KeyError:
            _LOGGER.exception("an exception")
        raise RuntimeError(f"crashed with {secrets} and {tokens[:1]}")
