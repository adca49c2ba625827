"""The server in the box with a member of 1 MB in every answer, in each form that costs a reader time."""

from __future__ import annotations

import base64
import gzip
import os
import sys
from dataclasses import replace
from typing import Any

from esignon_conformance import resources
from esignon_conformance.tools.reference.application import application
from esignon_conformance.tools.reference.login import STEPS
from esignon_conformance.tools.reference.pipeline import Decision, LoginRequest, Response
from esignon_conformance.tools.reference.server import serve
from esignon_conformance.tools.reference.world import load_world

SIZE = 1_000_000
# `random` is another text each time, so that nothing is known of it by what came before.
FORMS = ("small", "plain", "gzip", "escaped", "random")


def pad(form: str) -> str:
    """Return the member in a form."""
    match form:
        case "small":
            return ""
        case "escaped":
            return "%41" * (SIZE // 3)
        case "random":
            return base64.b64encode(os.urandom(SIZE * 3 // 4)).decode()
    return "A" * SIZE


def main() -> None:
    """Serve on a free loopback port, and print its URL, until the process is ended."""
    form = sys.argv[1]

    def encode(request: LoginRequest, document: dict[str, Any]) -> bytes:
        return STEPS.encode(request, {**document, "pad": pad(form)})

    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        right = STEPS.respond(request, decision, payload)
        if form != "gzip":
            return right
        coding = (b"Content-Encoding", b"gzip")
        packed = gzip.compress(right.body, 1)
        return replace(right, headers=(*right.headers, coding), body=packed)

    world = load_world(resources.contracts() / "accounts.yaml")
    steps = replace(STEPS, encode=encode, respond=respond)
    serve("127.0.0.1", 0, application(world, steps))


if __name__ == "__main__":
    main()
