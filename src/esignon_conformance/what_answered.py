"""What answered in the application's place, or refused right logins: for the last screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from .contract.model import Language
from .delivery import BUSY
from .exchange import Exchange
from .reading import read
from .run import Run
from .wording import word

_TELLING = (
    *("Server", "Via", "WWW-Authenticate", "Proxy-Authenticate", "Location", "Retry-After"),
    "Content-Type",
)
_MOST_OF_A_BODY = 200
_OF_A_PROXY = 407


def lines_of_what_answered(run: Run, language: Language) -> Iterator[tuple[str, list[str]]]:
    """Yield a title and the lines under it, every secret masked before anything is cut."""
    stop, ended = run.recording.stop, run.recording.ended
    if stop is not None:
        shown = run.exchanges[stop.shown]
        yield word("title-between", language), list(_of_stop(run, shown, language))
    elif ended is not None and ended.word == "no-answer" and run.recording.exchanges:
        shown = run.recording.exchanges[-1]
        yield word("title-between", language), [_line_of(shown), *_places(run, shown, language)]
    if run.recording.locks:
        yield word("title-locked", language), list(_of_locks(run, language))


def _of_stop(run: Run, shown: Exchange, language: Language) -> Iterator[str]:
    stop = run.recording.stop
    assert stop is not None  # noqa: S101 - whoever asks has looked
    yield f"{_line_of(shown)}, {_since(run, stop.since, language)}"
    answer = shown.answer
    if answer is not None:
        for name in _TELLING:
            if (value := answer.header(name)) is not None:
                yield f"{name}: {run.scrubber.scrub(value)}"
        text = " ".join(run.scrubber.scrub_bytes(read(shown).content).split())
        if text:
            yield word("answer-body", language, text=text[:_MOST_OF_A_BODY])
        else:
            yield word("answer-empty", language)
    if stop.suspect:
        yield word("answer-suspect", language, case=stop.suspect)
    yield from _places(run, shown, language)


def _places(run: Run, shown: Exchange, language: Language) -> Iterator[str]:
    """Yield what to look at."""
    if run.target.proxy is not None:
        proxy = f"{run.target.proxy.host}:{run.target.proxy.port}"
        is_its_own = shown.answer is not None and shown.answer.status == _OF_A_PROXY
        key = "between-proxy-refused" if is_its_own else "between-proxy"
        yield word(key, language, proxy=proxy)
    is_limit = run.recording.ended is not None and run.recording.ended.word == "limited"
    if not is_limit:
        yield word("between-look", language)
    if is_limit or (shown.answer is not None and shown.answer.status == BUSY):
        yield word("limited-look", language)


def _of_locks(run: Run, language: Language) -> Iterator[str]:
    for lock in run.recording.locks.values():
        shown = run.exchanges[lock.shown]
        code = read(shown).result_code
        got = f'{_line_of(shown)} "{run.scrubber.scrub(code)}"' if code else _line_of(shown)
        since = _since(run, lock.since, language)
        yield word("locked-account", language, account=lock.account, got=got, since=since)
    yield word("locked-look", language)


def _line_of(exchange: Exchange) -> str:
    """Return the status of an answer, or what came instead."""
    if exchange.answer is not None:
        return f"HTTP {exchange.answer.status} {exchange.answer.reason}".rstrip()
    fault = exchange.fault
    return f"{fault.kind}: {fault.detail}" if fault is not None else "-"


def _since(run: Run, exchange_id: str, language: Language) -> str:
    first = run.exchanges[exchange_id]
    time = datetime.fromtimestamp(first.answered_at, UTC).strftime("%H:%M:%S UTC")
    request = first.request_id or first.id
    return word("answer-since", language, request=request, time=time, case=first.case)
