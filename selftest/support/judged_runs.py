"""Why a verdict is as it is."""

from __future__ import annotations

from esignon_conformance.verdicts.model import Verdict


def why(verdict: Verdict) -> tuple[str, str, str]:
    """Return the verdict, the key of its reason, and the clause or account that this is about."""
    assert verdict.reason is not None
    words = dict(verdict.reason.words)
    return verdict.verdict, verdict.reason.key, words.get("clause", words.get("about", ""))
