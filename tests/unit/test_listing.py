"""When a listed file may be read: only once nobody can still be writing it, whatever the clocks show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from etstats.domain.listing import QUIET_S, Unsettled, Verdict, judge

NOW = datetime(2025, 10, 2, 21, 20, tzinfo=UTC)
MTIME = 1_759_440_000


def a_file(**changes: object) -> Unsettled:
    fields: dict[str, object] = {"name": "2025-10-02-211808-supply-round-1.txt", "size": 4096, "mtime": MTIME}
    return Unsettled(**(fields | changes))  # type: ignore[arg-type]


def listed_before(*, ago_s: float, **changes: object) -> Unsettled:
    seen = {"listed_size": 4096, "listed_mtime": MTIME, "listed_at": NOW - timedelta(seconds=ago_s)}
    return a_file(**(seen | changes))


def verdict(file: Unsettled, *, server_clock: int | None = None, refused: bool = False) -> Verdict:
    return judge(file, refused=refused, server_clock=server_clock, now=NOW)


def test_a_file_the_servers_own_clock_has_left_behind_is_fetched_at_first_sight() -> None:
    assert verdict(a_file(), server_clock=MTIME + QUIET_S) is Verdict.FETCH


def test_a_young_file_waits() -> None:
    assert verdict(a_file(), server_clock=MTIME + QUIET_S - 1) is Verdict.WAIT


def test_without_the_servers_clock_a_new_file_waits_however_old_it_looks_to_us() -> None:
    assert verdict(a_file(mtime=0)) is Verdict.WAIT


def test_a_file_that_two_listings_showed_alike_is_fetched() -> None:
    assert verdict(listed_before(ago_s=QUIET_S)) is Verdict.FETCH


def test_two_listings_in_quick_succession_prove_nothing() -> None:
    assert verdict(listed_before(ago_s=QUIET_S - 0.1)) is Verdict.WAIT


def test_a_file_that_grew_since_the_last_listing_waits() -> None:
    assert verdict(listed_before(ago_s=60, listed_size=2048)) is Verdict.WAIT


def test_a_file_that_was_touched_since_the_last_listing_waits() -> None:
    assert verdict(listed_before(ago_s=60, listed_mtime=MTIME - 3)) is Verdict.WAIT


def test_a_file_from_the_future_is_fetched_once_it_stays_the_same() -> None:
    assert verdict(a_file(), server_clock=MTIME - 86_400) is Verdict.WAIT
    assert verdict(listed_before(ago_s=60), server_clock=MTIME - 86_400) is Verdict.FETCH


def test_a_refused_file_is_refused_once_and_again_when_it_changes() -> None:
    assert verdict(a_file(), refused=True, server_clock=MTIME + 60) is Verdict.REFUSE
    assert verdict(listed_before(ago_s=60), refused=True, server_clock=MTIME + 60) is Verdict.LEAVE
    assert verdict(listed_before(ago_s=60, listed_size=1), refused=True) is Verdict.REFUSE


@given(
    skew_s=st.integers(-100_000, 100_000),
    writes_s=st.lists(st.floats(0, 300), min_size=1, max_size=6).map(sorted),
    ticks_s=st.lists(st.floats(0, 400), min_size=1, max_size=12).map(sorted),
    clock_lag_s=st.lists(st.none() | st.integers(0, 300), min_size=12, max_size=12),
)
def test_no_skew_of_clocks_gets_a_file_read_within_four_seconds_of_a_write(
    skew_s: int, writes_s: list[float], ticks_s: list[float], clock_lag_s: list[int | None]
) -> None:
    """A writer, our ticks, and a server clock that is off by *skew_s* and known only as a lower bound."""
    seen: dict[str, object] = {}
    for at_s, lag_s in zip(ticks_s, clock_lag_s, strict=False):
        written = [one for one in writes_s if one <= at_s]
        if not written:
            continue
        size, mtime = len(written), int(MTIME + skew_s + written[-1])
        server_clock = None if lag_s is None else int(MTIME + skew_s + at_s) - lag_s
        now = NOW + timedelta(seconds=at_s)
        found = judge(a_file(size=size, mtime=mtime, **seen), refused=False, server_clock=server_clock, now=now)
        if found is Verdict.FETCH:
            assert at_s - written[-1] > QUIET_S - 1  # both stamps are whole seconds
        if (seen.get("listed_size"), seen.get("listed_mtime")) != (size, mtime):
            seen = {"listed_size": size, "listed_mtime": mtime, "listed_at": now}


@given(skew_s=st.integers(-(10**9), 10**9), server_clock=st.none() | st.integers(0, 2**32))
def test_a_file_left_alone_is_fetched_at_the_second_tick_at_the_latest(skew_s: int, server_clock: int | None) -> None:
    found = verdict(
        listed_before(ago_s=60, mtime=MTIME + skew_s, listed_mtime=MTIME + skew_s), server_clock=server_clock
    )
    assert found is Verdict.FETCH
