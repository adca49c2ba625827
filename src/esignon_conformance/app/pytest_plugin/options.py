"""The options of the suite."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import NoReturn

import pytest

from ...i18n.catalogue import language_of_arguments, word
from ...i18n.outside import translated
from ...runner.depth import DEPTHS, FUZZ_TIME, MAX_EXAMPLES
from ...target.limits import SMOKE_REQUESTS
from ..near_options import unknown_options
from ..number_options import number
from .target_options import add_target_options
from .traffic import add_traffic_options


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the suite, and let a mistake in any be told in one line.

    pytest tells it under its own usage, which names no option, and with paths of this machine.
    """
    refuse = partial(_refuse, parser.optparser)
    setattr(parser.optparser, "error", refuse)  # noqa: B010 - a method of pytest's parser, replaced
    group = parser.getgroup("esignon-conformance")
    group.addoption(
        "--accounts",
        choices=("settings", "box"),
        default="settings",
        help="whose accounts to use: those of the settings, or the made-up ones of the server in the "
        "box (for a mock on this machine, or on a host that was allowed by name)",
    )
    add_target_options(group)
    group.addoption(
        "--fail-on",
        action="append",
        default=[],
        metavar="WHAT",
        help="what else fails the run: advisory, not-judged, a clause id, uncovered (a documented code "
        "never came) or uncovered:CODE (repeatable)",
    )
    group.addoption(
        "--report-dir",
        default=None,
        metavar="DIR",
        help="where everything written goes (reports/)",
    )
    group.addoption(
        "--waivers",
        default=None,
        metavar="FILE",
        help="a file of deviations that are known and borne with for a time (waivers/NAME.yaml)",
    )
    group.addoption(
        "--contract",
        default=None,
        metavar="FOLDER",
        help="a contract other than the suite's: the folder that `derive --draft` wrote",
    )
    add_traffic_options(group)
    group.addoption(
        "--operation",
        default=None,
        metavar="NAME",
        help="with --contract: which of the operations of the folder to judge",
    )
    group.addoption(
        "--token-header",
        default=None,
        metavar="NAME",
        help="with --contract: the header that tokens go into, where the page names another "
        "(Authorization, Authentication)",
    )
    group.addoption(
        "--prove-token",
        action="store_true",
        help="after the cases, ask GET /api/v2/company whether it takes the issued token, and refuses "
        "none and a made-up one; observed only",
    )
    group.addoption("--case", default=None, metavar="ID", help="send one case only")
    group.addoption(
        "--show", action="store_true", help="with --case: print the exchange, secrets masked"
    )
    group.addoption("--lang", choices=("ko", "en"), default=None, help="language of the output")
    group.addoption(
        "--seed", type=int, default=None, help="seed of made-up values and of fuzzing (random)"
    )
    group.addoption(
        "--depth",
        choices=DEPTHS,
        default=None,
        help=f"smoke: the most telling cases, at most {SMOKE_REQUESTS} requests; quick: all cases; "
        "standard: and the frozen corpus; deep: and fresh fuzzing (standard)",
    )
    group.addoption(
        "--max-examples",
        type=number(int, above=0),
        default=MAX_EXAMPLES,
        metavar="N",
        help=f"deep: examples that schemathesis draws, and as many mutations ({MAX_EXAMPLES})",
    )
    group.addoption(
        "--fuzz-time",
        type=number(float, above=0),
        default=FUZZ_TIME,
        metavar="SECONDS",
        help=f"deep: time for drawing ({FUZZ_TIME:.0f})",
    )
    group.addoption(
        "--connect-timeout",
        type=number(float, above=0),
        default=5.0,
        metavar="SECONDS",
        help="limit to connect (5)",
    )
    group.addoption(
        "--answer-timeout",
        type=number(float, above=0),
        default=15.0,
        metavar="SECONDS",
        help="limit of an answer (15)",
    )


def _refuse(known: argparse.ArgumentParser, message: str) -> NoReturn:
    command, language = "esignon-conformance run", language_of_arguments(sys.argv[1:])
    # As argparse says it, in the language that it speaks.
    unknown = translated("unrecognized arguments: %s", language).removesuffix("%s")
    before, unrecognised, given = message.partition(unknown)
    is_of_option = unrecognised and not before
    told = unknown_options(known, given.split(), language) if is_of_option else message
    raise pytest.UsageError(word("help-of", language, told=told, command=command))
