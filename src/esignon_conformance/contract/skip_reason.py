"""Why a case was not sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

# Why a case was not sent, where that means *could not judge*.
CouldNot = Literal[
    "locked",
    "locked-others",
    "limited",
    "limited-email",
    "limited-wrong",
    "gone",
    "no-token",
    "no-answer",
    "untrusted",
    "unrepeated",
    "gateway-at-once",
    "barred",
    "between",
    "time-up",
    "interrupted",
]
COULD_NOT: frozenset[str] = frozenset(get_args(CouldNot))

# Why a case was not sent; the others mean *not judged*.
Unsent = Literal[
    CouldNot,
    "waived",
    "waiver-expired",
    "not-selected",
    "no-account",
    "not-applicable",
    "hangs",
    "first-login-refused",
    "no-right-login",
    "no-overlap",
    "wrong-passwords",
    "depth",
    "request-limit",
    "time-limit",
    "no-concurrency",
    "production",
    "url-credentials",
]

# Why a case is not applicable to a target or to its accounts.
NotMade = Literal[
    "no-such-character",
    "all-alike",
    "no-number",
    "no-case-but-first",
    "no-case-inside",
    "only-first-case",
    "no-cyrillic-double",
    "no-accent",
    "same-mailbox",
    "equal-or-empty",
    "same-value",
    "same-company",
    "no-chunks",
    "no-cookies",
    "other-outcome-before",
]


# The run's own limits of requests and of time.
OF_THE_RUN: frozenset[str] = frozenset({"request-limit", "time-limit", "time-up"})


# The target's host, the depth or the limits of the settings keep a case from being sent.
BY_LIMITS: frozenset[str] = frozenset(
    {
        *("wrong-passwords", "request-limit", "time-limit", "no-concurrency", "depth"),
        *("production", "url-credentials"),
    }
)


@dataclass(frozen=True)
class Reason:
    """Why a case was not sent: a word of `Unsent`, and what it is about.

    That is an account, a situation, or for *not applicable* a word of `NotMade`.
    """

    word: Unsent
    about: str = ""
