from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etstats.interactions.custom_id import BadButton, ExpiredButton, Pressed, key_from, seal, unseal
from etstats.interactions.reply import Beside, Press

KEY = key_from("a bot's token")
NOW_MS = 1_760_000_000_000
WEEK_MS = 7 * 24 * 3600 * 1000
PRESS = Press(command="leaderboard", options=(("stat", "headshots"), ("page", "12")))
SEALED = seal(PRESS, key=KEY, user_id="18446744073709551615", now_ms=NOW_MS)


def test_what_was_sealed_comes_back_with_whom_it_was_for() -> None:
    assert unseal(SEALED, key=KEY, now_ms=NOW_MS) == Pressed(press=PRESS, user_id="18446744073709551615")


@pytest.mark.parametrize("fills", ["", "page"])
@pytest.mark.parametrize("beside", Beside)
def test_where_the_answer_goes_comes_back(beside: Beside, fills: str) -> None:
    press = Press(command="clip", options=(("demo", "#7"),), fills=fills, beside=beside)
    assert unseal(seal(press, key=KEY, user_id="42", now_ms=NOW_MS), key=KEY, now_ms=NOW_MS).press == press


def test_the_longest_state_and_the_longest_user_id_fit() -> None:
    assert len(SEALED.encode()) <= 100


def test_a_state_that_does_not_fit_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="too long"):
        seal(Press(command="x" * 80), key=KEY, user_id="42", now_ms=NOW_MS)


def test_a_button_works_for_a_week_and_then_says_what_to_ask() -> None:
    assert unseal(SEALED, key=KEY, now_ms=NOW_MS + WEEK_MS).press == PRESS
    with pytest.raises(ExpiredButton, match=r"refusal\.expired_button") as expired:
        unseal(SEALED, key=KEY, now_ms=NOW_MS + WEEK_MS + 60_000)
    assert expired.value.values == {"command": "leaderboard"}


@given(at=st.integers(0, len(SEALED) - 1), sign=st.characters(codec="utf-8"))
def test_changing_any_sign_makes_it_not_ours(at: int, sign: str) -> None:
    forged = SEALED[:at] + sign + SEALED[at + 1 :]
    if forged != SEALED:
        with pytest.raises(BadButton):
            unseal(forged, key=KEY, now_ms=NOW_MS)


@given(text=st.text(max_size=120))
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(BadButton):
        unseal(text, key=KEY, now_ms=NOW_MS)


def test_another_key_makes_nothing_of_it() -> None:
    with pytest.raises(BadButton):
        unseal(SEALED, key=key_from("another token"), now_ms=NOW_MS)


def test_another_versions_button_is_not_ours_any_more_even_with_our_key() -> None:
    told = "1." + SEALED.rpartition(".")[0].split(".", 1)[1]
    mac = base64.urlsafe_b64encode(hmac.digest(KEY, told.encode(), hashlib.sha256)[:9]).decode()
    with pytest.raises(BadButton):
        unseal(f"{told}.{mac}", key=KEY, now_ms=NOW_MS)
