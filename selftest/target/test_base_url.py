"""The base URL: which one is taken, which is refused with what advice, and which is this machine."""

from __future__ import annotations

import pytest

from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.target.host_names import is_loopback
from esignon_conformance.target.settings import (
    Options,
    base_url_of,
    read_settings,
)
from esignon_conformance.target.target import (
    checked_base_url,
)
from selftest.support.settings_given import URL, Give

pytestmark = pytest.mark.usefixtures("clean")


def test_without_a_base_url_there_is_none() -> None:
    assert base_url_of(Options(), read_settings()) is None


def test_the_option_beats_the_setting(give: Give) -> None:
    give(BASE_URL="http://127.0.0.1:1")
    assert base_url_of(Options(), read_settings()) == "http://127.0.0.1:1"
    assert base_url_of(Options(base_url=URL), read_settings()) == URL


@pytest.mark.parametrize("value", ["", " ", "\t"])
def test_a_base_url_that_is_set_but_empty_is_refused(value: str, give: Give) -> None:
    with pytest.raises(ConfigurationError, match=r"^--base-url or PYTEST_BASE_URL is set"):
        base_url_of(Options(base_url=value), read_settings())
    give(BASE_URL=value)
    with pytest.raises(ConfigurationError, match=r"^ESIGNON_BASE_URL is set but empty"):
        base_url_of(Options(), read_settings())
    # An empty option is not mended by a setting.
    give(BASE_URL=URL)
    with pytest.raises(ConfigurationError, match=r"^--base-url"):
        base_url_of(Options(base_url=value), read_settings())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        (" https://staging.esignon.invalid \n", "https://staging.esignon.invalid"),
        ("https://staging.esignon.invalid/v1/eu/", "https://staging.esignon.invalid/v1/eu"),
        ("HTTPS://Staging.invalid", "https://Staging.invalid"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://localhost/apis", "http://localhost/apis"),
        ("http://localhost/api-v1", "http://localhost/api-v1"),
    ],
)
def test_a_base_url_is_taken_without_its_last_slash(given: str, expected: str) -> None:
    assert checked_base_url(given) == expected


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("127.0.0.1:8080", "no http"),
        ("localhost", "no http"),
        ("//localhost", "no http"),
        ("ftp://localhost", "no http"),
        ("http://a..b", "no http"),
        ("http://.a", "no http"),
        (f"https://{'a' * 64}.example", "no http"),
        ("localhost:8080", "no http"),
        ("http://", "no http"),
        ("http:///path", "no http"),
        ("http://:8080", "no http"),
        ("http://localhost:0", "no http"),
        ("http://localhost:99999", "is not a URL"),
        ("http://localhost:port", "is not a URL"),
        ("http://[::1", "is not a URL"),
        ("http://user:Secret-77@localhost", "holds credentials"),
        ("http://user@localhost", "holds credentials"),
        ("http://localhost?x=1", "query or fragment"),
        ("http://localhost/#top", "query or fragment"),
        ("http://localhost/api", "ends in /api"),
        ("http://localhost/v1/api/", "ends in /api"),
        (
            "http://localhost/api/my-company/login",
            "ends before /api: http://localhost. The company",
        ),
        ("http://localhost/v1/api/:companyId/login/", "ends before /api: http://localhost/v1. The"),
    ],
)
def test_a_base_url_that_cannot_be_used_is_refused_with_advice(given: str, wrong: str) -> None:
    with pytest.raises(ConfigurationError, match=wrong) as refused:
        checked_base_url(given)
    assert "ends before /api" in str(refused.value)
    assert "Secret-77" not in str(refused.value)


@pytest.mark.parametrize(
    "given",
    [
        "ftp://user:Secret-77@localhost",
        "http://user:Secret-77@localhost:99999",
        "http://user:Secret-77@[::1",
        "http://user:Secret-77@localhost/api?x=1",
        "user:Secret-77@localhost",
    ],
)
def test_a_password_in_a_base_url_is_never_printed(given: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        checked_base_url(given)
    assert "Secret-77" not in str(refused.value)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("LOCALHOST", True),
        ("localhost.", True),
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", True),  # noqa: S104 - no binding, a name to judge
        ("10.0.0.1", False),
        ("localhost.example.invalid", False),
        ("127.0.0.1.example.invalid", False),
        ("docs.esignon.net", False),
        ("", False),
    ],
)
def test_only_this_machine_is_a_loopback_address(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
