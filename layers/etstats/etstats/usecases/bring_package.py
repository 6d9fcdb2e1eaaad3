"""A package of maps landed in the bucket: whoever asked for the link is told what became of it, where he asked.

The link is a job in the audit log, asked for; what lands first by it is the yes. It is looked at whether he still may,
then inside the package, then it goes to the game server. Safe to repeat: what is over is only told again where that
failed, and what broke off is gone on with.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol

from etstats.cards import job as card
from etstats.cards import server as server_card
from etstats.cards.text import escaped
from etstats.domain.audit import TOO_LATE, Entry, State
from etstats.domain.map_package import MOST_BYTES
from etstats.domain.permission import Tier, tier_of
from etstats.domain.progress import now_and_then
from etstats.errors import BadFile, DiscordRefused, Unavailable
from etstats.interactions.reply import Message, Seal
from etstats.storage import audit
from etstats.storage.caller import find_caller
from etstats.usecases.control_server import Controller
from etstats.words import Words, words_for

COMMAND = "server upload"
# over all tries: the queue shows what failed again after half an hour
DONE_WITHIN = timedelta(hours=2)
_DEADLINE_S = 240.0  # of the function's five minutes
_LANDED = re.compile(r"uploads/([0-9]{1,20})/([0-9]{1,20})/([0-9]{1,20})/([^/]+\.pk3)")
_TOKEN_IS_GONE = (401, 403, 404)  # it lives 15 minutes


class UnderWay(Unavailable):
    """Another invocation is at it; should it die, this one is the next."""


class Bucket(Protocol):
    """Raises BadFile(code="missing"), BadFile(code="too_large") and BucketUnavailable."""

    def download(self, key: str, into: BinaryIO, *, at_most: int) -> int: ...
    def delete(self, key: str) -> None: ...


class Discord(Protocol):
    """Raises DiscordUnavailable and DiscordRefused."""

    def roles_of(self, guild_id: str, user_id: str) -> tuple[str, ...] | None: ...
    def edit_original(self, application_id: str, token: str, message: Message, *, seal: Seal) -> None: ...
    def create_message(self, channel_id: str, message: Message, *, seal: Seal, nonce: str) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """*key*: where it is in the bucket. *last_try*: nobody takes it up again."""

    key: str
    guild_id: str
    user_id: str
    number: str
    name: str
    last_try: bool = False


def landed(key: str, *, last_try: bool = False) -> Landed:
    """Raises BadFile for what is no package's key."""
    named = _LANDED.fullmatch(key)
    if named is None:
        raise BadFile("bad_key", "A package's key is uploads/<guild>/<user>/<number>/<name>.pk3")
    guild_id, user_id, number, name = named.groups()
    return Landed(key=key, guild_id=guild_id, user_id=user_id, number=number, name=name, last_try=last_try)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    control: Controller
    bucket: Bucket
    discord: Discord
    clock_s: Callable[[], float]

    def carry(self, package: Landed) -> Entry:
        """The job as it ended. Raises BadFile for what nobody asked for, and Unavailable when worth another try."""
        db = self.control.db
        job = audit.find_asked(db, package.number, guild_id=package.guild_id)
        if job is None or job.command != COMMAND or job.actor_id != package.user_id:
            self.bucket.delete(package.key)
            raise BadFile("not_asked_for", "Nobody asked for a link by which that could come.")
        with audit.alone(db, job.audit_id) as alone:
            if not alone:
                raise UnderWay(f"Job {job.audit_id} is under way.")
            job = self._ended(job, package)
        self.bucket.delete(package.key)
        self._tell(job)
        return job

    def _ended(self, job: Entry, package: Landed) -> Entry:
        db, now = self.control.db, self.control.now()
        doing = audit.take(db, job.audit_id, by=package.key, now=now, good_till=now + DONE_WITHIN)
        if doing is not None:
            words = self._words(job)
            state, told = self._brought(doing, package, words)
            audit.end(db, job.audit_id, state, told)
        elif job.state == State.ASKED:
            audit.end(db, job.audit_id, State.REFUSED, TOO_LATE)
        return audit.find(db, job.audit_id, guild_id=job.guild_id) or job

    def _brought(self, job: Entry, package: Landed, words: Words) -> tuple[State, str]:
        server = next((one for one in self.control.servers(job.guild_id) if one.name == job.server), None)
        if not self._may(job):
            return State.REFUSED, words("refusal.tier_admin")
        if server is None or not server.maps_folder:
            return State.REFUSED, words("server.no_maps_folder")
        told = now_and_then(lambda percent: self._show(job, package, percent, words), self.clock_s)
        try:
            with TemporaryFile() as file:
                self.bucket.download(package.key, file, at_most=MOST_BYTES)
                brought = self.control.packages().bring(
                    server, package.name, file, by=job.actor_id, again=job.percent is not None,
                    within_s=_DEADLINE_S, told=told, begun=lambda: audit.note_percent(self.control.db, job.audit_id, 0),
                )  # fmt: skip
        except BadFile as fault:
            return State.FAILED, server_card.not_brought(words, fault.code)
        except Unavailable:
            if package.last_try:
                return State.FAILED, words("server.package_away", server=escaped(job.server))
            self._edit(job, card.waiting(words, job, package.name))
            raise
        return State.DONE, server_card.brought(words, brought)

    def _may(self, job: Entry) -> bool:
        """Whether who asked still is an admin; what he was when the link was made may be over. Raises Unavailable."""
        if job.actor_id in self.control.roots:
            return True
        roles = self.discord.roles_of(job.guild_id, job.actor_id)
        if roles is None:
            return False
        known = find_caller(self.control.db, job.actor_id, guild_id=job.guild_id, roles=roles)
        return tier_of(job.actor_id, known.granted, ()) >= Tier.ADMIN

    # -- what he is told -----------------------------------------------------------------------------------------------

    def _words(self, job: Entry) -> Words:
        answer = audit.find_answer(self.control.db, job.audit_id)
        return words_for(answer.locale if answer else "")

    def _show(self, job: Entry, package: Landed, percent: int, words: Words) -> None:
        audit.note_percent(self.control.db, job.audit_id, percent)
        self._edit(job, card.running(words, job, percent, about=package.name))

    def _edit(self, job: Entry, message: Message) -> None:
        """Where it does not arrive, nothing is lost."""
        answer = audit.find_answer(self.control.db, job.audit_id)
        if answer is not None:
            try:
                self.discord.edit_original(answer.application_id, answer.token, message, seal=_no_buttons)
            except (DiscordRefused, Unavailable):
                return

    def _tell(self, job: Entry) -> None:
        """Once; where Discord takes no edits any more, in the channel where he asked. Raises DiscordUnavailable."""
        answer = audit.find_answer(self.control.db, job.audit_id)
        if answer is None:
            return
        message = card.over(words_for(answer.locale), job)
        try:
            self.discord.edit_original(answer.application_id, answer.token, message, seal=_no_buttons)
        except DiscordRefused as fault:
            if fault.status not in _TOKEN_IS_GONE:
                raise
            self._post(job, message)
        audit.drop_answer(self.control.db, job.audit_id)

    def _post(self, job: Entry, message: Message) -> None:
        post = Message(content=f"<@{job.actor_id}> {message.content}")
        try:
            self.discord.create_message(job.channel_id, post, seal=_no_buttons, nonce=f"job{job.audit_id}")
        except DiscordRefused:
            return  # nobody may write there: /admin audit has it


def _no_buttons(_: object) -> str:
    raise AssertionError("a job's answer has no buttons")
