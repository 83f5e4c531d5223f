"""Snapshots of the wrong kind: one clear error, and a deployment that is as before."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from talon_async._codec.json import is_array, is_object, parse, render
from talon_async.sandbox import Achievement, Deployment
from tests.sandbox.support import plain_http

CART = {"profileId": "customer-7", "couponCodes": ["WELCOME10"], "state": "closed"}
ITEMS = [{"sku": "SHOES", "quantity": 1, "price": 60.0}]
WRONG: list[Any] = [5, "x", [], {}, True, 1e300, [[1]], {"a": 1}]


def new_deployment() -> Deployment:
    """A deployment with the default campaigns and an achievement."""
    return Deployment(achievements=[Achievement(id=1, name="orders", title="Orders", target=3)])


@pytest.fixture
async def snapshot(tmp_path: Path) -> Path:
    """The snapshot of a deployment with a closed session, points and a stored response."""
    deployment = new_deployment()
    async with plain_http(deployment) as http:
        await http.put(
            "/v2/customer_sessions/cart-1",
            json={"customerSession": {**CART, "cartItems": ITEMS}},
            headers={"Idempotency-Key": "key"},
        )
    path = tmp_path / "state.json"
    deployment.save(path)
    return path


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ""),
        (b"\xff\xfe", ""),
        (b'api_key = "x"', ""),
        (b"[" * 5000, ""),
        (b"5", "expected format 2, found None"),
        (b"null", "expected format 2, found None"),
        (b'"text"', "expected format 2, found None"),
        (b"[]", "expected format 2, found None"),
        (b"{}", "expected format 2, found None"),
        (b'{"format": 1}', "expected format 2, found 1"),
        (b'{"format": 2}', "heading: 'heading' is missing"),
        (b'{"format": 2, "heading": 5}', "heading: expected object, found integer"),
        (b'{"format": 2, "heading": {"seed": 1}}', "heading: 'ahead' is missing"),
    ],
)
def test_another_file_is_one_clear_error(tmp_path: Path, content: bytes, message: str) -> None:
    """Whatever a file holds, the error is a `ValueError` in one line that names the file and the reason."""
    path = tmp_path / "other.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="is not a snapshot of this release") as caught:
        new_deployment().load(path)
    assert str(caught.value).startswith(f"{path} is not a snapshot of this release: {message}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("records",), 5, "records: expected object, found integer"),
        (("records", "sessions"), [], "sessions: expected object, found array"),
        (("records", "sessions"), None, "sessions: expected object, found null"),
        (("records", "sessions", "cart-1"), "x", "sessions: expected object, found string"),
        (("records", "sessions", "cart-1", "effects"), {}, "sessions: expected array, found object"),
        (("records", "sessions", "cart-1", "session", "total"), "x", "V2.total: expected number"),
        (("records", "sessions", "cart-1", "session", "created"), "May", "V2.created: expected time"),
        (("records", "profiles", "customer-7", "profile"), [], "CustomerProfile: expected object"),
        (("records", "last_numbers"), {"uuid": "x"}, "last_numbers: expected integer, found string"),
        (("records", "last_numbers"), {"uuid": True}, "last_numbers: expected integer, found boolean"),
        (("records", "events"), "abc", "events: expected array, found string"),
        (("heading", "seed"), "7", "heading: expected integer, found string"),
        (("heading", "ahead"), 1e300, "heading: "),
        (("heading", "campaigns"), {}, "heading: expected array, found object"),
    ],
)
def test_a_part_of_another_kind_is_named(
    snapshot: Path, place: tuple[str, ...], value: Any, message: str
) -> None:
    """The error names the part, what is expected and what was found, and nothing is loaded."""
    document: Any = parse(snapshot.read_bytes())
    target = document
    for name in place[:-1]:
        target = target[name]
    target[place[-1]] = value
    snapshot.write_bytes(render(document))
    deployment = new_deployment()
    with pytest.raises(ValueError, match="is not a snapshot of this release") as caught:
        deployment.load(snapshot)
    assert message in str(caught.value)
    assert not deployment.sessions
    assert not deployment.profiles


def places(document: Any) -> Iterator[tuple[Any, Any]]:
    """Each container in a JSON document with the key of each of its values."""
    if is_object(document) or is_array(document):
        keys: list[Any] = list(document) if is_object(document) else list(range(len(document)))
        for key in keys:
            yield document, key
            yield from places(document[key])


def test_any_part_of_another_kind_loads_or_is_an_error(snapshot: Path) -> None:
    """Wherever a value is of another kind, loading gives a `ValueError` or what can be saved again."""
    document: Any = parse(snapshot.read_bytes())
    refused = 0
    for container, key in list(places(document)):
        kept = container[key]
        for wrong in WRONG:
            container[key] = wrong
            snapshot.write_bytes(render(document))
            deployment = new_deployment()
            try:
                deployment.load(snapshot)
            except ValueError:
                refused += 1
                assert not deployment.sessions
            else:
                deployment.save(snapshot)
        container[key] = kept
    assert refused > 500
