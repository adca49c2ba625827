"""A large HTTP Archive as Chrome DevTools would export it: logins of many, and what a page loads between.

Each login has an email, a password and a token of its own. Some are refused, some answers stand as base64,
and every fourth entry is a request to another host.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from esignon_conformance.target.accounts import box_accounts

_BEGAN = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
_AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)
_NAMES = ("minji", "seoyeon", "jiho", "haneul", "dohyun", "yuna", "sejun", "ara", "taeyang", "bora")
_COMPANIES = ("dalbit", "haneulsoft", "onnuri", "saebyeok", "garam")
_WORDS = ("Bada", "Haneul", "Namu", "Gureum", "Byeolbit", "Sanho", "Iseul", "Norang")
_TEXTS = {
    "00": "성공적으로 로그인되었습니다.",
    "10": "로그인 정보가 정확하지 않습니다.",
    "12": "수신 메세지의 Body 정보가 잘못된 형태여서 파싱하지 못했습니다.",
}
_OTHERS = (
    ("GET", "https://cdn.static.test/app/{n}.js", "application/javascript"),
    ("GET", "https://img.static.test/logo-{n}.png", "image/png"),
    ("POST", "https://metrics.other.test/collect?v=2&tid={n}", "application/json"),
    ("GET", "https://login.test/assets/style-{n}.css", "text/css"),
)
_PAGES = 40
Entry = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """What a file holds: its entries, and how many of them are logins."""

    entries: int
    logins: int
    size: int


def write_archive(
    file: Path, size: int, seed: int = 1, change: Callable[[int, Entry], None] | None = None
) -> Written:
    """Write an archive of about so many bytes; `change` may alter the login of a number before."""
    random, entries, logins, done = Random(seed), 0, 0, 0  # noqa: S311 - no secret is drawn
    with file.open("w", encoding="utf-8") as out:
        done += out.write(
            '{\n  "log": {\n    "version": "1.2",\n    "creator": {"name": "WebInspector", '
            '"version": "537.36"},\n    "pages": [],\n    "entries": ['
        )
        for number, row in enumerate(_rows(random)):
            is_login = row["request"]["url"].endswith("/login")
            if is_login and change is not None:
                change(logins, row)
            text = json.dumps(row, ensure_ascii=False)
            # DevTools breaks each member into a line of its own.
            text = text.replace(", {", ",\n          {").replace('", "', '",\n        "')
            done += out.write(("," if number else "") + "\n      ") + len(text.encode())
            out.write(text)
            entries, logins = entries + 1, logins + is_login
            if done >= size:
                break
        out.write("\n    ]\n  }\n}\n")
    return Written(entries, logins, file.stat().st_size)


def _rows(random: Random) -> Iterator[Entry]:
    number = 0
    while True:
        moment = _BEGAN + timedelta(milliseconds=40 * number)
        yield _other(random, moment) if number % 4 == 3 else _login(random, moment)
        number += 1


def _email(random: Random) -> str:
    return f"{random.choice(_NAMES)}.{random.choice(_NAMES)}{random.randrange(10**6)}@mail.test"


def _token(random: Random) -> str:
    return base64.b64encode(random.randbytes(random.randrange(97, 112))).decode()


def _login(random: Random, moment: datetime) -> Entry:
    company, email, drawn = random.choice(_COMPANIES), _email(random), random.random()
    password = f"{random.choice(_WORDS)}-{random.randrange(10**5)}{random.choice('!?#%&')}"
    if drawn < 0.05:
        account = box_accounts()[random.choice(("main", "second"))]
        company, email = account.company, account.email.get_secret_value()
        password = account.password.get_secret_value()
    code = "00" if drawn < 0.88 else "10" if drawn < 0.98 else "12"
    sent: dict[str, Any] = {
        "header": {"request_code": "1001Q"},
        "body": {"memb_email": email, "memb_pwd": password},
    }
    if code == "12":
        del sent["body"]["memb_pwd"]
    answer: dict[str, Any] = {
        "header": {
            "response_code": "1001A",
            "result_code": code,
            "result_msg": _TEXTS[code],
            "session_id": "",
        }
    }
    if code == "00":
        answer["body"] = {
            "access_token": _token(random),
            "comp_id": company,
            "device_id": f"{random.getrandbits(64):016x}",
            "expire_date": (moment + timedelta(days=30)).strftime("%Y-%m-%d %H:%M:%S.0"),
            "memb_email": email,
        }
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    is_base64 = random.random() < 0.03
    body = json.dumps(sent, ensure_ascii=False, separators=(",", ":"))
    content: dict[str, Any] = {"size": len(text.encode()), "mimeType": "application/json"}
    content["text"] = base64.b64encode(text.encode()).decode() if is_base64 else text
    if is_base64:
        content["encoding"] = "base64"
    headers = {
        "accept": "application/json, text/plain, */*",
        "content-length": str(len(body.encode())),
        "content-type": "application/json",
        "cookie": f"_ga=GA1.1.{random.getrandbits(30)}; JSESSIONID={random.getrandbits(128):032X}",
        "origin": "https://app.login.test",
        "referer": "https://app.login.test/",
    }
    answered = {
        "cache-control": "no-store",
        "content-type": "application/json",
        "set-cookie": f"JSESSIONID={random.getrandbits(128):032X}; Path=/; Secure; HttpOnly",
        "x-request-id": f"{random.getrandbits(128):032x}",
    }
    row = _entry("POST", f"https://login.test/api/{company}/login", moment, headers, answered)
    row["request"] |= {
        "bodySize": len(body.encode()),
        "postData": {"mimeType": "application/json", "text": body},
    }
    row["response"]["content"] = content
    return row


def _other(random: Random, moment: datetime) -> Entry:
    method, url, media_type = random.choice(_OTHERS)
    row = _entry(
        method, url.format(n=random.randrange(_PAGES)), moment, {}, {"content-type": media_type}
    )
    content: dict[str, Any] = {"size": 900, "mimeType": media_type}
    if media_type == "image/png":
        content |= {"text": base64.b64encode(random.randbytes(900)).decode(), "encoding": "base64"}
    elif method == "GET":
        content["text"] = "".join(
            f".c{random.getrandbits(40):x}{{margin:0 auto}}\n" for _ in range(30)
        )
    else:
        sent = {
            "client": f"{random.getrandbits(64):x}",
            "auth_token": f"{random.getrandbits(128):x}",
        }
        row["request"]["postData"] = {"mimeType": media_type, "text": json.dumps(sent)}
        content["text"] = "{}"
    row["response"]["content"] = content
    return row


def _entry(
    method: str,
    url: str,
    moment: datetime,
    headers: dict[str, str],
    answered: dict[str, str],
) -> Entry:
    """Return an entry with the members that DevTools gives each."""
    host = url.split("/")[2]
    sent = {
        ":authority": host,
        ":method": method,
        ":path": url.partition(host)[2],
        ":scheme": "https",
        "accept-encoding": "gzip, deflate, br, zstd",
        "accept-language": "ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7",
        "priority": "u=1, i",
        "sec-ch-ua": '"Chromium";v="131", "Not_A Brand";v="24"',
        "sec-ch-ua-mobile": "?0",
        "sec-ch-ua-platform": '"Windows"',
        "sec-fetch-dest": "empty",
        "sec-fetch-mode": "cors",
        "sec-fetch-site": "same-site",
        "user-agent": _AGENT,
        **headers,
    }
    came = {
        "date": moment.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "server": "nginx",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
        "vary": "Origin",
        "x-content-type-options": "nosniff",
        **answered,
    }
    return {
        "_connectionId": "4417",
        "_initiator": {"type": "script", "stack": {"callFrames": []}},
        "_priority": "High",
        "_resourceType": "xhr",
        "cache": {},
        "connection": "443",
        "pageref": "page_1",
        "request": {
            "method": method,
            "url": url,
            "httpVersion": "http/2.0",
            "headers": [{"name": name, "value": value} for name, value in sent.items()],
            "queryString": [],
            "cookies": [],
            "headersSize": -1,
            "bodySize": 0,
        },
        "response": {
            "status": 200,
            "statusText": "",
            "httpVersion": "http/2.0",
            "headers": [{"name": name, "value": value} for name, value in came.items()],
            "cookies": [],
            "content": {},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
            "_transferSize": 712,
            "_error": None,
            "_fetchedViaServiceWorker": False,
        },
        "serverIPAddress": "203.0.113.7",
        "startedDateTime": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "time": 41.8,
        "timings": {
            "blocked": 1.2,
            "dns": -1,
            "ssl": -1,
            "connect": -1,
            "send": 0.2,
            "wait": 39.9,
            "receive": 0.5,
        },
    }
