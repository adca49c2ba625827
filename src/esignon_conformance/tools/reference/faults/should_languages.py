"""SUC-6, REJ-17: texts in another language than ?lang= asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import parse_qs

from ..login import STEPS
from ..page import page
from ..pipeline import Decision, LoginRequest
from .registry import add, changed
from .when import When, always, issued, refused

# The language of a text, by that which was asked for.
Spoken: TypeAlias = Callable[[str], str]

# fmt: off
SPOKEN: tuple[tuple[str, str, str, Spoken, When], ...] = (
    ("ignored", "SUC-6 REJ-17", "?lang= makes no difference: texts are in Korean.",
     lambda asked: "ko", always),
    ("ignored-on-success", "SUC-6", "The text of a success is in Korean whatever is asked.",
     lambda asked: "ko", issued),
    ("ignored-on-refusal", "REJ-17", "The text of a refusal is in Korean whatever is asked.",
     lambda asked: "ko", refused),
    ("english-for-japanese", "SUC-6 REJ-17", "Where Japanese is asked for, texts are in English.",
     lambda asked: "en" if asked == "ja" else asked, always),
    ("english-else", "SUC-6 REJ-17", "Texts are in English unless Korean is asked for.",
     lambda asked: asked or "en", always),
    ("always-japanese-for-refusals", "REJ-17", "Refusals are in Japanese.",
     lambda asked: "ja", refused),
)
# fmt: on


def _message(spoken: Spoken, when: When) -> Callable[[LoginRequest, Decision, str], str]:
    def message(request: LoginRequest, decision: Decision, code: str) -> str:
        if not when(request, decision):
            return STEPS.message(request, decision, code)
        asked = parse_qs(request.query.decode("latin-1")).get("lang", [""])[0]
        return page().texts.get(spoken(asked), page().texts["ko"])[code]

    return message


for _name, _clauses, _sentence, _spoken, _when in SPOKEN:
    _build = changed(message=_message(_spoken, _when))
    add(f"language-{_name}", _clauses, _sentence, _build, level="should")
