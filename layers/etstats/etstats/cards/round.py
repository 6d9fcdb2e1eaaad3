"""The card a channel gets when a round ends: what happened and why, both sides by damage, the game's awards; and once
its map's second round is over, the whole map in its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from etstats.cards.evening import reason
from etstats.cards.text import ALLIES, AXIS, GREY, TEAM_A, TEAM_B, escaped, in_table, plain, table
from etstats.domain.announcement import AnnouncedLine, AnnouncedRound, Half, RoundAward, teams, top_awards
from etstats.domain.round import lasted_s
from etstats.domain.stats_file import ALLIES as ALLIES_SIDE
from etstats.domain.stats_file import AXIS as AXIS_SIDE
from etstats.interactions.reply import Button, Embed, Field, Message, Press
from etstats.words import Words

VIEWS = ("table", "mine", "awards")
_COLOURS = {AXIS_SIDE: AXIS, ALLIES_SIDE: ALLIES}
_TEAM_COLOURS = {"A": TEAM_A, "B": TEAM_B}
_SIDE_LINES = 12
_LEFT = 12
_FIRST_ROUNDS = ("r1", "r1_without_r2", "aborted_r1")


def card(words: Words, halves: Sequence[Half], *, about: int, guild_id: str | None = None) -> Message:
    """*halves*: the round, or both of a complete map in order; *about*: the one of them that is being told; *guild_id*:
    the Discord server it is told to."""
    embed = _map(words, halves) if len(halves) == 2 else _round(words, halves[0])
    return Message(embeds=(embed,), rows=((*_buttons(words, halves, about), *_demos(words, halves, guild_id)),))


def _demos(words: Words, halves: Sequence[Half], guild_id: str | None) -> tuple[Button, ...]:
    """One for each round that a demo shows."""
    shown = [half.round for half in halves if half.round.has_demo_for(guild_id)]
    return tuple(
        Button(
            label=words("round.button_demo") if len(halves) == 1 else words("round.button_demo_of", n=number(played)),
            press=Press(command="demo round", options=(("id", f"{played.round_id:x}"),)),
        )
        for played in shown
    )


def _buttons(words: Words, halves: Sequence[Half], about: int) -> tuple[Button, ...]:
    return tuple(
        Button(
            label=words(f"round.button_{view}"),
            press=Press(command="round", options=(("id", f"{about:x}"), ("view", view))),
            disabled=view == "awards" and not any(half.awards for half in halves),
        )
        for view in VIEWS
    )


# -- one round -------------------------------------------------------------------------------------------------------


def _round(words: Words, half: Half) -> Embed:
    played = half.round
    sides = (_attackers(played), played.defender_team)
    fields = [_side(words, half, side) for side in sides if side in _COLOURS and half.lines]
    left = [line for line in half.lines if line.team not in _COLOURS]
    return Embed(
        title=result(words, played, what=f"{escaped(played.map.upper())} R{number(played)}"),
        description="\n".join([*_why(words, played), *_trust(words, [half])]),
        colour=_COLOURS.get(played.winner_team or 0, GREY) if played.counted and played.outcome else GREY,
        fields=(*fields, *_left(words, left), *_awards(words, half.awards)),
        footer=_footer(words, [half]),
    )


def number(played: AnnouncedRound) -> int:
    """An aborted first round is named round 2 by the game."""
    return 1 if played.role in _FIRST_ROUNDS else played.number


def _attackers(played: AnnouncedRound) -> int | None:
    return {AXIS_SIDE: ALLIES_SIDE, ALLIES_SIDE: AXIS_SIDE}.get(played.defender_team or 0)


def side_name(words: Words, side: int | None) -> str:
    return words("round.allies" if side == ALLIES_SIDE else "round.axis")


def result(words: Words, played: AnnouncedRound, *, what: str) -> str:
    """SUPPLY R2 · Allies hold 11:58 / 12:00"""
    if played.outcome is None or played.winner_team not in _COLOURS:
        return words("round.no_result", what=what)
    return words(
        "round.held" if played.outcome == "defended" else "round.completed",
        what=what,
        side=side_name(words, played.winner_team),
        time=words.clock(lasted_s(played.duration_s, played.limit_s)),
        limit=words.clock(played.limit_s),
    )


def _why(words: Words, played: AnnouncedRound) -> list[str]:
    if not played.counted:
        return [words("round.uncounted", reason=reason(words, played.uncounted_reason))]
    attackers, lasted = side_name(words, _attackers(played)), lasted_s(played.duration_s, played.limit_s)
    if played.outcome is None or played.defender_team not in _COLOURS:
        return []
    if played.gave_up:
        return [words("round.gave_up", side=attackers)]
    if played.outcome == "defended":
        return [words("round.kept_out", side=attackers)]
    if lasted is None or played.limit_s is None or lasted >= played.limit_s:
        return []
    return [words("round.got_through", side=attackers, left=words.clock(played.limit_s - lasted))]


def _side(words: Words, half: Half, side: int | None) -> Field:
    mine = [line for line in half.lines if line.team == side]
    task = "round.defends" if side == half.round.defender_team else "round.attacks"
    return _ranked(words, words(task, side=side_name(words, side)), mine)


# -- a whole map -----------------------------------------------------------------------------------------------------


def _map(words: Words, halves: Sequence[Half]) -> Embed:
    first, last = halves[0].round, halves[-1].round
    played = teams(halves)
    fields = [_ranked(words, team_name(words, last, team), played.get(team, [])) for team in ("A", "B")]
    awards = halves[-1].awards or halves[0].awards
    lines = [_won(words, last), *(_half_line(words, half) for half in halves), _score(words, last)]
    return Embed(
        title=_map_title(words, first, last),
        description="\n".join([*lines, *_trust(words, halves)]),
        colour=_TEAM_COLOURS.get(last.map_winner_team or "", GREY),
        fields=(*fields, *_left(words, played.get(None, [])), *_awards(words, awards)),
        footer=_footer(words, halves),
    )


def _map_title(words: Words, first: AnnouncedRound, last: AnnouncedRound) -> str:
    what = escaped(first.map.upper())
    if last.map_winner == "draw":
        return words("round.title_draw", map=what)
    return words("round.title_map", map=what, team=team_name(words, last, last.map_winner_team or ""))


def team_name(words: Words, played: AnnouncedRound, team: str) -> str:
    """As people named it, else by its letter."""
    named = played.team_a if team == "A" else played.team_b
    return escaped(named[:40]) if named else words("round.team", team=team)


def _won(words: Words, last: AnnouncedRound) -> str:
    first_s, second_s = last.r1_time_s, last.r2_time_s
    if last.map_winner == "draw":
        return words("round.drawn")
    if last.map_winner == "r1_attackers":
        return words("round.kept_after", first=words.clock(first_s))
    if first_s is None:
        return words("round.over_hold", second=words.clock(second_s))
    return words("round.faster", second=words.clock(second_s), first=words.clock(first_s))


def _half_line(words: Words, half: Half) -> str:
    """`R1` A attacks · Axis hold 10:00 / 10:00"""
    attacking = half.team_of(_attackers(half.round) or 0) or ""
    named = half.round.team_a if attacking == "A" else half.round.team_b
    what = words("round.half", number=number(half.round), team=escaped(named[:16]) if named else attacking)
    return result(words, half.round, what=what) + (words("round.and_gave_up") if half.round.gave_up else "")


def _score(words: Words, last: AnnouncedRound) -> str:
    return words(
        "round.score",
        a=team_name(words, last, "A"),
        score_a=last.score_a,
        score_b=last.score_b,
        b=team_name(words, last, "B"),
    )


# -- both ------------------------------------------------------------------------------------------------------------


def _ranked(words: Words, name: str, lines: Sequence[AnnouncedLine]) -> Field:
    """37 columns: name, kills/deaths, damage, head hits of hits, revives."""
    rows = [f"{in_table(words('round.player'), 14)}{'K/D':>8}{'DMG':>6}{'HS':>5}{'REV':>4}"]
    for line in lines[:_SIDE_LINES]:
        called = f"{plain(line.name)} (bot)" if line.is_bot else line.name
        rows.append(
            in_table(called, 14)
            + kills(line).rjust(8)
            + words.thousands(line.damage_given).rjust(6)
            + words.percent(line.gun_headshot_hits, line.gun_hits).replace(" ", "").rjust(5)
            + words.whole(line.revives_given).rjust(4)
        )
    more = len(lines) - _SIDE_LINES
    value = table(rows) if lines else words("round.nobody")
    return Field(name=name, value=value + (f"\n{words('round.more', n=more)}" if more > 0 else ""))


def kills(line: AnnouncedLine) -> str:
    return "–" if line.kills is None or line.deaths is None else f"{line.kills}/{line.deaths}"


def _left(words: Words, lines: Sequence[AnnouncedLine]) -> list[Field]:
    names = " · ".join(escaped(line.name) for line in lines[:_LEFT])
    return [Field(name=words("round.left"), value=names)] if names else []


def _awards(words: Words, awards: Sequence[RoundAward]) -> list[Field]:
    shown = "\n".join(award_line(words, one) for one in top_awards(awards))
    return [Field(name=words("round.awards"), value=shown)] if shown else []


def award_line(words: Words, one: RoundAward) -> str:
    return words(
        "round.award", player=escaped(one.player), award=escaped(one.award), value=escaped(one.value_text.strip())
    )


def _trust(words: Words, halves: Iterable[Half]) -> list[str]:
    """Of the worse half, when it is not the best there is; who cares for one that does not count."""
    grade = max((half.round.grade or "A" for half in halves if half.round.counted), default="A")
    return [words(f"round.trust_{grade.lower()}")] if grade in "BCD" else []


def _footer(words: Words, halves: Sequence[Half]) -> str:
    last = halves[-1].round.written_at
    players = len({line.guid for half in halves for line in half.lines})
    return words(
        "round.footer",
        day=words.day(last),
        time=f"{last:%H:%M}",
        players=words.count("player", players),
        rounds=words.count("round", len(halves)),
    )
