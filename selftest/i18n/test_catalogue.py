"""One catalogue of words in two languages: same keys, same placeholders, and every key is used."""

from __future__ import annotations

import ast
import functools
import locale
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import yaml

import esignon_conformance
from esignon_conformance.checks.internals import KINDS as INTERNALS
from esignon_conformance.checks.leniency import LENIENCIES
from esignon_conformance.contract.model import GROUPS, LOAD_GROUP, SITUATIONS, Level
from esignon_conformance.contract.skip_reason import NotMade, Unsent
from esignon_conformance.i18n.catalogue import catalogue, chosen_language, render, word
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.i18n.message import Message, say
from esignon_conformance.recording.load_growth import WhyNot
from esignon_conformance.redaction.invisible import Place
from esignon_conformance.reports.code_matrix import BROKEN, TURNED_AWAY
from esignon_conformance.reports.masks_in_words import FORMS
from esignon_conformance.reports.observed_text import VALUES
from esignon_conformance.runner.depth import DEPTHS
from esignon_conformance.runner.fuzzing.draws import WAYS
from esignon_conformance.runner.progress import STAGES
from esignon_conformance.target.target import REAL_ACCOUNTS
from esignon_conformance.tools.apidoc.doubts import KINDS as DOUBTS
from esignon_conformance.tools.apidoc.told_changes import PLACES, TODOS
from esignon_conformance.tools.traffic.answer_streaks import BETWEEN, GATEWAY
from esignon_conformance.tools.traffic.cases import traffic_case_ids
from esignon_conformance.tools.traffic.entry import LOSSES, NO_EVIDENCE, OTHER_METHOD, UNREACHED
from esignon_conformance.tools.traffic.exchanges import LOCKED
from esignon_conformance.transport.messages import FaultKind, Framing, Role
from esignon_conformance.verdicts.model import VerdictWord
from selftest.support.exchanges import contract
from selftest.support.messages import placeholders

SOURCE = Path(esignon_conformance.__file__).parent
# Of the server in the box, only its command says something to people.
FILES = [
    path
    for path in SOURCE.rglob("*.py")
    if "reference" not in path.parts or path.name == "__main__.py"
]
# What say() and word() are called by where they are handed a key that is made elsewhere.
_ASKING = {"say", "word", "row"}
# As templates ask: word("key"), or word("family-" ~ member).
_IN_TEMPLATE = re.compile(r'word\("([a-z-]+)"( ~)?')

# Keys that are made of a word of another list.
FAMILIES: dict[str, tuple[str, ...]] = {
    "level-": get_args(Level),
    "verdict-": get_args(VerdictWord),
    "group-": (*GROUPS, LOAD_GROUP),
    "load-growth-": get_args(WhyNot),
    "load-head-": ("situation", "code", "count", "p50", "p95", "p99", "longest"),
    "load-none-": get_args(FaultKind),
    "reason-": (*get_args(Unsent), "internal"),
    "not-applicable-": get_args(NotMade),
    "inside-": INTERNALS,
    "fault-": tuple(one for one in get_args(FaultKind) if one not in ("unreachable", "untrusted")),
    "no-answer-": get_args(FaultKind),
    "targets-": ("minimum", "maximum", "exclusiveMinimum", "minLength"),
    "framing-": tuple(one for one in get_args(Framing) if one),
    "body-cut-": ("closed", "silent"),
    "head-only-": ("closed", "silent"),
    "json-": (
        *("byte-order-mark", "not-utf-8", "no-json-text", "not-a-number", "not-json"),
        "text-after-value",
    ),
    "read-": LENIENCIES,
    "password-in-": ("head", "body", "trailer"),
    "other-password-in-": ("head", "body", "trailer"),
    "type-": ("string", "object", "number", "integer", "boolean", "array", "any"),
    "draw-": WAYS,
    "depth-": (*DEPTHS, "load", "traffic"),
    "role-": get_args(Role),
    "doubt-": DOUBTS,
    "place-": PLACES,
    "todo-": TODOS,
    "no-such-": ("near", "clause"),
    "seen-": tuple(one.replace(" ", "-") for one in VALUES),
    "limit-": (
        *("requests_per_second", "requests", "max_time", "concurrency"),
        *("wrong_passwords_in_a_row", "wrong_passwords"),
    ),
    "site-": ("page", "operation", "facts", "doubts"),
    "basis-": ("page", "rfc", "security", "inference"),
    "stage-": STAGES,
    "config-unseen-": get_args(Place),
    "config-headers-from-": ("exit", "slow", "text", "line", "own", "none"),
    "differs-": ("contract", "suite", "depth", "complete", "seed", "load", "kind", "busy"),
    "observed-": (
        *("access_token", "device_id", "expire_date", "expire_date_form", "expire_date_shape"),
        *(
            "expire_date_days_ahead",
            "access_token_form",
            "body",
            "media_type",
            "status",
            "result_msg",
            "unknown_company",
        ),
        *("users", "requests_per_second", "failures", "lost_workers", "p50_ms", "p95_ms"),
        "codes",
        # REQ-8 tells what each of its cases came to.
        *(one.id for one in contract().cases.values() if one.clause == "REQ-8"),
    ),
    "label-": (
        *("promise", "place", "expected", "got", "where", "shown-by", "reason", "rationale"),
        *("again", "request", "answer", "level", "basis", "depends", "check", "cases"),
        *("sent", "came", "differ", "since", "request-id", "situation", "http-status", "code"),
        *("account", "seen", "keyword", "violated", "satisfied", "clause", "exchanges"),
        *("waiver", "consequence", "action", "history", "observed"),
    ),
    "situation-": SITUATIONS,
    "env-account-": (*REAL_ACCOUNTS, "made-up"),
    "mask-": ("email", "password", "both", "company", "email-of", "password-of"),
    "recipe-": tuple(sorted(FORMS)),
    "account-": (*REAL_ACCOUNTS, "made-up"),
    "code-": (TURNED_AWAY, BROKEN),
    "case-": tuple(traffic_case_ids()),
    "loss-": tuple(one for one in LOSSES if one not in NO_EVIDENCE),
    "aside-": (*NO_EVIDENCE, GATEWAY, BETWEEN, LOCKED, UNREACHED, OTHER_METHOD),
    "list-": ("fails", "advisory", "waived", "could-not-judge", "not-judged", "holds"),
}


def texts_of(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an argument may be: a constant, either side of a choice, a pattern."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts_of(node.body)
        yield from texts_of(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        parts = (one.value if isinstance(one, ast.Constant) else "{}" for one in node.values)
        yield "".join(str(part) for part in parts)


@functools.cache
def source() -> tuple[tuple[tuple[str, ast.Call], ...], frozenset[str]]:
    """Return every call of say(), word() and row() with the file that it stands in, and every text."""
    calls: list[tuple[str, ast.Call]] = []
    texts: set[str] = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in _ASKING and node.args:
                    calls.append((path.relative_to(SOURCE).as_posix(), node))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
    return tuple(calls), frozenset(texts)


def asked() -> set[str]:
    """Return every key that is asked for, families as their patterns."""
    found: set[str] = set()
    for _, node in source()[0]:
        prefix = "label-" if getattr(node.func, "id", "") == "row" else ""
        found |= {prefix + text for text in texts_of(node.args[0])}
    for path in SOURCE.rglob("templates/*.html"):
        for key, more in _IN_TEMPLATE.findall(path.read_text(encoding="utf-8")):
            found.add(key + ("{}" if more else ""))
    return found


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    assert LANGUAGES == ("ko", "en")
    assert list(catalogue("ko")) == list(catalogue("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice_and_every_message_is_text(language: str) -> None:
    text = (SOURCE / "i18n" / "words" / f"{language}.yaml").read_text(encoding="utf-8")
    keys = re.findall(r"^([A-Za-z0-9-]+):", text, re.MULTILINE)
    assert len(keys) == len(set(keys))
    loaded = yaml.safe_load(text)
    assert all(isinstance(message, str) and message.strip() for message in loaded.values())


def test_both_languages_have_the_same_placeholders() -> None:
    korean, english = (
        {key: placeholders(text) for key, text in catalogue(language).items()}
        for language in ("ko", "en")
    )
    assert {key: names for key, names in english.items() if names != korean[key]} == {}
    assert {
        name for names in english.values() for name in names if not name.isidentifier()
    } == set()


def test_every_korean_message_is_korean() -> None:
    # What is a value, an API's name or a notation reads alike in both.
    alike = {key for key, text in catalogue("ko").items() if not re.search("[가-힣]", text)}
    assert alike <= {key for key, text in catalogue("en").items() if text == catalogue("ko")[key]}
    assert not [
        key
        for key, text in catalogue("en").items()
        if re.search("[가-힣]", text) and key != "feature"
    ]


def test_every_key_that_is_asked_for_is_there() -> None:
    keys = set(catalogue("en"))
    for text in asked():
        if "{}" in text:
            prefix = text.partition("{}")[0]
            members = FAMILIES.get(prefix)
            assert members is not None, f"an unknown family of keys: {text}"
            assert {f"{prefix}{one}" for one in members} <= keys, text
        else:
            assert text in keys, text


def test_every_family_is_whole_in_the_source() -> None:
    patterns = {text.partition("{}")[0] for text in asked() | {"body-cut-{}"} if "{}" in text}
    patterns |= {"label-"}
    assert patterns == set(FAMILIES)


def test_no_key_is_unused() -> None:
    # Wherever it stands, a text could be a key.
    used = asked() | source()[1]
    used |= {f"{prefix}{one}" for prefix, members in FAMILIES.items() for one in members}
    assert [key for key in catalogue("en") if key not in used] == []


def test_every_call_fills_in_what_the_message_wants() -> None:
    for file, node in source()[0]:
        if any(keyword.arg is None for keyword in node.keywords):
            continue
        given = {keyword.arg for keyword in node.keywords}
        for text in texts_of(node.args[0]):
            wanted = catalogue("en").get(text)
            if wanted is not None and getattr(node.func, "id", "") in ("say", "word"):
                assert placeholders(wanted) <= given, f"{file}:{node.lineno}: {text}"


@pytest.mark.parametrize("chosen", LANGUAGES)
def test_a_message_is_rendered_in_either_language(chosen: Language) -> None:
    assert "500" in render(say("http-status", status=500), chosen)
    assert render(Message("value", (("value", "{x}"),)), chosen) == "{x}"
    assert word("http-status", chosen, status=500) == render(say("http-status", status=500), chosen)
    with pytest.raises(KeyError):
        render(say("no-such-key"), chosen)


# ---- which language --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "setting", "named", "expected"),
    [
        ("ko", "en", "en_US", "ko"),
        ("en", "ko", "ko_KR", "en"),
        (None, "ko", "en_US", "ko"),
        (None, "en", "ko_KR", "en"),
        (None, None, "ko_KR", "ko"),
        (None, None, "Korean_Korea", "ko"),
        (None, None, "en_US", "en"),
        (None, None, "ja_JP", "en"),
        (None, None, None, "en"),
        (None, "fr", "ko_KR", "ko"),
        (None, "", "en_US", "en"),
    ],
)
def test_the_language_is_the_options_else_the_settings_else_the_locales(
    option: str | None,
    setting: str | None,
    named: str | None,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("ESIGNON_LANG", "LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)
    if setting is not None:
        monkeypatch.setenv("ESIGNON_LANG", setting)
    monkeypatch.setattr(locale, "getlocale", lambda: (named, "UTF-8"))
    assert chosen_language(option) == expected


def test_an_unset_locale_is_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ESIGNON_LANG", raising=False)
    monkeypatch.setattr(locale, "getlocale", lambda: (None, None))
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    assert chosen_language(None) == "ko"
