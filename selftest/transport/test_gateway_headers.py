"""Header fields that a command prints or a plugin signs: fetched anew after a 401, each a secret."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.redaction.secret import Secret
from esignon_conformance.target.header_command import HeaderCommand
from esignon_conformance.target.target import Target
from esignon_conformance.transport.client import Transport
from esignon_conformance.transport.gateway_headers import GatewayHeaders, SignedRequest, as_pairs
from selftest.support.exchanges import TARGET, request_of
from selftest.support.raw_server import Peer, Received, answer, scripted, serving

GOOD = answer(b"{}", "200 OK")
EXPIRED = answer(b"", "401 Unauthorized")
OF_THE_APPLICATION = answer(b'{"header": {"result_code": "10"}}', "401 Unauthorized")


def command(text: str, folder: Path) -> HeaderCommand:
    """Return a command that runs a line of Python."""
    (folder / "print.py").write_text(text, "utf-8")
    return HeaderCommand(f"'{sys.executable}' print.py", folder, "staging")


def test_what_a_command_prints_is_read_as_header_fields(tmp_path: Path) -> None:
    made = command("print('\\ufeffAuthorization: Bearer a:b=\\r\\n\\nX-Tenant:  7 ')", tmp_path)
    assert made.fetched() == (("Authorization", Secret("Bearer a:b=")), ("X-Tenant", Secret("7")))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("raise SystemExit(3)", "exit"),
        ("", "none"),
        ("print('token-of-mine')", "line"),
        ("print('X-A: 1\\nX B: 2')", "line"),
        ("print('X-A: \\u200b7')", "line"),
        ("print('Host: other')", "own"),
        ("import sys; sys.stdout.buffer.write(b'X-A: \\xff')", "text"),
    ],
)
def test_a_command_that_is_of_no_use_ends_the_run_before_it_begins(
    text: str, key: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        command(text, tmp_path).fetched()
    assert not isinstance(caught.value.message, str)
    assert caught.value.message.key == f"config-headers-from-{key}"
    assert "token-of-mine" not in str(caught.value)


def counting(folder: Path) -> HeaderCommand:
    """Return a command that prints another token each time."""
    text = (
        "from pathlib import Path\n"
        "file = Path('count'); number = int(file.read_text() if file.exists() else 0) + 1\n"
        "file.write_text(str(number)); print(f'X-Token: token-{number}')"
    )
    return command(text, folder)


def sent(
    gateway: GatewayHeaders, said: Callable[[Received, int], bytes], tries: list[int]
) -> tuple[list[Received], list[tuple[int, int, bool]]]:
    """Send as many requests as there are numbers of tries; return what came, and what was made of it."""
    came: list[Received] = []
    numbers = itertools.count(1)

    def serve(peer: Peer) -> None:
        while (received := peer.receive()) is not None:
            came.append(received)
            peer.send(said(received, next(numbers)))

    with serving(serve) as server:
        target: Target = replace(TARGET, base_url=server.base_url)
        transport = Transport(target, "t", gateway)
        results = []
        for number, most in enumerate(tries):
            one = replace(request_of("unknown-email"), body=b"%d" % number)
            made = transport.send(one, most_tries=most)
            results.append((made.answer.status if made.answer else 0, made.tries, made.cut_short))
        transport.close()
    return came, results


def test_a_token_that_expired_is_fetched_anew_and_the_request_sent_again(tmp_path: Path) -> None:
    known: list[str] = []
    made = counting(tmp_path)
    gateway = GatewayHeaders(
        (("X-Token", Secret("fixed")), ("X-Key", Secret("key"))),
        made,
        None,
        lambda value, _name: known.append(value),
        first=made.fetched(),
    )

    def said(received: Received, number: int) -> bytes:
        good = "token-1" if number < 2 else "token-2"
        return GOOD if received.header("X-Token") == good else EXPIRED

    came, results = sent(gateway, said, [9, 9, 9])
    assert results == [(200, 1, False), (200, 2, False), (200, 1, False)]
    tokens = [one.header("X-Token") for one in came]
    assert tokens == ["token-1", "token-1", "token-2", "token-2"]
    assert {one.header("X-Key") for one in came} == {"key"}
    assert known == ["token-2"]


def test_what_may_go_out_once_is_not_sent_again_but_the_next_has_the_new_token(
    tmp_path: Path,
) -> None:
    made = counting(tmp_path)
    gateway = GatewayHeaders((), made, first=made.fetched())

    def said(received: Received, _number: int) -> bytes:
        return GOOD if received.header("X-Token") == "token-2" else EXPIRED

    _, results = sent(gateway, said, [1, 1])
    assert results == [(401, 1, True), (200, 1, False)]


def test_the_applications_own_401_fetches_nothing(tmp_path: Path) -> None:
    made = counting(tmp_path)
    gateway = GatewayHeaders((), made, first=made.fetched())
    _, results = sent(gateway, lambda _received, _number: OF_THE_APPLICATION, [9])
    assert results == [(401, 1, False)]
    assert (tmp_path / "count").read_text() == "1"


def test_a_server_that_says_401_to_everything_does_not_run_the_command_for_ever(
    tmp_path: Path,
) -> None:
    made = counting(tmp_path)
    gateway = GatewayHeaders((), made, first=made.fetched())
    _, results = sent(gateway, lambda _received, _number: EXPIRED, [9] * 6)
    assert [tries for _, tries, _ in results] == [2, 2, 2, 1, 1, 1]


def test_a_plugin_signs_what_goes_out_and_its_signature_is_a_secret() -> None:
    seen: list[SignedRequest] = []
    known: list[str] = []

    def sign(given: SignedRequest) -> list[tuple[str, str]]:
        seen.append(given)
        return [("X-Signature", "ab" * 16), ("X-Moment", "1798761600")]

    gateway = GatewayHeaders((), None, sign, register_signature=known.append)
    came, _ = sent(gateway, lambda _received, _number: GOOD, [9])
    assert came[0].header("X-Signature") == "ab" * 16
    assert known == ["ab" * 16]
    assert seen[0].url.endswith(came[0].target)
    assert seen[0].body == came[0].body
    assert dict(seen[0].headers)["X-Request-Id"] == came[0].header("X-Request-Id")


def test_what_a_plugin_returns_has_to_be_header_fields() -> None:
    assert as_pairs([{"X-A": "1"}, None, [("X-B", "2")]]) == [("X-A", "1"), ("X-B", "2")]
    for wrong in ({"Host": "x"}, {"X-A": "1\r\nX-B: 2"}):
        with pytest.raises(ConfigurationError):
            as_pairs([wrong])


def test_a_plugin_that_fails_at_one_of_many_requests_at_once_leaves_no_other_waiting() -> None:
    calls = itertools.count(1)

    def sign(_given: SignedRequest) -> list[tuple[str, str]]:
        return as_pairs([{"Host": "other"}]) if next(calls) == 2 else []

    with scripted(GOOD) as server:
        target = replace(TARGET, base_url=server.base_url)
        transport = Transport(target, "run", GatewayHeaders((), None, sign))
        with closing(transport), pytest.raises(ConfigurationError):
            transport.burst([request_of("right-login")] * 3)
        assert not server.received
