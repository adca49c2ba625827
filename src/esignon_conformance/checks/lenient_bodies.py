"""The check of bodies that only a lenient parser reads: what came shows whether one did."""

from __future__ import annotations

from dataclasses import replace

from ..contract.model import Case, Clause
from ..i18n.message import say
from ..recording.response import read
from .leniency import leniency
from .outcomes import case_outcome, is_let_in
from .view import Judged, View


def read_leniently(view: View, clause: Clause, case: Case) -> Judged:
    # REJ-13: a body that only a lenient parser reads is refused as unreadable ("12", "99", 400, 415),
    # whatever credentials it carries; another documented code shows that it was read, "00" all the
    # more.  Each kind of leniency is a finding of its own.
    for exchange, deviation in case_outcome(view, clause, case):
        if deviation is None:
            yield exchange, None
            continue
        kind = leniency(exchange.request.body)
        code = read(exchange).result_code if is_let_in(view, exchange) else view.outcome(exchange)
        got = deviation.got if code is None else say(f"read-{kind}", code=code)
        yield exchange, replace(deviation, got=got, group=kind)
