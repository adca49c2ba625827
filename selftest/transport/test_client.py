"""The transport on real sockets: guarded, byte for byte, with no redirect followed."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.transport.client import Transport
from selftest.support.exchanges import TARGET
from selftest.support.raw_server import answer, scripted
from selftest.support.received_requests import received
from selftest.support.transporting import JSON, LOGIN, status, to

# ---- which host ------------------------------------------------------------------------------------


def test_a_host_that_is_not_this_machine_has_to_be_allowed_by_name() -> None:
    for base_url, host in (
        ("http://Staging.Invalid:8080/x", "staging.invalid"),
        ("http://staging.invalid.", "staging.invalid"),
        ("http://192.0.2.7", "192.0.2.7"),
        ("http://[2001:db8::1]:80", "2001:db8::1"),
    ):
        target = replace(TARGET, base_url=base_url)
        with pytest.raises(ConfigurationError) as refused:
            Transport(target, "run")
        assert str(refused.value).endswith(f"say so: --allow-host {host}")
        assert str(refused.value).startswith(f"{host} is not a loopback address.")
        for other in (frozenset({"other.invalid"}), frozenset({f"x.{host}"})):
            with pytest.raises(ConfigurationError):
                Transport(replace(target, allowed_hosts=other), "run")
        Transport(replace(target, allowed_hosts=frozenset({host})), "run").close()


@pytest.mark.parametrize(
    "url",
    [
        "https://docs.esignon.net",
        "http://DOCS.esignon.NET:8080/x",
        "https://docs.esignon.net.",
        "https://\uff44ocs.esignon.net",
        "https://docs\u3002esignon\u3002net",
    ],
)
def test_production_has_to_be_typed_out_however_it_is_spelt(url: str) -> None:
    host = frozenset({"docs.esignon.net"})
    # That an entry of targets.toml names it is not enough.
    named = replace(TARGET, base_url=url, allowed_hosts=host)
    assert named.is_production
    with pytest.raises(ConfigurationError, match="PRODUCTION service and no test host"):
        Transport(named, "run")
    Transport(replace(named, typed_hosts=host), "run").close()


def test_this_machine_needs_no_leave() -> None:
    for base_url in ("http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9/prefix"):
        Transport(replace(TARGET, base_url=base_url), "run").close()


# ---- byte for byte ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/api/gaon3021/login",
        "/api//login",
        "/api/../login",
        "/api/./login",
        "/api/a%2Fb/login",
        "/api/a%2fb/login",
        "/api/a%5Cb/login",
        "/api/a%00b/login",
        "/api/a%0D%0Ab/login",
        "/api/a%FFb/login",
        "/api/a%zz/login",
        "/api/%/login",
        "/api/%25/login",
        "/api/%41/login",
        "/api/a;b=c/login",
        "/api/o'brien/login",
        "/api/%F0%9F%98%80/login",
        "/api/a%20b/login",
        "/api/{a}|^`/login",
        "/api/a/login?",
        "/api/a/login?lang=ko&x=%ED%95%9C&y=a+b#c",
        "/api/" + "a" * 300 + "/login",
        "//evil/api/a/login",
    ],
)
def test_a_path_is_sent_as_it_is(path: str) -> None:
    one = received(replace(LOGIN, target=path))
    assert one.head.split(b"\r\n")[0] == f"POST {path} HTTP/1.1".encode()
    assert one.body == LOGIN.body


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe\x00", b"\r\n\r\n", "가".encode(), b"a=b&c=%20", b"x" * 200_000]
)
def test_a_body_is_sent_as_it_is_with_its_length(body: bytes) -> None:
    one = received(replace(LOGIN, body=body))
    assert one.body == body
    assert one.head.lower().count(b"content-length:") == 1
    assert one.header("Content-Length") == str(len(body))


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "PATCH", "LOGIN"])
def test_a_method_is_sent_as_it_is(method: str) -> None:
    one = received(replace(LOGIN, method=method))
    assert (one.method, one.body) == (method, LOGIN.body)


@pytest.mark.parametrize(
    "value",
    [
        "application/json",
        "Application/JSON",
        'application/json; charset="utf-8"',
        "text/plain",
        None,
    ],
)
def test_a_media_type_is_sent_as_it_is(value: str | None) -> None:
    headers = () if value is None else (("Content-Type", value),)
    one = received(replace(LOGIN, headers=headers))
    assert one.header("Content-Type") == value
    assert one.head.lower().count(b"content-type:") == (value is not None)


def test_the_suite_says_who_it_is_and_numbers_its_requests() -> None:
    with scripted(answer(JSON)) as server, closing(to(server)) as transport:
        deliveries = [transport.send(LOGIN) for _ in range(3)]
        deliveries.append(transport.send(replace(LOGIN, target="/api/%zz/login")))
    assert [one.request_id for one in deliveries] == [f"run-{number}" for number in range(1, 5)]
    assert [one.header("X-Request-Id") for one in server.received] == [
        one.request_id for one in deliveries
    ]
    for one in server.received:
        assert (one.header("User-Agent") or "").startswith("esignon-conformance/")
        assert one.header("Host") == f"127.0.0.1:{server.port}"
        assert one.head.lower().count(b"host:") == 1
    assert transport.requests == 4


def test_nothing_of_the_environment_is_trusted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    netrc.chmod(0o600)
    one = received(LOGIN)
    assert one.target == LOGIN.target
    assert one.header("Authorization") is None


def test_no_cookie_is_sent_back() -> None:
    with (
        scripted(answer(JSON, "200 OK", "Set-Cookie: a=b; Path=/")) as server,
        closing(to(server)) as transport,
    ):
        transport.send(LOGIN)
        transport.send(LOGIN)
    assert [one.header("Cookie") for one in server.received] == [None, None]


# ---- redirects -------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["301 Moved", "302 Found", "303 See", "307 Again", "308 Forever"])
@pytest.mark.parametrize(
    "location",
    [
        "/elsewhere",
        "http://127.0.0.1:1/elsewhere",
        "https://elsewhere.invalid/",
        "",
        "http://[::1",
        "http://a:port/",
        "/caf\xe9",
        "://",
    ],
)
def test_a_redirect_is_an_answer_and_not_followed(line: str, location: str) -> None:
    with (
        scripted(answer(b"", line, f"Location: {location}")) as server,
        closing(to(server)) as transport,
    ):
        delivery = transport.send(LOGIN)
    assert status(delivery) == int(line[:3])
    assert delivery.answer is not None
    assert delivery.answer.header("Location") == location
    assert len(server.received) == 1
