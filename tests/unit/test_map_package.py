"""What may lie beside the game: packages of maps, and nothing that a map is not made of."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etstats.errors import BadFile
from etstats.parsing import map_package
from etstats.parsing.map_package import read_map_package

BSP = b"IBSP\x2f\x00\x00\x00" + bytes(64)


def a_package(entries: dict[str, bytes]) -> bytes:
    """A zip of these."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return made.getvalue()


GOOD = a_package({"maps/te_new.bsp": BSP, "scripts/te_new.arena": b"{}", "maps/Other.BSP": BSP})


def _code(name: str, content: bytes) -> str:
    with pytest.raises(BadFile) as refused:
        read_map_package(name, io.BytesIO(content))
    return refused.value.code


def test_the_maps_of_a_package_are_known_by_their_names() -> None:
    found = read_map_package("te_new_b2.pk3", io.BytesIO(GOOD))
    assert (found.name, found.maps, found.size) == ("te_new_b2.pk3", ("other", "te_new"), len(GOOD))


@pytest.mark.parametrize("name", ["", "x.zip", "../x.pk3", "a b.pk3", ".x.pk3", "x.pk3\n", "x" * 70 + ".pk3", "ž.pk3"])
def test_a_name_is_plain(name: str) -> None:
    assert _code(name, GOOD) == "bad_name"


@pytest.mark.parametrize("name", ["pak0.pk3", "PAK1_x.pk3", "mp_bin.pk3", "legacy_v2.83.pk3"])
def test_the_games_own_packages_are_not_stood_in_for(name: str) -> None:
    assert _code(name, GOOD) == "reserved_name"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_zip"),
        (b"Rar!" + GOOD, "no_zip"),
        (GOOD[:-30], "no_zip"),
        (a_package({"scripts/x.arena": b""}), "no_map"),
        (a_package({"deep/maps/x.bsp": BSP}), "no_map"),
        (a_package({"maps/x.bsp": b"PK\x03\x04not a map"}), "bad_map"),
        (a_package({"maps/x.bsp": BSP, "cgame.mp.x86_64.so": b""}), "program"),
        (a_package({"maps/x.bsp": BSP, "autoexec.cfg": b""}), "program"),
        (a_package({"maps/x.bsp": BSP, "../x": b""}), "unsafe"),
        (a_package({"maps/x.bsp": BSP, "/etc/passwd": b""}), "unsafe"),
    ],
)
def test_what_is_no_package_of_maps_is_refused_with_the_reason(content: bytes, code: str) -> None:
    assert _code("x.pk3", content) == code


def test_a_link_in_it_is_refused() -> None:
    made = io.BytesIO(GOOD)
    with zipfile.ZipFile(made, "a") as package:
        link = zipfile.ZipInfo("levelshots/x.tga")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        package.writestr(link, "/etc/passwd")
    assert _code("x.pk3", made.getvalue()) == "unsafe"


def test_what_unpacks_to_more_than_fits_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_package, "_MOST_UNPACKED", 1_000)
    assert _code("x.pk3", a_package({"maps/x.bsp": BSP, "textures/x.tga": bytes(2_000)})) == "unsafe"
    monkeypatch.setattr(map_package, "MOST_BYTES", 10)
    assert _code("x.pk3", GOOD) == "too_large"


def test_a_list_of_entries_that_would_fill_memory_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_package, "_MOST_AT_ONCE", 70_000)
    assert _code("x.pk3", a_package({"maps/x.bsp": BSP, **{f"{n:0>60000}": b"" for n in range(2)}})) == "unsafe"


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
@settings(deadline=None, max_examples=200)
def test_a_damaged_package_is_read_or_refused(place: int, change: int) -> None:
    damaged = bytearray(GOOD)
    damaged[place] ^= change
    try:
        read_map_package("x.pk3", io.BytesIO(damaged))
    except BadFile:
        return
