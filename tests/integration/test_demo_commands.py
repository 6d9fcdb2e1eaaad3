"""/demo, /highlights, /clip and /topshots over analysed demos, on a real PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from etstats.commands.clip import clip
from etstats.commands.demo import demo_delete, demo_info, demo_list, demo_of_round, demo_picture, suggest_demo
from etstats.commands.highlights import highlights
from etstats.commands.question import Question
from etstats.commands.topshots import topshots
from etstats.commands.watch import watch
from etstats.domain.clip import Clip, Wanted
from etstats.domain.demo import Demo, Drawn, Picture, Shown, told_once
from etstats.domain.highlight import Kind
from etstats.domain.video import Video, Watched
from etstats.errors import BadDemo, Refusal
from etstats.interactions.reply import Beside, Menu, Message
from etstats.storage import demo as book
from etstats.storage.database import Database
from etstats.usecases.analyse_demo import analyse_demo
from etstats.words import Words
from tests.builders import buttons, question
from tests.demo_builder import TRIPLE, a_demo_of
from tests.fakes import FakeBucket

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
GUILD, OTHER_GUILD = "7", "8"


SPREE = a_demo_of((10_000, 1, 0), (30_000, 1, 0), (50_000, 1, 0), (70_000, 1, 0))


@pytest.fixture
def analysed(db: Database) -> Database:
    bucket = FakeBucket()
    for content in (TRIPLE, SPREE):
        key = f"demos/{GUILD}/{sha256(content).hexdigest()}.tv_84"
        bucket.objects[key] = content
        assert analyse_demo(db, bucket, key, now=lambda: NOW, time_is_short=lambda: False) == "ready"
    return db


def _ask(db: Database, command: str, *, guild: str = GUILD, permissions: int = 0, **options: Any) -> Question:
    made = question(db, command, at=NOW, **options)
    caller = replace(made.asked.caller, permissions=permissions)
    return replace(made, asked=replace(made.asked, guild_id=guild, caller=caller))


def test_demos_are_listed_for_their_own_server_alone(analysed: Database) -> None:
    message = demo_list(_ask(analysed, "demo list"))
    (menu,) = (one for row in message.rows for one in row if isinstance(one, Menu))
    assert (len(menu.choices), menu.press.fills) == (2, "demo")
    assert len(suggest_demo(_ask(analysed, "demo info"))) == 2
    for refused in (demo_list, demo_info, highlights, topshots):
        with pytest.raises(Refusal):
            refused(_ask(analysed, "demo", guild=OTHER_GUILD))


def test_a_demo_tells_its_players_and_its_best(analysed: Database) -> None:
    (first,) = (choice for choice in suggest_demo(_ask(analysed, "demo info")) if choice.value == "#1")
    (embed,) = demo_info(_ask(analysed, "demo info", demo=first.value)).embeds
    players, best = embed.fields
    assert "vid                  3   0" in players.value
    assert "**1** Multi-kill · vid" in best.value


def test_of_several_demos_of_a_round_the_same_moment_is_told_once(analysed: Database) -> None:
    (shown, *_) = book.highlights(analysed, GUILD, demo_id=1, limit=1)
    twin = replace(shown, demo_id=3, demo_kind="dm_84", highlight=replace(shown.highlight, kind=Kind.HEADSHOTS,
                                                                        also=(shown.highlight.kind,)))  # fmt: skip
    elsewhere = replace(twin, highlight=replace(twin.highlight, client=1))
    assert told_once([elsewhere, twin, shown]) == [shown, elsewhere]
    beside = replace(twin, demo_id=shown.demo_id)  # its own demo tells it apart on purpose
    assert told_once([shown, beside]) == [shown, beside]


def test_a_picture_is_shown_with_its_words_and_the_way_to_the_other(analysed: Database) -> None:
    asked: list[tuple[int, Picture]] = []

    def draw(one: Demo, _: Words, what: Picture) -> Drawn:
        asked.append((one.demo_id, what))
        return Drawn(png=b"png", told="Axis 3 kills")

    message = demo_picture(replace(_ask(analysed, "demo picture", demo="#1", show="timeline"), draw=draw))
    assert asked == [(1, Picture.TIMELINE)]
    assert (message.embeds[0].title, message.embeds[0].description) == ("Timeline · adlernest", "Axis 3 kills")
    assert (message.files[0].content, message.files[0].description) == (b"png", "Axis 3 kills")
    assert [(one.label, one.disabled) for one in buttons(message)] == [
        ("Heat map", False), ("Timeline", True), ("Report", False),
    ]  # fmt: skip


def test_a_picture_that_cannot_be_drawn_is_told(analysed: Database) -> None:
    def draw(one: Demo, _: Words, what: Picture) -> Drawn:
        raise BadDemo("torn", "it is gone")

    with pytest.raises(Refusal) as refused:
        demo_picture(replace(_ask(analysed, "demo picture"), draw=draw))
    assert refused.value.key == "report.cannot_draw"


def test_a_rounds_button_opens_its_most_complete_demo(analysed: Database) -> None:
    pressed = _ask(analysed, "demo round", id="5")
    with pytest.raises(Refusal) as refused:
        demo_of_round(pressed)
    assert refused.value.key == "round.no_demo"
    analysed.run("update demo set round_id = 5, shown_whole = demo_id = 2")
    assert demo_of_round(pressed).embeds[0].footer.startswith("Demo 2")


def test_another_servers_demo_cannot_be_named(analysed: Database) -> None:
    with pytest.raises(Refusal) as refused:
        demo_info(_ask(analysed, "demo info", guild=OTHER_GUILD, demo="#1"))
    assert refused.value.key == "demo.unknown"


def test_the_best_of_all_demos_come_first(analysed: Database) -> None:
    message = highlights(_ask(analysed, "highlights"))
    names = [field.name for field in message.embeds[0].fields]
    assert [name.split(" · ")[1:3] for name in names][:2] == [["Multi-kill", "vid"], ["Killing spree", "carniee"]]
    assert names[0].endswith("34")  # ten for each kill, and half of the eight for the first blood
    clips = [button for button in buttons(message) if button.press.command == "clip"]
    films = [button for button in buttons(message) if button.press.command == "watch"]
    for one in (clips[0], films[0]):
        assert one.press.options == (("demo", "#1"), ("highlight", "1"))
        assert one.press.beside is Beside.FOR_ME  # the list stays


def test_highlights_of_a_kind_a_demo_or_a_day(analysed: Database) -> None:
    (spree,) = highlights(_ask(analysed, "highlights", type="spree")).embeds[0].fields
    assert "carniee" in spree.name
    of_demo = highlights(_ask(analysed, "highlights", when="#1")).embeds[0].fields
    assert {field.name.split(" · ")[2] for field in of_demo} == {"vid"}
    assert highlights(_ask(analysed, "highlights", when="2026-03-10")).embeds[0].fields
    for when, key in (("2026-03-09", "highlights.none"), ("soon", "highlights.no_day")):
        with pytest.raises(Refusal) as refused:
            highlights(_ask(analysed, "highlights", when=when))
        assert refused.value.key == key


def test_what_two_demos_of_a_round_show_is_told_once(analysed: Database) -> None:
    """And of each demo where it is asked for by itself."""
    other = a_demo_of((10_000, 0, 1), (11_000, 0, 1), (12_000, 0, 1), (60_000, 2, 1))
    bucket = FakeBucket()
    key = f"demos/{GUILD}/{sha256(other).hexdigest()}.tv_84"
    bucket.objects[key] = other
    assert analyse_demo(analysed, bucket, key, now=lambda: NOW, time_is_short=lambda: False) == "ready"
    assert _told(analysed) == ["#3 vid", "#1 vid", "#2 carniee", "#2 carniee"]
    analysed.run("update demo set round_id = 99 where demo_id <> 2")
    assert _told(analysed) == ["#3 vid", "#2 carniee", "#2 carniee"]
    assert _told(analysed, when="#1") == ["#1 vid"]
    (embed,) = topshots(_ask(analysed, "topshots")).embeds
    assert [embed.description.count(name) for name in ("vid  ", "olz")] == [1, 1]


def _told(db: Database, **options: Any) -> list[str]:
    """Of which demo each highlight is, and whose."""
    message = highlights(_ask(db, "highlights", **options))
    films = [button for button in buttons(message) if button.press.command == "watch"]
    names = [field.name.split(" · ")[2] for field in message.embeds[0].fields]
    return [f"{film.press.options[0][1]} {name}" for film, name in zip(films, names, strict=True)]


def test_single_performances_are_ranked(analysed: Database) -> None:
    (embed,) = topshots(_ask(analysed, "topshots")).embeds
    assert embed.description.startswith("🥇 **carniee** with **4**")
    (embed,) = topshots(_ask(analysed, "topshots", by="multi_kill")).embeds
    assert "vid" in embed.description and "carniee" not in embed.description


def _cutting(asked: Question) -> tuple[Question, list[Wanted]]:
    wanted: list[Wanted] = []

    def cut(one: Wanted) -> Clip:
        wanted.append(one)
        return Clip(size=4, content=b"demo")

    return replace(asked, cut=cut), wanted


def test_a_highlights_clip_is_its_window(analysed: Database) -> None:
    asked, wanted = _cutting(_ask(analysed, "clip", demo="#1", highlight=1))
    (file,) = clip(asked).files
    assert [(one.from_ms, one.to_ms, one.pov) for one in wanted] == [(6_000, 15_000, -1)]
    assert file.name.endswith(".tv_84")


def test_a_clip_from_when_to_when_through_somebodys_eyes(analysed: Database) -> None:
    asked, wanted = _cutting(_ask(analysed, "clip", demo="#1", start="0:05", end="20", pov="carn"))
    (file,) = clip(asked).files
    assert [(one.from_ms, one.to_ms, one.pov) for one in wanted] == [(6_000, 21_000, 1)]
    assert file.name.endswith(".dm_84")


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"start": "soon"}, "clip.no_time"),
        ({"start": "30", "end": "10"}, "clip.no_range"),
        ({"start": "99:00"}, "clip.no_range"),
        ({"pov": "nobody"}, "clip.unknown_pov"),
        ({"highlight": 99}, "clip.no_highlight"),
    ],
)
def test_what_cannot_be_cut_is_refused_before_anything_is_read(
    analysed: Database, options: dict[str, Any], key: str
) -> None:
    asked, wanted = _cutting(_ask(analysed, "clip", demo="#1", **options))
    with pytest.raises(Refusal) as refused:
        clip(asked)
    assert (refused.value.key, wanted) == (key, [])


def test_a_demo_that_turns_out_not_to_be_cut_says_why(analysed: Database) -> None:
    def cut(_: Wanted) -> Clip:
        raise BadDemo("bad_range", "nothing there")

    with pytest.raises(Refusal) as refused:
        clip(replace(_ask(analysed, "clip", demo="#1"), cut=cut))
    assert refused.value.key == "clip.cannot"


def _video(state: str, percent: int = 0, **more: Any) -> Video:
    told: dict[str, Any] = {"key": None, "still_key": None, "reason": None} | more
    return Video(demo_id=1, position=1, state=state, percent=percent, **told)


READY = Watched(video=_video("ready", 100, key="videos/1/1-0-6000-15000.mp4"), film=b"film")


def _watching(
    asked: Question, *steps: Watched | None, private: bool = False
) -> tuple[Message, list[tuple[int, int]], list[Message]]:
    """The answer when the film goes through *steps*; what was asked for; what was shown on the way."""
    asked_for, shown = list[tuple[int, int]](), list[Message]()

    def film(one: Shown, told: Any) -> Watched | None:
        asked_for.append((one.demo_id, one.position))
        for step in steps[:-1]:
            told(step)
        return steps[-1]

    return watch(replace(asked, watch=film, show=shown.append, private=private)), asked_for, shown


def _labels(message: Message) -> list[str]:
    return [button.label for button in buttons(message)]


def test_a_film_comes_after_how_far_it_is_and_plays_inline(analysed: Database) -> None:
    asked = _ask(analysed, "watch", demo="#1")
    making = Watched(video=_video("rendering", 60, still_key="x"), still=b"png")
    message, asked_for, (first, second) = _watching(asked, Watched(video=_video("asked")), making, READY)
    assert asked_for == [(1, 1)]  # the best
    assert (first.files, "its turn comes" in first.embeds[0].description) == ((), True)
    assert (second.embeds[0].image, second.files[0].content) == ("still.png", b"png")
    assert "▰▰▰▰▰▰▱▱▱▱ 60%" in second.embeds[0].description
    assert _labels(first) == _labels(second) == ["Refresh", "Clip"]
    (film,) = message.files
    assert (film.name, film.media_type, film.content) == ("adlernest-1-1.mp4", "video/mp4", b"film")
    assert (message.embeds[0].title, message.embeds[0].image) == ("1 · Multi-kill · vid", "")
    assert _labels(message) == ["Clip"]


def test_a_webp_is_the_cards_picture(analysed: Database) -> None:
    ready = Watched(video=_video("ready", 100, key="videos/1/1.webp"), film=b"film")
    message, *_ = _watching(_ask(analysed, "watch", demo="#1"), ready)
    assert message.embeds[0].image == message.files[0].name == "adlernest-1-1.webp"


def test_what_one_sees_alone_can_be_shared(analysed: Database) -> None:
    message, *_ = _watching(_ask(analysed, "watch", demo="#1"), READY, private=True)
    share = buttons(message)[1]
    assert (share.label, share.press.command, share.press.beside) == ("Share", "watch", Beside.FOR_ALL)


def test_the_next_one_follows_in_place(analysed: Database) -> None:
    """The spree's demo has a first blood as well."""
    message, *_ = _watching(_ask(analysed, "watch", demo="#2"), READY)
    following = buttons(message)[-1]
    assert following.press.options == (("demo", "#2"), ("highlight", "2"))
    assert following.press.beside is Beside.NO
    last, asked_for, _ = _watching(_ask(analysed, "watch", demo="#2", highlight=2), READY)
    assert (asked_for, "Next ▶" in _labels(last)) == ([(2, 2)], False)


def test_a_film_that_could_not_be_made_says_why_and_leaves_the_clip(analysed: Database) -> None:
    message, *_ = _watching(_ask(analysed, "watch", demo="#1"), Watched(video=_video("failed", reason="too *dark*")))
    assert "There is no film of it: too \\*dark\\*" in message.embeds[0].description
    assert (_labels(message), message.files) == (["Clip"], ())


@pytest.mark.parametrize("options", [{"demo": "#1", "highlight": 99}, {"demo": "#9"}, {"demo": "what"}])
def test_what_is_not_there_cannot_be_watched(analysed: Database, options: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        watch(_ask(analysed, "watch", **options))


def test_only_the_uploader_or_a_manager_deletes(analysed: Database) -> None:
    with pytest.raises(Refusal) as refused:
        demo_delete(_ask(analysed, "demo delete", demo="#1"))
    assert refused.value.key == "demo.not_yours"
    demo_delete(_ask(analysed, "demo delete", demo="#1", permissions=1 << 5))
    assert analysed.values("select demo_id from demo") == [2]
    assert analysed.values("select distinct demo_id from highlight") == [2]
