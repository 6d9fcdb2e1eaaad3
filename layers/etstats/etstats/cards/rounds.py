"""The rounds card: how each round ended and how far to rely on it, and the receipt of every file: how far it came, or
why not, in players' words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from etstats.cards import evening as told
from etstats.cards.session.view import ways
from etstats.cards.text import NEUTRAL, escaped
from etstats.domain.evening import PlayedRound, PlayedSession
from etstats.domain.receipt import Receipt
from etstats.domain.round import lasted_s
from etstats.domain.rounds import ListedRound, Listing
from etstats.domain.trust import Grade
from etstats.interactions.reply import Button, Embed, Field, Message, Press
from etstats.words import Words

PAGE = 6
_LOOSE = 6
_DOUBTS = 2
_KINDS = ("stats", "endstats", "gametime")


def card(
    words: Words,
    listing: Listing,
    *,
    session: PlayedSession | None,
    map: str,
    asked: Sequence[tuple[str, str]],
    now: datetime,
) -> Message:
    """*session* None: the map's rounds of all sessions. *asked*: the options that make this list."""
    about = [words("rounds.title"), *([escaped(map[:64])] if map else [])]
    title = " · ".join(about) if session is None else told.title(words, session, *about)
    fields = [_round(words, one, now, dated=session is None) for one in listing.rounds]
    if listing.loose:
        loose = [_file(words, escaped(one.name[:80]), one, None) for one in listing.loose[:_LOOSE]]
        more = told.more(words, "file", len(listing.loose) - _LOOSE)
        fields.append(Field(name=words("rounds.loose"), value="\n".join(loose) + more))
    embed = Embed(
        title=title,
        description="" if listing.rounds else words("rounds.none"),
        colour=NEUTRAL if session is None else told.colour(session),
        fields=tuple(fields),
        footer=f"{words('rounds.page', page=listing.page)} · {words('rounds.legend')}",
    )
    around = () if session is None else (ways(words, session.session_id, here="rounds"),)
    return Message(embeds=(embed,), rows=(*_pages(listing, asked), *around))


def _pages(listing: Listing, asked: Sequence[tuple[str, str]]) -> tuple[tuple[Button, ...], ...]:
    if listing.page == 1 and not listing.more:
        return ()

    def turn(label: str, page: int, *, there: bool) -> Button:
        return Button(
            label=label, press=Press(command="rounds", options=(*asked, ("page", str(page)))), disabled=not there
        )

    return (
        (
            turn("◀", max(listing.page - 1, 1), there=listing.page > 1),
            turn("▶", listing.page + 1, there=listing.more),
        ),
    )


def _round(words: Words, one: ListedRound, now: datetime, *, dated: bool) -> Field:
    played = one.played
    day = f"{words.short_day(played.written_at)} " if dated else ""
    name = f"{day}{played.written_at:%H:%M} · {escaped(played.map[:40])} R{played.number} · {_result(words, played)}"
    lines = [] if played.counted else [words("rounds.not_counted", reason=told.reason(words, played.reason))]
    lines += _grade(words, one)
    files = ((words(f"rounds.file_{kind}"), getattr(one, kind)) for kind in _KINDS)
    lines += [_file(words, label, receipt, played.written_at) for label, receipt in files if receipt is not None]
    lines += _demo(words, one)
    lines += [f"✖ {words(f'rounds.absent_{absent.value}')}" for absent in one.absent(now)]
    return Field(name=name, value="\n".join(lines))


def _result(words: Words, played: PlayedRound) -> str:
    if played.outcome is None:
        return words("evening.no_result")
    if played.outcome == "completed":
        return words("rounds.done", time=words.clock(played.duration_s))
    lasted = words.clock(lasted_s(played.duration_s, played.limit_s))
    return words("rounds.gave_up" if played.gave_up else "rounds.held", time=lasted)


def _grade(words: Words, one: ListedRound) -> list[str]:
    """Nothing when it is the best; else what stands against it."""
    grade = one.played.grade
    if grade is None or grade == Grade.A.value:
        return []
    keys = [f"trust.{code}" for code in one.doubts]
    why = [words(key) for key in keys if words.knows(key)][:_DOUBTS]
    if not why and not one.played.counted:
        return []  # why it does not count says it
    return [words("rounds.grade", grade=grade, why="; ".join(why) if why else words("trust.unexplained"))]


def _demo(words: Words, one: ListedRound) -> list[str]:
    """What a demo of it has to say; nothing where there is none."""
    if one.demo_whole is None:
        return []
    differs = any(code.startswith("off_demo_") for code in one.doubts)
    seen, says = "whole" if one.demo_whole else "part", "differs" if differs else "agrees"
    return [f"✔ {words('rounds.file_demo')}: {words(f'rounds.demo_{seen}_{says}')}"]


def _file(words: Words, label: str, receipt: Receipt, round_at: datetime | None) -> str:
    if receipt.state == "rejected":
        return f"✖ {label}: {_refusal(words, receipt)}"
    steps = [words("rounds.seen", at=_moment(receipt.seen_at, round_at))]
    at = receipt.seen_at
    for step, reached in (
        ("stored", receipt.stored_at), ("read", receipt.parsed_at), ("out", receipt.published_at),
    ):  # fmt: skip
        if reached is not None:
            steps.append(words(f"rounds.{step}", after=_after(words, reached - at)))
    waiting = _waiting(words, receipt)
    return f"{'✔' if receipt.settled else '…'} {label}: {', '.join(steps)}{waiting}"


def _waiting(words: Words, receipt: Receipt) -> str:
    if receipt.kept:
        return f" – {words('rounds.kept')}"
    if receipt.state in ("seen", "stored", "parsed"):
        state = "fetched" if receipt.state == "seen" and receipt.fetched else receipt.state
        return f" – {words(f'rounds.waiting_{state}')}"
    return ""


def _refusal(words: Words, receipt: Receipt) -> str:
    """In the reader's language where we have words for it; else as it was noted, in English."""
    key = f"refused.{receipt.refusal_code}"
    return words(key) if words.knows(key) else escaped((receipt.refusal or "")[:160])


def _moment(at: datetime, round_at: datetime | None) -> str:
    """In the reader's own time zone, as Discord shows it; with the day when it is not the round's."""
    same_day = round_at is not None and abs((at.date() - round_at.date()).days) <= 1
    return f"<t:{int(at.timestamp())}:{'T' if same_day else 'f'}>"


def _after(words: Words, later: timedelta) -> str:
    seconds = max(0, round(later.total_seconds()))
    if seconds < 120:
        return f"+{seconds} s"
    return f"+{words.hours(seconds)}"
