"""The session: which mutants there are and what became of each, in a file of Cosmic Ray's own form.

`cr-report` and `cr-html` read it.  It goes on where it stopped as long as nothing has changed that a
verdict rests on, since its name comes from all of that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkItem, WorkResult

import esignon_conformance
from esignon_conformance import resources
from selftest.mutants.judging import KILLED, Judged
from selftest.mutants.mutant import Mutant, Name

_OURS = Path(__file__).parent


def usual_path(folder: Path) -> Path:
    """Return the path of the session for the suite and the server as they are now."""
    roots = (
        Path(esignon_conformance.__file__).parent,
        resources.contracts(),
        resources.schemas(),
        _OURS,
    )
    digest = hashlib.sha256()
    for path in sorted(path for root in roots for path in root.rglob("*") if _counts(path)):
        digest.update(path.name.encode() + path.read_bytes())
    return folder / f"mutants-{digest.hexdigest()[:12]}.sqlite"


def _counts(path: Path) -> bool:
    # What is said about survivors changes none.
    return path.is_file() and path.suffix != ".pyc" and path.name != "survivors.yaml"


class Session:
    """A session that is open."""

    def __init__(self, database: WorkDB) -> None:
        self._database = database

    def add(self, mutants: Mapping[Name, Mutant], folder: Path) -> None:
        """Note the mutants that the session does not have yet."""
        known = {item.job_id for item in self._database.work_items}
        items = [
            WorkItem.single(_key(name), _specification(mutant, folder))
            for name, mutant in mutants.items()
            if _key(name) not in known
        ]
        self._database.add_work_items(items)

    def note(self, name: Name, judged: Judged) -> None:
        """Keep what became of a mutant."""
        outcome = TestOutcome.KILLED if judged.fate in KILLED else TestOutcome.SURVIVED
        output = json.dumps(asdict(judged), ensure_ascii=False)
        result = WorkResult(WorkerOutcome.NORMAL, output, outcome, str(name))
        self._database.set_result(_key(name), result)

    def fates(self) -> dict[Name, Judged]:
        """Return what has become of the mutants that were judged."""
        return {
            Name(**json.loads(item.job_id)): Judged(**json.loads(result.output))
            for item, result in self._database.completed_work_items
        }


@contextmanager
def opened(path: Path) -> Iterator[Session]:
    """Open a session, a new one where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with use_db(str(path)) as database:
        yield Session(database)


def _key(name: Name) -> str:
    return json.dumps(asdict(name), ensure_ascii=False)


def _specification(mutant: Mutant, folder: Path) -> MutationSpec:
    line, name = mutant.line, mutant.name
    return MutationSpec(
        module_path=folder / name.file,
        operator_name=mutant.change.operator,
        occurrence=mutant.change.occurrence,
        start_pos=(line, 0),
        end_pos=(line + 1, 0),
        definition_name=name.where,
    )
