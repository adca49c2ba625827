"""Which worker runs which test: the first all of them, the others none.

`--dist loadgroup` silently does nothing on pytest 9.2 with pytest-xdist 3.8.  And the tests do not send:
the first that asks lets all be sent, so that they belong to the process that keeps the recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

KEEPER = "gw0"


class Gateway(Protocol):
    """What pytest-xdist reaches a worker through."""

    id: str


class Node(Protocol):
    """A worker, as far as it matters here (pytest-xdist's `WorkerController`)."""

    gateway: Gateway
    workerinput: dict[str, Any]

    def send_runtest_some(self, indices: Sequence[int]) -> None:
        """Let it run tests."""

    def shutdown(self) -> None:
        """Tell it that there are no more tests."""


class OneKeeper:
    """A scheduler of pytest-xdist (its protocol `Scheduling`)."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._collections: dict[Node, list[str]] = {}
        self._nodes: list[Node] = []
        self._pending: list[int] = []
        self._is_scheduled = False

    @property
    def nodes(self) -> list[Node]:
        """Return the workers that are there."""
        return list(self._nodes)

    @property
    def collection_is_completed(self) -> bool:
        """Tell whether every worker has collected the tests."""
        return len(self._collections) >= self._workers

    @property
    def tests_finished(self) -> bool:
        """Tell whether every test has been run."""
        return self._is_scheduled and not self._pending

    @property
    def has_pending(self) -> bool:
        """Tell whether tests are being run."""
        return bool(self._pending)

    def add_node(self, node: Node) -> None:
        """Note a worker that has started."""
        self._nodes.append(node)

    def add_node_collection(self, node: Node, collection: Sequence[str]) -> None:
        """Note the tests that a worker has collected."""
        self._collections[node] = list(collection)

    def mark_test_complete(self, node: Node, item_index: int, duration: float = 0) -> None:
        """Note that a test has been run."""
        self._pending.remove(item_index)

    def mark_test_pending(self, item: str) -> None:
        """Refuse to run a test once more: each is settled once."""
        raise NotImplementedError

    def remove_pending_tests_from_node(self, node: Node, indices: Sequence[int]) -> None:
        """Refuse to take tests from a worker: no other has what they ask for."""
        raise NotImplementedError

    def remove_node(self, node: Node) -> str | None:
        """Forget a worker that has ended; return the test at which it broke down, if it did."""
        self._nodes.remove(node)
        if node.gateway.id != KEEPER or not self._pending:
            return None
        first, self._pending = self._pending[0], []
        return self._collections[node][first]

    def schedule(self) -> None:
        """Give the keeper all tests, and tell every worker that there will be no more."""
        if not self._is_scheduled:
            self._is_scheduled = True
            for node in self._nodes:
                if node.gateway.id == KEEPER:
                    self._pending = list(range(len(self._collections[node])))
                    node.send_runtest_some(self._pending)
        for node in self._nodes:
            node.shutdown()
