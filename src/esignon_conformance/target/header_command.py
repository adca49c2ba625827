"""Header fields that a command prints, for a gateway: which may be set, and how the command is run."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ..i18n.errors import ConfigurationError
from ..i18n.message import say
from ..i18n.outside import reason_of
from ..redaction.secret import Secret

# Set by the suite or by HTTP itself: one of these from elsewhere would change what a case sends.
OWN_HEADERS = frozenset(
    {
        *("host", "content-type", "content-length", "content-encoding", "transfer-encoding"),
        *("connection", "expect", "te", "trailer", "upgrade"),
        *("user-agent", "x-request-id", "accept", "accept-encoding"),
    }
)


# RFC 9110 §5.6.2.
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


_SECONDS = 60.0
Fields = tuple[tuple[str, Secret], ...]


def is_sendable(text: str) -> bool:
    """Tell whether a text can be the value of a header field: visible, with blanks and tabs inside."""
    # RFC 9110 §5.5.
    return text == text.strip() and all(
        (one.isprintable() or one == "\t") and ord(one) < 256 for one in text
    )


@dataclass(frozen=True)
class HeaderCommand:
    """`headers_from`: a command of `targets.toml` that prints `Name: value` lines, run in its folder."""

    command: str
    folder: Path
    target: str

    def fetched(self) -> Fields:
        """Run the command.

        Raises `ConfigurationError`.  What the command printed stands in no message: it may be a secret.
        """
        try:
            # A line for the shell of whoever wrote the file: pipes and variables are what it is for.
            ran = subprocess.run(  # noqa: S602 - the user's own command, from the user's own file
                self.command,
                shell=True,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise self._problem("slow", seconds=round(_SECONDS)) from None
        except OSError as error:
            raise self._problem("exit", status=reason_of(error)) from None
        if ran.returncode:
            raise self._problem("exit", status=ran.returncode)
        return self._read(ran.stdout)

    def _read(self, printed: bytes) -> Fields:
        try:
            text = printed.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise self._problem("text") from None
        fields = []
        for number, line in enumerate(text.splitlines(), start=1):
            name, colon, value = (part.strip() for part in line.partition(":"))
            if not line.strip():
                continue
            if not colon or not _NAME.fullmatch(name) or not value or not is_sendable(value):
                raise self._problem("line", line=number)
            if name.lower() in OWN_HEADERS:
                raise self._problem("own", name=name)
            fields.append((name, Secret(value)))
        if not fields:
            raise self._problem("none")
        return tuple(fields)

    def _problem(self, what: str, **words: object) -> ConfigurationError:
        return ConfigurationError(say(f"config-headers-from-{what}", target=self.target, **words))
