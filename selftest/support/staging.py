"""A target off this machine, its accounts, and a run against it through a proxy that answers for it."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.target.target import Account
from selftest.support.command import command
from selftest.support.proxy_server import ProxiedTarget
from selftest.support.raw_server import Received

HOST = "staging.esignon.invalid"
URL = f"http://{HOST}"
ACCOUNTS = box_accounts()
GATEWAY_KEY = "gateway-key-Wb7.trqX2"
TARGETS = f"""
[staging]
base_url = "{URL}"
company_id = "{ACCOUNTS["main"].company}"
language = "ko"
fail_on = ["SEC-5"]

[staging.accounts.main]
memb_email = "STAGING_MEMB_EMAIL"
memb_pwd = "STAGING_MEMB_PWD"

[staging.headers]
X-Gateway-Key = "STAGING_GATEWAY_KEY"

[staging.limits]
requests_per_second = 1000

[production]
base_url = "https://docs.esignon.net"
company_id = "{ACCOUNTS["main"].company}"
accounts.main = {{memb_email = "STAGING_MEMB_EMAIL", memb_pwd = "STAGING_MEMB_PWD"}}
"""


def email(account: Account) -> str:
    """Return the email of an account as text."""
    return account.email.get_secret_value()


def password(account: Account) -> str:
    """Return the password of an account as text."""
    return account.password.get_secret_value()


STAGING = {
    "STAGING_MEMB_EMAIL": email(ACCOUNTS["main"]),
    "STAGING_MEMB_PWD": password(ACCOUNTS["main"]),
    "STAGING_GATEWAY_KEY": GATEWAY_KEY,
}
MAIN_ONLY = {
    "ESIGNON_COMPANY_ID": ACCOUNTS["main"].company,
    "ESIGNON_MEMB_EMAIL": email(ACCOUNTS["main"]),
    "ESIGNON_MEMB_PWD": password(ACCOUNTS["main"]),
}
ALL = MAIN_ONLY | {
    "ESIGNON_SECOND_MEMB_EMAIL": email(ACCOUNTS["second"]),
    "ESIGNON_SECOND_MEMB_PWD": password(ACCOUNTS["second"]),
    "ESIGNON_OTHER_COMPANY_ID": ACCOUNTS["other"].company,
    "ESIGNON_OTHER_MEMB_EMAIL": email(ACCOUNTS["other"]),
    "ESIGNON_OTHER_MEMB_PWD": password(ACCOUNTS["other"]),
    "ESIGNON_BLOCKED_COMPANY_ID": ACCOUNTS["blocked"].company,
    "ESIGNON_BLOCKED_MEMB_EMAIL": email(ACCOUNTS["blocked"]),
    "ESIGNON_BLOCKED_MEMB_PWD": password(ACCOUNTS["blocked"]),
}


def run(
    folder: Path, target: ProxiedTarget | None, *arguments: str, url: str = URL, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the suite on the host of these tests, through the proxy that stands for it."""
    proxies = {} if target is None else {"HTTP_PROXY": target.url, "HTTPS_PROXY": target.url}
    given = ("--base-url", url, "--allow-host", HOST, "--lang", "en", "--report-dir", str(folder))
    named = {**MAIN_ONLY, **proxies, **settings}
    return command("run", *given, *arguments, folder=folder, settings=named)


def verdict(document: dict[str, Any], clause: str) -> str:
    """Return the verdict of a clause in a statement."""
    return str(next(one["verdict"] for one in document["clauses"] if one["id"] == clause))


def not_sent(document: dict[str, Any]) -> Counter[str]:
    """Return how many cases each kind of reason left out."""
    counts: Counter[str] = Counter()
    for row in document["not_sent"]:
        counts[row["why"]] += len(row["cases"])
    return counts


def credentials(received: Received) -> tuple[Any, Any]:
    """Return the email and the password of a request that has them where they belong."""
    try:
        body = json.loads(received.body)["body"]
        return body["memb_email"], body["memb_pwd"]
    except (ValueError, KeyError, TypeError):
        return None, None
