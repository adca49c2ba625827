"""`run --case ID --show`: one case, sent, and its exchanges printed with every secret masked."""

from __future__ import annotations

from collections.abc import Iterator

from .contract.model import Language
from .letter import exchange_text
from .run import Run
from .unjudged import reason_message
from .wording import render, word


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
