"""The upload page and a demo's report in a real browser, with the whole stack behind them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from local.stack import Stack
from tests.browser.test_desk import PYTHON, ROOT, needs_browser
from tests.uploading import a_demo, asked, link_of

pytestmark = [*needs_browser, pytest.mark.timeout(300)]

MB = 1_000_000


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return asyncio.run(_visit(tmp_path_factory.mktemp("upload")))


async def _visit(folder: Path) -> dict[str, Any]:
    """One stack and one upload serve every test here."""
    file = folder / "an evening.tv_84"
    file.write_bytes(a_demo(filler=12 * MB))
    async with Stack(retry_after_s=1) as stack:
        link = link_of(await asked(stack, "demo", "upload"))
        uploaded = await _run("upload.py", link, str(file), str(folder))
        page = link_of(await asked(stack, "demo", "report"))
        return uploaded | {"report": await _run("report.py", page, str(folder)), "ticket": link.partition("#")[2]}


async def _run(script: str, *arguments: str) -> dict[str, Any]:
    visitor = await asyncio.create_subprocess_exec(
        PYTHON, ROOT / "tests" / "browser" / script, *arguments, stdout=-1, stderr=-1
    )
    out, fault = await visitor.communicate()
    assert visitor.returncode == 0, fault.decode()[-3000:]
    told: dict[str, Any] = json.loads(out)
    return told


def test_an_upload_cut_off_by_a_reload_sends_only_what_is_lacking(seen: dict[str, Any]) -> None:
    assert seen["cut_off"]["sent"] == [1]
    assert seen["cut_off"]["notice"].startswith("an evening.tv_84 was 43% up.")
    assert seen["gone_on"]["sent"] == [2, 3]
    assert seen["gone_on"]["told"].startswith("adlernest is ready. Highlights found: ")


def test_a_reload_after_the_end_still_tells_it_and_keeps_nothing_secret(seen: dict[str, Any]) -> None:
    assert seen["after"] == seen["gone_on"]["told"]
    assert seen["ticket"].rpartition(".")[2] not in seen["kept"]


def test_what_is_no_demo_and_who_has_no_ticket_is_told_so(seen: dict[str, Any]) -> None:
    assert seen["none"].startswith("That is no demo")
    assert seen["stranger"].startswith("This link is not whole")


def test_the_page_fits_a_phone_and_keeps_its_own_policy(seen: dict[str, Any]) -> None:
    assert seen["wide"] <= 0
    assert seen["refused"] == []


def test_a_report_is_moved_along_and_asks_nobody_for_anything(seen: dict[str, Any]) -> None:
    report = seen["report"]
    assert report["title"] == "adlernest"
    assert report["begin"][0] == "0:00" and report["begin"][1] == 0
    assert report["jumped"] == ["0:09", 1]  # the first kill is 9 s after the demo's first snapshot
    assert report["elsewhere"] == []
    assert max(report["phone_wide"], report["desktop_wide"]) <= 0
