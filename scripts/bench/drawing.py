"""Each picture, from domain values to PNG, in a warm process; and what the first picture of a container waits for."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from etstats.cards.picture import comparison, form, map_table, percentile, timeline
from etstats.cards.picture.comparison import Compared, ComparedFigure
from etstats.cards.picture.form import FormLine, FormPoint
from etstats.cards.picture.percentile import RankedFigure, RankedPlayer
from etstats.domain.evening import Evening, PlayedMap, PlayedSession
from etstats.domain.timeline import Timeline, TimelineMap, TimelineRound
from etstats.gateways.renderer import Renderer
from etstats.words import words_for
from scripts.bench.figure import Figure, timed_ms

_ROOT = Path(__file__).parent.parent.parent
_RUNS, _WARM_UP = 30, 3
_BUDGET_MS = 150
_MAPS = (
    "supply",
    "etl_adlernest",
    "te_escape2",
    "et_brewdog",
    "etl_sp_delivery",
    "erdenberg_t2",
    "braundorf_b4",
    "radar",
)
_LABELS = (
    "Damage per minute",
    "Kills per death",
    "Accuracy",
    "Headshots",
    "Useful kills",
    "Time alive",
    "Revives",
    "Rounds won",
)
_WORDS = words_for("en")

# What only the first picture pays for.
_FIRST = """
import time
began = time.perf_counter()
from etstats import wiring
wiring.render('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
print("took", (time.perf_counter() - began) * 1000)
"""


def drawing() -> Iterator[Figure]:
    render = Renderer()
    for name, draw in _PICTURES.items():
        work = partial(_drawn, render, draw)
        times = [timed_ms(work) for _ in range(_WARM_UP + _RUNS)][_WARM_UP:]
        value = statistics.median(times)
        yield Figure(name=f"picture.{name}.ms", value=value, unit="ms", n=_RUNS, budget=_BUDGET_MS)
    yield Figure(name="picture.first_ms", value=statistics.median(_first_ms() for _ in range(5)), unit="ms", n=5)


def _drawn(render: Renderer, draw: Callable[[], str]) -> bytes:
    return render(draw())


def _first_ms() -> float:
    ran = subprocess.run([sys.executable, "-c", _FIRST], cwd=_ROOT, capture_output=True, text=True, check=True)
    return float(ran.stdout.split()[-1])


def _form() -> FormLine:
    points = [
        FormPoint(day=date(2025, 7, 31) + timedelta(days=7 * week), value=280 + 17 * week % 90, rounds=16)
        for week in range(10)
    ]
    return FormLine(
        name="mittens", measure=_LABELS[0], points=tuple(points), usual=312, low=296, high=328, written=_WORDS.whole
    )


def _compared() -> Compared:
    figures = [
        ComparedFigure(label=label, first=30 + place, second=34, first_text=f"{30 + place}%", second_text="34%")
        for place, label in enumerate(_LABELS)
    ]
    return Compared(first="mittens", second="Кошка", first_rounds=412, second_rounds=96, figures=tuple(figures))


def _ranked() -> RankedPlayer:
    figures = [
        RankedFigure(label=label, text="31.2", sample="412 rounds", rank=1 + 3 * place, ranked=24)
        for place, label in enumerate(_LABELS)
    ]
    return RankedPlayer(name="mittens", subtitle="All time", footer="51 rounds or more", figures=tuple(figures))


def _session() -> PlayedSession:
    return PlayedSession(
        session_id=1, server="main", first_at=datetime(2025, 10, 2, 20), last_at=datetime(2025, 10, 2, 23), score_a=5,
        score_b=3, counted_rounds=16, rounds=17, maps=len(_MAPS), players=12,
    )  # fmt: skip


def _timeline() -> Timeline:
    maps = [
        TimelineMap(
            map=name,
            winner_team="AB"[place % 2],
            rounds=tuple(
                TimelineRound(number=number, dpm_a=300 + 31 * place % 80, dpm_b=280 + 47 * place % 90)
                for number in (1, 2)
            ),
        )
        for place, name in enumerate(_MAPS)
    ]
    return Timeline(session=_session(), maps=tuple(maps))


def _evening() -> Evening:
    maps = [
        PlayedMap(
            position=place, map=name, winner="r1_attackers", winner_team="AB"[place % 2],
            r1_attackers_team="AB"[place % 2],
            r1_time_s=525 + place, r2_time_s=None, r1_gave_up=False, r2_gave_up=False,
        )
        for place, name in enumerate(_MAPS)
    ]  # fmt: skip
    return Evening(session=_session(), maps=tuple(maps), rounds=(), lines=())


_PICTURES: dict[str, Callable[[], str]] = {
    "form": partial(form.draw, _WORDS, _form()),
    "comparison": partial(comparison.draw, _WORDS, _compared()),
    "timeline": partial(timeline.draw, _WORDS, _timeline()),
    "map_table": partial(map_table.draw, _WORDS, _evening()),
    "percentile": partial(percentile.draw, _WORDS, _ranked()),
}
