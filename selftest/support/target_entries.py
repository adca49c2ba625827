"""Targets of an entry of `targets.toml`, and the message with which one is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.target.environment import Variables
from esignon_conformance.target.settings import (
    Options,
    base_url_of,
    read_settings,
    target_of,
)
from esignon_conformance.target.target import Target
from esignon_conformance.target.targets_file import TargetEntry, entry_named

SECRETS = {
    "STAGING_MEMB_EMAIL": "a@gaon.invalid",
    "STAGING_MEMB_PWD": "Staging-Pass!01",
    "STAGING_SECOND_MEMB_EMAIL": "b@gaon.invalid",
    "STAGING_SECOND_MEMB_PWD": "Staging-Pass!02",
    "STAGING_OTHER_MEMB_EMAIL": "c@byeol.invalid",
    "STAGING_OTHER_MEMB_PWD": "Staging-Pass!03",
    "STAGING_BLOCKED_MEMB_EMAIL": "d@noeul.invalid",
    "STAGING_BLOCKED_MEMB_PWD": "Staging-Pass!04",
    "STAGING_GATEWAY_KEY": "gateway-key-05",
}
PLAIN = """
[mine]
base_url = "http://127.0.0.1:4010"
company_id = "gaon"
accounts.main = {memb_email = "STAGING_MEMB_EMAIL", memb_pwd = "STAGING_MEMB_PWD"}
"""


def entry(text: str = PLAIN, name: str = "mine") -> TargetEntry:
    """Return a target of a file with this text."""
    Path("targets.toml").write_text(text)
    return entry_named(name, Path("targets.toml"))


def target(
    text: str = PLAIN,
    *,
    variables: dict[str, str] | None = None,
    base_url: str | None = None,
    **options: Any,
) -> Target:
    """Return the target `mine` of a file, with these variables and options."""
    given = Variables(SECRETS if variables is None else variables)
    found, chosen = entry(text), Options(base_url=base_url, **options)
    settings = read_settings(given)
    url = base_url_of(chosen, settings, found)
    assert url is not None
    return target_of(chosen, settings, url, 1, entry=found, variables=given)


def refused(text: str = PLAIN, **given: Any) -> str:
    """Return the one message with which a target is refused."""
    with pytest.raises(ConfigurationError) as error:
        target(text, **given)
    assert "\n" not in str(error.value)
    assert error.value.text("ko") != error.value.text("en")
    for secret in SECRETS.values():
        assert secret not in str(error.value)
    return str(error.value)
