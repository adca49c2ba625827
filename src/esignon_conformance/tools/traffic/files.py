"""Which reader a file of traffic needs, told from its beginning."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from ...i18n.errors import ConfigurationError
from ...i18n.message import say
from ...i18n.outside import reason_of
from ...resources import shown_path
from .entry import Entry
from .har import ENTRIES, NoArchive, read_har
from .json_stream import NOT_JSON, events_of
from .newman_report import EXECUTIONS, read_newman
from .opened_file import NOT_UNPACKED, opened
from .own_lines import read_lines

_LONGEST_LINE = 1024 * 1024
# What every line of `exchanges.jsonl` begins with.
_FIRST_MEMBER = b'{"id"'
Reader = Callable[[Path], Iterator[Entry]]
# By the place of its entries in a JSON document.
_READERS: dict[str, Reader] = {ENTRIES: read_har, EXECUTIONS: read_newman}


def read_entries(path: Path) -> Iterator[Entry]:
    """Yield the exchanges of a file.

    Raises `ConfigurationError`, which names the file and no value in it.
    """
    try:
        yield from _reader_of(path)(path)
    except NoArchive as error:
        key = "traffic-cut" if error.entries else "traffic-unreadable-file"
        if not path.stat().st_size:
            key = "traffic-empty-file"
        raise ConfigurationError(say(key, file=shown_path(path), count=error.entries)) from None
    except OSError as error:
        reason = reason_of(error)
        raise ConfigurationError(
            say("traffic-no-file", file=shown_path(path), reason=reason)
        ) from None


def _reader_of(path: Path) -> Reader:
    if _is_lines(path):
        return read_lines
    with opened(path) as file:
        try:
            for prefix, event, _ in events_of(file):
                if event == "start_array" and prefix in _READERS:
                    return _READERS[prefix]
        except NOT_JSON:
            pass
    raise NoArchive(0)


def _is_lines(path: Path) -> bool:
    """Tell whether the first line of a file is an exchange of this suite's own recording."""
    with opened(path) as file:
        try:
            first = file.readline(_LONGEST_LINE)
        except NOT_UNPACKED:
            return False
    if not first.startswith(_FIRST_MEMBER):
        return False
    try:
        row = json.loads(first)
    except ValueError:
        return False
    return isinstance(row, dict) and {"id", "case", "request"} <= set(row)
