"""Requests: identifiers, API keys, validation, and routing."""

from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talon_async import AuthenticationError, NewCustomerSessionV2, TalonClient
from talon_async._operations import OPERATIONS
from talon_async._operations.operation import Operation, operation
from talon_async._operations.parameter import CommaSeparated
from talon_async._operations.sessions import GET_CUSTOMER_SESSION
from talon_async.models.base import UNSET, Unset
from talon_async.sandbox import Deployment
from talon_async.sandbox._handlers.table import HANDLERS
from talon_async.sandbox._http.parsing import read_call
from talon_async.sandbox._http.routing import Routes
from tests.sandbox.checked import checked_deployment
from tests.sandbox.support import plain_http, session_of, shoes_and_socks

CART = "/v2/customer_sessions/cart-1"
IDENTIFIERS = [
    "a/b",
    "a?b=c&d",
    "a#b",
    "..",
    ".",
    "a b+c%20d",
    "Zoe-\u00eb\U0001f600",
    "a%2Fb",
    "returns",
    "reopen",
]


@pytest.mark.parametrize("identifier", IDENTIFIERS)
async def test_identifiers_are_stored_unchanged(
    talon: TalonClient, deployment: Deployment, identifier: str
) -> None:
    """Whatever characters it has, an identifier is stored and found unchanged."""
    await talon.sessions.update(identifier, shoes_and_socks())
    assert list(deployment.sessions) == [identifier]
    assert session_of(await talon.sessions.get(identifier)).integration_id == identifier


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), min_size=1))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_paths_round_trip(identifier: str) -> None:
    """The sandbox decodes any path segment that the client encodes."""
    request = GET_CUSTOMER_SESSION.encode(customer_session_id=identifier)
    match = Routes(OPERATIONS.values()).find("GET", request.target.encode())
    assert match.operation is GET_CUSTOMER_SESSION
    assert read_call(match, "", b"") == (None, {"customer_session_id": identifier})


@pytest.mark.parametrize(
    "header", [{}, {"authorization": "ApiKey-v1 wrong"}, {"authorization": "sandbox-key"}]
)
async def test_requests_need_the_key(deployment: Deployment, header: dict[str, str]) -> None:
    """A request without the key gets 401 and has no effect."""
    async with httpx.AsyncClient(base_url=deployment.url, headers=header) as http:
        response = await http.put(CART, json={"customerSession": {}})
    assert (response.status_code, response.json()["StatusCode"]) == (401, 401)
    assert not deployment.sessions


async def test_a_wrong_key_is_an_authentication_error(deployment: Deployment) -> None:
    """The client raises `AuthenticationError` for a wrong key."""
    async with TalonClient(deployment.url, api_key="wrong") as talon:
        with pytest.raises(AuthenticationError):
            await talon.sessions.update("cart-1", NewCustomerSessionV2())


async def test_requests_with_the_testing_key_are_dry_runs() -> None:
    """Session updates, profile updates and events accept the Testing key, and store nothing."""
    deployment = checked_deployment(testing_key="for-tests")
    cart = {"profileId": "customer-7", "couponCodes": ["WELCOME10"], "state": "closed"}
    profile = {"attributes": {"Name": "Zoe"}}
    async with plain_http(deployment) as http:
        http.headers["authorization"] = "ApiKey-v1 for-tests"
        update = await http.put(f"{CART}?dry=false&now=2100-01-01T00:00:00Z", json={"customerSession": cart})
        responses = [
            update,
            await http.put("/v2/customer_profiles/customer-7", json=profile),
            await http.put(
                "/v2/customer_profiles/customer-7?runRuleEngine=true",
                json={**profile, "responseContent": ["customerProfile"]},
            ),
            await http.post("/v2/events?silent=no", json={"profileId": "customer-7", "type": "shared"}),
        ]
    assert [response.status_code for response in responses] == [200] * 4
    assert [effect["effectType"] for effect in update.json()["effects"]] == ["acceptCoupon", "setDiscount"]
    assert responses[1].json() == {"effects": [], "createdCoupons": [], "createdReferrals": []}
    assert responses[2].json()["customerProfile"]["attributes"] == {"Name": "Zoe"}
    assert not deployment.profiles
    assert not deployment.sessions
    assert not deployment.events


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", CART), ("PUT", f"{CART}/reopen"), ("GET", "/v1/integration/campaigns"), ("POST", "/v3/events")],
)
async def test_the_testing_key_is_for_few_operations(method: str, path: str) -> None:
    """Other operations refuse the Testing key with 401, as do deployments without one."""
    for deployment in (checked_deployment(testing_key="for-tests"), checked_deployment()):
        async with plain_http(deployment) as http:
            response = await http.request(method, path, headers={"authorization": "ApiKey-v1 for-tests"})
        assert response.status_code == 401


def test_the_keys_differ() -> None:
    """An API key that equals the Testing key raises `ValueError`."""
    with pytest.raises(ValueError, match="testing_key"):
        checked_deployment(api_key="same", testing_key="same")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v9", 404),
        ("GET", "/v2/customer_sessions", 404),
        ("GET", "/v2/customer_sessions/", 404),
        ("PUT", "/v2/customer_sessions/a/b", 404),
        ("GET", "/v9/customer_sessions/cart-1", 404),
        ("DELETE", "/v2/customer_sessions/cart-1", 405),
        ("GET", "/v2/customer_sessions/cart-1/reopen", 405),
    ],
)
async def test_unknown_paths_and_methods_are_refused(
    http: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    """An unknown path or method gets an error in the service's form."""
    response = await http.request(method, path)
    assert response.status_code == status
    assert response.json()["StatusCode"] == status
    assert response.json()["message"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"nope", b'{"a": NaN}'])
async def test_a_body_that_is_not_json_is_refused(http: httpx.AsyncClient, content: bytes) -> None:
    """The message says that the body is not valid JSON."""
    response = await http.put(CART, content=content)
    assert response.status_code == 400
    assert response.json()["message"].startswith("The body is not valid JSON")


def session(**fields: Any) -> dict[str, Any]:
    """The body of a session update."""
    return {"customerSession": fields}


@pytest.mark.parametrize(
    ("body", "title", "pointer"),
    [
        ([], "Invalid type", ""),
        ({}, "required", "/customerSession"),
        ({"customerSession": None}, "Invalid type", "/customerSession"),
        (session(profileId=7), "Invalid type", "/profileId"),
        (session(state="paid"), "enum", "/state"),
        (session(couponCodes="CODE"), "Invalid type", "/couponCodes"),
        (session(couponCodes=["x" * 101]), "Invalid value", "/couponCodes/0"),
        (session(referralCode="x" * 101), "Invalid value", "/referralCode"),
        (session(loyaltyCards=["a", "b"]), "Invalid value", "/loyaltyCards"),
        (session(identifiers=["x"] * 6), "Invalid value", "/identifiers"),
        (session(storeIntegrationId=""), "Invalid value", "/storeIntegrationId"),
        (session(cartItems=[{"sku": "A"}]), "required", "/cartItems/0/quantity"),
        (session(cartItems=[{"sku": "", "quantity": 1}]), "Invalid value", "/cartItems/0/sku"),
        (session(cartItems=[{"sku": "A", "quantity": 0}]), "Invalid value", "/cartItems/0/quantity"),
        (session(cartItems=[{"sku": "A", "quantity": 1.5}]), "Invalid type", "/cartItems/0/quantity"),
        (session(cartItems=[{"sku": "A", "quantity": True}]), "Invalid type", "/cartItems/0/quantity"),
        (session(cartItems=[{"sku": "A", "quantity": 10_001}]), "Invalid value", "/cartItems"),
        (session(cartItems=[{"sku": "A", "quantity": 1}] * 1001), "Invalid value", "/cartItems"),
        (session(additionalCosts={"a/b~c": {}}), "required", "/additionalCosts/a~1b~0c/price"),
        (session(additionalCosts={"it's \"it\"": {}}), "required", "/additionalCosts/it's \"it\"/price"),
        ({**session(), "responseContent": ["everything"]}, "enum", "/responseContent/0"),
        ({**session(), "responseContent": ["campaignEligibility"]}, "Invalid value", "/responseContent"),
    ],
)  # fmt: skip
async def test_an_invalid_field_is_refused_with_its_pointer(
    http: httpx.AsyncClient, deployment: Deployment, body: Any, title: str, pointer: str
) -> None:
    """An invalid field has a JSON pointer, relative to the session."""
    response = await http.put(CART, json=body)
    assert response.status_code == 400
    assert response.json()["message"] == "The submitted data was invalid"
    (error,) = response.json()["errors"]
    assert (error["title"], error["source"]) == (title, {"pointer": pointer})
    assert error["details"]
    assert not deployment.sessions
    assert not deployment.profiles


async def test_all_errors_are_reported(http: httpx.AsyncClient) -> None:
    """A response lists every error, of parameters and fields."""
    body = session(profileId=1, cartItems=[{"sku": "A", "quantity": 0}, {}])
    response = await http.put(f"{CART}?dry=perhaps&now=tomorrow", json=body)
    sources = [next(iter(error["source"].values())) for error in response.json()["errors"]]
    assert sources == [
        "dry",
        "now",
        "/profileId",
        "/cartItems/0/quantity",
        "/cartItems/1/sku",
        "/cartItems/1/quantity",
    ]


async def test_unknown_fields_are_ignored(http: httpx.AsyncClient) -> None:
    """Unknown fields and parameters, and read-only fields, are ignored."""
    item = {"sku": "A", "quantity": 1, "price": 1, "position": 7, "remainingQuantity": 9, "novel": [1]}
    item |= {"catalogItemID": 3, "selectedPriceType": "member", "adjustmentReferenceId": "r-1"}
    body = {**session(cartItems=[item], novel={"a": 1}), "responseContent": ["customerSession"], "novel": 1}
    response = await http.put(f"{CART}?novel=1", json=body)
    assert response.status_code == 200
    (stored,) = response.json()["customerSession"]["cartItems"]
    assert (stored["position"], stored["remainingQuantity"]) == (0, 1)
    assert not stored.keys() & {"catalogItemID", "selectedPriceType", "adjustmentReferenceId"}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("dry=yes", "dry"),
        ("dry=", "dry"),
        ("now=2026-06-01T12:00:00", "now"),
        ("now=2026-06-01T12:00:00Z", "now"),
        ("dry=false&now=2026-06-01T12:00:00Z", "now"),
        ("dry=true&now=2026-06-01T12:00:00+02:00", "now"),
    ],
)
async def test_an_invalid_parameter_is_refused_by_name(
    http: httpx.AsyncClient, query: str, parameter: str
) -> None:
    """An invalid parameter, or one without its prerequisite, is refused. A plus decodes to a space."""
    response = await http.put(f"{CART}?{query}", json=session())
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["source"] == {"parameter": parameter}


@pytest.mark.parametrize(("silent", "status"), [("yes", 204), ("no", 200), ("true", 400), ("", 400)])
async def test_silent_is_yes_or_no(http: httpx.AsyncClient, silent: str, status: int) -> None:
    """`silent` accepts only ``yes`` and ``no``."""
    response = await http.post(
        f"/v2/events?silent={silent}", json={"profileId": "customer-7", "type": "shared"}
    )
    assert response.status_code == status


@pytest.mark.parametrize(
    ("method", "path", "body", "repeats_status"),
    [
        ("PUT", CART, {}, False),
        ("GET", CART, None, False),
        ("POST", f"{CART}/returns", {}, False),
        ("PUT", f"{CART}/reopen", None, False),
        ("PUT", "/v2/customer_profiles/customer-7", {"attributes": 1}, True),
        ("POST", "/v2/events", {}, True),
    ],
)
async def test_the_form_of_errors_depends_on_the_operation(
    http: httpx.AsyncClient, method: str, path: str, body: Any, repeats_status: bool
) -> None:
    """The body of a 400 has a status only where the contract declares it."""
    response = await http.request(method, path, json=body)
    assert response.status_code == 400
    assert ("StatusCode" in response.json()) is repeats_status


@operation("example", "GET", "/v1/programs/{programId}/{code}", success=(204,), errors=())
def CODES(
    *,
    program_id: int,
    code: str,
    campaign_ids: CommaSeparated[int] = UNSET,
    subledger_id: list[str] | Unset = UNSET,
    factor: float | Unset = UNSET,
) -> None:
    """An operation of the test."""


@operation("log", "GET", "/v1/programs/{programId}/log", success=(204,), errors=())
def LOG(*, program_id: int) -> None:
    """An operation of the test."""


@pytest.mark.parametrize(
    "arguments",
    [
        {"program_id": 7, "code": "a,b"},
        {"program_id": -7, "code": "x", "campaign_ids": [1, 2, 3], "factor": 2.5},
        {"program_id": 0, "code": "x", "subledger_id": ["", "a,b", "a b+c"]},
    ],
)
def test_parameters_round_trip(arguments: dict[str, Any]) -> None:
    """The sandbox decodes numbers and both styles of lists that the client encodes."""
    request = CODES.encode(**arguments)
    path, _, query = request.target.partition("?")
    match = Routes([CODES]).find("GET", path.encode())
    assert read_call(match, query, b"") == (None, arguments)


def test_every_handler_has_an_operation() -> None:
    """Each handler belongs to an operation."""
    assert set(HANDLERS) <= set(OPERATIONS)


async def test_literal_segments_take_precedence() -> None:
    """If a literal and a parameter match a path segment, the literal wins."""
    tables: list[list[Operation[..., Any]]] = [[CODES, LOG], [LOG, CODES]]
    for table in tables:
        assert Routes(table).find("GET", b"/v1/programs/1/log").operation is LOG
        assert Routes(table).find("GET", b"/v1/programs/1/lo%67").operation is CODES
