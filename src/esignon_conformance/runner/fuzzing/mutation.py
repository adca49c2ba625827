"""Changes a valid body by chance: its bytes, its structure, or only how the same value is written."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

from .classification import EMAIL, PASSWORD

_PIECES = (
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b",",
        b'"',
        b"'",
        b"\\",
        b"/",
        b"#",
        b"\0",
        b"\n",
        b"\xff",
        b"-",
    ),
    *(
        b"\xef\xbb\xbf",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\\u",
        b"\\ud800",
        b"\\x41",
        b"//",
        b"/*",
        b"*/",
    ),
    *(b"null", b"true", b"NaN", b"1e400", b"007", b"{}", b"[]", b'""', b',"header":1', b"\xa4\xa1"),
    *("메모".encode(), "😀".encode(), b"\xe2\x80\xa8", b"\t", b"%00", b"=", b";"),
)
_VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1.5,
        10**12,
        "",
        "x",
        " ",
        "한글",
        "1001Q",
        "1001A",
        [],
        {},
        [None],
    ),
    *(["x", 1], {"value": "x"}, {"x": {"y": []}}, "null", "true", "0", "예", 12345678),
)
_NAMES = (
    "version",
    "trace",
    "lang",
    "메모",
    "remember_me",
    "client-id",
    "x.y",
    "$ref",
    "@type",
    "1",
)
_SPACES = ("", "", " ", "\n", "\t", "\r\n", "  ", " \t ")


def valid() -> dict[str, Any]:
    """Return the documented request, with markers for the credentials."""
    body = {"memb_email": EMAIL, "memb_pwd": PASSWORD}
    return {"header": {"request_code": "1001Q"}, "body": body}


def _cut(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(1, len(data))]


def _delete(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.choice((1, 1, 1, 2, 3, 8)) :]


def _insert(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    piece = chance.choice(_PIECES) if chance.random() < 0.8 else chance.randbytes(2)
    return data[:at] + piece + data[at:]


def _exchange(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + chance.choice(_PIECES) + data[at + 1 :]


def _bit(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def _swap(data: bytes, chance: Random) -> bytes:
    first, second = sorted(chance.sample(range(len(data)), 2))
    length = min(second - first, chance.choice((1, 2, 5, 12)))
    left, right = data[first : first + length], data[second : second + length]
    return data[:first] + right + data[first + length : second] + left + data[second + length :]


def _duplicate(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data))
    piece = data[at : at + chance.choice((1, 2, 7, 20, 60))]
    return data[:at] + piece * chance.choice((2, 2, 3)) + data[at + len(piece) :]


def _structure(data: bytes, chance: Random) -> bytes:
    """Take a member away, give it another value or name, or put it or the whole elsewhere."""
    document = json.loads(data)
    for _ in range(chance.choice((1, 1, 2))):
        holder = chance.choice([document, *(one for one in document.values() if _is_full(one))])
        if not holder:
            break
        name = chance.choice(list(holder))
        match chance.randrange(5):
            case 0:
                del holder[name]
            case 1:
                holder[name] = copy.deepcopy(chance.choice(_VALUES))
            case 2:
                holder[chance.choice((name.upper(), name + "s", name.replace("_", "")))] = (
                    holder.pop(name)
                )
            case 3:
                document[name] = holder.pop(name)
            case _:
                holder[name] = chance.choice(
                    ([holder[name]], {name: holder[name]}, [holder[name]] * 2)
                )
    return json.dumps(document, ensure_ascii=chance.random() < 0.5).encode()


def _is_full(value: Any) -> bool:
    return isinstance(value, dict) and bool(value)


_CHANGES: Mapping[str, Callable[[bytes, Random], bytes]] = {
    "cut": _cut,
    "delete": _delete,
    "insert": _insert,
    "exchange": _exchange,
    "bit": _bit,
    "swap": _swap,
    "duplicate": _duplicate,
    "structure": _structure,
}


def mutations(chance: Random) -> Iterator[tuple[str, bytes]]:
    """Yield bodies without end, each with the way it came to be."""
    while True:
        way = chance.choice((*_CHANGES, "structure", "rewritten", "extra"))
        if way == "rewritten":
            yield way, rewritten(valid(), chance).encode()
        elif way == "extra":
            yield way, _with_extra(chance)
        else:
            data = rewritten(valid(), chance) if chance.random() < 0.2 else json.dumps(valid())
            yield way, _CHANGES[way](data.encode(), chance)


def rewritten(value: Any, chance: Random) -> str:
    """Return a JSON value as one of the many texts that are that value."""
    style = chance.choice(("plain", "spaces", "escapes", "both"))
    return _written(value, chance, style in ("spaces", "both"), style in ("escapes", "both"))


def _written(value: Any, chance: Random, spaces: bool, escapes: bool) -> str:
    def space() -> str:
        return chance.choice(_SPACES) if spaces else ""

    if isinstance(value, dict):
        rows = [
            f"{space()}{_written(name, chance, spaces, escapes)}{space()}:{space()}"
            f"{_written(child, chance, spaces, escapes)}{space()}"
            for name, child in chance.sample(list(value.items()), len(value))
        ]
        return space() + "{" + ",".join(rows) + "}" + space()
    if isinstance(value, str) and escapes:
        # A text is escaped whole or not at all, so that a marker in it is found.
        return (
            _escaped(value, chance.random() < 0.5) if chance.random() < 0.5 else json.dumps(value)
        )
    return json.dumps(value, ensure_ascii=False)


def _escaped(text: str, upper: bool) -> str:
    units = text.encode("utf-16-be").hex()
    codes = (units[at : at + 4] for at in range(0, len(units), 4))
    return '"' + "".join(f"\\u{code.upper() if upper else code}" for code in codes) + '"'


def _with_extra(chance: Random) -> bytes:
    document = valid()
    for _ in range(chance.choice((1, 1, 2, 4))):
        holder = chance.choice((document, document["header"], document["body"]))
        holder[chance.choice(_NAMES)] = copy.deepcopy(chance.choice(_VALUES))
    if chance.random() < 0.3:
        return rewritten(document, chance).encode()
    return json.dumps(document, ensure_ascii=chance.random() < 0.5).encode()
