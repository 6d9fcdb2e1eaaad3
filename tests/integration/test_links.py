"""Whose account plays as whom: claimed by one, believed only when proven, on a real PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from etstats.commands import link as command
from etstats.domain.link import CLAIM_LIVES, Proof
from etstats.errors import Refusal
from etstats.interactions.reply import Message
from etstats.interactions.request import Given
from etstats.storage import link as book
from etstats.storage.caller import find_person
from etstats.storage.database import Database
from etstats.usecases.settle_links import Settled, settle_links
from etstats.usecases.store_round import store
from tests.builders import buttons, question
from tests.game_files import a_file, a_header, a_line, a_name

NOW = datetime(2026, 3, 10, 20, tzinfo=UTC)
NICK, OTHER = "AAAA0001", "BBBB0001"
USER = "42"


def _play(db: Database, *, minute: float, name: str = "nick", guid: str = NICK) -> None:
    lines = [a_line(guid, name=name), a_line(OTHER, name="rook")]
    store(db, server="main", name=a_name(minute=minute), content=a_file(a_header(), lines), channel_id="", now=NOW)


def _add(db: Database, *, user: str = USER, guid: str = NICK, me: str | None = None, at: datetime = NOW) -> Message:
    return command.link_add(question(db, "link add", user=user, me=me, at=at, player=f"#{guid}"))


def _code(db: Database, user: str = USER) -> str:
    claim = book.find_claim(db, user, now=NOW)
    assert claim is not None
    return claim.code


def _settle(db: Database) -> list[Settled]:
    return list(settle_links(db, now=lambda: NOW, time_is_short=lambda: False))


@pytest.fixture
def played(db: Database) -> Database:
    _play(db, minute=0)
    return db


def test_a_claim_alone_links_nobody(played: Database) -> None:
    told = _add(played)
    assert _code(played) in told.content
    assert told.private
    assert _settle(played) == []
    assert find_person(played, USER) is None


def test_a_code_in_the_name_for_one_round_proves_it(played: Database) -> None:
    _add(played)
    _play(played, minute=20, name=f"^1ni^7ck {_code(played).lower()}")
    assert [one.refusal for one in _settle(played)] == [None]
    assert find_person(played, USER) == NICK
    assert _settle(played) == []


def test_somebody_elses_code_proves_nothing(played: Database) -> None:
    _add(played)
    _add(played, user="43", guid=OTHER)
    _play(played, minute=20, name=_code(played, "43"))
    _settle(played)
    assert (find_person(played, USER), find_person(played, "43")) == (None, None)


def test_looking_is_enough_when_the_round_is_played(played: Database) -> None:
    (check,) = buttons(_add(played))
    assert check.press.command == "link show"
    _play(played, minute=20, name=f"nick{_code(played)}")
    told = command.link_show(question(played, "link show", at=NOW))
    assert "nick" in told.content
    assert find_person(played, USER) == NICK


def test_asking_again_keeps_the_code_and_another_player_gets_a_new_one(played: Database) -> None:
    _add(played)
    first = _code(played)
    _add(played)
    assert _code(played) == first
    _add(played, guid=OTHER)
    assert _code(played) != first


def _linked(db: Database, user: str, guid: str) -> None:
    db.run("insert into person_link (user_id, guid, proven_by) values (:user, :guid, 'admin')", user=user, guid=guid)


def _vouch(db: Database, voucher: str, *, me: str | None = "EEEE0001") -> Message:
    made = question(db, "link vouch", me=me, user=voucher, at=NOW)
    return command.link_vouch(replace(made, asked=replace(made.asked, options=(Given(name="user", value=USER),))))


def test_two_linked_players_can_vouch(played: Database) -> None:
    _add(played)
    assert "1" in _vouch(played, "50").content
    _vouch(played, "50")  # the same again is no second one
    assert find_person(played, USER) is None
    _vouch(played, "51")
    assert find_person(played, USER) == NICK


@pytest.mark.parametrize(
    ("voucher", "me", "key"), [("50", None, "link.vouch_unlinked"), (USER, OTHER, "link.vouch_self")]
)
def test_not_everybody_can_vouch(played: Database, voucher: str, me: str | None, key: str) -> None:
    _add(played)
    with pytest.raises(Refusal) as refused:
        _vouch(played, voucher, me=me)
    assert refused.value.key == key


def test_a_claim_is_forgotten_after_a_week(played: Database) -> None:
    _add(played, at=NOW - CLAIM_LIVES)
    with pytest.raises(Refusal) as refused:
        _vouch(played, "50")
    assert refused.value.key == "link.no_claim"


def test_a_player_who_is_somebodys_cannot_be_claimed(played: Database) -> None:
    _linked(played, "43", NICK)
    with pytest.raises(Refusal) as refused:
        _add(played)
    assert refused.value.key == "link.taken"


def test_who_claims_himself_is_told_who_he_is(played: Database) -> None:
    _linked(played, USER, NICK)
    with pytest.raises(Refusal) as refused:
        _add(played, me=NICK)
    assert (refused.value.key, refused.value.values) == ("link.already_you", {"name": "nick"})


def test_of_two_who_prove_the_same_at_once_one_is_told_why_not(played: Database) -> None:
    _add(played)
    _add(played, user="43")
    book.prove(played, USER, Proof.ADMIN)
    book.prove(played, "43", Proof.ADMIN)
    refusals = [one.refusal for one in _settle(played)]
    assert refusals.count(None) == 1
    loser = USER if find_person(played, USER) is None else "43"
    told = command.link_show(question(played, "link show", user=loser, at=NOW))
    assert "somebody else" in told.content


def test_two_guids_that_met_in_a_round_are_two_persons(played: Database) -> None:
    _linked(played, USER, OTHER)
    _play(played, minute=200, guid="CCCC0001", name="laptop")
    _add(played, guid="CCCC0001", me=OTHER)
    book.prove(played, USER, Proof.ADMIN)
    (settled,) = _settle(played)
    assert settled.refusal is not None
    assert "CCCC0001" in command.link_show(question(played, "link show", at=NOW)).content


def test_a_second_account_that_never_met_the_first_is_merged(played: Database) -> None:
    _linked(played, USER, NICK)
    _play(played, minute=200, guid="CCCC0001", name="laptop")
    _add(played, guid="CCCC0001", me=NICK)
    book.prove(played, USER, Proof.VOUCHES)
    (settled,) = _settle(played)
    assert (settled.refusal, settled.sessions) == (None, 1)
    assert played.values("select rounds from player where guid = :guid", guid=NICK) == [2]
    assert played.values("select 1 from player where guid = 'CCCC0001'") == []
    assert find_person(played, USER) == NICK


def test_a_link_can_be_named_and_removed(played: Database) -> None:
    _linked(played, USER, NICK)
    command.link_name(question(played, "link name", me=NICK, name="Robin"))
    link = book.find_link(played, USER)
    assert link is not None
    assert (link.shown_as, link.name) == ("Robin", "nick")
    command.link_remove(question(played, "link remove", me=NICK))
    assert find_person(played, USER) is None


def test_a_vouch_does_not_count_for_a_claim_made_anew(played: Database) -> None:
    _add(played)
    _vouch(played, "50")
    _add(played, guid=OTHER)
    _vouch(played, "51")
    assert find_person(played, USER) is None
