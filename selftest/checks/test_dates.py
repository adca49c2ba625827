"""SUC-4: `expire_date` is read in every form that platforms print, and what holds no date is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esignon_conformance.checks.date_forms import FORMS as PATTERNS
from esignon_conformance.checks.dates import SLACK, Expiry, Unread, clock_of, read_expiry
from esignon_conformance.tools.reference.faults.success_members import VALUES
from esignon_conformance.tools.reference.liberties.successes import EXPIRIES

KST = timezone(timedelta(hours=9))
# A Sunday. By the clock of Seoul, of nobody knows where, and without seconds.
SEOUL = datetime(2026, 12, 27, 13, 30, 5, tzinfo=KST)
CLOCK = SEOUL.replace(tzinfo=UTC)
MINUTE = CLOCK.replace(second=0)
SEOUL_MINUTE = SEOUL.replace(second=0)
DAY = datetime(2026, 12, 27, tzinfo=UTC)
NIGHT = datetime(2026, 11, 28, 22, 53, 50, tzinfo=UTC)
NIGHT_SEOUL = NIGHT.replace(tzinfo=KST)
# By form: a text, the moment that it names, whether zone and time are both known, and who prints it.
# Seen on Node 20, Java 17, PHP 8, Ruby 3, Go, Perl, SQLite and Python, else as its manual has it.
# fmt: off
PRINTED: dict[str, tuple[tuple[str, datetime, bool, str], ...]] = {
    "separated": (
        ("2026-12-27", DAY, False, "Java LocalDate, java.sql.Date, Python date"),
        ("2026-12-27 13:30:05", CLOCK, False, "MySQL, MariaDB, SQLite, PHP Y-m-d H:i:s, sv-SE"),
        ("2026-12-27 13:30:05.0", CLOCK, False, "java.sql.Timestamp, Oracle JDBC"),
        ("2026-12-27 13:30:05.123", CLOCK, False, "java.sql.Timestamp, SQL Server style 121, Dart"),
        ("2026-12-27 13:30:05.123456", CLOCK, False, "PostgreSQL timestamp, Python naive str"),
        ("2026-12-27 13:30:05.1234567", CLOCK, False, "SQL Server datetime2"),
        ("2026-12-27 13:30:05.123456789", CLOCK, False, "H2, Oracle TIMESTAMP(9)"),
        ("2026-12-27T13:30:05", CLOCK, False, "Java LocalDateTime, SQL Server style 126"),
        ("2026-12-27T13:30", MINUTE, False, "Java LocalDateTime without seconds"),
        ("2026-12-27T13:30:05.123", CLOCK, False, "Java LocalDateTime"),
        ("2026-12-27T13:30:05.123456", CLOCK, False, "Python isoformat"),
        ("2026-12-27T04:30:05Z", SEOUL, True, "Java Instant, Rails JSON"),
        ("2026-12-27T04:30:05.123Z", SEOUL, True, "JavaScript toISOString, MongoDB extended JSON"),
        ("2026-12-27T04:30:05.123456Z", SEOUL, True, "Laravel JSON, Django REST"),
        ("2026-12-27T04:30:05.123456789Z", SEOUL, True, "Go RFC3339Nano in UTC"),
        ("2026-12-27T13:30:05+09:00", SEOUL, True, "PHP DATE_ATOM, Ruby xmlschema"),
        ("2026-12-27T13:30:05.123+09:00", SEOUL, True, "Java OffsetDateTime, Joda"),
        ("2026-12-27T13:30:05.123+0900", SEOUL, True, "Spring with Jackson's StdDateFormat of old"),
        ("2026-12-27T13:30:05.1234567+09:00", SEOUL, True, '.NET DateTimeOffset "o"'),
        ("2026-12-27T13:30:05,000000000+09:00", SEOUL, True, "GNU date --iso-8601=ns"),
        ("2026-12-27T13:30:05.123+09:00[Asia/Seoul]", SEOUL, True, "Java ZonedDateTime"),
        ("2026-12-27T04:30:05Z[UTC]", SEOUL, True, "Java ZonedDateTime in UTC"),
        ("2026-12-27T04:30:05Z[GMT]", SEOUL, True, "Java ZonedDateTime in GMT"),
        ("2026-12-27 13:30:05.123456+09:00", SEOUL, True, "Python aware str"),
        ("2026-12-27 13:30:05+09", SEOUL, True, "PostgreSQL timestamptz"),
        ("2026-12-27 13:30:05.123456+09", SEOUL, True, "PostgreSQL timestamptz"),
        ("2026-12-27 13:30:05.0000000 +09:00", SEOUL, True, "SQL Server datetimeoffset"),
        ("2026-12-27 13:30:05 +0900", SEOUL, True, "Ruby Time#to_s"),
        ("2026-12-27 13:30:05.123456789 +0900", SEOUL, True, "Ruby Time#inspect"),
        ("2026-12-27 04:30:05 UTC", SEOUL, True, "Ruby Time#to_s in UTC, Rust chrono"),
        ("2026-12-27 04:30:05.123456789 UTC", SEOUL, True, "Rust chrono"),
        ("2026-12-27 4:30:05.123456789 +00:00:00", SEOUL, True, "Rust time"),
        ("2026-12-27 04:30:05 +0000", SEOUL, True, "Swift and NSDate"),
        ("2026-12-27 13:30:05.123456789 +0900 KST", SEOUL, True, "Go String"),
        ("2026-12-27 13:30:05.344810713 +0900 KST m=+0.000296457", SEOUL, True, "Go String of time.Now"),
        ("2026-12-27 04:30:05.123456789 +0000 UTC", SEOUL, True, "Go String in UTC"),
        ("2026-12-27 01:30:05.123456789 -0300 -03", SEOUL, True, "Go String in Sao Paulo"),
        ("2026-12-27 13:30:05.123456789 +0900 +0900", SEOUL, True, "Go String of a fixed zone"),
        ("2026-11-28 22:53:50.123456789 +0900 KST", NIGHT_SEOUL, True, "Go String"),
        ("2026-12-27 13:30:05 KST", SEOUL, True, "R, SimpleDateFormat with z"),
        ("2026-12-27 13:30:05 UTC+09:00", SEOUL, True, "Python %Z of a fixed offset"),
        ("2026-12-27 13:30:05 KST +09:00", SEOUL, True, "Rails TimeWithZone"),
        ("2026-12-26 23:30:05 EST", DAY.replace(day=26, hour=23, minute=30, second=5), False,
         "Java SimpleDateFormat with z: EST may be Australian"),
        ("2026-12-27 13:30:05 Asia/Seoul", SEOUL, True, "Oracle TIMESTAMP WITH TIME ZONE, Presto"),
        ("2026-12-27 13:30:05.123 Asia/Tokyo", CLOCK, False, "Presto"),
        ("2026-12-27 04:30:05Z", SEOUL, True, '.NET "u", Elixir'),
        ("2026-12-27 04:30:05.123000+0000", SEOUL, True, "Cassandra"),
        ("2026-12-27-13.30.05.123456", CLOCK, False, "Db2"),
        ("2026-12-27+09:00", DAY.replace(tzinfo=KST), False, "XML Schema date"),
        ("Sun 2026-12-27 13:30:05 KST", SEOUL, True, "systemd"),
        ("2026-12-27 PM 1:30:05", CLOCK, False, ".NET, old Node in Korean"),
        ("2026-12-27 오후 1:30:05", CLOCK, False, ".NET ko-KR default"),
        ("2026-12-27, 1:30:05 p.m.", CLOCK, False, "JavaScript en-CA"),
        ("2026-12-27 01:30:05 PM", CLOCK, False, "Oracle with an NLS format"),
        ("2026/12/27 13:30:05", CLOCK, False, "JavaScript ja-JP, zh-CN"),
        ("2026/12/27", DAY, False, "MSSQL style 111, Python"),
        ("2026.12.27", DAY, False, "SQL Server style 102"),
        ("2026. 12. 27.", DAY, False, "JavaScript ko-KR date"),
        ("2026. 12. 27. 13:30:05", CLOCK, False, "JavaScript hu-HU"),
        ("2026. 12. 27. 오후 1:30:05", CLOCK, False, "JavaScript ko-KR, Java DateFormat MEDIUM"),
        ("2026. 12. 27 오후 1:30:05", CLOCK, False, "Java 8 DateFormat MEDIUM"),
        ("2026. 12. 27. PM 1:30:05", CLOCK, False, "Node with little ICU data"),
        ("2026. 12. 27. PM 1시 30분 5초 GMT+9", SEOUL, True, "Node ko-KR with a zone"),
        ("2026. 12. 27. (일) 13:30:05 KST", SEOUL, True, "GNU date in Korean"),
        ("2026년 12월 27일", DAY, False, "Java DateFormat LONG date"),
        ("2026년 12월 27일 일요일", DAY, False, "Java DateFormat FULL date"),
        ("2026년 12월 27일 (일) 오후 01시 30분 05초", CLOCK, False, "Java 8, glibc %c in Korean"),
        ("2026년 11월 28일 (토) 오후 10시 53분 50초", NIGHT, False, "glibc %c in Korean"),
        ("2026년 12월 27일 일요일 오후 1시 30분 5초 대한민국 표준시", SEOUL, True, "Java DateFormat FULL"),
        ("2026년 12월 27일 일요일 오후 1시 30분 5초 한국 표준시", SEOUL, True, "JavaScript ko-KR full"),
        ("2026년 12월 27일 오후 1시 30분 5초 KST", SEOUL, True, "Java DateFormat LONG"),
        ("2026년 12월 27일 PM 1시 30분 5초 GMT+9", SEOUL, True, "Node ko-KR long"),
        ("2026년 12월 27일 일 PM 1:30:05", CLOCK, False, "Node ko-KR with a weekday"),
        ("2027년 1월 1일 금요일 오전 9:00:00", datetime(2027, 1, 1, 9, tzinfo=UTC), False,
         "PowerShell, .NET ko-KR long"),
        ("2026년 12월 27일 13시 30분", MINUTE, False, "written by hand"),
        ("2026년 12월 27일 13시", CLOCK.replace(minute=0, second=0), False, "written by hand"),
        ("2026년12월27일", DAY, False, "written by hand"),
        ("2026-12-27(일) 13:30", MINUTE, False, "Korean web boards"),
        ("2026年12月27日 13:30:05 KST", SEOUL, True, "Java DateFormat LONG in Japanese"),
        ("2026年12月27日", DAY, False, "SQL and .NET in Japanese and Chinese"),
        ("２０２６-１２-２７", DAY, False, "full-width digits"),
        ("2026-12-27 24:00:00", DAY + timedelta(days=1), False, "ISO 8601, the end of a day"),
        ("2026-12-27 23:59:60", DAY.replace(hour=23, minute=59, second=59), False, "a leap second"),
        ('"2026-12-27T13:30:05+09:00"', SEOUL, True, "JSON in JSON"),
        ('ISODate("2026-12-27T04:30:05.123Z")', SEOUL, True, "MongoDB shell"),
        ('{"$date":"2026-12-27T04:30:05Z"}', SEOUL, True, "MongoDB extended JSON"),
    ),
    "joined": (
        ("20261227", DAY, False, "ISO basic, SQL Server style 112, Oracle YYYYMMDD"),
        ("202612271330", MINUTE, False, "yyyyMMddHHmm"),
        ("20261227133005", CLOCK, False, "yyyyMMddHHmmss, MySQL as a number"),
        ("20261227133005123", CLOCK, False, "yyyyMMddHHmmssSSS"),
        ("20261227133005.123456", CLOCK, False, "MySQL NOW(6)+0"),
        ("20261227133005123456", CLOCK, False, "yyyyMMddHHmmssSSSSSS"),
        ("20261227T133005", CLOCK, False, "ISO basic, iCalendar"),
        ("20261227T043005Z", SEOUL, True, "ISO basic, iCalendar, AWS"),
        ("20261227T133005+0900", SEOUL, True, "ISO basic"),
        ("20261227043005Z", SEOUL, True, "X.509 GeneralizedTime, LDAP"),
        ("20261227043005.0Z", SEOUL, True, "Active Directory"),
        ("20261227+0900", DAY.replace(tzinfo=KST), False, "Java BASIC_ISO_DATE"),
        ("20261227 13:30:05", CLOCK, False, "SQL"),
    ),
    "epoch": (
        ("1798345805", SEOUL, True, "PHP U, Unix time"),
        ("1798345805123", SEOUL, True, "Java currentTimeMillis, JavaScript getTime"),
        ("1798345805.1234", SEOUL, True, "PHP microtime(true)"),
        ("1798345805.123456", SEOUL, True, "Python time.time()"),
        ("1798345805.123456789", SEOUL, True, "Jackson Instant, Ruby to_f"),
        ("1798345805123.456", SEOUL, True, "JavaScript performance clock"),
    ),
    ".net": (
        ("/Date(1798345805123)/", SEOUL, True, ".NET JavaScriptSerializer"),
        ("/Date(1798345805123+0900)/", SEOUL, True, ".NET DataContractJsonSerializer"),
        ("new Date(1798345805123)", SEOUL, True, "Json.NET JavaScriptDateTimeConverter"),
        ("Date(1798345805123)", SEOUL, True, "JavaScript"),
    ),
    "rfc-1123": (
        ("Sun, 27 Dec 2026 04:30:05 GMT", SEOUL, True, 'JavaScript toUTCString, HTTP, .NET "R"'),
        ("Sun, 27 Dec 2026 13:30:05 +0900", SEOUL, True, "PHP DATE_RFC2822, Java RFC_1123_DATE_TIME"),
        ("27 Dec 2026 04:30:05 GMT", SEOUL, True, "Java toGMTString"),
        ("Sun, 27 Dec 2026 04:30:05 UTC", SEOUL, True, "Go RFC1123 in UTC"),
    ),
    "ctime": (
        ("Sun Dec 27 13:30:05 KST 2026", SEOUL, True, "Java Date.toString, date, Go UnixDate, PHP"),
        ("Sun Dec 27 04:30:05 UTC 2026", SEOUL, True, "Java Date.toString in UTC"),
        ("Sun Dec 27 13:30:05 GMT+09:00 2026", SEOUL, True,
         "Java and Android Date.toString of a fixed zone"),
        ("Sun Dec 27 13:30:05 +0900 2026", SEOUL, True, "Go RubyDate, Twitter"),
        ("Sun Dec 27 13:30:05 IST 2026", CLOCK, False,
         "Java Date.toString: IST is India's, Israel's or Ireland's"),
        ("Sun Dec 27 13:30:05 2026", CLOCK, False, "C asctime, Perl localtime, Go ANSIC, PostgreSQL"),
        ("Sun Dec 27 13:30:05.123456 2026 KST", SEOUL, True, "PostgreSQL timestamptz in its own style"),
        ("Sun 27 Dec 13:30:05 2026 KST", SEOUL, True, "PostgreSQL in its own style, day first"),
        ("Sun Dec 27 01:30:05 PM KST 2026", SEOUL, True, "GNU date in en_US"),
    ),
    "month-name": (
        ("Sun Dec 27 2026 13:30:05 GMT+0900 (Korean Standard Time)", SEOUL, True,
         "JavaScript Date.toString"),
        ("Sun Dec 27 2026 13:30:05 GMT+0900 (한국 표준시)", SEOUL, True, "Chrome in Korean"),
        ("Sun Dec 27 2026 13:30:05 GMT+0900 (대한민국 표준시)", SEOUL, True, "older browsers in Korean"),
        ("Sun Dec 27 2026 13:30:05 GMT+0900 (KST)", SEOUL, True, "Safari"),
        ("Sun Dec 27 2026 13:30:05 GMT+0900", SEOUL, True, "old Internet Explorer, moment"),
        ("Sun Dec 27 2026", DAY, False, "JavaScript toDateString"),
        ("Dec 27, 2026, 1:30:05 PM", CLOCK, False, "Java DateFormat MEDIUM, JavaScript en-US"),
        ("Dec 27, 2026, 1:30:05\u202fPM", CLOCK, False, "Java 20 and Node 20, narrow no-break space"),
        ("Dec 27, 2026 1:30:05 PM", CLOCK, False, "Java 8 DateFormat MEDIUM, Gson"),
        ("December 27, 2026 at 1:30:05 PM KST", SEOUL, True, "Java DateFormat LONG"),
        ("December 27, 2026 1:30:05 PM KST", SEOUL, True, "Java 8 DateFormat LONG"),
        ("December 27, 2026 at 1:30:05 PM GMT+9", SEOUL, True, "JavaScript en-US long"),
        ("Sunday, December 27, 2026 at 1:30:05 PM Korean Standard Time", SEOUL, True,
         "Java DateFormat FULL"),
        ("Sunday, December 27, 2026 1:30:05 PM", CLOCK, False, 'PowerShell, .NET "F"'),
        ("Sunday, 27 December 2026 13:30:05", CLOCK, False, '.NET invariant "F"'),
        ("27 December 2026 at 13:30:05 KST", SEOUL, True, "Java DateFormat LONG en-GB"),
        ("27 Dec 2026, 13:30:05", CLOCK, False, "Java DateFormat MEDIUM en-GB"),
        ("Dec 27, 2026", DAY, False, "Java DateFormat date"),
        ("Dec 31, 2027", datetime(2027, 12, 31, tzinfo=UTC), False, "Java DateFormat date"),
        ("December 27, 2026", DAY, False, "Django, PHP F j, Y"),
        ("Dec. 27, 2026, 1:30 p.m.", MINUTE, False, "Django template"),
        ("Dec. 27, 2026, 1 p.m.", MINUTE.replace(minute=0), False, "Django template on the hour"),
        ("Sept. 27, 2026, 1:30 p.m.", MINUTE.replace(month=9), False, "Django template"),
        ("December 27, 2026, 1:30 pm", MINUTE, False, "PHP F j, Y, g:i a"),
        ("December 27th 2026, 1:30:05 pm", CLOCK, False, "moment.js"),
        ("Sunday, December 27th 2026, 1:30:05 pm", CLOCK, False, "moment.js"),
        ("Sunday 27th of December 2026 01:30:05 PM", CLOCK, False, "PHP l jS \\of F Y h:i:s A"),
        ("27 Dec 2026", DAY, False, "SQL Server style 106"),
        ("27 Dec 2026 13:30:05:123", CLOCK, False, "SQL Server style 113"),
        ("Dec 27 2026  1:30PM", MINUTE, False, "SQL Server style 100, its default"),
        ("Dec 27 2026  1:30:05:123PM", CLOCK, False, "SQL Server style 109"),
        ("27-DEC-2026", DAY, False, "Oracle DD-MON-YYYY, Ruby %v"),
        ("27-Dec-2026 13:30:05", CLOCK, False, "Oracle, IMAP"),
        ("27-DEC-2026 01.30.05.123456 PM +09:00", SEOUL, True, "Oracle TIMESTAMP WITH TIME ZONE"),
        ("Sunday, 27-Dec-2026 13:30:05 KST", SEOUL, True, "PHP DATE_COOKIE"),
        ("27/Dec/2026:13:30:05 +0900", SEOUL, True, "Apache and nginx $time_local"),
        ("2026-Dec-27 13:30:05", CLOCK, False, "Boost, SAS"),
        ("Sun, 27 Dec 2026 13:30:05.000000000 KST +09:00", SEOUL, True, "Rails TimeWithZone#inspect"),
        ("Sun, 27 Dec 2026 13:30:05 KST", SEOUL, True, "Go RFC1123"),
        ("1 May 2027", datetime(2027, 5, 1, tzinfo=UTC), False, "day and month of one letter count"),
    ),
    "year-last": (
        ("12/27/2026 1:30:05 PM", CLOCK, False, ".NET en-US default"),
        ("11/28/2026 10:53:50 PM", NIGHT, False, ".NET en-US default"),
        ("12/27/2026 1:30:05\u202fPM", CLOCK, False, ".NET 8 with ICU"),
        ("12/27/2026 13:30:05", CLOCK, False, ".NET invariant"),
        ("12/27/2026 1:30:05 PM +09:00", SEOUL, True, ".NET DateTimeOffset"),
        ("12/27/2026, 1:30:05 PM", CLOCK, False, "JavaScript en-US"),
        ("\u200e12\u200e/\u200e27\u200e/\u200e2026\u200e \u200e1\u200e:\u200e30:05\u200e \u200ePM",
         CLOCK, False,
         "Internet Explorer 11"),
        ("12/27/2026, 1:30:05 PM GMT+9", SEOUL, True, "JavaScript en-US with a zone"),
        ("12/27/2026 13:30:05.123456 KST", SEOUL, True, "PostgreSQL SQL style"),
        ("12/27/2026", DAY, False, "SQL Server style 101"),
        ("12-27-2026", DAY, False, "SQL Server style 110"),
        ("27/12/2026 13:30:05", CLOCK, False, "JavaScript fr-FR, .NET fr-FR"),
        ("27/12/2026, 13:30:05", CLOCK, False, "JavaScript en-GB, es-ES, pt-BR"),
        ("27/12/2026, 1:30:05 pm", CLOCK, False, "JavaScript en-IN, en-AU"),
        ("27/12/2026, 13.30.05", CLOCK, False, "JavaScript id-ID"),
        ("13:30:05 27/12/2026", CLOCK, False, "JavaScript vi-VN"),
        ("27.12.2026", DAY, False, "SQL Server style 104"),
        ("27.12.2026 13:30:05", CLOCK, False, ".NET de-DE, PostgreSQL German"),
        ("28.11.2026 22:53:50", NIGHT, False, ".NET de-DE"),
        ("27.12.2026, 13:30:05", CLOCK, False, "JavaScript de-DE, Java"),
        ("27.12.2026, 13.30.05", CLOCK, False, "JavaScript da-DK"),
        ("27. 12. 2026 13:30:05", CLOCK, False, "JavaScript cs-CZ"),
        ("27.12.2026 13:30:05.123456 KST", SEOUL, True, "PostgreSQL German style"),
        ("27-12-2026, 13:30:05", CLOCK, False, "JavaScript nl-NL"),
        ("12/12/2026", DAY.replace(day=12), False, "the same day in either order"),
    ),
    "iso-week": (
        ("2026-W52-7", DAY, False, "Python, ISO 8601"),
        ("2026W527", DAY, False, "ISO 8601 basic"),
        ("2026-W48-6", datetime(2026, 11, 28, tzinfo=UTC), False, "ISO 8601"),
        ("2026-W52-7+09:00", DAY.replace(tzinfo=KST), False, "Java ISO_WEEK_DATE"),
        ("2026-W52-7T04:30:05Z", SEOUL, True, "ISO 8601"),
    ),
    "iso-ordinal": (
        ("2026-361", DAY, False, "Python %Y-%j"),
        ("2026-332", datetime(2026, 11, 28, tzinfo=UTC), False, "ISO 8601"),
        ("2026-361+09:00", DAY.replace(tzinfo=KST), False, "Java ISO_ORDINAL_DATE"),
        ("2026-361T04:30:05Z", SEOUL, True, "ISO 8601"),
    ),
}
# fmt: on

# What says nothing of a day, or of one that is none: it fails.
NO_DATE = (
    *(
        "",
        " ",
        "never",
        "무기한",
        "null",
        "None",
        "undefined",
        "infinity",
        "[object Object]",
        "{만료일}",
    ),
    *(
        "0",
        "-1",
        "3600",
        "2030",
        "P1D",
        "P30D",
        "in 30 days",
        "30일",
        "NaN",
        "Invalid Date",
        "1:30PM",
    ),
    *("tomorrow", "unlimited", "영구", "만료일 없음", "true", "%Y-%m-%d", "yyyy-MM-dd", "0000"),
    # Fields that no calendar has.
    *("2026-13-45", "2099-13-01 00:00:00", "2030-06-31", "2030-02-29", "0000-00-00", "20301301"),
    *(
        "0000-00-00 00:00:00",
        "00000000",
        "2030-06-01 25:00",
        "2030-06-01 15:60",
        "2030-06-01T15:04:61Z",
    ),
    *("2030-06-01T24:00:01", "2026년 13월 45일", "20260230", "20261301000000", "Feb 30, 2027"),
    *("31 Apr 2027", "Wed Feb 30 13:30:05 KST 2027", "Sat, 31 Nov 2026 04:30:05 GMT"),
    *(
        "13/13/2026",
        "45/45/2026",
        "00/00/0000",
        "31/02/2027",
        "32.12.2026",
        "2026-W54-1",
        "2026-W10-8",
    ),
    *("2026-W53-8", "2027-W53-1", "2026-000", "2026-366", "2026-999", "2026-12-27 13:30:99"),
)

# What may be a date: it is observed, and no failure.
UNKNOWN = (
    *("01/02/2027", "1/2/2027 10:00:00 AM", "01.02.2027", "06-01-2030", "05/06/2030", "01-02-2020"),
    # Two digits for a year.
    *("27-DEC-26", "12/27/26, 1:30 PM", "26. 12. 27. 오후 1:30", "Sunday, 27-Dec-26 13:30:05 KST"),
    *(
        "Sun, 27 Dec 26 13:30:05 +0900",
        "30-06-01",
        "261228",
        "261227133005Z",
        "Dec 27, 26",
        "27.12.26",
    ),
    "27-DEC-26 01.30.05.123456 PM +09:00",
    # Half of a date.
    *(
        "2030-06",
        "2030-06-01T",
        "Dec 27",
        "27 Dec",
        "12월 27일",
        "23:59:59",
        "2026-W52",
        "December",
    ),
    # Words of other languages, and of ours.
    *("Sonntag, 27. Dezember 2026 um 13:30:05", "27 décembre 2026 à 13:30:05 KST", "R08.12.27"),
    *(
        "27.12.2026 klo 13.30.05",
        "2026/12/27 下午1:30:05",
        "٢٧/١٢/٢٠٢٦",
        "令和8年12月27日 13時30分",
    ),
    *("expires 2030-06-01", "2030-06-01 15:04:05 later", "2026-12-27 ~ 2027-12-27", "2026 12 27"),
    # Other calendars, other counts.
    *("1448-06-18", "18/06/1448 10:53:50:123PM", "1405/10/06", "0044-03-15 BC", "2461401.68755787"),
    *("86400", "2592000", "86400000", "PT2592000S", "190655664", "19065566450", "-1906556645"),
    *(
        "1798345805123456",
        "1798345805123456789",
        "638700000000000000",
        "1.798345805123E9",
        "46383.5625",
    ),
    *("2033010100", "27122026", "27122026133005", "12272026", "261227133005", "0x6B3C1F00"),
    *("datetime.datetime(2026, 12, 27, 13, 30)", "[2026,12,27,13,30]", "{{2026,12,27},{13,30,5}}"),
    *("Kq7-a-secret-of-the-server-12345", "550e8400-e29b-41d4-a716-446655440000", "10000-01-01"),
    *("2026-2026-12-27 00:00:00", "99999", "1" * 150, "9" * 5000, "2026-12-27" + " " * 300 + "x"),
)

# As far ahead as anything can be told.
FAR_AHEAD = (
    *("9999-12-31", "9999-12-31T23:59:59Z", "99991231235959", "2999.12.31", "9999-12-31 24:00:00"),
    *("9999-12-31T23:59:59.999999999-12:00", "9999-12-31T00:00:00+14:00", "Fri Dec 31 9999"),
    *(
        "+275760-09-13T00:00:00.000Z",
        "+999999999-12-31T23:59:59.999999999",
        "+1000000000-12-31T23:59:59Z",
    ),
    *("Sun Aug 17 16:12:55 KST 292278994", "Sat Sep 13 275760 09:00:00 GMT+0900 (KST)"),
    *("/Date(253402300799999)/", "/Date(9223372036854775807)/", "9999999999", "9999999999999"),
    *("27/12/2569 13:30:05", "Dec 31, 9999, 11:59:59 PM"),
)

# Dates that nobody meant to issue.
LONG_PAST = (
    *("0001-01-01T00:00:00", "1/1/0001 12:00:00 AM", "0001-01-01 00:00:00 +0000 UTC", "0000000000"),
    *("/Date(-62135596800000)/", "1970-01-01T00:00:00.000Z", "Thu Jan 01 09:00:00 KST 1970"),
    *("Wed, 31 Dec 1969 23:59:59 GMT", "0001-01-01T00:00:00+14:00", "/Date(-9223372036854775808)/"),
)

READ = [
    pytest.param(form, *row[:3], id=f"{row[3]}: {row[0]}")
    for form, rows in PRINTED.items()
    for row in rows
]


@pytest.mark.parametrize(("form", "text", "moment", "exact"), READ)
def test_what_a_platform_prints_is_read(
    form: str, text: str, moment: datetime, exact: bool
) -> None:
    for written in (text, f" {text}\n", text.replace(" ", "\u00a0"), text.replace(" ", "  ")):
        expiry = read_expiry(written)
        assert isinstance(expiry, Expiry)
        assert (expiry.moment.replace(microsecond=0), expiry.exact, expiry.form) == (
            moment,
            exact,
            form,
        )


def test_the_table_is_of_many_platforms_and_every_form() -> None:
    assert len(READ) >= 130
    assert set(PRINTED) == {form for form, _ in PATTERNS}


@pytest.mark.parametrize("text", NO_DATE)
def test_what_holds_no_date_or_an_impossible_one_is_none(text: str) -> None:
    assert read_expiry(text) is Unread.NONE


@pytest.mark.parametrize("text", UNKNOWN, ids=lambda text: text[:40])
def test_what_may_be_a_date_in_a_form_that_is_not_known_is_no_failure(text: str) -> None:
    assert read_expiry(text) is Unread.UNKNOWN


@pytest.mark.parametrize("text", FAR_AHEAD)
def test_a_date_far_in_the_future_is_fine(text: str) -> None:
    expiry = read_expiry(text)
    assert isinstance(expiry, Expiry)
    for zone in (UTC, timezone(timedelta(hours=-12)), timezone(timedelta(hours=14))):
        assert not expiry.is_past(DAY.astimezone(zone))


@pytest.mark.parametrize("text", LONG_PAST)
def test_a_date_of_no_time_at_all_is_past(text: str) -> None:
    expiry = read_expiry(text)
    assert isinstance(expiry, Expiry)
    assert expiry.is_past(DAY)
    expiry.is_past(datetime.min.replace(tzinfo=UTC))
    expiry.is_past(datetime.max.replace(tzinfo=UTC))


@given(
    st.text(max_size=60)
    | st.from_regex("|".join(pattern for _, pattern in PATTERNS[:1]), fullmatch=True)
)
def test_no_text_raises(text: str) -> None:
    assert isinstance(read_expiry(text), (Expiry, Unread))


@given(
    st.lists(
        st.sampled_from(
            [
                *("2026", "99999", "년", "월", "일", "오후 ", " PM", "KST", "Dec", "Sun, ", "W"),
                *("/Date(", ")/", "GMT+9", "+99:99", "0000", "9" * 30, "m=+"),
                *"0123456789 -./:,T+Z()[]",
            ]
        ),
        max_size=14,
    )
)
def test_no_pieces_of_dates_raise(pieces: list[str]) -> None:
    found = read_expiry("".join(pieces))
    if isinstance(found, Expiry):
        found.is_past(DAY)


def test_a_day_of_slack_is_given_where_zone_or_time_is_unknown() -> None:
    vague, exact = read_expiry("2026-12-27 13:30:05"), read_expiry("2026-12-27T13:30:05Z")
    assert isinstance(vague, Expiry)
    assert isinstance(exact, Expiry)
    second = timedelta(seconds=1)
    assert not vague.is_past(CLOCK + SLACK)
    assert vague.is_past(CLOCK + SLACK + second)
    assert not exact.is_past(CLOCK)
    assert exact.is_past(CLOCK + second)


def test_now_is_the_date_of_the_answer_else_the_clock() -> None:
    assert clock_of("Sun, 27 Dec 2026 13:30:05 GMT", 0.0) == CLOCK
    assert clock_of("Sun, 27 Dec 2026 13:30:05 -0000", 0.0) == CLOCK


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "yesterday", "2030-06-01T15:04:05Z", "Sun, 27 Dec 99999 13:30:05 GMT"),
        *(f"Sun, 27 Dec {'9' * 30} 13:30:05 GMT"),
        *(
            f"Sun, 27 Dec {'9' * 5000} 13:30:05 GMT",
            "Sun, 27 Dec 2026 13:30:05 +99999999999999999999",
        ),
        *(f"Sun, {'9' * 100} Dec 2026 13:30:05 GMT", f"Sun, 27 Dec 2026 {'9' * 50}:30:05 GMT"),
    ],
    ids=lambda header: str(header)[:40],
)
def test_a_date_header_that_is_none_is_no_clock(header: str | None) -> None:
    assert clock_of(header, CLOCK.timestamp()) == CLOCK


UNREAD_LIBERTIES = frozenset(
    {
        *("either-order", "oracle-two-digits", "german-words", "hijri", "month", "time-only"),
        *("seconds-to-come", "microseconds", "long-text"),
    }
)


@pytest.mark.parametrize(("name", "write"), [(row[0], row[2]) for row in EXPIRIES])
def test_the_dates_of_known_good_servers_are_read_and_to_come(name: str, write: Any) -> None:
    text = write(None, {})
    expiry = read_expiry(text)
    if name in UNREAD_LIBERTIES:
        assert expiry is Unread.UNKNOWN, text
    else:
        assert isinstance(expiry, Expiry), text
        assert not expiry.is_past(datetime.now(UTC)), text


@pytest.mark.parametrize(
    ("name", "write"), [(row[0], row[3]) for row in VALUES if row[0].startswith("expiry-")]
)
def test_the_dates_of_known_bad_servers_are_none_or_past(name: str, write: Any) -> None:
    text = write("2026-12-27 13:30:05.0")
    if isinstance(text, str):
        expiry = read_expiry(text)
        assert expiry is Unread.NONE or (
            isinstance(expiry, Expiry) and expiry.is_past(datetime.now(UTC))
        ), (name, text)
    else:
        assert text is not None or name in ("expiry-null", "expiry-absent"), name
