"""The options that say which server is tested, with what limits; and what the settings say of it."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from ...i18n.catalogue import chosen_language, render
from ...i18n.errors import ConfigurationError
from ...i18n.language import LANGUAGES
from ...i18n.message import Message, say
from ...runner.depth import DEPTHS
from ...target.environment import PREFIX, Variables, check_spelling, read_variables
from ...target.process_environment import limits_of_platform, without_unwritable_key_log
from ...target.settings import (
    Options,
    Settings,
    base_url_of,
    ignored_settings,
    known_names,
    overriding,
    read_settings,
)
from ...target.targets_file import (
    FILE_NAME,
    TargetEntry,
    chosen_file,
    entry_named,
    read_targets,
)
from ..number_options import number
from .unused_options import refuse_contradictions, unused_options

_LIMITS = (
    "requests_per_second",
    "requests",
    "max_time",
    "concurrency",
    "wrong_passwords_in_a_row",
    "wrong_passwords",
)


def add_target_options(group: pytest.OptionGroup) -> None:
    """Add the options of the target and of its limits."""
    group.addoption(
        "--target",
        metavar="NAME",
        help=f"a target of {FILE_NAME} (else {PREFIX}TARGET)",
    )
    group.addoption(
        "--targets-file", metavar="FILE", help=f"where the targets are named ({FILE_NAME})"
    )
    group.addoption(
        "--allow-host",
        action="append",
        default=[],
        metavar="HOST",
        help="a host other than this machine that may be tested (repeatable); the vendor's production "
        "service only with this",
    )
    group.addoption(
        "--ca-bundle",
        metavar="FILE",
        help=f"certificates that are trusted instead of the system's, as PEM (else {PREFIX}CA_BUNDLE)",
    )
    group.addoption(
        "--client-cert",
        metavar="FILE",
        help="a client certificate as PEM, for a server that asks for one "
        f"(else {PREFIX}CLIENT_CERT)",
    )
    group.addoption(
        "--client-key",
        metavar="FILE",
        help=f"its key, where it is not in the same file (else {PREFIX}CLIENT_KEY); its password "
        f"stands in {PREFIX}CLIENT_KEY_PASSWORD",
    )
    group.addoption(
        "--label",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="stands in the statement, the report and the summary, such as build=1.4.2 (repeatable)",
    )
    group.addoption(
        "--plan",
        action="store_true",
        help="print what would be sent: requests, wrong passwords, time; and send nothing",
    )
    group.addoption(
        "--rate",
        dest="requests_per_second",
        type=number(float, above=0),
        metavar="N",
        help="requests a second (5 off this machine, no limit on it)",
    )
    group.addoption(
        "--max-requests",
        dest="requests",
        type=number(int, above=0),
        metavar="N",
        help="requests in all (600 off this machine, 2000 there with --depth deep, no limit on it)",
    )
    group.addoption(
        "--max-time",
        type=number(float, above=0),
        metavar="SECONDS",
        help="time in all (1200)",
    )
    group.addoption(
        "--concurrency",
        type=number(int, above=0, most=32),
        metavar="N",
        help="requests at once (8 on this machine, 4 elsewhere; with 1, SUC-9 is not judged)",
    )
    group.addoption(
        "--wrong-passwords-in-a-row",
        type=number(int, above=-1, most=3),
        metavar="N",
        help="on one account, before a right login must come (3; 0 sends none)",
    )
    group.addoption(
        "--wrong-passwords",
        type=number(int, above=-1),
        metavar="N",
        help="on one account in the whole run (60 off this machine, no limit on it; 0 sends none)",
    )


@dataclass(frozen=True)
class Given:
    """What was given about the target, in the order in which it counts: options, settings, the entry."""

    options: Options
    settings: Settings
    variables: Variables
    entry: TargetEntry | None
    base_url: str | None
    notices: tuple[Message, ...]


def read_given(config: pytest.Config) -> Given:
    """Read options, environment, `.env` and `targets.toml`; the chosen language counts from here on.

    Raises `ConfigurationError`.
    """
    option = config.option
    refuse_contradictions(option)
    variables = read_variables()
    _take_language(option, variables.value(f"{PREFIX}LANG"), f"{PREFIX}LANG")
    file = chosen_file(option.targets_file)
    name = option.target or variables.value(f"{PREFIX}TARGET")
    entry = entry_named(name, file) if name else None
    # Without a target, a file that cannot be read is not needed.
    entries = read_targets(file).values() if entry else _names_of(file)
    notices = [
        *limits_of_platform(sys.platform),
        without_unwritable_key_log(os.environ),
        *variables.notices,
        check_spelling(variables, known_names(entries)),
    ]
    option.typed_fail_on = tuple(option.fail_on)
    if entry is not None:
        _take_language(option, entry.language, "language")
        # What a target fails on, it fails on under load, too.
        option.fail_on = option.fail_on or list(entry.fail_on)
    _take_depth(option, variables.value(f"{PREFIX}DEPTH"), entry)
    settings = read_settings(variables)
    options = _options(option, variables)
    base_url = base_url_of(options, settings, entry)
    if base_url is None and (ignored := ignored_settings(settings)):
        notices.append(say("box-ignores", names=", ".join(ignored)))
    if entry is not None and (names := overriding(settings, options)):
        notices.append(say("target-overridden", target=entry.name, names=", ".join(names)))
    notices += unused_options(option)
    shown = tuple(one for one in notices if one is not None)
    return Given(options, settings, variables, entry, base_url, shown)


def notice_lines(notices: tuple[Message, ...], language_option: str | None) -> list[str]:
    """Return notices in the chosen language."""
    return [render(one, chosen_language(language_option)) for one in notices]


def _names_of(file: Path) -> list[TargetEntry]:
    try:
        return list(read_targets(file).values())
    except ConfigurationError:
        return []


def _take_language(option: argparse.Namespace, wanted: str | None, name: str) -> None:
    """Choose a language unless one is chosen already."""
    if option.lang is not None or not wanted:
        return
    if wanted not in LANGUAGES:
        raise ConfigurationError(say("config-language", name=name))
    option.lang = wanted


def _take_depth(option: argparse.Namespace, wanted: str | None, entry: TargetEntry | None) -> None:
    """Choose the depth: the option, the environment, the target's entry, or the usual one."""
    if wanted and wanted not in DEPTHS:
        name, known = f"{PREFIX}DEPTH", ", ".join(DEPTHS)
        raise ConfigurationError(say("config-depth", name=name, known=known))
    option.depth = option.depth or wanted or (entry.depth if entry else None) or "standard"


def _options(option: argparse.Namespace, variables: Variables) -> Options:
    limits = {name: getattr(option, name) for name in _LIMITS}
    return Options(
        base_url=option.base_url,
        accounts=option.accounts,
        allow_host=tuple(option.allow_host),
        connect_timeout=option.connect_timeout,
        answer_timeout=option.answer_timeout,
        limits={name: value for name, value in limits.items() if value is not None},
        ca_bundle=option.ca_bundle or variables.value(f"{PREFIX}CA_BUNDLE"),
        client_cert=option.client_cert or variables.value(f"{PREFIX}CLIENT_CERT"),
        client_key=option.client_key or variables.value(f"{PREFIX}CLIENT_KEY"),
        labels=tuple(option.label),
        targets_file=option.targets_file,
        depth=option.depth,
    )
