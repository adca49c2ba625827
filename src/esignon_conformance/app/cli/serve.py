"""`esignon-conformance serve`: the server in the box, on a port of one's choice."""

from __future__ import annotations

import argparse

from ...tools.reference.__main__ import main as serve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add where the server listens."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="0 takes a free one (%(default)s)")


def main(options: argparse.Namespace) -> int:
    """Serve until it is told to end; return the exit status."""
    return serve([f"--host={options.host}", f"--port={options.port}"])
