"""Of what a case sends it is seen what it is, though no secret of it is."""

from __future__ import annotations

import base64
import contextlib
import hashlib
from collections import defaultdict
from dataclasses import replace

import pytest

from esignon_conformance.recording.recording import Masking
from esignon_conformance.redaction.secret import Secret
from esignon_conformance.runner.requests.builder import build
from esignon_conformance.runner.requests.other_characters import NotApplicable
from esignon_conformance.target.known_secrets import scrubber_of
from esignon_conformance.target.target import REAL_ACCOUNTS, Target
from selftest.support.exchanges import MAIN, TARGET, contract, plain

PASSWORDS = (plain(MAIN.password), "70819263445", "비밀?번호😀-17aB", 'a"b\\c d-7431Xy')


def target_of(password: str) -> Target:
    main = replace(MAIN, password=Secret(password))
    return replace(TARGET, accounts={**TARGET.accounts, "main": main})


@pytest.mark.parametrize("password", PASSWORDS, ids=["plain", "digits", "Hangul", "quotes"])
def test_requests_that_differ_are_shown_as_different_ones(password: str) -> None:
    target = target_of(password)
    scrubber = scrubber_of(target)
    sent = {}
    for case in contract().cases.values():
        # What is the same value is the same secret, however it is escaped.
        if case.burst or case.same_as:
            continue
        try:
            sent[case.id] = build(case, contract(), target, scrubber.register)
        except NotApplicable:
            continue
    masking = Masking(scrubber)
    shown: dict[str, dict[object, str]] = defaultdict(dict)
    for name, request in sent.items():
        as_sent = request.method, request.target, request.headers, request.body
        shown[repr(masking.request(request))][as_sent] = name
    alike = [sorted(one.values()) for one in shown.values() if len(one) > 1]
    assert alike == []


def test_a_value_that_is_made_up_and_no_secret_stays() -> None:
    scrubber = scrubber_of(TARGET)
    for case in contract().cases.values():
        with contextlib.suppress(NotApplicable):
            build(case, contract(), TARGET, scrubber.register)
    for text in (plain(TARGET.accounts["made-up"].email), "guess-1", '{"value": "', "gaon3021"):
        assert scrubber.scrub(text) == text


@pytest.mark.parametrize("password", PASSWORDS, ids=["plain", "digits", "Hangul", "quotes"])
def test_no_form_of_a_secret_is_in_what_is_shown(password: str) -> None:
    target = target_of(password)
    scrubber = scrubber_of(target)
    for case in contract().cases.values():
        try:
            request = build(case, contract(), target, scrubber.register)
        except NotApplicable:
            continue
        shown = repr(Masking(scrubber).request(request)).lower()
        held = [form for form in FORMS[password] if form.lower() in shown]
        assert not held, case.id


def _forms(text: str) -> list[str]:
    data = text.encode()
    hashes = [hashlib.new(name, data).hexdigest() for name in ("md5", "sha1", "sha256", "sha512")]
    return [text, text[::-1], data.hex(), base64.b64encode(data).decode().rstrip("="), *hashes]


FORMS = {
    password: [
        form
        for secret in (
            password,
            *(plain(TARGET.accounts[one].password) for one in REAL_ACCOUNTS if one != "main"),
        )
        for form in _forms(secret)
    ]
    for password in PASSWORDS
}
