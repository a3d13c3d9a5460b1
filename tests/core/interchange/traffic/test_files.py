"""Traffic files as they come: separators, time stamps, lines that cannot be read, refusals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.interchange.errors import DocumentError
from core.interchange.traffic import read_traffic, traffic_from_csv
from core.language import speaking

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
HOURS = [MONDAY + timedelta(hours=n) for n in range(48)]


def table(rows: list[str], heading: str = "timestamp,count") -> str:
    return "\n".join([heading, *rows])


GOOD = table([f"{h:%Y-%m-%dT%H:%M:%SZ},{100 + n}" for n, h in enumerate(HOURS)])


@pytest.mark.parametrize(
    "text",
    [
        table([f"{h:%Y-%m-%dT%H:%M:%SZ},{100 + n}" for n, h in enumerate(HOURS)]),
        table([f"{h:%Y-%m-%d %H:%M:%S}+00:00;{100 + n},0" for n, h in enumerate(HOURS)],
              "Time;Requests"),
        table([f"{h:%d.%m.%Y %H:%M}+00:00;{100 + n}" for n, h in enumerate(HOURS)],
              "Zeit;Anzahl"),
        table([f"{h:%Y-%m-%dT%H:%M:%SZ}\t{100 + n},00" for n, h in enumerate(HOURS)],
              "timestamp\tcount"),
        table([f'"{h:%Y-%m-%dT%H:%M:%SZ}","{100 + n}"' for n, h in enumerate(HOURS)],
              '"Timestamp","Count"'),
        table([f"eu,{h.timestamp():.0f},{100 + n}" for n, h in enumerate(HOURS)],
              "region,timestamp,count"),
        table([f"{h.timestamp() * 1e3:.0f},{100 + n}" for n, h in enumerate(HOURS)]),
        table([f"{h.timestamp() * 1e6:.0f},{100 + n}" for n, h in enumerate(HOURS)]),
        table([f"{h.timestamp() * 1e9:.0f},{100 + n}" for n, h in enumerate(HOURS)]),
        table([f"{h + timedelta(hours=2):%Y-%m-%dT%H:%M:%S}+0200,{100 + n}"
               for n, h in enumerate(HOURS)]),
        "\r\n" + GOOD.replace("\n", "\r\n") + "\r\n\r\n",
    ],
)  # fmt: skip
def test_one_table_in_many_dresses(text: str) -> None:
    found = traffic_from_csv(text)
    assert found == traffic_from_csv(GOOD)
    assert found.requests == sum(100 + n for n in range(48))
    assert found.first == "2026-06-01T00:00:00"


def german(thousands: str) -> str:
    """Counts from 950 on as a German spreadsheet writes them."""
    counts = [f"{950 + 7 * n:,}".replace(",", thousands) for n in range(48)]
    return table([f"{h:%d.%m.%Y %H:%M};{c}" for h, c in zip(HOURS, counts, strict=True)],
                 "Zeit;Anzahl")  # fmt: skip


@pytest.mark.parametrize("code", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("text", [
    german("."), german(""), "sep=;\n" + german("."), german(".").replace(";", "\t") + ",0",
])  # fmt: skip
def test_tables_as_german_spreadsheets_write_them(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "Verkehr.csv"
    path.write_bytes(text.replace("\n", "\r\n").encode(code))
    found = read_traffic(path)
    assert found.requests == sum(950 + 7 * n for n in range(48))
    assert not found.skipped_lines


def test_headings_beyond_ascii_are_read_in_the_code_of_western_windows(tmp_path: Path) -> None:
    rows = [f"{h:%d.%m.%Y %H:%M};{100 + n}" for n, h in enumerate(HOURS)]
    path = tmp_path / "trafic.csv"
    path.write_bytes(table(rows, "Heure;Requêtes").encode("cp1252"))
    assert read_traffic(path).requests == sum(100 + n for n in range(48))


def test_lines_are_counted_with_the_one_that_says_the_separator() -> None:
    lines = german("").splitlines()
    lines[3] = "nie;5"
    (skipped,) = traffic_from_csv("\n".join(["sep=;", *lines])).skipped
    assert skipped.line == 5


def test_headings_of_public_traces() -> None:
    rows = [f"{h:%Y-%m-%d %H:%M:%S}.6805900,{4000 + n},{50 + n}" for n, h in enumerate(HOURS)]
    found = traffic_from_csv(table(rows, "TIMESTAMP,ContextTokens,GeneratedTokens"))
    assert found.kind == "request log"
    assert found.input_tokens is not None
    assert found.input_tokens.mean == pytest.approx(4023.5)
    commas = [f"{h:%Y-%m-%d %H:%M:%S},25;10,5;2" for h in HOURS]
    found = traffic_from_csv(table(commas, "time;input tokens;output-tokens"))
    assert found.input_tokens is not None
    assert found.input_tokens.mean == pytest.approx(10.5)


def test_lines_without_a_time_stamp_have_no_say_in_what_the_others_are() -> None:
    good = [f"{h:%Y-%m-%dT%H:%M:%SZ},100" for h in HOURS]
    with pytest.raises(DocumentError, match="line 2: the time stamp must be"):
        traffic_from_csv(table([f"never,{n}" for n in range(60)] + good))


def with_lines_that_cannot_be_read() -> str:
    lines = GOOD.splitlines()
    lines[5] = "2026-06-01T04:00:00Z,many"
    lines[7] = "yesterday,5"
    lines[9] = "2026-06-01T08:00:00Z,-3"
    lines[11] = "2026-06-01T10:00:00Z"
    lines[13] = "2026-06-01T12:00:00,7"
    lines[15] = "1926-06-01T14:00:00Z,7"
    return "\n".join(lines)


def test_lines_that_cannot_be_read_are_skipped_and_named() -> None:
    found = traffic_from_csv(with_lines_that_cannot_be_read())
    assert found.skipped_lines == 6
    assert [s.line for s in found.skipped] == [6, 8, 10, 12, 14, 16]
    reasons = [s.reason for s in found.skipped]
    assert "count must be a number from 0; got 'many'" in reasons[0]
    assert "must be ISO 8601" in reasons[1]
    assert "got '-3'" in reasons[2]
    assert "got ''" in reasons[3]
    assert "no offset, which the others have" in reasons[4]
    assert "between 2000 and 2099" in reasons[5]
    assert found.hours_missing == 6


@pytest.mark.parametrize(("code", "words"), [("de", "erhalten"), ("fr", "reçu")])
def test_what_is_wrong_with_a_line_is_told_in_the_language(code: str, words: str) -> None:
    text = with_lines_that_cannot_be_read()
    english = {s.reason for s in traffic_from_csv(text).skipped}
    with speaking(code):
        told = [s.reason for s in traffic_from_csv(text).skipped]
    assert all(words in reason for reason in told) and not english & set(told)


@pytest.mark.parametrize(
    ("code", "figure"), [("en", "1,200"), ("de", "1.200"), ("fr", "1\u00a0200")]
)
def test_lines_are_counted_as_the_language_writes_numbers(code: str, figure: str) -> None:
    with speaking(code), pytest.raises(DocumentError) as caught:
        traffic_from_csv(table(["x,y"] * 1200))
    assert str(caught.value).count(f"{figure} ") == 2  # "1,200 of 1,200 lines"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["is empty"]),
        ("  \n \n", ["is empty"]),
        ("timestamp,count", ["no rows"]),
        ("when,count\n2026-06-01,3", ["needs a column 'timestamp'", "when,count"]),
        (GOOD.partition("\n")[2], ["needs a column 'timestamp'"]),
        ("\n".join(GOOD.splitlines()[:20]), ["covers 19.0 hours", "one whole day"]),
        (table([f"{h:%Y-%m-%dT%H:%M:%SZ},5" for h in HOURS if h.hour != 3]),
         ["none of them at 03:00"]),
        (table([f"{MONDAY + timedelta(days=n):%Y-%m-%d},5" for n in range(60)]),
         ["a count every 86,400 seconds", "per hour"]),
        (table(["2026-06-01T00:00:00Z,5"] * 30), ["one time only"]),
        (table([f"{h:%Y-%m-%dT%H:%M:%SZ},0" for h in HOURS]), ["no requests at all"]),
        (table([f"{n},{n}" for n in range(100)]),
         ["100 of 100 lines", "line 2", "Unix time, between 2000 and 2099", "'0'"]),
        (table(["x,y"] * 10), ["10 of 10 lines", "line 2"]),
        ("timestamp,count\n" + '"' + "x" * 200_000, ["cannot be read as a table", "line"]),
    ],
)  # fmt: skip
def test_files_that_are_no_traffic(text: str, words: list[str]) -> None:
    with pytest.raises(DocumentError) as caught:
        traffic_from_csv(text, file="load.csv")
    assert str(caught.value).startswith("load.csv: ")
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "Europe", "\x00"])
def test_zones_that_do_not_exist(zone: str) -> None:
    with pytest.raises(DocumentError, match="IANA time zone"):
        traffic_from_csv(GOOD, time_zone=zone)


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "load.csv"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert read_traffic(path) == traffic_from_csv(GOOD)
    path.write_bytes(b"timestamp,count\n\x00\xe9")
    with pytest.raises(DocumentError, match="not text"):
        read_traffic(path)
    with pytest.raises(DocumentError, match="no such file"):
        read_traffic(tmp_path / "none.csv")


CELL = st.one_of(
    st.text(max_size=8),
    st.floats().map(str),
    st.integers(-(10**20), 10**20).map(str),
    st.datetimes().map(datetime.isoformat),
)


@given(
    st.lists(st.tuples(st.integers(1, 48), CELL, CELL), max_size=12),
    st.sampled_from(["", "UTC", "America/New_York"]),
)
def test_whatever_the_lines_hold_ends_in_a_week_or_one_clear_refusal(
    changes: list[tuple[int, str, str]], zone: str
) -> None:
    lines = GOOD.splitlines()
    for place, stamp, count in changes:
        lines[place] = f"{stamp},{count}"
    try:
        found = traffic_from_csv("\n".join(lines), file="load.csv", time_zone=zone)
    except DocumentError as error:
        assert str(error).startswith("load.csv: ")
    else:
        assert np.mean(found.weights) == pytest.approx(1.0)
        assert min(found.weights) >= 0
