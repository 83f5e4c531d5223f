"""Error responses: where in the request an error is, in the spelling of the request."""

from typing import Any

import httpx
import pytest

ACHIEVEMENTS = "/v1/customer_profiles/customer-7/achievements"
LEDGER = "/v1/loyalty_programs/1"
SESSION = "/v2/customer_sessions/cart-1"


@pytest.mark.parametrize(
    ("method", "target", "body", "sources"),
    [
        (
            "POST",
            f"{LEDGER}/activate_points",
            {},
            [("pointer", "/sessionId"), ("pointer", "/transactionUUIDs")],
        ),
        (
            "GET",
            f"{LEDGER}/profile/c/transactions?awaitsActivation=false",
            None,
            [("parameter", "awaitsActivation")],
        ),
        ("PUT", f"{SESSION}?now=2030-01-01T00:00:00Z", {"customerSession": {}}, [("parameter", "now")]),
        (
            "PUT",
            SESSION,
            {"customerSession": {}, "responseContent": ["campaignEligibility"]},
            [("pointer", "/responseContent")],
        ),
        (
            "PUT",
            SESSION,
            {"customerSession": {"cartItems": [{"sku": "A", "quantity": 10_001, "price": 1}]}},
            [("pointer", "/cartItems")],
        ),
        (
            "PUT",
            "/v1/catalogs/1/sync",
            {"actions": [{"type": "ADD", "payload": {"sku": "A"}}] * 2},
            [("pointer", "/actions/1/payload/sku")],
        ),
        (
            "POST",
            f"{LEDGER}/profile/c/delete_transactions",
            {"scope": "SelectedSubledgers"},
            [("pointer", "/subledgerIds")],
        ),
        ("GET", f"{ACHIEVEMENTS}?achievementStatus=a,a,active,a", None, [("parameter", "achievementStatus")]),
        (
            "GET",
            f"{ACHIEVEMENTS}?currentProgressStatus=a&currentProgressStatus=a&pageSize=0",
            None,
            [("parameter", "currentProgressStatus"), ("parameter", "pageSize")],
        ),
    ],
)
async def test_errors_name_their_place_once_as_in_the_request(
    http: httpx.AsyncClient, method: str, target: str, body: Any, sources: list[tuple[str, str]]
) -> None:
    """Sources and texts spell fields and values as JSON and the query do, and no error comes twice."""
    response = await http.request(method, target, json=body)
    assert response.status_code == 400
    errors = response.json()["errors"]
    assert [source for error in errors for source in error["source"].items()] == sources
    for error in errors:
        assert "True" not in error["details"]
        assert "_" not in error["details"].replace("'not_started'", "")


STATES = "'cancelled', 'closed', 'open', 'partially_returned'"
ACTIONS = "'ADD', 'ADD_PRICE_ADJUSTMENT', 'PATCH', 'PATCH_MANY', 'REMOVE', 'REMOVE_MANY'"


@pytest.mark.parametrize(
    ("method", "target", "body", "errors"),
    [
        (
            "PUT",
            SESSION,
            {"customerSession": {"state": "closd"}},
            {"/state": [f"expected one of {STATES}, found 'closd'"]},
        ),
        (
            "PUT",
            SESSION,
            {"customerSession": {"state": "a\nb" + "x" * 1000}},
            {"/state": [f"expected one of {STATES}, found 'a\\nb{'x' * 97}...'"]},
        ),
        (
            "PUT",
            "/v1/catalogs/1/sync",
            {"actions": [{"type": "INSERT", "payload": {"sku": "A"}}]},
            {
                "/actions/0/type": [f"expected one of {ACTIONS}, found 'INSERT'"],
                "/actions/0/payload": [f"expected type to be one of {ACTIONS}, found 'INSERT'"],
            },
        ),
        (
            "GET",
            f"{ACHIEVEMENTS}?achievementStatus=actual,active,old",
            None,
            {
                "achievementStatus": [
                    "expected one of 'active', 'scheduled', found 'actual'",
                    "expected one of 'active', 'scheduled', found 'old'",
                ]
            },
        ),
    ],
)
async def test_an_unknown_enum_member_is_named_with_the_known_ones(
    http: httpx.AsyncClient, method: str, target: str, body: Any, errors: dict[str, list[str]]
) -> None:
    """The 400 shows what it found, cut off and on one line, and lists the known members."""
    response = await http.request(method, target, json=body)
    assert response.status_code == 400
    found: dict[str, list[str]] = {}
    for error in response.json()["errors"]:
        (place,) = error["source"].values()
        found.setdefault(place, []).append(error["details"])
    assert found == errors


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", SESSION, "GET, PUT"),
        ("POST", f"{SESSION}/reopen", "PUT"),
        ("GET", "/v3/events", "POST"),
        ("PATCH", "/v2/audiences/1", "DELETE, PUT"),
        ("OPTIONS", "/v1/catalogs/1/sync", "PUT"),
    ],
)
async def test_a_405_names_the_methods_that_are_allowed(
    http: httpx.AsyncClient, method: str, path: str, allowed: str
) -> None:
    """`Allow` lists the methods of the path, as HTTP requires."""
    response = await http.request(method, path)
    assert (response.status_code, response.headers["allow"]) == (405, allowed)
