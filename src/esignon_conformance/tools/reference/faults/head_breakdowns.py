"""ENV-10: header fields on which a server breaks down instead of answering."""

from __future__ import annotations

from collections.abc import Callable

from ..login import STEPS
from ..pipeline import Decision, LoginRequest
from .breakdowns import Breakdown
from .registry import add, changed, fault


def _fields(name: bytes, test: Callable[[bytes], object]) -> Callable[[LoginRequest], bool]:
    return lambda request: any(test(value.lower()) for value in request.header_values(name))


# fmt: off
HEADS: tuple[tuple[str, str, Callable[[LoginRequest], bool]], ...] = (
    ("without-media-type", "The server breaks down on a request without Content-Type.",
     lambda request: not request.header_values(b"content-type")),
    ("on-charset", "The server breaks down on another charset than UTF-8 in the media type.",
     _fields(b"content-type", lambda value: b"charset" in value and b"utf-8" not in value)),
    ("on-multipart-without-boundary", "The server breaks down on multipart without a boundary.",
     _fields(b"content-type", lambda value: b"multipart" in value and b"boundary" not in value)),
    ("on-chunks", "The server breaks down on a body in the chunked transfer coding.",
     _fields(b"transfer-encoding", lambda value: True)),
    ("on-any-language", "The server breaks down where Accept-Language takes any language.",
     _fields(b"accept-language", lambda value: b"*" in value)),
)
# fmt: on


def _breaking_on_head(breaks: Callable[[LoginRequest], bool]) -> Callable[[LoginRequest], bool]:
    def accepted(request: LoginRequest) -> bool:
        if breaks(request):
            raise Breakdown
        return STEPS.media_type_accepted(request)

    return accepted


for _name, _sentence, _breaks in HEADS:
    add(
        f"breaks-{_name}",
        "ENV-10",
        _sentence,
        changed(media_type_accepted=_breaking_on_head(_breaks)),
    )


@fault("ENV-10", step="message")
def breaks_on_95_in_english(request: LoginRequest, decision: Decision, code: str) -> str:
    """The server breaks down where the text of 95 is asked for in English, which it has none of."""
    if code == "95" and request.query == b"lang=en":
        raise Breakdown
    return STEPS.message(request, decision, code)
