"""Names as the game prints them, and keys to find them by."""

from __future__ import annotations

import pytest

from etstats.domain.name import is_bot, search_key, short_names, strip_colours


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("^6S^2uper^6B^2oyy", "SuperBoyy"),
        ("^/fnx^d NO MERCY", "fnx NO MERCY"),
        ("^1'^/fnx", "'fnx"),
        ("^D/^4/^?/^zM.^0Gekku", "///M.Gekku"),
        ("a^^1b", "a^b"),  # the first ^ prints, the second starts a code
        ("ends with ^", "ends with ^"),
        ("^ blank is no code", "^ blank is no code"),
        ("tab\tand bell\x07", "taband bell"),
        ("na\u00efve", "nave"),  # as the engine cleans
        ("\u0416\u0443\u043a", "\u0416\u0443\u043a"),  # nothing would be left
    ],
)
def test_colour_codes_are_taken_off_as_the_engine_does(raw: str, shown: str) -> None:
    assert strip_colours(raw) == shown


def test_a_search_key_ignores_case_accents_and_signs() -> None:
    assert search_key("///M.Gékku Ⅻ") == "mgekkuxii"


def test_bots_are_known_by_guid_or_name() -> None:
    assert is_bot("OMNIBOT0", "anything")
    assert is_bot("12345678", "[BOT]Otto")
    assert not is_bot("12345678", "Otto [BOT]")


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["slomix.olz", "slomix.vid", "qmr"], ["olz", "vid", "qmr"]),
        (["///M.Gekku", "///M.rAzzdog"], ["Gekku", "rAzzdog"]),
        (["ripaZha eLx", "ripazha dAFF"], ["eLx", "dAFF"]),  # however it is written
        (["slomix.olz", "vid"], ["slomix.olz", "vid"]),  # nobody else wears it: it may be his name
        (["a.olz", "a.vid", "olz"], ["a.olz", "vid", "olz"]),  # two would be called the same
        (["a.", "a."], ["a.", "a."]),
        (["", "///"], ["", "///"]),
    ],
)
def test_a_tag_that_several_wear_is_left_out(names: list[str], short: list[str]) -> None:
    found = short_names(names)
    assert [found[name] for name in names] == short
