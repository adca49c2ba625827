"""What the tools that write HTTP Archives keep of an exchange, each in its own way: a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# What `response.content.size` counts: the content with its coding undone, as HAR 1.2 has it; the bytes on
# the wire; or nothing that can be relied on.
Counts = Literal["content", "wire", "nothing"]


@dataclass(frozen=True)
class Dialect:
    """How one tool fills in an HTTP Archive.

    `size` is what the size of a content counts.  `lone_surrogates` says that bytes which are no UTF-8
    stand in a text as lone surrogates, so that they can be had back; else a text shows only what its
    writer decoded.  `marks_base64` says that a request body may be base64, with a comment that says so.
    `keeps_empty` says that an empty text is an empty body, and not one that was dropped.
    `bare_base64` says that a request body may be base64 and nothing says so: its length has to prove it.
    """

    name: str
    size: Counts = "nothing"
    lone_surrogates: bool = False
    marks_base64: bool = False
    keeps_empty: bool = False
    bare_base64: bool = False


# By the beginning of `log.creator.name`, in small letters.
DIALECTS: tuple[Dialect, ...] = (
    Dialect("esignon-conformance", "content", marks_base64=True, keeps_empty=True),
    # Chrome DevTools, Edge and whatever else is built on them. Content goes where the page goes.
    Dialect("webinspector", "content"),
    Dialect("firefox", "nothing"),
    # It counts the bytes on the wire, and its `compression` is what was saved, with a minus sign.
    Dialect("mitmproxy", "wire", lone_surrogates=True, keeps_empty=True),
    Dialect("playwright", "content"),
    Dialect("charles proxy", "content", bare_base64=True),
    Dialect("postman", "nothing"),
    Dialect("newman", "nothing"),
)
UNKNOWN = Dialect("unknown")


def dialect_of(creator: str) -> Dialect:
    """Return how the tool of that name fills in an archive; the most careful reading of any other."""
    lowered = creator.strip().lower()
    return next((one for one in DIALECTS if lowered.startswith(one.name)), UNKNOWN)
