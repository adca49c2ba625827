"""What the test of a case or a clause ends with: one failure a fault, the others say why they do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from esignon_conformance.app.pytest_plugin.outcomes import settle_case, settle_clause
from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.runner.run import Run
from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import ABSENT, TARGET, conforming, contract, plain, refusal, success
from selftest.support.judged import basis


def run_of(exchanges: Iterable[Exchange]) -> Run:
    """Return a run that has sent these exchanges and nothing else."""
    run = Run(contract(), TARGET, 1, Path("nowhere"), _sent=True)
    for exchange in exchanges:
        run.recording.add(exchange)
    return run


def ended(settle: Callable[..., None], run: Run, name: str) -> tuple[str, str]:
    """Return how a test ends, and what it says."""
    try:
        settle(run, name, "en")
    except pytest.xfail.Exception as error:
        return "advisory", str(error)
    except pytest.fail.Exception as error:
        return "failed", str(error)
    except pytest.skip.Exception as error:
        return "skipped", str(error)
    return "passed", ""


def test_the_first_case_that_deviates_fails_and_those_alike_name_it() -> None:
    alike = ["wrong-password-digits", "wrong-password-hangul"]
    run = run_of([*basis(), *(refusal(name, code="99") for name in alike)])
    first, text = ended(settle_case, run, alike[0])
    assert first == "failed"
    for part in ("REJ-1 (must)", "Expected: ", 'Got: result_code "99"', f"--case {alike[0]}"):
        assert part in text
    assert ended(settle_case, run, alike[1]) == ("skipped", f"deviates like the case {alike[0]}")
    assert ended(settle_case, run, "wrong-password") == ("passed", "")


def test_a_deviation_from_good_practice_is_an_advisory() -> None:
    run = run_of(
        [*basis(), success("password-blank-after"), success(changes={"/body/device_id": ""})]
    )
    assert ended(settle_case, run, "password-blank-after")[0] == "advisory"
    assert ended(settle_clause, run, "SUC-13")[0] == "advisory"


def test_a_refusal_without_session_id_is_one_failed_test() -> None:
    names = ["missing-both-credentials", "post-query-credentials-no-members", "empty-body"]
    rows = [conforming(name) for name in names]
    rows += [refusal(name, {"/header/session_id": ABSENT}) for name in names]
    run = run_of([*basis(), *rows])
    assert ended(settle_clause, run, "ENV-7")[0] == "failed"
    for name in (*names, "wrong-password", "unknown-email"):
        assert ended(settle_case, run, name) == ("passed", ""), name
    failed = [name for name in contract().clauses if ended(settle_clause, run, name)[0] == "failed"]
    assert failed == ["ENV-7"]


def test_a_case_that_deviates_for_the_sake_of_another_names_that_one() -> None:
    alike = ("password-upper-case", "password-first-letter-case")
    run = run_of([*basis(), *map(success, ("password-swapped-case", *alike))])
    assert ended(settle_case, run, "password-swapped-case")[0] == "failed"
    for name in alike:
        how, text = ended(settle_case, run, name)
        assert (how, text) == ("skipped", "deviates like the case password-swapped-case")
    # SEC-6 has a case that was let in, and so no tick.
    assert ended(settle_case, run, "password-blank-after")[0] == "skipped"


def test_a_case_that_was_not_sent_says_why() -> None:
    run = run_of(basis())
    run.recording.unsent["blocked-company"] = Reason("no-account", "blocked")
    how, text = ended(settle_case, run, "blocked-company")
    assert (how, "blocked" in text) == ("skipped", True)
    how, text = ended(settle_clause, run, "REQ-6")
    assert (how, text.startswith("not judged: ")) == ("skipped", True)


def test_what_a_failure_says_shows_no_secret() -> None:
    run = run_of([*basis(), success("wrong-password-digits")])
    _, text = ended(settle_case, run, "wrong-password-digits")
    for name in ("main", "second", "made-up"):
        assert plain(TARGET.accounts[name].password) not in text
