"""What a run says about tokens: that they were refused, and whether the issued one works."""

from __future__ import annotations

from collections.abc import Iterator

from ..i18n.catalogue import word
from ..i18n.language import Language
from ..runner.requests.token_header import other_header
from ..runner.run import Run
from ..runner.token_proof import ISSUED, MADE_UP, NONE, TokenProof

_UNAUTHORIZED = 401


def token_lines(run: Run, language: Language) -> Iterator[str]:
    """Yield what there is to say about tokens."""
    token = run.contract.operation.token
    if token is not None and _is_refused(run):
        other = other_header(token.name)
        yield word("token-refused", language, sent=token.name, other=other)
    if run.token_proof is not None:
        yield _proof(run.token_proof, language)


def _is_refused(run: Run) -> bool:
    """Tell whether right requests got HTTP 401, and none of them anything else."""
    right = [
        one.answer.status
        for one in run.recording.exchanges
        if one.answer is not None and run.contract.cases[one.case].is_plain_right_login
    ]
    return bool(right) and set(right) == {_UNAUTHORIZED}


def _proof(proof: TokenProof, language: Language) -> str:
    if not proof.was_asked:
        return word("token-unproved", language)
    key = "token-works" if proof.works else "token-does-not-work"
    issued, none, made_up = (proof.statuses[one] for one in (ISSUED, NONE, MADE_UP))
    return word(key, language, header=proof.header, issued=issued, none=none, made_up=made_up)
