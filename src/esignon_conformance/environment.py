"""The variables of the environment and of `.env`: looked up, read from files, and spell-checked."""

from __future__ import annotations

import difflib
import io
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from .configuration import ConfigurationError
from .secret import Secret
from .verdict import Message, say

PREFIX = "ESIGNON_"
# A container platform mounts a secret as a file; NAME_FILE says where.
FROM_FILE = "_FILE"
_DOTENV = Path(".env")
# How alike a name has to be to one of ours to be taken for a slip of it, and to name that one.
_ALIKE, _LIKE = 0.8, 0.5


@dataclass(frozen=True)
class Variables:
    """The variables by upper-case name; what the environment says beats what `.env` says."""

    values: Mapping[str, str] = field(repr=False)

    def value(self, name: str) -> str | None:
        """Return a variable, or what stands in the file that NAME_FILE names; None without either.

        Raises `ConfigurationError` when both are given, and when the file cannot be read.
        """
        name = name.upper()
        given, path = self.values.get(name), self.values.get(name + FROM_FILE)
        if path is None:
            return given
        if given:
            raise ConfigurationError(say("config-given-twice", name=name, file=name + FROM_FILE))
        try:
            return Path(path).read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
        except (OSError, UnicodeError, ValueError):
            raise ConfigurationError(
                say("config-secret-file", name=name + FROM_FILE, path=path)
            ) from None

    def secret(self, name: str) -> Secret | None:
        """Return a variable as `value` does, masked wherever it is shown."""
        found = self.value(name)
        return None if found is None else Secret(found)


def read_variables() -> Variables:
    """Read the environment and `.env`.

    Raises `ConfigurationError` when `.env` cannot be read; it names lines and never a value.
    """
    from_file = {name.upper(): value for name, value in _dotenv()}
    from_environment = {name.upper(): value for name, value in os.environ.items()}
    for name in from_environment:
        # NAME here beats NAME_FILE there, and the other way round.
        if name.startswith(PREFIX):
            from_file.pop(name.removesuffix(FROM_FILE), None)
            from_file.pop(name + FROM_FILE, None)
    return Variables({**from_file, **from_environment})


def _dotenv() -> Iterator[tuple[str, str]]:
    try:
        text = _DOTENV.read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    except (OSError, UnicodeError):
        raise ConfigurationError(say("config-dotenv-unreadable")) from None
    for binding in parse_stream(io.StringIO(text)):
        if binding.error or (binding.key is not None and binding.value is None):
            raise ConfigurationError(say("config-dotenv-line", line=_line(binding.original)))
    for name, value in dotenv_values(stream=io.StringIO(text)).items():
        if value is not None:
            yield name, value


def _line(original: object) -> int:
    """Return the line that a binding begins on, empty lines before it left out."""
    text, line = str(getattr(original, "string", "")), int(getattr(original, "line", 0))
    return line + len(text) - len(text.lstrip("\n"))


def check_spelling(variables: Variables, known: Collection[str]) -> Message | None:
    """Return a notice of the variables of our prefix that are like no setting of ours, if any.

    `known` are the names of the settings, and those that targets give to variables of their own.
    Raises `ConfigurationError` for one that differs from a setting by a slip of the pen: with
    ``ESIGNON_BASE_ULR`` the server in the box would be judged, and the job would go green.
    """
    names = {name.upper().removeprefix(PREFIX) for name in known}
    slips: list[str] = []
    others: list[str] = []
    for name in sorted(variables.values):
        rest = name.removeprefix(PREFIX)
        if not name.startswith(PREFIX) or names & {rest, rest.removesuffix(FROM_FILE)}:
            continue
        near = difflib.get_close_matches(rest, names, n=1, cutoff=_LIKE)
        shown = f"{name} ({PREFIX}{near[0]}?)" if near else name
        is_slip = difflib.get_close_matches(rest, names, n=1, cutoff=_ALIKE)
        (slips if is_slip else others).append(shown)
    if slips:
        raise ConfigurationError(say("config-misspelt", names=", ".join(slips)))
    return say("unknown-settings", names=", ".join(others)) if others else None
