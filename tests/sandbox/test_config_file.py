"""Deployments from a TOML file: what it configures, and how errors are reported."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from talon_async.sandbox import deployment_from_config

FILE: Final = """
api_key = "my-key"
seed = 7

[[loyalty_programs]]
id = 1
name = "points"
title = "Points"
default_validity = "1Y"
tiers = [{ name = "Silver", min_points = 100 }, { name = "Gold", min_points = 1000 }]

[[giveaway_pools]]
id = 1
name = "gift cards"
codes = ["GIFT-1", "GIFT-2"]

[[achievements]]
id = 1
name = "orders"
title = "Three orders"
target = 3

[[campaigns]]
type = "percentage_coupon"
code = "WELCOME10"
percent = 10
coupon_limit = 100
end_date = 2027-01-01T00:00:00Z
coupons = [{ code = "WELCOME10", profile_limit = 1 }]

[[campaigns]]
type = "points_per_unit"
points = 2

[[campaigns]]
type = "giveaway"
pool = 1
minimum_total = 50
"""


def test_a_file_configures_a_deployment(tmp_path: Path) -> None:
    """The file sets keys, programs, pools, achievements, and campaigns with their coupons."""
    path = tmp_path / "shop.toml"
    path.write_text(FILE, "utf-8")
    deployment = deployment_from_config(path, seed=8)
    assert (deployment.api_key, deployment.store.seed) == ("my-key", 8)
    assert [tier.name for tier in deployment.application.loyalty_programs[1].tiers] == ["Silver", "Gold"]
    first = deployment.campaigns[1].campaign
    assert (first.name, first.coupon_limit) == ("10% off with WELCOME10", 100)
    assert first.end_date == datetime(2027, 1, 1, tzinfo=UTC)
    assert deployment.coupons["WELCOME10"].terms.profile_limit == 1
    names = [running.campaign.name for running in deployment.campaigns.values()]
    assert names[1:] == ["points on purchases", "giveaway of gift cards"]


def test_an_empty_file_keeps_the_defaults(tmp_path: Path) -> None:
    """Settings that the file omits keep their defaults."""
    path = tmp_path / "empty.toml"
    path.write_text("", "utf-8")
    assert list(deployment_from_config(path).coupons) == ["WELCOME10"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour = 1", "colour: expected one of achievements, api_key"),
        (
            "[[campaigns]]\ntype = 'sale'",
            r"campaigns\[0\]: type: expected one of .*percentage_coupon.* found 'sale'",
        ),
        (
            "[[campaigns]]\ntype = 'bundle'\nprize = 1",
            r"campaigns\[0\]: prize: expected one of name, skus, price",
        ),
        ("[[campaigns]]\ntype = 'bundle'", r"campaigns\[0\]: .*missing"),
        ("[[campaigns]]\ntype = 'giveaway'\npool = 9", "there is no giveaway pool 9"),
        (
            "[[campaigns]]\ntype = 'fixed_coupon'\ncode = 'TEN1'\nvalue = 1\ncoupons = [{ code = 'TEN2' }]",
            r"campaigns\[0\].coupons: expected terms of the codes TEN1",
        ),
        ("[[loyalty_programs]]\nid = 1", r"loyalty_programs\[0\]: .*missing"),
        ("[[achievements]]\nid = 1\nname = 'x y'\ntitle = ''\ntarget = 1", r"achievements\[0\]: name"),
        ("= 1", "Invalid"),
    ],
)
def test_errors_name_table_and_key(tmp_path: Path, text: str, message: str) -> None:
    """An invalid file raises `ValueError` with the table and the key."""
    path = tmp_path / "shop.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=message):
        deployment_from_config(path)
