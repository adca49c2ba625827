"""Runs the server in the box: `python -m esignon_conformance.tools.reference --port 8080`."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from pathlib import Path
from typing import NoReturn

from ... import resources
from .application import Application, application
from .server import SocketServer, serve
from .world import load_world

# The exit status of the whole suite for a configuration that cannot work.
CONFIGURATION = 4


def main(arguments: list[str] | None = None) -> int:
    """Serve until the process is told to end; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m esignon_conformance.tools.reference",
        description="Serve a login API that behaves as its documentation says.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="0 takes a free one (%(default)s)")
    parser.add_argument(
        "--accounts",
        type=Path,
        default=resources.contracts() / "accounts.yaml",
        help="file of the companies and accounts to know (the made-up ones of the contract)",
    )
    parser.add_argument("--owned", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.owned:
        threading.Thread(target=_end_with_owner, daemon=True).start()
    try:
        world = load_world(options.accounts)
    except (OSError, ValueError) as problem:
        print(f"{parser.prog}: {problem}", file=sys.stderr)
        return CONFIGURATION
    return listen_and_serve(options.host, options.port, application(world))


def listen_and_serve(host: str, port: int, served: Application | SocketServer) -> int:
    """Serve until the process is told to end; return the exit status, 4 where it cannot listen."""
    try:
        serve(host, port, served)
    except (OSError, OverflowError) as problem:
        # The words are loaded only where something is to be said: each run waits for this module.
        from ...i18n.catalogue import chosen_language, render  # noqa: PLC0415 - see the line above
        from ...i18n.message import say  # noqa: PLC0415 - as above
        from ...i18n.outside import reason_of  # noqa: PLC0415 - as above

        told = say("serve-no-port", address=f"{host}:{port}", reason=reason_of(problem))
        print(render(told, chosen_language(None)), file=sys.stderr)
        return CONFIGURATION
    return 0


def _end_with_owner() -> NoReturn:
    """End this process when its standard input is closed, be it by the death of whoever started it."""
    # Not through sys.stdin: its lock would be held when the process ends in order.
    while os.read(0, 1):
        pass
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
