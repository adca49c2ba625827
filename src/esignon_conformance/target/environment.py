"""The variables of the environment and of `.env`: looked up, read from files, and spell-checked."""

from __future__ import annotations

import difflib
import io
import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv.parser import parse_stream

from ..i18n.errors import ConfigurationError
from ..i18n.message import Message, say
from ..redaction.invisible import found_in, without_ends
from ..redaction.secret import Secret

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
    # What about them has to be said, without a value.
    notices: tuple[Message, ...] = ()

    def value(self, name: str) -> str | None:
        """Return a variable, or what stands in the file that NAME_FILE names; None without either.

        Raises `ConfigurationError` when both are given, and when the file cannot be read.
        """
        name = name.upper()
        given, path = self.values.get(name), self.values.get(name + FROM_FILE)
        if path is None:
            return None if given is None else without_ends(given)
        if given:
            raise ConfigurationError(say("config-given-twice", name=name, file=name + FROM_FILE))
        try:
            return without_ends(Path(path).read_text(encoding="utf-8"))
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
    rows = list(_dotenv())
    from_file = {one.name.upper(): one.value for one in rows}
    cut = tuple(say("dotenv-cut", line=one.line, name=one.name) for one in rows if one.is_cut)
    from_environment = {name.upper(): value for name, value in os.environ.items()}
    for name in from_environment:
        # NAME here beats NAME_FILE there, and the other way round.
        if name.startswith(PREFIX):
            from_file.pop(name.removesuffix(FROM_FILE), None)
            from_file.pop(name + FROM_FILE, None)
    return Variables({**from_file, **from_environment}, cut)


@dataclass(frozen=True)
class _Row:
    """A variable of `.env`; `is_cut` says that what follows a blank and `#` was taken for a comment."""

    name: str
    value: str = field(repr=False)
    line: int
    is_cut: bool


def _dotenv() -> Iterator[_Row]:
    try:
        text = _DOTENV.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return
    except (OSError, UnicodeError):
        raise ConfigurationError(say("config-dotenv-unreadable")) from None
    for binding in parse_stream(io.StringIO(text)):
        if binding.error or (binding.key is not None and binding.value is None):
            raise ConfigurationError(say("config-dotenv-line", line=_line(binding.original)))
        if binding.key is not None and binding.value is not None:
            # As it stands: `${...}` may well be a part of a password.
            line = _line(binding.original)
            is_cut = _may_be_cut(binding.original.string, binding.value)
            yield _Row(binding.key, binding.value, line, is_cut)


def _may_be_cut(row: str, value: str) -> bool:
    """Tell whether what looks like a comment may well be the rest of a value without quotes.

    Of a comment a blank follows the `#`.
    """
    rest = row.partition("=")[2].strip()
    return rest.startswith(value) and re.match(r"\s+#[^\s#]", rest[len(value) :]) is not None


def _line(original: object) -> int:
    """Return the line that a binding begins on, empty lines before it left out."""
    text, line = str(getattr(original, "string", "")), int(getattr(original, "line", 0))
    return line + len(text) - len(text.lstrip("\n"))


def seen(name: str, text: str) -> str:
    """Return a text of which every character is seen.

    Raises `ConfigurationError`, which names the variable and the character.
    """
    unseen = found_in(text)
    if unseen is not None:
        character, place = unseen
        raise ConfigurationError(say(f"config-unseen-{place}", name=name, character=character))
    return text


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
