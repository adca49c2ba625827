"""How this command is called again, as a reader would type it where the run was started."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

NAME = "esignon-conformance"


def command_name() -> str:
    """Return the command to type: a path from the current folder where a shell finds no such name.

    The name is bare where the shell finds it, and where the environment lies outside of the current
    folder: a report says nothing of where things lie on the machine that wrote it.
    """
    installed = Path(sys.executable).with_name(NAME)
    found = shutil.which(NAME)
    here = Path.cwd()
    if found is not None and Path(found) == installed:
        return NAME
    if installed.is_file() and installed.is_relative_to(here):
        return shlex.quote(str(installed.relative_to(here)))
    return NAME
