"""An exchange as lines of text for the report, the part that deviates marked, every secret masked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..i18n.catalogue import word
from ..i18n.language import Language
from ..recording.response import read
from ..transport.json_reader import read_json, written
from ..transport.messages import Exchange
from ..verdicts.model import Finding

# What the text of a finding speaks of where it names no member: the code, the status, a header field.
_OF_CODE = frozenset({"code", "codes-in-turn", "text-of-code"})
_OF_STATUS = frozenset(
    {
        "http-status",
        "http-status-firewall",
        "outcome-over-status",
        "turned-away",
        "status-with-header",
    }
)
_OF_HEADER = frozenset({"header-is", "no-header", "status-with-header"})
_CODE_POINTER = "/header/result_code"
_LONGEST_BODY = 6000


@dataclass(frozen=True)
class Piece:
    """A part of a line, marked where a finding speaks of it."""

    text: str
    is_marked: bool = False


Line = tuple[Piece, ...]


def request_lines(row: Mapping[str, Any]) -> list[Line]:
    """Return the request of a masked exchange as it went out."""
    request = row["request"]
    head = [f"{request['method']} {request['target']}"]
    head += [f"{name}: {value}" for name, value in request["headers"]]
    return _plain("\n".join([*head, "", _short(request["body"])]).rstrip("\n"))


def answer_lines(
    exchange: Exchange, row: Mapping[str, Any], finding: Finding | None, language: Language
) -> list[Line]:
    """Return the answer of an exchange and its masked row; what a finding speaks of is marked."""
    answer = row.get("answer")
    if answer is None:
        fault = row.get("fault") or {}
        text = f"{fault.get('kind', '')}: {fault.get('detail', '')}"
        return [(Piece(text, finding is not None),)]
    key = finding.got.key if finding else ""
    words = dict(finding.got.words) if finding else {}
    status = f"HTTP {answer['status']} {answer['reason']}".rstrip()
    lines: list[Line] = [(Piece(status, key in _OF_STATUS),)]
    header = str(words.get("name", "")).lower() if key in _OF_HEADER else None
    seen = False
    for name, value in answer["headers"]:
        is_it = header is not None and name.lower() == header
        seen |= is_it
        lines.append((Piece(f"{name}: {value}", is_it),))
    if header and not seen:
        lines.append((Piece(word("absent-here", language, name=words["name"]), is_marked=True),))
    pointer = (finding.pointer or (_CODE_POINTER if key in _OF_CODE else "")) if finding else ""
    body = _body(exchange, answer["body"], pointer, language)
    body += [(Piece(f"{name}: {value}"),) for name, value in answer.get("trailers", ())]
    if finding and not any(piece.is_marked for line in (*lines, *body) for piece in line):
        body = [_marked(line) for line in body]
    return [*lines, (), *body]


def _plain(text: str) -> list[Line]:
    return [(Piece(line),) for line in text.split("\n")]


def _body(exchange: Exchange, masked: str, pointer: str, language: Language) -> list[Line]:
    """Return the body; JSON that means one thing only is laid out in lines, anything else is not."""
    text = read(exchange).text
    if text.is_whole and len(masked) <= _LONGEST_BODY:
        shown = read_json(masked.encode("utf-8", errors="surrogatepass"))
        if shown.is_whole:
            parts = [one.replace("~1", "/").replace("~0", "~") for one in pointer.split("/")[1:]]
            return list(_laid_out(shown.value, parts if pointer else None, language))
    return _plain(_short(masked))


def _laid_out(
    value: Any, parts: list[str] | None, language: Language, indent: str = ""
) -> Iterator[Line]:
    """Yield the lines of a JSON value; `parts` lead to what is marked, None leads nowhere."""
    if parts == []:
        yield from (_marked(line) for line in _laid_out(value, None, language, indent))
        return
    if not isinstance(value, dict | list) or not value:
        yield (Piece(indent + written(value)),)
        return
    brackets = "{}" if isinstance(value, dict) else "[]"
    children: Mapping[str, Any] = (
        value if isinstance(value, dict) else {str(at): one for at, one in enumerate(value)}
    )
    yield (Piece(f"{indent}{brackets[0]}"),)
    deeper = f"{indent}  "
    for number, (name, child) in enumerate(children.items(), 1):
        leads = parts[1:] if parts and parts[0] == name else None
        before = f"{json.dumps(name, ensure_ascii=False)}: " if isinstance(value, dict) else ""
        lines = list(_laid_out(child, None if leads == [] else leads, language, deeper))
        first, *others = lines[0]
        lines[0] = (
            Piece(deeper + before + first.text.removeprefix(deeper), first.is_marked),
            *others,
        )
        if number < len(children):
            lines[-1] = (*lines[-1][:-1], Piece(lines[-1][-1].text + ",", lines[-1][-1].is_marked))
        yield from (_marked(line) for line in lines) if leads == [] else lines
    if parts and parts[0] not in children:
        missing = word("absent-here", language, name="/".join(parts))
        yield (Piece(deeper), Piece(missing, is_marked=True))
    yield (Piece(f"{indent}{brackets[1]}"),)


def _marked(line: Line) -> Line:
    text = "".join(piece.text for piece in line)
    start = len(text) - len(text.lstrip(" "))
    return (Piece(text[:start]), Piece(text[start:], is_marked=True)) if text.strip() else line


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_BODY else f"{text[:_LONGEST_BODY]} … ({len(text)})"
