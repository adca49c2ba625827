"""What answered in the application's place, or refused right logins: for the last screen and machines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Any

from ..i18n.catalogue import render, word
from ..i18n.language import Language
from ..i18n.message import say
from ..i18n.outside import outside
from ..recording.answer_origin import is_from_application
from ..recording.recording import Lock, Stop
from ..recording.response import read
from ..redaction.secret import Secret
from ..runner.run import Run
from ..target.target import REAL_ACCOUNTS
from ..transport.delivery import BUSY, is_limit
from ..transport.messages import Exchange
from ..transport.tls_refusals import explained
from ..verdicts.not_judged import account_name, reason_message
from .page_text import page_text
from .time_needed import lines_of_time_needed

_TELLING = (
    *("Server", "Via", "WWW-Authenticate", "Proxy-Authenticate", "Location", "Retry-After"),
    *("X-Squid-Error", "X-Cache", "CF-RAY", "X-Amzn-ErrorType", "X-Kong-Response-Latency"),
    *(
        "X-Amzn-Waf-Action",
        "CF-Mitigated",
        "X-Azure-Ref",
        "X-Iinfo",
        "X-Sucuri-ID",
        "X-Sucuri-Block",
    ),
    "Akamai-GRN",
    *("RateLimit-Policy", "RateLimit", "RateLimit-Limit", "RateLimit-Reset"),
    *("X-RateLimit-Limit", "X-RateLimit-Reset", "Content-Type"),
)
_MOST_OF_A_BODY = 200
# A page has its styles before its words.
_MOST_OF_A_PAGE = 8_000
_PAGES = (b"<!doctype", b"<html")
_MARKUP = re.compile(r"(?is)<(style|script)\b.*?(?:</\1\s*>|\Z)|<!--.*?-->|<[^>]*>")
_FORBIDDEN = 403
_OF_A_PROXY = 407
# So many right logins, each a while after the one before, tell that no pace is slow enough.
_SEVERAL = 3
# The sending ended since nobody answered, so that what came last shows why.
_NOBODY = frozenset({"no-answer", "gone", "untrusted"})


def lines_of_what_answered(run: Run, language: Language) -> Iterator[tuple[str, list[str]]]:
    """Yield a title and the lines under it, every secret masked before anything is cut."""
    stop = _stop(run)
    if stop is not None:
        key = "title-between" if run.exchanges[stop.shown].answer is not None else "title-nobody"
        yield word(key, language), list(_of_stop(run, stop, language))
    if _locks(run):
        yield word("title-locked", language), list(_of_locks(run, language))
    if run.recording.own_limits:
        yield word("title-own-limits", language), list(_of_own_limits(run, language))
    if texts := list(lines_of_time_needed(run, language)):
        yield word("title-time-up", language), texts


def stop_row(run: Run, language: Language) -> dict[str, Any] | None:
    """Return why the sending ended before its end, and what answered then; None where it did not."""
    ended, stop = run.recording.ended, _stop(run)
    if ended is None:
        return None
    row: dict[str, Any] = {"why": ended.word, "reason": render(reason_message(ended), language)}
    row |= {"since": None, "answer": None, "suspect": None}
    if stop is None:
        return row
    shown = run.exchanges[stop.shown]
    row["since"] = _moment(run, stop.since)
    row["suspect"] = stop.suspect or None
    status = shown.answer.status if shown.answer is not None else None
    fault = shown.fault
    row["answer"] = {
        "status": status,
        "fault": f"{fault.kind}: {fault.detail}" if fault is not None else None,
        "headers": dict(_telling(run, shown)),
        "body": _beginning(run, shown),
    }
    return row


def lock_rows(run: Run) -> list[dict[str, Any]]:
    """Return the accounts that look locked, since when, and how their right logins were refused."""
    return [
        {
            "account": lock.account,
            "since": _moment(run, lock.since),
            "got": _got(run, lock, "en"),
            "exchanges": list(lock.caused),
        }
        for lock in _locks(run)
    ]


def own_limit_rows(run: Run) -> list[dict[str, Any]]:
    """Return whose emails are answered with 429 whatever the pace, since when, and how many requests."""
    return [
        {"account": _whose(run, email), "since": _moment(run, first), "requests": count}
        for email, (first, count) in run.recording.own_limits.items()
    ]


def _locks(run: Run) -> list[Lock]:
    """Return the locks of a run; what is told as a limit of an email is not told as a lock, too."""
    limited = {_whose(run, email) for email in run.recording.own_limits}
    return [one for one in run.recording.locks.values() if one.account not in limited]


def _whose(run: Run, email: Secret) -> str | None:
    """Return the name of the account that has an email, None where none has."""
    accounts = run.target.accounts.items()
    return next((name for name, account in accounts if account.email == email), None)


def _of_own_limits(run: Run, language: Language) -> Iterator[str]:
    for email, (first, count) in run.recording.own_limits.items():
        since, name = _since(run, first, language), _whose(run, email)
        if name in REAL_ACCOUNTS:
            account = render(account_name(name), language)
            yield word("own-limit-account", language, account=account, count=count, since=since)
        else:
            key = "own-limit-other" if name is None else "own-limit-made-up"
            yield word(key, language, count=count, since=since)
    yield word("own-limit-look", language)


def _stop(run: Run) -> Stop | None:
    """Return what the recording has noted, or what shows that nobody answered."""
    ended, exchanges = run.recording.ended, run.recording.exchanges
    if run.recording.stop is not None or ended is None or ended.word not in _NOBODY:
        return run.recording.stop
    at = len(exchanges)
    while at and exchanges[at - 1].answer is None:
        at -= 1
    return Stop(exchanges[at].id, exchanges[-1].id) if at < len(exchanges) else None


def _of_stop(run: Run, stop: Stop, language: Language) -> Iterator[str]:
    shown = run.exchanges[stop.shown]
    yield f"{_line_of(run, shown, language)}, {_since(run, stop.since, language)}"
    hint = explained(shown.fault) if shown.fault is not None else None
    if hint is not None:
        yield render(hint, language)
    if shown.answer is not None:
        yield from (f"{name}: {value}" for name, value in _telling(run, shown))
        text = _beginning(run, shown)
        key = "answer-text" if _is_page(shown) else "answer-body"
        yield word(key, language, text=text) if text else word("answer-empty", language)
    if stop.suspect:
        yield word("answer-suspect", language, case=stop.suspect)
    yield from _places(run, shown, language)


def _telling(run: Run, shown: Exchange) -> Iterator[tuple[str, str]]:
    for name in _TELLING if shown.answer is not None else ():
        if shown.answer is not None and (value := shown.answer.header(name)) is not None:
            yield name, run.scrubber.scrub(value)


def _beginning(run: Run, shown: Exchange) -> str:
    """Return the first characters of an answer, or of what came in the place of one.

    Of a page they are those that a reader sees: what it says stands behind its head and its styles.
    """
    came = shown.fault.came if shown.fault is not None else read(shown).content
    text = run.scrubber.scrub_bytes(came)
    if _is_page(shown):
        kind = shown.answer.header("Content-Type") if shown.answer is not None else None
        text = run.scrubber.scrub_bytes(page_text(came, kind).encode("utf-8", "surrogatepass"))
        words = unescape(_MARKUP.sub(" ", text[:_MOST_OF_A_PAGE])).strip()
        text = run.scrubber.scrub(words) if words else text
    text = " ".join(text.split())[:_MOST_OF_A_BODY]
    return "".join(one if one.isprintable() else "." for one in text)


def _is_page(shown: Exchange) -> bool:
    """Tell whether an answer is a page of HTML, and no error of a parser that holds a piece of one."""
    return shown.fault is None and read(shown).content.lstrip()[:9].lower().startswith(_PAGES)


def _places(run: Run, shown: Exchange, language: Language) -> Iterator[str]:
    """Yield what to look at."""
    status = shown.answer.status if shown.answer is not None else 0
    if run.target.proxy is not None:
        proxy = f"{run.target.proxy.host}:{run.target.proxy.port}"
        key = "between-proxy-refused" if status == _OF_A_PROXY else "between-proxy"
        yield word(key, language, proxy=proxy, got=_line_of(run, shown, language))
    elif status == _OF_A_PROXY:
        yield word("between-proxy-unknown", language)
    ended = run.recording.ended.word if run.recording.ended is not None else ""
    if ended == "gone" and any(is_from_application(one) for one in run.recording.exchanges):
        yield word("ban-look", language)
        return
    is_limited = ended == "limited"
    if not is_limited or status == BUSY:
        yield word("between-look", language)
    were_answered = any(
        one.role == "login" and is_from_application(one) for one in run.recording.exchanges
    )
    if status == _FORBIDDEN and not were_answered:
        yield word("between-forged-look", language)
    if not is_limited and were_answered:
        yield word("between-after-logins-look", language)
    if is_limited or status == BUSY:
        yield word("limited-look", language)
    refused = _refused_before(run) if is_limited and were_answered else 0
    if refused:
        yield word("limited-lock-look", language, count=refused)


def _refused_before(run: Run) -> int:
    """Return how many logins were refused before a limit that let nobody in, however slowly they came."""
    exchanges, stop = run.recording.exchanges, run.recording.stop
    at = next(
        (n for n, one in enumerate(exchanges) if stop and one.id == stop.since), len(exchanges)
    )
    after = exchanges[at:]
    logins = sum(one.role == "login" for one in after)
    if logins < _SEVERAL or not all(is_limit(one.answer) for one in after):
        return 0
    codes = run.contract.codes
    outcomes = (codes.documented(read(one).result_code) for one in exchanges[:at])
    return sum(code not in (None, codes.issued) for code in outcomes)


def _of_locks(run: Run, language: Language) -> Iterator[str]:
    for lock in _locks(run):
        since = _since(run, lock.since, language)
        account = render(account_name(lock.account), language)
        yield word(
            "locked-account", language, account=account, got=_got(run, lock, language), since=since
        )
    yield word("locked-look", language)


def _got(run: Run, lock: Lock, language: Language) -> str:
    shown = run.exchanges[lock.shown]
    code = read(shown).result_code
    line = _line_of(run, shown, language)
    return f'{line} "{run.scrubber.scrub(code)}"' if code else line


def _line_of(run: Run, exchange: Exchange, language: Language) -> str:
    """Return the status of an answer, or what came instead."""
    if exchange.answer is not None:
        return run.scrubber.scrub(
            f"HTTP {exchange.answer.status} {exchange.answer.reason}".rstrip()
        )
    fault = exchange.fault
    if fault is None:
        return "-"
    told = render(say(f"no-answer-{fault.kind}", detail=outside(fault.detail)), language)
    text = run.scrubber.scrub(told)[:_MOST_OF_A_BODY]
    return "".join(one if one.isprintable() else "." for one in text)


def _since(run: Run, exchange_id: str, language: Language) -> str:
    moment = _moment(run, exchange_id)
    time = datetime.fromisoformat(moment["time"]).strftime("%H:%M:%S UTC")
    return word(
        "answer-since", language, request=moment["request_id"], time=time, case=moment["case"]
    )


def _moment(run: Run, exchange_id: str) -> dict[str, str]:
    first = run.exchanges[exchange_id]
    time = datetime.fromtimestamp(first.answered_at, UTC).isoformat(timespec="seconds")
    request = first.request_id or first.id
    return {"exchange": exchange_id, "request_id": request, "time": time, "case": first.case}
