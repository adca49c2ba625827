"""What a case derives from a secret is made by the shell of a curl line, and by no other character."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace

import pytest

from esignon_conformance.redaction.secret import Secret
from esignon_conformance.reports.curl import MADE_UP_PASSWORD, VARIABLES, curl_line
from esignon_conformance.reports.curl_forms import pieces_of
from esignon_conformance.runner.requests.other_characters import NotApplicable
from esignon_conformance.runner.requests.secret_variants import DERIVATIONS
from esignon_conformance.target.known_secrets import scrubber_of
from esignon_conformance.target.target import REAL_ACCOUNTS, Target
from selftest.support.exchanges import MADE_UP, MAIN, TARGET, contract, plain, request_of, success

SHELLS = [shell for name in ("sh", "bash", "zsh") if (shell := shutil.which(name))]
# What means something to a shell, to printf, sed, cut or JSON, of odd and of even length.
PASSWORDS = [
    r"""a"b\c'd$e`f%g&h/I\n J!#{}[]<>|;*?~(x)""",
    r"""-n Kx4!%s\\0"$(echo no)"Z/""",
    "Passw0rd-7431",
    "-e\\c 'q'",
]
# A shell makes these only by a line that tells a character, its place or its number.
TELLING = {
    *(
        "swap-last-case",
        "swap-inner-case",
        "pad-72",
        "all-other",
        "replace-first",
        "replace-middle",
    ),
    *("replace-last", "replace-digit", "replace-punctuation", "exchange-two", "other-high-byte"),
    *("other-beyond-ascii", "other-beyond-bmp", "thai-for-question-mark", "html-entity", "accent"),
    *("url-encoded", "homoglyph", "unicode-escape", "concatenation-inside", "addition-inside"),
    *("dot-inside", "characters", "as-number", "zero-before"),
}


def target_of(password: str) -> Target:
    main = replace(MAIN, password=Secret(password))
    return replace(TARGET, accounts={**TARGET.accounts, "main": main})


def lines_of(target: Target) -> dict[str, tuple[str, bytes]]:
    """Return, of each case that derives something and has a line, this and the body that was sent."""
    found = {}
    scrubber = scrubber_of(target)
    for case in contract().cases.values():
        recipes = [one["secret"] for one in case.patch if "secret" in one]
        if not any({"as", "prefix", "suffix"} & set(one) for one in recipes):
            continue
        try:
            request = request_of(case.id, target)
        except NotApplicable:
            continue
        exchange = replace(success(), request=request, role="case")
        made = curl_line(exchange, case, target, scrubber)
        if made is not None:
            found[case.id] = made[0], request.body
    return found


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("password", PASSWORDS, ids=["odd", "shell", "plain", "options"])
def test_the_shell_makes_what_was_derived(shell: str, password: str) -> None:
    target = target_of(password)
    lines = lines_of(target)
    assert len(lines) > 80
    bodies = [line.partition(" | curl ")[0] for line, _ in lines.values()]
    secrets = {name: account for name, account in target.accounts.items() if name in REAL_ACCOUNTS}
    variables = {
        variable: plain(value)
        for name, account in secrets.items()
        for variable, value in zip(VARIABLES[name], (account.email, account.password), strict=True)
    }
    # A mark that no body holds stands between them.
    script = "\nprintf '\\001\\001'\n".join(bodies)
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **variables}
    done = subprocess.run(
        [shell, "-c", script], env=environment, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    made_up = plain(MADE_UP.password).encode()
    written = done.stdout.split(b"\1\1")
    for (case_id, (_, sent)), body in zip(lines.items(), written, strict=True):
        assert body == sent.replace(made_up, MADE_UP_PASSWORD.encode()), case_id


def test_no_line_tells_a_piece_of_a_secret_or_how_long_it_is() -> None:
    target = target_of("Kx4vTnZr8mWd9QyLpBfH")
    other = target_of("Jw7uSoYq5nXe6RzMqCgG")
    lines = {name: line for name, (line, _) in lines_of(target).items()}
    # Of another password of the same kinds of characters it is the same line, to the last character.
    assert lines == {name: line for name, (line, _) in lines_of(other).items()}
    longer = target_of("Kx4vTnZr8mWd9QyLpBfHq7")
    assert lines == {name: line for name, (line, _) in lines_of(longer).items()}


def test_every_derivation_has_commands_or_tells_by_them() -> None:
    secrets = ("nari.ok@gaon.invalid", "Kx4vTnZr8mWd9QyL")
    without = {name for name in DERIVATIONS if pieces_of({"as": name}, secrets) is None}
    arrays = {"in-array", "in-object", "in-array-of-guesses", "in-nested-array", "bytes"}
    assert without == TELLING | arrays


def test_only_printable_ascii_is_derived_by_commands() -> None:
    for secret in ("비밀번호-17aB", "Kx4\tvTnZr8", "Kx4\nvTnZr8"):
        assert pieces_of({"as": "upper"}, (secret,)) is None
        assert pieces_of({"as": "double", "suffix": "x"}, (secret,)) is not None
