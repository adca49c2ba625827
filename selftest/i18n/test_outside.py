"""What other programs say in English is said in Korean: the system, TLS, argparse, parsers, the help."""

from __future__ import annotations

import argparse
import ast
import errno
import inspect
import os
import re
import socket
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from esignon_conformance.app.argparse_language import speak
from esignon_conformance.app.cli.main import COMMANDS, _parser
from esignon_conformance.contract.yaml_document import ContractError, read
from esignon_conformance.i18n.catalogue import language_of_arguments, render
from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.i18n.outside import outside, reason_of, sections, translated
from esignon_conformance.target.targets_file import read_targets
from esignon_conformance.tools.mocks.catalogue import tools

# What argparse says to who writes a parser, not to who types a command.
_TO_PROGRAMMERS = re.compile(
    r"conflict|cannot|__call__|invalid argument for|must be optional|not callable|invalid option string"
    r"|dest=|argument \"-\"|unknown parser|unexpected option string"
)
_ERRNOS = (
    *("ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EPIPE", "ENETUNREACH", "EHOSTUNREACH"),
    *("EADDRNOTAVAIL", "EADDRINUSE", "ENOENT", "EACCES", "EPERM", "EISDIR", "ENOTDIR", "EEXIST"),
    *("ENOSPC", "EDQUOT", "EROFS", "EMFILE", "ENAMETOOLONG", "EIO", "EINVAL", "ENOEXEC", "ELOOP"),
)


def is_korean(text: str) -> bool:
    """Tell whether a text says something in Korean."""
    return re.search("[가-힣]", text) is not None


def said_by_argparse() -> Iterator[str]:
    """Yield the texts that this version of argparse says through gettext."""
    for node in ast.walk(ast.parse(inspect.getsource(argparse))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "ngettext"):
            for one in node.args[:2]:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value


def said_by_help() -> Iterator[str]:
    """Yield the help of every command in English."""
    # A command that ran before in this process may have left argparse its language.
    speak("en")
    parser, commands = _parser(list(COMMANDS), "en")
    for one in (parser, *commands.values()):
        yield from filter(None, (one.description, one.epilog))
        for action in one._actions:
            if action.help and action.help != argparse.SUPPRESS:
                yield action.help
    yield from COMMANDS.values()


@pytest.mark.parametrize("section", sections())
def test_a_translation_is_korean_and_has_the_placeholders_of_the_text(section: str) -> None:
    for english, korean in sections()[section].items():
        # What is named alike in both languages reads alike.
        assert is_korean(korean) or english == korean, english
        # libyaml's own braces are doubled, as in a pattern.
        wanted = {name for _, name, _, _ in string.Formatter().parse(english) if name}
        filled = {name for _, name, _, _ in string.Formatter().parse(korean) if name}
        assert filled <= wanted, english
        found = [sorted(re.findall(r"%\(\w+\)|%[sr]", one)) for one in (english, korean)]
        if section == "argparse":
            assert set(found[1]) == set(found[0]), english


def test_what_argparse_says_to_who_types_a_command_is_translated() -> None:
    told = {one for one in said_by_argparse() if not _TO_PROGRAMMERS.search(one)}
    assert len(told) > 15
    assert not [one for one in told if not is_korean(translated(one, "ko"))]


def test_the_help_of_every_command_is_translated_and_no_translation_is_left_over() -> None:
    said = {*said_by_help()}
    own = {one for one in said if one not in sections()["argparse"]}
    # The names of the mock tools, and a default value alone.
    alike = {", ".join(tools()), "(15)", "(%(default)s)", "CSV: company_id,memb_email,memb_pwd"}
    assert own - set(sections()["help"]) <= alike
    assert set(sections()["help"]) <= own


@pytest.mark.parametrize("name", _ERRNOS)
def test_an_error_of_the_system_is_told_in_korean(name: str) -> None:
    number = getattr(errno, name)
    told = render(reason_of(OSError(number, os.strerror(number), "a-file")), "ko")
    assert is_korean(told)
    assert "a-file" not in told


def test_a_host_that_no_name_server_knows_is_told_in_korean() -> None:
    with pytest.raises(socket.gaierror) as caught:
        socket.getaddrinfo("no-such-host.invalid", 80)
    assert is_korean(render(reason_of(caught.value), "ko"))
    assert render(reason_of(caught.value), "en") == caught.value.strerror


@pytest.mark.parametrize(
    ("said", "korean"),
    [
        ("self-signed certificate", "자체 서명 인증서"),
        (
            "Hostname mismatch, certificate is not valid for 'a.test'.",
            "인증서가 호스트 'a.test'의 것이 아님",
        ),
        (
            "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)",
            "TLS 오류 WRONG_VERSION_NUMBER",
        ),
        ("nobody has translated this", "nobody has translated this"),
        ("", ""),
    ],
)
def test_a_pattern_keeps_what_stands_in_it_and_an_unknown_text_stays(
    said: str, korean: str
) -> None:
    assert render(outside(said), "ko") == korean
    assert render(outside(said), "en") == said


@pytest.mark.parametrize(
    "text",
    ["a: [", "a: b: c", "a: 'x", "\ta: 1", "- *nobody", "a: 1\na: 2", "? [a]\n: {", "- !x y"],
)
def test_a_file_that_is_no_yaml_is_told_in_korean(text: str, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        read(file, tmp_path)
    told = caught.value.text("ko")
    assert is_korean(told.rpartition("YAML이 아님: ")[2]), told
    assert str(caught.value) == caught.value.text("en")


@pytest.mark.parametrize("text", ["a == 1", "a = ", "[a", "a = 1\na = 2", "a = 'x", "a = 09"])
def test_a_targets_file_that_is_no_toml_is_told_in_korean(text: str, tmp_path: Path) -> None:
    file = tmp_path / "targets.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_targets(file)
    assert re.search(r"TOML이 아님: (\d+행 \d+열|파일 끝)에서 잘못됨", caught.value.text("ko"))
    assert not is_korean(caught.value.text("en"))


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"required": ["a"]}, {}),
        ({"additionalProperties": False}, {"a": 1}),
        ({"additionalProperties": False}, {"a": 1, "b": 2}),
        ({"type": "string"}, 1),
        ({"type": ["string", "null"]}, 1),
        ({"enum": ["a"]}, "b"),
        ({"const": 1}, 2),
        ({"pattern": "^a"}, "b"),
        ({"minLength": 1}, ""),
        ({"minLength": 2}, "a"),
        ({"minItems": 1}, []),
        ({"maxLength": 1}, "aa"),
        ({"minimum": 1}, 0),
        ({"maximum": 1}, 2),
        ({"exclusiveMinimum": 0}, 0),
        ({"uniqueItems": True}, [1, 1]),
        ({"anyOf": [{"type": "string"}]}, 1),
        ({"not": {}}, 1),
    ],
)
def test_what_jsonschema_says_of_a_file_is_told_in_korean(schema: Any, value: object) -> None:
    for error in jsonschema.Draft202012Validator(schema).iter_errors(value):
        assert is_korean(translated(error.message, "ko")), error.message


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["run", "--lang", "ko"], "ko"),
        (["run", "--lang=ko", "--html"], "ko"),
        (["run", "--lang"], "en"),
        (["run", "--lang", "fr"], "en"),
        (["serve", "--lang", "ko"], "en"),
        ([], "en"),
    ],
)
def test_a_command_line_is_read_for_its_language_first(
    given: list[str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESIGNON_LANG", "en")
    assert language_of_arguments(given) == expected
