"""`judge`: what was already sent is judged; nothing is sent.  A run of pytest, as `run` is."""

from __future__ import annotations

import argparse

from . import run

_EPILOG = """\
Files: HTTP Archives (HAR 1.2) of Chrome DevTools, Firefox, mitmproxy (hardump), Playwright, Charles,
Postman and this suite, its exchanges.jsonl, and JSON reports of newman, in the order of time. Passwords,
tokens, cookies and emails in them are masked in all that is written; requests to other paths are counted
and not kept.

Exit status: as `run`; 6 where no request to the operation was answered.
"""
# Options that go to the suite's pytest plugin as they are, by the name they have here.
_PASSED = ("target", "targets_file", "accounts", "waivers", "base_path", "load_accounts", "seed")
_REPEATED = ("label", "fail_on")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `judge`."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument("files", nargs="+", metavar="FILE", help="recorded traffic")
    parser.add_argument("--html", action="store_true", help="build the HTML report, too")
    parser.add_argument("--base-path", metavar="PATH", help="what stands before /api in the paths")
    parser.add_argument(
        "--accounts",
        choices=("settings", "box"),
        help="whose accounts the logins are compared with",
    )
    parser.add_argument(
        "--accounts-are-all",
        action="store_true",
        help="there are no accounts and companies but those: any other email is an unknown one",
    )
    # What only `load` gives: whose logins it sends, and the seed that they are drawn from.
    parser.add_argument("--load-accounts", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--target", metavar="NAME", help="take the accounts of targets.toml")
    parser.add_argument("--targets-file", metavar="FILE", help="where the targets are named")
    parser.add_argument("--waivers", metavar="FILE", help="deviations that are known")
    parser.add_argument("--fail-on", action="append", default=[], metavar="WHAT")
    parser.add_argument("--label", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--report-dir", default=None, metavar="DIR", help="(reports/)")
    parser.add_argument("--lang", choices=("ko", "en"), default=None, help="language of the output")
    parser.set_defaults(case=None, show=False)


def main(options: argparse.Namespace) -> int:
    """Judge the files, and build the report where it is asked for; return the exit status."""
    return run.main(options, pytest_arguments(options))


def pytest_arguments(options: argparse.Namespace) -> list[str]:
    """Return the arguments of the suite's pytest plugin that judge the files."""
    found = [f"--traffic={file}" for file in options.files]
    for name in _PASSED:
        value = getattr(options, name)
        if value is not None:
            found.append(f"--{name.replace('_', '-')}={value}")
    for name in _REPEATED:
        found += [f"--{name.replace('_', '-')}={value}" for value in getattr(options, name)]
    if options.accounts_are_all:
        found.append("--accounts-are-all")
    return [*found, "--depth=quick"]
