"""What the headings and the columns of a page mean, in Korean, English and Japanese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

from ...contract.facts import Kind, PageLanguage

Section = Literal[
    "codes",
    "request-example",
    "response-example",
    "path",
    "query",
    "header",
    "body",
    "response",
    "",
]
Column = Literal["name", "type", "required", "description", "code", "kind", "text", "location", ""]
Message = Literal["request", "response", ""]

# Letters are left out of "response" on pages, so that it is read by its sound.
_REQUEST = "reque?s?t|요청|リクエスト|要求|请求|請求"
_RESPONSE = r"resp\w{0,2}ns\w*|응답|レスポンス|応答|响应|響應|回應|返回"
_EXAMPLE = r"examples?|samples?|\bex\b|예시|예제|샘플|例|サンプル"
_BODY = "body|본문|바디|ボディー?|本文|本体|主体"
_PARAMETERS = "parameters?|params?|파라미터|파라메터|매개변수|인자|パラメー?ター?|参数|參數"
_CODES = (
    r"(result|return|error)[ _]?codes?|(결과|응답|에러|오류)\s*코드"
    r"|(結果|応答|エラー|リザルト)コード|result[ _]?(msg|messages?)\b"
    r"|結果\s*メッセージ|결과\s*메(?:시|세)지|(错误|結果|返回|状态)[代码]码?"
)
_HEAD = "headers?|헤더|ヘッダー?|请求头"
# No heading that means something is longer.
_LONGEST = 200


def _letters(heading: str) -> str:
    """Return what of a heading is looked at, full-width letters and signs as plain ones."""
    return unicodedata.normalize("NFKC", heading[:_LONGEST])


# The first that a heading fits is what it means.
_SECTIONS: tuple[tuple[Section, str], ...] = (
    ("codes", rf"({_CODES})"),
    ("request-example", rf"^(?=.*({_REQUEST}))(?=.*({_EXAMPLE}))"),
    ("response-example", rf"^(?=.*({_RESPONSE}))(?=.*({_EXAMPLE}))"),
    ("path", rf"(path|url|uri|경로|패스|パス)\W*(変数|variables?|{_PARAMETERS})"),
    ("query", rf"(query|쿼리|질의|クエリ)\w*\W*({_PARAMETERS})"),
    ("response", rf"({_RESPONSE})\W*({_BODY}|{_PARAMETERS})"),
    ("body", rf"({_REQUEST})\W*({_BODY}|{_PARAMETERS})|({_BODY})\W*({_PARAMETERS})"),
    ("header", _HEAD),
)
# A table of the one or the other part of a body: "Body - Header Parameter".
_PART = re.compile(
    rf"^({_REQUEST}|{_RESPONSE})?\W*({_BODY})\W+(?:(?P<header>{_HEAD})|(?P<body>{_BODY}))"
    rf"\W*({_PARAMETERS})?\W*$",
    re.IGNORECASE,
)
_LONGEST_TITLE = 60
_NO_TITLE = re.compile(
    r"(?:api|url|uri|endpoint)\b[\s\w]{0,20}(?:속성|정보|주소|url|uri|info\w*|attributes?|属性|情報)?\W*$",
    re.IGNORECASE,
)
_ERROR = re.compile(r"error|fail|에러|오류|실패|エラー|失敗|错误", re.IGNORECASE)
_COLUMNS: tuple[tuple[Column, str], ...] = (
    ("required", r"required|mandatory|필수|必須|必填|必须"),
    ("location", r"^(in|location|위치|位置)$"),
    ("code", r"code|코드|コード|代码|^(value|값|値|值)$"),
    (
        "name",
        r"name|field|member|key|param|이름|명칭|필드|항목|키|파라미터|파라메터|변수|속성"
        r"|名前|名称|項目|フィールド|パラメータ|パラメーター|参数|字段",
    ),
    ("type", r"type|타입|유형|자료형|형식|タイプ|種類|型|类型"),
    ("text", r"reference|message|\bmsg\b|text|참고|비고|메시지|메세지|문구|参考|備考|メッセージ"),
    ("description", r"desc|expla|설명|내용|説明|解説|内容|说明|描述"),
    ("kind", r"result|결과|구분|結果|区分"),
)
_SUCCESS = re.compile(r"^(success\w*|succeed\w*|ok|성공|정상|成功|正常)\b", re.IGNORECASE)
_FAILURE = re.compile(r"^(fail\w*|error|실패|오류|에러|失敗|エラー)\b", re.IGNORECASE)
_OPTIONAL = re.compile(r"^(n|f|x|-|[×✕✖✗❌]|아니|否|不|任意|선택|option)", re.IGNORECASE)
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_KANA_OR_KANJI = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def part_of(heading: str) -> Literal["header", "body", ""]:
    """Return which part of a body a heading begins a table of, empty for none."""
    match = _PART.match(_letters(heading).strip())
    if match is None:
        return ""
    return "header" if match["header"] else "body"


def message_named(heading: str) -> Message:
    """Return which message a heading names, and neither where it names both or none."""
    found = [
        name
        for name, words in (("request", _REQUEST), ("response", _RESPONSE))
        if re.search(words, _letters(heading), re.IGNORECASE)
    ]
    if len(found) != 1:
        return ""
    return "request" if found == ["request"] else "response"


def is_title(heading: str) -> bool:
    """Tell whether a heading may be the title of an operation: a short one, and not "API URL"."""
    return len(heading) <= _LONGEST_TITLE and _NO_TITLE.match(heading.strip()) is None


def names_error(heading: str) -> bool:
    """Tell whether a heading speaks of a failure."""
    return _ERROR.search(_letters(heading)) is not None


def section_of(heading: str) -> Section:
    """Return what a heading begins, empty for one that begins nothing known."""
    return next(
        (kind for kind, words in _SECTIONS if re.search(words, _letters(heading), re.IGNORECASE)),
        "",
    )


def columns_of(head: Iterable[str]) -> tuple[Column, ...]:
    """Return what the columns of a table hold, in their order."""
    return tuple(
        next(
            (
                kind
                for kind, words in _COLUMNS
                if re.search(words, _letters(cell).strip(), re.IGNORECASE)
            ),
            "",
        )
        for cell in head
    )


def kind_of(text: str) -> Kind:
    """Return whether a row of the code table calls its code a success or a failure."""
    if _SUCCESS.match(text.strip()):
        return "success"
    return "failure" if _FAILURE.match(text.strip()) else ""


def required_of(text: str) -> bool | None:
    """Return what a column about being required says, None where it is empty."""
    said = text.strip()
    return _OPTIONAL.match(said) is None if said else None


def language_of(headings: Iterable[str]) -> PageLanguage:
    """Return the language of a page, told from its headings."""
    text = " ".join(headings)
    if _HANGUL.search(text):
        return "ko"
    return "ja" if _KANA_OR_KANJI.search(text) else "en"
