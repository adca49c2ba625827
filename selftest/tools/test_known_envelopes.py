"""An answer is judged at once where its envelope is known, and never otherwise than by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.runner.run import Run
from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.tools.traffic.known_envelopes import clauses_of_the_envelope
from esignon_conformance.verdicts.model import Verdict
from selftest.support.archives import archive, judged, rows_of, server
from selftest.support.exchanges import contract
from selftest.support.recorders import Sent, login

_MANY = 6


def test_the_clauses_of_the_envelope_see_no_others() -> None:
    found = clauses_of_the_envelope(contract())
    assert found == {f"ENV-{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 10)}


def _spoilt(row: dict[str, Any], how: str) -> None:
    response = row["response"]
    value = json.loads(response["content"]["text"])
    match how:
        case "ENV-2":
            response["headers"] = [
                {**one, "value": "text/html"} if one["name"].lower() == "content-type" else one
                for one in response["headers"]
            ]
        case "ENV-4":
            value["header"]["response_code"] = "1001B"
        case "ENV-6":
            value["header"]["result_msg"] = 7
        case "ENV-7":
            value["header"]["session_id"] = None
        case "ENV-8":
            value["body"]["more"] = 1
        case "ENV-10":
            response["status"] = 500
    text = json.dumps(value)
    response["content"] = {"size": len(text.encode()), "text": text}
    response["headers"] = [
        {**one, "value": str(len(text))} if one["name"].lower() == "content-length" else one
        for one in response["headers"]
    ]


@pytest.mark.parametrize("clause", ["ENV-2", "ENV-4", "ENV-6", "ENV-7", "ENV-8", "ENV-10"])
@pytest.mark.parametrize("place", [0, _MANY - 1])
def test_one_odd_envelope_among_many_that_are_alike_is_found(
    tmp_path: Path, clause: str, place: int
) -> None:
    sent = [login("dalbit", f"nobody.{number}@mail.test", "Bada-12345!") for number in range(2)]
    sent = [_right() for _ in range(_MANY)] + sent
    rows = rows_of(server(), sent)
    _spoilt(rows[place], clause)
    # In batches of two what one has shown is known to the next.
    run = judged(archive(tmp_path / "a.har", rows), batch_size=2)
    found = {one.clause: one for one in run.verdicts}
    assert found[clause].findings
    assert [len(one.exchanges) for one in found[clause].findings] == [1]
    alone = judged(archive(tmp_path / "b.har", rows), batch_size=500)
    assert _judged_in(run) == _judged_in(alone)


def _judged_in(run: Run) -> list[Verdict]:
    return [one for one in run.verdicts if one.verdict != "observed"]


def _right() -> Sent:
    account = box_accounts()["main"]
    return login(
        account.company, account.email.get_secret_value(), account.password.get_secret_value()
    )
