"""What the headings and the columns of a page mean, in Korean, English and Japanese."""

from __future__ import annotations

import re
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
Column = Literal["name", "type", "required", "description", "code", "kind", "text", ""]

_REQUEST = "request|요청|リクエスト|要求"
_RESPONSE = "response|응답|レスポンス|応答"
_EXAMPLE = "examples?|samples?|예시|예제|샘플|例|サンプル"
_BODY = "body|본문|바디|ボディ|本文"
_PARAMETERS = "parameters?|params?|파라미터|파라메터|매개변수|인자|パラメータ"
_CODES = (
    r"(result|return|error)[ _]?codes?|(결과|응답|에러|오류)\s*코드"
    r"|(結果|応答|エラー|リザルト)コード"
)
# No heading that means something is longer.
_LONGEST = 200
# The first that a heading fits is what it means.
_SECTIONS: tuple[tuple[Section, str], ...] = (
    ("codes", rf"({_CODES})"),
    ("request-example", rf"^(?=.*({_REQUEST}))(?=.*({_EXAMPLE}))"),
    ("response-example", rf"^(?=.*({_RESPONSE}))(?=.*({_EXAMPLE}))"),
    ("path", rf"(path|경로|패스|パス)\W*({_PARAMETERS})"),
    ("query", rf"(query|쿼리|질의|クエリ)\w*\W*({_PARAMETERS})"),
    ("response", rf"({_RESPONSE})\W*({_BODY}|{_PARAMETERS})"),
    ("body", rf"({_REQUEST})\W*({_BODY}|{_PARAMETERS})|({_BODY})\W*({_PARAMETERS})"),
    ("header", r"headers?|헤더|ヘッダ"),
)
_COLUMNS: tuple[tuple[Column, str], ...] = (
    ("required", r"required|필수|必須"),
    ("code", r"code|코드|コード|^(value|값|値)$"),
    (
        "name",
        r"name|field|member|key|parameter|이름|명칭|필드|항목|키|파라미터|名前|名称|項目|フィールド",
    ),
    ("type", r"type|타입|유형|자료형|형식|タイプ|種類|型"),
    ("text", r"reference|message|text|참고|비고|메시지|메세지|문구|参考|備考|メッセージ"),
    ("description", r"description|설명|내용|説明|内容"),
    ("kind", r"result|결과|구분|結果|区分"),
)
_SUCCESS = re.compile(r"^(success\w*|ok|성공|정상|成功|正常)\b", re.IGNORECASE)
_FAILURE = re.compile(r"^(fail\w*|error|실패|오류|에러|失敗|エラー)\b", re.IGNORECASE)
_OPTIONAL = re.compile(r"^(n|f|x|-|아니|否|不|任意|선택|option)", re.IGNORECASE)
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_KANA_OR_KANJI = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def section_of(heading: str) -> Section:
    """Return what a heading begins, empty for one that begins nothing known."""
    return next(
        (kind for kind, words in _SECTIONS if re.search(words, heading[:_LONGEST], re.IGNORECASE)),
        "",
    )


def columns_of(head: Iterable[str]) -> tuple[Column, ...]:
    """Return what the columns of a table hold, in their order."""
    return tuple(
        next(
            (kind for kind, words in _COLUMNS if re.search(words, cell[:_LONGEST], re.IGNORECASE)),
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
