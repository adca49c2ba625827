"""What the cases send is safe to send: to nobody's host, with nobody's secret, and with no effect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from esignon_conformance import resources
from esignon_conformance.target.accounts import box_accounts
from selftest.support.exchanges import (
    contract,
    plain,
)

CASES = contract().cases
DATA = [
    resources.contracts() / "accounts.yaml",
    *sorted((resources.contracts() / "login" / "cases").glob("*.yaml")),
]


def texts(value: Any) -> Iterator[str]:
    """Yield every text of a value, names included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, child in value.items():
            yield from texts(name)
            yield from texts(child)
    elif isinstance(value, list | tuple):
        for child in value:
            yield from texts(child)


def payloads() -> Iterator[str]:
    """Yield every text of the cases that is sent; what an operation is called is not."""
    for case in CASES.values():
        for operation in case.patch:
            secret = operation.get("secret", {})
            kept = [operation.get(name) for name in ("path", "value", "make")]
            yield from texts([*kept, secret.get("prefix"), secret.get("suffix")])
        for operation in case.raw:
            for value in operation.values():
                yield from texts(list(value.values()) if isinstance(value, dict) else value)
        company = case.company if isinstance(case.company, dict) else {}
        yield from texts([*company.values(), case.query])


def test_made_up_accounts_are_under_invalid_only() -> None:
    for account in box_accounts().values():
        assert plain(account.email).endswith(".invalid")
    for path in DATA:
        for address in re.findall(
            r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)", path.read_text(encoding="utf-8")
        ):
            assert address.endswith(".invalid"), f"{path.name}: {address}"


def test_no_payload_names_a_host_but_one_that_is_nobodys() -> None:
    # RFC 2606 §3 reserves example.com.
    host = re.compile(
        r"//|\b[\w-]+\.(?!invalid\b)(?:com|net|org|kr|io|dev|app|test|example)\b|\d+(\.\d+){3}"
    )
    texts = (text.replace("// c", "").removesuffix(".example.com") for text in payloads())
    assert [text for text in texts if host.search(text)] == []


def test_no_payload_writes_drops_sleeps_or_calls_out() -> None:
    harmful = re.compile(
        r"\b(?:DROP|DELETE|INSERT|UPDATE|ALTER|TRUNCATE|CREATE|GRANT|REPLACE|MERGE|EXEC|EXECUTE|CALL|SLEEP"
        r"|PG_SLEEP|WAITFOR|DELAY|BENCHMARK|SHUTDOWN|LOAD_FILE|OUTFILE|DUMPFILE|COPY|XP_\w+|UTL_\w+|DBMS_\w+"
        r"|JNDI|LDAP:|RMI|DNS|CURL|WGET|EVAL|SYSTEM|PROCESS|RUNTIME|IMPORT|REQUIRE|__IMPORT__)\b"
        r"|\$where|\$function|\$accumulator|`|\$\(|;\s*\w|\|\s*\w|<!ENTITY|<!DOCTYPE",
        re.IGNORECASE,
    )
    assert [text for text in payloads() if harmful.search(text)] == []


def test_payloads_are_no_templates_of_ours() -> None:
    for case in CASES.values():
        assert "{member}" not in str(case.patch)
        assert "{member}" not in case.id + case.title["en"] + case.title["ko"]


def test_secrets_in_cases_are_recipes() -> None:
    known = [
        text
        for one in box_accounts().values()
        for text in (*map(plain, (one.email, one.password)), one.company)
    ]
    for path in DATA[1:]:
        text = path.read_text(encoding="utf-8")
        assert not any(one in text for one in known), path.name
