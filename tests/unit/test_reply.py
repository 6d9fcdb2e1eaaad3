from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etstats.interactions.reply import (
    Attachment,
    Button,
    Choice,
    Embed,
    Field,
    Message,
    Press,
    answer_json,
    choices_json,
    deferral_json,
    message_json,
    sentence,
    shortened,
)
from local.discord_limits import check_answer, check_message

# a text is written as its piece and how often that comes, so that a failing example stays readable
PIECES = st.sampled_from(["x", " ", "é🎯", "`", "```\nrow of a table\n", "\n", "\\", "\u200b"])
TEXTS = st.tuples(PIECES, st.sampled_from([0, 1, 5, 50, 300, 1200, 5000]))
FIELDS = st.tuples(TEXTS, TEXTS)
EMBEDS = st.tuples(TEXTS, TEXTS, TEXTS, st.lists(FIELDS, max_size=30))


def _text(told: tuple[str, int]) -> str:
    return told[0] * told[1]


def _embed(told: Any) -> Embed:
    title, description, footer, fields = told
    listed = tuple(Field(name=_text(name), value=_text(value)) for name, value in fields)
    return Embed(title=_text(title), description=_text(description), footer=_text(footer), fields=listed, colour=1)


def _seal(press: Press) -> str:
    return f"{press.command}?{press.options}"[:100]


@given(content=TEXTS, embeds=st.lists(EMBEDS, max_size=12))
def test_whatever_a_card_holds_discord_takes_it(content: Any, embeds: list[Any]) -> None:
    told = message_json(Message(content="x" + _text(content), embeds=tuple(map(_embed, embeds))), _seal)
    assert check_message(told) == []


def test_every_reply_mentions_nobody() -> None:
    for reply in (answer_json(sentence("@everyone"), _seal), answer_json(Message(content="x"), _seal, in_place=True)):
        data = reply["data"]
        assert isinstance(data, dict)
        assert data["allowed_mentions"] == {"parse": []}


def test_the_types_are_discords() -> None:
    assert deferral_json() == {"type": 5}
    assert deferral_json(in_place=True) == {"type": 6}
    assert deferral_json(private=True) == {"type": 5, "data": {"flags": 64}}
    assert choices_json((Choice(name="Mittens", value="#1"),)) == {
        "type": 8,
        "data": {"choices": [{"name": "Mittens", "value": "#1"}]},
    }
    shown = answer_json(sentence("no"), _seal)
    assert isinstance(shown["data"], dict)
    assert (shown["type"], shown["data"]["flags"]) == (4, 64)
    assert answer_json(Message(content="x"), _seal, in_place=True)["type"] == 7


def test_too_many_suggestions_are_cut_to_what_discord_shows() -> None:
    many = (Choice(name=f"{number} " + "x" * 200, value="#1") for number in range(40))
    assert check_answer(choices_json(many)) == []


def test_a_cut_code_block_is_closed_again() -> None:
    cut = shortened("```\n" + "row of a table\n" * 100 + "```", 200)
    assert cut.endswith("…\n```")
    assert cut.count("```") == 2
    assert len(cut) <= 200


def test_what_fits_stays_as_it_is() -> None:
    assert shortened("x" * 200, 200) == "x" * 200


def test_the_first_fields_stay_and_the_card_says_that_it_was_shortened() -> None:
    fields = tuple(Field(name=f"field {number}", value="v" * 1000) for number in range(10))
    told = message_json(Message(embeds=(Embed(title="t", fields=fields, footer="n=3"),)), _seal)
    embeds: Any = told["embeds"]
    embed = embeds[0]
    assert [field["name"] for field in embed["fields"]] == [f"field {number}" for number in range(5)]
    assert embed["footer"]["text"] == "n=3 · shortened to fit"


def test_buttons_are_sealed_and_files_listed() -> None:
    button = Button(label="▶", press=Press(command="leaderboard", options=(("page", "2"),)))
    file = Attachment(name="a.csv", content=b"x", media_type="text/csv")
    told = message_json(Message(content="x", rows=((button,),), files=(file,)), _seal)
    assert told["components"] == [
        {
            "type": 1,
            "components": [{"type": 2, "style": 2, "label": "▶", "custom_id": "leaderboard?(('page', '2'),)"}],
        }
    ]
    assert told["attachments"] == [{"id": "0", "filename": "a.csv"}]


@pytest.mark.parametrize("limit", [1, 3, 5, 10])
def test_even_a_tiny_limit_is_kept(limit: int) -> None:
    assert len(shortened("x" * 50, limit)) <= limit
