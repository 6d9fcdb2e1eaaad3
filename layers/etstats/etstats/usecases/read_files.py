"""Files read once: those of the running evening, which a warm function meets again with every new one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from etstats.domain.companion import Companion
from etstats.domain.stats_file import Kind, StatsFile
from etstats.errors import BadFile
from etstats.parsing.endstats_file import read_endstats_file
from etstats.parsing.filename import read_name
from etstats.parsing.gametime_file import read_gametime_file
from etstats.parsing.stats_file import read_stats_file
from etstats.storage.stats_file import Neighbour

# with forty players an endstats file has 20 KiB
MAX_ENDSTATS_BYTES = 1 << 16
_MOST_REMEMBERED = 512

# what a file says; a companion that says nothing is a fault: not_an_endstats_file, too_large, or what reading a
# gametime file raises
Reading = StatsFile | Companion | BadFile


@dataclass(slots=True)
class Readings:
    """What files say, by their number and SHA-256; the bytes are asked for only of those not remembered."""

    _remembered: OrderedDict[tuple[int, str], Reading] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)  # tests run what is a container elsewhere as a thread

    def of(
        self, files: Iterable[Neighbour], contents: Callable[[Collection[int]], Mapping[int, bytes]]
    ) -> dict[int, Reading]:
        """What each of *files* says. *contents*: gives the bytes of those with these numbers."""
        wanted = list(files)
        found = {one.file_id: known for one in wanted if (known := self._find(one)) is not None}
        unread = [one for one in wanted if one.file_id not in found]
        bytes_of = contents([one.file_id for one in unread]) if unread else {}
        for one in unread:
            found[one.file_id] = self._keep(one, _read(one, bytes_of[one.file_id]))
        return found

    def forget(self) -> None:
        with self._lock:
            self._remembered.clear()

    def _find(self, file: Neighbour) -> Reading | None:
        key = (file.file_id, file.sha256)
        with self._lock:
            if key in self._remembered:
                self._remembered.move_to_end(key)
            return self._remembered.get(key)

    def _keep(self, file: Neighbour, reading: Reading) -> Reading:
        with self._lock:
            self._remembered[file.file_id, file.sha256] = reading
            if len(self._remembered) > _MOST_REMEMBERED:
                self._remembered.popitem(last=False)
        return reading


def _read(file: Neighbour, content: bytes) -> Reading:
    name = read_name(file.name)
    if name.kind is Kind.STATS:
        return read_stats_file(name, content)
    try:
        return _read_companion(file, content)
    except BadFile as fault:
        return fault


def _read_companion(file: Neighbour, content: bytes) -> Companion:
    name = read_name(file.name)
    if name.kind is Kind.GAMETIME:
        told = read_gametime_file(name, content)
        return Companion(file_id=file.file_id, sha256=file.sha256, name=name, content=told)
    if len(content) > MAX_ENDSTATS_BYTES:
        raise BadFile("too_large", "the file is larger than 64 KiB, and an endstats file has a few")
    endstats = read_endstats_file(name, content)
    if not endstats.awards and not endstats.duels:
        fault = "none of its lines is an award or a duel" if content.strip() else "the file is empty"
        raise BadFile("not_an_endstats_file", fault)
    return Companion(file_id=file.file_id, sha256=file.sha256, name=name, content=endstats)
