"""What an answer says: its content coding undone, its JSON read, its outcome and exemptions."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..contract.model import Codes
from ..transport.answer_reader import LONGEST_BODY
from ..transport.json_reader import JsonText, member, read_json
from ..transport.messages import Exchange

# issued, turned-away, broken, or the documented failure code that came.
Outcome = str
# What is no answer of the application to the request, so that no clause of the outcome judges it.
NO_OUTCOME = frozenset({"turned-away", "broken"})
_NO_CODES = NO_OUTCOME | {"issued"}

# Refusals that the HTTP layer may make before the application sees the request, with any body.
_EXEMPT = frozenset({408, 411, 413, 414, 415, 417, 429, 431})
# What else the HTTP layer may say to a body in chunks.
_NO_CHUNKS = frozenset({400, 501})
# A firewall's page on a payload that looks like an attack.
FIREWALL = frozenset({403, 406})


@dataclass(frozen=True)
class AnswerContent:
    """The content of an answer: its bytes with the content coding undone, and its JSON text.

    `coding_problem` names a content coding that could not be undone.  `digest` is that of the whole
    content where `content` is not all of it.
    """

    content: bytes
    text: JsonText
    coding_problem: str = ""
    digest: str = ""

    @property
    def result_code(self) -> str | None:
        """Return `header.result_code` when it is a string, else None.

        Of a text that is no JSON it is the one that stands in the text: a client with a lenient parser
        takes it, and whoever was let in has a token.
        """
        if not self.text.readable:
            return _code_in_text(self.content)
        _, code = member(self.text.value, "/header/result_code")
        return code if isinstance(code, str) else None


# The header of an envelope, in which no object or array stands before the code, in whatever JSON it is.
_CODE_IN_TEXT = re.compile(
    rb'"header"\s*:\s*\{[^{}\[\]]*?"result_code"\s*:\s*"([0-9A-Za-z]{1,16})"'
)
# An envelope has no more bytes before its code.
_FAR_ENOUGH = 65_536


def _code_in_text(content: bytes) -> str | None:
    # UTF-16 and UTF-32 have a NUL in each ASCII character.
    text = content[:_FAR_ENOUGH].replace(b"\0", b"")
    found = {one.decode("ascii") for one in _CODE_IN_TEXT.findall(text)}
    return found.pop() if len(found) == 1 else None


# What a content coding that is not kept, or not known, ends in.
UNDECODED = (OSError, EOFError, zlib.error, ValueError)


@lru_cache(maxsize=4096)
def read(exchange: Exchange) -> AnswerContent:
    """Read the answer of an exchange; that of a fault is empty."""
    answer = exchange.answer
    if answer is None:
        return AnswerContent(b"", read_json(b""))
    if answer.condensed is not None:
        return answer.condensed.reading
    try:
        content = uncoded(answer.body, answer.all_headers("Content-Encoding"))
    except UNDECODED as error:
        return AnswerContent(
            answer.body, read_json(answer.body), str(error) or type(error).__name__
        )
    return AnswerContent(
        content, _small_json(content) if len(content) <= _SMALL else read_json(content)
    )


# Answers come again and again, byte for byte; what is read of one is never changed.
_SMALL = 4096
_small_json = lru_cache(maxsize=512)(read_json)


def uncoded(content: bytes, fields: Sequence[str]) -> bytes:
    """Undo the content codings that fields name, last first (RFC 9110 §8.4).  Raises one of `UNDECODED`."""
    if not fields:
        return content
    codings = ",".join(fields).lower().split(",")
    for coding in reversed([coding.strip() for coding in codings if coding.strip()]):
        match coding:
            case "gzip" | "x-gzip":
                with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
                    content = file.read(LONGEST_BODY + 1)
            case "deflate":
                # RFC 9110 §8.4.1.2: zlib format, though some send the bare stream.
                try:
                    content = _inflated(content, zlib.MAX_WBITS)
                except zlib.error:
                    content = _inflated(content, -zlib.MAX_WBITS)
            case "identity":
                continue
            case _:
                raise ValueError(f"content coding {coding!r} was not asked for")
        if len(content) > LONGEST_BODY:
            raise ValueError(f"more than {LONGEST_BODY} bytes when unpacked")
    return content


def is_refusal(result: Outcome) -> bool:
    """Tell whether an outcome is a documented failure code."""
    return result not in _NO_CODES


def _inflated(content: bytes, bits: int) -> bytes:
    stream = zlib.decompressobj(bits)
    found = stream.decompress(content, LONGEST_BODY + 1)
    if not stream.eof and len(found) <= LONGEST_BODY:
        raise EOFError("the compressed stream has no end")
    return found


def has_envelope(exchange: Exchange, codes: Codes) -> bool:
    """Tell whether the answer is an object with a documented code in its header."""
    return codes.documented(read(exchange).result_code) is not None


def is_other_json(exchange: Exchange) -> bool:
    """Tell whether an answer names itself as another kind of document in JSON (RFC 6839 §3.1)."""
    kind = exchange.answer.header("Content-Type") if exchange.answer is not None else None
    return kind is not None and kind.partition(";")[0].strip().lower().endswith("+json")


def is_exempt(exchange: Exchange, tags: frozenset[str], codes: Codes) -> bool:
    """Tell whether the answer is a refusal of the HTTP layer, which need be no envelope.

    `tags` are the tags of the case.  ENV, first paragraph: "Exempt are refusals that the HTTP layer
    may make before the application sees the request, with any body".
    """
    answer = exchange.answer
    if answer is None or has_envelope(exchange, codes):
        return False
    status = answer.status
    if status in _EXEMPT or (status == 503 and answer.header("Retry-After") is not None):
        return True
    if status == 400 and "bad-http" in tags:
        return True
    # REQ-2: "400, 411, 501 without an envelope are no answer to that", to a chunked body.
    if status in _NO_CHUNKS and exchange.request.is_chunked:
        return True
    if "odd-path" in tags and 300 <= status < 500:
        return True
    return is_firewall_page(exchange, tags, codes)


def is_firewall_page(exchange: Exchange, tags: frozenset[str], codes: Codes) -> bool:
    """Tell whether an answer is the page of a firewall to what it is there to keep out."""
    # "403 and 406 without an envelope (a firewall's page: an advisory under ENV-9) to cases tagged
    # `hostile` and to requests that the page does not document: another media type or charset, control
    # characters or NUL in a string."
    answer = exchange.answer
    if answer is None or answer.status not in FIREWALL or has_envelope(exchange, codes):
        return False
    return "hostile" in tags or not exchange.request.as_documented


def outcome(exchange: Exchange, tags: frozenset[str], codes: Codes) -> Outcome:
    """Return what an answer comes to.

    It needs an object `header` and a documented code, else it is *broken*; an exempt answer is
    *turned away*.
    """
    if exchange.answer is None or exchange.answer.missing:
        return "broken"
    if is_exempt(exchange, tags, codes):
        return "turned-away"
    if codes.outcomes == "status":
        return _told_by_status(exchange.answer.status)
    code = codes.documented(read(exchange).result_code)
    return "issued" if code == codes.issued else code or "broken"


def _told_by_status(status: int) -> Outcome:
    """Return what an answer without a result code comes to: the status of a failure is its code."""
    if 200 <= status < 300:
        return "issued"
    return str(status) if 400 <= status < 500 else "broken"
