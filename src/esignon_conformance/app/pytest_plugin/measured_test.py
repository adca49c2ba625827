"""What pytest's plugin of Allure measured of a test, as plain data for the process that writes it."""

from __future__ import annotations

from dataclasses import dataclass

from allure_commons.model2 import TestResult


@dataclass(frozen=True)
class Measured:
    """What Allure measured of a test; `told` is the message and the trace of how it ended."""

    uuid: str
    name: str
    full_name: str
    test_case_id: str
    history_id: str
    status: str | None
    start: int
    stop: int
    attachments: tuple[tuple[str, str, str], ...]
    parameters: tuple[tuple[str, str], ...]
    told: tuple[str, str] | None


def measured(item: TestResult) -> Measured:
    """Return what Allure measured of a test, without the labels of the machinery."""
    details = item.statusDetails
    return Measured(
        uuid=item.uuid,
        name=item.name,
        full_name=item.fullName,
        test_case_id=item.testCaseId,
        history_id=item.historyId,
        status=item.status,
        start=item.start,
        stop=item.stop,
        attachments=tuple((one.name, one.source, one.type) for one in item.attachments),
        parameters=tuple((one.name, one.value) for one in item.parameters),
        told=None if details is None else (details.message or "", details.trace or ""),
    )
