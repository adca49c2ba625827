"""Writes the Allure results and their attachments, every secret masked."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any, cast

import allure_commons
from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import TestResult, TestResultContainer

from ...files import write_text
from ...i18n.language import Language
from ...reports.history import former_runs, target_name
from ...reports.masks_in_words import masks_as_text
from ...runner.run import Run
from .allure_results import Scope, clause_of, plain_result, result_of
from .measured_test import Measured, measured


class ResultWriter:
    """Takes what Allure would write, and writes what the suite has to say.

    Fixtures are left out: they are machinery and no part of what the page promises.
    """

    def __init__(self, run: Run, language: Language, directory: Path) -> None:
        target = target_name({"kind": run.target.kind, "base_url": run.target.base_url})
        self._run = run
        self._scope = Scope(run, language, former_runs(run.report_dir, target))
        self._directory = directory
        self._tests: dict[str, list[Measured]] = {}

    def take_result(self, item: TestResult | TestResultContainer) -> None:
        """Keep what was measured of a test until all tests of its clause are there."""
        if not isinstance(item, TestResult):
            return
        test = measured(item)
        clause = clause_of(self._run, test)
        if clause:
            self._tests.setdefault(clause, []).append(test)
        else:
            self._write_result(plain_result(test, self._run))

    def take_attachment(self, body: str | bytes, file_name: str) -> None:
        """Write an attachment."""
        scrubber = self._run.scrubber
        text = scrubber.scrub(body) if isinstance(body, str) else scrubber.scrub_bytes(body)
        self._write(file_name, text)

    def finish(self) -> None:
        """Write the results of the clauses, each when all of its tests have ended."""
        contract_order = [one for one in self._run.contract.clauses if one in self._tests]
        last = 0
        for clause in contract_order:
            result = result_of(self._scope, clause, self._tests[clause])
            # Allure's list is by the start, and those of one millisecond stand in it as they come: the list
            # is said to be in the order of the clauses.
            later = max(0, last + 1 - result["start"])
            result |= {name: result[name] + later for name in ("start", "stop")}
            last = result["start"]
            self._write_result(result)
        self._tests = {}

    def _write_result(self, result: dict[str, Any]) -> None:
        masked = self._run.scrubber.scrub_all(result)
        if "descriptionHtml" in masked:
            # Of what became known after it was written.
            masked["descriptionHtml"] = masks_as_text(masked["descriptionHtml"])
        text = json.dumps(masked, ensure_ascii=False)
        self._write(f"{uuid.uuid4()}-result.json", text)

    def _write(self, name: str, text: str) -> None:
        try:
            write_text(self._directory / name, text)
        except OSError as error:
            self._run.note_unwritten(error)


def take_over(run: Run, language: Language) -> ResultWriter | None:
    """Let what Allure would write be written by a `ResultWriter`, and return that; None without Allure.

    Allure's file logger has no public seam for this; `selftest/` fails when a new version moves the one
    used here.
    """
    manager = allure_commons.plugin_manager
    for plugin in manager.get_plugins():
        if isinstance(plugin, AllureFileLogger):
            writer = ResultWriter(run, language, Path(plugin._report_dir))  # noqa: SLF001 - see the docstring
            _take_over(plugin, writer, manager)
            return writer
    return None


def _take_over(plugin: AllureFileLogger, writer: ResultWriter, manager: Any) -> None:
    name = manager.get_name(plugin)

    @allure_commons.hookimpl
    def report_attached_data(body: str | bytes, file_name: str) -> None:
        writer.take_attachment(body, file_name)

    # Registered anew, since hooks are looked up once.
    manager.unregister(plugin)
    replaced = cast("Any", plugin)
    replaced._report_item = writer.take_result  # noqa: SLF001 - a method of Allure's
    replaced.report_attached_data = report_attached_data
    manager.register(plugin, name)


def clean_results(directory: Path) -> None:
    """Remove the results of an earlier run, and nothing that Allure did not write."""
    patterns = ("*-result.json", "*-container.json", "*-attachment", "*-attachment.*")
    for pattern in (*patterns, "environment.properties", "executor.json"):
        for path in directory.glob(pattern):
            path.unlink()
