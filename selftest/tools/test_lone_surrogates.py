r"""Lone surrogates in escapes are kept through a strict parser, wherever a piece of the file ends."""

from __future__ import annotations

import io
import json

import pytest

from esignon_conformance.tools.traffic.json_stream import items_of
from esignon_conformance.tools.traffic.lone_surrogates import (
    WithoutLoneSurrogates,
    with_lone_surrogates,
)

TEXTS = [
    "\udcb7\udcce",
    "a\udc80",
    "\U0001f600",
    "한글 \udcff",
    "\\\udcb7",
    "\\ud8",
    "\\\\udc80",
    "",
]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 11, 13, 64, 65536])
def test_what_stood_alone_comes_back(size: int) -> None:
    data = json.dumps({"log": {"entries": TEXTS}}).encode()
    read = WithoutLoneSurrogates(io.BytesIO(data))
    pieces = iter(lambda: read.read(size), b"")
    found = json.loads(b"".join(pieces))["log"]["entries"]
    assert [with_lone_surrogates(one) for one in found] == TEXTS


def test_a_strict_parser_reads_them() -> None:
    data = json.dumps({"log": {"entries": TEXTS}}).encode()
    assert [with_lone_surrogates(one) for one in items_of(io.BytesIO(data), "log.entries")] == TEXTS


def test_a_high_one_alone_is_lost_and_seen_to_be() -> None:
    data = json.dumps({"log": {"entries": ["x\ud83dy"]}}).encode()
    assert list(items_of(io.BytesIO(data), "log.entries")) == ["x\N{REPLACEMENT CHARACTER}y"]
