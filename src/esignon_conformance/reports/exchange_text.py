"""`run --case ID --show`: one case, sent, and its exchanges printed with every secret masked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..i18n.catalogue import render, word
from ..i18n.language import Language
from ..recording.recording import Masking, record
from ..runner.run import Run
from ..transport.messages import Exchange
from ..verdicts.not_judged import reason_message
from .finding_text import exchange_text

# Header fields that a clause looks at, or that say how long a body is: exchanges that differ in one of
# them are both shown.
_TELLING = frozenset({"content-type", "cache-control", "allow", "retry-after", "transfer-encoding"})
# SUC-15: whether a repeated login gets the same token, device id and expiry (both are legitimate).
_NEW_EACH_TIME = frozenset({"access_token", "device_id", "expire_date"})
_REQUEST_ID = "x-request-id"
_LENGTH = "content-length"
_OF_REQUEST = ("method", "target", "body")
_OF_ANSWER = ("status", "trailers", "framing")


def shown_exchanges(run: Run, case_id: str, language: Language) -> Iterator[str]:
    """Yield the lines of the exchanges of a case, and of the logins that followed it.

    One that says what another has said is named in a line, with what it differs in.
    """
    if case_id in run.recording.unsent:
        yield render(reason_message(run.recording.unsent[case_id]), language)
    shown: dict[str, Mapping[str, Any]] = {}
    for exchange in run.recording.exchanges:
        if case_id not in (exchange.case, exchange.after):
            continue
        row = record(exchange, Masking(run.scrubber))
        title = f"{exchange.id} {exchange.case} · {word(f'role-{exchange.role}', language)}"
        alike = None if exchange.stray else _first_alike(row, shown)
        if alike is None:
            shown[exchange.id] = row
            yield f"── {title} ──"
            yield from _whole(run, exchange, language)
            continue
        like, places = alike
        if places:
            told = word("shown-like", language, exchange=like, names=", ".join(places))
        else:
            told = word("shown-same", language, exchange=like)
        yield f"── {title}: {told} ──"


def _whole(run: Run, exchange: Exchange, language: Language) -> Iterator[str]:
    sent, came = exchange_text(run, exchange.id, language)
    yield f"{word('label-request', language)}:"
    yield from (f"  {line}" for line in sent.splitlines())
    yield f"{word('label-answer', language)}:"
    yield from (f"  {line}" for line in came.splitlines())
    if exchange.stray:
        yield f"  + {run.scrubber.scrub_bytes(exchange.stray)!r}"


def _first_alike(
    row: Mapping[str, Any], shown: Mapping[str, Mapping[str, Any]]
) -> tuple[str, list[str]] | None:
    """Return the first exchange that was shown and says the same, and in what the two differ."""
    for name, other in shown.items():
        places = different_places(row, other)
        if places is not None:
            return name, places
    return None


def different_places(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str] | None:
    """Return in what two recorded exchanges differ; None where in more than is new each time."""
    sent = _different_fields(one["request"]["headers"], other["request"]["headers"])
    is_same = all(one["request"][part] == other["request"][part] for part in _OF_REQUEST)
    # The request's own name is new each time, and its number says it already.
    if not is_same or not {name.lower() for name in sent} <= {_REQUEST_ID}:
        return None
    if one.get("fault") != other.get("fault") or ("answer" in one) != ("answer" in other):
        return None
    if "answer" not in one:
        return []
    mine, its = one["answer"], other["answer"]
    fields = _different_fields(mine["headers"], its["headers"])
    members = _different_members(mine["body"], its["body"])
    is_same = all(mine.get(part) == its.get(part) for part in _OF_ANSWER)
    lowered = {name.lower() for name in fields}
    if not is_same or members is None or _TELLING & lowered:
        return None
    if _LENGTH in lowered and not members:
        return None  # A long body is shown by its ends: what differs is between them.
    return [*(name for name in fields if name.lower() != _LENGTH), *members]


def _different_fields(one: list[list[str]], other: list[list[str]]) -> list[str]:
    """Return the names of the header fields that differ; of those that one lacks, too."""
    return list(
        dict.fromkeys(
            name for name, value in (*one, *other) if not _in_both(name, value, one, other)
        )
    )


def _in_both(name: str, value: str, one: list[list[str]], other: list[list[str]]) -> bool:
    return [name, value] in one and [name, value] in other


def _different_members(one: str, other: str) -> list[str] | None:
    """Return which members of two bodies differ; None where others than may be new each time."""
    if one == other:
        return []
    try:
        mine, its = json.loads(one), json.loads(other)
        bodies = (mine.pop("body"), its.pop("body"))
        members = [{**bodies[0]}, {**bodies[1]}]
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    names = [name for name in members[0] if members[0][name] != members[1].get(name)]
    if mine != its or members[0].keys() != members[1].keys():
        return None
    return names if _NEW_EACH_TIME.issuperset(names) else None
