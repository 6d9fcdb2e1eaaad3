"""Real rounds obey the laws. What is known to be wrong with some of them is found, and nothing else."""

from __future__ import annotations

from collections import Counter
from functools import cache

from etstats.domain.identity import file_id
from etstats.domain.session import StoredFile, sessions
from etstats.domain.trust import Grade, Origin, Trust, Verdict, judge
from etstats.parsing.filename import read_name
from etstats.parsing.stats_file import read_stats_file
from tests.corpus import needs_corpus, stats_files, truth

pytestmark = needs_corpus

RECONNECT = "2025-11-01-231128-etl_sp_delivery-round-1.txt"


@cache
def trusts() -> dict[str, Trust]:
    files = {file_id("", path.name): read_stats_file(read_name(path.name), path.read_bytes()) for path in stats_files()}
    stored = [StoredFile(file_id=number, file=file) for number, file in files.items()]
    return {
        played.file: judge(played, files[played.round_id], None, None)
        for session in sessions(stored)
        for played in session.rounds
    }


def test_every_law_holds_but_where_a_player_came_back_in_the_middle() -> None:
    broken = {
        name: [check.code for check in trust.checks if check.verdict in (Verdict.OFF, Verdict.BROKEN)]
        for name, trust in trusts().items()
    }
    assert {name: codes for name, codes in broken.items() if codes} == {RECONNECT: ["damage", "kills", "revives"]}


def test_grades_go_with_what_is_known_of_each_file() -> None:
    """A: all 38 fields. B: a figure unknown or absurd. C: reconnect, damaged lines, nothing to check. D: unusable."""
    for path in stats_files():
        known, trust = truth(path), trusts()[path.name]
        odd = set(known["oddities"])
        counts = {player["as_written"]["extended_count"] for player in known["players"] if not player["malformed"]}
        if known["status"] != "ok":
            expected = {Grade.D}
        elif path.name == RECONNECT or any(player["malformed"] for player in known["players"]):
            expected = {Grade.C}
        elif known["role"] == "r2_without_r1":
            expected = {Grade.B} if counts == {38} else {Grade.C}
        else:
            expected = {Grade.A} if counts == {38} and "denied_playtime_exceeds_round" not in odd else {Grade.B}
        assert {trust.grade} == expected, path.name


def test_the_known_oddities_are_marked_on_their_lines() -> None:
    marked = {name: Counter(mark.code for mark in trust.marks) for name, trust in trusts().items()}
    for path in stats_files():
        odd = set(truth(path)["oddities"])
        assert bool(marked[path.name]["counter_reset"]) == ("counter_reset" in odd), path.name
        assert bool(marked[path.name]["partial_time"]) == ("partial_time_player" in odd), path.name
        if truth(path)["status"] == "ok" and "denied_playtime_exceeds_round" in odd:
            assert marked[path.name]["denied_too_much"], path.name


def test_without_second_sources_only_the_file_itself_is_asked() -> None:
    assert {check.origin for trust in trusts().values() for check in trust.checks} == {Origin.ITSELF}
