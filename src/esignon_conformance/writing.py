"""Files written in one step: a reader never sees half of one, nor the rest of an older one."""

from __future__ import annotations

import contextlib
import html
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO


@contextlib.contextmanager
def written_in_one_step(path: Path) -> Iterator[TextIO]:
    """Give a file to write UTF-8 into; it takes its place when all of it was written, and else goes.

    Half of a surrogate pair, which an answer's JSON may hold and UTF-8 may not, is written as its
    escape.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(path.name + ".part")
    try:
        with scratch.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            yield file
        scratch.replace(path)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Write a text file."""
    with written_in_one_step(path) as file:
        file.write(text)


def write_json(path: Path, value: object) -> None:
    """Write a JSON file."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def in_element(text: str) -> str:
    """Return a text as an HTML element holds it.  In an attribute, quotation marks would end it."""
    return html.escape(text, quote=False)
