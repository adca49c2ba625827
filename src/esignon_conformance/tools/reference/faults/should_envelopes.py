"""ENV-8, REJ-17: members that the page does not have, and texts of refusals that are not its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ..login import STEPS
from ..page import page
from ..pipeline import Decision, Json, LoginRequest, Object, Reason
from .registry import add, changed
from .when import MALFORMED, When, always, because, issued, refused

# ENV-8: members that are not documented, in one of the three objects of an answer.
Place: TypeAlias = str

# fmt: off
EXTRA: tuple[tuple[str, str, When, Place, Object], ...] = (
    ("timestamp", "A timestamp stands beside header and body.", always, "",
     {"timestamp": "2026-11-27T09:00:00+09:00"}),
    ("trace-id", "header has a trace_id.", always, "header", {"trace_id": "b7ad6b7169203331"}),
    ("oauth-members", "A success has token_type and expires_in, as with OAuth.", issued, "body",
     {"token_type": "Bearer", "expires_in": 3600}),
    ("refresh-token", "A success has a refresh_token.", issued, "body",
     {"refresh_token": "pK7rv2TqLz9wXc4mHs8dYb"}),
    ("errors-of-malformed", "12 comes with a list of errors.", because(*MALFORMED), "header",
     {"errors": [{"field": "body", "reason": "invalid"}]}),
    ("path-of-refusals", "A refusal has status and path, as with Spring.", refused, "",
     {"status": 200, "path": "/login"}),
    ("null-member", "A success has a member that is null.", issued, "body", {"memb_name": None}),
    ("name-in-other-case", "header has result_code twice, once as resultCode.", always, "header",
     {"resultCode": "see result_code"}),
    ("hint-of-blocked", "95 comes with a telephone number.", because(Reason.BLOCKED_COMPANY),
     "body", {"contact": "1588-0000"}),
)
# fmt: on


def _with(when: When, place: Place, members: Object) -> Callable[..., Json]:
    def envelope(request: LoginRequest, decision: Decision, header: Object, body: Json) -> Json:
        right = STEPS.envelope(request, decision, header, body)
        if not when(request, decision):
            return right
        holder = {**right, **members} if not place else right
        return holder if not place else {**right, place: {**(right.get(place) or {}), **members}}

    return envelope


for _name, _sentence, _when, _place, _members in EXTRA:
    _build = changed(envelope=_with(_when, _place, _members))
    add(f"extra-{_name}", "ENV-8", _sentence, _build, level="should")


# REJ-17: the text of a refusal.
Say: TypeAlias = Callable[[LoginRequest, str], str]

# fmt: off
TEXTS: tuple[tuple[str, str, When, Say], ...] = (
    ("english", "Texts of refusals are in English whatever is asked.", refused,
     lambda request, code: page().texts["en"][code]),
    ("shared", "Every refusal says that it failed and nothing more.", refused,
     lambda request, code: "로그인에 실패했습니다."),
    ("of-10-older", "The text of 10 is that of another page.",
     because(Reason.UNKNOWN_EMAIL, Reason.WRONG_PASSWORD, Reason.UNKNOWN_COMPANY),
     lambda request, code: "아이디 또는 비밀번호가 올바르지 않습니다."),
    ("of-12-parser", "The text of 12 is what a parser says.", because(*MALFORMED),
     lambda request, code: "Unexpected end of JSON input"),
    ("of-95-with-number", "The text of 95 has a telephone number after it.",
     because(Reason.BLOCKED_COMPANY),
     lambda request, code: f"{page().texts['ko'][code]} (1588-0000)"),
    ("of-99-short", "The text of 99 lacks its parenthesis.", because(Reason.REQUEST_CODE),
     lambda request, code: page().texts["ko"][code].split("(")[0].strip()),
    ("with-code", "Texts of refusals begin with their code.", refused,
     lambda request, code: f"[{code}] {page().texts['ko'][code]}"),
    ("of-other-code", "The text of 12 is that of 99.", because(*MALFORMED),
     lambda request, code: page().texts["ko"]["99"]),
    ("without-blanks", "Texts of refusals have no blanks.", refused,
     lambda request, code: "".join(page().texts["ko"][code].split())),
)
# fmt: on


def _saying(when: When, say: Say) -> Callable[..., str]:
    def message(request: LoginRequest, decision: Decision, code: str) -> str:
        is_other = when(request, decision)
        return say(request, code) if is_other else STEPS.message(request, decision, code)

    return message


for _name, _sentence, _when, _say in TEXTS:
    _build = changed(message=_saying(_when, _say))
    add(f"refusal-text-{_name}", "REJ-17", _sentence, _build, level="should")
