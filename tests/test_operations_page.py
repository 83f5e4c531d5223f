"""docs/operations.md, the page that lists every operation with its method and models."""

from pathlib import Path
from typing import Final

import pytest

from talon_async._operations import OPERATIONS
from talon_async.contract.__main__ import main

PAGE: Final = Path(__file__).parents[1] / "docs" / "operations.md"


def test_the_page_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    """docs/operations.md is what ``page`` writes."""
    assert main(["page"]) == 0
    assert capsys.readouterr().out == PAGE.read_text("utf-8")


def test_the_page_names_each_method() -> None:
    """Every operation is listed once, with its own client method."""
    lines = PAGE.read_text("utf-8").splitlines()
    cells = [[cell.strip(" `") for cell in line.split("|")] for line in lines if line.startswith("| `")]
    methods = {row[1]: row[3] for row in cells}
    assert len(cells) == len(methods) == len(set(methods.values())) == len(OPERATIONS)
    assert methods["returnCartItems"] == "sessions.return_items"
    assert methods["linkLoyaltyCardToProfile"] == "loyalty.cards(program_id, card_id).link"
