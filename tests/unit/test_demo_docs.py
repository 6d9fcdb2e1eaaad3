"""docs/demo.md: its examples run, and it names every event and field there is."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from etstats.demo import events
from etstats.demo.demo import completeness
from etstats.demo.mods import VANILLA
from etstats.demo.positions import Position
from tests.demo_builder import DemoBuilder, a_view, an_entity

_PAGE = (Path(__file__).parents[2] / "docs" / "demo.md").read_text()
_EXAMPLES = re.findall(r"```python\n(.*?)```", _PAGE, re.DOTALL)
_KINDS = [
    kind
    for kind in vars(events).values()
    if isinstance(kind, type) and issubclass(kind, events.Event) and kind is not events.Event
]


def test_there_are_five_examples() -> None:
    assert len(_EXAMPLES) == 5


@pytest.mark.parametrize("number", range(len(_EXAMPLES)))
def test_an_example_runs(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    demo = DemoBuilder(tv=True)
    for at_ms in (1000, 1600):
        states = {client: a_view(clientNum=client) for client in (0, 1)}
        kill = an_entity(eType=62 + 68, otherEntityNum=1, otherEntityNum2=0, eventParm=9)
        demo.snapshot(at_ms, {0: an_entity(eType=1), 1: an_entity(eType=1), 80: kill}, players=states)
    (tmp_path / "evening.tv_84").write_bytes(demo.content())
    monkeypatch.chdir(tmp_path)
    exec(compile(_EXAMPLES[number], f"example {number + 1} of docs/demo.md", "exec"), {})
    assert capsys.readouterr().out


@pytest.mark.parametrize("kind", _KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_and_field_is_described(kind: type[events.Event]) -> None:
    (row,) = (line for line in _PAGE.splitlines() if line.startswith(f"| `{kind.kind}` |"))
    described = re.findall(r"`(\w+)`", row.split("|")[2])
    assert described == [field.name for field in fields(kind) if field.name != "at_ms"]


def test_completeness_knows_every_kind() -> None:
    assert completeness(VANILLA, own_view=True).keys() == {kind.kind for kind in _KINDS}


def test_every_field_of_a_position_is_described() -> None:
    text = _PAGE[_PAGE.index("A position has") :]
    assert all(f"`{field.name}`" in text for field in fields(Position))
