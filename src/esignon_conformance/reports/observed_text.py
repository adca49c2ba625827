"""What a run observed and did not judge, as names and texts for people."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..contract.model import SITUATIONS
from ..i18n.catalogue import catalogue, word
from ..i18n.language import Language

# What was observed, and of what (a code or a situation, say): empty where it is one value.
Name = tuple[str, str]
# What stands in the statement as a word of ours, and not as the server sent it.
VALUES = (
    *("same", "differs", "absent", "empty object", "members", "no string", "unreadable", "unknown"),
    *("other", "separated", "joined", "hexadecimal"),
)
_IN_WORDS = frozenset(
    {
        *("access_token", "device_id", "expire_date", "expire_date_form", "access_token_form"),
        "body",
    }
)


def flat_observed(observed: Mapping[str, Any]) -> Iterator[tuple[Name, str]]:
    """Yield each value that was observed with its name."""
    for name, value in observed.items():
        if isinstance(value, Mapping):
            yield from (((name, of), _text(child)) for of, child in value.items())
        else:
            yield (name, ""), _text(value)


def observed_name(name: Name, language: Language) -> str:
    """Return what was observed in words, and of what; names that no word is known for stay as they are."""
    what, of = name
    if f"observed-{what}" in catalogue(language):
        what = word(f"observed-{what}", language)
    # Latency is of a situation and of what came.
    situation, _, came = of.partition(" ")
    if situation in SITUATIONS:
        of = f"{word(f'situation-{situation}', language)} {came}".rstrip()
    return f"{what} ({of})" if of else what


def observed_value(name: Name, value: str, language: Language) -> str:
    """Return what was observed in words where the statement has a word of ours, else as it stands."""
    if name[0] not in _IN_WORDS:
        return value
    return ", ".join(
        word(f"seen-{one.replace(' ', '-')}", language) if one in VALUES else one
        for one in value.split(", ")
    )


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
