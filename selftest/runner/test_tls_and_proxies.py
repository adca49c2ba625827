"""TLS is verified and proxies are heeded off this machine; credentials are written nowhere."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme

from selftest.support.command import statement
from selftest.support.proxy_server import proxied
from selftest.support.staging import (
    HOST,
    run,
    verdict,
)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Return a private certificate authority."""
    return trustme.CA()


def server_side(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    """Return what a server speaks TLS with that has a certificate for some names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


def test_tls_is_verified_against_a_private_authority(authority: trustme.CA, tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    url = f"https://{HOST}:8443"
    fast = ("-k", "SUC-1 or SEC-5", "--rate", "1000")
    with proxied(tls=server_side(authority, HOST)) as target:
        refused = run(tmp_path, target, *fast, url=url)
        assert (refused.returncode, target.requests) == (6, [])
        assert "certificate is not trusted" in refused.stdout
        assert "--ca-bundle FILE" in refused.stdout
        assert verdict(statement(tmp_path), "SEC-5") == "could-not-judge"
        by_option = run(tmp_path, target, *fast, "--ca-bundle", str(bundle), url=url)
        assert by_option.returncode == 0, by_option.stdout
        assert verdict(statement(tmp_path), "SEC-5") == "holds"
        setting = run(tmp_path, target, *fast, url=url, ESIGNON_CA_BUNDLE=str(bundle))
        assert setting.returncode == 0
    assert set(target.asked_for) == {f"{HOST}:8443"}
    assert {one.header("Host") for one in target.requests} == {f"{HOST}:8443"}


def test_a_certificate_of_another_host_is_not_trusted(
    authority: trustme.CA, tmp_path: Path
) -> None:
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    with proxied(tls=server_side(authority, "other.invalid")) as target:
        chosen = ("-k", "SUC-1", "--ca-bundle", str(bundle))
        ran = run(tmp_path, target, *chosen, url=f"https://{HOST}")
    assert (ran.returncode, target.requests) == (6, [])
    assert "certificate is not trusted" in ran.stdout


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_certificates_that_cannot_be_read_are_refused(
    content: bytes | None, tmp_path: Path
) -> None:
    bundle = tmp_path / "ca.pem"
    if content is not None:
        bundle.write_bytes(content)
    ran = run(tmp_path, None, "--ca-bundle", str(bundle))
    assert ran.returncode == 4
    assert f"The certificates in {bundle} cannot be read" in ran.stderr


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_credentials_of_a_proxy_are_sent_to_it_and_written_nowhere(
    scheme: str, authority: trustme.CA, tmp_path: Path
) -> None:
    secret = "Proxy-Pass.77xQ"
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(bundle)
    tls = server_side(authority, HOST) if scheme == "https" else None
    with proxied(tls=tls) as target:
        url = target.url.replace("//", f"//us%65r:{secret}@")
        given = {"HTTP_PROXY": url, "HTTPS_PROXY": url}
        chosen = ("-k", "SUC-1", "--rate", "1000", "--ca-bundle", str(bundle))
        ran = run(tmp_path, target, *chosen, url=f"{scheme}://{HOST}", **given)
    assert ran.returncode == 0, ran.stdout
    assert set(target.authorization) == {"Basic dXNlcjpQcm94eS1QYXNzLjc3eFE="}
    assert "Through the proxy 127.0.0.1:" in ran.stdout
    for path in tmp_path.rglob("*"):
        if path.is_file():
            for form in (secret, "dXNlcjpQcm94eS1QYXNzLjc3eFE="):
                assert form.encode() not in path.read_bytes(), path
    assert secret not in ran.stdout + ran.stderr


def test_no_proxy_is_heeded(tmp_path: Path) -> None:
    # No connection leaves this machine for the address of all on a network.
    nowhere = "255.255.255.255"
    chosen = ("-k", "SUC-1", "--rate", "1000", "--allow-host", nowhere)
    with proxied() as target:
        url = f"http://{nowhere}"
        ran = run(tmp_path, target, *chosen, url=url, NO_PROXY=f"other.invalid,{nowhere}")
        assert (ran.returncode, target.asked_for) == (6, [])
        ran = run(tmp_path, target, *chosen, url=url, NO_PROXY="other.invalid")
        assert ran.returncode == 0, ran.stdout
        assert set(target.asked_for) == {nowhere}


def test_a_proxy_that_opens_no_tunnel_is_no_answer(tmp_path: Path) -> None:
    with proxied() as target:
        ran = run(tmp_path, target, "-k", "SUC-1", url=f"https://{HOST}")
    assert (ran.returncode, target.requests) == (6, [])
    refused = f"the proxy 127.0.0.1:{target.server.port} refused: "
    assert f"did not answer the first login (unreachable: {refused}" in ran.stdout
    assert target.asked_for == [f"{HOST}:443"] * 3


@pytest.mark.parametrize(
    "value", ["socks5://127.0.0.1:9", "https://u:Secret-77@127.0.0.1:9", "x:y", "http://a..b"]
)
def test_a_proxy_that_cannot_be_used_is_refused(value: str, tmp_path: Path) -> None:
    ran = run(tmp_path, None, HTTP_PROXY=value)
    assert ran.returncode == 4
    assert "HTTP_PROXY (ALL_PROXY) names a proxy that the suite cannot use" in ran.stderr
    assert "Secret-77" not in ran.stdout + ran.stderr
