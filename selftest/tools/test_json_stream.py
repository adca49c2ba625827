"""The quick reading of a large document gives what ijson gives, and as far as ijson does."""

from __future__ import annotations

import io
import json
import tracemalloc
from random import Random
from typing import Any

import ijson
import pytest

from esignon_conformance.tools.traffic import json_stream
from esignon_conformance.tools.traffic.json_stream import NOT_JSON, items_of
from esignon_conformance.tools.traffic.lone_surrogates import WithoutLoneSurrogates

_VALUES = (
    "1", "-0.5e3", '"text"', '"\\u00e9\\ud83d\\ude00"', '"\\udc80"', '"\\ud800"', '"한글"', "null", "true",
    "[]", "{}", '{"a":{"b":[1,2,{"c":"d"}]}}', '[{"x":"}]"}]', "NaN", "1e400", str(10**30), "01", '"\t"',
    '{"a":1,"a":2}',
)  # fmt: skip
_BREAKS = ("", "", " ", "\n  ", "\t")


def _item(random: Random) -> str:
    members = [f'"m{at}":{random.choice(_VALUES[:12])}' for at in range(random.randrange(4))]
    if random.random() < 0.05:
        members.append(f'"odd":{random.choice(_VALUES)}')
    return "{" + ",".join(members) + "}"


def _document(random: Random) -> bytes:
    items = [_item(random) for _ in range(random.randrange(12))]
    if random.random() < 0.1:
        items.insert(random.randrange(len(items) + 1), random.choice(_VALUES))
    entries = (random.choice(_BREAKS) + ",").join(items)
    before = random.choice(
        ("", '"version":"1.2",', '"creator":{"name":"x"},"pages":[1,{}],', '"n":3,')
    )
    behind = random.choice(("", "", ',"comment":"x"', ',"entries":[{"second":1}]', ",", " x"))
    space = random.choice(_BREAKS)
    text = f'{space}{{"log":{space}{{{before}"entries"{space}:[{space}{entries}{space}]{behind}}}}}'
    text += random.choice(("", "\n", "\n", "}", ',"log":{"entries":[{}]}}'))
    data = text.encode("utf-8")
    if random.random() < 0.2:
        data = data[: random.randrange(len(data))]
    if random.random() < 0.05:
        at = random.randrange(len(data) + 1)
        data = data[:at] + b"\xff" + data[at:]
    return data


def _taken(items: Any) -> tuple[list[str], str]:
    found: list[str] = []
    try:
        found += (json.dumps(one) for one in items)
    except NOT_JSON as error:
        return found, "not JSON" if isinstance(error, (ijson.JSONError, UnicodeDecodeError)) else ""
    return found, ""


@pytest.mark.parametrize("piece", [7, 64, 1 << 18])
def test_every_document_is_read_as_ijson_reads_it(
    monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(json_stream, "_PIECE", piece)
    random, whole = Random(piece), 0  # noqa: S311 - no secret is drawn
    for _ in range(1500):
        data = _document(random)
        wanted = ijson.items(
            WithoutLoneSurrogates(io.BytesIO(data)), "log.entries.item", use_float=True
        )
        expected = _taken(wanted)
        found, problem = _taken(items_of(io.BytesIO(data), "log.entries"))
        # Before an error ijson leaves out what it has read and not yet handed on.
        found = found if not problem else found[: len(expected[0])]
        assert (found, problem) == expected, data
        whole += not problem
    assert whole > 300


def test_a_value_that_is_nested_too_deep_for_python_is_read() -> None:
    rows = '[{"a":1},{"a":' + "[" * 3000 + "]" * 3000 + '},{"a":2}]'
    data = f'{{"log":{{"entries":{rows}}}}}'.encode()
    assert [type(one["a"]) for one in items_of(io.BytesIO(data), "log.entries")] == [int, list, int]


@pytest.mark.parametrize("before", ["", '{"log":{"entries":[', '{"log":{"entries":[{"a":'])
def test_a_file_of_nothing_but_brackets_takes_neither_memory_nor_time(before: str) -> None:
    data = before.encode() + b"[" * 100_000
    tracemalloc.start()
    try:
        with pytest.raises(NOT_JSON):
            list(items_of(io.BytesIO(data), "log.entries"))
        assert tracemalloc.get_traced_memory()[1] < 200e6
    finally:
        tracemalloc.stop()


def test_most_documents_need_no_second_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(ijson, "items")
    rows = [{"number": number, "text": "x" * 3000} for number in range(500)]
    data = json.dumps({"log": {"version": "1.2", "entries": rows, "comment": "한"}}, indent=2)
    assert list(items_of(io.BytesIO(data.encode()), "log.entries")) == rows
