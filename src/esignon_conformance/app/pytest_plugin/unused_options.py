"""Options that change nothing in a run: told, since whoever gave them believes that they count."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from ...i18n.errors import ConfigurationError
from ...i18n.message import Message, say
from ...runner.depth import FUZZ_TIME, MAX_EXAMPLES
from ...target.limits import SMOKE_REQUESTS


def refuse_contradictions(option: argparse.Namespace) -> None:
    """Raise `ConfigurationError` where options contradict each other, or one lacks another."""
    if option.operation is not None and option.contract is None:
        raise ConfigurationError(say("operation-without-contract"))
    chosen = [name for name, given in (("-k", option.keyword), ("-m", option.markexpr)) if given]
    if option.case is not None and chosen:
        raise ConfigurationError(
            say("case-and-choice", case=option.case, options=", ".join(chosen))
        )


def unused_options(option: argparse.Namespace) -> Iterator[Message]:
    """Yield a notice for each option that changes nothing here."""
    if option.depth != "deep":
        for name, value, usual in (
            ("--max-examples", option.max_examples, MAX_EXAMPLES),
            ("--fuzz-time", option.fuzz_time, FUZZ_TIME),
        ):
            if value != usual:
                yield say("option-unused", option=name, where="--depth deep")
    if option.depth == "smoke" and (option.requests or 0) > SMOKE_REQUESTS:
        yield say("option-of-smoke", given=option.requests, most=SMOKE_REQUESTS)
    for name, is_given in (
        ("--base-path", bool(option.base_path)),
        ("--accounts-are-all", option.accounts_are_all),
    ):
        if is_given and not option.traffic:
            yield say("option-unused", option=name, where="judge")
