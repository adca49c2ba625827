"""The made-up page of the login with one change each: changes of facts, and of what is none."""

from __future__ import annotations

import re
from pathlib import Path

PAGES = Path(__file__).parents[1] / "pages"
PAGE = (PAGES / "login.ko.md").read_text(encoding="utf-8")
LINES = PAGE.splitlines()


def line_of(text: str, nth: int = 1) -> int:
    """Return the number of the nth line that holds a text."""
    found = [number for number, line in enumerate(LINES, start=1) if text in line]
    return found[nth - 1]


def replaced(old: str, new: str, nth: int = 1) -> str:
    """Return the page with the nth occurrence of a text replaced."""
    at = -1
    for _ in range(nth):
        at = PAGE.index(old, at + 1)
    return PAGE[:at] + new + PAGE[at + len(old) :]


def with_line(after: str, new: str) -> str:
    """Return the page with a line added after the first that holds a text."""
    at = line_of(after)
    return "\n".join([*LINES[:at], new, *LINES[at:]]) + "\n"


def without_line(text: str, nth: int = 1) -> str:
    """Return the page without the nth line that holds a text."""
    at = line_of(text, nth)
    return "\n".join([*LINES[: at - 1], *LINES[at:]]) + "\n"


OPERATION = line_of("`POST`")
CODES = line_of("| Code | **Description**")
# A mutation: the page, the place, the kind, the line, and a clause that it touches.
FACTS: dict[str, tuple[str, str, str, int, str]] = {
    "the method": (replaced("`POST`", "`PUT`"), "method", "changed", OPERATION, "REQ-5"),
    "the host": (
        replaced("docs.esignon.net", "api.esignon.net"),
        "url",
        "changed",
        OPERATION,
        "REQ-1",
    ),
    "the path": (replaced("/login`", "/signin`"), "url", "changed", OPERATION, "REQ-1"),
    "the scheme": (replaced("https://docs", "http://docs"), "url", "changed", OPERATION, "SEC-5"),
    "a path parameter retyped": (
        replaced("| companyId | string |", "| companyId | integer |"),
        "path companyId",
        "type",
        line_of("| companyId"),
        "SUC-2",
    ),
    "a path parameter renamed": (
        replaced("| companyId |", "| company |"),
        "path company",
        "added",
        line_of("| companyId"),
        "REJ-5",
    ),
    "the media type": (
        replaced("application/json", "application/xml"),
        "header Content-Type",
        "stated",
        line_of("| Content-Type"),
        "REQ-7",
    ),
    "a header added": (
        with_line("| Content-Type", "| Accept | string | text/plain |"),
        "header Accept",
        "added",
        line_of("| Content-Type") + 1,
        "ENV-2",
    ),
    "a header removed": (
        without_line("| Content-Type"),
        "header Content-Type",
        "removed",
        line_of("| Name         | Type   | Description      |"),
        "REQ-7",
    ),
    "a stated value": (
        replaced("| 1001Q ", "| 1009Q "),
        "request /header/request_code",
        "stated",
        line_of("| 1001Q"),
        "REJ-9",
    ),
    "a member retyped": (
        replaced("body.memb\\_pwd       | string", "body.memb\\_pwd       | number"),
        "request /body/memb_pwd",
        "type",
        line_of("body.memb\\_pwd"),
        "SEC-2",
    ),
    "a member added": (
        with_line("body.memb\\_pwd", "| body.otp | string | 숫자 |"),
        "request /body/otp",
        "added",
        line_of("body.memb\\_pwd") + 1,
        "REJ-8",
    ),
    "a member removed": (
        without_line("body.memb\\_pwd"),
        "request /body/memb_pwd",
        "removed",
        line_of("| Name                 |"),
        "SEC-2",
    ),
    "a member that is not required": (
        replaced(
            "| Name      | Type   | Description |\n| --------- | ------ | ----------- |\n"
            "| companyId | string |",
            "| Name | Type | Required | Description |\n| - | - | - | - |\n"
            "| companyId | string | false |",
        ),
        "path companyId",
        "required",
        line_of("| companyId"),
        "SUC-2",
    ),
    "the status": (replaced("200 됨", "201 됨"), "response", "status", line_of("200 됨"), "ENV-9"),
    "a constant of the answer": (
        replaced("1001A", "1002A"),
        "response 200 /header/response_code",
        "changed",
        line_of("1001A"),
        "ENV-4",
    ),
    "a constant of the second example": (
        replaced("1001A", "1002A", 2),
        "response /header/response_code",
        "changed",
        line_of("1001A", 2),
        "ENV-4",
    ),
    "a code as a number": (
        replaced('"result_code": "00"', '"result_code": 0'),
        "response 200 /header/result_code",
        "type",
        line_of('"result_code": "00"'),
        "ENV-5",
    ),
    "the text of the success": (
        replaced("성공적으로 로그인되었습니다.", "잘 되었습니다."),
        "response 200 /header/result_msg",
        "changed",
        line_of("성공적으로"),
        "ENV-6",
    ),
    "null for a text": (
        replaced('"session_id": ""', '"session_id": null'),
        "response 200 /header/session_id",
        "type",
        line_of("session_id"),
        "ENV-7",
    ),
    "a member of the answer added": (
        with_line('"device_id"', '    "role": "{구실}",'),
        "response 200 /body/role",
        "added",
        line_of('"device_id"') + 1,
        "ENV-8",
    ),
    "a member of the answer removed": (
        without_line('"device_id"'),
        "response 200 /body/device_id",
        "removed",
        line_of('"body": {'),
        "SUC-3",
    ),
    "a value for a placeholder": (
        replaced("{끝나는 때}", "2099-12-31"),
        "response 200 /body/expire_date",
        "changed",
        line_of("{끝나는 때}"),
        "SUC-4",
    ),
    "a value of the request example": (
        replaced('"request_code": "1001Q"', '"request_code": "1003Q"'),
        "request /header/request_code",
        "changed",
        line_of('"request_code": "1001Q"'),
        "REJ-9",
    ),
    "a code added": (
        with_line("| 95   |", "| 97 | 실패 | 잠긴 사람 |"),
        "code 97",
        "added",
        line_of("| 95   |") + 1,
        "ENV-5",
    ),
    "a code removed": (without_line("| 12   |"), "code 12", "removed", CODES, "REJ-15"),
    "a code's text": (
        replaced("로그인 정보가", "접속 정보가"),
        "code 10",
        "text",
        line_of("| 10   |"),
        "REJ-1",
    ),
    "a code's kind": (
        replaced("| 95   | 실패", "| 95   | 성공"),
        "code 95",
        "kind",
        line_of("| 95   |"),
        "REJ-4",
    ),
    "a binding lost in an answer": (
        replaced("{담당자 메일 주소}", "{다른 사람}"),
        "response 200 /body/memb_email",
        "unbound",
        line_of("{담당자 메일 주소}"),
        "SUC-5",
    ),
    "a binding lost in the request": (
        replaced("{담당자 메일 주소}", "{별명}", 2),
        "response 200 /body/memb_email",
        "unbound",
        line_of("{담당자 메일 주소}", 2),
        "SUC-5",
    ),
    "a binding lost to a description": (
        replaced("{고객사부호}", "{사업장}"),
        "response 200 /body/comp_id",
        "unbound",
        line_of("{고객사부호}"),
        "SUC-2",
    ),
    "a binding gained": (
        replaced("{기기}", "{고객사 부호}"),
        "response 200 /body/device_id",
        "bound",
        line_of("{기기}"),
        "SUC-3",
    ),
}

HARMLESS: dict[str, str] = {
    "prose": replaced("접속에 쓸 값을 받는 곳입니다.", "값을 받습니다."),
    "no prose": without_line("접속에 쓸 값을"),
    "table widths": re.sub(r"-{4,}", "---", re.sub(r" {2,}\|", " |", PAGE)),
    "more blank lines": PAGE.replace("\n\n", "\n\n\n\n"),
    "blanks at the ends of lines": "\n".join(f"{line}  " for line in LINES),
    "CR LF": PAGE.replace("\n", "\r\n"),
    "a byte order mark": "\ufeff" + PAGE,
    "no line end at the end": PAGE.rstrip("\n"),
    "descriptions in English": PAGE.replace("| 고객사 부호     |", "| customer |").replace(
        "| 담당자 메일주소    |", "| mail |"
    ),
    "headings in Korean": PAGE.replace("#### Path Parameters", "#### 경로 매개변수")
    .replace("#### Headers", "#### 헤더")
    .replace("## Request Body Example", "## 요청 예시")
    .replace("## Response Body Example", "## 응답 예시"),
    "headings of another level": PAGE.replace("#### ", "## "),
    "columns in bold": PAGE.replace("| Name ", "| **Name** "),
    "another colour": replaced("color:green", "color:blue"),
    "no escapes": PAGE.replace("\\_", "_"),
    "the fence's language": PAGE.replace("```javascript", "```json"),
    "the layout of an example": replaced(
        '{\n    "request_code": "1001Q"\n  }', '{"request_code":"1001Q"}'
    ),
    "a comment in an example": replaced('"1001A",', '"1001A", // of 1001Q'),
    "a trailing comma": replaced('{담당자 메일 주소}"\n', '{담당자 메일 주소}",\n'),
    "the order of members": replaced(
        '    "response_code": "1001A",\n    "result_code": "00",',
        '    "result_code": "00",\n    "response_code": "1001A",',
    ),
    "white space in a placeholder": PAGE.replace("{담당자 메일 주소}", "{담당자  메일주소}"),
    "other words of a placeholder": PAGE.replace("{기기}", "{단말}"),
    "the words of a tab": replaced("200 됨", "200 OK"),
    "another hint": with_line(
        "접속에 쓸 값을", '\n{% hint style="info" %}\n`GET` `/x`\n{% endhint %}\n'
    ),
    "no trailer": PAGE[: PAGE.index("\n---\n") + 1],
    "another trailer": PAGE + "\n| Code | a |\n| - | - |\n| 98 | 실패 |\n",
    "a picture and a link": replaced("#### Headers", "![x](a.png) [y](z.md)\n\n#### Headers"),
    "another table": replaced(
        "#### Headers", "| 판 | 날짜 |\n| - | - |\n| 1 | 오늘 |\n\n#### Headers"
    ),
    "code of another language": replaced("#### Headers", "```bash\ncurl x\n```\n\n#### Headers"),
    "another section": replaced(
        "## Request Body Example", "## 알림\n\n- 가\n\n## Request Body Example"
    ),
    "that parameters are required": replaced("| companyId |", "| companyId\\* |"),
    "a title": replaced("# 회원 접속", "# 회원의 접속"),
}
