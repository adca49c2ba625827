"""`esignon-conformance serve`: the server in the box as a mock, right, or wrong on purpose."""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ... import resources
from ...i18n.catalogue import chosen_language
from ...i18n.errors import ConfigurationError
from ...i18n.message import say
from ...i18n.near_names import first_names, near_names
from ...tools.reference.__main__ import listen_and_serve
from ...tools.reference.application import Application, Event, Receive, Send, application
from ...tools.reference.page import page
from ...tools.reference.pipeline import Decision, LoginRequest
from ...tools.reference.world import World, load_world
from ...verdicts.exit_status import EXIT_CONFIGURATION

if TYPE_CHECKING:
    from ...tools.reference.faults import Fault, Served

_LONGEST_LATENCY = 600.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `serve`."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="0 takes a free one (%(default)s)")
    parser.add_argument(
        "--accounts",
        type=Path,
        metavar="FILE",
        help="companies and accounts in the shape of contracts/accounts.yaml (that file)",
    )
    parser.add_argument(
        "--lang",
        metavar="LANGUAGE",
        help="language of result_msg where ?lang= asks for none: ko, en or ja (ko)",
    )
    parser.add_argument(
        "--latency", type=float, default=0.0, metavar="S", help="seconds before each answer (0)"
    )
    parser.add_argument(
        "--fault", metavar="NAME", help="break one promise, to see whether a client copes"
    )
    parser.add_argument("--list-faults", action="store_true", help="list the faults, and end")
    parser.add_argument(
        "--contract", metavar="FOLDER", help="serve the operations that derive --draft wrote there"
    )
    parser.add_argument(
        "--operation",
        action="append",
        default=[],
        metavar="NAME",
        help="with --contract: this operation alone (repeatable)",
    )


def main(options: argparse.Namespace) -> int:
    """Serve until told to end; return 4 with one message where the options cannot work."""
    try:
        if options.list_faults:
            _list_faults_of(options)
            return 0
        served = _served(options)
    except ConfigurationError as error:
        print(error.text(chosen_language(None)), file=sys.stderr)
        return EXIT_CONFIGURATION
    return listen_and_serve(options.host, options.port, served)


def _served(options: argparse.Namespace) -> Served:
    latency = options.latency
    if not 0 <= latency <= _LONGEST_LATENCY:
        raise ConfigurationError(say("serve-latency", given=latency, most=int(_LONGEST_LATENCY)))
    world = _world(options.accounts)
    built: Served
    if options.contract is not None:
        # What only drafts need is loaded for them alone.
        from . import serve_drafts  # noqa: PLC0415 - see the line above

        if options.lang is not None:
            raise ConfigurationError(say("serve-draft-and-language"))
        operations = serve_drafts.drafts(options.contract, options.operation)
        built = serve_drafts.served(operations, world, options.fault)
    elif options.fault is not None:
        built = _fault(options.fault).build(_speaking(world, options.lang))
    else:
        built = application(_speaking(world, options.lang))
    return _slowed(built, latency) if latency else built


def _world(path: Path | None) -> World:
    if path is None:
        return load_world(resources.contracts() / "accounts.yaml")
    # Its validator is loaded only where there is a file to hold against the schema.
    from ...tools.mocks.accounts_file import read_accounts  # noqa: PLC0415 - see the line above

    return read_accounts(path)


def _speaking(world: World, language: str | None) -> World:
    """Return a world whose texts are in a language where a request asks for none."""
    if language is None:
        return world
    known = page().texts
    if language not in known:
        raise ConfigurationError(say("serve-language", given=language, all=", ".join(known)))
    return replace(world, language=language)


def _faults() -> dict[str, Fault]:
    # Some forty modules, for this option alone.
    from ...tools.reference.faults import FAULTS  # noqa: PLC0415 - see the line above
    from ...tools.reference.faults.load_only import LOAD_FAULTS  # noqa: PLC0415 - as above

    return FAULTS | LOAD_FAULTS


def _fault(name: str) -> Fault:
    known = _faults()
    if name not in known:
        breaking = [one.name for one in known.values() if name.upper() in one.clauses]
        if breaking:
            raise ConfigurationError(
                say("serve-fault-of-clause", name=name, near=first_names(breaking, 5))
            )
        raise ConfigurationError(
            say("serve-no-fault", name=name, near=near_names(name, known, alike=0.5))
        )
    return known[name]


def _list_faults_of(options: argparse.Namespace) -> None:
    """Print the faults of the login, or those of a drafted operation."""
    if options.contract is None:
        _list_faults()
        return
    from . import serve_drafts  # noqa: PLC0415 - drafts alone need it

    serve_drafts.list_faults(serve_drafts.drafts(options.contract, options.operation))


def _list_faults() -> None:
    """Print each fault with the clauses that it breaks, and what the server does."""
    for one in _faults().values():
        print(f"{one.name}  [{', '.join(one.clauses)}]  {' '.join(one.docstring.split())}")


def _slowed(served: Served, seconds: float) -> Served:
    """Return a server that waits before each answer."""
    if callable(served):
        return _slow_application(served, seconds)
    before_answer = served.steps.before_answer

    async def wait_before(request: LoginRequest, decision: Decision) -> Decision:
        await asyncio.sleep(seconds)
        return await before_answer(request, decision)

    return replace(served, steps=replace(served.steps, before_answer=wait_before))


def _slow_application(served: Application, seconds: float) -> Application:
    async def wait_before(scope: Event, receive: Receive, send: Send) -> None:
        await asyncio.sleep(seconds)
        await served(scope, receive, send)

    return wait_before
