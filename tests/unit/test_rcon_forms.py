"""Nothing but what is on the list can be sent to a game server, whatever is typed; and no answer tells too much."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etstats.domain.order import Act, Order, lines
from etstats.domain.permission import Tier
from etstats.domain.rcon import FORMS, HIDDEN, Line, NotAllowed, find_form, line, offered, said, scrubbed, typed_line

settings.register_profile("forms", deadline=None)
settings.load_profile("forms")

# pieces that have opened doors elsewhere, beside any text at all
HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(word for form in FORMS for word in form.words),
                *("quit", "set", "seta", "exec", "vstr", "rconPassword", "devmap", "ban", "killserver", "ref", "cvar"),
                *(
                    ";",
                    '"',
                    "\\",
                    "\n",
                    "\r",
                    "\0",
                    "$",
                    "`",
                    "|",
                    "&",
                    "//",
                    "/*",
                    "*/",
                    "^1",
                    "%s",
                    "..",
                    "/",
                    "\xa0",
                ),
                *("supply", "3", "64", "-1", "\uff02", "\u2028", "'", "\t"),
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=8,
).map(" ".join)


def _as_the_engine(text: str) -> list[str]:
    """Cmd_TokenizeString, told again: blanks part words, quotes group, `//` ends the line, `/*` hides what follows."""
    words, at = [], 0
    while at < len(text):
        if text[at] <= " ":
            at += 1
        elif text.startswith("//", at):
            break
        elif text.startswith("/*", at):
            end = text.find("*/", at)
            at = len(text) if end < 0 else end + 2
        elif text[at] == '"':
            end = text.find('"', at + 1)
            words.append(text[at + 1 : end if end >= 0 else len(text)])
            at = end + 1 if end >= 0 else len(text)
        else:
            found = re.compile(r'(?:(?!//|/\*)[^\x00-\x20"])+').match(text, at)
            if found is None:
                break
            words.append(found[0])
            at = found.end()
    return words


@given(HOSTILE, st.sampled_from(Tier))
@settings(max_examples=400)
def test_whatever_is_typed_only_a_form_of_that_tier_comes_out(typed: str, tier: Tier) -> None:
    try:
        made = typed_line(typed, tier)
    except NotAllowed:
        return
    form = find_form(_as_the_engine(made.text))
    assert form in offered(tier)
    assert form is not None and form.tier <= tier
    assert not re.search(r"[\x00-\x1f;\\%]", made.text)


@given(HOSTILE)
@settings(max_examples=400)
def test_a_line_that_can_be_made_is_one_of_the_forms_to_the_engine_too(text: str) -> None:
    try:
        made = Line(text)
    except NotAllowed:
        return
    assert find_form(_as_the_engine(made.text)) is not None


@given(HOSTILE)
@settings(max_examples=200)
def test_what_is_said_stays_one_word_of_one_command(text: str) -> None:
    try:
        told = said(text)
    except NotAllowed:
        return
    assert _as_the_engine(line("say", told).text) == ["say", told]
    assert _as_the_engine(line("cp", told).text) == ["cp", told]


@given(st.sampled_from(Act), HOSTILE, HOSTILE, HOSTILE, st.sampled_from(Tier))
@settings(max_examples=400)
def test_whatever_an_order_holds_only_forms_go_out(act: Act, target: str, name: str, text: str, tier: Tier) -> None:
    try:
        sent = lines(Order(act=act, server="x", target=target, name=name, text=text, tier=tier))
    except NotAllowed:
        return
    assert all(find_form(_as_the_engine(one.text)) is not None for one in sent)


@pytest.mark.parametrize("word", ["set", "seta", "exec", "vstr", "rconpassword", "ban", "cvar_restart", "writeconfig"])
def test_what_could_smuggle_anything_in_is_no_form_for_anybody(word: str) -> None:
    assert not any(word in form.words for form in FORMS)


def test_higher_tiers_may_all_that_lower_ones_may() -> None:
    assert offered(Tier.MEMBER) == ()
    assert set(offered(Tier.MODERATOR)) < set(offered(Tier.ADMIN)) < set(offered(Tier.ROOT))


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("say gg // wp all", 'say "gg // wp all"'),
        ("REF Pause", "ref pause"),
        ("mute 63", "mute 63"),
        ("timelimit 60", "timelimit 60"),
    ],
)
def test_what_is_allowed_goes_out_as_the_game_wants_it(typed: str, sent: str) -> None:
    assert typed_line(typed, Tier.ADMIN).text == sent


@pytest.mark.parametrize(
    "reply",
    [
        "  3    12   48 somebody^7  50 192.0.2.13:27960  4321 25000",
        "connected from 192.0.2.13",
        "[2001:db8::13]:27960",
        "2001:0db8:0000:0000:0000:0000:0000:0013",
        '"rconPassword" is:"hunter2^7" default:"^7"',
        "sv_privatePassword   hunter2",
        "guid A0B1C2D3E4F5A0B1C2D3E4F5A0B1C2D3",
    ],
)
def test_addresses_and_secrets_are_not_shown(reply: str) -> None:
    shown = scrubbed(reply)
    assert HIDDEN in shown
    assert not re.search(r"192\.0|2001|hunter2|A0B1C2", shown)


def test_the_rest_of_an_answer_stays_as_it_is() -> None:
    told = "map: supply\ntime 12:30:15\nscore 3:2, version 2.83.1\n"
    assert scrubbed(told) == told
