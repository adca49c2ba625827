"""What stays on the screen of a terminal, and a stream that says it is one."""

from __future__ import annotations

import io
import re

_PIECES = re.compile(r"\n|\r|\x1b\[[0-9;?]*[A-Za-z]|[^\n\r\x1b]+")


def left(written: str) -> list[str]:
    """Return the lines that stay on the screen, without colours."""
    lines, row, column = [""], 0, 0
    for piece in _PIECES.findall(written):
        if piece == "\n":
            row, column = row + 1, 0
            lines += [""] * (row + 1 - len(lines))
        elif piece == "\r":
            column = 0
        elif piece == "\x1b[2K":
            lines[row] = ""
        elif piece.startswith("\x1b"):
            row -= int(piece[2:-1]) if piece.endswith("A") else 0
        else:
            lines[row] = lines[row][:column].ljust(column) + piece
            column += len(piece)
    return lines


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True
