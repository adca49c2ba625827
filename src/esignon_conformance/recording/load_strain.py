"""How busy the processes that sent a load run were: in which seconds latency may be their own."""

from __future__ import annotations

from dataclasses import dataclass, field

# Locust warns above this: a process then has no time left to look at answers when they come.
BUSY_CPU = 0.9
# An answer that was looked at so much later is not measured any more.
MOST_LATE_MS = 50.0


@dataclass(frozen=True)
class Strain:
    """The busiest process in a second: its share of a CPU, and by how much it was late."""

    cpu: float = 0.0
    late_ms: float = 0.0

    @property
    def is_busy(self) -> bool:
        """Tell whether a latency of this second may be the sender's own."""
        return self.cpu > BUSY_CPU or self.late_ms > MOST_LATE_MS


@dataclass
class Strains:
    """What the processes told of themselves, second by second."""

    seconds: dict[int, Strain] = field(default_factory=dict)

    def add(self, at: float, cpu: float, late_ms: float) -> None:
        """Note what a process told of the second that ended at a time of day: it touches two of ours."""
        for second in (int(at) - 1, int(at)):
            before = self.seconds.get(second, Strain())
            self.seconds[second] = Strain(max(before.cpu, cpu), max(before.late_ms, late_ms))

    @property
    def busy(self) -> set[int]:
        """Return the seconds in which a latency may be the sender's own."""
        return {at for at, one in self.seconds.items() if one.is_busy}

    @property
    def late_ms(self) -> float:
        """Return by how much a sender was late on average, at most, in any other second."""
        others = (one.late_ms for one in self.seconds.values() if not one.is_busy)
        return max(others, default=0.0)

    @property
    def highest(self) -> Strain:
        """Return the highest share of a CPU, and the longest time by which a process was late."""
        found = self.seconds.values()
        return Strain(
            max((one.cpu for one in found), default=0.0),
            max((one.late_ms for one in found), default=0.0),
        )
