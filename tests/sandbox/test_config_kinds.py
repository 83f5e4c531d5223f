"""Values of the wrong kind in a TOML file: each is an error that names its place."""

from pathlib import Path

import pytest

from talon_async.sandbox import deployment_from_config

CAMPAIGN = '[[campaigns]]\ntype = "percentage_coupon"\ncode = "WELCOME10"\npercent = 10\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('api_key = ""', "api_key: expected at least 1 character"),
        ('api_key = "  "', "api_key: expected at least 1 character"),
        ('testing_key = ""', "testing_key: expected at least 1 character"),
        ("api_key = 5", "api_key: expected text, found 5"),
        ('seed = "x"', "seed: expected a whole number, found 'x'"),
        ("seed = 1.5", "seed: expected a whole number, found 1.5"),
        ("seed = true", "seed: expected a whole number, found True"),
        ('campaigns = "x"', "campaigns: expected an array of tables, found 'x'"),
        ("campaigns = 5", "campaigns: expected an array of tables, found 5"),
        ("[campaigns]\ntype = 'giveaway'", "campaigns: expected an array of tables"),
        ("achievements = [1]", r"achievements\[0\]: expected a table, found 1"),
        ("[giveaway_pools.a]", "giveaway_pools: expected an array of tables"),
        (f"{CAMPAIGN}coupons = ['WELCOME10']", r"campaigns\[0\]\.coupons\[0\]: expected a table"),
        (f"{CAMPAIGN}coupons = 5", r"campaigns\[0\]\.coupons: expected an array of tables"),
        (f"{CAMPAIGN}coupons = [{{ profile_limit = 1 }}]", r"campaigns\[0\]\.coupons\[0\]: .*code"),
        (
            f"{CAMPAIGN}coupon_limit = 'x'",
            r"campaigns\[0\]\.coupon_limit: expected a whole number, found 'x'",
        ),
        (f"{CAMPAIGN}budget = 'x'", r"campaigns\[0\]\.budget: expected a number"),
        (f"{CAMPAIGN}tags = 'x'", r"campaigns\[0\]\.tags: expected an array, each entry text"),
        (f"{CAMPAIGN}features = ['x']", r"campaigns\[0\]\.features: expected an array, each entry one of "),
        (
            f"{CAMPAIGN}start_date = 2026-05-01",
            r"campaigns\[0\]\.start_date: expected a date and time",
        ),
        (f"{CAMPAIGN}end_date = 2026-05-01T12:00:00", r"campaigns\[0\]\.end_date: expected a date and time"),
        (
            f"{CAMPAIGN}end_date = '2026-05-01T12:00:00Z'",
            r"campaigns\[0\]\.end_date: expected a date and time",
        ),
        ("[[campaigns]]\ntype = 5", r"campaigns\[0\]: type: expected one of"),
        (
            "[[campaigns]]\ntype = 'percentage_coupon'\ncode = 'ABCD'\npercent = 'ten'",
            r"campaigns\[0\]\.percent: expected a number, found 'ten'",
        ),
        (
            "[[campaigns]]\ntype = 'bundle'\nname = 'a'\nskus = 'A'\nprice = 1",
            r"campaigns\[0\]\.skus: expected an array, each entry text, found 'A'",
        ),
        (
            "[[loyalty_programs]]\nid = 1\nname = 'a'\ntitle = 'A'\ntiers = 5",
            r"loyalty_programs\[0\]\.tiers: expected an array of tables",
        ),
        (
            "[[loyalty_programs]]\nid = 1\nname = 'a'\ntitle = 'A'\ntiers = [{ name='x', min_points = '' }]",
            r"loyalty_programs\[0\]\.tiers\[0\]\.min_points: expected a number, found ''",
        ),
        (
            "[[loyalty_programs]]\nid = '1'\nname = 'a'\ntitle = 'A'",
            r"loyalty_programs\[0\]\.id: expected a whole number",
        ),
        (
            "[[loyalty_programs]]\nid = 1\nname = 'a'\ntitle = 'A'\njoin_policy = 'x'",
            r"loyalty_programs\[0\]\.join_policy: expected one of not_join, ",
        ),
        (
            "[[giveaway_pools]]\nid = 1\nname = 'a'\ncodes = 'ABC'",
            r"giveaway_pools\[0\]\.codes: expected an array",
        ),
        (
            "[[achievements]]\nid = 1\nname = 'a1'\ntitle = 'A'\ntarget = '3'",
            r"achievements\[0\]\.target: expected a number",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_an_error_at_its_place(tmp_path: Path, text: str, message: str) -> None:
    """The error says where the value is, what is expected and what was found."""
    file = tmp_path / "shop.toml"
    file.write_text(text)
    with pytest.raises(ValueError, match=f"^{message}"):
        deployment_from_config(file)


def test_whole_numbers_are_numbers(tmp_path: Path) -> None:
    """Where a number is expected, `10` and `10.5` are both accepted, and arrays become tuples."""
    file = tmp_path / "shop.toml"
    file.write_text(f"{CAMPAIGN}budget = 10\ntags = ['a', 'b']\nstart_date = 2026-05-01T12:00:00+02:00")
    (running,) = deployment_from_config(file).campaigns.values()
    assert (running.campaign.budget, running.campaign.tags) == (10, ("a", "b"))
