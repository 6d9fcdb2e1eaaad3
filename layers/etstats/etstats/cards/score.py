"""The score card: the big score, each map with both attacks in their order and why it was won, who stood where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from etstats.cards import evening as told
from etstats.cards.session.view import ways
from etstats.cards.text import PHONE_COLUMNS, escaped, in_table, table
from etstats.domain.evening import Evening, PlayedMap, RoundLine, Why
from etstats.domain.lineup import Stint, lineups
from etstats.domain.trust import Grade
from etstats.interactions.reply import Embed, Field, Message
from etstats.words import Words

_NAMES = 24


def card(words: Words, evening: Evening, lines: Sequence[RoundLine]) -> Message:
    session = evening.session
    parts = [told.score(words, evening), _maps(words, evening)]
    legend = words("score.legend") if evening.maps else ""
    fields = [*_lineups(words, evening, lines), *told.lone_rounds(words, evening)]
    embed = Embed(
        title=told.title(words, session, words("score.title")),
        description="\n".join(part for part in parts if part),
        colour=told.colour(session),
        fields=tuple(fields),
        footer="\n".join(part for part in (legend, told.trust(words, evening.rounds)) if part),
    )
    return Message(embeds=(embed,), rows=(ways(words, session.session_id, here="score"),))


def _maps(words: Words, evening: Evening) -> str:
    """40 columns, two lines a map: its number, name and points; then who attacked first, how both did, and why."""
    if not evening.maps:
        return ""
    grades = {one.round_id: one.grade or "" for one in evening.rounds}
    blocks = [line for one in evening.maps[: told.MAP_LINES] for line in _map(words, one, grades)]
    return table(blocks) + told.more(words, "map", len(evening.maps) - told.MAP_LINES)


def _map(words: Words, one: PlayedMap, grades: Mapping[int, str]) -> tuple[str, str]:
    points = "1:1" if one.why is Why.DRAW else f"{one.winner_team} +2"
    grade = max(grades.get(one.round1_id, ""), grades.get(one.round2_id, ""))
    doubt = "" if grade < Grade.C.value else words("score.trust", grade=grade)
    right = "  ".join(part for part in (doubt, points) if part)
    first, second = one.r1_attackers_team, "B" if one.r1_attackers_team == "A" else "A"
    attacks = " → ".join(f"{team} {told.attack(words, one, team)}" for team in (first, second))
    return (
        f"{one.position:>2} {in_table(one.map, PHONE_COLUMNS - 4 - len(right))} {right}",
        f"   {attacks}  {_why(words, one)}",
    )


def _why(words: Words, one: PlayedMap) -> str:
    """Faster by 0:43. What the other side's attack came to says the rest: held, or given up."""
    if one.why is Why.FASTER:
        return words("score.faster", time=words.clock(one.margin_s))
    return words("evening.draw") if one.why is Why.DRAW else ""


def _lineups(words: Words, evening: Evening, lines: Sequence[RoundLine]) -> list[Field]:
    fields = []
    for team, stints in lineups(evening, lines).items():
        names = ", ".join(_stint(words, one, len(evening.maps)) for one in stints[:_NAMES])
        more = told.more(words, "player", len(stints) - _NAMES)
        fields.append(Field(name=told.team_title(words, evening.session, team), value=names + more))
    return fields


def _stint(words: Words, one: Stint, maps: int) -> str:
    """vid; olz (1–3, 5) who stood there on these maps only."""
    name = escaped(one.name)
    if len(one.positions) == maps:
        return name
    return words("score.stint", name=name, maps=_spans(one.positions))


def _spans(positions: Sequence[int]) -> str:
    """1, 2, 3, 5 → 1–3, 5."""
    spans: list[list[int]] = []
    for at in positions:
        if spans and spans[-1][-1] == at - 1:
            spans[-1].append(at)
        else:
            spans.append([at])
    return ", ".join(f"{span[0]}" if len(span) == 1 else f"{span[0]}–{span[-1]}" for span in spans)
