from __future__ import annotations

from etstats.cards import export as export_card
from etstats.domain.table import Table
from etstats.words import words_for

ENGLISH = words_for("en")
LONG = "W" * 35


def test_a_name_cannot_become_a_formula_in_a_spreadsheet() -> None:
    table = Table(name="players", columns=("name", "damage"), rows=(('=HYPERLINK("http://x")', None),))
    message = export_card.card("", [table, Table(name="maps", columns=(), rows=())], stem="me", as_json=False)
    (file,) = message.files
    assert file.name == "me-players.csv"
    assert file.content.decode("utf-8-sig") == 'name,damage\r\n"\'=HYPERLINK(""http://x"")",\r\n'
