"""`python -m local.simulator --seed N --out DIR`: simulated stats files in a folder."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from local.simulator import Feature, SimulatedSession, simulate_evenings, simulate_session, write_demos


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the files and says how many; 2 with a sentence when the arguments do not fit together."""
    asked = _parser().parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    files = demos = 0
    truths = []
    try:
        for session in _sessions(asked):
            for file in session.files:
                (asked.out / file.name).write_bytes(file.content)
            files += len(session.files)
            demos += _film(session, asked)
            if asked.truth:
                truths.append(dataclasses.asdict(session.truth))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if asked.truth:
        asked.truth.write_text(json.dumps(truths, indent=1, default=_plain), encoding="utf-8")
    if asked.demos:
        print(f"{demos} demos in {asked.demos}")
    print(f"{files} stats files of {asked.days} evening{'s' * (asked.days != 1)} in {asked.out}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.simulator", description=__doc__)
    parser.add_argument("--seed", type=int, required=True, help="the same seed gives the same bytes")
    parser.add_argument("--out", type=Path, required=True, help="folder for the files, made if need be")
    parser.add_argument("--maps", type=int, default=6, help="maps of an evening (default 6)")
    parser.add_argument("--players", type=int, default=12, help="players in both teams together (default 12)")
    parser.add_argument("--days", type=int, default=1, help="evenings, with the same people (default 1)")
    parser.add_argument(
        "--ends-at", type=datetime.fromisoformat, help="server's wall clock at the end of the last round"
    )
    parser.add_argument("--feature", action="append", type=Feature, choices=list(Feature), metavar="NAME",
                        help=f"only these; one evening: {', '.join(feature.value for feature in Feature)}")  # fmt: skip
    parser.add_argument("--bots", type=int, default=0, help="how many of the people are bots; one evening")
    parser.add_argument("--layout", type=int, default=38, help="extended fields: 33, 36, 37 or 38")
    parser.add_argument("--header-fields", type=int, default=8, help="8, or 9 with the play time")
    parser.add_argument("--crlf", action="store_true", help="lines end as in copies made on Windows")
    parser.add_argument("--demos", type=Path, metavar="DIR", help="a folder for demos, two of each round")
    parser.add_argument("--demo-rounds", type=int, metavar="N", help="only of the last N rounds of an evening")
    parser.add_argument(
        "--planned", action="store_true", help="with a short last round whose highlights are known; one evening"
    )
    parser.add_argument("--truth", type=Path, help="what really happened, as JSON in this file")
    return parser


def _film(session: SimulatedSession, asked: argparse.Namespace) -> int:
    """How many demos it made of *session*."""
    if not asked.demos:
        return 0
    asked.demos.mkdir(parents=True, exist_ok=True)
    wanted = session.recordings[-asked.demo_rounds :] if asked.demo_rounds else session.recordings
    return sum(len(write_demos(recording, asked.demos)) for recording in wanted)


def _sessions(asked: argparse.Namespace) -> Iterator[SimulatedSession]:
    line_ending = "crlf" if asked.crlf else "lf"
    if asked.days != 1:
        return simulate_evenings(
            seed=asked.seed, days=asked.days, maps=asked.maps, players=asked.players, last_ends_at=asked.ends_at,
            layout=asked.layout, header_fields=asked.header_fields, line_ending=line_ending,
        )  # fmt: skip
    return iter((simulate_session(
        seed=asked.seed, maps=asked.maps, players=asked.players, ends_at=asked.ends_at, features=asked.feature,
        bots=asked.bots, layout=asked.layout, header_fields=asked.header_fields, line_ending=line_ending,
        planned=asked.planned,
    ),))  # fmt: skip


def _plain(value: object) -> object:
    return value.value if hasattr(value, "value") else str(value)


if __name__ == "__main__":
    sys.exit(main())
