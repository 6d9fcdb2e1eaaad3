"""A round's trust grade as rows, and the digest that tells whether it must be judged again."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from etstats.domain.companion import Belongings
from etstats.domain.round import Role, Round
from etstats.domain.session import FORMULA_VERSION
from etstats.domain.trust import TRUST_VERSION, Trust
from etstats.storage.rows import Row


def digest(played: Round, belongings: Belongings, contents: Mapping[int, str]) -> bytes:
    """Of all that a grade follows from: the round's file, what is taken off it, and what belongs to it.
    *contents*: each file's SHA-256."""
    less = contents[played.partner_id] if played.role is Role.R2 and played.partner_id is not None else ""
    beside = [one.sha256 if one else "" for one in (belongings.endstats, belongings.gametime)]
    lonely = played.role is Role.R2_WITHOUT_R1
    made_of = f"{FORMULA_VERSION} {TRUST_VERSION} {contents[played.round_id]} {less} {lonely} {beside}"
    return sha256(made_of.encode()).digest()[:16]


def trust_row(played: Round, belongings: Belongings, trust: Trust, of_digest: bytes) -> Row:
    return {
        "round_id": played.round_id,
        "grade": trust.grade,
        "checks": [
            {
                "code": check.code,
                "compared": check.compared,
                "origin": check.origin,
                "verdict": check.verdict,
                "difference": check.difference,
            }
            for check in trust.checks
        ],
        "endstats_id": belongings.endstats.file_id if belongings.endstats else None,
        "gametime_id": belongings.gametime.file_id if belongings.gametime else None,
        "digest": of_digest,
        "trust_version": TRUST_VERSION,
    }


def mark_rows(played: Round, trust: Trust) -> list[Row]:
    return [
        {
            "round_id": played.round_id,
            "line": mark.line,
            "position": position,
            "code": mark.code,
            "says": mark.says,
            "doubt": mark.doubt,
        }
        for position, mark in enumerate(trust.marks, start=1)
    ]
