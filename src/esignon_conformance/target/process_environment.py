"""What a machine, a console or a CI job lays upon every program, and what of it is not for this suite."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, MutableMapping

from ..i18n.message import Message, say
from ..i18n.outside import reason_of

# What would be options or plugins of `run` that nobody typed: half a suite, and 0 for it.
_OF_OTHER_TESTS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")
_KEY_LOG = "SSLKEYLOGFILE"


def escape_what_a_console_lacks() -> None:
    """From now on print an escape where a console or a pipe (cp949, ASCII) has no such character.

    An exception there would end a command with 1, which means that something differs.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def without_options_of_other_tests(environment: MutableMapping[str, str]) -> list[str]:
    """Take variables out of the environment that pytest would read options from; return their names."""
    found = [name for name in _OF_OTHER_TESTS if environment.get(name)]
    for name in found:
        del environment[name]
    return found


def without_unwritable_key_log(environment: MutableMapping[str, str]) -> Message | None:
    """Take SSLKEYLOGFILE out of the environment where it cannot be written, and return what to say.

    Every TLS context of Python opens it, and fails where it cannot.
    """
    path = environment.get(_KEY_LOG)
    if not path:
        return None
    try:
        # As OpenSSL opens it: what others have written stays.
        with open(path, "ab"):  # noqa: PTH123 - Path("") would be the current folder
            return None
    except (OSError, ValueError) as error:
        del environment[_KEY_LOG]
        return say("key-log-unwritable", path=path, reason=reason_of(error))


def limits_of_platform(platform: str) -> Iterator[Message]:
    """Yield what the suite does not do on a platform."""
    if platform == "win32":
        yield say("on-windows")
