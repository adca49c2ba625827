"""What the plugin keeps in pytest's configuration between its hooks."""

from __future__ import annotations

from tempfile import TemporaryDirectory

import pytest

from ...contract.model import Contract
from ...reports.console import Terminal
from ...runner.folder_lock import FolderLock
from ...runner.run import Run
from ...tools.reference.process import Box
from .allure_writing import ResultWriter

RUN = pytest.StashKey[Run]()
CONTRACT = pytest.StashKey[Contract]()
BOX = pytest.StashKey[Box]()
NOTICES = pytest.StashKey[list[str]]()
# Set when pytest took the tests that `-k` and `-m` chose.
CHOSEN = pytest.StashKey[bool]()
STATUS = pytest.StashKey[int]()
# What the first exception of ours says that a test ended with: that is an internal error and no finding.
INTERNAL_ERROR = pytest.StashKey[str]()
# Where a person looks at the output: what shows it in colour and with progress.
TERMINAL = pytest.StashKey[Terminal]()
# How many tests have been settled.
SETTLED = pytest.StashKey[int]()
# The folder of a plan, which leaves no trace.
SCRATCH = pytest.StashKey[TemporaryDirectory[str]]()
# Holds the report folder against other runs.
LOCK = pytest.StashKey[FolderLock]()
# What writes Allure's results.
RESULTS = pytest.StashKey[ResultWriter]()
