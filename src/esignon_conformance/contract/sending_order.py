"""The measured order of an operation's cases, which counts where a run may not send all of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

ORDER_NAME = "order.json"


@dataclass(frozen=True)
class SendingOrder:
    """The cases, the most telling first, and how many of them `--depth smoke` names."""

    cases: tuple[str, ...] = ()
    smoke: int = 0

    def ranks(self) -> dict[str, int]:
        """Return the place of each case."""
        return {name: rank for rank, name in enumerate(self.cases)}

    def of_smoke(self) -> frozenset[str]:
        """Return the cases that smoke names."""
        return frozenset(self.cases[: self.smoke])


def read_order(folder: Path) -> SendingOrder:
    """Return the order in a folder of a contract, an empty one where nothing was measured.

    The file is made and checked by a command (`make order`), and so is not checked at each start.
    """
    path = folder / ORDER_NAME
    if not path.is_file():
        return SendingOrder()
    document = json.loads(path.read_text(encoding="utf-8"))
    return SendingOrder(tuple(row["case"] for row in document["cases"]), document["smoke"])
