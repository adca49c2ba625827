"""The words that pages have for the types of members, with their slips of the pen."""

from __future__ import annotations

import difflib
import re

# What a page calls a type, and JSON Schema's word; empty for words that leave the type open.
_WORDS: dict[str, str] = {
    **dict.fromkeys(
        ("string", "str", "text", "char", "varchar", "문자열", "문자", "文字列"), "string"
    ),
    **dict.fromkeys(("date", "datetime", "timestamp", "uuid", "email", "url", "字符串"), "string"),
    **dict.fromkeys(("integer", "int", "long", "int32", "int64", "정수", "整数"), "integer"),
    **dict.fromkeys(("number", "float", "double", "decimal", "숫자", "数値", "数字"), "number"),
    **dict.fromkeys(("boolean", "bool", "불리언", "논리", "真偽値", "布尔"), "boolean"),
    **dict.fromkeys(("object", "json", "map", "dict", "객체", "オブジェクト", "对象"), "object"),
    **dict.fromkeys(("array", "list", "배열", "목록", "配列", "数组"), "array"),
    **dict.fromkeys(("data", "any", "mixed", "null", "데이터", "-", ""), ""),
}
_NEAR = 0.75
# Words of types that members are called by, too.
_NAMES_TOO = frozenset(
    {"text", "date", "datetime", "timestamp", "uuid", "email", "url", "number", "list", "map"}
)
_BASE = re.compile(r"[^\W\d]+\d*")


def _base(word: str) -> str:
    said = word.strip().lower()
    if said.endswith("[]"):
        return "array"
    match = _BASE.search(said)
    return match[0] if match else ""


def is_type(word: str) -> bool:
    """Tell whether a word is that of a type, or nearly."""
    return bool(_base(word)) and known_type(word) is not None


def is_plain_type(word: str) -> bool:
    """Tell whether a word is that of a type and no name that a member may have."""
    return _WORDS.get(_base(word), "") != "" and _base(word) not in _NAMES_TOO


def known_type(word: str) -> str | None:
    """Return the type of JSON Schema that a word means, empty where it is open, None for no such word."""
    base = _base(word)
    if base in _WORDS:
        return _WORDS[base]
    near = difflib.get_close_matches(base, _WORDS, 1, _NEAR) if len(base) > 3 else []
    return _WORDS[near[0]] if near else None


def is_misspelt(word: str) -> bool:
    """Tell whether a word is that of a type but for a slip."""
    return _base(word) not in _WORDS and known_type(word) is not None
