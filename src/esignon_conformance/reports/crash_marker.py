"""What lies in the report folder while a run goes on, and stays there when it is killed.

Nothing can be written by a process that `kill -9` ends.  So a run begins with a statement and an
Allure result which say that it has not come to its end, and takes them away at its end.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from pathlib import Path

from ..files import write_json
from ..i18n.catalogue import word
from ..i18n.language import Language
from ..i18n.message import say
from ..runner.run import RECORDING_NAME, Run
from .statement import STATEMENT_NAME, statement

_RESULT = "unended-result.json"


def begin(run: Run, results: Path, language: Language) -> None:
    """Write the statement and the result of a run that has not come to its end."""
    blank = replace(run, _sent=True)
    blank.give_up(say("reason-unended"))
    write_json(run.report_dir / STATEMENT_NAME, statement(blank, None, language))
    name = word("title-unended", language)
    began = round(run.started * 1000)
    labels = {
        "epic": word("epic", language),
        "parentSuite": word("feature", language),
        "suite": name,
        "severity": "critical",
    }
    result = {
        "uuid": str(uuid.uuid4()),
        "historyId": "unended",
        "testCaseId": "unended",
        "name": name,
        "fullName": "unended",
        "status": "broken",
        "statusDetails": {"message": word("unended", language, recording=RECORDING_NAME)},
        "stage": "finished",
        "start": began,
        "stop": began,
        "labels": [{"name": key, "value": value} for key, value in labels.items()],
    }
    results.mkdir(parents=True, exist_ok=True)
    (results / _RESULT).write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")


def end(results: Path) -> None:
    """Take the result away again: the tests have told what there is to tell."""
    (results / _RESULT).unlink(missing_ok=True)
