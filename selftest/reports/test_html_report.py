"""The HTML report: what of Allure's page is taken out and mended, and a real one."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest

from esignon_conformance.reports.html_report import ReportError, build_html, history, mending, page
from esignon_conformance.reports.html_report.shrinking import shrink
from selftest.support.allure_folder import START, write_results
from selftest.support.made_up_node import put_on_path, put_package

CHARSET = '<meta charset="utf-8">'
ANALYTICS = """<script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>
    <script>
        window.dataLayer = window.dataLayer || [];
        function gtag(){dataLayer.push(arguments);}
    </script>"""


def plain_page(body: str = "") -> str:
    return (
        f'<!DOCTYPE html><html dir="ltr" lang="en"><head>{CHARSET}</head><body>{body}</body></html>'
    )


# The page


def test_the_analytics_tag_is_taken_out_and_nothing_else() -> None:
    sealed = page.seal(plain_page(f"<script>kept()</script>{ANALYTICS}<p>kept too</p>"))
    assert "kept()" in sealed
    assert "kept too" in sealed
    assert not re.search("google|gtag|dataLayer", sealed)


@pytest.mark.parametrize(
    "element",
    [
        '<script src="https://outside.invalid/a.js"></script>',
        "<SCRIPT defer SRC='HTTP://outside.invalid/a.js'></SCRIPT>",
        '<img alt="" src=//outside.invalid/a.png>',
        '<link rel="stylesheet" href="https://outside.invalid/a.css">',
        '<link rel="preconnect" href="//outside.invalid">',
        '<iframe src="https://outside.invalid/"></iframe>',
    ],
)
def test_what_loads_from_outside_is_taken_out(element: str) -> None:
    assert "outside.invalid" not in page.seal(plain_page(f"{element}<p>kept</p>"))


@pytest.mark.parametrize(
    "element",
    [
        '<svg><use href="https://outside.invalid/a.svg#b"></use></svg>',
        '<img alt="" srcset="a.png 1x, https://outside.invalid/a.png 2x">',
        '<video poster="https://outside.invalid/a.png"></video>',
        '<meta http-equiv="refresh" content="0; url=https://outside.invalid/">',
        '<form action="https://outside.invalid/"></form>',
    ],
)
def test_what_loads_in_a_way_nobody_foresaw_is_not_published(element: str) -> None:
    with pytest.raises(ReportError, match=r"outside\.invalid"):
        page.seal(plain_page(element))


def test_a_link_to_click_on_stays() -> None:
    link = '<a href="https://outside.invalid/page">the page</a>'
    assert link in page.seal(plain_page(link))


def test_data_inside_the_page_is_not_outside() -> None:
    inside = '<img alt="" src="data:image/svg+xml,%3Csvg xmlns=\'http://www.w3.org/2000/svg\'%3E">'
    assert page.outside_references(page.seal(plain_page(inside))) == []


def test_the_policy_stands_before_anything_that_runs() -> None:
    sealed = page.seal(plain_page("<script>late()</script>"), "<script>preface()</script>")
    places = [sealed.index(text) for text in ("Content-Security-Policy", "preface()", "late()")]
    assert places == sorted(places)
    assert "default-src 'none'" in sealed
    assert page.is_ours(sealed[:2000])


def test_a_page_without_a_place_for_the_policy_is_not_published() -> None:
    with pytest.raises(ReportError, match="Content-Security-Policy"):
        page.seal("<html><body></body></html>")


def carried(name: str, value: object) -> str:
    encoded = base64.b64encode(json.dumps(value).encode()).decode()
    return f'<script>d("{name}","{encoded}")</script>'


def test_a_tab_with_something_in_it_stays() -> None:
    name = "widgets/globals.json"
    empty = mending.preface(plain_page(carried(name, {"errors": [], "attachments": []})))
    filled = mending.preface(plain_page(carried(name, {"errors": [], "attachments": ["one"]})))
    assert "nav-tab-globalAttachments" in empty
    assert "nav-tab-globalAttachments" not in filled
    assert "nav-tab-globalErrors" in filled


# The history


def run_line(start: int, name: str = "a run") -> str:
    result = {"status": "passed", "start": start, "trace": "long", "labels": ["many"]}
    return json.dumps({"uuid": str(start), "name": name, "testResults": {"one": result}})


def test_the_run_itself_is_not_one_of_the_runs_before(tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    lines = [run_line(1), "cut off {", '{"testResults": [1]}', "", run_line(2), run_line(3)]
    file.write_text("\n".join(lines))
    assert history.former_runs(file, frozenset({3})) == [run_line(1), run_line(2)]


def test_a_history_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    assert history.former_runs(tmp_path / "history.jsonl", frozenset()) == []


def test_the_history_is_kept_small() -> None:
    written = history.slim([run_line(start, "가\u2028나") for start in range(100)]).split("\n")
    assert len(written) == history.LIMIT + 1
    kept = {"status": "passed", "start": 99, "historyId": "one"}
    assert json.loads(written[-2])["testResults"] == {"one": kept}


# What is made smaller


def test_a_program_stands_in_the_page_as_text_that_ends_no_script() -> None:
    source = 'let a = "</script><!-- é", b = /<script/;\r\nrun(a, b);'
    encoded = base64.b64encode(source.encode()).decode()
    shrunk = shrink(plain_page(f'<script src="data:text/javascript;base64,{encoded}"></script>'))
    program = mending.program(shrunk)
    assert program == r'let a = "\x3c/script>\x3c!-- é", b = /\x3cscript/;\r' + "\nrun(a, b);"
    assert shrunk.count("</script>") == 1


def test_the_same_data_stands_in_the_page_once_and_what_nobody_reads_not_at_all() -> None:
    text = base64.b64encode(b"x" * 90).decode()
    rows = [f'd("widgets/{name}","{text}")' for name in ("tree.json", "default/tree.json")]
    shrunk = shrink(
        ",".join([*rows, f'd("data/history/1-2.json","{text}")', 'd("widgets/a","e30=")'])
    )
    assert shrunk == (
        f'{rows[0]},d("widgets/default/tree.json",window.allureReportData["widgets/tree.json"]),'
        'd("widgets/a","e30=")'
    )


# A real report

SECTION = '<section id="ec-verdict"><a href="#clause-REJ-1">REJ-1</a><a href="#clause-X-9">-</a></section>'


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd [name] *")
    results = write_results(folder / "allure-results")
    destination, runs = folder / "report.html", folder / "history.jsonl"
    for _ in range(2):
        build_html(
            *(results, destination),
            title="적합성 <1>",
            language="ko",
            history=runs,
            section=SECTION,
        )
    return destination


def test_a_real_report_loads_nothing_from_outside(built: Path) -> None:
    text = built.read_text(encoding="utf-8")
    assert page.outside_references(text) == []
    assert text.count('<meta http-equiv="Content-Security-Policy"') == 1
    assert not re.search("googletagmanager|gtag|dataLayer", text)


def test_a_real_report_is_korean(built: Path) -> None:
    text = built.read_text(encoding="utf-8")
    assert '<html dir="ltr" lang="ko">' in text
    assert "<title>적합성 &lt;1&gt;</title>" in text
    program = mending.program(text)
    assert [meant for _, meant in mending.WORDS["ko"] if meant not in program] == []


def test_a_real_report_has_the_categories_of_the_verdicts(built: Path) -> None:
    found = mending.data(built.read_text(encoding="utf-8"), "widgets/categories.json")
    assert found is not None
    names = [found["nodes"][root]["name"] for root in found["roots"]]
    assert names == [
        "위반된 조항",
        "권고",
        "판정 제외",
        "판정 불가: 검사 도구의 오류",
    ]


def test_a_report_built_twice_is_one_run_of_the_history(built: Path) -> None:
    lines = built.with_name("history.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1
    assert START in history._starts(json.loads(lines[0]))


def test_a_section_of_ours_links_the_test_that_failed(built: Path) -> None:
    text = built.read_text(encoding="utf-8")
    links = re.findall(r'<a href="#([0-9a-f]*)">(.*?)</a>', text)
    tree = mending.data(text, "widgets/tree.json")
    assert tree is not None
    failed = [one["nodeId"] for one in tree["leavesById"].values() if one["status"] == "failed"]
    assert links == [(failed[0], "REJ-1"), ("", "-")]


def test_nothing_else_is_left_beside_the_report(built: Path) -> None:
    names = sorted(path.name for path in built.parent.iterdir())
    assert names == ["allure-results", "history.jsonl", "report.html"]


@pytest.mark.slow
def test_an_english_report_says_must(tmp_path: Path) -> None:
    results = write_results(tmp_path / "allure-results")
    report = build_html(results, tmp_path / "r.html", title="A", language="en", history=None)
    program = mending.program(report.read_text(encoding="utf-8"))
    assert [meant for _, meant in mending.WORDS["en"] if meant not in program] == []


def test_a_file_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    results = write_results(tmp_path / "allure-results")
    other = tmp_path / "report.html"
    other.write_text("<html>notes of a colleague</html>")
    with pytest.raises(ReportError, match="not written by this suite"):
        build_html(results, other, title="A", language="en", history=None)
    assert "colleague" in other.read_text()


def test_an_earlier_report_does_not_outlive_a_build_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = write_results(tmp_path / "allure-results")
    earlier = tmp_path / "report.html"
    earlier.write_text(page.seal(plain_page()), encoding="utf-8")
    put_on_path(monkeypatch, tmp_path / "bin", None)
    put_package(monkeypatch, tmp_path / "site", None)
    with pytest.raises(ReportError, match="needs Node"):
        build_html(results, earlier, title="A", language="en", history=None)
    assert not earlier.exists()


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_no_results_is_an_error_that_says_what_to_do(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReportError, match="esignon-conformance run"):
        build_html(tmp_path / name, tmp_path / "r.html", title="A", language="en", history=None)


def test_a_result_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "1-result.json").write_text("{")
    with pytest.raises(ReportError, match=r"1-result\.json"):
        build_html(tmp_path, tmp_path / "r.html", title="A", language="en", history=None)
