"""`exchanges.har`: the exchanges of a run as an HTTP Archive 1.2, for a browser's developer tools."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import harfile

from ... import __version__
from ...files import written_in_one_step
from ...recording.response import read
from ...redaction.long_text import excerpt
from ...runner.run import Run
from ...transport.messages import Answer, Exchange, Headers, Request

_HTTP = "HTTP/1.1"
_BASE64 = "base64"
_NOT_KNOWN = -1
# Requests, and heads of answers, that are not made anew where they come again.
_MOST_KEPT = 2048
# RFC 3986 §2: no URL holds the brackets and blanks of a mask as they are.
_MASK = re.compile("<[^<>]*>")


def write_har(path: Path, run: Run) -> None:
    """Write the exchanges of a run, every secret masked.

    Bodies whose bytes are not UTF-8 stand there as base64.  HTTP Archive knows no field for that in
    a request, so `comment` says it there.
    """
    writer = _Writer(run)
    creator = harfile.Creator("esignon-conformance", __version__)
    with (
        written_in_one_step(path) as file,
        harfile.open(file, creator=creator, comment=f"seed {run.seed}") as archive,
    ):
        for exchange in run.recording.exchanges:
            writer.write(archive, exchange)


class _Writer:
    """Writes exchanges: what the recording has masked, masked once more by all that is known now."""

    def __init__(self, run: Run) -> None:
        self._origin = f"{run.target.parts.scheme}://{run.target.parts.netloc}"
        self._scrubber = run.scrubber
        self._masking = run.recording.masking
        self._request = lru_cache(_MOST_KEPT)(self._made_request)
        self._headers = lru_cache(_MOST_KEPT)(self._made_headers)

    def write(self, archive: harfile.HarFile, exchange: Exchange) -> None:
        """Add one exchange."""
        milliseconds = round(1000 * (exchange.ended - exchange.began), 3)
        began = datetime.fromtimestamp(exchange.answered_at - milliseconds / 1000, UTC)
        archive.add_entry(
            startedDateTime=began.isoformat(timespec="milliseconds"),
            time=milliseconds,
            request=self._sent(exchange),
            response=self._response(exchange),
            # How the time was spent is not measured: all of it counts as waiting.
            timings=harfile.Timings(send=0, wait=milliseconds, receive=0),
            connection=str(exchange.connection),
            comment=self._comment(exchange),
        )

    def _comment(self, exchange: Exchange) -> str:
        parts = [exchange.id, exchange.case, exchange.role]
        parts += [f"after {exchange.after}"] if exchange.after else []
        parts += [exchange.request_id] if exchange.request_id else []
        if exchange.answer is not None and exchange.answer.framing:
            parts.append(f"broken framing: {exchange.answer.framing}")
        # HTTP Archive knows no trailers.
        if exchange.answer is not None:
            trailers = self._masking.headers(exchange.answer.trailers)
            parts += [f"trailer {name}: {value}" for name, value in trailers]
        if exchange.stray:
            parts.append(f"stray bytes: {self._scrubber.scrub_bytes(exchange.stray)}")
        return " · ".join(parts)

    def _sent(self, exchange: Exchange) -> harfile.Request:
        """Return the request, with the header fields as they went out."""
        request = self._request(exchange.request)
        sent = self._masking.sent_headers(exchange)
        headers = [harfile.Record(name, self._masking.text(value)) for name, value in sent]
        return replace(request, headers=headers)

    def _made_request(self, request: Request) -> harfile.Request:
        masked = self._masking.request(request)
        target = self._masking.text(masked["target"])
        post = None
        if request.body or request.method == "POST":
            text, encoding = self._text(request.body, masked["body"])
            mime = self._masking.text(request.header("Content-Type") or "")
            comment = _BASE64 if encoding else None
            post = harfile.PostData(mime, params=[], text=text, comment=comment)
        return harfile.Request(
            request.method,
            self._origin + _MASK.sub(lambda mask: quote(mask[0]), target),
            _HTTP,
            headers=self._headers(request.headers),
            queryString=_query(target),
            postData=post,
            bodySize=len(request.body),
        )

    def _response(self, exchange: Exchange) -> harfile.Response:
        answer = exchange.answer
        if answer is None:
            # Developer tools show status 0 as a request that failed.
            detail = exchange.fault.detail if exchange.fault is not None else ""
            kind = exchange.fault.kind if exchange.fault is not None else "unreachable"
            fault = self._masking.text(f"{kind}: {detail}" if detail else kind)
            return harfile.Response(0, "", _HTTP, bodySize=_NOT_KNOWN, comment=fault)
        return harfile.Response(
            answer.status,
            self._masking.text(answer.reason),
            self._masking.text(answer.version),
            headers=self._headers(answer.headers),
            content=self._content(exchange, answer),
            redirectURL=self._masking.text(answer.header("Location") or ""),
            bodySize=answer.came,
        )

    def _content(self, exchange: Exchange, answer: Answer) -> harfile.Content:
        content = read(exchange).content
        text, encoding = self._text(content, self._masking.body(exchange))
        mime = self._masking.text(answer.header("Content-Type") or "")
        return harfile.Content(
            size=len(content) if answer.condensed is None else answer.condensed.size,
            mimeType=mime,
            text=text,
            encoding=encoding or None,
        )

    def _text(self, data: bytes, masked: str) -> tuple[str, str]:
        """Return bytes as the text of an archive and its encoding: none for UTF-8, else ``base64``."""
        hidden = self._masking.hidden(data)
        if hidden:
            return hidden, ""
        data = excerpt(data)
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            # Each byte that is no UTF-8 stays itself, and what is text around it is masked.
            text = self._scrubber.scrub(data.decode("utf-8", errors="surrogateescape"))
            whole = text.encode("utf-8", errors="surrogateescape")
            return base64.b64encode(whole).decode("ascii"), _BASE64
        # Once more, by what has become known since.
        return self._masking.text(masked), ""

    def _made_headers(self, headers: Headers) -> list[harfile.Record]:
        return [harfile.Record(name, value) for name, value in self._masking.headers(headers)]


def _query(target: str) -> list[harfile.Record]:
    try:
        query = urlsplit(target).query
    except ValueError:
        return []
    return [harfile.Record(name, value) for name, value in parse_qsl(query, keep_blank_values=True)]
