"""Mends what Allure's page gets wrong for the people who read this report.

Each of these is a matter of looks or words.  Where another Allure has no such place, nothing is
done.
"""

from __future__ import annotations

import base64
import json
import re
from importlib import resources
from typing import Any

from .shrinking import MARK

_EMPTY_GRAPH = 'Wr(zk,{title:t,children:Wr(Ug,{title:r("%s"),icon:Hr.lineChartsBarChartSquare})})'
# The graph of what changed since the run before said that there is no history where one run came
# before, and where nothing had changed between the runs before the last one.  What has no run before it
# has no time of one.
_CHANGED_SINCE_THE_ONE_RUN_BEFORE = (
    f"return!s||c?{_EMPTY_GRAPH % 'no-results'}:1===n.length&&s||u?",
    f"return s&&0===s.prevItemTimestamp?{_EMPTY_GRAPH % 'no-history'}:"
    f"!s||c?{_EMPTY_GRAPH % 'no-results'}:!1?",
)
# How the words of that graph begin where nothing changed.
_CHANGES = (
    '"malfunctioned":"$t(transitions:malfunctioned, capitalize)"},'
    '"no-history":"$t(empty:no-history-results)","no-results":"'
)

# What the program of Allure 3.18 says, and what it ought to say.  Its code for Korean is not the
# one that browsers know, so that dates came out in English; some words are not translated; and what
# it calls severity is the level of a clause.
WORDS = {
    "ko": (
        ('kr:{short:"Kr",full:"한국어",iso:"kr-KR"}', 'kr:{short:"한",full:"한국어",iso:"ko-KR"}'),
        (
            '={"en-iso":{date:{locale:"en-CA"',
            '={kr:{date:{locale:"ko-KR"},dateTime:{locale:"ko-KR",includeAtSeparator:!1},'
            'dateTimeNoSeconds:{locale:"ko-KR",includeAtSeparator:!1}},'
            '"en-iso":{date:{locale:"en-CA"',
        ),
        ('"at":"에서"', '"at":""'),
        (
            '"passed":"통과","failed":"실패","broken":"손상됨","skipped":"건너뜀",'
            '"unknown":"알 수 없음","total":"총계"',
            '"passed":"준수·관찰","failed":"위반","broken":"판정 불가",'
            '"skipped":"판정 제외·유예","unknown":"권고","total":"조항"',
        ),
        (
            '"testSummary":{"total":"총계","flaky":"불안정한 테스트들"',
            '"testSummary":{"total":"조항","flaky":"불안정한 테스트"',
        ),
        ('"search-placeholder":"테스트 검색"', '"search-placeholder":"조항 검색"'),
        ('"error":"오류","success"', '"error":"결과","success"'),
        ('{title:"Description",setIsOpen', '{title:"설명",setIsOpen'),
        ('"report":"Report","charts":"그래프"', '"report":"보고서","charts":"그래프"'),
        (
            '"resolution":"Resolution","resolutions":{"issue":"Issue"',
            '"resolution":"처리","resolutions":{"issue":"이슈"',
        ),
        (
            '"critical":"치명적","normal":"보통","minor":"경미함","trivial":"사소함"',
            '"critical":"필수","normal":"보통","minor":"권장","trivial":"관찰"',
        ),
        (
            '"status":"상태","severity":"심각도","owner"',
            '"status":"상태","severity":"수준","owner"',
        ),
        # One word for one thing: the history, what was expected, the cases of a clause.
        ('"overview":"개요","history":"기록"', '"overview":"개요","history":"이력"'),
        ('"no-history-results":"기록 정보', '"no-history-results":"이력 정보'),
        ('"actual":"실제","expected":"예상"', '"actual":"실제","expected":"기대"'),
        ('"body":"테스트 본문"', '"body":"케이스"'),
        ('"sort-by.values":{"order":"순서"', '"sort-by.values":{"order":"조항 번호"'),
        (
            '"order-asc-short":"최초","order-desc-short":"최신"',
            '"order-asc-short":"오름차순","order-desc-short":"내림차순"',
        ),
        (
            '"order-desc":"최신\u2009–\u2009최초","order-asc":"최초\u2009–\u2009최신"',
            '"order-desc":"내림차순","order-asc":"오름차순"',
        ),
        ('" Ver: "', '" · Allure "'),
        (f"{_CHANGES}$t(empty:no-results)", f"{_CHANGES}달라진 판정 없음"),
        _CHANGED_SINCE_THE_ONE_RUN_BEFORE,
    ),
    "en": (
        (
            '"passed":"passed","failed":"failed","broken":"broken","skipped":"skipped",'
            '"unknown":"unknown","total":"total"',
            '"passed":"holds or observed","failed":"fails","broken":"could not judge",'
            '"skipped":"not judged or waived","unknown":"advisory","total":"clauses"',
        ),
        ('"testSummary":{"total":"Total"', '"testSummary":{"total":"Clauses"'),
        ('"search-placeholder":"Search tests"', '"search-placeholder":"Search clauses"'),
        ('"error":"Error","success":"Success"', '"error":"Result","success":"Success"'),
        (
            '"critical":"critical","normal":"normal","minor":"minor","trivial":"trivial"',
            '"critical":"must","normal":"normal","minor":"should","trivial":"observe"',
        ),
        (
            '"status":"Status","severity":"Severity","owner"',
            '"status":"Status","severity":"Level","owner"',
        ),
        ('"sort-by.values":{"order":"Order"', '"sort-by.values":{"order":"Clause number"'),
        (
            '"order-asc-short":"Earliest","order-desc-short":"Latest"',
            '"order-asc-short":"ascending","order-desc-short":"descending"',
        ),
        (
            '"order-desc":"Latest\u2009–\u2009Earliest","order-asc":"Earliest\u2009–\u2009Latest"',
            '"order-desc":"descending","order-asc":"ascending"',
        ),
        (f"{_CHANGES}$t(empty:no-results)", f"{_CHANGES}No verdict changed"),
        _CHANGED_SINCE_THE_ONE_RUN_BEFORE,
    ),
}
_PROGRAM = re.compile(r'(src="data:text/javascript;base64,)([A-Za-z0-9+/=]+)(")')
_TITLE = re.compile(r"<title>\s*(.*?)\s*</title>", re.DOTALL)
_ROOT = re.compile(r'<html dir="ltr" lang="[a-z]+">')
_GLOBALS = "widgets/globals.json"
_TREE = "widgets/tree.json"
_ADDRESS = re.compile(r'href="#clause-([A-Z]+-\d+)"')
# What tells most comes first.
_TELLING = {"broken": 0, "failed": 1, "unknown": 2, "skipped": 3}
_EMPTY_TABS = {"attachments": "nav-tab-globalAttachments", "errors": "nav-tab-globalErrors"}


def mend(page: str, language: str) -> str:
    """Return Allure's page with its looks and words mended for a reader of this language."""
    page = _TITLE.sub(lambda match: f"<title>{match.group(1)}</title>", page, count=1)
    page = _ROOT.sub(f'<html dir="ltr" lang="{language}">', page, count=1)
    words = WORDS[language]
    return _PROGRAM.sub(
        lambda match: match[1] + _reworded(match[2], words) + match[3], page, count=1
    )


def preface(page: str) -> str:
    """Return what goes to the top of the page: the styles and the script that mend it at work."""
    found = data(page, _GLOBALS) or {}
    empty = [f'[data-testid="{tab}"]' for key, tab in _EMPTY_TABS.items() if not found.get(key)]
    style = f"    <style>{', '.join(empty)} {{ display: none; }}</style>\n" if empty else ""
    packaged = resources.files(__package__).joinpath("preface.html").read_text(encoding="utf-8")
    return packaged + style


def with_section(page: str, section: str, printed: str = "") -> str:
    """Return the page with a section of our own, which the script of the preface puts on the start page.

    `printed` is what a printer gets in the place of the page, which flows over no second sheet.

    An address in it such as ``#clause-REJ-1`` becomes that of the first test of the clause that tells
    most: one that failed, else one that was skipped.
    """
    if not section:
        return page
    tests = _telling_tests(data(page, _TREE) or {})
    linked = _ADDRESS.sub(lambda match: f'href="#{tests.get(match[1], "")}"', section)
    return page.replace("<body>", f'<body><div id="ec-section" hidden>{linked}</div>{printed}', 1)


def _telling_tests(tree: dict[str, Any]) -> dict[str, str]:
    """Return the id of the result of each clause, which is named after it."""
    found: dict[str, dict[str, Any]] = {}
    for leaf in tree.get("leavesById", {}).values():
        clause = str(leaf["name"]).partition(" ")[0]
        found[clause] = min(found.get(clause, leaf), leaf, key=_rank)
    return {clause: leaf["nodeId"] for clause, leaf in found.items()}


def _rank(leaf: dict[str, Any]) -> int:
    return _TELLING.get(leaf.get("status", ""), len(_TELLING))


def data(page: str, name: str) -> dict[str, Any] | None:
    """Return a data file that the page carries inside itself."""
    match = _carried(name).search(page)
    if match is None:
        return None
    read: dict[str, Any] = json.loads(base64.b64decode(match[2]))
    return read


def _carried(name: str) -> re.Pattern[str]:
    return re.compile(rf'(d\("{re.escape(name)}",")([A-Za-z0-9+/=]*)("\))')


def program(page: str) -> str:
    """Return the JavaScript that the page runs, or nothing where it carries none."""
    start = page.find(MARK)
    if start >= 0:
        return page[start + len(MARK) : page.index("</script>", start)]
    match = _PROGRAM.search(page)
    return base64.b64decode(match[2]).decode() if match else ""


def _reworded(encoded: str, words: tuple[tuple[str, str], ...]) -> str:
    text = base64.b64decode(encoded).decode()
    for said, meant in words:
        text = text.replace(said, meant)
    return base64.b64encode(text.encode()).decode()
