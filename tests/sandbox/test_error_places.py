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
        ("GET", f"{ACHIEVEMENTS}?achievementStatus=a,b,active,c", None, [("parameter", "achievementStatus")]),
        (
            "GET",
            f"{ACHIEVEMENTS}?currentProgressStatus=a&currentProgressStatus=b&pageSize=0",
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
        assert "_" not in error["details"]


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
