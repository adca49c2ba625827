"""Bodies that schemathesis draws from `contracts/openapi.yaml`.  Only this module imports Hypothesis."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from schemathesis.config import SchemathesisConfig
from schemathesis.core import NotSet
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case
from schemathesis.generation.drivers import CoverageGenerator
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.generation.overrides import Override
from schemathesis.schemas import APIOperation

from ... import resources
from ...contract.model import Operation
from .classification import EMAIL, PASSWORD

MODES = tuple(GenerationMode)
_BATCH = 50
# All that Hypothesis would do beside drawing is done here, or must not be done: it keeps no database,
# a slow server is no error of the test, and what is drawn hangs on our seed alone.
_SETTINGS: dict[str, Any] = {
    "database": None,
    "deadline": None,
    "derandomize": False,
    "phases": (Phase.generate,),
    "suppress_health_check": tuple(HealthCheck),
}


class Generator:
    """Draws bodies for one operation.  `companyId` is pinned: only bodies are drawn."""

    def __init__(self, operation: Operation, openapi: Path | None = None) -> None:
        path = openapi or resources.contracts() / "openapi.yaml"
        # An explicit configuration: a schemathesis.toml in the working directory has no say.
        schema = schemathesis.openapi.from_path(path, config=SchemathesisConfig.from_dict({}))
        self._operation: APIOperation[Any, Any, Any, Any] = schema[operation.path][operation.method]
        self._example = operation.request_example["body"]

    def coverage(self) -> Iterator[bytes]:
        """Yield the bodies of schemathesis' coverage phase, the same each time."""
        generator = CoverageGenerator(
            operation=self._operation,
            generation_modes=list(MODES),
            generation_config=self._operation.schema.config.generation,
            auth_storage=None,
            override=Override(),
            feedback=FeedbackSources(),
        )
        for case in generator:
            if case.method.upper() == self._operation.method.upper():
                yield from self._bodies(case)

    def fuzzing(
        self, seed: int | str, examples: int, goes_on: Callable[[], bool] = lambda: True
    ) -> Iterator[bytes]:
        """Yield the bodies of so many draws, half of them positive, as long as `goes_on` says so."""
        for batch in range(0, examples, _BATCH):
            if not goes_on():
                return
            count = min(_BATCH, examples - batch)
            for index, mode in enumerate(MODES):
                share = count // 2 if index else count - count // 2
                for case in self._draw(mode, f"{seed} {batch} {mode.value}", share):
                    yield from self._bodies(case)

    def _draw(self, mode: GenerationMode, seed: str, count: int) -> list[Case[Any]]:
        found: list[Case[Any]] = []
        strategy = self._operation.as_strategy(
            mode,
            # Without constants that Hypothesis finds in whatever code is loaded.
            feedback=FeedbackSources(),
            path_parameters={"companyId": "pinned"},
            headers={},
            query={},
        )

        @seeded(seed)
        @settings(max_examples=count, **_SETTINGS)
        @given(strategy)
        def collect(case: Case[Any]) -> None:
            found.append(case)

        if count:
            collect()
        return found

    def _bodies(self, case: Case[Any]) -> Iterator[bytes]:
        """Yield the bytes of a drawn body, and the same with markers for its credentials."""
        value: Any = case.body
        if isinstance(value, NotSet):
            yield b""
        elif isinstance(value, bytes):
            yield value
        else:
            # Where schemathesis took the credentials of the contract's example they are markers, too.
            data = _text(value).replace(self._example["memb_email"].encode(), EMAIL.encode())
            yield data.replace(self._example["memb_pwd"].encode(), PASSWORD.encode())
            if isinstance(value, dict) and isinstance(value.get("body"), dict):
                right = copy.deepcopy(value)
                right["body"] |= {"memb_email": EMAIL, "memb_pwd": PASSWORD}
                yield _text(right)


def _text(value: Any) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()
