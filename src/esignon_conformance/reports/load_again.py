"""The command that puts a server under the same load once more."""

from __future__ import annotations

from ..recording.load import LoadFigures
from ..runner.run import Run
from .command_name import command_name


def load_again(run: Run, load: LoadFigures) -> str:
    """Return the command; the server that was the command's own is started by it again."""
    target = run.target
    again = target.named_by or f" --base-url {target.base_url}"
    if target.accounts_of_the_box:
        again += " --accounts box"
    return f"{command_name()} load{again} --users {load.users} --run-time {load.duration}s"
