"""Named byte operations on a serialised request: what YAML and JSON Patch cannot say."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

_ESCAPED_STRING = re.compile(rb'"[^"\\]*\\u(?:[^"\\]|\\.)*"')


def made_text(recipe: Mapping[str, Any]) -> str:
    """Return a text many times: `prefix`, `repeat` times `times`, `suffix`."""
    return (
        f"{recipe.get('prefix', '')}{recipe['repeat'] * recipe['times']}{recipe.get('suffix', '')}"
    )


def as_bytes(value: Any) -> bytes:
    """Return the bytes that a text, `{hex: …}` or `{repeat: …, times: …}` stands for."""
    if isinstance(value, str):
        return value.encode("utf-8", errors="surrogatepass")
    if "hex" in value:
        return bytes.fromhex(value["hex"])
    return made_text(value).encode()


def made_value(recipe: Mapping[str, Any]) -> Any:
    """Return the large value that `make:` describes: a long text, deep nesting, many members."""
    if "repeat" in recipe:
        return made_text(recipe)
    if "members" in recipe:
        return {f"member_{index}": index for index in range(recipe["members"])}
    value: Any = [] if recipe["nest"] == "array" else {}
    for _ in range(recipe["depth"] - 1):
        value = [value] if recipe["nest"] == "array" else {"n": value}
    return value


def serialise(document: Any, how: Mapping[str, Any] | None = None) -> bytes:
    """Return a JSON value as text; `how` picks among the texts that are the same value."""
    how = how or {}
    if how.get("order") == "reversed":
        document = _reversed(document)
    if "escape" in how:
        return _escaped(document, how["escape"], bool(how.get("upper"))).encode()
    separators = (",", ":") if how.get("compact") else how.get("separators")
    text = json.dumps(
        document,
        ensure_ascii=False,
        indent=how.get("indent"),
        separators=tuple(separators) if separators else None,
    )
    text = text.replace("\n", how.get("line_end", "\n"))
    return text.encode("utf-8", errors="surrogatepass")


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _reversed(value[name]) for name in reversed(list(value))}
    return value


def _escaped(value: Any, which: str, upper: bool) -> str:
    def text(part: str, escape: bool) -> str:
        if not escape:
            return json.dumps(part, ensure_ascii=False)
        units = part.encode("utf-16-be", errors="surrogatepass").hex()
        codes = (units[at : at + 4] for at in range(0, len(units), 4))
        return '"' + "".join(f"\\u{code.upper() if upper else code}" for code in codes) + '"'

    if isinstance(value, dict):
        rows = (
            f"{text(name, which == 'names')}: {_escaped(child, which, upper)}"
            for name, child in value.items()
        )
        return "{" + ", ".join(rows) + "}"
    if isinstance(value, str):
        return text(value, which == "values")
    return json.dumps(value)


def apply_raw(data: bytes, operation: Mapping[str, Any], document: Any) -> bytes:
    """Return `data` after one byte operation; `document` is the value that it was serialised from.

    Raises `ValueError` when the operation finds nothing to change.
    """
    ((name, value),) = operation.items()
    match name:
        case "literal":
            return as_bytes(value)
        case "append":
            return data + as_bytes(value)
        case "prepend":
            return as_bytes(value) + data
        case "serialise":
            return serialise(document, value)
        case "fill" | "form":
            sent = document.get("body", {})
            return _filled(data, value, sent) if name == "fill" else _form(document, value)
        case "replace":
            wanted = as_bytes(value["find"])
            if wanted not in data:
                raise ValueError(f"replace finds no {value['find']!r}")
            return data.replace(wanted, as_bytes(value["with"]))
        case "cut":
            return _cut(data, value)
        case "encode":
            return _encode(data, value)
    raise ValueError(f"there is no byte operation {name!r}")


def as_form(document: Mapping[str, Any], *names: str) -> str:
    """Return the members of a request as a form or a query string names them.

    Each stands there by its own name, and as `body[memb_email]`: so PHP, Rack and qs write what is
    inside something, and Laravel and Rails read it where the body has it or not.  With `names`, only
    members of these names.
    """
    places = [
        (part, name, value)
        for part, found in document.items()
        if isinstance(found, dict)
        for name, value in found.items()
        if not names or name in names
    ]
    by_name = {name: value for part, name, value in places if part == "body"}
    return urlencode({**by_name, **{f"{part}[{name}]": value for part, name, value in places}})


def as_dotted_form(document: Mapping[str, Any]) -> str:
    """Return the members of a request as `body.memb_email`, as Spring and Django REST framework read."""
    parts = ((part, found) for part, found in document.items() if isinstance(found, dict))
    return urlencode(
        {f"{part}.{name}": one for part, found in parts for name, one in found.items()}
    )


# What stands in no value: a case names it in its media type, too.
_BOUNDARY = "form-of-a-login"


def _form(document: Mapping[str, Any], names: object) -> bytes:
    if names == "multipart":
        return _as_parts(as_form(document)).encode()
    return (as_dotted_form if names == "dotted" else as_form)(document).encode()


def _as_parts(form: str) -> str:
    """Return what a form says in parts (RFC 7578)."""
    parts = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parse_qsl(form, keep_blank_values=True)
    )
    return f"{''.join(parts)}--{_BOUNDARY}--\r\n"


def _filled(data: bytes, markers: Mapping[str, str], credentials: Mapping[str, Any]) -> bytes:
    r"""Put an account's credentials in the place of markers, those in `\u` escapes included."""
    texts = {
        markers["email"]: credentials["memb_email"],
        markers["password"]: credentials["memb_pwd"],
    }

    def unescaped(match: re.Match[bytes]) -> bytes:
        try:
            text = json.loads(match.group())
        except ValueError:
            return match.group()
        return _escaped(texts[text], "values", False).encode() if text in texts else match.group()

    if b"\\u" in data:
        data = _ESCAPED_STRING.sub(unescaped, data)
    for marker, text in texts.items():
        written = json.dumps(text, ensure_ascii=False)[1:-1]
        data = data.replace(marker.encode(), written.encode("utf-8", errors="surrogatepass"))
    return data


def _cut(data: bytes, where: Mapping[str, Any]) -> bytes:
    if "last" in where:
        return data[: -where["last"]]
    wanted = as_bytes(where.get("after", where.get("before")))
    at = data.find(wanted)
    if at < 0:
        raise ValueError(f"cut finds no {wanted.decode()!r}")
    return data[: at + len(wanted)] if "after" in where else data[:at]


def _encode(data: bytes, encoding: str) -> bytes:
    if encoding == "percent":
        return quote(data, safe="").encode()
    if encoding == "base64":
        return base64.b64encode(data)
    if encoding == "gzip":
        return gzip.compress(data, mtime=0)
    if encoding == "json-string":
        return json.dumps(data.decode()).encode()
    return data.decode().encode(encoding)
