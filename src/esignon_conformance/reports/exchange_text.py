"""`run --case ID --show`: one case, sent, and its exchanges printed with every secret masked."""

from __future__ import annotations

from collections.abc import Iterator

from ..i18n.catalogue import render, word
from ..i18n.language import Language
from ..runner.run import Run
from ..verdicts.not_judged import reason_message
from .finding_text import exchange_text


def shown_exchanges(run: Run, case_id: str, language: Language) -> Iterator[str]:
    """Yield the lines of the exchanges of a case, and of the logins that followed it."""
    if case_id in run.recording.unsent:
        yield render(reason_message(run.recording.unsent[case_id]), language)
    for exchange in run.recording.exchanges:
        if case_id not in (exchange.case, exchange.after):
            continue
        sent, came = exchange_text(run, exchange.id)
        role = word(f"role-{exchange.role}", language)
        yield f"── {exchange.id} {exchange.case} · {role} ──"
        yield f"{word('label-request', language)}:"
        yield from (f"  {line}" for line in sent.splitlines())
        yield f"{word('label-answer', language)}:"
        yield from (f"  {line}" for line in came.splitlines())
        if exchange.stray:
            yield f"  + {run.scrubber.scrub_bytes(exchange.stray)!r}"
