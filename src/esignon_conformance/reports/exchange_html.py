"""An exchange as HTML for the report, the part that deviates marked, every secret masked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..i18n.catalogue import word
from ..i18n.language import Language
from ..recording.response import read
from ..transport.json_reader import read_json, written
from ..transport.messages import Exchange
from ..verdicts.model import Finding
from .html_text import in_element

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


def request_html(row: Mapping[str, Any]) -> str:
    """Return the request of a masked exchange as it went out."""
    request = row["request"]
    head = [f"{request['method']} {request['target']}"]
    head += [f"{name}: {value}" for name, value in request["headers"]]
    return in_element("\n".join([*head, "", _short(request["body"])]).rstrip("\n"))


def answer_html(
    exchange: Exchange, row: Mapping[str, Any], finding: Finding | None, language: Language
) -> str:
    """Return the answer of an exchange and its masked row; what a finding speaks of is in a `mark`."""
    answer = row.get("answer")
    if answer is None:
        fault = row.get("fault") or {}
        text = in_element(f"{fault.get('kind', '')}: {fault.get('detail', '')}")
        return f"<mark>{text}</mark>" if finding else text
    key = finding.got.key if finding else ""
    words = dict(finding.got.words) if finding else {}
    status = in_element(f"HTTP {answer['status']} {answer['reason']}".rstrip())
    lines = [f"<mark>{status}</mark>" if key in _OF_STATUS else status]
    header = str(words.get("name", "")).lower() if key in _OF_HEADER else None
    seen = False
    for name, value in answer["headers"]:
        line = in_element(f"{name}: {value}")
        is_it = header is not None and name.lower() == header
        seen |= is_it
        lines.append(f"<mark>{line}</mark>" if is_it else line)
    if header and not seen:
        lines.append(
            f"<mark>{in_element(word('absent-here', language, name=words['name']))}</mark>"
        )
    pointer = (finding.pointer or (_CODE_POINTER if key in _OF_CODE else "")) if finding else ""
    lines += ["", _body(exchange, answer["body"], pointer, language)]
    lines += [in_element(f"{name}: {value}") for name, value in answer.get("trailers", ())]
    if finding and "<mark>" not in "".join(lines):
        lines[-1] = f"<mark>{lines[-1]}</mark>"
    return "\n".join(lines)


def _body(exchange: Exchange, masked: str, pointer: str, language: Language) -> str:
    """Return the body; JSON that means one thing only is laid out in lines, anything else is not."""
    text = read(exchange).text
    if text.is_whole and len(masked) <= _LONGEST_BODY:
        shown = read_json(masked.encode("utf-8", errors="surrogatepass"))
        if not shown.is_whole:
            return in_element(_short(masked))
        value = shown.value
        parts = [one.replace("~1", "/").replace("~0", "~") for one in pointer.split("/")[1:]]
        return "\n".join(_laid_out(value, parts if pointer else None, language))
    return in_element(_short(masked))


def _laid_out(
    value: Any, parts: list[str] | None, language: Language, indent: str = ""
) -> Iterator[str]:
    """Yield the lines of a JSON value; `parts` lead to what is marked, None leads nowhere."""
    if parts == []:
        lines = list(_laid_out(value, None, language, indent))
        yield from (_marked(line) for line in lines)
        return
    if not isinstance(value, dict | list) or not value:
        yield indent + in_element(written(value))
        return
    brackets = "{}" if isinstance(value, dict) else "[]"
    children: Mapping[str, Any] = (
        value if isinstance(value, dict) else {str(at): one for at, one in enumerate(value)}
    )
    yield f"{indent}{brackets[0]}"
    deeper = f"{indent}  "
    for number, (name, child) in enumerate(children.items(), 1):
        leads = parts[1:] if parts and parts[0] == name else None
        before = (
            f"{in_element(json.dumps(name, ensure_ascii=False))}: "
            if isinstance(value, dict)
            else ""
        )
        lines = list(_laid_out(child, None if leads == [] else leads, language, deeper))
        lines[0] = deeper + before + lines[0].removeprefix(deeper)
        lines[-1] += "," if number < len(children) else ""
        yield from (_marked(line) for line in lines) if leads == [] else lines
    if parts and parts[0] not in children:
        missing = word("absent-here", language, name="/".join(parts))
        yield f"{deeper}<mark>{in_element(missing)}</mark>"
    yield f"{indent}{brackets[1]}"


def _marked(line: str) -> str:
    text = line.lstrip(" ")
    return f"{line[: len(line) - len(text)]}<mark>{text}</mark>"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_BODY else f"{text[:_LONGEST_BODY]} … ({len(text)})"
