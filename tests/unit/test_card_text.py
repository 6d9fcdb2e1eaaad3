from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etstats.cards.text import clock, escaped, in_table, thousands


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("@everyone", "@\u200beveryone"),
        ("<@123>", "\\<@\u200b123\\>"),
        ("**bold**", "\\*\\*bold\\*\\*"),
        ("[free](http://x)", "\\[free\\](http\u200b://x)"),
        ("discord.gg/x", "discord\u200b.gg/x"),
        ("# big", "\\# big"),
        ("||spoiler||", "\\|\\|spoiler\\|\\|"),
        ("a\u202eb\u200bc\x07d", "abcd"),
        ("two\nlines", "twolines"),
        ("", "(no name)"),
        ("xX_Pan2er_Xx", "xX\\_Pan2er\\_Xx"),
    ],
)
def test_a_name_shows_as_it_is_and_does_nothing(name: str, shown: str) -> None:
    assert escaped(name) == shown


@given(name=st.text(max_size=60), columns=st.integers(4, 20))
def test_a_name_in_a_table_fills_its_column_and_cannot_end_the_block(name: str, columns: int) -> None:
    cell = in_table(name, columns)
    assert sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in cell) == columns
    assert "`" not in cell
    assert "\n" not in cell


def test_figures() -> None:
    assert (clock(525), clock(0), clock(None)) == ("8:45", "0:00", "–")
    assert [thousands(one) for one in (999, 3412, 123_456, None)] == ["999", "3.4k", "123k", "–"]
