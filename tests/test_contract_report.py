"""The report of the contract check, as text and as JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from talon_async.contract.__main__ import main
from talon_async.contract._accepted_differences import ACCEPTED_DIFFERENCES
from tests.test_contract_check import TEXT, changed, check, published


def report_on(root: dict[str, Any], directory: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The report on a document as JSON."""
    check(root, directory, "--format", "json")
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def lines_on(root: dict[str, Any], directory: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The report on a document as text, without what is deprecated and the number of accepted differences."""
    check(root, directory)
    _, *lines, _ = capsys.readouterr().out.splitlines()
    return lines[: next(number for number, line in enumerate(lines) if "deprecated in the document" in line)]


def test_a_difference_states_both_sides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A difference states its route from an operation, the document's side and the client's side."""
    response = "getCustomerSession > 200 IntegrationCustomerSessionResponse"
    assert lines_on(changed("schemas CartItem properties price type", "string"), tmp_path, capsys) == [
        "different CartItem.price: type",
        f"    route: {response}.customerSession.cartItems[].price: type",
        "    document: string",
        "    talon_async: number",
    ]


def test_the_same_difference_is_listed_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The text lists a difference that several models share once, with each place."""
    root = changed("schemas NewInternalAudience properties label", TEXT)
    assert lines_on(root, tmp_path, capsys) == [
        "missing label in 2 places",
        "    document: string",
        "    talon_async: nothing",
        "    in: NewAudience.label",
        "    in: Audience.label",
    ]


def test_differences_with_other_values_are_listed_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fields of one name are listed apart if the document states something else about them."""
    root = changed("schemas CartItem properties label", TEXT)
    root["components"]["schemas"]["ErrorEffectProps"]["properties"]["label"] = {"type": "integer"}
    lines = lines_on(root, tmp_path, capsys)
    assert [line for line in lines if line.startswith("missing")] == [
        "missing CartItem.label",
        "missing ErrorEffectProps.label",
    ]


def test_the_json_report_has_each_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON lists each difference on its own, with kind, place, route and both sides."""
    report = report_on(changed("schemas NewInternalAudience properties label", TEXT), tmp_path, capsys)
    assert (report["document"], report["passed"]) == (str(tmp_path / "changed.json"), False)
    assert report["operations"] == {"document": 39, "shared": 39}
    assert report["differences"] == [
        {
            "kind": "missing",
            "place": f"{model}.label",
            "route": f"createAudienceV2 > {route}.label",
            "document": "string",
            "talon_async": None,
        }
        for model, route in (("NewAudience", "NewAudience"), ("Audience", "201 Audience"))
    ]


def test_the_json_report_has_the_accepted_differences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The JSON lists the accepted differences with their reasons, and apart those that no longer exist."""
    report = report_on(changed("paths /v3/events post responses 204", {}), tmp_path, capsys)
    assert not report["passed"]
    assert report["obsolete"] == [{"place": "trackEventV3 > 204", "document": None}]
    assert len(report["accepted"]) == len(ACCEPTED_DIFFERENCES) - 1
    assert all(entry.keys() == {"place", "document", "reason"} for entry in report["accepted"])


def test_an_accepted_difference_that_no_longer_exists_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once the provider corrects an accepted difference, the check fails until its entry is removed."""
    assert check(changed("paths /v3/events post responses 204", {}), tmp_path) == 1
    output = capsys.readouterr().out
    assert "accepted, but no longer different: trackEventV3 > 204 (not in the document)" in output
    assert output.count("missing ") == 0


DEPRECATED = {
    "paths /v1/referrals post deprecated": "createReferral",
    "paths /v2/events post parameters dry deprecated": "trackEventV2 > query dry",
    "schemas CartItem properties sku deprecated": "CartItem.sku",
    "schemas Referral deprecated": "Referral",
}


@pytest.mark.parametrize(("path", "place"), DEPRECATED.items())
def test_what_is_deprecated_is_reported_for_information(
    path: str, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A newly deprecated operation, parameter, field or schema is reported and does not fail the check."""
    root = changed(path, True)
    assert check(root, tmp_path) == 0
    assert f"    {place}" in capsys.readouterr().out.splitlines()
    before = {each["place"] for each in report_on(published(), tmp_path, capsys)["deprecated"]}
    after = {each["place"] for each in report_on(root, tmp_path, capsys)["deprecated"]}
    assert after - before == {place}


def test_a_passing_json_report(capsys: pytest.CaptureFixture[str]) -> None:
    """Without new differences the check passes, and its JSON says so."""
    assert main(["check", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["passed"], report["differences"], report["obsolete"]) == (True, [], [])
    assert {"place", "route"} == report["deprecated"][0].keys()
