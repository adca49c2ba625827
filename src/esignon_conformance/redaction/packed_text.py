"""Text that is packed into another: base64, base32 or hexadecimal digits, deflated or not, in one another.

Signed cookies, session tokens and the state of forms are made so, and hide from nobody what they hold.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, AnyStr

# A run of 16 characters has 12 bytes in it: a deflated password of 8 characters has more.
_SHORTEST_RUN = 16
_RUN = re.compile(r"[A-Za-z0-9+/_-]{16,}")
_DIGITS = re.compile(r"(?:[0-9a-f]{2})+|(?:[0-9A-F]{2})+")
# RFC 4648 §6: letters of one case and the digits 2 to 7, in groups of eight.
_BASE32 = re.compile(r"[A-Z2-7]+|[a-z2-7]+")
_SHORTEST_LINE = 60
# MIME and Ruby's pack break base64 into lines of these lengths.
_BROKEN = re.compile(
    r"(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{60}\r?\n|[A-Za-z0-9+/]{64}\r?\n|[A-Za-z0-9+/]{76}\r?\n)+[A-Za-z0-9+/]*={0,2}"
)
# How a stream of gzip or zlib begins, wherever it stands, in bytes; and in base64, whatever comes before.
_BEGINNING = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
_IN_BASE64 = re.compile(r"eJ[w-z]|eN[o-r]|eA[E-H]|eF[4-7]|H4sI")
_BEGINS = (b"\x1f\x8b", b"\x78")
_BEGINS_IN_BASE64 = ("eJ", "eN", "eA", "eF", "H4sI")
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EITHER_HEADER = 32 + zlib.MAX_WBITS
_NO_HEADER = -zlib.MAX_WBITS

# A text of so many printable characters of ASCII stands in bytes as that many in a row, in whatever case,
# escaped or spelled out as a list, but for what is left out between them: NUL, and colours of a terminal.
LEAST_WORD = 8
_PRINTED, _OTHER = b"a", b"\n"
_WORDS = tuple(_PRINTED * least for least in range(_SHORTEST_RUN + 1))
_PRINTED_OR_WHITE = bytes(
    _PRINTED[0] if 0x20 <= one < 0x7F or (one < 0x80 and chr(one).isspace()) else _OTHER[0]
    for one in range(256)
)
# Two other characters have a small letter of ASCII, some are blanks in lists; and what may begin a colour.
_MAY_JOIN = re.compile(
    rb"[\x1b\xc2\xc4\xe1\xe2\xe3](?:(?<=\xe2)\x84\xaa|(?<=\xc4)\xb0|(?<=\xc2)[\x85\xa0]"
    rb"|(?<=\xe1)\x9a\x80|(?<=\xe2)[\x80\x81]|(?<=\xe3)\x80\x80|(?<=\x1b)[\[\\%&])"
)

# So that neither a bomb nor a large page of words costs more than a moment.
_LONGEST_RUN = 256 * 1024
_LONGEST = 1024 * 1024
_LONGEST_NOISE = 16 * 1024
_SAMPLES, _SAMPLE = 16, 256
_MOST_IN_ALL = 4 * 1024 * 1024
_MOST_RUNS = 4096
_MOST_BEGINNINGS = 4
_LEAST = 8
_PIECE = 4096
_DEPTH = 4


def packed(text: str, least: int = 0) -> list[str]:
    """Return what the runs of a text are that are base64, base32 or hexadecimal digits.

    What is in a run may be packed again, and then stands there, too.  A run that is no text is there
    all the same, as the odd characters that it comes to.  Where all that is looked for is a word, a text
    of at `least` so many printable characters of ASCII, runs in which none stands are left out.
    """
    found: list[str] = []
    size = 0
    for run in runs_of(text):
        insides = _kept.get(run)
        if insides is None:
            if least and len(run) <= _LONGEST_KEPT and not _holds_word(run, least):
                continue
            insides = unpacked(run)
            _keep(run, insides)
        found += insides
        size += sum(map(len, insides))
        if size > _MOST_IN_ALL:
            break
    return found


# Most runs of a head come again in the next.
_kept: dict[str, list[str]] = {}
_MOST_KEPT, _LONGEST_KEPT = 1024, 1024


def _keep(run: str, insides: list[str]) -> None:
    if len(run) + sum(map(len, insides)) <= _LONGEST_KEPT:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[run] = insides


def are_words(texts: Iterable[str]) -> bool:
    """Tell whether each of some texts is `LEAST_WORD` printable characters of ASCII or more."""
    return all(len(one) >= LEAST_WORD and one.isascii() and one.isprintable() for one in texts)


def unpacked(run: str) -> list[str]:
    """Return what is in a run, and in what is in it."""
    found: list[str] = []
    room = _MOST_IN_ALL
    waiting = [(run, 1)]
    while waiting and room > 0:
        packing, depth = waiting.pop()
        insides = list(dict.fromkeys(_inside(packing[:_LONGEST_RUN])))
        found += insides
        room -= len(packing) + sum(map(len, insides))
        if depth < _DEPTH:
            texts = [inside for inside in insides if not is_noise(inside)]
            waiting += [(one, depth + 1) for inside in texts for one in runs_of(inside)]
    return found


def is_noise(text: str) -> bool:
    """Tell whether a long text is bytes that are none, wherever one looks.

    In random bytes a tenth are control characters of ASCII.  UTF-16 has NUL between letters.
    """
    if len(text) <= _LONGEST_NOISE:
        return False
    step = (len(text) - _SAMPLE) // (_SAMPLES - 1)
    samples = (text[at * step : at * step + _SAMPLE] for at in range(_SAMPLES))
    return all(len(_CONTROL.findall(sample)) > _SAMPLE // 20 for sample in samples)


def runs_of(text: str) -> list[str]:
    """Return the runs of a text that may be base64, base32 or hexadecimal digits, each once."""
    if len(text) < _SHORTEST_RUN:
        return []
    runs = dict.fromkeys(
        _RUN.findall(text)
        if len(text) < _MOST_RUNS
        else (match.group() for match in islice(_RUN.finditer(text), _MOST_RUNS))
    )
    if "\n" in text and runs and max(map(len, runs)) >= _SHORTEST_LINE:
        for match in islice(_BROKEN.finditer(text), _MOST_RUNS):
            runs[re.sub(r"\r?\n", "", match.group())] = None
    return list(runs)


def is_packed(data: bytes) -> bool:
    """Tell whether bytes begin as a stream of gzip or zlib does."""
    return _BEGINNING.match(data) is not None


def inflated(data: bytes) -> Iterator[bytes]:
    """Yield what bytes come to when inflated, as far as they go: as gzip, as zlib, as bare deflate."""
    for start in _places(_BEGINNING.finditer(data)) if _holds_any(data, _BEGINS) else (0,):
        if not _has_header(data[start : start + 2]):
            continue
        found = _stream(data[start:], _EITHER_HEADER)
        if len(found) >= _LEAST:
            yield found
    # RFC 1951 §3.2.3: a block of the type 3 is an error, and nothing comes of it.
    bare = _stream(data, _NO_HEADER) if _may_be_bare(data) else b""
    if len(bare) >= _LEAST:
        yield bare


def _holds_any(text: AnyStr, pieces: Iterable[AnyStr]) -> bool:
    for piece in pieces:  # noqa: SIM110 - twice as fast as any() of so few
        if piece in text:
            return True
    return False


def _places(beginnings: Iterator[re.Match[Any]]) -> Iterable[int]:
    """Return the places where a stream may begin: the first, and those that look like it."""
    some = islice(beginnings, _MOST_BEGINNINGS)
    return dict.fromkeys((0, *(match.start() for match in some)))


def _has_header(two: bytes) -> bool:
    """Tell whether two bytes begin a stream of gzip (RFC 1952) or of zlib (RFC 1950, §2.2: FCHECK)."""
    return two == b"\x1f\x8b" or (len(two) == 2 and int.from_bytes(two, "big") % 31 == 0)


def _may_be_bare(data: bytes) -> bool:
    """Tell whether bytes may begin a bare deflated stream that anything comes of."""
    if not data or data[0] & 6 == 6:
        return False
    # RFC 1951 §3.2.4: a block that is stored has its length, and the same with each bit turned.
    is_stored = data[0] & 6 == 0
    return not is_stored or (len(data) > 4 and data[1] ^ data[3] == data[2] ^ data[4] == 0xFF)


def _inside(run: str) -> Iterator[str]:
    for data in _bytes_in(run):
        # Of noise, which takes long to read as UTF-8, enough is read to find what begins it.
        yield data[:_LONGEST_NOISE].decode("utf-8", errors="replace")
        if len(data) > _LONGEST_NOISE:
            yield data.decode("latin-1")


def _holds_word(run: str, least: int) -> bool:
    """Tell whether a text of at `least` so many printable characters of ASCII may stand in a run.

    Packed again it is a run in there, whose length is the bound where the text is longer.
    """
    word = _WORDS[min(least, _SHORTEST_RUN)]
    if _DIGITS.fullmatch(run) and _is_wordy(bytes.fromhex(run), word):
        return True
    if _BASE32.fullmatch(run) and _is_wordy(_of_base32(run), word):
        return True
    if not _holds_any(run, _BEGINS_IN_BASE64):
        return _is_wordy(_decoded(run), word)
    places = _places(_IN_BASE64.finditer(run))
    return any(_is_wordy(_decoded(run[start:]), word) for start in places)


def _is_wordy(data: bytes, word: bytes) -> bool:
    """Tell whether such a text may stand in bytes, or in what these come to when inflated."""
    # UTF-16 and UTF-32 have NUL between letters.
    if len(data) > _LONGEST_NOISE or word in data.translate(_PRINTED_OR_WHITE, b"\0"):
        return True
    if _MAY_JOIN.search(data.replace(b"\0", b"") if 0 in data else data):
        return True
    # As `inflated` goes about it: most bytes are no stream, and that is seen without asking it.
    if int.from_bytes(data[:2], "big") % 31 == 0 or (
        _holds_any(data, _BEGINS) and _BEGINNING.search(data)
    ):
        return any(_is_wordy_inside(one, word) for one in inflated(data))
    bare = _stream(data, _NO_HEADER) if _may_be_bare(data) else b""
    return len(bare) >= _LEAST and _is_wordy_inside(bare, word)


def _is_wordy_inside(data: bytes, word: bytes) -> bool:
    """Tell whether such a text may stand in bytes that were inflated: they are not, again."""
    if len(data) > _LONGEST_NOISE or word in data.translate(_PRINTED_OR_WHITE, b"\0"):
        return True
    return _MAY_JOIN.search(data.replace(b"\0", b"")) is not None


def _bytes_in(run: str) -> Iterator[bytes]:
    """Yield the bytes that a run stands for, and what these come to when inflated."""
    if _DIGITS.fullmatch(run):
        data = bytes.fromhex(run)
        yield data
        yield from inflated(data)
    if _BASE32.fullmatch(run):
        data = _of_base32(run)
        yield data
        yield from inflated(data)
    # A name or a mark may stand before it that is of the same characters.
    for start in _places(_IN_BASE64.finditer(run)) if _holds_any(run, _BEGINS_IN_BASE64) else (0,):
        data = _decoded(run[start:])
        yield data
        yield from inflated(data)


def _decoded(run: str) -> bytes:
    whole = len(run) - (len(run) % 4 == 1)
    standard = run[:whole].replace("-", "+").replace("_", "/")
    return binascii.a2b_base64(standard + "=" * (-whole % 4))


def _of_base32(run: str) -> bytes:
    # RFC 4648 §6: one, three or six characters in the last group stand for no whole byte more.
    whole = len(run) - (len(run) % 8 in (1, 3, 6))
    return base64.b32decode(run[:whole].upper() + "=" * (-whole % 8))


def _stream(data: bytes, bits: int) -> bytes:
    """Return as much of a deflated stream as can be inflated: one that was cut says enough."""
    stream = zlib.decompressobj(bits)
    if len(data) <= _PIECE:
        try:
            return stream.decompress(data, _LONGEST)
        except zlib.error:
            return b""
    found = bytearray()
    try:
        # In pieces, since what comes before an error would be lost with it.
        for start in range(0, len(data), _PIECE):
            waiting = data[start : start + _PIECE]
            while waiting and len(found) < _LONGEST and not stream.eof:
                found += stream.decompress(waiting, _LONGEST - len(found))
                waiting = stream.unconsumed_tail
            if stream.eof or len(found) >= _LONGEST:
                break
    except zlib.error:
        pass
    return bytes(found)
