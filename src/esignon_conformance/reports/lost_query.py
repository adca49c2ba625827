"""Messages in the language that is used where no query string asks for one.  Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..contract.model import PAGE_LANGUAGE
from ..recording.response import read
from ..runner.run import Run
from ..transport.json_reader import member
from ..transport.messages import Exchange


def is_query_lost(run: Run, shown: Sequence[Exchange]) -> bool:
    """Tell whether each was asked for by ?lang= and got the text that requests without a query string get.

    So it is where a proxy passes on no query string, and where a server does not know it.
    """
    return bool(shown) and all(_is_as_without(run, one) for one in shown)


def _is_as_without(run: Run, exchange: Exchange) -> bool:
    query = exchange.request.target.partition("?")[2]
    code = run.contract.codes.documented(read(exchange).result_code)
    if code is None or "lang=" not in query or exchange.request.language == PAGE_LANGUAGE:
        return False
    _, text = member(read(exchange).text.value, "/header/result_msg")
    return isinstance(text, str) and text.strip() == run.contract.text_of(code, PAGE_LANGUAGE)
