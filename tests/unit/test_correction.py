"""Who stands behind a guid, which corrections can stand side by side, and what they do to an evening."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from etstats.domain.correction import (
    AttributeGuid,
    Correction,
    Corrections,
    MergePersons,
    NameTeams,
    VoidRound,
    What,
    contradiction,
    in_force,
)
from etstats.domain.identity import file_id
from etstats.domain.session import Session, StoredFile, sessions
from tests.game_files import EVENING, a_file, a_header, a_line, a_match, a_name, read

NOW = datetime(2026, 3, 7, tzinfo=UTC)


def made(*whats: What) -> list[Correction]:
    return [
        Correction(correction_id=number, what=what, made_by="ann", reason=f"reason {number}", made_at=NOW)
        for number, what in enumerate(whats, start=1)
    ]


def known(*whats: What) -> Corrections:
    return in_force(made(*whats))


def hour(at: int) -> datetime:
    return EVENING.replace(hour=at)


def merge(guid: str, person: str) -> MergePersons:
    return MergePersons(guid=guid, person=person)


def guest(guid: str, person: str, since: int | None = None, until: int | None = None) -> AttributeGuid:
    begin, end = (None if at is None else hour(at) for at in (since, until))
    return AttributeGuid(guid=guid, person=person, since=begin, until=end)


# -- who stands behind a guid ----------------------------------------------------------------------------------------


def test_without_corrections_everybody_is_himself() -> None:
    assert known().person("A", NOW) == "A"


def test_a_chain_of_merges_is_followed_to_its_end() -> None:
    chain = known(merge("B", "C"), merge("A", "B"), merge("C", "D"))
    assert [chain.person(guid, EVENING) for guid in "ABCD"] == ["D"] * 4


def test_a_guest_has_the_machine_from_the_first_moment_and_not_at_the_last() -> None:
    lent = known(guest("A", "G", since=20, until=22))
    assert [lent.person("A", hour(at)) for at in (19, 20, 21, 22)] == ["A", "G", "G", "A"]


def test_an_open_period_has_no_end() -> None:
    assert known(guest("A", "G", since=20)).person("A", hour(23)) == "G"
    assert known(guest("A", "G", until=20)).person("A", datetime.min) == "G"


def test_a_guest_is_whom_he_was_merged_with_and_not_whom_the_machine_was() -> None:
    both = known(guest("A", "G", since=20, until=22), merge("G", "H"), merge("A", "B"))
    assert [both.person("A", hour(at)) for at in (19, 21)] == ["B", "H"]


def test_what_was_withdrawn_is_as_if_it_had_never_been() -> None:
    [one] = made(merge("A", "B"))
    gone = Correction(
        correction_id=1, what=one.what, made_by="", reason="", made_at=NOW, withdrawn_by="ben", withdrawn_at=NOW
    )
    assert in_force([gone]).person("A", NOW) == "A"
    assert contradiction(merge("A", "C"), [gone]) is None


def test_everybody_whose_lines_may_change_hands_is_found() -> None:
    family = known(merge("A", "B"), merge("B", "C"), guest("X", "A"), merge("Q", "R"))
    assert family.touched_by("C") == {"A", "B", "C", "X"}
    assert family.touched_by("Q") == {"Q"}


def test_rows_written_past_us_cannot_lead_round_in_circles() -> None:
    assert known(merge("A", "B"), merge("B", "A")).person("A", NOW) in "AB"


# -- what can stand side by side -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standing", "what"),
    [
        ([merge("A", "B")], merge("B", "A")),
        ([merge("A", "B"), merge("B", "C")], merge("C", "A")),
        ([merge("A", "B")], merge("A", "C")),
        ([], merge("A", "A")),
        ([], guest("A", "A")),
        ([], guest("A", "G", since=21, until=20)),
        ([guest("A", "G", since=20, until=22)], guest("A", "H", since=21, until=23)),
        ([guest("A", "G", since=20, until=22)], guest("A", "H")),
        ([guest("A", "G", since=20)], guest("A", "H", since=23)),
        ([guest("A", "G")], guest("A", "G", until=1)),
        ([VoidRound(server="eu1", file="f")], VoidRound(server="eu1", file="f")),
    ],
)
def test_what_stands_against_another_is_refused_in_words(standing: list[What], what: What) -> None:
    assert contradiction(what, made(*standing))


@pytest.mark.parametrize(
    ("standing", "what"),
    [
        ([merge("A", "B")], merge("C", "B")),
        ([merge("A", "B")], merge("B", "C")),
        ([guest("A", "G", since=20, until=22)], guest("A", "H", since=22)),
        ([guest("A", "G", since=20, until=22)], guest("A", "H", until=20)),
        ([guest("A", "G")], guest("B", "G")),
        ([VoidRound(server="eu1", file="f")], VoidRound(server="us1", file="f")),
    ],
)
def test_what_stands_beside_others_is_accepted(standing: list[What], what: What) -> None:
    assert contradiction(what, made(*standing)) is None


@pytest.mark.parametrize("seed", range(50))
def test_however_merges_are_made_there_is_never_a_cycle(seed: int) -> None:
    dice, standing = random.Random(seed), list[Correction]()
    for _ in range(30):
        what = merge(dice.choice("ABCDEFG"), dice.choice("ABCDEFG"))
        if contradiction(what, standing) is None:
            standing = made(*(one.what for one in standing), what)
    persons = in_force(standing)
    ends = {persons.person(guid, NOW) for guid in "ABCDEFG"}  # would not come back out of a cycle
    assert not ends & persons.merged.keys()
    assert len(standing) + len(ends) == 7  # each merge makes one person of two


# -- an evening ------------------------------------------------------------------------------------------------------

MATCHES = [*a_match(minute=0), *a_match(minute=25, map="adler")]


def evening(*whats: What, files: list[tuple[str, bytes]] = MATCHES) -> Session:
    stored = [StoredFile(file_id=file_id("eu1", n), file=read(n, c), server="eu1") for n, c in files]
    [session] = sessions(stored, known(*whats))
    return session


def test_a_voided_round_is_there_with_its_figures_and_does_not_count() -> None:
    plain, voided = evening(), evening(VoidRound(server="eu1", file=MATCHES[0][0]))
    assert [played.counted for played in voided.rounds] == [False, True, True, True]
    assert voided.rounds[0].uncounted_reason == "voided: reason 1"
    assert [played.players for played in voided.rounds] == [played.players for played in plain.rounds]
    assert [match.map for match in voided.matches] == ["adler"]
    assert (voided.matches[0].position, voided.score_a + voided.score_b) == (1, 2)


def test_a_correction_is_about_a_file_of_one_game_server() -> None:
    assert evening(VoidRound(server="us1", file=MATCHES[0][0])) == evening()


def test_a_file_that_cannot_be_read_says_so_even_if_it_was_voided() -> None:
    torn = (a_name(minute=12, map="frost"), b"torn")
    [fault] = [
        played.uncounted_reason
        for played in evening(VoidRound(server="eu1", file=torn[0]), files=[*MATCHES, torn]).rounds
        if played.map == "frost"
    ]
    assert fault and not fault.startswith("voided")


def test_lines_keep_their_guid_and_are_summed_for_the_person() -> None:
    merged = evening(merge("AAAA0001", "DDDD0001"))
    assert merged.rounds[0].players[0].guid == "AAAA0001"
    assert merged.rounds[0].persons == {"AAAA0001": "DDDD0001"}
    assert merged.matches[0].r1_defenders == ("AAAA0001", "AAAA0002")
    sums = {player.guid: player.rounds for player in merged.players}
    assert sums == {"AAAA0002": 4, "BBBB0001": 4, "BBBB0002": 4, "DDDD0001": 4}


def test_a_team_is_known_by_its_persons_when_all_of_them_changed_guids() -> None:
    old, new = ("AAAA0001", "AAAA0002", "BBBB0001", "BBBB0002"), ("CCCC0001", "CCCC0002", "DDDD0001", "DDDD0002")
    second = [(name, _swapped(content, old, new)) for name, content in MATCHES[2:]]
    strangers = evening(files=[*MATCHES[:2], *second])
    assert strangers.matches[1].r1_attackers_team == "A"  # for want of anybody known
    same = evening(*map(merge, ("CCCC0001", "DDDD0001"), ("BBBB0001", "AAAA0001")), files=[*MATCHES[:2], *second])
    assert same.matches[1].r1_attackers_team == "B"


def _swapped(content: bytes, old: tuple[str, ...], new: tuple[str, ...]) -> bytes:
    for one, other in zip(old, new, strict=True):
        content = content.replace(one.encode(), other.encode())
    return content


def test_of_two_names_for_one_evening_the_later_holds() -> None:
    first = NameTeams(server="eu1", file=MATCHES[0][0], attackers="Blues", defenders="Reds")
    later = NameTeams(server="eu1", file=MATCHES[2][0], attackers="Foxes", defenders="Hares")
    assert (evening(first, later).team_a, evening(first, later).team_b) == ("Foxes", "Hares")
    assert (evening(later, first).team_a, evening(later, first).team_b) == ("Blues", "Reds")


def test_a_bot_is_nobody() -> None:
    lines = [a_line(), a_line("OMNIBOT0", name="[BOT]x")]
    with_bot = [(a_name(), a_file(a_header(), lines))]
    assert evening(merge("OMNIBOT0", "AAAA0001"), files=with_bot).rounds[0].persons == {}


def test_a_correction_about_somebody_else_changes_nothing() -> None:
    assert evening() == evening(guest("FFFF0001", "FFFF0002", since=1, until=2))
