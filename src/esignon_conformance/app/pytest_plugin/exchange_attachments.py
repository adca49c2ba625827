"""The exchanges of a finding as attachments of a test, for Allure."""

from __future__ import annotations

import allure
from allure_commons.types import AttachmentType

from ...i18n.catalogue import word
from ...i18n.language import Language
from ...reports.finding_text import exchange_text
from ...runner.run import Run
from ...verdicts.model import Finding

_MOST_ATTACHED = 3


def attach_exchanges(run: Run, findings: tuple[Finding, ...], language: Language) -> None:
    """Attach the request and the answer of the first exchange of each finding, and a list of all."""
    for finding in findings[:_MOST_ATTACHED]:
        first = finding.exchanges[0]
        sent, came = exchange_text(run, first, language)
        try:
            for label, text in (("label-request", sent), ("label-answer", came)):
                allure.attach(text, f"{first} {word(label, language)}", AttachmentType.TEXT)
            if len(finding.exchanges) > 1:
                name = word("all-exchanges", language, count=len(finding.exchanges))
                allure.attach(_all_of(run, finding), name, AttachmentType.CSV)
        except OSError as error:
            run.note_unwritten(error)


def _all_of(run: Run, finding: Finding) -> str:
    """Return a table of the exchanges of a finding: what `exchanges.jsonl` is to be searched for."""
    rows = ["exchange,case,situation,http_status,request_id"]
    for exchange in (run.exchanges[one] for one in finding.exchanges):
        status = (
            exchange.answer.status if exchange.answer else exchange.fault and exchange.fault.kind
        )
        cells = (exchange.id, exchange.case, exchange.situation, status, exchange.request_id)
        rows.append(",".join(map(str, cells)))
    return "\n".join(rows)
