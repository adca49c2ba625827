"""Options that take a number in a range, refused in the language of the run."""

from __future__ import annotations

import math
from collections.abc import Callable

from .argparse_language import refusal


def number(
    kind: Callable[[str], float], *, above: int, most: int | None = None
) -> Callable[[str], float]:
    """Return what reads the value of an option that has to lie in a range."""

    def checked(text: str) -> float:
        try:
            found = kind(text)
        except ValueError:
            raise refusal("number-none", text=repr(text)) from None
        if not math.isfinite(found):
            raise refusal("number-none", text=repr(text))
        if found <= above or (most is not None and found > most):
            # Of whole numbers from 0 on nobody says that they are above -1.
            if above < 0:
                key = "number-least" if most is None else "number-from-to"
            else:
                key = "number-above" if most is None else "number-between"
            raise refusal(key, text=repr(text), above=above, least=0, most=most)
        return found

    return checked
