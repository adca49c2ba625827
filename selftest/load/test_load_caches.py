"""A cache in front, as a load run shows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from esignon_conformance.tools.traffic.load_frames import Sent
from selftest.support.archives import failing
from selftest.support.load_runs import box, judged_load, logins, sent


def _mixed(count: int = 120) -> Iterator[Sent]:
    served = box()
    for number, one in enumerate(logins(count)):
        yield sent(one, number * 0.01, 0.01, served)


def test_a_cache_that_answers_by_path_for_a_while_is_one_failure(tmp_path: Path) -> None:
    all_rows = list(_mixed())
    first = next(number for number, one in enumerate(all_rows) if one.situation == "right")
    for number in range(first + 1, first + 60):
        if all_rows[number].url == all_rows[first].url:
            all_rows[number] = all_rows[number]._replace(answer_body=all_rows[first].answer_body)
    assert failing(judged_load(tmp_path, all_rows)) == {"REQ-9"}


def test_a_cache_that_gives_each_answer_to_a_few_is_one_failure_too(tmp_path: Path) -> None:
    all_rows = list(_mixed(240))
    kept: dict[str, tuple[int, Sent]] = {}
    for number, one in enumerate(all_rows):
        at, first = kept.get(one.url, (-4, one))
        if number - at < 4:
            all_rows[number] = one._replace(answer_body=first.answer_body)
        else:
            kept[one.url] = (number, one)
    assert failing(judged_load(tmp_path, all_rows)) == {"REQ-9"}


def test_a_cache_under_a_load_without_unreadable_bodies_is_no_tick_and_one_failure(
    tmp_path: Path,
) -> None:
    all_rows = [one for one in _mixed(240) if one.situation != "malformed"]
    all_rows += [one for one in _mixed(60) if one.situation == "malformed"]
    kept: dict[str, tuple[int, Sent]] = {}
    for number, one in enumerate(all_rows):
        at, first = kept.get(one.url, (-4, one))
        if number - at < 4 and one.situation != "malformed":
            all_rows[number] = one._replace(answer_body=first.answer_body)
        else:
            kept[one.url] = (number, one)
    assert failing(judged_load(tmp_path, all_rows)) == {"REQ-9"}
