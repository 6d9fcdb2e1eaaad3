"""A demo's events and what it is about, as JSON."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from etstats.demo.demo import About
from etstats.demo.events import Event
from etstats.demo.positions import Position


def event_document(event: Event) -> dict[str, Any]:
    """`kind`, `at_ms` and the fields of the event's class."""
    return {"kind": event.kind} | {field.name: getattr(event, field.name) for field in fields(event)}


def position_document(position: Position) -> dict[str, Any]:
    return {field.name: getattr(position, field.name) for field in fields(position)}


def about_document(about: About) -> dict[str, Any]:
    document = {field.name: getattr(about, field.name) for field in fields(about)}
    document["players"] = [
        {"client": player.client, "name": player.name, "team": player.team} for player in about.players
    ]
    return document
