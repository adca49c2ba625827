"""The environment that Node and npm are run with."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ...i18n.errors import ConfigurationError
from ...target.environment import FROM_FILE
from ...target.targets_file import FILE_NAME, read_targets

_OF_OTHER_PROGRAMS = frozenset({"NODE_OPTIONS", "NODE_PATH", "NODE_V8_COVERAGE", "NODE_DEBUG"})


def child_environment(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment for Node: without the target's accounts, and without others' settings.

    Nothing that Node runs needs a password, and settings of Allure that lie about on the machine
    would make the report say something else there.  What a CI job lets Node load is for its own tests.
    """
    source = os.environ if given is None else given
    ours = ("ESIGNON_", "ALLURE_")
    secret = _named_by_targets()
    kept = {
        name: value
        for name, value in source.items()
        if not name.startswith(ours) and name not in secret and name not in _OF_OTHER_PROGRAMS
    }
    # npm ends at once where nothing tells its home, as with a user id that has no name.
    kept.setdefault("HOME", tempfile.gettempdir())
    return kept | {"ALLURE_NO_ANALYTICS": "true", "NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1"}


def _named_by_targets() -> set[str]:
    """Return the names of the variables that hold what `targets.toml` here keeps out of itself."""
    try:
        entries = read_targets(Path(FILE_NAME)).values()
    except ConfigurationError:
        return set()
    names = {name for entry in entries for name in entry.variables}
    return names | {name + FROM_FILE for name in names}
