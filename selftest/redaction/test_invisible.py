"""What nobody sees in a secret is taken off or refused by the variable's name, and never sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.redaction.invisible import found_in, without_ends
from esignon_conformance.target.environment import Variables, read_variables, seen
from esignon_conformance.target.host_names import is_loopback, sent_host
from esignon_conformance.target.target import checked_base_url

BOM = "\ufeff"
PASSWORD = "Kq7.Tn Zr4#비밀"


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "{}\n",
        "{}\r\n",
        "{}\r",
        "{}\n\n",
        "\n{}",
        BOM + "{}",
        BOM + "{}\r\n",
        "\n" + BOM + "{}",
    ],
)
@pytest.mark.parametrize("as_file", [True, False])
def test_what_no_form_can_send_is_taken_off(around: str, as_file: bool, tmp_path: Path) -> None:
    text = around.format(PASSWORD)
    (tmp_path / "secret").write_bytes(text.encode())
    given = {"X_FILE": str(tmp_path / "secret")} if as_file else {"X": text}
    assert Variables(given).value("X") == PASSWORD
    assert seen("X", PASSWORD) == PASSWORD


UNSEEN = [
    *("\u00a0", "\u200b", "\u200c", "\u200d", "\u2060", "\u00ad", "\u3000", "\u202f", "\u2028"),
    *("\u200e", "\u202e", "\u2066", "\u061c", "\u180e", "\u034f", "\u3164", "\u115f", "\uffa0"),
    *("\u2800", "\ufe0f", "\U000e0041", "\t", "\n", "\r", "\0", "\x7f", "\x85", "\udcff", BOM),
]


@pytest.mark.parametrize("character", UNSEEN, ids=[f"{ord(one):x}" for one in UNSEEN])
def test_what_may_have_come_along_unseen_is_refused_by_the_name_of_the_variable(
    character: str,
) -> None:
    for text in (f"{character}Kq7.Tn", f"Kq7.{character}Tn", f"Kq7.Tn{character}"):
        left = without_ends(text)
        if left == "Kq7.Tn":
            continue  # taken off
        with pytest.raises(ConfigurationError) as caught:
            seen("ESIGNON_MEMB_PWD", left)
        assert "ESIGNON_MEMB_PWD" in str(caught.value)
        assert f"U+{ord(character):04X}" in str(caught.value) or character == "\udcff"
        assert "Kq7" not in str(caught.value)


def test_a_blank_is_seen_between_other_characters_and_not_at_an_end() -> None:
    assert found_in("a b") is None
    assert found_in(" a") == ("U+0020 SPACE", "first")
    assert found_in("a ") == ("U+0020 SPACE", "last")


def test_a_byte_order_mark_of_dotenv_hides_no_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_bytes(f"{BOM}ESIGNON_BASE_URL=http://127.0.0.1:9\r\n".encode())
    assert read_variables().value("ESIGNON_BASE_URL") == "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("host", "sent"),
    [
        ("faß.example", "xn--fa-hia.example"),
        ("βόλος.example", "xn--nxasmm1c.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("전자서명.한국", "xn--v42bn4ju0fina.xn--3e0b707e"),
        ("☕.example", "xn--53h.example"),
        ("a。b。example", "a.b.example"),
        ("my_höst", "xn--my_hst-zxa"),
        ("my_host", "my_host"),
        ("xn--fa-hia.example", "xn--fa-hia.example"),
        ("STAGING.example", "STAGING.example"),
    ],
)
def test_a_host_goes_out_as_browsers_send_it(host: str, sent: str) -> None:
    assert sent_host(host) == sent
    assert checked_base_url(f"https://{host}:444/v1") in (
        f"https://{sent}:444/v1",
        f"https://{sent.lower()}:444/v1",
    )


def test_a_path_with_letters_beyond_ascii_goes_out_as_browsers_send_it() -> None:
    assert (
        checked_base_url("http://127.0.0.1/서명/v%201")
        == "http://127.0.0.1/%EC%84%9C%EB%AA%85/v%201"
    )


@pytest.mark.parametrize(
    "url", ["http://a\u200bb.example", "http://x/\u00a0y", "http://\ud800.example"]
)
def test_a_base_url_with_what_nobody_sees_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError):
        checked_base_url(url)


@pytest.mark.parametrize(
    ("host", "is_this"),
    [
        *((one, True) for one in ("::ffff:127.0.0.1", "::ffff:7f00:1", "::", "127.1")),
        *((one, True) for one in ("0", "0x7f.1", "2130706433", "LOCALHOST.", "ｌocalhost")),
        *((one, False) for one in ("10.1", "::ffff:10.0.0.1", "beef", "128.0.0.1", "localhost.me")),
    ],
)
def test_what_names_this_machine(host: str, is_this: bool) -> None:
    assert is_loopback(host) is is_this
