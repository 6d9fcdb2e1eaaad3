"""What every card about an evening tells alike: the big score, the maps by team, what does not count and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from etstats.cards.text import GREY, TEAM_A, TEAM_B, escaped, in_table, table
from etstats.domain.evening import Evening, PlayedMap, PlayedRound, PlayedSession, Why
from etstats.domain.round import VOIDED, Uncounted
from etstats.domain.trust import Grade
from etstats.interactions.reply import Field
from etstats.words import Words

MAP_LINES = 24
_LONE_LINES = 6
_LONGEST_TEAM = 24


def colour(session: PlayedSession) -> int:
    if session.score_a == session.score_b:
        return GREY
    return TEAM_A if session.score_a > session.score_b else TEAM_B


def title(words: Words, session: PlayedSession, *about: str) -> str:
    return " · ".join((words("evening.title", day=words.day(session.first_at)), *about))


def team_name(session: PlayedSession, team: str) -> str:
    """What people call the team, else its letter; for running text."""
    named = session.team_a if team == "A" else session.team_b
    return escaped(named[:_LONGEST_TEAM]) if named else team


def team_title(words: Words, session: PlayedSession, team: str) -> str:
    """Team A; Team A · Foxes."""
    lettered, name = words("evening.team", team=team), team_name(session, team)
    return lettered if name == team else f"{lettered} · {name}"


def score(words: Words, evening: Evening) -> str:
    """The big line, then how much was played, when, and how much of it counts."""
    session = evening.session
    counted = rounds = words.count("round", session.rounds)
    if session.counted_rounds < session.rounds:
        counted = words("evening.counted", counted=words.whole(session.counted_rounds), rounds=rounds)
    when = f"{session.first_at:%H:%M}–{session.last_at:%H:%M}"
    if not evening.maps:
        return f"{words('evening.no_score')}\n{when} · {counted}"
    a, b = team_name(session, "A"), team_name(session, "B")
    big = f"## {a} {session.score_a} : {session.score_b} {b}"
    return f"{big}\n{words.count('map', session.maps)} · {counted} · {when}"


def maps_by_team(words: Words, maps: Sequence[PlayedMap]) -> str:
    """40 columns: name, what each team needed when it attacked, who won and by how much."""
    if not maps:
        return ""
    rows = [f"{words('evening.map'):13}{'A':>8}{'B':>8} {words('evening.won')}"]
    for one in maps[:MAP_LINES]:
        rows.append(
            in_table(one.map, 13) + f"{attack(words, one, 'A'):>8}{attack(words, one, 'B'):>8} {_won(words, one)}"
        )
    return table(rows) + more(words, "map", len(maps) - MAP_LINES)


def attack(words: Words, one: PlayedMap, team: str) -> str:
    """8:45, held, gave up."""
    time_s = one.time_s(team)
    if time_s is not None:
        return words.clock(time_s)
    return words("evening.gave_up" if one.gave_up(team) else "evening.held")


def _won(words: Words, one: PlayedMap) -> str:
    if one.why is Why.DRAW:
        return words("evening.draw")
    if one.why is Why.FASTER:
        return words("evening.won_by", team=one.winner_team, time=words.clock(one.margin_s))
    return one.winner_team


def more(words: Words, noun: str, number: int) -> str:
    return "\n" + words("evening.more", what=words.count(noun, number)) if number > 0 else ""


def lone_rounds(words: Words, evening: Evening) -> list[Field]:
    """Rounds of no complete map: those that count, and every round that does not with its reason."""
    alone = [one for one in evening.lone_rounds if one.counted]
    uncounted = [one for one in evening.rounds if not one.counted]
    found = [
        _listed(words, "evening.also_played", [f"{_round(one)} · {_alone(words, one)}" for one in alone]),
        _listed(words, "evening.not_counted", [f"{_round(one)} · {reason(words, one.reason)}" for one in uncounted]),
    ]
    return [field for field in found if field is not None]


def _listed(words: Words, key: str, lines: Sequence[str]) -> Field | None:
    if not lines:
        return None
    shown = "\n".join(lines[:_LONE_LINES]) + more(words, "round", len(lines) - _LONE_LINES)
    return Field(name=words(key), value=shown)


def _round(one: PlayedRound) -> str:
    return f"{one.written_at:%H:%M} {escaped(one.map[:40])} R{one.number}"


def _alone(words: Words, one: PlayedRound) -> str:
    if one.outcome is None:
        return words("evening.no_result")
    if one.outcome == "defended":
        return words("evening.held_alone")
    return words("evening.done_alone", time=words.clock(one.duration_s))


def reason(words: Words, told: str | None) -> str:
    """Why a round does not count, in the reader's language; what somebody who voided it wrote, as he wrote it."""
    if told is not None and told.startswith(VOIDED):
        return words("uncounted.voided", reason=escaped(told.removeprefix(VOIDED)[:120]))
    known = next((one for one in Uncounted if one.value == told), Uncounted.UNREADABLE)
    return words(f"uncounted.{known.name.lower()}")


def trust(words: Words, rounds: Sequence[PlayedRound]) -> str:
    """How many counted rounds have which grade; nothing where every one has the best."""
    grades = Counter(one.grade for one in rounds if one.counted and one.grade)
    if grades.keys() <= {Grade.A.value}:
        return ""
    told = " · ".join(f"{grade} × {number}" for grade, number in sorted(grades.items()))
    return words("evening.trust", grades=told)
