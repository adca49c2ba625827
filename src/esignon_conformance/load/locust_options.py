"""The options of a load run, on the suite's own command line and on Locust's, beside what each has."""

from __future__ import annotations

import math
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from .plan import LoadOptions

# Seconds that a user has for its last answer beyond the time-out of one.
MORE = 2
_TIMEOUT = LoadOptions().answer_timeout


def add_shared_options(parser: Any, number: Callable[[str], int]) -> None:
    """Add what both command lines take to a parser, or to a group of one; `number` reads how many."""

    def add(name: str, **more: Any) -> None:
        parser.add_argument(name, **more)

    add("--rate", type=float, metavar="N", help="requests a second, of all together")
    add("--max-requests", type=number, metavar="N", help="of all together")
    add("--target", metavar="NAME", help="a target of targets.toml")
    add("--targets-file", metavar="FILE", help="where the targets are named")
    add("--accounts", choices=("box",), help="use the made-up accounts of the server in the box")
    add("--load-accounts", metavar="FILE", help="CSV: company_id,memb_email,memb_pwd")
    add("--allow-host", action="append", default=[], metavar="HOST")
    add("--ca-bundle", metavar="FILE", help="certificates that are trusted, as PEM")
    add("--answer-timeout", type=float, default=_TIMEOUT, metavar="S", help="(15)")
    add("--waivers", metavar="FILE", help="deviations that are known")
    add("--fail-on", action="append", default=[], metavar="WHAT")
    add("--label", action="append", default=[], metavar="NAME=VALUE")
    add("--seed", type=int, default=0, metavar="N", help="seed of what each user sends")
    add("--report-dir", metavar="DIR", help="(reports/)")
    add("--lang", choices=("ko", "en"), help="language of the output")


def add_options(parser: Any) -> None:
    """Add our options to Locust's parser; none of them is shown or taken by its web page."""
    group = parser.add_argument_group(
        "esignon-conformance options",
        "Settings and targets.toml are read as ever; --host is the server, up to but without /api.",
    )

    add_shared_options(group, int)
    group.add_argument(
        "--report-html", action="store_true", help="build the suite's HTML report, too"
    )
    # A user that waits for its last answer gets it, or its time-out.
    parser.set_defaults(stop_timeout=math.ceil(_TIMEOUT) + MORE)


def load_options(parsed: Namespace, base_url: str | None) -> LoadOptions:
    """Return what a command line, Locust's or our own, says of the run."""
    return LoadOptions(
        base_url=base_url,
        target=parsed.target,
        targets_file=parsed.targets_file,
        accounts=parsed.accounts,
        load_accounts=parsed.load_accounts,
        allow_host=tuple(parsed.allow_host),
        ca_bundle=parsed.ca_bundle,
        answer_timeout=parsed.answer_timeout,
        rate=parsed.rate,
        requests=parsed.max_requests,
        seed=parsed.seed,
    )


def of_master(own: LoadOptions, masters: Mapping[str, Any]) -> LoadOptions:
    """Return the options of a worker: the master's, but for those that its own command line gives."""
    nothing, given = asdict(LoadOptions()), asdict(own)
    known = {one.name for one in fields(LoadOptions)}
    taken = {
        name: value
        for name, value in masters.items()
        # Which hosts are allowed is said on each machine for itself.
        if name in known and name != "allow_host" and given[name] == nothing[name]
    }
    return replace(own, **taken)
