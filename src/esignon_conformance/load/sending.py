"""What one process of a load run sends, how fast, and to whom it hands on what came."""

from __future__ import annotations

import gc
import os
import random
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from ..contract.model import Operation
from .gateway_tries import GatewayTries
from .logins import Logins
from .pace import LoadPace
from .plan import LoadPlan
from .recorder import Recorder


@dataclass
class Sending:
    """The plan of a run, its pace and its recorder; users send only while there is a plan."""

    operation: Operation
    sleep: Callable[[float], object]
    plan: LoadPlan | None
    pace: LoadPace
    recorder: Recorder
    seed: int = 0
    gateway: GatewayTries = field(default_factory=lambda: GatewayTries(lambda _seconds: None))
    _logins: Logins | None = None

    def logins(self, plan: LoadPlan) -> Logins:
        """Return what draws the logins of this process: one for all of its users."""
        if self._logins is None or self._logins.plan is not plan:
            # Not before Locust has forked, so that each process draws others.
            seed = f"{self.seed} {socket.gethostname()} {os.getpid()}"
            chance = random.Random(seed)  # noqa: S311 - which login is next
            self._logins = Logins(plan, self.operation, chance)
        return self._logins

    @property
    def headers(self) -> dict[str, str]:
        """Return the header fields of each request."""
        fixed = self.plan.target.headers if self.plan is not None else ()
        given = {name: value.get_secret_value() for name, value in fixed}
        return {"Content-Type": self.operation.media_type, **given}

    def begin(
        self,
        plan: LoadPlan,
        path: str,
        *,
        of: int = 1,
        most: int | None = None,
        is_alone: bool = True,
    ) -> None:
        """Begin a run as one of so many processes, which sends so many requests at most."""
        self.plan = plan
        self.pace = LoadPace(plan.interval * of, most, self.sleep)
        self.recorder = Recorder(path, self.sleep)
        self.gateway = GatewayTries(self.sleep, is_alone=of == 1 and is_alone)
        # What was loaded until now stays: to look for garbage in it took a sixth of the time of a login.
        gc.collect()
        gc.freeze()

    def end(self) -> None:
        """Send nothing any more."""
        self.plan = None
        gc.unfreeze()
