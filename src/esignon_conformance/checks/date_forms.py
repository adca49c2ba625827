"""The forms in which dates are written, as a table of patterns: those that platforms print by default.

No form guesses: a text fits one as a whole, or is not read.
"""

from __future__ import annotations

import re
from functools import cache

# Their first three letters tell them apart.
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

NAMES = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    "|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
_HALF = r"(?:오전|오후|[AaPp]\.?[Mm]\.?(?![A-Za-z]))"
# A clock's 13:30:05 (13.30.05 in Finland and in Db2), 13시 30분 5초, or an hour alone with its half
# of the day.
_TIME = rf"""
    (?: (?P<before>{_HALF}) [ ]? )?
    (?:
        (?P<hour>\d{{1,2}}) [:.] (?P<minute>\d{{1,2}})
        (?: [:.] (?P<second>\d{{1,2}}) (?: [.,:] \d+ )? )?
      | (?P<hour_named>\d{{1,2}}) 시 (?: [ ]? (?P<minute_named>\d{{1,2}}) 분
        (?: [ ]? (?P<second_named>\d{{1,2}}) (?: [.,] \d+ )? 초 )? )?
      | (?P<hour_mixed>\d{{1,2}}) : (?P<minute_mixed>\d{{1,2}}) 분
      | (?P<hour_alone>\d{{1,2}}) (?= [ ]? [AaPp]\.?[Mm] )
    )
    (?: [ ]? (?P<after>{_HALF}) )?
"""
_LONG_NAME = r"(?:[ㄱ-힣]+(?:[ ][ㄱ-힣]+)?[ ]표준시|[A-Z][A-Za-z]+(?:[ ][A-Za-z]+){0,3}[ ]Time)"
# A name, an offset, or both in either order, as Go, JavaScript and Rails have them; what Go adds of
# its monotonic clock; the region in brackets, as Java has it, or the zone's long name.
_ZONE = rf"""
    (?: [ ]? (?P<zone>Z|z|(?!(?:BC|BCE|AM|PM)\b)[A-Z]{{2,5}}) (?P<hours>[+-]\d{{1,2}}(?![\d:]))?
        (?![A-Za-z]) )?
    (?: [ ]? (?P<offset>[+-]\d{{2}}(?::?\d{{2}}(?::?\d{{2}})?)?)
        (?: [ ] (?:[A-Z]{{1,5}}|[+-]\d{{2,4}}) )? )?
    (?: [ ] m=[+-][\d.]+ )?
    (?: [ ]? \[[\w/+:-]{{1,60}}\] | [ ] \([^()]{{1,60}}\) | [ ] (?P<long>{_LONG_NAME})
      | [ ] (?P<region>[A-Z][A-Za-z]+/[\w/]+) )?
"""
_WEEKDAY = r"(?i:(?:Sun|Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?)(?:day)?)"
_BEFORE = rf"(?: {_WEEKDAY} \.? ,? [ ] | [월화수목금토일]요일 ,? [ ] )?"
_AFTER = rf"""(?:
    [ ]?\((?:[월화수목금토일]|{_WEEKDAY})\) | [ ]?[월화수목금토일日月火水木金土](?:요일|曜日)
  | [ ][월화수목금토일](?=[ ]|$) | [ ]{_WEEKDAY}
)?"""
_JOINT = r"(?: ,?[ ](?:at[ ])? | [Tt] | -(?=\d\d\.\d\d\.) | :(?=\d\d:) )"
_REST = rf"(?: {_JOINT} {_TIME} )? {_ZONE}"
_NAME = rf"(?P<name>(?i:{NAMES}))\.?"
_ORDINAL = r"(?:st|nd|rd|th|\.)?"
_LONG_YEAR = r"(?P<year>\d{4,10})"
_YEAR_LAST = r"""
    (?P<one>\d{1,2}) (?P<separator>[ ]?[./-][ ]?) (?P<two>\d{1,2}) (?P=separator) (?P<year>\d{4}) \.?
"""

# The name of each form, and its pattern.
FORMS: tuple[tuple[str, str], ...] = (
    ("epoch", r"(?P<epoch>\d{13}|\d{10}) (?: [.,] \d+ )?"),
    (".net", r"(?:/Date|(?:new[ ])?Date)\((?P<milliseconds>-?\d{1,30})(?:[+-]\d{4})?\)/?"),
    (
        "separated",
        rf"""{_BEFORE} (?P<year>\d{{4}}|\+\d{{5,10}}) [ ]? (?: [-./] | [년年] ) [ ]?
        (?P<month>\d{{1,2}}) [ ]? (?: [-./] | [월月] ) [ ]? (?P<day>\d{{1,2}}) [ ]? [일日.]?
        {_AFTER} {_REST}""",
    ),
    (
        "joined",
        # A fraction without a separator has a usual length: 16 and 19 digits are seconds since 1970.
        rf"""(?P<year>\d{{4}}) (?P<month>\d{{2}}) (?P<day>\d{{2}})
        (?: [ Tt]? (?P<hour>\d{{2}}) :? (?P<minute>\d{{2}})
        (?: :? (?P<second>\d{{2}}) (?: [.,]\d+ | \d{{3}} | \d{{6}} | \d{{9}} )? )? )? {_ZONE}""",
    ),
    (
        "rfc-1123",
        rf"""(?: {_WEEKDAY}, [ ] )? (?P<day>\d{{1,2}}) [ ] {_NAME} [ ] (?P<year>\d{{4}}) [ ]
        (?P<hour>\d{{2}}) : (?P<minute>\d{{2}}) (?: : (?P<second>\d{{2}}) )?
        [ ] (?: (?P<zone>GMT|UTC|UT) | (?P<offset>[+-]\d{{4}}) )""",
    ),
    ("ctime", rf"{_BEFORE} {_NAME} [ ] (?P<day>\d{{1,2}}) [ ] {_TIME} {_ZONE} [ ] {_LONG_YEAR}"),
    ("ctime", rf"{_BEFORE} {_NAME} [ ] (?P<day>\d{{1,2}}) [ ] {_TIME} [ ] {_LONG_YEAR} {_ZONE}"),
    ("ctime", rf"{_BEFORE} (?P<day>\d{{1,2}}) [ ] {_NAME} [ ] {_TIME} [ ] {_LONG_YEAR} {_ZONE}"),
    (
        "month-name",
        rf"{_BEFORE} {_NAME} [ -]? (?P<day>\d{{1,2}}) {_ORDINAL} (?: ,[ ]? | [ -] ) {_LONG_YEAR} {_REST}",
    ),
    (
        "month-name",
        rf"""{_BEFORE} (?P<day>\d{{1,2}}) {_ORDINAL} (?:[ ]of)? [ /-]? {_NAME} ,? [ /-]? {_LONG_YEAR}
        {_REST}""",
    ),
    ("month-name", rf"(?P<year>\d{{4}}) [ /-] {_NAME} [ /-] (?P<day>\d{{1,2}}) {_REST}"),
    ("year-last", rf"{_BEFORE} {_YEAR_LAST} {_AFTER} {_REST}"),
    ("year-last", rf"{_TIME} [ ] {_YEAR_LAST}"),
    ("iso-week", rf"(?P<year>\d{{4}}) -? W (?P<week>\d{{2}}) -? (?P<weekday>\d) {_REST}"),
    ("iso-ordinal", rf"(?P<year>\d{{4}}) - (?P<ordinal>\d{{3}}) {_REST}"),
)
# What JSON in JSON and MongoDB's shell put around a date.
WRAPPINGS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r'"([^"]*)"',
        r"'([^']*)'",
        r"(?:ISODate|new Date|new ISODate)\(\s*[\"']([^\"']*)[\"']\s*\)",
        r'\{\s*"\$date"\s*:\s*"([^"]*)"\s*\}',
    )
)


@cache
def compiled(form: str) -> re.Pattern[str]:
    """Return the pattern of a form; it takes long to compile, and most are asked for in no run."""
    return re.compile(form, re.VERBOSE | re.ASCII)


# A name of a month as a word of its own, or 12월.
MONTH_NAME = re.compile(rf"(?<![a-z])(?:{NAMES})(?![a-z])|\d월", re.IGNORECASE)
